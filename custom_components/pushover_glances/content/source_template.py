"""Writes the entity of a field as a template that shows the same."""

from dataclasses import replace

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, Platform
from homeassistant.core import HomeAssistant, State, callback

from ..pushover import NUMBER_FIELDS, Field, fit
from .attribute_unit import is_part, shown_unit
from .no_value import NO_STATE
from .number_format import has_decimal_comma
from .origin import finite, quantity
from .source import EntitySource, TemplateSource
from .source_result import colon_before, result_of, source_result


@callback
def template_of(hass: HomeAssistant, name: Field, source: EntitySource) -> TemplateSource | None:
    """Return a template that shows what an entity shows at the moment, or `None` if it cannot be written so.

    While the entity has no state, it is not known what the template has to show. Nor are several entities
    or a detail written as one.
    """
    if len(source.entity_ids) != 1 or source.detail is not None:
        return None
    state = hass.states.get(source.entity_ids[0])
    if state is None or state.state in NO_STATE:
        return None
    if is_part(state.domain, source.attribute):
        return None
    wanted = source_result(hass, name, source)
    colon = colon_before(source_result(hass, name, replace(source, name=False)))
    template = TemplateSource(_number(source) if name in NUMBER_FIELDS else _text(hass, source, state, colon))
    said = result_of(hass, name, template)()
    return None if said.exception is not None or fit(name, said.result()) != fit(name, wanted.text) else template


def _value(source: EntitySource) -> str:
    """Return the expression of the state or the attribute itself."""
    entity = repr(source.entity_ids[0])
    return f"states({entity})" if source.attribute is None else f"state_attr({entity}, {source.attribute!r})"


def _number(source: EntitySource) -> str:
    value = _value(source)
    if source.range is None:
        return f"{{{{ {value} }}}}"
    low, high = source.range
    percent = f"min(max(remap({value}, {low}, {high}, 0, 100), 0), 100)"
    return f"{{{{ {percent} if is_number({value}) else {value} }}}}"


@callback
def _text(hass: HomeAssistant, source: EntitySource, state: State, colon: str) -> str:
    entity, value = repr(source.entity_ids[0]), _value(source)
    comma = " | replace('.', ',')" if has_decimal_comma(hass) else ""
    if source.attribute is None:
        comma = comma if quantity(hass, state) is not None else ""
        shown = f"state_translated({entity})"
        if state.domain == Platform.SENSOR or finite(state.state) is not None:
            shown = f"states({entity}, rounded=True){comma} if is_number({value}) else {shown}"
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    else:
        attribute = state.attributes.get(source.attribute)
        is_number = finite(attribute) is not None
        comma = comma if is_number and not isinstance(attribute, str) else ""
        shown = f"state_attr_translated({entity}, {source.attribute!r}){comma}"
        unit = shown_unit(hass, state.domain, source.attribute, state.attributes) if is_number else None
    if source.decimals is not None:
        shown = f"'{{:z.{source.decimals}f}}'.format({value} | float){comma} if is_number({value}) else ({shown})"
    parts = [f"{{{{ {shown} }}}}", *([unit] if unit and source.unit else [])]
    if source.name:
        parts.insert(0, f"{{{{ state_attr({entity}, 'friendly_name') }}}}{colon}")
    return " ".join(parts)
