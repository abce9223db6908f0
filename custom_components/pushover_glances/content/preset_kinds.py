"""What fills text, subtext, count and percent for each kind of entity."""

from collections.abc import Callable, Mapping
import re

from homeassistant.components.climate.const import ATTR_CURRENT_TEMPERATURE, ATTR_HVAC_ACTION
from homeassistant.components.cover.const import ATTR_CURRENT_POSITION, ATTR_CURRENT_TILT_POSITION, CoverEntityFeature
from homeassistant.components.fan.const import ATTR_PERCENTAGE
from homeassistant.components.humidifier.const import ATTR_CURRENT_HUMIDITY
from homeassistant.components.number.const import ATTR_MAX, ATTR_MIN
from homeassistant.components.sensor.const import ATTR_STATE_CLASS, NON_NUMERIC_DEVICE_CLASSES, SensorDeviceClass
from homeassistant.components.update.const import ATTR_LATEST_VERSION
from homeassistant.components.valve.const import ValveEntityFeature
from homeassistant.components.weather.const import ATTR_WEATHER_TEMPERATURE
from homeassistant.const import ATTR_SUPPORTED_FEATURES, ATTR_TEMPERATURE, ATTR_UNIT_OF_MEASUREMENT, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.generated.currencies import ACTIVE_CURRENCIES

from ..pushover import Field
from .details import DETAILS
from .entity_facts import EntityFacts
from .forecast_details import has_forecast, rain_chance
from .group_details import OPENINGS
from .no_value import NO_STATE
from .origin import finite
from .source import EntitySource

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
_NUMBER_DOMAINS = frozenset({*_RANGES, Platform.TODO, "zone"})
_CURRENCIES = ACTIVE_CURRENCIES | {"$", "£", "¢", "¥", "€", "Ft", "Kč", "ct", "kr", "zł"}
# Excludes telephone numbers, codes and versions.
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d{0,5})(\.\d{1,3})?")

type Filled = dict[Field, EntitySource]


@callback
def sources_of(hass: HomeAssistant, facts: EntityFacts) -> Filled:
    """Return the sources for an entity; the title is among them if something else than its name belongs there."""
    if DETAILS["how_many"].fits(hass, [facts]):
        return counted_sources(facts.entity_id)
    return _KINDS.get(facts.domain, _anything)(hass, facts)


def counted_sources(entity_id: str | tuple[str, ...]) -> Filled:
    """Return the sources for a group of entities, or for a zone."""
    how_many = EntitySource(entity_id=entity_id, detail="how_many")
    sources: Filled = {
        Field.TEXT: how_many,
        Field.SUBTEXT: EntitySource(entity_id=entity_id, detail="names"),
        Field.COUNT: how_many,
    }
    is_zone = isinstance(entity_id, str) and entity_id.startswith("zone.")
    return sources if is_zone else {**sources, Field.PERCENT: EntitySource(entity_id=entity_id, detail="share")}


def is_number(facts: EntityFacts) -> bool:
    """Return whether the state is a number, or will be one when there is a state."""
    if facts.domain in _NUMBER_DOMAINS:
        return True
    if facts.domain in _KINDS and facts.domain != Platform.SENSOR:
        return False
    if facts.domain == Platform.SENSOR and facts.device_class is not None:
        if facts.device_class in NON_NUMERIC_DEVICE_CLASSES:
            return False
        if facts.device_class in set(SensorDeviceClass):
            return True
    numeric = ATTR_UNIT_OF_MEASUREMENT in facts.attributes or ATTR_STATE_CLASS in facts.attributes
    return numeric or _PLAIN_NUMBER.fullmatch(facts.state) is not None


def _entity(facts: EntityFacts, attribute: str | None = None) -> EntitySource:
    return EntitySource(entity_id=facts.entity_id, attribute=attribute)


def _detail(facts: EntityFacts, detail: str) -> EntitySource:
    return EntitySource(entity_id=facts.entity_id, detail=detail)


def _words(_hass: HomeAssistant, facts: EntityFacts) -> Filled:
    return {Field.TEXT: _entity(facts)}


