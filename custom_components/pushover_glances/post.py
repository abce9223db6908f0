"""A widget as the courier sees it, and the actions that wait to learn what became of their values."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, Self

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .content.alert_layer import AlertLayer, Layers
from .content.alerts import Alerts
from .content.listener import News
from .content.mirror import Mirror
from .content.widget_config import WidgetConfig
from .delivery import ManualValue, Memory, Nothing, PausedMirror, Put, Reason, Source, Wait, Widget
from .exceptions import translated
from .pushover import Values

_AT_ONCE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an action for one widget; "sent" means that Pushover accepted it."""

    widget: WidgetConfig
    status: Literal["sent", "queued", "unchanged", "failed"]
    due: datetime | None = None
    request: str | None = None
    error: HomeAssistantError | None = None


@dataclass(slots=True)
class Rider:
    """An action that waits."""

    put: Put
    outcome: asyncio.Future[Outcome]

    def settle(self, outcome: Outcome) -> None:
        """Answer, unless the action has stopped waiting."""
        if not self.outcome.done():
            self.outcome.set_result(outcome)


@dataclass(slots=True)
class Post:
    """A widget, its mirror, and its riders: those of `waiting` go with the next update.

    `due` is when to look at it again, `None` where that is only when something has happened. `ready` is set while it
    has something to send and only waits for its turn.
    """

    config: WidgetConfig
    widget: Widget
    mirror: Mirror
    alerts: AlertLayer | None = None
    waiting: list[Rider] = field(default_factory=list)
    due: datetime | None = _AT_ONCE
    ready: bool = False
    on_change: Callable[[], None] = lambda: None

    @classmethod
    def create(
        cls,
        hass: HomeAssistant,
        config: WidgetConfig,
        memory: Memory,
        alerts: Alerts,
        on_change: Callable[[], None],
    ) -> Self:
        """Put a widget together from its configuration and what is remembered of it.

        `on_change` hears of a change: when others have joined that, and not before, the widget is to be looked at.
        """
        memory.states = remembered_states(config, memory.states)
        widget = Widget(memory, config.rules)

        @callback
        def changed() -> None:
            post.change()

        post = cls(config, widget, Mirror(hass, config, on_change, changed), on_change=on_change)
        if config.alerts:
            post.alerts = AlertLayer(hass, config, alerts, on_change)
        return post

    @property
    def entities(self) -> frozenset[str]:
        """Return the entities that the widget's own templates and its settings name."""
        return self.mirror.entities

    @property
    def removed(self) -> frozenset[str]:
        """Return nothing: a template asks for an id, whichever entity has it."""
        return frozenset()

    @property
    def is_known(self) -> bool:
        """Tell whether it is known what the templates ask for."""
        return self.mirror.is_known

    def change(self) -> None:
        """Note that what the widget shows may be something else."""
        self.look_by(self.widget.change(dt_util.utcnow()))
        self.on_change()

    def take_in(self, now: datetime) -> None:
        """Find out what the changes mean that have been heard since the last look."""
        if (news := self.mirror.take()) is not None:
            self._heed(news, now, news.lasted)
        if self.alerts is not None and (news := self.alerts.take()) is not None:
            self._heed(news, now)

    def _heed(self, news: News, now: datetime, lasted: timedelta | None = None) -> None:
        # The clock may have been set back.
        self.look_by(self.widget.change(min(news.since, now), lasted, slight=news.slight))

    def look_by(self, moment: datetime = _AT_ONCE) -> None:
        """Be looked at by then, without a moment at the next look."""
        self.ready = False
        if self.due is None or moment < self.due:
            self.due = moment

    def is_due(self, now: datetime) -> bool:
        """Tell whether to look at this widget now."""
        return self.due is not None and self.due <= now

    def start(self) -> None:
        """Begin to listen."""
        if not self.widget.memory.paused:
            self.mirror.start()

    def stop(self) -> None:
        """Listen to nothing any more."""
        self.mirror.stop()
        if self.alerts is not None:
            self.alerts.stop()

    def hush(self) -> None:
        """Listen no more to what has changed, because that is not looked at before an update may go."""
        self.mirror.hush()
        if self.alerts is not None:
            self.alerts.hush()

    def pause(self) -> None:
        """Take nothing new from the mirror until `resume`."""
        self.widget.pause()
        self.mirror.stop()

    def resume(self) -> None:
        """Follow the mirror again."""
        self.widget.resume()
        self.mirror.start()

    @property
    def source(self) -> Source:
        """Return where the widget's values come from at the moment; alerts go on during a pause."""
        memory = self.widget.memory
        mirror = PausedMirror(memory, self.config.templates) if memory.paused else self.mirror
        return mirror if self.alerts is None else Layers(mirror, self.alerts)

    def put(self, values: Values, *, until: datetime | None = None, urgent: bool = False) -> Put:
        """Put values over the mirror; they stay until then, or until the mirror says something else."""
        mirror = self.widget.memory.last_mirrored(self.mirror.values())
        manual = {name: ManualValue(value, until, mirror.get(name), urgent) for name, value in values.items()}
        return self.widget.put(manual)

    def board(self) -> list[Rider]:
        """Return the riders of the update that leaves now."""
        riders, self.waiting = self.waiting, []
        return riders

    def alight(self, riders: list[Rider]) -> None:
        """Let riders wait again, because their update did not arrive."""
        self.waiting = [*riders, *self.waiting]

    def accept(self, riders: list[Rider], request: str) -> None:
        """Tell riders that Pushover accepted their update."""
        for rider in riders:
            rider.settle(Outcome(self.config, "sent", request=request))

    def withdraw(self, put: Put) -> None:
        """Leave nothing behind of what an action did."""
        for later in self.waiting:
            later.put.forget(put)
        put.take_back(self.widget.memory)

    def fail(self, riders: list[Rider], error: HomeAssistantError) -> None:
        """Tell riders that their values are not wanted, and leave nothing of them behind.

        Those who have stopped waiting were told that their values are queued, and so these stay.
        """
        for rider in reversed(riders):
            if rider.outcome.done():
                continue
            self.withdraw(rider.put)
            rider.settle(Outcome(self.config, "failed", error=error))

    def settle(self, decision: Wait | Nothing) -> None:
        """Tell those who wait that nothing goes now, and why."""
        riders = self.board()
        if decision.reason in (Reason.HELD, Reason.AUTHENTICATION):
            self.fail(riders, translated(HomeAssistantError, decision.reason))
            return
        for rider in riders:
            if isinstance(decision, Wait) and decision.pending and not rider.put.is_shown(self.widget.memory):
                rider.settle(Outcome(self.config, "queued", due=decision.until))
            else:
                rider.settle(Outcome(self.config, "unchanged"))


def remembered_states(config: WidgetConfig, states: Mapping[str, str]) -> dict[str, str]:
    """Return the states of what is urgent now, as they were; an alert that is new has not been active before."""
    before = dict.fromkeys((alert.subentry_id for alert in config.alerts if alert.urgent), "") | dict(states)
    return {name: before[name] for name in config.urgent_sources if name in before}
