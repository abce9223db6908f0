"""When a device may get its next update."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from itertools import cycle, pairwise
from zoneinfo import ZoneInfo

import pytest

from custom_components.pushover_glances.planner import Days, Ledger, QuietHours, Reason, Rules
from custom_components.pushover_glances.planner.budget import Budget, Slot, day_of

from .screen import HOUR, MINUTE, NOW, SECOND

BERLIN = ZoneInfo("Europe/Berlin")
QUIET = Rules(quiet=QuietHours(time(22), time(7)))
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
MORNING = MIDNIGHT + 5 * HOUR
NEXT_MIDNIGHT = MIDNIGHT + 24 * HOUR
NEXT_MORNING = MORNING + 24 * HOUR


def ledger(number: int, last: datetime, *, urgent: int = 0) -> Ledger:
    """Return a ledger of so many updates up to the last one, a minute apart."""
    updates = [last - MINUTE * (number - 1 - item) for item in range(number)]
    return Ledger(updates, updates[number - urgent :])


def ordinary(book: Ledger, now: datetime = NOW, rules: Rules | None = None, zone: ZoneInfo | None = None) -> Slot:
    """Return the slot of an ordinary update."""
    return Budget(book, rules or Rules(), zone or UTC, now).ordinary


def urgent(book: Ledger, now: datetime = NOW, rules: Rules | None = None) -> Slot:
    """Return the slot of an urgent update."""
    return Budget(book, rules or Rules(), UTC, now).urgent


@pytest.mark.parametrize(
    ("used", "slot"),
    [
        # At noon, 36 updates 20 minutes apart fit into the time until midnight. Five are kept for after it.
        pytest.param(1, Slot(NOW + 20 * MINUTE, Reason.SPACING), id="a-quiet-morning"),
        pytest.param(10, Slot(NOW + 20 * MINUTE, Reason.SPACING), id="enough-left"),
        # 23 are enough for one every 32 minutes, and 21 are not.
        pytest.param(21, Slot(NOW + 20 * MINUTE, Reason.SPACING), id="just-enough-left"),
        pytest.param(23, Slot(NOW + 12 * HOUR / 23, Reason.BUDGET), id="few-left"),
        pytest.param(28, Slot(NOW + 12 * HOUR / 18, Reason.BUDGET), id="a-busy-morning"),
        pytest.param(44, Slot(NOW + 6 * HOUR, Reason.BUDGET), id="one-left-before-midnight"),
        pytest.param(49, Slot(NEXT_MIDNIGHT, Reason.BUDGET), id="one-left"),
        pytest.param(50, Slot(NEXT_MORNING, Reason.BUDGET), id="none-left"),
    ],
)
def test_share(used: int, slot: Slot) -> None:
    """Few updates are spread evenly over what is left of the day; as long as there are more, only the spacing holds."""
    assert ordinary(ledger(used, NOW)) == slot


def test_share_ends_as_soon_as_enough_are_left() -> None:
    """From 12:48 on, 21 updates are enough for the time until midnight."""
    last = NOW + 20 * MINUTE
    assert ordinary(ledger(23, last), last) == Slot(NOW + 48 * MINUTE, Reason.BUDGET)
    assert ordinary(ledger(23, last - 5 * MINUTE), last) == Slot(last - 5 * MINUTE + 705 * MINUTE / 23, Reason.BUDGET)


@pytest.mark.parametrize(
    ("day", "night", "kept"),
    [
        pytest.param(0, 0, 5, id="at-least-a-tenth"),
        pytest.param(42, 7, 7, id="as-many-as-last"),
        pytest.param(43, 7, 8, id="none-was-left"),
        pytest.param(0, 15, 10, id="at-most-an-even-share"),
    ],
)
def test_updates_kept_for_the_night(day: int, night: int, kept: int) -> None:
    """As many as the last night took, one more if none was left; in the night, what is left is spread evenly."""
    yesterday = [*ledger(day, NOW - 24 * HOUR).updates, *ledger(night, MIDNIGHT + 4 * HOUR).updates]

    def after(used: int, last: datetime) -> Ledger:
        return Ledger([*yesterday, *ledger(used, last).updates])

    assert ordinary(after(49 - kept, NOW)) == Slot(NOW + 6 * HOUR, Reason.BUDGET)
    assert ordinary(after(50 - kept, NOW)) == Slot(NEXT_MIDNIGHT, Reason.BUDGET)
    late = NEXT_MIDNIGHT + HOUR
    assert ordinary(after(48, late), late) == Slot(late + 4 * HOUR / 3, Reason.BUDGET)


def test_never_updated() -> None:
    """The first update goes at once, but not in quiet hours."""
    assert ordinary(Ledger()).time <= NOW
    night = MIDNIGHT + HOUR
    assert ordinary(Ledger(), night, QUIET) == Slot(MIDNIGHT + 7 * HOUR, Reason.QUIET_HOURS)
    assert urgent(Ledger(), night, QUIET).time <= night


def test_without_a_limit() -> None:
    """Only the spacing holds."""
    rules = Rules(daily_limit=0, min_interval=MINUTE)
    assert ordinary(ledger(700, NOW), rules=rules) == Slot(NOW + MINUTE, Reason.SPACING)
    assert urgent(ledger(700, NOW), rules=rules) == Slot(NOW + MINUTE, Reason.SPACING)


def test_long_spacing() -> None:
    """A spacing beyond the day lasts into the next one."""
    rules = Rules(min_interval=20 * HOUR)
    assert ordinary(ledger(1, NOW), rules=rules) == Slot(NOW + 20 * HOUR, Reason.SPACING)


def test_quiet_hours() -> None:
    """They hold ordinary updates, and are not part of the day that is shared."""
    evening = MIDNIGHT + 21 * HOUR + 50 * MINUTE
    assert ordinary(ledger(1, evening), evening, QUIET) == Slot(MIDNIGHT + 31 * HOUR, Reason.QUIET_HOURS)
    assert urgent(ledger(1, evening), evening, QUIET) == Slot(evening + MINUTE, Reason.SPACING)
    # After midnight, too, although no active time has passed then.
    night = MIDNIGHT + HOUR
    assert urgent(ledger(1, MIDNIGHT - HOUR), night, QUIET).time <= night
    assert urgent(ledger(1, night), night, QUIET) == Slot(night + MINUTE, Reason.SPACING)
    # What the active hours need is not used before they begin.
    early = MORNING + 30 * MINUTE
    assert urgent(ledger(27, early), early, QUIET) == Slot(MIDNIGHT + 7 * HOUR, Reason.QUIET_HOURS)
    # Ten active hours are left at noon, for 16 updates.
    assert ordinary(ledger(29, NOW), rules=QUIET) == Slot(NOW + 10 * HOUR / 17, Reason.BUDGET)
    siesta = Rules(quiet=QuietHours(time(13), time(15)))
    before = NOW + 55 * MINUTE
    assert ordinary(ledger(1, before), before, siesta) == Slot(NOW + 3 * HOUR, Reason.QUIET_HOURS)


def test_urgent() -> None:
    """A minute after the last update, four times an hour, and never later than an ordinary one."""
    assert urgent(ledger(1, NOW)) == Slot(NOW + MINUTE, Reason.SPACING)
    assert urgent(ledger(3, NOW, urgent=3)) == Slot(NOW + MINUTE, Reason.SPACING)
    assert urgent(ledger(5, NOW, urgent=4)) == Slot(NOW + 20 * MINUTE, Reason.SPACING)
    ago = ledger(5, NOW - 50 * MINUTE, urgent=4)
    now = Ledger([*ago.updates, NOW], ago.urgent)
    assert urgent(now) == Slot(NOW + 7 * MINUTE, Reason.SPACING)


def test_urgent_leaves_an_update_for_every_45_minutes() -> None:
    """At noon that takes 16 of the 45; with fewer left, an urgent change waits until the rest of the day is shorter."""
    assert urgent(ledger(29, NOW)) == Slot(NOW + MINUTE, Reason.SPACING)
    assert urgent(ledger(30, NOW)) == Slot(NOW + 45 * MINUTE, Reason.BUDGET)
    late = MIDNIGHT + 23 * HOUR
    assert urgent(ledger(43, late), late) == Slot(late + MINUTE, Reason.SPACING)
    assert urgent(ledger(44, late), late) == Slot(late + 15 * MINUTE, Reason.BUDGET)
    assert urgent(ledger(49, late), late) == Slot(NEXT_MIDNIGHT, Reason.BUDGET)
    assert urgent(ledger(50, late), late) == Slot(NEXT_MORNING, Reason.BUDGET)


def test_longest_wait() -> None:
    """What is sent as soon as it may go waits 45 minutes at most; about so at night when some nights have been like it."""
    for pattern in ("o", "u", "uo", "uuo", "uuuuo"):
        now, book, sent = MORNING, Ledger(), list[datetime]()
        kinds = cycle(pattern)
        while now < MORNING + 12 * 24 * HOUR:
            kind, budget = next(kinds), Budget(book, Rules(), UTC, now)
            slot = budget.urgent if kind == "u" else budget.ordinary
            now = max(slot.time, now)
            book = book.booked(now, urgent=kind == "u" and budget.ordinary.time > now)
            sent.append(now)
        assert set(Counter(Days(UTC).of(moment) for moment in sent[:-1]).values()) == {50}
        waits = [(later - earlier, earlier, later) for earlier, later in pairwise(sent)]
        assert max(wait for wait, _, later in waits if later <= NEXT_MIDNIGHT) <= 45 * MINUTE + SECOND
        # Ten updates are kept for the five hours, and urgent ones leave one for every 25/16 of half an hour.
        assert max(wait for wait, earlier, _ in waits if earlier > NEXT_MIDNIGHT + 10 * 24 * HOUR) <= 47 * MINUTE


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param(datetime(2026, 3, 28, tzinfo=BERLIN), 23, id="spring"),
        pytest.param(datetime(2026, 10, 24, tzinfo=BERLIN), 25, id="autumn"),
        pytest.param(datetime(2026, 10, 26, tzinfo=BERLIN), 24, id="any"),
    ],
)
def test_days_of_other_lengths(day: datetime, hours: int) -> None:
    """Where the clocks change in the night, the day before has 23 or 25 hours, and 50 updates all the same."""
    days = Days(BERLIN)
    begin, end = days.begin(day.date()), days.begin(day.date() + timedelta(days=1))
    assert end - begin == hours * HOUR
    assert {moment.astimezone(BERLIN).time() for moment in (begin, end)} == {time(5)}
    assert [days.of(moment) for moment in (begin - SECOND, begin, end - SECOND)] == [
        day.date() - timedelta(days=1),
        day.date(),
        day.date(),
    ]
    now, book = begin, Ledger()
    while now < end:
        book = book.booked(now, urgent=False)
        now = ordinary(book, now, zone=BERLIN).time
    assert len(book.updates) == 50
    assert now == end
    night = Days(BERLIN, QuietHours(time(1), time(4)))
    assert night.active(begin, end) == 21 * HOUR


def test_day_of_another_time_zone() -> None:
    """The day's updates are counted again from where the day begins now."""
    book = ledger(10, MORNING + 5 * MINUTE)
    tokyo = ZoneInfo("Asia/Tokyo")
    assert book.used(Days(UTC), NOW) == 6
    assert book.used(Days(tokyo), NOW) == 10
    assert book.used(Days(tokyo), MORNING + 15 * HOUR) == 0


