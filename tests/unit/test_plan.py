"""What one widget sends and repeats, what is undone, and what it shows while a source has no value."""

from dataclasses import replace
from datetime import date, time

import pytest

from custom_components.pushover_glances.planner import (
    Abandoned,
    Action,
    ActionValue,
    Changed,
    Confirmed,
    Forecast,
    Outcome,
    Owner,
    Paused,
    QuietHours,
    Reason,
    Result,
    Rules,
    Send,
    Started,
    Wait,
    WakeAt,
    Withdrawn,
    WordChanged,
    assign,
    at_start,
    clearing,
    foresee,
    perhaps_shown,
    refreshing,
    told,
)
from custom_components.pushover_glances.planner.layers import leaves_something
from custom_components.pushover_glances.pushover import Field, NoAnswerError, RejectedError, ServerError

from .screen import ENTITY, HOUR, MINUTE, NOW, SECOND, TEXT, Screen, updated

SPACING = 20 * MINUTE
TITLE, COUNT = Field.TITLE, Field.COUNT
REFUSED = RejectedError(("no",), {}, None)


def test_first_update_goes_at_once_and_the_next_after_the_spacing() -> None:
    """The slot opens exactly when the spacing is over."""
    screen = Screen()
    screen.step()
    screen.change("1")
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(NOW + SPACING, Reason.SPACING)
    screen.now = NOW + SPACING - SECOND
    assert isinstance(screen.decide(), Wait)
    screen.now += SECOND
    assert screen.decide() == Send({TEXT: "1"})


def test_nothing_without_a_change() -> None:
    """What is shown is not sent again, and nothing is rendered to find that out."""
    screen = Screen()
    screen.step()
    screen.now += HOUR
    rendered = screen.sources.rendered
    repeat = Wait(NOW + 3 * HOUR, Reason.UP_TO_DATE)
    assert screen.decide() == repeat
    assert screen.sources.rendered == rendered
    screen.receive(Changed())
    screen.now += 5 * SECOND
    assert screen.decide() == repeat


def test_rendered_once_after_a_start() -> None:
    """Before the slot, this tells whether anything waits; later changes are not rendered before the slot."""
    screen = Screen()
    screen.step()
    again = Screen(at_start(screen.state))
    again.now += MINUTE
    assert again.decide() == Wait(NOW + 3 * HOUR, Reason.UP_TO_DATE)
    again.change("1")
    again.now += 5 * SECOND
    assert again.decide() == Wait(NOW + SPACING, Reason.SPACING)
    assert again.sources.rendered == 1


@pytest.mark.parametrize(("limit", "hours"), [(1, 17), (2, 6), (3, 28 / 9), (0, 1 / 3)])
def test_updates_that_are_left_are_spread_evenly(limit: int, hours: float) -> None:
    """They are spread over the rest of the day; without any, or without a limit, the next day or the spacing decides.

    Of three, one must be enough for what is left of the day after the second: ten ninths of eight hours.
    """
    screen = Screen(rules=Rules(daily_limit=limit))
    screen.step()
    screen.change("1")
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(NOW + hours * HOUR, Reason.BUDGET if limit else Reason.SPACING)


def test_quiet_hours() -> None:
    """They hold ordinary updates until they end, and no urgent ones."""
    screen = Screen(rules=Rules(quiet=QuietHours(time(12, 1), time(16))))
    screen.sources.urgent = {"door": "closed"}
    screen.step()
    screen.change("1")
    screen.now += 5 * MINUTE
    assert screen.decide() == Wait(NOW + 4 * HOUR, Reason.QUIET_HOURS)
    screen.sources.urgent = {"door": "open"}
    screen.receive(Changed())
    screen.now += 5 * SECOND
    assert screen.decide() == Send({TEXT: "1"}, urgent=True, states={"door": "open"})


def test_latest_value_wins() -> None:
    """What is sent is what the sources say when the slot opens, not what they said in between."""
    screen = Screen()
    screen.step()
    for text in "123":
        screen.change(text)
        screen.now += MINUTE
        assert isinstance(screen.decide(), Wait)
    screen.says[TEXT] = "4"
    screen.now = NOW + SPACING
    screen.step()
    assert screen.sent[-1] == (screen.now, {TEXT: "4"})


