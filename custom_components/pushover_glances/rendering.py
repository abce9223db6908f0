"""What a template says for a field: the same for the mirror and for the preview of a widget."""

from collections.abc import Callable, Collection

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import TemplateError
from homeassistant.helpers.template import Template
from homeassistant.helpers.template.render_info import RenderInfo

from .pushover import Field, Value, encodable, fit

NO_STATE = (STATE_UNAVAILABLE, STATE_UNKNOWN)

# As long as Home Assistant's own template preview waits (components/websocket_api).
_RENDER_TIMEOUT = 3


@callback
def render(template: Template) -> RenderInfo:
    """Render a template as text, and learn what it depends on."""
    return template.async_render_to_info(parse_result=False)


@callback
def raw_state(hass: HomeAssistant, entity_id: str) -> str:
    """Return the state of an entity; one that there is not is unknown."""
    state = hass.states.get(entity_id)
    return STATE_UNKNOWN if state is None else state.state


@callback
def value_of(
    hass: HomeAssistant, name: Field, info: RenderInfo, failed: Callable[[TemplateError], None] | None = None
) -> Value | None:
    """Return a template's result made to fit its field, or `None` where it has none to give; `failed` hears why."""
    if info.exception is not None:
        if failed is not None:
            failed(info.exception)
        return None
    result = info.result()
    # Home Assistant translates neither of the two, and a template may write them in capitals.
    gone = {state for entity_id in info.entities if (state := raw_state(hass, entity_id)) in NO_STATE}
    return None if any(state in result.casefold() for state in gone) else fit(name, result)


def sources(infos: Collection[RenderInfo]) -> set[str]:
    """Return the entities that templates ask for by name."""
    return {entity_id for info in infos for entity_id in info.entities}


async def async_template_error(hass: HomeAssistant, text: str) -> tuple[str, str] | None:
    """Return what is wrong with a template that a person wrote: an error key, and the template's own words.

    One that fails because an entity has no state at the moment is a good one.
    """
    template = Template(text, hass)
    failure: TemplateError | None = None
    try:
        if await template.async_render_will_timeout(_RENDER_TIMEOUT, parse_result=False):
            return "template_too_slow", ""
    except TemplateError as err:
        failure = err
    info = render(template)
    if info.all_states or info.all_states_lifecycle:
        return "template_over_all_states", ""
    failure = failure or info.exception
    if failure is not None and not any(raw_state(hass, entity_id) in NO_STATE for entity_id in info.entities):
        return "template_failed", encodable(str(failure))
    return None
