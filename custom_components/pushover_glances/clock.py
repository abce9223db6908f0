"""The time of day as the owner of this Home Assistant reads it."""

from datetime import datetime

from homeassistant.components.frontend.storage import async_user_store
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

# The frontend's own choices for "time format": two are the same for everyone, the others follow the language.
_TWELVE_HOURS = "12"
_TWENTY_FOUR_HOURS = "24"
# Of Home Assistant's languages, browsers write the hours with am and pm in American English.
_AM_PM_LANGUAGE = "en"


async def async_time_of_day(hass: HomeAssistant, moment: datetime) -> str:
    """Return the time of day of a local time, like "14:05" or "2:05 PM"."""
    chosen = await _async_time_format(hass)
    if chosen == _TWELVE_HOURS or (chosen != _TWENTY_FOUR_HOURS and hass.config.language == _AM_PM_LANGUAGE):
        return f"{moment.hour % 12 or 12}:{moment:%M} {'AM' if moment.hour < 12 else 'PM'}"  # noqa: PLR2004  # noon
    return f"{moment:%H:%M}"


async def _async_time_format(hass: HomeAssistant) -> str | None:
    """Return what the owner has chosen in the profile, where anything."""
    if (owner := await hass.auth.async_get_owner()) is None:
        return None
    try:
        chosen = (await async_user_store(hass, owner.id)).data.get("language")
    except HomeAssistantError, OSError, ValueError:
        # A profile that cannot be read is no reason to leave a watch behind.
        return None
    return chosen.get("time_format") if isinstance(chosen, dict) else None
