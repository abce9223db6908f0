"""The unit and the value in which an attribute is shown, as Home Assistant's frontend shows them."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import DEGREE, PERCENTAGE, Platform, UnitOfTemperature
from homeassistant.core import HomeAssistant, callback

from .origin import finite

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
        "max_humidity",
        "min_humidity",
        "percentage",
        "target_humidity_high",
        "target_humidity_low",
    }
)
# Parts of a whole that are shown in percent, with what the whole is.
_WHOLES: Mapping[tuple[str, str | None], int] = {
    (Platform.LIGHT, "brightness"): 255,
    (Platform.MEDIA_PLAYER, "volume_level"): 1,
}
_ANGLES = frozenset({"azimuth", "elevation"})
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
    if key in _ANGLES and domain == "sun":
        return DEGREE
    return PERCENTAGE if key in _PERCENTAGES or is_part(domain, key) else None


def is_part(domain: str, key: str | None) -> bool:
    """Return whether an attribute is a part of a whole, which is shown in percent."""
    return (domain, key) in _WHOLES


def shown_value(domain: str, key: str, value: Any) -> Any:
    """Return the value of an attribute; a part of a whole is a whole number of percent."""
    if not is_part(domain, key) or (part := finite(value)) is None:
        return value
    return round(percent_of_whole(domain, key, part))


def percent_of_whole(domain: str, key: str, part: float) -> float:
    """Return an attribute that is a part of a whole in percent."""
    return 100 * part / _WHOLES[domain, key]
