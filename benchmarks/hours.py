"""The worst hour of a day: what a watch showed, and what was true."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .homes import Home
from .staleness import Update, error, shown_steps
from .traces import DAY, HOUR

_MOST = 2


@dataclass(frozen=True, slots=True)
class Hour:
    """The hour of a day in which a watch was stalest: how stale, from which minute on, and what was wrong."""

    staleness: float
    begin: int
    wrong: tuple[str, ...]


def worst_hour(home: Home, updates: Sequence[Update]) -> Hour:
    """Return the worst hour of the last day, with the two values that weighed most in it."""
    shown, true = shown_steps(home, updates), np.arange(home.steps - DAY, home.steps)
    errors = np.stack(
        [value.kind.weight * error(value, value.trace[shown], value.trace[true]) for value in home.values]
    )
    sums = np.concatenate([[0.0], errors.sum(axis=0).cumsum()])
    within = sums[HOUR:] - sums[:-HOUR]
    begin = int(within.argmax())
    of_values = errors[:, begin : begin + HOUR]
    wrong = []
    for i in of_values.sum(axis=1).argsort()[::-1][:_MOST]:
        steps = np.flatnonzero(of_values[i])
        if len(steps):
            middle = begin + steps[len(steps) // 2]
            there = [home.values[i].text(int(step)) for step in (shown[middle], true[middle])]
            wrong.append(f"“{there[0]}” where “{there[1]}” was true, wrong for {len(steps) * 60 // HOUR} minutes")
    return Hour(float(within[begin]) / HOUR, begin * 60 // HOUR, tuple(wrong))
