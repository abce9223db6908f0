"""What the entities of a widget have in common."""

from homeassistant.config_entries import ConfigSubentry
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription

from .const import DOMAIN
from .courier import PushoverGlancesConfigEntry


class PushoverGlancesEntity(Entity):
    """An entity on the device of a widget, below the device of its account."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self,
        entry: PushoverGlancesConfigEntry,
        subentry: ConfigSubentry,
        description: EntityDescription,
    ) -> None:
        """Name the entity after its widget's subentry, which keeps its id when it is reconfigured."""
        self.entity_description = description
        self.courier = entry.runtime_data
        self.subentry_id = subentry.subentry_id
        self._attr_unique_id = f"{subentry.subentry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, f"{entry.entry_id}_{subentry.subentry_id}")},
            manufacturer="Pushover",
            model="Widget",
            name=subentry.title,
            via_device_id=dr.async_get_device_id_by_identifier(
                self.courier.hass, (DOMAIN, entry.entry_id), config_entry_id=entry.entry_id
            ),
        )
