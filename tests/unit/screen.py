"""A driver for the planner: one widget and its account, with a clock and sources that the test sets."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import count

from custom_components.pushover_glances.planner import (
    MIN_INTERVAL,
    AccountState,
    Acted,
    Action,
    ActionValue,
    Change,
    Changed,
    Confirmed,
    Due,
    Effect,
    Event,
    Inputs,
    Outcome,
    Quota,
    Render,
    Rendered,
    Rendering,
    Rules,
    Send,
    Since,
    Wait,
    WidgetState,
    receive,
    refreshing,
    result_of,
)
from custom_components.pushover_glances.planner.account import answered, failed
from custom_components.pushover_glances.pushover import Accepted, Field, PushoverError, Value, Values

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TEXT = Field.TEXT
# The entity whose state is in transition, or a word.
ENTITY = "cover.garage_door"
ACCEPTED = Accepted("r")


def since(moment: datetime | None) -> Since | None:
    """Return since when the entity has had its state."""
    return None if moment is None else Since(moment, ENTITY)


@dataclass
class FakeSources:
    """The values of the sources, and the states of the urgent entities; it counts how often they are rendered.

    `alerts` are those that are active, the newest first, all of them urgent.
    """

    says: dict[Field, Value | None] = field(default_factory=lambda: {TEXT: "0"})
    urgent: dict[str, str] = field(default_factory=dict)
    by_clock: frozenset[Field] = frozenset()
    in_transition: datetime | None = None
    since: dict[Field, datetime] = field(default_factory=dict)
    words_since: datetime | None = None
    urgent_since: dict[str, datetime] = field(default_factory=dict)
    missing: frozenset[Field] = frozenset()
    alerts: dict[str, dict[Field, Value | None]] = field(default_factory=dict)
    urgent_alerts: dict[str, str] = field(default_factory=dict)
    rendered: int = 0

    def render(self) -> Rendering:
        """Return the values; every field depends on every urgent entity and on every urgent alert."""
        self.rendered += 1
        return Rendering(
            dict(self.says),
            by_clock=self.by_clock,
            unavailable=dict(self.since),
            missing=self.missing | {name for name, value in self.says.items() if value is None},
            urgent_entities=dict.fromkeys(self.says, frozenset(self.urgent)),
            in_transition=since(self.in_transition),
            words_since=since(self.words_since),
            urgent_since={name: Since(moment, name) for name, moment in self.urgent_since.items()},
            alerts={name: dict(says) for name, says in self.alerts.items()},
            urgent_alerts=dict.fromkeys(Field, frozenset(self.urgent_alerts)),
        )


class Screen:
    """One widget, and its account."""

    def __init__(self, state: WidgetState | None = None, rules: Rules | None = None, zone: tzinfo = UTC) -> None:
        """Begin with a widget that has never been updated, unless a state is given."""
        self.sources = FakeSources()
        self.now = NOW
        self.zone = zone
        self.rules = rules or Rules()
        self.state = state or WidgetState()
        self.account = AccountState()
        self.quota = Quota()
        self.has_device = True
        self.quiet_while = ""
        self.sent: list[tuple[datetime, Values]] = []
        self._keys = count(1)

    @property
    def says(self) -> dict[Field, Value | None]:
        """Return the values of the sources, which the test may change."""
        return self.sources.says

    @property
    def inputs(self) -> Inputs:
        """Return the facts of the moment."""
        return Inputs(
            self.rules,
            self.zone,
            urgent=({} if self.state.paused else self.sources.urgent) | self.sources.urgent_alerts,
            account=self.account,
            quota=self.quota,
            has_device=self.has_device,
            quiet_while=self.quiet_while,
        )

    def receive(self, event: Event) -> Effect | None:
        """Pass an event to the planner, and return what to do."""
        self.state, effect = receive(self.state, event, self.now)
        return effect

    def _look(self) -> tuple[WidgetState, Effect]:
        inputs = self.inputs
        state, effect = receive(self.state, Due(inputs), self.now)
        if isinstance(effect, Render):
            state, effect = receive(state, Rendered(self.sources.render(), inputs), self.now)
        assert isinstance(effect, Send | Wait)
        return state, effect

    def decide(self) -> Effect:
        """Return the decision of this moment; an update is not begun."""
        state, effect = self._look()
        if isinstance(effect, Wait):
            self.state = state
        return effect

    def begin(self) -> Send | None:
        """Begin an update if one may be sent now, and return it."""
        self.state, effect = self._look()
        if not isinstance(effect, Send):
            return None
        self.sent.append((self.now, effect.values))
        return effect

    def end(self, send: Send, outcome: Accepted | PushoverError = ACCEPTED) -> Change:
        """End an update with this outcome, and return what it changed for the account."""
        self.receive(Outcome(send, result_of(outcome), self.rules.time_stamp, send.values))
        if isinstance(outcome, Accepted):
            self.account, change = answered(self.account)
        else:
            self.account, self.quota, change = failed(self.account, self.quota, outcome, self.now)
        return change

    def step(self, outcome: Accepted | PushoverError = ACCEPTED) -> Change | None:
        """Send an update if one may be sent now, with this outcome."""
        send = self.begin()
        return None if send is None else self.end(send, outcome)

    def change(self, text: str | None) -> None:
        """Give the text another value."""
        self.says[TEXT] = text
        self.receive(Changed())

    def act(self, action: Action | None) -> int:
        """Call an action, and return its key."""
        assert action is not None
        self.receive(Acted(action))
        return action.key

    def key(self) -> int:
        """Return the key of another action."""
        return next(self._keys)

    def put(
        self,
        values: Values,
        *,
        until: datetime | None = None,
        base: Value | None = None,
        urgent: bool = False,
        stays: bool = True,
    ) -> int:
        """Put values over the base, confirm the action at once if it `stays`, and return its key."""
        action = Action(self.key(), {name: ActionValue(value, until, base, urgent) for name, value in values.items()})
        self.act(action)
        if stays:
            self.receive(Confirmed(action.key))
        return action.key

    def refresh(self, *, stays: bool = True) -> int:
        """Ask for an update without a change, confirm the action at once if it `stays`, and return its key."""
        key = self.act(refreshing(self.key()))
        if stays:
            self.receive(Confirmed(key))
        return key


def updated(**states: str) -> Screen:
    """Return a screen that shows "0" and whose slot is open, with urgent entities in these states."""
    screen = Screen()
    screen.sources.urgent = dict(states)
    screen.step()
    screen.now += MIN_INTERVAL
    screen.decide()
    screen.sent.clear()
    return screen
