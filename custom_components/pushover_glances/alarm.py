"""When to look at the widgets again: as soon as what changes together has changed, or after a short while."""

from collections.abc import Callable
from datetime import datetime, timedelta

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .const import DOMAIN

# A timer that asks again soon is right again soon after the clock was set.
_LONGEST = timedelta(seconds=300)
_ZERO = timedelta(0)


class Alarm:
    """Calls a function once, at the earliest of the times that it was set to; never again once it is off."""

    def __init__(self, hass: HomeAssistant, look: Callable[[], None]) -> None:
        """Keep the function."""
        self._hass = hass
        self._look = look
        self._off = False
        self._soon: CALLBACK_TYPE | None = None
        self._later: CALLBACK_TYPE | None = None
        self._due: datetime | None = None

    @callback
    def soon(self, _now: datetime | None = None) -> None:
        """Ring as soon as everything that is under way in this moment has happened."""
        if self._soon is None and not self._off:
            self._soon = self._hass.loop.call_soon(self._ring).cancel

    @callback
    def at(self, moment: datetime) -> None:
        """Ring at this time, or earlier to be asked again; the earliest of several counts."""
        if self._off or (self._due is not None and self._due <= moment):
            return
        if self._later is not None:
            self._later()
        self._due = moment
        delay = min(max(moment - dt_util.utcnow(), _ZERO), _LONGEST)
        self._later = async_call_later(
            self._hass, delay, HassJob(self.soon, f"{DOMAIN} timer", cancel_on_shutdown=True)
        )

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
        for cancel in (self._soon, self._later):
            if cancel is not None:
                cancel()
        self._soon = self._later = self._due = None
