"""Suggests the fields of a widget for one entity.

For a missing state, each template renders the raw state (`unavailable` or `unknown`), by which the field is found to
have no value. It must not fail then, because failing templates are logged.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import math
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
    PERCENTAGE,
    STATE_CLOSED,
    STATE_OFF,
    STATE_ON,
    STATE_OPEN,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    Platform,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.template import is_template_string

from ..pushover import NUMBER_FIELDS, Field, shorten
from .entity_facts import EntityFacts, entity_facts

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

type _Templates = dict[Field, str]


@dataclass(frozen=True, slots=True)
class Preset:
    """The suggested templates by field, whether the entity should be urgent, and whether its state is a number."""

    templates: dict[Field, str]
    urgent: bool = False
    is_number: bool = False

    @property
    def takes_range(self) -> bool:
        """Return whether the form asks for a range, from which a percent is calculated."""
        return self.is_number and Field.PERCENT not in self.templates


@callback
def preset_for(hass: HomeAssistant, entity_id: str) -> Preset:
    """Return the suggestions for an entity, as far as it is known at the moment."""
    source = entity_facts(hass, entity_id)
    templates = {Field.TITLE: static(source.name)} | _KINDS.get(source.domain, _anything)(source)
    return Preset(
        templates,
        urgent=source.domain in _URGENT_DOMAINS or source.device_class in _URGENT_CLASSES.get(source.domain, ()),
        is_number=templates.get(Field.COUNT) == f"{{{{ {source.value} }}}}",
    )


def percent_of_range(entity_id: str, low: float, high: float) -> str:
    """Return the template of a state's position between two numbers as a percent; the first may be the larger one."""
    value = f"states({entity_id!r})"
    limits = f"{_plain(low)}, {_plain(high)}, {_PERCENT.low}, {_PERCENT.high}"
    return f"{{{{ remap({value}, {limits}) if is_number({value}) else {value} }}}}"


def static(name: str) -> str:
    """Return a template that renders as this text, whatever characters it contains."""
    text = shorten(name)
    # Jinja reads string escapes in the way that Python writes them.
    return f"{{{{ {text!r} }}}}" if is_template_string(text) else text


def _words(source: EntityFacts) -> _Templates:
    return {Field.TEXT: f"{{{{ state_translated({source.entity_id!r}) }}}}"}


def _raw(source: EntityFacts) -> _Templates:
    return {Field.TEXT: f"{{{{ {source.value} }}}}"}


def _without_seconds(source: EntityFacts) -> _Templates:
    """Show a state that is a local time, a date or both, without its seconds."""
    return {Field.TEXT: f"{{{{ {source.value}.rsplit(':', 1)[0] }}}}"}


def _timestamp(source: EntityFacts) -> _Templates:
    local = f"timestamp_custom('%Y-%m-%d %H:%M', true, {source.value})"
    return {Field.TEXT: f"{{{{ {source.value} | as_timestamp(none) | {local} }}}}"}


def _number(source: EntityFacts) -> _Templates:
    templates = {
        Field.TEXT: f"{{{{ states({source.entity_id!r}, with_unit=True) }}}}",
        Field.COUNT: f"{{{{ {source.value} }}}}",
    }
    if (
        source.attributes.get(ATTR_UNIT_OF_MEASUREMENT) == PERCENTAGE
        or source.device_class == SensorDeviceClass.BATTERY
    ):
        return {**templates, Field.PERCENT: f"{{{{ {source.value} }}}}"}
    low, high = (_finite(source.attributes.get(key)) for key in _RANGES.get(source.domain, ("", "")))
    if low is None or high is None or low == high:
        return templates
    return {**templates, Field.PERCENT: percent_of_range(source.entity_id, low, high)}


