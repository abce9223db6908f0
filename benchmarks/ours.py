"""The integration's own policy: its `delivery` code, driven as the mirror and the courier drive it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import override

from custom_components.pushover_glances.delivery import Memory, Mirrored, Rules, Send, Wait, Widget, slight
from custom_components.pushover_glances.pushover import Field

from .homes import STEP, Home, Value
from .policy import NEVER, Decision, Policy

# Any days of 24 hours do.
_BEGIN = datetime(2026, 3, 2, tzinfo=UTC)


def _moment(seconds: float) -> datetime:
    return _BEGIN + timedelta(seconds=seconds)


class _Mirror:
    """A home at one step, as templates see it.

    Rendering begins the listening, and the first change ends it that is more than a small move of a number, or that has
    to wait for the slot. Only urgent entities are always listened to.
    """

    def __init__(self, *, urgent: bool) -> None:
        self.home: Home
        self.step = 0
        self._urgent = urgent
        self._listens = False
        self._heard = False
        self._slight: list[tuple[Value, tuple[float, float]]] = []

    def render(self) -> Mirrored:
        self._listens, self._heard = True, False
        numbers = [value for value in self.home.values if not value.words]
        self._slight = [(value, slight(float(value.trace[self.step]))) for value in numbers]
        words = [value for value in self.home.values if value.words]
        return Mirrored(
            {Field(name): value for name, value in self.home.glance(self.step).items()},
            entities={Field(value.field): frozenset({value.label}) for value in words if self._urgent and value.urgent},
            urgent_since={
                value.label: _moment(value.since[self.step] * STEP) for value in words if self._urgent and value.urgent
            },
            words_since=max((_moment(value.since[self.step] * STEP) for value in words), default=None),
        )

    def states(self) -> Mapping[str, str]:
        return {
            value.label: value.words[int(value.trace[self.step])]
            for value in self.home.values
            if self._urgent and value.urgent
        }

    def tell(self, widget: Widget, now: datetime) -> bool:
        """Tell the widget of what changed at this step, and return whether anybody listened."""
        changed = [value for value in self.home.values if value.since[self.step] == self.step]
        urgent = self._urgent and any(value.urgent for value in changed)
        if urgent:
            widget.change(now)
        return (self._listens and self._hear(widget, now, changed)) or urgent

    def _hear(self, widget: Widget, now: datetime, changed: list[Value]) -> bool:
        small = [value for value, between in self._slight if between[0] < float(value.trace[self.step]) < between[1]]
        more = [value for value in changed if not any(value is other for other in small)]
        if more:
            lasted = timedelta(seconds=(self.step - more[0].since[self.step - 1]) * STEP)
            widget.change(now, lasted if more[0].words else None)
            self._listens = False
        elif not self._heard:
            widget.change(now, slight=True)
            self._heard = True
        else:
            return False
        return True

    def hush(self) -> None:
        """Listen no more to what has changed."""
        if self._heard:
            self._listens = False


class Ours(Policy):
    """Asks the widget when something changed that is listened to, and when it wants to be asked."""

    def __init__(self, *, urgent: bool) -> None:
        """Begin with a widget that never sent anything; `urgent` tells whether doors are marked as urgent."""
        self._mirror = _Mirror(urgent=urgent)
        self._widget = Widget(Memory(), Rules())
        self._wake = NEVER

    @override
    def decide(self, now: float, home: Home, step: int, *, changed: bool) -> Decision:
        self._mirror.home, self._mirror.step = home, step
        if changed and not self._mirror.tell(self._widget, _moment(now)):
            return Decision(send=False, wake=self._wake)
        send = self._ask(_moment(now))
        return Decision(send, self._wake)

    def _ask(self, now: datetime) -> bool:
        widget, mirror = self._widget, self._mirror
        widget.notice(now, UTC)
        decision = widget.decide(now, UTC, mirror)
        send = isinstance(decision, Send)
        if isinstance(decision, Send):
            widget.book_attempt(decision, now)
            widget.book_accepted(decision, now)
            decision = widget.decide(now, UTC, mirror)
        if not (isinstance(decision, Wait) and decision.brief):
            mirror.hush()
        self._wake = (decision.until - _BEGIN).total_seconds() if isinstance(decision, Wait) else NEVER
        return send
