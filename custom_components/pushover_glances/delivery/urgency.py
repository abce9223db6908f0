"""What is urgent about a widget: an urgent entity or alert that changed, an urgent action, or a person who waits."""

from collections.abc import Collection, Mapping

from ..pushover import Field
from .composition import Mirrored
from .memory import Memory


def changed_states(memory: Memory, states: Mapping[str, str]) -> set[str]:
    """Return the urgent entities and alerts whose state is another one than when the widget was last looked at."""
    # What left without an answer may be what is shown.
    return {
        name
        for name, state in states.items()
        if not (memory.states.get(name, state) == memory.tried.get(name, state) == state)
    }


def seems_urgent(memory: Memory, states: Mapping[str, str]) -> bool:
    """Tell whether there may be something urgent, before it is known what the widget would show."""
    return (
        memory.asked
        or memory.refreshes > 0
        or bool(changed_states(memory, states))
        or any(item.urgent and item.value != memory.shown.get(name) for name, item in memory.manual.items())
    )


def is_urgent(memory: Memory, different: Collection[Field], mirrored: Mirrored, states: Mapping[str, str]) -> bool:
    """Tell whether what is different about these fields is urgent."""
    changed, manual = changed_states(memory, states), memory.open_manual()
    return memory.refreshes > 0 or any(
        memory.asked
        or (name in manual and manual[name].urgent)
        or not changed.isdisjoint(mirrored.urgent_sources(name))
        for name in different
    )
