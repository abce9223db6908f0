"""One widget of an account with the clock in the test's hands, and a mirror that says what the test wants."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from custom_components.pushover_glances.delivery import (
    MIN_INTERVAL,
    Account,
    Change,
    Decision,
    Memory,
    Mirrored,
    Rules,
    Send,
    Widget,
    book,
)
from custom_components.pushover_glances.pushover import Accepted, Field, PushoverError, Value, Values

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TEXT = Field.TEXT
ACCEPTED = Accepted("r")


@dataclass
class FakeSource:
    """What the templates say, and in which state the urgent entities are; it counts how often it is rendered."""

    says: dict[Field, Value | None] = field(default_factory=lambda: {TEXT: "0"})
    urgent: dict[str, str] = field(default_factory=dict)
    by_clock: frozenset[Field] = frozenset()
    passing: datetime | None = None
    since: dict[Field, datetime] = field(default_factory=dict)
    words_since: datetime | None = None
    urgent_since: dict[str, datetime] = field(default_factory=dict)
    missing: frozenset[Field] = frozenset()
    rendered: int = 0

    def render(self) -> Mirrored:
        """Return what the templates say; every field depends on every urgent entity."""
        self.rendered += 1
        entities = dict.fromkeys(self.says, frozenset(self.urgent))
        return Mirrored(
            dict(self.says),
            self.by_clock,
            dict(self.since),
            entities,
            self.passing,
            missing=self.missing | {name for name, value in self.says.items() if value is None},
            words_since=self.words_since,
            urgent_since=dict(self.urgent_since),
        )

    def states(self) -> Mapping[str, str]:
        """Return the states of the urgent entities."""
        return dict(self.urgent)


class Screen:
    """One widget of an account."""

    def __init__(self, memory: Memory | None = None, rules: Rules | None = None, zone: tzinfo = UTC) -> None:
        """Begin with a widget that has never been updated."""
        self.source = FakeSource()
        self.now = NOW
        self.zone = zone
        self.widget = Widget(memory or Memory(), rules or Rules())
        self.account = Account({"a": self.widget})
        self.sent: list[tuple[datetime, Values]] = []

    @property
    def says(self) -> dict[Field, Value | None]:
        """What the templates say."""
        return self.source.says

    def decide(self) -> Decision:
        """Ask for the decision."""
        return self.account.decide(self.now, self.zone, {"a": self.source})["a"]

    def step(self, outcome: Accepted | PushoverError = ACCEPTED) -> Change | None:
        """Send what may go, and book this outcome."""
        decision = self.decide()
        if not isinstance(decision, Send):
            return None
        self.widget.book_attempt(decision, self.now)
        self.sent.append((self.now, decision.values))
        return book(self.account, self.widget, decision, outcome, self.now)

    def change(self, text: str | None) -> None:
        """Let the mirror say something else."""
        self.says[TEXT] = text
        self.widget.change(self.now)


def updated(rules: Rules | None = None, **states: str) -> Screen:
    """Return a screen that shows "0" and whose slot is open, with urgent entities in these states."""
    screen = Screen(rules=rules)
    screen.source.urgent = dict(states)
    screen.step()
    screen.now += MIN_INTERVAL
    screen.decide()
    screen.sent.clear()
    return screen
