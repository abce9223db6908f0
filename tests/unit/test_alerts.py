"""When an alert begins and ends, and what makes it active."""

from datetime import timedelta

import pytest

from custom_components.pushover_glances.planner import AlertState, Cause, ConditionsState, Rank, alerts

from .screen import HOUR, MINUTE, NOW, SECOND

A, B = "cover.a", "cover.b"
# Whether a state counts; `None` is no state.
OPEN, CLOSED, GONE = True, False, None
# Whether conditions hold; `None` is not known.
RAIN, DRY, UNKNOWN = True, False, None


class Door:
    """An alert with the clock in the test's hands."""

    def __init__(self, lasts: timedelta = timedelta(0), state: AlertState | None = None) -> None:
        """Begin with nothing seen."""
        self.now = NOW
        self.lasts = lasts
        self.state = state or AlertState()

    def see(
        self,
        counts: bool | None,  # noqa: FBT001
        name: str = A,
        *,
        after: timedelta = timedelta(0),
        ago: timedelta = timedelta(0),
        is_number: bool = False,
    ) -> bool:
        """Let time pass, let an entity change its state, and return whether that made a difference."""
        self.now += after
        before = self.state
        seen = alerts.see(before, name, counts=counts, since=self.now - ago, now=self.now, is_number=is_number)
        self.state = alerts.notice(seen, self.lasts, self.now)
        return seen is not before

    def judge(self, result: bool | None, *, after: timedelta = timedelta(0)) -> None:  # noqa: FBT001
        """Let time pass, and let the conditions be evaluated."""
        self.now += after
        conditions = (self.state.conditions or ConditionsState()).seen(result, self.now)
        self.state = alerts.notice(alerts.under(self.state, conditions, self.now), self.lasts, self.now)

    def start(self) -> None:
        """Load the alert."""
        self.state = alerts.started(self.state, self.lasts, self.now)

    def wait(self, time: timedelta) -> list[str]:
        """Let time pass, and return what makes the alert active then."""
        self.now += time
        self.state = alerts.notice(self.state, self.lasts, self.now)
        return self.active

    def dismiss(self, *, after: timedelta = timedelta(0)) -> None:
        """Let time pass, and dismiss the alert."""
        self.now += after
        self.state = alerts.notice(alerts.dismiss(self.state, self.now), self.lasts, self.now)

    @property
    def shown(self) -> list[str]:
        """Return what makes the alert active, and is not dismissed."""
        return alerts.shown(self.state)

    @property
    def active(self) -> list[str]:
        """Return what makes the alert active."""
        return alerts.active(self.state)

    @property
    def steady(self) -> list[str]:
        """Return what makes the alert active, and does not swing."""
        return alerts.steady(self.state)

    @property
    def since(self) -> object:
        """Return since when the oldest state counts."""
        return alerts.since(self.state)

    @property
    def moments(self) -> list[object]:
        """Return when the alert changes by itself."""
        return [*alerts.moments(self.state, self.lasts)]


def test_begins_and_ends() -> None:
    """It is active while a state counts, and a state that is seen twice changes nothing."""
    door = Door()
    assert not door.see(CLOSED)
    assert door.see(OPEN)
    assert (door.active, door.state.began, door.since) == ([A], NOW, NOW)
    assert not door.see(OPEN, after=MINUTE)
    assert door.state.began == NOW
    assert door.see(CLOSED)
    assert (door.active, door.state.changed) == ([], NOW + MINUTE)
    assert door.state.began is None


def test_lasts() -> None:
    """A state counts since it began, and makes the alert active when it has lasted."""
    door = Door(5 * MINUTE)
    door.see(OPEN)
    assert door.moments == [NOW + 5 * MINUTE]
    assert door.wait(5 * MINUTE - SECOND) == []
    assert door.wait(SECOND) == [A]
    assert (door.since, door.state.began) == (NOW, NOW + 5 * MINUTE)
    assert door.moments == []


def test_state_that_has_been_there_for_a_while() -> None:
    """A new alert counts how long its entity has been in its state."""
    door = Door(5 * MINUTE)
    door.see(OPEN, ago=HOUR)
    assert door.active == [A]
    assert door.since == NOW - HOUR