def test_update_counts_before_it_is_sent() -> None:
    """The state that is saved before it has its time; its values count as shown only when it has arrived."""
    screen = Screen()
    send = screen.begin()
    assert send == Send({TEXT: "0"})
    assert screen.state.ledger.updates == (NOW,)
    assert (screen.state.shown, screen.state.attempt) == ({}, {TEXT: "0"})
    screen.now += 4 * SECOND
    screen.end(send)
    # It has arrived no later than its answer.
    assert screen.state.ledger.updates == (screen.now,)
    assert (screen.state.shown, screen.state.attempt) == ({TEXT: "0"}, None)


@pytest.mark.parametrize("result", [Result.UNSENT, Result.REFUSED])
def test_update_that_did_not_arrive_leaves_nothing_behind(result: Result) -> None:
    """The state is the one before the update, except for events since then, which lead to a new decision."""
    screen = updated(door="closed")
    screen.change("1")
    screen.now += 5 * SECOND
    before = screen.state
    send = screen.begin()
    assert send is not None
    screen.now += SECOND
    screen.receive(Changed())
    screen.receive(WordChanged(SECOND))
    screen.put({TITLE: "x"})
    assert screen.receive(Outcome(send, result)) == WakeAt(screen.now)
    after = screen.state
    assert (after.ledger, after.shown, after.attempt) == (before.ledger, before.shown, before.attempt)
    assert after.before is None
    assert after.actions == {TITLE: ActionValue("x")}
    assert after.restlessness > before.restlessness
    assert after.changed
    assert isinstance(screen.decide(), Send if result is Result.UNSENT else Wait)


def test_taking_an_update_back_restores_the_state_before() -> None:
    """Only the last value of the source is new, because it was rendered."""
    screen = updated(door="closed")
    screen.put({TITLE: "x"}, stays=False)
    screen.refresh()
    screen.change("1")
    screen.now += 5 * SECOND
    before = screen.state
    send = screen.begin()
    assert send is not None
    assert screen.state != before
    screen.now += SECOND
    screen.receive(Outcome(send, Result.UNSENT))
    assert screen.state == replace(before, base={TEXT: "1"}, heard=False)


def test_unanswered_update_goes_again_even_if_nothing_changed() -> None:
    """It may not have arrived, so it is repeated at the next slot."""
    screen = Screen()
    screen.step(NoAnswerError())
    screen.now += SPACING
    screen.step()
    assert [values for _, values in screen.sent] == [{TEXT: "0"}, {TEXT: "0"}]
    screen.now += SPACING
    assert screen.decide() == Wait(NOW + SPACING + 3 * HOUR, Reason.UP_TO_DATE)


def test_two_unanswered_updates_are_both_remembered() -> None:
    """Fields of either may be on the screen, and what belongs to no widget any more is emptied."""
    screen = Screen()
    screen.sources.says = {COUNT: 1}
    screen.step(NoAnswerError())
    screen.sources.says = {TEXT: "x"}
    screen.now += SPACING
    screen.step(NoAnswerError())
    screen.sources.says = {}
    screen.now += SPACING
    assert screen.decide() == Send({TEXT: "", COUNT: ""})


def test_field_without_an_owner_is_emptied_once() -> None:
    """Afterwards it belongs to those who write it."""
    screen = Screen()
    screen.sources.says = {TEXT: "x", COUNT: 1}
    screen.step()
    del screen.says[COUNT]
    screen.change("y")
    screen.now += SPACING
    screen.step(NoAnswerError())
    screen.now += SPACING
    screen.step()
    screen.change("z")
    screen.now += SPACING
    screen.step()
    assert [values for _, values in screen.sent[1:]] == [
        {TEXT: "y", COUNT: ""},
        {TEXT: "y", COUNT: ""},
        {TEXT: "z"},
    ]


def test_refused_widget_is_tried_again_after_a_day() -> None:
    """It is also tried again after a restart."""
    screen = Screen()
    screen.step(REFUSED)
    assert screen.decide() == Wait(NOW + 24 * HOUR, Reason.HELD)
    screen.now += 24 * HOUR - SECOND
    assert isinstance(screen.decide(), Wait)
    assert isinstance(Screen(at_start(screen.state)).decide(), Send)
    screen.now += SECOND
    assert isinstance(screen.decide(), Send)


def test_device_that_is_gone_is_held() -> None:
    """Until something happens, whatever there is to send."""
    screen = Screen()
    screen.has_device = False
    assert screen.decide() == Wait(None, Reason.HELD)
    screen.has_device = True
    assert isinstance(screen.decide(), Send)


