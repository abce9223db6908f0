"""How the entities of a widget's or a page's fields are shown, as a form with a section for each of these fields."""

from collections.abc import Mapping
from dataclasses import replace
import math
from typing import Any

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, PERCENTAGE
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    AttributeSelector,
    AttributeSelectorConfig,
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..content.attribute_unit import shown_unit
from ..content.details import details_for
from ..content.entity_facts import entity_facts
from ..content.origin import finite
from ..content.source import EntitySource, TemplateSource
from ..content.source_template import template_of
from ..content.target import Target
from ..content.target_details import target_details
from ..content.target_name import target_name
from ..pushover import NUMBER_FIELDS, Field, clean
from .target_form import CONF_KIND, PLACE_FIELDS

_ATTRIBUTE = "attribute"
_DETAIL = "detail"
_NAME = "name"
_DECIMALS = "decimals"
_UNIT = "unit"
_MIN = "min"
_MAX = "max"
_TEMPLATE = "template"
_OPTIONS = (_DETAIL, _ATTRIBUTE, _NAME, _DECIMALS, _UNIT, _MIN, _MAX)
_ANY_NUMBER = NumberSelector(NumberSelectorConfig(mode=NumberSelectorMode.BOX, step="any"))
_DIGITS = NumberSelector(NumberSelectorConfig(mode=NumberSelectorMode.BOX, min=0, max=6))
# Attributes that tell how an entity is displayed and what it can do, or that are secret, but nothing to look at.
HIDDEN_ATTRIBUTES = frozenset(
    [
        "access_token",
        "assumed_state",
        "attribution",
        "device_class",
        "editable",
        "entity_id",
        "entity_picture",
        "entity_picture_local",
        "friendly_name",
        "icon",
        "id",
        "options",
        "restored",
        "state_class",
        "supported_color_modes",
        "supported_features",
        "temperature_unit",
        "unit_of_measurement",
    ]
)


@callback
def options_schema(hass: HomeAssistant, sources: Mapping[Field, EntitySource], errors: Mapping[str, str]) -> vol.Schema:
    """Return the form; a section is open where it has an error, or where a number needs a range to be a percent."""
    return vol.Schema(
        {
            vol.Required(name.value): section(
                vol.Schema(_section(hass, name, source)),
                {"collapsed": name not in errors and not (name is Field.PERCENT and _lacks_range(hass, source))},
            )
            for name, source in sources.items()
        }
    )


def options_of(source: EntitySource) -> dict[str, Any]:
    """Return the options of an entity as values of its section."""
    places = {} if source.target is None else source.target.places
    return {**{key: value for key in _OPTIONS if (value := getattr(source, key)) is not None}, **places}


@callback
def chosen_options(
    hass: HomeAssistant, sources: Mapping[Field, EntitySource], user_input: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[Field, EntitySource | TemplateSource], dict[str, str]]:
    """Return the sources with the options of a filled-in form, and its errors by section."""
    chosen: dict[Field, EntitySource | TemplateSource] = {}
    errors: dict[str, str] = {}
    for name, source in sources.items():
        options = user_input[name]
        chosen[name] = changed = _with_options(source, options)
        if options.get(_DETAIL) and options.get(_ATTRIBUTE):
            errors[name] = "detail_and_attribute"
        elif not _has_valid_range(options):
            errors[name] = "range_incomplete"
        elif options.get(_TEMPLATE):
            if (template := template_of(hass, name, changed)) is None:
                errors[name] = "no_such_template"
            else:
                chosen[name] = template
    return chosen, errors


def _with_options(source: EntitySource, options: Mapping[str, Any]) -> EntitySource:
    """Return an entity with the options of its section."""
    if source.target is not None:
        target = Target.from_stored({**options, CONF_KIND: source.target.kind})
        return replace(source, target=target, detail=options[_DETAIL])
    decimals = options.get(_DECIMALS)
    return EntitySource(
        entity_id=source.entity_id,
        attribute=options.get(_ATTRIBUTE) or None,
        detail=options.get(_DETAIL) or None,
        name=options.get(_NAME, False),
        decimals=None if decimals is None else int(decimals),
        unit=options.get(_UNIT, True),
        min=options.get(_MIN),
        max=options.get(_MAX),
    )


@callback
def entity_names(hass: HomeAssistant, sources: Mapping[Field, EntitySource]) -> dict[str, str]:
    """Return the placeholders of the form: the names of each field's entities."""
    named = {name: ", ".join(map(clean, _names(hass, source))) for name, source in sources.items()}
    return {f"{name.value}_entity": named.get(name, "") for name in Field}


@callback
def _names(hass: HomeAssistant, source: EntitySource) -> list[str]:
    if source.target is not None:
        return [target_name(hass, source.target)]
    return [entity_facts(hass, entity_id).name for entity_id in source.entity_ids]