def test_midnight_that_does_not_exist() -> None:
    """Where the clocks change at midnight, the night begins at the moment of the change."""
    havana = ZoneInfo("America/Havana")
    day = datetime(2026, 3, 7, tzinfo=havana).date()
    _, night, end = day_of(havana, day)
    assert (night.astimezone(havana).hour, end - night) == (1, 4 * HOUR)


@pytest.mark.parametrize(
    ("ahead", "used"),
    [
        pytest.param(2 * MINUTE, 2, id="minutes"),
        pytest.param(20 * HOUR, 1, id="hours"),
        pytest.param(9000 * HOUR, 1, id="a-year"),
    ],
)
@pytest.mark.parametrize("is_own", [True, False])
def test_ledger_from_the_future(ahead: timedelta, used: int, *, is_own: bool) -> None:
    """The spacing begins again, and the updates stay, because the clock may have been right when it recorded them."""
    book = Ledger([NOW - HOUR, NOW + ahead], [NOW + ahead]).read_at(NOW, is_own=is_own)
    assert book == Ledger([NOW - HOUR, NOW + ahead], [NOW + ahead], since=NOW)
    assert (book.last(NOW), book.spaced_from(NOW)) == (NOW - HOUR, NOW)
    assert book.used(Days(UTC), NOW) == used
    assert ordinary(book) == Slot(NOW + 20 * MINUTE, Reason.SPACING)
    assert urgent(book) == Slot(NOW + MINUTE, Reason.SPACING)
    # It counts on no later day.
    assert book.used(Days(UTC), NOW + ahead + 24 * HOUR) == 0


