"""What a widget waits for, repeats, and shows instead of what it does not know."""

from datetime import datetime, time, timedelta

import pytest

from custom_components.pushover_glances.delivery import (
    ManualValue,
    Memory,
    Nothing,
    QuietHours,
    Reason,
    Rules,
    Send,
    Wait,
)
from custom_components.pushover_glances.pushover import Field, NoAnswerError, ServerError

from .screen import HOUR, MINUTE, NOW, SECOND, TEXT, Screen, updated

SPACING = 20 * MINUTE
TITLE, COUNT = Field.TITLE, Field.COUNT


def test_urgent_entity() -> None:
    """Its state makes an update urgent; its attributes do not, and neither do other fields."""
    screen = updated(door="closed")
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step()
    screen.now += 10 * SECOND
    screen.change("2")
    assert screen.decide() == Wait(screen.sent[-1][0] + SPACING, Reason.SPACING)
    screen.source.urgent = {"door": "open"}
    assert screen.decide() == Wait(screen.sent[-1][0] + MINUTE, Reason.SPACING)
    screen.now = screen.sent[-1][0] + MINUTE
    assert screen.decide() == Send({TEXT: "2"}, urgent=True, states={"door": "open"})
    screen.step()
    screen.change("3")
    assert screen.decide() == Wait(screen.now + SPACING, Reason.SPACING)


def test_urgent_entity_that_does_not_show_is_not_urgent() -> None:
    """It is looked at once, and not again before it changes again."""
    screen = updated(door="closed")
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step()
    slot = screen.now + SPACING
    screen.now += MINUTE
    rendered = screen.source.rendered
    screen.source.urgent = {"door": "open"}
    screen.widget.change(screen.now)
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(slot + 2 * HOUR + 40 * MINUTE, Reason.UP_TO_DATE, pending=False)
    screen.change("2")
    assert screen.decide() == Wait(slot, Reason.SPACING)
    assert screen.source.rendered == rendered + 1


def test_urgent_entity_that_changed_during_a_restart() -> None:
    """Its state behind what is shown is remembered, so a restart does not make its change an ordinary one."""
    screen = updated(door="closed")
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step()
    again = Screen(screen.widget.memory)
    again.now = screen.now + MINUTE
    again.source.urgent = {"door": "open"}
    again.says[TEXT] = "2"
    assert again.decide() == Send({TEXT: "2"}, urgent=True, states={"door": "open"})


def test_unanswered_urgent_update_is_urgent_again() -> None:
    """Nobody knows whether the door that is open looks closed."""
    screen = updated(door="closed")
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step()
    screen.source.urgent = {"door": "open"}
    screen.change("2")
    screen.now += MINUTE
    screen.step(NoAnswerError())
    screen.now += MINUTE
    assert isinstance(screen.decide(), Send)


def test_what_a_person_asks_for_is_urgent() -> None:
    """A widget that was saved goes after a minute if it differs."""
    screen = updated()
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step()
    screen.widget.memory.asked = True
    screen.change("2")
    assert screen.decide() == Wait(screen.now + MINUTE, Reason.SPACING)
    screen.now += MINUTE
    assert screen.step(ServerError(500)) is not None
    screen.now += MINUTE
    assert screen.decide() == Send({TEXT: "2"}, urgent=True)
    last = screen.sent[0][0]
    screen.change("1")
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(last + 3 * HOUR, Reason.UP_TO_DATE, pending=False)
    screen.change("3")
    assert screen.decide() == Wait(last + SPACING, Reason.SPACING)


def test_refresh() -> None:
    """What is shown is sent once more, as soon as an urgent update may go."""
    screen = updated()
    screen.widget.refresh()
    assert screen.step() is not None
    screen.widget.refresh()
    assert screen.decide() == Wait(screen.now + MINUTE, Reason.SPACING)
    screen.now += MINUTE
    screen.step()
    screen.now += SPACING
    assert isinstance(screen.decide(), Wait)
    assert [values for _, values in screen.sent] == [{TEXT: "0"}] * 2


def test_refresh_of_nothing() -> None:
    """A widget that shows nothing has nothing to send."""
    screen = Screen()
    screen.source.says = {}
    screen.widget.refresh()
    assert screen.decide() == Nothing(Reason.UP_TO_DATE)
    assert not screen.widget.memory.refreshes


