"""Backups: whatever is restored from one is older than what has been sent since."""

from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .coordinator import PushoverGlancesConfigEntry
from .storage import async_mark_copies


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Let the files of all accounts say that they are copies, until the backup is done."""
    await _remember(hass, copies=True)


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let the files be what they are again."""
    await _remember(hass, copies=False)


async def _remember(hass: HomeAssistant, *, copies: bool) -> None:
    async_mark_copies(hass, copies=copies)
    entries: list[PushoverGlancesConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        await entry.runtime_data.async_save()
