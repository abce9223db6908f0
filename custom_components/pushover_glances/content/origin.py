"""Finds out which numbers and words of Home Assistant the value of a field is made of."""

from collections.abc import Collection, Iterator, Mapping
import math
import re
from typing import Any

from homeassistant.components.sensor.const import ATTR_STATE_CLASS, NON_NUMERIC_DEVICE_CLASSES, SensorDeviceClass
from homeassistant.const import (
    ATTR_DEVICE_CLASS,
    ATTR_SUPPORTED_FEATURES,
    ATTR_UNIT_OF_MEASUREMENT,
    PERCENTAGE,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    Platform,
)
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.template.render_info import RenderInfo

from ..planner import Number, Origin, Shown
from ..pushover import Field

_NUMBER_DOMAINS = frozenset({Platform.NUMBER, "counter", "input_number"})
_NUMBER_CLASSES = set(SensorDeviceClass) - NON_NUMERIC_DEVICE_CLASSES
# Which attributes are temperatures and percentages: Home Assistant names no unit for most attributes.
_TEMPERATURES = ("temperature", "temp_", "dew_point")
_PERCENTAGES = ("battery", "cloud_coverage", "humidity", "percentage", "position")
_DIGIT = re.compile(r"\d")
_SHOWN = re.compile(r"(\d+)(?:[.,](\d+))?")
_PRECISIONS = ("display_precision", "suggested_display_precision")


@callback
def origins_of(
    hass: HomeAssistant, infos: Mapping[Field, RenderInfo], values: Shown, also: Collection[str] = ()
) -> dict[Field, Origin]:
    """Return what rendered values are made of; `also` are more entities that they depend on.

    Of a value without a digit nothing needs to be known, because any difference counts, unless it depends on the time.
    """
    return {
        name: _origin_of(hass, info, str(values[name]), also)
        for name, info in infos.items()
        if info.has_time or _DIGIT.search(str(values[name]))
    }


def _origin_of(hass: HomeAssistant, info: RenderInfo, text: str, also: Collection[str]) -> Origin:
    numbers: dict[str, Number] = {}
    words: dict[str, str] = {}
    for state in _states(hass, info, also):
        if state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
            continue
        if (number := _number(hass, state)) is None:
            words[state.entity_id] = state.state
        else:
            numbers[state.entity_id] = number
        # Templates over a domain seldom use attributes, and there may be thousands.
        if state.entity_id in info.entities or state.entity_id in also:
            _add_attributes(hass, state, text, numbers, words, only_shown=info.has_time)
    return Origin(numbers, words)


def _add_attributes(
    hass: HomeAssistant,
    state: State,
    text: str,
    numbers: dict[str, Number],
    words: dict[str, str],
    *,
    only_shown: bool,
) -> None:
    """Add the attributes that are numbers, and the words with digits that the text shows.

    `only_shown` leaves out the numbers that the text does not show: those that change all the time, such as the quality
    of a radio link, would make the minutes beside them count.
    """
    for key, attribute in state.attributes.items():
        if isinstance(attribute, str):
            if attribute in text and _DIGIT.search(attribute):
                words[f"{state.entity_id} {key}"] = attribute
        elif (
            isinstance(attribute, int | float)
            and not isinstance(attribute, bool)
            and key != ATTR_SUPPORTED_FEATURES
            and (value := _finite(attribute)) is not None
            and not (only_shown and not _shows(text, value))
        ):
            numbers[f"{state.entity_id} {key}"] = Number(value, _unit_of(hass, key, state.attributes))


def _shows(text: str, number: float) -> bool:
    """Return whether a text shows a number, however it was rounded."""
    return any(
        abs(abs(number) - float(f"{found[1]}.{found[2] or ''}")) < 10.0 ** -len(found[2] or "")
        for found in _SHOWN.finditer(text)
    )


def _states(hass: HomeAssistant, info: RenderInfo, also: Collection[str]) -> Iterator[State]:
    for entity_id in {*info.entities, *also}:
        if (state := hass.states.get(entity_id)) is not None:
            yield state
    if info.domains:
        yield from hass.states.async_all(info.domains)


def _number(hass: HomeAssistant, state: State) -> Number | None:
    """Return the state as a quantity: one with a unit, a state class, or the domain or device class of numbers."""
    attributes = state.attributes
    unit = attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    precision = _precision(hass, state.entity_id)
    if (
        unit is None
        and precision is None
        and ATTR_STATE_CLASS not in attributes
        and state.domain not in _NUMBER_DOMAINS
        and attributes.get(ATTR_DEVICE_CLASS) not in _NUMBER_CLASSES
    ):
        return None
    if (value := _finite(state.state)) is None:
        return None
    return Number(value, unit, 0.0 if precision is None else 10.0**-precision)


def _finite(value: str | float) -> float | None:
    try:
        number = float(value)
    except ValueError, OverflowError:
        return None
    return number if math.isfinite(number) else None


def _precision(hass: HomeAssistant, entity_id: str) -> int | None:
    """Return how many decimals Home Assistant displays of a sensor, as its `states` with `rounded` does."""
    if (entry := er.async_get(hass).async_get(entity_id)) is None:
        return None
    options: Mapping[str, Any] = entry.options.get(Platform.SENSOR, {})
    return next((found for key in _PRECISIONS if (found := options.get(key)) is not None), None)


def _unit_of(hass: HomeAssistant, key: str, attributes: Mapping[str, Any]) -> str | None:
    if (unit := attributes.get(f"{key}_unit")) is not None:
        return str(unit)
    if any(part in key for part in _TEMPERATURES):
        return str(attributes.get("temperature_unit", hass.config.units.temperature_unit))
    return PERCENTAGE if any(part in key for part in _PERCENTAGES) else None
