"""Decides about one widget: `receive` takes the state and an event, and returns the next state and what to do.

Nothing is changed in place. The coordinator carries out the effect, and passes its result on as the next event. While
an update is being sent, nothing is decided about its widget. Other events are applied to the state and to the state
before the update, so that an update that did not arrive is undone by restoring the latter.
"""

from collections.abc import Collection, Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..pushover import Field, Value, Values
from .account import Result
from .actions import confirm, still_urgent, without_ended, without_urgency
from .budget import REPEAT_AFTER, Days, Rules
from .effects import FAILING, SLOTS, Effect, Reason, Render, Send, Wait, WakeAt
from .events import (
    Abandoned,
    Acted,
    Changed,
    ClockSet,
    Confirmed,
    DeviceFound,
    Dismissed,
    Due,
    Event,
    Inputs,
    Outcome,
    PageChanged,
    Paused,
    Rendered,
    Started,
    Withdrawn,
    WordChanged,
)
from .gates import (
    AFTER_RENDERING,
    BEFORE_RENDERING,
    HOLDS,
    PROVISIONAL,
    SETTLE,
    Candidate,
    budget_of,
    changed_states,
    latest,
    restless_since,
    restlessness,
    seems_urgent,
    transition_since,
)
from .history import short
from .layers import (
    UNAVAILABLE_AFTER,
    Rendering,
    compose,
    differing,
    leaves_something,
    over_each_other,
    perhaps_shown,
    still_valid,
    values_of_alerts,
)
from .pages import rebase_actions, show_page
from .significance import NOTHING, Snapshot
from .spenders import ACTIONS
from .state import ActionValue, WidgetState, actions_of, not_emptied, replace

