"""Small facts on a Pushover widget: Home Assistant's states on an Apple Watch face or a phone."""

from contextlib import suppress

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    ConfigEntryError,
    ConfigEntryNotReady,
    HomeAssistantError,
    UnsupportedStorageVersionError,
)
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.typing import ConfigType

from .api import create_client
from .const import DOMAIN
from .content.time_format import async_learn_time_format
from .content.widget_config import WidgetConfig
from .courier import Courier, PushoverGlancesConfigEntry
from .delivery import Owner, adopt
from .exceptions import explained, translated
from .issues import Reports
from .missing import Asker, async_watch_missing_entities
from .pushover import AuthenticationError, PushoverClient, PushoverError, RejectedError
from .records import AccountMemory, assumed_ledger
from .services import async_setup_services
from .storage import AccountStore
from .strangers import async_hold_strangers
from .transmit import async_empty_screens

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
    """Set up the actions."""
    await async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: PushoverGlancesConfigEntry) -> bool:
    """Set up an account and its widgets."""
    # First of all: a widget that is added meanwhile may come too late for this set-up, and must not wait for the next.
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    store = await _load(hass, entry)
    client = create_client(hass, entry.data)
    outage = await _verify(client, store.memory)
    await async_learn_time_format(hass)
    courier = Courier(hass, entry, client, store, _adopt(hass, entry, store.memory))
    entry.runtime_data = courier
    if outage is not None:
        courier.async_report_outage(outage)
    reports = Reports(hass, entry)
    async_hold_strangers(courier.posts.values(), store.memory.devices, reports)
    for watch in courier.alerts.watches.values():
        reports.widgets_of(watch.config, courier.posts.keys())
    with suppress(HomeAssistantError):
        # A disk that fails is told in the log; the account works as long as Home Assistant runs.
        await store.async_save()

    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        entry_type=DeviceEntryType.SERVICE,
        identifiers={(DOMAIN, entry.entry_id)},
        manufacturer="Pushover",
        name=entry.title,
    )
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)

    @callback
    def started(_hass: HomeAssistant) -> None:
        courier.async_start()
        askers: list[Asker] = [*courier.posts.values(), *courier.alerts.watches.values()]
        entry.async_on_unload(async_watch_missing_entities(hass, askers, reports))

    entry.async_on_unload(async_at_started(hass, started))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: PushoverGlancesConfigEntry) -> bool:
    """Unload an account; a request that is on its way is let finish."""
    # Before its entities go, so that they hear of an update that has just arrived.
    await entry.runtime_data.async_stop()
    if entry.disabled_by is not None:
        # Nobody needs to repair what is switched off.
        Reports(hass, entry).forget(entry.subentries)
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: PushoverGlancesConfigEntry) -> None:
    """Empty what an account shows, as far as that works at once, and forget it."""
    store = AccountStore(hass, entry)
    Reports(hass, entry).forget(entry.subentries)
    with suppress(UnsupportedStorageVersionError):
        memory = await store.async_load()
        await async_empty_screens(hass, create_client(hass, entry.data), memory)
    await store.async_remove()


async def _async_reload(hass: HomeAssistant, entry: PushoverGlancesConfigEntry) -> None:
    """Take over changed credentials or widgets."""
    hass.config_entries.async_schedule_reload(entry.entry_id)


async def _load(hass: HomeAssistant, entry: PushoverGlancesConfigEntry) -> AccountStore:
    store = AccountStore(hass, entry)
    try:
        await store.async_load()
    except UnsupportedStorageVersionError as err:
        raise translated(ConfigEntryError, "newer_version") from err
    return store


def _adopt(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, memory: AccountMemory) -> list[WidgetConfig]:
    """Give every screen to its widget, and return the widgets, with those that stand for a screen left behind."""
    widgets = WidgetConfig.all_of(entry)
    owners = {widget.device: widget.owner for widget in widgets}
    known = {Owner(screen.owner, screen.configuration) for screen in memory.screens.values()}
    # What was told of a widget is over when it is gone, or has been changed.
    changed = {owner.widget for owner in known - {*owners.values()}}
    Reports(hass, entry).forget(changed | memory.alerts.keys() - entry.subentries.keys())
    memory.screens = adopt(memory.screens, owners, memory.devices, assumed_ledger() if memory.lost else None)
    memory.lost = False
    left = [WidgetConfig.of_screen_left_behind(device) for device in memory.screens if device not in owners]
    return [*widgets, *left]


async def _verify(client: PushoverClient, memory: AccountMemory) -> PushoverError | None:
    """Check the credentials and learn the user's devices; return why an account known to be good cannot be checked."""
    try:
        user = await client.validate_user()
    except PushoverError as err:
        if isinstance(err, AuthenticationError):
            raise explained(ConfigEntryAuthFailed, err) from err
        if isinstance(err, RejectedError):
            raise explained(ConfigEntryError, err) from err
        if not memory.verified:
            raise explained(ConfigEntryNotReady, err) from err
        return err
    memory.verified = True
    memory.devices = list(user.devices)
    return None
