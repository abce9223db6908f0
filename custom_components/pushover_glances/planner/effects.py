"""What comes out of the planner: what to do next, and the reasons that people read as a status."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ..pushover import Field, Values


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


# Nothing waits to be sent for these reasons, or nothing that waits will be sent by itself.
_IDLE = frozenset({Reason.UP_TO_DATE, Reason.PAUSED, Reason.HELD, Reason.AUTHENTICATION})


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing goes before this time, and why; `None` where that is until something happens.

    A `brief` wait is over in seconds, and most often without an update, so that it is no status.
    """

    until: datetime | None
    reason: Reason
    brief: bool = False

    @property
    def is_pending(self) -> bool:
        """Tell whether something waits to be sent at that time."""
        return self.until is not None and self.reason not in _IDLE


@dataclass(frozen=True, slots=True)
class Send:
    """Save the state, then send these fields; `urgent` tells whether that takes an urgent slot.

    `states` are those of the urgent entities and alerts behind it, and `alerted` the fields that come from alerts.
    """

    values: Values
    urgent: bool = False
    states: Mapping[str, str] = field(default_factory=dict)
    alerted: frozenset[Field] = frozenset()


@dataclass(frozen=True, slots=True)
class Render:
    """Render the sources, and hand the result back as the event `Rendered`."""


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Hand in the event `Due` at this time, or as soon as possible where it has passed."""

    time: datetime


type Effect = Render | Send | Wait | WakeAt
