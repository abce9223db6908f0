"""The events that the planner receives, and the inputs that it decides by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from ..pushover import Field, Value
from .account import AccountState, Quota, Result
from .budget import Rules
from .effects import Send
from .layers import Rendering
from .state import Action, Page


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a decision depends on besides the widget's state, as it is at the moment.

    `urgent` has the states of the urgent entities that have one, and for each urgent alert which entities make it
    active; while the base is paused, only those of alerts. `has_device` is set if the user has the widget's device.
    `quiet_while` is the entity that is on and holds ordinary updates, as quiet hours do; empty if there is none.
    """

    rules: Rules
    zone: tzinfo
    urgent: Mapping[str, str] = field(default_factory=dict)
    account: AccountState = field(default_factory=AccountState)
    quota: Quota = field(default_factory=Quota)
    has_device: bool = True
    quiet_while: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """A source may have another value."""


@dataclass(frozen=True, slots=True)
class WordChanged:
    """A state that is a word has changed, after it `lasted` so long: the planner learns from it how long words last."""

    lasted: timedelta


@dataclass(frozen=True, slots=True)
class Due:
    """A decision is due: the time of a `WakeAt` or of a `Wait` has come."""

    inputs: Inputs


@dataclass(frozen=True, slots=True)
class Rendered:
    """The sources have been rendered, as the effect `Render` asked for."""

    rendering: Rendering
    inputs: Inputs


@dataclass(frozen=True, slots=True)
class Acted:
    """An action was called."""

    action: Action


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An action has its result, and did not fail: keep what it asked for."""

    key: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An action failed: keep nothing of it."""

    key: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """An update has ended; `face` is what was sent, with the time of day in the field `stamped`.

    `has_receiver` is not set if Pushover accepted it, but has no active device to send it to. `zone` is that of Home
    Assistant, which tells on which day it was sent.
    """

    send: Send
    result: Result
    stamped: Field | None = None
    face: Mapping[Field, Value] = field(default_factory=dict)
    has_receiver: bool = True
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Paused:
    """The base of the widget is paused, or follows its sources again."""

    paused: bool


@dataclass(frozen=True, slots=True)
class PageChanged:
    """Another page applies to the widget, or none; this is not passed on while the base is paused."""

    page: Page


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A person has dismissed an alert of the widget, and waits for what is below it."""


@dataclass(frozen=True, slots=True)
class Started:
    """Home Assistant started at this time, by the clock of now.

    Integrations get some time from then on to bring their entities.
    """

    time: datetime


@dataclass(frozen=True, slots=True)
class ClockSet:
    """The clock was set by this much, or the machine was suspended for so long.

    `start` is when Home Assistant started, by the clock of before.
    """

    by: timedelta
    start: datetime


@dataclass(frozen=True, slots=True)
class Abandoned:
    """Pushover refuses to empty a screen that no widget owns any more: leave it as it is."""


@dataclass(frozen=True, slots=True)
class DeviceFound:
    """The user has the device of the widget again: what Pushover refused meanwhile may be sent."""


type Event = (
    Abandoned
    | Acted
    | Changed
    | ClockSet
    | Confirmed
    | DeviceFound
    | Dismissed
    | Due
    | Outcome
    | PageChanged
    | Paused
    | Rendered
    | Started
    | Withdrawn
    | WordChanged
)
