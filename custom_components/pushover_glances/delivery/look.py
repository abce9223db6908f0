"""What a widget should show at this moment, and what of it is worth an update."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from ..pushover import Field, Value
from .composition import Mirrored, compose, differing, still_manual
from .memory import Memory
from .moments import dash_times
from .schedule import Rules


@dataclass(frozen=True, slots=True)
class Look:
    """Every field of a widget with its value, those that alerts take over, and those that are worth an update."""

    values: Mapping[Field, Value]
    alerted: frozenset[Field]
    different: frozenset[Field]


def look(memory: Memory, rules: Rules, mirrored: Mirrored, now: datetime) -> Look:
    """Compose the glance, and remember what its layers say."""
    memory.manual = still_manual(memory.manual, None if memory.paused else mirrored, now)
    dashed = _dashed(memory, rules, mirrored, now)
    memory.mirrored |= {name: value for name, value in mirrored.values.items() if value is not None}
    memory.hear_alerts(mirrored.alerts)
    alerted = memory.alerted()
    values = compose(mirrored, memory.manual, memory.mirrored, memory.perhaps_shown(), dashed, alerted=alerted)
    if values and rules.time_stamp is not None:
        values.setdefault(rules.time_stamp, "")
    by_clock = _by_clock(mirrored, alerted, memory.covered)
    different = differing(values, memory.shown, memory.open_manual(), by_clock)
    if memory.attempt is not None:
        different |= differing(values, {**values, **memory.attempt}, memory.open_manual(), by_clock)
    return Look(values, frozenset(alerted), different)


def _by_clock(mirrored: Mirrored, alerted: Collection[Field], covered: Collection[Field]) -> frozenset[Field]:
    """Return the fields that change by themselves: what another layer showed there before does not."""
    return (mirrored.by_clock - {*alerted, *covered}) | (mirrored.alerts_by_clock & {*alerted} & {*covered})


def _dashed(memory: Memory, rules: Rules, mirrored: Mirrored, now: datetime) -> list[Field]:
    """Return the fields that have been unavailable for too long to keep their value."""
    if memory.paused:
        return []
    memory.unavailable = {
        name: memory.unavailable.get(name, min(mirrored.unavailable.get(name, now), now))
        for name, value in mirrored.values.items()
        if value is None
    }
    return [name for name, moment in dash_times(memory, rules) if moment <= now]
