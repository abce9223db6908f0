"""All widgets of an account: whose turn it is, and the pauses that they share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum, auto

from ..pushover.errors import AuthenticationError, BadAnswerError, PushoverError, RateLimitedError, RejectedError
from .decision import Decision, Nothing, Reason, Source, Wait
from .schedule import RETRY_HOURLY, retry_delay
from .widget import Widget

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
# Pushover's quota is monthly, so no end of it is farther away than this.
_LONGEST_QUOTA = timedelta(days=32)


class Change(Enum):
    """What an answer of Pushover's changed, for whoever has to tell people about it."""

    NONE = auto()
    RECOVERED = auto()
    OUTAGE = auto()
    REFUSED = auto()
    LOCKED_OUT = auto()


@dataclass(slots=True)
class Quota:
    """Until when Pushover takes no more from an application, which several accounts may share.

    `guessed` tells when that was guessed, because Pushover did not say it.
    """

    until: datetime | None = None
    guessed: datetime | None = None

    def used_up(self, now: datetime, until: datetime | None) -> None:
        """Wait until then; an end that cannot be true is asked about again in an hour."""
        believable = until is not None and now < until <= now + _LONGEST_QUOTA
        self.until, self.guessed = (until, None) if believable else (now + RETRY_HOURLY, now)

    def ends(self, now: datetime) -> datetime | None:
        """Return when the quota begins anew; `None` where it is not used up."""
        was_set_back = self.guessed is not None and self.guessed > now
        if self.until is not None and (was_set_back or self.until > now + _LONGEST_QUOTA):
            self.used_up(now, None)
        return self.until if self.until is not None and self.until > now else None


@dataclass(slots=True)
class _Pause:
    """A pause after a failure; a clock that is set back does not prolong it by more than its own length."""

    begin: datetime
    length: timedelta

    def ends(self, now: datetime) -> datetime | None:
        self.begin = min(self.begin, now)
        return end if (end := self.begin + self.length) > now else None


class Account:
    """Decides for an account; Pushover's outages, its quota and lost credentials hold all of its widgets."""

    def __init__(self, widgets: Mapping[str, Widget], quota: Quota | None = None) -> None:
        """Take the widgets by id, and the quota of the application."""
        self._widgets = widgets
        self._quota = quota or Quota()
        self._failures = 0
        self._troubled = False
        self._pause: _Pause | None = None
        self._locked_out = False

    @property
    def is_troubled(self) -> bool:
        """Tell whether Pushover did not take the last update, for a reason that is not the update's."""
        return self._troubled

    def decide(self, now: datetime, zone: tzinfo, sources: Mapping[str, Source]) -> dict[str, Decision]:
        """Decide for every widget; the one whose last update is longest ago comes first."""
        return {name: self.decide_one(name, now, zone, sources[name]) for name in self.in_turn(self._widgets)}

    def in_turn(self, names: Iterable[str]) -> list[str]:
        """Return these widgets in the order in which they may go."""
        return sorted(names, key=lambda name: self._widgets[name].memory.ledger.last or _LONG_AGO)

    def decide_one(self, name: str, now: datetime, zone: tzinfo, source: Source) -> Decision:
        """Decide for one widget."""
        if self._locked_out:
            return Nothing(Reason.AUTHENTICATION)
        widget, paused = self._widgets[name], self.paused(now)
        widget.notice(now, zone)
        if paused is not None and widget.waits(now):
            return Wait(max(paused.until, widget.slot(now, zone, source.states()).time), paused.reason)
        return widget.decide(now, zone, source)

    def book_answer(self) -> Change:
        """Note that Pushover answers as it should."""
        recovered = self._troubled
        self._troubled = False
        self._failures = 0
        self._pause = None
        self._quota.until = None
        return Change.RECOVERED if recovered else Change.NONE

    def book_failure(self, error: PushoverError, now: datetime) -> Change:
        """Note that Pushover did not accept a request, and pause accordingly."""
        if isinstance(error, AuthenticationError):
            self._locked_out = True
            return Change.LOCKED_OUT
        if isinstance(error, RejectedError):
            self.book_answer()
            return Change.REFUSED
        begins = not self._troubled
        self._troubled = True
        self._failures += 1
        match error:
            case RateLimitedError():
                self._quota.used_up(now, error.until)
            case BadAnswerError(is_answer=False):
                self._pause = _Pause(now, RETRY_HOURLY)
            case _:
                self._pause = _Pause(now, retry_delay(self._failures))
        return Change.OUTAGE if begins else Change.NONE

    def paused(self, now: datetime) -> Wait | None:
        """Return until when Pushover takes nothing from any widget, and why; `None` where it does."""
        if (until := self._quota.ends(now)) is not None:
            return Wait(until, Reason.RATE_LIMIT)
        if self._pause is not None and (until := self._pause.ends(now)) is not None:
            return Wait(until, Reason.OUTAGE)
        return None
