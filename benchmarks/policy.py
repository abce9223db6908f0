"""What decides when an update goes, and the clock that drives it through a home."""

from typing import NamedTuple, Protocol

from .homes import Home
from .staleness import Update
from .traces import STEP

NEVER = float("inf")


class Decision(NamedTuple):
    """Whether an update goes now, and when to ask again if nothing changes before."""

    send: bool
    wake: float = NEVER


class Policy(Protocol):
    """Decides from what it sees of a home: never its future, never what its errors weigh."""

    def decide(self, now: float, home: Home, step: int, *, changed: bool) -> Decision:
        """Decide at `now` seconds, because the glance changed at this step or because it is time."""


def run(policy: Policy, home: Home) -> list[Update]:
    """Return the updates that a policy sends."""
    updates: list[Update] = []
    changes = [*home.changes.tolist(), home.steps]
    wake, now = 0.0, 0.0
    for change in changes:
        at = change * STEP
        while wake < at:
            now = max(wake, now)
            wake = _ask(policy, now, home, int(now // STEP), updates, changed=False)
        if change < home.steps:
            now = at
            wake = _ask(policy, now, home, change, updates, changed=True)
    return updates


def _ask(policy: Policy, now: float, home: Home, step: int, updates: list[Update], *, changed: bool) -> float:
    decision = policy.decide(now, home, step, changed=changed)
    if decision.send:
        updates.append(Update(now, step))
    # A policy that asks again and again at the same moment would never end.
    return max(decision.wake, now + 1e-3)
