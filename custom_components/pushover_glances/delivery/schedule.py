"""When the next update of a device may go, and when to try again after a failure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from ..pushover import Field
from .day import Days, QuietHours
from .decision import Reason
from .ledger import Ledger

# Pushover's page on glances: "we recommend at least 20 minutes between each call".
MIN_INTERVAL = timedelta(minutes=20)
# Pushover's page on glances, newer edition: watchOS takes about 50 updates a day, and then none until the next.
DAILY_LIMIT = 50
# Ours: soon enough to be of use, and late enough for a door that opens and closes to count once.
URGENT_INTERVAL = timedelta(minutes=1)
# Ours: a door that is used all day must not use up the watch.
URGENT_PER_HOUR = 4
# Ours: what urgent updates leave to the others, so that with 50 a day none of those waits longer than this.
URGENT_RESERVE = timedelta(minutes=40)
# The same share of a smaller limit: 40 minutes are 25/18 of the 28.8 minutes that 50 updates a day lie apart.
_RESERVE_RATIO = 25 / 18
# Ours, from benchmarks/freshness.py: between the even share, at 1, and the reserve, at 25/18.
_SHORT_RATIO = 10 / 9
# Pushover's rules of friendliness: after a failure of theirs, no sooner than five seconds.
RETRY_FIRST = timedelta(seconds=5)
RETRY_LONGEST = MIN_INTERVAL
# An answer that nobody documents, or a quota without an end, is asked about again now and then.
RETRY_HOURLY = timedelta(hours=1)

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_ZERO = timedelta(0)
_INSTANT = timedelta(microseconds=1)
_ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rules:
    """How a widget spends its budget, and how it shows what it does not know; all of it can be set by its owner."""

    min_interval: timedelta = MIN_INTERVAL
    daily_limit: int = DAILY_LIMIT
    quiet: QuietHours | None = None
    time_stamp: Field | None = None
    dashes: bool = True


@dataclass(frozen=True, slots=True)
class Slot:
    """When an update may go, and what keeps it from going earlier; a time that has passed means at once."""

    time: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Schedule:
    """The slots of one device at one moment; the ledger has no update in the future."""

    ledger: Ledger
    rules: Rules
    zone: tzinfo
    now: datetime

    def ordinary(self) -> Slot:
        """Return the slot of an update that is not urgent: spaced, within the budget of the day, not in quiet hours."""
        last = self.ledger.last
        if last is None:
            return self._awake(Slot(self.now, Reason.SPACING))
        soonest = last + self.rules.min_interval
        for end, left in self._budgets():
            share = self._share(last, end, left)
            slot = Slot(share, Reason.BUDGET) if share > soonest else Slot(soonest, Reason.SPACING)
            if left > 0 and (slot := self._awake(slot)).time < end:
                return slot
        return self._awake(Slot(soonest, Reason.SPACING))

    @property
    def holds_until(self) -> datetime:
        """Return until when the ordinary slot of this ledger is the same, should time be all that passes."""
        if self.rules.quiet is not None or self.ledger.last is None:
            return self.now
        return self._days.begin(self._days.of(self.now) + _DAY)

    def urgent(self) -> Slot:
        """Return the slot of an urgent update: never later than an ordinary one."""
        last = self.ledger.last
        if last is None:
            return Slot(self.now, Reason.SPACING)
        soonest = self._soonest_urgent(last)
        slot = self.ordinary()
        for end, left in self._budgets():
            moment = max(soonest, self._reserve_reached(end, left))
            if left > 0 and moment < end:
                hasty = Slot(moment, Reason.SPACING if moment == soonest else Reason.BUDGET)
                return min(slot, hasty, key=lambda item: item.time)
        return slot

    @property
    def lacks_budget(self) -> bool:
        """Tell whether an urgent update has to wait longer because of those that are left for the rest of the day."""
        last = self.ledger.last
        return last is not None and self.urgent().time > max(self._soonest_urgent(last), self.now)

    def _soonest_urgent(self, last: datetime) -> datetime:
        recent = self.ledger.urgent_of_last_hour(self.now)
        too_many = len(recent) >= URGENT_PER_HOUR
        return max(last + URGENT_INTERVAL, recent[-URGENT_PER_HOUR] + _HOUR) if too_many else last + URGENT_INTERVAL

    @property
    def is_short(self) -> bool:
        """Tell whether more of today's updates are used than an even share leaves for urgent ones."""
        if not self.rules.daily_limit:
            return False
        end, left = self._budgets()[0]
        _, awake = self._day_before(end)
        pace = awake / self.rules.daily_limit
        return (left - 1) * pace * _SHORT_RATIO < self._days.awake(self.now, end)

    @property
    def _days(self) -> Days:
        return Days(self.zone, self.rules.quiet)

    def _budgets(self) -> list[tuple[datetime, int]]:
        """Return the end of today and of tomorrow, and how many updates either has left."""
        days, limit = self._days, self.rules.daily_limit
        today = days.of(self.now)
        if not limit:
            return [(days.begin(today + 3 * _DAY), 1)]
        left = limit - self.ledger.used(days, self.now)
        return [(days.begin(today + _DAY), left), (days.begin(today + 2 * _DAY), limit)]

    def _share(self, last: datetime, end: datetime, left: int) -> datetime:
        """Return when the next of the updates that are left is due, where they are spread evenly over the rest of a day.

        The first after quiet hours is due when these end, and the first of a day when that begins.
        """
        if not self.rules.daily_limit or left <= 0:
            return _ALWAYS
        begin, _ = self._day_before(end)
        if last < begin:
            return begin
        return self._days.after_or_rested(last, self._days.awake(last, end) / (left + 1), end)

    def _reserve_reached(self, end: datetime, left: int) -> datetime:
        """Return from when on enough updates are left for the rest of the day."""
        limit = self.rules.daily_limit
        if not limit:
            return _ALWAYS
        begin, awake = self._day_before(end)
        reserve = max(URGENT_RESERVE, awake * _RESERVE_RATIO / limit)
        return self._days.after(begin, max(awake - left * reserve, _ZERO), end)

    def _day_before(self, end: datetime) -> tuple[datetime, timedelta]:
        """Return when the day that ends then begins, and how much of it is awake."""
        begin = self._days.begin(self._days.of(end - _INSTANT))
        return begin, self._days.awake(begin, end)

    def _awake(self, slot: Slot) -> Slot:
        """Return the slot, or the end of the quiet hours that it falls into or that it ends with."""
        if self.rules.quiet is None:
            return slot
        days, due = self._days, max(slot.time, self.now)
        moment = days.next_awake(due)
        ends_quiet_hours = moment > self.now and days.next_awake(moment - _INSTANT) == moment
        return Slot(moment, Reason.QUIET_HOURS) if moment > due or ends_quiet_hours else slot


def retry_delay(failures: int) -> timedelta:
    """Return the pause after so many failures in a row: 5 seconds, doubling to 20 minutes."""
    # 2^8 times five seconds is beyond the longest pause already; a larger power would only overflow.
    return min(RETRY_FIRST * (1 << min(failures - 1, 8)), RETRY_LONGEST)
