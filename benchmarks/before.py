"""The rule of before, by which any number was a quantity with a fixed threshold: what the present one is measured by."""

import re
from typing import override
from unittest.mock import patch

from custom_components.pushover_glances.planner import Origin, layers
from custom_components.pushover_glances.pushover import FIELDS, Field, Value as FieldValue

from .homes import Home
from .ours import Ours
from .policy import Decision

_PERCENT, _WATTS, _POWER_SHARE, _ABSOLUTE, _SHARE = 2.5, 125.0, 1 / 8, 0.6, 0.02
_AMOUNT = re.compile(r"(?<![\w.,:/-])([-+]?\d+(?:[.,]\d+)?)(?![\d.,:/-]*\d)(?:\s?(%|k?W\b))?")


class Before(Ours):
    """The integration with this rule."""

    @override
    def decide(self, now: float, home: Home, step: int, *, changed: bool) -> Decision:
        with patch.object(layers, "matters", _matters):
            return super().decide(now, home, step, changed=changed)


class EachDifference(Ours):
    """The integration with every difference worth an update."""

    @override
    def decide(self, now: float, home: Home, step: int, *, changed: bool) -> Decision:
        with patch.object(layers, "matters", _differs):
            return super().decide(now, home, step, changed=changed)


def _differs(
    _name: Field, before: FieldValue | None, after: FieldValue | None, _origin: Origin, *, by_clock: bool
) -> bool:
    return after is not None and not by_clock and before != after


def _matters(
    name: Field, before: FieldValue | None, after: FieldValue | None, _origin: Origin, *, by_clock: bool
) -> bool:
    if after is None or by_clock or before == after:
        return False
    if isinstance(before, int) and isinstance(after, int):
        return _far(before, after, FIELDS[name].unit)
    old, new = _AMOUNT.split(str(before)), _AMOUNT.split(str(after))
    if old[::3] != new[::3] or old[2::3] != new[2::3]:
        return True
    numbers = zip(old[1::3], new[1::3], old[2::3], strict=True)
    return any(_far(float(one.replace(",", ".")), float(two.replace(",", ".")), unit) for one, two, unit in numbers)


def _far(before: float, after: float, unit: str | None) -> bool:
    larger = max(abs(before), abs(after))
    if unit == "%":
        threshold = _PERCENT
    elif unit in {"W", "kW"}:
        threshold = max(_WATTS if unit == "W" else _WATTS / 1000, _POWER_SHARE * larger)
    else:
        threshold = max(_ABSOLUTE, _SHARE * larger)
    return round(abs(after - before), 6) >= round(threshold, 6)
