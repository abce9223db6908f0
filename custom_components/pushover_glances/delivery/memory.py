"""What must outlive a restart: what a device shows, what it was sent, and what waits for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ..pushover import Field, Value
from .composition import ManualValue, Shown, over_manual
from .ledger import Ledger


@dataclass(slots=True)
class Memory:
    """What is known of one device, or of all together, and of the widget that owns it.

    `owner` is that widget, and `configuration` tells whether it has been edited since. `shown` is what Pushover last
    accepted, without the time of day that `stamped` has at its end, and `states` are those of the urgent entities
    behind it. `attempt` is what left without an answer: it may be shown, or not. `mirrored` is what the templates said
    last, and `unavailable` tells since when a field has no value. `restlessness` is which part of the words that change
    have been there for a short time only, from 0 to 1. `asked` is set while a person waits for an update, `refreshes`
    counts those who do even without a change. While `paused`, the mirror says nothing new. `alerts` is what the active
    alerts said last, the newest first, `covered` are the fields of what is shown that came from alerts, and `tried` are
    the states behind `attempt`.

    The rest is for people to look at: `face` is what the device shows, time of day included, as far as it came from
    here, `accepted` when Pushover took it, and `short_days` are the last days in a row on which something urgent had to
    wait because the updates of the day have to last.
    """

    owner: str = ""
    configuration: str = ""
    ledger: Ledger = field(default_factory=Ledger)
    shown: dict[Field, Value | None] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    stamped: Field | None = None
    attempt: dict[Field, Value] | None = None
    manual: dict[Field, ManualValue] = field(default_factory=dict)
    mirrored: dict[Field, Value] = field(default_factory=dict)
    unavailable: dict[Field, datetime] = field(default_factory=dict)
    restlessness: float = 0.0
    asked: bool = False
    refreshes: int = 0
    paused: bool = False
    alerts: dict[str, dict[Field, Value]] = field(default_factory=dict)
    covered: list[Field] = field(default_factory=list)
    tried: dict[str, str] = field(default_factory=dict)
    accepted: datetime | None = None
    face: dict[Field, Value] = field(default_factory=dict)
    short_days: list[date] = field(default_factory=list)

    def last_mirrored(self, mirrored: Mapping[Field, Value | None]) -> Shown:
        """Return what every template says, or said last as far as that is known where it has no value now."""
        return {name: self.mirrored.get(name) if value is None else value for name, value in mirrored.items()}

    def alerted(self) -> dict[Field, Value]:
        """Return what alerts show, as they said last."""
        return over_manual(self.alerts.values())

    def open_manual(self) -> dict[Field, ManualValue]:
        """Return the manual values that no alert covers."""
        alerted = self.alerted()
        return {name: item for name, item in self.manual.items() if name not in alerted}

    def hear_alerts(self, alerts: Mapping[str, Shown]) -> None:
        """Remember what the active alerts say, and what they said last where that has no value now."""
        self.alerts = {
            alert: {
                name: value
                for name, new in says.items()
                if (value := self.alerts.get(alert, {}).get(name) if new is None else new) is not None
            }
            for alert, says in alerts.items()
        }

    def perhaps_shown(self) -> Shown:
        """Return every field that this widget may have put on the screen, by what it last showed for certain."""
        shown = not_emptied(self.shown, self.attempt or {})
        if self.stamped is not None and shown.get(self.stamped) == "":
            # The time of day stands there alone.
            shown[self.stamped] = None
        return shown

    @property
    def leaves_something(self) -> bool:
        """Tell whether the screen shows something that came from here."""
        return any(value != "" for value in self.perhaps_shown().values())


def not_emptied[V: Value | None](first: Mapping[Field, V], second: Mapping[Field, V]) -> dict[Field, V]:
    """Return the values of both, the first before the second, but any value before none."""
    return {**second, **{name: value for name, value in first.items() if value != "" or second.get(name, "") == ""}}
