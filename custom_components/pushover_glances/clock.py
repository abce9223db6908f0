"""Knows how the clock, which may be set, relates to the time of the event loop, which cannot."""

from collections.abc import Callable
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

# In seconds. A smaller difference is drift: time servers correct a clock by milliseconds.
_DRIFT = 2

# By the event loop: when the first account was loaded, and when Home Assistant started, from which on sources get their
# time, even if an account is reloaded meanwhile.
_LOADED: HassKey[float] = HassKey(f"{DOMAIN}_loaded")
_STARTED: HassKey[float] = HassKey(f"{DOMAIN}_started")
# How far the clock was ahead of the event loop when that was looked at last, in seconds.
_AHEAD: HassKey[float] = HassKey(f"{DOMAIN}_clock")


class Clock:
    """The clock of one account, which tells when it was set."""

    def __init__(self, hass: HomeAssistant, on_set: Callable[[timedelta, datetime, datetime], None]) -> None:
        """Set what to call with by how much the clock was set, since when times were recorded by it, and the time now."""
        self._hass = hass
        self._on_set = on_set
        self._ahead = hass.data[_AHEAD]

    @property
    def home_assistant_started(self) -> datetime | None:
        """Return when Home Assistant started, by the clock of now; `None` if it was running before."""
        return self._by_clock(_STARTED) if _STARTED in self._hass.data else None

    @callback
    def note_started(self) -> None:
        """Note that Home Assistant has started."""
        self._hass.data.setdefault(_STARTED, self._hass.loop.time())

    @callback
    def check(self, now: datetime) -> None:
        """Find out whether the clock was set or the machine was suspended since the last check."""
        ahead = now.timestamp() - self._hass.loop.time()
        if abs(ahead - self._ahead) < _DRIFT:
            return
        by, self._ahead = timedelta(seconds=ahead - self._ahead), ahead
        self._hass.data[_AHEAD] = ahead
        self._on_set(by, self._by_clock(_LOADED) - by, now)

    def _by_clock(self, key: HassKey[float]) -> datetime:
        """Return a time of the event loop by the clock of now."""
        return dt_util.utcnow() - timedelta(seconds=self._hass.loop.time() - self._hass.data[key])


@callback
def async_note_clock(hass: HomeAssistant) -> None:
    """Note the clock before anything is read from disk: what is recorded from now on is recorded by this clock."""
    hass.data.setdefault(_LOADED, hass.loop.time())
    hass.data.setdefault(_AHEAD, dt_util.utcnow().timestamp() - hass.loop.time())
