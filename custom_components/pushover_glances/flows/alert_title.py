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

# A name and a condition fit on one line of a page together.
_LONGEST = 30


@callback
def alert_title(hass: HomeAssistant, data: Mapping[str, Any]) -> str:
    """Return a name such as "Garage door: Open" or "Freezer +2: > -10"."""
    entity_ids = entity_ids_of(hass, data)
    name = shorten(entity_facts(hass, entity_ids[0]).name, _LONGEST)
    if len(entity_ids) > 1:
        name = f"{name} +{len(entity_ids) - 1}"
    words = [translated_state(hass, item, state) for item in entity_ids[:1] for state in data.get(CONF_STATES, ())]
    limits = [
        f"{sign} {_plain(data[key])}"
        for key, sign in ((CONF_ABOVE, ">"), (CONF_BELOW, "<"))
        if data.get(key) is not None
    ]
    conditions = shorten(", ".join([*words, *limits]), _LONGEST)
    return f"{name}: {conditions}" if conditions else name


def _plain(number: float) -> str:
    """Return a number without an exponent or trailing zeros."""
    return f"{Decimal(str(number)).normalize():f}"
