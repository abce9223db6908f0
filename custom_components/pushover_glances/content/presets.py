"""Suggests the fields of a widget for one entity, or for several.

Inline watch faces show the text alone. So where the text is a word or a count, the name of the entity stands before
it, as far as a line has room for both, and the title is the room then, or else the home.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.components.cover.const import CoverDeviceClass
from homeassistant.components.lock.const import LockState
from homeassistant.components.sensor.const import ATTR_OPTIONS
from homeassistant.const import STATE_CLOSED, STATE_HOME, STATE_NOT_HOME, STATE_OFF, STATE_ON, STATE_OPEN, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import area_registry as ar, entity_registry as er
from homeassistant.helpers.template import is_template_string
from homeassistant.helpers.translation import async_get_cached_translations

from ..pushover import NUMBER_FIELDS, Field, shorten
from .counted_text import LINE
from .entity_facts import EntityFacts, entity_facts
from .group_details import OPENINGS, count_texts, name_of_several
from .origin import finite
from .preset_kinds import counted_sources, is_number, sources_of
from .rendering import existing
from .source import EntitySource, Source, TextSource
from .source_result import source_result
from .state_text import state_in_words
from .target import Target
from .target_details import target_details
from .target_name import place_names
from .time_format import short_time

_Binary = BinarySensorDeviceClass
_DOORS = OPENINGS - {_Binary.WINDOW}
_DANGERS = frozenset({_Binary.CO, _Binary.GAS, _Binary.MOISTURE, _Binary.SAFETY, _Binary.SMOKE, _Binary.TAMPER})
# Doors, locks, alarms and dangers: all entities of these domains, and these device classes of other domains.
_URGENT_DOMAINS = frozenset({Platform.ALARM_CONTROL_PANEL, Platform.LOCK})
_URGENT_CLASSES: Mapping[str, frozenset[str]] = {
    Platform.COVER: frozenset({CoverDeviceClass.DOOR, CoverDeviceClass.GARAGE, CoverDeviceClass.GATE}),
    Platform.BINARY_SENSOR: _DOORS | _DANGERS | {_Binary.LOCK},
}
_TWO = 2
# These have no name before their text: it says by itself of what, or has any length, or is a time.
_UNNAMED = frozenset(
    {
        *(Platform.CALENDAR, Platform.MEDIA_PLAYER, Platform.TIME, Platform.UPDATE, Platform.WEATHER),
        *("input_datetime", "sun"),
    }
)
# The states that an entity is nearly always in.
_USUAL = (
    *(STATE_CLOSED, STATE_HOME, STATE_NOT_HOME, STATE_OFF, STATE_ON, STATE_OPEN),
    *(LockState.LOCKED, LockState.UNLOCKED),
)


type Sources = dict[Field, Source]


@dataclass(frozen=True, slots=True)
class Preset:
    """The suggested sources by field, and which entities should be urgent."""

    sources: Sources
    urgent: tuple[str, ...] = ()

    @property
    def time_stamp(self) -> str:
        """Return where the time of the update is shown: in the subtext, if nothing else fills it."""
        return "none" if Field.SUBTEXT in self.sources else Field.SUBTEXT.value


@callback
def preset_for(hass: HomeAssistant, entity_ids: Sequence[str]) -> Preset:
    """Return the suggestions for one to five entities, as far as they are known at the moment."""
    each = [entity_facts(hass, entity_id) for entity_id in entity_ids]
    parts = [_sources_of(hass, group) for group in _grouped(each)]
    return Preset(
        parts[0] if len(parts) == 1 else _in_lines(parts),
        urgent=tuple([facts.entity_id for facts in each if _is_urgent(facts)]),
    )


@callback
def preset_for_target(hass: HomeAssistant, target: Target) -> Preset:
    """Return the suggestions for the entities of a target."""
    places = place_names(hass, target)
    sources: Sources = {
        name: EntitySource(target=target, detail=target_details(name)[0]) for name in Field if name is not Field.TITLE
    }
    title = places[0] if len(places) == 1 else hass.config.location_name
    return Preset({Field.TITLE: TextSource(shorten(title)), **sources})


def static(name: str) -> str:
    """Return a template that renders as this text, whatever characters it contains."""
    text = shorten(name)
    # Jinja reads string escapes in the way that Python writes them.
    return f"{{{{ {text!r} }}}}" if is_template_string(text) else text


def _is_urgent(facts: EntityFacts) -> bool:
    return facts.domain in _URGENT_DOMAINS or facts.device_class in _URGENT_CLASSES.get(facts.domain, ())


def _grouped(each: Iterable[EntityFacts]) -> list[list[EntityFacts]]:
    """Return the entities, with people together, and binary sensors of the same kind."""
    groups: dict[tuple[str, str | None], list[EntityFacts]] = {}
    for facts in each:
        is_person = facts.domain == "person"
        key = (facts.domain, facts.device_class) if facts.domain == Platform.BINARY_SENSOR else (facts.entity_id, None)
        groups.setdefault(("person", None) if is_person else key, []).append(facts)
    return list(groups.values())


@callback
def _sources_of(hass: HomeAssistant, group: Sequence[EntityFacts]) -> Sources:
    """Return the sources for an entity or for entities that are counted together."""
    facts = group[0]
    if len(group) > 1:
        ids = tuple([item.entity_id for item in group])
        name, sources = name_of_several(hass, existing(hass, ids)), counted_sources(ids)
    else:
        name, sources = facts.name, sources_of(hass, facts)
    text, place = sources[Field.TEXT], _place(hass, facts, name)
    is_named = (
        name not in ("", place)
        and _is_word(hass, facts, text)
        and len(f"{name}: {_longest(hass, facts, text)}") <= LINE
    )
    title = TextSource(shorten(place if is_named or not name else name))
    return {Field.TITLE: title, **sources, Field.TEXT: replace(text, name=is_named)}


@callback
def _is_word(hass: HomeAssistant, facts: EntityFacts, text: EntitySource) -> bool:
    """Return whether the text is a word or a count, to which a name can be added."""
    if facts.domain in _UNNAMED:
        return False
    result = source_result(hass, Field.TEXT, text)
    if not result.has_value:
        return not is_number(facts) and facts.domain != Platform.SENSOR
    is_moment = result.has_time and facts.domain != "timer"
    return not is_moment and not result.origin.numbers and finite(result.text) is None


@callback
def _longest(hass: HomeAssistant, facts: EntityFacts, text: EntitySource) -> str:
    """Return the longest text that an entity usually has, as far as it is known."""
    result = source_result(hass, Field.TEXT, text)
    now = result.text if result.has_value else ""
    if text.detail is not None:
        moment = [short_time(hass, time(22))] if text.detail == "finish_time" else []
        counts = count_texts(hass, existing(hass, text.entity_ids)) if text.detail == "how_many" else []
        return max(now, *moment, *counts, "", key=len)
    texts = async_get_cached_translations(hass, hass.config.language, "entity_component", facts.domain)
    path = f"component.{facts.domain}.entity_component.{facts.device_class or '_'}.state"
    usual = [texts.get(f"{path}.{state}", "") for state in _USUAL]
    return max(now, *usual, *_options(hass, facts), key=len)


@callback
def _options(hass: HomeAssistant, facts: EntityFacts) -> list[str]:
    """Return what can be chosen of a select, or what a sensor can say, as people read it."""
    options = facts.attributes.get(ATTR_OPTIONS)
    if not isinstance(options, list | tuple):
        return []
    return [state_in_words(hass, state, str(each)) for state in existing(hass, [facts.entity_id]) for each in options]


@callback
def _place(hass: HomeAssistant, facts: EntityFacts, name: str) -> str:
    """Return the area of an entity, or the home if it has none, or one that is called like the entity."""
    entry = er.async_get(hass).async_get(facts.entity_id)
    area_id = None if entry is None else er.async_get_effective_area_id(hass, entry)
    area = None if area_id is None else ar.async_get(hass).async_get_area(area_id)
    return hass.config.location_name if area is None or area.name == name else area.name


def _in_lines(parts: Sequence[Sources]) -> Sources:
    """Return a line for each entity: two of them fill the lines as one does, and the second stands below."""
    named = [_line(sources) for sources in parts]
    if len(parts) == _TWO:
        lines = {Field.TITLE: parts[0][Field.TITLE], Field.TEXT: parts[0][Field.TEXT], Field.SUBTEXT: named[1]}
    else:
        lines = {Field.TITLE: named[0], Field.TEXT: named[1], Field.SUBTEXT: _together(named[2:])}
    for field in NUMBER_FIELDS:
        if (first := next((sources[field] for sources in parts if field in sources), None)) is not None:
            lines[field] = first
    return lines


def _line(sources: Sources) -> Source:
    """Return the line of one entity among others: its text with its name, unless that says by itself of what."""
    text = sources[Field.TEXT]
    if not isinstance(text, EntitySource):
        return text
    if text.entity_ids[0].partition(".")[0] not in _UNNAMED:
        return replace(text, name=True)
    # Of a calendar, also the event.
    return replace(text, detail="event_and_start") if text.detail == "event_start" else text


def _together(lines: Sequence[Source]) -> Source:
    """Return one line, or the names and states of the entities of several."""
    if len(lines) == 1:
        return lines[0]
    ids = [entity_id for line in lines if isinstance(line, EntitySource) for entity_id in line.entity_ids]
    return EntitySource(entity_id=tuple(ids))