def test_refused_refresh_leaves_one_that_was_promised() -> None:
    """Whichever of the two was first."""
    for refused_first in (True, False):
        screen = updated()
        puts = [screen.widget.refresh(), screen.widget.refresh()]
        puts[0 if refused_first else 1].take_back(screen.widget.memory)
        assert isinstance(screen.decide(), Send)
        puts[1 if refused_first else 0].take_back(screen.widget.memory)
        assert isinstance(screen.decide(), Wait)


def test_clear() -> None:
    """A mirrored field goes back to the mirror, others are emptied, and what is not ours already, too."""
    screen = Screen()
    screen.widget.put({TEXT: ManualValue("a", mirror="0"), COUNT: ManualValue(1)})
    screen.step()
    put = screen.widget.clear([TEXT, COUNT, TITLE], [TEXT])
    assert put is not None
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TITLE: "", TEXT: "0", COUNT: ""}
    assert screen.widget.clear(list(Field), [TEXT]) is not None
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TEXT: "0", Field.SUBTEXT: "", Field.PERCENT: ""}
    assert screen.widget.clear(list(Field), [TEXT]) is None


def test_clear_that_fails_is_taken_back() -> None:
    """Nothing of it is left behind."""
    screen = Screen()
    item = ManualValue("a", mirror="0")
    screen.widget.put({TEXT: item})
    screen.step()
    put = screen.widget.clear([TEXT, TITLE], [TEXT])
    assert put is not None
    put.take_back(screen.widget.memory)
    screen.now += SPACING
    assert isinstance(screen.decide(), Wait)
    assert screen.widget.memory.manual == {TEXT: item}


@pytest.mark.parametrize(("dashes", "value"), [(True, "\N{EN DASH}"), (False, "0")])
def test_unavailable(dashes: bool, value: str) -> None:  # noqa: FBT001
    """A field keeps its value for half an hour, counted from when its source went; then it shows a dash or keeps it."""
    screen = Screen(rules=Rules(dashes=dashes))
    screen.says[TITLE] = "a"
    screen.step()
    gone = screen.now + 5 * MINUTE
    screen.source.since = {TEXT: gone}
    screen.change(None)
    screen.says[TITLE] = "b"
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TITLE: "b", TEXT: "0"}
    screen.now = gone + 30 * MINUTE - SECOND
    assert isinstance(screen.decide(), Wait)
    screen.now += 6 * MINUTE
    assert (screen.step() is not None) is dashes
    assert screen.widget.memory.shown == {TITLE: "b", TEXT: value}
    screen.source.since = {}
    screen.change("0" if dashes else "1")
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TITLE: "b", TEXT: "0" if dashes else "1"}


def test_unavailable_from_the_start() -> None:
    """What has never been known is not shown, and then as a dash; a number is emptied."""
    screen = Screen()
    screen.source.says = {TEXT: None, COUNT: None}
    assert screen.decide() == Wait(NOW + 30 * MINUTE, Reason.UP_TO_DATE, pending=False)
    screen.now += 30 * MINUTE
    screen.step()
    assert screen.sent[-1][1] == {TEXT: "\N{EN DASH}", COUNT: ""}
    screen.now += HOUR
    assert screen.decide() == Wait(NOW + 3.5 * HOUR, Reason.UP_TO_DATE, pending=False)


def test_unavailable_after_an_unanswered_update() -> None:
    """What was sent last is kept, although nobody knows whether it arrived."""
    screen = updated()
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step(NoAnswerError())
    screen.change(None)
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TEXT: "1"}


def test_repeated_after_three_hours() -> None:
    """With whatever has changed meanwhile without mattering; not in quiet hours, and not by reloading."""
    screen = Screen(rules=Rules(quiet=QuietHours(time(14), time(16))))
    screen.says[TITLE] = "21.5"
    screen.step()
    screen.says[TITLE] = "21.6"
    screen.now += 3 * HOUR - SECOND
    screen.widget.change(screen.now - MINUTE)
    assert screen.decide() == Wait(NOW + 4 * HOUR, Reason.QUIET_HOURS)
    screen.now += HOUR + SECOND
    screen.step()
    assert screen.sent[-1] == (NOW + 4 * HOUR, {TITLE: "21.6", TEXT: "0"})
    again = Screen(screen.widget.memory)
    again.says[TITLE] = "21.6"
    again.now = screen.now + 2 * HOUR
    assert again.decide() == Wait(screen.now + 3 * HOUR, Reason.UP_TO_DATE, pending=False)


