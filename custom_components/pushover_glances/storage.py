"""Loads and saves the state of an account, in one private file of Home Assistant's storage for each account."""

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
from .planner import Ledger, at_start
from .records import STORAGE_MINOR_VERSION, STORAGE_VERSION, StoredAccount, read, written

_LOGGER = logging.getLogger(__name__)

# The file of an account is written as soon as it has been added, so an older account without one has lost it.
_NEW = timedelta(minutes=5)
# In seconds. What changes all the time is written this often; a power cut loses no more than this time.
_WITHIN = 60
# What reading a damaged file raises; Home Assistant itself raises some of these for JSON that is not a store.
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    HomeAssistantError,
    LookupError,
    OSError,
    TypeError,
    ValueError,
    vol.Invalid,
)
# The accounts whose file has been written since Home Assistant started.
_WRITTEN: HassKey[set[str]] = HassKey(f"{DOMAIN}_written")
# State that could not be written; it is kept for the next load, because every edit of a widget causes a reload.
_UNSAVED: HassKey[dict[str, StoredAccount]] = HassKey(f"{DOMAIN}_unsaved")
# Whether a backup is being made, so that the file may be restored long after it was written.
_COPIES: HassKey[bool] = HassKey(f"{DOMAIN}_copies")


@callback
def async_mark_copies(hass: HomeAssistant, *, copies: bool) -> None:
    """Mark every file that is written from now on as a copy, or not."""
    hass.data[_COPIES] = copies


def write_file(path: str, content: bytes) -> None:
    """Write a private file atomically; raises OSError."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with AtomicWriter(path, mode="wb", overwrite=True).open() as file:
        file.write(content)


class AccountStore(Store[dict[str, Any]]):
    """The file of one account; it knows whether the last write worked.

    `Store.async_save` only logs an error, each time again, and while Home Assistant stops it only registers a final
    write.
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
        # Home Assistant's own method logs a traceback for each failure, which is one for each action. From 2026.11 on, an
        # object of its own writes the file.
        writer = getattr(self, "_io", None)
        owner, method = (self, "_write_prepared_data") if writer is None else (writer, "_write")
        setattr(owner, method, self._write)
        self.account = StoredAccount()
        # What was written last: the same is not written again.
        self._stored: dict[str, Any] | None = None
        # Why the last write failed; `None` if it worked.
        self.error: Exception | None = None
        self._entry_id = entry.entry_id
        self._created: datetime = entry.created_at
        self._written = hass.data.setdefault(_WRITTEN, set())
        self._unsaved = hass.data.setdefault(_UNSAVED, {})
        self._lock = asyncio.Lock()
        self._next: asyncio.Task[None] | None = None
        # Whether a write is planned that will contain what has changed.
        self._is_planned = False
        self._is_closed = False

    @property
    def is_own(self) -> bool:
        """Return whether the file has been written since Home Assistant started."""
        return self._entry_id in self._written

    async def async_load_account(self) -> StoredAccount:
        """Read the file; raises UnsupportedStorageVersionError if a newer version wrote it."""
        if (unsaved := self._unsaved.get(self._entry_id)) is not None:
            # As if it had been written and read.
            unsaved.screens = {device: at_start(state) for device, state in unsaved.screens.items()}
            self.account = unsaved
            return self.account
        # Home Assistant moves a file away that is not JSON, and then behaves as if there was none.
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
        except UNREADABLE as err:
            self._lose(str(err) or type(err).__name__)
        # From here on the account has a file.
        with suppress(HomeAssistantError):
            await self.async_save_account()
        return self.account

    async def async_save_account(self) -> None:
        """Write the file, unless it is closed; calls during a write share the next one.

        Raises HomeAssistantError if it could not be written.
        """
        if self._is_closed:
            return
        if self._next is None:
            self._next = self.hass.async_create_task(self._async_write(), f"{DOMAIN} save", eager_start=False)
        # A cancelled caller must not cancel the write of the others.
        await asyncio.shield(self._next)
        if self.error is not None:
            raise translated(HomeAssistantError, "not_saved", error=str(self.error)) from self.error

    async def _async_write(self) -> None:
        async with self._lock:
            # What follows in the same turn of the event loop, such as the booking of the next update, shares this write.
            await asyncio.sleep(0)
            # Later calls may have newer state, so they need another write.
            self._next = None
            if self.hass.state is CoreState.stopping:
                data = {"version": self.version, "minor_version": self.minor_version, "key": self.key}
                # A delayed write may be under way.
                async with self._write_lock:
                    await self._async_write_data({**data, "data": self._contents()})
            else:
                await self.async_save(self._contents())
        if self.error is not None:
            self._unsaved[self._entry_id] = self.account
        else:
            self._unsaved.pop(self._entry_id, None)
            self._written.add(self._entry_id)

    @callback
    def async_save_soon(self) -> None:
        """Write the file within a minute, or when Home Assistant stops before that; more changes do not postpone it.

        `Store.async_delay_save` begins to wait again with each call.
        """
        if not self._is_planned and not self._is_closed:
            self.async_delay_save(self._contents, _WITHIN)
            self._is_planned = True

    @callback
    def close(self) -> None:
        """Write nothing more: the file belongs to the next coordinator, or is removed."""
        self._is_closed = True

    # Private, because Home Assistant has no public way to write while it stops, nor to tell whether a write worked.
    @override
    async def _async_write_data(self, data: dict[str, Any]) -> None:
        if "data_func" in data:
            data["data"] = data.pop("data_func")()
        if data["data"] == self._stored:
            return
        try:
            await super()._async_write_data(data)
        except (OSError, SerializationError) as err:
            if self.error is None:
                _LOGGER.error("Cannot save what waits to be sent: %s", err)  # noqa: TRY400  # the text says it all
            self.error, self._stored = err, None
        else:
            self._stored = data["data"]
            if self.error is not None:
                _LOGGER.warning("What waits to be sent can be saved again")
            self.error = None

    def _write(self, _mode: str, json_data: str | bytes) -> None:
        write_file(self.path, json_data.encode() if isinstance(json_data, str) else json_data)

    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: dict[str, Any]
    ) -> dict[str, Any]:
        if old_major_version < STORAGE_VERSION:
            raise vol.Invalid("it is of an older version")
        # A minor version only adds keys.
        return old_data

    def _contents(self) -> dict[str, Any]:
        self._is_planned = False
        data = written(self.account)
        if self.hass.data.get(_COPIES):
            data["lost"] = True
        return data

    @override
    async def async_remove(self) -> None:
        """Remove the file."""
        self._unsaved.pop(self._entry_id, None)
        self._written.discard(self._entry_id)
        self._stored = None
        await super().async_remove()

    def _is_old(self) -> bool:
        return self._entry_id in self._written or dt_util.utcnow() - self._created > _NEW

    def _use_copy(self) -> None:
        """Use a file from a backup: the values that devices show, and the times of updates, have changed since then."""
        if self.hass.data.get(_COPIES):
            # Home Assistant is still making the backup, so this is the original.
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
        """Begin with an empty state; the file is written again during set-up."""
        _LOGGER.warning("Stored state is not used, because %s: updates of today are estimated, none goes at once", why)
        self.account = StoredAccount(verified=True, lost=True)
