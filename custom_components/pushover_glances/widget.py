"""A widget of a loaded account: its state, its sources, and the actions that wait for a result."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from .content.alert_monitor import AlertMonitor
from .content.alert_sources import AlertSources
from .content.page_config import PageConfig
from .content.source import targets_of
from .content.sources import Tracked, WidgetSources
from .content.target_name import missing_places
from .content.widget_config import WidgetConfig
from .exceptions import error_key, explained
from .planner import (
    AccountState,
    Action,
    ActionValue,
    Days,
    Entry,
    Inputs,
    PageChanged,
    Quota,
    Reason,
    Rendering,
    Snapshot,
    Wait,
    WidgetState,
    actions_of,
    clearing,
    largest,
    note,
)
from .pushover import Accepted, Field, PushoverError, Value, Values

# As soon as possible.
AT_ONCE = datetime.min.replace(tzinfo=UTC)

# The statuses that are a problem: the widget may be wrong, for a reason that no setting explains.
_PROBLEMS = (Reason.HELD, Reason.NO_DEVICES, Reason.OUTAGE, Reason.RATE_LIMIT, Reason.AUTHENTICATION)
PROBLEM_NO_RECEIVER = "no_active_device"
PROBLEM_UNSAVED = "unsaved"
PROBLEM_ALERT = "alert_source_unavailable"
PROBLEM_CONDITIONS = "alert_conditions_unknown"
# The reasons of the problem sensor.
PROBLEMS = (*_PROBLEMS, PROBLEM_UNSAVED, PROBLEM_NO_RECEIVER, PROBLEM_ALERT, PROBLEM_CONDITIONS)


@dataclass(frozen=True, slots=True)
class ActionResult:
    """The result of an action for one widget; "sent" means that Pushover accepted it.

    An action that failed has an error, and so has one that is "unchanged" because its values were replaced, or
    have ended.
    """

    widget: WidgetConfig
    status: Literal["sent", "queued", "unchanged", "failed"]
    due: datetime | None = None
    request: str | None = None
    error: HomeAssistantError | None = None


@dataclass(slots=True, eq=False)
class PendingAction:
    """An action that waits for its result; `is_cancelled` is set once its caller no longer waits for it.

    `unseen` is its result unless it fails, if none of its values is shown by the update that leaves, or ever.
    """

    action: Action
    answer: asyncio.Future[ActionResult]
    is_cancelled: bool = False
    unseen: ActionResult | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """The result of an update; `detail` is Pushover's id of it, or the error."""

    time: datetime
    result: Literal["sent", "failed"]
    detail: str


@dataclass(frozen=True, slots=True)
class WidgetData:
    """What the entities of a widget show; `left` is how many updates are left today, `None` without a limit.

    `small_since` is since when a difference waits that is not worth an update, and `waiting_for` the entity whose change
    is waited for. `page` is the title of the page that applies. `problem` is the reason of a problem if there is one,
    and `alerts` are those that ended because an entity had no state for too long, or that are not shown because it is not
    known whether their conditions hold. `spenders` are the entities that caused the most updates of today.
    """

    status: Reason = Reason.NOT_RUNNING
    due: datetime | None = None
    accepted: datetime | None = None
    used: int = 0
    left: int | None = None
    small_since: datetime | None = None
    waiting_for: str | None = None
    page: str | None = None
    problem: str | None = None
    alerts: Sequence[str] = ()
    paused: bool = False
    face: Values = field(default_factory=dict)
    attempt: Attempt | None = None
    spenders: Mapping[str, int] = field(default_factory=dict)


