"""The only set of listeners of an account: which widgets depend on which entities, and what a changed state says."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from homeassistant.const import STATE_ON
from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import (
    TrackStates,
    async_track_state_change_filtered,
    async_track_time_change,
    async_track_utc_time_change,
)

from .answers import Query
from .no_value import NO_STATE
from .rendering import is_word
from .sources import Tracked

_NONE = frozenset[str]()


class Follower[W](NamedTuple):
    """A widget that depends on an entity, as a source, as an urgent entity, or as both."""

    widget: W
    is_source: bool
    is_urgent: bool


class Tracker[W]:
    """Tracks what the widgets depend on; changes of other entities are not received at all."""

    def __init__(
        self,
        hass: HomeAssistant,
        on_state: Callable[[Event[EventStateChangedData]], None],
        on_minute: Callable[..., None],
        on_day: Callable[..., None],
        on_queries: Callable[[frozenset[Query]], None],
    ) -> None:
        """Set the listeners for changed states, each minute and each local day, and what to call with new queries."""
        self._hass = hass
        self._on_minute = on_minute
        self._on_day = on_day
        self._on_queries = on_queries
        self._tracked: dict[W, Tracked] = {}
        # The entities that are not listened to for a widget, although it depends on them.
        self._ignored: dict[W, frozenset[str]] = {}
        self._others: frozenset[str] = frozenset()
        self._others_by_minute = False
        self._by_entity: dict[str, list[Follower[W]]] = {}
        self._by_domain: dict[str, list[Follower[W]]] = {}
        # The widgets that depend on the minute, on the day, and on the answer to each query.
        self.minutes: list[W] = []
        self.days: list[W] = []
        self.by_query: dict[Query, list[W]] = {}
        nothing = TrackStates(all_states=False, entities=set(), domains=set())
        self._states = async_track_state_change_filtered(hass, nothing, on_state)
        # Whether the listeners for changed states are not yet those that are needed.
        self._is_stale = False
        self._stop_minutes: CALLBACK_TYPE | None = None
        self._stop_days: CALLBACK_TYPE | None = None

    @callback
    def followers(self, entity_id: str) -> Sequence[Follower[W]]:
        """Return the widgets that depend on an entity."""
        if (found := self._by_entity.get(entity_id)) is not None:
            return found
        return self._by_domain.get(_domain(entity_id), ()) if self._by_domain else ()

    @callback
    def follow(self, widget: W, tracked: Tracked) -> None:
        """Track what a widget depends on now, instead of before."""
        if self._tracked.get(widget) != tracked:
            self._tracked[widget] = tracked
            self._update()

    @callback
    def ignore(self, widget: W, entity_ids: frozenset[str]) -> None:
        """Do not listen to these entities for a widget, although it depends on them; call `listen` when all are set."""
        if self._ignored.get(widget, _NONE) != entity_ids:
            self._ignored[widget] = entity_ids
            self._is_stale = True

    @callback
    def listen(self) -> None:
        """Listen to the entities and domains that the widgets depend on, except those that all of them ignore."""
        if not self._is_stale:
            return
        self._is_stale = False
        entities = {*self._others}
        for widget, tracked in self._tracked.items():
            entities |= tracked.urgent | (tracked.entities - self._ignored.get(widget, _NONE))
        self._states.async_update_listeners(
            TrackStates(all_states=False, entities=entities, domains={*self._by_domain})
        )

    @callback
    def follow_others(self, entity_ids: Iterable[str], *, by_minute: bool) -> None:
        """Track these entities, and each minute if `by_minute`, even if no widget depends on them."""
        others = frozenset(entity_ids)
        if (others, by_minute) != (self._others, self._others_by_minute):
            self._others, self._others_by_minute = others, by_minute
            self._update()

    @callback
    def stop(self) -> None:
        """Remove all listeners and queries."""
        self._states.async_remove()
        self._stop_timers()
        self._set_queries({})

    def _stop_timers(self) -> None:
        for stop in (self._stop_minutes, self._stop_days):
            if stop is not None:
                stop()
        self._stop_minutes = self._stop_days = None

    def _set_queries(self, by_query: dict[Query, list[W]]) -> None:
        before, self.by_query = self.by_query, by_query
        if before.keys() != by_query.keys():
            self._on_queries(frozenset(by_query))

    def _update(self) -> None:
        self._stop_timers()
        self._by_entity, self._by_domain, self.minutes, self.days = {}, {}, [], []
        by_query: dict[Query, list[W]] = {}
        for widget, tracked in self._tracked.items():
            for entity_id in tracked.entities | tracked.urgent:
                follower = Follower(widget, entity_id in tracked.entities, entity_id in tracked.urgent)
                self._by_entity.setdefault(entity_id, []).append(follower)
            for domain in tracked.domains:
                self._by_domain.setdefault(domain, []).append(Follower(widget, is_source=True, is_urgent=False))
            if tracked.minutes:
                self.minutes.append(widget)
            if tracked.days:
                self.days.append(widget)
            for query in tracked.queries:
                by_query.setdefault(query, []).append(widget)
        for entity_id, found in self._by_entity.items():
            self._join_domain(found, _domain(entity_id))
        self._is_stale = True
        self.listen()
        self._start_timers()
        self._set_queries(by_query)

    def _start_timers(self) -> None:
        if self.minutes or self._others_by_minute:
            self._stop_minutes = async_track_utc_time_change(self._hass, self._on_minute, second=0)
        if self.days:
            self._stop_days = async_track_time_change(self._hass, self._on_day, hour=0, minute=0, second=0)

    def _join_domain(self, found: list[Follower[W]], domain: str) -> None:
        """Add the widgets that depend on the whole domain to those that depend on an entity."""
        for follower in self._by_domain.get(domain, ()):
            named = next((item for item in found if item.widget is follower.widget), None)
            if named is None:
                found.append(follower)
            else:
                found[found.index(named)] = named._replace(is_source=True)


def has_new_state(event: Event[EventStateChangedData]) -> bool:
    """Return whether an entity has a state, and another one than before."""
    old, new = event.data["old_state"], event.data["new_state"]
    return new is not None and new.state not in NO_STATE and (old is None or old.state != new.state)


def has_turned(event: Event[EventStateChangedData]) -> bool:
    """Return whether an entity has turned on or off; one without a state counts as off."""
    old, new = event.data["old_state"], event.data["new_state"]
    return (old is not None and old.state == STATE_ON) is not (new is not None and new.state == STATE_ON)


def word_lasted(event: Event[EventStateChangedData]) -> timedelta | None:
    """Return how long an entity had its old state if that and the new one are words; else `None`."""
    old, new = event.data["old_state"], event.data["new_state"]
    if old is None or new is None or old.state == new.state or not is_word(old) or not is_word(new):
        return None
    return new.last_changed - old.last_changed


def _domain(entity_id: str) -> str:
    """Return the part before the dot; a template may use a text that is not an entity id."""
    return entity_id.partition(".")[0]
