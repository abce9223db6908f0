"""Renders sources to values of fields, for widgets, alerts and the previews of both."""

from collections.abc import Collection, Iterable, Mapping, Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
import logging
from typing import Any, ClassVar

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.exceptions import TemplateError
from homeassistant.helpers.template import Template
from homeassistant.helpers.template.render_info import RenderInfo

from ..planner import NOTHING, Origin, Since
from ..pushover import NUMBER_FIELDS, Field, Value, clean, encodable, fit, whole_number
from .answers import Query
from .no_value import NO_STATE, has_no_value
from .past import PastHome

_LOGGER = logging.getLogger(__name__)

# States of covers, valves, locks and alarms that end by themselves after a short time.
_TRANSITIONS = frozenset({"arming", "closing", "disarming", "locking", "opening", "unlocking"})

# The same as for Home Assistant's own template preview (components/websocket_api).
_RENDER_TIMEOUT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceResult:
    """What a text or an entity says, with what it depends on, under the names of a template's `RenderInfo`.

    It is partial if some of its entities have no state. `queries` are what has to be asked besides states. At the time
    `until`, it says something else without a change of an entity.
    """

    text: str
    entities: frozenset[str] = frozenset()
    queries: frozenset[Query] = frozenset()
    has_time: bool = False
    has_value: bool = True
    is_partial: bool = False
    until: datetime | None = None
    origin: Origin = NOTHING
    exception: ClassVar[None] = None
    domains: ClassVar[frozenset[str]] = frozenset()
    domains_lifecycle: ClassVar[frozenset[str]] = frozenset()
    all_states: ClassVar[bool] = False
    all_states_lifecycle: ClassVar[bool] = False

    def result(self) -> str:
        """Return the text."""
        return self.text


type RenderResult = RenderInfo | SourceResult


@callback
def render(template: Template, variables: Mapping[str, Any] | None = None) -> RenderInfo:
    """Render a template as text, and return the result with what it depends on."""
    # Nothing logs undefined variables of the past, which is rendered thousands of times.
    log = log_nothing if isinstance(template.hass, PastHome) else None
    return template.async_render_to_info(variables, log_fn=log, parse_result=False)


def log_nothing(_level: int, _message: str) -> None:
    """Log no undefined variables of a template."""


@callback
def raw_state(hass: HomeAssistant, entity_id: str) -> str:
    """Return the state of an entity, `unknown` if it does not exist."""
    state = hass.states.get(entity_id)
    return STATE_UNKNOWN if state is None else state.state


@callback
def existing(hass: HomeAssistant, entity_ids: Iterable[str]) -> list[State]:
    """Return the states of those entities that exist."""
    return [state for entity_id in entity_ids if (state := hass.states.get(entity_id)) is not None]


def is_word(state: State) -> bool:
    """Return whether an entity has a state that is not a number."""
    if state.state in NO_STATE:
        return False
    try:
        float(state.state)
    except ValueError:
        return True
    return False


def state_since(state: State) -> Since:
    """Return since when an entity has had its state."""
    return Since(state.last_changed, state.entity_id)


def is_in_transition(state: State) -> bool:
    """Return whether a state ends by itself after a short time, such as opening."""
    return state.state in _TRANSITIONS


def transition_since(states: Iterable[State]) -> Since | None:
    """Return since when the newest of these states that is in transition has been there."""
    return max([state_since(state) for state in states if state.state in _TRANSITIONS], default=None)


@callback
def lacks_state(hass: HomeAssistant, info: RenderResult, also: Collection[str] = ()) -> bool:
    """Return whether any of the entities that a result depends on, or of others, has no state.

    So does a domain without entities.
    """
    get = hass.states.get
    if isinstance(info, SourceResult):
        # An attribute may have a value while the state of its entity is unknown.
        if info.is_partial or not info.has_value:
            return True
        needed: Collection[str] = also
    else:
        needed = (*info.entities, *also)
    for entity_id in needed:
        state = get(entity_id)
        if state is None or state.state in NO_STATE:
            return True
    if not info.domains and not info.domains_lifecycle and not info.all_states:
        return False
    # A filter of Jinja does not iterate over an empty domain: it asks how many entities there are.
    if not all(hass.states.async_entity_ids_count(domain) for domain in {*info.domains, *info.domains_lifecycle}):
        return True
    return any(state.state in NO_STATE for state in _states_of_domains(hass, info))


