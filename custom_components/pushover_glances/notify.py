"""A notify entity for each widget: the message fills the field `text`, the title the field `title`."""

from typing import override

from homeassistant.components.notify import NotifyEntity, NotifyEntityDescription
from homeassistant.components.notify.const import NotifyEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PushoverGlancesConfigEntry
from .entity import PushoverGlancesEntity, async_add_to_widgets
from .pushover import Field, Value, fit

PARALLEL_UPDATES = 0

_DESCRIPTIONS = (NotifyEntityDescription(key="notify", name=None),)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PushoverGlancesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the notify entity of every widget."""
    async_add_to_widgets(entry, async_add_entities, WidgetNotifyEntity, _DESCRIPTIONS)


class WidgetNotifyEntity(PushoverGlancesEntity, NotifyEntity):
    """Shows a message on a widget, without a notification or a sound."""

    _attr_supported_features = NotifyEntityFeature.TITLE

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Show the message, cut with an ellipsis if it is too long; without a title, that field keeps its value."""
        given = {Field.TITLE: title, Field.TEXT: message}
        values: dict[Field, Value] = {
            name: value for name, text in given.items() if text is not None and (value := fit(name, text)) is not None
        }
        await self.async_act(lambda key: self.widget.new_values(key, values))
