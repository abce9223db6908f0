"""Reads the number in a text as people write it.

| written | read as | why |
| --- | --- | --- |
| `85 %`, `≈ 12`, `3 open`, `-5 °C`, `-$5` | 85, 12, 3, -5, -5 | a text may have one number, with its sign, among other words |
| `1.234` | 1.234 | a single point is a decimal point, because Home Assistant writes its states so |
| `21,6`, `1234,567`, `0,234` | 21.6, 1234.567, 0.234 | a comma is a decimal comma |
| `1,234` | 1234 | unless it stands before the last three digits of four to six |
| `1,234,567`, `1.234.567`, `1 234`, `1'234` | 1234567, 1234567, 1234, 1234 | groups of three digits are thousands |
| `1.234,5`, `1,234.5` | 1234.5 | of two different separators, the last one is the decimal one |
| `3 of 5`, `12:30`, `2026-11-29`, `1.2.3`, `10-20`, `CO2` | none | several numbers, times, dates, versions, ranges, names |
"""

from contextlib import suppress
import math
import re

_MINUS = "\N{MINUS SIGN}"
_CURRENCIES = "$£¥₩€₪₫₴₹₺₽"
_GROUPING = ".,'\N{RIGHT SINGLE QUOTATION MARK} "
# A number that is neither a part of a word nor of a time, a date, a version or a range. A space within it comes before
# three digits.
_NUMBER = re.compile(
    rf"(?<![\w.,:/+{_MINUS}\N{{EN DASH}}-])[+{_MINUS}-]?[{_CURRENCIES}]?\d++(?:[{_GROUPING[:-1]}]\d++| \d{{3}}(?!\d))*+(?:[eE][+-]?\d++)?+"
    rf"(?!\w*\d|[.,:/+{_MINUS}\N{{EN DASH}}-]+\d)"
)
_WHOLE = re.compile(rf"[+-]?(?:[1-9]\d{{0,2}}([{_GROUPING}])\d{{3}}(?:\1\d{{3}})*|\d+)")


def whole_number(value: object) -> int | None:
    """Return a number, or the only number in a text, rounded like Python and Home Assistant's templates; else `None`."""
    found = number(value)
    return None if found is None else round(found)


def number(value: object) -> float | None:
    """Return a number, or the only number in a text; else `None`."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    found = _read(value) if isinstance(value, str) else value
    return found if isinstance(found, int) or math.isfinite(found) else None


def _read(text: str) -> float:
    # Python takes an underscore for a separator of thousands.
    if "_" not in text:
        with suppress(ValueError):
            return int(text)
        with suppress(ValueError):
            return float(text)
    return _number_in(text)


def _number_in(text: str) -> float:
    """Return the only number in a text; not a number if there is none, or more than one."""
    found = _NUMBER.findall(" ".join(text.split()))
    if len(found) != 1:
        return math.nan
    written = re.sub(f"[{_CURRENCIES}]", "", found[0]).replace(_MINUS, "-")
    try:
        return float(written)
    except ValueError:
        return _with_separators(written)


def _with_separators(written: str) -> float:
    """Return a number with thousands or a decimal comma; not a number if the separators make no sense."""
    separators = re.findall(f"[{_GROUPING}]", written)
    last = separators[-1]
    is_decimal = separators.count(last) == 1 and (
        last == "." or (last == "," and (len(separators) > 1 or not _WHOLE.fullmatch(written)))
    )
    whole, _, fraction = written.rpartition(last) if is_decimal else (written, "", "0")
    if not _WHOLE.fullmatch(whole):
        return math.nan
    return float(re.sub(f"[{_GROUPING}]", "", whole) + "." + fraction)
