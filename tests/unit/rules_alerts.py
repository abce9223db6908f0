"""Alerts of one entity each, told apart from what the code believes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from custom_components.pushover_glances.content.alert_config import AlertConfig
from custom_components.pushover_glances.delivery import Alert, AlertMemory
from custom_components.pushover_glances.pushover import Field, Value

_AWAY = timedelta(minutes=30)
_TO_APPEAR = timedelta(minutes=2)

# The fields that each of them takes over, whether it is urgent, and how long its entity has to be open.
CONFIGS = tuple(
    AlertConfig(
        name, name, (f"cover.{name}",), frozenset({"open"}), None, None, lasts, None,
        {field: f"{field} of {name}" for field in fields}, urgent, name,
    )
    for name, fields, urgent, lasts in (
        ("first", (Field.TEXT, Field.SUBTEXT), True, timedelta(0)),
        ("second", (Field.TITLE, Field.TEXT), False, timedelta(minutes=5)),
    )
)  # fmt: skip


@dataclass(eq=False)
class AlertTruth:
    """An alert, the state of its entity (open, not open, or none), and what follows from what it was before."""

    config: AlertConfig
    is_open: bool | None = False
    since: datetime | None = None
    gone: datetime | None = None
    began: datetime | None = None

    def see(self, now: datetime, *, is_open: bool | None) -> None:
        """Let the entity change its state."""
        self.is_open = is_open
        if is_open is None:
            self.gone = self.gone or (now if self.since is not None else None)
            return
        self.gone = None
        self.since = (self.since or now) if is_open else None
        if not is_open:
            self.began = None

    def notice(self, now: datetime) -> None:
        """Let time pass, or be set back."""
        self.since, self.gone, self.began = (
            moment if moment is None else min(moment, now) for moment in (self.since, self.gone, self.began)
        )
        if self.gone is not None and now - self.gone >= _AWAY:
            self.since = self.gone = self.began = None
        elif self.gone is None and self.since is not None and now - self.since >= self.config.lasts:
            self.began = self.began or now

    def start(self, now: datetime) -> None:
        """Begin anew, as after a start or a change: what is away gets its time to appear."""
        if self.gone is not None:
            self.gone = max(self.gone, now + _TO_APPEAR - _AWAY)
        if self.since is not None and now - self.since < self.config.lasts:
            self.began = None


def covering(alerts: Mapping[str, AlertTruth], name: Field) -> Value | None:
    """Return what the newest active alert says about a field; `None` where none takes it over."""
    over = [item for item in alerts.values() if item.began is not None and name in item.config.templates]
    newest = max(over, key=lambda item: (item.began, item.config.subentry_id), default=None)
    return None if newest is None else newest.config.templates[name]


class CodeAlerts:
    """The code's own alerts, driven as those of an account are."""

    def __init__(self, truths: Mapping[str, AlertTruth], memory: dict[str, AlertMemory], now: datetime) -> None:
        """Begin with what is remembered, and see in which state every entity is."""
        self.alerts = {
            name: Alert(memory.setdefault(name, AlertMemory()), truth.config.lasts) for name, truth in truths.items()
        }
        self._truths = truths
        self._told = self.states()
        for name, alert in self.alerts.items():
            alert.begin(now)
            self.see(name, now)

    def see(self, name: str, now: datetime) -> None:
        """See in which state the entity of an alert is."""
        (entity,) = self._truths[name].config.entities
        self.alerts[name].see(entity, self._truths[name].is_open, now, now)

    def notice(self, now: datetime) -> list[str]:
        """Take note of the time, and return which alerts have begun or ended."""
        for alert in self.alerts.values():
            alert.notice(now)
        before, self._told = self._told, self.states()
        return [name for name, state in self._told.items() if state != before[name]]

    def states(self) -> dict[str, str]:
        """Return what makes each alert active."""
        return {name: " ".join(alert.active) for name, alert in self.alerts.items()}

    def says(self) -> dict[str, dict[Field, Value | None]]:
        """Return what the active alerts say, the newest first."""
        begun = sorted(((alert.began, name) for name, alert in self.alerts.items() if alert.began), reverse=True)
        return {name: dict(self._truths[name].config.templates) for _, name in begun}
