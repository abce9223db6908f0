"""A switch for each widget that pauses its base."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PushoverGlancesConfigEntry
from .entity import PushoverGlancesEntity, async_add_to_widgets

PARALLEL_UPDATES = 0

_DESCRIPTIONS = (
    SwitchEntityDescription(key="mirror", translation_key="mirror", entity_category=EntityCategory.CONFIG),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PushoverGlancesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the switch of every widget."""
    async_add_to_widgets(entry, async_add_entities, WidgetSwitchEntity, _DESCRIPTIONS)


class WidgetSwitchEntity(PushoverGlancesEntity, SwitchEntity):
    """On while the widget follows Home Assistant's states; off, it keeps its values, and only actions change them."""

    @property
    @override
    def is_on(self) -> bool:
        """Return whether the widget follows Home Assistant's states."""
        return not self.data.paused

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Follow the states again, as soon as an urgent update may go."""
        await self.coordinator.async_set_paused(self.widget, paused=False)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Keep the values that the widget shows."""
        await self.coordinator.async_set_paused(self.widget, paused=True)
