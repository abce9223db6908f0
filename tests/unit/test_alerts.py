"""When an alert begins and ends, and what makes it active."""

from datetime import timedelta

import pytest

from custom_components.pushover_glances.delivery import Alert, AlertMemory, Cause

from .screen import HOUR, MINUTE, NOW, SECOND

A, B = "cover.a", "cover.b"
# Whether a state counts; none says nothing.
OPEN, CLOSED, GONE = True, False, None


class Door:
    """An alert with the clock in the test's hands."""

    def __init__(self, lasts: timedelta = timedelta(0), memory: AlertMemory | None = None) -> None:
        """Begin with nothing seen."""
        self.now = NOW
        self.memory = memory or AlertMemory()
        self.alert = Alert(self.memory, lasts)

    def see(self, counts: bool | None, name: str = A, *, after: timedelta = timedelta(0)) -> bool:  # noqa: FBT001
        """Let time pass, and an entity change its state."""
        self.now += after
        changed = self.alert.see(name, counts, self.now, self.now)
        self.alert.notice(self.now)
        return changed

    def wait(self, time: timedelta) -> list[str]:
        """Let time pass, and return what makes the alert active then."""
        self.now += time
        self.alert.notice(self.now)
        return self.alert.active


def test_begins_and_ends() -> None:
    """It is active while a state counts, and what is seen twice is no news."""
    door = Door()
    assert not door.see(CLOSED)
    assert door.see(OPEN)
    assert (door.alert.active, door.alert.began, door.alert.since) == ([A], NOW, NOW)
    assert not door.see(OPEN, after=MINUTE)
    assert door.alert.began == NOW
    assert door.see(CLOSED)
    assert (door.alert.active, door.memory.changed) == ([], NOW + MINUTE)
    assert door.alert.began is None


def test_lasts() -> None:
    """A state counts since it began, and makes the alert active when it has lasted."""
    door = Door(5 * MINUTE)
    door.see(OPEN)
    assert list(door.alert.moments()) == [NOW + 5 * MINUTE]
    assert door.wait(5 * MINUTE - SECOND) == []
    assert door.wait(SECOND) == [A]
    assert (door.alert.since, door.alert.began) == (NOW, NOW + 5 * MINUTE)
    assert list(door.alert.moments()) == []


def test_state_that_has_been_there_for_a_while() -> None:
    """A new alert counts how long its entity has been in its state."""
    door = Door(5 * MINUTE)
    door.alert.see(A, OPEN, NOW - HOUR, NOW)
    assert door.wait(timedelta(0)) == [A]
    assert door.alert.since == NOW - HOUR


def test_several() -> None:
    """Any of them is enough; the first comes first, and the alert goes on since then when that one is over."""
    door = Door()
    door.see(OPEN, B)
    door.see(OPEN, A, after=MINUTE)
    assert (door.alert.active, door.alert.began) == ([B, A], NOW)
    door.see(CLOSED, B)
    assert (door.alert.active, door.alert.began, door.alert.since) == ([A], NOW, NOW + MINUTE)


@pytest.mark.parametrize("ends", [True, False], ids=["too-long", "back-in-time"])
def test_away(*, ends: bool) -> None:
    """An entity without a state ends nothing for half an hour, and is the reason when it does."""
    door = Door()
    door.see(OPEN)
    assert door.see(GONE)
    assert not door.see(GONE, after=MINUTE)
    assert list(door.alert.moments()) == [NOW + 30 * MINUTE]
    assert door.wait(28 * MINUTE) == [A]
    if ends:
        assert door.wait(MINUTE) == []
        assert door.memory.lost == [A]
        assert not door.see(GONE)
        assert door.see(CLOSED)
    else:
        assert door.see(OPEN)
        assert door.wait(HOUR) == [A]
    assert door.memory.lost == []


def test_away_before_it_has_lasted() -> None:
    """Nothing begins meanwhile, and nobody needs to know why it did not; what was there before goes on counting."""
    door = Door(5 * MINUTE)
    door.see(OPEN)
    door.see(GONE)
    assert door.wait(10 * MINUTE) == []
    door.see(OPEN)
    assert door.alert.active == [A]
    door.see(CLOSED)
    door.see(OPEN)
    door.see(GONE)
    assert door.wait(HOUR) == []
    assert (door.memory.lost, door.memory.causes) == ([], {})


def test_starts_anew() -> None:
    """What was away gets two minutes to appear, what is no longer watched is forgotten."""
    memory = AlertMemory({A: Cause(NOW - HOUR, NOW - HOUR, NOW - HOUR), B: Cause(NOW, NOW)}, lost=[A, B])
    door = Door(memory=memory)
    door.alert.keep([A], NOW)
    assert (door.alert.active, memory.lost) == ([A], [A])
    door.alert.begin(NOW)
    assert door.wait(2 * MINUTE - SECOND) == [A]
    assert door.wait(SECOND) == []


def test_has_to_last_longer_than_before() -> None:
    """Who asks for more than has passed so far gets that."""
    memory = AlertMemory({A: Cause(NOW - MINUTE, NOW - MINUTE)})
    door = Door(5 * MINUTE, memory)
    door.alert.begin(NOW)
    assert door.wait(3 * MINUTE) == []
    assert door.wait(MINUTE) == [A]
    assert door.alert.since == NOW - MINUTE


def test_clock_that_is_set_back() -> None:
    """Nothing has begun in the future, so that nothing takes longer than it should."""
    door = Door(5 * MINUTE)
    door.see(OPEN)
    door.now -= HOUR
    assert door.wait(timedelta(0)) == []
    assert door.wait(5 * MINUTE) == [A]
    door.see(GONE)
    door.now -= HOUR
    assert door.wait(timedelta(0)) == [A]
    assert door.wait(30 * MINUTE) == []
