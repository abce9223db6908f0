"""How many updates a device may still get today, and when the next may go.

A day begins at 05:00 in Home Assistant's time zone, and has 23 or 25 hours when the clocks change. Times are subtracted
in UTC only: between local times, Python ignores that the clocks change.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property, lru_cache
from typing import NamedTuple, Self

from ..pushover import Field
from .effects import Reason

# "We recommend at least 20 minutes between each call" (https://pushover.net/api/glances).
MIN_INTERVAL = timedelta(minutes=20)
# watchOS accepts about 50 updates a day, and then none until the next day (https://pushover.net/api/glances).
DAILY_LIMIT = 50
# People report that their watch starts counting again at about 05:00 local time; some name other times.
DAY_BEGIN = time(5)
# The hours from midnight to 05:00 get no more than their even share of the updates of a day, and no less than a tenth:
# with fewer, a door that is used after a quiet night is shown wrongly until 05:00.
_NIGHT_MOST = 5 / 24
_NIGHT_LEAST = 10
# Soon enough to be useful, and late enough that a door that opens and closes again costs one update.
URGENT_INTERVAL = timedelta(minutes=1)
# A door that is used all day must not use up the updates of the day.
URGENT_PER_HOUR = 4
# Chosen by benchmarks/freshness.py: urgent updates leave enough for one every 45 minutes until midnight, and at night
# until 05:00.
_URGENT_RESERVE = timedelta(minutes=45)
# The same for other limits, as a multiple of the 28.8 minutes between 50 updates that are spread over a day.
_RESERVE_RATIO = 45 / 28.8
# Chosen in the same way: few updates are left when they are not enough for one every 32 minutes.
_FEW_RATIO = 32 / 28.8
# Watches lose updates without an error. Repeating takes at most eight of fifty updates a day.
REPEAT_AFTER = timedelta(hours=3)

_HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_ZERO = timedelta(0)
_INSTANT = timedelta(microseconds=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_UNKNOWN = datetime.max.replace(tzinfo=UTC)
# A local day has at most 25 hours, and a changed time zone moves its beginning by at most a day.
KEPT = timedelta(hours=50)
# This many updates are always kept, so that a clock that was days ahead and is set right does not lead to a burst.
_KEPT_ANYWAY = 100
# A time further ahead than this was recorded while the clock was wrong.
_TOLERANCE = timedelta(minutes=1)


@lru_cache(maxsize=64)
def instant(zone: tzinfo, day: date, local: time) -> datetime:
    """Return the instant of a local time: the first of two if the clocks go back, moved forward if they skip it.

    It is cached because every decision needs the same few instants.
    """
    return datetime.combine(day, local, zone).astimezone(UTC)


class Day(NamedTuple):
    """The instants at which a day begins, its last hours begin (at midnight), and the next day begins."""

    begin: datetime
    night: datetime
    end: datetime


# A decision needs the day before, two or three days from today on, and replays of the past a few more.
@lru_cache(maxsize=8)
def day_of(zone: tzinfo, day: date) -> Day:
    """Return the instants of a day."""
    following = day + DAY
    return Day(instant(zone, day, DAY_BEGIN), instant(zone, following, time.min), instant(zone, following, DAY_BEGIN))


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local times between which only urgent updates may go; midnight and 05:00 may lie between them."""

    begin: time
    end: time


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a time zone, and their active time, which is the time outside the quiet hours."""

    zone: tzinfo
    quiet: QuietHours | None = None

    def of(self, moment: datetime) -> date:
        """Return the day of an instant: until 05:00, it is the one before that of the calendar."""
        day = moment.astimezone(self.zone).date()
        return day if moment >= day_of(self.zone, day).begin else day - DAY

    def begin(self, day: date) -> datetime:
        """Return the first instant of a day, which is also the end of the day before."""
        return day_of(self.zone, day).begin

    def active(self, start: datetime, end: datetime) -> timedelta:
        """Return the active time between two instants."""
        if self.quiet is None:
            return max(end - start, _ZERO)
        return sum((upto - since for since, upto in self._active_spans(start, end)), _ZERO)

    def after(self, start: datetime, length: timedelta, end: datetime) -> datetime:
        """Return when this much active time has passed since `start`, at the latest `end`."""
        if self.quiet is None or not length:
            return min(start + length, end)
        for since, upto in self._active_spans(start, end):
            if upto - since >= length:
                return since + length
            length -= upto - since
        return end

    def share(self, start: datetime, end: datetime, parts: int) -> datetime:
        """Return the end of the first of equal parts of the active time, or that of quiet hours if it comes before."""
        if self.quiet is None:
            return start + max(end - start, _ZERO) / parts
        length = self.active(start, end) / parts
        for since, upto in self._active_spans(start, end):
            if since > start:
                return since
            if upto - since >= length:
                return start + length
        return end

    def next_active(self, moment: datetime) -> datetime:
        """Return the instant itself, or the end of the quiet hours that it lies in."""
        if self.quiet is None:
            return moment
        return next((since for since, _ in self._active_spans(moment, moment + 2 * DAY)), moment)

    def _active_spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        day, last = (moment.astimezone(self.zone).date() for moment in (start, end))
        while day <= last:
            for since, upto in self._active_of(day):
                first, final = max(since, start), min(upto, end)
                if first < final:
                    yield first, final
            day += DAY

    def _active_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the active time of a day of the calendar."""
        begin, end = (instant(self.zone, date_, time.min) for date_ in (day, day + DAY))
        if self.quiet is None:
            return [(begin, end)]
        quiet_begin = instant(self.zone, day, self.quiet.begin)
        quiet_end = instant(self.zone, day, self.quiet.end)
        if self.quiet.begin < self.quiet.end:
            return [(begin, quiet_begin), (quiet_end, end)]
        return [(quiet_end, quiet_begin)]


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of a widget that the planner needs; `dashes` is set if a field without a value shows a dash."""

    min_interval: timedelta = MIN_INTERVAL
    daily_limit: int = DAILY_LIMIT
    quiet: QuietHours | None = None
    time_stamp: Field | None = None
    dashes: bool = True


@dataclass(frozen=True, slots=True)
class Ledger:
    """The times of a device's updates, in the order in which they were sent, and of the urgent ones of the last hour.

    An update may have been sent just before `since`, so the spacing is counted from there, too. The last `here` updates
    were sent after `since`, all others before. Other times after `since` were recorded by another clock; they are kept,
    because that clock may have been the right one.
    """

    updates: Sequence[datetime] = ()
    urgent: Sequence[datetime] = ()
    since: datetime | None = None
    here: int = 0

    def last(self, now: datetime) -> datetime | None:
        """Return when the last update was sent, if this clock can have recorded it."""
        latest, moments = now + _TOLERANCE, self.updates if self.since is None else self.credible()
        return max([moment for moment in moments if moment <= latest], default=None)

    def spaced_from(self, now: datetime) -> datetime | None:
        """Return the time from which the spacing of the next update is counted."""
        last = self.last(now)
        if self.since is None or self.since > now + _TOLERANCE:
            return last
        return self.since if last is None else max(last, self.since)

    def used(self, days: Days, now: datetime) -> int:
        """Count the updates of today."""
        today = day_of(days.zone, days.of(now))
        return self.between(today.begin, today.end)

    def between(self, begin: datetime, end: datetime) -> int:
        """Count the updates from one instant to another."""
        # What another clock recorded may be of the day on which the clock was set, and of no later one.
        updates = self.updates if self.since is None or self.since >= begin else self.credible()
        return len([moment for moment in updates if begin <= moment < end])

    def hasty(self, now: datetime) -> list[datetime]:
        """Return the urgent updates of the last hour."""
        return [moment for moment in self.urgent if now - _HOUR < moment <= now + _TOLERANCE]

    def booked(self, now: datetime, *, urgent: bool) -> Self:
        """Return the ledger with one more update, and without those that are too old for any rule."""
        late = len(self.updates) - _KEPT_ANYWAY
        recent = [moment for number, moment in enumerate(self.updates) if number >= late or moment > now - KEPT]
        hasty = self.hasty(now)
        return replace(
            self,
            updates=(*recent, now),
            urgent=(*hasty, now) if urgent else tuple(hasty),
            here=min(self.here, len(recent)) + 1,
        )

    def arrived(self, now: datetime) -> Self:
        """Return the ledger with its last update moved to now, the latest time at which it can have arrived."""
        if not self.updates or self.updates[-1] >= now:
            return self
        last = self.updates[-1]
        hasty = tuple(now if moment == last else moment for moment in self.urgent)
        return replace(self, updates=(*self.updates[:-1], now), urgent=hasty)

    def moved(self, by: timedelta, start: datetime, now: datetime) -> Self:
        """Return the ledger after the clock was set: the age of an update that it recorded since `start` is known.

        The spacing goes on from where it was, unless one of the other updates is later by the new clock.
        """
        before = now - by
        recorded = [
            start < moment <= before + _TOLERANCE and self._is_credible(number, moment)
            for number, moment in enumerate(self.updates)
        ]
        own = [moment for moment, is_own in zip(self.updates, recorded, strict=True) if is_own]
        others = [moment for moment, is_own in zip(self.updates, recorded, strict=True) if not is_own]
        since = [moment for moment in others if moment <= start + by]
        if (spaced_from := self.spaced_from(before)) is not None:
            since.append(spaced_from + by)
        return replace(
            self,
            updates=(*others, *(moment + by for moment in own)),
            urgent=tuple(moment + by if moment in own else moment for moment in self.urgent),
            since=max(since, default=None),
            here=len(own),
        )

    def read_at(self, now: datetime, *, is_own: bool) -> Self:
        """Return the ledger as it is read from disk: if it has times in the future, the spacing begins again.

        `is_own` is set if Home Assistant has written the file since it started.
        """
        known = self.credible() if is_own else self.updates
        latest = max([*known, *([] if self.since is None else [self.since])], default=None)
        if latest is not None and latest > now + _TOLERANCE:
            return replace(self, since=now, here=0)
        return self if is_own else replace(self, since=latest, here=0)

    def joined(self, other: Self) -> Self:
        """Return the updates of both, for a device that takes over the budget of another."""
        since = [moment for item in (self, other) for moment in (item.since, *item.credible()) if moment is not None]
        updates, urgent = _union(self.updates, other.updates), _union(self.urgent, other.urgent)
        return type(self)(updates, urgent, max(since, default=None))

    def credible(self) -> Sequence[datetime]:
        """Return the updates without those that another clock recorded."""
        return [moment for number, moment in enumerate(self.updates) if self._is_credible(number, moment)]

    def _is_credible(self, number: int, moment: datetime) -> bool:
        return self.since is None or moment <= self.since or number >= len(self.updates) - self.here

    @classmethod
    def assumed(cls, now: datetime, days: Days, limit: int) -> Self:
        """Return the ledger to assume if nothing is known: updates spent evenly so far today, and spacing from now on.

        It leaves at least one update before midnight, so that nothing waits for longer than one interval.
        """
        begin, _, end = day_of(days.zone, days.of(now))
        whole = days.active(begin, end)
        if not limit or not whole:
            return cls(since=now)
        limit -= limit // _NIGHT_LEAST
        used = min(int(limit * (days.active(begin, now) / whole)), limit - 1)
        return cls(tuple(days.after(begin, whole * number / limit, now) for number in range(used)), since=now)


def _union(first: Sequence[datetime], second: Sequence[datetime]) -> tuple[datetime, ...]:
    """Return the times of both in order; one that both have is not doubled."""
    return tuple(sorted((Counter(first) | Counter(second)).elements()))


@dataclass(frozen=True, slots=True)
class Slot:
    """When an update may go, and why not earlier; a time in the past means at once."""

    time: datetime
    reason: Reason

    @property
    def until(self) -> datetime | None:
        """Return when an update may go; `None` if that is not known."""
        return None if self.time == _UNKNOWN else self.time


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a day: how many updates are meant for it, and how many may still go until its end."""

    begin: datetime
    end: datetime
    limit: int
    left: int


