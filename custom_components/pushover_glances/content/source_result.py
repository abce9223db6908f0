"""Renders the source of a field: a template by Home Assistant, a text as it is, an entity as people read it."""

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any

from homeassistant.components.sensor import async_rounded_state
from homeassistant.const import ATTR_DEVICE_CLASS, ATTR_UNIT_OF_MEASUREMENT, PERCENTAGE, STATE_OFF, STATE_ON, Platform
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.template import Template
from homeassistant.helpers.translation import async_translate_state, async_translate_state_attr
from homeassistant.util import dt as dt_util

from ..planner import Number, Origin
from ..pushover import NUMBER_FIELDS, Field
from .entity_facts import entity_facts
from .no_value import NO_STATE
from .origin import attribute_unit, finite, quantity
from .rendering import Rendered, SourceResult, raw_state, render
from .source import EntitySource, Source, TemplateSource, TextSource
from .time_format import local_moment, short_moment, short_time

_FULL = 100


@callback
def result_of(hass: HomeAssistant, name: Field, source: Source) -> Callable[[], Rendered]:
    """Return the function that renders the source of a field."""
    match source:
        case TemplateSource():
            return partial(render, Template(source.template, hass))
        case TextSource():
            return partial(SourceResult, text=source.text)
        case EntitySource():
            return partial(_entity, hass, name, source)


@callback
def _entity(hass: HomeAssistant, name: Field, source: EntitySource) -> SourceResult:
    entities = frozenset({source.entity_id})
    state = hass.states.get(source.entity_id)
    if state is None or state.state in NO_STATE:
        return SourceResult(text=raw_state(hass, source.entity_id), entities=entities, has_value=False)
    value = state.state if source.attribute is None else state.attributes.get(source.attribute)
    number = finite(value)
    moment = local_moment(value)
    if name in NUMBER_FIELDS and number is not None:
        text = str(value) if source.range is None else str(_percent(number, *source.range))
    else:
        text = _written(hass, source, state, value) if moment is None else short_moment(hass, moment)
        if source.name and text:
            text = f"{entity_facts(hass, source.entity_id).name} {text}"
    return SourceResult(
        text=text,
        entities=entities,
        has_time=moment is not None,
        has_value=name not in NUMBER_FIELDS or value is not None,
        origin=_origin(hass, source, state, value),
    )


def _percent(number: float, low: float, high: float) -> int:
    """Return the position of a number between two others, as a percent."""
    return round(min(max((number - low) / (high - low), 0), 1) * _FULL)


def _origin(hass: HomeAssistant, source: EntitySource, state: State, value: Any) -> Origin:
    """Return the state or the attribute itself: a quantity, or else words."""
    key = state.entity_id if source.attribute is None else f"{state.entity_id} {source.attribute}"
    if (found := _quantity(hass, source, state, value)) is None:
        return Origin(words={key: str(value)}, is_complete=True)
    if source.range is not None:
        found = Number(_percent(found.value, *source.range), PERCENTAGE)
    return Origin({key: found}, is_complete=True)


def _quantity(hass: HomeAssistant, source: EntitySource, state: State, value: Any) -> Number | None:
    if source.attribute is None:
        return quantity(hass, state)
    if not isinstance(value, int | float) or (number := finite(value)) is None:
        return None
    return Number(number, attribute_unit(hass, source.attribute, state.attributes))


def _written(hass: HomeAssistant, source: EntitySource, state: State, value: Any) -> str:
    """Return a state or an attribute as people read it."""
    return _state_text(hass, source, state) if source.attribute is None else _attribute_text(hass, source, state, value)


def _state_text(hass: HomeAssistant, source: EntitySource, state: State) -> str:
    if state.domain in (Platform.TIME, "input_datetime") and (clock := dt_util.parse_time(state.state)) is not None:
        return short_time(hass, clock)
    translated = async_translate_state(hass, state.state, *_translation_keys(hass, state))
    if translated != state.state:
        return translated
    text = async_rounded_state(hass, state.entity_id, state) if state.domain == Platform.SENSOR else state.state
    return _with_unit(source, text, state.state, state.attributes.get(ATTR_UNIT_OF_MEASUREMENT))


def _attribute_text(hass: HomeAssistant, source: EntitySource, state: State, value: Any) -> str:
    """Return an attribute; one that is not there at the moment says nothing."""
    name = source.attribute or ""
    if value is None:
        return ""
    if isinstance(value, list | tuple | set):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return async_translate_state(hass, STATE_ON if value else STATE_OFF, Platform.BINARY_SENSOR, None, None, None)
    if isinstance(value, str | Enum):
        return async_translate_state_attr(hass, str(value), *_translation_keys(hass, state), name)
    return _with_unit(source, str(value), value, attribute_unit(hass, name, state.attributes))


def _with_unit(source: EntitySource, text: str, value: Any, unit: str | None) -> str:
    if source.decimals is not None and (number := finite(value)) is not None:
        text = f"{number:z.{source.decimals}f}"
    return f"{text} {unit}" if unit and source.unit else text


def _translation_keys(hass: HomeAssistant, state: State) -> tuple[str, str | None, str | None, str | None]:
    """Return what a translation is looked up by: domain, platform, translation key and device class."""
    entry = er.async_get(hass).async_get(state.entity_id)
    platform, key = (None, None) if entry is None else (entry.platform, entry.translation_key)
    return state.domain, platform, key, state.attributes.get(ATTR_DEVICE_CLASS)
