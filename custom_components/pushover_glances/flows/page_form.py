"""The forms of a page: what it begins with, its fields, and when it applies."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_CONDITIONS, CONF_NAME, CONF_WEEKDAY, WEEKDAYS
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    DateTimeSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TimeSelector,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..const import CONF_REPLACE
from ..content.conditions import async_conditions_entities
from ..content.entity_facts import entity_facts
from ..content.entity_key import entity_ids_of
from ..content.page_config import CONF_PRIORITY
from ..content.page_schedule import CONF_FROM, CONF_UNTIL
from ..content.settings import CONF_URGENT_ENTITIES
from ..content.target_name import target_name
from ..content.texts import async_text, cached_text
from ..content.time_format import async_learn_time_format, short_time
from ..pushover import Field
from .conditions_selector import ConditionsSelector, async_conditions_errors
from .source_selector import chosen_sources, sources_schema
from .widget_choice import widgets_field
from .widget_content import entities_of, sources_of, target_of_content
from .widget_form import async_template_errors

CONF_MOMENT: Final = "moment"
MOMENT_SCHEMA: Final = vol.Schema({vol.Required(CONF_MOMENT): DateTimeSelector()})
# Days cannot be counted from the first and the last date that there are.
_YEARS = range(2000, 2101)
# More than anyone has pages.
_PRIORITIES = range(101)
# Any of these makes a page begin and end.
_LIMITING = (CONF_FROM, CONF_WEEKDAY, CONF_CONDITIONS)
_WHEN = (*_LIMITING, CONF_UNTIL, CONF_PRIORITY)
# So many days in a row are written as a range.
_ROW = 3
_TO = "\N{EN DASH}"


def begin_schema(widgets: Sequence[ConfigSubentry]) -> dict[vol.Marker, Any]:
    """Return the fields of the first step beside those that fill the page; without widgets, there is no choice."""
    return {vol.Optional(CONF_NAME): TextSelector(), **widgets_field(widgets)}


def page_fields_schema(filled: Mapping[str, Any]) -> dict[vol.Marker, Any]:
    """Return the form of the fields."""
    return {
        **sources_schema(filled),
        vol.Required(CONF_REPLACE, default=True): BooleanSelector(),
        vol.Optional(CONF_URGENT_ENTITIES): EntitySelector(EntitySelectorConfig(multiple=True)),
    }


async def async_page_fields_errors(
    hass: HomeAssistant, user_input: Mapping[str, Any], placeholders: dict[str, str]
) -> dict[str, str]:
    """Return the errors of the filled-in fields; add the text of a template error to `placeholders`."""
    templates = {name: source for name, source in user_input.items() if isinstance(source, str)}
    if not any(user_input.get(name) for name in Field):
        return {Field.TITLE.value: "no_field"}
    return await async_template_errors(hass, templates, placeholders)


@callback
def page_content(hass: HomeAssistant, user_input: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filled-in fields as content, with the options of the entities of before."""
    urgent = entity_ids_of(hass, user_input.get(CONF_URGENT_ENTITIES, ()))
    return page_content_of({**chosen_sources(hass, user_input, before), CONF_URGENT_ENTITIES: urgent})


def page_content_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields in the data of a page or a widget, with its urgent entities."""
    urgent = data.get(CONF_URGENT_ENTITIES)
    return sources_of(data) | ({CONF_URGENT_ENTITIES: urgent} if urgent else {})


def when_schema(*, has_priority: bool) -> vol.Schema:
    """Return the form of when a page applies; the priority is for several pages."""
    days = SelectSelectorConfig(
        options=WEEKDAYS, multiple=True, mode=SelectSelectorMode.LIST, translation_key=CONF_WEEKDAY
    )
    schema: dict[vol.Marker, Any] = {
        vol.Optional(CONF_FROM): TimeSelector(),
        vol.Optional(CONF_UNTIL): TimeSelector(),
        vol.Optional(CONF_WEEKDAY): SelectSelector(days),
        vol.Optional(CONF_CONDITIONS): ConditionsSelector(),
    }
    if has_priority:
        number = NumberSelector(NumberSelectorConfig(mode=NumberSelectorMode.BOX))
        schema[vol.Optional(CONF_PRIORITY)] = number
    return vol.Schema(schema)


async def async_when_errors(
    hass: HomeAssistant, user_input: Mapping[str, Any], placeholders: dict[str, str]
) -> dict[str, str]:
    """Return the errors of when a page applies; add Home Assistant's text about its conditions to `placeholders`."""
    begin, end = user_input.get(CONF_FROM), user_input.get(CONF_UNTIL)
    errors: dict[str, str] = {}
    if (begin is None) is not (end is None):
        errors[CONF_UNTIL if end is None else CONF_FROM] = "times_incomplete"
    elif begin is not None and end is not None and dt_util.parse_time(begin) == dt_util.parse_time(end):
        errors[CONF_UNTIL] = "times_empty"
    elif not any(user_input.get(key) for key in _LIMITING):
        errors[CONF_FROM] = "no_time"
    if user_input.get(CONF_PRIORITY, 0) not in _PRIORITIES:
        errors[CONF_PRIORITY] = "priority_out_of_range"
    return errors | await async_conditions_errors(hass, user_input, placeholders)


def local_moment(text: str) -> datetime:
    """Return a date and time that the selector has accepted, without a time zone."""
    return dt_util.parse_datetime(text, raise_on_error=True).replace(tzinfo=None)


def moment_errors(user_input: Mapping[str, Any]) -> dict[str, str]:
    """Return the errors of a moment to look at."""
    return {} if local_moment(user_input[CONF_MOMENT]).year in _YEARS else {CONF_MOMENT: "moment_out_of_range"}


def when_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return when a page applies, from its form or its data; what is empty or 0 is left out."""
    when = {key: data[key] for key in _WHEN if data.get(key)}
    if CONF_PRIORITY in when:
        when[CONF_PRIORITY] = int(when[CONF_PRIORITY])
    if CONF_WEEKDAY in when:
        when[CONF_WEEKDAY] = [day for day in WEEKDAYS if day in when[CONF_WEEKDAY]]
    return when


async def async_page_title(hass: HomeAssistant, data: Mapping[str, Any]) -> str:
    """Return a short name: the days and times, such as "Sat, Sun 08:00-10:00", or else what it shows, or its conditions.

    What it shows is called after its first entity or its summary, and its conditions after their first entity.
    """
    times = [dt_util.parse_time(data[key]) for key in (CONF_FROM, CONF_UNTIL) if key in data]
    await async_learn_time_format(hass)
    clock = _TO.join([short_time(hass, time) for time in times if time is not None])
    days = _days(cached_text(hass, "weekdays") or "", data.get(CONF_WEEKDAY, ()))
    if days or clock:
        return f"{days} {clock}".strip()
    if (target := target_of_content(data)) is not None:
        return target_name(hass, target)
    entities = entities_of(data) or await async_conditions_entities(hass, data.get(CONF_CONDITIONS, ()))
    return entity_facts(hass, entities[0]).name if entities else await async_text(hass, "page")


def _days(names: str, days: Sequence[str]) -> str:
    """Return days by their short names, such as "Mon-Fri" or "Sat, Sun"; `names` has them all, from Monday on."""
    chosen = [number for number, day in enumerate(WEEKDAYS) if day in days]
    if not chosen or not names:
        return ""
    short = names.split()
    if len(chosen) >= _ROW and chosen[-1] - chosen[0] == len(chosen) - 1:
        return f"{short[chosen[0]]}{_TO}{short[chosen[-1]]}"
    return ", ".join(short[number] for number in chosen)
