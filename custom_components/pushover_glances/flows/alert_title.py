"""The name of an alert, made of its entities and conditions."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from homeassistant.const import CONF_ABOVE, CONF_BELOW
from homeassistant.core import HomeAssistant, callback, split_entity_id
from homeassistant.helpers.translation import async_get_cached_translations

from ..const import CONF_STATES
from ..content.alert_text import translated_state
from ..content.counted_text import in_a_sentence
from ..content.entity_facts import entity_facts
from ..content.target_name import target_name
from ..content.watched import Watched
from ..pushover import shorten

# A name and a condition fit on one line of a page together.
_LONGEST = 30


@callback
def alert_title(hass: HomeAssistant, data: Mapping[str, Any]) -> str:
    """Return a name such as "Garage door: Open", "Freezer +2: > -10" or "Doors and windows: Ground floor".

    It is empty if all of its entities have been removed.
    """
    watched = Watched.from_data(data)
    if watched.target is not None:
        return target_name(hass, watched.target)
    entity_ids, attribute = watched.entity_ids(hass), watched.attribute
    if not entity_ids:
        return ""
    name = shorten(entity_facts(hass, entity_ids[0]).name, _LONGEST)
    if attribute is not None:
        name = f"{name} {_attribute_name(hass, entity_ids[0], attribute)}"
    if len(entity_ids) > 1:
        name = f"{name} +{len(entity_ids) - 1}"
    words = _words(hass, entity_ids, data.get(CONF_STATES, ()), attribute)
    limits = [
        f"{sign} {_plain(data[key])}"
        for key, sign in ((CONF_ABOVE, ">"), (CONF_BELOW, "<"))
        if data.get(key) is not None
    ]
    conditions = shorten(", ".join([*words, *limits]), _LONGEST)
    return f"{name}: {conditions}" if conditions else name


@callback
def _words(hass: HomeAssistant, entity_ids: Sequence[str], states: Iterable[str], attribute: str | None) -> list[str]:
    """Return what states are called, each word once: that a window is on is called open, as that a door is open."""
    words: dict[str, str] = {}
    for state in states:
        known = (translated_state(hass, entity_id, state, attribute) for entity_id in entity_ids)
        word = next((word for word in known if word != state), state)
        words.setdefault(word.casefold(), word)
    return [*words.values()]


@callback
def _attribute_name(hass: HomeAssistant, entity_id: str, attribute: str) -> str:
    """Return what an attribute is called, as it is written after the name of its entity."""
    domain = split_entity_id(entity_id)[0]
    texts = async_get_cached_translations(hass, hass.config.language, "entity_component", domain)
    path = f"component.{domain}.entity_component._.state_attributes.{attribute}.name"
    return in_a_sentence(hass, texts.get(path) or attribute.replace("_", " "))


def _plain(number: float) -> str:
    """Return a number without an exponent or trailing zeros."""
    return f"{Decimal(str(number)).normalize():f}"
