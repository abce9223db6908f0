"""When updates go: a widget and its account, with the clock in our hands."""

from datetime import UTC

import pytest

from custom_components.pushover_glances.delivery import (
    MIN_INTERVAL,
    Account,
    Change,
    Decision,
    Ledger,
    ManualValue,
    Memory,
    Nothing,
    Reason,
    Rules,
    Send,
    Wait,
    Widget,
    book,
)
from custom_components.pushover_glances.delivery.schedule import retry_delay
from custom_components.pushover_glances.pushover import (
    AuthenticationError,
    BadAnswerError,
    CannotConnectError,
    Field,
    NoAnswerError,
    PushoverError,
    RateLimitedError,
    RejectedError,
    ServerError,
)

from .screen import HOUR, MINUTE, NOW, SECOND, TEXT, FakeSource, Screen


def test_first_update_goes_at_once_and_the_next_after_the_spacing() -> None:
    """The slot opens exactly when the spacing is over."""
    screen = Screen()
    assert screen.step() is Change.NONE
    screen.change("1")
    assert screen.decide() == Wait(NOW + MIN_INTERVAL, Reason.SPACING)
    screen.now += MIN_INTERVAL - SECOND
    assert isinstance(screen.decide(), Wait)
    screen.now += SECOND
    assert screen.decide() == Send({TEXT: "1"})


def test_nothing_without_a_change() -> None:
    """What is shown is not sent again."""
    screen = Screen()
    screen.step()
    screen.now += HOUR
    repeat = Wait(NOW + 3 * HOUR, Reason.UP_TO_DATE, pending=False)
    assert screen.decide() == repeat
    screen.widget.stale = True
    assert screen.decide() == repeat


@pytest.mark.parametrize(
    ("outcome", "change", "counts", "decision_a_second_later"),
    [
        pytest.param(ServerError(500), Change.OUTAGE, False, Wait(NOW + 5 * SECOND, Reason.OUTAGE), id="500"),
        pytest.param(CannotConnectError(), Change.OUTAGE, False, Wait(NOW + 5 * SECOND, Reason.OUTAGE), id="connect"),
        pytest.param(NoAnswerError(), Change.OUTAGE, True, Wait(NOW + MIN_INTERVAL, Reason.OUTAGE), id="no-answer"),
        pytest.param(
            BadAnswerError(200, is_answer=True),
            Change.OUTAGE,
            True,
            Wait(NOW + MIN_INTERVAL, Reason.OUTAGE),
            id="no-json",
        ),
        pytest.param(
            BadAnswerError(302, is_answer=False), Change.OUTAGE, False, Wait(NOW + HOUR, Reason.OUTAGE), id="redirect"
        ),
        pytest.param(
            RateLimitedError(NOW + 5 * HOUR), Change.OUTAGE, False, Wait(NOW + 5 * HOUR, Reason.RATE_LIMIT), id="429"
        ),
        pytest.param(
            RateLimitedError(None), Change.OUTAGE, False, Wait(NOW + HOUR, Reason.RATE_LIMIT), id="429-without-end"
        ),
        pytest.param(
            RateLimitedError(NOW - HOUR), Change.OUTAGE, False, Wait(NOW + HOUR, Reason.RATE_LIMIT), id="429-past"
        ),
        pytest.param(
            AuthenticationError("token"), Change.LOCKED_OUT, False, Nothing(Reason.AUTHENTICATION), id="token"
        ),
        pytest.param(
            RejectedError((), {}, None),
            Change.REFUSED,
            False,
            Wait(NOW + 24 * HOUR, Reason.HELD, pending=False),
            id="rejected",
        ),
    ],
)
def test_outcomes(
    outcome: PushoverError,
    change: Change,
    counts: bool,  # noqa: FBT001
    decision_a_second_later: Decision,
) -> None:
    """The table in the docstring of `outcomes`, row by row."""
    screen = Screen()
    assert screen.step(outcome) is change
    screen.now += SECOND
    assert screen.decide() == decision_a_second_later
    assert screen.widget.memory.ledger.last == (NOW if counts else None)


def test_outage_is_told_once_and_its_end_too() -> None:
    """One change to tell at the beginning, one at the end, and the latest value goes."""
    screen = Screen()
    told = []
    for text in "123":
        screen.change(text)
        screen.now += 5 * SECOND
        told.append(screen.step(ServerError(503)))
        screen.now += MIN_INTERVAL
    told.append(screen.step())
    screen.change("4")
    screen.now += MIN_INTERVAL
    told.append(screen.step())
    assert told == [Change.OUTAGE, Change.NONE, Change.NONE, Change.RECOVERED, Change.NONE]
    assert [values for _, values in screen.sent] == [{TEXT: text} for text in "12334"]


def test_an_outage_after_a_recovery_begins_anew() -> None:
    """The next outage is retried after five seconds again."""
    screen = Screen()
    for _ in range(4):
        screen.step(ServerError(503))
        screen.now += MIN_INTERVAL
    screen.step()
    screen.change("1")
    screen.now += MIN_INTERVAL
    screen.step(ServerError(503))
    assert screen.decide() == Wait(screen.now + 5 * SECOND, Reason.OUTAGE)