def test_several() -> None:
    """Any of them is enough; the first comes first, and the alert goes on since then when that one is over."""
    door = Door()
    door.see(OPEN, B)
    door.see(OPEN, A, after=MINUTE)
    assert (door.active, door.state.began) == ([B, A], NOW)
    door.see(CLOSED, B)
    assert (door.active, door.state.began, door.since) == ([A], NOW, NOW + MINUTE)


@pytest.mark.parametrize("ends", [True, False], ids=["too-long", "back-in-time"])
def test_away(*, ends: bool) -> None:
    """An entity without a state ends nothing for half an hour, and is the reason when it does."""
    door = Door()
    door.see(OPEN)
    assert door.see(GONE)
    assert not door.see(GONE, after=MINUTE)
    assert door.moments == [NOW + 30 * MINUTE]
    assert door.wait(28 * MINUTE) == [A]
    if ends:
        assert door.wait(MINUTE) == []
        assert door.state.lost == (A,)
        assert not door.see(GONE)
        assert door.see(CLOSED)
    else:
        assert door.see(OPEN)
        assert door.wait(HOUR) == [A]
    assert door.state.lost == ()


def test_away_before_it_has_lasted() -> None:
    """Nothing begins or is lost meanwhile; the time before goes on counting."""
    door = Door(5 * MINUTE)
    door.see(OPEN)
    door.see(GONE)
    assert door.wait(10 * MINUTE) == []
    door.see(OPEN)
    assert door.active == [A]
    door.see(CLOSED)
    door.see(OPEN)
    door.see(GONE)
    assert door.wait(HOUR) == []
    assert (door.state.lost, door.state.causes) == ((), {})


def test_start() -> None:
    """An entity without a state gets two minutes to appear; one that is no longer in the settings is forgotten."""
    state = AlertState({A: Cause(NOW - HOUR, NOW - HOUR, NOW - HOUR), B: Cause(NOW, NOW)}, lost=(A, B))
    door = Door(state=alerts.keep(state, [A], NOW))
    assert (door.active, door.state.lost, door.state.changed) == ([A], (A,), NOW)
    door.start()
    assert door.wait(2 * MINUTE - SECOND) == [A]
    assert door.wait(SECOND) == []


def test_nothing_to_forget() -> None:
    """The alert stays as it is if all its entities are still in its settings, or if a removed one was not active."""
    state = AlertState({A: Cause(NOW, NOW), B: Cause(NOW)}, NOW, NOW)
    assert alerts.keep(state, [A, B], NOW + HOUR) == state
    assert alerts.keep(state, [A], NOW + HOUR) == AlertState({A: Cause(NOW, NOW)}, NOW, NOW)


def test_longer_time_after_an_edit() -> None:
    """A state that has not lasted for the new time makes the alert active when it has."""
    door = Door(5 * MINUTE, AlertState({A: Cause(NOW - MINUTE, NOW - MINUTE)}))
    door.start()
    assert door.wait(3 * MINUTE) == []
    assert door.wait(MINUTE) == [A]
    assert door.since == NOW - MINUTE


def test_start_with_a_wrong_clock() -> None:
    """An alert that was active stays active if its state had lasted by the stored times."""
    door = Door(5 * MINUTE, AlertState({A: Cause(NOW - 10 * MINUTE, NOW - 5 * MINUTE)}))
    door.now -= 24 * HOUR
    door.start()
    assert door.wait(timedelta(0)) == [A]


def test_nothing_has_changed() -> None:
    """Time that passes without consequence leaves the same object, which need not be stored."""
    for lasts in (timedelta(0), HOUR):
        door = Door(lasts)
        door.see(OPEN)
        before = door.state
        door.wait(MINUTE)
        assert door.state is before


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


@pytest.mark.parametrize("is_number", [True, False], ids=["limit", "state"])
def test_swinging(*, is_number: bool) -> None:
    """A number that is beyond its limit again soon is not steady before it has lasted."""
    door = Door()
    door.see(OPEN, is_number=is_number)
    assert door.steady == [A]
    door.see(CLOSED, is_number=is_number, after=5 * MINUTE)
    door.see(OPEN, is_number=is_number, after=20 * MINUTE - SECOND)
    assert (door.active, door.steady) == ([A], [] if is_number else [A])
    assert door.moments == ([door.now + 20 * MINUTE] if is_number else [])
    assert door.wait(20 * MINUTE) == door.steady == [A]
    assert door.moments == []


