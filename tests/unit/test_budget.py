"""When a device may get its next update."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from custom_components.pushover_glances.delivery import Days, Ledger, QuietHours, Reason, Rules
from custom_components.pushover_glances.delivery.schedule import Schedule, Slot

from .screen import HOUR, MINUTE, NOW, SECOND

BERLIN = ZoneInfo("Europe/Berlin")
QUIET = Rules(quiet=QuietHours(time(22), time(7)))
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)


def ledger(number: int, last: datetime, *, urgent: int = 0) -> Ledger:
    """Return a ledger of so many updates up to the last one, a minute apart."""
    updates = [last - MINUTE * (number - 1 - item) for item in range(number)]
    return Ledger(updates, updates[number - urgent :])


def ordinary(book: Ledger, now: datetime = NOW, rules: Rules | None = None, zone: ZoneInfo | None = None) -> Slot:
    """Return the slot of an ordinary update."""
    return Schedule(book, rules or Rules(), zone or UTC, now).ordinary()


def urgent(book: Ledger, now: datetime = NOW, rules: Rules | None = None) -> Slot:
    """Return the slot of an urgent update."""
    return Schedule(book, rules or Rules(), UTC, now).urgent()


@pytest.mark.parametrize(
    ("used", "slot"),
    [
        # At noon, 36 updates 20 minutes apart fit into the rest of the day.
        pytest.param(1, Slot(NOW + 20 * MINUTE, Reason.SPACING), id="a-quiet-morning"),
        pytest.param(14, Slot(NOW + 20 * MINUTE, Reason.SPACING), id="enough-left"),
        pytest.param(25, Slot(NOW + 12 * HOUR / 26, Reason.BUDGET), id="half"),
        pytest.param(32, Slot(NOW + 12 * HOUR / 19, Reason.BUDGET), id="a-busy-morning"),
        pytest.param(49, Slot(NOW + 6 * HOUR, Reason.BUDGET), id="one-left"),
        pytest.param(50, Slot(MIDNIGHT + 24 * HOUR, Reason.BUDGET), id="none-left"),
    ],
)
def test_share(used: int, slot: Slot) -> None:
    """What is left of the day's updates is spread evenly over what is left of the day."""
    assert ordinary(ledger(used, NOW)) == slot


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
    # Ten hours awake are left at noon, for 17 updates.
    assert ordinary(ledger(33, NOW), rules=QUIET) == Slot(NOW + 10 * HOUR / 18, Reason.BUDGET)
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


def test_urgent_leaves_an_update_for_every_forty_minutes() -> None:
    """At noon that takes 18 of the 50; with fewer left, an urgent change waits until the rest of the day is shorter."""
    assert urgent(ledger(32, NOW)) == Slot(NOW + MINUTE, Reason.SPACING)
    assert urgent(ledger(33, NOW)) == Slot(NOW + 12 * HOUR / 18, Reason.BUDGET)
    late = MIDNIGHT + 23 * HOUR
    assert urgent(ledger(48, late), late) == Slot(late + MINUTE, Reason.SPACING)
    assert urgent(ledger(49, late), late) == Slot(late + 20 * MINUTE, Reason.BUDGET)
    assert urgent(ledger(50, late), late) == Slot(MIDNIGHT + 24 * HOUR, Reason.BUDGET)


