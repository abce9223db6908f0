"""What an account must remember over a restart: one private file of Home Assistant's per account."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
import logging
import os
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, UnsupportedStorageVersionError
from homeassistant.helpers.json import save_json
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.file import WriteError
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.json import SerializationError
import voluptuous as vol

from .const import DOMAIN
from .exceptions import translated
from .planner import Ledger
from .records import STORAGE_MINOR_VERSION, STORAGE_VERSION, StoredAccount, read, written

_LOGGER = logging.getLogger(__name__)
# Home Assistant logs each attempt to write a file that fails, with a traceback (homeassistant/util/file.py).
_WRITER = logging.getLogger("homeassistant.util.file")

# An account is set up, and its file written, as soon as it has been added. One that is older has lost its file.
_NEW = timedelta(minutes=5)
# In seconds. What comes and goes at once is not worth a file each time, and a power cut seldom meets it.
_SOON = 2
# The accounts whose file has been written since Home Assistant started.
_WRITTEN: HassKey[set[str]] = HassKey(f"{DOMAIN}_written")
# What could not be written outlives at least a reload, of which every edit of a widget causes one.
_UNSAVED: HassKey[dict[str, StoredAccount]] = HassKey(f"{DOMAIN}_unsaved")
# Whether a backup is under way, so that what is written now may be read long after it was true.
_COPIES: HassKey[bool] = HassKey(f"{DOMAIN}_copies")


@callback
def async_mark_copies(hass: HomeAssistant, *, copies: bool) -> None:
    """Let every file that is written from now on say that it is a copy, or that it is none."""
    hass.data[_COPIES] = copies


def _is_other_file(record: logging.LogRecord) -> bool:
    """Tell whether something is logged about a file that is not one of this integration."""
    return f"{DOMAIN}." not in record.getMessage()


class _File(Store[dict[str, Any]]):
    """A store that tells when it cannot write.

    `Store.async_save` only logs that, each time anew, and while Home Assistant stops it only registers a final write.
    """

    error: Exception | None = None

    @override
    async def async_save(self, data: dict[str, Any]) -> None:
        if self.hass.state is not CoreState.stopping:
            await super().async_save(data)
            return
        wrapped = {"version": self.version, "minor_version": self.minor_version, "key": self.key, "data": data}
        with self._noting_errors():
            await self.hass.async_add_executor_job(self._save_now, wrapped)

    # Home Assistant has no public way to learn whether a write worked.
    @override
    async def _async_write_data(self, data: dict[str, Any]) -> None:
        with self._noting_errors():
            await super()._async_write_data(data)

    def _save_now(self, wrapped: dict[str, Any]) -> None:
        os.makedirs(os.path.dirname(self.path), exist_ok=True)  # noqa: PTH103, PTH120  # Store's path is a str
        save_json(self.path, wrapped, private=True, atomic_writes=True)

    @contextmanager
    def _noting_errors(self) -> Generator[None]:
        try:
            yield
        except (OSError, SerializationError, WriteError) as err:
            if self.error is None:
                _LOGGER.error("Cannot save what waits to be sent: %s", err)  # noqa: TRY400  # the text says it all
            self.error = err
        else:
            if self.error is not None:
                _LOGGER.warning("What waits to be sent can be saved again")
            self.error = None

    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: dict[str, Any]
    ) -> dict[str, Any]:
        if old_major_version < STORAGE_VERSION:
            raise vol.Invalid("it is of an older version")
        # A minor version adds what an older one does not know, and nothing else.
        return old_data


class AccountStore:
    """Loads and saves what is remembered of one account."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Name the file after the config entry."""
        # What goes wrong is logged here, once. A filter that is there already is not added again.
        _WRITER.addFilter(_is_other_file)
        self.account = StoredAccount()
        self._hass = hass
        self._entry_id = entry.entry_id
        self._created: datetime = entry.created_at
        self._written = hass.data.setdefault(_WRITTEN, set())
        self._unsaved = hass.data.setdefault(_UNSAVED, {})
        self._lock = asyncio.Lock()
        self._next: asyncio.Task[None] | None = None
        self._file = _File(
            hass,
            STORAGE_VERSION,
            f"{DOMAIN}.{entry.entry_id}",
            private=True,
            atomic_writes=True,
            minor_version=STORAGE_MINOR_VERSION,
        )

    @property
    def is_failing(self) -> bool:
        """Tell whether the file could not be written when that was tried last."""
        return self._file.error is not None

    async def async_load(self) -> StoredAccount:
        """Read the file; raises UnsupportedStorageVersionError when a newer version wrote it."""
        if (unsaved := self._unsaved.get(self._entry_id)) is not None:
            self.account = unsaved
            return self.account
        # Home Assistant moves a file away that is no JSON, and then there seems to be none.
        damaged = await self._hass.async_add_executor_job(os.path.exists, self._file.path)
        try:
            if (data := await self._file.async_load()) is not None:
                self.account = read(data)
                if self.account.lost:
                    self._use_copy()
                return self.account
            if damaged or self._is_old():
                self._lose("it is damaged" if damaged else "it is missing")
        except UnsupportedStorageVersionError:
            raise
        except (
            ArithmeticError,
            AttributeError,
            HomeAssistantError,
            LookupError,
            OSError,
            TypeError,
            ValueError,
            vol.Invalid,
        ) as err:
            # Home Assistant itself fails on JSON that is no store.
            self._lose(str(err) or type(err).__name__)
        # From here on the account has a file.
        with suppress(HomeAssistantError):
            await self.async_save()
        return self.account

    async def async_save(self) -> None:
        """Write the file; calls that come while it is written share the next writing.

        Raises HomeAssistantError when it could not be written.
        """
        if self._next is None:
            self._next = self._hass.async_create_task(self._async_write(), f"{DOMAIN} save", eager_start=False)
        # A caller that is cancelled does not take the writing away from the others.
        await asyncio.shield(self._next)
        if (error := self._file.error) is not None:
            raise translated(HomeAssistantError, "not_saved", error=str(error)) from error

    async def _async_write(self) -> None:
        async with self._lock:
            # What is asked for from here on may be newer than what is written.
            self._next = None
            await self._file.async_save(self._data())
        if self.is_failing:
            self._unsaved[self._entry_id] = self.account
        else:
            self._unsaved.pop(self._entry_id, None)
            self._written.add(self._entry_id)

    @callback
    def async_save_soon(self) -> None:
        """Write the file in a moment, or when Home Assistant stops before that."""
        self._file.async_delay_save(self._data, _SOON)

    def _data(self) -> dict[str, Any]:
        data = written(self.account)
        if self._hass.data.get(_COPIES):
            data["lost"] = True
        return data

    async def async_remove(self) -> None:
        """Remove the file."""
        self._unsaved.pop(self._entry_id, None)
        self._written.discard(self._entry_id)
        await self._file.async_remove()

    def _is_old(self) -> bool:
        return self._entry_id in self._written or dt_util.utcnow() - self._created > _NEW

    def _use_copy(self) -> None:
        """Use a copy from a backup: what the devices show, and when that was sent, has changed since."""
        if self._hass.data.get(_COPIES):
            # It is no copy yet: Home Assistant is just making the backup.
            self.account.lost = False
            return
        _LOGGER.warning("Stored state is from a backup: updates of today are estimated, none goes at once")
        self.account.screens = {
            device: replace(
                state, ledger=Ledger(), shown=dict.fromkeys((*state.shown, *(state.attempt or ()))), attempt=None
            )
            for device, state in self.account.screens.items()
        }

    def _lose(self, why: str) -> None:
        """Begin with nothing known, once: the file is written anew at set-up."""
        _LOGGER.warning("Stored state is not used, because %s: updates of today are estimated, none goes at once", why)
        self.account = StoredAccount(verified=True, lost=True)
