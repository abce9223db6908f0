"""A busy home: what its accounts write, and what they add to the work of Home Assistant."""

import gc
import sys
import time

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import callback
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.template.states import CACHED_TEMPLATE_LRU

from custom_components.pushover_glances.const import DOMAIN

from ..findings import Findings, Goal, Table
from .home import SLOT, Home, Widget, home
from .measure import Effort, Sample, ratio_goal
from .written import Written, written

_ENTITIES, _RATE = 2000, 200
_FIELDS = ("title", "text", "subtext", "count", "percent")
_RATIO = 1.3
# In minutes: every widget has been updated by then, and the caches of Home Assistant are filled.
_WARM = 30
# In percent: the history of a day, and the times of its updates, are kept.
_GROWTH = 1.0


def _entity(number: int) -> str:
    return f"sensor.load_{number % _ENTITIES}"


def _widgets(account: int, number: int) -> list[Widget]:
    """Return widgets of five fields, each with an entity of its own."""
    firsts = [(account * number + place) * len(_FIELDS) for place in range(number)]
    return [
        {name: f"{{{{ states('{_entity(first + place)}') }}}}" for place, name in enumerate(_FIELDS)}
        for first in firsts
    ]


async def begin(running: Home, effort: Effort) -> None:
    """Add the accounts, and the entities that they and others follow."""
    # What every real home has: something that follows entities, and the recorder, which hears of every change.
    async_track_state_change_event(running.hass, ["sensor.others"], callback(lambda _event: None))
    running.hass.bus.async_listen(EVENT_STATE_CHANGED, callback(lambda _event: None))
    for number in range(_ENTITIES):
        running.state(_entity(number), float(number % 50), unit_of_measurement="°C")
    for account in range(effort.accounts):
        await running.account(account, _widgets(account, effort.each))


async def live(running: Home, seconds: float) -> None:
    """Let time pass, and wait until nothing is under way any more."""
    running.loop.move(seconds)
    await running.turns()
    await running.hass.async_block_till_done(wait_background_tasks=True)


async def _minute(running: Home, number: int) -> float:
    """Live through a minute; return the processor time that it took, in all threads, in s."""
    used = time.process_time()
    for second in range(60):
        for item in range(_RATE):
            change = (number * 60 + second) * _RATE + item
            # Each entity changes every ten seconds, and by so much that it matters.
            running.state(_entity(change), float(change * 7 % 97), unit_of_measurement="°C")
        await live(running, 1)
    return time.process_time() - used


async def _switch(running: Home, *, loaded: bool) -> None:
    """Unload all accounts, or load them."""
    entries = running.hass.config_entries
    for entry in entries.async_entries(DOMAIN):
        if loaded and entry.state is not ConfigEntryState.LOADED:
            await entries.async_setup(entry.entry_id)
        elif not loaded and entry.state is ConfigEntryState.LOADED:
            await entries.async_unload(entry.entry_id)
    await running.rest()


def _blocks() -> int:
    """Return how many blocks of memory are in use, without Home Assistant's cache of states for templates."""
    CACHED_TEMPLATE_LRU.clear()
    gc.collect()
    return sys.getallocatedblocks()


async def _measure(effort: Effort) -> tuple[Written, int, float, Sample]:
    """Return what an hour writes, its updates, how much the memory grows, in percent, and how much work the accounts are."""
    async with home() as running:
        await begin(running, effort)
        await running.rest(SLOT)
        warm = min(_WARM, effort.minutes)
        for number in range(warm):
            await _minute(running, number)
        before = _blocks()
        running.pushover.arrivals()
        with written(running) as found:
            for number in range(effort.minutes):
                await _minute(running, warm + number)
        sent = running.pushover.number()
        growth = 100 * (_blocks() - before) / before
        ratios = []
        for number in range(effort.loads):
            took: dict[bool, float] = {}
            # Now one, now the other goes first: what drifts falls on both alike.
            for loaded in (bool(number % 2), not number % 2):
                await _switch(running, loaded=loaded)
                took[loaded] = sum([await _minute(running, item) for item in range(min(5, effort.minutes))])
            ratios.append(took[True] / took[False])
    return found, sent, growth, Sample(ratios)


async def measure(effort: Effort) -> Findings:
    """Measure an hour of changes."""
    found, sent, growth, ratio = await _measure(effort)
    accounts = f"{effort.accounts} accounts of {effort.each} widgets"
    files, lines = len(found.files), found.rows.total()
    busy = f"{accounts}, {_ENTITIES:,} entities that change {_RATE} times a second, {effort.minutes} minutes"
    goals = [
        Goal(f"{busy}: files", "2 an update", f"{files}, {sent} updates", files <= 2 * sent),
        Goal(f"{busy}: rows", "8 an update", f"{lines}, {sent} updates", lines <= 8 * sent),
        ratio_goal(f"{busy}: processor time", "1.3 × the same without accounts", ratio.median, _RATIO),
        Goal(f"{busy}: memory", "1 % more at the end", f"{growth:.2f} %", growth <= _GROWTH),
    ]
    rows = {
        f"the file of an account of {effort.each} widgets": [f"{max(found.files, default=0) / 1000:.0f} kB"],
        f"{busy}: all that is written of files": [f"{sum(found.files) / 1e6:.1f} MB"],
    }
    return Findings([Table("busy", "", ("", ""), rows)], goals)
