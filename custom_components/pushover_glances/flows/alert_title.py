"""The name of an alert, made of its entities and conditions."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from homeassistant.const import CONF_ABOVE, CONF_BELOW
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_STATES
from ..content.alert_text import translated_state
from ..content.entity_facts import entity_facts
from ..pushover import shorten
from .alert_form import entity_ids_of

# About one line of a page.
_LONGEST = 60


@callback
def alert_title(hass: HomeAssistant, data: Mapping[str, Any]) -> str:
    """Return a name such as "Garage door: Open" or "Freezer: > -10"."""
    entity_ids = entity_ids_of(hass, data)
    names = ", ".join(entity_facts(hass, entity_id).name for entity_id in entity_ids)
    words = [translated_state(hass, item, state) for item in entity_ids[:1] for state in data.get(CONF_STATES, ())]
    limits = [f"{sign} {_plain(data[key])}" for key, sign in ((CONF_ABOVE, ">"), (CONF_BELOW, "<")) if key in data]
    return f"{shorten(names, _LONGEST)}: {shorten(', '.join([*words, *limits]), _LONGEST)}"


def _plain(number: float) -> str:
    """Return a number without an exponent or trailing zeros."""
    return f"{Decimal(str(number)).normalize():f}"
