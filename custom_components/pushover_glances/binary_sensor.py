"""Binary sensors: whether Pushover answers, whether a widget has a problem, and whether an alert is active."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.binary_sensor import BinarySensorEntity, BinarySensorEntityDescription
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import ALERT_ACTIVE
from .coordinator import PushoverGlancesConfigEntry
from .entity import AccountEntity, AlertEntity, PushoverGlancesEntity, async_add_to_alerts, async_add_to_widgets
from .planner import Reason

PARALLEL_UPDATES = 0

_DESCRIPTIONS = (
    BinarySensorEntityDescription(
        key="problem",
        translation_key="problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
)
_CONNECTION = BinarySensorEntityDescription(
    key="connection",
    translation_key="connection",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)
_ACTIVE = BinarySensorEntityDescription(key=ALERT_ACTIVE, translation_key="alert", name=None)

ATTR_REASON = "reason"
ATTR_ALERTS = "alerts"
ATTR_ERROR = "error"
ATTR_ENTITIES = "entities"
ATTR_SINCE = "since"
ATTR_DISMISSED = "dismissed"
ATTR_CONDITIONS_MET = "conditions_met"

# The problems that the error of the last update explains, if it failed.
_OF_AN_ATTEMPT = (Reason.HELD, Reason.NO_DEVICES, Reason.OUTAGE, Reason.RATE_LIMIT)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PushoverGlancesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of the account, every widget and every alert."""
    async_add_entities([AccountConnectionEntity(entry, _CONNECTION)])
    async_add_to_widgets(entry, async_add_entities, WidgetProblemEntity, _DESCRIPTIONS)
    async_add_to_alerts(entry, async_add_entities, AlertActiveEntity, _ACTIVE)


class AccountConnectionEntity(AccountEntity, BinarySensorEntity):
    """On unless Pushover cannot be reached, or refuses the credentials."""

    @property
    @override
    def is_on(self) -> bool:
        """Return whether Pushover answers this account."""
        return self.coordinator.data.is_connected


class WidgetProblemEntity(PushoverGlancesEntity, BinarySensorEntity):
    """On while Pushover cannot be reached, refuses the widget or sends its updates to no device, and for other reasons.

    The others are a file that cannot be saved, and an alert that has lost an entity.
    """

    @property
    @override
    def is_on(self) -> bool:
        """Return whether there is a problem."""
        return self.data.problem is not None

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return the reason, the last error, and the alerts concerned."""
        if self.data.problem is None:
            return None
        attributes = {ATTR_REASON: self.data.problem, ATTR_ALERTS: list(self.data.alerts)}
        attempt = self.data.attempt
        if attempt is not None and attempt.result == "failed" and self.data.problem in _OF_AN_ATTEMPT:
            attributes[ATTR_ERROR] = attempt.detail
        return attributes


class AlertActiveEntity(AlertEntity, BinarySensorEntity):
    """On while the alert is active, even if it has been dismissed."""

    def __init__(
        self,
        entry: PushoverGlancesConfigEntry,
        subentry: ConfigSubentry,
        description: BinarySensorEntityDescription,
    ) -> None:
        """Begin with the status of the alert."""
        super().__init__(entry, subentry, description)
        self._status = self.coordinator.data.alerts[self.subentry_id].status

    @property
    @override
    def is_on(self) -> bool:
        """Return whether the alert is active."""
        return self._status.is_active

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return which entities make it active, since when, and whether it has been dismissed.

        While an entity is in a state that counts, also whether the conditions hold.
        """
        status = self._status
        met = {} if status.conditions_met is None else {ATTR_CONDITIONS_MET: status.conditions_met}
        if not status.is_active:
            return met
        return {
            ATTR_ENTITIES: list(status.entities),
            ATTR_SINCE: status.since,
            ATTR_DISMISSED: status.dismissed,
            **met,
        }

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state if it has changed."""
        if (status := self.coordinator.data.alerts[self.subentry_id].status) != self._status:
            self._status = status
            self.async_write_ha_state()
