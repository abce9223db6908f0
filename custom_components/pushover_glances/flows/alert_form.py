"""The form of an alert: its schema, its errors and the data made of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, cast

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import (
    CONF_ABOVE,
    CONF_BELOW,
    CONF_ENTITIES,
    CONF_FOR,
    CONF_NAME,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.selector import (
    BooleanSelector,
    DurationSelector,
    DurationSelectorConfig,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    StateSelector,
    StateSelectorConfig,
    TextSelector,
)
import voluptuous as vol

from ..const import ALERT_ACTIVE, CONF_REPLACE, CONF_STATES, CONF_UNITS, CONF_URGENT, CONF_WIDGETS, DOMAIN
from ..content import entity_key
from ..content.alert_preset import AlertPreset
from ..content.limit_units import limits_of
from ..pushover import Field
from .widget_form import templates_data, templates_schema

# Long enough for a state that counts after days; a longer one is more likely a typing error.
_LONGEST = timedelta(days=7)
_SETTINGS = (CONF_STATES, CONF_ABOVE, CONF_BELOW, CONF_FOR, CONF_REPLACE, CONF_WIDGETS, CONF_URGENT)


@callback
def entities_schema(hass: HomeAssistant) -> vol.Schema:
    """Return the form of the first step; alerts are left out, because one that watches itself might never end."""
    entries = er.async_get(hass).entities.values()
    alerts = [
        item.entity_id for item in entries if item.platform == DOMAIN and item.unique_id.endswith(f"_{ALERT_ACTIVE}")
    ]
    config = EntitySelectorConfig(multiple=True, exclude_entities=alerts)
    return vol.Schema({vol.Optional(CONF_ENTITIES): EntitySelector(config)})


def alert_schema(
    entity_ids: Sequence[str], preset: AlertPreset, unit: str, widgets: Sequence[ConfigSubentry]
) -> vol.Schema:
    """Return the form of the second step; it asks for words, numbers or both, as the states of the entities are.

    `unit` is that of the limits, empty if they have none.
    """
    schema: dict[vol.Marker, Any] = {vol.Optional(CONF_NAME): TextSelector()}
    if preset.has_words:
        schema[vol.Optional(CONF_STATES)] = StateSelector(
            StateSelectorConfig(entity_id=entity_ids[0], hide_states=[STATE_UNAVAILABLE, STATE_UNKNOWN], multiple=True)
        )
    if preset.has_numbers:
        config = NumberSelectorConfig(mode=NumberSelectorMode.BOX, step="any")
        if unit:
            config["unit_of_measurement"] = unit
        number = NumberSelector(config)
        schema |= {vol.Optional(CONF_ABOVE): number, vol.Optional(CONF_BELOW): number}
    schema[vol.Optional(CONF_FOR)] = DurationSelector(DurationSelectorConfig(enable_second=True))
    schema |= templates_schema()
    schema[vol.Required(CONF_REPLACE, default=True)] = BooleanSelector()
    if widgets:
        options = [SelectOptionDict(value=widget.subentry_id, label=widget.title) for widget in widgets]
        schema[vol.Optional(CONF_WIDGETS)] = SelectSelector(
            SelectSelectorConfig(options=options, multiple=True, mode=SelectSelectorMode.LIST)
        )
    schema[vol.Required(CONF_URGENT, default=True)] = BooleanSelector()
    return vol.Schema(schema)


def condition_errors(user_input: Mapping[str, Any], preset: AlertPreset) -> dict[str, str]:
    """Return the errors of a filled-in form by field, without those of its templates."""
    above, below = user_input.get(CONF_ABOVE), user_input.get(CONF_BELOW)
    errors: dict[str, str] = {}
    if not user_input.get(CONF_STATES) and above is None and below is None:
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
def alert_data(
    hass: HomeAssistant, entity_ids: Sequence[str], user_input: Mapping[str, Any], units: Mapping[str, str]
) -> dict[str, Any]:
    """Return a form without errors as the data of an alert; empty settings are left out.

    Entities are stored by the id of their registry entry if there is one, because that stays when the entity id
    changes. `units` are those of the limits.
    """
    settings = {key: user_input[key] for key in _SETTINGS if user_input.get(key) not in (None, [])}
    settings.pop(CONF_FOR, None)
    if lasts := int(_lasts(user_input).total_seconds()):
        settings[CONF_FOR] = lasts
    if limits_of(settings) and units:
        settings[CONF_UNITS] = dict(units)
    return {
        CONF_ENTITIES: [entity_key.key_of(hass, entity_id) for entity_id in entity_ids],
        **settings,
        **templates_data(user_input),
    }


@callback
def alert_input(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of an alert as values of the form."""
    filled = {CONF_REPLACE: False} | {k: value for k, value in data.items() if k not in (CONF_ENTITIES, CONF_UNITS)}
    if seconds := filled.pop(CONF_FOR, 0):
        filled[CONF_FOR] = {"hours": seconds // 3600, "minutes": seconds // 60 % 60, "seconds": seconds % 60}
    return filled


@callback
def entity_ids_of(hass: HomeAssistant, data: Mapping[str, Any]) -> list[str]:
    """Return the current ids of an alert's entities, each once."""
    return list(dict.fromkeys(entity_key.entity_ids_of(hass, data.get(CONF_ENTITIES, ()))))


def _lasts(user_input: Mapping[str, Any]) -> timedelta:
    if not (given := user_input.get(CONF_FOR)):
        return timedelta(0)
    return cast(timedelta, cv.time_period_dict(given))
