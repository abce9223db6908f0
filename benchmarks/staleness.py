"""How wrong a watch was over a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .homes import Home, Value
from .traces import DAY, STEP, Trace

# What watchOS takes a day; it ignores the rest. By reports of people, its day begins about 05:00 local time.
DAILY_LIMIT = 50
RESET = 5 * 3600.0
DAY_SECONDS = DAY * STEP
_DAY_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Update:
    """An update that Pushover accepted at `at` seconds, with what was true at `step`."""

    at: float
    step: int


@dataclass(slots=True)
class Score:
    """How wrong it was: over the day, by kind of value, and how long at a time."""

    staleness: float = 0.0
    wrong_minutes: dict[str, float] = field(default_factory=dict)
    longest_word: float = 0.0
    longest_number: float = 0.0


def error(value: Value, shown: Trace | float, true: Trace) -> Trace:
    """Return by how much a shown value is wrong, from 0 to 1."""
    if value.words:
        return np.asarray(shown != true, dtype=np.float64)
    return np.clip(np.abs(shown - true) / value.kind.tolerance - 1, 0, 1)


def accepted(updates: Sequence[Update]) -> list[Update]:
    """Return the updates that a watch shows: not the 51st of a day."""
    used: dict[int, int] = {}
    kept = []
    for update in updates:
        day = int((update.at - RESET) // DAY_SECONDS)
        used[day] = used.get(day, 0) + 1
        if used[day] <= DAILY_LIMIT:
            kept.append(update)
    return kept


def shown_steps(home: Home, updates: Sequence[Update]) -> NDArray[np.intp]:
    """Return for each step of the last day the step whose truth the watch showed."""
    shown = accepted(updates)
    steps = np.arange(home.steps - DAY, home.steps)
    before = np.searchsorted([update.at for update in shown], steps * STEP, side="right")
    return np.array([0, *(update.step for update in shown)])[before]


def _segments(
    updates: Sequence[Update], first: int, last: int, latency: float
) -> Iterator[tuple[int, NDArray[np.float64], int]]:
    """Yield for each update that was shown: its step, and what part of which grid steps it covered."""
    begin, end = first * STEP, last * STEP
    shows = [(update.at + latency, update.step) for update in updates]
    before = [step for at, step in shows if at <= begin]
    spans = [(begin, before[-1] if before else 0)] + [(at, step) for at, step in shows if begin < at < end]
    for (since, step), (until, _) in zip(spans, [*spans[1:], (end, 0)], strict=True):
        low, high = int(since // STEP), int(-(-until // STEP))
        covered = np.ones(high - low)
        covered[0] -= (since - low * STEP) / STEP
        covered[-1] -= (high * STEP - until) / STEP
        yield step, covered, low


def score(home: Home, updates: Sequence[Update], latency: float = 0.0) -> Score:
    """Judge the last day; nothing ever sent means that the watch shows what was true at first."""
    last = home.steps
    first = last - DAY
    shown = accepted(updates)
    result = Score()
    segments = list(_segments(shown, first, last, latency))
    for value in home.values:
        wrong, spell, longest = 0.0, 0.0, 0.0
        for step, covered, low in segments:
            errors = error(value, float(value.trace[step]), value.trace[low : low + len(covered)])
            wrong += float(errors @ covered)
            spell, longest = _spells(errors > 0, covered, spell, longest)
        minutes = wrong * STEP / 60
        result.staleness += value.kind.weight * minutes / _DAY_MINUTES
        result.wrong_minutes[value.kind.name] = result.wrong_minutes.get(value.kind.name, 0.0) + minutes
        longest *= STEP / 60
        if value.words:
            result.longest_word = max(result.longest_word, longest)
        else:
            result.longest_number = max(result.longest_number, longest)
    return result


def _spells(
    wrong: NDArray[np.bool_], covered: NDArray[np.float64], spell: float, longest: float
) -> tuple[float, float]:
    """Return how long the value has been wrong at the end of a segment, and the longest that it ever was."""
    edges = np.flatnonzero(np.diff(wrong)) + 1
    for i, (low, high) in enumerate(zip([0, *edges], [*edges, len(wrong)], strict=True)):
        lasted = float(covered[low:high].sum())
        if not wrong[low]:
            spell = 0.0
            continue
        spell = lasted + (spell if i == 0 else 0.0)
        longest = max(longest, spell)
    return spell, longest
