"""The clock, which may be set, and a timer by it; the time of the event loop cannot be set."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

# In seconds. A smaller difference is drift: time servers correct a clock by milliseconds.
_DRIFT = 2
# So that a clock that is set is noticed soon.
LONGEST_TIMER = timedelta(minutes=5)

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


class Timer:
    """A timer that calls a function once each time that it is set."""

    def __init__(self, hass: HomeAssistant, on_time: Callable[[], None]) -> None:
        """Set the function; nothing is called before `set`."""
        self._loop = hass.loop
        self._on_time = on_time
        # The time by the event loop; 0 is at once.
        self._time: float = 0
        self._handle: asyncio.Handle | None = None
        self._is_stopped = False

    @callback
    def set(self, moment: datetime) -> None:
        """Set the timer to this time at the latest, and not too far ahead, because the clock may be set."""
        if self._is_stopped or (self._handle is not None and not self._time):
            return
        seconds = min((moment - dt_util.utcnow()).total_seconds(), LONGEST_TIMER.total_seconds())
        when = self._loop.time() + seconds if seconds > 0 else 0
        if self._handle is not None:
            if self._time <= when:
                return
            self._handle.cancel()
        self._time = when
        self._handle = self._loop.call_at(when, self._fire) if when else self._loop.call_soon(self._fire)

    @callback
    def stop(self) -> None:
        """Call the function no more, even if the timer is set again."""
        self._is_stopped = True
        if self._handle is not None:
            self._handle.cancel()

    @callback
    def _fire(self) -> None:
        self._handle = None
        self._on_time()


@callback
def async_note_clock(hass: HomeAssistant) -> None:
    """Note the clock before anything is read from disk: what is recorded from now on is recorded by this clock."""
    hass.data.setdefault(_LOADED, hass.loop.time())
    hass.data.setdefault(_AHEAD, dt_util.utcnow().timestamp() - hass.loop.time())
