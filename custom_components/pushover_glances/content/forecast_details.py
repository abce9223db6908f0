"""Details of the forecast of a weather entity: the chance of rain, the highest and the lowest, and tomorrow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any

from homeassistant.components.weather.const import ATTR_WEATHER_TEMPERATURE, WeatherEntityFeature
from homeassistant.const import ATTR_SUPPORTED_FEATURES, PERCENTAGE, Platform
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.util import dt as dt_util

from ..planner import Number
from .answers import Items, Query, QueryKind, answer_of
from .detail_result import no_value, said
from .entity_facts import EntityFacts
from .no_value import NO_STATE
from .origin import attribute_unit, finite
from .rendering import SourceResult
from .state_text import state_in_words
from .texts import cached_text
from .time_format import local_moment

# The keys of Home Assistant's forecasts (homeassistant/components/weather).
_TIME = "datetime"
_CONDITION = "condition"
_HIGH = "temperature"
_LOW = "templow"
_CHANCE = "precipitation_probability"
_IS_DAYTIME = "is_daytime"
_SNOWY = "snowy"

# How long an item of a forecast lasts.
_LASTS: Mapping[QueryKind, timedelta] = {
    QueryKind.DAILY: timedelta(days=1),
    QueryKind.TWICE_DAILY: timedelta(hours=12),
    QueryKind.HOURLY: timedelta(hours=1),
}
_FEATURES: Mapping[QueryKind, int] = {
    QueryKind.DAILY: WeatherEntityFeature.FORECAST_DAILY,
    QueryKind.TWICE_DAILY: WeatherEntityFeature.FORECAST_TWICE_DAILY,
    QueryKind.HOURLY: WeatherEntityFeature.FORECAST_HOURLY,
}
# Which forecasts to use, the best one first.
_BY_HOUR = (QueryKind.HOURLY, QueryKind.DAILY, QueryKind.TWICE_DAILY)
_BY_DAY = (QueryKind.DAILY, QueryKind.TWICE_DAILY, QueryKind.HOURLY)


def has_forecast(facts: EntityFacts) -> bool:
    """Return whether an entity is weather with a forecast."""
    return facts.domain == Platform.WEATHER and any(
        _features(facts.attributes) & feature for feature in _FEATURES.values()
    )


@callback
def rain_chance(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return "Rain 40 %": the highest chance of rain in the rest of today, or of snow."""

    def read(items: Items) -> SourceResult | None:
        chances = [(chance, item) for item in items if (chance := finite(item.get(_CHANCE))) is not None]
        if not chances:
            return None
        chance, item = max(chances, key=itemgetter(0))
        written = cached_text(hass, "snow_chance" if item.get(_CONDITION) == _SNOWY else "rain_chance")
        return _result(states[0], (written or "{percent} %").format(percent=round(chance)), [chance], PERCENTAGE)

    return _from_forecast(hass, states[0], _BY_HOUR, _today(), read)


@callback
def low_and_high(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return the lowest and the highest temperature of today, with a dash between them: "3-9°"."""

    def read(items: Items) -> SourceResult | None:
        if not (found := _temperatures(items)):
            return None
        low, high = f"{min(found):z.0f}", f"{max(found):z.0f}"
        # A dash before a minus is hard to read.
        sign = "/" if high.startswith("-") else "\N{EN DASH}"
        text = f"{high}°" if low == high else f"{low}{sign}{high}°"
        return _result(states[0], text, found, _temperature_unit(hass, states[0]))

    return _from_forecast(hass, states[0], _BY_DAY, _today(), read)


@callback
def tomorrow(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return "Tomorrow 8° Rainy": the highest temperature and the condition."""

    def read(items: Items) -> SourceResult | None:
        found = _temperatures(items)
        condition = _at_day(items).get(_CONDITION) if items else None
        parts = [f"{max(found):z.0f}°"] if found else []
        if isinstance(condition, str):
            parts.append(state_in_words(hass, states[0], condition))
        if not parts:
            return None
        text = " ".join([cached_text(hass, "tomorrow") or "", *parts]).lstrip()
        return _result(states[0], text, found, _temperature_unit(hass, states[0]))

    return _from_forecast(hass, states[0], _BY_DAY, _today() + timedelta(days=1), read)


def _from_forecast(
    hass: HomeAssistant,
    state: State,
    kinds: Sequence[QueryKind],
    day: date,
    read: Callable[[Items], SourceResult | None],
) -> SourceResult:
    """Return what the first of these kinds of forecast says of a day; the text is empty if none of them says it.

    A forecast is only asked for where those before it do not say it.
    """
    queries = set[Query]()
    for kind in kinds:
        if not _features(state.attributes) & _FEATURES[kind]:
            continue
        query = Query(state.entity_id, kind)
        queries.add(query)
        if (items := answer_of(hass, query)) is None:
            return replace(no_value([state]), queries=frozenset(queries))
        if (result := read([item for item in items if _is_of(item, day, _LASTS[kind])])) is not None:
            return replace(result, queries=frozenset(queries))
    is_known = bool(queries) or state.state not in NO_STATE
    return replace(said([state], "") if is_known else no_value([state]), queries=frozenset(queries))


def _is_of(item: Mapping[str, Any], day: date, lasts: timedelta) -> bool:
    """Return whether an item of a forecast is of a local day and not over yet."""
    begin = local_moment(item.get(_TIME))
    if isinstance(begin, datetime):
        return begin.date() == day and dt_util.now() < begin + lasts
    return begin == day


def _at_day(items: Items) -> Mapping[str, Any]:
    """Return the item of the day rather than of the night."""
    return next((item for item in items if item.get(_IS_DAYTIME)), items[len(items) // 2])


def _temperatures(items: Items) -> list[float]:
    values = [finite(item.get(key)) for item in items for key in (_HIGH, _LOW)]
    return [value for value in values if value is not None]


def _features(attributes: Mapping[str, Any]) -> int:
    features = attributes.get(ATTR_SUPPORTED_FEATURES)
    return features if isinstance(features, int) else 0


@callback
def _temperature_unit(hass: HomeAssistant, state: State) -> str | None:
    return attribute_unit(hass, ATTR_WEATHER_TEMPERATURE, state.attributes)


def _today() -> date:
    return dt_util.now().date()


def _result(state: State, text: str, numbers: Sequence[float], unit: str | None) -> SourceResult:
    shown = {"lowest": min(numbers), "highest": max(numbers)} if numbers else {}
    return said(
        [state], text, numbers={f"{state.entity_id} {name}": Number(value, unit) for name, value in shown.items()}
    )
