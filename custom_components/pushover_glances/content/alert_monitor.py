"""Watches the entities of all alerts of an account, and finds out which alerts begin or end."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from homeassistant.const import CONF_CONDITIONS
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback

from ..planner import AlertState, ConditionsState, Rank
from ..planner.alerts import (
    active,
    counting,
    dismiss,
    holds,
    keep,
    moments,
    notice,
    see,
    shown,
    since,
    started,
    steady,
    under,
)
from ..planner.renames import renamed_alert
from .alert_config import AlertConfig
from .conditions import Conditions, async_load_conditions
from .entity_facts import is_hazard
from .entity_key import entity_id_of, entity_ids_of, is_gone, last_entity_id_of
from .limit_units import UnitChange, unit_of
from .no_value import NO_STATE
from .past import clock_of
from .rendering import existing, is_in_transition
from .target_name import missing_places


@dataclass(slots=True)
class Alert:
    """An alert and its state."""

    hass: HomeAssistant
    config: AlertConfig
    state: AlertState
    # The keys of its entities; those of a target change.
    keys: tuple[str, ...]
    # What has changed for entities whose unit was saved with the limits, as far as they have had a state.
    units: dict[str, UnitChange | None] = field(default_factory=dict)
    # `None` if it has none, or before they are loaded.
    conditions: Conditions | None = None

    @property
    def active(self) -> list[str]:
        """Return the keys of the entities that make it active, in the order in which they did."""
        return active(self.state)

    @property
    def active_entities(self) -> tuple[str, ...]:
        """Return their ids, for removed ones the last known ids."""
        return tuple(last_entity_id_of(self.hass, key) for key in self.active)

    @property
    def active_since(self) -> datetime | None:
        """Return since when the first of their states has counted; `None` if the alert is not active."""
        return min([self.state.causes[key].since for key in self.active], default=None)

    @property
    def conditions_met(self) -> bool | None:
        """Return whether its conditions hold; `None` if it has none, or while no entity is in a state that counts."""
        return holds(self.state) if self.config.only_while and counting(self.state) else None

    @property
    def shown(self) -> list[str]:
        """Return the keys of those of them that are not dismissed."""
        return shown(self.state)

    @property
    def dismissed(self) -> frozenset[str]:
        """Return the keys of those of them that a person has dismissed."""
        return frozenset(self.active).difference(self.shown)

    @property
    def steady(self) -> list[str]:
        """Return those of the entities that are shown that do not just swing about a limit."""
        return steady(self.state)

    @property
    def unit_changes(self) -> list[UnitChange]:
        """Return the entities that report another unit than when the limits were saved."""
        return [change for change in self.units.values() if change is not None]

    @property
    def knows_units(self) -> bool:
        """Return whether all entities whose unit was saved have had a state."""
        return self.units.keys() >= self.config.units.keys()

    @property
    def began(self) -> datetime | None:
        """Return when it began to be shown; `None` if it is not."""
        return self.state.began if self.shown else None

    @property
    def rank(self) -> Rank | None:
        """Return its place among the alerts that a widget shows; `None` if it is not shown."""
        if self.began is None:
            return None
        hazards = (is_hazard(self.hass, entity_id) for entity_id in entity_ids_of(self.hass, self.shown))
        return Rank(any(hazards), self.config.urgent, self.began, self.config.subentry_id)

    @property
    def since(self) -> datetime | None:
        """Return since when the oldest state that is shown has counted; `None` if it is not shown."""
        return since(self.state)

    @property
    def entities(self) -> frozenset[str]:
        """Return the entity ids of its entities, for removed ones the last known ids, and those that its conditions use."""
        own = frozenset(last_entity_id_of(self.hass, key) for key in self.keys)
        return own if self.conditions is None else own | self.conditions.entities | self.conditions.in_templates

    @property
    def templates(self) -> Mapping[str, AbstractSet[str]]:
        """Return the entities that the templates of its conditions use; those of its fields are not known at all times."""
        return {} if self.conditions is None else {CONF_CONDITIONS: self.conditions.in_templates}

    @property
    def removed(self) -> frozenset[str]:
        """Return the last known ids of its removed entities, which others may have now, and removed places of its target."""
        if (target := self.config.watched.target) is not None:
            return missing_places(self.hass, target)
        keys = [key for key in self.keys if entity_id_of(self.hass, key) is None]
        return frozenset(last_entity_id_of(self.hass, key) for key in keys)

    @property
    def is_known(self) -> bool:
        """Return that all entities are known."""
        return True


@dataclass(slots=True)
class AlertChange:
    """An alert whose state has changed; `is_changed` is set if other entities are shown, or urgent, than before."""

    config: AlertConfig
    is_changed: bool


class AlertMonitor:
    """Keeps the state of an account's alerts, also while entity ids change."""

    def __init__(self, hass: HomeAssistant, configs: Iterable[AlertConfig], states: Mapping[str, AlertState]) -> None:
        """Set the alerts and their stored states, by subentry."""
        self._hass = hass
        self._utcnow = clock_of(hass)
        self._keys: dict[str, dict[str, str | None]] = {}
        self._by_entity: dict[str, list[tuple[Alert, str]]] = {}
        self.alerts = {config.subentry_id: self._alert(config, states) for config in configs}

    def _alert(self, config: AlertConfig, states: Mapping[str, AlertState]) -> Alert:
        state, keys = states.get(config.subentry_id, AlertState()), config.watched.current_keys(self._hass)
        for key in keys:
            # An entity that has got a registry entry since then is stored under its entity id.
            if (entity_id := entity_id_of(self._hass, key)) is not None:
                state = renamed_alert(state, entity_id, key)
        now = self._utcnow()
        # Which entities a target has is known when Home Assistant has started.
        if config.watched.target is None:
            state = keep(state, keys, now)
        return Alert(self._hass, config, state if config.only_while else under(state, None, now), keys)

    @property
    def entities(self) -> Collection[str]:
        """Return the current ids of the entities to track."""
        return self._by_entity.keys()

    @property
    def has_targets(self) -> bool:
        """Return whether an alert has a target."""
        return any(alert.config.watched.target is not None for alert in self.alerts.values())

    @property
    def polled(self) -> list[Alert]:
        """Return the alerts whose conditions may change their result at any time."""
        return [
            alert for alert in self.alerts.values() if alert.conditions is not None and alert.conditions.needs_polling
        ]

    async def async_load_conditions(self, changed: Callable[[Alert], None]) -> None:
        """Load the conditions of the alerts; `changed` is called when the result of one may have changed."""
        alerts = [alert for alert in self.alerts.values() if alert.config.only_while]
        await asyncio.gather(*[self._async_load_conditions(alert, changed) for alert in alerts])

    async def _async_load_conditions(self, alert: Alert, changed: Callable[[Alert], None]) -> None:
        conditions = await async_load_conditions(self._hass, alert.config.only_while)
        await conditions.async_track(partial(changed, alert))
        alert.conditions = conditions

    @callback
    def unload(self) -> None:
        """Release the conditions."""
        for alert in self.alerts.values():
            if alert.conditions is not None:
                alert.conditions.unload()

    @callback
    def start(self) -> list[AlertChange]:
        """Read the states of all entities after a load; missing entities get time to appear."""
        now = self._utcnow()
        for alert in self.alerts.values():
            alert.state = started(alert.state, alert.config.lasts, now)
        # First, so that an alert whose conditions do not hold never begins.
        return [*self.evaluate(self.alerts.values()), *self.follow()]

    @callback
    def evaluate(self, alerts: Iterable[Alert]) -> list[AlertChange]:
        """Evaluate the conditions of alerts, and return the changes."""
        now = self._utcnow()
        changes: list[AlertChange] = []
        for alert in alerts:
            if alert.conditions is None:
                continue
            before, hold = alert.state, alert.conditions.hold()
            alert.conditions.report(f"alert {alert.config.title}")
            alert.state = under(before, (before.conditions or ConditionsState()).seen(hold, now), now)
            changes += self._settle(alert, before, now)
        return changes

    @callback
    def follow(self) -> list[AlertChange]:
        """Read the states of all entities by their current ids."""
        self._keys = self._resolved()
        self._by_entity = {}
        changes: list[AlertChange] = []
        for name, alert in self.alerts.items():
            alert.keys = tuple(self._keys[name])
            for key, entity_id in self._keys[name].items():
                if entity_id is not None:
                    self._by_entity.setdefault(entity_id, []).append((alert, key))
                changes += self._see(alert, key, self._hass.states.get(entity_id or ""))
            changes += self._keep(alert)
        return changes

    @callback
    def ids_changed(self) -> bool:
        """Return whether any entity id has changed, or a target has other entities."""
        return bool(self.alerts) and self._resolved() != self._keys

    @callback
    def notice(self, now: datetime) -> list[AlertChange]:
        """Update the alerts after time has passed, and return the changes."""
        changes: list[AlertChange] = []
        for alert in self.alerts.values():
            changes += self._settle(alert, alert.state, now)
        return changes

    @callback
    def dismiss(self, name: str) -> list[AlertChange]:
        """Dismiss an alert, and return the changes; none if nothing of it is shown."""
        alert, now = self.alerts[name], self._utcnow()
        before, alert.state = alert.state, dismiss(alert.state, now)
        return [] if alert.state is before else self._settle(alert, before, now)

    @callback
    def moments(self) -> list[datetime]:
        """Return the times at which an alert begins or ends if nothing else happens before."""
        return [moment for alert in self.alerts.values() for moment in moments(alert.state, alert.config.lasts)]

    @callback
    def lost(self, widget: str) -> list[str]:
        """Return the titles of a widget's alerts that ended because an entity had no state for too long."""
        return sorted([alert.config.title for alert in self._alerts_of(widget) if alert.state.lost])

    @callback
    def unknown(self, widget: str) -> list[str]:
        """Return the titles of a widget's alerts that are not shown because their conditions have failed for too long."""
        alerts = self._alerts_of(widget)
        return sorted([item.config.title for item in alerts if item.state.conditions and item.state.conditions.lost])

    def _alerts_of(self, widget: str) -> list[Alert]:
        return [alert for alert in self.alerts.values() if alert.config.covers(widget)]

    @callback
    def causes(self, alert: Alert) -> list[str]:
        """Return the ids of the entities that an alert shows, in the order in which they made it active."""
        return entity_ids_of(self._hass, alert.shown)

    @callback
    def states(self, alert: Alert) -> list[State]:
        """Return the states of those entities of an alert that exist."""
        return existing(self._hass, entity_ids_of(self._hass, alert.keys))

    @callback
    def state_changed(self, event: Event[EventStateChangedData]) -> list[AlertChange]:
        """Update the alerts after a state has changed, and return the changes."""
        old, new = event.data["old_state"], event.data["new_state"]
        watched = self._by_entity.get(event.data["entity_id"])
        if watched is None:
            return []
        changes: list[AlertChange] = []
        for alert, key in watched:
            if self._is_same(alert, old, new):
                continue
            changes += self._see(alert, key, new)
            if old is not None and is_in_transition(old):
                # The widgets waited for the end of this state, such as closing.
                changes.append(AlertChange(alert.config, is_changed=True))
        return changes

    def _resolved(self) -> dict[str, dict[str, str | None]]:
        """Return the keys of the entities of each alert, with their current ids."""
        return {
            name: {key: entity_id_of(self._hass, key) for key in self._current_keys(alert)}
            for name, alert in self.alerts.items()
        }

    def _current_keys(self, alert: Alert) -> tuple[str, ...]:
        """Return the keys of an alert's entities.

        An entity of a target that is gone with its state, because its integration reloads, keeps the alert active as
        long as any other without a state.
        """
        keys = alert.config.watched.current_keys(self._hass)
        if alert.config.watched.target is None:
            return keys
        gone = [key for key in alert.state.causes if key not in keys and is_gone(self._hass, key)]
        return (*keys, *gone)

    def _keep(self, alert: Alert) -> list[AlertChange]:
        """End what entities cause that are not of the target any more."""
        if alert.config.watched.target is None or {*alert.state.causes, *alert.state.lost} <= {*alert.keys}:
            return []
        before, now = alert.state, self._utcnow()
        alert.state = keep(before, alert.keys, now)
        return self._settle(alert, before, now)

    def _is_same(self, alert: Alert, old: State | None, new: State | None) -> bool:
        """Return whether two states are the same to an alert."""
        if old is None or new is None:
            return False
        before, now = (alert.config.watched.state_of(self._hass, state) for state in (old, new))
        return before is not None and now is not None and _is_same(before, now)

    def _see(self, alert: Alert, key: str, state: State | None) -> list[AlertChange]:
        state = alert.config.watched.state_of(self._hass, state)
        return [*self._see_unit(alert, key, state), *self._see_state(alert, key, state)]

    def _see_unit(self, alert: Alert, key: str, state: State | None) -> list[AlertChange]:
        if key not in alert.config.units or state is None or state.state in NO_STATE:
            return []
        change = alert.config.unit_change(state, key)
        if key in alert.units and alert.units[key] == change:
            return []
        alert.units[key] = change
        return [AlertChange(alert.config, is_changed=False)]

    def _see_state(self, alert: Alert, key: str, state: State | None) -> list[AlertChange]:
        now = self._utcnow()
        before = alert.state
        since = now if state is None else state.last_changed
        counts, is_number = alert.config.counts(state, key), alert.config.is_number(state)
        alert.state = see(before, key, counts=counts, since=since, now=now, is_number=is_number)
        return [] if alert.state is before else self._settle(alert, before, now)

    def _settle(self, alert: Alert, before: AlertState, now: datetime) -> list[AlertChange]:
        """Update an alert to the time, and return what has changed since `before`."""
        alert.state = notice(alert.state, alert.config.lasts, now)
        if alert.state is before:
            return []
        is_changed = (shown(before), steady(before)) != (alert.shown, alert.steady)
        return [AlertChange(alert.config, is_changed)]


def _is_same(old: State, new: State) -> bool:
    """Return whether two states are the same, with their units."""
    return old.state == new.state and unit_of(old.attributes) == unit_of(new.attributes)
