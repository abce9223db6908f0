"""A widget as the courier sees it, and the actions that wait to learn what became of their values."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, Self

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .delivery import ManualValue, Memory, Nothing, PausedMirror, Put, Reason, Wait, Widget
from .exceptions import translated
from .mirror import Mirror
from .pushover import Values
from .widget import WidgetConfig

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
    waiting: list[Rider] = field(default_factory=list)
    due: datetime | None = _AT_ONCE
    ready: bool = False

    @classmethod
    def create(
        cls, hass: HomeAssistant, config: WidgetConfig, memory: Memory, look_at: Callable[[datetime], None]
    ) -> Self:
        """Put a widget together from its configuration and what is remembered of it.

        `look_at` hears when to look at it because of a change: when others have joined that, and not before.
        """
        memory.states = {name: state for name, state in memory.states.items() if name in config.urgent_entities}
        widget = Widget(memory, config.rules)

        @callback
        def changed(lasted: timedelta | None) -> None:
            settled = widget.change(dt_util.utcnow(), lasted)
            post.look_by(settled)
            look_at(settled)

        post = cls(config, widget, Mirror(hass, config, changed))
        return post

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

    def pause(self) -> None:
        """Take nothing new from the mirror until `resume`."""
        self.widget.pause()
        self.mirror.stop()

    def resume(self) -> None:
        """Follow the mirror again."""
        self.widget.resume()
        self.mirror.start()

    @property
    def source(self) -> Mirror | PausedMirror:
        """Return where the widget's values come from at the moment."""
        memory = self.widget.memory
        return PausedMirror(memory, self.config.templates) if memory.paused else self.mirror

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
