"""When updates go: a widget and its account, with the clock in our hands."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.pushover_glances.delivery import (
    MIN_INTERVAL,
    Account,
    Change,
    Decision,
    ManualValue,
    Memory,
    Mirrored,
    Nothing,
    Reason,
    Send,
    Wait,
    Widget,
    book,
)
from custom_components.pushover_glances.delivery.schedule import next_slot, retry_delay
from custom_components.pushover_glances.pushover import (
    Accepted,
    AuthenticationError,
    BadAnswerError,
    CannotConnectError,
    Field,
    NoAnswerError,
    PushoverError,
    RateLimitedError,
    RejectedError,
    ServerError,
    Values,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TEXT = Field.TEXT
ACCEPTED = Accepted("r")


class Screen:
    """One widget of an account, whose mirror says what the test wants."""

    def __init__(self, memory: Memory | None = None) -> None:
        """Begin with a widget that has never been updated."""
        self.says: dict[Field, str | int | None] = {TEXT: "0"}
        self.now = NOW
        self.widget = Widget(memory or Memory(), MIN_INTERVAL)
        self.account = Account({"a": self.widget})
        self.sent: list[tuple[datetime, Values]] = []

    def decide(self) -> Decision:
        """Ask for the decision."""
        return self.account.decide(self.now, {"a": lambda: Mirrored(dict(self.says))})["a"]

    def step(self, outcome: Accepted | PushoverError = ACCEPTED) -> Change | None:
        """Send what may go, and book this outcome."""
        decision = self.decide()
        if not isinstance(decision, Send):
            return None
        self.widget.book_attempt(decision.values, self.now)
        self.sent.append((self.now, decision.values))
        return book(self.account, self.widget, decision.values, outcome, self.now)

    def change(self, text: str) -> None:
        """Let the mirror say something else."""
        self.says[TEXT] = text
        self.widget.stale = True


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
    assert screen.decide() == Nothing(Reason.UP_TO_DATE)
    screen.widget.stale = True
    assert screen.decide() == Nothing(Reason.UP_TO_DATE)


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
        pytest.param(RejectedError((), {}, None), Change.REFUSED, False, Nothing(Reason.HELD), id="rejected"),
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
    assert screen.widget.memory.last_update == (NOW if counts else None)


def test_outage_is_told_once_and_its_end_too() -> None:
    """One change to tell at the beginning, one at the end, and the latest value goes."""
    screen = Screen()
    told = []
    for text in "123":
        screen.change(text)
        told.append(screen.step(ServerError(503)))
        screen.now += MIN_INTERVAL
    told.append(screen.step())
    screen.now += MIN_INTERVAL
    screen.change("4")
    told.append(screen.step())
    assert told == [Change.OUTAGE, Change.NONE, Change.NONE, Change.RECOVERED, Change.NONE]
    assert screen.sent[-2:] == [(NOW + 3 * MIN_INTERVAL, {TEXT: "3"}), (NOW + 4 * MIN_INTERVAL, {TEXT: "4"})]


def test_an_outage_after_a_recovery_begins_anew() -> None:
    """The next outage is retried after five seconds again."""
    screen = Screen()
    for _ in range(4):
        screen.step(ServerError(503))
        screen.now += MIN_INTERVAL
    screen.step()
    screen.now += MIN_INTERVAL
    screen.change("1")
    screen.step(ServerError(503))
    assert screen.decide() == Wait(screen.now + 5 * SECOND, Reason.OUTAGE)


def test_urgent_update_that_did_not_count_is_not_counted() -> None:
    """The four an hour are those that may have reached the watch."""
    screen = Screen()
    screen.step()
    screen.widget.set_manual({TEXT: ManualValue("x", mirror="0", urgent=True)})
    screen.now += MINUTE
    screen.step(ServerError(503))
    assert screen.widget.memory.urgent_updates == []
    screen.now += MINUTE
    screen.step()
    assert screen.widget.memory.urgent_updates == [screen.now]


def test_two_unanswered_updates_are_both_remembered() -> None:
    """Fields of either may be on the screen."""
    screen = Screen()
    screen.says = {Field.COUNT: 1}
    screen.step(NoAnswerError())
    screen.says = {TEXT: "x"}
    screen.now += MIN_INTERVAL
    screen.step(NoAnswerError())
    screen.says = {}
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
    screen.says = {TEXT: "x", Field.COUNT: 1}
    screen.step(NoAnswerError())
    screen.says = {TEXT: "x"}
    screen.now += MIN_INTERVAL
    assert screen.decide() == Send({TEXT: "x", Field.COUNT: ""})


def test_one_widget_refused_does_not_hold_up_the_other() -> None:
    """Only the one that Pushover refused waits."""
    refused, other = Widget(Memory(), MIN_INTERVAL), Widget(Memory(), MIN_INTERVAL)
    account = Account({"refused": refused, "other": other})
    mirrors = {name: lambda: Mirrored({TEXT: "x"}) for name in ("refused", "other")}
    refused.book_attempt({TEXT: "x"}, NOW)
    book(account, refused, {TEXT: "x"}, RejectedError(("no",), {}, None), NOW)
    assert account.decide(NOW, mirrors) == {"refused": Nothing(Reason.HELD), "other": Send({TEXT: "x"})}


def test_longest_waiting_widget_comes_first() -> None:
    """Turns are taken by the time of the last update."""
    memories = {"b": Memory(last_update=NOW), "a": Memory(last_update=NOW - HOUR), "new": Memory()}
    account = Account({name: Widget(memory, MIN_INTERVAL) for name, memory in memories.items()})
    assert list(account.decide(NOW, dict.fromkeys(memories, Mirrored))) == ["new", "a", "b"]


def test_update_from_the_future_counts_as_now() -> None:
    """A clock that was set back causes neither a burst nor a wait of more than one interval."""
    screen = Screen(Memory(last_update=NOW + 1000 * HOUR, urgent_updates=[NOW + 1000 * HOUR]))
    assert screen.decide() == Wait(NOW + MIN_INTERVAL, Reason.SPACING)
    screen.now += MIN_INTERVAL - SECOND
    assert screen.decide() == Wait(NOW + MIN_INTERVAL, Reason.SPACING)
    screen.now += SECOND
    assert isinstance(screen.decide(), Send)
    assert screen.widget.memory.urgent_updates == [NOW]


def test_end_of_a_manual_value_does_not_end_a_pause() -> None:
    """A quota that is used up holds everything, whatever ends meanwhile."""
    screen = Screen()
    screen.step()
    screen.widget.set_manual({TEXT: ManualValue("x", until=NOW + HOUR, mirror="0")})
    screen.now += MIN_INTERVAL
    screen.step()
    screen.account.book_failure(RateLimitedError(NOW + 24 * HOUR), screen.now)
    screen.now += 2 * HOUR
    assert screen.decide() == Wait(NOW + 24 * HOUR, Reason.RATE_LIMIT)


def test_field_that_nobody_owns_any_more_is_emptied_once() -> None:
    """Afterwards it belongs to whoever writes it."""
    screen = Screen()
    screen.says = {TEXT: "x", Field.COUNT: 1}
    screen.step()
    screen.says = {TEXT: "y"}
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


def test_urgent_slots() -> None:
    """A minute after the last update, four times an hour, and never later than an ordinary one."""

    def slot(*urgent: timedelta, last: timedelta = MINUTE) -> timedelta:
        earlier = [NOW - item for item in urgent]
        return next_slot(NOW - last, earlier, MIN_INTERVAL, NOW, urgent=True) - NOW

    assert slot() == timedelta(0)
    assert slot(last=timedelta(0)) == MINUTE
    assert slot(40 * MINUTE, 30 * MINUTE, 10 * MINUTE) == timedelta(0)
    assert slot(50 * MINUTE, 40 * MINUTE, 30 * MINUTE, MINUTE) == 10 * MINUTE
    assert slot(30 * MINUTE, 20 * MINUTE, 10 * MINUTE, MINUTE) == 19 * MINUTE
    assert slot(70 * MINUTE, 40 * MINUTE, 30 * MINUTE, MINUTE) == timedelta(0)


def test_taking_back_leaves_what_came_later() -> None:
    """An action that failed takes back its own values only."""
    widget = Widget(Memory(), MIN_INTERVAL)
    first, second, third = (ManualValue(text) for text in "123")
    widget.set_manual({TEXT: first})
    failed = {TEXT: second, Field.TITLE: second}
    replaced = widget.set_manual(failed)
    widget.set_manual({Field.TITLE: third})
    widget.take_back(failed, replaced)
    assert widget.memory.manual == {TEXT: first, Field.TITLE: third}
    widget.take_back({TEXT: first}, {TEXT: None})
    assert widget.memory.manual == {Field.TITLE: third}


_EVENTS = st.one_of(
    st.tuples(st.just("change"), st.integers(0, 3)),
    st.tuples(st.just("manual"), st.integers(0, 3)),
    st.tuples(st.just("urgent"), st.integers(0, 3)),
    st.tuples(st.just("wait"), st.integers(1, 3000)),
    st.tuples(st.just("fail"), st.integers(0, 2)),
)
_FAILURES = (ServerError(500), NoAnswerError(), CannotConnectError())


@settings(max_examples=300, deadline=None)
@given(st.lists(_EVENTS, max_size=40))
def test_random_sequences_keep_the_rules(events: list[tuple[str, int]]) -> None:
    """Whatever happens: the spacing holds, nothing is sent unchanged, and the final value arrives."""
    screen = Screen()
    shown: Mapping[Field, object] | None = None
    counted: list[datetime] = []
    failures: list[PushoverError] = []
    tail = [("wait", 3000)] * 12
    for kind, number in [*events, *tail]:
        if kind == "change":
            screen.change(str(number))
        elif kind == "fail":
            failures.append(_FAILURES[number])
        elif kind != "wait":
            value = ManualValue(str(number), mirror=str(screen.says[TEXT]), urgent=kind == "urgent")
            screen.widget.set_manual({TEXT: value})
        else:
            screen.now += timedelta(seconds=number)
        outcome: Accepted | PushoverError = failures.pop() if failures and kind == "wait" else ACCEPTED
        before = len(screen.sent)
        screen.step(outcome)
        if len(screen.sent) > before:
            moment, values = screen.sent[-1]
            if isinstance(outcome, Accepted | NoAnswerError):
                if counted:
                    assert moment - counted[-1] >= MINUTE
                counted.append(moment)
            assert values != shown, "sent unchanged"
            if isinstance(outcome, Accepted):
                shown = values
            elif isinstance(outcome, NoAnswerError):
                shown = None
    manual = screen.widget.memory.manual.get(TEXT)
    assert shown == {TEXT: manual.value if manual else screen.says[TEXT]}
    assert screen.decide() == Nothing(Reason.UP_TO_DATE)
