"""Writes the time of day in the format that the owner of Home Assistant has chosen."""

from datetime import datetime

from homeassistant.components.frontend.storage import async_user_store
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

# Values of the frontend's setting "time format"; its other values follow the language.
_TWELVE_HOURS = "12"
_TWENTY_FOUR_HOURS = "24"
# Of Home Assistant's languages, browsers use am and pm in American English only.
_AM_PM_LANGUAGE = "en"


# The choice when it was last looked up, for callbacks.
_CHOSEN: HassKey[str | None] = HassKey(f"{DOMAIN}_time_format")


async def async_time_of_day(hass: HomeAssistant, moment: datetime) -> str:
    """Return the time of day of a local time, like "14:05" or "2:05 PM"."""
    await async_learn_time_format(hass)
    return _time_of_day(hass, moment)


async def async_learn_time_format(hass: HomeAssistant) -> None:
    """Look up the time format."""
    hass.data[_CHOSEN] = await _async_time_format(hass)


@callback
def since_when(hass: HomeAssistant, moment: datetime) -> str:
    """Return the local time of day of a moment, with its date if that is not today."""
    local = dt_util.as_local(moment)
    time = _time_of_day(hass, local)
    return time if local.date() == dt_util.now().date() else f"{local.date().isoformat()} {time}"


def _time_of_day(hass: HomeAssistant, moment: datetime) -> str:
    chosen = hass.data.get(_CHOSEN)
    if chosen == _TWELVE_HOURS or (chosen != _TWENTY_FOUR_HOURS and hass.config.language == _AM_PM_LANGUAGE):
        return f"{moment.hour % 12 or 12}:{moment:%M} {'AM' if moment.hour < 12 else 'PM'}"  # noqa: PLR2004  # noon
    return f"{moment:%H:%M}"


async def _async_time_format(hass: HomeAssistant) -> str | None:
    """Return the time format in the owner's profile, if there is one."""
    if (owner := await hass.auth.async_get_owner()) is None:
        return None
    try:
        chosen = (await async_user_store(hass, owner.id)).data.get("language")
    except HomeAssistantError, OSError, ValueError:
        # Without the profile, the format of the language is used.
        return None
    return chosen.get("time_format") if isinstance(chosen, dict) else None
