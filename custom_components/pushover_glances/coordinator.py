"""What the entities of a widget read, and nothing else: they ask neither the courier nor Pushover."""

from dataclasses import dataclass, field, replace
from datetime import datetime
import logging
from typing import Literal

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .delivery import Days, Decision, Entry, Memory, Reason, Rules, Send, Wait, filled, noted
from .pushover import Values

_LOGGER = logging.getLogger(__name__)

# What keeps a widget from being right although nothing in its settings says so.
_PROBLEMS = (Reason.HELD, Reason.OUTAGE, Reason.RATE_LIMIT, Reason.AUTHENTICATION)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an update went: `detail` is Pushover's id of it, or what went wrong."""

    time: datetime
    result: Literal["sent", "failed"]
    detail: str


@dataclass(frozen=True, slots=True)
class WidgetData:
    """A widget as people see it; `left` is how many updates today still has, `None` where there is no limit."""

    status: Reason = Reason.NOT_RUNNING
    due: datetime | None = None
    accepted: datetime | None = None
    used: int = 0
    left: int | None = None
    problem: bool = False
    paused: bool = False
    face: Values = field(default_factory=dict)
    attempt: Attempt | None = None


class WidgetCoordinator(DataUpdateCoordinator[WidgetData]):
    """Tells the entities of one widget what has become of it; it never fetches anything."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, title: str, memory: Memory, rules: Rules) -> None:
        """Begin with what is remembered of the widget."""
        super().__init__(hass, _LOGGER, config_entry=entry, name=title, update_interval=None)
        self._memory = memory
        self._rules = rules
        self._attempt: Attempt | None = None
        self.data = self._read(WidgetData())

    @callback
    def decided(self, decision: Decision, *, unsaved: bool) -> None:
        """Take note of what was decided about the widget, and tell its entities what is new about that."""
        data = self.data
        # An update that may go is on its way, or waits for another one to arrive: either is over in a moment.
        if not isinstance(decision, Send):
            due = decision.until if isinstance(decision, Wait) and decision.pending else None
            self._memory.history = noted(self._memory.history, Entry(dt_util.utcnow(), decision.reason, due))
            problem = decision.reason in _PROBLEMS or unsaved
            data = WidgetData(status=decision.reason, due=due, problem=problem)
        if (data := self._read(data)) != self.data:
            self.async_set_updated_data(data)

    @callback
    def sent(self, values: Values, request: str) -> None:
        """Take note that Pushover accepted an update; the entities hear of it with the next decision."""
        now = dt_util.utcnow()
        self._memory.face |= values
        self._memory.accepted = now
        self._attempted(Attempt(now, "sent", request), "sent")

    @callback
    def failed(self, error: str, what: str) -> None:
        """Take note that an update did not arrive, for all that is known."""
        self._attempted(Attempt(dt_util.utcnow(), "failed", error), what)

    def _attempted(self, attempt: Attempt, what: str) -> None:
        self._attempt = attempt
        self._memory.history = noted(self._memory.history, Entry(attempt.time, what))

    def _read(self, data: WidgetData) -> WidgetData:
        memory = self._memory
        return replace(
            data,
            accepted=memory.accepted,
            used=(used := self._used()),
            left=self._left(used),
            paused=memory.paused,
            face=dict(memory.face),
            attempt=self._attempt,
        )

    def _used(self) -> int:
        days = Days(dt_util.get_default_time_zone())
        return self._memory.ledger.used(days, dt_util.utcnow())

    def _left(self, used: int) -> int | None:
        """Return how many updates today still has, and take note of a day that has none."""
        if not (limit := self._rules.daily_limit):
            self._memory.full_days = []
            return None
        if used >= limit:
            self._memory.full_days = filled(self._memory.full_days, dt_util.now().date())
        return max(limit - used, 0)
