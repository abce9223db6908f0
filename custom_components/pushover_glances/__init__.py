"""Pushover Glances: shows states of Home Assistant on Pushover's widgets, such as a watch face."""

from dataclasses import replace
from functools import partial

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    ConfigEntryError,
    ConfigEntryNotReady,
    UnsupportedStorageVersionError,
)
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util

from .api import async_validate_user
from .clock import async_note_clock
from .const import CONFIG_VERSION, DOMAIN
from .content.alert_config import AlertConfig
from .content.page_config import PageConfig
from .content.time_format import async_learn_time_format
from .content.widget_config import WidgetConfig
from .coordinator import PushoverGlancesConfigEntry, PushoverGlancesCoordinator
from .exceptions import explained, translated
from .history import async_forget_history
from .issues import Reports
from .missing import Dependent, async_watch_missing_entities
from .planner import Loss, assign
from .pushover import AuthenticationError, PushoverError, RejectedError
from .records import StoredAccount
from .removal import (
    async_empty_screens,
    async_forget_not_emptied,
    async_keep_ledgers,
    async_kept_ledgers,
    async_report_not_emptied,
)
from .renames import async_follow_renames, async_rename_stored, has_renames, with_new_ids
from .services import async_setup_services
from .storage import AccountStore
from .without_number import async_watch_numbers

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.NOTIFY,
    Platform.SENSOR,
    Platform.SWITCH,
]
CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up the actions, and what concerns all accounts, loaded or not."""
    async_follow_renames(hass)
    await async_setup_services(hass)
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: PushoverGlancesConfigEntry) -> bool:
    """Raise the version of an account of version 1, whose fields are read as they are.

    Home Assistant itself refuses an account of a later major version.
    """
    if entry.version < CONFIG_VERSION:
        hass.config_entries.async_update_entry(entry, version=CONFIG_VERSION, minor_version=1)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: PushoverGlancesConfigEntry) -> bool:
    """Set up an account and its widgets."""
    # Before anything else: a widget that is added during this set-up needs a reload.
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    store = await _async_load(hass, entry)
    was_verified = store.account.verified
    if not was_verified:
        await _async_verify(hass, entry, store.account)
    await async_learn_time_format(hass)
    coordinator = PushoverGlancesCoordinator(hass, entry, store, _assign_screens(hass, entry, store.account))
    entry.runtime_data = coordinator
    coordinator.devices.async_check()
    async_forget_not_emptied(hass, entry)
    configs: list[AlertConfig | PageConfig] = [alert.config for alert in coordinator.monitor.alerts.values()]
    configs += [page.config for page in coordinator.pages.pages.values()]
    for config in configs:
        coordinator.reports.widgets_of(config, coordinator.widgets.keys())
    await coordinator.async_save()

    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        entry_type=DeviceEntryType.SERVICE,
        identifiers={(DOMAIN, entry.entry_id)},
        manufacturer="Pushover",
        name=entry.title,
    )
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    if was_verified:
        # In the background, so that an edit or a restart does not wait for Pushover.
        coordinator.devices.async_learn_later()
    entry.async_on_unload(async_at_started(hass, partial(_async_start, entry)))
    return True


async def _async_start(entry: PushoverGlancesConfigEntry, hass: HomeAssistant) -> None:
    """Start to track and to send, and to look for what sources lack, when Home Assistant has started."""
    coordinator = entry.runtime_data
    await coordinator.async_load_conditions()
    if coordinator.is_stopped or has_renames(hass, entry):
        return
    coordinator.async_start()
    dependents: list[Dependent] = [
        *coordinator.widgets.values(),
        *coordinator.monitor.alerts.values(),
        *coordinator.pages.pages.values(),
    ]
    entry.async_on_unload(async_watch_missing_entities(hass, dependents, coordinator.reports))
    entry.async_on_unload(async_watch_numbers(hass, coordinator.widgets.values(), coordinator.reports))


async def async_unload_entry(hass: HomeAssistant, entry: PushoverGlancesConfigEntry) -> bool:
    """Unload an account, after the request that is being sent has ended."""
    # Before its entities are removed, so that they show an update that has just been accepted.
    await entry.runtime_data.async_stop()
    removed = entry.runtime_data.pages.pages.keys() - entry.subentries.keys()
    Reports(hass, entry).forget(removed)
    if entry.disabled_by is not None:
        # A disabled account needs no repairs.
        Reports(hass, entry).forget_account()
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: PushoverGlancesConfigEntry) -> None:
    """Try once to empty what an account shows, and delete what is stored of it."""
    store = AccountStore(hass, entry)
    Reports(hass, entry).forget_account()
    async_forget_history(hass, entry)
    try:
        account = await store.async_load_account()
        devices = await async_empty_screens(hass, entry, account)
        # After a loss of the file it is not known what the devices show.
        async_report_not_emptied(hass, entry, None if account.lost and not account.screens else devices)
        await async_keep_ledgers(hass, entry, account)
    except UnsupportedStorageVersionError:
        async_report_not_emptied(hass, entry)
    finally:
        await store.async_remove()


async def _async_reload(hass: HomeAssistant, entry: PushoverGlancesConfigEntry) -> None:
    """Reload an account after its credentials or subentries have changed, unless it waits for a reload."""
    if entry.state is not ConfigEntryState.LOADED or not has_renames(hass, entry):
        hass.config_entries.async_schedule_reload(entry.entry_id)


async def _async_load(hass: HomeAssistant, entry: PushoverGlancesConfigEntry) -> AccountStore:
    # Before the file is read: what it holds of the future was recorded by another clock.
    async_note_clock(hass)
    store = AccountStore(hass, entry)
    is_own = store.is_own
    try:
        account = await store.async_load_account()
    except UnsupportedStorageVersionError as err:
        raise translated(ConfigEntryError, "newer_version") from err
    now = dt_util.utcnow()
    if not account.verified and not account.screens:
        account.screens = await async_kept_ledgers(hass, entry)
    account.screens = {
        device: replace(state, ledger=state.ledger.read_at(now, is_own=is_own))
        for device, state in account.screens.items()
    }
    return store


def _assign_screens(
    hass: HomeAssistant, entry: PushoverGlancesConfigEntry, account: StoredAccount
) -> list[WidgetConfig]:
    """Assign every screen to its widget, and return the widgets, with stand-ins for screens of removed widgets."""
    async_rename_stored(hass, entry, account)
    widgets = WidgetConfig.all_of(entry)
    owners = {widget.device: widget.owner for widget in widgets}
    known = {state.owner for state in account.screens.values()} | account.alerts.keys()
    reports = Reports(hass, entry)
    reports.forget(known - entry.subentries.keys())
    reports.forget_edited(partial(with_new_ids, hass))
    loss = Loss(dt_util.utcnow(), dt_util.get_default_time_zone()) if account.lost else None
    account.screens = assign(account.screens, owners, account.devices, loss)
    account.alerts = {name: state for name, state in account.alerts.items() if name in entry.subentries}
    account.lost = False
    left = [WidgetConfig.of_screen_left_behind(device) for device in account.screens if device not in owners]
    return [*widgets, *left]


async def _async_verify(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, account: StoredAccount) -> None:
    """Check credentials that Pushover has not accepted before, and store the user's devices."""
    try:
        user = await async_validate_user(hass, entry.data)
    except AuthenticationError as err:
        raise explained(ConfigEntryAuthFailed, err) from err
    except RejectedError as err:
        raise explained(ConfigEntryError, err) from err
    except PushoverError as err:
        raise explained(ConfigEntryNotReady, err) from err
    account.verified = True
    account.devices = list(user.devices)