class Widget:
    """The data of one widget; the coordinator uses and changes it."""

    def __init__(
        self,
        hass: HomeAssistant,
        config: WidgetConfig,
        state: WidgetState,
        monitor: AlertMonitor,
    ) -> None:
        """Set the configuration and the state of the screen.

        `due` is when to look at the widget again, `None` for not before the next event. `is_ready` is set while it has
        something to send and waits for the update of another widget to end, `has_device` if the user has its device,
        and `is_short` if a repair says that its updates do not last the day.
        """
        self._hass = hass
        self.config = config
        self.state = state
        # The page that applies; what was shown last comes first, and stays while the base is paused.
        self.page = next((page for page in config.pages if page.subentry_id == state.page.page_id), None)
        # The sources of the base, and those with a page over it, each kept with what is known of them.
        self._sources: dict[str, WidgetSources] = {}
        # Those of the page that applies.
        self.sources = self._sources_with(self.page)
        self.alerts = AlertSources(hass, config, monitor) if config.alerts else None
        self.pending: list[PendingAction] = []
        self.history: list[Entry] = []
        self.is_short: bool | None = None
        # How long words have lasted that changed since the last look; what came before so many more counts for nothing.
        self.lasted: deque[timedelta] = deque(maxlen=50)
        self.due: datetime | None = AT_ONCE
        self.is_ready = False
        self.has_device = True
        self.wait = Wait(None, Reason.NOT_RUNNING)
        self.attempt: Attempt | None = None
        # The values of the base, and what they are made of, for several actions that are called at the same time.
        self.base_values: dict[Field, tuple[Value | None, Snapshot | None]] = {}

    def _sources_with(self, page: PageConfig | None) -> WidgetSources:
        key = "" if page is None else page.subentry_id
        if (sources := self._sources.get(key)) is None:
            sources = self._sources[key] = WidgetSources(self._hass, self.config.with_page(page))
        return sources

    @callback
    def show_page(self, config: PageConfig | None) -> PageChanged | None:
        """Show a page, or none, and return the event for the planner; `None` if nothing changes.

        A paused base keeps the page that it shows.
        """
        page = self.config.page_of(config)
        if self.state.paused or page == self.state.page:
            return None
        self.page, self.sources = config, self._sources_with(config)
        return PageChanged(page)

    @property
    def entities(self) -> frozenset[str]:
        """Return the entities of the widget's own sources and settings, without those of pages."""
        return self._sources_with(None).entities | ({self.config.quiet_while} - {""})

    @property
    def templates(self) -> Mapping[str, AbstractSet[str]]:
        """Return the entities that the templates of the widget's own sources use."""
        return self._sources_with(None).templates

    @property
    def removed(self) -> frozenset[str]:
        """Return the removed places of its targets; a template uses an entity id, whatever entity has it."""
        return missing_places(self._hass, *targets_of(self.config.sources.values()))

    @property
    def is_known(self) -> bool:
        """Return whether the entities of the widget's own sources are known."""
        return self._sources_with(None).is_known

    @callback
    def without_number(self) -> dict[Field, tuple[str, datetime]]:
        """Return the number fields that have texts without a number, with the texts, and since when."""
        found: dict[Field, tuple[str, datetime]] = {}
        for sources in self._sources.values():
            found |= sources.without_number()
        return found

    @property
    def tracked(self) -> Tracked:
        """Return what the widget depends on; while its base is paused, only what its alerts depend on."""
        base = Tracked() if self.state.paused else self.sources.tracked
        if self.alerts is None:
            return base
        more = self.alerts.tracked
        return replace(
            base,
            entities=base.entities | more.entities,
            domains=base.domains | more.domains,
            minutes=base.minutes or more.minutes,
            days=base.days or more.days,
        )

    @property
    def ignored(self) -> frozenset[str]:
        """Return the entities whose changes need not be known before the next rendering.

        These are the numbers, once a source has changed: the planner learns only from words how long they last.
        """
        return self.sources.quantities if self.state.heard else frozenset()

    @callback
    def inputs(self, zone: tzinfo, account: AccountState, quota: Quota) -> Inputs:
        """Return the inputs of a decision now."""
        urgent = self.sources.urgent_states() if self.config.urgent_entities and not self.state.paused else {}
        if self.alerts is not None:
            urgent = {**urgent, **self.alerts.urgent_states()}
        is_quiet = bool(name := self.config.quiet_while) and self._hass.states.is_state(name, STATE_ON)
        return Inputs(
            self.config.rules,
            zone,
            urgent=urgent,
            account=account,
            quota=quota,
            has_device=self.has_device,
            quiet_while=name if is_quiet else "",
        )

    @callback
    def render(self) -> Rendering:
        """Render the sources of the widget, and its active alerts."""
        rendering = self.sources.render()
        return rendering if self.alerts is None else self.alerts.over(rendering)

    @callback
    def new_values(
        self, key: int, values: Values, until: datetime | None = None, *, urgent: bool = False, replace: bool = False
    ) -> Action:
        """Return the action that puts values over the base until then, or until the base changes.

        If it should `replace` the whole glance, it also empties the other fields of the base, and ends other actions.
        """
        ended = dict.fromkeys(actions_of(self.state)) if replace else {}
        if replace:
            values = {**dict.fromkeys(self.sources.fields, ""), **values}
        # Several actions at the same time render each template once.
        if missing := [name for name in values if name not in self.base_values]:
            self.base_values |= self.sources.values(missing)
        items: dict[Field, ActionValue] = {}
        for name, value in values.items():
            base, origin = self.base_values.get(name, (None, None))
            if base is None and name in self.base_values:
                base = self.state.base.get(name)
            items[name] = ActionValue(value, until, base, urgent, origin)
        return Action(key, {**ended, **items})

    @callback
    def clearing(self, key: int, names: Sequence[Field]) -> Action | None:
        """Return the action that gives fields back to the base; `None` if there is nothing to do."""
        return clearing(self.state, key, names, self.sources.fields)

    @callback
    def note(self, moment: datetime, wait: Wait) -> None:
        """Store a wait as the status and in the history, unless it is brief."""
        if not wait.brief:
            self.wait = wait
            note(self.history, Entry(moment, wait.reason, wait.until if wait.is_pending else None))

    @callback
    def note_outcome(self, moment: datetime, outcome: Accepted | PushoverError) -> ActionResult:
        """Store the result of an update, also in the history, and return that of its actions."""
        if isinstance(outcome, Accepted):
            self.attempt = Attempt(moment, "sent", outcome.request)
            note(self.history, Entry(moment, "sent"))
            return ActionResult(self.config, "sent", request=outcome.request)
        self.attempt = Attempt(moment, "failed", str(outcome))
        note(self.history, Entry(moment, error_key(outcome)))
        return ActionResult(self.config, "failed", error=explained(HomeAssistantError, outcome))

    @callback
    def data(
        self, now: datetime, zone: tzinfo, lost: Sequence[str], unknown: Sequence[str], *, is_unsaved: bool
    ) -> WidgetData:
        """Return what the entities show; `lost` and `unknown` are those of its alerts that `AlertMonitor` calls so."""
        state, wait, limit = self.state, self.wait, self.config.rules.daily_limit
        days = Days(zone)
        used = state.ledger.used(days, now)
        others = {
            PROBLEM_UNSAVED: is_unsaved,
            PROBLEM_NO_RECEIVER: not state.has_receiver,
            PROBLEM_ALERT: bool(lost),
            PROBLEM_CONDITIONS: bool(unknown),
        }
        problem = (
            wait.reason if wait.reason in _PROBLEMS else next((key for key, there in others.items() if there), None)
        )
        return WidgetData(
            status=wait.reason,
            due=wait.until if wait.is_pending else None,
            accepted=state.accepted,
            used=used,
            left=max(limit - used, 0) if limit else None,
            small_since=state.small_since,
            waiting_for=wait.entity_id or None,
            page=None if self.page is None else self.page.title,
            problem=problem,
            alerts=sorted({*lost, *unknown}),
            paused=state.paused,
            face=state.face,
            attempt=self.attempt,
            spenders=largest(state.spenders.today(days, now)),
        )
