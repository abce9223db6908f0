"""The form of an alert: its schema, its errors and the data made of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, cast

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import (
    CONF_ABOVE,
    CONF_ATTRIBUTE,
    CONF_BELOW,
    CONF_CONDITIONS,
    CONF_ENTITIES,
    CONF_FOR,
    CONF_NAME,
    CONF_TARGET,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.selector import (
    AttributeSelector,
    AttributeSelectorConfig,
    BooleanSelector,
    DurationSelector,
    DurationSelectorConfig,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    StateSelector,
    StateSelectorConfig,
    TextSelector,
)
import voluptuous as vol

from ..const import ALERT_ACTIVE, CONF_REPLACE, CONF_STATES, CONF_UNITS, CONF_URGENT, CONF_WIDGETS, DOMAIN
from ..content import entity_key
from ..content.alert_preset import AlertPreset
from ..content.limit_units import limits_of
from ..content.rendering import existing
from ..content.texts import async_text
from ..content.watched import Watched
from ..pushover import Field
from .conditions_selector import ConditionsSelector
from .entity_options import HIDDEN_ATTRIBUTES, shown_attributes
from .target_form import TARGET_FIELDS, target_of
from .widget_choice import widgets_field
from .widget_form import templates_data, templates_schema

# Long enough for a state that counts after days; a longer one is more likely a typing error.
_LONGEST = timedelta(days=7)
_NOT_IN_FORM = (CONF_ENTITIES, CONF_TARGET, CONF_UNITS)
_SETTINGS = (CONF_STATES, CONF_ABOVE, CONF_BELOW, CONF_FOR, CONF_CONDITIONS, CONF_REPLACE, CONF_WIDGETS, CONF_URGENT)


@callback
def watched_schema(hass: HomeAssistant) -> vol.Schema:
    """Return the form of the first step; alerts are left out, because one that watches itself might never end."""
    entries = er.async_get(hass).entities.values()
    alerts = [
        item.entity_id for item in entries if item.platform == DOMAIN and item.unique_id.endswith(f"_{ALERT_ACTIVE}")
    ]
    config = EntitySelectorConfig(multiple=True, exclude_entities=alerts)
    return vol.Schema({vol.Optional(CONF_ENTITIES): EntitySelector(config), **TARGET_FIELDS})


@callback
def watched_input(hass: HomeAssistant, watched: Watched) -> dict[str, Any]:
    """Return what is watched as values of the first step."""
    return {CONF_ENTITIES: watched.entity_ids(hass)} if watched.target is None else watched.target.stored()


@callback
def watched_of(hass: HomeAssistant, user_input: Mapping[str, Any], before: Watched) -> Watched:
    """Return what is watched by a filled-in first step; an attribute of before stays if an entity has it.

    Entities are stored by the id of their registry entry if there is one, because that stays when the entity id
    changes.
    """
    # The selector also accepts ids of registry entries.
    entity_ids = entity_key.entity_ids_of(hass, user_input.get(CONF_ENTITIES, ()))
    keys = dict.fromkeys(entity_key.key_of(hass, entity_id) for entity_id in entity_ids)
    states = existing(hass, entity_ids)
    has_attribute = tuple(keys) == before.keys or any(before.attribute in state.attributes for state in states)
    return Watched(tuple(keys), target_of(user_input), before.attribute if has_attribute else None)


def alert_schema(
    hass: HomeAssistant, watched: Watched, preset: AlertPreset, unit: str, widgets: Sequence[ConfigSubentry]
) -> vol.Schema:
    """Return the form of the second step; it asks for words, numbers or both, as what is watched has them.

    `unit` is that of the limits, empty if they have none.
    """
    entity_ids = watched.entity_ids(hass)
    schema: dict[vol.Marker, Any] = {vol.Optional(CONF_NAME): TextSelector()}
    if preset.has_words:
        states = StateSelectorConfig(hide_states=[STATE_UNAVAILABLE, STATE_UNKNOWN], multiple=True)
        if entity_ids:
            states["entity_id"] = entity_ids[0]
        if watched.attribute is not None:
            states["attribute"] = watched.attribute
        schema[vol.Optional(CONF_STATES)] = StateSelector(states)
    if preset.has_numbers:
        config = NumberSelectorConfig(mode=NumberSelectorMode.BOX, step="any")
        if unit:
            config["unit_of_measurement"] = unit
        number = NumberSelector(config)
        schema |= {vol.Optional(CONF_ABOVE): number, vol.Optional(CONF_BELOW): number}
    if watched.target is None and (watched.attribute is not None or shown_attributes(hass, entity_ids[0])):
        attribute = AttributeSelectorConfig(entity_id=entity_ids[0], hide_attributes=sorted(HIDDEN_ATTRIBUTES))
        schema[vol.Optional(CONF_ATTRIBUTE)] = AttributeSelector(attribute)
    schema[vol.Optional(CONF_FOR)] = DurationSelector(DurationSelectorConfig(enable_second=True))
    schema[vol.Optional(CONF_CONDITIONS)] = ConditionsSelector()
    schema |= templates_schema()
    schema[vol.Required(CONF_REPLACE, default=True)] = BooleanSelector()
    schema |= widgets_field(widgets)
    schema[vol.Required(CONF_URGENT, default=True)] = BooleanSelector()
    return vol.Schema(schema)


async def async_active_while(hass: HomeAssistant, watched: Watched) -> str:
    """Return the sentence that says when the alert is active: of a kind, in which states its entities count."""
    key = "active_while" if watched.target is None or watched.kind is None else f"active_while_{watched.target.kind}"
    return await async_text(hass, key)


def form_errors(user_input: Mapping[str, Any], preset: AlertPreset) -> dict[str, str]:
    """Return the errors of a filled-in form by field, without those of its conditions and templates."""
    above, below = user_input.get(CONF_ABOVE), user_input.get(CONF_BELOW)
    errors: dict[str, str] = {}
    is_asked = preset.has_words or preset.has_numbers
    if is_asked and not user_input.get(CONF_STATES) and above is None and below is None:
        errors = {CONF_STATES: "no_state"} if preset.has_words else {CONF_ABOVE: "no_limit"}
    elif above is not None and below is not None and above >= below:
        errors = {CONF_BELOW: "range_empty"}
    if _lasts(user_input) > _LONGEST:
        errors[CONF_FOR] = "for_out_of_range"
    if not templates_data(user_input):
        errors[Field.TITLE.value] = "no_field"
    return errors


def replaces_by_default(user_input: Mapping[str, Any]) -> bool:
    """Return whether a new alert replaces the whole glance: one that is urgent and fills what most watch faces show."""
    return bool(user_input[CONF_URGENT]) and not templates_data(user_input).keys().isdisjoint((Field.TITLE, Field.TEXT))


@callback
def alert_data(watched: Watched, user_input: Mapping[str, Any], units: Mapping[str, str]) -> dict[str, Any]:
    """Return a form without errors as the data of an alert; empty settings are left out.

    `units` are those of the limits; they are not stored for a target, whose entities change.
    """
    settings = {key: user_input[key] for key in _SETTINGS if user_input.get(key) not in (None, [])}
    settings.pop(CONF_FOR, None)
    if lasts := int(_lasts(user_input).total_seconds()):
        settings[CONF_FOR] = lasts
    if limits_of(settings) and units and watched.target is None:
        settings[CONF_UNITS] = dict(units)
    return {**watched.data(), **settings, **templates_data(user_input)}


@callback
def alert_input(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of an alert as values of the form."""
    filled = {CONF_REPLACE: False} | {k: value for k, value in data.items() if k not in _NOT_IN_FORM}
    if seconds := filled.pop(CONF_FOR, 0):
        filled[CONF_FOR] = {"hours": seconds // 3600, "minutes": seconds // 60 % 60, "seconds": seconds % 60}
    return filled


def _lasts(user_input: Mapping[str, Any]) -> timedelta:
    if not (given := user_input.get(CONF_FOR)):
        return timedelta(0)
    return cast(timedelta, cv.time_period_dict(given))
