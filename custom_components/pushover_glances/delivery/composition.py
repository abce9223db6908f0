"""What a widget should show, field by field: alerts over manual over mirror.

| the field has | it shows |
| --- | --- |
| active alerts that take it over | what the newest of them says |
| else a manual value that still holds | the manual value |
| else a template | what the template says |
| a template that is unavailable | what it showed before; after half an hour a dash, unless the widget keeps it |
| neither any more, but it shows something | nothing: it is emptied, once |
| neither, ever | what others put there: it is not sent at all |
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from ..pushover import FIELDS, TEXT_FIELDS, Field, Value, Values, shorten
from .significance import matters

# Ours: a source that restarts is back by then, and one that is gone should not look alive for longer.
UNAVAILABLE_AFTER = timedelta(minutes=30)

# What a widget shows; `None` stands for something that is not known, and not empty.
type Shown = Mapping[Field, Value | None]


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What the templates of a widget say now; `None` where one has no value to give.

    Fields in `by_clock` depend on the time of day, so their numbers change by themselves. `unavailable` tells since
    when a field has no value, `entities` which urgent entities a field depends on, `passing` since when a source has
    been in a state that soon leads to another, like opening, and `missing` which fields depend on a source that has no
    state. `words_since` is when a source whose state is no number last
    changed, and `urgent_since` when each urgent entity and each urgent alert did.

    `alerts` is what the templates of the active alerts say, the newest first, fields in `alerts_by_clock` depend on the
    time of day there, and `alerted` tells which urgent alerts may take a field over.
    """

    values: Mapping[Field, Value | None] = field(default_factory=dict)
    by_clock: frozenset[Field] = frozenset()
    unavailable: Mapping[Field, datetime] = field(default_factory=dict)
    entities: Mapping[Field, frozenset[str]] = field(default_factory=dict)
    passing: datetime | None = None
    missing: frozenset[Field] = frozenset()
    words_since: datetime | None = None
    urgent_since: Mapping[str, datetime] = field(default_factory=dict)
    alerts: Mapping[str, Shown] = field(default_factory=dict)
    alerts_by_clock: frozenset[Field] = frozenset()
    alerted: Mapping[Field, frozenset[str]] = field(default_factory=dict)

    def urgent_sources(self, name: Field) -> frozenset[str]:
        """Return the urgent entities and alerts that a field depends on."""
        return self.entities.get(name, frozenset()) | self.alerted.get(name, frozenset())


@dataclass(frozen=True, slots=True)
class ManualValue:
    """A value that an action or a notify message gave to a field.

    It ends at `until`, or when the template of its field says something else than `mirror`, which it said when the
    value was set (`None`: nothing). An urgent one need not wait for the ordinary slot.
    """

    value: Value
    until: datetime | None = None
    mirror: Value | None = None
    urgent: bool = False


def still_manual(
    manual: Mapping[Field, ManualValue], mirrored: Mirrored | None, now: datetime
) -> dict[Field, ManualValue]:
    """Return the manual values that have not ended; a mirror that is paused (`None`) ends none."""
    return {
        name: item
        for name, item in manual.items()
        if (item.until is None or item.until > now)
        and (
            mirrored is None
            or not matters(name, item.mirror, mirrored.values.get(name), by_clock=name in mirrored.by_clock)
        )
    }


def over_manual(alerts: Iterable[Values]) -> dict[Field, Value]:
    """Return what alerts show, of which the newest comes first."""
    over: dict[Field, Value] = {}
    for says in alerts:
        over = {**says, **over}
    return over


def compose(
    mirrored: Mirrored,
    manual: Mapping[Field, ManualValue],
    kept: Mapping[Field, Value],
    left: Shown,
    dashed: Collection[Field] = (),
    *,
    alerted: Values = MappingProxyType({}),
) -> dict[Field, Value]:
    """Return every field that the widget owns, with the value it should show.

    `kept` is what the templates said last, `left` what the widget may have put on the screen, `dashed` are the
    fields that were unavailable for too long, and `alerted` is what alerts show.
    """
    composed: dict[Field, Value] = {}
    for name in Field:
        if name in alerted:
            composed[name] = alerted[name]
        elif name in manual:
            composed[name] = manual[name].value
        elif name in mirrored.values:
            says = mirrored.values[name]
            if says is None:
                says = FIELDS[name].no_value if name in dashed else kept.get(name)
            if says is not None:
                composed[name] = says
                continue
        if name not in composed and left.get(name, "") != "":
            composed[name] = ""
    return composed


def differing(
    composed: Values, shown: Shown, exact: Collection[Field] = (), by_clock: Collection[Field] = ()
) -> frozenset[Field]:
    """Return the fields whose value is worth an update to a widget that shows another one.

    In the `exact` fields every difference is; those `by_clock` change by themselves.
    """
    return frozenset(
        name
        for name, value in composed.items()
        if (
            value != shown.get(name)
            if name in exact
            else matters(name, shown.get(name), value, by_clock=name in by_clock)
        )
    )


def stamped(values: Mapping[Field, Value], name: Field | None, clock: str) -> dict[Field, Value]:
    """Return the values with the time of day at the end of one text, which is cut where there is no room for both.

    A glance that empties everything has no time.
    """
    if name is None or all(value == "" for value in values.values()):
        return dict(values)
    if not (text := str(values.get(name, ""))):
        return {**values, name: clock}
    stamp = f" · {clock}"
    return {**values, name: shorten(text, TEXT_FIELDS[name].limit - len(stamp)) + stamp}
