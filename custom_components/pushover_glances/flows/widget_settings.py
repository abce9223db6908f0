"""The settings of a widget's delivery, as a section of its form."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TimeSelector,
)
import voluptuous as vol

from ..const import (
    CONF_DAILY_LIMIT,
    CONF_MIN_INTERVAL,
    CONF_QUIET_FROM,
    CONF_QUIET_UNTIL,
    CONF_TIME_STAMP,
    CONF_UNAVAILABLE,
    CONF_URGENT_ENTITIES,
    TIME_STAMP_NONE,
    UNAVAILABLE_DASH,
    UNAVAILABLE_KEEP,
)
from ..content.entity_key import entity_ids_of
from ..planner import DAILY_LIMIT, MIN_INTERVAL
from ..pushover import TEXT_FIELDS

# No update of a widget follows another within a minute, whatever a person sets; a day is where spacing ends.
_INTERVALS = range(60, 24 * 60 * 60 + 1)
# As many as there are minutes in a day; none stands for no limit.
_LIMITS = range(24 * 60 + 1)

SECTION_DELIVERY = "delivery"
_SETTINGS = (
    CONF_URGENT_ENTITIES,
    CONF_MIN_INTERVAL,
    CONF_DAILY_LIMIT,
    CONF_QUIET_FROM,
    CONF_QUIET_UNTIL,
    CONF_TIME_STAMP,
    CONF_UNAVAILABLE,
)


def settings_section(*, collapsed: bool) -> section:
    """Return the section of the form; what is out of its limits is told by `settings_error`, in words."""
    return section(
        vol.Schema(
            {
                vol.Optional(CONF_URGENT_ENTITIES): EntitySelector(EntitySelectorConfig(multiple=True)),
                vol.Required(CONF_MIN_INTERVAL, default=int(MIN_INTERVAL.total_seconds())): _number("s"),
                vol.Required(CONF_DAILY_LIMIT, default=DAILY_LIMIT): _number(),
                vol.Optional(CONF_QUIET_FROM): TimeSelector(),
                vol.Optional(CONF_QUIET_UNTIL): TimeSelector(),
                vol.Required(CONF_TIME_STAMP, default=TIME_STAMP_NONE): _choice(
                    CONF_TIME_STAMP, TIME_STAMP_NONE, *TEXT_FIELDS
                ),
                vol.Required(CONF_UNAVAILABLE, default=UNAVAILABLE_DASH): _choice(
                    CONF_UNAVAILABLE, UNAVAILABLE_DASH, UNAVAILABLE_KEEP
                ),
            }
        ),
        {"collapsed": collapsed},
    )


def settings_error(user_input: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a filled-in section: the frontend shows one error of a section, not those within."""
    if user_input[CONF_MIN_INTERVAL] not in _INTERVALS:
        return "min_interval_out_of_range"
    if user_input[CONF_DAILY_LIMIT] not in _LIMITS:
        return "daily_limit_out_of_range"
    begin, end = user_input.get(CONF_QUIET_FROM), user_input.get(CONF_QUIET_UNTIL)
    if bool(begin) != bool(end):
        return "quiet_hours_incomplete"
    return "quiet_hours_empty" if begin and begin == end else None


def settings_data(hass: HomeAssistant, user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return a filled-in section as part of a widget's data; what is left empty is absent."""
    # The selector takes ids of the registry as well.
    urgent = entity_ids_of(hass, user_input.get(CONF_URGENT_ENTITIES) or ())
    filled = {**user_input, CONF_URGENT_ENTITIES: urgent}
    data = {key: filled[key] for key in _SETTINGS if filled.get(key) not in (None, "", [])}
    return data | {key: int(data[key]) for key in (CONF_MIN_INTERVAL, CONF_DAILY_LIMIT)}


def settings_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that a widget's data has, to fill in the section."""
    return {key: data[key] for key in _SETTINGS if key in data}


def _number(unit: str | None = None) -> NumberSelector:
    config = NumberSelectorConfig(mode=NumberSelectorMode.BOX)
    return NumberSelector(config | {"unit_of_measurement": unit} if unit else config)


def _choice(key: str, *options: str) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(options=list(options), translation_key=key, mode=SelectSelectorMode.DROPDOWN)
    )
