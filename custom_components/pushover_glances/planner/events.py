"""What goes into the planner: what has happened to a widget, and the facts of the moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import Enum, auto

from ..pushover import Field, Value
from .budget import Rules
from .effects import Send, Wait
from .layers import Rendering
from .state import Action


@dataclass(frozen=True, slots=True)
class Inputs:
    """The facts of the moment that are not the widget's own state.

    `urgent` has the states of the urgent entities, without those that have none, and for each urgent alert which
    entities make it active; while the base is paused, those of alerts alone. `account` is what holds all widgets of the
    account, `is_troubled` tells whether Pushover did not take its last update, and `has_device` whether the user has the
    widget's device.
    """

    rules: Rules
    zone: tzinfo
    urgent: Mapping[str, str] = field(default_factory=dict)
    account: Wait | None = None
    is_troubled: bool = False
    has_device: bool = True


class Result(Enum):
    """What became of an update for its widget."""

    ACCEPTED = auto()
    # It may have arrived: it counts, and goes again.
    UNKNOWN = auto()
    # It did not arrive: it does not count, and goes again.
    UNSENT = auto()
    # Pushover refuses it for good: it does not count, and does not go again for a day.
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Changed:
    """A source may have another value."""


@dataclass(frozen=True, slots=True)
class WordChanged:
    """A word of a source has changed that was there for so long; what lasts is learned from it."""

    lasted: timedelta


@dataclass(frozen=True, slots=True)
class Due:
    """It is time to look."""

    inputs: Inputs


@dataclass(frozen=True, slots=True)
class Rendered:
    """The sources have been rendered."""

    rendering: Rendering
    inputs: Inputs


@dataclass(frozen=True, slots=True)
class Acted:
    """A person or an automation asks for something."""

    action: Action


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An action has been told what became of it: what it asked for stays."""

    key: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An action has been told that it failed: nothing of it stays."""

    key: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """An update has come to its end; `face` is what was sent, with the time of day in the field `stamped`."""

    send: Send
    result: Result
    stamped: Field | None = None
    face: Mapping[Field, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paused:
    """The widget follows its sources no longer, or again."""

    paused: bool


@dataclass(frozen=True, slots=True)
class Started:
    """Home Assistant has started; integrations get some time from then on to bring their entities."""

    time: datetime


@dataclass(frozen=True, slots=True)
class ClockSet:
    """The clock was set, by so much, or the machine was suspended."""

    by: timedelta


@dataclass(frozen=True, slots=True)
class Abandoned:
    """Pushover refuses to empty a screen that no widget owns: it stays as it is."""


type Event = (
    Abandoned
    | Acted
    | Changed
    | ClockSet
    | Confirmed
    | Due
    | Outcome
    | Paused
    | Rendered
    | Started
    | Withdrawn
    | WordChanged
)
