"""What a flow offers to begin with as a copy: a widget, an alert or a page of any account."""

from typing import Any, Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import SelectOptionDict, SelectSelector, SelectSelectorConfig, SelectSelectorMode
import voluptuous as vol

from ..const import DOMAIN

CONF_COPY: Final = "copy"


@callback
def copy_field(hass: HomeAssistant, *subentry_types: str) -> dict[vol.Marker, Any]:
    """Return the choice of a subentry of these types to copy, of any account; empty if there is none."""
    options = [
        SelectOptionDict(value=subentry.subentry_id, label=f"{subentry.title} ({entry.title})")
        for subentry_type in subentry_types
        for entry in hass.config_entries.async_entries(DOMAIN)
        for subentry in entry.get_subentries_of_type(subentry_type)
    ]
    config = SelectSelectorConfig(options=options, mode=SelectSelectorMode.DROPDOWN)
    return {vol.Optional(CONF_COPY): SelectSelector(config)} if options else {}


@callback
def original_of(hass: HomeAssistant, subentry_id: str) -> ConfigSubentry | None:
    """Return the subentry to copy; `None` if it has been removed."""
    found = (entry.subentries.get(subentry_id) for entry in hass.config_entries.async_entries(DOMAIN))
    return next((subentry for subentry in found if subentry is not None), None)
