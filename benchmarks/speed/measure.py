"""How often to measure, and what is typical of many repeats."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
import statistics

from ..findings import Findings, Goal

NOTHING = "nothing measurable"

# The longest that one is willing to call nothing: about what a look into a dictionary takes, in µs.
_NOTHING = 0.1
# What a ratio may be above its goal: it is not the same in every run.
_TOLERANCE = 1.05


@dataclass(frozen=True, slots=True)
class Effort:
    """How often everything is repeated, and with how many widgets."""

    rounds: int = 20
    widgets: tuple[int, ...] = (1, 10, 100)
    entities: tuple[int, ...] = (1, 10, 100, 1000)
    actions: int = 300
    loads: int = 5
    pairs: int = 24
    seconds: int = 10
    # Of load: how often the calls are repeated, how many of them there are on one widget and on all, how many accounts
    # and widgets, and how many minutes are lived through.
    calls: int = 5
    on_one: int = 300
    on_all: int = 50
    accounts: int = 3
    each: int = 30
    minutes: int = 60

    def rounds_with(self, widgets: int) -> int:
        """Return how many rounds to make with so many widgets: more of them need fewer, because each is a repeat."""
        return max(self.rounds // (1 if widgets == 1 else 2 if widgets <= 10 else 6), 1)


TINY = Effort(
    rounds=1,
    widgets=(1,),
    entities=(1, 2),
    actions=1,
    loads=1,
    pairs=2,
    seconds=1,
    calls=1,
    on_one=2,
    on_all=2,
    accounts=2,
    each=2,
    minutes=3,
)


@dataclass(frozen=True, slots=True)
class Sample:
    """Repeats of one figure."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        """Return what is typical."""
        return statistics.median(self.values)

    @property
    def error(self) -> float:
        """Return the standard error of the median, from the quartiles: an outlier says nothing about it."""
        if len(self.values) < 2:
            return 0.0
        first, _, third = statistics.quantiles(self.values, n=4)
        return float(1.25 * (third - first) / 1.35 / len(self.values) ** 0.5)

    @property
    def is_nothing(self) -> bool:
        """Tell whether it cannot be distinguished from zero."""
        return self.median <= max(2 * self.error, _NOTHING)

    def percentile(self, part: int) -> float:
        """Return the value that so many in a hundred do not exceed."""
        return sorted(self.values)[min(len(self.values) * part // 100, len(self.values) - 1)]


def ratio_goal(what: str, promised: str, ratio: float, most: float) -> Goal:
    """Return a goal for what is measured beside something else."""
    return Goal(what, promised, f"{ratio:.2f} ×", ratio <= most * _TOLERANCE)


type Part = Callable[[Effort], Awaitable[Findings]]
