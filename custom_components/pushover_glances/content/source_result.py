"""Renders the source of a field: a template by Home Assistant, a text as it is, an entity as people read it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from homeassistant.components.sensor import async_rounded_state
from homeassistant.const import (
    ATTR_DEVICE_CLASS,
    ATTR_UNIT_OF_MEASUREMENT,
    PERCENTAGE,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    Platform,
)
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers.template import Template
from homeassistant.helpers.translation import async_translate_state, async_translate_state_attr
from homeassistant.util import dt as dt_util

from ..planner import Number, Origin
from ..pushover import NUMBER_FIELDS, Field, number
from .attribute_unit import shown_unit
from .entity_facts import entity_facts, translation_keys
from .no_value import NO_STATE
from .origin import attribute_unit, finite, quantity
from .rendering import Rendered, SourceResult, raw_state, render
from .source import EntitySource, Source, TemplateSource, TextSource
from .time_format import is_over, local_moment, short_moment, short_time

_FULL = 100
# More decimals of an attribute come from the arithmetic of floating point numbers.
_DIGITS = 10


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
    value = _value(source, state)
    if state is None or value is None:
        return SourceResult(text=raw_state(hass, source.entity_id), entities=entities, has_value=False)
    if name in NUMBER_FIELDS:
        return SourceResult(
            text=_number_text(source, value), entities=entities, origin=_origin(hass, source, state, value)
        )
    moment = local_moment(value)
    text = _written(hass, source, state, value) if moment is None else short_moment(hass, moment)
    if source.name and text:
        text = f"{entity_facts(hass, source.entity_id).name} {text}"
    # "23:00" of what is over would be taken for the evening to come on the next day, so that change counts.
    shown = f"{value} {text}" if moment is not None and is_over(moment) else value
    origin = _origin(hass, source, state, shown)
    return SourceResult(text=text, entities=entities, has_time=moment is not None, origin=origin)


def _value(source: EntitySource, state: State | None) -> Any:
    """Return the state or the attribute; `None` if it has no value, and "" if the attribute is not there at the moment.

    Entities such as a water heater may have attributes while their state is unknown.
    """
    if state is None or state.state == STATE_UNAVAILABLE:
        return None
    if source.attribute is None:
        return None if state.state in NO_STATE else state.state
    value = state.attributes.get(source.attribute)
    return ("" if state.state not in NO_STATE else None) if value is None else value


def _number_text(source: EntitySource, value: Any) -> str:
    """Return what a number field reads; a text without a number stays as it is."""
    found = number(value)
    return str(value) if found is None or source.range is None else str(_percent(found, *source.range))


def _percent(value: float, low: float, high: float) -> int:
    """Return the position of a number between two others, as a percent."""
    return round(min(max((value - low) / (high - low), 0), 1) * _FULL)


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
    if not isinstance(value, int | float) or (found := finite(value)) is None:
        return None
    return Number(found, attribute_unit(hass, source.attribute, state.attributes))


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
    if isinstance(value, list | tuple | set | frozenset):
        texts = [_attribute_text(hass, source, state, item) for item in value]
        return ", ".join([text for text in texts if text])
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, bool):
        return async_translate_state(hass, STATE_ON if value else STATE_OFF, Platform.BINARY_SENSOR, None, None, None)
    if finite(value) is not None:
        text = str(round(value, _DIGITS)) if isinstance(value, float) else str(value)
        return _with_unit(source, text, value, shown_unit(hass, state.domain, name, state.attributes))
    return async_translate_state_attr(hass, str(value), *_translation_keys(hass, state), name) if value != "" else ""


def _with_unit(source: EntitySource, text: str, value: Any, unit: str | None) -> str:
    if source.decimals is not None and (found := finite(value)) is not None:
        text = f"{found:z.{source.decimals}f}"
    return f"{text} {unit}" if unit and source.unit else text


@callback
def _translation_keys(hass: HomeAssistant, state: State) -> tuple[str, str | None, str | None, str | None]:
    return translation_keys(hass, state.entity_id, state.attributes.get(ATTR_DEVICE_CLASS))
