"""All that is known of one widget: an immutable value, of which every event makes a new one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Self

from ..pushover import Field, Value
from .budget import Ledger

# What a widget shows; `None` stands for something that is not known, and not empty.
type Shown = Mapping[Field, Value | None]


@dataclass(frozen=True, slots=True)
class ActionValue:
    """A value that an action or a notify message gave to a field.

    It ends at `until`, or when the source of its field says something else than `base`, which it said when the value was
    given (`None`: nothing). An urgent one need not wait for the ordinary slot.
    """

    value: Value
    until: datetime | None = None
    base: Value | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """What an action asks for, known by its key until it has been told what became of it.

    A value of `None` ends the value of an earlier action, fields in `emptied` are emptied whatever they show, and
    `refresh` asks for an update even if nothing has changed.
    """

    key: int
    values: Mapping[Field, ActionValue | None] = field(default_factory=dict)
    emptied: frozenset[Field] = frozenset()
    refresh: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetState:
    """What outlives a restart, then what does not."""

    # The widget that owns the screen, and whether it has been edited since.
    owner: str = ""
    configuration: str = ""
    # When updates went.
    ledger: Ledger = field(default_factory=Ledger)
    # What Pushover accepted last, without the time of day that `stamped` has at its end, the states of urgent entities
    # and alerts behind it, and its fields that came from alerts.
    shown: Shown = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    stamped: Field | None = None
    covered: frozenset[Field] = frozenset()
    # What left without an answer, so that it may be shown or not, and the states behind it.
    attempt: Mapping[Field, Value] | None = None
    tried: Mapping[str, str] = field(default_factory=dict)
    # The values of actions, what the sources of the base said last, since when a field has no value, and what the active
    # alerts said last, the newest first.
    actions: Mapping[Field, ActionValue] = field(default_factory=dict)
    base: Mapping[Field, Value] = field(default_factory=dict)
    unavailable: Mapping[Field, datetime] = field(default_factory=dict)
    alerts: Mapping[str, Mapping[Field, Value]] = field(default_factory=dict)
    # Which part of the words that change have been there for a short time only, from 0 to 1.
    restlessness: float = 0.0
    # Whether a person waits for an update, and how many ask for one even without a change.
    asked: bool = False
    refreshes: int = 0
    # Whether the base says nothing new.
    paused: bool = False
    # For people to look at: when Pushover accepted an update last, what the device shows with the time of day, as far as
    # it came from here, and the last days in a row on which something urgent had to wait because updates have to last.
    accepted: datetime | None = None
    face: Mapping[Field, Value] = field(default_factory=dict)
    short_days: tuple[date, ...] = ()

    # From here on: what a restart forgets.
    # Whether something may have changed since the last look, and whether there has been none since the start.
    changed: bool = True
    unseen: bool = True
    # Whether a source has changed since all were rendered last, so that further changes say nothing new.
    heard: bool = False
    # Until when others join the first change, since when words have been restless and a source has been in transition,
    # and whether somebody waits, so that nothing of this counts.
    joined: datetime | None = None
    restless_since: datetime | None = None
    transition_since: datetime | None = None
    hurried: bool = False
    # When the widget was looked at last, until when entities have time to appear, and until when nothing is sent because
    # Pushover refused it.
    looked: datetime | None = None
    sources_until: datetime | None = None
    refused_until: datetime | None = None
    # The day on which something urgent has to wait because updates have to last.
    short_on: date | None = None
    # How many of the ledger's updates were recorded by the clock that runs now.
    sent_here: int = 0
    # What actions ask for that have not been told yet what became of it.
    pending: tuple[Action, ...] = ()
    # The state before the update that is on its way.
    before: Self | None = None


def at_start(state: WidgetState) -> WidgetState:
    """Return the state as a restart finds it."""
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
    """Return the values of all actions, those that have not been told yet what became of it on top."""
    if not state.pending:
        return state.actions
    values: dict[Field, ActionValue | None] = {**state.actions}
    for action in state.pending:
        values |= action.values
    return {name: item for name, item in values.items() if item is not None}


def not_emptied[V: Value | None](first: Mapping[Field, V], second: Mapping[Field, V]) -> dict[Field, V]:
    """Return the values of both, the first before the second, but any value before none."""
    return {**second, **{name: value for name, value in first.items() if value != "" or second.get(name, "") == ""}}
