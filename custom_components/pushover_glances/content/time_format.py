"""Writes times of day in the format that the owner of Home Assistant has chosen, and dates as short as possible."""

from contextlib import suppress
from datetime import date, datetime, time
import re
from typing import Any

from homeassistant.components.frontend.storage import async_user_store
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from .past import local_now
from .texts import cached_text

# Values of the frontend's setting "time format"; its other values follow the language.
_TWELVE_HOURS = "12"
_TWENTY_FOUR_HOURS = "24"
# Of Home Assistant's languages, browsers use am and pm in American English only.
_AM_PM_LANGUAGE = "en"

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_AND_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
# Within these days, the weekday says which day is meant; beyond those, the year has to.
_DAYS_OF_WEEK = 6
_DAYS_OF_HALF_YEAR = 182

# The choice when it was last looked up, for callbacks.
_CHOSEN: HassKey[str | None] = HassKey(f"{DOMAIN}_time_format")


async def async_time_of_day(hass: HomeAssistant, moment: datetime) -> str:
    """Return the time of day of a local time, like "14:05" or "2:05 PM"."""
    await async_learn_time_format(hass)
    return short_time(hass, moment)


async def async_learn_time_format(hass: HomeAssistant) -> None:
    """Look up the time format."""
    hass.data[_CHOSEN] = await _async_time_format(hass)


@callback
def since_when(hass: HomeAssistant, moment: datetime) -> str:
    """Return the local time of day of a moment, with its date if that is not today."""
    local = dt_util.as_local(moment)
    time = short_time(hass, local)
    return time if local.date() == local_now(hass).date() else f"{local.date().isoformat()} {time}"


@callback
def local_moment(value: Any) -> date | None:
    """Return a state or an attribute that is a date, or a date with a time, as that in the local time zone."""
    # Some dates of the first and the last year cannot be converted.
    with suppress(ValueError, OverflowError):
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value)
        if isinstance(value, str) and _DATE_AND_TIME.fullmatch(value):
            value = dt_util.parse_datetime(value)
        if isinstance(value, datetime):
            return dt_util.as_local(value)
    return value if type(value) is date else None


@callback
def short_moment(hass: HomeAssistant, moment: date, *, ahead: bool = False) -> str:
    """Return a local moment as short as it is clear: "19:18" today, "Sun 07:30" within a week, or else "12 Dec".

    Days without a time are "Today" and "Tomorrow", and so are those of a time `ahead`.
    """
    now, clock = local_now(hass), short_time(hass, moment) if isinstance(moment, datetime) else ""
    day = moment.date() if isinstance(moment, datetime) else moment
    days = (day - now.date()).days
    if (ahead or not clock) and (word := _day_word(hass, days)) is not None:
        return f"{word} {clock}".rstrip()
    if days == 0 and clock:
        return clock
    weekdays, months, written = (cached_text(hass, key) for key in ("weekdays", "months", "day_month"))
    if not weekdays or not months or not written:
        return f"{day.isoformat()} {clock}".rstrip()
    if abs(days) <= _DAYS_OF_WEEK:
        return f"{weekdays.split()[day.weekday()]} {clock}".rstrip()
    text = written.format(day=day.day, month=months.split()[day.month - 1])
    return text if abs(days) <= _DAYS_OF_HALF_YEAR else f"{text} {day.year}"


@callback
def _day_word(hass: HomeAssistant, days: int) -> str | None:
    """Return "Today" or "Tomorrow" if a day is so many days ahead."""
    if days == 0:
        return cached_text(hass, "today")
    return cached_text(hass, "tomorrow") if days == 1 else None


@callback
def is_near(hass: HomeAssistant, moment: date) -> bool:
    """Return whether a day without a time is today or tomorrow, which is not true any more on the next day."""
    return not isinstance(moment, datetime) and 0 <= (moment - local_now(hass).date()).days <= 1


@callback
def is_over(hass: HomeAssistant, moment: date) -> bool:
    """Return whether a local moment or a day lies in the past."""
    now = local_now(hass)
    return moment < now if isinstance(moment, datetime) else moment < now.date()


@callback
def short_time(hass: HomeAssistant, moment: datetime | time) -> str:
    """Return a local time of day without its seconds, like "14:05" or "2:05 PM"."""
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
