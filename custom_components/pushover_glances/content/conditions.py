"""Home Assistant's own conditions, as its automations have them: loads and evaluates what a person chose in a form."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import copy_context
from copy import deepcopy
import logging
from typing import Any, NamedTuple

from homeassistant.const import CONF_CONDITION, CONF_CONDITIONS
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    ConditionChecker,
    async_extract_entities,
    async_from_config,
    async_validate_condition_config,
)
from homeassistant.helpers.template import Template
from homeassistant.helpers.trace import trace_clear

from .no_value import NO_STATE
from .rendering import log_nothing

_LOGGER = logging.getLogger(__name__)

# As stored, and as Home Assistant's frontend sends them: without templates and durations that are parsed already, because
# Home Assistant cannot write these to its configuration.
type StoredConditions = Sequence[Mapping[str, Any] | str]


class Condition(NamedTuple):
    """What evaluates a condition, the entities that it names, and its kind and templates with those of conditions in it."""

    checker: ConditionChecker
    entities: frozenset[str]
    kinds: frozenset[str]
    templates: tuple[Template, ...]


class Conditions:
    """Conditions that must all hold; without any, they always do.

    `error` says why they could not be loaded or evaluated when they were looked at last; `None` if they could.
    """

    def __init__(
        self, hass: HomeAssistant, loaded: Sequence[Condition] | None = None, error: str | None = None
    ) -> None:
        """Set the loaded conditions; `None` if they could not be loaded."""
        self._hass = hass
        self._loaded = loaded
        self._is_reported = False
        self._stops: list[CALLBACK_TYPE] = []
        self.entities = frozenset(entity_id for item in loaded or () for entity_id in item.entities)
        self.kinds = frozenset(kind for item in loaded or () for kind in item.kinds)
        self.error = error

    @property
    def in_templates(self) -> frozenset[str]:
        """Return the entities that their templates use."""
        templates = [template for item in self._loaded or () for template in item.templates]
        # Without the variables that Home Assistant gives to some of them.
        infos = [template.async_render_to_info(log_fn=log_nothing, parse_result=False) for template in templates]
        return frozenset(entity_id for info in infos for entity_id in info.entities)

    @property
    def needs_polling(self) -> bool:
        """Return whether their result may change at any time, as it does with the time of day and with templates."""
        return any(item.checker.needs_polling for item in self._loaded or ())

    @callback
    def hold(self) -> bool | None:
        """Return whether all of them hold now; `None` if that is not known.

        It is not known of one that failed, or does not hold while an entity that it names has no state.
        """
        if self._loaded is None:
            return None
        self.error = None
        results = [self._result(item) for item in self._loaded]
        if False in results:
            self.error = None
            return False
        return None if None in results else True

    @callback
    def _result(self, condition: Condition) -> bool | None:
        """Return whether one of them holds; `None` if that is not known."""
        error, result = None, None
        try:
            result = copy_context().run(_check, condition.checker)
        except Exception as err:  # noqa: BLE001 - a condition of another integration may raise anything
            error = _text_of(err)
        if not result and self._lacks_state(condition):
            # Once the entity has a state, it may hold, or be evaluated at all.
            return None
        self.error = self.error or error
        return result

    @callback
    def report(self, owner: str) -> None:
        """Log once that they failed, until they work again; `owner` is what they belong to, such as "page Morning"."""
        if self.error is not None and not self._is_reported:
            _LOGGER.warning("The conditions of %s failed: %s", owner, self.error)
        self._is_reported = self.error is not None

    async def async_track(self, action: Callable[[], None]) -> None:
        """Call `action` when an entity or a target of the conditions changes, until they are unloaded."""
        try:
            for item in self._loaded or ():
                self._stops.append(await item.checker.async_track_changes(action))
        except Exception as err:  # noqa: BLE001 - a condition of another integration may raise anything
            self.unload()
            self.error = _text_of(err)

    @callback
    def unload(self) -> None:
        """Release what the conditions hold; they can be evaluated no more."""
        while self._stops:
            self._stops.pop()()
        for item in self._loaded or ():
            item.checker.async_unload()
        self._loaded = None

    def _lacks_state(self, condition: Condition) -> bool:
        states = [self._hass.states.get(entity_id) for entity_id in condition.entities]
        return any(state is None or state.state in NO_STATE for state in states)


async def async_load_conditions(hass: HomeAssistant, stored: StoredConditions) -> Conditions:
    """Load stored conditions; if that fails, because an integration is gone, they have an `error`, and never hold."""
    loaded: list[Condition] = []
    try:
        for config in (await _async_validated(hass, stored))[CONF_CONDITIONS]:
            checker = await async_from_config(hass, config)
            entities, kinds = frozenset(async_extract_entities(config)), frozenset(_kinds(config))
            # Of its own, because Home Assistant does not render a template with another log.
            templates = tuple([Template(item.template, hass) for item in _templates(config)])
            loaded.append(Condition(checker, entities, kinds, templates))
    except Exception as err:  # noqa: BLE001 - a condition of another integration may raise anything
        Conditions(hass, loaded).unload()
        return Conditions(hass, error=_text_of(err))
    return Conditions(hass, loaded)


async def async_conditions_error(hass: HomeAssistant, stored: StoredConditions) -> tuple[str, str] | None:
    """Return the error key of conditions that a person chose, and Home Assistant's text; `None` if they are valid."""
    conditions = await async_load_conditions(hass, stored)
    conditions.unload()
    if conditions.error is not None:
        return "conditions_invalid", conditions.error
    return ("conditions_trigger", "") if "trigger" in conditions.kinds else None


async def async_conditions_entities(hass: HomeAssistant, stored: StoredConditions) -> list[str]:
    """Return the ids of the entities that stored conditions name, in their order; none if they cannot be loaded."""
    conditions = await async_load_conditions(hass, stored)
    conditions.unload()
    text = str(stored)
    return sorted(conditions.entities, key=lambda entity_id: (text.find(entity_id), entity_id))


async def _async_validated(hass: HomeAssistant, stored: StoredConditions) -> dict[str, Any]:
    """Return conditions as one, with parsed templates and durations; raises what Home Assistant finds wrong."""
    # Home Assistant changes what it validates.
    conditions = cv.CONDITIONS_SCHEMA(deepcopy([*stored]))
    validated = await async_validate_condition_config(hass, {CONF_CONDITION: "and", CONF_CONDITIONS: conditions})
    return dict(validated)


def _check(checker: ConditionChecker) -> bool:
    # Called in a context of its own: the trace of an automation that changed a state must not contain this.
    trace_clear()
    return checker.async_check() is not False


def _kinds(config: Mapping[str, Any]) -> Iterator[str]:
    """Yield the kind of a condition, and of those in it."""
    yield config[CONF_CONDITION]
    for item in config.get(CONF_CONDITIONS, ()):
        yield from _kinds(item)


def _templates(config: Any) -> Iterator[Template]:
    """Yield the templates of a validated condition, at any depth."""
    match config:
        case Template():
            yield config
        case Mapping():
            for item in config.values():
                yield from _templates(item)
        case list() | tuple():
            for item in config:
                yield from _templates(item)


def _text_of(error: Exception) -> str:
    return str(error) or type(error).__name__
