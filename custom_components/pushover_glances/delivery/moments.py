"""When something happens to a widget by itself, without any change in the house."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ..pushover import Field
from .composition import UNAVAILABLE_AFTER
from .memory import Memory
from .schedule import Rules

# Ours: watches lose updates silently, and a time stamp of yesterday looks dead. It takes eight of fifty a day at most.
REPEAT_AFTER = timedelta(hours=3)


def moments(memory: Memory, rules: Rules) -> Iterator[datetime]:
    """Yield when something happens by itself, past and future."""
    yield from (item.until for item in memory.manual.values() if item.until is not None)
    yield from (moment for _, moment in dash_times(memory, rules))
    yield from repeat_times(memory)


def dash_times(memory: Memory, rules: Rules) -> Iterator[tuple[Field, datetime]]:
    """Yield from when on a field that has no value shows none, where its owner wants that; never during a pause."""
    if rules.dashes and not memory.paused:
        for name, since in memory.unavailable.items():
            yield name, since + UNAVAILABLE_AFTER


def repeat_times(memory: Memory) -> Iterator[datetime]:
    """Yield when what is shown is sent again, where anything is."""
    if (last := memory.ledger.last) is not None and memory.leaves_something:
        yield last + REPEAT_AFTER
