"""From the call of an action to the request at Pushover, beside `rest_command` to the same server."""

from collections.abc import Awaitable, Callable
import time

from custom_components.pushover_glances.const import DOMAIN

from ..findings import Findings, Table
from .home import SLOT, Home, home
from .measure import Effort, Sample, ratio_goal
from .server import device

OURS = "`pushover_glances.update`"
THEIRS = "`rest_command`"
PLAIN = "{}, without TLS"


async def _ours(running: Home, text: str) -> None:
    await running.hass.services.async_call(DOMAIN, "update", {"text": text}, blocking=True)


async def _theirs(running: Home, text: str) -> None:
    await running.hass.services.async_call("rest_command", "glance", {"device": device(1), "text": text}, blocking=True)


async def _once(running: Home, act: Callable[[Home, str], Awaitable[None]], text: str) -> tuple[float, float]:
    """Return how long the request and the answer took, in ms; the slot is open, and so no connection is."""
    await running.rest(SLOT)
    running.pushover.arrivals()
    await running.disconnected()
    begin, counted = time.time(), time.perf_counter()
    await act(running, text)
    answered = time.perf_counter() - counted
    (arrival,) = running.pushover.arrivals()
    if arrival.text != text:
        raise RuntimeError(f"{arrival.text} arrived instead of {text}")
    return (arrival.at - begin) * 1000, answered * 1000


async def _both(effort: Effort, *, tls: bool) -> dict[str, tuple[Sample, Sample]]:
    """Call both in turn, and return how long requests and answers took."""
    kinds = {OURS: _ours, THEIRS: _theirs}
    times: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
    async with home(tls=tls, keeps_alive=False) as running:
        await running.account(0, [{"text": "nothing"}])
        for number in range(-3, effort.actions):
            for kind, act in kinds.items():
                took = await _once(running, act, f"{kind} {number}")
                if number >= 0:
                    times[kind].append(took)
    return {
        kind: (Sample([item[0] for item in took]), Sample([item[1] for item in took])) for kind, took in times.items()
    }


async def measure(effort: Effort) -> Findings:
    """Measure as Pushover is reached, and what of it is not TLS."""
    secured, plain = await _both(effort, tls=True), await _both(effort, tls=False)
    found = secured | {PLAIN.format(kind): samples for kind, samples in plain.items()}
    rows = {
        row: [f"{value:.2f}" for value in (sent.median, sent.percentile(99), done.median)]
        for row, (sent, done) in found.items()
    }
    ratio = secured[OURS][0].median / secured[THEIRS][0].median
    head = ("ms", "request: median", "request: 99th percentile", "action ends: median")
    about = (
        "From the call of an action, slot open, to the request at Pushover, and to the end of the action. Pushover can be "
        "reached over TLS alone, so that is what the goal is about; each request has a new connection, whose certificate "
        "is verified. The other two rows are the same over a connection without TLS, which nobody has."
    )
    goal = ratio_goal("action to request, over TLS", "at most 2 × `rest_command`, booked on disk", ratio, 2)
    return Findings([Table("actions", about, head, rows)], [goal])