def test_nothing_to_repeat() -> None:
    """A screen that is empty stays as it is."""
    screen = Screen()
    screen.says[TEXT] = ""
    screen.step()
    screen.now += 4 * HOUR
    assert screen.decide() == Nothing(Reason.UP_TO_DATE)


def test_time_stamp() -> None:
    """It is not part of any comparison; another field for it, or none, is a change."""
    screen = Screen(rules=Rules(time_stamp=Field.SUBTEXT))
    screen.step()
    assert screen.sent[-1][1] == {TEXT: "0", Field.SUBTEXT: ""}
    screen.now += HOUR
    assert isinstance(screen.decide(), Wait)
    without = Screen(screen.widget.memory)
    without.now = screen.now
    without.step()
    assert without.sent[-1][1] == {TEXT: "0", Field.SUBTEXT: ""}
    without.now += SPACING
    assert isinstance(without.decide(), Wait)


def test_held_widget_is_tried_again_after_a_day() -> None:
    """Whatever the clock does meanwhile."""
    screen = Screen()
    screen.widget.hold(NOW + 24 * HOUR)
    screen.now -= 100 * HOUR
    assert screen.decide() == Wait(screen.now + 24 * HOUR, Reason.HELD, pending=False)
    screen.now += 24 * HOUR
    assert isinstance(screen.decide(), Send)


def test_lost_memory() -> None:
    """It counts as an update just now."""
    ledger_now: datetime = NOW + timedelta(days=400)
    screen = Screen(Memory())
    screen.step()
    screen.widget.memory.ledger = type(screen.widget.memory.ledger)([ledger_now])
    screen.change("1")
    decision = screen.decide()
    assert isinstance(decision, Wait)
    assert 20 * MINUTE <= decision.until - NOW <= 40 * MINUTE


def test_manual_value_that_ends_while_its_source_is_away() -> None:
    """The template's own last value comes back, not the one that has ended; where there was none, the field is emptied."""
    for first, last in (("0", "0"), (None, "")):
        screen = Screen()
        screen.says[TEXT] = first
        screen.step()
        screen.change(None)
        screen.widget.put({TEXT: ManualValue("x", until=screen.now + 5 * MINUTE, mirror=first)})
        screen.now += SPACING - MINUTE if first else MINUTE
        screen.step()
        screen.now += SPACING
        screen.step()
        assert screen.widget.memory.shown == {TEXT: last}


def test_urgent_entity_whose_field_has_no_value_is_still_urgent_later() -> None:
    """It has not been seen before its field shows it."""
    screen = updated(door="closed")
    screen.change("1")
    screen.now += 5 * SECOND
    screen.step()
    screen.now += MINUTE
    screen.source.urgent = {"door": "open"}
    screen.change(None)
    screen.now += 5 * SECOND
    assert isinstance(screen.decide(), Wait)
    screen.change("open")
    screen.now += 5 * SECOND
    assert screen.decide() == Send({TEXT: "open"}, urgent=True, states={"door": "open"})


def test_unavailable_since_it_was_first_seen() -> None:
    """Another look at it does not make it older."""
    screen = updated()
    screen.source.since = {TEXT: screen.now}
    screen.change(None)
    screen.now += 5 * SECOND
    screen.decide()
    screen.source.since = {TEXT: screen.now - 3 * HOUR}
    screen.says[TITLE] = "a"
    screen.widget.change(screen.now)
    screen.now += 5 * SECOND
    assert screen.decide() == Send({TITLE: "a", TEXT: "0"})


def test_action_after_a_start_leaves_missing_sources_alone() -> None:
    """It does not wait for them, and does not believe what templates make of them."""
    screen = updated()
    screen.source.missing = frozenset({TEXT})
    screen.widget.wait_for_sources(screen.now)
    screen.widget.put({COUNT: ManualValue(5)})
    screen.change("wrong")
    assert screen.decide() == Send({TEXT: "0", COUNT: 5})


def test_lone_time_stamp_is_emptied_with_its_widget() -> None:
    """It is nobody's field, and still ours."""
    screen = Screen(rules=Rules(time_stamp=TITLE))
    screen.step()
    assert screen.widget.memory.leaves_something
    screen.source.says = {}
    screen.widget.stale = True
    screen.now += SPACING
    screen.step()
    assert screen.sent[-1][1] == {TITLE: "", TEXT: ""}
    assert not screen.widget.memory.leaves_something
