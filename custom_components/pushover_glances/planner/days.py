"""Local days without their quiet hours, as instants of UTC.

Everything that is counted by the day follows Home Assistant's time zone, so a day has 23 or 25 hours where the clocks
change. Differences are taken between instants of UTC only: between local times, Python ignores that the clocks change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

DAY = timedelta(days=1)
_ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local times between which only urgent updates go; they may lie on both sides of midnight."""

    begin: time
    end: time


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a time zone, and how much of them is active, which means outside the quiet hours."""

    zone: tzinfo
    quiet: QuietHours | None = None

    def of(self, moment: datetime) -> date:
        """Return the local day of an instant."""
        return moment.astimezone(self.zone).date()

    def begin(self, day: date) -> datetime:
        """Return the first instant of a local day, which is the end of the day before."""
        return _instant(self.zone, day, time.min)

    def active(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of the time between two instants is active."""
        if self.quiet is None:
            return max(end - start, _ZERO)
        return sum((upto - since for since, upto in self._active_spans(start, end)), _ZERO)

    def after(self, start: datetime, length: timedelta, end: datetime) -> datetime:
        """Return when this much active time has passed since `start`; `end` where that is later."""
        if self.quiet is None:
            return min(start + length, end)
        for since, upto in self._active_spans(start, end):
            if upto - since >= length:
                return since + length
            length -= upto - since
        return end

    def after_or_quiet(self, start: datetime, length: timedelta, end: datetime) -> datetime:
        """Return when this much time has passed since `start`, or quiet hours have, whichever is first."""
        if self.quiet is None:
            return min(start + length, end)
        for since, upto in self._active_spans(start, end):
            if since > start:
                return since
            if upto - since >= length:
                return start + length
        return end

    def next_active(self, moment: datetime) -> datetime:
        """Return the instant itself, or the end of the quiet hours that it falls into."""
        if self.quiet is None:
            return moment
        return next((since for since, _ in self._active_spans(moment, moment + 2 * DAY)), moment)

    def _active_spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        day, last = self.of(start), self.of(end)
        while day <= last:
            for since, upto in self._active_of(day):
                first, final = max(since, start), min(upto, end)
                if first < final:
                    yield first, final
            day += DAY

    def _active_of(self, day: date) -> list[tuple[datetime, datetime]]:
        begin, end = self.begin(day), self.begin(day + DAY)
        if self.quiet is None:
            return [(begin, end)]
        quiet_begin = _instant(self.zone, day, self.quiet.begin)
        quiet_end = _instant(self.zone, day, self.quiet.end)
        if self.quiet.begin < self.quiet.end:
            return [(begin, quiet_begin), (quiet_end, end)]
        return [(quiet_end, quiet_begin)]


@lru_cache(maxsize=64)
def _instant(zone: tzinfo, day: date, local: time) -> datetime:
    """Return the instant of a local time: the first of two, and as much later as the clocks go forward over it.

    It is cached because every decision asks for the same few.
    """
    return datetime.combine(day, local, zone).astimezone(UTC)
