"""One account as the coordinator runs it: it hands events to the planner, and carries out the effects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from custom_components.pushover_glances.content.widget_config import WidgetConfig
from custom_components.pushover_glances.planner import (
    ALL,
    Abandoned,
    AccountState,
    Acted,
    Action,
    Change,
    Changed,
    ClockSet,
    Confirmed,
    Due,
    Effect,
    Event,
    Inputs,
    Outcome,
    PageChanged,
    Quota,
    Reason,
    Render,
    Rendered,
    Send,
    Wait,
    WakeAt,
    WidgetState,
    Withdrawn,
    receive,
    result_of,
    told,
)
from custom_components.pushover_glances.planner.account import answered, clock_set, failed
from custom_components.pushover_glances.pushover import Accepted, Field, PushoverError
from custom_components.pushover_glances.records import StoredAccount

from .rules_alerts import ALERTED, CONFIGS, AlertTruth, CodeAlerts
from .rules_checks import DEVICES, Checks, Pending, Request, World
from .rules_oracle import SECOND, Call, Rule, Truth
from .rules_outcomes import COUNTED, OUTCOMES, PATIENCE
from .rules_pages import PAGED, Pages, as_the_code_has_it

AT_ONCE = datetime.min.replace(tzinfo=UTC)
# The entity that makes widgets quiet.
BED = "input_boolean.bed"


@dataclass(eq=False)
class Widget:
    """A widget as the coordinator holds it."""

    config: WidgetConfig
    state: WidgetState
    truth: Truth
    pending: list[Pending] = field(default_factory=list)
    due: datetime | None = AT_ONCE
    is_ready: bool = False
    has_device: bool = True
    first: Effect | None = None


class Shell(Checks):
    """One account while it is loaded."""

    def __init__(self, world: World, truths: list[Truth]) -> None:
        """Begin with widgets that were never updated."""
        super().__init__(world, truths)
        self.account = StoredAccount(verified=True, devices=list(DEVICES))
        self.alerts = {config.subentry_id: AlertTruth(config) for config in CONFIGS}
        self.code = CodeAlerts(self.alerts, self.account.alerts)
        self.pages = Pages()
        self.widgets: dict[str, Widget] = {}
        self.waiting: list[Pending] = []
        self.timer: timedelta | None = None
        self.hold = AccountState()
        self.stopped = self.soon = self.locked_out = self.must_reload = False
        self._clock = self.now - self.uptime
        # The fields that people have cleared, whichever source had filled them.
        self.cleared: set[Field] = set()
        # Those that a device showed when all devices together took over, or were taken over.
        self.shared: set[Field] = set()
        self._keys = count(1)
        self._take_snapshot()

    # What it has saved.

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
        self.disk_undone = {call for truth in self.truths.values() for call in truth.calls if call.undone}

    def _take_snapshot(self) -> None:
        account = self.account
        # Nothing in it ever changes.
        self.disk = replace(account, screens=dict(account.screens), alerts=dict(account.alerts))

    def _set_quota(self, quota: Quota) -> None:
        self.world.quota = self.account.quota = quota

    # Devices.

    def _learn_devices(self) -> None:
        """Ask Pushover for the user's devices."""
        self.account.devices = list(DEVICES)
        self._check_devices()
        self.must_reload = any(
            widget.config.left_behind and widget.config.device == ALL for widget in self.widgets.values()
        )

    def _check_devices(self) -> None:
        devices = self.account.devices
        self.is_unknown = devices is None
        for widget in self.widgets.values():
            device, left_behind = widget.config.device, widget.config.left_behind
            has_device = not left_behind if devices is None or device == ALL else device in devices
            if widget.has_device is not has_device:
                widget.has_device = has_device
                self._wake(widget)

    def _booted(self) -> datetime:
        """Return when Home Assistant started, by the clock of now."""
        return self.now - (self.uptime - self.world.booted)

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
            # An alert without a widget has its times, too.
            self._schedule(AT_ONCE)

    def _follow_pages(self) -> None:
        """Let the widgets whose base is not paused show the page that applies."""
        for truth in self.truths.values():
            widget = self.widgets[truth.config.subentry_id]
            page = as_the_code_has_it(truth.pages.first)
            if not widget.state.paused and page != widget.state.page:
                truth.show_page(page.page_id)
                self._receive(widget, PageChanged(page))
                self._save()

    # Actions.

    def _act(self, truth: Truth, call: Call, make: Callable[[Widget, int], Action | None], *, cancelled: bool) -> bool:
        """Let an action do something to a widget, and wait for the answer; tell whether there was anything to do."""
        widget = self.widgets[truth.config.subentry_id]
        key = next(self._keys)
        if (action := make(widget, key)) is None:
            return False
        pending = Pending(widget.config.subentry_id, action, call, self.uptime, cancelled)
        widget.pending.append(pending)
        self.waiting.append(pending)
        self._receive(widget, Acted(action))
        return True

    def _tell(self, widget: Widget, wait: Wait) -> None:
        """Give the actions that wait their results where nothing goes now."""
        pending, widget.pending = widget.pending, []
        for item in pending:
            self._tell_one(widget, item, told(widget.state, item.action, wait))

    def _tell_one(self, widget: Widget, item: Pending, status: str) -> None:
        if item.status:
            return
        item.status = status
        if status == "failed":
            item.call.undone = True
            self._receive(widget, Withdrawn(item.action.key))
        elif item.is_cancelled:
            self._receive(widget, Confirmed(item.action.key))

    def _tell_all_queued(self) -> None:
        for widget in self.widgets.values():
            self._tell(widget, Wait(self.now, Reason.NOT_RUNNING))

    def _hear(self) -> None:
        """Give the actions their answers: what is queued is on disk before, and stays; what failed is not any more."""
        heard = [item for item in self.waiting if item.status]
        self.waiting = [item for item in self.waiting if not item.status]
        for item in heard:
            if item.status != "failed" or not item.is_cancelled:
                self._save()
            if item.status != "failed" and not item.is_cancelled:
                self._receive(self.widgets[item.widget], Confirmed(item.action.key))

    # What it does by itself.

    def dues(self) -> list[timedelta]:
        """Return when something falls due."""
        timer = [] if self.timer is None else [self.timer]
        answer = [] if self.request is None else [self.request.due]
        return timer + answer + [item.since + PATIENCE for item in self.waiting if not item.is_cancelled]

    def wake(self) -> None:
        """Do what is due."""
        for item in self.waiting:
            if item.since + PATIENCE <= self.uptime and not item.is_cancelled:
                item.status = item.status or "queued"
        self._hear()
        if self.request is not None and self.request.due <= self.uptime:
            self.answer(self.world.outcome)
        if self.timer is not None and self.timer <= self.uptime:
            self.soon = True
        self.run()

    def look_at_all(self) -> None:
        """Look at every widget."""
        for widget in self.widgets.values():
            self._wake(widget)
        self._schedule(AT_ONCE)

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

    def _wake(self, widget: Widget, moment: datetime = AT_ONCE) -> None:
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
            timer = self.uptime + (moment - self.now)
            self.timer = timer if self.timer is None else min(self.timer, timer)

    def _look(self) -> None:
        self.soon, self.timer = False, None
        self._notice_clock()
        for alert in self.alerts.values():
            alert.notice(self.now)
        for truth in self.truths.values():
            truth.notice(self.now)
        self._take_note(self.code.notice(self.now))
        due = [item for item in self.widgets.values() if item.due is not None and item.due <= self.now]
        for widget in sorted(due, key=lambda item: item.state.ledger.last(self.now) or AT_ONCE):
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
        inputs = self._inputs(widget.truth, widget.state, self.hold, widget)
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

    def _inputs(self, truth: Truth, state: WidgetState, account: AccountState, widget: Widget | None = None) -> Inputs:
        return Inputs(
            truth.config.rules,
            self.zone,
            urgent=truth.urgent_alerts() if state.paused else {**truth.urgent, **truth.urgent_alerts()},
            account=account,
            quota=self.world.quota,
            has_device=widget is None or widget.has_device,
            quiet_while=BED if truth.in_bed else "",
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
        # Where an urgent entity has changed, or another page is shown, every difference matters.
        exact = [*Field] if truth.hasty else [*truth.said, *truth.replaced]
        needed = any(face.needs(send, exact, self) for face in faces.values())
        assert needed, f"{Rule.UNCHANGED}: {send} at {self.now}"
        for name in send.values:
            owned = name in {*truth.config.sources, *truth.said, *self.cleared, *self.shared, *ALERTED, *PAGED}
            shown = any(name in face.shows or name in face.tried for face in faces.values())
            assert owned or shown, f"{Rule.OTHERS}: {name} in {send} at {self.now}"
        for face in faces.values():
            face.book(send, widget.config.rules, self, jumped=self.jumped, in_bed=truth.in_bed)
        pending, widget.pending = widget.pending, []
        self.request = Request(
            widget.config.subentry_id, truth, send, pending, self.uptime, truth.hasty, truth.refreshes,
            set() if truth.paused is not None else truth.replaced, {name: face.excused for name, face in faces.items()},
        )  # fmt: skip
        truth.replaced = truth.replaced - self.request.replaced
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
            request.truth.replaced |= request.replaced
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
                face.unowned, face.certain = set(Field), {}
        if change in (Change.REFUSED, Change.RECOVERED):
            self._learn_devices()
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
