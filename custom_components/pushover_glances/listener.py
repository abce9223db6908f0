"""Listens to what templates depend on, and tells once when any of it has changed."""

from collections.abc import Callable, Collection
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import (
    TrackStates,
    async_track_state_change_event,
    async_track_state_change_filtered,
    async_track_utc_time_change,
)
from homeassistant.helpers.template.render_info import RenderInfo


class Listener:
    """Tells of the first change, an event or a minute that has passed, and then listens no more."""

    def __init__(
        self, hass: HomeAssistant, on_change: Callable[[Event[EventStateChangedData] | datetime], None]
    ) -> None:
        """Listen to nothing yet."""
        self._hass = hass
        self._on_change = on_change
        self._unsubscribe: list[CALLBACK_TYPE] = []

    @callback
    def listen(self, infos: Collection[RenderInfo]) -> None:
        """Listen to what these renderings depended on, instead of what came before."""
        self.stop()
        entities: set[str] = set()
        domains: set[str] = set()
        for info in infos:
            entities |= info.entities
            domains |= info.domains | info.domains_lifecycle
        if domains:
            tracker = async_track_state_change_filtered(
                self._hass, TrackStates(all_states=False, entities=entities, domains=domains), self._changed
            )
            self._unsubscribe.append(tracker.async_remove)
        elif entities:
            # The same for less, because it only has to know the entities.
            self._unsubscribe.append(async_track_state_change_event(self._hass, entities, self._changed))
        # The configuration refuses templates over all states. One that becomes such a template later is looked at
        # with the clock, because listening to every state of the house is what nobody wants.
        if any(info.has_time or info.all_states or info.all_states_lifecycle for info in infos):
            self._unsubscribe.append(async_track_utc_time_change(self._hass, self._changed, second=0))

    @callback
    def stop(self) -> None:
        """Listen to nothing."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    @callback
    def _changed(self, what: Event[EventStateChangedData] | datetime) -> None:
        self.stop()
        self._on_change(what)
