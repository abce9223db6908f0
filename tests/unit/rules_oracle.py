"""What is true about screens and widgets, told apart from what the code believes, and the rules as checks of that.

Nothing here asks the code how it decides: the days, the quiet hours, the spacing and the layers are worked out anew,
in the simplest way there is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from custom_components.pushover_glances.content.widget_config import WidgetConfig
from custom_components.pushover_glances.delivery import Mirrored, Rules, Send
from custom_components.pushover_glances.pushover import Field, Value

from .rules_alerts import AlertTruth, CodeAlerts, covering

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# When a screen is shown once more what it has.
REPEAT = timedelta(hours=3)

# Values that differ only in numbers, and too little to matter: each is told apart from its kin by a repeat only.
_KIN: dict[Value | None, Value] = {"21.2 °C": "21.0 °C", 101: 100, 51: 50}
_WORDS: tuple[Value | None, ...] = ("open", "closed", "21.0 °C", "21.2 °C", "25.0 °C", "")
POOL: dict[Field, tuple[Value | None, ...]] = {
    Field.TITLE: _WORDS,
    Field.TEXT: _WORDS,
    Field.SUBTEXT: _WORDS,
    Field.COUNT: (100, 101, 110, ""),
    Field.PERCENT: (50, 51, 60, ""),
}


class Rule(StrEnum):
    """The rules, by the words that a failure begins with."""

    SPACING = "(1) spacing"
    URGENT = "(1) four urgent updates an hour, a minute apart, each for a reason"
    LIMIT = "(2) the limit of the day"
    QUIET = "(3) quiet hours"
    SHOWN = "(4) what stands at the end is shown"
    UNCHANGED = "(5) nothing that does not matter"
    KEPT = "(6) what was queued is not lost"
    ONE = "(7) one request at a time"
    SOON = "(8) no lock-out, no busy loop"


def kin(value: Value | None) -> Value | None:
    """Return what stands for all values that differ too little from this one."""
    return _KIN.get(value, value)


def local_midnight(now: datetime, zone: tzinfo) -> datetime:
    """Return when the local day began."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


@dataclass(eq=False)
class Deed:
    """Something that an action asked for; what failed is `undone`."""

    undone: bool = False


@dataclass(eq=False)
class Said:
    """What an action said about a field: a value, or `None` where it cleared the field."""

    deed: Deed
    value: Value | None = None
    until: datetime | None = None
    mirror: Value | None = None
    may_have_ended: bool = False
    vague: bool = False

    def ended(self, mirror: Value | None, now: datetime) -> bool:
        """Tell whether it cannot hold any more."""
        # A mirror without a value says nothing that could end it; and where it had none when the value was set, what
        # it said before that may count.
        differs = mirror is not None and not self.vague and kin(mirror) != kin(self.mirror)
        return differs or (self.until is not None and self.until <= now)


@dataclass(eq=False)
class Truth:
    """What is true of a widget: its mirror and what actions said; a stand-in for the code's own mirror.

    Like that one, it tells of the first change only, until it is rendered again.
    """

    config: WidgetConfig
    says: dict[Field, Value | None]
    urgent: dict[str, str]
    since: dict[Field, datetime] = field(default_factory=dict)
    passing: datetime | None = None
    words_since: datetime | None = None
    urgent_since: dict[str, datetime] = field(default_factory=dict)
    listening: bool = False
    said: dict[Field, list[Said]] = field(default_factory=dict)
    refreshes: list[Deed] = field(default_factory=list)
    hasty: bool = True
    pending_since: datetime | None = None
    alerts: Mapping[str, AlertTruth] = field(default_factory=dict)
    code: CodeAlerts | None = None

    def render(self) -> Mirrored:
        """Say what the templates would, each of which depends on every urgent entity."""
        self.listening = True
        urgent = frozenset(self.urgent)
        return Mirrored(
            {name: self.says[name] for name in self.config.templates},
            frozenset(),
            {name: moment for name, moment in self.since.items() if name in self.config.templates},
            dict.fromkeys(self.config.templates, urgent),
            passing=self.passing,
            missing=frozenset(name for name in self.config.templates if self.says[name] is None),
            words_since=self.words_since,
            urgent_since={**self.urgent_since, **self._alerts_changed()},
            alerts=self.code.says() if self.code is not None and self.alerts else {},
            alerted=dict.fromkeys(Field, frozenset(self._urgent_alerts())),
        )

    def _urgent_alerts(self) -> dict[str, str]:
        """Return the urgent alerts, and what the code takes for their causes."""
        states = self.code.states() if self.code is not None else {}
        return {name: states[name] for name, alert in self.alerts.items() if alert.config.urgent}

    def _alerts_changed(self) -> dict[str, datetime]:
        known = self.code.alerts if self.code is not None and self.alerts else {}
        return {name: since for name, alert in known.items() if (since := alert.memory.changed) is not None}

    def values(self) -> dict[Field, Value | None]:
        """Say what the templates would, without listening."""
        return {name: self.says[name] for name in self.config.templates}

    def states(self) -> Mapping[str, str]:
        """Return the states of the urgent entities, and of the urgent alerts."""
        return {**self.urgent, **self._urgent_alerts()}

    def mirror(self, name: Field) -> Value | None:
        """Return what the mirror says about a field; `None` where it says nothing."""
        return self.says[name] if name in self.config.templates else None

    def notice(self, now: datetime) -> None:
        """Take note of what may have ended by now: the code looks whenever it likes."""
        for name, sayings in self.said.items():
            for saying in sayings:
                saying.may_have_ended |= saying.ended(self.mirror(name), now)

    def allowed(self, name: Field, now: datetime) -> set[Value | None]:
        """Return what a field may show at the end; `None` stands for a mirror that is unavailable."""
        if (over := covering(self.alerts, name)) is not None:
            return {over}
        mirrored = {self.says[name] if name in self.config.templates else ""}
        holds = next((saying for saying in reversed(self.said.get(name, [])) if not saying.deed.undone), None)
        if holds is None or holds.value is None or holds.ended(self.mirror(name), now):
            return mirrored
        return {holds.value} | (mirrored if holds.may_have_ended else set())

    def holds_manual(self, name: Field, now: datetime) -> bool:
        """Tell whether a field certainly shows what an action said, so that every difference matters."""
        mirrored = self.says[name] if name in self.config.templates else ""
        return self.allowed(name, now).isdisjoint({mirrored})


