"""Details of one entity, each as a function of its state."""

from collections.abc import Sequence

from homeassistant.components.climate.const import ATTR_CURRENT_TEMPERATURE
from homeassistant.components.humidifier.const import ATTR_CURRENT_HUMIDITY, ATTR_HUMIDITY
from homeassistant.components.sensor.const import SensorDeviceClass
from homeassistant.components.weather.const import ATTR_WEATHER_TEMPERATURE
from homeassistant.const import ATTR_TEMPERATURE, PERCENTAGE, STATE_OFF, Platform
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.translation import async_get_cached_translations

from ..planner import Number
from .attribute_unit import percent_of_whole
from .detail_result import no_value, said
from .no_value import NO_STATE
from .number_format import written_number
from .origin import attribute_unit, finite
from .rendering import SourceResult, raw_state
from .state_text import state_in_words
from .texts import filled_text

_BRIGHTNESS = "brightness"
_FULL = 100.0
# Attributes with the temperature or the humidity that is set, or with both ends of a range.
_WANTED = (ATTR_TEMPERATURE, ATTR_HUMIDITY)
_LOWEST, _HIGHEST = "target_temp_low", "target_temp_high"
_BATTERY_LEVEL = "battery_level"
_TO = "\N{EN DASH}"


@callback
def temperature_and_condition(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return "7° Partly cloudy" of a weather entity."""
    state = states[0]
    if state.state in NO_STATE:
        return no_value(states)
    condition, words = state_in_words(hass, state), {state.entity_id: state.state}
    if (temperature := finite(state.attributes.get(ATTR_WEATHER_TEMPERATURE))) is None:
        return said(states, condition, words=words)
    numbers = _number(hass, state, ATTR_WEATHER_TEMPERATURE, temperature)
    return said(states, f"{temperature:z.0f}° {condition}", numbers=numbers, words=words)


@callback
def measured_and_wanted(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return "23 → 21°" of a thermostat, or "48 → 55 %" of a humidifier, as far as it has these values."""
    state = states[0]
    is_humidity = state.domain == Platform.HUMIDIFIER
    key = ATTR_CURRENT_HUMIDITY if is_humidity else ATTR_CURRENT_TEMPERATURE
    measured, wanted = finite(state.attributes.get(key)), _wanted(hass, state)
    if measured is None and not wanted:
        return no_value(states) if state.state in NO_STATE else said(states, state_in_words(hass, state))
    values = [] if measured is None else [_short(hass, measured)]
    text = " → ".join([*values, *([wanted] if wanted else [])])
    numbers = {} if measured is None else _number(hass, state, key, measured)
    # What a person has set counts, however small the difference is.
    words = {f"{state.entity_id} {item}": part for item, part in enumerate(wanted.split(_TO))}
    return said(states, f"{text} {PERCENTAGE}" if is_humidity else f"{text}°", numbers=numbers, words=words)


@callback
def _wanted(hass: HomeAssistant, state: State) -> str:
    """Return what is set: a value, a range, or nothing."""
    found = [finite(state.attributes.get(key)) for key in _WANTED]
    single = next((value for value in found if value is not None), None)
    low, high = (finite(state.attributes.get(key)) for key in (_LOWEST, _HIGHEST))
    if single is None and low is not None and high is not None:
        return f"{_short(hass, low)}{_TO}{_short(hass, high)}"
    return "" if single is None else _short(hass, single)


@callback
def battery(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return "Battery 85 %" of an entity, or of the device that it belongs to."""
    state = states[0]
    if (level := finite(state.attributes.get(_BATTERY_LEVEL))) is not None:
        return _battery(hass, states, f"{state.entity_id} {_BATTERY_LEVEL}", level)
    if (sensor := battery_of(hass, state.entity_id)) is None:
        return no_value(states)
    found = hass.states.get(sensor)
    level = None if found is None else finite(found.state)
    made_of = states if found is None else [*states, found]
    return no_value(made_of) if level is None else _battery(hass, made_of, sensor, level)


def _battery(hass: HomeAssistant, states: Sequence[State], key: str, level: float) -> SourceResult:
    texts = async_get_cached_translations(hass, hass.config.language, "entity_component", Platform.SENSOR)
    name = texts.get("component.sensor.entity_component.battery.name", "")
    return said(states, f"{name} {level:z.0f} {PERCENTAGE}".lstrip(), numbers={key: Number(level, PERCENTAGE)})


@callback
def battery_of(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the battery sensor of the device that an entity belongs to."""
    registry = er.async_get(hass)
    entry = registry.async_get(entity_id)
    if entry is None or entry.device_id is None:
        return None
    for other in er.async_entries_for_device(registry, entry.device_id):
        if other.domain == Platform.SENSOR and SensorDeviceClass.BATTERY in (
            other.device_class,
            other.original_device_class,
        ):
            return other.entity_id
    return None


@callback
def brightness(_hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return how bright a light is in percent, 0 if it is off."""
    state = states[0]
    if state.state in NO_STATE:
        return no_value(states)
    value = finite(state.attributes.get(_BRIGHTNESS))
    level = (
        0.0
        if state.state == STATE_OFF
        else _FULL
        if value is None
        else percent_of_whole(state.domain, _BRIGHTNESS, value)
    )
    # A light that is on at all is not shown as off.
    shown = max(round(level), 1) if level else 0
    return said(
        states, f"{shown} {PERCENTAGE}", numbers={f"{state.entity_id} {_BRIGHTNESS}": Number(level, PERCENTAGE)}
    )


@callback
def left_to_do(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return "3 left" of a to-do list."""
    state = states[0]
    if (count := finite(raw_state(hass, state.entity_id))) is None:
        return no_value(states)
    return said(states, filled_text(hass, "left" if count else "all_done", count=f"{count:.0f}"))


def _number(hass: HomeAssistant, state: State, key: str, value: float) -> dict[str, Number]:
    return {f"{state.entity_id} {key}": Number(value, attribute_unit(hass, key, state.attributes))}


@callback
def _short(hass: HomeAssistant, value: float) -> str:
    """Return a number with one decimal at most."""
    return written_number(hass, f"{value:z.1f}".removesuffix(".0"))
