"""Writes a state or an attribute as people read it."""

from collections.abc import Mapping
from typing import Any

from homeassistant.components.sensor import async_rounded_state
from homeassistant.const import ATTR_DEVICE_CLASS, ATTR_UNIT_OF_MEASUREMENT, STATE_OFF, STATE_ON, Platform
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers.translation import async_translate_state, async_translate_state_attr
from homeassistant.util import dt as dt_util

from .attribute_unit import shown_unit
from .entity_facts import translation_keys
from .number_format import written_number
from .origin import finite, quantity
from .quantity_text import duration_text, power_text
from .source import EntitySource
from .time_format import short_time

# More decimals of an attribute come from the arithmetic of floating point numbers.
_DIGITS = 10


@callback
def state_text(hass: HomeAssistant, source: EntitySource, state: State) -> str:
    """Return a state, with the decimals and the unit of its source."""
    if state.domain in (Platform.TIME, "input_datetime") and (clock := dt_util.parse_time(state.state)) is not None:
        return short_time(hass, clock)
    if (translated := state_in_words(hass, state)) != state.state:
        return translated
    if is_rewritten(source) and (written := duration_text(state) or power_text(hass, state)) is not None:
        return written
    text = async_rounded_state(hass, state.entity_id, state) if state.domain == Platform.SENSOR else state.state
    # A state that is not a quantity may be a code or a version with a point.
    text = _rounded(source, text, state.state)
    text = text if quantity(hass, state) is None else written_number(hass, text)
    return _with_unit(source, text, state.attributes.get(ATTR_UNIT_OF_MEASUREMENT))


def is_rewritten(source: EntitySource) -> bool:
    """Return whether a quantity may be shown in another unit: not if a person has chosen how it is written."""
    return source.attribute is None and source.decimals is None and source.unit


@callback
def state_in_words(hass: HomeAssistant, state: State, value: str | None = None) -> str:
    """Return a state in the language of Home Assistant; `value` is another state of the same entity."""
    return async_translate_state(hass, value or state.state, *_translation_keys(hass, state))


@callback
def attribute_text(hass: HomeAssistant, source: EntitySource, state: State, value: Any) -> str:
    """Return an attribute; one that is not there at the moment says nothing."""
    name = source.attribute or ""
    if isinstance(value, list | tuple | set | frozenset):
        texts = [attribute_text(hass, source, state, item) for item in value]
        return ", ".join([text for text in texts if text])
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, bool):
        return async_translate_state(hass, STATE_ON if value else STATE_OFF, Platform.BINARY_SENSOR, None, None, None)
    if finite(value) is not None:
        text = str(round(value, _DIGITS)) if isinstance(value, float) else str(value)
        text = _rounded(source, text, value)
        text = written_number(hass, text) if isinstance(value, int | float) else text
        return _with_unit(source, text, shown_unit(hass, state.domain, name, state.attributes))
    return async_translate_state_attr(hass, str(value), *_translation_keys(hass, state), name) if value != "" else ""


def _rounded(source: EntitySource, text: str, value: Any) -> str:
    if source.decimals is None or (found := finite(value)) is None:
        return text
    return f"{found:z.{source.decimals}f}"


def _with_unit(source: EntitySource, text: str, unit: str | None) -> str:
    return f"{text} {unit}" if unit and source.unit else text


@callback
def _translation_keys(hass: HomeAssistant, state: State) -> tuple[str, str | None, str | None, str | None]:
    return translation_keys(hass, state.entity_id, state.attributes.get(ATTR_DEVICE_CLASS))
