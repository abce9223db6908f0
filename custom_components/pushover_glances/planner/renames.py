"""What is known of a widget and of an alert, after an entity has got another id."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from .alerts import AlertState
from .significance import Snapshot
from .state import WidgetState


def renamed_widget(state: WidgetState, old: str, new: str, alerts: Collection[str]) -> WidgetState:
    """Return the state of a widget, as it is loaded.

    `alerts` are those whose states it has beside those of urgent entities.
    """
    return replace(
        state,
        states=_renamed_states(state.states, old, new, alerts),
        tried=_renamed_states(state.tried, old, new, alerts),
        origins={name: _renamed_snapshot(origin, old, new) for name, origin in state.origins.items()},
        actions={
            name: replace(item, origin=item.origin and _renamed_snapshot(item.origin, old, new))
            for name, item in state.actions.items()
        },
        spenders=replace(state.spenders, updates=_renamed(state.spenders.updates, old, new)),
    )


def renamed_alert(state: AlertState, old: str, new: str) -> AlertState:
    """Return the state of an alert with an entity under another key; what is known under that key already stays."""
    if old == new or old not in {*state.causes, *state.ended, *state.lost}:
        return state
    return replace(
        state,
        causes=_renamed(state.causes, old, new),
        ended=_renamed(state.ended, old, new),
        lost=tuple(dict.fromkeys([new if name == old else name for name in state.lost])),
    )


def _renamed[V](values: Mapping[str, V], old: str, new: str) -> dict[str, V]:
    known = {new: values[new]} if new in values else {}
    return {new if name == old else name: value for name, value in values.items()} | known


def _renamed_states(states: Mapping[str, str], old: str, new: str, alerts: Collection[str]) -> dict[str, str]:
    """Return the states of urgent entities and alerts; the state of an alert is the keys of its entities, in order."""
    return {
        name: " ".join(sorted([new if key == old else key for key in state.split(" ")])) if name in alerts else state
        for name, state in _renamed(states, old, new).items()
    }


def _renamed_snapshot(snapshot: Snapshot, old: str, new: str) -> Snapshot:
    """Return the values of states, and of attributes, whose keys begin with the entity as well."""
    return {new + key.removeprefix(old) if key.split(" ")[0] == old else key: value for key, value in snapshot.items()}
