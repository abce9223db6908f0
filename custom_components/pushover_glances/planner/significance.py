"""Which differences are worth an update.

A difference in words, times or dates always is. A difference in numbers alone is from a threshold on, which is about
that of Home Assistant's own significant changes (0.5 °C for a temperature, 2 % for a battery):

| the number | matters from |
| --- | --- |
| `percent`, or followed by "%" | 2.5 |
| followed by "W" or "kW" | 125 W, or an eighth of the larger of the two if that is more |
| any other | 0.6, or 2 % of the larger of the two if that is more |

A smaller difference is sent with the next update. Numbers that depend on the time of day are never worth one, because
they change all the time.
"""

import re

from ..pushover import FIELDS, NUMBER_FIELDS, Field, Value

# Home Assistant has 0.5 °C, about 2 %, and no threshold for power. benchmarks/freshness.py chose slightly larger ones,
# because a larger difference that follows a small one soon must wait for the next slot.
_PERCENT = 2.5
_WATTS = 125.0
_POWER_SHARE = 1 / 8
_ABSOLUTE = 0.6
_SHARE = 0.02

# A number on its own. Times, dates and versions count as words, because their parts are not quantities.
_MINUS = "\N{MINUS SIGN}"
_AMOUNT = re.compile(rf"(?<![\w.,:/{_MINUS}-])([-+{_MINUS}]?\d+(?:[.,]\d+)?)(?![\d.,:/-]*\d)(?:\s?(%|k?W\b))?")
_FIGURES = re.compile(r"\d+(?:[.,:]\d+)*")


def matters(name: Field, before: Value | None, after: Value | None, *, by_clock: bool = False) -> bool:
    """Return whether a change from one value to the other is worth an update; `None` is an unknown value."""
    if after is None or before == after:
        return False
    if before is None:
        return True
    if by_clock:
        return "" in (before, after) or (
            name not in NUMBER_FIELDS and _FIGURES.sub("#", str(before)) != _FIGURES.sub("#", str(after))
        )
    if isinstance(before, int) and isinstance(after, int):
        return _far(before, after, FIELDS[name].unit)
    return _texts_matter(str(before), str(after))


def _texts_matter(before: str, after: str) -> bool:
    old, new = list(_AMOUNT.finditer(before)), list(_AMOUNT.finditer(after))
    if _words(before, old) != _words(after, new):
        return True
    pairs = zip(old, new, strict=True)
    return any(_far(_number(one[1]), _number(two[1]), two[2]) for one, two in pairs)


def _words(text: str, amounts: list[re.Match[str]]) -> list[tuple[str, str | None]]:
    """Return the texts between the amounts, each with the unit of the amount after it."""
    begins = [0, *[amount.end() for amount in amounts]]
    ends = [*[amount.start() for amount in amounts], len(text)]
    units = [*[amount[2] for amount in amounts], None]
    return [(text[begin:end], unit) for begin, end, unit in zip(begins, ends, units, strict=True)]


def _far(before: float, after: float, unit: str | None) -> bool:
    larger = max(abs(before), abs(after))
    match unit:
        case "%":
            threshold = _PERCENT
        case "W" | "kW":
            threshold = max(_WATTS if unit == "W" else _WATTS / 1000, _POWER_SHARE * larger)
        case _:
            threshold = max(_ABSOLUTE, _SHARE * larger)
    # Round away binary fractions: 22.0 - 21.4 must equal 0.6.
    return round(abs(after - before), 6) >= round(threshold, 6)


def _number(text: str) -> float:
    return float(text.replace(",", ".").replace(_MINUS, "-"))
