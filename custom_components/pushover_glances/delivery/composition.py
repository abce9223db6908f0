"""What a widget should show, field by field: manual over mirror.

| the field has | it shows |
| --- | --- |
| a manual value that still holds | the manual value |
| else a template | what the template says; while that is unavailable, what it showed before |
| neither any more, but it shows something | nothing: it is emptied, once |
| neither, ever | what others put there: it is not sent at all |
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
import re

from ..pushover.glance import NUMBER_FIELDS, Field, Value, Values

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What the templates of a widget say now; `None` where one has no value to give.

    The fields in `by_clock` depend on the time of day, so their numbers change by themselves.
    """

    values: Mapping[Field, Value | None] = field(default_factory=dict)
    by_clock: frozenset[Field] = frozenset()


@dataclass(frozen=True, slots=True)
class ManualValue:
    """A value that an action or a notify message gave to a field.

    It ends at `until`, or when the template of its field says something else than `mirror`, which it said when the
    value was set (`None`: nothing). An urgent one need not wait for the ordinary spacing.
    """

    value: Value
    until: datetime | None = None
    mirror: Value | None = None
    urgent: bool = False


def still_manual(manual: Mapping[Field, ManualValue], mirrored: Mirrored, now: datetime) -> dict[Field, ManualValue]:
    """Return the manual values that have not ended."""
    kept = {}
    for name, item in manual.items():
        ended = item.until is not None and item.until <= now
        if not ended and not _matters(name, item.mirror, mirrored.values.get(name), mirrored):
            kept[name] = item
    return kept


def compose(mirrored: Mirrored, manual: Mapping[Field, ManualValue], shown: Values) -> dict[Field, Value]:
    """Return every field that the widget owns, with the value it should show."""
    composed: dict[Field, Value] = {}
    for name in Field:
        if name in manual:
            composed[name] = manual[name].value
        elif name in mirrored.values:
            says = mirrored.values[name]
            if says is None:
                says = shown.get(name)
            if says is not None:
                composed[name] = says
        elif shown.get(name, "") != "":
            composed[name] = ""
    return composed


def differs(composed: Values, shown: Values, manual: Mapping[Field, ManualValue], mirrored: Mirrored) -> bool:
    """Tell whether a glance is worth an update to a widget that shows another one."""
    return any(
        value != shown.get(name) if name in manual else _matters(name, shown.get(name), value, mirrored)
        for name, value in composed.items()
    )


def _matters(name: Field, before: Value | None, after: Value | None, mirrored: Mirrored) -> bool:
    """Compare two values of a template; of one that follows the clock, only the words."""
    if after is None or before == after:
        return False
    if name not in mirrored.by_clock or before is None:
        return True
    return name not in NUMBER_FIELDS and _words(before) != _words(after)


def _words(value: Value) -> str:
    return _NUMBER.sub("#", str(value))
