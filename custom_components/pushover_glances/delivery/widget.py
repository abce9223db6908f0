"""One widget: what it remembers, and the decision what to do now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from ..pushover.glance import Field, Value, Values
from .composition import ManualValue, Mirrored, compose, differs, still_manual
from .schedule import URGENT_PER_HOUR, next_slot


class Reason(StrEnum):
    """Why nothing goes now."""

    UP_TO_DATE = "up_to_date"
    NOT_RUNNING = "not_running"
    SPACING = "spacing"
    HELD = "held"
    OUTAGE = "outage"
    RATE_LIMIT = "rate_limit"
    AUTHENTICATION = "authentication"


@dataclass(frozen=True, slots=True)
class Send:
    """Send these fields now."""

    values: Values


@dataclass(frozen=True, slots=True)
class Wait:
    """Ask again at this time; `pending` tells whether something waits to be sent then."""

    until: datetime
    reason: Reason
    pending: bool = True


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to do until something changes."""

    reason: Reason


type Decision = Send | Wait | Nothing


@dataclass(slots=True)
class Memory:
    """What must outlive a restart.

    `shown` is what Pushover last accepted for `device`. `attempt` is what left without an answer: it may be shown, or not.
    """

    device: str = ""
    last_update: datetime | None = None
    urgent_updates: list[datetime] = field(default_factory=list)
    shown: dict[Field, Value] = field(default_factory=dict)
    attempt: dict[Field, Value] | None = None
    manual: dict[Field, ManualValue] = field(default_factory=dict)

    def perhaps_shown(self) -> dict[Field, Value]:
        """Return every field that this widget may have put on the screen, by what it last showed for certain."""
        return _not_emptied(self.shown, self.attempt or {})


def _not_emptied(first: Values, second: Values) -> dict[Field, Value]:
    """Return the values of both, the first before the second, but any value before none."""
    return {**second, **{name: value for name, value in first.items() if value != "" or second.get(name, "") == ""}}


@dataclass(slots=True)
class _Before:
    """What an attempt that did not count is taken back to."""

    last_update: datetime | None
    urgent_updates: list[datetime]
    attempt: dict[Field, Value] | None


class Widget:
    """Decides for one widget; the caller carries it out and books the outcome."""

    def __init__(self, memory: Memory, spacing: timedelta) -> None:
        """Start as stale: what happened before is unknown."""
        self.memory = memory
        self.spacing = spacing
        self.stale = True
        self.held = False
        self._before: _Before | None = None

    def set_manual(self, values: Mapping[Field, ManualValue]) -> dict[Field, ManualValue | None]:
        """Put values over the mirror, and return what they replaced, for `take_back`."""
        replaced = {name: self.memory.manual.get(name) for name in values}
        self.memory.manual.update(values)
        self.stale = True
        return replaced

    def take_back(self, values: Mapping[Field, ManualValue], replaced: Mapping[Field, ManualValue | None]) -> None:
        """Undo `set_manual`, but for fields that someone else has set since."""
        for name, item in values.items():
            if self.memory.manual.get(name) is not item:
                continue
            if (earlier := replaced[name]) is None:
                del self.memory.manual[name]
            else:
                self.memory.manual[name] = earlier

    def shows(self, values: Values) -> bool:
        """Tell whether these values are on the screen for certain."""
        memory = self.memory
        return memory.attempt is None and all(memory.shown.get(name) == value for name, value in values.items())

    def notice(self, now: datetime) -> None:
        """Take note of the time: manual values that end, and a clock that was set back.

        Updates that lie in the future count as just now, so that there is neither a burst nor a long lock-out.
        """
        memory = self.memory
        if memory.last_update is not None and memory.last_update > now:
            memory.last_update = now
            memory.urgent_updates = [min(moment, now) for moment in memory.urgent_updates]
        if (ends := self._next_manual_end()) is not None and ends <= now:
            self.stale = True

    def decide(self, now: datetime, mirror: Callable[[], Mirrored]) -> Decision:
        """Decide what to do, after `notice`; `mirror` is asked only when an update may go."""
        if self.held:
            return Nothing(Reason.HELD)
        if not self.stale:
            return self._idle()
        slot = self.slot(now)
        if slot > now:
            return Wait(slot, Reason.SPACING)
        mirrored = mirror()
        memory = self.memory
        memory.manual = still_manual(memory.manual, mirrored, now)
        composed = compose(mirrored, memory.manual, memory.perhaps_shown())
        unsure = memory.attempt is not None and bool(composed)
        if unsure or differs(composed, memory.shown, memory.manual, mirrored):
            return Send(composed)
        self.stale = False
        return self._idle()

    def slot(self, now: datetime) -> datetime:
        """Return when the next update may go."""
        memory = self.memory
        return next_slot(memory.last_update, memory.urgent_updates, self.spacing, now, urgent=self._urgent())

    def book_attempt(self, values: Values, now: datetime) -> None:
        """Count an update before it is sent: whatever happens then, it is not forgotten."""
        memory = self.memory
        self._before = _Before(memory.last_update, memory.urgent_updates, memory.attempt)
        if self._urgent():
            memory.urgent_updates = [*memory.urgent_updates[1 - URGENT_PER_HOUR :], now]
        memory.last_update = now
        # An emptying that may not have arrived leaves the field as full as it was.
        memory.attempt = _not_emptied(values, memory.attempt or {})
        self.stale = False

    def book_accepted(self, values: Values) -> None:
        """Note that Pushover took the update."""
        self.memory.shown.update(values)
        self.memory.attempt = None

    def book_unknown(self) -> None:
        """Note that the update left without an answer: it counts, and goes again at the next slot."""
        self.stale = True

    def book_unsent(self) -> None:
        """Note that Pushover did not take the update: it does not count."""
        if (before := self._before) is not None:
            self.memory.last_update = before.last_update
            self.memory.urgent_updates = before.urgent_updates
            self.memory.attempt = before.attempt
        self.stale = True

    def _urgent(self) -> bool:
        shown = self.memory.shown
        return any(item.urgent and item.value != shown.get(name) for name, item in self.memory.manual.items())

    def _next_manual_end(self) -> datetime | None:
        return min(
            (item.until for item in self.memory.manual.values() if item.until is not None),
            default=None,
        )

    def _idle(self) -> Decision:
        if (ends := self._next_manual_end()) is not None:
            return Wait(ends, Reason.UP_TO_DATE, pending=False)
        return Nothing(Reason.UP_TO_DATE)
