"""The table of the fields of a glance: the kind, the limits and the place on a watch face of each.

The limits are Pushover's (https://pushover.net/api/glances): `title`, `text` and `subtext` hold 100 characters (not
bytes) each, `count` is an integer that may be negative, `percent` an integer from 0 to 100. A field that is sent empty
is emptied; a field that is not sent keeps its value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import ClassVar, Final

TEXT_LIMIT: Final = 100
# Pushover names no limit for a count. JSON readers that use floating point lose digits beyond this one.
_COUNT_LIMIT = 2**53 - 1

type Value = str | int
type Values = Mapping[Field, Value]


class Field(StrEnum):
    """A field of a glance, by Pushover's name and in Pushover's order."""

    TITLE = "title"
    TEXT = "text"
    SUBTEXT = "subtext"
    COUNT = "count"
    PERCENT = "percent"


class Place(Enum):
    """A part of a watch face that draws a field."""

    LINE = auto()  # of a large complication, in the order of the fields
    INLINE = auto()  # the text around the dial
    NUMBER = auto()  # in a round complication or a corner
    GAUGE = auto()  # the ring or the bar around the number


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTraits:
    """A field that holds a text of at most `limit` characters; a longer text is cut.

    If it `takes_time`, a widget may add the time of day to it. `no_value` is shown for a source without a value. The
    field has no `unit`: a number within the text has the unit that follows it.
    """

    limit: int
    takes_time: bool
    places: tuple[Place, ...]
    no_value: ClassVar[str] = "\N{EN DASH}"
    unit: ClassVar[None] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberTraits:
    """A field that holds an integer from `low` to `high`.

    A number beyond them becomes the nearer of the two if the field `is_clamped`, else it is no value. The `unit`
    decides which differences are worth an update. For a source without a value the field is emptied.
    """

    low: int
    high: int
    is_clamped: bool
    unit: str | None
    places: tuple[Place, ...]
    no_value: ClassVar[str] = ""
    takes_time: ClassVar[bool] = False


def _traits(field: Field) -> TextTraits | NumberTraits:
    """Return the row of a field; mypy reports a field without one."""
    match field:
        case Field.TITLE:
            return TextTraits(limit=TEXT_LIMIT, takes_time=True, places=(Place.LINE,))
        case Field.TEXT:
            return TextTraits(limit=TEXT_LIMIT, takes_time=True, places=(Place.LINE, Place.INLINE))
        case Field.SUBTEXT:
            return TextTraits(limit=TEXT_LIMIT, takes_time=True, places=(Place.LINE,))
        case Field.COUNT:
            return NumberTraits(
                low=-_COUNT_LIMIT, high=_COUNT_LIMIT, is_clamped=False, unit=None, places=(Place.NUMBER,)
            )
        case Field.PERCENT:
            return NumberTraits(low=0, high=100, is_clamped=True, unit="%", places=(Place.GAUGE,))


FIELDS: Final = {field: _traits(field) for field in Field}
TEXT_FIELDS: Final = {field: traits for field, traits in FIELDS.items() if isinstance(traits, TextTraits)}
NUMBER_FIELDS: Final = {field: traits for field, traits in FIELDS.items() if isinstance(traits, NumberTraits)}
