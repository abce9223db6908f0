"""What is known of an entity, from its state and from its registry entry, which stays while it is unavailable."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.components.sensor.const import SensorDeviceClass
from homeassistant.const import (
    ATTR_DEVICE_CLASS,
    ATTR_SUPPORTED_FEATURES,
    ATTR_UNIT_OF_MEASUREMENT,
    PERCENTAGE,
    STATE_UNKNOWN,
    Platform,
)
from homeassistant.core import HomeAssistant, State, callback, split_entity_id
from homeassistant.helpers import entity_registry as er

# What stays on top of other alerts. A sensor of gas counts cubic meters, one of moisture is in the soil.
_HAZARDS = frozenset(
    {
        (Platform.BINARY_SENSOR, BinarySensorDeviceClass.CO),
        (Platform.BINARY_SENSOR, BinarySensorDeviceClass.GAS),
        (Platform.BINARY_SENSOR, BinarySensorDeviceClass.MOISTURE),
        (Platform.BINARY_SENSOR, BinarySensorDeviceClass.SMOKE),
        (Platform.BINARY_SENSOR, BinarySensorDeviceClass.TAMPER),
        (Platform.SENSOR, SensorDeviceClass.CO),
    }
)


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """What is known of an entity; `attributes` are those of its state over those of its registry entry."""

    entity_id: str
    name: str
    state: str
    attributes: Mapping[str, Any]

    @property
    def domain(self) -> str:
        """Return the domain of the entity id."""
        return split_entity_id(self.entity_id)[0]

    @property
    def device_class(self) -> str | None:
        """Return the device class, which a person may have chosen."""
        return self.attributes.get(ATTR_DEVICE_CLASS)

    @property
    def is_percentage(self) -> bool:
        """Return whether a number is a percentage."""
        is_battery = self.device_class == SensorDeviceClass.BATTERY
        return self.attributes.get(ATTR_UNIT_OF_MEASUREMENT) == PERCENTAGE or is_battery


@callback
def entity_facts(hass: HomeAssistant, entity_id: str) -> EntityFacts:
    """Return what is known of an entity."""
    state = hass.states.get(entity_id)
    entry = er.async_get(hass).async_get(entity_id)
    named = state or State(entity_id, STATE_UNKNOWN)
    name = er.async_get_full_entity_name(hass, entry) if state is None and entry is not None else ""
    return EntityFacts(
        entity_id,
        name=str(name or named.name),
        state=named.state,
        attributes={**({} if entry is None else _registered(entry)), **named.attributes},
    )


@callback
def is_hazard(hass: HomeAssistant, entity_id: str) -> bool:
    """Return whether an entity detects smoke, gas, carbon monoxide, water or tampering."""
    facts = entity_facts(hass, entity_id)
    return (facts.domain, facts.device_class) in _HAZARDS


@callback
def translation_keys(
    hass: HomeAssistant, entity_id: str, device_class: str | None
) -> tuple[str, str | None, str | None, str | None]:
    """Return what a translation is looked up by: domain, platform, translation key and device class."""
    entry = er.async_get(hass).async_get(entity_id)
    platform, key = (None, None) if entry is None else (entry.platform, entry.translation_key)
    return split_entity_id(entity_id)[0], platform, key, device_class


def _registered(entry: er.RegistryEntry) -> dict[str, Any]:
    """Return the attributes that the registry entry keeps while the entity has no state."""
    attributes = {
        ATTR_DEVICE_CLASS: entry.device_class or entry.original_device_class,
        ATTR_SUPPORTED_FEATURES: entry.supported_features,
        ATTR_UNIT_OF_MEASUREMENT: entry.unit_of_measurement,
        **(entry.capabilities or {}),
    }
    return {key: value for key, value in attributes.items() if value is not None}