def test_no_wait_exceeds_forty_minutes() -> None:
    """Whatever is sent as soon as it may go, urgent or not: a day of 50 updates never waits longer than that."""
    for pattern in ("o", "u", "uo", "uuo", "uuuuo"):
        now, book = MIDNIGHT, Ledger()
        kinds = pattern * 200
        while now < MIDNIGHT + 24 * HOUR:
            kind = kinds[len(book.updates)]
            schedule = Schedule(book, Rules(), UTC, now)
            slot = schedule.urgent() if kind == "u" else schedule.ordinary()
            now = max(slot.time, now)
            book = book.booked(now, urgent=kind == "u" and schedule.ordinary().time > now)
        today = [moment for moment in book.updates if moment < MIDNIGHT + 24 * HOUR]
        assert len(today) <= 50
        assert max(later - earlier for earlier, later in pairwise(today)) <= 40 * MINUTE + SECOND


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param(datetime(2026, 3, 29, tzinfo=BERLIN), 23, id="spring"),
        pytest.param(datetime(2026, 10, 25, tzinfo=BERLIN), 25, id="autumn"),
        pytest.param(datetime(2026, 10, 26, tzinfo=BERLIN), 24, id="any"),
    ],
)
def test_days_of_other_lengths(day: datetime, hours: int) -> None:
    """Where the clocks change, a day has 23 or 25 hours, and 50 updates all the same."""
    days = Days(BERLIN)
    begin, end = days.begin(day.date()), days.begin(day.date() + timedelta(days=1))
    assert end - begin == hours * HOUR
    now, book = begin, Ledger()
    while now < end:
        book = book.booked(now, urgent=False)
        now = ordinary(book, now, zone=BERLIN).time
    assert len(book.updates) == 50
    assert now == end
    night = Days(BERLIN, QuietHours(time(1), time(4)))
    assert night.awake(begin, end) == 21 * HOUR


def test_day_of_another_time_zone() -> None:
    """The day's updates are counted anew from where the day begins now."""
    book = ledger(10, MIDNIGHT + 5 * MINUTE)
    tokyo = ZoneInfo("Asia/Tokyo")
    assert book.used(Days(UTC), NOW) == 6
    assert book.used(Days(tokyo), NOW) == 10
    assert book.used(Days(tokyo), MIDNIGHT + 15 * HOUR) == 0


def test_midnight_that_does_not_exist() -> None:
    """Where the clocks change at midnight, the day begins at the moment of the change."""
    havana = ZoneInfo("America/Havana")
    day = datetime(2026, 3, 8, tzinfo=havana).date()
    begin = Days(havana).begin(day)
    assert (begin.astimezone(havana).hour, Days(havana).of(begin - SECOND)) == (1, day - timedelta(days=1))


@pytest.mark.parametrize(
    ("ahead", "updates"),
    [
        pytest.param(timedelta(), [NOW - HOUR, NOW], id="now"),
        pytest.param(3 * SECOND, [NOW - HOUR, NOW], id="seconds"),
        pytest.param(20 * HOUR, [NOW - HOUR, NOW], id="hours"),
        pytest.param(25 * HOUR, [NOW] * 25, id="more-than-a-day"),
        pytest.param(9000 * HOUR, [NOW] * 25, id="a-year"),
    ],
)
def test_ledger_from_the_future(ahead: timedelta, updates: list[datetime]) -> None:
    """A clock that was set back makes updates of just now of those ahead, and keeps their number where it can be true."""
    book = Ledger([NOW - HOUR, NOW + ahead], [NOW + ahead])
    believed = book.believable(NOW, Days(UTC), 50)
    assert list(believed.updates) == updates
    assert all(moment <= NOW for moment in believed.urgent)


def test_assumed_ledger() -> None:
    """A lost ledger has an update just now, and as many of today as the hour would have it."""
    assert Ledger.assumed(NOW, Days(UTC), 50).used(Days(UTC), NOW) == 25
    assert Ledger.assumed(MIDNIGHT, Days(UTC), 50).updates == [MIDNIGHT]
    assert Ledger.assumed(NOW, Days(UTC), 0).updates == [NOW]
    assert ordinary(Ledger.assumed(NOW, Days(UTC), 50)).time - NOW < 40 * MINUTE


def test_ledger_stays_small() -> None:
    """It forgets what was more than two days ago, but never the last update."""
    book = Ledger()
    for number in range(10_000):
        book = book.booked(NOW + number * 20 * MINUTE, urgent=number % 2 == 0)
    assert len(book.updates) == 150
    assert len(book.urgent) <= 4
    later = book.booked(NOW + 10_000 * HOUR, urgent=False)
    assert len(later.updates) == 1
