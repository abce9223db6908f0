"""How many updates were sent, by the ways in which a watch may count a day."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .homes import Home
from .staleness import DAY_SECONDS, RESET, Update
from .traces import STEP


@dataclass(frozen=True, slots=True)
class Counts:
    """The updates of the last day, of the 24 hours that end on it at 05:00, and of its busiest 24 hours."""

    day: int
    until_reset: int
    most: int


def count(home: Home, updates: Sequence[Update]) -> Counts:
    """Count what was sent, whether or not a watch would take it."""
    sent = np.array([update.at for update in updates])
    end = home.steps * STEP
    last = sent[sent >= end - DAY_SECONDS]

    def until(times: float) -> int:
        return int(np.count_nonzero((sent >= times - DAY_SECONDS) & (sent < times)))

    first = np.searchsorted(sent, last - DAY_SECONDS, side="right")
    most = np.searchsorted(sent, last, side="right") - first
    return Counts(until(end), until(end - DAY_SECONDS + RESET), int(most.max(initial=0)))
