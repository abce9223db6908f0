"""What the updates of a day were sent for: the entities that changed, or actions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from .budget import Days

# Stands for all actions and notify messages among the entities.
ACTIONS = "actions"
_MOST = 3


@dataclass(frozen=True, slots=True)
class Spenders:
    """How many updates each entity caused on the day of the last one; `time` is when the last one was booked.

    An update that several entities caused counts for each of them.
    """

    time: datetime | None = None
    updates: Mapping[str, int] = field(default_factory=dict)

    def booked(self, causes: Iterable[str], days: Days, now: datetime) -> Self:
        """Return the spenders after one more update."""
        updates = self.today(days, now)
        return type(self)(now, {**updates, **{name: updates.get(name, 0) + 1 for name in causes}})

    def today(self, days: Days, now: datetime) -> Mapping[str, int]:
        """Return how many updates of today each entity caused."""
        return self.updates if self.time is not None and days.of(self.time) == days.of(now) else {}


def largest(updates: Mapping[str, int]) -> dict[str, int]:
    """Return the entities that caused the most updates, the largest first."""
    names = sorted(updates, key=lambda name: (-updates[name], name))
    return {name: updates[name] for name in names[:_MOST]}
