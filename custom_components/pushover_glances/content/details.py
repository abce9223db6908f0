"""The details of entities: what is worked out of them instead of showing a state or an attribute."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, State, callback

from ..pushover import NUMBER_FIELDS, Field
from .entity_details import battery, battery_of, brightness, left_to_do, measured_and_wanted, temperature_and_condition
from .entity_facts import EntityFacts, entity_facts
from .forecast_details import has_forecast, low_and_high, rain_chance, tomorrow
from .group_details import active_count, active_names, active_percent, how_many, is_counted, is_either
from .media_details import media_artist, media_title, title_and_artist
from .rendering import SourceResult
from .source import EntitySource
from .target_details import target_details
from .time_details import event, event_and_start, event_place, event_start, finish_time, since, sunrise, sunset
from .todo_details import next_due, next_item

type _Fits = Callable[[HomeAssistant, Sequence[EntityFacts]], bool]
type Read = Callable[[HomeAssistant, Sequence[State]], SourceResult]


@dataclass(frozen=True, slots=True)
class Detail:
    """A detail: which entities have it, and what a text and a number field show of it; `None` is nothing.

    It is read while at least one of the entities exists and is available; it may have no value all the same.
    """

    fits: _Fits
    text: Read | None = None
    number: Read | None = None

    def reader(self, name: Field) -> Read | None:
        """Return what reads it for a field, if it is for this field."""
        return self.number if name in NUMBER_FIELDS else self.text


@callback
def details_for(hass: HomeAssistant, name: Field, source: EntitySource) -> list[str]:
    """Return the details that a field can show of the entities of a source."""
    if source.target is not None:
        return target_details(name)
    facts = [entity_facts(hass, entity_id) for entity_id in source.entity_ids]
    return [key for key, detail in DETAILS.items() if detail.reader(name) is not None and detail.fits(hass, facts)]


def _of(*domains: str) -> _Fits:
    return lambda _hass, facts: len(facts) == 1 and facts[0].domain in domains


def _has_battery(hass: HomeAssistant, facts: Sequence[EntityFacts]) -> bool:
    if len(facts) != 1 or facts[0].domain == Platform.SENSOR:
        return False
    return "battery_level" in facts[0].attributes or battery_of(hass, facts[0].entity_id) is not None


def _has_forecast(_hass: HomeAssistant, facts: Sequence[EntityFacts]) -> bool:
    return len(facts) == 1 and has_forecast(facts[0])


def _is_counted(_hass: HomeAssistant, facts: Sequence[EntityFacts]) -> bool:
    return is_counted(facts)


def _has_share(_hass: HomeAssistant, facts: Sequence[EntityFacts]) -> bool:
    return is_either(facts) or (is_counted(facts) and facts[0].domain != "zone")


_SINCE = _of(
    Platform.ALARM_CONTROL_PANEL,
    Platform.BINARY_SENSOR,
    Platform.CLIMATE,
    Platform.COVER,
    Platform.DEVICE_TRACKER,
    Platform.FAN,
    Platform.HUMIDIFIER,
    Platform.LIGHT,
    Platform.LOCK,
    Platform.MEDIA_PLAYER,
    Platform.SELECT,
    Platform.SWITCH,
    Platform.VACUUM,
    Platform.VALVE,
    "automation",
    "group",
    "input_boolean",
    "input_select",
    "person",
    "timer",
)

DETAILS: Mapping[str, Detail] = {
    "how_many": Detail(_is_counted, how_many, active_count),
    "names": Detail(_is_counted, active_names),
    "share": Detail(_has_share, number=active_percent),
    "temperature_and_condition": Detail(_of(Platform.WEATHER), temperature_and_condition),
    "rain_chance": Detail(_has_forecast, rain_chance, rain_chance),
    "low_and_high": Detail(_has_forecast, low_and_high),
    "tomorrow": Detail(_has_forecast, tomorrow),
    "measured_and_wanted": Detail(
        _of(Platform.CLIMATE, Platform.HUMIDIFIER, Platform.WATER_HEATER), measured_and_wanted
    ),
    "event": Detail(_of(Platform.CALENDAR), event),
    "event_start": Detail(_of(Platform.CALENDAR), event_start),
    "event_and_start": Detail(_of(Platform.CALENDAR), event_and_start),
    "event_place": Detail(_of(Platform.CALENDAR), event_place),
    "media_title": Detail(_of(Platform.MEDIA_PLAYER), media_title),
    "media_artist": Detail(_of(Platform.MEDIA_PLAYER), media_artist),
    "title_and_artist": Detail(_of(Platform.MEDIA_PLAYER), title_and_artist),
    "left": Detail(_of(Platform.TODO), left_to_do),
    "next_item": Detail(_of(Platform.TODO), next_item),
    "next_due": Detail(_of(Platform.TODO), next_due),
    "finish_time": Detail(_of("timer"), finish_time),
    "brightness": Detail(_of(Platform.LIGHT), brightness, brightness),
    "sunset": Detail(_of("sun"), sunset),
    "sunrise": Detail(_of("sun"), sunrise),
    "battery": Detail(_has_battery, battery, battery),
    "since": Detail(_SINCE, since),
}