def test_clock_two_days_behind_for_one_start() -> None:
    """The updates of today still count when the clock is right again, and no more than that."""
    book = ledger(49, NOW)
    today = book.used(Days(UTC), NOW)
    behind = NOW - 48 * HOUR
    wrong = book.read_at(behind, is_own=False)
    for number in range(1, 4):
        wrong = wrong.booked(behind + number * HOUR, urgent=False)
    right = wrong.read_at(NOW + 4 * HOUR, is_own=False)
    assert right.used(Days(UTC), NOW + 4 * HOUR) == today
    assert right.booked(NOW + 4 * HOUR, urgent=False).used(Days(UTC), NOW + 4 * HOUR) == today + 1


@pytest.mark.parametrize("sent", [0, 1])
def test_update_of_another_clock_holds_up_nothing_at_its_time(sent: int) -> None:
    """The spacing is not counted from it, whether or not this clock has recorded an update meanwhile."""
    other = NOW + 2 * HOUR
    book = Ledger([other], [other]).read_at(NOW, is_own=False)
    last = NOW
    for number in range(1, sent + 1):
        last = NOW + number * HOUR
        book = book.booked(last, urgent=False)
    now = other + MINUTE
    assert book.spaced_from(now) == last
    assert ordinary(book, now, rules=Rules(daily_limit=0)).time == last + 20 * MINUTE
    assert urgent(book, now).time <= now


