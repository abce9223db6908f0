"""Writes the entity of a field as a template that shows the same."""

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant, callback

from ..pushover import NUMBER_FIELDS, Field, fit
from .origin import attribute_unit, finite
from .source import EntitySource, TemplateSource
from .source_result import result_of


@callback
def template_of(hass: HomeAssistant, name: Field, source: EntitySource) -> TemplateSource | None:
    """Return a template that shows what an entity shows at the moment, or `None` if it cannot be written so."""
    template = TemplateSource(_number(source) if name in NUMBER_FIELDS else _text(hass, source))
    said, wanted = (result_of(hass, name, item)() for item in (template, source))
    return None if said.exception is not None or fit(name, said.result()) != fit(name, wanted.result()) else template


def _value(source: EntitySource) -> str:
    """Return the expression of the state or the attribute itself."""
    entity = repr(source.entity_id)
    return f"states({entity})" if source.attribute is None else f"state_attr({entity}, {source.attribute!r})"


def _number(source: EntitySource) -> str:
    value = _value(source)
    if source.range is None:
        return f"{{{{ {value} }}}}"
    low, high = source.range
    percent = f"min(max(remap({value}, {low}, {high}, 0, 100), 0), 100)"
    return f"{{{{ {percent} if is_number({value}) else {value} }}}}"


@callback
def _text(hass: HomeAssistant, source: EntitySource) -> str:
    entity, state = repr(source.entity_id), hass.states.get(source.entity_id)
    attributes = {} if state is None else state.attributes
    is_number = finite(state and (attributes.get(source.attribute) if source.attribute else state.state)) is not None
    if source.attribute is None:
        shown = f"states({entity}, rounded=True)" if is_number else f"state_translated({entity})"
        unit = attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    else:
        shown = f"state_attr_translated({entity}, {source.attribute!r})"
        unit = attribute_unit(hass, source.attribute, attributes) if is_number else None
    if source.decimals is not None:
        value = _value(source)
        shown = f"'%.{source.decimals}f' | format({value} | float) if is_number({value}) else {shown}"
    parts = [f"{{{{ {shown} }}}}", *([unit] if unit and source.unit else [])]
    if source.name:
        parts.insert(0, f"{{{{ state_attr({entity}, 'friendly_name') }}}}")
    return " ".join(parts)
