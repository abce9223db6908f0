"""Home Assistant's editor of conditions in a form."""

from typing import Any, override

from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import ConditionSelector


class ConditionsSelector(ConditionSelector):
    """The condition editor, which returns what a person chose as it is to be stored.

    Home Assistant's own returns parsed templates and durations, which it cannot write to its configuration. Check the
    conditions with `async_conditions_error`, whose errors are translated.
    """

    @override
    def __call__(self, data: Any) -> Any:
        """Return the conditions as a list, as they are."""
        return cv.ensure_list(data)
