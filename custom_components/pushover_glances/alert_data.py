"""What the entity of an alert shows, which does not follow each swing of an alert that begins and ends all the time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Each change is a row of Home Assistant's database. The begin and the end of an alert are both shown at once; if more
# follows, it is one change a minute on average.
_TWO_CHANGES = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class AlertData:
    """Whether the entity of an alert is on, when that changed last, and when before that."""

    active: bool
    last: datetime | None = None
    before: datetime | None = None

    def held_until(self, now: datetime) -> datetime | None:
        """Return until when it stays as it is, because it has just changed twice; `None` if it may change."""
        # A time in the future was recorded before the clock was set back.
        if self.before is None or not timedelta(0) <= now - self.before < _TWO_CHANGES:
            return None
        return self.before + _TWO_CHANGES

    def seen(self, now: datetime, *, active: bool) -> AlertData:
        """Return the data after the alert was looked at."""
        if active is self.active or self.held_until(now) is not None:
            return self
        return AlertData(active, now, self.last)
