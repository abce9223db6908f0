"""What one change costs in the integration's own code, from the new state to the bytes of the request."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
import os
from pathlib import Path
import threading
import time
from types import CodeType, FrameType
from typing import Any

from custom_components import pushover_glances

from ..findings import Findings, Goal
from .home import SETTLED, SLOT, Home, home
from .measure import Effort
from .server import ONE_DEVICE

_PACKAGE = Path(pushover_glances.__path__[0])
_ENTITY = "sensor.path"
# Functions, files and calls.
_MOST = (50, 12, 160)

# When a function was called, in seconds of the machine's clock, and its code.
type Call = tuple[float, CodeType]


@dataclass(frozen=True, slots=True)
class Trace:
    """Calls of functions below a folder, counted by file and code, in the order of the first call."""

    folder: Path
    # Code is equal to code of another file that has the same text in the same line.
    counts: Counter[tuple[str, CodeType]]

    @classmethod
    def of(cls, folder: Path, calls: list[Call], until: float) -> Trace:
        """Count the calls up to a moment."""
        return cls(folder, Counter((code.co_filename, code) for at, code in calls if at <= until))

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Return the number of functions, of files, and of calls."""
        return len(self.counts), len({file for file, _ in self.counts}), self.counts.total()

    def listing(self) -> str:
        """Return the functions with their lines and calls, file by file."""
        files: dict[str, list[tuple[CodeType, int]]] = {}
        for (file, code), count in self.counts.items():
            files.setdefault(file, []).append((code, count))
        lines = []
        for file, functions in files.items():
            calls = sum(count for _, count in functions)
            lines.append(f"{Path(file).relative_to(self.folder)}: functions {len(functions)}, calls {calls}")
            lines += [f"{count:5} × {code.co_qualname} (line {code.co_firstlineno})" for code, count in functions]
        return "\n".join(lines)


@contextmanager
def recorded(folder: Path) -> Generator[list[Call]]:
    """Record the calls of all functions below a folder, in every thread: what Python's profiler hears as a call.

    That includes lambdas, properties, and each time that a generator or a coroutine goes on.
    """
    calls: list[Call] = []
    inside = f"{folder}{os.sep}"

    def profile(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(inside):
            calls.append((time.time(), frame.f_code))

    # Of all threads: the executor's have begun long before.
    threading.setprofile_all_threads(profile)
    try:
        yield calls
    finally:
        threading.setprofile_all_threads(None)


async def _change(running: Home, number: float) -> Trace:
    """Change the entity of a widget that may be updated, and trace it until Pushover has read the whole request."""
    await running.rest(SLOT)
    running.pushover.arrivals()
    await running.disconnected()
    with recorded(_PACKAGE) as calls:
        running.state(_ENTITY, number)
        await running.turns()
        running.loop.move(SETTLED)
        await running.sent(1)
    (arrival,) = running.pushover.arrivals()
    if arrival.text != f"{number}":
        raise RuntimeError(f"{arrival.text} arrived instead of {number}")
    return Trace.of(_PACKAGE, calls, arrival.at)


async def trace() -> Trace:
    """Trace a change, after one that lets everything be known that is kept from one to the next."""
    async with home(keeps_alive=False) as running:
        running.state(_ENTITY, 20.0)
        await running.account(ONE_DEVICE, [{"text": f"{{{{ states('{_ENTITY}') }}}}"}])
        await _change(running, 25.0)
        return await _change(running, 20.0)


def findings(traced: Trace) -> Findings:
    """Return the goal."""
    sizes = traced.sizes
    goal = Goal(
        "from a change to its request: functions / files / calls of the integration",
        f"at most {_joined(_MOST)}",
        _joined(sizes),
        all(size <= most for size, most in zip(sizes, _MOST, strict=True)),
    )
    return Findings([], [goal])


def _joined(sizes: tuple[int, ...]) -> str:
    return " / ".join(str(size) for size in sizes)


async def measure(_effort: Effort) -> Findings:
    """Measure once: a number of calls has no noise that repeats would take away."""
    return findings(await trace())
