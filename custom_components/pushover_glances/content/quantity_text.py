"""Writes durations and powers as people read them: "38 min", "1 h 20", "2.3 kW"."""

from homeassistant.components.sensor.const import SensorDeviceClass
from homeassistant.const import ATTR_DEVICE_CLASS, ATTR_UNIT_OF_MEASUREMENT, UnitOfPower, UnitOfTime
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.util.unit_conversion import DurationConverter

from ..planner import Number
from .number_format import written_number
from .origin import finite

_MINUTE = 60
_HOUR = 60
_DAY = 24 * _HOUR
_KILO = 1000
# Of a duration, a difference below this share is not worth an update, as of any other quantity (planner/significance.py).
_SHARE = 0.03


def duration_text(state: State) -> str | None:
    """Return a duration as "45 s", "38 min", "1 h 20" or "2 d 3 h"; `None` if the state is none."""
    if (seconds := _seconds(state)) is None:
        return None
    if 0 < (whole := round(seconds)) < _MINUTE:
        return f"{whole} s"
    minutes = _minutes(seconds)
    if minutes < _HOUR:
        return f"{minutes} min"
    days, hours = divmod(minutes // _HOUR, _DAY // _HOUR)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    rest = minutes % _HOUR
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def duration_numbers(state: State) -> dict[str, Number]:
    """Return the minutes that the text of a duration shows, with the smallest difference of them that counts."""
    if (seconds := _seconds(state)) is None:
        return {}
    minutes = _minutes(seconds)
    step = max(_SHARE * minutes, 1.0)
    return {f"{state.entity_id} minutes": Number(minutes % _HOUR, UnitOfTime.MINUTES, step)}


@callback
def power_text(hass: HomeAssistant, state: State) -> str | None:
    """Return a power of a thousand watts and more as "2.3 kW"; `None` for any other state."""
    attributes = state.attributes
    is_power = attributes.get(ATTR_DEVICE_CLASS) == SensorDeviceClass.POWER
    watts = finite(state.state) if is_power and attributes.get(ATTR_UNIT_OF_MEASUREMENT) == UnitOfPower.WATT else None
    if watts is None or abs(watts) < _KILO:
        return None
    return f"{written_number(hass, f'{watts / _KILO:.1f}')} {UnitOfPower.KILO_WATT}"


def _seconds(state: State) -> float | None:
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    is_duration = state.attributes.get(ATTR_DEVICE_CLASS) == SensorDeviceClass.DURATION
    if not is_duration or unit not in DurationConverter.VALID_UNITS:
        return None
    if (value := finite(state.state)) is None or value < 0:
        return None
    return DurationConverter.convert(value, unit, UnitOfTime.SECONDS)


def _minutes(seconds: float) -> int:
    return round(seconds / _MINUTE)
