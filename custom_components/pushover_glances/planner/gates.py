"""The rules that delay an update. Each is a gate: a function that returns until when to wait, and why, or `None`.

The gate that opens last decides. The gates of `BEFORE_RENDERING` are evaluated first, so that nothing is rendered while
no update may go. Those of `AFTER_RENDERING` get the values that would be sent.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..pushover import Field, Value
from .budget import Budget, Slot
from .effects import FAILING, Reason, Send, Wait
from .events import Inputs
from .layers import Rendering, Since
from .state import WidgetState, actions_of

# Changes with one cause arrive within this time.
SETTLE = timedelta(seconds=5)
# A garage door takes half a minute to open; one that stays half open must be shown.
_TRANSITION = timedelta(seconds=60)
# Chosen by benchmarks/freshness.py. A word that changes again soon after it was sent leaves the device wrong for twenty
# minutes. If one change in five is like that, it is better to wait until words have not changed for a while.
_FLEETING = timedelta(minutes=5)
_RESTLESS = 0.2
_STILL = timedelta(minutes=4)
_STILL_TIMEOUT = timedelta(minutes=6)
# Chosen in the same way: how long urgent changes must last when less than an even share of the updates is left.
_LASTING = timedelta(minutes=3)
# Each change counts for a tenth of the moving average, so it takes three short-lived words in a row to reach it.
_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Candidate:
    """The update that would be sent now; its values have every field of the widget.

    `different` are the fields whose difference is worth an update. `is_urgent` is set if it may take an urgent slot,
    `is_worth_it` if it should be sent at all, and `is_small` if anything differs, by however little.
    """

    send: Send
    different: frozenset[Field]
    is_urgent: bool
    is_worth_it: bool
    is_small: bool
    rendering: Rendering
    budget: Budget


def account(_state: WidgetState, inputs: Inputs, now: datetime) -> Wait | None:
    """Wait for new credentials, for a device of the user, for the quota of the application, or during an outage."""
    if inputs.account.is_locked_out:
        return Wait(None, Reason.AUTHENTICATION)
    if not inputs.account.has_devices:
        return Wait(None, Reason.NO_DEVICES)
    if inputs.quota.until is not None and inputs.quota.until > now:
        return Wait(inputs.quota.until, Reason.RATE_LIMIT)
    if inputs.account.paused_until is not None and inputs.account.paused_until > now:
        return Wait(inputs.account.paused_until, Reason.OUTAGE)
    return None


def device(_state: WidgetState, inputs: Inputs, _now: datetime) -> Wait | None:
    """Wait until the user has the device: Pushover may take an unknown one for all devices."""
    return None if inputs.has_device else Wait(None, Reason.HELD)


def refusal(state: WidgetState, _inputs: Inputs, now: datetime) -> Wait | None:
    """Wait a day after Pushover refused an update of this widget."""
    until = state.refused_until
    return Wait(until, Reason.HELD) if until is not None and until > now else None


def likely_slot(state: WidgetState, inputs: Inputs, now: datetime) -> Wait | None:
    """Wait for the slot: the urgent one if something may be urgent."""
    budget = budget_of(state, inputs, now)
    return _wait_for(budget.urgent if seems_urgent(state, inputs) else budget.ordinary, inputs, now)


def settling(state: WidgetState, _inputs: Inputs, now: datetime) -> Wait | None:
    """Wait a few seconds after the first change for others; values of actions and what a person has saved do not wait."""
    if state.joined is None or state.joined <= now or state.asked or is_hurried(state):
        return None
    return Wait(state.joined, Reason.SETTLING, brief=True)


def transition(state: WidgetState, candidate: Candidate, _inputs: Inputs, now: datetime) -> Wait | None:
    """Wait while an entity is in a state such as opening; several such entities extend the wait no further."""
    moving = candidate.rendering.in_transition
    if moving is None:
        return None
    since = transition_since(state, candidate.rendering, now)
    if since is None or since + _TRANSITION <= now or is_hurried(state):
        return None
    return Wait(since + _TRANSITION, Reason.SETTLING, entity_id=moving.entity_id)


def sources(state: WidgetState, candidate: Candidate, _inputs: Inputs, now: datetime) -> Wait | None:
    """Wait for entities that are still missing after Home Assistant has started."""
    until = state.sources_until
    if until is None or until <= now or not candidate.rendering.missing or is_hurried(state):
        return None
    return Wait(until, Reason.SOURCES)


def slot(_state: WidgetState, candidate: Candidate, inputs: Inputs, now: datetime) -> Wait | None:
    """Wait for the slot: the urgent one only if a difference is urgent."""
    return _wait_for(candidate.budget.urgent if candidate.is_urgent else candidate.budget.ordinary, inputs, now)


def stillness(state: WidgetState, candidate: Candidate, _inputs: Inputs, now: datetime) -> Wait | None:
    """Wait until words have not changed for a while, or urgent ones if less than an even share of updates is left."""
    wait: Wait | None = None
    if candidate.is_urgent:
        if candidate.budget.is_short:
            wait = _lasting(state, candidate, now)
    elif state.restlessness >= _RESTLESS and (since := candidate.rendering.words_since) is not None:
        wait = _still(state, since, _STILL, now)
    if wait is None or wait.until is None or wait.until <= now or is_hurried(state):
        return None
    return wait


type _BeforeRendering = Callable[[WidgetState, Inputs, datetime], Wait | None]
type _AfterRendering = Callable[[WidgetState, Candidate, Inputs, datetime], Wait | None]

BEFORE_RENDERING: tuple[_BeforeRendering, ...] = (account, device, refusal, likely_slot, settling)
# While one of these gates is closed, the values of the sources are not final.
PROVISIONAL: tuple[_AfterRendering, ...] = (sources, transition)
AFTER_RENDERING: tuple[_AfterRendering, ...] = (*PROVISIONAL, slot, stillness)
# The gates that decide the status even if nothing has changed.
HOLDS: tuple[_BeforeRendering, ...] = (account, device, refusal)


def latest(waits: Iterable[Wait | None]) -> Wait | None:
    """Return the wait that ends last, the first of equal ones; `None` if all gates are open.

    One that a person must end comes before all that follow.
    """
    found: Wait | None = None
    for wait in waits:
        if wait is None or (found is not None and (found.until is None or found.reason in FAILING)):
            continue
        if found is None or wait.until is None or (found.until is not None and wait.until > found.until):
            found = wait
    return found


def budget_of(state: WidgetState, inputs: Inputs, now: datetime) -> Budget:
    """Return the slots of a widget at this moment."""
    return Budget(state.ledger, inputs.rules, inputs.zone, now, is_quiet=bool(inputs.quiet_while))


def _wait_for(slot: Slot, inputs: Inputs, now: datetime) -> Wait | None:
    """Return the wait for a slot; one without a time is for the entity that is on to turn off."""
    if slot.time <= now:
        return None
    return Wait(slot.until, slot.reason, entity_id=inputs.quiet_while if slot.until is None else "")


def changed_states(state: WidgetState, states: Mapping[str, str]) -> set[str]:
    """Return the urgent entities and alerts with another state than the widget shows or has considered."""
    # The values of an update without an answer may be shown or not.
    return {
        name for name, now in states.items() if not (state.states.get(name, now) == state.tried.get(name, now) == now)
    }


def seems_urgent(state: WidgetState, inputs: Inputs) -> bool:
    """Return whether something may be urgent, before the sources are rendered."""
    if state.asked or state.refreshes or (inputs.urgent and changed_states(state, inputs.urgent)):
        return True
    if not state.actions and not state.pending:
        return False
    return any(action.refresh for action in state.pending) or any(
        item.urgent and not _is_shown(state, name, item.value) for name, item in actions_of(state).items()
    )


def is_hurried(state: WidgetState) -> bool:
    """Return whether someone waits for the update, such as the caller of an action whose value is not shown yet."""
    if state.hurried or (not state.actions and not state.pending):
        return state.hurried
    covered = {name for says in state.alerts.values() for name in says}
    return any(
        not _is_shown(state, name, item.value) for name, item in actions_of(state).items() if name not in covered
    )


def _is_shown(state: WidgetState, name: Field, value: Value) -> bool:
    """Return whether the screen certainly shows this value of an action."""
    return value == state.shown.get(name) and (state.attempt is None or value == state.attempt.get(name, value))


def transition_since(state: WidgetState, rendering: Rendering, now: datetime) -> datetime | None:
    """Return since when one entity after the other has been in transition."""
    since = None if rendering.in_transition is None else rendering.in_transition.time
    # A time in the future was recorded before the clock was set back, so it tells nothing about the duration.
    if since is None or since > now:
        return None
    return since if state.transition_since is None else min(state.transition_since, since)


def restless_since(state: WidgetState, candidate: Candidate, now: datetime) -> datetime | None:
    """Return since when an update has waited for words to stop changing, which begins when the ordinary slot opens."""
    return state.restless_since if candidate.budget.ordinary.time > now else state.restless_since or now


def restlessness(before: float, lasted: timedelta) -> float:
    """Return the share of words that change again soon, from 0 to 1, after one more word that lasted this long."""
    return before + _WEIGHT * ((lasted < _FLEETING) - before)


def _lasting(state: WidgetState, candidate: Candidate, now: datetime) -> Wait | None:
    """Wait until the change of urgent entities has lasted long enough."""
    rendering, changed = candidate.rendering, changed_states(state, candidate.send.states)
    shown = _urgent_sources(candidate.different, rendering)
    since = max(
        (rendering.urgent_since[name] for name in changed & shown if name in rendering.urgent_since), default=None
    )
    return None if since is None else _still(state, since, _LASTING, now)


def _urgent_sources(names: Collection[Field], rendering: Rendering) -> set[str]:
    return {source for name in names for source in rendering.urgent_sources(name)}


def _still(state: WidgetState, since: Since, length: timedelta, now: datetime) -> Wait:
    until = min(since.time + length, (state.restless_since or now) + _STILL_TIMEOUT)
    return Wait(until, Reason.LASTING, entity_id=since.entity_id)
