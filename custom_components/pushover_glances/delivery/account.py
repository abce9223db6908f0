"""All widgets of an account: whose turn it is, and the pauses that they share."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum, auto

from ..pushover.errors import AuthenticationError, BadAnswerError, PushoverError, RateLimitedError, RejectedError
from .composition import Mirrored
from .schedule import RETRY_HOURLY, retry_delay
from .widget import Decision, Nothing, Reason, Wait, Widget

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Change(Enum):
    """What an answer of Pushover's changed, for whoever has to tell people about it."""

    NONE = auto()
    RECOVERED = auto()
    OUTAGE = auto()
    REFUSED = auto()
    LOCKED_OUT = auto()


class Account:
    """Decides for an account; Pushover's outages, its quota and lost credentials hold all of its widgets."""

    def __init__(self, widgets: Mapping[str, Widget]) -> None:
        """Take the widgets by id."""
        self._widgets = widgets
        self._failures = 0
        self._paused: Wait | None = None
        self._locked_out = False

    def decide(self, now: datetime, mirrors: Mapping[str, Callable[[], Mirrored]]) -> dict[str, Decision]:
        """Decide for every widget; the one whose last update is longest ago comes first."""
        if self._locked_out:
            return dict.fromkeys(self._widgets, Nothing(Reason.AUTHENTICATION))
        paused = self._paused if self._paused and self._paused.until > now else None
        in_turn = sorted(self._widgets, key=lambda name: self._widgets[name].memory.last_update or _LONG_AGO)
        return {name: self._decide_one(self._widgets[name], paused, now, mirrors[name]) for name in in_turn}

    def book_answer(self) -> Change:
        """Note that Pushover answers as it should."""
        recovered = self._paused is not None
        self._failures = 0
        self._paused = None
        return Change.RECOVERED if recovered else Change.NONE

    def book_failure(self, error: PushoverError, now: datetime) -> Change:
        """Note that Pushover did not accept a request, and pause accordingly."""
        if isinstance(error, AuthenticationError):
            self._locked_out = True
            return Change.LOCKED_OUT
        if isinstance(error, RejectedError):
            self.book_answer()
            return Change.REFUSED
        begins = self._paused is None
        self._failures += 1
        match error:
            case RateLimitedError(until=datetime() as until) if until > now:
                self._paused = Wait(until, Reason.RATE_LIMIT)
            case RateLimitedError():
                self._paused = Wait(now + RETRY_HOURLY, Reason.RATE_LIMIT)
            case BadAnswerError(is_answer=False):
                self._paused = Wait(now + RETRY_HOURLY, Reason.OUTAGE)
            case _:
                self._paused = Wait(now + retry_delay(self._failures), Reason.OUTAGE)
        return Change.OUTAGE if begins else Change.NONE

    @staticmethod
    def _decide_one(widget: Widget, paused: Wait | None, now: datetime, mirror: Callable[[], Mirrored]) -> Decision:
        widget.notice(now)
        if paused is not None and widget.stale and not widget.held:
            return Wait(max(paused.until, widget.slot(now)), paused.reason)
        return widget.decide(now, mirror)
