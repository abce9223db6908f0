"""Sensors for each widget: its status, the times of its last and next update, and the updates left today."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorEntityDescription, SensorStateClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PushoverGlancesConfigEntry
from .entity import PushoverGlancesEntity, async_add_to_widgets
from .planner import Reason
from .widget import WidgetData

PARALLEL_UPDATES = 0

ATTR_SMALL_SINCE = "small_change_since"
ATTR_WAITING_FOR = "waiting_for"
ATTR_PAGE = "page"
ATTR_NEXT_UPDATE = "next_update"
ATTR_LARGEST_SPENDERS = "largest_spenders"


@dataclass(frozen=True, kw_only=True)
class WidgetSensorEntityDescription(SensorEntityDescription):
    """A sensor, and the functions that return its value and its attributes."""

    value: Callable[[WidgetData], str | int | datetime | None]
    attributes: Callable[[WidgetData], Mapping[str, Any]] | None = None
    entity_category: EntityCategory | None = EntityCategory.DIAGNOSTIC


def _status_attributes(data: WidgetData) -> dict[str, Any]:
    attributes = {
        ATTR_NEXT_UPDATE: data.due,
        ATTR_SMALL_SINCE: data.small_since,
        ATTR_WAITING_FOR: data.waiting_for,
        ATTR_PAGE: data.page,
    }
    return {name: value for name, value in attributes.items() if value is not None}


def _left_attributes(data: WidgetData) -> dict[str, Any]:
    # Without a limit, the state never changes, so each update would change the attributes alone.
    return {ATTR_LARGEST_SPENDERS: data.spenders} if data.left is not None and data.spenders else {}


_DESCRIPTIONS = (
    WidgetSensorEntityDescription(
        key="status",
        translation_key="status",
        device_class=SensorDeviceClass.ENUM,
        options=[reason.value for reason in Reason],
        value=lambda data: data.status,
        attributes=_status_attributes,
    ),
    WidgetSensorEntityDescription(
        key="last_sent",
        translation_key="last_sent",
        device_class=SensorDeviceClass.TIMESTAMP,
        value=lambda data: data.accepted,
    ),
    WidgetSensorEntityDescription(
        key="updates_left",
        translation_key="updates_left",
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda data: data.left,
        attributes=_left_attributes,
    ),
    WidgetSensorEntityDescription(
        key="next_update",
        translation_key="next_update",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_registry_enabled_default=False,
        value=lambda data: data.due,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PushoverGlancesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of every widget."""
    async_add_to_widgets(entry, async_add_entities, WidgetSensorEntity, _DESCRIPTIONS)


class WidgetSensorEntity(PushoverGlancesEntity, SensorEntity):
    """Shows one fact about a widget."""

    entity_description: WidgetSensorEntityDescription
    # Each new value would be a row of the recorder's table of attributes.
    _unrecorded_attributes = frozenset({ATTR_LARGEST_SPENDERS, ATTR_NEXT_UPDATE})

    @property
    @override
    def native_value(self) -> str | int | datetime | None:
        """Return the value."""
        return self.entity_description.value(self.data)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return the attributes."""
        return None if self.entity_description.attributes is None else self.entity_description.attributes(self.data)
