"""Finds out which numbers and words of Home Assistant the value of a field is made of."""

from collections.abc import Collection, Mapping
import math
import re
from typing import Any

from homeassistant.components.sensor.const import ATTR_STATE_CLASS, NON_NUMERIC_DEVICE_CLASSES, SensorDeviceClass
from homeassistant.const import (
    ATTR_DEVICE_CLASS,
    ATTR_SUPPORTED_FEATURES,
    ATTR_UNIT_OF_MEASUREMENT,
    PERCENTAGE,
    Platform,
)
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er

from ..planner import Number, Origin, Shown
from ..pushover import Field
from .no_value import NO_STATE
from .rendering import RenderResult, SourceResult, existing

_NUMBER_DOMAINS = frozenset({Platform.NUMBER, "counter", "input_number"})
_NUMBER_CLASSES = set(SensorDeviceClass) - NON_NUMERIC_DEVICE_CLASSES
# Which attributes are temperatures and percentages: Home Assistant names no unit for most attributes.
_TEMPERATURES = ("temperature", "temp_", "dew_point")
_PERCENTAGES = ("battery", "cloud_coverage", "humidity", "percentage", "position")
_DIGIT = re.compile(r"\d")
_PRECISIONS = ("display_precision", "suggested_display_precision")


@callback
def origins_of(
    hass: HomeAssistant, infos: Mapping[Field, RenderResult], values: Shown, also: Collection[str] = ()
) -> dict[Field, Origin]:
    """Return what rendered values are made of; `also` are more entities that they depend on.

    Of a value without a digit nothing needs to be known, because any difference counts, unless it depends on the time.
    """
    return {
        name: _origin_of(hass, info, str(values[name]), also)
        for name, info in infos.items()
        if info.has_time or _DIGIT.search(str(values[name]))
    }


def _origin_of(hass: HomeAssistant, info: RenderResult, text: str, also: Collection[str]) -> Origin:
    if isinstance(info, SourceResult):
        return info.origin
    numbers: dict[str, Number] = {}
    words: dict[str, str] = {}
    states = existing(hass, {*info.entities, *also})
    if info.domains:
        states += hass.states.async_all(info.domains)
    for state in states:
        if state.state in NO_STATE:
            continue
        if (number := quantity(hass, state)) is None:
            words[state.entity_id] = state.state
        else:
            numbers[state.entity_id] = number
        # Templates over a domain rarely use attributes, and there may be thousands.
        if state.entity_id in info.entities or state.entity_id in also:
            template = info.template.template if info.has_time else None
            _add_attributes(hass, state, text, numbers, words, template=template)
    return Origin(numbers, words)


def _add_attributes(
    hass: HomeAssistant,
    state: State,
    text: str,
    numbers: dict[str, Number],
    words: dict[str, str],
    *,
    template: str | None,
) -> None:
    """Add the attributes that are numbers, and the words with digits that the text shows.

    If the text depends on the time, they are those that the `template` names, whatever they are: a number that changes
    all the time, such as the quality of a radio link, would make the minutes beside it count, and a time of day that
    is computed of an attribute would be taken for the clock.
    """
    for name, attribute in state.attributes.items():
        # Some integrations have names that are no texts.
        key = str(name)
        if template is not None and key not in template:
            continue
        if isinstance(attribute, int | float) and not isinstance(attribute, bool):
            if key != ATTR_SUPPORTED_FEATURES and (value := finite(attribute)) is not None:
                numbers[f"{state.entity_id} {key}"] = Number(value, attribute_unit(hass, key, state.attributes))
        elif template is not None:
            words[f"{state.entity_id} {key}"] = str(attribute)
        elif isinstance(attribute, str) and attribute in text and _DIGIT.search(attribute):
            words[f"{state.entity_id} {key}"] = attribute


@callback
def quantity(hass: HomeAssistant, state: State) -> Number | None:
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
    if (value := finite(state.state)) is None:
        return None
    # Home Assistant displays many a sensor without decimals by default: where they are written, they are meant.
    return Number(value, unit, 10.0**-precision if precision else 0.0)


def finite(value: Any) -> float | None:
    """Return the number that a state or an attribute is, if it is one."""
    # Python takes an underscore for a separator of thousands.
    if isinstance(value, bool) or (isinstance(value, str) and "_" in value):
        return None
    try:
        number = float(value)
    except TypeError, ValueError, OverflowError:
        return None
    return number if math.isfinite(number) else None


def _precision(hass: HomeAssistant, entity_id: str) -> int | None:
    """Return how many decimals Home Assistant displays of a sensor, as its `states` with `rounded` does."""
    if (entry := er.async_get(hass).async_get(entity_id)) is None:
        return None
    options: Mapping[str, Any] = entry.options.get(Platform.SENSOR, {})
    return next((found for key in _PRECISIONS if (found := options.get(key)) is not None), None)


@callback
def attribute_unit(hass: HomeAssistant, key: str, attributes: Mapping[str, Any]) -> str | None:
    """Return the unit of an attribute, if it can be known."""
    if (unit := attributes.get(f"{key}_unit")) is not None:
        return str(unit)
    if any(part in key for part in _TEMPERATURES):
        return str(attributes.get("temperature_unit", hass.config.units.temperature_unit))
    return PERCENTAGE if any(part in key for part in _PERCENTAGES) else None
