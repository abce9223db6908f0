"""Renders the source of a field: a template by Home Assistant, a text as it is, an entity as people read it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, PERCENTAGE, STATE_UNAVAILABLE, Platform
from homeassistant.core import HomeAssistant, State, callback, split_entity_id
from homeassistant.helpers.template import Template
from homeassistant.helpers.translation import async_get_cached_translations

from ..planner import Number, Origin
from ..pushover import FIELDS, NUMBER_FIELDS, Field, number
from .attribute_unit import shown_value
from .details import DETAILS, Read
from .entity_facts import EntityFacts, entity_facts
from .group_details import name_of_several
from .last_states import known_states
from .no_value import NO_STATE
from .origin import attribute_unit, finite, quantity
from .quantity_text import duration_numbers
from .rendering import RenderResult, SourceResult, existing, raw_state, render
from .source import EntitySource, Source, TemplateSource, TextSource
from .state_text import attribute_text, is_rewritten, state_text
from .target_details import target_result
from .time_format import is_near, is_over, local_moment, short_moment

_FULL = 100


@callback
def result_of(hass: HomeAssistant, name: Field, source: Source) -> Callable[[], RenderResult]:
    """Return the function that renders the source of a field."""
    match source:
        case TemplateSource():
            return partial(render, Template(source.template, hass))
        case TextSource():
            return partial(SourceResult, text=source.text)
        case EntitySource():
            return partial(source_result, hass, name, source)


@callback
def source_result(hass: HomeAssistant, name: Field, source: EntitySource) -> SourceResult:
    """Return what a source says: its detail, if it has one, or else its entities one after another."""
    if source.target is not None:
        return target_result(hass, name, source.target, source.detail or "")
    # A later version may have more details.
    detail = None if source.detail is None else DETAILS.get(source.detail)
    if detail is not None and (read := detail.reader(name)) is not None:
        return _named(hass, source, _detail(hass, name, source, read))
    if len(source.entity_ids) == 1:
        return _entity(hass, name, source, hass.states.get(source.entity_ids[0]))
    return _several(hass, name, source)


def _one_of_several(source: EntitySource, entity_id: str) -> EntitySource:
    """Return the source of one entity, with its name; of a calendar, the event, because its state is only on or off."""
    if source.attribute is None and split_entity_id(entity_id)[0] == Platform.CALENDAR:
        return replace(source, entity_id=entity_id, detail="event_and_start", name=False)
    return replace(source, entity_id=entity_id, detail=None, name=True)


@callback
def _detail(hass: HomeAssistant, name: Field, source: EntitySource, read: Read) -> SourceResult:
    entities = frozenset(source.entity_ids)
    states = [hass.states.get(entity_id) or _missing(entity_id) for entity_id in source.entity_ids]
    if all(state.state == STATE_UNAVAILABLE for state in states):
        return SourceResult(text="", entities=entities, has_value=False)
    result = read(hass, states)
    result = replace(result, entities=result.entities | entities)
    return _in_range(source, result) if name in NUMBER_FIELDS and source.range is not None else result


def _missing(entity_id: str) -> State:
    """Return what stands for the state of an entity that does not exist."""
    return State(entity_id, STATE_UNAVAILABLE, validate_entity_id=False)


def _in_range(source: EntitySource, result: SourceResult) -> SourceResult:
    """Return a number between two others as a percent."""
    if (found := number(result.text)) is None or source.range is None:
        return result
    percent = _percent(found, *source.range)
    origin = Origin({key: Number(percent, PERCENTAGE) for key in result.origin.numbers}, is_complete=True)
    return replace(result, text=str(percent), origin=origin)


@callback
def _several(hass: HomeAssistant, name: Field, source: EntitySource) -> SourceResult:
    """Return what several entities say, each by its last state while it has had none for a short time."""
    known = known_states(hass, source.entity_ids)
    last = {state.entity_id: state for state in known.states}
    results = list[SourceResult]()
    for entity_id in source.entity_ids:
        one = _one_of_several(source, entity_id)
        result = source_result(hass, name, one)
        if not result.has_value and known.is_there:
            if entity_id in last and one.detail is None:
                result = _entity(hass, name, one, last[entity_id])
            elif entity_id in known.unknown and name not in NUMBER_FIELDS:
                text = f"{entity_facts(hass, entity_id).name}: {FIELDS[name].no_value}"
                result = replace(result, text=text, has_value=True)
        results.append(result)
    if name in NUMBER_FIELDS:
        result = next((result for result in results if result.has_value), results[0])
    else:
        result = _joined(results)
    return replace(result, is_partial=result.is_partial or known.is_partial, until=known.until)


def _joined(results: Sequence[SourceResult]) -> SourceResult:
    """Return what several entities say, as far as they say something."""
    said = [result for result in results if result.has_value and result.text]
    numbers = {key: item for result in said for key, item in result.origin.numbers.items()}
    words = {key: item for result in said for key, item in result.origin.words.items()}
    return SourceResult(
        text=", ".join([result.text for result in said]),
        entities=frozenset[str]().union(*[result.entities for result in results]),
        has_time=any(result.has_time for result in results),
        has_value=any(result.has_value for result in results),
        is_partial=not all(result.has_value for result in results),
        origin=Origin(numbers, words, is_complete=True),
    )


@callback
def _named(hass: HomeAssistant, source: EntitySource, result: SourceResult) -> SourceResult:
    """Return a result with the name of its entity before it."""
    if not source.name or not result.text or not result.has_value:
        return result
    is_one = len(source.entity_ids) == 1
    facts = entity_facts(hass, source.entity_ids[0])
    name = _short_name(hass, facts) if is_one else name_of_several(hass, existing(hass, source.entity_ids))
    return result if not name else replace(result, text=f"{name}{colon_before(result)} {result.text}")


@callback
def _short_name(hass: HomeAssistant, facts: EntityFacts) -> str:
    """Return a name without the quantity at its end, as in "Living room temperature", where the unit tells it."""
    unit = facts.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    if facts.domain != Platform.SENSOR or unit is None or facts.is_percentage:
        return facts.name
    texts = async_get_cached_translations(hass, hass.config.language, "entity_component", Platform.SENSOR)
    quantity_name = texts.get(f"component.sensor.entity_component.{facts.device_class}.name", "")
    room = facts.name[: -len(quantity_name)].rstrip() if quantity_name else ""
    return room if room and facts.name.casefold() == f"{room} {quantity_name}".casefold() else facts.name


def colon_before(result: SourceResult) -> str:
    """Return what stands between a name and a result: a number follows at once, words and counts after a colon."""
    return "" if result.origin.numbers or finite(result.text) is not None else ":"


@callback
def _entity(hass: HomeAssistant, name: Field, source: EntitySource, state: State | None) -> SourceResult:
    """Return what the state or an attribute of one entity says."""
    entity_id = source.entity_ids[0]
    entities = frozenset({entity_id})
    value = _value(source, state)
    if state is None or value is None:
        return SourceResult(text=raw_state(hass, entity_id), entities=entities, has_value=False)
    if name in NUMBER_FIELDS:
        return SourceResult(
            text=_number_text(source, value), entities=entities, origin=_origin(hass, source, state, value)
        )
    moment = local_moment(value)
    text = _written(hass, source, state, value) if moment is None else short_moment(hass, moment)
    # "23:00" of what is over would be taken for the evening to come on the next day, and "Tomorrow" is not true then, so
    # that change counts.
    shown = f"{value} {text}" if moment is not None and (is_over(hass, moment) or is_near(hass, moment)) else value
    origin = _origin(hass, source, state, shown)
    if is_rewritten(source):
        origin = replace(origin, numbers={**origin.numbers, **duration_numbers(state)})
    result = SourceResult(text=text, entities=entities, has_time=moment is not None, origin=origin)
    return _named(hass, source, result)


def _value(source: EntitySource, state: State | None) -> Any:
    """Return the state or the attribute; `None` if it has no value, and "" if the attribute is not there at the moment.

    Entities such as a water heater may have attributes while their state is unknown.
    """
    if state is None or state.state == STATE_UNAVAILABLE:
        return None
    if source.attribute is None:
        return None if state.state in NO_STATE else state.state
    value = state.attributes.get(source.attribute)
    if value is None:
        return "" if state.state not in NO_STATE else None
    return shown_value(state.domain, source.attribute, value)


@callback
def _written(hass: HomeAssistant, source: EntitySource, state: State, value: Any) -> str:
    return state_text(hass, source, state) if source.attribute is None else attribute_text(hass, source, state, value)


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