def test_spacing_counted_from_the_future() -> None:
    """It begins again, too, although no update is in the future."""
    book = Ledger([NOW - HOUR], since=NOW + HOUR, here=1)
    for is_own in (True, False):
        assert book.read_at(NOW, is_own=is_own) == Ledger([NOW - HOUR], since=NOW)


@pytest.mark.parametrize("ahead", [-HOUR, timedelta(), 3 * SECOND])
def test_ledger_read_without_times_in_the_future(ahead: timedelta) -> None:
    """Nothing changes, except that another process has recorded it; a few seconds are within the tolerance."""
    book = Ledger([NOW - 2 * HOUR, NOW + ahead], since=NOW - 3 * HOUR, here=2)
    assert book.read_at(NOW, is_own=True) == book
    assert book.read_at(NOW, is_own=False) == Ledger(book.updates, since=NOW + ahead)
    assert Ledger().read_at(NOW, is_own=False) == Ledger()


@pytest.mark.parametrize("by", [-48 * HOUR, -30 * MINUTE, 30 * MINUTE, 48 * HOUR], ids=str)
def test_clock_that_is_set(by: timedelta) -> None:
    """An update that this process recorded keeps its age, all others keep their time."""
    start = NOW - HOUR
    other, own, urgent_one = NOW - 2 * HOUR, NOW - 50 * MINUTE, NOW - 10 * MINUTE
    book = Ledger([other, own, urgent_one], [urgent_one]).moved(by, start, NOW + by)
    assert list(book.updates) == [other, own + by, urgent_one + by]
    assert list(book.urgent) == [urgent_one + by]
    assert book.spaced_from(NOW + by) == urgent_one + by
    assert ordinary(book, NOW + by).time == urgent_one + by + 20 * MINUTE
    assert urgent(book, NOW + by).time <= NOW + by


def test_clock_that_is_set_before_the_first_update() -> None:
    """The spacing goes on from where it was; it counts from the update of another process that is later by the new clock."""
    start = NOW - 5 * MINUTE
    book = Ledger([NOW - 10 * MINUTE])
    assert book.moved(-HOUR, start, NOW - HOUR).spaced_from(NOW - HOUR) == NOW - 70 * MINUTE
    # By the new clock, 55 minutes ago is later than 10 minutes ago was.
    assert book.moved(HOUR, start, NOW + HOUR).spaced_from(NOW + HOUR) == NOW + 50 * MINUTE
    assert Ledger([NOW - 10 * MINUTE], since=NOW - 2 * HOUR).moved(HOUR, start, NOW + HOUR).spaced_from(NOW + HOUR) == (
        NOW - 10 * MINUTE
    )
    assert Ledger().moved(HOUR, start, NOW + HOUR) == Ledger()


@pytest.mark.parametrize("first", [-48 * HOUR, 48 * HOUR], ids=["back-and-forth", "forth-and-back"])
@pytest.mark.parametrize("between", [0, 3], ids=["unused", "used"])
def test_clock_that_is_set_twice(first: timedelta, between: int) -> None:
    """Two days away and back give the same ledger, as if the clock had always been right."""
    start, now = NOW - 3 * HOUR, NOW
    updates = [NOW - hours * HOUR for hours in (10, 4, 2, 1)]
    right = Ledger(updates, updates[-1:])
    book = right.moved(first, start, now + first)
    for _ in range(between):
        now += 20 * MINUTE
        right = right.booked(now, urgent=True)
        book = book.booked(now + first, urgent=True)
    book = book.moved(-first, start + first, now)
    assert (list(book.updates), list(book.urgent)) == (list(right.updates), list(right.urgent))
    assert book.spaced_from(now) == right.spaced_from(now)
    assert ordinary(book, now) == ordinary(right, now)
    assert urgent(book, now) == urgent(right, now)


