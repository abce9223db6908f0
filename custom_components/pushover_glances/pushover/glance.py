"""The five fields of a glance, and their limits in one place.

The limits are Pushover's (https://pushover.net/api/glances): `title`, `text` and `subtext` hold 100
characters each, `count` is an integer that may be negative, `percent` an integer from 0 to 100. Characters are
counted as characters, not bytes. A field that is sent empty is emptied; one that is not sent keeps its value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
import math
from typing import Any, Literal, Self, cast

from .errors import InvalidFieldError, Problem


class Field(StrEnum):
    """A field of a glance, by the name that Pushover gives it."""

    TITLE = "title"
    TEXT = "text"
    SUBTEXT = "subtext"
    COUNT = "count"
    PERCENT = "percent"


TEXT_FIELDS = (Field.TITLE, Field.TEXT, Field.SUBTEXT)
NUMBER_FIELDS = (Field.COUNT, Field.PERCENT)
TEXT_LIMIT = 100
# Pushover names no limit for a count. Beyond this one, not every reader of JSON keeps a number as it is.
COUNT_LIMIT = 2**53 - 1
PERCENT_MIN = 0
PERCENT_MAX = 100

_ELLIPSIS = "…"
_ZERO_WIDTH_JOINER = "\u200d"

type Value = str | int
type Values = Mapping[Field, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What one update carries; `None` leaves a field as it is, "" empties it.

    Raises InvalidFieldError when a value does not fit its field, or when there is no field at all.
    """

    title: str | None = None
    text: str | None = None
    subtext: str | None = None
    count: int | Literal[""] | None = None
    percent: int | Literal[""] | None = None

    def __post_init__(self) -> None:
        """Refuse what Pushover would refuse."""
        if not (values := self.values()):
            raise InvalidFieldError(Problem.NO_FIELD)
        for field, value in values.items():
            _check(field, value)

    @classmethod
    def of(cls, values: Values) -> Self:
        """Make a glance of values by field."""
        return cls(**{field.value: cast(Any, value) for field, value in values.items()})

    def values(self) -> dict[Field, Value]:
        """Return the fields that are set, in Pushover's order."""
        return {Field(item.name): value for item in fields(self) if (value := getattr(self, item.name)) is not None}


def accept(field: Field, value: object) -> Value:
    """Return what a person or an automation gave for a field as a value of that field.

    Numbers become text where text is wanted, and the other way round; fractions are rounded. Raises
    InvalidFieldError rather than cutting or clamping: whoever wrote the value is there to be told.
    """
    result: Value
    if field in TEXT_FIELDS:
        if not isinstance(value, str | int | float):
            raise InvalidFieldError(Problem.NOT_TEXT, field)
        try:
            result = encodable(str(value))
        except ValueError as err:
            # Python writes no integers of thousands of digits.
            raise InvalidFieldError(Problem.TOO_LONG, field, str(TEXT_LIMIT)) from err
    elif isinstance(value, str) and not value.strip():
        result = ""
    elif (number := _whole_number(value)) is not None:
        result = number
    else:
        raise InvalidFieldError(Problem.NOT_A_NUMBER, field)
    _check(field, result)
    return result


def fit(field: Field, text: str) -> Value | None:
    """Return a text made to fit its field: cut, rounded, clamped; `None` where a number is wanted and none is there."""
    text = encodable(text.strip())
    if field in TEXT_FIELDS:
        return shorten(text)
    if not text:
        return ""
    number = _whole_number(text)
    if number is not None and field is Field.PERCENT:
        return min(max(number, PERCENT_MIN), PERCENT_MAX)
    return number if number is not None and abs(number) <= COUNT_LIMIT else None


def shorten(text: str, limit: int = TEXT_LIMIT) -> str:
    """End a text of too many characters in an ellipsis, without leaving half of a joined emoji before it."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rstrip().rstrip(_ZERO_WIDTH_JOINER) + _ELLIPSIS


def _check(field: Field, value: Value) -> None:
    if field in TEXT_FIELDS:
        if not isinstance(value, str):
            raise InvalidFieldError(Problem.NOT_TEXT, field)
        if len(value) > TEXT_LIMIT:
            raise InvalidFieldError(Problem.TOO_LONG, field, str(TEXT_LIMIT))
    elif value != "":
        if not isinstance(value, int) or isinstance(value, bool):
            raise InvalidFieldError(Problem.NOT_A_NUMBER, field)
        low, high = (PERCENT_MIN, PERCENT_MAX) if field is Field.PERCENT else (-COUNT_LIMIT, COUNT_LIMIT)
        if not low <= value <= high:
            raise InvalidFieldError(Problem.OUT_OF_RANGE, field, f"{low}..{high}")


def encodable(text: str) -> str:
    """Replace what no UTF-8 text can hold: half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode("utf-8")


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
