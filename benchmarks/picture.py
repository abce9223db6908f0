"""A picture of one day: what the watch showed against what was true."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
import numpy as np
from numpy.typing import NDArray

from .homes import Home, Value
from .staleness import Update, shown_steps
from .traces import DAY, HOUR, Trace

_TRUE, _SHOWN, _WRONG = "#b8b8b8", "#1f6fb2", "#f2c9c4"


def draw(home: Home, updates: Mapping[str, Sequence[Update]], path: Path) -> None:
    """Draw the last day of a home: a row per policy, a column per value."""
    rows, columns = len(updates), len(home.values)
    figure = Figure(figsize=(3.2 * columns, 1.1 * rows + 0.6), layout="constrained")
    axes = figure.subplots(rows, columns, sharex=True, squeeze=False)
    for row, (policy, sent) in zip(axes, updates.items(), strict=True):
        shown = shown_steps(home, sent)
        for axis, value in zip(row, home.values, strict=True):
            _plot(axis, value, value.trace[shown])
        row[0].set_ylabel(policy, rotation=0, ha="right", va="center", fontsize=8)
    for axis, value in zip(axes[0], home.values, strict=True):
        axis.set_title(value.label or value.kind.name, fontsize=9)
    figure.savefig(path)


def _plot(axis: Axes, value: Value, shown: Trace) -> None:
    true = value.trace[-DAY:]
    tolerance = 0.0 if value.words else value.kind.tolerance
    wrong = np.abs(shown - true) > tolerance
    for begin, end in _spans(wrong):
        axis.axvspan(begin, end, color=_WRONG, linewidth=0)
    for trace, color, width in ((true, _TRUE, 1.6), (shown, _SHOWN, 0.8)):
        # Only the steps at which something changes: the picture stays small.
        steps = np.flatnonzero(np.diff(trace, prepend=np.nan) != 0)
        axis.step([*(steps / HOUR), 24], [*trace[steps], trace[-1]], where="post", color=color, linewidth=width)
    axis.set_xlim(0, 24)
    axis.set_xticks([0, 6, 12, 18, 24])
    axis.tick_params(labelsize=7)
    if value.words:
        axis.set_yticks(range(len(value.words)), value.words)


def _spans(wrong: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Return from which hour until which it is so."""
    edges = np.flatnonzero(np.diff(wrong.astype(np.int8), prepend=0, append=0)) / HOUR
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
