"""What stands for an entity, whatever its entity id becomes: the id of its registry entry, where it has one."""

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
    """Return the entity id that a key stands for now; `None` where the entity has been removed."""
    return er.async_resolve_entity_id(er.async_get(hass), key)


@callback
def entity_ids_of(hass: HomeAssistant, keys: Iterable[str]) -> list[str]:
    """Return the entity ids that keys stand for now, without those of entities that have been removed."""
    found = (entity_id_of(hass, key) for key in keys)
    return [entity_id for entity_id in found if entity_id is not None]


@callback
def known_as(hass: HomeAssistant, key: str) -> str:
    """Return the entity id that a key stands for, or did before the entity was removed, as far as that is known."""
    if (entity_id := entity_id_of(hass, key)) is not None:
        return entity_id
    removed = er.async_get(hass).deleted_entities.values()
    return next((entry.entity_id for entry in removed if entry.id == key), key)