# How long other integrations have to add their entities after Home Assistant has started.
SOURCES_TIMEOUT = timedelta(minutes=2)
# Pushover refuses the same content again; a day later it may know the device, or the widget may have been edited.
REFUSED_FOR = timedelta(days=1)
# A number that swings by a little is reported once in this time, or each swing would be a row of the database.
_SMALL_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The values that a widget would show, and what would follow: an update now, or a wait."""

    values: Values
    effect: Send | Wait


def receive(state: WidgetState, event: Event, now: datetime) -> tuple[WidgetState, Effect | None]:
    """Return the next state and what to do; `None` if there is nothing to do."""
    match event:
        case Due(inputs):
            return _before_rendering(state, inputs, now)
        case Rendered(rendering, inputs):
            return _after_rendering(state, rendering, inputs, now)
        case Outcome():
            return _end(state, event, now), WakeAt(now)
    new = _apply(state, event, now)
    if new is state:
        return state, None
    if state.before is not None:
        new = replace(new, before=_apply(state.before, event, now))
    if isinstance(event, WordChanged):
        return new, None
    joined = new.joined if isinstance(event, Changed | PageChanged) else None
    return new, WakeAt(joined or now)


def foresee(state: WidgetState, rendering: Rendering, inputs: Inputs, now: datetime) -> Forecast:
    """Return what would be sent next, and when, if nothing else happened: the decision of `receive`, without an effect."""
    rendered, candidate = _candidate_of(state, rendering, inputs, now)
    if not candidate.is_worth_it:
        return Forecast(candidate.send.values, _idle(rendered, inputs, now))
    wait = latest(
        [
            *[gate(rendered, candidate, inputs, now) for gate in AFTER_RENDERING],
            *[gate(state, inputs, now) for gate in BEFORE_RENDERING],
        ]
    )
    return Forecast(candidate.send.values, wait or candidate.send)


def _before_rendering(state: WidgetState, inputs: Inputs, now: datetime) -> tuple[WidgetState, Effect]:
    """Decide by the gates that need no rendering."""
    if not state.changed and state.looked is not None:
        looked = state.looked
        if any(looked < moment <= now for moment in _moments(state, inputs.rules, now)):
            state = replace(state, changed=True)
    if not state.changed:
        return state, _idle(state, inputs, now)
    wait = latest([gate(state, inputs, now) for gate in BEFORE_RENDERING])
    if wait is None:
        return state, Render()
    if wait.reason is Reason.BUDGET and seems_urgent(state, inputs) and budget_of(state, inputs, now).lacks_updates:
        state = replace(state, short_on=Days(inputs.zone).of(now))
    is_starting = state.sources_until is not None and state.sources_until > now
    if wait.reason in SLOTS and (state.paused or (state.unseen and not is_starting)):
        # Render once after a start, and while the base is paused, to find out whether anything waits at all.
        return replace(state, unseen=False), Render()
    return state, _shown(wait, inputs)


def _after_rendering(
    state: WidgetState, rendering: Rendering, inputs: Inputs, now: datetime
) -> tuple[WidgetState, Effect]:
    """Decide by the rendered values."""
    state, candidate = _candidate_of(state, rendering, inputs, now)
    gates = AFTER_RENDERING if candidate.is_worth_it else PROVISIONAL
    wait = latest([gate(state, candidate, inputs, now) for gate in gates])
    if wait is None and not candidate.is_worth_it:
        state = _considered(_with_base_as_shown(_note_small(state, candidate, now), candidate), now)
        return state, _idle(state, inputs, now)
    if wait is None:
        return _attempt(state, candidate, now), candidate.send
    if not candidate.is_urgent and wait.reason in SLOTS:
        # The values do not show what changed, so nothing is urgent before it changes again.
        state = replace(state, states={**state.states, **candidate.send.states}, asked=False)
    if wait.reason in (Reason.SETTLING, Reason.LASTING):
        state = replace(
            state,
            restless_since=restless_since(state, candidate, now),
            transition_since=transition_since(state, rendering, now),
        )
    return state, _shown(wait, inputs)


def _with_base_as_shown(state: WidgetState, candidate: Candidate) -> WidgetState:
    """Return the state whose base has what is shown instead of differences that are not worth an update.

    A source without a value keeps its last one, of which it is no longer known whether it is a quantity.
    """
    if not candidate.is_small or state.paused:
        return state
    shown = {
        name: before
        for name, value in candidate.rendering.values.items()
        if value is not None
        and value == candidate.send.values.get(name)
        and (before := state.shown.get(name)) is not None
    }
    return replace(state, base={**state.base, **shown})


def _note_small(state: WidgetState, candidate: Candidate, now: datetime) -> WidgetState:
    """Return the state with what the values show, and since when a difference waits that is not worth an update."""
    if candidate.send.states:
        state = replace(state, states={**state.states, **candidate.send.states})
    if candidate.is_small and state.small_since is None:
        is_news = state.small_ended is None or now - state.small_ended >= _SMALL_AGAIN
        return replace(state, small_since=now) if is_news else state
    if not candidate.is_small and state.small_since is not None:
        return replace(state, small_since=None, small_ended=now)
    return state


def _candidate_of(
    state: WidgetState, rendering: Rendering, inputs: Inputs, now: datetime
) -> tuple[WidgetState, Candidate]:
    """Return the state with the new values of its layers, and the update that would be sent."""
    if state.paused:
        rendering = _paused(state, rendering)
    elif state.sources_until is not None and state.sources_until > now and rendering.missing:
        # Fields that depend on an entity that is still missing keep their last value.
        known = {name: None if name in rendering.missing else value for name, value in rendering.values.items()}
        rendering = replace(rendering, values=known)
    state = _remember(state, rendering, now)
    alerted = over_each_other(state.alerts.values()) if state.alerts else {}
    actions = actions_of(state) if state.pending else state.actions
    values = compose(
        rendering.values,
        actions,
        state.base,
        perhaps_shown(state),
        [name for name, moment in _dash_times(state, inputs.rules) if moment <= now] if state.unavailable else (),
        alerted=alerted,
    )
    if values and inputs.rules.time_stamp is not None:
        values.setdefault(inputs.rules.time_stamp, "")
    open_actions = {name: item for name, item in actions.items() if name not in alerted}
    origins = {**rendering.origins, **{name: rendering.alert_origins.get(name, NOTHING) for name in alerted}}
    timed = rendering.by_clock | rendering.alerts_by_clock
    by_clock = (rendering.by_clock - {*alerted, *state.covered, *state.acted}) | (
        rendering.alerts_by_clock & {*alerted} & {*state.covered}
    )
    by_clock -= {name for name in by_clock if origins.get(name, NOTHING).has_changed(state.origins.get(name))}
    shown = {**state.shown, **{name: None for action in state.pending for name in action.emptied}}
    changed = changed_states(state, inputs.urgent) if inputs.urgent else set()
    # Where an urgent entity has another state, or the value of another page is shown, every difference counts.
    exact = {*open_actions, *state.replaced}
    if changed:
        exact |= {name for name in values if not changed.isdisjoint(rendering.urgent_sources(name))}
    different = differing(values, shown, exact, by_clock, origins)
    if state.attempt is not None:
        different |= differing(values, {**values, **state.attempt}, exact, by_clock, origins)
    refreshes = state.refreshes or len([action for action in state.pending if action.refresh])
    budget = budget_of(state, inputs, now)
    is_worth_it = bool(different or refreshes) or state.attempt is not None or _repeats(state, budget.spaced_from, now)
    states = _seen(state, rendering, inputs.urgent) if inputs.urgent else {}
    candidate = Candidate(
        send=Send(values, budget.ordinary.time > now, states, frozenset(alerted)),
        different=different,
        is_small=bool([name for name, value in values.items() if name not in timed and value != shown.get(name)]),
        is_urgent=bool(refreshes) or _is_urgent(state, different, open_actions, rendering, changed),
        is_worth_it=bool(values) and is_worth_it,
        rendering=rendering,
        budget=budget,
    )
    return state, candidate


def _repeats(state: WidgetState, last: datetime | None, now: datetime) -> bool:
    """Return whether the glance is sent again although nothing has changed."""
    repeat = _repeat_time(state, last)
    return repeat is not None and repeat <= now


def _paused(state: WidgetState, rendering: Rendering) -> Rendering:
    """Return a rendering in which the base has its last values.

    Where none is known, such as after a loss of the file, a field that an action or an alert fills gets its value now, so
    that it is not left empty.
    """
    filled = state.acted | state.covered
    values = {name: state.base.get(name, value if name in filled else None) for name, value in rendering.values.items()}
    return replace(
        rendering, values=values, unavailable={}, by_clock=frozenset(), urgent_entities={}, in_transition=None
    )


def _remember(state: WidgetState, rendering: Rendering, now: datetime) -> WidgetState:
    """Return the state with the values of its layers; a source without a value keeps its last one."""
    paused, unavailable = state.paused, state.unavailable
    if not paused:
        unavailable = {
            name: min(unavailable.get(name, rendering.unavailable.get(name, now)), now)
            for name, value in rendering.values.items()
            if value is None
        }
    if state.replaced and not paused:
        state = rebase_actions(state, rendering)
    pending = tuple([without_ended(action, rendering, now, paused=paused) for action in state.pending])
    state = replace(
        state,
        heard=False,
        rendered_until=rendering.until,
        actions=still_valid(state.actions, rendering, now, paused=paused) if state.actions else state.actions,
        pending=pending,
        unavailable=unavailable,
        base={**state.base, **{name: value for name, value in rendering.values.items() if value is not None}},
    )
    if not rendering.alerts and not state.alerts:
        return state
    return replace(state, alerts=values_of_alerts(rendering, state.alerts, actions_of(state)))


def _seen(state: WidgetState, rendering: Rendering, states: Mapping[str, str]) -> dict[str, str]:
    """Return the states that the values show; those of entities whose field has no value are not among them."""
    unseen = {
        entity
        for name, value in rendering.values.items()
        if value is None
        for entity in rendering.urgent_entities.get(name, ())
    }
    unseen |= {alert for alert, says in rendering.alerts.items() if not says.keys() <= state.alerts[alert].keys()}
    return {name: value for name, value in states.items() if name not in unseen}


def _is_urgent(
    state: WidgetState,
    different: Collection[Field],
    actions: Mapping[Field, ActionValue],
    rendering: Rendering,
    changed: AbstractSet[str],
) -> bool:
    """Return whether any of the differences is urgent; `changed` are the urgent entities and alerts with another state."""
    if different and state.asked:
        return True
    for name in different:
        if name in actions and actions[name].urgent:
            return True
        if changed and not changed.isdisjoint(rendering.urgent_sources(name)):
            return True
    return False


def _attempt(state: WidgetState, candidate: Candidate, now: datetime) -> WidgetState:
    """Return the state with the update booked, which is saved before it is sent."""
    send, days, rendering = candidate.send, state.short_days, candidate.rendering
    if candidate.is_urgent and state.short_on is not None:
        # This urgent update had to wait because few updates were left for the rest of the day.
        days = short(days, state.short_on)
    sent = replace(
        state,
        ledger=state.ledger.booked(now, urgent=send.urgent),
        # A field whose emptying may not have arrived may still show its value.
        attempt=send.values if state.attempt is None else not_emptied(send.values, state.attempt),
        covered=state.covered | send.alerted,
        acted=frozenset(actions_of(state) if state.pending else state.actions) - send.alerted,
        origins=_snapshots(state, candidate) if rendering.by_clock or rendering.alerts_by_clock else state.origins,
        tried=send.states,
        small_since=None,
        small_ended=None,
        short_days=days,
        causes=_causes(state, candidate, now),
        pending=tuple([replace(action, emptied=frozenset()) if action.emptied else action for action in state.pending]),
        before=replace(state, changed=True, before=None),
    )
    return _considered(sent, now)


def _causes(state: WidgetState, candidate: Candidate, now: datetime) -> set[str]:
    """Return what an update is sent for: actions, or what changed since the last update of what the fields show.

    The first update of a widget, a repeat, and what only an edit or a page has changed are sent for nothing of these.
    """
    since, rendering, alerted = state.spenders.time, candidate.rendering, candidate.send.alerted
    acted = actions_of(state) if state.pending else state.actions
    refreshes = state.refreshes or [action for action in state.pending if action.refresh]
    causes = {ACTIONS} if refreshes else set[str]()
    for name in candidate.different - state.replaced:
        if name in acted and name not in alerted:
            causes.add(ACTIONS)
        elif since is not None and since <= now:
            is_alert = name in alerted or name in state.covered
            entities = rendering.alert_entities if is_alert else rendering.entities.get(name, frozenset())
            changed = {item for item in entities if item in rendering.updated and rendering.updated[item] > since}
            if not changed and name in state.acted:
                # The value of an action has ended.
                changed = {ACTIONS}
            causes |= changed
    return causes


def _snapshots(state: WidgetState, candidate: Candidate) -> Mapping[Field, Snapshot]:
    """Return the states that the fields which depend on the time are made of."""
    rendering = candidate.rendering
    timed = dict.fromkeys(rendering.by_clock, rendering.origins)
    timed |= dict.fromkeys(rendering.alerts_by_clock & candidate.send.alerted, rendering.alert_origins)
    return {**state.origins, **{name: origins[name].snapshot() for name, origins in timed.items() if name in origins}}


def _end(state: WidgetState, event: Outcome, now: datetime) -> WidgetState:
    """Return the state after an update has ended."""
    send, before = event.send, state.before or replace(state, changed=True)
    # What has changed since the decision waits for the next update.
    spenders = state.spenders.booked(state.causes, Days(event.zone), state.looked or now)
    state = replace(state, before=None, causes=frozenset())
    match event.result:
        case Result.ACCEPTED:
            has_time = any(value != "" for value in send.values.values())
            return replace(
                without_urgency(state, {name: send.values[name] for name in send.values.keys() - send.alerted}),
                ledger=state.ledger.arrived(now),
                shown={**state.shown, **send.values},
                states={**state.states, **send.states},
                covered=send.alerted,
                stamped=event.stamped if has_time else None,
                attempt=None,
                tried={},
                face={**state.face, **event.face},
                accepted=now,
                has_receiver=event.has_receiver,
                spenders=spenders,
            )
        case Result.UNKNOWN:
            acted, ledger = state.acted | before.acted, state.ledger.arrived(now)
            return replace(state, ledger=ledger, acted=acted, spenders=spenders, changed=True)
        case Result.UNSENT:
            return before
        case Result.REFUSED:
            return replace(before, refused_until=now + REFUSED_FOR)


def _apply(state: WidgetState, event: Event, now: datetime) -> WidgetState:  # noqa: C901, PLR0911, PLR0912  # a case each
    """Return the state after an event that is decided about later; the same object if it changes nothing."""
    match event:
        case Changed():
            return replace(state, changed=True, heard=True, joined=_joined(state, now))
        case WordChanged(lasted):
            return replace(state, restlessness=restlessness(state.restlessness, lasted))
        case Acted(action):
            pending = (*state.pending, still_urgent(state, action))
            return replace(state, pending=pending, changed=True, hurried=True)
        case Confirmed(key):
            return confirm(state, key)
        case Withdrawn(key):
            left = tuple([action for action in state.pending if action.key != key])
            return state if len(left) == len(state.pending) else replace(state, pending=left, changed=True)
        case PageChanged(page):
            return show_page(state, page, _joined(state, now))
        case Paused(paused):
            return _pause(state) if paused else _resume(state)
        case Dismissed():
            return replace(state, asked=True, changed=True, hurried=True)
        case Started(time):
            return replace(state, sources_until=time + SOURCES_TIMEOUT)
        case ClockSet(by, start):
            return _set_clock(state, by, start, now)
        case Abandoned():
            return replace(state, shown={}, attempt=None)
        case DeviceFound():
            return replace(state, refused_until=None, changed=True)
        case _:
            return state


def _joined(state: WidgetState, now: datetime) -> datetime:
    """Return until when an update waits for changes to join the first one."""
    return now + SETTLE if state.joined is None or state.joined <= now else state.joined


def _pause(state: WidgetState) -> WidgetState:
    """Pause the base at the values that are shown: its last values may not have been sent, and may not be known yet."""
    shown: dict[Field, Value | None] = {**state.shown, **(state.attempt or {})}
    covered = {*actions_of(state), *state.acted, *state.covered}
    base = {name: value for name, value in shown.items() if value is not None and name not in covered}
    for name, said in state.base.items():
        if name in covered or name in shown or name in state.unavailable:
            base.setdefault(name, said)
    return replace(state, base=base, paused=True, changed=True)


def _resume(state: WidgetState) -> WidgetState:
    """Follow the sources again; a person waits for it, and the time without a value is counted again."""
    return replace(state, paused=False, asked=True, unavailable={}, changed=True, hurried=True)


def _set_clock(state: WidgetState, by: timedelta, start: datetime, now: datetime) -> WidgetState:
    """Return the state with every time that was recorded since Home Assistant started moved by as much as the clock."""

    def moved(moment: datetime | None) -> datetime | None:
        return None if moment is None else moment + by

    # What has changed since the clock was set waits no longer than anything else.
    joined = None if state.joined is None else min(state.joined + by, now + SETTLE)
    return replace(
        state,
        ledger=state.ledger.moved(by, start, now),
        joined=joined,
        restless_since=moved(state.restless_since),
        transition_since=moved(state.transition_since),
        looked=moved(state.looked),
        sources_until=moved(state.sources_until),
        refused_until=moved(state.refused_until),
        changed=True,
    )


def _considered(state: WidgetState, now: datetime) -> WidgetState:
    """Return the state after a decision has considered all changes up to now."""
    return replace(
        state,
        changed=False,
        unseen=False,
        short_on=None,
        joined=None,
        restless_since=None,
        transition_since=None,
        hurried=False,
        looked=now,
        asked=False,
        refreshes=0,
        replaced=state.replaced if state.paused else frozenset(),
        pending=tuple([replace(action, refresh=False) if action.refresh else action for action in state.pending]),
    )


def _idle(state: WidgetState, inputs: Inputs, now: datetime) -> Wait:
    """Return the wait of a widget without anything to send."""
    for gate in HOLDS:
        wait = gate(state, inputs, now)
        if wait is not None and wait.reason in FAILING:
            return wait
    until = min([moment for moment in _moments(state, inputs.rules, now) if moment > now], default=None)
    return Wait(until, Reason.PAUSED if state.paused else Reason.UP_TO_DATE)


def _shown(wait: Wait, inputs: Inputs) -> Wait:
    """Return the wait for the status: the wait for a slot becomes an outage while Pushover does not answer."""
    if inputs.account.is_troubled and wait.reason is Reason.SPACING:
        return replace(wait, reason=Reason.OUTAGE)
    return wait


def _moments(state: WidgetState, rules: Rules, now: datetime) -> Iterator[datetime]:
    """Yield the times at which something happens without an event, past ones too."""
    for item in actions_of(state).values():
        if item.until is not None:
            yield item.until
    for _, moment in _dash_times(state, rules):
        yield moment
    if state.rendered_until is not None:
        yield state.rendered_until
    if (repeat := _repeat_time(state, state.ledger.spaced_from(now))) is not None:
        yield repeat


def _dash_times(state: WidgetState, rules: Rules) -> list[tuple[Field, datetime]]:
    """Return from when on fields without a value show a dash; none if the widget keeps values or is paused."""
    if not rules.dashes or state.paused:
        return []
    return [(name, since + UNAVAILABLE_AFTER) for name, since in state.unavailable.items()]


def _repeat_time(state: WidgetState, last: datetime | None) -> datetime | None:
    """Return when the glance is sent again after the last update; `None` if the widget shows nothing."""
    return last + REPEAT_AFTER if last is not None and leaves_something(state) else None
