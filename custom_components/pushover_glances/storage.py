"""What an account must remember over a restart: one private file of Home Assistant's per account."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
import logging
import os
from pathlib import Path
from typing import Any, override

from atomicwrites import AtomicWriter  # type: ignore[import-untyped]
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, UnsupportedStorageVersionError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.json import SerializationError
import voluptuous as vol

from .const import DOMAIN
from .exceptions import translated
from .planner import Ledger
from .records import STORAGE_MINOR_VERSION, STORAGE_VERSION, StoredAccount, read, written

_LOGGER = logging.getLogger(__name__)

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


def write_file(path: str, content: bytes) -> None:
    """Write a private file, all of it or nothing; raises OSError."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with AtomicWriter(path, mode="wb", overwrite=True).open() as file:
        file.write(content)


class AccountStore(Store[dict[str, Any]]):
    """Loads and saves what is remembered of one account, and tells when it cannot be written.

    `Store.async_save` only logs that, each time anew, and while Home Assistant stops it only registers a final write.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Name the file after the config entry."""
        super().__init__(
            hass,
            STORAGE_VERSION,
            f"{DOMAIN}.{entry.entry_id}",
            private=True,
            atomic_writes=True,
            minor_version=STORAGE_MINOR_VERSION,
        )
        self.account = StoredAccount()
        # Why the file could not be written when that was tried last.
        self.error: Exception | None = None
        self._entry_id = entry.entry_id
        self._created: datetime = entry.created_at
        self._written = hass.data.setdefault(_WRITTEN, set())
        self._unsaved = hass.data.setdefault(_UNSAVED, {})
        self._lock = asyncio.Lock()
        self._next: asyncio.Task[None] | None = None

    async def async_load_account(self) -> StoredAccount:
        """Read the file; raises UnsupportedStorageVersionError when a newer version wrote it."""
        if (unsaved := self._unsaved.get(self._entry_id)) is not None:
            self.account = unsaved
            return self.account
        # Home Assistant moves a file away that is no JSON, and then there seems to be none.
        damaged = await self.hass.async_add_executor_job(os.path.exists, self.path)
        try:
            if (data := await self.async_load()) is not None:
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
            await self.async_save_account()
        return self.account

    async def async_save_account(self) -> None:
        """Write the file; calls that come while it is written share the next writing.

        Raises HomeAssistantError when it could not be written.
        """
        if self._next is None:
            self._next = self.hass.async_create_task(self._async_write(), f"{DOMAIN} save", eager_start=False)
        # A caller that is cancelled does not take the writing away from the others.
        await asyncio.shield(self._next)
        if self.error is not None:
            raise translated(HomeAssistantError, "not_saved", error=str(self.error)) from self.error

    async def _async_write(self) -> None:
        async with self._lock:
            # What is asked for from here on may be newer than what is written.
            self._next = None
            if self.hass.state is CoreState.stopping:
                await self._async_write_data(
                    {
                        "version": self.version,
                        "minor_version": self.minor_version,
                        "key": self.key,
                        "data": self._contents(),
                    }
                )
            else:
                await self.async_save(self._contents())
        if self.error is not None:
            self._unsaved[self._entry_id] = self.account
        else:
            self._unsaved.pop(self._entry_id, None)
            self._written.add(self._entry_id)

    @callback
    def async_save_soon(self) -> None:
        """Write the file in a moment, or when Home Assistant stops before that."""
        self.async_delay_save(self._contents, _SOON)

    # Home Assistant has no public way to learn whether a write worked, nor to write while it stops.
    @override
    async def _async_write_data(self, data: dict[str, Any]) -> None:
        try:
            await super()._async_write_data(data)
        except (OSError, SerializationError) as err:
            if self.error is None:
                _LOGGER.error("Cannot save what waits to be sent: %s", err)  # noqa: TRY400  # the text says it all
            self.error = err
        else:
            if self.error is not None:
                _LOGGER.warning("What waits to be sent can be saved again")
            self.error = None

    # Home Assistant's own way of writing logs a traceback each time that it fails, which is once for each action.
    @override
    def _write_prepared_data(self, mode: str, json_data: str | bytes) -> None:
        write_file(self.path, json_data.encode() if isinstance(json_data, str) else json_data)

    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: dict[str, Any]
    ) -> dict[str, Any]:
        if old_major_version < STORAGE_VERSION:
            raise vol.Invalid("it is of an older version")
        # A minor version adds what an older one does not know, and nothing else.
        return old_data

    def _contents(self) -> dict[str, Any]:
        data = written(self.account)
        if self.hass.data.get(_COPIES):
            data["lost"] = True
        return data

    @override
    async def async_remove(self) -> None:
        """Remove the file."""
        self._unsaved.pop(self._entry_id, None)
        self._written.discard(self._entry_id)
        await super().async_remove()

    def _is_old(self) -> bool:
        return self._entry_id in self._written or dt_util.utcnow() - self._created > _NEW

    def _use_copy(self) -> None:
        """Use a copy from a backup: what the devices show, and when that was sent, has changed since."""
        if self.hass.data.get(_COPIES):
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
