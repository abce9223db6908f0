"""Replays what happened to a widget: which updates the planner would have sent, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from .account import Result
from .effects import Effect, Render, Send, Wait, WakeAt
from .events import Due, Event, Inputs, Outcome, Rendered
from .layers import Rendering
from .plan import receive
from .state import WidgetState


@dataclass(slots=True)
class Replay:
    """One widget, whose updates Pushover accepts at once.

    `due` is when the planner decides again, `None` if not before the next event.
    """

    state: WidgetState
    due: datetime | None

    def receive(self, event: Event, now: datetime) -> Effect | None:
        """Pass an event to the planner, and return the effect."""
        self.state, effect = receive(self.state, event, now)
        if isinstance(effect, WakeAt):
            self.wake(effect.time)
        elif isinstance(effect, Wait):
            self.due = effect.until
        return effect

    def wake(self, moment: datetime) -> None:
        """Decide at this time at the latest."""
        self.due = moment if self.due is None else min(self.due, moment)

    def decide(self, inputs: Inputs, render: Callable[[], Rendering], now: datetime) -> Send | None:
        """Let the planner decide, and return the update if it sends one; the sources are rendered if it asks for it."""
        self.due = None
        effect = self.receive(Due(inputs), now)
        if isinstance(effect, Render):
            effect = self.receive(Rendered(render(), inputs), now)
        if not isinstance(effect, Send):
            return None
        outcome = Outcome(effect, Result.ACCEPTED, inputs.rules.time_stamp, effect.values, zone=inputs.zone)
        self.receive(outcome, now)
        return effect
