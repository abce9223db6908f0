"""The values of an update, and functions that make values fit their fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
import re
from typing import Self

from .errors import InvalidFieldError, Problem
from .fields import FIELDS, TEXT_FIELDS, TEXT_LIMIT, Field, NumberTraits, TextTraits, Value, Values
from .graphemes import cut
from .numbers import whole_number

_ELLIPSIS = "…"
# Control characters that are no white space, such as the zeros at the end of the names of some Bluetooth devices.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")


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

    Numbers become text in text fields, and texts are read as numbers in number fields; fractions are rounded, and texts
    cleaned. Raises InvalidFieldError instead of cutting or clamping, because the caller can correct the value.
    """
    accepted = _text(field, value) if field in TEXT_FIELDS else _number(field, value)
    _check(field, accepted)
    return accepted


def fit(field: Field, text: str) -> Value | None:
    """Return a text as a value of the field: cut, rounded or clamped; `None` if a number field gets no number."""
    text = clean(text)
    traits = FIELDS[field]
    if isinstance(traits, TextTraits):
        return text if len(text) <= traits.limit else shorten(text, traits.limit)
    if not text:
        return ""
    if (number := whole_number(text)) is None:
        return None
    nearest = min(max(number, traits.low), traits.high)
    return nearest if traits.is_clamped or nearest == number else None


def clean(text: str) -> str:
    """Return a text on one line: white space folded and stripped, without control characters and halves of others."""
    text = " ".join(_CONTROL.sub("", text).split())
    return text if text.isascii() else encodable(text)


def shorten(text: str, limit: int = TEXT_LIMIT) -> str:
    """Cut a text that is too long, and end it with an ellipsis; what people see as one character is not cut."""
    return text if len(text) <= limit else cut(text, limit - 1).rstrip() + _ELLIPSIS


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
        # Python writes 0.00005 as 5e-05, and Decimal does not.
        return clean(f"{Decimal(str(value)):f}" if isinstance(value, float) else str(value))
    except ValueError as err:
        # Python refuses to write integers of thousands of digits.
        raise InvalidFieldError(Problem.TOO_LONG, field, str(TEXT_FIELDS[field].limit)) from err


def _number(field: Field, value: object) -> Value:
    if isinstance(value, str) and not value.strip():
        return ""
    if (number := whole_number(value)) is None:
        raise InvalidFieldError(Problem.NOT_A_NUMBER, field)
    return number
