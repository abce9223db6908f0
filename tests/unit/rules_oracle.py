"""What is true about screens and widgets, told apart from what the code believes, and the rules as checks of that.

Nothing here asks the code how it decides: the days, the quiet hours, the spacing and the layers are worked out again,
in the simplest way there is. Where a process knows how much time has passed, the time that really passes counts,
whatever its clock says; what an earlier process has sent is known by the clock of then only.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from math import ceil
from typing import Protocol

from custom_components.pushover_glances.content.widget_config import WidgetConfig
from custom_components.pushover_glances.planner import NOTHING, Number, Origin, Rendering, Rules, Send, Since
from custom_components.pushover_glances.pushover import NUMBER_FIELDS, Field, Value

from .rules_alerts import AlertTruth, CodeAlerts, covering
from .rules_pages import Pages, fields_of
from .screen import since

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# When a screen is shown again what it has.
REPEAT = timedelta(hours=3)

# Values that differ only in numbers, and too little to matter: only a repeat sends such a difference.
_KIN: dict[Value | None, Value] = {"21.2 °C": "21.0 °C", 51: 50}
_WORDS: tuple[Value | None, ...] = ("open", "closed", "21.0 °C", "21.2 °C", "25.0 °C", "")
_NUMBERS: tuple[Value | None, ...] = (50, 51, 60, "")
POOL = {name: _NUMBERS if name in NUMBER_FIELDS else _WORDS for name in Field}


class Rule(StrEnum):
    """The rules, by the words that a failure begins with."""

    SPACING = "(1) spacing"
    URGENT = "(1) four urgent updates an hour, a minute apart, each for a reason"
    LIMIT = "(2) the limit of the day"
    QUIET = "(3) quiet hours"
    SHOWN = "(4) what stands at the end is shown"
    UNCHANGED = "(5) nothing that does not matter"
    KEPT = "(6) what was queued is not lost"
    OTHERS = "(6) what this widget never fills is not touched"
    ONE = "(7) one request at a time"
    SOON = "(8) no lock-out, no busy loop"
    BOOKED = "(9) booked before it is sent"
    PREVIEW = "(10) what the preview says is what happens"


class Time(Protocol):
    """The clock that the code sees, the time that really passes, and both when the process that runs now has started."""

    @property
    def now(self) -> datetime:
        """Return the time by the clock."""

    @property
    def zone(self) -> tzinfo:
        """Return the time zone."""

    @property
    def uptime(self) -> timedelta:
        """Return the time that has really passed."""

    @property
    def started(self) -> tuple[datetime, timedelta]:
        """Return when the process started, by the clock and in the time that has really passed."""


def kin(value: Value | None) -> Value | None:
    """Return what stands for all values that differ too little from this one."""
    return _KIN.get(value, value)


def origin(value: Value | None) -> Origin:
    """Return the state of a sensor that a value writes down, if it is a number."""
    number = value.removesuffix(" °C") if isinstance(value, str) else value
    if number is None or number in {"", "open", "closed"}:
        return NOTHING
    return Origin({"sensor": Number(float(number), "°C" if isinstance(value, str) else "ppm")})


def _since_five(moment: datetime, zone: tzinfo) -> datetime:
    """Return the day of a moment, which begins when the clock on the wall shows five, and how much of it is over."""
    return moment.astimezone(zone).replace(tzinfo=None) - 5 * HOUR


def day_of(moment: datetime, zone: tzinfo) -> date:
    """Return the day of a moment, which begins when the clock on the wall shows five."""
    return _since_five(moment, zone).date()


def assumed_until(moment: datetime, zone: tzinfo) -> int:
    """Return how many of fifty updates a day may be assumed to have gone until a moment, because nothing is remembered."""
    over = _since_five(moment, zone)
    return ceil(50 * ((over - datetime.combine(over, time.min)) / DAY))


def time_left(now: datetime, zone: tzinfo, hour: int) -> timedelta:
    """Return how long it takes until the clock on the wall shows this hour."""
    wall = now.astimezone(zone)
    next_one = wall.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    if next_one.replace(tzinfo=None) <= wall.replace(tzinfo=None):
        next_one += DAY
    return next_one.astimezone(UTC) - now


def is_quiet(rules: Rules, now: datetime, zone: tzinfo) -> bool:
    """Tell whether the clock on the wall shows quiet hours."""
    if rules.quiet is None:
        return False
    begin, end, wall = rules.quiet.begin, rules.quiet.end, now.astimezone(zone).time()
    return begin <= wall < end if begin < end else wall >= begin or wall < end


@dataclass(eq=False)
class Call:
    """Something that an action asked for; what failed is `undone`."""

    undone: bool = False


@dataclass(eq=False)
class Said:
    """What an action said about a field: a value, or `None` where it cleared the field."""

    call: Call
    value: Value | None = None
    until: datetime | None = None
    base: Value | None = None
    may_have_ended: bool = False
    vague: bool = False
    ended_by_page: bool = False

    def ended(self, base: Value | None, now: datetime) -> bool:
        """Tell whether it cannot hold any more."""
        # A base without a value says nothing that could end it; and where it had none when the value was set, what
        # it said before that may count.
        differs = base is not None and not self.vague and kin(base) != kin(self.base)
        return self.ended_by_page or differs or (self.until is not None and self.until <= now)


@dataclass(eq=False)
class Truth:
    """What is true of a widget: what its sources say and what actions said; a stand-in for the sources themselves.

    While the base is `paused`, it is known which values each field may show. Where nobody knew that when the pause began,
    the sources may say it later; these fields are `unknown`.
    """

    config: WidgetConfig
    says: dict[Field, Value | None]
    urgent: dict[str, str]
    since: dict[Field, datetime] = field(default_factory=dict)
    in_transition: datetime | None = None
    words_since: datetime | None = None
    urgent_since: dict[str, datetime] = field(default_factory=dict)
    said: dict[Field, list[Said]] = field(default_factory=dict)
    rendered: dict[Field, list[Value | None]] = field(default_factory=dict)
    paused: dict[Field, set[Value | None]] | None = None
    unknown: set[Field] = field(default_factory=set)
    refreshes: list[Call] = field(default_factory=list)
    hasty: bool = True
    pending_since: timedelta | None = None
    alerts: Mapping[str, AlertTruth] = field(default_factory=dict)
    code: CodeAlerts | None = None
    pages: Pages = field(default_factory=Pages)
    # The page that is shown, which stays while the base is paused, and the fields that another one has filled since the
    # screen was up to date.
    page: str = ""
    replaced: set[Field] = field(default_factory=set)
    # The entity that makes it quiet is on.
    in_bed: bool = False

    @property
    def sources(self) -> list[Field]:
        """Return the fields that have a source, of the base or of the page."""
        return list({**dict.fromkeys(self.config.sources), **dict.fromkeys(sorted(fields_of(self.page)))})

    @property
    def calls(self) -> list[Call]:
        """Return what actions asked for, failed ones too."""
        return [item.call for items in self.said.values() for item in items] + self.refreshes

    def value(self, name: Field) -> Value | None:
        """Return what the source of a field says."""
        return self.pages.says[self.page][name] if name in fields_of(self.page) else self.says[name]

    def show_page(self, page: str) -> None:
        """Let another page be shown: it ends what actions said without a duration about the fields of both."""
        for name in fields_of(page) | fields_of(self.page):
            self.rendered.pop(name, None)
            for saying in self.said.get(name, []):
                saying.ended_by_page |= saying.until is None
                # What the source says when it is rendered next is not known yet.
                saying.vague = saying.may_have_ended = True
            self.replaced.add(name)
        self.page = page

    def _since(self, name: Field) -> datetime | None:
        return None if name in fields_of(self.page) else self.since.get(name)

    def render(self) -> Rendering:
        """Say what the templates would, each of which depends on every urgent entity."""
        urgent = frozenset(self.urgent)
        has_alerts = self.code is not None and bool(self.alerts)
        alerted = self.code.urgent_since() if self.code and has_alerts else {}
        alerts = self.code.says() if self.code and has_alerts else {}
        return Rendering(
            {name: self.value(name) for name in self.sources},
            {name: origin(self.value(name)) for name in self.sources},
            unavailable={name: moment for name in self.sources if (moment := self._since(name)) is not None},
            missing=frozenset(name for name in self.sources if self.value(name) is None),
            urgent_entities=dict.fromkeys(self.sources, urgent),
            in_transition=since(self.in_transition),
            words_since=since(self.words_since),
            urgent_since={name: Since(moment, name) for name, moment in {**self.urgent_since, **alerted}.items()},
            alerts=alerts,
            replaces=any(self.alerts[name].config.replaces for name in alerts),
            urgent_alerts=CodeAlerts.urgent_by_field() if has_alerts else {},
        )

    def note_rendered(self) -> None:
        """Remember what the sources say."""
        for name in self.sources:
            if self.paused is None:
                self.rendered.setdefault(name, []).append(self.value(name))
            elif name in self.unknown and name in self.paused and (value := self.value(name)) is not None:
                self.paused[name].add(value)

    def note_accepted(self) -> None:
        """Forget what the sources said before their last value; one without a value keeps it."""
        for name, values in self.rendered.items():
            known: list[Value | None] = [value for value in values if value is not None]
            self.rendered[name] = (known or values)[-1:]

    def pause(self, faces: Collection[Face]) -> None:
        """Let the base go on to show what it shows, perhaps, or what the sources said last."""
        self.paused = {
            name: {*self.rendered.get(name, ("",)), *(value for face in faces for value in face.perhaps(name))} - {None}
            for name in self.sources
        }
        # So it is where another page has not been rendered yet, or has no value; what covers it is not its value.
        no_value = {name for name in self.paused if {*self.rendered.get(name, ())} <= {None}}
        for name in no_value:
            self.paused[name].add("")
        self.unknown = no_value | {name for name in self.paused if not any(name in face.certain for face in faces)}

    @property
    def is_unseen(self) -> bool:
        """Tell whether something urgent may not have been seen: its field has no value, or an alert covers it."""
        has_no_value = bool(self.urgent) and any(self.value(name) is None for name in self.sources)
        return has_no_value or any(covering(self.alerts, name) is not None for name in self.said)

    def urgent_alerts(self) -> dict[str, str]:
        """Return which entities make each urgent alert active, as far as the code knows."""
        return self.code.urgent_states() if self.code is not None and self.alerts else {}

    def base(self, name: Field) -> Value | None:
        """Return what the base says about a field; `None` where it says nothing that is new."""
        return self.value(name) if name in self.sources and self.paused is None else None

    def notice(self, now: datetime) -> None:
        """Take note of what may have ended by now: the code looks whenever it likes."""
        for name, sayings in self.said.items():
            for saying in sayings:
                saying.may_have_ended |= saying.ended(self.base(name), now)

    def _base_shows(self, name: Field) -> set[Value | None]:
        if name not in self.sources:
            return {""}
        return {self.value(name)} if self.paused is None else self.paused.get(name, {None})

    def allowed(self, name: Field, now: datetime) -> set[Value | None]:
        """Return what a field may show at the end; `None` stands for a base that says nothing that is known."""
        if (over := covering(self.alerts, name)) is not None:
            return {over}
        shows = self._base_shows(name)
        holds = next((saying for saying in reversed(self.said.get(name, [])) if not saying.call.undone), None)
        if holds is None or holds.value is None or holds.ended(self.base(name), now):
            return shows
        return {holds.value} | (shows if holds.may_have_ended else set())

    def shows_action(self, name: Field, now: datetime) -> bool:
        """Tell whether a field certainly shows what an action said, so that every difference matters."""
        return self.allowed(name, now).isdisjoint(self._base_shows(name))


@dataclass(eq=False)
class Sent:
    """An update: the time that had really passed, and when it was by the clock of a process that has ended since.

    One that is only `assumed` to have been sent, because the memory was lost, counts for the spacing alone. One that is
    `open` was on its way when its process ended, so that it may have arrived up to its time-out.
    """

    uptime: timedelta
    urgent: bool = False
    clock: datetime | None = None
    assumed: bool = False
    open: bool = False

    def by_clock(self, time: Time) -> datetime:
        """Return when it was sent, by the clock of now where the process that has sent it still runs."""
        return time.now - (time.uptime - self.uptime) if self.clock is None else self.clock

    def age(self, time: Time) -> timedelta:
        """Return how long ago it was at least, as far as anybody can know."""
        if self.clock is None:
            return time.uptime - self.uptime
        now, uptime = time.started
        return max(now - self.clock, timedelta(0)) + (time.uptime - uptime)


@dataclass(eq=False)
class Face:
    """A real screen, and what was sent to it; `unowned` are the fields whose content may be that of other applications."""

    shows: dict[Field, Value] = field(default_factory=dict)
    tried: dict[Field, list[Value]] = field(default_factory=dict)
    certain: dict[Field, Value] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    excused: bool = True
    unowned: set[Field] = field(default_factory=set)

    def age(self, time: Time) -> timedelta | None:
        """Return how long ago the last update was at least; `None` where there was none."""
        return min((item.age(time) for item in self.sent), default=None)

    def used(self, time: Time, *, at_most: bool = False) -> int:
        """Count the updates of the day; `at_most` with those that may be assumed, or that another clock has recorded."""
        # An earlier process has ended before this one has started, by a clock that is right.
        started = time.now - (time.uptime - time.started[1])
        today = [item for item in self.sent if day_of(item.by_clock(time), time.zone) == day_of(time.now, time.zone)]
        used = [item for item in today if not item.assumed and (at_most or item.clock is None or item.clock <= started)]
        assumed = [assumed_until(item.by_clock(time), time.zone) for item in today if item.assumed and at_most]
        return len(used) + sum(assumed)

    def hasty(self, time: Time, *, jumped: bool) -> int:
        """Count the urgent updates of the last hour, as far as they are known where the clock has `jumped`."""
        return sum(
            item.urgent and item.age(time) < HOUR
            for item in self.sent
            if item.clock is None or (item.clock <= time.started[0] and not jumped)
        )

    def needs(self, send: Send, exact: Collection[Field], time: Time) -> bool:
        """Tell whether there is a reason for an update; in the `exact` fields every difference matters."""
        return (
            self.excused
            or not self.sent
            or all(max(item.age(time), time.now - item.by_clock(time)) >= REPEAT for item in self.sent)
            or any(
                name not in self.certain
                or (self.certain[name] != value if name in exact else kin(self.certain[name]) != kin(value))
                for name, value in send.values.items()
            )
        )

    def book(self, send: Send, rules: Rules, time: Time, *, jumped: bool, in_bed: bool) -> None:
        """Check an update against the rules, and count it."""
        # A process that knows less than has really passed may wait longer, and need not.
        ages = (max(item.age(time), time.uptime - item.uptime) for item in self.sent)
        age = min(ages, default=None)
        if send.urgent:
            assert age is None or age >= MINUTE, f"{Rule.URGENT}: {age} at {time.now}"
            assert self.hasty(time, jumped=jumped) < 4, f"{Rule.URGENT}: at {time.now}"
        else:
            assert age is None or age >= rules.min_interval, f"{Rule.SPACING}: {age} at {time.now}, {self.sent[-3:]}"
            assert not is_quiet(rules, time.now, time.zone), f"{Rule.QUIET}: {time.now.astimezone(time.zone)}"
            assert not in_bed, f"{Rule.QUIET}: the entity is on at {time.now}"
        # By the days of the zone of now: a changed zone moves the beginning of the day, and what counts with it.
        used = self.used(time)
        assert not rules.daily_limit or used < rules.daily_limit, f"{Rule.LIMIT}: {used} at {time.now}"
        self.sent = [*(item for item in self.sent if not self._is_over(item, time)), Sent(time.uptime, send.urgent)]
        for name, value in send.values.items():
            self.tried.setdefault(name, []).append(value)

    @staticmethod
    def _is_over(item: Sent, time: Time) -> bool:
        """Tell whether nothing counts it any more; what a wrong clock has recorded may be of any day."""
        return time.uptime - item.uptime > 20 * DAY and item.age(time) > 20 * DAY

    def answered(self, time: Time) -> None:
        """Move the last update to its answer: it arrived no later than that."""
        if self.sent:
            self.sent[-1].uptime = time.uptime

    def unbook(self) -> None:
        """Take back an update that Pushover did not take."""
        self.sent.pop()

    def end_process(self, time: Time, clock: datetime) -> None:
        """Keep when updates were sent, where the process that has sent them ends; `clock` is what it said at first."""
        for item in self.sent:
            if item.assumed:
                item.clock = clock + time.uptime - item.age(time)
            elif item.clock is None:
                item.clock = clock + item.uptime

    def begin_process(self, now: datetime) -> None:
        """Let nothing be assumed that the clock of a new process cannot know."""
        for item in self.sent:
            if item.assumed and item.clock is not None:
                item.clock = min(item.clock, now)

    def lose(self, time: Time, *, assumes: bool) -> None:
        """Begin again where nothing is remembered of what is shown and was sent: something may have gone just now."""
        self.sent = [Sent(time.uptime, assumed=True)] if assumes else []
        self.certain, self.excused, self.unowned = {}, True, set(Field)

    def perhaps(self, name: Field) -> list[Value]:
        """Return what a field may show, as far as anybody can know."""
        return [self.shows.get(name, ""), *self.tried.get(name, ())]

    def arrive(self, values: Mapping[Field, Value]) -> None:
        """Show an update."""
        self.shows.update(values)
        self.unowned -= values.keys()

    def doubt(self, values: Mapping[Field, Value]) -> None:
        """Forget what is not known for certain any more, because an update may have arrived or not."""
        self.excused = True
        for name in values:
            self.certain.pop(name, None)
