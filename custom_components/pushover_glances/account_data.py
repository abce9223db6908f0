"""What the entities of an account show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .alert_data import AlertData, AlertStatus
from .widget import WidgetData


@dataclass(frozen=True, slots=True)
class AccountData:
    """What the entities of an account show: the data of its widgets and of its alerts, by subentry.

    `is_connected` is set unless Pushover cannot be reached, or refuses the credentials.
    """

    widgets: Mapping[str, WidgetData] = field(default_factory=dict)
    alerts: Mapping[str, AlertData] = field(default_factory=dict)
    is_connected: bool = True

    def seen(
        self,
        now: datetime,
        widgets: Mapping[str, WidgetData],
        alerts: Mapping[str, AlertStatus],
        *,
        is_connected: bool,
    ) -> AccountData:
        """Return the data after these widgets and all alerts were looked at."""
        seen = {name: self.alerts.get(name, AlertData(status)).seen(now, status) for name, status in alerts.items()}
        return AccountData({**self.widgets, **widgets}, seen, is_connected)
