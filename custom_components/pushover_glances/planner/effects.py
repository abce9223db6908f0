"""The effects that the planner returns, and the reasons that people read as the status of a widget."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ..pushover import Field, Values


class Reason(StrEnum):
    """Why nothing is sent now; the states of the status sensor."""

    UP_TO_DATE = "up_to_date"
    PAUSED = "paused"
    NOT_RUNNING = "not_running"
    SETTLING = "settling"
    LASTING = "lasting"
    SOURCES = "sources"
    SPACING = "spacing"
    BUDGET = "budget"
    QUIET_HOURS = "quiet_hours"
    HELD = "held"
    NO_DEVICES = "no_devices"
    OUTAGE = "outage"
    RATE_LIMIT = "rate_limit"
    AUTHENTICATION = "authentication"


# With these reasons, nothing is sent before a person does something, so actions fail.
FAILING = frozenset({Reason.HELD, Reason.NO_DEVICES, Reason.AUTHENTICATION})
# With these reasons, nothing waits to be sent, or it is not sent before a person does something.
_IDLE = FAILING | {Reason.UP_TO_DATE, Reason.PAUSED}
# These hold ordinary updates, while urgent ones may be sent.
SLOTS = frozenset({Reason.SPACING, Reason.BUDGET, Reason.QUIET_HOURS})


@dataclass(frozen=True, slots=True)
class Wait:
    """Send nothing before this time (`None`: until the next event), for this reason.

    A `brief` wait lasts seconds and mostly ends without an update, so it does not become the status. `entity_id` is the
    entity whose change is waited for, if it is known: without a time, until it turns off.
    """

    until: datetime | None
    reason: Reason
    brief: bool = False
    entity_id: str = ""

    @property
    def is_pending(self) -> bool:
        """Return whether something waits to be sent, until a time or the change of an entity."""
        return self.reason not in _IDLE and (self.until is not None or self.entity_id != "")


@dataclass(frozen=True, slots=True)
class Send:
    """Save the state, then send these fields; `urgent` is set if the update takes an urgent slot.

    `states` has the states of the urgent entities and alerts that the values show, `alerted` the fields filled by
    alerts.
    """

    values: Values
    urgent: bool = False
    states: Mapping[str, str] = field(default_factory=dict)
    alerted: frozenset[Field] = frozenset()


@dataclass(frozen=True, slots=True)
class Render:
    """Render the sources, and pass the result to the planner as the event `Rendered`."""


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Pass the event `Due` to the planner at this time, or at once if it has passed."""

    time: datetime


type Effect = Render | Send | Wait | WakeAt


def described(effect: Effect) -> str:
    """Return an effect for the log: the decision, its reason and its time, without values of fields."""
    match effect:
        case Send():
            return f"send {', '.join(effect.values)} ({'urgent' if effect.urgent else 'ordinary'})"
        case Wait():
            waiting_for = f" for {effect.entity_id}" if effect.entity_id else ""
            return f"wait{waiting_for}, {effect.reason}, until {effect.until or 'something happens'}"
        case WakeAt():
            return f"look at {effect.time}"
        case Render():
            return "render"
