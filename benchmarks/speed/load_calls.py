"""Many calls of `update` at once, beside as many of `rest_command`."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
import gc
import time
from typing import Any

from homeassistant.exceptions import HomeAssistantError

from custom_components.pushover_glances.const import DOMAIN

from ..findings import Findings, Goal, Table
from .home import SLOT, Home, home
from .load_busy import begin
from .measure import Effort
from .server import device
from .written import entities_of, written

_SECONDS, _STILL = 2.0, 0.1


@dataclass(frozen=True, slots=True)
class _Took:
    """How long it took until all calls had their answer, and the longest turn of the loop, in s; how many failed."""

    answered: float
    still: float
    failed: int
    files: int


async def _update(running: Home, entity_ids: Sequence[str], text: str) -> None:
    data: dict[str, Any] = {"text": text, "entity_id": [*entity_ids]}
    await running.hass.services.async_call(DOMAIN, "update", data, blocking=True)


async def _rest(running: Home, text: str) -> None:
    await running.hass.services.async_call("rest_command", "glance", {"device": device(1), "text": text}, blocking=True)


async def _together(running: Home, calls: Sequence[Awaitable[None]]) -> _Took:
    """Call all at once. Python collects no garbage meanwhile, which is that of all of Home Assistant."""
    gc.collect()
    gc.disable()
    try:
        with written(running) as found, running.loop.turns() as turns:
            begun = time.perf_counter()
            answers = await asyncio.gather(*calls, return_exceptions=True)
            answered = time.perf_counter() - begun
    finally:
        gc.enable()
    failed = [answer for answer in answers if isinstance(answer, BaseException)]
    for error in failed:
        if not isinstance(error, HomeAssistantError):
            raise error
    return _Took(answered, max(turns), len(failed), len(found.files))


async def _measure(effort: Effort) -> tuple[dict[str, list[_Took]], int]:
    """Return what the calls took, and how many files were written for values that were there already."""
    calls: dict[str, Callable[[Home, Sequence[str], str], list[Awaitable[None]]]] = {
        "one": lambda running, ids, text: [_update(running, ids[:1], f"{text} {n}") for n in range(effort.on_one)],
        "all": lambda running, ids, text: [_update(running, ids, f"{text} {n}") for n in range(effort.on_all)],
        "rest": lambda running, _, text: [_rest(running, f"{text} {n}") for n in range(effort.on_one)],
    }
    took: dict[str, list[_Took]] = {kind: [] for kind in (*calls, "rest all")}
    async with home() as running:
        await begin(running, effort)
        ids = entities_of(running, "notify")
        for number in range(effort.calls):
            for kind, make in calls.items():
                await running.rest(SLOT)
                took[kind].append(await _together(running, make(running, ids, f"{number}")))
        rests = [_rest(running, f"{n}") for n in range(effort.on_all * len(ids))]
        took["rest all"].append(await _together(running, rests))
        await _together(running, [_update(running, ids, "same")])
        same = await _together(running, [_update(running, ids, "same") for _ in range(effort.on_all)])
    return took, same.files


async def measure(effort: Effort) -> Findings:
    """Measure calls on one widget and on all."""
    took, same = await _measure(effort)
    goals = []
    rows = {}
    count = effort.accounts * effort.each
    names = {
        "one": f"{effort.on_one} calls of `update` on one widget at once",
        "all": f"{effort.on_all} calls of `update` on {count} widgets at once",
        "rest": f"{effort.on_one} calls of `rest_command` at once",
        "rest all": f"{effort.on_all * count} calls of `rest_command` at once",
    }
    for kind, name in names.items():
        answered, still = min(item.answered for item in took[kind]), min(item.still for item in took[kind])
        failed = max(item.failed for item in took[kind])
        told = f", {failed} of them failed after 10 s" if failed else ""
        if kind.startswith("rest"):
            rows[f"{name}: answered / longest turn of the loop"] = [f"{answered:.2f} s / {still * 1000:.0f} ms{told}"]
        else:
            goals += [
                Goal(f"{name}: answered", "in 2 s", f"{answered:.2f} s{told}", answered <= _SECONDS and not failed),
                Goal(f"{name}: longest turn of the loop", "100 ms", f"{still * 1000:.0f} ms", still <= _STILL),
            ]
    goals.append(Goal("files for values that are there already", "none", f"{same}", same == 0))
    return Findings([Table("calls", "", ("", ""), rows)], goals)
