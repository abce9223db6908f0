"""A mirror that is paused: it says what it said last, whatever happens in the house."""

from collections.abc import Collection, Mapping

from ..pushover import Field
from .composition import Mirrored
from .memory import Memory


def pause_mirror(memory: Memory) -> None:
    """Let the mirror say what is shown: what it said last may not have been sent."""
    covered = {*memory.manual, *memory.unavailable, *memory.covered}
    shown = {**memory.shown, **(memory.attempt or {})}
    for name in memory.unavailable.keys() - {*memory.manual, *memory.covered}:
        if (value := shown.get(name)) is not None:
            memory.mirrored[name] = value
    for name in memory.mirrored.keys() - covered:
        if name not in shown:
            del memory.mirrored[name]
        elif (value := shown[name]) is not None:
            memory.mirrored[name] = value
    memory.paused = True


class PausedMirror:
    """Stands in for the mirror of a widget while its owner wants nothing new from it."""

    def __init__(self, memory: Memory, fields: Collection[Field]) -> None:
        """Take what the widget remembers of its mirror, and the fields that have a template."""
        self._memory = memory
        self._fields = fields

    def render(self) -> Mirrored:
        """Return what every template said when the pause began, or what was shown then for one that had no value."""
        return Mirrored({name: self._memory.mirrored.get(name) for name in self._fields})

    def states(self) -> Mapping[str, str]:
        """Return no state: what changes meanwhile is noticed when the pause is over."""
        return {}
