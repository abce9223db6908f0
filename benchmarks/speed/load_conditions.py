"""What alerts with conditions cost while other entities change all the time."""

from collections.abc import Iterator
from contextlib import contextmanager
import gc
import time
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import callback
from homeassistant.helpers import event

from ..findings import Findings, Goal
from .clock import Loop, this_loop
from .home import Home, Widget, home
from .measure import Effort

_WIDGETS, _ALERTS, _ENTITIES, _OTHERS, _RATE = 5, 50, 20, 500, 1000
_RATIO = 1.05


def _conditions(number: int) -> dict[str, Any]:
    """Return the condition of an alert, each of them one in five: two of five are evaluated once a minute."""
    entity_id = f"sensor.condition_{number % _ENTITIES}"
    kinds: tuple[dict[str, Any], ...] = (
        {"condition": "state", "entity_id": entity_id, "state": "5"},
        {"condition": "numeric_state", "entity_id": entity_id, "below": 5},
        {"or": [{"condition": "state", "entity_id": entity_id, "state": word} for word in ("5", "6")]},
        {"condition": "state", "entity_id": entity_id, "state": "5", "for": {"minutes": 5}},
        {"condition": "template", "value_template": f"{{{{ states('{entity_id}') | float < 5 }}}}"},
    )
    return kinds[number % len(kinds)]


def _alerts() -> list[Widget]:
    return [
        {
            "entities": [f"cover.alert_{number}"],
            "states": ["open"],
            "title": f"Door {number}",
            "urgent": True,
            "conditions": [_conditions(number)],
        }
        for number in range(_ALERTS)
    ]


@contextmanager
def _minutes(loop: Loop) -> Iterator[None]:
    """Let Home Assistant tell each minute by the clock that is moved on, and not by that of the machine."""

    def now() -> float:
        return loop.utcnow().timestamp()

    with (
        patch.object(event, "time", SimpleNamespace(time=now)),
        patch.object(event, "time_tracker_timestamp", now),
        patch.object(event, "time_tracker_utcnow", loop.utcnow),
    ):
        yield


async def _live(running: Home, seconds: int) -> float:
    """Let other entities change for so long, and return the processor time that it took, in all threads, in s."""
    gc.collect()
    used = time.process_time()
    for second in range(seconds):
        for item in range(_RATE):
            change = second * _RATE + item
            running.state(f"sensor.other_{change % _OTHERS}", float(change // _OTHERS % 2))
        running.loop.move(1)
        await running.turns()
    await running.hass.async_block_till_done(wait_background_tasks=True)
    return time.process_time() - used


async def _load_only(running: Home, entry: ConfigEntry, other: ConfigEntry) -> None:
    entries = running.hass.config_entries
    for item in (entry, other):
        if item.state is ConfigEntryState.LOADED:
            await entries.async_unload(item.entry_id)
    await entries.async_setup(entry.entry_id)
    await running.rest()


async def _measure(running: Home, rounds: int, seconds: int) -> tuple[list[float], list[float]]:
    """Return what each run took without the alerts, and with them."""
    # As the recorder does: without a listener, Home Assistant makes no events.
    running.hass.bus.async_listen(EVENT_STATE_CHANGED, callback(lambda _event: None))
    for number in range(_ALERTS):
        running.state(f"cover.alert_{number}", "open")
    for number in range(_ENTITIES):
        running.state(f"sensor.condition_{number}", "7")
    widgets: list[Widget] = [{"text": "{{ 'nothing' }}", "min_interval": 86400} for _ in range(_WIDGETS)]
    without = await running.account(0, widgets)
    with_alerts = await running.account(1, widgets, alerts=_alerts())
    took: dict[str, list[float]] = {without.entry_id: [], with_alerts.entry_id: []}
    for number in range(rounds):
        # Now one, now the other goes first: what drifts falls on both alike.
        pairs = [(without, with_alerts), (with_alerts, without)]
        for entry, other in pairs if number % 2 else pairs[::-1]:
            await _load_only(running, entry, other)
            took[entry.entry_id].append(await _live(running, seconds))
    return took[without.entry_id], took[with_alerts.entry_id]


async def measure(effort: Effort) -> Findings:
    """Measure the same account with and without the alerts, in turn."""
    # At least a minute, in which what depends on the time is evaluated once.
    seconds = 61 if effort.loads > 1 else 1
    with _minutes(this_loop()):
        async with home() as running:
            took = await _measure(running, 2 * effort.loads, seconds)
    # The fastest: whatever else the machine does only makes it longer.
    without, with_alerts = (min(times) for times in took)
    ratio = with_alerts / without
    what = f"{_ALERTS} alerts with conditions on {_ENTITIES} entities, {_RATE:,} changes a second of others: processor time"
    return Findings([], [Goal(what, f"{_RATIO} × the same without them", f"{ratio:.3f} ×", ratio <= _RATIO)])