def _opening(source: EntityFacts) -> _Templates:
    """Show a cover or a valve; while it is unavailable, its features decide whether it has a position."""
    gone = source.state in (STATE_UNAVAILABLE, STATE_UNKNOWN)
    settable = (source.attributes.get(ATTR_SUPPORTED_FEATURES) or 0) & _SET_POSITION[source.domain]
    if source.attributes.get(ATTR_CURRENT_POSITION) is not None or (gone and settable):
        percent = _attribute(source, ATTR_CURRENT_POSITION)
    elif source.attributes.get(ATTR_CURRENT_TILT_POSITION) is not None:
        percent = _attribute(source, ATTR_CURRENT_TILT_POSITION)
    else:
        percent = _either(source, STATE_OPEN, STATE_CLOSED)
    return {**_words(source), Field.PERCENT: percent}


def _climate(source: EntityFacts) -> _Templates:
    """Show the state of a climate entity, and the temperature that it measures."""
    return {**_words(source), Field.COUNT: _attribute(source, ATTR_CURRENT_TEMPERATURE)}


def _weather(source: EntityFacts) -> _Templates:
    return {**_words(source), Field.COUNT: _attribute(source, ATTR_WEATHER_TEMPERATURE)}


def _attribute(source: EntityFacts, name: str) -> str:
    """Return the template of an attribute for a number field, in which "None" is no value."""
    return f"{{{{ state_attr({source.entity_id!r}, {name!r}) }}}}"


def _binary_sensor(source: EntityFacts) -> _Templates:
    if source.device_class not in _DOORS | {_Binary.WINDOW}:
        return _words(source)
    return {**_words(source), Field.PERCENT: _either(source, STATE_ON, STATE_OFF)}


def _sensor(source: EntityFacts) -> _Templates:
    kinds: dict[str | None, Callable[[EntityFacts], _Templates]] = {
        SensorDeviceClass.DATE: _raw,
        SensorDeviceClass.ENUM: _words,
        SensorDeviceClass.TIMESTAMP: _timestamp,
        SensorDeviceClass.UPTIME: _timestamp,
    }
    numeric = source.device_class in set(SensorDeviceClass) - NON_NUMERIC_DEVICE_CLASSES
    return kinds.get(source.device_class, _number if numeric else _anything)(source)


def _anything(source: EntityFacts) -> _Templates:
    """Show a number if the state is one, or if its unit or state class says that it will be; else words."""
    numeric = ATTR_UNIT_OF_MEASUREMENT in source.attributes or ATTR_STATE_CLASS in source.attributes
    return _number(source) if numeric or _PLAIN_NUMBER.fullmatch(source.state) else _words(source)


def _either(source: EntityFacts, full: str, empty: str) -> str:
    """Return the template of two states as 0 and 100 percent; any other state is rendered as it is."""
    return f"{{{{ {{{full!r}: {_PERCENT.high}, {empty!r}: {_PERCENT.low}}}.get({source.value}, {source.value}) }}}}"


def _finite(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _plain(number: float) -> float:
    """Return a number as a person writes it: 10 rather than 10.0."""
    return int(number) if float(number).is_integer() else number


_TIMESTAMPED = (
    *(Platform.AI_TASK, Platform.BUTTON, Platform.CONVERSATION, Platform.DATETIME, Platform.EVENT, Platform.IMAGE),
    *(Platform.INFRARED, Platform.NOTIFY, Platform.RADIO_FREQUENCY, Platform.SCENE, Platform.STT, Platform.TTS),
    *(Platform.WAKE_WORD, "input_button", "tag"),
)
_KINDS: Mapping[str, Callable[[EntityFacts], _Templates]] = {
    **dict.fromkeys(_TIMESTAMPED, _timestamp),
    **dict.fromkeys((Platform.CLIMATE, Platform.WATER_HEATER), _climate),
    **dict.fromkeys((Platform.COVER, Platform.VALVE), _opening),
    **dict.fromkeys((Platform.DEVICE_TRACKER, Platform.SELECT, "input_select", "person"), _words),
    **dict.fromkeys((Platform.NUMBER, Platform.TODO, "counter", "input_number", "zone"), _number),
    **dict.fromkeys((Platform.DATE, Platform.TIME, "input_datetime"), _without_seconds),
    Platform.BINARY_SENSOR: _binary_sensor,
    Platform.SENSOR: _sensor,
    Platform.WEATHER: _weather,
}
