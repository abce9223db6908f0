"""An event entity for each widget with the results of its updates."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PushoverGlancesConfigEntry
from .entity import PushoverGlancesEntity, async_add_to_widgets
from .widget import Attempt

PARALLEL_UPDATES = 0

# The attribute of each event type: Pushover's id of the update, or the error.
_DETAILS = {"sent": "request", "failed": "error"}

_DESCRIPTIONS = (
    EventEntityDescription(
        key="update",
        translation_key="update",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        event_types=list(_DETAILS),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PushoverGlancesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event entity of every widget."""
    async_add_to_widgets(entry, async_add_entities, WidgetEventEntity, _DESCRIPTIONS)


class WidgetEventEntity(PushoverGlancesEntity, EventEntity):
    """Fires when an update was sent or has failed."""

    _fired: Attempt | None = None

    @callback
    @override
    def _async_widget_updated(self) -> None:
        """Fire for a new attempt."""
        attempt = self.data.attempt
        if attempt is not None and attempt is not self._fired:
            self._fired = attempt
            self._trigger_event(attempt.result, {_DETAILS[attempt.result]: attempt.detail})
        super()._async_widget_updated()

    @override
    async def async_added_to_hass(self) -> None:
        """Do not fire for an attempt from before the entity was added."""
        self._fired = self.data.attempt
        await super().async_added_to_hass()

    @callback
    # Home Assistant 2026.10 has no such method to override.
    def async_entity_id_changed(self, old_entity_id: str) -> None:  # type: ignore[explicit-override, unused-ignore]
        """Do nothing: from 2026.11 on, Home Assistant renames the entity in place if this method exists."""
