"""What is decided about a widget, and what is asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ..pushover import Field, Values
from .composition import Mirrored


class Reason(StrEnum):
    """Why nothing goes now, as the status of a widget says it."""

    UP_TO_DATE = "up_to_date"
    PAUSED = "paused"
    NOT_RUNNING = "not_running"
    SETTLING = "settling"
    SOURCES = "sources"
    SPACING = "spacing"
    BUDGET = "budget"
    QUIET_HOURS = "quiet_hours"
    HELD = "held"
    OUTAGE = "outage"
    RATE_LIMIT = "rate_limit"
    AUTHENTICATION = "authentication"


@dataclass(frozen=True, slots=True)
class Send:
    """Send these fields now; `urgent` tells whether that takes an urgent slot.

    `states` are those of the urgent entities and alerts, and `alerted` the fields that come from alerts.
    """

    values: Values
    urgent: bool = False
    states: Mapping[str, str] = field(default_factory=dict)
    alerted: frozenset[Field] = frozenset()


@dataclass(frozen=True, slots=True)
class Wait:
    """Ask again at this time; `pending` tells whether something waits to be sent then.

    A `brief` one is over in seconds, and most often for nothing: nobody needs to hear of it.
    """

    until: datetime
    reason: Reason
    pending: bool = True
    brief: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to do until something changes."""

    reason: Reason


type Decision = Send | Wait | Nothing


class Source(Protocol):
    """Where a widget's values come from."""

    def render(self) -> Mirrored:
        """Return what the templates say now."""

    def states(self) -> Mapping[str, str]:
        """Return the states of the urgent entities, without those that have none at the moment, and urgent alerts.

        The state of an alert tells which entities make it active.
        """
