"""Assigns the screens of an account to its widgets after these have changed.

The budget of a device and the values it shows belong to the device, not to a widget. So a new widget takes both over
from the one before, and the state of a device without a widget is kept until its screen has been emptied.
"""

from collections.abc import Collection, Mapping, Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from .budget import Days, Ledger, Rules
from .layers import leaves_something, perhaps_shown
from .state import Page, WidgetState

# The name of the screens of all devices together, which an update without a device writes to.
ALL = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """A widget; `configuration` is a text that differs for every configuration, such as a digest."""

    widget: str
    configuration: str
    rules: Rules
    urgent_entities: frozenset[str] = frozenset()
    urgent_alerts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Loss:
    """The stored file of an account was lost, so what its devices have used today must be assumed."""

    now: datetime
    zone: tzinfo

    def ledger(self, rules: Rules) -> Ledger:
        """Return the ledger to assume for a device."""
        return Ledger.assumed(self.now, Days(self.zone, rules.quiet), rules.daily_limit)


def assign(
    screens: Mapping[str, WidgetState],
    owners: Mapping[str, Owner],
    devices: Collection[str] | None,
    loss: Loss | None = None,
) -> dict[str, WidgetState]:
    """Return the state of every screen that has an owner, and of those that must be emptied.

    `owners` and `screens` are by device; `devices` are those of the user, `None` if they are not known.
    """
    known = dict(screens)
    before = {state.owner: state for state in screens.values()}
    if ALL in owners:
        known = {ALL: _gathered(known)}
    elif ALL in known:
        known |= _scattered(known, {*(devices or ()), *owners})
        if devices:
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
    """Return the state of a screen for its widget, as that is loaded."""
    if state.owner != owner.widget:
        state = replace(_moved(before.get(owner.widget, WidgetState()), state), owner=owner.widget)
    if state.configuration != owner.configuration:
        # A person who has saved a widget waits to see it. After a loss of the file it must not be sent at once.
        state = replace(state, configuration=owner.configuration, short_days=(), asked=not is_lost)
    shown = state.shown
    if state.stamped is not None and state.stamped is not owner.rules.time_stamp:
        shown = {**shown, state.stamped: None}
    # A new urgent alert was not active before.
    states = {**dict.fromkeys(owner.urgent_alerts, ""), **state.states}
    urgent = owner.urgent_entities | owner.urgent_alerts
    return replace(state, shown=shown, states={name: states[name] for name in urgent if name in states})


def _moved(before: WidgetState, state: WidgetState) -> WidgetState:
    """Return a screen with what belongs to its new widget: values of actions, alerts and a paused base, and its page."""
    return replace(
        state,
        actions=before.actions,
        paused=before.paused,
        page=before.page,
        replaced=before.replaced,
        alerts=before.alerts,
        base=before.base if before.paused else {},
        states={},
        origins={},
        unavailable={},
        restlessness=0.0,
    )


def _is_gone(device: str, devices: Collection[str] | None) -> bool:
    # A user without any device may sign in again, and find on it what was shown before.
    return bool(devices) and device != ALL and device not in (devices or ())


def _abandoned(state: WidgetState) -> WidgetState:
    """Return a screen without a widget, to be emptied with an urgent update because the person who removed it waits."""
    return replace(
        state,
        owner="",
        configuration="",
        asked=leaves_something(state),
        refreshes=0,
        paused=False,
        page=Page(),
        replaced=frozenset(),
        short_days=(),
        actions={},
        states={},
        origins={},
        base={},
        unavailable={},
        alerts={},
    )


def _gathered(known: Mapping[str, WidgetState]) -> WidgetState:
    """Return the state of all devices together, made from the states of each."""
    whole = known.get(ALL, WidgetState())
    for state in known.values():
        if state is not whole:
            # Other screens may show other values, so the common value is not known.
            shown = {name: None for name, value in perhaps_shown(state).items() if value != ""}
            whole = replace(
                whole,
                ledger=whole.ledger.joined(state.ledger),
                shown={**whole.shown, **shown},
                covered=whole.covered | state.covered,
                acted=whole.acted | state.acted,
            )
    return whole


def _scattered(known: Mapping[str, WidgetState], devices: AbstractSet[str]) -> dict[str, WidgetState]:
    """Return the states of devices that have none of their own, made from the state of all devices together.

    A field that one of them shows may then be emptied on each, as an update to all of them would do.
    """
    whole = known[ALL]
    # The values of an update without an answer may be shown or not.
    shown = {**whole.shown, **dict.fromkeys(whole.attempt or ())}
    state = WidgetState(
        ledger=whole.ledger,
        shown=shown,
        stamped=whole.stamped,
        covered=whole.covered,
        acted=whole.acted,
        origins=whole.origins,
        face=whole.face,
        accepted=whole.accepted,
        has_receiver=whole.has_receiver,
        spenders=whole.spenders,
    )
    return dict.fromkeys(devices - known.keys(), state)
