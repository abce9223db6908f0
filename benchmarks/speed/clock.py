"""A clock that can be moved on, so that twenty minutes need not be waited for."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
import time
from typing import Any, override
from unittest.mock import patch

from homeassistant.util import dt as dt_util


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose time, and Home Assistant's with it, can be moved on.

    Asking for the time costs a little more than it does otherwise. That is charged to the code that asks, which is the
    integration.
    """

    _ahead = 0.0
    _home_ahead = timedelta(0)

    @override
    def time(self) -> float:
        return time.monotonic() + self._ahead

    def utcnow(self) -> datetime:
        """Return Home Assistant's time."""
        return datetime.now(UTC) + self._home_ahead

    def move(self, seconds: float) -> None:
        """Move the time on, for timers and for Home Assistant."""
        self._ahead += seconds
        self._home_ahead += timedelta(seconds=seconds)

    @contextmanager
    def turns(self) -> Iterator[list[float]]:
        """Measure how long each turn of the loop takes: the processor time of its thread between two looks for events."""
        found = [0.0]
        select = self._selector.select  # type: ignore[attr-defined]  # asyncio tells it nowhere else
        begun = time.thread_time()

        def measured(timeout: float | None = None) -> Any:
            nonlocal begun
            found.append(time.thread_time() - begun)
            events = select(timeout)
            begun = time.thread_time()
            return events

        with patch.object(self._selector, "select", measured):  # type: ignore[attr-defined]
            yield found

    @contextmanager
    def of_home_assistant(self) -> Iterator[None]:
        """Let Home Assistant ask this loop for the time, which begins at noon: half of the day's updates are left."""
        now = datetime.now(UTC)
        self._home_ahead = now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1) - now
        with patch.object(dt_util, "utcnow", self.utcnow):
            yield


def this_loop() -> Loop:
    """Return the running loop."""
    loop = asyncio.get_running_loop()
    if not isinstance(loop, Loop):
        raise TypeError("The benchmark runs in a loop of its own")
    return loop
