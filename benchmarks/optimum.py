"""The best that anybody could do who knows the day in advance, by dynamic programming."""

import numpy as np
from numpy.typing import NDArray

from .homes import Home
from .staleness import DAILY_LIMIT, Update, error
from .traces import DAY, STEP

type Costs = NDArray[np.float32]

# Rows that are added up at a time; more of them would not fit a processor's cache.
_BLOCK = 32


def costs(home: Home) -> Costs:
    """Return in row j, column i what it costs to show from step i of the last day until step j what was true at i.

    The last row stands for the end of the day.
    """
    errors = np.zeros((DAY, DAY), dtype=np.float32)
    for value in home.values:
        day = value.trace[-DAY:]
        errors += (value.kind.weight / DAY * error(value, day, day[:, np.newaxis])).astype(np.float32)
    total = np.zeros((DAY + 1, DAY), dtype=np.float32)
    np.cumsum(np.tril(errors), axis=0, out=total[1:])
    return total


def optimum(home: Home, total: Costs, spacing: int) -> tuple[float, list[Update]]:
    """Return the least staleness of up to 50 updates so many steps apart, and when they go.

    The day begins with the truth on the watch, which is the first of the updates returned and counts for the day before.
    """
    until_end = total[DAY]
    best = [total[:DAY, 0]]
    for _ in range(DAILY_LIMIT - 1):
        following = np.full(DAY, np.inf, dtype=np.float32)
        for low in range(spacing, DAY, _BLOCK):
            high = min(low + _BLOCK, DAY)
            through = total[low:high, : high - spacing] + best[-1][: high - spacing]
            # Within a block, the later rows may follow on later updates than the earlier ones.
            for row in range(high - low - 1):
                through[row, low + row - spacing + 1 :] = np.inf
            following[low:high] = through.min(axis=1)
        best.append(following)
    ends = np.stack(best) + until_end
    count, last = np.unravel_index(ends.argmin(), ends.shape)
    steps = [int(last)]
    for before in reversed(best[:count]):
        reach = steps[-1] - spacing + 1
        steps.append(int((total[steps[-1], :reach] + before[:reach]).argmin()))
    first = home.steps - DAY
    updates = [Update((first + step) * STEP, first + step) for step in reversed(steps)]
    return float(ends.min()), [Update((first - 1) * STEP, first), *updates]
