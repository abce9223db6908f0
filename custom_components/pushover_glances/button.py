"""Buttons: one for each widget that sends its glance again, and one for each alert that dismisses it."""

from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PushoverGlancesConfigEntry
from .entity import AlertEntity, PushoverGlancesEntity, async_add_to_alerts, async_add_to_widgets
from .planner import refreshing

PARALLEL_UPDATES = 0

_DESCRIPTIONS = (ButtonEntityDescription(key="refresh", translation_key="refresh"),)
_DISMISS = ButtonEntityDescription(key="dismiss", translation_key="dismiss")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PushoverGlancesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the button of every widget and every alert."""
    async_add_to_widgets(entry, async_add_entities, WidgetButtonEntity, _DESCRIPTIONS)
    async_add_to_alerts(entry, async_add_entities, AlertButtonEntity, _DISMISS)


class WidgetButtonEntity(PushoverGlancesEntity, ButtonEntity):
    """Sends the whole glance, even if it has not changed, as soon as an urgent update may go."""

    @override
    async def async_press(self) -> None:
        """Request the update."""
        await self.async_act(refreshing)


class AlertButtonEntity(AlertEntity, ButtonEntity):
    """Gives the screen back at once; the alert is shown again when it begins the next time."""

    @override
    async def async_press(self) -> None:
        """Dismiss the alert."""
        await self.async_dismiss()
