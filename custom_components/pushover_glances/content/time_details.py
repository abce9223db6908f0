"""Details that are times: when an event, a timer or a sunset comes, and since when a state has been there."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from homeassistant.components.calendar.const import CalendarEntityStateAttribute
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.util import dt as dt_util

from .detail_result import attribute_of, no_value, said
from .no_value import NO_STATE
from .past import local_now
from .rendering import SourceResult
from .state_text import state_in_words
from .texts import filled_text
from .time_format import local_moment, short_moment, short_time

_Event = CalendarEntityStateAttribute
# Attributes of the sun and of timers, and the state of a running one: Home Assistant 2026.11 has other constants.
_ACTIVE = "active"
_FINISHES_AT = "finishes_at"
_NEXT_RISING = "next_rising"
_NEXT_SETTING = "next_setting"


@callback
def event(_hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return the title of a calendar's next event, or the name of the calendar if there is none."""
    state = states[0]
    return (
        no_value(states) if state.state in NO_STATE else said(states, attribute_of(state, _Event.MESSAGE) or state.name)
    )


@callback
def event_start(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return when a calendar's next event begins, as "Tomorrow 10:00", or until when the present one lasts."""
    state = states[0]
    if state.state in NO_STATE:
        return no_value(states)
    start, end = (local_moment(state.attributes.get(key)) for key in (_Event.START_TIME, _Event.END_TIME))
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return said(states, filled_text(hass, "no_events"))
    is_all_day = bool(state.attributes.get(_Event.ALL_DAY))
    # An event of whole days ends at midnight, when the next day has begun.
    last: date = (end - timedelta(days=1)).date() if is_all_day else end
    first: date = start.date() if is_all_day else start
    is_last_day = is_all_day and last <= local_now(hass).date()
    if state.state == STATE_ON and not is_last_day:
        text = filled_text(hass, "until", time=short_moment(hass, last))
    else:
        text = short_moment(hass, last if is_last_day else first, ahead=True)
    # "Tomorrow" is not true any more on the next day, so it counts when the clock changes it.
    return said(states, text, words={state.entity_id: f"{start} {end} {text}"}, has_time=True)


@callback
def event_and_start(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return "Dentist: Tomorrow 10:00", or "Family: No events" with the name of the calendar."""
    found, start = event(hass, states), event_start(hass, states)
    if not found.has_value:
        return found
    text = f"{found.text}: {start.text}"
    # Without an event, there is nothing that the clock changes.
    words = {**start.origin.words, f"{states[0].entity_id} {_Event.MESSAGE}": found.text}
    return said(states, text, words=words, has_time=start.has_time)


@callback
def event_place(_hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return where a calendar's next event is; nothing is shown if it does not say so."""
    state = states[0]
    return no_value(states) if state.state in NO_STATE else said(states, attribute_of(state, _Event.LOCATION))


@callback
def finish_time(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return when a timer ends, or its state if it does not run."""
    state = states[0]
    if state.state in NO_STATE:
        return no_value(states)
    moment = local_moment(state.attributes.get(_FINISHES_AT)) if state.state == _ACTIVE else None
    if moment is None:
        return said(states, state_in_words(hass, state))
    return said(states, short_moment(hass, moment), words={state.entity_id: f"{moment}"}, has_time=True)


@callback
def since(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return "since 18:34": when an entity got its state."""
    state = states[0]
    if state.state in NO_STATE:
        return no_value(states)
    moment = dt_util.as_local(state.last_changed)
    text = filled_text(hass, "since_moment", time=short_moment(hass, moment))
    # The time changes with the state, and whenever the entity comes back, which is not worth an update.
    is_today = moment.date() == local_now(hass).date()
    return said(states, text, words={state.entity_id: f"{state.state} {is_today}"}, has_time=True)


@callback
def sunset(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return "Sunset 16:12", the next one."""
    return _sun(hass, states, "sunset", _NEXT_SETTING)


@callback
def sunrise(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return "Sunrise 07:02", the next one."""
    return _sun(hass, states, "sunrise", _NEXT_RISING)


def _sun(hass: HomeAssistant, states: Sequence[State], key: str, attribute: str) -> SourceResult:
    moment = local_moment(states[0].attributes.get(attribute))
    if not isinstance(moment, datetime):
        return no_value(states)
    # The next one is a day away at most, except near the poles; the day would say little, and have no room.
    return said(states, filled_text(hass, key, time=short_time(hass, moment)))
