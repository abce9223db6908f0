"""The choice of the widgets that an alert or a page is for."""

from collections.abc import Mapping, Sequence
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import callback
from homeassistant.helpers.selector import SelectOptionDict, SelectSelector, SelectSelectorConfig, SelectSelectorMode
import voluptuous as vol

from ..const import CONF_WIDGETS, SUBENTRY_TYPE_WIDGET


@callback
def choosable_widgets(entry: ConfigEntry, existing: ConfigSubentry | None) -> list[ConfigSubentry]:
    """Return the widgets to choose from; none if there is only one, unless the `existing` subentry names its widgets."""
    widgets = entry.get_subentries_of_type(SUBENTRY_TYPE_WIDGET)
    chosen = existing is not None and CONF_WIDGETS in existing.data
    return widgets if chosen or len(widgets) > 1 else []


@callback
def existing_widgets(entry: ConfigEntry, data: Mapping[str, Any]) -> list[str]:
    """Return the ids of those widgets of a saved alert or page that have not been removed."""
    known = {widget.subentry_id for widget in entry.get_subentries_of_type(SUBENTRY_TYPE_WIDGET)}
    return [widget for widget in data.get(CONF_WIDGETS, ()) if widget in known]


def widgets_field(widgets: Sequence[ConfigSubentry]) -> dict[vol.Marker, Any]:
    """Return the choice of widgets; empty if there is none to choose from."""
    options = [SelectOptionDict(value=widget.subentry_id, label=widget.title) for widget in widgets]
    config = SelectSelectorConfig(options=options, multiple=True, mode=SelectSelectorMode.LIST)
    return {vol.Optional(CONF_WIDGETS): SelectSelector(config)} if options else {}
