"""Which widget owns which screen of an account after its widgets have changed, and what is left behind there.

A device's budget and what it shows belong to the device, whichever widget writes to it. So a widget that comes takes
both over from the one that was there, and a device that no widget owns any more keeps its state until it is emptied.
"""

from collections.abc import Collection, Mapping, Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from .budget import Days, Ledger, Rules
from .layers import leaves_something, perhaps_shown
from .state import WidgetState

# The name of the screens of all devices together, which an update without a device writes to.
ALL = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """A widget; its configuration is any text that another configuration does not have."""

    widget: str
    configuration: str
    rules: Rules
    urgent_entities: frozenset[str] = frozenset()
    urgent_alerts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Loss:
    """The memory of an account was lost: at this time, in this time zone, its use of today has to be assumed."""

    now: datetime
    zone: tzinfo

    def ledger(self, rules: Rules) -> Ledger:
        """Return what to assume of a device."""
        return Ledger.assumed(self.now, Days(self.zone, rules.quiet), rules.daily_limit)


def assign(
    screens: Mapping[str, WidgetState],
    owners: Mapping[str, Owner],
    devices: Collection[str] | None,
    loss: Loss | None = None,
) -> dict[str, WidgetState]:
    """Return the state of every screen that has an owner, and of those that are to be emptied.

    `owners` and the screens go by device; `devices` are those that the user has, `None` where that is not known now.
    """
    known = dict(screens)
    before = {state.owner: state for state in screens.values()}
    if ALL in owners:
        known = {ALL: _gathered(known)}
    elif ALL in known:
        known |= _scattered(known, {*(devices or ()), *owners})
        if devices is not None:
            del known[ALL]
    for device, owner in owners.items():
        if (state := known.get(device)) is None or (loss is not None and not state.ledger.updates):
            ledger = Ledger() if loss is None else loss.ledger(owner.rules)
            state = replace(state or WidgetState(), ledger=ledger)
        known[device] = _owned(state, owner, before, is_lost=loss is not None)
    left = {device for device in known if device not in owners and not _is_gone(device, devices)}
    return {
        device: state if device in owners else _abandoned(state)
        for device, state in known.items()
        if device in owners or device in left
    }


def _owned(state: WidgetState, owner: Owner, before: Mapping[str, WidgetState], *, is_lost: bool) -> WidgetState:
    """Return the state of a screen as its widget finds it when it is loaded."""
    if state.owner != owner.widget:
        state = replace(_moved(before.get(owner.widget, WidgetState()), state), owner=owner.widget)
    if state.configuration != owner.configuration:
        # A person who saves a widget waits to see it, but a lost memory calls for caution.
        state = replace(state, configuration=owner.configuration, short_days=(), asked=not is_lost)
    shown = state.shown
    if state.stamped is not None and state.stamped is not owner.rules.time_stamp:
        shown = {**shown, state.stamped: None}
    # An urgent alert that is new has not been active before.
    states = {**dict.fromkeys(owner.urgent_alerts, ""), **state.states}
    urgent = owner.urgent_entities | owner.urgent_alerts
    return replace(state, shown=shown, states={name: states[name] for name in urgent if name in states})


def _moved(before: WidgetState, state: WidgetState) -> WidgetState:
    """Return a screen with what belongs to its new widget: values of actions, and what alerts and a paused base say."""
    return replace(
        state,
        actions=before.actions,
        paused=before.paused,
        alerts=before.alerts,
        base=before.base if before.paused else {},
        states={},
        unavailable={},
        restlessness=0.0,
    )


def _is_gone(device: str, devices: Collection[str] | None) -> bool:
    return devices is not None and device != ALL and device not in devices


def _abandoned(state: WidgetState) -> WidgetState:
    """Return a screen that is to be emptied as soon as an urgent update may go: the person who removed the widget waits."""
    return replace(
        state,
        owner="",
        configuration="",
        asked=leaves_something(state),
        refreshes=0,
        paused=False,
        short_days=(),
        actions={},
        states={},
        base={},
        unavailable={},
        alerts={},
    )


def _gathered(known: Mapping[str, WidgetState]) -> WidgetState:
    """Return the state of all devices together, which take over from each."""
    whole = known.get(ALL, WidgetState())
    for state in known.values():
        if state is not whole:
            # One of several screens shows it, so what they show together is not known.
            shown = {name: None for name, value in perhaps_shown(state).items() if value != ""}
            whole = replace(
                whole,
                ledger=whole.ledger.joined(state.ledger),
                shown={**whole.shown, **shown},
                covered=whole.covered | state.covered,
            )
    return whole


def _scattered(known: Mapping[str, WidgetState], devices: AbstractSet[str]) -> dict[str, WidgetState]:
    """Return the states of devices that take over from all of them together, unless they have done so before."""
    whole = known[ALL]
    # What left without an answer may be shown, or not.
    shown = {**whole.shown, **dict.fromkeys(whole.attempt or ())}
    state = WidgetState(
        ledger=whole.ledger,
        shown=shown,
        stamped=whole.stamped,
        covered=whole.covered,
        face=whole.face,
        accepted=whole.accepted,
    )
    return dict.fromkeys(devices - known.keys(), state)
