"""The base classes of the entities of an account, a widget and an alert."""

from collections.abc import Callable, Iterable
from typing import override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_DEVICE
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN, SUBENTRY_TYPE_ALERT, SUBENTRY_TYPE_WIDGET
from .content.texts import cached_text
from .content.widget_config import ALL_TITLE, is_named
from .coordinator import PushoverGlancesConfigEntry, PushoverGlancesCoordinator
from .planner import Action
from .widget import Widget, WidgetData


def device_info(
    hass: HomeAssistant, entry: PushoverGlancesConfigEntry, subentry: ConfigSubentry, model: str, name: str
) -> DeviceInfo:
    """Return the device of a subentry, below that of its account."""
    return DeviceInfo(
        entry_type=DeviceEntryType.SERVICE,
        identifiers={(DOMAIN, f"{entry.entry_id}_{subentry.subentry_id}")},
        manufacturer="Pushover",
        model=model,
        name=name,
        via_device_id=dr.async_get_device_id_by_identifier(
            hass, (DOMAIN, entry.entry_id), config_entry_id=entry.entry_id
        ),
    )


def _device_name(hass: HomeAssistant, subentry: ConfigSubentry) -> str:
    """Return the name that a person gave the widget, or that of its device with "glance", such as "iphone glance".

    The entities of the Companion app are named after the phone alone, such as `notify.iphone`.
    """
    all_title = cached_text(hass, "all_devices") or ALL_TITLE
    named = is_named(subentry.title, subentry.data[CONF_DEVICE], all_title)
    return subentry.title if named else f"{subentry.title} glance"


class _SubentryEntity(CoordinatorEntity[PushoverGlancesCoordinator]):
    """An entity on the device of a subentry, below the device of its account."""

    _attr_has_entity_name = True

    def __init__(
        self,
        entry: PushoverGlancesConfigEntry,
        subentry: ConfigSubentry,
        description: EntityDescription,
        model: str,
        name: str,
    ) -> None:
        """Set the unique id, made of the id of the subentry, which stays when that is reconfigured."""
        super().__init__(entry.runtime_data)
        self.entity_description = description
        self.subentry_id = subentry.subentry_id
        self._attr_unique_id = f"{subentry.subentry_id}_{description.key}"
        self._attr_device_info = device_info(self.coordinator.hass, entry, subentry, model, name)


class AccountEntity(CoordinatorEntity[PushoverGlancesCoordinator]):
    """An entity on the device of an account."""

    _attr_has_entity_name = True

    def __init__(self, entry: PushoverGlancesConfigEntry, description: EntityDescription) -> None:
        """Set the unique id, made of the id of the account."""
        super().__init__(entry.runtime_data)
        self.entity_description = description
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})


class PushoverGlancesEntity(_SubentryEntity):
    """An entity on the device of a widget."""

    def __init__(
        self, entry: PushoverGlancesConfigEntry, subentry: ConfigSubentry, description: EntityDescription
    ) -> None:
        """Begin with the present data of the widget."""
        hass = entry.runtime_data.hass
        super().__init__(entry, subentry, description, "Widget", _device_name(hass, subentry))
        self.data: WidgetData = self.coordinator.data.widgets[self.subentry_id]

    @property
    def widget(self) -> Widget:
        """Return the widget."""
        return self.coordinator.widgets[self.subentry_id]

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Update the entity if the data of its widget has changed."""
        if (data := self.coordinator.data.widgets[self.subentry_id]) != self.data:
            self.data = data
            self._async_widget_updated()

    @callback
    def _async_widget_updated(self) -> None:
        """Write the state after the data of the widget has changed."""
        self.async_write_ha_state()

    async def async_act(self, make: Callable[[int], Action | None]) -> None:
        """Run an action on the widget; raises HomeAssistantError if it failed."""
        (result,) = await self.coordinator.async_act([self.widget], lambda _widget, key: make(key))
        if result.status == "failed" and result.error is not None:
            raise result.error


class AlertEntity(_SubentryEntity):
    """An entity on the device of an alert."""

    def __init__(
        self, entry: PushoverGlancesConfigEntry, subentry: ConfigSubentry, description: EntityDescription
    ) -> None:
        """Name the device like the alert."""
        super().__init__(entry, subentry, description, "Alert", subentry.title)

    async def async_dismiss(self) -> None:
        """Hide what makes the alert active now; raises HomeAssistantError if that is not possible."""
        await self.coordinator.async_dismiss(self.subentry_id)


@callback
def async_add_to_alerts[D: EntityDescription](
    entry: PushoverGlancesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    create: Callable[[PushoverGlancesConfigEntry, ConfigSubentry, D], AlertEntity],
    description: D,
) -> None:
    """Add an entity to every alert; one that was added while the account loaded gets it with the reload that follows."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_ALERT):
        if subentry.subentry_id in entry.runtime_data.monitor.alerts:
            async_add_entities([create(entry, subentry, description)], config_subentry_id=subentry.subentry_id)


@callback
def async_add_to_widgets[D: EntityDescription](
    entry: PushoverGlancesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    create: Callable[[PushoverGlancesConfigEntry, ConfigSubentry, D], PushoverGlancesEntity],
    descriptions: Iterable[D],
) -> None:
    """Add an entity of each description to every widget.

    A widget that was added while the account loaded gets its entities with the reload that follows.
    """
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_WIDGET):
        if subentry.subentry_id in entry.runtime_data.widgets:
            async_add_entities(
                [create(entry, subentry, description) for description in descriptions],
                config_subentry_id=subentry.subentry_id,
            )
