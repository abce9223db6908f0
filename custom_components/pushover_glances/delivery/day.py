"""Local days without their quiet hours, as instants of UTC.

Everything that is counted by the day follows Home Assistant's time zone, so a day has 23 or 25 hours where the clocks
change. Differences are taken between instants of UTC only: between local times, Python ignores that the clocks change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

_DAY = timedelta(days=1)
_ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local times between which only urgent updates go; they may lie on both sides of midnight."""

    begin: time
    end: time


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a time zone, and how much of them is awake, which is to say not quiet."""

    zone: tzinfo
    quiet: QuietHours | None = None

    def of(self, moment: datetime) -> date:
        """Return the local day of an instant."""
        return moment.astimezone(self.zone).date()

    def begin(self, day: date) -> datetime:
        """Return the first instant of a local day, which is the end of the day before."""
        return self._at(day, time())

    def awake(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of the time between two instants is awake."""
        return sum((upto - since for since, upto in self._awake_spans(start, end)), _ZERO)

    def after(self, start: datetime, length: timedelta, end: datetime) -> datetime:
        """Return when this much awake time has passed since `start`; `end` where that is later."""
        for since, upto in self._awake_spans(start, end):
            if upto - since >= length:
                return since + length
            length -= upto - since
        return end

    def after_or_rested(self, start: datetime, length: timedelta, end: datetime) -> datetime:
        """Return when this much time has passed since `start`, or quiet hours have, whichever is first."""
        for since, upto in self._awake_spans(start, end):
            if since > start:
                return since
            if upto - since >= length:
                return start + length
        return end

    def next_awake(self, moment: datetime) -> datetime:
        """Return the instant itself, or the end of the quiet hours that it falls into."""
        return next((since for since, _ in self._awake_spans(moment, moment + 2 * _DAY)), moment)

    def _awake_spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        day, last = self.of(start), self.of(end)
        while day <= last:
            for since, upto in self._awake_of(day):
                first, final = max(since, start), min(upto, end)
                if first < final:
                    yield first, final
            day += _DAY

    def _awake_of(self, day: date) -> list[tuple[datetime, datetime]]:
        begin, end = self.begin(day), self.begin(day + _DAY)
        if self.quiet is None:
            return [(begin, end)]
        quiet_begin, quiet_end = self._at(day, self.quiet.begin), self._at(day, self.quiet.end)
        if self.quiet.begin < self.quiet.end:
            return [(begin, quiet_begin), (quiet_end, end)]
        return [(quiet_end, quiet_begin)]

    def _at(self, day: date, local: time) -> datetime:
        return _instant(self.zone, day, local)


@lru_cache(maxsize=64)
def _instant(zone: tzinfo, day: date, local: time) -> datetime:
    """Return the instant of a local time: the first of two, and as much later as the clocks go forward over it.

    Every decision asks for the same few.
    """
    return datetime.combine(day, local, zone).astimezone(UTC)
