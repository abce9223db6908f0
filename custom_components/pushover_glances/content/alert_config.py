"""An alert's configuration, read once from its subentry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
import hashlib
import json
import math
from typing import Any, Self

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_ABOVE, CONF_BELOW, CONF_ENTITIES, CONF_FOR
from homeassistant.core import State

from ..const import CONF_STATES, CONF_URGENT, CONF_WIDGETS, SUBENTRY_TYPE_ALERT
from ..pushover import Field
from .rendering import NO_STATE


@dataclass(frozen=True, slots=True)
class AlertConfig:
    """While one of the entities is in a state that counts, and has been for long enough, some fields say something else.

    An entity stands by the id of its registry entry, which outlives a new entity id, or by its entity id where it has no
    such entry. `widgets` are subentry ids, `None` where the alert is for every widget of its account.
    """

    subentry_id: str
    title: str
    entities: tuple[str, ...]
    states: frozenset[str]
    above: float | None
    below: float | None
    lasts: timedelta
    widgets: frozenset[str] | None
    templates: Mapping[Field, str]
    urgent: bool
    digest: str

    @classmethod
    def from_subentry(cls, subentry: ConfigSubentry) -> Self:
        """Read a subentry."""
        return cls.from_data(subentry.data, subentry.subentry_id, subentry.title)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], subentry_id: str = "", title: str = "") -> Self:
        """Read what a subentry has, or will have."""
        return cls(
            subentry_id=subentry_id,
            title=title,
            entities=tuple(data[CONF_ENTITIES]),
            states=frozenset(data.get(CONF_STATES, ())),
            above=data.get(CONF_ABOVE),
            below=data.get(CONF_BELOW),
            lasts=timedelta(seconds=data.get(CONF_FOR, 0)),
            widgets=frozenset(data[CONF_WIDGETS]) if CONF_WIDGETS in data else None,
            templates={name: data[name] for name in Field if name in data},
            urgent=data.get(CONF_URGENT, True),
            digest=hashlib.sha256(json.dumps(dict(data), sort_keys=True).encode()).hexdigest(),
        )

    def covers(self, widget: str) -> bool:
        """Tell whether the alert is for a widget, by its subentry id."""
        return self.widgets is None or widget in self.widgets

    def counts(self, state: State | None) -> bool | None:
        """Tell whether a state makes the alert active; `None` where there is none, which says nothing."""
        if state is None or state.state in NO_STATE:
            return None
        return state.state in self.states or self._is_in_range(state.state)

    def _is_in_range(self, text: str) -> bool:
        if self.above is None and self.below is None:
            return False
        try:
            number = float(text)
        except ValueError:
            return False
        return (
            math.isfinite(number)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
        )


def alerts_of(entry: ConfigEntry) -> list[AlertConfig]:
    """Read the alerts of an account."""
    return [AlertConfig.from_subentry(subentry) for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_ALERT)]
