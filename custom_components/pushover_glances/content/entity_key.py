"""Keys of entities: the id of the registry entry, which stays when the entity id changes, or else the entity id."""

from collections.abc import Iterable

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er


@callback
def key_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return the key of an entity."""
    entry = er.async_get(hass).async_get(entity_id)
    return entity_id if entry is None else entry.id


@callback
def entity_id_of(hass: HomeAssistant, key: str) -> str | None:
    """Return the current entity id of a key; `None` if the entity has been removed."""
    return er.async_resolve_entity_id(er.async_get(hass), key)


@callback
def entity_ids_of(hass: HomeAssistant, keys: Iterable[str]) -> list[str]:
    """Return the current entity ids of keys, without those of removed entities."""
    found = (entity_id_of(hass, key) for key in keys)
    return [entity_id for entity_id in found if entity_id is not None]


@callback
def is_gone(hass: HomeAssistant, key: str) -> bool:
    """Return whether a key is that of an entity without a registry entry, which is gone with its state."""
    return "." in key and hass.states.get(key) is None and er.async_get(hass).async_get(key) is None


@callback
def last_entity_id_of(hass: HomeAssistant, key: str) -> str:
    """Return the current entity id of a key, or the last known one of a removed entity, or the key itself."""
    if (entity_id := entity_id_of(hass, key)) is not None:
        return entity_id
    removed = er.async_get(hass).deleted_entities.values()
    return next((entry.entity_id for entry in removed if entry.id == key), key)
