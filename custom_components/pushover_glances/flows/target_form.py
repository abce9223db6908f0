"""The choice of a target in a form: the kind of its entities, and the areas, floors and labels that they are in."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import ATTR_AREA_ID, ATTR_FLOOR_ID, ATTR_LABEL_ID
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    AreaSelector,
    AreaSelectorConfig,
    FloorSelector,
    FloorSelectorConfig,
    LabelSelector,
    LabelSelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..content.kinds import KINDS
from ..content.target import PLACES, Target

CONF_KIND: Final = "kind"
SECTION_SUMMARY: Final = "summary"

PLACE_FIELDS: Final[Mapping[vol.Marker, Any]] = {
    vol.Optional(ATTR_AREA_ID): AreaSelector(AreaSelectorConfig(multiple=True)),
    vol.Optional(ATTR_FLOOR_ID): FloorSelector(FloorSelectorConfig(multiple=True)),
    vol.Optional(ATTR_LABEL_ID): LabelSelector(LabelSelectorConfig(multiple=True)),
}
KIND_SELECTOR: Final = SelectSelector(
    SelectSelectorConfig(options=[*KINDS], mode=SelectSelectorMode.DROPDOWN, translation_key=CONF_KIND)
)
TARGET_FIELDS: Final[Mapping[vol.Marker, Any]] = {vol.Optional(CONF_KIND): KIND_SELECTOR, **PLACE_FIELDS}


def summary_section(*, collapsed: bool) -> dict[vol.Marker, Any]:
    """Return the target of a summary as a section of a form, for those who do not select entities."""
    return {vol.Optional(SECTION_SUMMARY): section(vol.Schema(dict(TARGET_FIELDS)), {"collapsed": collapsed})}


def target_of(user_input: Mapping[str, Any]) -> Target | None:
    """Return the target of a filled-in form; `None` if no kind is chosen."""
    return Target.from_stored(user_input) if user_input.get(CONF_KIND) else None


def target_error(user_input: Mapping[str, Any], *, is_other: bool) -> dict[str, str]:
    """Return the error of a target by field: it needs a kind, and excludes what `is_other` says was chosen as well."""
    if user_input.get(CONF_KIND):
        return {CONF_KIND: "entities_and_kind"} if is_other else {}
    return {CONF_KIND: "no_kind"} if any(user_input.get(key) for key in PLACES) else {}
