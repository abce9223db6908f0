"""Marks the stored files as copies while a backup is made, because a restored file does not know later updates."""

from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .coordinator import PushoverGlancesConfigEntry
from .storage import async_mark_copies


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Mark the files of all accounts as copies until the backup is done."""
    await _async_mark_copies(hass, copies=True)


async def async_post_backup(hass: HomeAssistant) -> None:
    """Remove the mark from the files of all accounts."""
    await _async_mark_copies(hass, copies=False)


async def _async_mark_copies(hass: HomeAssistant, *, copies: bool) -> None:
    async_mark_copies(hass, copies=copies)
    entries: list[PushoverGlancesConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        await entry.runtime_data.async_save()
