"""What came of a policy on a day of a home, and of several in a pool of homes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .counts import Counts
from .hours import Hour
from .staleness import Score

# The real ones first.
POOLS = ("recorded", "simulated", "other")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How fresh a policy kept the watch; `late` is its staleness when updates take five minutes."""

    policy: str
    home: str
    day: str
    score: Score
    late: float
    counts: Counts
    hour: Hour


@dataclass(frozen=True)
class Pool:
    """Homes that are reported together."""

    name: str
    outcomes: Sequence[Outcome]
    # How stale the policy before was, day by day.
    before: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @cached_property
    def homes(self) -> tuple[str, ...]:
        """Return the names of the homes."""
        return tuple(dict.fromkeys([it.home for it in self.outcomes]))

    def of(self, policy: str, *homes: str) -> list[Outcome]:
        """Return what came of a policy, in some homes or in all of them."""
        return [it for it in self.outcomes if it.policy == policy and (not homes or it.home in homes)]

    def stale(self, policy: str, *homes: str) -> float:
        """Return how stale a policy was, in some homes or in all of them."""
        return sum(self.days(policy, *homes).values())

    def stale_before(self, policy: str, *homes: str) -> float | None:
        """Return how stale the policy before was on the same days; `None` if that is not known of all of them."""
        before, days = self.before.get(policy, {}), self.days(policy, *homes)
        return sum(before[day] for day in days) if before.keys() >= days.keys() else None

    def days(self, policy: str, *homes: str) -> dict[str, float]:
        """Return how stale a policy was, day by day."""
        return {f"{it.home} {it.day}": round(it.score.staleness, 5) for it in self.of(policy, *homes)}