def test_screen_that_pushover_refuses_to_empty_is_abandoned() -> None:
    """It stays as it is, and nothing is repeated there."""
    screen = Screen()
    screen.step()
    screen.receive(Abandoned())
    screen.sources.says = {}
    screen.now += 24 * HOUR
    assert screen.decide() == Wait(None, Reason.UP_TO_DATE)


# What is urgent.


def test_urgent_entity() -> None:
    """Its state makes an update urgent; its attributes do not, and neither do other fields."""
    screen = updated(door="closed")
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step()
    screen.now += 10 * SECOND
    screen.change("2")
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(screen.sent[-1][0] + SPACING, Reason.SPACING)
    screen.sources.urgent = {"door": "open"}
    screen.receive(Changed())
    assert screen.decide() == Wait(screen.sent[-1][0] + MINUTE, Reason.SPACING)
    screen.now = screen.sent[-1][0] + MINUTE
    assert screen.decide() == Send({TEXT: "2"}, urgent=True, states={"door": "open"})
    screen.step()
    screen.change("3")
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(screen.sent[-1][0] + SPACING, Reason.SPACING)


def test_urgent_entity_that_does_not_show_is_not_urgent() -> None:
    """The planner looks at once, and not again before it changes again."""
    screen = updated(door="closed")
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step()
    slot = screen.now + SPACING
    screen.now += MINUTE
    rendered = screen.sources.rendered
    screen.sources.urgent = {"door": "open"}
    screen.receive(Changed())
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(slot + 2 * HOUR + 40 * MINUTE, Reason.UP_TO_DATE)
    screen.change("2")
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(slot, Reason.SPACING)
    assert screen.sources.rendered == rendered + 1


def test_urgent_entity_that_does_not_show_while_another_field_waits() -> None:
    """What waits does not show it, so a later change of its field is an ordinary one."""
    screen = updated(door="closed")
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step()
    slot = screen.now + SPACING
    screen.put({TITLE: "x"})
    screen.now += MINUTE
    screen.sources.urgent = {"door": "open"}
    screen.receive(Changed())
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(slot, Reason.SPACING)
    screen.change("2")
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(slot, Reason.SPACING)


def test_urgent_entity_that_changed_during_a_restart() -> None:
    """Its state behind what is shown is remembered, so a restart does not make its change an ordinary one."""
    screen = updated(door="closed")
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step()
    again = Screen(at_start(screen.state))
    again.now = screen.now + MINUTE
    again.sources.urgent = {"door": "open"}
    again.says[TEXT] = "2"
    assert again.decide() == Send({TEXT: "2"}, urgent=True, states={"door": "open"})


@pytest.mark.parametrize(("door", "text"), [("open", "2"), ("closed", "1")])
def test_unanswered_urgent_update_is_urgent_again(door: str, text: str) -> None:
    """It is not known whether the door is shown as open or as closed."""
    screen = updated(door="closed")
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step()
    screen.sources.urgent = {"door": "open"}
    screen.change("2")
    screen.now += MINUTE
    screen.step(NoAnswerError())
    screen.sources.urgent = {"door": door}
    screen.change(text)
    screen.now += MINUTE
    assert screen.decide() == Send({TEXT: text}, urgent=True, states={"door": door})


def test_four_urgent_updates_an_hour() -> None:
    """They are a minute apart; the fifth waits until the first is an hour old, or for the ordinary slot."""
    screen = Screen(rules=Rules(min_interval=4 * HOUR))
    screen.sources.urgent = {"door": "0"}
    screen.step()
    for text in "1234":
        screen.sources.urgent = {"door": text}
        screen.change(text)
        screen.now += MINUTE
        assert screen.step() is not None
    screen.sources.urgent = {"door": "5"}
    screen.change("5")
    screen.now += MINUTE
    assert screen.decide() == Wait(NOW + MINUTE + HOUR, Reason.SPACING)
    screen.rules = Rules()
    assert screen.decide() == Wait(NOW + 4 * MINUTE + SPACING, Reason.SPACING)


def test_urgent_update_that_did_not_count_is_not_counted() -> None:
    """The four an hour are those that may have reached the watch."""
    screen = Screen()
    screen.step()
    screen.put({TEXT: "x"}, base="0", urgent=True)
    screen.now += MINUTE
    screen.step(ServerError(503))
    assert not list(screen.state.ledger.urgent)
    screen.now += MINUTE
    screen.step()
    assert list(screen.state.ledger.urgent) == [screen.now]


