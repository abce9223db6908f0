"""Details of a media player: what it plays, and by whom."""

from collections.abc import Sequence

from homeassistant.components.media_player.const import (
    ATTR_APP_NAME,
    ATTR_INPUT_SOURCE,
    ATTR_MEDIA_ARTIST,
    ATTR_MEDIA_CHANNEL,
    ATTR_MEDIA_SERIES_TITLE,
    ATTR_MEDIA_TITLE,
)
from homeassistant.core import HomeAssistant, State, callback

from .detail_result import attribute_of, no_value, said
from .no_value import NO_STATE
from .rendering import SourceResult
from .state_text import state_in_words

_BY = (ATTR_MEDIA_ARTIST, ATTR_MEDIA_SERIES_TITLE, ATTR_MEDIA_CHANNEL, ATTR_APP_NAME, ATTR_INPUT_SOURCE)


@callback
def media_title(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return what is played, or what the player does if it does not say so."""
    state = states[0]
    if state.state in NO_STATE:
        return no_value(states)
    return said(states, attribute_of(state, ATTR_MEDIA_TITLE) or state_in_words(hass, state))


@callback
def media_artist(_hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return the artist, series, channel, app or source; nothing is shown if there is none."""
    state = states[0]
    return no_value(states) if state.state in NO_STATE else said(states, _by(state))


@callback
def title_and_artist(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return "Title · Artist", or one of them, or what the player does."""
    state = states[0]
    if state.state in NO_STATE:
        return no_value(states)
    parts = [part for part in (attribute_of(state, ATTR_MEDIA_TITLE), _by(state)) if part]
    return said(states, " · ".join(parts) or state_in_words(hass, state))


def _by(state: State) -> str:
    return next((text for key in _BY if (text := attribute_of(state, key))), "")
