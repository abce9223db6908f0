"""Suggests the fields of a widget for one entity.

For a missing state, a template renders the raw state (`unavailable` or `unknown`), by which the field is found to have
no value. It must not fail then, because failing templates are logged.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
import re

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.components.climate.const import ATTR_CURRENT_TEMPERATURE
from homeassistant.components.cover.const import (
    ATTR_CURRENT_POSITION,
    ATTR_CURRENT_TILT_POSITION,
    CoverDeviceClass,
    CoverEntityFeature,
)
from homeassistant.components.number.const import ATTR_MAX, ATTR_MIN
from homeassistant.components.sensor.const import ATTR_STATE_CLASS, NON_NUMERIC_DEVICE_CLASSES, SensorDeviceClass
from homeassistant.components.valve.const import ValveEntityFeature
from homeassistant.components.weather.const import ATTR_WEATHER_TEMPERATURE
from homeassistant.const import (
    ATTR_SUPPORTED_FEATURES,
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_CLOSED,
    STATE_OFF,
    STATE_ON,
    STATE_OPEN,
    Platform,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.template import is_template_string

from ..pushover import NUMBER_FIELDS, Field, shorten
from .entity_facts import EntityFacts, entity_facts
from .no_value import NO_STATE
from .origin import finite
from .source import EntitySource, Source, TemplateSource, TextSource

_Binary = BinarySensorDeviceClass
_PERCENT = NUMBER_FIELDS[Field.PERCENT]

_DOORS = frozenset({_Binary.DOOR, _Binary.GARAGE_DOOR, _Binary.OPENING})
_DANGERS = frozenset({_Binary.CO, _Binary.GAS, _Binary.MOISTURE, _Binary.SAFETY, _Binary.SMOKE, _Binary.TAMPER})
# Doors, locks, alarms and dangers: all entities of these domains, and these device classes of other domains.
_URGENT_DOMAINS = frozenset({Platform.ALARM_CONTROL_PANEL, Platform.LOCK})
_URGENT_CLASSES: Mapping[str, frozenset[str]] = {
    Platform.COVER: frozenset({CoverDeviceClass.DOOR, CoverDeviceClass.GARAGE, CoverDeviceClass.GATE}),
    Platform.BINARY_SENSOR: _DOORS | _DANGERS | {_Binary.LOCK},
}
_SET_POSITION: Mapping[str, int] = {
    Platform.COVER: CoverEntityFeature.SET_POSITION,
    Platform.VALVE: ValveEntityFeature.SET_POSITION,
}
# Only in these domains do the attributes limit the state; in the domain `text`, for example, they limit its length.
_RANGES: Mapping[str, tuple[str, str]] = {
    "counter": ("minimum", "maximum"),
    "input_number": (ATTR_MIN, ATTR_MAX),
    Platform.NUMBER: (ATTR_MIN, ATTR_MAX),
}

# Excludes telephone numbers, codes and versions.
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d{0,5})(\.\d{1,3})?")

type _Sources = dict[Field, Source]


@dataclass(frozen=True, slots=True)
class Preset:
    """The suggested sources by field, which entities should be urgent, and whether the state is a number."""

    sources: _Sources
    urgent: tuple[str, ...] = ()
    is_number: bool = False

    @property
    def takes_range(self) -> bool:
        """Return whether the form asks for a range, from which a percent is calculated."""
        return self.is_number and Field.PERCENT not in self.sources

    @property
    def time_stamp(self) -> str:
        """Return where the time of the update is shown: in the subtext, if nothing else fills it."""
        return "none" if Field.SUBTEXT in self.sources else Field.SUBTEXT.value


@callback
def preset_for(hass: HomeAssistant, entity_ids: Sequence[str]) -> Preset:
    """Return the suggestions for one to five entities, as far as they are known at the moment."""
    entity_id = entity_ids[0]
    facts = entity_facts(hass, entity_id)
    sources: _Sources = {Field.TITLE: TextSource(shorten(facts.name)), **_KINDS.get(facts.domain, _anything)(facts)}
    return Preset(
        sources,
        urgent=tuple([entity_id for entity_id in entity_ids if _is_urgent(entity_facts(hass, entity_id))]),
        is_number=sources.get(Field.COUNT) == EntitySource(entity_id=entity_id),
    )


def _is_urgent(facts: EntityFacts) -> bool:
    return facts.domain in _URGENT_DOMAINS or facts.device_class in _URGENT_CLASSES.get(facts.domain, ())


def static(name: str) -> str:
    """Return a template that renders as this text, whatever characters it contains."""
    text = shorten(name)
    # Jinja reads string escapes in the way that Python writes them.
    return f"{{{{ {text!r} }}}}" if is_template_string(text) else text


def _words(facts: EntityFacts) -> _Sources:
    return {Field.TEXT: _entity(facts)}


def _number(facts: EntityFacts) -> _Sources:
    sources: _Sources = {Field.TEXT: _entity(facts), Field.COUNT: _entity(facts)}
    if facts.is_percentage:
        return {**sources, Field.PERCENT: _entity(facts)}
    low, high = (finite(facts.attributes.get(key)) for key in _RANGES.get(facts.domain, ("", "")))
    if low is None or high is None or low == high:
        return sources
    return {**sources, Field.PERCENT: EntitySource(entity_id=facts.entity_id, min=low, max=high)}


def _opening(facts: EntityFacts) -> _Sources:
    """Show a cover or a valve; while it is unavailable, its features decide whether it has a position."""
    gone = facts.state in NO_STATE
    settable = (facts.attributes.get(ATTR_SUPPORTED_FEATURES) or 0) & _SET_POSITION[facts.domain]
    if facts.attributes.get(ATTR_CURRENT_POSITION) is not None or (gone and settable):
        return {**_words(facts), Field.PERCENT: _entity(facts, ATTR_CURRENT_POSITION)}
    if facts.attributes.get(ATTR_CURRENT_TILT_POSITION) is not None:
        return {**_words(facts), Field.PERCENT: _entity(facts, ATTR_CURRENT_TILT_POSITION)}
    return {**_words(facts), Field.PERCENT: _either(facts, STATE_OPEN, STATE_CLOSED)}


def _climate(facts: EntityFacts) -> _Sources:
    """Show the state of a climate entity, and the temperature that it measures."""
    return {**_words(facts), Field.COUNT: _entity(facts, ATTR_CURRENT_TEMPERATURE)}


def _weather(facts: EntityFacts) -> _Sources:
    return {**_words(facts), Field.COUNT: _entity(facts, ATTR_WEATHER_TEMPERATURE)}


def _entity(facts: EntityFacts, attribute: str | None = None) -> EntitySource:
    return EntitySource(entity_id=facts.entity_id, attribute=attribute)


def _binary_sensor(facts: EntityFacts) -> _Sources:
    if facts.device_class not in _DOORS | {_Binary.WINDOW}:
        return _words(facts)
    return {**_words(facts), Field.PERCENT: _either(facts, STATE_ON, STATE_OFF)}


def _sensor(facts: EntityFacts) -> _Sources:
    if facts.device_class in set(SensorDeviceClass) - NON_NUMERIC_DEVICE_CLASSES:
        return _number(facts)
    return _words(facts) if facts.device_class in NON_NUMERIC_DEVICE_CLASSES else _anything(facts)


def _anything(facts: EntityFacts) -> _Sources:
    """Show a number if the state is one, or if its unit or state class says that it will be; else words."""
    numeric = ATTR_UNIT_OF_MEASUREMENT in facts.attributes or ATTR_STATE_CLASS in facts.attributes
    return _number(facts) if numeric or _PLAIN_NUMBER.fullmatch(facts.state) else _words(facts)


def _either(facts: EntityFacts, full: str, empty: str) -> TemplateSource:
    """Return the template of two states as 0 and 100 percent; any other state is rendered as it is."""
    texts = f"{{{full!r}: {_PERCENT.high}, {empty!r}: {_PERCENT.low}}}"
    return TemplateSource(f"{{{{ {texts}.get({facts.value}, {facts.value}) }}}}")


_KINDS: Mapping[str, Callable[[EntityFacts], _Sources]] = {
    **dict.fromkeys((Platform.CLIMATE, Platform.WATER_HEATER), _climate),
    **dict.fromkeys((Platform.COVER, Platform.VALVE), _opening),
    **dict.fromkeys((Platform.DEVICE_TRACKER, Platform.SELECT, "input_select", "person"), _words),
    **dict.fromkeys((Platform.NUMBER, Platform.TODO, "counter", "input_number", "zone"), _number),
    Platform.BINARY_SENSOR: _binary_sensor,
    Platform.SENSOR: _sensor,
    Platform.WEATHER: _weather,
}