def test_urgent_entity_whose_field_has_no_value_is_still_urgent_later() -> None:
    """It has not been seen before its field shows it."""
    screen = updated(door="closed")
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step()
    screen.now += MINUTE
    screen.sources.urgent = {"door": "open"}
    screen.change(None)
    screen.now += 5 * SECOND
    assert isinstance(screen.decide(), Wait)
    screen.change("open")
    screen.now += 5 * SECOND
    assert screen.decide() == Send({TEXT: "open"}, urgent=True, states={"door": "open"})


def test_what_a_person_asks_for_is_urgent() -> None:
    """A widget that was saved goes after a minute if it differs, and keeps asking until it has been sent."""
    screen = updated()
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step()
    last = screen.now
    screen.state = replace(screen.state, asked=True)
    screen.change("2")
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(last + MINUTE, Reason.SPACING)
    screen.now = last + MINUTE
    assert screen.step(ServerError(500)) is not None
    screen.now += MINUTE
    assert screen.decide() == Send({TEXT: "2"}, urgent=True)
    screen.change("1")
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(last + 3 * HOUR, Reason.UP_TO_DATE)
    screen.change("3")
    screen.now += 5 * SECOND
    # Pushover has not answered since the failure, so the wait is shown as an outage.
    assert screen.decide() == Wait(last + SPACING, Reason.OUTAGE)


# Actions.


def test_refresh() -> None:
    """What is shown is sent again, as soon as an urgent update may go."""
    screen = updated()
    screen.refresh()
    assert screen.step() is not None
    screen.refresh()
    assert screen.decide() == Wait(screen.now + MINUTE, Reason.SPACING)
    screen.now += MINUTE
    screen.step()
    screen.now += SPACING
    assert isinstance(screen.decide(), Wait)
    assert [values for _, values in screen.sent] == [{TEXT: "0"}] * 2


def test_refresh_of_nothing() -> None:
    """A widget that shows nothing has nothing to send, and forgets that it was asked."""
    screen = Screen()
    screen.sources.says = {}
    screen.refresh()
    assert screen.decide() == Wait(None, Reason.UP_TO_DATE)
    assert not screen.state.refreshes


@pytest.mark.parametrize("withdrawn", [0, 1])
def test_withdrawn_refresh_leaves_the_other(withdrawn: int) -> None:
    """It does not matter which of the two was first."""
    screen = updated()
    keys = [screen.refresh(stays=False), screen.refresh(stays=False)]
    screen.receive(Withdrawn(keys[withdrawn]))
    assert isinstance(screen.decide(), Send)
    screen.receive(Confirmed(keys[1 - withdrawn]))
    assert isinstance(screen.decide(), Send)


def test_withdrawn_refreshes_leave_nothing() -> None:
    """Two that fail ask for nothing any more."""
    screen = updated()
    keys = [screen.refresh(stays=False), screen.refresh(stays=False)]
    for key in keys:
        screen.receive(Withdrawn(key))
    assert isinstance(screen.decide(), Wait)


def test_action_that_fails_takes_back_its_own_values_only() -> None:
    """The value of an earlier action comes back, and that of a later one stays."""
    screen = updated()
    first = screen.put({TEXT: "1"}, base="0", stays=False)
    failed = screen.put({TEXT: "2", TITLE: "2"}, base="0", stays=False)
    screen.put({TITLE: "3"})
    screen.receive(Withdrawn(failed))
    assert screen.decide() == Send({TITLE: "3", TEXT: "1"})
    screen.receive(Withdrawn(first))
    assert screen.decide() == Send({TITLE: "3", TEXT: "0"})


def test_actions_stay_in_the_order_in_which_they_came() -> None:
    """The order of their results does not matter."""
    screen = updated()
    first, second = screen.put({TEXT: "1"}, base="0", stays=False), screen.put({TEXT: "2"}, base="0", stays=False)
    screen.receive(Confirmed(second))
    screen.receive(Confirmed(first))
    assert screen.state.actions[TEXT].value == "2"
    assert screen.state.pending == ()


def test_restart_keeps_what_actions_have_asked_for() -> None:
    """It keeps this even of actions without a result."""
    screen = updated()
    screen.put({TITLE: "x"}, stays=False)
    screen.refresh(stays=False)
    screen.act(clearing(screen.state, screen.key(), [COUNT], [TEXT]))
    again = at_start(screen.state)
    assert (again.actions, again.refreshes, again.pending) == ({TITLE: ActionValue("x")}, 1, ())
    assert again.shown == {TEXT: "0", COUNT: None}


