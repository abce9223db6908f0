"""Follows the entities of all alerts of an account, and tells when one of them begins or ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util

from ..coordinator import AlertCoordinator
from ..delivery import Alert, AlertMemory
from .alert_config import AlertConfig, alerts_of
from .entity_key import entity_id_of, entity_ids_of, known_as
from .rendering import is_passing


@dataclass(frozen=True, slots=True)
class Watch:
    """An alert, what its binary sensor reads, and what is to be told when it begins or ends."""

    config: AlertConfig
    alert: Alert
    coordinator: AlertCoordinator

    @property
    def entities(self) -> frozenset[str]:
        """Return the ids that the entities have now, or had before they were removed."""
        return frozenset(known_as(self.coordinator.hass, key) for key in self.config.entities)

    @property
    def removed(self) -> frozenset[str]:
        """Return the ids of those that have been removed; whoever has such an id now is another entity."""
        hass = self.coordinator.hass
        return frozenset(known_as(hass, key) for key in self.config.entities if entity_id_of(hass, key) is None)

    @property
    def is_known(self) -> bool:
        """Tell that these are all of the entities."""
        return True


def _watch(hass: HomeAssistant, entry: ConfigEntry, config: AlertConfig, memory: dict[str, AlertMemory]) -> Watch:
    alert = Alert(memory.setdefault(config.subentry_id, AlertMemory()), config.lasts)
    for key in config.entities:
        # One that has come into the registry since is the same.
        if (entity_id := entity_id_of(hass, key)) is not None:
            alert.rename(entity_id, key)
    alert.keep(config.entities, dt_util.utcnow())
    return Watch(config, alert, AlertCoordinator(hass, entry, config.title, alert.active))


class Alerts:
    """Listens to the entities of alerts, whatever ids they have at the moment; other entities cost nothing."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        memory: dict[str, AlertMemory],
        on_change: Callable[[AlertConfig], None],
        on_memory: Callable[[AlertConfig], None],
    ) -> None:
        """Listen to nothing before `start`; what is remembered goes by subentry.

        `on_change` hears of an alert that is made active by other entities than before, `on_memory` of one that
        has seen what is to be remembered.
        """
        self.watches = {config.subentry_id: _watch(hass, entry, config, memory) for config in alerts_of(entry)}
        for name in memory.keys() - self.watches.keys():
            del memory[name]
        self._hass = hass
        self._on_change = on_change
        self._on_memory = on_memory
        self._keys: dict[str, str] = {}
        self._watched: dict[str, list[tuple[Watch, str]]] = {}
        self._unsubscribe: list[CALLBACK_TYPE] = []

    @callback
    def start(self) -> None:
        """Begin to listen, and look at every entity."""
        now = dt_util.utcnow()
        for watch in self.watches.values():
            watch.alert.begin(now)
        if self.watches:
            self._follow()

    @callback
    def stop(self) -> None:
        """Listen to nothing any more."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    @callback
    def notice(self) -> None:
        """Take note of the time."""
        now = dt_util.utcnow()
        for watch in self.watches.values():
            self._settle(watch, now, known=False)

    @callback
    def moments(self) -> list[datetime]:
        """Return when an alert begins or ends by itself."""
        return [moment for watch in self.watches.values() for moment in watch.alert.moments()]

    @callback
    def lost(self, widget: str) -> list[str]:
        """Return the titles of a widget's alerts that ended because an entity had no state for too long."""
        watches = (watch for watch in self.watches.values() if watch.config.covers(widget))
        return sorted(watch.config.title for watch in watches if watch.alert.memory.lost)

    @callback
    def causes(self, watch: Watch) -> list[str]:
        """Return the ids of the entities that make an alert active, the first of them first."""
        return entity_ids_of(self._hass, watch.alert.active)

    @callback
    def states(self, config: AlertConfig) -> list[State]:
        """Return the states of an alert's entities, without those that there are not."""
        entity_ids = entity_ids_of(self._hass, config.entities)
        return [state for item in entity_ids if (state := self._hass.states.get(item)) is not None]

    @callback
    def _follow(self) -> None:
        """Listen to the entities by the ids that they have now."""
        self.stop()
        self._keys = self._resolved()
        self._watched = {}
        for watch in self.watches.values():
            for key in watch.config.entities:
                if key in self._keys:
                    self._watched.setdefault(self._keys[key], []).append((watch, key))
        self._unsubscribe = [
            async_track_state_change_event(self._hass, self._watched, self._state_event),
            self._hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._registry_event),
        ]
        for watch in self.watches.values():
            for key in watch.config.entities:
                self._see(watch, key, self._hass.states.get(self._keys.get(key, "")))

    def _resolved(self) -> dict[str, str]:
        keys = {key for watch in self.watches.values() for key in watch.config.entities}
        return {key: entity_id for key in keys if (entity_id := entity_id_of(self._hass, key)) is not None}

    @callback
    def _registry_event(self, _event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        if self._resolved() != self._keys:
            self._follow()

    @callback
    def _state_event(self, event: Event[EventStateChangedData]) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        if old is not None and new is not None and old.state == new.state:
            return
        for watch, key in self._watched[event.data["entity_id"]]:
            self._see(watch, key, new)
            if old is not None and is_passing(old):
                # Its end waits for that of a state like closing.
                self._on_change(watch.config)

    def _see(self, watch: Watch, key: str, state: State | None) -> None:
        now = dt_util.utcnow()
        counts = watch.config.counts(state)
        if watch.alert.see(key, counts, now if state is None else state.last_changed, now):
            self._settle(watch, now, known=True)

    def _settle(self, watch: Watch, now: datetime, *, known: bool) -> None:
        """Tell what is new about an alert; `known` tells whether anything is."""
        noticed = watch.alert.notice(now)
        if watch.coordinator.tell(watch.alert.active):
            self._on_change(watch.config)
        if known or noticed:
            self._on_memory(watch.config)
