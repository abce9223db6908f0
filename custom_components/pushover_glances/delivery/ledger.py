"""What a device's budget was spent on: when its updates went, and which of them were urgent."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from .day import Days

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
# A local day has 25 hours at most, and a changed time zone moves its beginning by a day at most.
_KEPT = timedelta(hours=50)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The times of a device's updates of the last two days, and of the urgent ones of the last hour, oldest first."""

    updates: Sequence[datetime] = ()
    urgent: Sequence[datetime] = ()

    @property
    def last(self) -> datetime | None:
        """Return when the last update went, however long ago."""
        return self.updates[-1] if self.updates else None

    def used(self, days: Days, now: datetime) -> int:
        """Count the updates of today."""
        begin = days.begin(days.of(now))
        return sum(moment >= begin for moment in self.updates)

    def urgent_of_last_hour(self, now: datetime) -> list[datetime]:
        """Return when the urgent updates of the last hour went."""
        return [moment for moment in self.urgent if moment > now - _HOUR]

    def booked(self, now: datetime, *, urgent: bool) -> Self:
        """Return the ledger with one more update, and without what nobody asks for any more."""
        recent = [moment for moment in self.updates if moment > now - _KEPT]
        hasty = self.urgent_of_last_hour(now)
        return type(self)([*recent, now], [*hasty, now] if urgent else hasty)

    def arrived(self, now: datetime) -> Self:
        """Return the ledger with its last update as late as it can have arrived: spacing is counted from there."""
        if self.last is None or self.last >= now:
            return self
        hasty = [now if moment == self.last else moment for moment in self.urgent]
        return type(self)([*self.updates[:-1], now], hasty)

    def joined(self, other: Self) -> Self:
        """Return the updates of both, where one device takes over the budget of another."""
        return type(self)(_union(self.updates, other.updates), _union(self.urgent, other.urgent))

    def believable(self, now: datetime, days: Days, limit: int) -> Self:
        """Return the ledger as far as it can be true, after a clock that was set back.

        Updates from a little ahead went just now. Those from more than a day ahead say nothing about today.
        """
        if self.last is None or self.last <= now:
            return self
        if self.last > now + _DAY:
            return self.assumed(now, days, limit)
        return type(self)(
            [min(moment, now) for moment in self.updates],
            [min(moment, now) for moment in self.urgent],
        )

    @classmethod
    def assumed(cls, now: datetime, days: Days, limit: int) -> Self:
        """Return what to assume where nothing is known: the last update just now, and a day's use as the hour has it."""
        begin = days.begin(days.of(now))
        end = days.begin(days.of(now) + _DAY)
        passed = days.awake(begin, now) / max(days.awake(begin, end), timedelta(seconds=1))
        return cls([now] * max(round(limit * passed), 1))


def _union(first: Sequence[datetime], second: Sequence[datetime]) -> list[datetime]:
    """Return the moments of both in order, each as often as the one that has it more often."""
    return sorted((Counter(first) | Counter(second)).elements())
