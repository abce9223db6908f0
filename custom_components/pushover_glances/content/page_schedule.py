"""When a page may apply: local times of day, on some days of the week."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from itertools import takewhile
from typing import Any, Final, Self

from homeassistant.const import CONF_WEEKDAY, WEEKDAYS
from homeassistant.util import dt as dt_util

from ..planner import DAY, instant

CONF_FROM: Final = "from"
CONF_UNTIL: Final = "until"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Local times from `begin` until `end`, which may be on the next day, on the days on which they begin.

    Equal times are the whole day. The days are numbered from Monday, which is 0.
    """

    begin: time = time.min
    end: time = time.min
    weekdays: frozenset[int] = frozenset(range(7))

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read the times and the days of a page's data; without days, it is every day."""
        begin, end = (dt_util.parse_time(data.get(key, "")) or time.min for key in (CONF_FROM, CONF_UNTIL))
        days: Collection[str] = data.get(CONF_WEEKDAY) or WEEKDAYS
        return cls(begin, end, frozenset(WEEKDAYS.index(day) for day in days))

    def covers(self, moment: datetime, zone: tzinfo) -> bool:
        """Return whether it includes an instant."""
        begun = takewhile(lambda span: span[0] <= moment, self._spans(moment, zone))
        return any(moment < end for _, end in begun)

    def next_change(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """Return the first begin or end after an instant; `None` if it includes every instant."""
        if self.begin == self.end and len(self.weekdays) == len(WEEKDAYS):
            return None
        return next(edge for span in self._spans(moment, zone) for edge in span if edge > moment)

    def next_begin(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """Return the first begin after an instant; `None` if it includes every instant."""
        if self.next_change(moment, zone) is None:
            return None
        return next(begin for begin, _ in self._spans(moment, zone) if begin > moment)

    def _spans(self, moment: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
        """Yield the times that begin on the days from yesterday until a week from now, as instants in their order."""
        today = moment.astimezone(zone).date()
        for days in range(-1, len(WEEKDAYS) + 1):
            day: date = today + days * DAY
            if day.weekday() in self.weekdays:
                last = day if self.begin < self.end else day + DAY
                yield instant(zone, day, self.begin), instant(zone, last, self.end)
