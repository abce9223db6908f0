"""An image for each widget: watch faces with the values that Pushover accepted last."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .content.faces import CONTENT_TYPE, draw
from .coordinator import PushoverGlancesConfigEntry
from .entity import PushoverGlancesEntity, async_add_to_widgets
from .pushover import Field

PARALLEL_UPDATES = 0

_DESCRIPTIONS = (ImageEntityDescription(key="faces", translation_key="faces"),)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PushoverGlancesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the image of every widget."""
    async_add_to_widgets(entry, async_add_entities, WidgetImageEntity, _DESCRIPTIONS)


class WidgetImageEntity(PushoverGlancesEntity, ImageEntity):
    """Shows the slots of a watch with the values that this integration sent."""

    _attr_content_type = CONTENT_TYPE
    # They change with each update, and would fill the recorder's table of attributes.
    _unrecorded_attributes = frozenset(Field)

    def __init__(
        self, entry: PushoverGlancesConfigEntry, subentry: ConfigSubentry, description: ImageEntityDescription
    ) -> None:
        """Call both base classes: CoordinatorEntity does not call ImageEntity."""
        super().__init__(entry, subentry, description)
        ImageEntity.__init__(self, self.coordinator.hass)

    @property
    @override
    def image_last_updated(self) -> datetime | None:
        """Return when Pushover accepted the values."""
        return self.data.accepted

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return what the picture shows."""
        return {name.value: value for name in Field if (value := self.data.face.get(name, "")) != ""}

    @override
    async def async_image(self) -> bytes:
        """Draw the faces."""
        return draw(self.data.face).encode()
