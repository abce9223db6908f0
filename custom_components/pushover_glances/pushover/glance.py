"""The values of an update, and functions that make values fit their fields."""

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
    """The fields of one update: "" empties a field, and a missing field keeps its value.

    Raises InvalidFieldError if a value does not fit its field, or if there is no field.
    """

    values: Values

    def __post_init__(self) -> None:
        """Check the values as Pushover does."""
        if not self.values:
            raise InvalidFieldError(Problem.NO_FIELD)
        for field, value in self.values.items():
            _check(field, value)

    @classmethod
    def of(cls, values: Mapping[Field, Value | None]) -> Self:
        """Return a glance of values by field; a value of `None` leaves the field out."""
        return cls({field: value for field in Field if (value := values.get(field)) is not None})


def accept(field: Field, value: object) -> Value:
    """Return the value of an action as a value of the field.

    Numbers become text in text fields, and texts become numbers in number fields; fractions are rounded. Raises
    InvalidFieldError instead of cutting or clamping, because the caller can correct the value.
    """
    accepted = _text(field, value) if field in TEXT_FIELDS else _number(field, value)
    _check(field, accepted)
    return accepted


def fit(field: Field, text: str) -> Value | None:
    """Return a text as a value of the field: cut, rounded or clamped; `None` if a number field gets no number."""
    text = text.strip()
    if not text.isascii():
        text = encodable(text)
    traits = FIELDS[field]
    if isinstance(traits, TextTraits):
        return text if len(text) <= traits.limit else shorten(text, traits.limit)
    if not text:
        return ""
    if (number := _whole_number(text)) is None:
        return None
    nearest = min(max(number, traits.low), traits.high)
    return nearest if traits.is_clamped or nearest == number else None


def shorten(text: str, limit: int = TEXT_LIMIT) -> str:
    """Cut a text that is too long, and end it with an ellipsis; no joiner of an emoji is left before it."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rstrip().rstrip(_ZERO_WIDTH_JOINER) + _ELLIPSIS


def encodable(text: str) -> str:
    """Replace characters that UTF-8 cannot encode, which are halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _check(field: Field, value: Value) -> None:
    """Raise InvalidFieldError if a value does not fit its field."""
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
        # Python refuses to write integers of thousands of digits.
        raise InvalidFieldError(Problem.TOO_LONG, field, str(TEXT_FIELDS[field].limit)) from err


def _number(field: Field, value: object) -> Value:
    if isinstance(value, str) and not value.strip():
        return ""
    if (number := _whole_number(value)) is None:
        raise InvalidFieldError(Problem.NOT_A_NUMBER, field)
    return number


def _whole_number(value: object) -> int | None:
    """Return a number or the number in a text, rounded like Python and Home Assistant's templates; `None` if none."""
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
