"""A glance, and the ways of making values fit its fields."""

from collections.abc import Mapping
from dataclasses import dataclass
import math
from typing import Self

from .errors import InvalidFieldError, Problem
from .fields import FIELDS, TEXT_FIELDS, TEXT_LIMIT, Field, NumberTraits, TextTraits, Value, Values

_ELLIPSIS = "…"
_ZERO_WIDTH_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Glance:
    """What one update carries: "" empties a field, and one that is missing keeps its value.

    Raises InvalidFieldError when a value does not fit its field, or when there is no field at all.
    """

    _values: Values

    def __post_init__(self) -> None:
        """Refuse what Pushover would refuse."""
        if not self._values:
            raise InvalidFieldError(Problem.NO_FIELD)
        for field, value in self._values.items():
            _check(field, value)

    @classmethod
    def of(cls, values: Mapping[Field, Value | None]) -> Self:
        """Make a glance of values by field; a field that is `None` is missing."""
        return cls({field: value for field in Field if (value := values.get(field)) is not None})

    def values(self) -> dict[Field, Value]:
        """Return the fields that are there, in Pushover's order."""
        return dict(self._values)


def accept(field: Field, value: object) -> Value:
    """Return what a person or an automation gave for a field as a value of that field.

    Numbers become text where text is wanted, and the other way round; fractions are rounded. Raises
    InvalidFieldError rather than cutting or clamping, because the caller can be told.
    """
    accepted = _text(field, value) if field in TEXT_FIELDS else _number(field, value)
    _check(field, accepted)
    return accepted


def fit(field: Field, text: str) -> Value | None:
    """Return a text made to fit its field: cut, rounded, clamped; `None` where a number is wanted and none is there."""
    text = encodable(text.strip())
    traits = FIELDS[field]
    if isinstance(traits, TextTraits):
        return shorten(text, traits.limit)
    if not text:
        return ""
    if (number := _whole_number(text)) is None:
        return None
    nearest = min(max(number, traits.low), traits.high)
    return nearest if traits.is_clamped or nearest == number else None


def shorten(text: str, limit: int = TEXT_LIMIT) -> str:
    """End a text of too many characters in an ellipsis, without leaving half of a joined emoji before it."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rstrip().rstrip(_ZERO_WIDTH_JOINER) + _ELLIPSIS


def encodable(text: str) -> str:
    """Replace what no UTF-8 text can hold: half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _check(field: Field, value: Value) -> None:
    """Raise InvalidFieldError where a value is beyond the limits of its field."""
    match FIELDS[field]:
        case TextTraits(limit=limit):
            if not isinstance(value, str):
                raise InvalidFieldError(Problem.NOT_TEXT, field)
            if len(value) > limit:
                raise InvalidFieldError(Problem.TOO_LONG, field, str(limit))
        case NumberTraits(low=low, high=high):
            if value == "":
                return
            if not isinstance(value, int) or isinstance(value, bool):
                raise InvalidFieldError(Problem.NOT_A_NUMBER, field)
            if not low <= value <= high:
                raise InvalidFieldError(Problem.OUT_OF_RANGE, field, f"{low}..{high}")


def _text(field: Field, value: object) -> str:
    if not isinstance(value, str | int | float):
        raise InvalidFieldError(Problem.NOT_TEXT, field)
    try:
        return encodable(str(value))
    except ValueError as err:
        # Python writes no integers of thousands of digits.
        raise InvalidFieldError(Problem.TOO_LONG, field, str(TEXT_FIELDS[field].limit)) from err


def _number(field: Field, value: object) -> Value:
    if isinstance(value, str) and not value.strip():
        return ""
    if (number := _whole_number(value)) is None:
        raise InvalidFieldError(Problem.NOT_A_NUMBER, field)
    return number


def _whole_number(value: object) -> int | None:
    """Return a number or a text that is one, rounded as Python and Home Assistant's templates round."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return int(value) if isinstance(value, str | int) else _rounded(value)
    except ValueError:
        pass
    try:
        return _rounded(float(value))
    except ValueError:
        return None


def _rounded(number: float) -> int | None:
    return round(number) if math.isfinite(number) else None
