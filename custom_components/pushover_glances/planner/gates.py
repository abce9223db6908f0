"""What keeps an update from going, each rule one gate: until when, and why.

The decision is the gate that opens last. Those of `BEFORE_RENDERING` are asked first, so that nothing is rendered while
no update may go; those of `AFTER_RENDERING` know what would be sent.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..pushover import Field, Values
from .budget import Budget, Slot
from .effects import Reason, Wait
from .events import Inputs
from .layers import Rendering
from .state import WidgetState, actions_of

# What changes together arrives within this time.
SETTLE = timedelta(seconds=5)
# A garage door takes half a minute to open; one that is stuck half way is to be shown.
_TRANSITION = timedelta(seconds=60)
# Chosen by benchmarks/freshness.py: a word that does not last leaves the device wrong for the twenty minutes after it
# was sent. Where one change in five is like that, an update is better spent on words that have stood still.
_FLEETING = timedelta(minutes=5)
_RESTLESS = 0.2
_STILL = timedelta(minutes=3)
_STILL_TIMEOUT = timedelta(minutes=5)
# Each change counts for a tenth of the average, so that three fleeting ones in a row are needed.
_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Candidate:
    """What would be sent: every field of the widget with its value, those that come from alerts, and those that differ.

    `states` are the states of urgent entities and alerts that it shows, `is_urgent` tells whether it may take an urgent
    slot, and `is_worth_it` whether it is worth an update at all; `ordinary` is the slot of an update that is not urgent.
    """

    values: Values
    alerted: frozenset[Field]
    different: frozenset[Field]
    states: Mapping[str, str]
    is_urgent: bool
    is_worth_it: bool
    rendering: Rendering
    budget: Budget
    ordinary: Slot


def account(_state: WidgetState, inputs: Inputs, _now: datetime) -> Wait | None:
    """Wait while Pushover takes nothing from this account."""
    return inputs.account


def device(_state: WidgetState, inputs: Inputs, _now: datetime) -> Wait | None:
    """Wait until the user has the device: Pushover may take an unknown one for all devices."""
    return None if inputs.has_device else Wait(None, Reason.HELD)


def refusal(state: WidgetState, _inputs: Inputs, now: datetime) -> Wait | None:
    """Wait a day after Pushover refused an update of this widget."""
    until = state.refused_until
    return Wait(until, Reason.HELD) if until is not None and until > now else None


def likely_slot(state: WidgetState, inputs: Inputs, now: datetime) -> Wait | None:
    """Wait for the slot: the urgent one where there may be something urgent."""
    budget = Budget(state.ledger, inputs.rules, inputs.zone, now)
    slot = budget.urgent() if seems_urgent(state, inputs) else budget.ordinary()
    return Wait(slot.time, slot.reason) if slot.time > now else None


def settling(state: WidgetState, _inputs: Inputs, now: datetime) -> Wait | None:
    """Wait for other changes to join the first one; what an action says does not wait."""
    if state.joined is None or state.joined <= now or is_hurried(state):
        return None
    return Wait(state.joined, Reason.SETTLING, brief=True)


def transition(state: WidgetState, candidate: Candidate, _inputs: Inputs, now: datetime) -> Wait | None:
    """Wait for an entity that passes from one state to another, but for several of them no longer than for one."""
    if candidate.rendering.in_transition is None:
        return None
    since = transition_since(state, candidate.rendering, now)
    if since is None or since + _TRANSITION <= now or is_hurried(state):
        return None
    return Wait(since + _TRANSITION, Reason.SETTLING)


def sources(state: WidgetState, candidate: Candidate, _inputs: Inputs, now: datetime) -> Wait | None:
    """Wait for entities that are still missing, after a start of Home Assistant."""
    until = state.sources_until
    if until is None or until <= now or not candidate.rendering.missing or is_hurried(state):
        return None
    return Wait(until, Reason.SOURCES)


def slot(_state: WidgetState, candidate: Candidate, _inputs: Inputs, now: datetime) -> Wait | None:
    """Wait for the slot, which is an urgent one only where what differs is urgent."""
    found = candidate.budget.urgent() if candidate.is_urgent else candidate.ordinary
    return Wait(found.time, found.reason) if found.time > now else None


def stillness(state: WidgetState, candidate: Candidate, _inputs: Inputs, now: datetime) -> Wait | None:
    """Wait for words to stand still, where they often do not, or where few updates are left for what is urgent."""
    until: datetime | None = None
    if candidate.is_urgent:
        if candidate.budget.is_short:
            until = _lasting(state, candidate, now)
    elif state.restlessness >= _RESTLESS and (since := candidate.rendering.words_since) is not None:
        until = _still(state, since, now)
    return Wait(until, Reason.SETTLING) if until is not None and until > now and not is_hurried(state) else None


type _BeforeRendering = Callable[[WidgetState, Inputs, datetime], Wait | None]
type _AfterRendering = Callable[[WidgetState, Candidate, Inputs, datetime], Wait | None]

BEFORE_RENDERING: tuple[_BeforeRendering, ...] = (account, device, refusal, likely_slot, settling)
# While one of these is closed, what the sources say is not final.
PROVISIONAL: tuple[_AfterRendering, ...] = (sources, transition)
AFTER_RENDERING: tuple[_AfterRendering, ...] = (*PROVISIONAL, slot, stillness)
# Those that are asked even where nothing has changed.
HOLDS: tuple[_BeforeRendering, ...] = (account, device, refusal)


def latest(waits: Iterable[Wait | None]) -> Wait | None:
    """Return the wait that is over last, the first of several; `None` where all gates are open."""
    found: Wait | None = None
    for wait in waits:
        if wait is None or (found is not None and found.until is None):
            continue
        if found is None or wait.until is None or (found.until is not None and wait.until > found.until):
            found = wait
    return found


def changed_states(state: WidgetState, states: Mapping[str, str]) -> set[str]:
    """Return the urgent entities and alerts whose state is another one than when the widget was last looked at."""
    # What left without an answer may be what is shown.
    return {
        name for name, now in states.items() if not (state.states.get(name, now) == state.tried.get(name, now) == now)
    }


def seems_urgent(state: WidgetState, inputs: Inputs) -> bool:
    """Tell whether there may be something urgent, before it is known what the widget would show."""
    if state.asked or state.refreshes or (inputs.urgent and changed_states(state, inputs.urgent)):
        return True
    if not state.actions and not state.pending:
        return False
    return any(action.refresh for action in state.pending) or any(
        item.urgent and item.value != state.shown.get(name) for name, item in actions_of(state).items()
    )


def is_hurried(state: WidgetState) -> bool:
    """Tell whether somebody waits: what an action says does not wait, whatever came in between."""
    if state.hurried or (not state.actions and not state.pending):
        return state.hurried
    covered = {name for says in state.alerts.values() for name in says}
    return any(item.value != state.shown.get(name) for name, item in actions_of(state).items() if name not in covered)


def transition_since(state: WidgetState, rendering: Rendering, now: datetime) -> datetime | None:
    """Return since when entities have been in transition, one after the other."""
    since = rendering.in_transition
    # After a clock was set back, a state of the future says nothing about how long it has been there.
    if since is None or since > now:
        return None
    return since if state.transition_since is None else min(state.transition_since, since)


def restless_since(state: WidgetState, candidate: Candidate, now: datetime) -> datetime | None:
    """Return since when an update has waited for words to stand still, which begins when the ordinary slot opens."""
    return state.restless_since if candidate.ordinary.time > now else state.restless_since or now


def restlessness(before: float, lasted: timedelta) -> float:
    """Return which part of the words that change do not last, from 0 to 1, after one more that lasted this long."""
    return before + _WEIGHT * ((lasted < _FLEETING) - before)


def _lasting(state: WidgetState, candidate: Candidate, now: datetime) -> datetime | None:
    """Return from when on the change of urgent entities has lasted, or may go as an ordinary one anyway."""
    rendering, changed = candidate.rendering, changed_states(state, candidate.states)
    shown = _urgent_sources(candidate.different, rendering)
    since = max(
        (rendering.urgent_since[name] for name in changed & shown if name in rendering.urgent_since), default=None
    )
    if since is None:
        return None
    ordinary = candidate.ordinary.time
    return min(since + _STILL, ordinary) if ordinary > now else _still(state, rendering.words_since or since, now)


def _urgent_sources(names: Collection[Field], rendering: Rendering) -> set[str]:
    return {source for name in names for source in rendering.urgent_sources(name)}


def _still(state: WidgetState, since: datetime, now: datetime) -> datetime:
    return min(since + _STILL, (state.restless_since or now) + _STILL_TIMEOUT)
