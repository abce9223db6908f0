"""What actions ask for, when their values become part of the state, and the result of one while nothing is sent."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Literal

from ..pushover import Field, Value, Values
from .effects import FAILING, Wait
from .layers import Rendering, over_each_other, perhaps_shown, still_valid
from .state import Action, ActionValue, WidgetState, actions_of, replace


def refreshing(key: int) -> Action:
    """Return the action that sends the whole glance with an urgent update, even if nothing has changed."""
    return Action(key, refresh=True)


def clearing(state: WidgetState, key: int, names: Collection[Field], sources: Collection[Field]) -> Action | None:
    """Return the action that ends values of actions and empties fields without a source; `None` if none is needed."""
    actions, shown = actions_of(state), perhaps_shown(state)
    # What an earlier action has cleared may still be shown.
    left = {name for name in state.acted if name in sources and shown.get(name) != state.base.get(name)}
    left |= {name for name, value in shown.items() if name not in sources and value != ""}
    left -= over_each_other(state.alerts.values()).keys()
    cleared = [name for name in names if name in actions or name in left]
    emptied = frozenset(names) - frozenset(sources) - shown.keys() - actions.keys()
    return Action(key, dict.fromkeys(cleared), emptied) if cleared or emptied else None


def told(state: WidgetState, action: Action, wait: Wait) -> Literal["queued", "unchanged", "failed"]:
    """Return the result of an action if nothing is sent now."""
    if wait.reason in FAILING:
        return "failed"
    return "queued" if wait.is_pending and not _is_shown(state, action) else "unchanged"


def _is_shown(state: WidgetState, action: Action) -> bool:
    """Return whether the screen certainly shows the values of an action."""
    return (
        not action.refresh
        and not action.emptied
        and state.attempt is None
        and all(item is not None and state.shown.get(name) == item.value for name, item in action.values.items())
    )


def overtaken(
    state: WidgetState, actions: Collection[Action], alerted: Collection[Field] = frozenset()
) -> frozenset[int]:
    """Return the keys of the actions without a result of which nothing is left: all values were replaced, or have ended.

    A value below an alert does not count as left: `alerted` are the fields that alerts fill.
    """
    values: dict[Field, Value | None] = {name: item.value for name, item in actions_of(state).items()}
    return frozenset(
        [
            action.key
            for action in actions
            if not action.refresh
            and all(
                name in alerted or values.get(name) != (item and item.value) for name, item in action.values.items()
            )
            and all(name in alerted or values.get(name, "") != "" for name in action.emptied)
        ]
    )


def still_urgent(state: WidgetState, action: Action) -> Action:
    """Return an action with those values urgent that an urgent action has set before: they may still wait."""
    again: dict[Field, ActionValue] = {}
    for name, item in action.values.items():
        # Many actions may come at once, so the values of all of them are not collected for each.
        pending = (earlier.values[name] for earlier in reversed(state.pending) if name in earlier.values)
        old = next(pending, state.actions.get(name))
        if item is not None and old is not None and old.urgent and old.value == item.value:
            again[name] = replace(item, urgent=True)
    return replace(action, values={**action.values, **again}) if again else action


def without_urgency(state: WidgetState, shown: Values) -> WidgetState:
    """Return the state whose actions are no longer urgent where these values are shown, such as after an alert over them."""

    def change(name: Field, item: ActionValue) -> ActionValue:
        return replace(item, urgent=False) if item.urgent and shown.get(name) == item.value else item

    return with_each_value(state, change)


def with_each_value(state: WidgetState, change: Callable[[Field, ActionValue], ActionValue]) -> WidgetState:
    """Return the state with a change of each value of an action."""
    pending = [
        replace(action, values={name: item and change(name, item) for name, item in action.values.items()})
        for action in state.pending
    ]
    actions = {name: change(name, item) for name, item in state.actions.items()}
    return replace(state, actions=actions, pending=tuple(pending))


def confirm(state: WidgetState, key: int) -> WidgetState:
    """Keep what an action asked for; actions become part of the state in the order in which they were called."""
    pending = [replace(action, confirmed=True) if action.key == key else action for action in state.pending]
    actions, shown, refreshes = dict(state.actions), dict(state.shown), state.refreshes
    while pending and pending[0].confirmed:
        action = pending.pop(0)
        for name, item in action.values.items():
            actions.pop(name, None)
            if item is not None:
                actions[name] = item
        shown |= dict.fromkeys(action.emptied)
        refreshes += action.refresh
    return replace(state, pending=tuple(pending), actions=actions, shown=shown, refreshes=refreshes)


def without_ended(action: Action, rendering: Rendering, now: datetime, *, paused: bool) -> Action:
    """Return an action without those of its values that have ended."""
    values = {
        name: item
        for name, item in action.values.items()
        if item is None or still_valid({name: item}, rendering, now, paused=paused)
    }
    # Many actions may wait, and few of them change.
    return action if len(values) == len(action.values) else replace(action, values=values)
