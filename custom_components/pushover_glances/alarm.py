"""When to look at the widgets again: as soon as what changes together has changed, or after a short while."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

# A timer that asks again soon is right again soon after the clock was set.
LONGEST = timedelta(seconds=300)
_ZERO = timedelta(0)


class Alarm:
    """Calls a function once, at the earliest of the times that it was set to; never again once it is off."""

    def __init__(self, hass: HomeAssistant, look: Callable[[], None]) -> None:
        """Keep the function."""
        self._hass = hass
        self._look = look
        self._off = False
        self._soon: asyncio.Handle | None = None
        self._later: asyncio.TimerHandle | None = None

    @callback
    def soon(self) -> None:
        """Ring as soon as everything that is under way in this moment has happened."""
        if self._soon is None and not self._off:
            self._soon = self._hass.loop.call_soon(self._ring)

    @callback
    def at(self, moment: datetime) -> None:
        """Ring at this time, or earlier to be asked again; the earliest of several counts."""
        # By the time of the loop, which nobody sets.
        loop = self._hass.loop
        when = loop.time() + min(max(moment - dt_util.utcnow(), _ZERO), LONGEST).total_seconds()
        if self._off or (self._later is not None and self._later.when() <= when):
            return
        if self._later is not None:
            self._later.cancel()
        self._later = loop.call_at(when, self.soon)

    @callback
    def off(self) -> None:
        """Ring no more."""
        self._off = True
        self._cancel()

    @callback
    def _ring(self) -> None:
        self._cancel()
        self._look()

    @callback
    def _cancel(self) -> None:
        for handle in (self._soon, self._later):
            if handle is not None:
                handle.cancel()
        self._soon = self._later = None