def test_clock_that_is_set_before_the_answer() -> None:
    """The update counts from its answer by the new clock."""
    for by in (-48 * HOUR, 48 * HOUR):
        book = Ledger([NOW - HOUR]).booked(NOW, urgent=False)
        now = NOW + by + MINUTE
        book = book.moved(by, NOW - MINUTE, NOW + by + SECOND).arrived(now)
        assert book.spaced_from(now) == now
        assert ordinary(book, now).time == now + 20 * MINUTE


def test_update_counts_from_its_answer() -> None:
    """The spacing begins when an update can have arrived at the latest, also that of urgent ones."""
    book = Ledger().booked(NOW, urgent=True).arrived(NOW + SECOND)
    assert (book.updates, book.urgent) == ((NOW + SECOND,), (NOW + SECOND,))
    assert book.arrived(NOW) == book


def test_assumed_ledger() -> None:
    """Of a lost ledger, an even share of today's updates but a tenth is assumed, and the spacing from now on."""
    book = Ledger.assumed(NOW, Days(UTC), 50)
    assert (book.used(Days(UTC), NOW), book.updates[0], book.since) == (13, MORNING, NOW)
    assert all(abs(later - earlier - 24 * HOUR / 45) < SECOND for earlier, later in pairwise(book.updates))
    assert Ledger.assumed(MORNING, Days(UTC), 50) == Ledger(since=MORNING)
    assert Ledger.assumed(NOW, Days(UTC), 0) == Ledger(since=NOW)


@pytest.mark.parametrize("limit", [1, 4, 20, 50])
@pytest.mark.parametrize(
    "quiet",
    [
        pytest.param(None, id="none"),
        pytest.param(QuietHours(time(22), time(7)), id="night"),
        pytest.param(QuietHours(time(0), time(8)), id="morning"),
        pytest.param(QuietHours(time(18), time(0)), id="evening"),
        pytest.param(QuietHours(time(13), time(15)), id="siesta"),
    ],
)
def test_assumed_ledger_locks_nothing(limit: int, quiet: QuietHours | None) -> None:
    """At any hour, the next update waits for no longer than an interval, and for the quiet hours if it is ordinary."""
    rules, days = Rules(daily_limit=limit, quiet=quiet), Days(BERLIN, quiet)
    for day in (datetime(2026, 3, 29), datetime(2026, 10, 25), datetime(2026, 11, 23)):  # noqa: DTZ001
        begin = days.begin(day.date())
        for minutes in range(0, 25 * 60, 13):
            now = begin + minutes * MINUTE
            book = Ledger.assumed(now, days, limit)
            assert book.used(days, now) < limit
            budget = Budget(book, rules, BERLIN, now)
            assert budget.ordinary.time == days.next_active(now + 20 * MINUTE)
            assert budget.urgent.time == now + MINUTE


def test_ledger_stays_small() -> None:
    """It forgets what was more than two days ago, but never the last hundred updates."""
    book = Ledger()
    for number in range(10_000):
        book = book.booked(NOW + number * 20 * MINUTE, urgent=number % 2 == 0)
    assert len(book.updates) == 150
    assert len(book.urgent) <= 4
    later = book.booked(NOW + 10_000 * HOUR, urgent=False)
    assert len(later.updates) == 101
    assert later.urgent == ()


@pytest.mark.parametrize("every", [1, 2, 5])
def test_door_that_is_used_at_night(every: int) -> None:
    """Its changes wait for less than an hour, however quiet the nights before were and however busy the days are."""
    now, book, begun, waits = NOW, Ledger(), None, list[timedelta]()
    while now < NOW + 14 * 24 * HOUR:
        budget = Budget(book, Rules(), UTC, now)
        if (now.day % every, now.hour, now.minute) in [(0, hour, minute) for hour in (1, 2, 3) for minute in (0, 5)]:
            begun = begun or now
        is_urgent = begun is not None and budget.urgent.time <= now
        if begun is not None and is_urgent:
            waits.append(now - begun)
            begun = None
        if is_urgent or (now.hour >= 7 and budget.ordinary.time <= now):
            book = book.booked(now, urgent=is_urgent and budget.ordinary.time > now)
        now += MINUTE
    assert len(waits) >= 3 * (14 // every - 1)
    assert max(waits) < HOUR
