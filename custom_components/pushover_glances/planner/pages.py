"""What another page means for the state of a widget: for its actions, and for the last values of its base."""

from datetime import datetime

from ..pushover import Field
from .actions import with_each_value
from .layers import Rendering
from .significance import NOTHING
from .state import ActionValue, Page, WidgetState, replace


def show_page(state: WidgetState, page: Page, joined: datetime) -> WidgetState:
    """Return the state with another page; nothing of the one before stays in the fields that either of them fills.

    Values of actions with a duration stay, because they end by themselves; their base is not known until the page has
    been rendered.
    """
    before = state.page
    if page == before:
        return state
    names = page.fields ^ before.fields if page.page_id == before.page_id else page.fields | before.fields

    def over(name: Field, item: ActionValue) -> ActionValue:
        return replace(item, base=None, origin=None) if name in names else item

    pending = [
        replace(
            action,
            values={
                name: item and over(name, item)
                for name, item in action.values.items()
                if name not in names or item is None or item.until is not None
            },
        )
        for action in state.pending
    ]
    return replace(
        state,
        page=page,
        replaced=state.replaced | names,
        actions={
            name: over(name, item)
            for name, item in state.actions.items()
            if name not in names or item.until is not None
        },
        pending=tuple(pending),
        base={name: value for name, value in state.base.items() if name not in names},
        unavailable={name: since for name, since in state.unavailable.items() if name not in names},
        changed=True,
        joined=joined,
    )


def rebase_actions(state: WidgetState, rendering: Rendering) -> WidgetState:
    """Return the state whose actions end when the sources of another page change, not because they are others.

    An action that was called after the page had changed has a base of that page.
    """

    def over(name: Field, item: ActionValue) -> ActionValue:
        if name not in state.replaced or item.base is not None:
            return item
        origin = rendering.origins.get(name, NOTHING).snapshot() if name in rendering.by_clock else None
        return replace(item, base=rendering.values.get(name), origin=origin)

    return with_each_value(state, over)