def test_value_of_an_action_ends_with_what_its_source_says() -> None:
    """Or when its time is over."""
    screen = updated()
    screen.put({TEXT: "x"}, base="0", until=screen.now + 2 * HOUR)
    screen.step()
    assert screen.decide() == Wait(screen.now + 2 * HOUR, Reason.UP_TO_DATE)
    screen.now += 2 * HOUR
    assert screen.decide() == Send({TEXT: "0"})
    screen.step()
    screen.put({TEXT: "x"}, base="0")
    screen.now += SPACING
    screen.step()
    screen.change("1")
    screen.now += SPACING
    assert screen.decide() == Send({TEXT: "1"})


def test_value_of_an_action_that_ends_while_its_source_is_away() -> None:
    """The source's own last value comes back; where there was none, the field is emptied."""
    for first, last in (("0", "0"), (None, "")):
        screen = Screen()
        screen.says[TEXT] = first
        screen.step()
        screen.change(None)
        screen.put({TEXT: "x"}, until=screen.now + 5 * MINUTE, base=first)
        screen.now += SPACING - MINUTE if first else MINUTE
        screen.step()
        screen.now += SPACING
        screen.step()
        assert screen.state.shown == {TEXT: last}


def test_clear() -> None:
    """A field with a source goes back to it; others are emptied, whatever they show."""
    screen = Screen()
    screen.put({TEXT: "a"}, base="0")
    screen.put({COUNT: 1})
    screen.step()
    screen.act(clearing(screen.state, screen.key(), [TEXT, COUNT, TITLE], [TEXT]))
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TITLE: "", TEXT: "0", COUNT: ""}
    screen.act(clearing(screen.state, screen.key(), list(Field), [TEXT]))
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TEXT: "0", **dict.fromkeys(set(Field) - {TITLE, TEXT, COUNT}, "")}
    assert clearing(screen.state, screen.key(), list(Field), [TEXT]) is None


def test_clear_that_fails_is_taken_back() -> None:
    """Nothing of it is left behind."""
    screen = Screen()
    screen.put({TEXT: "a"}, base="0")
    screen.step()
    key = screen.act(clearing(screen.state, screen.key(), [TEXT, TITLE], [TEXT]))
    screen.receive(Withdrawn(key))
    screen.now += SPACING
    assert screen.decide() == Wait(NOW + 3 * HOUR, Reason.UP_TO_DATE)
    assert screen.state.actions == {TEXT: ActionValue("a", base="0")}


@pytest.mark.parametrize(
    ("wait", "status"),
    [
        pytest.param(Wait(NOW + MINUTE, Reason.SPACING), "queued", id="spacing"),
        pytest.param(Wait(NOW + MINUTE, Reason.NOT_RUNNING), "queued", id="stopping"),
        pytest.param(Wait(NOW + HOUR, Reason.UP_TO_DATE), "unchanged", id="up-to-date"),
        pytest.param(Wait(NOW + HOUR, Reason.PAUSED), "unchanged", id="paused"),
        pytest.param(Wait(NOW + HOUR, Reason.HELD), "failed", id="held"),
        pytest.param(Wait(None, Reason.AUTHENTICATION), "failed", id="credentials"),
    ],
)
def test_result_of_an_action(wait: Wait, status: str) -> None:
    """If nothing is sent now, what waits is queued."""
    screen = updated()
    assert told(screen.state, Action(1, {TEXT: ActionValue("x")}), wait) == status


def test_action_whose_values_are_shown_is_unchanged() -> None:
    """Also where something else waits; but not where it asks for more, or where what is shown is not certain."""
    screen = updated()
    shown, wait = Action(1, {TEXT: ActionValue("0")}), Wait(NOW + MINUTE, Reason.SPACING)
    assert told(screen.state, shown, wait) == "unchanged"
    assert told(screen.state, refreshing(2), wait) == "queued"
    assert told(screen.state, Action(3, emptied=frozenset({TITLE})), wait) == "queued"
    screen.refresh()
    screen.step(NoAnswerError())
    assert told(screen.state, shown, wait) == "queued"


# What the sources say.


