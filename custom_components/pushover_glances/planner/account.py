"""What delays all widgets of an account: an outage, a used-up quota, or credentials that Pushover does not accept.

| Pushover says | the update | then |
| --- | --- | --- |
| accepted | counts | the widget shows the new values |
| token or user invalid | does not count | the account waits for new credentials |
| no active devices | does not count | the account waits for one, and asks for the devices again, hourly in the end |
| any other 400 | does not count | the widget waits a day, or until it is changed; the others go on |
| 429 | does not count | all accounts of the application wait until its quota is reset |
| 5xx, or no connection | does not count | the account tries again after 5 s, doubling to 20 min |
| no answer, or an invalid one | counts, because it may have arrived | the same; the widget waits for its next slot |
| any other 2xx | counts, because it may have arrived | the same; the widget waits for its next slot |
| any other status, such as a redirect | does not count | the account tries again hourly |
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from ..pushover import (
    Accepted,
    AuthenticationError,
    BadAnswerError,
    NoAnswerError,
    NoDevicesError,
    PushoverError,
    RateLimitedError,
    RejectedError,
)
from .budget import MIN_INTERVAL

# Pushover asks for at least 5 s after an error of its servers (https://pushover.net/api#friendly).
RETRY_FIRST = timedelta(seconds=5)
RETRY_LONGEST = MIN_INTERVAL
# After an undocumented answer, or a 429 that does not say when the quota is reset.
RETRY_HOURLY = timedelta(hours=1)
# While a widget waits until the user has its device, for the first time and at last.
LEARN_FIRST = timedelta(minutes=5)
LEARN_LONGEST = timedelta(hours=1)
# Pushover resets its quota every month, so a later time cannot be right.
_LONGEST_QUOTA = timedelta(days=32)


class Result(Enum):
    """The result of an update for its widget."""

    ACCEPTED = auto()
    # It may have arrived: it counts, and is sent again.
    UNKNOWN = auto()
    # It did not arrive: it does not count, and is sent again.
    UNSENT = auto()
    # Pushover refuses its content: it does not count, and is not sent again for a day.
    REFUSED = auto()


class Change(Enum):
    """What an answer of Pushover changed for the account, for the log, the repairs and the request for credentials."""

    NONE = auto()
    RECOVERED = auto()
    OUTAGE = auto()
    REFUSED = auto()
    NO_DEVICES = auto()
    LOCKED_OUT = auto()


@dataclass(frozen=True, slots=True)
class Quota:
    """Until when Pushover accepts nothing from an application, which several accounts may share.

    `is_guessed` is set if Pushover did not name that time.
    """

    until: datetime | None = None
    is_guessed: bool = False


def used_up(until: datetime | None, now: datetime) -> Quota:
    """Return a quota that is used up until then, or for an hour if that time is missing or cannot be right."""
    if until is not None and now < until <= now + _LONGEST_QUOTA:
        return Quota(until)
    return Quota(now + RETRY_HOURLY, is_guessed=True)


def believable(quota: Quota, now: datetime) -> Quota:
    """Return a quota that was read from disk, or recorded before the clock was set, with a time that can be right."""
    return used_up(None, now) if quota.until is not None and quota.until > now + _LONGEST_QUOTA else quota


@dataclass(frozen=True, slots=True)
class AccountState:
    """Everything known about an account except its quota; it applies to all of its widgets.

    `is_troubled` is set while the last update failed for a reason that has nothing to do with its content, and
    `has_devices` unless the user is known to have none.
    """

    failures: int = 0
    is_troubled: bool = False
    paused_until: datetime | None = None
    is_locked_out: bool = False
    has_devices: bool = True


def answered(account: AccountState) -> tuple[AccountState, Change]:
    """Return the account after an answer that shows that Pushover works."""
    new = AccountState(is_locked_out=account.is_locked_out, has_devices=account.has_devices)
    return new, Change.RECOVERED if account.is_troubled else Change.NONE


def failed(
    account: AccountState, quota: Quota, error: PushoverError, now: datetime
) -> tuple[AccountState, Quota, Change]:
    """Return the account after a failed request, with the pause that follows."""
    if isinstance(error, AuthenticationError):
        return replace(account, is_locked_out=True), quota, Change.LOCKED_OUT
    if isinstance(error, RejectedError):
        change = Change.NO_DEVICES if isinstance(error, NoDevicesError) else Change.REFUSED
        return answered(account)[0], Quota(), change
    failures = account.failures + 1
    change = Change.NONE if account.is_troubled else Change.OUTAGE
    account = replace(account, is_troubled=True, failures=failures)
    match error:
        case RateLimitedError():
            return account, used_up(error.until, now), change
        case BadAnswerError(is_answer=False):
            return replace(account, paused_until=now + RETRY_HOURLY), quota, change
        case _:
            return replace(account, paused_until=now + retry_delay(failures)), quota, change


def clock_set(account: AccountState, quota: Quota, by: timedelta, now: datetime) -> tuple[AccountState, Quota]:
    """Return both after the clock was set: a pause keeps its length, and an end that was guessed is guessed again.

    Several accounts share a quota, so it must stay the same however many of them notice the clock.
    """
    if account.paused_until is not None:
        account = replace(account, paused_until=account.paused_until + by)
    if quota.is_guessed and quota.until is not None and quota.until > now + RETRY_HOURLY:
        quota = used_up(None, now)
    return account, believable(quota, now)


def result_of(outcome: Accepted | PushoverError) -> Result:
    """Return what an answer means for the widget that was updated."""
    match outcome:
        case Accepted():
            return Result.ACCEPTED
        case NoAnswerError() | BadAnswerError(is_answer=True):
            return Result.UNKNOWN
        case NoDevicesError():
            return Result.UNSENT
        case RejectedError():
            return Result.REFUSED
        case _:
            return Result.UNSENT


def retry_delay(failures: int) -> timedelta:
    """Return the pause after this many failures in a row: 5 seconds, doubling up to 20 minutes."""
    # 2^8 times five seconds exceeds the longest pause already; a larger power could overflow.
    return min(RETRY_FIRST * (1 << min(failures - 1, 8)), RETRY_LONGEST)


def learn_delay(times: int) -> timedelta:
    """Return the pause before the devices are asked for again: 5 minutes, doubling up to an hour."""
    return min(LEARN_FIRST * (1 << min(times, 8)), LEARN_LONGEST)
