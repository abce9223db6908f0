"""The name of an account: that of the person whose devices show its widgets."""

from collections.abc import Sequence
from typing import Any

from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..const import DOMAIN

_PRODUCT = "Pushover"
_PERSON = "person"
# More names of devices would not fit on a page.
_MOST_NAMED = 3


def account_title(name: str, devices: Sequence[str]) -> str:
    """Return the title of an account: after its person, or else after its devices."""
    if name:
        return f"{_PRODUCT}: {name}"
    more = len(devices) - _MOST_NAMED
    named = ", ".join(devices[:_MOST_NAMED]) + (f" +{more}" if more > 0 else "")
    return f"{_PRODUCT} ({named})" if devices else _PRODUCT


@callback
def name_field(hass: HomeAssistant) -> dict[vol.Marker, Any]:
    """Return the field for the name; it offers the persons of Home Assistant, and suggests the first without an account."""
    persons = list(dict.fromkeys(state.name for state in hass.states.async_all(_PERSON)))
    titles = {entry.title for entry in hass.config_entries.async_entries(DOMAIN)}
    free = (name for name in persons if account_title(name, ()) not in titles)
    config = SelectSelectorConfig(options=persons, custom_value=True, mode=SelectSelectorMode.DROPDOWN)
    selector: Selector[Any] = SelectSelector(config) if persons else TextSelector()
    return {vol.Optional(CONF_NAME, description={"suggested_value": next(free, None)}): selector}
