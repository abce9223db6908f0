"""What a widget shows, field by field: alerts over actions over the page over the base.

The base is the widget's own sources. A page replaces them field by field, so that `Rendering.values` has the sources of
the page that applies, and those of the base where it has none.

| the field has | it shows |
| --- | --- |
| active alerts that fill it | the value of the one on top (`alerts.Rank`) |
| else an active alert that replaces the whole glance | nothing, if a row below would fill it |
| else a value of an action that has not ended | that value |
| else a source of the page that applies, or else of the base | the value of the source |
| a source without a value | its last value, but none of another page; after half an hour a dash, unless the widget \
keeps the value |
| none of these any more, but still shows a value | nothing: it is emptied once |
| none of these, ever | what other applications sent: this integration does not send the field |
"""

from collections.abc import Collection, Iterable, Mapping, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from ..pushover import FIELDS, TEXT_FIELDS, Field, Value, Values, shorten
from .significance import NOTHING, Origin, Snapshot, matters
from .state import ActionValue, Shown, WidgetState, not_emptied

# Long enough for a source that restarts; an older value should not look current.
UNAVAILABLE_AFTER = timedelta(minutes=30)


class Since(NamedTuple):
    """Since when an entity has had its state; the later of two is the greater."""

    time: datetime
    entity_id: str


@dataclass(frozen=True, slots=True)
class Rendering:
    """The values of the sources of a widget and of its active alerts, and what they depend on.

    `values` are those of the base; `None` is a source without a value. `origins` has what those with a digit, or that
    depend on the time, are made of, `by_clock` the fields that depend on the time of day, `unavailable` since when a
    field has no value, `missing` the fields that depend on an entity without a state, and `urgent_entities` the urgent
    entities that each field depends on. `in_transition` is since when an entity has been in a state such as opening.
    `words_since` is when an entity last changed whose state is not a number, and `urgent_since` when each urgent entity
    and each urgent alert did. `entities` are those that each field depends on, and `updated` is when each of them, and
    of those of alerts, last had another state or attribute. `until` is when the sources say something else without a
    change of an entity.

    `alerts` has the values of the active alerts, the one on top first, `alert_origins` what the fields that they fill are
    made of, `alerts_by_clock` the fields that depend on the time of day there, `urgent_alerts` the urgent alerts
    that may fill each field, and `alert_entities` the entities of all alerts. If the last of them `replaces` the whole
    glance, nothing below it is shown.
    """

    values: Shown = field(default_factory=dict)
    origins: Mapping[Field, Origin] = field(default_factory=dict)
    by_clock: frozenset[Field] = frozenset()
    unavailable: Mapping[Field, datetime] = field(default_factory=dict)
    missing: frozenset[Field] = frozenset()
    urgent_entities: Mapping[Field, frozenset[str]] = field(default_factory=dict)
    in_transition: Since | None = None
    words_since: Since | None = None
    urgent_since: Mapping[str, Since] = field(default_factory=dict)
    entities: Mapping[Field, AbstractSet[str]] = field(default_factory=dict)
    updated: Mapping[str, datetime] = field(default_factory=dict)
    until: datetime | None = None
    alerts: Mapping[str, Shown] = field(default_factory=dict)
    replaces: bool = False
    alert_origins: Mapping[Field, Origin] = field(default_factory=dict)
    alerts_by_clock: frozenset[Field] = frozenset()
    urgent_alerts: Mapping[Field, frozenset[str]] = field(default_factory=dict)
    alert_entities: frozenset[str] = frozenset()

    def urgent_sources(self, name: Field) -> frozenset[str]:
        """Return the urgent entities and alerts that a field depends on."""
        return self.urgent_entities.get(name, frozenset()) | self.urgent_alerts.get(name, frozenset())

    def is_by_clock(self, name: Field, since: Snapshot | None) -> bool:
        """Return whether only the time can have changed the base of a field since a snapshot of its origin."""
        return name in self.by_clock and not self.origins.get(name, NOTHING).has_changed(since)