def test_swinging_is_over() -> None:
    """What begins 20 minutes after its end is steady, and ends that are older are forgotten."""
    door = Door()
    for name in (A, B):
        door.see(OPEN, name, is_number=True)
        door.see(CLOSED, name, is_number=True, after=20 * MINUTE)
    assert door.state.ended == {B: door.now}
    door.see(OPEN, A, is_number=True)
    door.see(OPEN, B, is_number=True, after=20 * MINUTE)
    assert door.steady == [A, B]


def test_state_that_never_became_active_does_not_swing() -> None:
    """Only the end of what was shown counts."""
    door = Door(5 * MINUTE)
    door.see(OPEN, is_number=True)
    door.see(CLOSED, is_number=True, after=4 * MINUTE)
    door.see(OPEN, is_number=True)
    assert door.wait(5 * MINUTE) == door.steady == [A]


def test_swinging_with_a_wrong_clock() -> None:
    """An end in the future is none; what swings while the clock is set back lasts as long as it would have."""
    door = Door()
    door.see(OPEN, is_number=True)
    door.see(CLOSED, is_number=True)
    door.see(OPEN, is_number=True)
    assert door.steady == []
    door.now -= HOUR
    door.wait(timedelta(0))
    door.wait(20 * MINUTE - SECOND)
    assert door.steady == []
    door.wait(SECOND)
    assert door.steady == [A]
    door.see(CLOSED, is_number=True)
    door.now -= HOUR
    door.see(OPEN, is_number=True)
    assert door.steady == [A]


def test_dismissed() -> None:
    """What makes it active is not shown until it is over, and what comes then is; the alert stays active."""
    door = Door()
    door.dismiss()
    assert door.state == AlertState()
    door.see(OPEN, A)
    door.see(OPEN, B, after=MINUTE)
    door.dismiss(after=MINUTE)
    assert (door.active, door.shown, door.steady, door.since) == ([A, B], [], [], None)
    assert (door.state.began, door.state.changed, door.state.steady_changed) == (None, door.now, door.now)
    before = door.state
    door.dismiss(after=MINUTE)
    assert door.state is before
    # The end of what nobody sees is no change.
    assert door.see(CLOSED, A, after=MINUTE)
    assert (door.active, door.state.changed) == ([B], before.changed)
    door.see(OPEN, A, after=MINUTE)
    assert (door.active, door.shown, door.since, door.state.began) == ([B, A], [A], door.now, door.now)


def test_dismissed_while_away() -> None:
    """It stays dismissed when its entity is back in time, and is shown when that comes back later."""
    door = Door()
    door.see(OPEN)
    door.dismiss()
    door.see(GONE)
    door.start()
    door.wait(MINUTE)
    door.see(OPEN)
    assert (door.active, door.shown) == ([A], [])
    door.see(GONE)
    door.wait(30 * MINUTE)
    door.see(OPEN)
    assert door.shown == [A]


def test_dismissed_before_a_longer_time() -> None:
    """An edit that makes the state count later makes it count again."""
    door = Door()
    door.see(OPEN)
    door.dismiss()
    door.lasts = 5 * MINUTE
    door.start()
    assert door.wait(4 * MINUTE) == []
    door.wait(MINUTE)
    assert door.shown == [A]


def test_what_waits_to_last_is_not_dismissed() -> None:
    """It has not been seen yet."""
    door = Door(5 * MINUTE)
    door.see(OPEN)
    door.dismiss()
    door.wait(5 * MINUTE)
    assert door.shown == [A]


def test_dismissed_while_swinging() -> None:
    """The end of a number that swings is no steady change."""
    door = Door()
    door.see(OPEN, is_number=True)
    door.see(CLOSED, is_number=True)
    door.see(OPEN, is_number=True)
    before = door.state.steady_changed
    door.dismiss(after=MINUTE)
    assert (door.state.changed, door.state.steady_changed) == (door.now, before)


def test_on_top() -> None:
    """Hazards are above the others, then urgent ones, then the newest, down to the first that replaces the glance."""
    ranks = [
        Rank(is_hazard=False, is_urgent=True, began=NOW, subentry_id="urgent"),
        Rank(is_hazard=True, is_urgent=False, began=NOW - HOUR, subentry_id="smoke"),
        Rank(is_hazard=False, is_urgent=False, began=NOW + HOUR, subentry_id="new"),
        Rank(is_hazard=False, is_urgent=False, began=NOW, subentry_id="old"),
    ]
    assert alerts.on_top(ranks, ()) == ["smoke", "urgent", "new", "old"]
    assert alerts.on_top(ranks, {"old", "urgent"}) == ["smoke", "urgent"]


