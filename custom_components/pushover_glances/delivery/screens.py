"""Who owns which screen of an account after its widgets have changed, and what is left behind there.

A device's budget and what it shows belong to the device, whoever writes to it. So a widget that comes takes both over
from the one that was there, and a device that no widget owns any more keeps its memory until it is emptied.
"""

from collections.abc import Collection, Mapping, Set as AbstractSet
from dataclasses import dataclass, replace

from .ledger import Ledger
from .memory import Memory

# The name of the screens of all devices together, which an update without a device writes to.
ALL = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """A widget; its configuration is any text that another configuration does not have."""

    widget: str
    configuration: str


def adopt(
    screens: Mapping[str, Memory],
    owners: Mapping[str, Owner],
    devices: Collection[str] | None,
    assumed: Ledger | None = None,
) -> dict[str, Memory]:
    """Return the memory of every screen that has an owner, and of those that are to be emptied.

    `owners` and the screens go by device; `devices` are those that the user has, `None` where that is not known now.
    `assumed` is the ledger of every screen where the memory was lost.
    """
    known = dict(screens)
    before = {memory.owner: replace(memory) for memory in screens.values()}
    if ALL in owners:
        _gather(known, assumed or Ledger())
    elif ALL in known:
        _scatter(known, {*(devices or ()), *owners})
        if devices is not None:
            del known[ALL]
    for device, owner in owners.items():
        memory = known.setdefault(device, Memory(ledger=assumed or Ledger()))
        if memory.owner != owner.widget:
            _move(before.get(owner.widget, Memory()), memory)
            memory.owner = owner.widget
        if memory.configuration != owner.configuration:
            memory.configuration = owner.configuration
            memory.short_days = []
            # Whoever saves a widget waits to see it, but a lost memory calls for caution.
            memory.asked = assumed is None
    left = {device for device in known if device not in owners and not _is_gone(device, devices)}
    for device in left:
        _abandon(known[device])
    return {device: memory for device, memory in known.items() if device in owners or device in left}


def _move(before: Memory, memory: Memory) -> None:
    """Give a screen what belongs to its new widget: manual values, and what alerts and a paused mirror say."""
    memory.manual, memory.paused, memory.alerts = dict(before.manual), before.paused, dict(before.alerts)
    memory.mirrored = dict(before.mirrored) if before.paused else {}
    memory.states, memory.unavailable, memory.restlessness = {}, {}, 0.0


def _is_gone(device: str, devices: Collection[str] | None) -> bool:
    return devices is not None and device != ALL and device not in devices


def _abandon(memory: Memory) -> None:
    """Leave a screen to be emptied, as soon as an urgent update may go: whoever removed the widget waits to see it."""
    memory.owner = memory.configuration = ""
    memory.asked = memory.leaves_something
    memory.refreshes = 0
    memory.paused, memory.short_days = False, []
    memory.manual, memory.states, memory.mirrored, memory.unavailable, memory.alerts = {}, {}, {}, {}, {}


def _gather(known: dict[str, Memory], ledger: Ledger) -> None:
    """Let all devices together take over from each."""
    whole = known.pop(ALL, None) or Memory(ledger=ledger)
    for memory in known.values():
        whole.ledger = whole.ledger.joined(memory.ledger)
        # One of several screens shows it, so what they show together is not known.
        whole.shown |= {name: None for name, value in memory.perhaps_shown().items() if value != ""}
        whole.covered = sorted({*whole.covered, *memory.covered})
    known.clear()
    known[ALL] = whole


def _scatter(known: dict[str, Memory], devices: AbstractSet[str]) -> None:
    """Let each device take over from all of them together, unless it has done so before."""
    whole = known[ALL]
    # What left without an answer may be shown, or not.
    shown = {**whole.shown, **dict.fromkeys(whole.attempt or ())}
    for device in devices - known.keys():
        known[device] = Memory(
            ledger=whole.ledger,
            shown=dict(shown),
            stamped=whole.stamped,
            covered=list(whole.covered),
            face=dict(whole.face),
            accepted=whole.accepted,
        )