@pytest.mark.parametrize(("dashes", "value"), [(True, "\N{EN DASH}"), (False, "0")])
def test_unavailable(dashes: bool, value: str) -> None:  # noqa: FBT001
    """A field keeps its value for half an hour, counted from when its source lost it; then it shows a dash or keeps it."""
    screen = Screen(rules=Rules(dashes=dashes))
    screen.says[TITLE] = "a"
    screen.step()
    gone = screen.now + 5 * MINUTE
    screen.sources.since = {TEXT: gone}
    screen.change(None)
    screen.says[TITLE] = "b"
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TITLE: "b", TEXT: "0"}
    screen.now = gone + 30 * MINUTE - SECOND
    assert isinstance(screen.decide(), Wait)
    screen.now += 6 * MINUTE
    assert (screen.step() is not None) is dashes
    assert screen.state.shown == {TITLE: "b", TEXT: value}
    screen.sources.since = {}
    screen.change("0" if dashes else "1")
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TITLE: "b", TEXT: "0" if dashes else "1"}


def test_unavailable_from_the_start() -> None:
    """What has never been known is not shown, and then as a dash; a number is emptied."""
    screen = Screen()
    screen.sources.says = {TEXT: None, COUNT: None}
    assert screen.decide() == Wait(NOW + 30 * MINUTE, Reason.UP_TO_DATE)
    screen.now += 30 * MINUTE
    screen.step()
    assert screen.sent[-1][1] == {TEXT: "\N{EN DASH}", COUNT: ""}
    screen.now += HOUR
    assert screen.decide() == Wait(NOW + 3.5 * HOUR, Reason.UP_TO_DATE)


def test_unavailable_after_an_unanswered_update() -> None:
    """What was sent last is kept, although it may not have arrived."""
    screen = updated()
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step(NoAnswerError())
    screen.change(None)
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TEXT: "1"}


def test_unavailable_since_it_was_first_seen() -> None:
    """Another look at it does not make it older."""
    screen = updated()
    screen.sources.since = {TEXT: screen.now}
    screen.change(None)
    screen.now += 5 * SECOND
    screen.decide()
    screen.sources.since = {TEXT: screen.now - 3 * HOUR}
    screen.says[TITLE] = "a"
    screen.receive(Changed())
    screen.now += 5 * SECOND
    assert screen.decide() == Send({TITLE: "a", TEXT: "0"})


def test_action_after_a_start_leaves_missing_sources_alone() -> None:
    """It does not wait for them, and does not believe what templates make of them."""
    screen = updated()
    screen.sources.missing = frozenset({TEXT})
    screen.receive(Started(screen.now))
    screen.put({COUNT: 5})
    screen.change("wrong")
    assert screen.decide() == Send({TEXT: "0", COUNT: 5})


def test_repeated_after_three_hours() -> None:
    """With whatever has changed meanwhile without mattering; not in quiet hours, and not by reloading."""
    screen = Screen(rules=Rules(quiet=QuietHours(time(14), time(16))))
    screen.says[TITLE] = "21.5"
    screen.step()
    screen.says[TITLE] = "21.6"
    screen.now += 3 * HOUR - MINUTE
    screen.receive(Changed())
    screen.now += MINUTE - SECOND
    assert screen.decide() == Wait(NOW + 4 * HOUR, Reason.QUIET_HOURS)
    screen.now += HOUR + SECOND
    screen.step()
    assert screen.sent[-1] == (NOW + 4 * HOUR, {TITLE: "21.6", TEXT: "0"})
    again = Screen(at_start(screen.state))
    again.says[TITLE] = "21.6"
    again.now = screen.now + 2 * HOUR
    assert again.decide() == Wait(screen.now + 3 * HOUR, Reason.UP_TO_DATE)


def test_nothing_to_repeat() -> None:
    """A screen that is empty stays as it is."""
    screen = Screen()
    screen.says[TEXT] = ""
    screen.step()
    screen.now += 4 * HOUR
    assert screen.decide() == Wait(None, Reason.UP_TO_DATE)


def test_time_stamp() -> None:
    """It is not part of any comparison."""
    screen = Screen(rules=Rules(time_stamp=Field.SUBTEXT))
    screen.step()
    assert screen.sent[-1][1] == {TEXT: "0", Field.SUBTEXT: ""}
    screen.now += HOUR
    assert isinstance(screen.decide(), Wait)


