"""The rules of delivery over any sequence of changes, actions, failures, restarts, kills, and clocks gone wrong."""

from datetime import UTC, datetime, time, timedelta
import sys
from typing import override
from zoneinfo import ZoneInfo

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from custom_components.pushover_glances.content.source import TextSource
from custom_components.pushover_glances.content.widget_config import WidgetConfig
from custom_components.pushover_glances.planner import ALL, QuietHours, Rules
from custom_components.pushover_glances.pushover import NUMBER_FIELDS, Field, Value
from tests.examples import searching

from .rules_alerts import CONFIGS, WITH_CONDITIONS
from .rules_checks import DEVICES
from .rules_home import Home
from .rules_oracle import DAY, HOUR, MINUTE, POOL, SECOND, Call, Said, Truth
from .rules_outcomes import OUTCOMES, REQUEST_TIMEOUT
from .rules_pages import PAGES
from .rules_world import World

_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland")
# The first instants of runs: any day, and the evenings before the clocks change.
_BEGINNINGS = (
    datetime(2026, 11, 23, 11, 0, tzinfo=UTC),
    datetime(2026, 3, 28, 21, 30, tzinfo=UTC),
    datetime(2026, 10, 24, 20, 30, tzinfo=UTC),
    datetime(2026, 10, 31, 23, 0, tzinfo=UTC),
)
_SOURCES = (Field.TITLE, Field.TEXT, Field.COUNT, Field.PERCENT)
_RULES = (
    Rules(),
    # Few a day, and close together: the limit is soon reached.
    Rules(min_interval=5 * MINUTE, daily_limit=6, quiet=QuietHours(time(22), time(6, 30))),
    Rules(min_interval=2 * MINUTE, daily_limit=12),
    Rules(daily_limit=0, quiet=QuietHours(time(12), time(14))),
)
_LOCK = "lock.door"

pick = st.integers(0, 11)
fields = st.sampled_from(Field)
# How an update ends that leaves at once, and how long nothing else happens.
kinds = st.sampled_from((*["accepted"] * 6, *sorted(OUTCOMES)))
pauses = st.sampled_from((timedelta(0), timedelta(0), 6 * SECOND, 25 * MINUTE, 3 * HOUR))


def _truth(name: str, device: str, sources: frozenset[Field], rules: Rules, *, urgent: bool) -> Truth:
    config = WidgetConfig(
        name,
        name,
        device,
        dict.fromkeys(sorted(sources), TextSource("")),
        rules,
        frozenset({_LOCK}) if urgent else frozenset(),
        digest=f"{device} {sorted(sources)} {rules}",
        alerts=CONFIGS,
    )
    says: dict[Field, Value | None] = {field: POOL[field][0] for field in Field}
    return Truth(config, says, {_LOCK: "locked"} if urgent else {})


def _owned(truth: Truth, number: int, *, others: int = 0) -> Field:
    """Return a field that has a template, or one of so many others."""
    own = [Field(name) for name in truth.config.sources]
    names = [*own, *[name for name in Field if name not in own][: others or not own]]
    return names[number % len(names)]


def _edited(truth: Truth, device: str, sources: frozenset[Field]) -> None:
    new = _truth(truth.config.title, device, sources, truth.config.rules, urgent=bool(truth.urgent))
    truth.config = new.config


