"""What a change waits for before it is worth an update."""

from custom_components.pushover_glances.delivery import Ledger, ManualValue, Memory, Reason, Send, Wait
from custom_components.pushover_glances.delivery.settling import Settling
from custom_components.pushover_glances.pushover import Field, ServerError

from .screen import HOUR, MINUTE, NOW, SECOND, TEXT, Screen, updated

SPACING = 20 * MINUTE
TITLE, COUNT = Field.TITLE, Field.COUNT


def test_first_change_waits_for_others() -> None:
    """Five seconds from the first; one that comes meanwhile does not prolong that."""
    screen = updated()
    screen.change("1")
    begin = screen.now
    assert screen.decide() == Wait(begin + 5 * SECOND, Reason.SETTLING)
    screen.now += 4 * SECOND
    screen.change("2")
    assert screen.decide() == Wait(begin + 5 * SECOND, Reason.SETTLING)
    screen.now += SECOND
    assert screen.decide() == Send({TEXT: "2"})


def test_small_moves_wait_longer_and_longer_while_they_are_in_vain() -> None:
    """For twenty minutes at last; an update lets the next one wait for five seconds again."""
    settling = Settling()
    waits = []
    for _ in range(10):
        waits.append((settling.change(NOW, slight=True) - NOW) // SECOND)
        settling.rest(in_vain=True)
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1200, 1200]
    assert settling.change(NOW) == NOW + 5 * SECOND
    settling.rest(in_vain=False)
    assert settling.change(NOW, slight=True) == NOW + 5 * SECOND


def test_larger_change_does_not_wait_for_the_small_one_before_it() -> None:
    """And a small one that comes later prolongs nothing."""
    settling = Settling()
    for _ in range(5):
        settling.rest(in_vain=True)
    assert settling.change(NOW, slight=True) == NOW + 160 * SECOND
    assert settling.change(NOW + 10 * SECOND) == NOW + 15 * SECOND
    assert settling.change(NOW + 12 * SECOND, slight=True) == NOW + 15 * SECOND


def test_clock_set_back_while_a_small_move_waits() -> None:
    """The wait does not become longer than it is."""
    settling = Settling()
    for _ in range(5):
        settling.rest(in_vain=True)
    settling.change(NOW, slight=True)
    settling.notice(NOW - HOUR)
    assert settling.joined(NOW - HOUR) == NOW - HOUR + 160 * SECOND


def test_action_does_not_wait() -> None:
    """Whoever calls an action has waited for whatever there was to wait for."""
    screen = updated()
    screen.source.passing = screen.now
    screen.change("1")
    screen.widget.put({TITLE: ManualValue("x")})
    assert screen.decide() == Send({TITLE: "x", TEXT: "1"})


def test_action_does_not_wait_after_a_restart_either() -> None:
    """Not for others, and not for words of the mirror to stand still."""
    screen = updated()
    screen.widget.put({TITLE: ManualValue("x")})
    screen.step(ServerError(500))
    screen.widget.memory.restlessness = 1
    again = Screen(screen.widget.memory)
    again.now = screen.now
    again.source.words_since = again.now
    again.change("1")
    assert again.decide() == Send({TITLE: "x", TEXT: "1"})


def test_clock_set_back_while_settling() -> None:
    """The wait does not become longer than it is."""
    screen = updated()
    screen.change("1")
    screen.now -= HOUR
    assert screen.decide() == Wait(screen.now + SPACING, Reason.SPACING)


def test_passing_state_is_waited_for() -> None:
    """A minute at most, from when it began; the end of it goes at once, and one that is stuck holds up nothing."""
    screen = updated()
    screen.source.passing = begin = screen.now
    screen.change("opening")
    screen.now += 5 * SECOND
    assert screen.decide() == Wait(begin + MINUTE, Reason.SETTLING)
    screen.now += 20 * SECOND
    screen.change("open")
    screen.source.passing = None
    screen.now += 5 * SECOND
    assert screen.decide() == Send({TEXT: "open"})
    screen.source.passing = begin
    assert screen.decide() == Wait(begin + MINUTE, Reason.SETTLING)
    screen.now = begin + MINUTE
    assert screen.decide() == Send({TEXT: "open"})
    screen.source.passing = screen.now + HOUR
    assert screen.decide() == Send({TEXT: "open"})


def test_restless_words_have_to_stand_still() -> None:
    """After three words that did not last, three minutes of rest are asked for, and five are waited at most."""
    screen = updated()
    for _ in range(3):
        screen.widget.change(screen.now, MINUTE)
    screen.says[TEXT] = "1"
    screen.source.words_since = screen.now
    screen.now += 5 * SECOND
    since = screen.now
    assert screen.decide() == Wait(since - 5 * SECOND + 3 * MINUTE, Reason.SETTLING)
    screen.source.words_since = screen.now = screen.now + 2 * MINUTE
    assert screen.decide() == Wait(since + 5 * MINUTE, Reason.SETTLING)
    screen.now += 3 * MINUTE
    assert screen.decide() == Send({TEXT: "1"})


def test_words_that_last_are_not_held_back() -> None:
    """Two that did not last are chance, and so is one in ten."""
    screen = updated()
    for minutes in (1, 1, *[60] * 20, 1):
        screen.widget.change(screen.now, minutes * MINUTE)
    screen.says[TEXT] = "1"
    screen.source.words_since = screen.now
    screen.now += 5 * SECOND
    assert isinstance(screen.decide(), Send)


def test_urgent_change_of_restless_words_does_not_wait() -> None:
    """A door that is used all day is still a door."""
    screen = updated(door="closed")
    screen.widget.memory.restlessness = 1
    screen.source.urgent = {"door": "open"}
    screen.source.words_since = screen.now
    screen.change("open")
    screen.now += 5 * SECOND
    assert isinstance(screen.decide(), Send)


def test_sources_get_time_after_a_start() -> None:
    """A field without a value waits for its source; the others wait with it, and not for ever."""
    screen = Screen()
    screen.source.says = {TITLE: "Door", TEXT: None}
    screen.widget.wait_for_sources(NOW)
    assert screen.decide() == Wait(NOW + 2 * MINUTE, Reason.SOURCES)
    screen.now -= HOUR
    assert screen.decide() == Wait(screen.now + 2 * MINUTE, Reason.SOURCES)
    screen.now += 2 * MINUTE
    assert screen.decide() == Send({TITLE: "Door"})
    screen = Screen()
    screen.widget.wait_for_sources(NOW)
    assert screen.decide() == Send({TEXT: "0"})


def test_urgent_change_has_to_last_once_the_budget_is_short() -> None:
    """Three minutes, unless it may go as an ordinary one before; what other urgent entities do does not matter."""
    screen = Screen(Memory(ledger=Ledger([NOW - MINUTE] * 32), states={"door": "closed", "motion": "off"}))
    screen.widget.memory.shown = {TEXT: "0"}
    screen.source.urgent = {"door": "open", "motion": "off"}
    screen.source.urgent_since = {"door": NOW - MINUTE, "motion": NOW}
    screen.says[TEXT] = "open"
    assert screen.decide() == Wait(NOW + 2 * MINUTE, Reason.SETTLING)
    screen.now += 2 * MINUTE
    screen.source.urgent_since["motion"] = screen.now
    assert isinstance(screen.decide(), Send)
    screen.widget.memory.ledger = Ledger([NOW - MINUTE] * 20)
    screen.now = NOW
    assert isinstance(screen.decide(), Send)
