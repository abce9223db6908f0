"""From the call of an action to the request at Pushover, beside `rest_command` to the same server."""

from collections.abc import Awaitable, Callable
import time

from custom_components.pushover_glances.const import DOMAIN

from ..findings import Findings, Goal, Table
from .home import SLOT, Home, home
from .measure import Effort, Sample
from .server import device

OURS = "`pushover_glances.update`"
THEIRS = "`rest_command`"


async def _ours(running: Home, text: str) -> None:
    await running.hass.services.async_call(DOMAIN, "update", {"text": text}, blocking=True)


async def _theirs(running: Home, text: str) -> None:
    await running.hass.services.async_call("rest_command", "glance", {"device": device(1), "text": text}, blocking=True)


async def _once(running: Home, act: Callable[[Home, str], Awaitable[None]], text: str) -> tuple[float, float]:
    """Return how long the request and the answer took, in ms; the slot is open, and so no connection is."""
    await running.rest(SLOT)
    running.pushover.arrivals()
    begin, counted = time.time(), time.perf_counter()
    await act(running, text)
    answered = time.perf_counter() - counted
    (arrival,) = running.pushover.arrivals()
    if arrival.text != text:
        raise RuntimeError(f"{arrival.text} arrived instead of {text}")
    return (arrival.at - begin) * 1000, answered * 1000


async def measure(effort: Effort) -> Findings:
    """Call both in turn."""
    kinds = {OURS: _ours, THEIRS: _theirs}
    wire: dict[str, list[float]] = {kind: [] for kind in kinds}
    answer: dict[str, list[float]] = {kind: [] for kind in kinds}
    async with home() as running:
        await running.account(0, [{"text": "nothing"}])
        for number in range(-3, effort.actions):
            for kind, act in kinds.items():
                first, last = await _once(running, act, f"{kind} {number}")
                if number >= 0:
                    wire[kind].append(first)
                    answer[kind].append(last)
    rows: dict[str, list[str]] = {}
    for kind in kinds:
        sent, done = Sample(wire[kind]), Sample(answer[kind])
        rows[kind] = [f"{value:.2f}" for value in (sent.median, sent.percentile(99), done.median)]
    ratio = Sample(wire[OURS]).median / Sample(wire[THEIRS]).median
    head = ("ms", "request: median", "request: 99th percentile", "action ends: median")
    about = "From the call of an action, slot open, to the request at Pushover, and to the end of the action."
    goal = Goal("action to request", "at most 1.0 × `rest_command`", f"{ratio:.2f} ×", ratio <= 1.05)
    return Findings([Table("actions", about, head, rows)], [goal])
