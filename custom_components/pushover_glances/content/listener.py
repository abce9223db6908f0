"""Listens to what templates depend on, and tells once when any of it has changed."""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HassJobType, HomeAssistant, callback
from homeassistant.helpers.event import (
    TrackStates,
    async_track_state_change_event,
    async_track_state_change_filtered,
    async_track_utc_time_change,
)
from homeassistant.helpers.template.render_info import RenderInfo

from ..delivery import slight
from .rendering import is_word

# An event, or a minute that has passed.
type Happening = Event[EventStateChangedData] | datetime
type _Listened = tuple[frozenset[str], frozenset[str], bool]


@dataclass(frozen=True, slots=True)
class News:
    """What has changed, the first of it when, and whether it is slight."""

    happening: Happening
    since: datetime
    slight: bool

    @property
    def lasted(self) -> timedelta | None:
        """Return for how long an entity had the word that has changed."""
        if isinstance(self.happening, datetime):
            return None
        old, new = self.happening.data["old_state"], self.happening.data["new_state"]
        if old is None or new is None or old.state == new.state or not is_word(old) or not is_word(new):
            return None
        return new.last_changed - old.last_changed


class Listener:
    """Tells of the first change, and of none after it; where that is slight, also of the first that is not.

    Slight is a number that is about what it was when it was last rendered. A change does no more than to set a flag,
    because most come to nothing: what it means is found out by `take`, and the listening ends with `hush`, or with a
    change that nothing depends on any more.
    """

    def __init__(self, hass: HomeAssistant, on_change: Callable[[], None]) -> None:
        """Listen to nothing yet."""
        self._hass = hass
        self._on_change = on_change
        self._listened: _Listened | None = None
        self._heard = False
        self._ended: bool | None = None
        self._news: Happening | None = None
        self._since: Happening | None = None
        self._slight: dict[str, tuple[float, float]] = {}
        self._unsubscribe: list[CALLBACK_TYPE] = []

    @callback
    def listen(self, infos: Collection[RenderInfo], written: Collection[str] = ()) -> None:
        """Listen to what these renderings depended on, instead of what came before.

        `written` are the entities of which nothing but their numbers is written down, so that a change may be slight.
        """
        self._heard = False
        self._news = self._since = self._ended = None
        if (listened := _listened(infos)) != self._listened:
            self.stop()
            self._subscribe(listened)
        self._slight = dict(self._slight_changes(written))

    def _subscribe(self, listened: _Listened) -> None:
        entities, domains, minutes = self._listened = listened
        if domains:
            tracker = async_track_state_change_filtered(
                self._hass, TrackStates(all_states=False, entities={*entities}, domains={*domains}), self._changed
            )
            self._unsubscribe.append(tracker.async_remove)
        elif entities:
            # The same for less, because it only has to know the entities.
            self._unsubscribe.append(
                async_track_state_change_event(self._hass, entities, self._changed, HassJobType.Callback)
            )
        if minutes:
            self._unsubscribe.append(async_track_utc_time_change(self._hass, self._changed, second=0))

    def _slight_changes(self, entity_ids: Collection[str]) -> Iterator[tuple[str, tuple[float, float]]]:
        for entity_id in entity_ids:
            if (state := self._hass.states.get(entity_id)) is not None:
                with suppress(ValueError):
                    yield entity_id, slight(float(state.state))

    @callback
    def stop(self) -> None:
        """Listen to nothing."""
        self._listened = None
        while self._unsubscribe:
            self._unsubscribe.pop()()

    @callback
    def hush(self) -> None:
        """Listen to nothing, where a change has been heard, until the next rendering."""
        if self._heard:
            self.stop()

    @callback
    def take(self) -> News | None:
        """Return what has been heard since this was last asked."""
        if self._news is None or self._since is None:
            return None
        news = News(self._news, _moment(self._since), slight=not self._has_ended())
        self._news = self._since = None
        return news

    @callback
    def _changed(self, happening: Happening) -> None:
        if not self._heard:
            self._heard = True
        elif self._has_ended():
            self.stop()
            return
        elif self._is_slight(happening):
            return
        else:
            self._ended = True
        self._news = happening
        self._since = self._since or happening
        self._on_change()

    def _has_ended(self) -> bool:
        """Tell whether what has been heard is all there is to tell; the first change is judged when this is asked."""
        if self._ended is None:
            self._ended = self._news is not None and not self._is_slight(self._news)
        return self._ended

    def _is_slight(self, happening: Happening) -> bool:
        """Tell whether nothing but the number changed that a state is, and that by little since it was rendered."""
        if isinstance(happening, datetime):
            return False
        data = happening.data
        old, new = data["old_state"], data["new_state"]
        # Home Assistant keeps the attributes of a state where they have not changed.
        if old is None or new is None or old.attributes is not new.attributes:
            return False
        if (between := self._slight.get(data["entity_id"])) is None:
            return False
        try:
            return between[0] < float(new.state) < between[1]
        except ValueError:
            return False


def _moment(happening: Happening) -> datetime:
    return happening if isinstance(happening, datetime) else happening.time_fired


def _listened(infos: Collection[RenderInfo]) -> _Listened:
    """Return the entities and domains to listen to, and whether to the minutes as well."""
    # The configuration refuses templates over all states. One that becomes such a template later is looked at
    # with the clock, because listening to every state of the house is what nobody wants.
    return (
        frozenset[str]().union(*(info.entities for info in infos)),
        frozenset[str]().union(*(info.domains for info in infos), *(info.domains_lifecycle for info in infos)),
        any(info.has_time or info.all_states or info.all_states_lifecycle for info in infos),
    )
