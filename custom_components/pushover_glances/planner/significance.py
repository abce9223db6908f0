"""Which differences are worth an update. `matters` is the only rule; the page `docs/changes.md` explains it to people.

A difference in words always is. A number counts as a word unless it is a quantity: the field depends on a number of
Home Assistant (`Origin.numbers`), and the number itself is no code, telephone number, date, time, version, or state
that is a word. A difference in quantities is worth an update by their unit, which is the one in the text, else that of
the state with this value:

| the quantity | a difference counts |
| --- | --- |
| in % | from 2.5 on, and from 0.5 on if it reaches or leaves 0 or 100 |
| a temperature | from 0.6 K (1 °F) on |
| a power in W, kW, MW or VA | from 125 W on, or an eighth of the larger one if that is more; from 50 W on if one is 0, or the sign changes |
| a whole number without a unit, or one that may count things | always |
| any other | from 3 % of the larger one on |

A number with decimals must differ by two of the last one, so that noise is not sent. Where a text may be read in two
ways, as with "1,234", the one counts that the states confirm, else any that is far enough.

What the clock alone has changed is worth an update in words only, and not even then if the field shows a time stamp of
Home Assistant (`Origin.is_complete`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
import re
from typing import NamedTuple

from ..pushover import FIELDS, NUMBER_FIELDS, Field, Value

# Chosen by benchmarks/freshness.py: of smaller thresholds, the differences that follow must wait for the next slot.
_PERCENT = 2.5
_NONE_OR_ALL = {0, 100}
# What a full battery swings about.
_IDLE_PERCENT = 0.5
_TEMPERATURES = {"°C": 0.6, "K": 0.6, "°F": 1.0}
_POWERS = {"W": 1.0, "kW": 1e3, "MW": 1e6, "VA": 1.0}
_WATTS = 125.0
_POWER_SHARE = 1 / 8
# A standby load, and what a regulated grid meter swings about 0, is below this.
_IDLE_WATTS = 50.0
_SHARE = 0.03
_STEPS = 2
_KNOWN_UNITS = {"%", *_TEMPERATURES, *_POWERS}


type Snapshot = Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class Number:
    """A state or an attribute that is a number, with its unit and the smallest difference that it is displayed with."""

    value: float
    unit: str | None = None
    step: float = 0.0


@dataclass(frozen=True, slots=True)
class Origin:
    """The states and attributes that the value of a field is made of, by entity or by entity and attribute.

    It is complete if nothing but these and the clock can change what the value means.
    """

    numbers: Mapping[str, Number] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    is_complete: bool = False

    def snapshot(self) -> Snapshot:
        """Return the values, to find out later whether they have changed."""
        return {**{key: number.value for key, number in self.numbers.items()}, **self.words}

    def has_changed(self, since: Snapshot | None) -> bool:
        """Return whether a value that matters has changed since a snapshot, or is not in it; `None` is no snapshot."""
        if since is None:
            return False
        if any(since.get(key) != word for key, word in self.words.items()):
            return True
        return any(
            not isinstance(before := since.get(key), int | float)
            or (before != now.value and now.unit is None and _are_whole(before, now.value))
            or _is_far(before, now.value, now.unit, now.step)
            for key, now in self.numbers.items()
        )


NOTHING = Origin()


def matters(
    name: Field, before: Value | None, after: Value | None, origin: Origin = NOTHING, *, by_clock: bool = False
) -> bool:
    """Return whether a change from one value to the other is worth an update; `None` is an unknown value.

    `by_clock` tells that nothing but the time has changed.
    """
    if after is None or before == after:
        return False
    if before is None or not {"", FIELDS[name].no_value}.isdisjoint((before, after)):
        return True
    if by_clock:
        # A moment that is written in another way as it comes closer is still the same.
        return (
            not origin.is_complete
            and name not in NUMBER_FIELDS
            and _FIGURES.sub("#", str(before)) != _FIGURES.sub("#", str(after))
        )
    if isinstance(before, int) and isinstance(after, int):
        if (unit := FIELDS[name].unit) is not None:
            return _is_far(before, after, unit, 0.0)
        one, two = [_Token(str(value), float(value), 1.0, None) for value in (before, after)]
        return not origin.numbers or _numbers_matter(one, two, origin, 1)
    return not origin.numbers or _texts_matter(str(before), str(after), origin)


# A number on its own. Times, dates and versions count as words, because their parts are not quantities. Decimals on
# both sides of a slash are two numbers.
_MINUS = "\N{MINUS SIGN}"
_GROUPS = "'\N{RIGHT SINGLE QUOTATION MARK}\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"


def _reading(decimal: str, groups: str) -> re.Pattern[str]:
    """Return the pattern of a number that is written with this decimal sign, and in thousands with these signs."""
    return re.compile(
        rf"(?<!\w)(?<!\d[.,:{_MINUS}-])(?:(?<!\d/)|(?<=[.,]\d/)|(?<=[.,]\d\d/))([-+{_MINUS}]?(?:[1-9]\d{{0,2}}(?:[{groups}]\d{{3}})+|\d+)(?:[{decimal}](\d+))?(?:[eE]-\d+)?)"
        r"(?![\d.,:-]*\d|/\d+(?!\d*[.,]\d))"
    )


# How a text may have been written; the ways differ only where thousands are possible.
_PLAIN = _reading(".,", _GROUPS)
_READINGS = [
    _reading(decimal, groups + _GROUPS + space) for decimal, groups in ((".", ","), (",", ".")) for space in ("", " ")
]
# Of each number, `split` returns two parts, and the text after it.
_PARTS = 3
_KILOWATTS = "kW"
_IN_KILOWATTS = re.compile(r"(\d+)[.,](\d) kW\b")
_MAYBE_THOUSANDS = re.compile(r"\d[., ]\d{3}(?!\d)")
# Codes and telephone numbers.
_CODE = re.compile(r"[-+]?0\d|\+\d{7}")
_SEPARATORS = re.compile(r"[^\d+-]")
_UNIT = re.compile(r"\s?(%|[^\W\d_]+|°[CFK])(?![\w/])")
# Numbers that follow the clock, with the units that Home Assistant's `relative_time` writes.
_TIME_UNITS = "(?:second|minute|hour|day|week|month|year)s?"
_FIGURES = re.compile(rf"[{_MINUS}-]?\d+(?:[.,:]\d+)*(?:\s{_TIME_UNITS}\b(?:\s\d+\s{_TIME_UNITS}\b)*)?")


class _Token(NamedTuple):
    """A number in a text: how it is written, its value, what its last digit stands for, and the unit that follows it."""

    raw: str
    value: float
    step: float
    unit: str | None


def _texts_matter(before: str, after: str, origin: Origin) -> bool:
    if before.endswith(_KILOWATTS) != after.endswith(_KILOWATTS) and _is_in_watts(origin):
        # A power is written in watts below a thousand of them.
        before, after = (
            _IN_KILOWATTS.sub(lambda found: f"{float(f'{found[1]}.{found[2]}') * 1000:.0f} W", text)
            for text in (before, after)
        )
    if not _MAYBE_THOUSANDS.search(before) and not _MAYBE_THOUSANDS.search(after):
        return _differ(_PLAIN, before, after, origin)
    scores = [(_score(reading, before, after, origin), reading) for reading in _READINGS]
    best = max([score for score, _ in scores])
    return any(_differ(reading, before, after, origin) for score, reading in scores if score == best)


def _is_in_watts(origin: Origin) -> bool:
    return any(number.unit == "W" for number in origin.numbers.values())


def _score(reading: re.Pattern[str], before: str, after: str, origin: Origin) -> tuple[int, int, int]:
    """Return how many digits of the texts are read as numbers and confirmed by states, and how alike they are written."""
    old, new = _tokens(reading, before), _tokens(reading, after)
    confirmed = [token for token in new if _source_of(token.value, token.step, origin, token.unit) is not None]
    alike = [one for one, two in zip(old, new, strict=False) if one.step == two.step]
    return sum(map(_digits, old + new)), sum(map(_digits, confirmed)), len(alike)


def _digits(token: _Token) -> int:
    return sum([character.isdigit() for character in token.raw])


def _differ(reading: re.Pattern[str], before: str, after: str, origin: Origin) -> bool:
    # `split` returns each text between two numbers, and the two groups of the pattern after it.
    old, new = reading.split(before), reading.split(after)
    if old[::_PARTS] != new[::_PARTS]:
        return True
    among = len(new) // _PARTS
    return any(
        old[place] != new[place] and _numbers_matter(_token(old, place), _token(new, place), origin, among)
        for place in range(1, len(new), _PARTS)
    )


def _tokens(reading: re.Pattern[str], text: str) -> list[_Token]:
    parts = reading.split(text)
    return [_token(parts, place) for place in range(1, len(parts), _PARTS)]


def _token(parts: Sequence[str | None], place: int) -> _Token:
    """Return the number at this place of a text that a reading has split."""
    raw, decimals = parts[place] or "", parts[place + 1] or ""
    whole, _, power = raw.replace(_MINUS, "-").lower().partition("e")
    digits = _SEPARATORS.sub("", whole)
    value = float(f"{digits}e{int(power or 0) - len(decimals)}")
    # What follows, up to the next number, which may touch a unit.
    unit = _UNIT.match("".join([part or "" for part in parts[place + 2 : place + _PARTS + 1]]))
    return _Token(raw, value, 10.0 ** -len(decimals), None if unit is None else unit[1])


def _numbers_matter(before: _Token, after: _Token, origin: Origin, among: int) -> bool:
    """Return whether two numbers differ by enough; `among` is how many numbers the text has."""
    if _CODE.match(before.raw) or _CODE.match(after.raw) or after.raw in origin.words.values():
        return True
    source = _source_of(after.value, after.step, origin, after.unit)
    if source is None and any(after.raw in word for word in origin.words.values()):
        return True
    if before.value == after.value:
        return False
    unit = after.unit
    if unit not in _KNOWN_UNITS:
        if _are_whole(before.value, after.value) and _may_count(before, after, source, origin, among):
            return True
        if source is not None:
            unit = source.unit
    step = min(before.step, after.step)
    return _is_far(before.value, after.value, unit, step if source is None else max(step, source.step))


def _are_whole(*numbers: float) -> bool:
    return all(float(number).is_integer() for number in numbers)


def _may_count(before: _Token, after: _Token, source: Number | None, origin: Origin, among: int) -> bool:
    """Return whether whole numbers may count things, such as open windows or weak batteries."""
    if source is not None and source.unit is None:
        return True
    units = [number.unit for key, number in origin.numbers.items() if " " not in key]
    if after.unit is not None and after.unit in units:
        return False
    # A number of entities may happen to be the state of one of them.
    if among < len(units) and min(before.value, after.value) >= 0 and max(before.value, after.value) <= len(units):
        return True
    # What is computed of powers alone, such as their sum, is a quantity.
    return source is None and bool(origin.words or (after.unit is None and not _POWERS.keys() >= {*units}))


def _source_of(value: float, step: float, origin: Origin, unit: str | None) -> Number | None:
    """Return the state that a number in a text comes from, however it was rounded; one with another unit is none."""
    for number in origin.numbers.values():
        if abs(number.value - value) < step and not (unit in _KNOWN_UNITS and number.unit not in (unit, None)):
            return number
    return None


def _is_far(before: float, after: float, unit: str | None, step: float) -> bool:
    """Return whether two quantities differ by enough; `step` is the smallest difference that is displayed."""
    larger, reaches_zero = max(abs(before), abs(after)), before * after <= 0
    if unit == "%":
        threshold = _IDLE_PERCENT if {before, after} & _NONE_OR_ALL else _PERCENT
    elif unit in _TEMPERATURES:
        threshold = _TEMPERATURES[unit]
    elif unit in _POWERS:
        watts = _IDLE_WATTS if reaches_zero else _WATTS
        threshold = max(watts / _POWERS[unit], 0.0 if reaches_zero else _POWER_SHARE * larger)
        step = 0.0
    else:
        threshold = 0.0 if reaches_zero else _SHARE * larger
    least = max(threshold, _STEPS * step if step < 1 else step)
    # Round away binary fractions: 22.0 - 21.4 must equal 0.6.
    return before != after and round(abs(after - before), 9) >= round(least, 9)