def test_time_stamp_that_is_removed_is_emptied() -> None:
    """An edited widget without it, or with it in another field, sends an update even if nothing else differs."""
    screen = Screen(rules=Rules(time_stamp=Field.SUBTEXT))
    screen.step()
    screens = assign({"iphone": screen.state}, {"iphone": Owner("a", "2", Rules())}, ["iphone"])
    without = Screen(at_start(screens["iphone"]))
    without.now += HOUR
    without.step()
    assert without.sent[-1][1] == {TEXT: "0", Field.SUBTEXT: ""}
    without.now += SPACING
    assert isinstance(without.decide(), Wait)


def test_lone_time_stamp_is_emptied_with_its_widget() -> None:
    """No source fills its field, but the integration has sent it."""
    screen = Screen(rules=Rules(time_stamp=TITLE))
    screen.step()
    assert perhaps_shown(screen.state) == {TITLE: None, TEXT: "0"}
    screen.sources.says = {}
    screen.receive(Changed())
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TITLE: "", TEXT: ""}
    assert not leaves_something(screen.state)


# Alerts and pauses.


def test_alert_over_an_action_over_the_base() -> None:
    """Each comes back when what is above it ends."""
    screen = updated()
    screen.put({TEXT: "action"}, base="0")
    screen.step()
    screen.sources.alerts = {"second": {TEXT: "second"}, "first": {TEXT: "first", TITLE: "first"}}
    screen.receive(Changed())
    screen.now += SPACING
    assert screen.decide() == Send({TITLE: "first", TEXT: "second"}, alerted=frozenset({TITLE, TEXT}))
    screen.step()
    screen.sources.alerts = {}
    screen.receive(Changed())
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TITLE: "", TEXT: "action"}


def test_urgent_alert() -> None:
    """Its begin is urgent, its end is, and what it covers is not."""
    screen = updated()
    screen.sources.urgent_alerts = {"alert": ""}
    screen.refresh()
    screen.step()
    screen.now += MINUTE
    screen.sources.urgent_alerts, screen.sources.alerts = {"alert": "cover.door"}, {"alert": {TEXT: "open"}}
    screen.receive(Changed())
    screen.now += 5 * SECOND
    assert screen.decide() == Send(
        {TEXT: "open"}, urgent=True, states={"alert": "cover.door"}, alerted=frozenset({TEXT})
    )
    screen.step()
    screen.change("1")
    screen.now += MINUTE
    assert isinstance(screen.decide(), Wait)
    screen.sources.urgent_alerts, screen.sources.alerts = {"alert": ""}, {}
    screen.receive(Changed())
    screen.now += 5 * SECOND
    assert screen.decide() == Send({TEXT: "1"}, urgent=True, states={"alert": ""})


def test_pause() -> None:
    """The base stays as it is shown, actions go on, and a person who ends the pause sees it soon."""
    screen = updated()
    screen.receive(Paused(True))  # noqa: FBT003
    screen.change("1")
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(NOW + 3 * HOUR, Reason.PAUSED)
    screen.put({TITLE: "x"})
    screen.step()
    assert screen.sent[-1][1] == {TITLE: "x", TEXT: "0"}
    again = at_start(screen.state)
    assert again.paused
    screen.receive(Paused(False))  # noqa: FBT003
    screen.now += MINUTE
    assert screen.decide() == Send({TITLE: "x", TEXT: "1"}, urgent=True)


def test_pause_after_an_action_whose_end_has_no_answer() -> None:
    """The screen may still show the action's value, so the base stays at its own last value."""
    screen = updated()
    screen.put({TEXT: "x"}, base="0")
    screen.step()
    screen.change("1")
    screen.now += SPACING
    screen.step(NoAnswerError())
    assert screen.sent[-1][1] == {TEXT: "1"}
    # After a restart, the sources are rendered before the slot.
    screen.state = at_start(screen.state)
    screen.change("2")
    screen.now += MINUTE
    assert screen.decide() == Wait(screen.sent[-1][0] + SPACING, Reason.OUTAGE)
    screen.receive(Paused(True))  # noqa: FBT003
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TEXT: "2"}


def test_pause_after_an_action_that_has_no_answer() -> None:
    """Its value is not taken for one of the base."""
    screen = updated()
    screen.put({TEXT: "x"}, base="0")
    screen.step(NoAnswerError())
    screen.act(clearing(screen.state, screen.key(), [TEXT], [TEXT]))
    screen.receive(Paused(True))  # noqa: FBT003
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TEXT: "0"}


