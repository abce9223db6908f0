"""What it does to mark a door as urgent, by how long it mostly stays open."""

from concurrent.futures import Executor
from functools import partial

from .findings import Table
from .ours import Ours
from .policy import run
from .simulated import doorway
from .staleness import DAY_SECONDS, score

# Minutes that the door is open, half of the time: less than one step of 30 s counts as one.
_MEDIANS = {"20 seconds": 1 / 3, "1 minute": 1.0, "2 minutes": 2.0, "5 minutes": 5.0, "15 minutes": 15.0}
_DAYS = 4


def table(executor: Executor, first_seed: int, seeds: int) -> Table:
    """Return how long the door is shown wrongly, and what it costs, without and with urgent."""
    return Table(
        "doors",
        f"A door that is opened ten times a day, on {seeds} days, by how long it mostly stays open:",
        ("open for", "wrong a day", "wrong a day, urgent", "updates a day", "updates a day, urgent"),
        {name: _row(executor, median, range(first_seed, first_seed + seeds)) for name, median in _MEDIANS.items()},
    )


def _row(executor: Executor, median: float, seeds: range) -> list[str]:
    days = list(executor.map(partial(_day, median), seeds))
    wrong, wrong_urgent, sent, sent_urgent = (sum(figures) / len(days) for figures in zip(*days, strict=True))
    return [f"{wrong:.1f} min", f"{wrong_urgent:.1f} min", f"{sent:.0f}", f"{sent_urgent:.0f}"]


def _day(median: float, seed: int) -> list[float]:
    """Return how many minutes the door was wrong without and with urgent, and how many updates were sent."""
    home = doorway(seed, _DAYS, median)
    sent = [run(Ours(urgent=urgent), home) for urgent in (False, True)]
    begin = (_DAYS - 1) * DAY_SECONDS
    return [
        *(score(home, updates).wrong_minutes["door"] for updates in sent),
        *(sum(update.at >= begin for update in updates) for updates in sent),
    ]