def test_conditions() -> None:
    """They end an alert, and let it begin again; what is dismissed is forgotten meanwhile."""
    door = Door()
    door.judge(DRY)
    door.see(OPEN)
    assert (door.active, door.state.began, door.state.changed) == ([], None, None)
    assert alerts.counting(door.state) == [A]
    door.judge(RAIN, after=MINUTE)
    assert (door.active, door.state.began, door.state.changed) == ([A], door.now, door.now)
    assert door.since == NOW
    door.dismiss(after=MINUTE)
    changed = door.state.changed
    door.judge(DRY, after=MINUTE)
    assert (door.active, door.state.changed) == ([], changed)
    door.judge(RAIN, after=MINUTE)
    assert (door.shown, door.state.began, door.state.steady_changed) == ([A], door.now, door.now)


def test_conditions_that_hold_all_the_time() -> None:
    """The first evaluation, and each with the same result, leaves an active alert as it is."""
    door = Door()
    door.see(OPEN)
    door.judge(RAIN, after=MINUTE)
    state = door.state
    door.judge(RAIN, after=MINUTE)
    assert (door.active, door.state.began) == ([A], NOW)
    assert door.state is state


def test_conditions_and_how_long_a_state_lasts() -> None:
    """It lasts whether or not the conditions hold; an alert begins when it has lasted and they hold."""
    door = Door(5 * MINUTE)
    door.judge(DRY)
    door.see(OPEN)
    assert door.moments == [NOW + 5 * MINUTE]
    door.wait(5 * MINUTE)
    assert (door.moments, door.state.changed) == ([], None)
    door.judge(RAIN, after=MINUTE)
    assert (door.active, door.state.began) == ([A], NOW + 6 * MINUTE)


def test_conditions_that_are_not_known() -> None:
    """The last result stays for half an hour, and counts as not holding from then on; they are known again at once."""
    door = Door()
    door.judge(RAIN)
    door.see(OPEN)
    door.judge(UNKNOWN)
    door.judge(UNKNOWN, after=MINUTE)
    assert door.moments == [NOW + 30 * MINUTE]
    assert door.wait(29 * MINUTE - SECOND) == [A]
    assert door.wait(SECOND) == []
    assert door.state.conditions == ConditionsState(hold=False, unknown=NOW, lost=True)
    assert door.moments == []
    door.judge(RAIN)
    assert (door.active, door.state.began) == ([A], door.now)
    assert door.state.conditions == ConditionsState(hold=True)


def test_conditions_that_were_never_known() -> None:
    """They do not hold, and after half an hour they are lost."""
    door = Door()
    door.judge(UNKNOWN)
    door.see(OPEN)
    assert door.active == []
    door.wait(30 * MINUTE)
    assert (door.active, door.state.conditions) == ([], ConditionsState(unknown=NOW, lost=True))


def test_conditions_after_a_start() -> None:
    """What they need gets two minutes to appear, however long it was away before."""
    door = Door()
    door.judge(RAIN)
    door.see(OPEN)
    door.judge(UNKNOWN)
    door.now += HOUR
    door.start()
    assert door.moments == [door.now + 2 * MINUTE]
    assert door.wait(MINUTE) == [A]
    assert door.wait(MINUTE) == []
    door.judge(RAIN)
    door.start()
    assert door.moments == []


def test_conditions_and_a_clock_that_is_set_back() -> None:
    """The half hour begins again."""
    door = Door()
    door.judge(RAIN)
    door.see(OPEN)
    door.judge(UNKNOWN)
    door.now -= HOUR
    assert door.wait(30 * MINUTE) == [A]
    assert door.wait(30 * MINUTE) == []


def test_entity_that_goes_while_conditions_do_not_hold() -> None:
    """The alert was not active because of it, so nothing is lost, and a number does not swing."""
    door = Door()
    door.judge(DRY)
    door.see(OPEN, is_number=True)
    door.see(CLOSED, is_number=True)
    door.see(OPEN, is_number=True)
    door.judge(RAIN)
    assert door.steady == [A]
    door.judge(DRY)
    door.see(GONE)
    door.wait(30 * MINUTE)
    assert (door.state.lost, door.state.causes) == ((), {})
