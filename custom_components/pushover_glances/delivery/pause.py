"""A mirror that is paused: it says what it said last, whatever happens in the house."""

from collections.abc import Collection, Mapping

from ..pushover.glance import Field
from .composition import Mirrored, Shown
from .memory import Memory


class PausedMirror:
    """Stands in for the mirror of a widget while its owner wants nothing new from it."""

    def __init__(self, memory: Memory, fields: Collection[Field]) -> None:
        """Take what the widget remembers of its mirror, and the fields that have a template."""
        self._memory = memory
        self._fields = fields

    def values(self) -> Shown:
        """Return what every template said last; `None` for one that had no value then, or never had one."""
        memory = self._memory
        return {name: None if name in memory.unavailable else memory.mirrored.get(name) for name in self._fields}

    def render(self) -> Mirrored:
        """Return the same, with since when a field has had no value."""
        return Mirrored(self.values(), unavailable=self._memory.unavailable)

    def states(self) -> Mapping[str, str]:
        """Return no state: what changes meanwhile is noticed when the pause is over."""
        return {}
