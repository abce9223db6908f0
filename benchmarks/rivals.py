"""What people do today: automations."""

from collections.abc import Callable
from typing import override

from .homes import Home
from .policy import NEVER, Decision, Policy

SPACING = 20 * 60.0
EVEN = 28.8 * 60.0


class SingleAutomation(Policy):
    """On a change, send and delay 20 minutes; `mode: single` drops what changes meanwhile."""

    def __init__(self) -> None:
        """Begin idle."""
        self._idle_from = 0.0

    @override
    def decide(self, now: float, home: Home, step: int, *, changed: bool) -> Decision:
        send = changed and now >= self._idle_from
        if send:
            self._idle_from = now + SPACING
        return Decision(send)


class Throttle(Policy):
    """Send on a change, at most every 20 minutes; what changes meanwhile goes at the end of them."""

    def __init__(self) -> None:
        """Begin idle."""
        self._idle_from = 0.0
        self._pending = False

    @override
    def decide(self, now: float, home: Home, step: int, *, changed: bool) -> Decision:
        self._pending = self._pending or changed
        if not self._pending:
            return Decision(send=False)
        if now < self._idle_from:
            return Decision(send=False, wake=self._idle_from)
        self._idle_from = now + SPACING
        self._pending = False
        return Decision(send=True)


class Clockwork(Policy):
    """Send every 28.8 minutes, whatever happens: 50 updates that last the day."""

    def __init__(self) -> None:
        """Begin with the first."""
        self._next = 0.0

    @override
    def decide(self, now: float, home: Home, step: int, *, changed: bool) -> Decision:
        if now < self._next:
            return Decision(send=False, wake=self._next)
        self._next += EVEN
        return Decision(send=True, wake=self._next if self._next > now else NEVER)


SINGLE, THROTTLE, CLOCK = "automation, 20 min delay", "throttle, 20 min", "automation every 28.8 min"
RIVALS: dict[str, Callable[[], Policy]] = {SINGLE: SingleAutomation, THROTTLE: Throttle, CLOCK: Clockwork}