class Budget:
    """The slots of one device at one moment; while it `is_quiet`, the time of the next ordinary one is not known."""

    def __init__(self, ledger: Ledger, rules: Rules, zone: tzinfo, now: datetime, *, is_quiet: bool = False) -> None:
        """Count how many updates are left today."""
        self._is_quiet = is_quiet
        self._ledger = ledger
        self._rules = rules
        self._now = now
        self._days = Days(zone, rules.quiet)
        self.spaced_from = ledger.spaced_from(now)
        self._today = self._days.of(now)
        self._parts_today = self._parts_of(self._today)

    @cached_property
    def ordinary(self) -> Slot:
        """Return the slot of an ordinary update: spaced, within the budget of the day, outside the quiet hours."""
        if self._is_quiet:
            return Slot(_UNKNOWN, Reason.QUIET_HOURS)
        soonest = self._now if self.spaced_from is None else self.spaced_from + self._rules.min_interval
        for part in self._parts():
            share = self._share(part)
            slot = Slot(share, Reason.BUDGET) if share > soonest else Slot(soonest, Reason.SPACING)
            if part.left > 0 and (slot := self._outside_quiet_hours(slot)).time < part.end:
                return slot
        return self._outside_quiet_hours(Slot(soonest, Reason.SPACING))

    @cached_property
    def urgent(self) -> Slot:
        """Return the slot of an urgent update, which is never later than that of an ordinary one."""
        if self.spaced_from is None:
            return Slot(self._now, Reason.SPACING)
        soonest = self._soonest_urgent(self.spaced_from)
        slot = self.ordinary
        for part in self._parts():
            moment = max(soonest, self._reserve_reached(part))
            if part.left > 0 and moment < part.end:
                hasty = Slot(moment, Reason.SPACING if moment == soonest else Reason.BUDGET)
                return slot if slot.time <= hasty.time else hasty
        return slot

    @property
    def lacks_updates(self) -> bool:
        """Return whether an urgent update waits longer because too few updates are left for the rest of the day."""
        begin = self.spaced_from
        return begin is not None and self.urgent.time > max(self._soonest_urgent(begin), self._now)

    @property
    def is_short(self) -> bool:
        """Return whether one more update would leave less than an even share, so that urgent changes must last first."""
        return bool(self._rules.daily_limit) and self._now < self._enough_from(next(self._parts()), 1)

    def _parts(self) -> Iterator[_Part]:
        """Yield the parts of today that are not over, and those of tomorrow."""
        for part in self._parts_today:
            if part.end > self._now:
                yield part
        if self._rules.daily_limit:
            yield from self._parts_of(self._today + DAY)

    def _parts_of(self, day: date) -> tuple[_Part, ...]:
        """Return the parts of a day, before and after midnight; what is left of the first is added to the second."""
        zone, limit = self._days.zone, self._rules.daily_limit
        begin, night, end = day_of(zone, day)
        if not limit:
            return (_Part(begin, day_of(zone, day + 2 * DAY).end, 0, 1),)
        kept = self._kept_for_night(day_of(zone, day - DAY))
        used = self._ledger.between(begin, end) if day == self._today else 0
        return _Part(begin, night, limit - kept, limit - kept - used), _Part(night, end, kept, limit - used)

    def _kept_for_night(self, before: Day) -> int:
        """Return how many updates of a day are kept for the hours after midnight: as many as on the day before.

        It is one more if none was left in the end, so that a night that lacked updates gets more.
        """
        limit, taken = self._rules.daily_limit, self._ledger.between(before.night, before.end)
        if self._ledger.between(before.begin, before.end) >= limit:
            taken += 1
        return max(limit // _NIGHT_LEAST, min(taken, int(limit * _NIGHT_MOST)))

    def _soonest_urgent(self, spaced_from: datetime) -> datetime:
        recent = self._ledger.hasty(self._now)
        soonest = spaced_from + URGENT_INTERVAL
        return soonest if len(recent) < URGENT_PER_HOUR else max(soonest, recent[-URGENT_PER_HOUR] + _HOUR)

    def _share(self, part: _Part) -> datetime:
        """Return when the next update is due: at once if enough are left after it, else spread evenly over the part.

        The first update after quiet hours is due when these end, the first of a part when it begins.
        """
        # Without `since`, the spacing is counted from the last update.
        last = self.spaced_from if self._ledger.since is None else self._ledger.last(self._now)
        if last is None or not self._rules.daily_limit or part.left <= 0:
            return _LONG_AGO
        if last < part.begin:
            return part.begin
        return min(self._enough_from(part, _FEW_RATIO), self._days.share(last, part.end, part.left + 1))

    def _enough_from(self, part: _Part, ratio: float) -> datetime:
        """Return from when on one more update leaves enough for the rest of the part, at this multiple of even spacing."""
        days, today = self._days, day_of(self._days.zone, self._today)
        pace = days.active(today.begin, today.end) / self._rules.daily_limit
        enough = (part.left - 1) * pace * ratio
        return days.after(part.begin, max(days.active(part.begin, part.end) - enough, _ZERO), part.end)

    def _reserve_reached(self, part: _Part) -> datetime:
        """Return from when on the updates that are left suffice for the rest of the part."""
        if not self._rules.daily_limit:
            return _LONG_AGO
        active = self._days.active(part.begin, part.end)
        reserve = max(_URGENT_RESERVE, active * _RESERVE_RATIO / max(part.limit, 1))
        return self._days.after(part.begin, max(active - part.left * reserve, _ZERO), part.end)

    def _outside_quiet_hours(self, slot: Slot) -> Slot:
        """Return the slot, or the end of the quiet hours if it lies in them or at their end."""
        if self._rules.quiet is None:
            return slot
        days, due = self._days, max(slot.time, self._now)
        moment = days.next_active(due)
        ends_quiet_hours = moment > self._now and days.next_active(moment - _INSTANT) == moment
        return Slot(moment, Reason.QUIET_HOURS) if moment > due or ends_quiet_hours else slot
