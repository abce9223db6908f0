"""What delays all widgets of an account: outages, quotas and credentials."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.pushover_glances.planner import (
    MIN_INTERVAL,
    AccountState,
    Change,
    Inputs,
    Quota,
    Reason,
    Result,
    Rules,
    Send,
    Wait,
    WidgetState,
    believable,
    gates,
    learn_delay,
    result_of,
)
from custom_components.pushover_glances.planner.account import answered, clock_set, failed, retry_delay, used_up
from custom_components.pushover_glances.pushover import (
    Accepted,
    AuthenticationError,
    BadAnswerError,
    CannotConnectError,
    NoAnswerError,
    NoDevicesError,
    PushoverError,
    RateLimitedError,
    RejectedError,
    ServerError,
)

from .screen import HOUR, MINUTE, NOW, SECOND, TEXT, Screen


def hold(account: AccountState, quota: Quota, now: datetime) -> Wait | None:
    """Return until when an account holds its widgets."""
    return gates.account(WidgetState(), Inputs(Rules(), UTC, account=account, quota=quota), now)


DAY = 24 * HOUR
REFUSED = RejectedError(("no",), {}, None)
SERVER_ERROR = ServerError(503)


@pytest.mark.parametrize(
    ("outcome", "result", "change", "counts", "wait"),
    [
        pytest.param(
            ServerError(500),
            Result.UNSENT,
            Change.OUTAGE,
            False,
            Wait(NOW + 5 * SECOND, Reason.OUTAGE),
            id="500",
        ),
        pytest.param(
            CannotConnectError(),
            Result.UNSENT,
            Change.OUTAGE,
            False,
            Wait(NOW + 5 * SECOND, Reason.OUTAGE),
            id="connect",
        ),
        pytest.param(
            NoAnswerError(),
            Result.UNKNOWN,
            Change.OUTAGE,
            True,
            Wait(NOW + MIN_INTERVAL, Reason.OUTAGE),
            id="no-answer",
        ),
        pytest.param(
            BadAnswerError(200, is_answer=True),
            Result.UNKNOWN,
            Change.OUTAGE,
            True,
            Wait(NOW + MIN_INTERVAL, Reason.OUTAGE),
            id="no-json",
        ),
        pytest.param(
            BadAnswerError(302, is_answer=False),
            Result.UNSENT,
            Change.OUTAGE,
            False,
            Wait(NOW + HOUR, Reason.OUTAGE),
            id="redirect",
        ),
        pytest.param(
            RateLimitedError(NOW + 5 * HOUR),
            Result.UNSENT,
            Change.OUTAGE,
            False,
            Wait(NOW + 5 * HOUR, Reason.RATE_LIMIT),
            id="429",
        ),
        pytest.param(
            RateLimitedError(None),
            Result.UNSENT,
            Change.OUTAGE,
            False,
            Wait(NOW + HOUR, Reason.RATE_LIMIT),
            id="429-without-end",
        ),
        pytest.param(
            RateLimitedError(NOW - HOUR),
            Result.UNSENT,
            Change.OUTAGE,
            False,
            Wait(NOW + HOUR, Reason.RATE_LIMIT),
            id="429-past",
        ),
        pytest.param(
            RateLimitedError(NOW + 33 * DAY),
            Result.UNSENT,
            Change.OUTAGE,
            False,
            Wait(NOW + HOUR, Reason.RATE_LIMIT),
            id="429-too-late",
        ),
        pytest.param(
            AuthenticationError("token"),
            Result.UNSENT,
            Change.LOCKED_OUT,
            False,
            Wait(None, Reason.AUTHENTICATION),
            id="token",
        ),
        pytest.param(
            REFUSED,
            Result.REFUSED,
            Change.REFUSED,
            False,
            Wait(NOW + DAY, Reason.HELD),
            id="rejected",
        ),
    ],
)
def test_failures(
    outcome: PushoverError,
    result: Result,
    change: Change,
    counts: bool,  # noqa: FBT001
    wait: Wait,
) -> None:
    """Each row of the table in the docstring of `account`."""
    assert result_of(outcome) is result
    screen = Screen()
    assert screen.step(outcome) is change
    screen.now += SECOND
    assert screen.decide() == wait
    assert screen.state.ledger.last(screen.now) == (NOW if counts else None)


def test_no_devices() -> None:
    """The update does not count and is sent again, and nothing waits for a day; invalid credentials are worse."""
    error = NoDevicesError(("no",), {}, None)
    assert result_of(error) is Result.UNSENT
    account, quota, change = failed(AccountState(failures=3, is_troubled=True), Quota(), error, NOW)
    assert (account, change) == (AccountState(), Change.NO_DEVICES)
    assert hold(replace(account, has_devices=False), quota, NOW) == Wait(None, Reason.NO_DEVICES)
    assert hold(account, quota, NOW) is None
    locked = hold(AccountState(is_locked_out=True, has_devices=False), used_up(None, NOW), NOW)
    assert locked == Wait(None, Reason.AUTHENTICATION)


def test_success() -> None:
    """The update counts, and nothing else waits than the next one for its slot."""
    assert result_of(Accepted("r")) is Result.ACCEPTED
    screen = Screen()
    assert screen.step() is Change.NONE
    assert hold(screen.account, screen.quota, screen.now) is None
    assert screen.state.ledger.last(screen.now) == NOW


def test_outage_is_reported_once_and_its_end_too() -> None:
    """There is one change at its begin and one at its end, and then the latest value is sent."""
    screen = Screen()
    changes = []
    for text in "123":
        screen.change(text)
        screen.now += 5 * SECOND
        changes.append(screen.step(SERVER_ERROR))
        screen.now += MIN_INTERVAL
    changes.append(screen.step())
    screen.change("4")
    screen.now += MIN_INTERVAL
    changes.append(screen.step())
    assert changes == [Change.OUTAGE, Change.NONE, Change.NONE, Change.RECOVERED, Change.NONE]
    assert [values for _, values in screen.sent] == [{TEXT: text} for text in "12334"]


def test_outage_after_a_recovery_begins_anew() -> None:
    """It is retried after five seconds again."""
    screen = Screen()
    for _ in range(4):
        screen.step(SERVER_ERROR)
        screen.now += MIN_INTERVAL
    screen.step()
    screen.change("1")
    screen.now += MIN_INTERVAL
    screen.step(SERVER_ERROR)
    assert screen.decide() == Wait(screen.now + 5 * SECOND, Reason.OUTAGE)


def test_retries_double_up_to_the_spacing() -> None:
    """The first is after five seconds, the last ones after twenty minutes, however many there are."""
    assert [retry_delay(number) // SECOND for number in (*range(1, 11), 10**6)] == [
        *(5, 10, 20, 40, 80, 160, 320, 640, 1200, 1200, 1200)
    ]


def test_refused_widget_does_not_hold_up_the_others() -> None:
    """Its refusal shows that Pushover works, so it ends an outage and a used-up quota."""
    refused, other = Screen(), Screen()
    refused.step(SERVER_ERROR)
    refused.now += 5 * SECOND
    refused.quota = Quota(refused.now)
    refused.step(REFUSED)
    other.account, other.quota, other.now = refused.account, refused.quota, refused.now
    assert refused.decide() == Wait(refused.now + DAY, Reason.HELD)
    assert other.decide() == Send({TEXT: "0"})
    assert (other.account, other.quota) == (AccountState(), Quota())


def test_end_of_the_value_of_an_action_does_not_end_a_quota() -> None:
    """A used-up quota holds everything until it is reset."""
    screen = Screen()
    screen.step()
    screen.put({TEXT: "x"}, until=NOW + HOUR, base="0")
    screen.now += MIN_INTERVAL
    screen.step()
    screen.account, screen.quota, _ = failed(screen.account, screen.quota, RateLimitedError(NOW + DAY), screen.now)
    screen.now += 2 * HOUR
    assert screen.decide() == Wait(NOW + DAY, Reason.RATE_LIMIT)
    screen.now = NOW + DAY
    assert screen.decide() == Send({TEXT: "0"})


def test_invalid_credentials_come_before_everything_else() -> None:
    """They hold the account until they are replaced, although another answer shows that Pushover works."""
    account, quota, _ = failed(AccountState(), used_up(None, NOW), AuthenticationError("token"), NOW)
    assert hold(account, quota, NOW) == Wait(None, Reason.AUTHENTICATION)
    account, change = answered(account)
    assert (account.is_locked_out, change) == (True, Change.NONE)


def test_quota_comes_before_an_outage() -> None:
    """It is the one that is certain."""
    account, quota, _ = failed(AccountState(), Quota(NOW + MINUTE), SERVER_ERROR, NOW)
    assert hold(account, quota, NOW) == Wait(NOW + MINUTE, Reason.RATE_LIMIT)
    assert hold(account, quota, NOW + MINUTE) is None


@pytest.mark.parametrize("by", [-HOUR, HOUR])
def test_clock_set_during_an_outage(by: timedelta) -> None:
    """The pause keeps its length."""
    account, quota, _ = failed(AccountState(), Quota(), SERVER_ERROR, NOW)
    account, quota = clock_set(account, quota, by, NOW + by)
    assert hold(account, quota, NOW + by) == Wait(NOW + by + 5 * SECOND, Reason.OUTAGE)


def test_clock_set_while_the_quota_is_used_up() -> None:
    """A time that Pushover named stays, unless it cannot be right any more; one that was guessed keeps its distance."""
    named, guessed = used_up(NOW + DAY, NOW), used_up(None, NOW)
    assert clock_set(AccountState(), named, -HOUR, NOW - HOUR)[1] == named
    assert clock_set(AccountState(), guessed, -HOUR, NOW - HOUR)[1].until == NOW
    past = NOW - 40 * DAY
    assert clock_set(AccountState(), named, -40 * DAY, past)[1] == Quota(past + HOUR, is_guessed=True)


def test_quota_from_disk() -> None:
    """Pushover resets it every month, so one that would be used up for longer is not believed."""
    assert believable(Quota(), NOW) == Quota()
    assert believable(Quota(NOW + 32 * DAY), NOW) == Quota(NOW + 32 * DAY)
    assert believable(Quota(NOW + 33 * DAY), NOW) == Quota(NOW + HOUR, is_guessed=True)


def test_devices_are_asked_for_less_and_less_often() -> None:
    """After five minutes first, hourly in the end."""
    delays = [learn_delay(times).total_seconds() / 60 for times in (0, 1, 2, 3, 4, 5, 10_000)]
    assert delays == [5, 10, 20, 40, 60, 60, 60]
