"""One account, driven as `courier` drives it, where it is known what really arrives on the screens."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
import json
from typing import Protocol, cast

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import json_dumps

from custom_components.pushover_glances.content.mirror import Mirror
from custom_components.pushover_glances.content.widget_config import WidgetConfig
from custom_components.pushover_glances.delivery import (
    ALL,
    Account,
    Change,
    Put,
    Quota,
    Reason,
    Send,
    Wait,
    Widget,
    adopt,
    book,
)
from custom_components.pushover_glances.post import Outcome, Post, Rider, remembered_states
from custom_components.pushover_glances.pushover import Accepted, CannotConnectError, Field, PushoverError
from custom_components.pushover_glances.records import AccountMemory, read, written

from .rules_alerts import CONFIGS, AlertTruth, CodeAlerts
from .rules_checks import DEVICES, Checks, Request
from .rules_oracle import Deed, Rule, Said, Truth
from .rules_outcomes import COUNTED, OUTCOMES, PATIENCE


class World(Protocol):
    """What all accounts share: the clock that the code sees, the time that really passes, and an application's quota."""

    now: datetime
    zone: tzinfo
    uptime: timedelta
    weather: str
    quota: Quota


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


class Home(Checks):
    """One account."""

    def __init__(self, world: World, truths: list[Truth]) -> None:
        """Begin with widgets that were never updated."""
        super().__init__(world.zone, truths)
        self.world = world
        self.memory = AccountMemory(verified=True)
        self.alerts = {config.subentry_id: AlertTruth(config) for config in CONFIGS}
        self.posts: dict[str, Post] = {}
        self.rides: list[_Ride] = []
        self.alarm: timedelta | None = None
        self.locked_out = False
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
        if self.unsure > datetime.min.replace(tzinfo=UTC):
            # What is on disk, or was held by a lost token, has not heard of a clock set back.
            self.unsure = world.now
        world.quota.until = max(filter(None, (world.quota.until, self.memory.quota.until)), default=None)
        self.memory.quota = world.quota
        for alert in self.alerts.values():
            alert.start(world.now)
        self.code = CodeAlerts(self.alerts, self.memory.alerts, world.now)
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
        truth.alerts, truth.code = {} if truth.config.left_behind else self.alerts, self.code
        memory.states = remembered_states(truth.config, memory.states)
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
            for face in self.screens_of(request.truth):
                face.doubt(request.send.values)
                if arrived:
                    face.arrive(request.send.values)
            self.request = None
        for name, truth in self.truths.items():
            truth.said, truth.refreshes = self.disk_truths.get(name, ({}, []))
            truth.hasty = True
        self.rides = []
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
                together = ALL in self.memory.screens or any(item.config.device == ALL for item in self.truths.values())
                for face in self.faces.values():
                    face.excused = True
                    if together:
                        # Where all devices together take over from one, or the other way round, what they show may
                        # not be known, and updates that a clock set back has moved to one moment are not told apart.
                        face.certain = {}
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
            truth.urgent_since = dict.fromkeys(truth.urgent, now)
        if truth.listening or urgent:
            truth.listening = False
            self.posts[truth.config.subentry_id].widget.change(now, lasted)
        truth.hasty |= urgent
        self.look()

    def move_door(self, name: str, *, is_open: bool | None) -> None:
        """Let the entity of an alert change its state."""
        self.alerts[name].see(self.world.now, is_open=is_open)
        self.code.see(name, self.world.now)
        self.look()
        self._save()

    def _notice_alerts(self, now: datetime) -> None:
        """Let the alerts take note of the time, and the widgets of what begins and ends."""
        for alert in self.alerts.values():
            alert.notice(now)
        for name in self.code.notice(now):
            for truth in self.truths.values():
                if truth.alerts:
                    self.posts[truth.config.subentry_id].widget.change(now)
                    truth.hasty |= self.alerts[name].config.urgent

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
                for face in self.screens_of(self.truths[post.config.subentry_id]):
                    face.excused |= bool(put.emptied)
            return put

        self.act(truth, do)

    def refresh(self, truth: Truth) -> None:
        """Call the action `refresh`."""

        def do(post: Post, deed: Deed) -> Put:
            truth.refreshes.append(deed)
            truth.hasty = True
            for face in self.screens_of(self.truths[post.config.subentry_id]):
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
        return alarm + answer + [ride.since + PATIENCE for ride in self.rides]

    def wake(self) -> None:
        """Do what is due."""
        uptime = self.world.uptime
        for ride in self.rides:
            if ride.since + PATIENCE <= uptime and not ride.answer.done():
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
        self.notice(now, world.zone)
        self._notice_alerts(now)
        moments = [moment for alert in self.code.alerts.values() for moment in alert.moments()]
        self.alarm = min((world.uptime + (moment - now) for moment in moments), default=None)
        # In the code the timer follows the earliest time at which any widget wants to be asked again.
        for name, decision in self.account.decide(now, world.zone, self.truths).items():
            self.check(self.truths[name], decision, now)
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
        needed = any(face.needs(send, world.now, truth.said.keys()) for face in reached.values())
        assert needed, f"{Rule.UNCHANGED}: {send} {world.now}"
        for face in reached.values():
            face.book(send, post.config.rules, world.now, world.zone)
        self.request = Request(
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
        faces = self.screens_of(self.truths[post.config.subentry_id])
        for face in faces:
            if arrives:
                face.arrive(send.values)
            if isinstance(outcome, Accepted) or kind in COUNTED:
                face.answered(self.world.now)
            if isinstance(outcome, Accepted):
                face.certain.update(send.values)
            elif kind in COUNTED:
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

    def _book(self, request: Request, outcome: Accepted | PushoverError) -> None:
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
                for face in self.screens_of(self.truths[post.config.subentry_id]):
                    face.litter = set(Field)
        else:
            post.alight(request.riders)
