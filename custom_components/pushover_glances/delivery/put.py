"""What an action does to a widget, and how it is taken back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Self

from ..pushover import Field
from .composition import ManualValue
from .memory import Memory


@dataclass(slots=True)
class Put:
    """What an action put over the mirror, and what it replaced.

    A value of `None` takes away what is over the mirror; fields in `emptied` are emptied whatever they show.
    """

    values: Mapping[Field, ManualValue | None] = field(default_factory=dict)
    replaced: dict[Field, ManualValue | None] = field(default_factory=dict)
    emptied: frozenset[Field] = frozenset()
    refresh: bool = False

    @classmethod
    def over(cls, memory: Memory, values: Mapping[Field, ManualValue | None]) -> Self:
        """Put values over the mirror."""
        replaced = {name: memory.manual.get(name) for name in values}
        for name, item in values.items():
            _set(memory, name, item)
        return cls(values, replaced)

    @classmethod
    def clearing(cls, memory: Memory, names: Collection[Field], mirrored: Collection[Field]) -> Self | None:
        """Give fields back to the mirror and empty those that have none; `None` where there is nothing to do."""
        emptied = frozenset(names) - frozenset(mirrored) - memory.perhaps_shown().keys() - memory.manual.keys()
        cleared = [name for name in names if name in memory.manual]
        if not cleared and not emptied:
            return None
        put = cls.over(memory, dict.fromkeys(cleared))
        put.emptied = emptied
        memory.shown.update(dict.fromkeys(emptied))
        return put

    @classmethod
    def refreshing(cls, memory: Memory) -> Self:
        """Ask for the whole glance, even if it has not changed."""
        memory.refreshes += 1
        return cls(refresh=True)

    def take_back(self, memory: Memory) -> None:
        """Undo it, but for fields that someone else has set since."""
        for name, item in self.values.items():
            if memory.manual.get(name) is item:
                _set(memory, name, self.replaced[name])
        for name in self.emptied:
            if memory.shown.get(name, "") is None:
                del memory.shown[name]
        if self.refresh:
            memory.refreshes = max(memory.refreshes - 1, 0)

    def forget(self, failed: Self) -> None:
        """Replace what an action replaced that failed, in the place of its values."""
        for name, item in self.replaced.items():
            if item is not None and item is failed.values.get(name):
                self.replaced[name] = failed.replaced[name]

    def is_shown(self, memory: Memory) -> bool:
        """Tell whether the values are on the screen for certain."""
        return (
            not self.refresh
            and not self.emptied
            and memory.attempt is None
            and all(item is not None and memory.shown.get(name) == item.value for name, item in self.values.items())
        )


def _set(memory: Memory, name: Field, item: ManualValue | None) -> None:
    if item is None:
        memory.manual.pop(name, None)
    else:
        memory.manual[name] = item
