"""One account while it is loaded: it hands events to the planner, and carries out what the planner decides.

It holds the only timer, the only request, and the only set of listeners of the account. No rule of delivery is here.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
import logging
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_time_change, async_track_time_interval
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .api import get_quota, set_quota
from .const import DOMAIN
from .content.alert_config import AlertConfig, alerts_of
from .content.alert_monitor import AlertMonitor, Noted
from .content.rendering import NO_STATE, is_word
from .content.time_format import async_time_of_day
from .content.tracker import Tracker
from .content.widget_config import WidgetConfig
from .exceptions import error_key, explained, translated
from .issues import Reports
from .planner import (
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
    Entry,
    Event as PlannerEvent,
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
    hold,
    is_short_of_updates,
    receive,
    result_of,
    stamped,
    told,
)
from .planner.account import answered, clock_set, failed
from .pushover import Accepted, AuthenticationError, Glance, NoAnswerError, PushoverClient, PushoverError, Values
from .storage import AccountStore
from .widget import AT_ONCE, ActionResult, Attempt, PendingAction, Widget, WidgetData

_LOGGER = logging.getLogger(__name__)

# An action answers within ten seconds; a little of it is left for writing to the disk.
_ANSWER_TIMEOUT = 9.5
# A request that is on its way is let finish; its own time-out ends it earlier.
_UNLOAD_TIMEOUT = 10
# A timer that asks again soon is right again soon after the clock was set.
_LONGEST = timedelta(minutes=5)
# In seconds. A clock that gains or loses less than this was not set: time servers correct by milliseconds.
_DRIFT = 2
# After an unexpected error, or while the file cannot be written.
_RETRY = timedelta(minutes=5)
_LEARN_DEVICES = timedelta(days=1)

# When Home Assistant started: sources get their time from then on, whatever is loaded anew meanwhile.
_STARTED: HassKey[datetime] = HassKey(f"{DOMAIN}_started")
# The decisions of the last day outlive a reload, which every edit of a widget causes.
_HISTORY: HassKey[dict[str, dict[str, list[Entry]]]] = HassKey(f"{DOMAIN}_history")

type PushoverGlancesConfigEntry = ConfigEntry[PushoverGlancesCoordinator]


@dataclass(frozen=True, slots=True)
class AccountData:
    """What the entities of an account show: its widgets, and the entities that make its alerts active, by subentry."""

    widgets: Mapping[str, WidgetData] = field(default_factory=dict)
    alerts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class PushoverGlancesCoordinator(DataUpdateCoordinator[AccountData]):
    """Runs one account."""

    config_entry: PushoverGlancesConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: PushoverGlancesConfigEntry,
        client: PushoverClient,
        store: AccountStore,
        widgets: Iterable[WidgetConfig],
    ) -> None:
        """Prepare; nothing is sent and nothing is tracked before `async_start`."""
        super().__init__(hass, _LOGGER, config_entry=entry, name=entry.title, update_interval=None)
        self.store = store
        self.reports = Reports(hass, entry)
        self.monitor = AlertMonitor(hass, alerts_of(entry), store.account.alerts)
        self._client = client
        self.widgets = {
            config.subentry_id: Widget(hass, config, store.account.screens[config.device], self.monitor)
            for config in widgets
        }
        self._keep_histories()
        store.account.alerts = {name: alert.state for name, alert in self.monitor.alerts.items()}
        self._account = AccountState()
        self._keys = count(1)
        self._is_started = False
        self._is_stopped = False
        # Whether Home Assistant stops, and not the account alone.
        self._is_stopping = False
        # Once the file belongs to the next coordinator, or is removed.
        self._is_closed = False
        self._was_running = hass.state is CoreState.running
        self._request: asyncio.Task[None] | None = None
        self._sending: Widget | None = None
        self._soon: asyncio.Handle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._save_again = dt_util.utcnow()
        self._clock = self._clock_offset()
        self._tracker: Tracker[Widget] = Tracker(hass, self._async_state_changed, self._async_minute_passed)
        self.data = AccountData()
        self.data = self._read(self.widgets.values())

    # Life cycle.

    @callback
    def async_start(self) -> None:
        """Begin to send, when Home Assistant has started."""
        entry, hass = self.config_entry, self.hass
        self._is_started = True
        if not self._was_running:
            hass.data.setdefault(_STARTED, dt_util.utcnow())
        entry.async_on_unload(hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._async_halt))
        # At midnight the updates of a day begin anew, whether anything happens or not.
        entry.async_on_unload(async_track_time_change(hass, self._async_look_at_all, hour=0, minute=0, second=0))
        entry.async_on_unload(async_track_time_interval(hass, self._async_learn_devices_later, _LEARN_DEVICES))
        entry.async_on_unload(hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._async_registry_updated))
        if (started := hass.data.get(_STARTED)) is not None:
            for widget in self.widgets.values():
                self._receive(widget, Started(started))
        for widget in self.widgets.values():
            self._track(widget)
        self._take_note(self.monitor.start())
        self._tracker.follow_others(self.monitor.entities)
        self._async_look_at_all()

    async def async_stop(self) -> None:
        """Let a request that is on its way finish, and remember everything."""
        self._async_halt()
        if self._request is not None:
            await asyncio.wait([self._request], timeout=_UNLOAD_TIMEOUT)
        self._is_closed = True
        await self.async_save()

    @callback
    def _async_halt(self, event: Event | None = None) -> None:
        """Begin nothing more; what waits stays queued."""
        self._is_stopped = True
        self._is_stopping = self._is_stopping or event is not None
        self._cancel_timers()
        self._tracker.stop()
        self._tell_all_queued()

    # Devices and credentials.

    @property
    def devices(self) -> list[str] | None:
        """Return the devices that the user had when that was asked last; `None` where it is not known."""
        return self.store.account.devices

    async def async_learn_devices(self) -> None:
        """Ask Pushover for the user's devices; of what goes wrong, only credentials that are not accepted change anything.

        Whatever else is wrong, the next update tells.
        """
        if isinstance(error := await self._async_learn_devices(), AuthenticationError):
            self._book(error)
            self._async_look_at_all()

    @callback
    def has_device(self, config: WidgetConfig) -> bool:
        """Tell whether the user has the device of a widget, because Pushover may take an unknown one for all devices.

        Where the devices have never been known, what is left behind on one waits, too.
        """
        if self.devices is None:
            return not config.left_behind
        return not config.device or config.device in self.devices

    @callback
    def async_check_devices(self) -> None:
        """Hold the widgets whose device the user does not have, release the others, and tell people."""
        for widget in self.widgets.values():
            has_device = self.has_device(widget.config)
            if self.devices is not None:
                (self.reports.known_device if has_device else self.reports.unknown_device)(widget.config)
            if widget.has_device is not has_device:
                widget.has_device = has_device
                self._wake(widget)

    async def _async_learn_devices(self) -> PushoverError | None:
        """Ask Pushover for the user's devices, hold the widgets of those that are gone, and release the others."""
        try:
            user = await self._client.validate_user()
        except PushoverError as err:
            return err
        account, devices = self.store.account, list(user.devices)
        is_new = (account.verified, account.devices) != (True, devices)
        account.verified, account.devices = True, devices
        self.async_check_devices()
        if is_new and not self._is_closed:
            self.store.async_save_soon()
        return None

    @callback
    def _async_learn_devices_later(self, _now: datetime | None = None) -> None:
        if not self._is_stopped:
            learning = self.async_learn_devices()
            self.config_entry.async_create_background_task(self.hass, learning, f"{DOMAIN} devices")

    # Facts.

    @callback
    def async_hold(self) -> Wait | None:
        """Return until when Pushover takes nothing from this account, and why; `None` where it does."""
        return hold(self._account, get_quota(self.hass, self.store.account), dt_util.utcnow())

    @override
    async def _async_update_data(self) -> AccountData:
        """Return what the entities show, for `homeassistant.update_entity`; nothing is fetched."""
        return self._read(self.widgets.values())

    # Actions.

    async def async_act(self, widget: Widget, make: Callable[[int], Action | None]) -> ActionResult:
        """Let an action do something to a widget, and return what became of it.

        `make` gets the key of the action, and returns `None` where there is nothing to do. What fails leaves nothing
        behind, and what is queued is on disk.
        """
        if self._is_stopped:
            key = "stopping" if self._is_stopping else "not_loaded"
            return ActionResult(widget.config, "failed", error=self._error(key))
        if (action := make(next(self._keys))) is None:
            return ActionResult(widget.config, "unchanged")
        pending = PendingAction(action, self.hass.loop.create_future())
        widget.pending.append(pending)
        self._receive(widget, Acted(action))
        try:
            await asyncio.wait([pending.answer], timeout=_ANSWER_TIMEOUT)
            return await self._async_answer(widget, pending)
        except asyncio.CancelledError:
            pending.is_cancelled = True
            if pending.answer.done():
                self._keep(widget, pending)
            raise

    async def async_set_paused(self, widget: Widget, *, paused: bool) -> None:
        """Pause the base of a widget, or follow it again; raises HomeAssistantError while the account is unloaded."""
        if self._is_stopped:
            raise self._error("not_loaded")
        if widget.state.paused is not paused:
            self._receive(widget, Paused(paused))
            self._track(widget)
            await self.async_save()

    async def async_save(self) -> None:
        """Save as far as that works: the store tells in the log when it does not, and updates go on."""
        was_failing = self.store.error is not None
        with suppress(HomeAssistantError):
            await self.store.async_save_account()
        if (self.store.error is not None) is not was_failing:
            self._async_look_at_all()

    def _error(self, key: str) -> HomeAssistantError:
        names = {"account": self.config_entry.title} if key == "not_loaded" else {}
        return translated(HomeAssistantError, key, **names)

    async def _async_answer(self, widget: Widget, pending: PendingAction) -> ActionResult:
        """Return what became of an action; what is queued is on disk before that is said."""
        if not pending.answer.done():
            pending.answer.set_result(ActionResult(widget.config, "queued", due=dt_util.utcnow()))
        result = pending.answer.result()
        if result.status in ("queued", "unchanged") and not self._is_closed:
            try:
                await self.store.async_save_account()
            except HomeAssistantError as err:
                self._receive(widget, Withdrawn(pending.action.key))
                return ActionResult(widget.config, "failed", error=err)
        self._keep(widget, pending)
        return result

    @callback
    def _keep(self, widget: Widget, pending: PendingAction) -> None:
        """Let what an action asked for stay, unless it failed."""
        if pending.answer.result().status != "failed":
            self._receive(widget, Confirmed(pending.action.key))

    @callback
    def _tell(self, widget: Widget, wait: Wait) -> None:
        """Tell the actions that wait what becomes of them where nothing goes now."""
        pending, widget.pending = widget.pending, []
        for item in pending:
            status = told(widget.state, item.action, wait)
            error = self._error(wait.reason) if status == "failed" else None
            due = wait.until if status == "queued" else None
            self._tell_one(widget, item, ActionResult(widget.config, status, due=due, error=error))

    @callback
    def _tell_one(self, widget: Widget, item: PendingAction, result: ActionResult) -> None:
        # An action that has been told meanwhile that it is queued stays so.
        if item.answer.done():
            return
        item.answer.set_result(result)
        if result.status == "failed":
            self._receive(widget, Withdrawn(item.action.key))
        elif item.is_cancelled:
            self._keep(widget, item)

    @callback
    def _tell_all_queued(self) -> None:
        for widget in self.widgets.values():
            self._tell(widget, Wait(dt_util.utcnow(), Reason.NOT_RUNNING))

    # What happens in Home Assistant.

    @callback
    def _async_state_changed(self, event: Event[EventStateChangedData]) -> None:
        """Let the widgets that depend on an entity know that it has changed; of several changes, the first one counts."""
        entity_id = event.data["entity_id"]
        lasted = _lasted(event)
        for widget, is_source, is_urgent in self._tracker.followers(entity_id):
            if is_source and lasted is not None:
                self._receive(widget, WordChanged(lasted))
            if is_source and not widget.state.heard:
                widget.sources.note_change(event.time_fired)
                self._receive(widget, Changed())
            elif is_urgent and _has_new_state(event):
                self._receive(widget, Changed())
        if self.monitor.alerts and entity_id in self.monitor.entities:
            self._take_note(self.monitor.state_changed(event))

    @callback
    def _async_minute_passed(self, now: datetime) -> None:
        for widget in self._tracker.minute_followers:
            if not widget.state.heard:
                widget.sources.note_change(now)
                self._receive(widget, Changed())

    @callback
    def _async_registry_updated(self, _event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        if self.monitor.ids_changed():
            self._take_note(self.monitor.follow())
            self._tracker.follow_others(self.monitor.entities)

    @callback
    def _take_note(self, noted: Iterable[Noted]) -> None:
        """Let the widgets of alerts know what is new about these."""
        for item in noted:
            for widget in self._widgets_of(item.config):
                if item.is_changed:
                    self._receive(widget, Changed())
                self._wake(widget)
            self.store.account.alerts[item.config.subentry_id] = self.monitor.alerts[item.config.subentry_id].state
            self.store.async_save_soon()
            self._publish(())

    def _widgets_of(self, alert: AlertConfig) -> list[Widget]:
        return [widget for name, widget in self.widgets.items() if not widget.config.left_behind and alert.covers(name)]

    # What the planner decides.

    @callback
    def _receive(self, widget: Widget, event: PlannerEvent) -> None:
        """Hand in what has happened to a widget."""
        state, effect = receive(widget.state, event, dt_util.utcnow())
        self._adopt(widget, event, state, effect)
        if isinstance(effect, WakeAt):
            self._wake(widget, effect.time)

    @callback
    def _adopt(self, widget: Widget, event: PlannerEvent, state: WidgetState, effect: Effect | None) -> None:
        """Keep the next state of a widget, where every save finds it."""
        widget.state = self.store.account.screens[widget.config.device] = state
        if _LOGGER.isEnabledFor(logging.DEBUG):
            _LOGGER.debug("Widget %s: %s: %s", widget.config.title, type(event).__name__, _described(effect))

    @callback
    def _wake(self, widget: Widget, moment: datetime = AT_ONCE) -> None:
        """Look at a widget at this time, or earlier."""
        widget.is_ready = False
        if widget.due is None or moment < widget.due:
            widget.due = moment
        self._schedule(widget.due)

    @callback
    def _async_look_at_all(self, _now: datetime | None = None) -> None:
        for widget in self.widgets.values():
            self._wake(widget)
        self._schedule(AT_ONCE)

    @callback
    def _schedule(self, moment: datetime) -> None:
        """Look at this time, or earlier; what lies far ahead is asked about again, because the clock may be set."""
        if self._is_stopped or self._soon is not None:
            return
        seconds = min((moment - dt_util.utcnow()).total_seconds(), _LONGEST.total_seconds())
        if seconds <= 0:
            self._soon = self.hass.loop.call_soon(self._look)
            return
        when = self.hass.loop.time() + seconds
        if self._timer is not None:
            if self._timer.when() <= when:
                return
            self._timer.cancel()
        self._timer = self.hass.loop.call_at(when, self._look)

    @callback
    def _cancel_timers(self) -> None:
        for handle in (self._soon, self._timer):
            if handle is not None:
                handle.cancel()
        self._soon = self._timer = None

    @callback
    def _look(self) -> None:
        """Look at the widgets that are due; whatever goes wrong, there is a next time."""
        self._cancel_timers()
        try:
            if self._is_started:
                self._look_at_due(dt_util.utcnow())
            else:
                self._tell_all_queued()
        except Exception:
            _LOGGER.exception("Unexpected error in account %s", self.config_entry.title)
            self._retry_later()
        finally:
            moments = [
                widget.due for widget in self.widgets.values() if widget.due is not None and self._may_look(widget)
            ]
            if self._is_started and moments:
                self._schedule(min(moments))

    @callback
    def _retry_later(self) -> None:
        """Look at all widgets again in a while, after an error that may come again."""
        retry = dt_util.utcnow() + _RETRY
        for widget in self.widgets.values():
            widget.due = retry
        self._schedule(retry)
        self._tell_all_queued()

    @callback
    def _look_at_due(self, now: datetime) -> None:
        self._notice_clock(now)
        if self.monitor.alerts:
            self._take_note(self.monitor.notice(now))
        if self.store.error is not None:
            self._save_later(now)
        due = [
            widget
            for widget in self.widgets.values()
            if widget.due is not None and widget.due <= now and self._may_look(widget)
        ]
        if len(due) > 1:
            # The one whose last update is longest ago comes first.
            due.sort(key=lambda widget: widget.state.ledger.last(now) or AT_ONCE)
        told = []
        for widget in due:
            try:
                if self._look_at(widget, now):
                    told.append(widget)
            except Exception:
                # One widget that goes wrong must not hold up the others.
                _LOGGER.exception("Unexpected error while looking at widget %s", widget.config.title)
                widget.due = now + _RETRY
                self._tell(widget, Wait(now + _RETRY, Reason.NOT_RUNNING))
        if told:
            self._publish(told)
        if self.monitor.alerts and (moments := self.monitor.moments()):
            self._schedule(min(moments))

    def _may_look(self, widget: Widget) -> bool:
        """Tell whether a widget may be looked at while the request that is on its way lasts."""
        return widget is not self._sending and not (widget.is_ready and self._request is not None)

    @callback
    def _look_at(self, widget: Widget, now: datetime) -> bool:
        """Carry out what the planner decides about a widget, and return whether people are to be told of it.

        They are told of an update when it has come to its end, and not of a wait that is over in seconds.
        """
        widget.is_ready = False
        widget.said = {}
        inputs = widget.inputs(
            dt_util.get_default_time_zone(), self.async_hold(), is_troubled=self._account.is_troubled
        )
        event: PlannerEvent = Due(inputs)
        state, effect = receive(widget.state, event, now)
        if isinstance(effect, Render):
            event = Rendered(widget.render(), inputs)
            state, effect = receive(state, event, now)
            self._tracker.follow(widget, widget.tracked)
        if isinstance(effect, Send) and self._request is not None:
            # It is decided anew when the other update has come to its end.
            widget.is_ready = True
            return False
        self._adopt(widget, event, state, effect)
        if isinstance(effect, Send):
            widget.due = None
            self._dispatch(widget, effect)
        elif isinstance(effect, Wait):
            widget.due = None if effect.until is None else min(effect.until, now + _LONGEST)
            widget.note(now, effect)
            self._tell(widget, effect)
            return not effect.brief
        return False

    @callback
    def _track(self, widget: Widget) -> None:
        self._tracker.follow(widget, widget.tracked)

    @callback
    def _notice_clock(self, now: datetime) -> None:
        """Tell the planner when the clock was set, or the machine was suspended."""
        offset = self._clock_offset()
        if abs(offset - self._clock) < _DRIFT:
            return
        by, self._clock = timedelta(seconds=offset - self._clock), offset
        quota = get_quota(self.hass, self.store.account)
        self._account, quota = clock_set(self._account, quota, by, now)
        set_quota(self.hass, self.store.account, quota)
        for widget in self.widgets.values():
            self._receive(widget, ClockSet(by))

    def _clock_offset(self) -> float:
        """Return how far the clock is ahead of the time that the event loop counts, in seconds."""
        return dt_util.utcnow().timestamp() - self.hass.loop.time()

    # Sending.

    @callback
    def _dispatch(self, widget: Widget, send: Send) -> None:
        pending, widget.pending = widget.pending, []
        self._sending = widget
        # Not started eagerly: a task that ended before it is assigned would look like one that never ends.
        self._request = self.config_entry.async_create_background_task(
            self.hass, self._async_send(widget, send, pending), f"{DOMAIN} update", eager_start=False
        )

    async def _async_send(self, widget: Widget, send: Send, pending: list[PendingAction]) -> None:
        outcome: Accepted | PushoverError | None = None
        field = widget.config.rules.time_stamp
        face: Values = send.values
        try:
            await self.async_save()
            if field is not None:
                face = stamped(send.values, field, await async_time_of_day(self.hass, dt_util.now()))
            outcome = await self._client.update_glance(Glance.of(face), widget.config.device)
        except PushoverError as err:
            outcome = err
        except Exception:
            _LOGGER.exception("Unexpected error while updating widget %s", widget.config.title)
        finally:
            self._request = self._sending = None
            # Where something unforeseen ends this task, the update may have arrived.
            outcome = outcome or NoAnswerError()
            try:
                self._receive(widget, Outcome(send, result_of(outcome), field, face))
                self._end(widget, outcome, pending)
            except Exception:
                _LOGGER.exception("Unexpected error after an update of widget %s", widget.config.title)
                widget.pending = [*pending, *widget.pending]
                self._retry_later()
        if not self._is_closed:
            await self.async_save()

    @callback
    def _end(self, widget: Widget, outcome: Accepted | PushoverError, pending: list[PendingAction]) -> None:
        """Tell everybody what became of an update, and go on."""
        change = self._book(outcome, widget)
        now = dt_util.utcnow()
        if isinstance(outcome, Accepted):
            widget.note_attempt(Attempt(now, "sent", outcome.request), "sent")
            self.reports.accepted(widget.config)
            result = ActionResult(widget.config, "sent", request=outcome.request)
        else:
            widget.note_attempt(Attempt(now, "failed", str(outcome)), error_key(outcome))
            result = ActionResult(widget.config, "failed", error=explained(HomeAssistantError, outcome))
        if isinstance(outcome, Accepted) or change in (Change.REFUSED, Change.LOCKED_OUT):
            for item in pending:
                self._tell_one(widget, item, result)
        else:
            widget.pending = [*pending, *widget.pending]
        if change is Change.REFUSED and widget.config.left_behind:
            # Nobody can put that right.
            self._receive(widget, Abandoned())
        if change in (Change.REFUSED, Change.RECOVERED):
            # The device may be gone, or could not be asked for before.
            self._async_learn_devices_later()
        self._publish([widget])
        if self._is_stopped:
            self._tell_all_queued()
        elif change is Change.NONE:
            for other in self.widgets.values():
                if other.is_ready or other is widget:
                    self._wake(other)
        else:
            self._async_look_at_all()

    @callback
    def _book(self, outcome: Accepted | PushoverError, widget: Widget | None = None) -> Change:
        """Note what an answer of Pushover's means for the account, and tell people."""
        if isinstance(outcome, Accepted):
            self._account, change = answered(self._account)
            quota = Quota()
        else:
            quota = get_quota(self.hass, self.store.account)
            self._account, quota, change = failed(self._account, quota, outcome, dt_util.utcnow())
        set_quota(self.hass, self.store.account, quota)
        self.reports.tell(change, outcome, None if widget is None else widget.config)
        return change

    @callback
    def _save_later(self, now: datetime) -> None:
        """Try again now and then to write what could not be written."""
        if self._save_again <= now:
            self._save_again = now + _RETRY
            self.config_entry.async_create_background_task(
                self.hass, self.async_save(), f"{DOMAIN} save", eager_start=False
            )
        self._schedule(self._save_again)

    # What people see.

    @callback
    def _publish(self, widgets: Iterable[Widget]) -> None:
        """Let entities and repairs show what is new about these widgets, and about all alerts."""
        for widget in widgets:
            is_short = is_short_of_updates(widget.state.short_days, dt_util.now().date())
            if is_short is not widget.is_short:
                widget.is_short = is_short
                self.reports.short_of_updates(widget.config, len(widget.state.short_days) if is_short else 0)
        if (data := self._read(widgets)) != self.data:
            self.async_set_updated_data(data)

    def _read(self, widgets: Iterable[Widget]) -> AccountData:
        now, zone = dt_util.utcnow(), dt_util.get_default_time_zone()
        is_unsaved = self.store.error is not None
        new = {
            name: widget.data(now, zone, self.monitor.lost(name), is_unsaved=is_unsaved)
            for widget in widgets
            if (name := widget.config.subentry_id)
        }
        alerts = {name: tuple(alert.active) for name, alert in self.monitor.alerts.items()}
        return AccountData({**self.data.widgets, **new}, alerts)

    def _keep_histories(self) -> None:
        """Keep the decisions of the widgets that are there, and forget those of widgets that are gone."""
        histories = self.hass.data.setdefault(_HISTORY, {})
        known = histories.get(self.config_entry.entry_id, {})
        histories[self.config_entry.entry_id] = {name: known.get(name, []) for name in self.widgets}
        for name, widget in self.widgets.items():
            widget.history = histories[self.config_entry.entry_id][name]


@callback
def async_forget_history(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget the decisions of an account that is removed."""
    hass.data.get(_HISTORY, {}).pop(entry.entry_id, None)


def _has_new_state(event: Event[EventStateChangedData]) -> bool:
    """Tell whether an entity has another state than before, and not none."""
    old, new = event.data["old_state"], event.data["new_state"]
    return new is not None and new.state not in NO_STATE and (old is None or old.state != new.state)


def _lasted(event: Event[EventStateChangedData]) -> timedelta | None:
    """Return for how long an entity had the word that has changed; `None` where it is no word."""
    old, new = event.data["old_state"], event.data["new_state"]
    if old is None or new is None or old.state == new.state or not is_word(old) or not is_word(new):
        return None
    return new.last_changed - old.last_changed


def _described(effect: Effect | None) -> str:
    """Return an effect for the log: the decision, its reason and its time, and never what a field shows."""
    match effect:
        case Send():
            return f"send {', '.join(effect.values)} ({'urgent' if effect.urgent else 'ordinary'})"
        case Wait():
            return f"wait, {effect.reason}, until {effect.until or 'something happens'}"
        case WakeAt():
            return f"look at {effect.time}"
        case _:
            return "nothing to do"