@callback
def text_without_number(name: Field, info: RenderResult) -> str | None:
    """Return what a source gives a number field if that is a text without a number."""
    if name not in NUMBER_FIELDS or info.exception is not None:
        return None
    text = clean(info.result())
    # "None" is an attribute that an entity does not have at the moment.
    return None if text in ("", "None") or whole_number(text) is not None else text


class ValueReader:
    """Reads the values of the sources of a widget or an alert; logs a failure once until the template works again."""

    def __init__(self, hass: HomeAssistant, owner: str) -> None:
        """Set the name of the owner for the log, such as "widget iphone"."""
        self._hass = hass
        self._owner = owner
        self._failed: set[Field] = set()
        # The same templates again, because Home Assistant renders one either strictly or not.
        self._strict: dict[Field, Template] = {}

    @callback
    def read(
        self,
        name: Field,
        info: RenderResult,
        *,
        lacking: bool,
        also: Collection[str] = (),
        variables: Mapping[str, Any] | None = None,
    ) -> Value | None:
        """Return the result of a source as a value of the field, or `None` if it has no value.

        `lacking` is what `lacks_state` returns, and `also` are more entities that the result depends on.
        """
        if isinstance(info, SourceResult):
            return fit(name, info.text) if info.has_value else None
        if info.exception is not None:
            if name not in self._failed and not isinstance(self._hass, PastHome):
                _LOGGER.warning("Template for %s of %s failed: %s", name, self._owner, info.exception)
            self._failed.add(name)
            return None
        self._failed.discard(name)
        result = info.result()
        if lacking and (
            has_no_value(info.template.template, result, _states(self._hass, info, also))
            or self._asks_in_vain(name, info.template.template, variables)
        ):
            return None
        return fit(name, result)

    def _asks_in_vain(self, name: Field, template: str, variables: Mapping[str, Any] | None) -> bool:
        """Return whether a template uses an attribute that is not there, which it writes as nothing."""
        if (strict := self._strict.get(name)) is None:
            strict = self._strict[name] = Template(template, self._hass)
        return strict.async_render_to_info(variables, strict=True, parse_result=False).exception is not None


@callback
def _states(hass: HomeAssistant, info: RenderInfo, also: Collection[str]) -> list[State]:
    """Return the states of those entities that a result depends on, and of others, that exist."""
    named = existing(hass, {*info.entities, *also})
    return [*named, *_states_of_domains(hass, info)] if info.domains or info.all_states else named


@callback
def _states_of_domains(hass: HomeAssistant, info: RenderResult) -> list[State]:
    return hass.states.async_all(None if info.all_states else info.domains)


def sources(infos: Collection[RenderResult]) -> set[str]:
    """Return the entities that sources name."""
    return {entity_id for info in infos for entity_id in info.entities}


def templates_of(infos: Mapping[Field, RenderResult]) -> dict[str, AbstractSet[str]]:
    """Return the entities that each source names which is a template."""
    return {name: info.entities for name, info in infos.items() if not isinstance(info, SourceResult)}


async def async_template_error(
    hass: HomeAssistant, text: str, variables: Mapping[str, Any] | None, also: Collection[str]
) -> tuple[str, str] | None:
    """Return the error key of a template that a person wrote, and the error's own text; `None` if it is valid.

    A template that fails because an entity has no state at the moment is valid. `also` are more entities that it
    depends on.
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
    if failure is not None and not lacks_state(hass, info, also):
        return "template_failed", encodable(str(failure))
    return None
