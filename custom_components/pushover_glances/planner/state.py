"""Everything known about one widget, as an immutable value; every event makes a new one."""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from ..pushover import Field, Value
from .budget import Ledger
from .significance import Snapshot
from .spenders import Spenders

if TYPE_CHECKING:
    # Only for this one does mypy check the names of the changes.
    from dataclasses import replace
else:
    # This one uses `WidgetState.__replace__`.
    from copy import replace

__all__ = ["Action", "ActionValue", "Page", "Shown", "WidgetState", "actions_of", "at_start", "not_emptied", "replace"]

# The values that a widget shows; `None` is an unknown value that is not empty.
type Shown = Mapping[Field, Value | None]


@dataclass(frozen=True, slots=True)
class ActionValue:
    """A value that an action or a notify message gave to a field.

    It ends at `until`, or when the source of the field gets another value than `base`, which it had when the action was
    called (`None`: no value, or that of another page, which has not been rendered). An urgent one may take an urgent
    slot. If the source depends on the time, `origin` has the states that `base` was made of.
    """

    value: Value
    until: datetime | None = None
    base: Value | None = None
    urgent: bool = False
    origin: Snapshot | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The page that applies to a widget, and the fields whose sources it replaces; without an id, none applies."""

    page_id: str = ""
    fields: frozenset[Field] = frozenset()


@dataclass(frozen=True, slots=True)
class Action:
    """What an action asks for; `key` identifies it until it has its result.

    A value of `None` ends the value of an earlier action, the fields in `emptied` are emptied whatever they show, and
    `refresh` asks for an update even if nothing has changed. `confirmed` is set once it has a result and did not fail.
    """

    key: int
    values: Mapping[Field, ActionValue | None] = field(default_factory=dict)
    emptied: frozenset[Field] = frozenset()
    refresh: bool = False
    confirmed: bool = False


# Without slots, so that `__replace__` copies all attributes at once.
@dataclass(frozen=True, kw_only=True)
class WidgetState:
    """The state of one widget: first what a restart keeps, which is stored, then what it forgets."""

    # The widget that owns the screen, and a digest of its configuration, which tells when it has been edited.
    owner: str = ""
    configuration: str = ""
    # When updates were sent.
    ledger: Ledger = field(default_factory=Ledger)
    # The values that Pushover accepted last, without the time of day that was added to the field `stamped`; the states
    # of urgent entities and alerts that they show, the fields that alerts filled, and actions, and the states that the
    # fields which depend on the time were made of.
    shown: Shown = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    stamped: Field | None = None
    covered: frozenset[Field] = frozenset()
    acted: frozenset[Field] = frozenset()
    origins: Mapping[Field, Snapshot] = field(default_factory=dict)
    # The values of an update without an answer, which may be shown or not, and the states that they show.
    attempt: Mapping[Field, Value] | None = None
    tried: Mapping[str, str] = field(default_factory=dict)
    # The values of actions, the last values of the base, since when fields have no value, and the last values of the
    # active alerts, the one on top first.
    actions: Mapping[Field, ActionValue] = field(default_factory=dict)
    base: Mapping[Field, Value] = field(default_factory=dict)
    unavailable: Mapping[Field, datetime] = field(default_factory=dict)
    alerts: Mapping[str, Mapping[Field, Value]] = field(default_factory=dict)
    # The share of words that change again soon, from 0 to 1.
    restlessness: float = 0.0
    # Whether a person waits for an update, and how many refreshes ask for one even without a change.
    asked: bool = False
    refreshes: int = 0
    # Whether the base is paused: it keeps its last values.
    paused: bool = False
    # The page that applies, and the fields whose sources another page has replaced since an update was last considered.
    page: Page = field(default_factory=Page)
    replaced: frozenset[Field] = frozenset()
    # For entities and repairs: when Pushover last accepted an update, whether it had an active device to send it to, the
    # values that were sent, with the time of day, the last consecutive days on which something urgent had to wait
    # because few updates were left, and what the updates of the day were sent for.
    accepted: datetime | None = None
    has_receiver: bool = True
    face: Mapping[Field, Value] = field(default_factory=dict)
    short_days: tuple[date, ...] = ()
    spenders: Spenders = field(default_factory=Spenders)

    # A restart forgets everything from here on.
    # Whether something may have changed since the last decision, and whether nothing has been decided since the start.
    changed: bool = True
    unseen: bool = True
    # Whether a source has changed since the last rendering, so that further changes need not be reported.
    heard: bool = False
    # When the sources say something else, although no entity changes.
    rendered_until: datetime | None = None
    # Until when an update waits for changes to join the first one, since when it has waited for words to stop changing
    # and for a source in transition, and whether someone waits for the update, so that it does not settle.
    joined: datetime | None = None
    restless_since: datetime | None = None
    transition_since: datetime | None = None
    hurried: bool = False
    # When the last decision was made, until when missing entities have time to appear, and until when nothing is sent
    # because Pushover refused an update.
    looked: datetime | None = None
    sources_until: datetime | None = None
    refused_until: datetime | None = None
    # Since when a difference that is not worth an update waits for the next one, and when the last one was gone again.
    small_since: datetime | None = None
    small_ended: datetime | None = None
    # The day on which something urgent waits because few updates are left.
    short_on: date | None = None
    # What the update that is being sent is sent for.
    causes: AbstractSet[str] = frozenset()
    # The actions that have no result yet.
    pending: tuple[Action, ...] = ()
    # The state before the update that is being sent; it is restored if the update does not arrive.
    before: Self | None = None

    if not TYPE_CHECKING:

        def __replace__(self, /, **changes: Any) -> Self:
            """Return a copy with these changes, several times as fast as by `__init__`: each event makes one."""
            new = object.__new__(type(self))
            new.__dict__.update(self.__dict__ | changes)
            return new


def at_start(state: WidgetState) -> WidgetState:
    """Return the state as it is after a restart."""
    new = WidgetState()
    return replace(
        state,
        shown={**state.shown, **{name: None for action in state.pending for name in action.emptied}},
        actions=actions_of(state),
        refreshes=state.refreshes + len([action for action in state.pending if action.refresh]),
        **{name: getattr(new, name) for name in _FORGOTTEN},
    )


# What a restart forgets: the fields from `changed` on.
_NAMES = [item.name for item in fields(WidgetState)]
_FORGOTTEN = _NAMES[_NAMES.index("changed") :]


def actions_of(state: WidgetState) -> Mapping[Field, ActionValue]:
    """Return the values of all actions; those without a result yet come last, and win."""
    if not state.pending:
        return state.actions
    values: dict[Field, ActionValue | None] = {**state.actions}
    for action in state.pending:
        values |= action.values
    return {name: item for name, item in values.items() if item is not None}


def not_emptied[V: Value | None](first: Mapping[Field, V], second: Mapping[Field, V]) -> dict[Field, V]:
    """Return the values of both; the first wins, except that an empty value never replaces one that is not."""
    return {**second, **{name: value for name, value in first.items() if value != "" or second.get(name, "") == ""}}
