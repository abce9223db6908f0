"""One account, what people and entities do to it, and how it is loaded, killed, edited and lost."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
import json
from typing import override

from homeassistant.helpers.json import json_dumps

from custom_components.pushover_glances.content.widget_config import WidgetConfig
from custom_components.pushover_glances.planner import (
    ALL,
    AccountState,
    Action,
    ActionValue,
    Changed,
    Dismissed,
    Forecast,
    Loss,
    PageChanged,
    Paused,
    Reason,
    Started,
    Wait,
    WidgetState,
    WordChanged,
    actions_of,
    assign,
    at_start,
    believable,
    clearing,
    foresee,
    receive,
    refreshing,
)
from custom_components.pushover_glances.pushover import Field, Value
from custom_components.pushover_glances.records import StoredAccount, read, written

from .rules_alerts import CodeAlerts
from .rules_checks import World
from .rules_oracle import MINUTE, SECOND, Call, Rule, Said, Truth
from .rules_pages import Pages, as_the_code_has_it
from .rules_shell import AT_ONCE, Shell, Widget

# As the coordinator has it: a timer asks again soon, because the clock may be set.
_LONGEST = timedelta(minutes=5)


class Home(Shell):
    """One account."""

    def __init__(self, world: World, truths: list[Truth]) -> None:
        """Begin with widgets that were never updated."""
        super().__init__(world, truths)
        self._begin_process()
        self.load(known=True)

    @override
    def run(self) -> None:
        """Do what is to be done at once, which may be to load again."""
        super().run()
        if self.must_reload and not self.stopped:
            self.reload()

    # How it is loaded, saved and lost.

    def load(self, *, known: bool, is_own: bool = True) -> Mapping[str, Widget]:
        """Set up, as after a start or a change, and return the widgets; it may load again at once, with other ones.

        `known` tells whether Pushover can be asked for the devices then, `is_own` whether this process wrote the file.
        """
        now = self.now
        self.account = read(json.loads(json_dumps(written(self.disk))))
        account = self.account
        account.screens = {
            device: replace(state, ledger=state.ledger.read_at(now, is_own=is_own))
            for device, state in account.screens.items()
        }
        # Those that replace a widget that is gone are found again.
        self.truths = {name: truth for name, truth in self.truths.items() if not truth.config.left_behind}
        owners = {truth.config.device: truth.config.owner for truth in self.truths.values()}
        loss = Loss(now, self.zone) if account.lost else None
        account.screens = assign(account.screens, owners, account.devices, loss)
        account.lost = False
        for config in (WidgetConfig.of_screen_left_behind(item) for item in account.screens if item not in owners):
            self.truths[config.subentry_id] = Truth(config, {}, {})
        self._load_quota()
        self.stopped = self.soon = self.locked_out = self.must_reload = False
        self.timer = None
        self.hold = AccountState()
        for alert in self.alerts.values():
            alert.start(now)
        widgets = self.widgets = {name: self._widget(truth) for name, truth in self.truths.items()}
        self._check_devices()
        self._save()
        self._start()
        if known:
            self._learn_devices()
        self.run()
        return widgets

    def _widget(self, truth: Truth) -> Widget:
        truth.pending_since = None
        state = self.account.screens[truth.config.device]
        truth.page = state.page.page_id
        return Widget(truth.config, state, truth)

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
        self._set_quota(max(shared, known, key=lambda quota: quota.until or AT_ONCE))

    def _start(self) -> None:
        for widget in self.widgets.values():
            self._receive(widget, Started(self._booted()))
        self.code = CodeAlerts(self.alerts, self.account.alerts)
        for truth in self.truths.values():
            truth.alerts, truth.code = {} if truth.config.left_behind else self.alerts, self.code
            truth.pages = Pages() if truth.config.left_behind else self.pages
        self._follow_pages()
        self._take_note(self.code.start(self.now))
        self.look_at_all()
        self.run()

    def go_to_bed(self, truth: Truth, *, in_bed: bool) -> None:
        """Let the entity that makes a widget quiet turn on or off."""
        if truth.in_bed is not in_bed:
            truth.in_bed, truth.pending_since = in_bed, None
            self._wake(self.widgets[truth.config.subentry_id])
            self.run()

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
            for call in truth.calls:
                call.undone = call in self.disk_undone
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
        # After a loss, nothing is known of the devices before Pushover can be asked.
        self.load(known=not lost, is_own=False)

    def reload(self, *, known: bool = True, changed: Callable[[], None] | None = None) -> None:
        """Stop in good order, change the configuration perhaps, and begin again."""
        if self._notice_clock():
            # The alerts notice it, too, before anybody asks what is going to happen.
            self.soon = True
            self.run()
        before = None if self.request is not None else dict(self.account.screens)
        self._stop()
        if changed is not None:
            self._change(changed)
        forecasts = self._foresee(before) if before is not None else {}
        widgets = self.load(known=known)
        for name, forecast in forecasts.items():
            self._compare(widgets[name], forecast)

    def _stop(self) -> None:
        self.stopped = True
        self._tell_all_queued()
        if self.request is not None:
            self.answer(self.world.outcome)
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
                # Where all devices together take over from one, or the other way round, what they show may not be known,
                # and an update empties on each what any of them has shown.
                face.certain = {}
                self.shared |= {*face.shows, *face.tried}
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
        before, truth.pages = truth.page, self.pages
        truth.page = state.page.page_id if state.paused else self.pages.first
        if not state.paused:
            state, _ = receive(state, PageChanged(as_the_code_has_it(truth.page)), self.now)
        rendering, truth.page = truth.render(), before
        return foresee(state, rendering, self._inputs(truth, state, AccountState()), self.now)

    def _compare(self, widget: Widget, forecast: Forecast) -> None:
        name, effect, says = widget.config.title, widget.first, forecast.effect
        if isinstance(effect, Wait) and isinstance(says, Wait) and self._is_provisional(effect):
            return
        assert effect == says, f"{Rule.PREVIEW}: {name}: {effect} instead of {says} at {self.now}"

    def _is_provisional(self, wait: Wait) -> bool:
        """Tell whether the sources may say something else when it is over, or whether nothing is rendered yet."""
        is_starting = self.uptime - self.world.booted < 2 * MINUTE
        return is_starting or wait.reason in (Reason.LASTING, Reason.RATE_LIMIT, Reason.SETTLING, Reason.SOURCES)

    # What happens to it.

    def change(self, truth: Truth, *, urgent: bool = False) -> None:
        """Let a source of a widget change."""
        self._change_source(truth, urgent=urgent)
        self.run()

    def _change_source(self, truth: Truth, *, urgent: bool = False) -> None:
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

    def move_door(self, name: str, *, is_open: bool | None) -> None:
        """Let the entity of an alert change its state."""
        self.alerts[name].see(self.now, is_open=is_open)
        self.alerts[name].notice(self.now)
        self._take_note(self.code.see(name, self.now))
        self.run()

    def judge(self, name: str, *, result: bool | None) -> None:
        """Let the conditions of an alert begin or cease to hold, or fail."""
        self.alerts[name].judge(self.now, result=result)
        self.alerts[name].notice(self.now)
        self._take_note(self.code.judge(name, self.now))
        self.run()

    def dismiss(self, name: str) -> None:
        """Let a person dismiss an alert that is shown; one that is due, but not noticed yet, is not."""
        self.alerts[name].dismiss()
        if noted := self.code.dismiss(name, self.now):
            self._take_note(noted)
            for truth in self.truths.values():
                if truth.alerts:
                    self._receive(self.widgets[truth.config.subentry_id], Dismissed())
                    truth.hasty = True
            self._save()
        self.run()

    def clock_jumps(self) -> None:
        """Let the clock be set: a timer that asks again soon notices it, if nothing else does before."""
        for truth in self.truths.values():
            truth.pending_since = None
        self.doubted, self.lost = self.uptime, None
        self.jumped = self.has_jumped = True
        if self.timer is not None:
            self.timer = min(self.timer, self.uptime + _LONGEST)

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
        self._follow_pages()
        self._save()
        self.run()

    def turn(self, page: str, says: Mapping[Field, Value | None], *, applies: bool) -> None:
        """Let a page begin or end, and its sources say something else."""
        self.pages.says[page] = dict(says)
        (self.pages.applying.add if applies else self.pages.applying.discard)(page)
        self._follow_pages()
        for truth in self.truths.values():
            if truth.page == page and truth.pages is self.pages:
                # All widgets know it before any of them is looked at.
                self._change_source(truth)
        self.run()

    # Actions.

    def update(
        self, truth: Truth, name: Field, said: Said, *, urgent: bool, cancelled: bool = False, replace: bool = False
    ) -> None:
        """Call the action `update`, which empties the other fields of the base and ends other actions to `replace` all."""
        sayings = {name: said}
        if replace:
            others = {other: Said(said.call, "", said.until) for other in truth.sources}
            sayings = {**{other: Said(said.call) for other in truth.said}, **others, name: said}
        for other, saying in sayings.items():
            saying.base = truth.value(other) if other in truth.sources else None
            saying.vague = saying.may_have_ended = other in truth.sources and saying.base is None
            truth.said.setdefault(other, []).append(saying)
        truth.hasty |= urgent

        def make(widget: Widget, key: int) -> Action:
            ended = dict.fromkeys(actions_of(widget.state)) if replace else {}
            values = {
                other: ActionValue(saying.value, saying.until, self._base_of(widget, other, saying), urgent)
                for other, saying in sayings.items()
                if saying.value is not None
            }
            return Action(key, {**ended, **values})

        self._act(truth, said.call, make, cancelled=cancelled)
        self.run()

    @staticmethod
    def _base_of(widget: Widget, name: Field, said: Said) -> Value | None:
        if name not in widget.truth.sources:
            return None
        return widget.state.base.get(name) if said.base is None else said.base

    def clear(self, truth: Truth, names: list[Field]) -> None:
        """Call the action `clear`."""
        call = Call()
        self.cleared |= {*names}
        if self._act(
            truth,
            call,
            lambda widget, key: clearing(widget.state, key, names, widget.truth.sources),
            cancelled=False,
        ):
            for name in names:
                truth.said.setdefault(name, []).append(Said(call))
            for face in self.screens_of(truth):
                face.excused = True
        self.run()

    def refresh(self, truth: Truth) -> None:
        """Call the action `refresh`."""
        call = Call()
        truth.refreshes.append(call)
        truth.hasty = True
        for face in self.screens_of(truth):
            face.excused = True
        self._act(truth, call, lambda _widget, key: refreshing(key), cancelled=False)
        self.run()
