"""What the entity of an alert shows, which does not follow each swing of an alert that begins and ends all the time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .content.alert_monitor import Alert

# Each change is a row of Home Assistant's database. The begin and the end of an alert are both shown at once; if more
# follows, it is one change a minute on average.
_TWO_CHANGES = timedelta(minutes=2)
_OTHER_ENTITIES = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AlertStatus:
    """The ids of the entities that make an alert active, since when, and whether none of them is shown any more.

    `conditions_met` is whether its conditions hold while an entity is in a state that counts, `None` if it has none.
    """

    entities: tuple[str, ...] = ()
    since: datetime | None = None
    dismissed: bool = False
    conditions_met: bool | None = None

    @classmethod
    def of(cls, alert: Alert) -> AlertStatus:
        """Return what the entity of an alert shows, unless it has just changed."""
        is_dismissed = bool(alert.active) and not alert.shown
        return cls(alert.active_entities, alert.active_since, is_dismissed, alert.conditions_met)

    @property
    def is_active(self) -> bool:
        """Return whether the alert is active."""
        return bool(self.entities)


@dataclass(frozen=True, slots=True)
class AlertData:
    """The status that the entity of an alert shows, when it was turned on or off last, and when before that.

    `detailed` is when only its attributes changed last.
    """

    status: AlertStatus
    last: datetime | None = None
    before: datetime | None = None
    detailed: datetime | None = None

    def held_until(self, now: datetime, status: AlertStatus) -> datetime | None:
        """Return until when the entity does not show another status, because it has just changed; `None` if it may."""
        if replace(self.status, dismissed=status.dismissed) == status:
            # A person does this.
            return None
        if status.is_active is self.status.is_active:
            changed, length = self.detailed, _OTHER_ENTITIES
        else:
            changed, length = self.before, _TWO_CHANGES
        # A time in the future was recorded before the clock was set back.
        return changed + length if changed is not None and timedelta(0) <= now - changed < length else None

    def seen(self, now: datetime, status: AlertStatus) -> AlertData:
        """Return the data after the alert was looked at."""
        if status == self.status or self.held_until(now, status) is not None:
            return self
        if status.is_active is self.status.is_active:
            return replace(self, status=status, detailed=now)
        return AlertData(status, now, self.last, self.detailed)