def test_urgent_update_that_did_not_count_is_not_counted() -> None:
    """The four an hour are those that may have reached the watch."""
    screen = Screen()
    screen.step()
    screen.widget.put({TEXT: ManualValue("x", mirror="0", urgent=True)})
    screen.now += MINUTE
    screen.step(ServerError(503))
    assert screen.widget.memory.ledger.urgent == []
    screen.now += MINUTE
    screen.step()
    assert screen.widget.memory.ledger.urgent == [screen.now]


def test_two_unanswered_updates_are_both_remembered() -> None:
    """Fields of either may be on the screen."""
    screen = Screen()
    screen.source.says = {Field.COUNT: 1}
    screen.step(NoAnswerError())
    screen.source.says = {TEXT: "x"}
    screen.now += MIN_INTERVAL
    screen.step(NoAnswerError())
    screen.source.says = {}
    screen.now += MIN_INTERVAL
    assert screen.decide() == Send({TEXT: "", Field.COUNT: ""})


def test_retries_double_up_to_the_spacing() -> None:
    """Five seconds, then twice as long each time, twenty minutes at most."""
    assert [retry_delay(number).total_seconds() for number in range(1, 11)] == [
        *(5, 10, 20, 40, 80, 160, 320, 640, 1200, 1200)
    ]


def test_unanswered_update_goes_again_even_if_nothing_changed() -> None:
    """Nobody knows whether it arrived, so it is repeated at the next slot."""
    screen = Screen()
    screen.step(NoAnswerError())
    screen.now += MIN_INTERVAL
    assert screen.step() is Change.RECOVERED
    assert [values for _, values in screen.sent] == [{TEXT: "0"}, {TEXT: "0"}]


def test_field_of_an_unanswered_update_is_emptied_when_it_is_gone() -> None:
    """What may be on the screen and belongs to nobody is emptied."""
    screen = Screen()
    screen.source.says = {TEXT: "x", Field.COUNT: 1}
    screen.step(NoAnswerError())
    screen.source.says = {TEXT: "x"}
    screen.now += MIN_INTERVAL
    assert screen.decide() == Send({TEXT: "x", Field.COUNT: ""})


def test_one_widget_refused_does_not_hold_up_the_other() -> None:
    """Only the one that Pushover refused waits."""
    refused, other = Widget(Memory(), Rules()), Widget(Memory(), Rules())
    account = Account({"refused": refused, "other": other})
    sources = {name: FakeSource({TEXT: "x"}) for name in ("refused", "other")}
    send = Send({TEXT: "x"})
    refused.book_attempt(send, NOW)
    book(account, refused, send, RejectedError(("no",), {}, None), NOW)
    held = Wait(NOW + 24 * HOUR, Reason.HELD, pending=False)
    assert account.decide(NOW, UTC, sources) == {"refused": held, "other": send}


def test_longest_waiting_widget_comes_first() -> None:
    """Turns are taken by the time of the last update."""
    ledgers = {"b": Ledger([NOW]), "a": Ledger([NOW - HOUR]), "new": Ledger()}
    account = Account({name: Widget(Memory(ledger=ledger), Rules()) for name, ledger in ledgers.items()})
    assert list(account.decide(NOW, UTC, {name: FakeSource() for name in ledgers})) == ["new", "a", "b"]


def test_end_of_a_manual_value_does_not_end_a_pause() -> None:
    """A quota that is used up holds everything, whatever ends meanwhile."""
    screen = Screen()
    screen.step()
    screen.widget.put({TEXT: ManualValue("x", until=NOW + HOUR, mirror="0")})
    screen.now += MIN_INTERVAL
    screen.step()
    screen.account.book_failure(RateLimitedError(NOW + 24 * HOUR), screen.now)
    screen.now += 2 * HOUR
    assert screen.decide() == Wait(NOW + 24 * HOUR, Reason.RATE_LIMIT)


def test_field_that_nobody_owns_any_more_is_emptied_once() -> None:
    """Afterwards it belongs to whoever writes it."""
    screen = Screen()
    screen.source.says = {TEXT: "x", Field.COUNT: 1}
    screen.step()
    screen.source.says = {TEXT: "y"}
    screen.widget.stale = True
    screen.now += MIN_INTERVAL
    screen.step(NoAnswerError())
    screen.now += MIN_INTERVAL
    screen.step()
    screen.change("z")
    screen.now += MIN_INTERVAL
    screen.step()
    assert [values for _, values in screen.sent[1:]] == [
        {TEXT: "y", Field.COUNT: ""},
        {TEXT: "y", Field.COUNT: ""},
        {TEXT: "z"},
    ]


def test_taking_back_leaves_what_came_later() -> None:
    """An action that failed takes back its own values only."""
    widget = Widget(Memory(), Rules())
    first, second, third = (ManualValue(text) for text in "123")
    put = widget.put({TEXT: first})
    failed = widget.put({TEXT: second, Field.TITLE: second})
    widget.put({Field.TITLE: third})
    failed.take_back(widget.memory)
    assert widget.memory.manual == {TEXT: first, Field.TITLE: third}
    put.take_back(widget.memory)
    assert widget.memory.manual == {Field.TITLE: third}
