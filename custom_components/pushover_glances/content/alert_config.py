"""The configuration of an alert, read from its subentry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
import hashlib
import json
import math
from typing import Any, Self

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_ABOVE, CONF_BELOW, CONF_CONDITIONS, CONF_FOR
from homeassistant.core import State

from ..const import CONF_REPLACE, CONF_STATES, CONF_UNITS, CONF_URGENT, CONF_WIDGETS, SUBENTRY_TYPE_ALERT
from ..pushover import Field
from .conditions import StoredConditions
from .limit_units import UnitChange, in_unit, unit_change
from .no_value import NO_STATE
from .watched import Watched


@dataclass(frozen=True, slots=True)
class AlertConfig:
    """An alert: fields that take over while an entity has been in a given state for long enough.

    `widgets` are subentry ids, `None` if the alert is for every widget of its account. `units` are
    those that entities had when the limits were saved. `replaces` is set if it empties what else the widget fills.
    `only_while` are the conditions that must hold as well, as they are stored.
    """

    subentry_id: str
    title: str
    watched: Watched
    states: frozenset[str]
    above: float | None
    below: float | None
    lasts: timedelta
    widgets: frozenset[str] | None
    templates: Mapping[Field, str]
    urgent: bool
    digest: str
    units: Mapping[str, str] = field(default_factory=dict)
    replaces: bool = False
    only_while: StoredConditions = ()

    @classmethod
    def from_subentry(cls, subentry: ConfigSubentry) -> Self:
        """Read a subentry."""
        return cls.from_data(subentry.data, subentry.subentry_id, subentry.title)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], subentry_id: str = "", title: str = "") -> Self:
        """Read the data of a subentry, which need not be saved yet."""
        watched = Watched.from_data(data)
        usual = () if watched.kind is None else watched.kind.states
        return cls(
            subentry_id=subentry_id,
            title=title,
            watched=watched,
            states=frozenset(data.get(CONF_STATES, usual)),
            above=data.get(CONF_ABOVE),
            below=data.get(CONF_BELOW),
            lasts=timedelta(seconds=data.get(CONF_FOR, 0)),
            widgets=frozenset(data[CONF_WIDGETS]) if CONF_WIDGETS in data else None,
            templates={name: data[name] for name in Field if name in data},
            urgent=data.get(CONF_URGENT, True),
            units=data.get(CONF_UNITS, {}),
            replaces=data.get(CONF_REPLACE, False),
            only_while=data.get(CONF_CONDITIONS, ()),
            digest=hashlib.sha256(json.dumps(dict(data), sort_keys=True).encode()).hexdigest(),
        )

    def covers(self, widget: str) -> bool:
        """Return whether the alert is for the widget with this subentry id."""
        return self.widgets is None or widget in self.widgets

    @property
    def limits(self) -> dict[str, float]:
        """Return the limits by their setting."""
        limits = {CONF_ABOVE: self.above, CONF_BELOW: self.below}
        return {key: limit for key, limit in limits.items() if limit is not None}

    def counts(self, state: State | None, key: str) -> bool | None:
        """Return whether a watched state makes the alert active; `key` is that of the entity.

        `None` if the entity has no state, or a number in a unit that cannot be compared with the limits.
        """
        if state is None or state.state in NO_STATE:
            return None
        if state.state in self.states:
            return True
        if (number := self._number(state.state)) is None:
            return False
        number = in_unit(number, state, self.units.get(key))
        return None if number is None else self._is_in_range(number)

    def unit_change(self, state: State, key: str) -> UnitChange | None:
        """Return how the limits have changed if an entity reports another unit than they were saved with."""
        return unit_change(state, self.units[key], self.limits) if key in self.units else None

    def is_number(self, state: State | None) -> bool:
        """Return whether the limits decide about a state."""
        return state is not None and self._number(state.state) is not None

    def _number(self, text: str) -> float | None:
        """Return the number of a state, if the alert has a limit for it."""
        if self.above is None and self.below is None:
            return None
        try:
            number = float(text)
        except ValueError:
            return None
        return number if math.isfinite(number) else None

    def _is_in_range(self, number: float) -> bool:
        return (self.above is None or number > self.above) and (self.below is None or number < self.below)


def alerts_of(entry: ConfigEntry) -> list[AlertConfig]:
    """Read the alerts of an account."""
    return [AlertConfig.from_subentry(subentry) for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_ALERT)]
