"""A binary sensor for each widget that tells whether something keeps it from being right."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorEntity, BinarySensorEntityDescription
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .courier import PushoverGlancesConfigEntry
from .entity import PushoverGlancesEntity, async_add_to_widgets

PARALLEL_UPDATES = 0

_DESCRIPTIONS = (
    BinarySensorEntityDescription(
        key="problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PushoverGlancesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensor of every widget."""
    async_add_to_widgets(entry, async_add_entities, WidgetProblemEntity, _DESCRIPTIONS)


class WidgetProblemEntity(PushoverGlancesEntity, BinarySensorEntity):
    """On while Pushover cannot be reached or refuses the widget, or while nothing can be saved."""

    @property
    @override
    def is_on(self) -> bool:
        """Tell whether there is a problem."""
        return self.data.problem
