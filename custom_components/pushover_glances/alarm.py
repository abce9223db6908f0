"""When to look at the widgets again: as soon as what changes together has changed, or after a short while."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .delivery import SETTLE

# A timer that asks again soon is right again soon after the clock was set.
LONGEST = timedelta(seconds=300)
_LONGEST = LONGEST.total_seconds()
_SETTLE = SETTLE.total_seconds()


class Alarm:
    """Calls a function once, at the earliest of the times that it was set to; never again once it is off."""

    def __init__(self, hass: HomeAssistant, look: Callable[[], None]) -> None:
        """Keep the function."""
        self._hass = hass
        self._look = look
        self._off = False
        self._settling = False
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
        self._after((moment - dt_util.utcnow()).total_seconds())

    @callback
    def settle(self) -> None:
        """Ring when what changes together has changed; it is asked at each change, and so it has to cost nothing."""
        if not self._settling:
            self._settling = True
            self._after(_SETTLE)

    def _after(self, seconds: float) -> None:
        # By the time of the loop, which nobody sets.
        loop, later = self._hass.loop, self._later
        when = loop.time() + min(max(seconds, 0.0), _LONGEST)
        if self._off or (later is not None and later.when() <= when):
            return
        if later is not None:
            later.cancel()
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
        self._settling = False
