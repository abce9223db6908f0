"""What the entities of a widget have in common."""

from collections.abc import Callable, Iterable

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_DEVICE
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN, SUBENTRY_TYPE_WIDGET
from .content.texts import cached_text
from .content.widget_config import ALL_TITLE, is_named
from .coordinator import WidgetCoordinator, WidgetData
from .courier import PushoverGlancesConfigEntry
from .delivery import Put
from .post import Post


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
    """Return the name of a widget's device, such as "iphone glance", or the name that a person gave the widget.

    The Companion app of a phone names its own entities after it, such as `notify.iphone`.
    """
    all_title = cached_text(hass, "all_devices") or ALL_TITLE
    named = is_named(subentry.title, subentry.data[CONF_DEVICE], all_title)
    return subentry.title if named else f"{subentry.title} glance"


class PushoverGlancesEntity(CoordinatorEntity[WidgetCoordinator]):
    """An entity on the device of a widget, below the device of its account."""

    _attr_has_entity_name = True

    def __init__(
        self, entry: PushoverGlancesConfigEntry, subentry: ConfigSubentry, description: EntityDescription
    ) -> None:
        """Name the entity after its widget's subentry, which keeps its id when it is reconfigured."""
        self.courier = entry.runtime_data
        super().__init__(self.courier.coordinators[subentry.subentry_id])
        self.entity_description = description
        self.subentry_id = subentry.subentry_id
        self._attr_unique_id = f"{subentry.subentry_id}_{description.key}"
        hass = self.courier.hass
        self._attr_device_info = device_info(hass, entry, subentry, "Widget", _device_name(hass, subentry))

    @property
    def data(self) -> WidgetData:
        """Return what the widget's coordinator knows."""
        return self.coordinator.data

    @property
    def post(self) -> Post:
        """Return the widget as the courier sees it."""
        return self.courier.posts[self.subentry_id]

    async def async_ride(self, put: Put) -> None:
        """Send what was put over the widget, at once or when it may go; raises HomeAssistantError when it failed."""
        outcome = await self.courier.async_ride(self.post, put)
        if outcome.error is not None:
            raise outcome.error


@callback
def async_add_to_widgets[D: EntityDescription](
    entry: PushoverGlancesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    create: Callable[[PushoverGlancesConfigEntry, ConfigSubentry, D], PushoverGlancesEntity],
    descriptions: Iterable[D],
) -> None:
    """Add an entity of each description to every widget.

    One that has been added since the account began to load gets its entities when that is loaded again, which follows.
    """
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_WIDGET):
        if subentry.subentry_id in entry.runtime_data.coordinators:
            async_add_entities(
                [create(entry, subentry, description) for description in descriptions],
                config_subentry_id=subentry.subentry_id,
            )
