"""Where the data of widgets, alerts and pages name entities."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import CONF_CONDITIONS, CONF_ENTITIES
from homeassistant.core import valid_entity_id

from ..const import CONF_UNITS
from ..pushover import Field
from .settings import CONF_QUIET_WHILE, CONF_URGENT_ENTITIES
from .source import KIND_ENTITY

# An alert names an entity without a unique ID by its entity id.
_NAMING: Final = frozenset({CONF_CONDITIONS, CONF_ENTITIES, CONF_QUIET_WHILE, CONF_UNITS, CONF_URGENT_ENTITIES})


def with_new_id(data: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return the data of a subentry with another id of an entity, wherever it names exactly this entity.

    Texts and templates stay as a person wrote them.
    """
    return {key: _replaced(value, old, new) if _names_entities(key, value) else value for key, value in data.items()}


def _names_entities(key: str, value: Any) -> bool:
    return key in _NAMING or (key in Field and isinstance(value, Mapping) and KIND_ENTITY in value)


def _replaced(value: Any, old: str, new: str) -> Any:
    """Return a value with another id at any depth: conditions are as Home Assistant's editor saves them."""
    match value:
        case str():
            return _replaced_in_text(value, old, new)
        case Mapping():
            return {_replaced(key, old, new): _replaced(item, old, new) for key, item in value.items()}
        case list() | tuple() if old in value and new in value:
            return type(value)(item for item in value if item != old)
        case list() | tuple():
            return type(value)(_replaced(item, old, new) for item in value)
        case _:
            return value


def _replaced_in_text(text: str, old: str, new: str) -> str:
    """Return an id, or several with commas, as Home Assistant takes them in a condition; other texts stay."""
    names = [name.strip() for name in text.split(",")]
    if old not in names or not all(valid_entity_id(name) for name in names):
        return text
    return ", ".join(dict.fromkeys(new if name == old else name for name in names))