@pytest.mark.parametrize("says", ["1", None])
def test_action_ends_over_a_paused_base_without_a_last_value(says: str | None) -> None:
    """The field shows what its source says after the action was sent; it is emptied if that has no value."""
    screen = Screen()
    screen.receive(Paused(True))  # noqa: FBT003
    screen.put({TEXT: "x"}, until=screen.now + HOUR)
    screen.step()
    assert screen.sent == [(NOW, {TEXT: "x"})]
    screen.change(says)
    screen.now += MINUTE
    screen.decide()
    screen.change("2" if says else None)
    screen.now += HOUR
    screen.step()
    assert screen.sent[-1][1] == {TEXT: says or ""}


def test_paused_base_ends_no_values_of_actions() -> None:
    """They end at their time, or by the base as soon as it follows its sources again."""
    screen = updated()
    screen.receive(Paused(True))  # noqa: FBT003
    screen.put({TEXT: "x"}, base="0")
    screen.put({TITLE: "x"}, until=screen.now + HOUR)
    screen.step()
    screen.change("1")
    screen.now += HOUR
    screen.step()
    assert screen.sent[-1][1] == {TITLE: "", TEXT: "x"}
    screen.receive(Paused(False))  # noqa: FBT003
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TEXT: "1"}


@pytest.mark.parametrize("result", Result)
def test_events_while_an_update_is_sent(result: Result) -> None:
    """They hold whatever the result of the update is."""
    screen = updated()
    key = screen.put({TITLE: "x"}, stays=False)
    send = screen.begin()
    assert send is not None
    screen.receive(Paused(True))  # noqa: FBT003
    screen.receive(Withdrawn(key))
    screen.receive(Outcome(send, result))
    assert screen.state.paused
    assert screen.state.pending == ()
    screen.change("1")
    screen.now += 24 * HOUR
    screen.step()
    assert screen.sent[-1][1][TEXT] == "0"
    assert screen.sent[-1][1].get(TITLE, "") == ""


@pytest.mark.parametrize(("door", "short_days"), [("open", (NOW.date(),)), ("closed", ())])
def test_day_on_which_urgent_updates_are_short(door: str, short_days: tuple[date, ...]) -> None:
    """It is noted when an urgent update is sent that had to wait because few updates are left; not if it was undone."""
    screen = Screen(rules=Rules(daily_limit=2))
    screen.now = NOW - 5 * HOUR
    screen.sources.urgent = {"door": "closed"}
    screen.step()
    screen.sources.urgent = {"door": "open"}
    screen.change("1")
    screen.now += 2 * MINUTE
    # The update that is left has to last for 25/16 of half the time from 05:00 to midnight.
    until = NOW + 12 * HOUR - 19 * HOUR * 25 / 32
    assert screen.decide() == Wait(until, Reason.BUDGET)
    assert screen.state.short_days == ()
    screen.sources.urgent = {"door": door}
    screen.now = until
    screen.receive(Changed())
    screen.now += 5 * SECOND
    screen.step()
    assert screen.state.short_days == short_days


def test_urgent_value_of_an_action_that_may_not_be_shown() -> None:
    """It goes as an urgent update, although it was shown before an update without an answer."""
    screen = updated()
    screen.put({TEXT: "x"}, base="0", urgent=True)
    screen.step(NoAnswerError())
    last = screen.now
    screen.put({TEXT: "0"}, base="0", urgent=True)
    assert screen.decide() == Wait(last + MINUTE, Reason.OUTAGE)
    screen.now += MINUTE
    assert screen.decide() == Send({TEXT: "0"}, urgent=True)


def test_foresight_of_nothing() -> None:
    """Where nothing differs, nothing is foreseen, whatever the sources wait for; where something does, when it goes."""
    screen = updated()
    screen.sources.in_transition = screen.now
    nothing = Wait(NOW + 3 * HOUR, Reason.UP_TO_DATE)
    assert foresee(screen.state, screen.sources.render(), screen.inputs, screen.now) == Forecast({TEXT: "0"}, nothing)
    screen.says[TEXT] = "1"
    until = Wait(screen.now + MINUTE, Reason.SETTLING, entity_id=ENTITY)
    assert foresee(screen.state, screen.sources.render(), screen.inputs, screen.now) == Forecast({TEXT: "1"}, until)
    screen.now += MINUTE
    send = Send({TEXT: "1"})
    assert foresee(screen.state, screen.sources.render(), screen.inputs, screen.now) == Forecast({TEXT: "1"}, send)
