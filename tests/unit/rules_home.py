"""One account, which hands events to the planner as the coordinator does, and knows what really arrives on the screens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
import json

from homeassistant.helpers.json import json_dumps

from custom_components.pushover_glances.content.widget_config import WidgetConfig
from custom_components.pushover_glances.planner import (
    ALL,
    Abandoned,
    AccountState,
    Acted,
    Action,
    ActionValue,
    Change,
    Changed,
    ClockSet,
    Confirmed,
    Due,
    Effect,
    Event,
    Forecast,
    Inputs,
    Loss,
    Outcome,
    Paused,
    Quota,
    Reason,
    Render,
    Rendered,
    Send,
    Started,
    Wait,
    WakeAt,
    WidgetState,
    Withdrawn,
    WordChanged,
    assign,
    at_start,
    believable,
    clearing,
    foresee,
    hold,
    receive,
    refreshing,
    result_of,
    told,
)
from custom_components.pushover_glances.planner.account import answered, clock_set, failed
from custom_components.pushover_glances.pushover import Accepted, CannotConnectError, Field, PushoverError
from custom_components.pushover_glances.records import StoredAccount, read, written

from .rules_alerts import CONFIGS, AlertTruth, CodeAlerts
from .rules_checks import DEVICES, Checks, Pending, Request, World
from .rules_oracle import MINUTE, SECOND, Deed, Rule, Said, Truth
from .rules_outcomes import COUNTED, OUTCOMES, PATIENCE

_AT_ONCE = datetime.min.replace(tzinfo=UTC)
# As the coordinator has it: a timer asks again soon, because the clock may be set.
_LONGEST = timedelta(minutes=5)


@dataclass(eq=False)
class Widget:
    """A widget as the coordinator holds it."""

    config: WidgetConfig
    state: WidgetState
    truth: Truth
    pending: list[Pending] = field(default_factory=list)
    due: datetime | None = _AT_ONCE
    is_ready: bool = False
    has_device: bool = True
    first: Effect | None = None


class Home(Checks):
    """One account."""

    def __init__(self, world: World, truths: list[Truth]) -> None:
        """Begin with widgets that were never updated."""
        super().__init__(world, truths)
        self.account = StoredAccount(verified=True, devices=list(DEVICES))
        self.alerts = {config.subentry_id: AlertTruth(config) for config in CONFIGS}
        self.widgets: dict[str, Widget] = {}
        self.waiting: list[Pending] = []
        self.alarm: timedelta | None = None
        self.locked_out = False
        self._keys = count(1)
        self._take_snapshot()
        self._begin_process()
        self.load(known=True)

    # How it is loaded, saved and lost.

    def load(self, *, known: bool, is_own: bool = True) -> None:
        """Set up, as after a start or a change.

        `known` tells whether Pushover can be asked for the devices then, `is_own` whether this process wrote the file.
        """
        now = self.now
        self.account = read(json.loads(json_dumps(written(self.disk))))
        account = self.account
        account.screens = {
            device: replace(state, ledger=state.ledger.read_at(now, is_own=is_own))
            for device, state in account.screens.items()
        }
        # Those who stand in for a widget that is gone are found out anew.
        self.truths = {name: truth for name, truth in self.truths.items() if not truth.config.left_behind}
        owners = {truth.config.device: truth.config.owner for truth in self.truths.values()}
        loss = Loss(now, self.zone) if account.lost else None
        account.screens = assign(account.screens, owners, account.devices, loss)
        account.lost = False
        for config in (WidgetConfig.of_screen_left_behind(item) for item in account.screens if item not in owners):
            self.truths[config.subentry_id] = Truth(config, {}, {})
        self._load_quota()
        self.stopped = self.soon = self.locked_out = False
        self.alarm = None
        self.hold = AccountState()
        for alert in self.alerts.values():
            alert.start(now)
        self.widgets = {name: self._widget(truth) for name, truth in self.truths.items()}
        self._check_devices()
        self._save()
        self._start()
        self._verify(known=known)
        self.run()

    def _widget(self, truth: Truth) -> Widget:
        truth.pending_since = None
        return Widget(truth.config, self.account.screens[truth.config.device], truth)

    def _begin_process(self) -> None:
        self._clock = self.now - self.uptime
        for face in self.faces.values():
            face.begin_process(self.now)
        self.started, self.jumped = (self.now, self.uptime), False
        is_odd = any(
            item.clock is not None and abs((self.now - item.clock) - (self.uptime - item.uptime)) > 2 * SECOND
            for face in self.faces.values()
            for item in face.sent
        )
        self.doubted = self.uptime if is_odd else None

    def _load_quota(self) -> None:
        shared, known = self.world.quota, believable(self.account.quota, self.now)
        self._set_quota(max(shared, known, key=lambda quota: quota.until or _AT_ONCE))

    def _set_quota(self, quota: Quota) -> None:
        self.world.quota = self.account.quota = quota

    def _start(self) -> None:
        for widget in self.widgets.values():
            self._receive(widget, Started(self._booted()))
        self.code = CodeAlerts(self.alerts, self.account.alerts)
        for truth in self.truths.values():
            truth.alerts, truth.code = {} if truth.config.left_behind else self.alerts, self.code
        self._take_note(self.code.start(self.now))
        self.look_at_all()
        self.run()

    def _verify(self, *, known: bool) -> None:
        if known:
            self.account.devices = list(DEVICES)
            self._check_devices()
        else:
            self._book(CannotConnectError())
            self.look_at_all()

    def _check_devices(self) -> None:
        devices = self.account.devices
        self.is_unknown = devices is None
        for widget in self.widgets.values():
            has_device = not widget.config.left_behind if devices is None else widget.config.device in (ALL, *devices)
            if widget.has_device is not has_device:
                widget.has_device = has_device
                self._wake(widget)

    def _save(self) -> None:
        self._take_snapshot()
        on_its_way = self.request
        self.disk_truths = {
            name: (
                {key: list(sayings) for key, sayings in truth.said.items()},
                truth.refreshes + (on_its_way.refreshes if on_its_way and on_its_way.truth is truth else []),
                {key: list(values) for key, values in truth.rendered.items()},
            )
            for name, truth in self.truths.items()
        }

    def _take_snapshot(self) -> None:
        account = self.account
        # Nothing in it ever changes.
        self.disk = replace(account, screens=dict(account.screens), alerts=dict(account.alerts))

    def die(self, *, arrived: bool) -> None:
        """Lose everything but the file; a request on its way may have arrived or not."""
        if (request := self.request) is not None:
            for face in self.screens_of(request.truth):
                face.answered(self)
                face.sent[-1].open = True
                face.doubt(request.send.values)
                if arrived:
                    face.arrive(request.send.values)
            self.request = None
        self._end_process()
        for name, truth in self.truths.items():
            truth.said, truth.refreshes, truth.rendered = self.disk_truths.get(name, ({}, [], {}))
            truth.hasty = True
        self.waiting = []
        self.lost = None

    def _lose(self) -> None:
        self.disk = StoredAccount(verified=True, lost=True)
        for truth in self.truths.values():
            truth.said, truth.refreshes, truth.paused = {}, [], None
        for alert in self.alerts.values():
            alert.forget(self.now)
        owned = {truth.config.device for truth in self.truths.values() if not truth.config.left_behind}
        for device, face in self.faces.items():
            # Nothing is known of a screen that has no widget then, not even that it was lost.
            face.lose(self, assumes=not owned.isdisjoint({device, ALL}))
        self.lost = self.uptime

    def _end_process(self) -> None:
        for face in self.faces.values():
            face.end_process(self, self._clock)

    def begin(self, *, lost: bool) -> None:
        """Start with what is on disk, or with nothing."""
        if lost:
            self._lose()
        self._begin_process()
        self.load(known=True, is_own=False)

    def reload(self, *, known: bool = True, changed: Callable[[], None] | None = None) -> None:
        """Stop in good order, change the configuration perhaps, and begin anew."""
        if self._notice_clock():
            # The alerts notice it, too, before anybody asks what is going to happen.
            self.soon = True
            self.run()
        before = None if self.request is not None else dict(self.account.screens)
        self._stop()
        if changed is not None:
            self._change(changed)
        forecasts = self._foresee(before) if before is not None else {}
        self.load(known=known)
        for name, forecast in forecasts.items():
            self._compare(name, forecast)

    def _stop(self) -> None:
        self.stopped = True
        self._tell_all_queued()
        if self.request is not None:
            self.answer(self.world.weather)
        self._hear()
        # What another account of the application has learned counts.
        self.account.quota = self.world.quota
        self._save()

    def _change(self, changed: Callable[[], None]) -> None:
        before = {name: truth.config for name, truth in self.truths.items()}
        changed()
        if before == {name: truth.config for name, truth in self.truths.items()}:
            return
        # A person who saves or removes a widget waits to see it; another limit may be used up already.
        self.lost = None
        together = ALL in self.account.screens or any(item.config.device == ALL for item in self.truths.values())
        for face in self.faces.values():
            face.excused = True
            if together:
                # Where all devices together take over from one, or the other way round, what they show may not be known.
                face.certain = {}
        for name, truth in self.truths.items():
            truth.hasty = True
            # Saving a widget asks for an update anyway; what was asked of the device before is of no use.
            if name in before and before[name].device != truth.config.device:
                truth.refreshes = []
                # What a base has not said yet when it is paused does not replace what it finds on another screen.
                truth.rendered = {}
                truth.paused = truth.paused and {name: {*values, ""} for name, values in truth.paused.items()}

    # What the preview of an edit says.

    def _foresee(self, screens: Mapping[str, WidgetState]) -> dict[str, Forecast]:
        """Return what the flow of each widget would say once it is saved as it is configured now."""
        truths = {name: truth for name, truth in self.truths.items() if not truth.config.left_behind}
        owners = {truth.config.device: truth.config.owner for truth in truths.values()}
        states = assign({device: at_start(state) for device, state in screens.items()}, owners, self.account.devices)
        return {name: self._foresee_one(truth, states[truth.config.device]) for name, truth in truths.items()}

    def _foresee_one(self, truth: Truth, state: WidgetState) -> Forecast:
        truth.alerts, truth.code = self.alerts, self.code
        state, _ = receive(state, Started(self._booted()), self.now)
        quota = hold(AccountState(), self.world.quota, self.now)
        return foresee(state, truth.render(), self._inputs(truth, state, quota), self.now)

    def _compare(self, name: str, forecast: Forecast) -> None:
        effect, says = self.widgets[name].first, forecast.effect
        if isinstance(effect, Wait) and isinstance(says, Wait) and self._is_provisional(effect):
            return
        assert effect == says, f"{Rule.PREVIEW}: {name}: {effect} instead of {says} at {self.now}"

    def _is_provisional(self, wait: Wait) -> bool:
        """Tell whether the sources may say something else when it is over, or whether nothing is rendered yet."""
        is_starting = self.uptime - self.world.booted < 2 * MINUTE
        return is_starting or wait.reason in (Reason.RATE_LIMIT, Reason.SETTLING, Reason.SOURCES)

    def _booted(self) -> datetime:
        """Return when Home Assistant started, by the clock of now."""
        return self.now - (self.uptime - self.world.booted)

    # What happens to it.

    def change(self, truth: Truth, *, urgent: bool = False) -> None:
        """Let a source of a widget change."""
        now = self.now
        lasted = None if truth.words_since is None else now - truth.words_since
        truth.words_since = now
        if urgent:
            truth.urgent_since = dict.fromkeys(truth.urgent, now)
        widget = self.widgets[truth.config.subentry_id]
        if lasted is not None and not widget.state.paused:
            self._receive(widget, WordChanged(lasted))
        # While it is paused, nothing of it is tracked.
        if not widget.state.paused and (urgent or not widget.state.heard):
            self._receive(widget, Changed())
        truth.hasty |= urgent
        self.run()

    def move_door(self, name: str, *, is_open: bool | None) -> None:
        """Let the entity of an alert change its state."""
        self.alerts[name].see(self.now, is_open=is_open)
        self.alerts[name].notice(self.now)
        self._take_note(self.code.see(name, self.now))
        self.run()

    def _take_note(self, noted: Mapping[str, bool]) -> None:
        """Let the widgets know what is new about alerts."""
        for name, is_changed in noted.items():
            for truth in self.truths.values():
                widget = self.widgets[truth.config.subentry_id]
                if truth.alerts and is_changed:
                    self._receive(widget, Changed())
                    truth.hasty |= self.alerts[name].config.urgent
                if truth.alerts:
                    self._wake(widget)
            self._save()

    def clock_jumps(self) -> None:
        """Let the clock be set: a timer that asks again soon notices it, if nothing else does before."""
        for truth in self.truths.values():
            truth.pending_since = None
        self.doubted, self.lost = self.uptime, None
        self.jumped = self.has_jumped = True
        if self.alarm is not None:
            self.alarm = min(self.alarm, self.uptime + _LONGEST)

    def pause(self, truth: Truth, *, paused: bool) -> None:
        """Switch the base off, or on again."""
        widget = self.widgets[truth.config.subentry_id]
        if widget.state.paused is paused:
            return
        if paused:
            truth.pause(self.screens_of(truth))
        else:
            truth.paused, truth.hasty = None, True
        self._receive(widget, Paused(paused))
        self._save()
        self.run()

    # Actions.

    def _act(self, truth: Truth, deed: Deed, make: Callable[[Widget, int], Action | None], *, cancelled: bool) -> bool:
        """Let an action do something to a widget, and wait for the answer; tell whether there was anything to do."""
        widget = self.widgets[truth.config.subentry_id]
        key = next(self._keys)
        if (action := make(widget, key)) is None:
            return False
        pending = Pending(widget.config.subentry_id, action, deed, self.uptime, cancelled)
        widget.pending.append(pending)
        self.waiting.append(pending)
        self._receive(widget, Acted(action))
        return True

    def update(self, truth: Truth, name: Field, said: Said, *, urgent: bool, cancelled: bool = False) -> None:
        """Call the action `update`."""
        said.base = truth.says[name] if name in truth.config.templates else None
        said.vague = said.may_have_ended = name in truth.config.templates and said.base is None
        truth.said.setdefault(name, []).append(said)
        truth.hasty |= urgent

        def make(widget: Widget, key: int) -> Action:
            assert said.value is not None
            base = widget.state.base.get(name) if said.base is None else said.base
            if name not in truth.config.templates:
                base = None
            return Action(key, {name: ActionValue(said.value, said.until, base, urgent)})

        self._act(truth, said.deed, make, cancelled=cancelled)
        self.run()

    def clear(self, truth: Truth, names: list[Field]) -> None:
        """Call the action `clear`."""
        deed = Deed()
        if self._act(
            truth,
            deed,
            lambda widget, key: clearing(widget.state, key, names, widget.config.templates),
            cancelled=False,
        ):
            for name in names:
                truth.said.setdefault(name, []).append(Said(deed))
            for face in self.screens_of(truth):
                face.excused = True
        self.run()

    def refresh(self, truth: Truth) -> None:
        """Call the action `refresh`."""
        deed = Deed()
        truth.refreshes.append(deed)
        truth.hasty = True
        for face in self.screens_of(truth):
            face.excused = True
        self._act(truth, deed, lambda _widget, key: refreshing(key), cancelled=False)
        self.run()

    def _tell(self, widget: Widget, wait: Wait) -> None:
        """Tell the actions that wait what becomes of them where nothing goes now."""
        pending, widget.pending = widget.pending, []
        for item in pending:
            self._tell_one(widget, item, told(widget.state, item.action, wait))

    def _tell_one(self, widget: Widget, item: Pending, status: str) -> None:
        if item.status:
            return
        item.status = status
        if status == "failed":
            item.deed.undone = True
            self._receive(widget, Withdrawn(item.action.key))
        elif item.is_cancelled:
            self._receive(widget, Confirmed(item.action.key))

    def _tell_all_queued(self) -> None:
        for widget in self.widgets.values():
            self._tell(widget, Wait(self.now, Reason.NOT_RUNNING))

    def _hear(self) -> None:
        """Let the actions hear what they were told: what is queued is on disk before, and stays."""
        heard = [item for item in self.waiting if item.status]
        self.waiting = [item for item in self.waiting if not item.status]
        for item in heard:
            if item.status in ("queued", "unchanged"):
                self._save()
            if item.status != "failed" and not item.is_cancelled:
                self._receive(self.widgets[item.widget], Confirmed(item.action.key))

    # What it does.

    def dues(self) -> list[timedelta]:
        """Return when something falls due."""
        alarm = [] if self.alarm is None else [self.alarm]
        answer = [] if self.request is None else [self.request.due]
        return alarm + answer + [item.since + PATIENCE for item in self.waiting if not item.is_cancelled]

    def wake(self) -> None:
        """Do what is due."""
        for item in self.waiting:
            if item.since + PATIENCE <= self.uptime and not item.is_cancelled:
                item.status = item.status or "queued"
        self._hear()
        if self.request is not None and self.request.due <= self.uptime:
            self.answer(self.world.weather)
        if self.alarm is not None and self.alarm <= self.uptime:
            self.soon = True
        self.run()

    def look_at_all(self) -> None:
        """Look at every widget."""
        for widget in self.widgets.values():
            self._wake(widget)
        self._schedule(_AT_ONCE)

    def run(self) -> None:
        """Do what is to be done at once."""
        looks = 0
        while self.soon and not self.stopped:
            self._look()
            self._hear()
            looks += 1
            assert looks < 20, f"{Rule.SOON}: {looks} looks at {self.now}"
        self._hear()

    def _receive(self, widget: Widget, event: Event) -> None:
        state, effect = receive(widget.state, event, self.now)
        self._adopt(widget, state)
        if isinstance(effect, WakeAt):
            self._wake(widget, effect.time)

    def _adopt(self, widget: Widget, state: WidgetState) -> None:
        widget.state = self.account.screens[widget.config.device] = state

    def _wake(self, widget: Widget, moment: datetime = _AT_ONCE) -> None:
        widget.is_ready = False
        if widget.due is None or moment < widget.due:
            widget.due = moment
        self._schedule(widget.due)

    def _schedule(self, moment: datetime) -> None:
        if self.stopped or self.soon:
            return
        if moment <= self.now:
            self.soon = True
        else:
            alarm = self.uptime + (moment - self.now)
            self.alarm = alarm if self.alarm is None else min(self.alarm, alarm)

    def _look(self) -> None:
        self.soon, self.alarm = False, None
        self._notice_clock()
        for alert in self.alerts.values():
            alert.notice(self.now)
        for truth in self.truths.values():
            truth.notice(self.now)
        self._take_note(self.code.notice(self.now))
        due = [item for item in self.widgets.values() if item.due is not None and item.due <= self.now]
        for widget in sorted(due, key=lambda item: item.state.ledger.last(self.now) or _AT_ONCE):
            if self._may_look(widget):
                self._look_at(widget)
        moments = [item.due for item in self.widgets.values() if item.due is not None and self._may_look(item)]
        for moment in (*moments, *self.code.moments()):
            self._schedule(moment)

    def _may_look(self, widget: Widget) -> bool:
        """Tell whether a widget may be looked at while the request that is on its way lasts."""
        request = self.request
        return request is None or not (widget.is_ready or request.widget == widget.config.subentry_id)

    def _look_at(self, widget: Widget) -> None:
        widget.is_ready = False
        inputs = self._inputs(widget.truth, widget.state, hold(self.hold, self.world.quota, self.now), widget)
        state, effect = receive(widget.state, Due(inputs), self.now)
        if isinstance(effect, Render):
            widget.truth.note_rendered()
            state, effect = receive(state, Rendered(widget.truth.render(), inputs), self.now)
        widget.first = widget.first or effect
        if isinstance(effect, Send) and self.request is not None:
            widget.is_ready = True
            return
        self._adopt(widget, state)
        if isinstance(effect, Send):
            widget.due = None
            self._dispatch(widget, effect)
        elif isinstance(effect, Wait):
            widget.due = effect.until
            self.check(widget.truth, effect)
            self._tell(widget, effect)

    def _inputs(self, truth: Truth, state: WidgetState, account: Wait | None, widget: Widget | None = None) -> Inputs:
        return Inputs(
            truth.config.rules,
            self.zone,
            truth.urgent_alerts() if state.paused else {**truth.urgent, **truth.urgent_alerts()},
            account,
            widget is not None and self.hold.is_troubled,
            widget is None or widget.has_device,
        )

    def _notice_clock(self) -> bool:
        clock = self.now - self.uptime
        if abs(clock - self._clock) < 2 * SECOND:
            return False
        by, self._clock = clock - self._clock, clock
        self.hold, quota = clock_set(self.hold, self.world.quota, by, self.now)
        self._set_quota(quota)
        for widget in self.widgets.values():
            self._receive(widget, ClockSet(by, self._booted() - by))
        self._save()
        return True

    # Sending.

    def _dispatch(self, widget: Widget, send: Send) -> None:
        truth = widget.truth
        assert self.request is None, Rule.ONE
        assert truth.hasty or not send.urgent, f"{Rule.URGENT}: no reason for {send}"
        faces = {name: face for name, face in self.faces.items() if widget.config.device in (ALL, name)}
        needed = any(face.needs(send, truth.said.keys(), self) for face in faces.values())
        assert needed, f"{Rule.UNCHANGED}: {send} at {self.now}"
        for face in faces.values():
            face.book(send, widget.config.rules, self, jumped=self.jumped)
        pending, widget.pending = widget.pending, []
        self.request = Request(
            widget.config.subentry_id, truth, send, pending, self.uptime, truth.hasty, truth.refreshes,
            {name: face.excused for name, face in faces.items()},
        )  # fmt: skip
        truth.hasty, truth.refreshes, truth.pending_since = truth.hasty and truth.is_unseen, [], None
        for face in faces.values():
            face.excused = False
        self.lost = None
        self._save()
        booked = self.disk.screens[widget.config.device].ledger.last(self.now)
        assert booked == self.now, f"{Rule.BOOKED}: {booked} instead of {self.now}"

    def answer(self, kind: str) -> None:
        """Let the request that is on its way come to its end."""
        assert self.request is not None
        self._notice_clock()
        request, self.request = self.request, None
        make, arrives = OUTCOMES[kind]
        outcome = make(self.now)
        self._note_outcome(request, outcome, arrives=arrives, counts=kind in COUNTED)
        widget = self.widgets[request.widget]
        self._receive(widget, Outcome(request.send, result_of(outcome), None, request.send.values))
        self._end(widget, outcome, request.pending)
        self._hear()
        self._save()
        self.run()

    def _note_outcome(
        self, request: Request, outcome: Accepted | PushoverError, *, arrives: bool, counts: bool
    ) -> None:
        for face in self.screens_of(request.truth):
            if arrives:
                face.arrive(request.send.values)
            if not counts:
                face.unbook()
                continue
            face.answered(self)
            if isinstance(outcome, Accepted):
                request.truth.note_accepted()
                face.certain.update(request.send.values)
                face.tried = {}
            else:
                face.doubt(request.send.values)
        if not isinstance(outcome, Accepted):
            for name, excused in request.excused.items():
                self.faces[name].excused |= excused
            request.truth.hasty |= request.hasty
            request.truth.refreshes = [*request.refreshes, *request.truth.refreshes]
            for truth in self.truths.values():
                truth.pending_since = None

    def _end(self, widget: Widget, outcome: Accepted | PushoverError, pending: list[Pending]) -> None:
        change = self._book(outcome)
        if isinstance(outcome, Accepted) or change in (Change.REFUSED, Change.LOCKED_OUT):
            for item in pending:
                self._tell_one(widget, item, "sent" if isinstance(outcome, Accepted) else "failed")
        else:
            widget.pending = [*pending, *widget.pending]
        self.locked_out |= change is Change.LOCKED_OUT
        if change is Change.REFUSED and widget.config.left_behind:
            self._receive(widget, Abandoned())
            for face in self.screens_of(widget.truth):
                face.litter, face.certain = set(Field), {}
        if self.stopped:
            self._tell_all_queued()
        elif change is Change.NONE:
            for other in self.widgets.values():
                if other.is_ready or other is widget:
                    self._wake(other)
        else:
            self.look_at_all()

    def _book(self, outcome: Accepted | PushoverError) -> Change:
        if isinstance(outcome, Accepted):
            self.hold, change = answered(self.hold)
            self._set_quota(Quota())
            return change
        self.hold, quota, change = failed(self.hold, self.world.quota, outcome, self.now)
        self._set_quota(quota)
        return change
