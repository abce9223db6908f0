"""What an update waits for before it is sent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.pushover_glances.planner import (
    Changed,
    ClockSet,
    Ledger,
    Reason,
    Send,
    Started,
    Wait,
    WidgetState,
    WordChanged,
    at_start,
)
from custom_components.pushover_glances.pushover import Field, RejectedError, ServerError

from .screen import ENTITY, HOUR, MINUTE, NOW, SECOND, TEXT, Screen, updated

TITLE = Field.TITLE
# When Home Assistant started.
START = NOW - HOUR


def set_clock(screen: Screen, by: timedelta) -> None:
    """Set the clock by this much."""
    screen.now += by
    screen.receive(ClockSet(by, START))


def test_first_change_waits_for_others() -> None:
    """It waits five seconds; another change in this time does not prolong that."""
    screen = updated()
    screen.change("1")
    begin = screen.now
    assert screen.decide() == Wait(begin + 5 * SECOND, Reason.SETTLING, brief=True)
    screen.now += 4 * SECOND
    screen.change("2")
    assert screen.decide() == Wait(begin + 5 * SECOND, Reason.SETTLING, brief=True)
    screen.now += SECOND
    assert screen.decide() == Send({TEXT: "2"})


def test_nothing_is_rendered_while_no_update_may_be_sent() -> None:
    """Neither while an update settles, nor before its slot."""
    screen = updated()
    rendered = screen.sources.rendered
    screen.change("1")
    screen.decide()
    assert screen.sources.rendered == rendered
    screen.now += 5 * SECOND
    screen.step()
    assert screen.sources.rendered == rendered + 1
    screen.change("2")
    screen.now += MINUTE
    screen.decide()
    assert screen.sources.rendered == rendered + 1


def test_action_does_not_wait() -> None:
    """It waits neither for other changes nor for an entity in transition."""
    screen = updated()
    screen.sources.in_transition = screen.now
    screen.change("1")
    screen.put({TITLE: "x"})
    assert screen.decide() == Send({TITLE: "x", TEXT: "1"})


def test_action_does_not_wait_after_a_restart_either() -> None:
    """It waits neither for other changes nor for words of the base to stop changing."""
    screen = updated()
    screen.put({TITLE: "x"})
    screen.step(ServerError(500))
    again = Screen(replace(at_start(screen.state), restlessness=1))
    again.now = screen.now
    again.sources.words_since = again.now
    again.change("1")
    assert again.decide() == Send({TITLE: "x", TEXT: "1"})


@pytest.mark.parametrize("by", [-HOUR, -SECOND, SECOND, HOUR])
def test_clock_set_while_settling(by: timedelta) -> None:
    """The wait keeps its length, and a change that the new clock recorded waits no longer either."""
    screen = updated()
    screen.change("1")
    set_clock(screen, by)
    assert screen.decide() == Wait(screen.now + 5 * SECOND, Reason.SETTLING, brief=True)
    screen = updated()
    screen.now += by
    screen.change("1")
    screen.receive(ClockSet(by, START))
    screen.now += 5 * SECOND
    assert screen.decide() == Send({TEXT: "1"})


@pytest.mark.parametrize("by", [-100 * HOUR, HOUR])
def test_clock_set_while_pushover_refuses_the_widget(by: timedelta) -> None:
    """It is held for a day."""
    screen = Screen()
    screen.step(RejectedError(("no",), {}, None))
    set_clock(screen, by)
    assert screen.decide() == Wait(screen.now + 24 * HOUR, Reason.HELD)
    screen.now += 24 * HOUR
    assert isinstance(screen.decide(), Send)


@pytest.mark.parametrize("by", [-HOUR, HOUR])
def test_clock_set_before_the_slot(by: timedelta) -> None:
    """The spacing keeps its length."""
    screen = Screen()
    screen.step()
    screen.change("1")
    screen.now += MINUTE
    set_clock(screen, by)
    assert screen.decide() == Wait(screen.now + 19 * MINUTE, Reason.SPACING)


def test_entity_in_transition_is_waited_for() -> None:
    """The wait ends a minute after the transition began, or with the transition."""
    screen = updated()
    screen.sources.in_transition = begin = screen.now
    screen.change("opening")
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(begin + MINUTE, Reason.SETTLING, entity_id=ENTITY)
    screen.now += 20 * SECOND
    screen.change("open")
    screen.sources.in_transition = None
    screen.now += 5 * SECOND
    assert screen.decide() == Send({TEXT: "open"})
    screen.sources.in_transition = begin
    assert screen.decide() == Wait(begin + MINUTE, Reason.SETTLING, entity_id=ENTITY)
    screen.now = begin + MINUTE
    assert screen.decide() == Send({TEXT: "open"})


def test_several_transitions_extend_the_wait_no_further() -> None:
    """The minute is counted from the first of them, until an update is sent."""
    screen = updated()
    screen.sources.in_transition = begin = screen.now
    screen.change("opening")
    screen.now += 5 * SECOND
    screen.decide()
    screen.now += 40 * SECOND
    screen.sources.in_transition = screen.now
    assert screen.decide() == Wait(begin + MINUTE, Reason.SETTLING, entity_id=ENTITY)
    screen.now = begin + MINUTE
    assert screen.step() is not None
    screen.now += 20 * MINUTE
    screen.sources.in_transition = screen.now
    screen.change("closing")
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(screen.now + 55 * SECOND, Reason.SETTLING, entity_id=ENTITY)


def test_transition_in_the_future_is_not_waited_for() -> None:
    """It was recorded before the clock was set back."""
    screen = updated()
    screen.sources.in_transition = screen.now + HOUR
    screen.change("open")
    screen.now += 5 * SECOND
    assert screen.decide() == Send({TEXT: "open"})


def test_restless_words_have_to_stand_still() -> None:
    """After three words that did not last, an update waits until none has changed for four minutes, at most six."""
    screen = updated()
    for _ in range(3):
        screen.receive(WordChanged(MINUTE))
    screen.sources.words_since = screen.now
    screen.change("1")
    screen.now += 5 * SECOND
    since = screen.now
    assert screen.decide() == Wait(since - 5 * SECOND + 4 * MINUTE, Reason.LASTING, entity_id=ENTITY)
    screen.sources.words_since = screen.now = screen.now + 3 * MINUTE
    assert screen.decide() == Wait(since + 6 * MINUTE, Reason.LASTING, entity_id=ENTITY)
    screen.now += 3 * MINUTE
    assert screen.decide() == Send({TEXT: "1"})


@pytest.mark.parametrize("by", [-HOUR, HOUR])
def test_clock_set_while_words_have_to_stand_still(by: timedelta) -> None:
    """The six minutes are counted on."""
    screen = updated()
    screen.state = replace(screen.state, restlessness=1)
    screen.sources.words_since = screen.now
    screen.change("1")
    screen.now += 5 * SECOND
    screen.decide()
    screen.now += 3 * MINUTE
    set_clock(screen, by)
    screen.sources.words_since = screen.now
    assert screen.decide() == Wait(screen.now + 3 * MINUTE, Reason.LASTING, entity_id=ENTITY)


@pytest.mark.parametrize("minutes", [(1, 1), (1, 1, *[60] * 20, 1), (5, 5, 5, 5)])
def test_words_that_last_are_not_held_back(minutes: tuple[int, ...]) -> None:
    """Two that did not last are chance, and so is one in ten; five minutes are long enough."""
    screen = updated()
    for lasted in minutes:
        screen.receive(WordChanged(lasted * MINUTE))
    screen.sources.words_since = screen.now
    screen.change("1")
    screen.now += 5 * SECOND
    assert screen.decide() == Send({TEXT: "1"})


def test_urgent_change_of_restless_words_does_not_wait() -> None:
    """A door that is used all day is as urgent as any other."""
    screen = updated(door="closed")
    screen.state = replace(screen.state, restlessness=1)
    screen.sources.urgent = {"door": "open"}
    screen.sources.words_since = screen.now
    screen.change("open")
    screen.now += 5 * SECOND
    assert screen.decide() == Send({TEXT: "open"}, states={"door": "open"})


def test_sources_get_time_after_a_start() -> None:
    """A field without a value waits two minutes for its source, and the others wait with it."""
    screen = Screen()
    screen.sources.says = {TITLE: "Door", TEXT: None}
    screen.receive(Started(NOW))
    assert screen.decide() == Wait(NOW + 2 * MINUTE, Reason.SOURCES)
    set_clock(screen, -HOUR)
    assert screen.decide() == Wait(screen.now + 2 * MINUTE, Reason.SOURCES)
    screen.now += 2 * MINUTE
    assert screen.decide() == Send({TITLE: "Door"})


def test_sources_that_are_there_are_not_waited_for() -> None:
    """The first update after a start is sent at once, or as soon as the last source has a value."""
    screen = Screen()
    screen.receive(Started(NOW))
    assert screen.decide() == Send({TEXT: "0"})
    screen.says[TITLE] = None
    assert screen.decide() == Wait(NOW + 2 * MINUTE, Reason.SOURCES)
    screen.says[TITLE] = "Door"
    screen.receive(Changed())
    screen.now += 5 * SECOND
    assert screen.decide() == Send({TITLE: "Door", TEXT: "0"})


def screen_with_open_door(updates: int) -> Screen:
    """Return a screen whose urgent door has just been opened, after this many updates on this day."""
    state = WidgetState(
        ledger=Ledger((NOW - MINUTE,) * updates), states={"door": "closed", "motion": "off"}, shown={TEXT: "0"}
    )
    screen = Screen(state)
    screen.sources.urgent = {"door": "open", "motion": "off"}
    screen.sources.urgent_since = {"door": NOW - MINUTE, "motion": NOW}
    screen.says[TEXT] = "open"
    return screen


def test_urgent_change_has_to_last_if_few_updates_are_left() -> None:
    """It has to last three minutes; changes of other urgent entities do not prolong that."""
    screen = screen_with_open_door(27)
    assert screen.decide() == Wait(NOW + 2 * MINUTE, Reason.LASTING, entity_id="door")
    screen.now += 2 * MINUTE
    screen.sources.urgent_since["motion"] = screen.now
    assert screen.decide() == Send({TEXT: "open"}, urgent=True, states={"door": "open", "motion": "off"})


def test_urgent_change_does_not_have_to_last_if_enough_updates_are_left() -> None:
    """It is sent a minute after the last update while an even share is left: at noon, 26 for the time until midnight."""
    assert isinstance(screen_with_open_door(20).decide(), Wait)
    screen = screen_with_open_door(19)
    assert screen.decide() == Send({TEXT: "open"}, urgent=True, states={"door": "open", "motion": "off"})


def test_urgent_change_that_does_not_last() -> None:
    """If it is another one again and again, it is sent six minutes after the ordinary slot has opened."""
    screen = screen_with_open_door(27)
    # The 23 updates that are left, but for five, are spread evenly over the time until midnight.
    screen.now = NOW - MINUTE + (12 * HOUR + MINUTE) / 19
    opened = screen.now
    for minute in range(6):
        screen.now = opened + minute * MINUTE
        screen.sources.urgent_since["door"] = screen.now
        assert screen.decide() == Wait(
            min(screen.now + 3 * MINUTE, opened + 6 * MINUTE), Reason.LASTING, entity_id="door"
        )
    screen.now = opened + 6 * MINUTE
    screen.sources.urgent_since["door"] = screen.now
    assert screen.decide() == Send({TEXT: "open"}, states={"door": "open", "motion": "off"})


def test_quiet_while_an_entity_is_on() -> None:
    """Ordinary updates wait without a time, and urgent ones take urgent slots: four an hour, a minute apart."""
    screen = updated()
    screen.quiet_while = ENTITY
    screen.change("1")
    assert screen.decide() == Wait(None, Reason.QUIET_HOURS, entity_id=ENTITY)
    for number in range(4):
        screen.put({TITLE: str(number)}, urgent=True)
        send = screen.begin()
        assert send is not None
        assert send.urgent
        screen.end(send)
        screen.now += MINUTE
    screen.now += 25 * MINUTE
    screen.put({TITLE: "5"}, urgent=True)
    assert screen.decide() == Wait(NOW + 80 * MINUTE, Reason.SPACING)
    screen.quiet_while = ""
    assert isinstance(screen.decide(), Send)


def test_widget_that_is_refused_is_held_while_it_is_quiet() -> None:
    """What a person must do is not hidden by what goes on by itself."""
    screen = updated()
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step(RejectedError(("no",), {}, None))
    screen.quiet_while = ENTITY
    wait = screen.decide()
    assert isinstance(wait, Wait)
    assert wait.reason is Reason.HELD
