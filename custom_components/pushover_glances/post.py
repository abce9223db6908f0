"""A widget as the courier sees it, and the actions that wait to learn what became of their values."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from homeassistant.exceptions import HomeAssistantError

from .delivery import Decision, ManualValue, Nothing, Reason, Wait, Widget
from .exceptions import translated
from .mirror import Mirror
from .pushover import Field
from .widget import WidgetConfig


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
    """An action that waits, with what its values replaced."""

    values: Mapping[Field, ManualValue]
    replaced: dict[Field, ManualValue | None]
    outcome: asyncio.Future[Outcome]

    def forget(self, failed: Rider) -> None:
        """Replace what an action replaced that failed, in the place of its values."""
        for name, item in self.replaced.items():
            if item is not None and item is failed.values.get(name):
                self.replaced[name] = failed.replaced[name]

    def settle(self, outcome: Outcome) -> None:
        """Answer, unless the action has stopped waiting."""
        if not self.outcome.done():
            self.outcome.set_result(outcome)


@dataclass(slots=True)
class Post:
    """A widget, its mirror, and its riders: those of `waiting` go with the next update."""

    config: WidgetConfig
    widget: Widget
    mirror: Mirror
    waiting: list[Rider] = field(default_factory=list)

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

    def fail(self, riders: list[Rider], error: HomeAssistantError) -> None:
        """Tell riders that their values are not wanted, and leave nothing of them behind."""
        for rider in reversed(riders):
            self.widget.take_back(rider.values, rider.replaced)
            for later in self.waiting:
                later.forget(rider)
            rider.settle(Outcome(self.config, "failed", error=error))

    def settle(self, decision: Decision) -> None:
        """Tell those who wait that nothing goes now, and why."""
        riders = self.board()
        if isinstance(decision, Nothing) and decision.reason in (Reason.HELD, Reason.AUTHENTICATION):
            self.fail(riders, translated(HomeAssistantError, decision.reason))
            return
        for rider in riders:
            values = {name: item.value for name, item in rider.values.items()}
            if isinstance(decision, Wait) and not self.widget.shows(values):
                rider.settle(Outcome(self.config, "queued", due=decision.until))
            else:
                rider.settle(Outcome(self.config, "unchanged"))