class Delivery(RuleBasedStateMachine):
    """Two accounts, and whatever may happen to them."""

    @initialize(
        beginning=st.sampled_from(_BEGINNINGS),
        zone=st.sampled_from(_ZONES),
        rules=st.tuples(*[st.sampled_from(_RULES)] * 3),
    )
    def begin(self, beginning: datetime, zone: str, rules: tuple[Rules, Rules, Rules]) -> None:
        """Set up one account with two widgets, and one with a widget for all devices."""
        self.world = World(beginning, ZoneInfo(zone))
        self.added = 0
        first = [
            _truth("door", "watch", frozenset({Field.TITLE, Field.TEXT}), rules[0], urgent=True),
            _truth("numbers", "phone", frozenset({Field.TEXT, Field.COUNT, Field.PERCENT}), rules[1], urgent=False),
        ]
        second = [_truth("all", ALL, frozenset({Field.TEXT, Field.COUNT}), rules[2], urgent=True)]
        self.world.homes = [Home(self.world, first), Home(self.world, second)]

    def _any(self, number: int) -> tuple[Home, Truth]:
        """Return a widget that is configured."""
        pairs = [
            (home, truth) for home in self.world.homes for truth in home.truths.values() if not truth.config.left_behind
        ]
        return pairs[number % len(pairs)]

    def _then(self, home: Home, kind: str, pause: timedelta) -> None:
        """Let an update that left at once come to its end, and time pass; without one, something happens on its way."""
        if pause and home.request is not None:
            home.answer(kind)
        if pause:
            self.world.wait(pause)
            if home.locked_out:
                home.reload()

    @rule(widget=pick, number=pick, value=pick, kind=kinds, pause=pauses)
    def source_says(self, widget: int, number: int, value: int, kind: str, pause: timedelta) -> None:
        """Let a template say something else."""
        home, truth = self._any(widget)
        name = _owned(truth, number)
        pool = (*POOL[name], None)
        truth.says[name] = pool[value % len(pool)]
        truth.since.pop(name, None)
        if truth.says[name] is None:
            truth.since[name] = self.world.now
        home.change(truth)
        self._then(home, kind, pause)

    @rule(widget=pick, shows=st.booleans(), locked=st.booleans())
    def lock(self, widget: int, *, shows: bool, locked: bool) -> None:
        """Let an urgent entity change, which may show or not."""
        home, truth = self._any(widget)
        state = "locked" if locked else "unlocked"
        if truth.urgent and truth.urgent[_LOCK] != state:
            truth.urgent[_LOCK] = state
            for name in truth.config.sources:
                if shows:
                    truth.since.pop(name, None)
                    truth.says[name] = POOL[name][0 if locked else 2]
            home.change(truth, urgent=True)

    @rule(
        home=st.integers(0, 1),
        alert=st.sampled_from([config.subentry_id for config in CONFIGS]),
        opened=st.sampled_from((True, False, None)),
        kind=kinds,
        pause=pauses,
    )
    def door(self, home: int, alert: str, opened: bool | None, kind: str, pause: timedelta) -> None:  # noqa: FBT001
        """Let the entity of an alert open, close, or go away."""
        account = self.world.homes[home]
        account.move_door(alert, is_open=opened)
        self._then(account, kind, pause)

    @rule(
        home=st.integers(0, 1),
        alert=st.sampled_from(WITH_CONDITIONS),
        result=st.sampled_from((True, False, None)),
        kind=kinds,
        pause=pauses,
    )
    def conditions(self, home: int, alert: str, result: bool | None, kind: str, pause: timedelta) -> None:  # noqa: FBT001
        """Let the conditions of an alert begin or cease to hold, or fail."""
        account = self.world.homes[home]
        account.judge(alert, result=result)
        self._then(account, kind, pause)

    @rule(home=st.integers(0, 1), alert=pick, kind=kinds, pause=pauses)
    def dismiss(self, home: int, alert: int, kind: str, pause: timedelta) -> None:
        """Let a person dismiss one of the alerts that are shown, or any if there is none."""
        account = self.world.homes[home]
        names = [name for name, item in account.alerts.items() if item.is_shown] or [*account.alerts]
        account.dismiss(names[alert % len(names)])
        self._then(account, kind, pause)

    @rule(
        home=st.integers(0, 1),
        page=st.sampled_from([*PAGES]),
        says=st.tuples(pick, pick),
        applies=st.booleans(),
        kind=kinds,
        pause=pauses,
    )
    def page(self, home: int, page: str, says: tuple[int, int], kind: str, pause: timedelta, *, applies: bool) -> None:
        """Let a page begin or end, with other values than before."""
        account = self.world.homes[home]
        pools = {name: (*POOL[name], None) for name in sorted(PAGES[page])}
        values = {name: pool[number % len(pool)] for (name, pool), number in zip(pools.items(), says, strict=True)}
        account.turn(page, values, applies=applies)
        self._then(account, kind, pause)

    @rule(widget=pick, in_bed=st.booleans(), kind=kinds, pause=pauses)
    def bedtime(self, widget: int, kind: str, pause: timedelta, *, in_bed: bool) -> None:
        """Let the entity that makes a widget quiet turn on or off."""
        home, truth = self._any(widget)
        home.go_to_bed(truth, in_bed=in_bed)
        self._then(home, kind, pause)

    @rule(widget=pick, passing=st.booleans())
    def passes(self, widget: int, *, passing: bool) -> None:
        """Let a source begin or end to be in a state like opening."""
        home, truth = self._any(widget)
        truth.in_transition = self.world.now if passing else None
        home.change(truth)

    @rule(
        widget=pick,
        what=st.tuples(pick, pick),
        duration=st.sampled_from((None, None, MINUTE, HOUR, 30 * HOUR)),
        urgent=st.booleans(),
        cancelled=st.booleans(),
        replace=st.sampled_from((False, False, True)),
        kind=kinds,
        pause=pauses,
    )
    def update(
        self,
        widget: int,
        what: tuple[int, int],
        duration: timedelta | None,
        kind: str,
        pause: timedelta,
        *,
        urgent: bool,
        cancelled: bool,
        replace: bool = False,
    ) -> None:
        """Call the action `update`; its caller may stop waiting."""
        home, truth = self._any(widget)
        number, value = what
        name = _owned(truth, number, others=1)
        pool = (*POOL[name], 7 if name in NUMBER_FIELDS else "manual")
        until = self.world.now + duration if duration else None
        said = Said(Call(), pool[value % len(pool)], until)
        home.update(truth, name, said, urgent=urgent, cancelled=cancelled, replace=replace)
        self._then(home, kind, pause)

    @rule(widget=pick, names=st.lists(fields, min_size=1, max_size=5, unique=True), kind=kinds, pause=pauses)
    def clear(self, widget: int, names: list[Field], kind: str, pause: timedelta) -> None:
        """Call the action `clear`."""
        home, truth = self._any(widget)
        home.clear(truth, names)
        self._then(home, kind, pause)

    @rule(widget=pick, kind=kinds, pause=pauses)
    def refresh(self, widget: int, kind: str, pause: timedelta) -> None:
        """Call the action `refresh`."""
        home, truth = self._any(widget)
        home.refresh(truth)
        self._then(home, kind, pause)

    @rule(widget=pick, paused=st.booleans(), kind=kinds, pause=pauses)
    def switch(self, widget: int, kind: str, pause: timedelta, *, paused: bool) -> None:
        """Pause a widget, or let it follow its sources again."""
        home, truth = self._any(widget)
        home.pause(truth, paused=paused)
        self._then(home, kind, pause)

    @rule(
        widget=pick,
        times=st.integers(2, 40),
        every=st.sampled_from((61 * SECOND, 3 * MINUTE, 11 * MINUTE, 25 * MINUTE)),
        urgent=st.booleans(),
    )
    def hectic(self, widget: int, times: int, every: timedelta, *, urgent: bool) -> None:
        """Let a value change many times."""
        home, truth = self._any(widget)
        for number in range(times):
            if urgent:
                home.update(truth, Field.SUBTEXT, Said(Call(), f"{'abc'[number % 3]}"), urgent=True)
            else:
                name = min(truth.config.sources, default=Field.TEXT)
                truth.since.pop(name, None)
                truth.says[name] = POOL[name][2 * (number % 2)]
                home.change(truth)
            self.world.wait(every)

    @rule(time=st.sampled_from((SECOND, 3 * SECOND, 6 * SECOND)))
    def a_moment(self, time: timedelta) -> None:
        """Let a little time pass, in which a request stays on its way."""
        for home in self.world.homes:
            if home.request is not None and self.world.uptime + time > home.request.since + REQUEST_TIMEOUT:
                home.answer("no answer")
            if home.request is not None:
                home.request.held_until = self.world.uptime + time
        self.world.wait(time)

    @rule(time=st.sampled_from((MINUTE, 20 * MINUTE, 29 * MINUTE, 3 * HOUR, 9 * HOUR, DAY)), odd=st.integers(-5, 5))
    def wait(self, time: timedelta, odd: int) -> None:
        """Let time pass, and what is on its way come to its end."""
        self.world.wait(time + odd * SECOND)

    @rule(home=st.integers(0, 1), kind=st.sampled_from(sorted(OUTCOMES)))
    def answer(self, home: int, kind: str) -> None:
        """Let a request that is on its way come to this end."""
        if self.world.homes[home].request is not None:
            self.world.homes[home].answer(kind)

    @rule(kind=st.sampled_from((*["accepted"] * 2, "no answer", "no JSON, but it arrived", "server error", "quota")))
    def outcomes(self, kind: str) -> None:
        """Decide how updates end from now on."""
        self.world.outcome = kind

    @rule(
        change=st.sampled_from((30 * SECOND, 25 * MINUTE, 2 * HOUR, 23 * HOUR, 3 * DAY)),
        back=st.booleans(),
    )
    def clock_jumps(self, change: timedelta, *, back: bool) -> None:
        """Set the clock."""
        self.world.jump(-change if back else change)

    @rule(zone=st.sampled_from(_ZONES))
    def another_zone(self, zone: str) -> None:
        """Move to another time zone."""
        self.world.move(ZoneInfo(zone))

    @rule(arrived=st.booleans(), lost=st.sampled_from((False, False, False, True)))
    def kill(self, *, arrived: bool, lost: bool) -> None:
        """Pull the plug, after which the files may be lost."""
        self.world.kill(arrived=arrived, lost=lost)

    @rule(home=st.integers(0, 1), known=st.booleans())
    def reload(self, home: int, *, known: bool) -> None:
        """Load an account again."""
        self.world.homes[home].reload(known=known)

    @rule(widget=pick, sources=st.frozensets(st.sampled_from(_SOURCES), max_size=4), known=st.booleans())
    def edit(self, widget: int, sources: frozenset[Field], *, known: bool) -> None:
        """Change the templates of a widget."""
        home, truth = self._any(widget)
        home.reload(known=known, changed=lambda: _edited(truth, truth.config.device, sources))

    @rule(widget=pick, device=st.sampled_from((ALL, *DEVICES)), known=st.booleans())
    def move(self, widget: int, device: str, *, known: bool) -> None:
        """Let a widget go to another device; two that are on each other's way change places."""
        home, truth = self._any(widget)
        others = [item for item in home.truths.values() if item is not truth and not item.config.left_behind]
        if device == ALL and others:
            return

        def changed() -> None:
            for other in others:
                if other.config.device == device:
                    _edited(other, truth.config.device, frozenset(other.config.sources))
            _edited(truth, device, frozenset(truth.config.sources))

        home.reload(known=known, changed=changed)

    @rule(widget=pick, known=st.booleans())
    def remove(self, widget: int, *, known: bool) -> None:
        """Remove a widget, unless it is the last."""
        home, truth = self._any(widget)
        if sum(not item.config.left_behind for other in self.world.homes for item in other.truths.values()) > 1:

            def changed() -> None:
                del home.truths[truth.config.subentry_id]

            home.reload(known=known, changed=changed)

    @rule(home=st.integers(0, 1), sources=st.frozensets(st.sampled_from(_SOURCES)), rules=st.sampled_from(_RULES))
    def add(self, home: int, sources: frozenset[Field], rules: Rules) -> None:
        """Add a widget where there is room for one."""
        account = self.world.homes[home]
        taken = {item.config.device for item in account.truths.values() if not item.config.left_behind}
        free = [device for device in DEVICES if device not in taken and ALL not in taken]
        if free:
            self.added += 1
            name = f"added {self.added}"
            account.reload(
                changed=lambda: account.truths.update({name: _truth(name, free[0], sources, rules, urgent=True)})
            )

    @override
    def teardown(self) -> None:
        """Let everything go well for some days, and see what the screens show then."""
        if sys.exception() is not None or not hasattr(self, "world"):
            return
        self.world.outcome = "accepted"
        for home in self.world.homes:
            for truth in home.truths.values():
                if not truth.config.left_behind:
                    home.go_to_bed(truth, in_bed=False)
            if home.locked_out or home.is_unknown:
                home.reload()
        # A quota ends when Pushover says, however wrong the clock is.
        self.world.wait(max((self.world.quota.until or self.world.now) - self.world.now, timedelta(0)))
        self.world.wait(4 * DAY)
        while any(home.ended_lately() for home in self.world.homes):
            self.world.wait(DAY)
        for home in self.world.homes:
            home.check_end()


TestRules = Delivery.TestCase
TestRules.settings = settings(searching(200), stateful_step_count=50)
