"""The integration's part of Home Assistant's system information."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .api import api_url
from .const import DOMAIN
from .coordinator import PushoverGlancesConfigEntry


@callback
def async_register(hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register the information."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return whether Pushover can be reached, the updates of today, and how many widgets wait for one."""
    entries: list[PushoverGlancesConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    widgets = [data for entry in entries for data in entry.runtime_data.data.widgets.values()]
    return {
        "can_reach_server": system_health.async_check_can_reach_url(hass, api_url()),
        "updates_today": sum(data.used for data in widgets),
        "queued": sum(data.due is not None for data in widgets),
    }