def _lasting(_hass: HomeAssistant, facts: EntityFacts) -> Filled:
    """Show a state and since when it has been there."""
    return {Field.TEXT: _entity(facts), Field.SUBTEXT: _detail(facts, "since")}


def _anything(hass: HomeAssistant, facts: EntityFacts) -> Filled:
    return _number(hass, facts) if is_number(facts) else _words(hass, facts)


def _number(_hass: HomeAssistant, facts: EntityFacts) -> Filled:
    """Show a number, and as a percent its place in the range of its entity."""
    sources: Filled = {Field.TEXT: _entity(facts)}
    # A whole number says nothing about a price.
    if not _is_price(facts):
        sources[Field.COUNT] = _entity(facts)
    if facts.is_percentage:
        return {**sources, Field.PERCENT: _entity(facts)}
    low, high = (finite(facts.attributes.get(key)) for key in _RANGES.get(facts.domain, ("", "")))
    if low is None or high is None or low == high:
        return sources
    return {**sources, Field.PERCENT: EntitySource(entity_id=facts.entity_id, min=low, max=high)}


def _is_price(facts: EntityFacts) -> bool:
    unit = str(facts.attributes.get(ATTR_UNIT_OF_MEASUREMENT, ""))
    return facts.device_class == SensorDeviceClass.MONETARY or unit.partition("/")[0].strip() in _CURRENCIES


def _opening(hass: HomeAssistant, facts: EntityFacts) -> Filled:
    """Show a cover or a valve; while it is unavailable, its features decide whether it has a position."""
    gone = facts.state in NO_STATE
    settable = (facts.attributes.get(ATTR_SUPPORTED_FEATURES) or 0) & _SET_POSITION[facts.domain]
    if facts.attributes.get(ATTR_CURRENT_POSITION) is not None or (gone and settable):
        percent = _entity(facts, ATTR_CURRENT_POSITION)
    elif facts.attributes.get(ATTR_CURRENT_TILT_POSITION) is not None:
        percent = _entity(facts, ATTR_CURRENT_TILT_POSITION)
    else:
        percent = _detail(facts, "share")
    return {**_lasting(hass, facts), Field.PERCENT: percent}


def _binary_sensor(hass: HomeAssistant, facts: EntityFacts) -> Filled:
    if facts.device_class not in OPENINGS:
        return _lasting(hass, facts)
    return {**_lasting(hass, facts), Field.PERCENT: _detail(facts, "share")}


def _with_battery(hass: HomeAssistant, facts: EntityFacts) -> Filled:
    """Show a state and the battery of a lock or a vacuum, or since when it has had the state."""
    if not DETAILS["battery"].fits(hass, [facts]):
        return _lasting(hass, facts)
    battery = _detail(facts, "battery")
    return {Field.TEXT: _entity(facts), Field.SUBTEXT: battery, Field.PERCENT: battery}


def _climate(hass: HomeAssistant, facts: EntityFacts) -> Filled:
    """Show the temperatures that a thermostat or a water heater measures and is set to, and what it does."""
    if facts.attributes.keys().isdisjoint((ATTR_CURRENT_TEMPERATURE, ATTR_TEMPERATURE)):
        return {**_words(hass, facts), Field.COUNT: _entity(facts, ATTR_CURRENT_TEMPERATURE)}
    does = ATTR_HVAC_ACTION if ATTR_HVAC_ACTION in facts.attributes else None
    return {
        Field.TEXT: _detail(facts, "measured_and_wanted"),
        Field.SUBTEXT: _entity(facts, does),
        Field.COUNT: _entity(facts, ATTR_CURRENT_TEMPERATURE),
    }


def _humidifier(hass: HomeAssistant, facts: EntityFacts) -> Filled:
    """Show the state, the humidity that a humidifier measures and is set to, and the measured one as a percent."""
    if ATTR_CURRENT_HUMIDITY not in facts.attributes:
        return _lasting(hass, facts)
    measured = _entity(facts, ATTR_CURRENT_HUMIDITY)
    wanted = _detail(facts, "measured_and_wanted")
    return {Field.TEXT: _entity(facts), Field.SUBTEXT: wanted, Field.COUNT: measured, Field.PERCENT: measured}


