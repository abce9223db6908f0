"""Alerts of one entity each, told apart from what the code believes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from custom_components.pushover_glances.content.alert_config import AlertConfig
from custom_components.pushover_glances.content.watched import Watched
from custom_components.pushover_glances.planner import AlertState, ConditionsState, Rank
from custom_components.pushover_glances.planner.alerts import (
    dismiss,
    moments,
    notice,
    on_top,
    see,
    shown,
    started,
    under,
)
from custom_components.pushover_glances.pushover import Field, Value

_AWAY = timedelta(minutes=30)
_TO_APPEAR = timedelta(minutes=2)

# The fields that each of them takes over, whether it is urgent, how long its entity has to be open, whether it
# replaces the whole glance, and whether it has conditions.
CONFIGS = tuple(
    AlertConfig(
        name, name, Watched((f"cover.{name}",)), frozenset({"open"}), None, None, lasts, None,
        {field: f"{field} of {name}" for field in fields}, urgent, name, replaces=replaces,
        only_while=("{{ it_rains }}",) if conditions else (),
    )
    for name, fields, urgent, lasts, replaces, conditions in (
        ("first", (Field.TEXT, Field.SUBTEXT), True, timedelta(0), False, False),
        ("second", (Field.TITLE, Field.TEXT), False, timedelta(minutes=5), False, True),
        ("smoke", (Field.TITLE, Field.SUBTEXT), False, timedelta(0), False, False),
        ("whole", (Field.TEXT,), True, timedelta(0), True, True),
    )
)  # fmt: skip
ALERTED = frozenset(field for config in CONFIGS for field in config.templates)
WITH_CONDITIONS = tuple(config.subentry_id for config in CONFIGS if config.only_while)
# Those that detect smoke, gas, carbon monoxide, water or tampering.
HAZARDS = frozenset({"smoke"})
_URGENT = frozenset(config.subentry_id for config in CONFIGS if config.urgent)
_REPLACING = frozenset(config.subentry_id for config in CONFIGS if config.replaces)
_URGENT_BY_FIELD = {
    field: frozenset(
        config.subentry_id for config in CONFIGS if config.urgent and (field in config.templates or config.replaces)
    )
    for field in Field
}


@dataclass(eq=False)
class AlertTruth:
    """An alert, the state of its entity (open, not open, or none), and what follows from what it was before.

    `result` is that of its conditions, if they can be evaluated; `is_met` is what counts, and `unknown` is since when
    they could not be evaluated.
    """

    config: AlertConfig
    is_open: bool | None = False
    since: datetime | None = None
    gone: datetime | None = None
    has_lasted: bool = False
    began: datetime | None = None
    dismissed: bool = False
    result: bool | None = True
    is_met: bool = True
    unknown: datetime | None = None

    @property
    def is_shown(self) -> bool:
        """Return whether it is active and not dismissed."""
        return self.began is not None and not self.dismissed

    def dismiss(self) -> None:
        """Let a person dismiss it; the next time, it is shown."""
        self.dismissed = self.began is not None

    def see(self, now: datetime, *, is_open: bool | None) -> None:
        """Let the entity change its state."""
        self.is_open = is_open
        if is_open is None:
            self.gone = self.gone or (now if self.since is not None else None)
            return
        self.gone = None
        self.since = (self.since or now) if is_open else None
        if not is_open:
            self.has_lasted = False

    def judge(self, now: datetime, *, result: bool | None) -> None:
        """Let the conditions begin or cease to hold, or fail."""
        self.result = result
        if result is None:
            self.unknown = self.unknown or now
        else:
            self.is_met, self.unknown = result, None

    def notice(self, now: datetime) -> None:
        """Let time pass, or be set back: nothing has happened in the future."""
        moments = (self.since, self.gone, self.began)
        ahead = max([moment - now for moment in moments if moment is not None], default=timedelta(0))
        if ahead > timedelta(0):
            self.since, self.gone, self.began = (moment and moment - ahead for moment in moments)
        if self.gone is not None and now - self.gone >= _AWAY:
            self.since = self.gone = None
            self.has_lasted = False
        elif self.gone is None and self.since is not None and now - self.since >= self.config.lasts:
            self.has_lasted = True
        if self.unknown is not None:
            self.unknown = min(self.unknown, now)
            self.is_met = self.is_met and now - self.unknown < _AWAY
        if self.has_lasted and self.is_met:
            self.began = self.began or now
        else:
            self.began, self.dismissed = None, False

    def start(self, now: datetime) -> None:
        """Begin again, as after a start or a change: what is away gets its time to appear."""
        if self.gone is not None:
            self.gone = max(self.gone, now + _TO_APPEAR - _AWAY)
        if self.unknown is not None:
            self.unknown = max(self.unknown, now + _TO_APPEAR - _AWAY)

    def forget(self, now: datetime) -> None:
        """Begin again with nothing remembered."""
        self.since = self.gone = self.unknown = self.began = None
        self.has_lasted = self.dismissed = False
        self.is_met = not self.config.only_while
        self.see(now, is_open=self.is_open)
        if self.config.only_while:
            self.judge(now, result=self.result)


def from_the_top(alerts: Mapping[str, AlertTruth]) -> list[AlertTruth]:
    """Return the alerts that are shown: hazards before the others, then the urgent ones, then the newest."""
    found = sorted(
        ((item.began, name) for name, item in alerts.items() if item.began and item.is_shown),
        reverse=True,
    )
    newest = [alerts[name] for _, name in found]
    urgent = [item for item in newest if item.config.urgent] + [item for item in newest if not item.config.urgent]
    hazards = [item for item in urgent if item.config.subentry_id in HAZARDS]
    return hazards + [item for item in urgent if item not in hazards]


def covering(alerts: Mapping[str, AlertTruth], name: Field) -> Value | None:
    """Return what the alert on top says about a field, or that it is empty; `None` where none takes it over."""
    for item in from_the_top(alerts):
        if name in item.config.templates:
            return item.config.templates[name]
        if item.config.replaces:
            return ""
    return None


class CodeAlerts:
    """The alerts as the code knows them, driven as `AlertMonitor` does."""

    def __init__(self, truths: Mapping[str, AlertTruth], states: dict[str, AlertState]) -> None:
        """Take what is remembered."""
        self._truths = truths
        self.states = states
        for name in truths:
            states.setdefault(name, AlertState())

    def start(self, now: datetime) -> dict[str, bool]:
        """See in which state every entity is, and return what `notice` does."""
        noted: dict[str, bool] = {}
        for name, truth in self._truths.items():
            self.states[name] = started(self.states[name], truth.config.lasts, now)
            for what in ([self.judge] if truth.config.only_while else []) + [self.see]:
                noted |= {key: is_changed or noted.get(key, False) for key, is_changed in what(name, now).items()}
        return noted

    def judge(self, name: str, now: datetime) -> dict[str, bool]:
        """Evaluate the conditions of an alert, and return what `notice` does."""
        before = self.states[name]
        conditions = (before.conditions or ConditionsState()).seen(self._truths[name].result, now)
        self.states[name] = under(before, conditions, now)
        return self._notice(name, before, now)

    def see(self, name: str, now: datetime) -> dict[str, bool]:
        """See in which state the entity of an alert is, and return what `notice` does."""
        truth, before = self._truths[name], self.states[name]
        (entity,) = truth.config.watched.keys
        self.states[name] = see(before, entity, counts=truth.is_open, since=now, now=now)
        return self._notice(name, before, now)

    def dismiss(self, name: str, now: datetime) -> dict[str, bool]:
        """Dismiss an alert, and return what `notice` does."""
        before = self.states[name]
        self.states[name] = dismiss(before, now)
        return {} if self.states[name] is before else self._notice(name, before, now)

    def notice(self, now: datetime) -> dict[str, bool]:
        """Take note of the time, and return the alerts of which anything is new, and whether they begin or end."""
        noted: dict[str, bool] = {}
        for name, state in self.states.items():
            noted |= self._notice(name, state, now)
        return noted

    def _notice(self, name: str, before: AlertState, now: datetime) -> dict[str, bool]:
        state = self.states[name] = notice(self.states[name], self._truths[name].config.lasts, now)
        return {} if state is before else {name: shown(state) != shown(before)}

    def moments(self) -> list[datetime]:
        """Return when an alert begins or ends by itself."""
        return [
            moment for name, truth in self._truths.items() for moment in moments(self.states[name], truth.config.lasts)
        ]

    def urgent_states(self) -> dict[str, str]:
        """Return which entities each urgent alert shows."""
        return {name: " ".join(sorted(shown(self.states[name]))) for name in _URGENT}

    def urgent_since(self) -> dict[str, datetime]:
        """Return when each urgent alert changed."""
        return {name: since for name in _URGENT if (since := self.states[name].changed) is not None}

    def says(self) -> dict[str, dict[Field, Value | None]]:
        """Return what the active alerts say, the one on top first."""
        ranks = [
            Rank(name in HAZARDS, self._truths[name].config.urgent, state.began, name)
            for name, state in self.states.items()
            if state.began and shown(state)
        ]
        return {name: dict(self._truths[name].config.templates) for name in on_top(ranks, _REPLACING)}

    @staticmethod
    def urgent_by_field() -> Mapping[Field, frozenset[str]]:
        """Return which urgent alerts may fill each field."""
        return _URGENT_BY_FIELD
