"""Home Assistant's own conditions, as its automations have them: loads and evaluates what a person chose in a form."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import copy_context
from copy import deepcopy
import logging
from typing import Any

from homeassistant.const import CONF_CONDITION, CONF_CONDITIONS
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    ConditionChecker,
    async_extract_entities,
    async_from_config,
    async_validate_condition_config,
)
from homeassistant.helpers.trace import trace_clear

from .no_value import NO_STATE

_LOGGER = logging.getLogger(__name__)

# As stored, and as Home Assistant's frontend sends them: without templates and durations that are parsed already, because
# Home Assistant cannot write these to its configuration.
type StoredConditions = Sequence[Mapping[str, Any] | str]


class Conditions:
    """Conditions that must all hold; without any, they always do.

    `error` says why they could not be loaded or evaluated when they were looked at last; `None` if they could.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        checker: ConditionChecker | None = None,
        entities: frozenset[str] = frozenset(),
        error: str | None = None,
    ) -> None:
        """Set what evaluates them, `None` if they could not be loaded, and the entities that they name."""
        self._hass = hass
        self._checker = checker
        self._stop: CALLBACK_TYPE | None = None
        self._is_reported = False
        self.entities = entities
        self.error = error

    @property
    def needs_polling(self) -> bool:
        """Return whether their result may change at any time, as it does with the time of day and with templates."""
        return self._checker is not None and self._checker.needs_polling

    @callback
    def hold(self) -> bool | None:
        """Return whether all of them hold now; `None` if that is not known.

        It is not known if they failed, or if they do not hold while an entity that they name has no state.
        """
        if self._checker is None:
            return None
        self.error, result = None, None
        try:
            result = copy_context().run(_check, self._checker)
        except Exception as err:  # noqa: BLE001 - a condition of another integration may raise anything
            self.error = _text_of(err)
        if result or not self._lacks_state:
            return result
        # Once the entity has a state, they may hold, or be evaluated at all.
        self.error = None
        return None

    @callback
    def report(self, owner: str) -> None:
        """Log once that they failed, until they work again; `owner` is what they belong to, such as "page Morning"."""
        if self.error is not None and not self._is_reported:
            _LOGGER.warning("The conditions of %s failed: %s", owner, self.error)
        self._is_reported = self.error is not None

    async def async_track(self, action: Callable[[], None]) -> None:
        """Call `action` when an entity or a target of the conditions changes, until they are unloaded."""
        if self._checker is None:
            return
        try:
            self._stop = await self._checker.async_track_changes(action)
        except Exception as err:  # noqa: BLE001 - a condition of another integration may raise anything
            self.unload()
            self.error = _text_of(err)

    @callback
    def unload(self) -> None:
        """Release what the conditions hold; they can be evaluated no more."""
        if self._stop is not None:
            self._stop()
            self._stop = None
        if self._checker is not None:
            self._checker.async_unload()
            self._checker = None

    @property
    def _lacks_state(self) -> bool:
        states = [self._hass.states.get(entity_id) for entity_id in self.entities]
        return any(state is None or state.state in NO_STATE for state in states)


async def async_load_conditions(hass: HomeAssistant, stored: StoredConditions) -> Conditions:
    """Load stored conditions; if that fails, because an integration is gone, they have an `error`, and never hold."""
    try:
        config = await _async_validated(hass, stored)
        checker = await async_from_config(hass, config)
    except Exception as err:  # noqa: BLE001 - a condition of another integration may raise anything
        return Conditions(hass, error=_text_of(err))
    return Conditions(hass, checker, frozenset(async_extract_entities(config)))


async def async_conditions_error(hass: HomeAssistant, stored: StoredConditions) -> tuple[str, str] | None:
    """Return the error key of conditions that a person chose, and Home Assistant's text; `None` if they are valid."""
    conditions = await async_load_conditions(hass, stored)
    conditions.unload()
    if conditions.error is not None:
        return "conditions_invalid", conditions.error
    if "trigger" in _kinds(await _async_validated(hass, stored)):
        return "conditions_trigger", ""
    return None


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


def _text_of(error: Exception) -> str:
    return str(error) or type(error).__name__
