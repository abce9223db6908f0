"""A widget of an account that is loaded: its state, its sources, and the actions that wait for an answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import Literal

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from .content.alert_monitor import AlertMonitor
from .content.alert_sources import AlertSources
from .content.sources import Tracked, WidgetSources
from .content.widget_config import WidgetConfig
from .planner import Action, ActionValue, Days, Entry, Inputs, Reason, Rendering, Wait, WidgetState, clearing, note
from .pushover import Field, Value, Values

# As soon as possible.
AT_ONCE = datetime.min.replace(tzinfo=UTC)

# What keeps a widget from being right although nothing in its settings says so.
_PROBLEMS = (Reason.HELD, Reason.OUTAGE, Reason.RATE_LIMIT, Reason.AUTHENTICATION)
PROBLEM_UNSAVED = "unsaved"
PROBLEM_ALERT = "alert_source_unavailable"
# Why a widget may not be right, by the words of its problem sensor.
PROBLEMS = (*_PROBLEMS, PROBLEM_UNSAVED, PROBLEM_ALERT)


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What became of an action for one widget; "sent" means that Pushover accepted it."""

    widget: WidgetConfig
    status: Literal["sent", "queued", "unchanged", "failed"]
    due: datetime | None = None
    request: str | None = None
    error: HomeAssistantError | None = None


@dataclass(slots=True, eq=False)
class PendingAction:
    """An action that waits to be told what became of it; nobody is there to be told once its caller has cancelled it."""

    action: Action
    answer: asyncio.Future[ActionResult]
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an update went: `detail` is Pushover's id of it, or what went wrong."""

    time: datetime
    result: Literal["sent", "failed"]
    detail: str


@dataclass(frozen=True, slots=True)
class WidgetData:
    """A widget as its entities show it; `left` is how many updates today still has, `None` where there is no limit.

    `problem` is why it may not be right, where anything is wrong, and `alerts` are those that ended because an entity
    had no state for too long.
    """

    status: Reason = Reason.NOT_RUNNING
    due: datetime | None = None
    accepted: datetime | None = None
    used: int = 0
    left: int | None = None
    problem: str | None = None
    alerts: Sequence[str] = ()
    paused: bool = False
    face: Values = field(default_factory=dict)
    attempt: Attempt | None = None


class Widget:
    """Holds what belongs to one widget; the coordinator decides what happens to it."""

    def __init__(
        self,
        hass: HomeAssistant,
        config: WidgetConfig,
        state: WidgetState,
        monitor: AlertMonitor,
    ) -> None:
        """Take the configuration, and what is remembered of the screen.

        `due` is when to look at it again, `None` where that is only when something has happened. `is_ready` tells that
        it has something to send and waits for another update to come to its end, `has_device` whether the user has its
        device, and `is_short` whether people are told that its updates do not last the day.
        """
        self.config = config
        self.state = state
        self.sources = WidgetSources(hass, config)
        self.alerts = AlertSources(hass, config, monitor) if config.alerts else None
        self.pending: list[PendingAction] = []
        self.history: list[Entry] = []
        self.is_short: bool | None = None
        self.due: datetime | None = AT_ONCE
        self.is_ready = False
        self.has_device = True
        self.wait = Wait(None, Reason.NOT_RUNNING)
        self.attempt: Attempt | None = None
        # What templates said at this moment, for the actions that come at the same time.
        self.said: dict[Field, Value | None] = {}

    @property
    def entities(self) -> frozenset[str]:
        """Return the entities that the widget's own templates and its settings name."""
        return self.sources.entities

    @property
    def removed(self) -> frozenset[str]:
        """Return nothing: a template asks for an id, whichever entity has it."""
        return frozenset()

    @property
    def is_known(self) -> bool:
        """Tell whether it is known what the templates ask for."""
        return self.sources.is_known

    @property
    def tracked(self) -> Tracked:
        """Return what the widget depends on; while it is paused, what its alerts depend on."""
        base = Tracked() if self.state.paused else replace(self.sources.tracked, urgent=self.config.urgent_entities)
        if self.alerts is None:
            return base
        more = self.alerts.tracked
        return Tracked(
            base.entities | more.entities, base.domains | more.domains, base.minutes or more.minutes, base.urgent
        )

    @callback
    def inputs(self, zone: tzinfo, account: Wait | None, *, is_troubled: bool) -> Inputs:
        """Return the facts of the moment."""
        urgent = self.sources.urgent_states() if self.config.urgent_entities and not self.state.paused else {}
        if self.alerts is not None:
            urgent = {**urgent, **self.alerts.urgent_states()}
        return Inputs(self.config.rules, zone, urgent, account, is_troubled, self.has_device)

    @callback
    def render(self) -> Rendering:
        """Render the templates of the widget and of its active alerts."""
        rendering = self.sources.render()
        return rendering if self.alerts is None else self.alerts.over(rendering)

    @callback
    def new_values(self, key: int, values: Values, until: datetime | None = None, *, urgent: bool = False) -> Action:
        """Return the action that puts values over the base until then, or until the base says something else."""
        # Many actions of one moment render each template once.
        if missing := [name for name in values if name not in self.said]:
            self.said |= self.sources.values(missing)
        base = {name: self.state.base.get(name) if said is None else said for name, said in self.said.items()}
        return Action(key, {name: ActionValue(value, until, base.get(name), urgent) for name, value in values.items()})

    @callback
    def clearing(self, key: int, names: Sequence[Field]) -> Action | None:
        """Return the action that gives fields back to the base; `None` where there is nothing to do."""
        return clearing(self.state, key, names, self.config.templates)

    @callback
    def note(self, moment: datetime, wait: Wait) -> None:
        """Take note of what was decided; what is over in seconds is no status."""
        if not wait.brief:
            self.wait = wait
            note(self.history, Entry(moment, wait.reason, wait.until if wait.is_pending else None))

    @callback
    def note_attempt(self, attempt: Attempt, what: str) -> None:
        """Take note of how an update went."""
        self.attempt = attempt
        note(self.history, Entry(attempt.time, what))

    @callback
    def data(self, now: datetime, zone: tzinfo, alerts: Sequence[str], *, is_unsaved: bool) -> WidgetData:
        """Return what the entities show."""
        state, wait, limit = self.state, self.wait, self.config.rules.daily_limit
        used = state.ledger.used(Days(zone), now)
        others = {PROBLEM_UNSAVED: is_unsaved, PROBLEM_ALERT: bool(alerts)}
        problem = (
            wait.reason if wait.reason in _PROBLEMS else next((key for key, there in others.items() if there), None)
        )
        return WidgetData(
            status=wait.reason,
            due=wait.until if wait.is_pending else None,
            accepted=state.accepted,
            used=used,
            left=max(limit - used, 0) if limit else None,
            problem=problem,
            alerts=alerts,
            paused=state.paused,
            face=state.face,
            attempt=self.attempt,
        )