def _has_valid_range(options: Mapping[str, Any]) -> bool:
    low, high = options.get(_MIN), options.get(_MAX)
    if low is None or high is None:
        return low is None and high is None
    return low != high and math.isfinite(high - low)


@callback
def _section(hass: HomeAssistant, name: Field, source: EntitySource) -> dict[vol.Marker, Any]:
    """Return the options of an entity, and whether it becomes a template, if one can show the same."""
    if source.target is not None:
        return _summary_options(name)
    options = (_number_options if name in NUMBER_FIELDS else _text_options)(hass, name, source)
    if template_of(hass, name, source) is not None:
        options[vol.Optional(_TEMPLATE, default=False)] = BooleanSelector()
    return options


def _summary_options(name: Field) -> dict[vol.Marker, Any]:
    """Return what a field can show of the entities of a kind, and where these are."""
    config = SelectSelectorConfig(
        options=target_details(name), mode=SelectSelectorMode.DROPDOWN, translation_key="detail"
    )
    return {vol.Required(_DETAIL): SelectSelector(config), **PLACE_FIELDS}


@callback
def _text_options(hass: HomeAssistant, name: Field, source: EntitySource) -> dict[vol.Marker, Any]:
    """Return the options of entities in a text; those of numbers where one has a number.

    Several entities are always named.
    """
    each = [entity_facts(hass, entity_id) for entity_id in source.entity_ids]
    attributes = _attributes(hass, source)
    units = [shown_unit(hass, each[0].domain, key, each[0].attributes) for key in attributes]
    has_unit = any(ATTR_UNIT_OF_MEASUREMENT in facts.attributes for facts in each) or any(units)
    has_number = any(finite(facts.state) is not None for facts in each) or any(map(_is_number, attributes.values()))
    is_number = has_unit or has_number
    options = {**_detail_option(hass, name, source), **_attribute_option(source, attributes)}
    if len(each) == 1 or source.detail is not None:
        options[vol.Optional(_NAME, default=False)] = BooleanSelector()
    if is_number or source.decimals is not None:
        options[vol.Optional(_DECIMALS)] = _DIGITS
    if has_unit or not source.unit:
        options[vol.Optional(_UNIT, default=True)] = BooleanSelector()
    return options


@callback
def _number_options(hass: HomeAssistant, name: Field, source: EntitySource) -> dict[vol.Marker, Any]:
    return {
        **_detail_option(hass, name, source),
        **_attribute_option(source, _attributes(hass, source)),
        vol.Optional(_MIN): _ANY_NUMBER,
        vol.Optional(_MAX): _ANY_NUMBER,
    }


@callback
def _detail_option(hass: HomeAssistant, name: Field, source: EntitySource) -> dict[vol.Marker, Any]:
    """Return the choice of a detail, if the entities have any for this field; a saved one stays in it."""
    saved = [] if source.detail is None else [source.detail]
    if not (keys := list(dict.fromkeys([*details_for(hass, name, source), *saved]))):
        return {}
    config = SelectSelectorConfig(options=keys, mode=SelectSelectorMode.DROPDOWN, translation_key="detail")
    return {vol.Optional(_DETAIL): SelectSelector(config)}


def _attribute_option(source: EntitySource, attributes: Mapping[str, Any]) -> dict[vol.Marker, Any]:
    if len(source.entity_ids) > 1 or (not attributes and source.attribute is None):
        return {}
    config = AttributeSelectorConfig(entity_id=source.entity_ids[0], hide_attributes=sorted(HIDDEN_ATTRIBUTES))
    return {vol.Optional(_ATTRIBUTE): AttributeSelector(config)}


@callback
def _attributes(hass: HomeAssistant, source: EntitySource) -> dict[str, Any]:
    """Return the attributes that may be worth showing; of several entities, none is offered."""
    return shown_attributes(hass, source.entity_ids[0]) if len(source.entity_ids) == 1 else {}


@callback
def shown_attributes(hass: HomeAssistant, entity_id: str) -> dict[str, Any]:
    """Return the attributes of an entity that may be worth looking at."""
    state = hass.states.get(entity_id)
    attributes = {} if state is None else state.attributes
    return {key: value for key, value in attributes.items() if key not in HIDDEN_ATTRIBUTES}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and finite(value) is not None


@callback
def _lacks_range(hass: HomeAssistant, source: EntitySource) -> bool:
    """Return whether a number is not known to be a percent, and has no range."""
    if source.range is not None or source.detail is not None:
        return False
    facts = entity_facts(hass, source.entity_ids[0])
    if source.attribute is not None:
        return shown_unit(hass, facts.domain, source.attribute, facts.attributes) != PERCENTAGE
    return not facts.is_percentage
