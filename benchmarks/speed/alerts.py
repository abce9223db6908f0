"""What fifty alerts on five widgets add to a state change, of an entity that they watch or not."""

from collections.abc import Sequence
import time

from homeassistant.core import callback
from homeassistant.helpers.event import async_track_state_change_event

from ..findings import Findings, Goal, Table
from .home import SLOT, Home, Widget, home
from .measure import NOTHING, Effort, Sample

_WIDGETS = 5
_ALERTS = 50
_MANY = 400
_NOBODY = "cover.nobody"
_FLOOR = "cover.floor"
# What is called a handful, in µs for each change.
_HANDFUL = 10

UNUSED = "an entity that no alert watches"
FLOOR = "empty `async_track_state_change_event` listener"
ATTRIBUTES = "an entity of an alert, its attributes change"
OTHERS = "an entity of an alert, between states that do not count"
TURNS = "an alert begins or ends, its five widgets waiting"


def _entity(number: int) -> str:
    return f"cover.alert_{number}"


def _alerts() -> list[Widget]:
    return [
        {
            "entities": [_entity(number)],
            "states": ["open"],
            "title": f"Door {number}",
            "text": "Open",
            "subtext": "since {{ since }}",
            "urgent": True,
        }
        for number in range(_ALERTS)
    ]


async def _changes(running: Home, entity_id: str, states: Sequence[str], number: int, *, attributes: bool) -> float:
    """Change an entity so many times, and return the time of this thread for each change, in µs."""
    running.state(entity_id, states[-1], n=-1)
    await running.rest()
    begin = time.thread_time()
    for item in range(number):
        running.state(entity_id, states[item % len(states)], n=item if attributes else 0)
    await running.turns()
    return (time.thread_time() - begin) / number * 1e6


async def measure(effort: Effort) -> Findings:
    """Measure beside an entity without listeners, in the same round; the account is unloaded for the first row."""
    kinds: dict[str, tuple[str, Sequence[str], int, bool]] = {
        FLOOR: (_FLOOR, ("closed", "closing"), _MANY, False),
        ATTRIBUTES: (_entity(7), ("closed",), _MANY, True),
        OTHERS: (_entity(7), ("closed", "stopped"), _MANY, False),
        TURNS: (_entity(7), ("open", "closed"), 2, False),
    }
    samples: dict[str, list[float]] = {row: [] for row in (UNUSED, *kinds)}
    async with home() as running:
        for number in range(_ALERTS):
            running.state(_entity(number), "closed")
        async_track_state_change_event(running.hass, [_FLOOR], callback(lambda _event: None))
        widgets: list[Widget] = [{"text": "{{ 'nothing' }}", "min_interval": 86400} for _ in range(_WIDGETS)]
        entry = await running.account(0, widgets, alerts=_alerts())
        entries = running.hass.config_entries
        for _ in range(effort.rounds):
            alone: dict[bool, float] = {}
            for loaded in (False, True):
                await (entries.async_setup if loaded else entries.async_unload)(entry.entry_id)
                await running.rest(SLOT)
                words = ("closed", "stopped")
                tries = [await _changes(running, _NOBODY, words, _MANY, attributes=False) for _ in range(5)]
                alone[loaded] = min(tries)
            samples[UNUSED].append(alone[True] - alone[False])
            for row, (entity_id, states, number, attributes) in kinds.items():
                without = await _changes(running, _NOBODY, states, number, attributes=attributes)
                used = await _changes(running, entity_id, states, number, attributes=attributes)
                samples[row].append(used - without)
    found = {row: Sample(values) for row, values in samples.items()}
    rows = {row: ["–" if sample.is_nothing else f"{sample.median:.1f}"] for row, sample in found.items()}
    about = (
        f"What {_ALERTS} alerts on {_WIDGETS} widgets add to a state change. –: cannot be distinguished from nothing. The last "
        "row is for the whole change, with everything that follows at once for all widgets."
    )
    unused, most = found[UNUSED], max(found[ATTRIBUTES].median, found[OTHERS].median)
    nothing = NOTHING if unused.is_nothing else f"{unused.median:.2f} µs"
    return Findings(
        [Table("alerts", about, ("", "µs for each change"), rows)],
        [
            Goal("50 alerts, an entity that none of them watches", NOTHING, nothing, unused.is_nothing),
            Goal("50 alerts, an entity of one", f"at most {_HANDFUL} µs", f"{most:.1f} µs", most <= _HANDFUL),
        ],
    )
