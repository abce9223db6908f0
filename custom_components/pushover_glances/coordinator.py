"""What the entities of a widget read, and nothing else: they ask neither the courier nor Pushover."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
import logging
from typing import Literal

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .content.widget_config import WidgetConfig
from .delivery import Days, Decision, Entry, Memory, Reason, Send, Wait, note
from .pushover import Values

_LOGGER = logging.getLogger(__name__)

# The decisions of the last day outlive a reload, which every edit of a widget causes.
_HISTORY: HassKey[dict[str, list[Entry]]] = HassKey(f"{DOMAIN}_history")

# What keeps a widget from being right although nothing in its settings says so.
_PROBLEMS = (Reason.HELD, Reason.OUTAGE, Reason.RATE_LIMIT, Reason.AUTHENTICATION)

PROBLEM_UNSAVED = "unsaved"
PROBLEM_ALERT = "alert_source_unavailable"
# Why a widget may not be right, by the words of its problem sensor.
PROBLEMS = (*_PROBLEMS, PROBLEM_UNSAVED, PROBLEM_ALERT)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an update went: `detail` is Pushover's id of it, or what went wrong."""

    time: datetime
    result: Literal["sent", "failed"]
    detail: str


@dataclass(frozen=True, slots=True)
class WidgetData:
    """A widget as people see it; `left` is how many updates today still has, `None` where there is no limit.

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


class AlertCoordinator(DataUpdateCoordinator[tuple[str, ...]]):
    """Tells the binary sensor of one alert which entities make it active; it never fetches anything."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, title: str, active: Collection[str]) -> None:
        """Begin with what is remembered of the alert."""
        super().__init__(hass, _LOGGER, config_entry=entry, name=title, update_interval=None)
        self.data = tuple(active)

    @callback
    def tell(self, active: Collection[str]) -> bool:
        """Tell which entities make the alert active, and return whether that is new."""
        if (data := tuple(active)) == self.data:
            return False
        self.async_set_updated_data(data)
        return True


class WidgetCoordinator(DataUpdateCoordinator[WidgetData]):
    """Tells the entities of one widget what has become of it; it never fetches anything."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, config: WidgetConfig, memory: Memory) -> None:
        """Begin with what is remembered of the widget."""
        super().__init__(hass, _LOGGER, config_entry=entry, name=config.title, update_interval=None)
        self.history = hass.data.setdefault(_HISTORY, {}).setdefault(config.subentry_id, [])
        self._memory = memory
        self._daily_limit = config.rules.daily_limit
        self._attempt: Attempt | None = None
        self._said: object = None
        self.data = self._read(WidgetData())

    @callback
    def decided(self, decision: Decision, *, troubled: bool, unsaved: bool, alerts: Sequence[str]) -> None:
        """Take note of what was decided about the widget, and tell its entities what is new about that.

        `troubled` tells whether Pushover did not take the last update of the account, `unsaved` whether what waits
        could not be saved, and `alerts` which of them ended because an entity had no state for too long.
        """
        said = (decision, troubled, unsaved, tuple(alerts), self._memory.ledger, dt_util.now().date())
        if said == self._said:
            return
        self._said = said
        data = self.data
        # What is over in a moment is not worth a state: an update on its way, and changes that wait for others to join.
        if not isinstance(decision, Send) and not (isinstance(decision, Wait) and decision.brief):
            due = decision.until if isinstance(decision, Wait) and decision.pending else None
            # An update without an answer counts, so its next try is spaced. People rather hear of the outage.
            again = troubled and due is not None and decision.reason is Reason.SPACING
            status = Reason.OUTAGE if again else decision.reason
            note(self.history, Entry(dt_util.utcnow(), status, due))
            others = {PROBLEM_UNSAVED: unsaved, PROBLEM_ALERT: bool(alerts)}
            problem = status if status in _PROBLEMS else next((name for name, there in others.items() if there), None)
            data = WidgetData(status=status, due=due, problem=problem, alerts=alerts)
        self._tell(data)

    @callback
    def sent(self, values: Values, request: str) -> None:
        """Take note that Pushover accepted an update."""
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
        note(self.history, Entry(attempt.time, what))
        self._tell(self.data)

    def _tell(self, data: WidgetData) -> None:
        if (data := self._read(data)) != self.data:
            self.async_set_updated_data(data)

    def _read(self, data: WidgetData) -> WidgetData:
        memory = self._memory
        used = memory.ledger.used(Days(dt_util.get_default_time_zone()), dt_util.utcnow())
        return replace(
            data,
            accepted=memory.accepted,
            used=used,
            left=max(self._daily_limit - used, 0) if self._daily_limit else None,
            paused=memory.paused,
            face=dict(memory.face),
            attempt=self._attempt,
        )