@dataclass(eq=False)
class Face:
    """A real screen, and what was sent to it; `litter` are the fields that Pushover refused to empty."""

    shows: dict[Field, Value] = field(default_factory=dict)
    certain: dict[Field, Value] = field(default_factory=dict)
    updates: list[datetime] = field(default_factory=list)
    urgent: list[datetime] = field(default_factory=list)
    excused: bool = True
    litter: set[Field] = field(default_factory=set)

    def notice(self, now: datetime, *, by_far: bool) -> None:
        """Start to measure anew where the clock was set back: what went in the future went just now.

        From more than a day ahead, nothing is known of today but that something went just now. What the code assumes
        beyond that is proportional to the hour, so it may only be stricter than this. `by_far` tells whether that
        holds for any screen of the account, because a device may have taken over from another.
        """
        if by_far and self.updates and self.updates[-1] > now:
            self.updates, self.urgent = [now], []
        self.updates = [min(moment, now) for moment in self.updates]
        self.urgent = [min(moment, now) for moment in self.urgent]

    def used(self, now: datetime, zone: tzinfo) -> int:
        """Count the updates of the local day."""
        return sum(moment >= local_midnight(now, zone) for moment in self.updates)

    def needs(self, send: Send, now: datetime, exact: Collection[Field]) -> bool:
        """Tell whether there is a reason for an update; in the `exact` fields every difference matters."""
        return (
            self.excused
            or not self.updates
            or now - self.updates[-1] >= REPEAT
            or any(
                name not in self.certain
                or (self.certain[name] != value if name in exact else kin(self.certain[name]) != kin(value))
                for name, value in send.values.items()
            )
        )

    def book(self, send: Send, rules: Rules, now: datetime, zone: tzinfo) -> None:
        """Check an update against the rules, and count it."""
        last = self.updates[-1] if self.updates else None
        if send.urgent:
            assert last is None or now - last >= MINUTE, f"{Rule.URGENT}: {last} {now}"
            assert sum(moment > now - HOUR for moment in self.urgent) < 4, f"{Rule.URGENT}: {self.urgent} {now}"
            self.urgent = [*(moment for moment in self.urgent if moment > now - HOUR), now]
        else:
            assert last is None or now - last >= rules.min_interval, f"{Rule.SPACING}: {last} {now}"
            assert not is_quiet(rules, now, zone), f"{Rule.QUIET}: {now.astimezone(zone)}"
        # By the days of the zone of now: a changed zone moves the beginning of the day, and what counts with it.
        used = self.used(now, zone)
        assert not rules.daily_limit or used < rules.daily_limit, f"{Rule.LIMIT}: {used} {now.astimezone(zone)}"
        # What is older is of no day any more, unless the clock was ahead and is set back by days: nobody can know then.
        self.updates = [*(moment for moment in self.updates if moment > now - 50 * HOUR), now]
        self.urgent = [moment for moment in self.urgent if moment > now - HOUR]

    def answered(self, now: datetime) -> None:
        """Move the last update to its answer: it arrived no later than that."""
        if self.updates and self.updates[-1] < now:
            self.urgent = [now if moment == self.updates[-1] else moment for moment in self.urgent]
            self.updates[-1] = now

    def unbook(self, send: Send) -> None:
        """Take back an update that Pushover did not take."""
        self.updates.pop()
        if send.urgent and self.urgent:
            self.urgent.pop()

    def arrive(self, values: Mapping[Field, Value]) -> None:
        """Show an update."""
        self.shows.update(values)
        self.litter -= values.keys()

    def doubt(self, values: Mapping[Field, Value]) -> None:
        """Forget what is not known for certain any more, because an update may have arrived or not."""
        self.excused = True
        for name in values:
            self.certain.pop(name, None)


def is_quiet(rules: Rules, now: datetime, zone: tzinfo) -> bool:
    """Tell whether the clock on the wall shows quiet hours."""
    if rules.quiet is None:
        return False
    begin, end, wall = rules.quiet.begin, rules.quiet.end, now.astimezone(zone).time()
    return begin <= wall < end if begin < end else wall >= begin or wall < end
