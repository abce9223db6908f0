"""Home Assistant's editor of conditions in a form."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.const import CONF_CONDITIONS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import ConditionSelector

from ..content.conditions import async_conditions_error


class ConditionsSelector(ConditionSelector):
    """The condition editor, which returns what a person chose as it is to be stored.

    Home Assistant's own returns parsed templates and durations, which it cannot write to its configuration. What is wrong with
    them is left to `async_conditions_errors`, whose errors are translated.
    """

    @override
    def __call__(self, data: Any) -> Any:
        """Return the conditions as a list, as they are."""
        return cv.ensure_list(data)


async def async_conditions_errors(
    hass: HomeAssistant, user_input: Mapping[str, Any], placeholders: dict[str, str]
) -> dict[str, str]:
    """Return the error of the conditions of a form by field; add Home Assistant's text of it to `placeholders`."""
    if (wrong := await async_conditions_error(hass, user_input.get(CONF_CONDITIONS, ()))) is None:
        return {}
    key, words = wrong
    if words:
        placeholders["conditions_error"] = words
    return {CONF_CONDITIONS: key}
