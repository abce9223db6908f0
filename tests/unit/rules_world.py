"""Accounts that are driven as `courier` drives them, in a world that knows what really arrives on the screens."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
import json
from typing import cast

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import json_dumps

from custom_components.pushover_glances.delivery import (
    ALL,
    Account,
    Change,
    Decision,
    Nothing,
    Put,
    Quota,
    Reason,
    Send,
    Wait,
    Widget,
    adopt,
    book,
)
from custom_components.pushover_glances.mirror import Mirror
from custom_components.pushover_glances.post import Outcome, Post, Rider
from custom_components.pushover_glances.pushover import (
    Accepted,
    AuthenticationError,
    BadAnswerError,
    CannotConnectError,
    Field,
    NoAnswerError,
    PushoverError,
    RateLimitedError,
    RejectedError,
    ServerError,
)
from custom_components.pushover_glances.records import AccountMemory, read, written
from custom_components.pushover_glances.widget import WidgetConfig

from .rules_oracle import DAY, HOUR, MINUTE, Deed, Face, Rule, Said, Truth, kin, local_midnight

SECOND = timedelta(seconds=1)
DEVICES = ("watch", "phone")
# As `courier` and `client` have it: how long an action waits for its answer, and a request for its own.
_PATIENCE = timedelta(seconds=9.5)
REQUEST_TIMEOUT = timedelta(seconds=9)

# What may become of an update: what Pushover says, and whether the update reaches the screen.
OUTCOMES: dict[str, tuple[Callable[[datetime], Accepted | PushoverError], bool]] = {
    "accepted": (lambda _: Accepted("r"), True),
    "no answer": (lambda _: NoAnswerError(), False),
    "no answer, but it arrived": (lambda _: NoAnswerError(), True),
    "no JSON": (lambda _: BadAnswerError(200, is_answer=True), False),
    "no JSON, but it arrived": (lambda _: BadAnswerError(200, is_answer=True), True),
    "redirect": (lambda _: BadAnswerError(302, is_answer=False), False),
    "server error": (lambda _: ServerError(500), False),
    "no connection": (lambda _: CannotConnectError(), False),
    "quota": (lambda now: RateLimitedError(now + 5 * HOUR), False),
    "quota without end": (lambda _: RateLimitedError(None), False),
    "token": (lambda _: AuthenticationError("token"), False),
    "rejected": (lambda _: RejectedError(("no",), {}, None), False),
}
_COUNTED = ("accepted", "no answer", "no answer, but it arrived", "no JSON", "no JSON, but it arrived")


@dataclass(eq=False)
class _Answer:
    """What an action is told; stands in for a future, which would need a loop."""

    outcome: Outcome | None = None

    def done(self) -> bool:
        return self.outcome is not None

    def set_result(self, outcome: Outcome) -> None:
        self.outcome = outcome


@dataclass(eq=False)
class _Ride:
    """An action that waits for its answer, and since when."""

    deed: Deed
    answer: _Answer
    since: timedelta


@dataclass(eq=False)
class _Request:
    """An update on its way."""

    post: Post
    truth: Truth
    send: Send
    riders: list[Rider]
    since: timedelta
    hasty: bool
    refreshes: list[Deed]
    excused: dict[str, bool]
    held_until: timedelta = timedelta(0)
    set_back: bool = False

    @property
    def due(self) -> timedelta:
        """Return when it comes to its end, unless the test lets it earlier."""
        return max(self.since + SECOND, self.held_until + timedelta(microseconds=1))


@dataclass(eq=False)
class World:
    """The clock that the code sees, the time that really passes, and the accounts, which share an application."""

    now: datetime
    zone: tzinfo
    uptime: timedelta = timedelta(0)
    weather: str = "accepted"
    quota: Quota = field(default_factory=Quota)
    homes: list[Home] = field(default_factory=list)

    def look(self) -> None:
        """Let every account look, as it does after anything that happens."""
        for home in self.homes:
            home.look()

    def jump(self, change: timedelta) -> None:
        """Set the clock."""
        self.now += change
        for home in self.homes:
            for truth in home.truths.values():
                truth.pending_since = None
        self.look()

    def wait(self, time: timedelta) -> None:
        """Let time pass, with whatever falls due."""
        end = self.uptime + time
        looks = 0
        while True:
            due = min((moment for home in self.homes for moment in home.dues()), default=end + SECOND)
            passed = max(min(due, end), self.uptime) - self.uptime
            self.now += passed
            self.uptime += passed
            if due > end:
                return
            for home in self.homes:
                home.wake()
            looks += 1
            assert looks < 500 + 100 * (time / HOUR), f"{Rule.SOON}: {looks} looks in {time}"

    def kill(self, *, arrived: bool) -> None:
        """Let everything end at once; what is on disk begins anew."""
        for home in self.homes:
            home.die(arrived=arrived)
        self.quota = Quota(max(filter(None, (home.memory.quota.until for home in self.homes)), default=None))
        for home in self.homes:
            home.load(known=True, grace=True)
        self.look()


class Home:
    """One account."""

    def __init__(self, world: World, truths: list[Truth]) -> None:
        """Begin with widgets that were never updated."""
        self.world = world
        self.faces = {device: Face() for device in DEVICES}
        self.truths = {truth.config.subentry_id: truth for truth in truths}
        self.memory = AccountMemory(verified=True)
        self.posts: dict[str, Post] = {}
        self.request: _Request | None = None
        self.rides: list[_Ride] = []
        self.alarm: timedelta | None = None
        self.locked_out = False
        # When the code had to guess the day's use, because the clock was set back by more than a day.
        self.guessed, self.guess_is_off = datetime.min.replace(tzinfo=UTC), False
        self.zone = world.zone
        self.unsure = self.guessed
        self.load(known=True, grace=False)

    # How it is loaded, saved and lost.

    def load(self, *, known: bool, grace: bool) -> None:
        """Set up, as after a start or a change; `known` tells whether Pushover could be asked for the devices."""
        world = self.world
        widgets = [truth.config for truth in self.truths.values() if not truth.config.left_behind]
        owners = {config.device: config.owner for config in widgets}
        self.memory.screens = adopt(self.memory.screens, owners, DEVICES if known else None)
        for config in (WidgetConfig.of_screen_left_behind(item) for item in self.memory.screens if item not in owners):
            self.truths[config.subentry_id] = Truth(config, {}, {})
        self.stopped, self.unknown = False, not known
        world.quota.until = max(filter(None, (world.quota.until, self.memory.quota.until)), default=None)
        self.memory.quota = world.quota
        self.posts = {name: self._post(truth) for name, truth in self.truths.items()}
        self.account = Account({name: post.widget for name, post in self.posts.items()}, world.quota)
        self.locked_out = False
        if not known:
            self.account.book_failure(CannotConnectError(), world.now)
        for name, post in self.posts.items():
            if grace:
                post.widget.wait_for_sources(world.now)
            if not known and post.config.left_behind:
                post.widget.hold()
            self.truths[name].listening = False
            self.truths[name].pending_since = None
        self._save()

    def _post(self, truth: Truth) -> Post:
        memory = self.memory.screens[truth.config.device]
        memory.states = {name: state for name, state in memory.states.items() if name in truth.config.urgent_entities}
        return Post(truth.config, Widget(memory, truth.config.rules), cast(Mirror, truth))

    def _save(self) -> None:
        self.disk = json_dumps(written(self.memory))
        on_its_way = self.request
        self.disk_truths = {
            name: (
                {key: list(sayings) for key, sayings in truth.said.items()},
                truth.refreshes + (on_its_way.refreshes if on_its_way and on_its_way.truth is truth else []),
            )
            for name, truth in self.truths.items()
        }

    def _read(self) -> None:
        self.memory = read(json.loads(self.disk))
        # Who stands in for a widget that is gone is found out anew.
        self.truths = {name: truth for name, truth in self.truths.items() if not truth.config.left_behind}

    def die(self, *, arrived: bool) -> None:
        """Lose everything but the file; a request on its way may have arrived or not."""
        if (request := self.request) is not None:
            for face in self._reached(request.post):
                face.doubt(request.send.values)
                if arrived:
                    face.arrive(request.send.values)
            self.request = None
        for name, truth in self.truths.items():
            truth.said, truth.refreshes = self.disk_truths.get(name, ({}, []))
            truth.hasty = True
        self.rides = []
        if self.unsure > datetime.min.replace(tzinfo=UTC):
            self.unsure = self.world.now
        self._read()

    def reload(self, *, known: bool = True, changed: Callable[[], None] | None = None) -> None:
        """Stop in good order, change the configuration perhaps, and begin anew."""
        self.stopped = True
        if self.request is not None:
            self.answer(self.world.weather)
        for post in self.posts.values():
            post.settle(Wait(self.world.now, Reason.NOT_RUNNING))
        self._hear()
        self._save()
        self._read()
        if changed is not None:
            before = {name: truth.config for name, truth in self.truths.items()}
            changed()
            if before != {name: truth.config for name, truth in self.truths.items()}:
                # Whoever saves or removes a widget waits to see it.
                for face in self.faces.values():
                    face.excused = True
                    if ALL in self.memory.screens:
                        # Updates that a clock set back has moved to one moment are not told apart any more where
                        # all devices together take over from one, or the other way round.
                        face.updates = sorted(set(face.updates))
                for name, truth in self.truths.items():
                    truth.hasty = True
                    # Saving a widget asks for an update anyway; what was asked of the device before is of no use.
                    if name in before and before[name].device != truth.config.device:
                        truth.refreshes = []
        self.load(known=known, grace=False)
        self.look()

    # What happens to it.

    def change(self, truth: Truth, *, urgent: bool = False) -> None:
        """Let a widget know what its mirror would tell it."""
        now = self.world.now
        lasted = None if truth.words_since is None else now - truth.words_since
        truth.words_since = now
        if urgent:
            truth.urgent_since = now
        if truth.listening or urgent:
            truth.listening = False
            self.posts[truth.config.subentry_id].widget.change(now, lasted)
        truth.hasty |= urgent
        self.look()

    def act(self, truth: Truth, do: Callable[[Post, Deed], Put | None]) -> None:
        """Let an action do something to a widget, and wait for the answer."""
        post, deed = self.posts[truth.config.subentry_id], Deed()
        if (put := do(post, deed)) is None:
            return
        answer = _Answer()
        post.waiting.append(Rider(put, cast("asyncio.Future[Outcome]", answer)))
        self.rides.append(_Ride(deed, answer, self.world.uptime))
        self.look()

    def update(self, truth: Truth, name: Field, said: Said, *, urgent: bool) -> None:
        """Call the action `update`."""

        def do(post: Post, deed: Deed) -> Put:
            assert said.value is not None
            said.deed, said.mirror = deed, truth.mirror(name)
            said.vague = said.may_have_ended = name in post.config.templates and said.mirror is None
            truth.said.setdefault(name, []).append(said)
            truth.hasty |= urgent
            return post.put({name: said.value}, until=said.until, urgent=urgent)

        self.act(truth, do)

    def clear(self, truth: Truth, names: list[Field]) -> None:
        """Call the action `clear`."""

        def do(post: Post, deed: Deed) -> Put | None:
            put = post.widget.clear(names, post.config.templates)
            if put is not None:
                for name in names:
                    truth.said.setdefault(name, []).append(Said(deed))
                for face in self._reached(post):
                    face.excused |= bool(put.emptied)
            return put

        self.act(truth, do)

    def refresh(self, truth: Truth) -> None:
        """Call the action `refresh`."""

        def do(post: Post, deed: Deed) -> Put:
            truth.refreshes.append(deed)
            truth.hasty = True
            for face in self._reached(post):
                face.excused = True
            return post.widget.refresh()

        self.act(truth, do)

    def _hear(self) -> None:
        """Hear what the actions were told: what failed has left nothing behind, and what is queued is on disk."""
        if told := [ride for ride in self.rides if ride.answer.done()]:
            self.rides = [ride for ride in self.rides if not ride.answer.done()]
            for ride in told:
                ride.deed.undone = ride.answer.outcome is not None and ride.answer.outcome.status == "failed"
            self._save()

    # What it does.

    def dues(self) -> list[timedelta]:
        """Return when something falls due."""
        alarm = [] if self.alarm is None else [self.alarm]
        answer = [] if self.request is None else [self.request.due]
        return alarm + answer + [ride.since + _PATIENCE for ride in self.rides]

    def wake(self) -> None:
        """Do what is due."""
        uptime = self.world.uptime
        for ride in self.rides:
            if ride.since + _PATIENCE <= uptime and not ride.answer.done():
                ride.answer.outcome = Outcome(next(iter(self.posts.values())).config, "queued")
        self._hear()
        if self.request is not None and self.request.due <= uptime:
            self.answer(self.world.weather)
        if self.alarm is not None and self.alarm <= uptime:
            self.look()

    def look(self) -> None:
        """Send what may go, and set the alarm for what may not."""
        if self.stopped:
            return
        world = self.world
        now = world.now
        self._notice(now)
        self.alarm = None
        # In the code the timer follows the earliest time at which any widget wants to be asked again.
        for name, decision in self.account.decide(now, world.zone, cast("dict[str, Truth]", self.truths)).items():
            self._check(self.truths[name], decision)
            if isinstance(decision, Send):
                if self.request is None:
                    self._dispatch(self.posts[name], decision)
                continue
            self.posts[name].settle(decision)
            if isinstance(decision, Wait):
                alarm = world.uptime + (decision.until - now)
                self.alarm = alarm if self.alarm is None else min(self.alarm, alarm)
        self._hear()

    def _dispatch(self, post: Post, send: Send) -> None:
        world, truth = self.world, self.truths[post.config.subentry_id]
        assert self.request is None, Rule.ONE
        post.widget.book_attempt(send, world.now)
        assert truth.hasty or not send.urgent, f"{Rule.URGENT}: no reason for {send}"
        reached = {name: face for name, face in self.faces.items() if post.config.device in (ALL, name)}
        for face in reached.values():
            face.book(send, post.config.rules, world.now, world.zone)
        self.request = _Request(
            post, truth, send, post.board(), world.uptime, truth.hasty, truth.refreshes,
            {name: face.excused for name, face in reached.items()},
        )  # fmt: skip
        truth.hasty, truth.refreshes, truth.pending_since = False, [], None
        for face in reached.values():
            face.excused = False
        self._save()

    def answer(self, kind: str) -> None:
        """Let the request that is on its way come to its end."""
        assert self.request is not None
        request, self.request = self.request, None
        post, send = request.post, request.send
        make, arrives = OUTCOMES[kind]
        outcome = make(self.world.now)
        faces = self._reached(post)
        for face in faces:
            if arrives:
                face.arrive(send.values)
            if isinstance(outcome, Accepted):
                face.certain.update(send.values)
            elif kind in _COUNTED:
                face.doubt(send.values)
            else:
                face.unbook(send)
        self._book(request, outcome)
        if request.set_back:
            self.unsure = self.world.now
        if not isinstance(outcome, Accepted):
            for name, excused in request.excused.items():
                self.faces[name].excused |= excused
            request.truth.hasty |= request.hasty
            request.truth.refreshes = [*request.refreshes, *request.truth.refreshes]
            for truth in self.truths.values():
                truth.pending_since = None
        self._hear()
        self._save()
        self.look()

    def _book(self, request: _Request, outcome: Accepted | PushoverError) -> None:
        """Do as the courier does."""
        post = request.post
        change = book(self.account, post.widget, request.send, outcome, self.world.now)
        if isinstance(outcome, Accepted):
            post.accept(request.riders, outcome.request)
        elif change in (Change.REFUSED, Change.LOCKED_OUT):
            self.locked_out |= change is Change.LOCKED_OUT
            post.fail(request.riders, HomeAssistantError(str(outcome)))
            if change is Change.REFUSED and post.config.left_behind:
                post.widget.abandon()
                for face in self._reached(post):
                    face.litter = set(Field)
        else:
            post.alight(request.riders)

    def _reached(self, post: Post) -> list[Face]:
        return [face for device, face in self.faces.items() if post.config.device in (ALL, device)]

    # What must be true of it.

    def _notice(self, now: datetime) -> None:
        ahead = max((moment for face in self.faces.values() for moment in face.updates), default=now) - now
        if ahead > timedelta(0) or self.guessed > now:
            self.unsure = now
            if self.request is not None:
                self.request.set_back = True
        self.unsure = min(self.unsure, now)
        if ahead > DAY:
            self.guessed, self.guess_is_off = now, False
        elif self.guessed > now or self.world.zone is not self.zone:
            # What was a fair guess of the day's use at one hour of the day is none at another.
            self.guessed, self.guess_is_off = min(self.guessed, now), True
        self.zone = self.world.zone
        for face in self.faces.values():
            face.notice(now, by_far=ahead > DAY)
        for truth in self.truths.values():
            truth.notice(now)

    def _check(self, truth: Truth, decision: Decision) -> None:
        if isinstance(decision, Wait):
            self._check_wait(truth, decision)
        if isinstance(decision, Nothing | Wait) and decision.reason is Reason.UP_TO_DATE:
            truth.pending_since = None
            # What is on its way counts as shown until its answer comes.
            if self.request is None or self.request.truth is not truth:
                self._check_refreshed(truth)
                for face in self._reached(self.posts[truth.config.subentry_id]):
                    self._check_face(truth, face, exactly=False)

    def _check_wait(self, truth: Truth, wait: Wait) -> None:
        """Check that a wait ends, and soon where nothing but the spacing and the share of the day is in the way."""
        now, rules = self.world.now, truth.config.rules
        assert wait.until > now, f"{Rule.SOON}: {wait} {now}"
        if wait.reason in (Reason.OUTAGE, Reason.RATE_LIMIT, Reason.HELD, Reason.SOURCES, Reason.UP_TO_DATE):
            truth.pending_since = None
            return
        # Of updates that were set back with the clock, a restart knows less than this test does.
        last = max((moment for face in self.faces.values() for moment in face.updates[-1:]), default=now)
        hasty = any(sum(moment > now - HOUR for moment in face.urgent) >= 4 for face in self.faces.values())
        soonest = max(last, self.unsure) + max(rules.min_interval, HOUR if hasty else MINUTE)
        assert wait.reason is not Reason.SPACING or wait.until <= soonest, f"{Rule.SOON}: {wait} {now} {last=}"
        # A device that takes over from all of them takes over what any of them has used.
        used = sum(face.used(now, self.world.zone) for face in self.faces.values())
        if self.guess_is_off and self.guessed >= local_midnight(now, self.world.zone):
            used += 50
        rest = local_midnight(local_midnight(now, self.world.zone) + 36 * HOUR, self.world.zone).astimezone(UTC) - now
        if rules.quiet is not None or rules.daily_limit not in (0, 50):
            longest = rest + DAY
        elif rules.daily_limit and rest > 40 * MINUTE * (50 - used):
            longest = rest + 40 * MINUTE
        else:
            longest = 40 * MINUTE
        assert wait.until - now <= longest, f"{Rule.SOON}: {wait} {now} {used=}"
        truth.pending_since = truth.pending_since or now
        # A change that comes when the slot is open waits for words that do not last, five minutes at most.
        if longest == 40 * MINUTE:
            assert now - truth.pending_since <= 47 * MINUTE, f"{Rule.SOON}: {wait}, since {truth.pending_since}"

    def _check_face(self, truth: Truth, face: Face, *, exactly: bool) -> None:
        """Check what a screen shows that is called up to date; `exactly` where every repeat has been sent."""
        now = self.world.now
        if self.unknown:
            # What is left behind on all devices together is held until they are known.
            return
        for name in Field:
            shows, allowed = face.shows.get(name, ""), truth.allowed(name, now)
            if None in allowed or (name in face.litter and allowed == {""}):
                continue
            same = shows in allowed or (
                not exactly and not truth.holds_manual(name, now) and kin(shows) in map(kin, allowed)
            )
            rule = Rule.KEPT if truth.holds_manual(name, now) else Rule.SHOWN
            assert same, f"{rule}: {truth.config.title}.{name} shows {shows!r}, not {allowed} at {now}"

    def _check_refreshed(self, truth: Truth) -> None:
        """Check that what a person asked for has come, where there is a template and so something to refresh."""
        lost = truth.config.templates and any(not deed.undone for deed in truth.refreshes)
        assert not lost, f"{Rule.KEPT}: {truth.config.title} was not refreshed at {self.world.now}"

    def ended_lately(self) -> bool:
        """Tell whether a duration was over so lately that what comes after it may still wait."""
        now = self.world.now
        sayings = [item for truth in self.truths.values() for items in truth.said.values() for item in items]
        return any(item.until is not None and now - DAY < item.until <= now for item in sayings)

    def check_end(self) -> None:
        """Check what stands at the end: with every repeat sent, every screen shows exactly what its layers say."""
        owners = {truth.config.device: truth for truth in self.truths.values()}
        for device, face in self.faces.items():
            nobody = Truth(WidgetConfig.of_screen_left_behind(device), {}, {})
            truth = owners.get(device) or owners.get(ALL) or nobody
            for name, value in truth.says.items():
                if value is None and name in truth.config.templates and None in truth.allowed(name, self.world.now):
                    dash = "" if name in (Field.COUNT, Field.PERCENT) else "–"
                    assert face.shows.get(name, "") == dash, f"{Rule.SHOWN}: {truth.config.title}.{name}"
            self._check_face(truth, face, exactly=True)
            self._check_refreshed(truth)
