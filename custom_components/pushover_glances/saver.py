"""Saves what an account must remember, and tries again now and then while that does not work."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .alarm import Alarm
from .const import DOMAIN
from .storage import AccountStore

_AGAIN = timedelta(minutes=5)


class Saver:
    """Saves as far as that works: the store tells in the log when it does not, and updates go on."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        store: AccountStore,
        alarm: Alarm,
        on_change: Callable[[], None],
    ) -> None:
        """Take the file, the alarm for the next try, and what hears when saving begins to fail or works again."""
        self._on_change = on_change
        self._hass = hass
        self._entry = entry
        self._store = store
        self._alarm = alarm
        self._again = dt_util.utcnow()

    @property
    def is_failing(self) -> bool:
        """Tell whether the file could not be written when that was tried last."""
        return self._store.is_failing

    async def async_save(self) -> None:
        """Save now."""
        failed = self._store.is_failing
        with suppress(HomeAssistantError):
            await self._store.async_save()
        if self._store.is_failing is not failed:
            self._on_change()

    @callback
    def soon(self) -> None:
        """Save in a moment, with all that has to be remembered by then."""
        self._store.async_save_soon()

    @callback
    def notice(self, now: datetime) -> None:
        """Take note of the time: what could not be saved is tried again."""
        if self._store.is_failing:
            if self._again <= now:
                self._again = now + _AGAIN
                self._entry.async_create_background_task(
                    self._hass, self.async_save(), f"{DOMAIN} save", eager_start=False
                )
            self._alarm.at(self._again)
