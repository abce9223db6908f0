"""Removes an account: empties its screens, and keeps the times of its updates in case it is added again."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .api import connections, create_client
from .const import DOMAIN
from .content.texts import cached_text
from .content.widget_config import ALL_TITLE, WidgetConfig
from .issues import Reports
from .planner import KEPT, Ledger, WidgetState, perhaps_shown
from .pushover import Glance, PushoverError
from .records import StoredAccount
from .storage import UNREADABLE

# In seconds; the person who removes the account waits for it.
_TIMEOUT = 5
_VERSION = 1


async def async_empty_screens(hass: HomeAssistant, entry: ConfigEntry, account: StoredAccount) -> list[str]:
    """Empty the screens of a removed account, with one attempt for each; return those that may still show values."""
    shown = {
        device: {name: "" for name, value in perhaps_shown(state).items() if value != ""}
        for device, state in account.screens.items()
    }
    left = {device: values for device, values in shown.items() if values}
    not_emptied = [*left]
    client = create_client(hass, entry.data)
    with suppress(TimeoutError):
        async with asyncio.timeout(_TIMEOUT), connections(hass):
            # One after the other, because an account sends one request at a time.
            for device, values in left.items():
                # Pushover may take an unknown device for all devices.
                if not device or device in (account.devices or ()):
                    state = account.screens[device]
                    account.screens[device] = WidgetState(ledger=state.ledger.booked(dt_util.utcnow(), urgent=True))
                    with suppress(PushoverError):
                        if (await client.update_glance(Glance.of(values), device)).has_receiver:
                            not_emptied.remove(device)
    return not_emptied


@callback
def async_report_not_emptied(hass: HomeAssistant, entry: ConfigEntry, devices: Collection[str] | None = None) -> None:
    """Report that widgets of a removed account may still show their last values: those of these devices, or all.

    Devices without a widget are named as such.
    """
    widgets = {widget.device: widget.title for widget in WidgetConfig.all_of(entry)}
    all_title = cached_text(hass, "all_devices") or ALL_TITLE
    names = [widgets.get(device, device or all_title) for device in (widgets if devices is None else devices)]
    Reports(hass, entry).not_emptied(_key(entry), names)


@callback
def async_forget_not_emptied(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Delete that report, because the account has been added again."""
    Reports(hass, entry).not_emptied(_key(entry), ())


async def async_keep_ledgers(hass: HomeAssistant, entry: ConfigEntry, account: StoredAccount) -> None:
    """Store when updates were sent to the devices of an account, in case it is added again."""
    store, known = await _async_load(hass)
    known[_key(entry)] = {
        device: [moment.isoformat() for moment in state.ledger.updates] for device, state in account.screens.items()
    }
    await store.async_save(known)


async def async_kept_ledgers(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, WidgetState]:
    """Return the screens of an account that was removed recently, with the times of their updates alone."""
    _, known = await _async_load(hass)
    devices = known.get(_key(entry), {})
    return {device: WidgetState(ledger=Ledger(tuple(_recent(updates)))) for device, updates in devices.items()}


async def _async_load(hass: HomeAssistant) -> tuple[Store[dict[str, Any]], dict[str, Any]]:
    """Return what is kept, without what no rule uses any more; a file that is not as it was written counts as empty."""
    store: Store[dict[str, Any]] = Store(hass, _VERSION, f"{DOMAIN}.removed", private=True, atomic_writes=True)
    try:
        known = _SCHEMA(await store.async_load() or {})
    except UNREADABLE:
        known = {}
    return store, {
        account: kept
        for account, devices in known.items()
        if (kept := {device: updates for device, updates in devices.items() if _recent(updates)})
    }


def _time(value: object) -> str:
    """Accept a time with its offset, as `isoformat` writes it."""
    moment = dt_util.parse_datetime(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None:
        raise vol.Invalid("not a time")
    return moment.isoformat()


_SCHEMA = vol.Schema({str: {str: [_time]}})


def _recent(updates: list[str]) -> list[datetime]:
    moments = [dt_util.as_utc(datetime.fromisoformat(item)) for item in updates]
    return [moment for moment in moments if moment > dt_util.utcnow() - KEPT]


def _key(entry: ConfigEntry) -> str:
    """Return the key of an account's user; the unique id is a hash of the user key."""
    return entry.unique_id or entry.entry_id
