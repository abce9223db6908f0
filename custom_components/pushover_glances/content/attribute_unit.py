"""The unit in which an attribute is shown, as Home Assistant's frontend shows it."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import PERCENTAGE, Platform, UnitOfTemperature
from homeassistant.core import HomeAssistant, callback

_TEMPERATURE_DOMAINS = frozenset({Platform.CLIMATE, Platform.WATER_HEATER, Platform.WEATHER})
_TEMPERATURES = frozenset(
    {
        "apparent_temperature",
        "current_temperature",
        "dew_point",
        "max_temp",
        "min_temp",
        "target_temp_high",
        "target_temp_low",
        "temperature",
    }
)
_PERCENTAGES = frozenset(
    {
        "battery_level",
        "cloud_coverage",
        "current_humidity",
        "current_position",
        "current_tilt_position",
        "humidity",
        "percentage",
    }
)
_KELVINS = frozenset({"color_temp_kelvin", "max_color_temp_kelvin", "min_color_temp_kelvin"})
# Attributes whose unit is that of another one.
_LIKE: Mapping[str, str] = {"wind_gust_speed": "wind_speed"}


@callback
def shown_unit(hass: HomeAssistant, domain: str, key: str, attributes: Mapping[str, Any]) -> str | None:
    """Return the unit of an attribute; `None` if it has none, or if it is not known for sure."""
    if (unit := attributes.get(f"{_LIKE.get(key, key)}_unit")) is not None:
        return str(unit)
    if key in _TEMPERATURES and domain in _TEMPERATURE_DOMAINS:
        return str(attributes.get("temperature_unit", hass.config.units.temperature_unit))
    if key in _KELVINS:
        return UnitOfTemperature.KELVIN
    return PERCENTAGE if key in _PERCENTAGES else None
