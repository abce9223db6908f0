"""What it costs when much happens: 10,000 state changes a second, of which more and more are of mirrored entities."""

import gc
import time

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import callback
from homeassistant.helpers.event import async_track_state_change_event

from ..findings import Findings, Goal, Table
from .home import SLOT, Home, Widget, home
from .measure import NOTHING, Effort, Sample

_WIDGETS = 10
_TICKS = 100
_PER_TICK = 100
_CHUNK = 1000
_CHUNKS = 12
_UNUSED = "sensor.unused"
_OTHERS = "sensor.others"


def _entity(number: int) -> str:
    return f"sensor.many_{number}"


def _widgets(mirrored: int) -> list[Widget]:
    """Return widgets that together follow so many entities; some have none where there are not enough."""
    shares = [[_entity(number) for number in range(mirrored)][item::_WIDGETS] for item in range(_WIDGETS)]
    sums = [f"{{{{ {share} | map('states') | map('float') | sum | round(1) }}}}" for share in shares if share]
    return [{"text": text, "title": "Sum", "subtext": text, "count": "{{ 1 }}", "percent": "{{ 2 }}"} for text in sums]


async def _second(running: Home, entities: int, number: int) -> tuple[float, float]:
    """Offer a second's changes; return the time of this thread that they took, and the longest tick's, in s."""
    used = longest = 0.0
    for tick in range(_TICKS):
        begin = time.thread_time()
        for item in range(_PER_TICK):
            change = (number * _TICKS + tick) * _PER_TICK + item
            # Every change of an entity is one, and none matters.
            running.state(_entity(change % entities), 20 + change // entities % 2 / 10, unit_of_measurement="°C")
        await running.turns(1)
        running.loop.move(1 / _TICKS)
        await running.turns()
        took = time.thread_time() - begin
        used, longest = used + took, max(longest, took)
    return used, longest


async def _unused(running: Home) -> float:
    """Change an entity that no widget uses; return the least time of this thread that each change took, in µs."""
    tries = []
    for number in range(_CHUNKS):
        begin = time.thread_time()
        for item in range(_CHUNK):
            running.state(_UNUSED, float(item + number % 2))
        await running.turns()
        tries.append(time.thread_time() - begin)
    return min(tries) / _CHUNK * 1e6


async def _offered(running: Home, entities: int, effort: Effort) -> tuple[float, float]:
    """Offer some seconds' changes; return what each change took, in µs, and the longest tick, in ms.

    Python collects no garbage meanwhile: Home Assistant's events are garbage, with or without listeners, and looking
    for them among all that a home is made of takes so long that nothing else could be seen.
    """
    gc.collect()
    gc.disable()
    try:
        seconds = [await _second(running, entities, number) for number in range(effort.seconds)]
    finally:
        gc.enable()
    used = sum(took for took, _ in seconds) / effort.seconds / _TICKS / _PER_TICK
    return used * 1e6, max(tick for _, tick in seconds) * 1000


async def _switch(running: Home, entry: ConfigEntry, *, loaded: bool) -> None:
    """Unload the account, or load it again."""
    entries = running.hass.config_entries
    if entry.state is ConfigEntryState.LOADED:
        await entries.async_unload(entry.entry_id)
    if loaded:
        await entries.async_setup(entry.entry_id)
    await running.rest(SLOT)


async def _measure(mirrored: int, entities: int, effort: Effort) -> tuple[Sample, Sample, Sample]:
    """Return what each change costs more with the account loaded, of a mirrored entity or not, and the longest tick."""
    added: list[float] = []
    unused: list[float] = []
    longest: list[float] = []
    async with home() as running:
        # Home Assistant hears every state change as soon as anybody follows any entity, in its own tracker that all
        # share. In a home where nothing else did, loading the account would bring that along, and its 0.15 µs would
        # count as ours; every real home has it: automations, templates and groups follow entities.
        async_track_state_change_event(running.hass, [_OTHERS], callback(lambda _event: None))
        # As the recorder does: an event of Home Assistant is made where anyone wants it, and is garbage afterwards.
        running.hass.bus.async_listen(EVENT_STATE_CHANGED, callback(lambda _event: None))
        for number in range(entities):
            running.state(_entity(number), 20.0)
        entry = await running.account(0, _widgets(mirrored))
        for number in range(effort.pairs):
            alone: dict[bool, float] = {}
            took: dict[bool, float] = {}
            # Now one, now the other goes first: what drifts falls on both alike.
            for loaded in (bool(number % 2), not number % 2):
                await _switch(running, entry, loaded=loaded)
                alone[loaded] = await _unused(running)
                if number < effort.loads:
                    took[loaded], tick = await _offered(running, entities, effort)
                    if loaded:
                        longest.append(tick)
            unused.append(alone[True] - alone[False])
            if took:
                added.append(took[True] - took[False])
    return Sample(added), Sample(unused), Sample(longest)


async def measure(effort: Effort) -> Findings:
    """Offer the same number of changes to more and more mirrored entities."""
    entities = max(effort.entities)
    rows: dict[str, list[str]] = {}
    found = {mirrored: await _measure(mirrored, entities, effort) for mirrored in effort.entities}
    for mirrored, (added, unused, longest) in found.items():
        # Ten thousand times so many µs, of a second.
        share = f"{max(added.median, 0):.2f} %"
        other = "–" if unused.is_nothing else f"{unused.median:.2f}"
        rows[f"{mirrored:,} of {entities:,}"] = [f"{added.median:.2f}", share, f"{longest.median:.1f}", other]
    head = ("mirrored entities", "µs for each change", "of a core", "longest 10 ms, ms", "an unused entity: µs")
    about = (
        f"10,000 state changes a second, spread over {entities:,} entities, that matter to none of {_WIDGETS} widgets "
        "of 5 fields, slot open: what the loaded account adds to each change, by the number of entities that it "
        "mirrors; how long the loop was busy for the longest 10 ms of it (100 changes, with all that they cause); and "
        "what the account adds to a change of an entity that it does not use."
    )
    nothing = all(unused.is_nothing for _, unused, _ in found.values())
    most = max(unused.median for _, unused, _ in found.values())
    measured = NOTHING if nothing else f"{most:.2f} µs"
    goal = Goal(f"an entity that no widget uses, {entities:,} others mirrored", NOTHING, measured, nothing)
    return Findings([Table("growth", about, head, rows)], [goal])
