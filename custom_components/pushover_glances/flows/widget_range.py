"""The range of a number, as a section of a widget's form: the numbers that are 0 and 100 percent."""

from collections.abc import Mapping
import math
from typing import Any

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import NumberSelector, NumberSelectorConfig, NumberSelectorMode
import voluptuous as vol

from ..content.presets import percent_of_range
from ..pushover import Field

SECTION_RANGE = "range"
_LOW = "low"
_HIGH = "high"


def range_section(*, collapsed: bool) -> section:
    """Return the section of the form."""
    number = NumberSelector(NumberSelectorConfig(mode=NumberSelectorMode.BOX, step="any"))
    return section(vol.Schema({vol.Optional(_LOW): number, vol.Optional(_HIGH): number}), {"collapsed": collapsed})


def range_error(user_input: Mapping[str, Any]) -> str | None:
    """Return the error key of a filled-in section; `None` if it is valid."""
    ends = _ends(user_input)
    if not ends:
        return None
    if len(ends) == 1 or ends[0] == ends[1] or not all(map(math.isfinite, ends)):
        return "range_incomplete"
    return "range_and_template" if user_input.get(Field.PERCENT, "").strip() else None


def range_template(entity_id: str, user_input: Mapping[str, Any]) -> dict[str, str]:
    """Return the template for `percent` made of a section without errors; nothing if it is empty."""
    if not (ends := _ends(user_input)):
        return {}
    return {Field.PERCENT.value: percent_of_range(entity_id, *ends)}


def _ends(user_input: Mapping[str, Any]) -> list[float]:
    given = user_input.get(SECTION_RANGE, {})
    return [given[key] for key in (_LOW, _HIGH) if given.get(key) is not None]
