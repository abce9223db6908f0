"""What a template says for a field: the same for widgets, for alerts and for the previews of both."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
import logging
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.exceptions import TemplateError
from homeassistant.helpers.template import Template
from homeassistant.helpers.template.render_info import RenderInfo

from ..pushover import Field, Value, encodable, fit

_LOGGER = logging.getLogger(__name__)

NO_STATE = (STATE_UNAVAILABLE, STATE_UNKNOWN)

# Of covers, valves, locks and alarms: what soon leads to another state by itself.
_TRANSITIONS = frozenset({"arming", "closing", "disarming", "locking", "opening", "unlocking"})

# As long as Home Assistant's own template preview waits (components/websocket_api).
_RENDER_TIMEOUT = 3


@callback
def render(template: Template, variables: Mapping[str, Any] | None = None) -> RenderInfo:
    """Render a template as text, and learn what it depends on."""
    return template.async_render_to_info(variables, parse_result=False)


@callback
def raw_state(hass: HomeAssistant, entity_id: str) -> str:
    """Return the state of an entity; one that there is not is unknown."""
    state = hass.states.get(entity_id)
    return STATE_UNKNOWN if state is None else state.state


def is_word(state: State) -> bool:
    """Tell whether a state is neither a number nor missing."""
    if state.state in NO_STATE:
        return False
    try:
        float(state.state)
    except ValueError:
        return True
    return False


def is_in_transition(state: State) -> bool:
    """Tell whether a state soon leads to another by itself."""
    return state.state in _TRANSITIONS


def transition_since(states: Iterable[State]) -> datetime | None:
    """Return since when the last of these states that soon lead to another has been there."""
    return max((state.last_changed for state in states if is_in_transition(state)), default=None)


@callback
def value_of(
    hass: HomeAssistant,
    name: Field,
    info: RenderInfo,
    failed: Callable[[TemplateError], None] | None = None,
    *,
    also: Collection[str] = (),
) -> Value | None:
    """Return a template's result made to fit its field, or `None` where it has none to give; `failed` hears why.

    `also` are entities that it depends on beside those that it asked for.
    """
    if info.exception is not None:
        if failed is not None:
            failed(info.exception)
        return None
    result = info.result()
    # Home Assistant translates neither of the two, and a template may write them in capitals.
    gone = {state for entity_id in {*info.entities, *also} if (state := raw_state(hass, entity_id)) in NO_STATE}
    return None if any(state in result.casefold() for state in gone) else fit(name, result)


class ValueReader:
    """Reads what the templates of a widget or an alert say; a failure is logged once, until the template works again."""

    def __init__(self, hass: HomeAssistant, owner: str) -> None:
        """Take what the log calls their owner, such as "widget iphone"."""
        self._hass = hass
        self._owner = owner
        self._failed: set[Field] = set()

    @callback
    def read(self, name: Field, info: RenderInfo, *, also: Collection[str] = ()) -> Value | None:
        """Return what a template says, or `None` where it has no value; `also` are entities that it depends on beside."""

        def failed(error: TemplateError) -> None:
            if name not in self._failed:
                _LOGGER.warning("Template for %s of %s failed: %s", name, self._owner, error)

        value = value_of(self._hass, name, info, failed, also=also)
        (self._failed.discard if info.exception is None else self._failed.add)(name)
        return value


def sources(infos: Collection[RenderInfo]) -> set[str]:
    """Return the entities that templates ask for by name."""
    return {entity_id for info in infos for entity_id in info.entities}


async def async_template_error(
    hass: HomeAssistant, text: str, variables: Mapping[str, Any] | None = None, also: Collection[str] = ()
) -> tuple[str, str] | None:
    """Return what is wrong with a template that a person wrote: an error key, and the template's own words.

    One that fails because an entity has no state at the moment is a good one; `also` are entities that it depends on
    beside those that it asks for.
    """
    template = Template(text, hass)
    failure: TemplateError | None = None
    try:
        if await template.async_render_will_timeout(_RENDER_TIMEOUT, variables, parse_result=False):
            return "template_too_slow", ""
    except TemplateError as err:
        failure = err
    info = render(template, variables)
    if info.all_states or info.all_states_lifecycle:
        return "template_over_all_states", ""
    failure = failure or info.exception
    if failure is not None and not any(raw_state(hass, entity_id) in NO_STATE for entity_id in {*info.entities, *also}):
        return "template_failed", encodable(str(failure))
    return None