def still_valid(
    actions: Mapping[Field, ActionValue], rendering: Rendering, now: datetime, *, paused: bool
) -> dict[Field, ActionValue]:
    """Return the values of actions that have not ended; the base ends none while it is paused."""
    return {
        name: item
        for name, item in actions.items()
        if (item.until is None or item.until > now)
        and (
            paused
            or not matters(
                name,
                item.base,
                rendering.values.get(name),
                rendering.origins.get(name, NOTHING),
                by_clock=rendering.is_by_clock(name, item.origin),
            )
        )
    }


def over_each_other(alerts: Iterable[Values]) -> dict[Field, Value]:
    """Return the fields that alerts fill together; the first alert is on top, and wins."""
    over: dict[Field, Value] = {}
    for values in alerts:
        over = {**values, **over}
    return over


def values_of_alerts(
    rendering: Rendering, before: Mapping[str, Values], actions: Collection[Field]
) -> dict[str, dict[Field, Value]]:
    """Return the values of the active alerts; a field without a value keeps its last one, which is in `before`.

    An alert that replaces the whole glance fills the fields of the base and of `actions` with nothing, if it has no value
    for them. `compose` empties what else the screen shows.
    """
    alerts = {
        alert: {
            name: value
            for name, new in says.items()
            if (value := before.get(alert, {}).get(name) if new is None else new) is not None
        }
        for alert, says in rendering.alerts.items()
    }
    if rendering.replaces:
        last = next(reversed(alerts))
        others = {*rendering.values, *actions} - alerts[last].keys()
        alerts[last] |= dict.fromkeys(others, "")
    return alerts


def compose(
    values: Shown,
    actions: Mapping[Field, ActionValue],
    kept: Mapping[Field, Value],
    left: Shown,
    dashed: Collection[Field],
    *,
    alerted: Values = MappingProxyType({}),
) -> dict[Field, Value]:
    """Return every field that the widget owns, with the value it should show.

    `values` are those of the base, `kept` the last values of its sources, `left` the values that the widget may have
    put on the screen, `dashed` the fields that had no value for too long, and `alerted` the values of alerts.
    """
    composed: dict[Field, Value] = {}
    for name in Field:
        value: Value | None = None
        if name in alerted:
            value = alerted[name]
        elif name in actions:
            value = actions[name].value
        elif name in values and (value := values[name]) is None:
            value = FIELDS[name].no_value if name in dashed else kept.get(name)
        if value is None and left.get(name, "") != "":
            value = ""
        if value is not None:
            composed[name] = value
    return composed


def differing(
    composed: Values,
    shown: Shown,
    exact: Collection[Field] = (),
    by_clock: Collection[Field] = (),
    origins: Mapping[Field, Origin] = MappingProxyType({}),
) -> frozenset[Field]:
    """Return the fields whose difference from what is shown is worth an update.

    In the `exact` fields every difference is worth one; only the time has changed the fields `by_clock`. `origins` has
    the states that the values are made of.
    """
    return frozenset(
        [
            name
            for name, value in composed.items()
            if (
                value != shown.get(name)
                if name in exact
                else matters(name, shown.get(name), value, origins.get(name, NOTHING), by_clock=name in by_clock)
            )
        ]
    )


def stamped(values: Values, name: Field | None, time: str) -> dict[Field, Value]:
    """Return the values with the time of day at the end of one text, which is cut if both together are too long.

    If all fields are emptied, no time is added.
    """
    if name is None or all(value == "" for value in values.values()):
        return dict(values)
    if not (text := str(values.get(name, ""))):
        return {**values, name: time}
    stamp = f" · {time}"
    return {**values, name: shorten(text, TEXT_FIELDS[name].limit - len(stamp)) + stamp}


def perhaps_shown(state: WidgetState) -> Shown:
    """Return every field that the widget may have put on the screen, with its value if that is certain."""
    shown = state.shown if state.attempt is None else not_emptied(state.shown, state.attempt)
    if state.stamped is None and not state.pending:
        return shown
    shown = dict(shown)
    if state.stamped is not None and shown.get(state.stamped) == "":
        # The field shows the time of day alone.
        shown[state.stamped] = None
    for action in state.pending:
        shown |= dict.fromkeys(action.emptied)
    return shown


def leaves_something(state: WidgetState) -> bool:
    """Return whether the screen shows anything that this widget sent."""
    return not {*perhaps_shown(state).values()} <= {""}
