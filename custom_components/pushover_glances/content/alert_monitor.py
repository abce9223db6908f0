"""Follows the entities of all alerts of an account, and tells which alerts begin or end."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.util import dt as dt_util

from ..planner import AlertState
from ..planner.alerts import active, keep, moments, notice, renamed, see, since, started
from .alert_config import AlertConfig
from .entity_key import entity_id_of, entity_ids_of, known_as
from .rendering import is_in_transition


@dataclass(slots=True)
class Alert:
    """An alert and its state."""

    hass: HomeAssistant
    config: AlertConfig
    state: AlertState

    @property
    def active(self) -> list[str]:
        """Return the keys of the entities that make it active, the first of them first."""
        return active(self.state)

    @property
    def began(self) -> datetime | None:
        """Return when it became active; `None` where it is not."""
        return self.state.began if self.active else None

    @property
    def since(self) -> datetime | None:
        """Return since when a state counts that makes it active; `None` where none does."""
        return since(self.state)

    @property
    def entities(self) -> frozenset[str]:
        """Return the ids that the entities have now, or had before they were removed."""
        return frozenset(known_as(self.hass, key) for key in self.config.entities)

    @property
    def removed(self) -> frozenset[str]:
        """Return the ids of those that have been removed; what has such an id now is another entity."""
        keys = [key for key in self.config.entities if entity_id_of(self.hass, key) is None]
        return frozenset(known_as(self.hass, key) for key in keys)

    @property
    def is_known(self) -> bool:
        """Tell that these are all of the entities."""
        return True


@dataclass(slots=True)
class Noted:
    """What is new about an alert: whether other entities make it active, or only what is to be remembered."""

    config: AlertConfig
    is_changed: bool


class AlertMonitor:
    """Knows the entities of an account's alerts, whatever ids they have at the moment."""

    def __init__(self, hass: HomeAssistant, configs: Iterable[AlertConfig], states: Mapping[str, AlertState]) -> None:
        """Take the alerts, and what is remembered of them by subentry."""
        self._hass = hass
        self._keys: dict[str, str] = {}
        self._by_entity: dict[str, list[tuple[Alert, str]]] = {}
        self.alerts = {config.subentry_id: self._alert(config, states) for config in configs}

    def _alert(self, config: AlertConfig, states: Mapping[str, AlertState]) -> Alert:
        state = states.get(config.subentry_id, AlertState())
        for key in config.entities:
            # One that has come into the registry since is the same.
            if (entity_id := entity_id_of(self._hass, key)) is not None:
                state = renamed(state, entity_id, key)
        return Alert(self._hass, config, keep(state, config.entities, dt_util.utcnow()))

    @property
    def entities(self) -> Collection[str]:
        """Return the entities to track, by the ids that they have now."""
        return self._by_entity.keys()

    @callback
    def start(self) -> list[Noted]:
        """Look at every entity, some of which may not have appeared yet."""
        now = dt_util.utcnow()
        for alert in self.alerts.values():
            alert.state = started(alert.state, alert.config.lasts, now)
        return self.follow()

    @callback
    def follow(self) -> list[Noted]:
        """Look at every entity by the id that it has now."""
        self._keys = self._resolved()
        self._by_entity = {}
        noted: list[Noted] = []
        for alert in self.alerts.values():
            for key in alert.config.entities:
                entity_id = self._keys.get(key)
                if entity_id is not None:
                    self._by_entity.setdefault(entity_id, []).append((alert, key))
                noted += self._see(alert, key, self._hass.states.get(entity_id or ""))
        return noted

    @callback
    def ids_changed(self) -> bool:
        """Tell whether an entity has another id than before."""
        return bool(self.alerts) and self._resolved() != self._keys

    @callback
    def notice(self, now: datetime) -> list[Noted]:
        """Take note of the time, and return what is new."""
        noted: list[Noted] = []
        for alert in self.alerts.values():
            noted += self._settle(alert, alert.state, now)
        return noted

    @callback
    def moments(self) -> list[datetime]:
        """Return when an alert begins or ends by itself."""
        return [moment for alert in self.alerts.values() for moment in moments(alert.state, alert.config.lasts)]

    @callback
    def lost(self, widget: str) -> list[str]:
        """Return the titles of a widget's alerts that ended because an entity had no state for too long."""
        if not self.alerts:
            return []
        alerts = [alert for alert in self.alerts.values() if alert.config.covers(widget)]
        return sorted([alert.config.title for alert in alerts if alert.state.lost])

    @callback
    def causes(self, alert: Alert) -> list[str]:
        """Return the ids of the entities that make an alert active, the first of them first."""
        return entity_ids_of(self._hass, alert.active)

    @callback
    def states(self, config: AlertConfig) -> list[State]:
        """Return the states of an alert's entities, without those that there are not."""
        entity_ids = entity_ids_of(self._hass, config.entities)
        return [state for item in entity_ids if (state := self._hass.states.get(item)) is not None]

    @callback
    def state_changed(self, event: Event[EventStateChangedData]) -> list[Noted]:
        """Look at an entity whose state has changed, and return what is new."""
        old, new = event.data["old_state"], event.data["new_state"]
        watched = self._by_entity.get(event.data["entity_id"])
        if watched is None or (old is not None and new is not None and old.state == new.state):
            return []
        noted: list[Noted] = []
        for alert, key in watched:
            noted += self._see(alert, key, new)
            if old is not None and is_in_transition(old):
                # Its end waits for that of a state like closing.
                noted.append(Noted(alert.config, is_changed=True))
        return noted

    def _resolved(self) -> dict[str, str]:
        keys = {key for alert in self.alerts.values() for key in alert.config.entities}
        return {key: entity_id for key in keys if (entity_id := entity_id_of(self._hass, key)) is not None}

    def _see(self, alert: Alert, key: str, state: State | None) -> list[Noted]:
        now = dt_util.utcnow()
        before = alert.state
        since = now if state is None else state.last_changed
        alert.state = see(before, key, counts=alert.config.counts(state), since=since, now=now)
        return [] if alert.state is before else self._settle(alert, before, now)

    def _settle(self, alert: Alert, before: AlertState, now: datetime) -> list[Noted]:
        """Return what is new about an alert since the state `before`."""
        alert.state = notice(alert.state, alert.config.lasts, now)
        if alert.state is before:
            return []
        return [Noted(alert.config, is_changed=active(alert.state) != active(before))]