def _weather(hass: HomeAssistant, facts: EntityFacts) -> Filled:
    """Show the temperature and the condition, and the chance of rain unless it is known that there is none."""
    temperature = _entity(facts, ATTR_WEATHER_TEMPERATURE)
    sources: Filled = {Field.TEXT: _detail(facts, "temperature_and_condition"), Field.COUNT: temperature}
    if not has_forecast(facts):
        return sources
    state = hass.states.get(facts.entity_id)
    chance = None if state is None else rain_chance(hass, [state])
    if chance is not None and chance.has_value and not chance.text:
        return {**sources, Field.SUBTEXT: _detail(facts, "low_and_high")}
    shown = _detail(facts, "rain_chance")
    return {**sources, Field.SUBTEXT: shown, Field.PERCENT: shown}


def _light(hass: HomeAssistant, facts: EntityFacts) -> Filled:
    """Show a light that can be dimmed with its brightness."""
    modes = facts.attributes.get("supported_color_modes") or ()
    if "brightness" not in facts.attributes and {*modes} <= {"onoff"}:
        return _lasting(hass, facts)
    shown = _detail(facts, "brightness")
    return {Field.TEXT: _entity(facts), Field.SUBTEXT: shown, Field.PERCENT: shown}


def _fan(hass: HomeAssistant, facts: EntityFacts) -> Filled:
    if ATTR_PERCENTAGE not in facts.attributes:
        return _lasting(hass, facts)
    speed = _entity(facts, ATTR_PERCENTAGE)
    return {Field.TEXT: _entity(facts), Field.SUBTEXT: speed, Field.PERCENT: speed}


def _calendar(_hass: HomeAssistant, facts: EntityFacts) -> Filled:
    return {
        Field.TITLE: _detail(facts, "event"),
        Field.TEXT: _detail(facts, "event_start"),
        Field.SUBTEXT: _detail(facts, "event_place"),
    }


def _media_player(_hass: HomeAssistant, facts: EntityFacts) -> Filled:
    return {Field.TEXT: _detail(facts, "media_title"), Field.SUBTEXT: _detail(facts, "media_artist")}


def _sun(_hass: HomeAssistant, facts: EntityFacts) -> Filled:
    return {Field.TEXT: _detail(facts, "sunset"), Field.SUBTEXT: _detail(facts, "sunrise")}


def _timer(_hass: HomeAssistant, facts: EntityFacts) -> Filled:
    return {Field.TEXT: _detail(facts, "finish_time")}


def _todo(_hass: HomeAssistant, facts: EntityFacts) -> Filled:
    return {Field.TEXT: _detail(facts, "left"), Field.SUBTEXT: _detail(facts, "next_item"), Field.COUNT: _entity(facts)}


def _update(_hass: HomeAssistant, facts: EntityFacts) -> Filled:
    return {Field.TEXT: _entity(facts), Field.SUBTEXT: _entity(facts, ATTR_LATEST_VERSION)}


_KINDS: Mapping[str, Callable[[HomeAssistant, EntityFacts], Filled]] = {
    **dict.fromkeys((Platform.CLIMATE, Platform.WATER_HEATER), _climate),
    **dict.fromkeys((Platform.COVER, Platform.VALVE), _opening),
    **dict.fromkeys((Platform.LOCK, Platform.VACUUM), _with_battery),
    **dict.fromkeys((Platform.SELECT, "input_select"), _words),
    **dict.fromkeys(
        (Platform.ALARM_CONTROL_PANEL, Platform.DEVICE_TRACKER, Platform.SWITCH, "input_boolean", "person"), _lasting
    ),
    Platform.BINARY_SENSOR: _binary_sensor,
    Platform.CALENDAR: _calendar,
    Platform.FAN: _fan,
    Platform.HUMIDIFIER: _humidifier,
    Platform.LIGHT: _light,
    Platform.MEDIA_PLAYER: _media_player,
    Platform.SENSOR: _anything,
    Platform.TODO: _todo,
    Platform.UPDATE: _update,
    Platform.WEATHER: _weather,
    "sun": _sun,
    "timer": _timer,
}
