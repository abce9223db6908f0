"""Renders the templates of an alert while it is active."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.template import Template
from homeassistant.helpers.template.render_info import RenderInfo
from homeassistant.helpers.translation import async_translate_state, async_translate_state_attr

from ..planner import Shown
from ..pushover import Field
from .counted_text import one_text, several_text
from .entity_facts import entity_facts, translation_keys
from .last_states import known_states
from .number_format import plain_number, written_number
from .origin import quantity
from .rendering import RenderResult, ValueReader, lacks_state, render
from .source import EntitySource
from .source_result import source_result
from .time_format import since_when

# The variables of the templates: the names of the entities as a text and as a list, how many there are, which or how many
# of what count, the translated state or attribute of the first entity, its entity id, since when its state counts, and
# how many alerts of the widget are active.
ATTR_NAME = "name"
ATTR_NAMES = "names"
ATTR_COUNT = "count"
ATTR_SUMMARY = "summary"
ATTR_STATE = "state"
ATTR_ENTITY_ID = "entity_id"
ATTR_SINCE = "since"
ATTR_ALERTS = "alerts"

_STATE = "{{ states(entity_id, with_unit=True) if is_number(states(entity_id)) else state_translated(entity_id) }}"


@dataclass(frozen=True, slots=True)
class AlertContext:
    """What the variables are made of: the entities that make the alert active, since when, and how many alerts are.

    `state` replaces the state of the first entity in a preview; `None` is its real state.
    """

    entity_ids: Sequence[str]
    since: datetime
    alerts: int = 1
    state: str | None = None


@dataclass(frozen=True, slots=True)
class AlertValues:
    """The values of an alert by field, the render results of its templates, and those of other `sources`."""

    values: Shown
    infos: Mapping[Field, RenderInfo]
    sources: Sequence[RenderResult]


class AlertText:
    """The templates of one alert."""

    def __init__(
        self, hass: HomeAssistant, templates: Mapping[Field, str], title: str = "", attribute: str | None = None
    ) -> None:
        """Parse the templates; the state is that of the `attribute`, if there is one."""
        self._hass = hass
        self._values = ValueReader(hass, f"alert {title}")
        self._templates = {name: Template(text, hass) for name, text in templates.items()}
        self._state = Template(_STATE, hass)
        self._attribute = attribute
        self._is_static = all(template.is_static for template in self._templates.values())

    @callback
    def render(self, context: AlertContext) -> AlertValues:
        """Render the templates."""
        variables, source = ({}, None) if self._is_static else self.variables(context)
        rendered = {name: render(template, variables) for name, template in self._templates.items()}
        entities = source.entities if source is not None else ()
        # An entity whose integration reloads has no state for a moment, and no name.
        away = any(self._hass.states.get(entity_id) is None for entity_id in context.entity_ids)
        values = {
            name: None
            if away and not self._templates[name].is_static
            else self._values.read(
                name, info, lacking=lacks_state(self._hass, info, entities), also=entities, variables=variables
            )
            for name, info in rendered.items()
        }
        return AlertValues(values, rendered, [] if source is None else [source])

    @callback
    def variables(self, context: AlertContext) -> tuple[dict[str, Any], RenderResult | None]:
        """Return the variables of the templates, and the render result of the state if that was rendered."""
        if context.state is not None or not context.entity_ids:
            return self._named(context, context.state or ""), None
        info = self._render_state(context.entity_ids[0])
        return self._named(context, self._written(context.entity_ids[0], info.result())), info

    def _render_state(self, entity_id: str) -> RenderResult:
        if self._attribute is None:
            return render(self._state, {ATTR_ENTITY_ID: entity_id})
        return source_result(self._hass, Field.TEXT, EntitySource(entity_id=entity_id, attribute=self._attribute))

    @callback
    def _written(self, entity_id: str, state: str) -> str:
        """Return a number with a unit as people write it; one without is left as it is, for templates that compute."""
        number, _, unit = state.partition(" ")
        if not unit:
            return plain_number(self._hass, state)
        current = self._hass.states.get(entity_id)
        is_quantity = current is not None and quantity(self._hass, current) is not None
        return f"{written_number(self._hass, number)} {unit}" if is_quantity else state

    def _named(self, context: AlertContext, state: str) -> dict[str, Any]:
        names = [entity_facts(self._hass, entity_id).name for entity_id in context.entity_ids]
        return {
            ATTR_NAME: ", ".join(names),
            ATTR_NAMES: names,
            ATTR_COUNT: len(names),
            ATTR_SUMMARY: self._summary(context, names, state),
            ATTR_STATE: state,
            ATTR_ENTITY_ID: next(iter(context.entity_ids), ""),
            ATTR_SINCE: since_when(self._hass, context.since),
            ATTR_ALERTS: context.alerts,
        }

    def _summary(self, context: AlertContext, names: Sequence[str], state: str) -> str:
        """Return "Kitchen window open" of one entity, "2 windows open" of several, or their names without such words."""
        if len(names) == 1:
            return one_text(self._hass, names[0], state)
        counted = known_states(self._hass, context.entity_ids).states if self._attribute is None else []
        return several_text(self._hass, counted) or ", ".join(names)


@callback
def translated_state(hass: HomeAssistant, entity_id: str, state: str, attribute: str | None = None) -> str:
    """Return a possible state of an entity, or value of its attribute, in the language of the server."""
    keys = translation_keys(hass, entity_id, entity_facts(hass, entity_id).device_class)
    if attribute is not None:
        return async_translate_state_attr(hass, state, *keys, attribute)
    return async_translate_state(hass, state, *keys)
