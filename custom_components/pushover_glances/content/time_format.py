"""The time of day as the owner of this Home Assistant reads it."""

from datetime import datetime

from homeassistant.components.frontend.storage import async_user_store
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

# The frontend's own choices for "time format": two are the same for everyone, the others follow the language.
_TWELVE_HOURS = "12"
_TWENTY_FOUR_HOURS = "24"
# Of Home Assistant's languages, browsers write the hours with am and pm in American English.
_AM_PM_LANGUAGE = "en"


# What was chosen when that was looked up last, for those who cannot wait.
_CHOSEN: HassKey[str | None] = HassKey(f"{DOMAIN}_time_format")


async def async_time_of_day(hass: HomeAssistant, moment: datetime) -> str:
    """Return the time of day of a local time, like "14:05" or "2:05 PM"."""
    await async_learn_time_format(hass)
    return _time_of_day(hass, moment)


async def async_learn_time_format(hass: HomeAssistant) -> None:
    """Look up how times of day are written."""
    hass.data[_CHOSEN] = await _async_time_format(hass)


@callback
def since_when(hass: HomeAssistant, moment: datetime) -> str:
    """Return the time of day of a moment, and its date where that is not today's, by the time format known last."""
    local = dt_util.as_local(moment)
    time = _time_of_day(hass, local)
    return time if local.date() == dt_util.now().date() else f"{local.date().isoformat()} {time}"


def _time_of_day(hass: HomeAssistant, moment: datetime) -> str:
    chosen = hass.data.get(_CHOSEN)
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
