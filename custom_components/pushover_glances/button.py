"""A button for each widget that sends its glance again."""

from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PushoverGlancesConfigEntry
from .entity import PushoverGlancesEntity, async_add_to_widgets
from .planner import refreshing

PARALLEL_UPDATES = 0

_DESCRIPTIONS = (ButtonEntityDescription(key="refresh", translation_key="refresh"),)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PushoverGlancesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the button of every widget."""
    async_add_to_widgets(entry, async_add_entities, WidgetButtonEntity, _DESCRIPTIONS)


class WidgetButtonEntity(PushoverGlancesEntity, ButtonEntity):
    """Sends the whole glance, even if it has not changed, as soon as an urgent update may go."""

    @override
    async def async_press(self) -> None:
        """Request the update."""
        await self.async_act(refreshing)
