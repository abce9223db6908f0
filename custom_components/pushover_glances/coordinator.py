"""Runs a loaded account: passes events to the planner, and carries out the effects that it returns.

The coordinator has the only timer, the only request and the only set of listeners of the account. The rules of delivery
are in the planner. Actions that wait for a result (`actions`), the devices of the user (`devices`), the clock (`clock`)
and the listeners (`content.tracker`) are parts of their own.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
import logging
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_TOKEN, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_time_change, async_track_time_interval
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .account_data import AccountData
from .actions import Actions
from .alert_data import AlertStatus
from .api import connections, create_client, load_application
from .clock import LONGEST_TIMER, Clock, Timer
from .const import DOMAIN
from .content.alert_config import AlertConfig, alerts_of
from .content.alert_monitor import Alert, AlertChange, AlertMonitor
from .content.answers import Query
from .content.last_states import last_states
from .content.no_value import NO_STATE
from .content.page_config import pages_of
from .content.page_monitor import PageMonitor
from .content.source import targets_of
from .content.target import target_members
from .content.time_format import async_time_of_day
from .content.tracker import Tracker, has_new_state, has_turned, word_lasted
from .content.widget_config import WidgetConfig
from .devices import Devices
from .exceptions import translated
from .fetcher import answer_fetcher
from .history import async_keep_history
from .issues import Reports
from .planner import (
    DAY_BEGIN,
    Abandoned,
    AccountState,
    Action,
    Change,
    Changed,
    ClockSet,
    Days,
    DeviceFound,
    Dismissed,
    Due,
    Effect,
    Event as PlannerEvent,
    Inputs,
    Outcome,
    Paused,
    Quota,
    Reason,
    Render,
    Rendered,
    Rules,
    Send,
    Started,
    Wait,
    WakeAt,
    WidgetState,
    WordChanged,
    gates,
    is_short_of_updates,
    receive,
    result_of,
    stamped,
)
from .planner.account import answered, clock_set, failed
from .planner.effects import described
from .pushover import Accepted, AuthenticationError, Glance, NoAnswerError, PushoverError, Values
from .storage import AccountStore
from .widget import AT_ONCE, ActionResult, PendingAction, Widget

_LOGGER = logging.getLogger(__name__)

# In seconds. A request is answered within a second. An edit or a reload does not wait for one that hangs: it counts,
# because it may arrive, and is sent again.
_UNLOAD_TIMEOUT = 2
# After an unexpected error, or while the file cannot be written.
_RETRY = timedelta(minutes=5)
_LEARN_DEVICES = timedelta(days=1)
# How many widgets are looked at in one turn of the event loop, which must not stand still for long.
_MOST_LOOKS = 10

type PushoverGlancesConfigEntry = ConfigEntry[PushoverGlancesCoordinator]


class PushoverGlancesCoordinator(DataUpdateCoordinator[AccountData]):
    """The coordinator of one account."""

    config_entry: PushoverGlancesConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: PushoverGlancesConfigEntry,
        store: AccountStore,
        widgets: Iterable[WidgetConfig],
    ) -> None:
        """Set up the widgets; nothing is sent or tracked before `async_start`."""
        super().__init__(hass, _LOGGER, config_entry=entry, name=entry.title, update_interval=None)
        self.store = store
        self.reports = Reports(hass, entry)
        self.monitor = AlertMonitor(hass, alerts_of(entry), store.account.alerts)
        self.pages = PageMonitor(hass, pages_of(entry), store.account.pages)
        self._client = create_client(hass, entry.data)
        self._connections = connections(hass)
        self._application = load_application(hass, entry.data[CONF_TOKEN], store.account)
        self.widgets = {
            config.subentry_id: Widget(hass, config, store.account.screens[config.device], self.monitor)
            for config in widgets
        }
        self.devices = Devices(
            hass,
            entry,
            store,
            self.widgets.values(),
            self.reports,
            on_check=self._devices_checked,
            on_refusal=self._credentials_refused,
        )
        self._actions = Actions(store, self._receive)
        # The widgets that are quiet while an entity is on.
        self._quiet_while: dict[str, list[Widget]] = {}
        for widget in self.widgets.values():
            if widget.config.quiet_while:
                self._quiet_while.setdefault(widget.config.quiet_while, []).append(widget)
        for name, history in async_keep_history(hass, entry, self.widgets.keys()).items():
            self.widgets[name].history = history
        store.account.alerts = {name: alert.state for name, alert in self.monitor.alerts.items()}
        self.account = AccountState()
        self._is_started = False
        self._is_stopped = False
        # Whether Home Assistant stops, not only the account.
        self._is_stopping = False
        self._was_running = hass.state is CoreState.running
        self._request: asyncio.Task[None] | None = None
        self._sending: Widget | None = None
        self._timer = Timer(hass, self._look)
        self._save_again = dt_util.utcnow()
        self.clock = Clock(hass, self._clock_set)
        self._fetcher = answer_fetcher(hass)
        self._tracker: Tracker[Widget] = Tracker(
            hass,
            self._async_state_changed,
            self._async_minute_passed,
            self._async_day_passed,
            self._async_queries_changed,
        )
        self.data = AccountData()
        self.data = self._read(self.widgets.values())

    # Life cycle.

    @property
    def is_stopped(self) -> bool:
        """Return whether the account is unloaded, or Home Assistant stops."""
        return self._is_stopped

    async def async_load_conditions(self) -> None:
        """Load the conditions of alerts and pages, before `async_start`: integrations that they need are set up by then."""
        await self.monitor.async_load_conditions(self._async_conditions_changed)
        await self.pages.async_load(self._async_pages_changed)
        if self._is_stopped:
            self.pages.unload()
            self.monitor.unload()

    @callback
    def async_start(self) -> None:
        """Start to track and to send; called when Home Assistant has started."""
        entry, hass = self.config_entry, self.hass
        self._is_started = True
        if not self._was_running:
            self.clock.note_started()
        entry.async_on_unload(hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._async_halt))
        # The count of the day's updates starts again, even if nothing else happens.
        entry.async_on_unload(
            async_track_time_change(hass, self._async_look_at_all, hour=DAY_BEGIN.hour, minute=0, second=0)
        )
        entry.async_on_unload(async_track_time_interval(hass, self.devices.async_learn_later, _LEARN_DEVICES))
        entry.async_on_unload(hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._async_registry_updated))
        if self._has_targets:
            entry.async_on_unload(target_members(hass).async_listen(self._async_members_changed))
        if (started := self.clock.home_assistant_started) is not None:
            for widget in self.widgets.values():
                self._receive(widget, Started(started))
        for widget in self.widgets.values():
            self._follow(widget)
        self._follow_pages()
        self._alerts_changed(self.monitor.start())
        for alert in self.monitor.alerts.values():
            self._report_units(alert)
        self._follow_others()
        self._async_look_at_all()

    @callback
    def async_await_reload(self) -> None:
        """Send nothing more before the account is loaded again; actions get the result "queued"."""
        self._is_started = False

    @property
    def _has_targets(self) -> bool:
        """Return whether an alert, a widget or a page has a target."""
        sources = [widget.config.sources for widget in self.widgets.values()]
        sources += [page.config.sources for page in self.pages.pages.values()]
        return self.monitor.has_targets or any(targets_of(item.values()) for item in sources)

    async def async_stop(self) -> None:
        """Wait a moment for the request that is being sent, and save the state."""
        self.clock.check(dt_util.utcnow())
        self._async_halt()
        if (request := self._request) is not None:
            await asyncio.wait([request], timeout=_UNLOAD_TIMEOUT)
            request.cancel()
            await asyncio.wait([request])
        # Another account of the application may have learned that its quota begins again.
        self.store.account.quota = self.quota
        await self.async_save()
        self.store.close()

    @callback
    def _async_halt(self, event: Event | None = None) -> None:
        """Start no more updates; pending actions get the result "queued"."""
        self._is_stopped = True
        self._is_stopping = self._is_stopping or event is not None
        self._timer.stop()
        self._tracker.stop()
        self.devices.stop()
        self.pages.unload()
        self.monitor.unload()
        self._tell_all_queued()

    # Devices and credentials.

    @callback
    def _devices_checked(self, released: Iterable[Widget]) -> None:
        """Look at all widgets after it was found out which of them lack their device."""
        for widget in released:
            self._receive(widget, DeviceFound())
        self.account = replace(self.account, has_devices=self.devices.known != [])
        self._async_look_at_all()

    @callback
    def _ask_for_devices(self, now: datetime) -> None:
        """Ask for the devices again from time to time while a widget waits for its device, or for any."""
        moment = self.devices.ask_again(now, can_ask=not self.account.is_locked_out)
        if moment is not None:
            self._timer.set(moment)

    @callback
    def _credentials_refused(self, error: AuthenticationError) -> None:
        self._note_answer(error)
        self._async_look_at_all()

    # Facts.

    @property
    def quota(self) -> Quota:
        """Return the quota of the account's application."""
        return self._application.quota

    @callback
    def async_hold(self) -> Wait | None:
        """Return until when the account may not send, and why; `None` if it may."""
        inputs = Inputs(Rules(), dt_util.get_default_time_zone(), account=self.account, quota=self.quota)
        return gates.account(WidgetState(), inputs, dt_util.utcnow())

    @override
    async def _async_update_data(self) -> AccountData:
        """Return the data of the entities for the action `homeassistant.update_entity`; nothing is fetched."""
        return self._read(self.widgets.values())

    # Actions.

    async def async_act(
        self, widgets: Iterable[Widget], make: Callable[[Widget, int], Action | None]
    ) -> list[ActionResult]:
        """Run an action on widgets, and return the result of each (`Actions.async_run`)."""
        if self._is_stopped:
            key = "stopping" if self._is_stopping else "not_loaded"
            return [ActionResult(widget.config, "failed", error=self._error(key)) for widget in widgets]
        try:
            return await self._actions.async_run(widgets, make)
        except asyncio.CancelledError:
            self.hass.async_create_task(self.async_save(), f"{DOMAIN} save")
            raise

    async def async_set_paused(self, widget: Widget, *, paused: bool) -> None:
        """Pause the base of a widget, or resume it; raises HomeAssistantError while the account is unloaded."""
        if self._is_stopped:
            raise self._error("not_loaded")
        if widget.state.paused is not paused:
            self._receive(widget, Paused(paused))
            self._follow_pages()
            self._tracker.follow(widget, widget.tracked)
            await self.async_save()

    async def async_dismiss(self, alert: str) -> None:
        """Hide what makes an alert active now; raises HomeAssistantError while the account is unloaded."""
        if self._is_stopped:
            raise self._error("not_loaded")
        if changes := self.monitor.dismiss(alert):
            self._alerts_changed(changes)
            for widget in self._widgets_of(self.monitor.alerts[alert].config):
                self._receive(widget, Dismissed())
            await self.async_save()

    async def async_save(self) -> None:
        """Save the state; updates go on if that fails, and the store logs it."""
        was_failing = self.store.error is not None
        with suppress(HomeAssistantError):
            await self.store.async_save_account()
        if (self.store.error is not None) is not was_failing:
            self._async_look_at_all()

    def _error(self, key: str) -> HomeAssistantError:
        names = {"account": self.config_entry.title} if key == "not_loaded" else {}
        return translated(HomeAssistantError, key, **names)

    @callback
    def _tell_all_queued(self) -> None:
        for widget in self.widgets.values():
            self._actions.tell(widget, Wait(dt_util.utcnow(), Reason.NOT_RUNNING))

    # Events of Home Assistant.

    @callback
    def _async_state_changed(self, event: Event[EventStateChangedData]) -> None:
        """Pass the change of an entity to the widgets that depend on it, unless a change of theirs is known already."""
        entity_id = event.data["entity_id"]
        if (new := event.data["new_state"]) is None or new.state in NO_STATE:
            last_states(self.hass).note(event)
        followers = self._tracker.followers(entity_id)
        lasted = word_lasted(event) if followers else None
        for widget, is_source, is_urgent in followers:
            if is_source and lasted is not None:
                widget.lasted.append(lasted)
            if is_source and not widget.state.heard:
                widget.sources.note_change(event.time_fired)
                self._receive(widget, Changed())
            elif is_urgent and has_new_state(event):
                self._receive(widget, Changed())
        if self.monitor.alerts and entity_id in self.monitor.entities:
            self._alerts_changed(self.monitor.state_changed(event))
        if entity_id in self._quiet_while and has_turned(event):
            for widget in self._quiet_while[entity_id]:
                self._wake(widget)

    @callback
    def _follow_others(self) -> None:
        """Track the entities that no source depends on: those of alerts, and those that make widgets quiet."""
        entities = {*self.monitor.entities, *self._quiet_while}
        self._tracker.follow_others(entities, by_minute=bool(self.monitor.polled or self.pages.polled))

    @callback
    def _async_minute_passed(self, now: datetime) -> None:
        self._sources_changed(self._tracker.minutes, now)
        self._alerts_changed(self.monitor.evaluate(self.monitor.polled))
        if self.pages.polled:
            self.pages.poll(now)
            self._follow_pages()

    @callback
    def _async_day_passed(self, now: datetime) -> None:
        self._sources_changed(self._tracker.days, dt_util.as_utc(now))

    @callback
    def _sources_changed(self, widgets: Iterable[Widget], now: datetime) -> None:
        for widget in widgets:
            if not widget.state.heard:
                widget.sources.note_change(now)
                self._receive(widget, Changed())

    @callback
    def _async_queries_changed(self, queries: frozenset[Query]) -> None:
        self._fetcher.follow(self, queries, self._async_answered)

    @callback
    def _async_answered(self, query: Query) -> None:
        # Before its first rendering, a widget need not wait for more changes.
        known = [widget for widget in self._tracker.by_query.get(query, ()) if widget.sources.is_known]
        self._sources_changed(known, dt_util.utcnow())

    @callback
    def _async_registry_updated(self, _event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        self._follow_alerts()

    @callback
    def _async_members_changed(self) -> None:
        """Track other entities of targets, for alerts and for widgets."""
        self._follow_alerts()
        if not self._is_stopped:
            changed = [widget for widget in self.widgets.values() if widget.sources.members_changed()]
            self._sources_changed(changed, dt_util.utcnow())

    @callback
    def _follow_alerts(self) -> None:
        if not self._is_stopped and self.monitor.ids_changed():
            self._alerts_changed(self.monitor.follow())
            self._follow_others()

    @callback
    def _follow(self, widget: Widget) -> None:
        """Track what a widget depends on before its sources are rendered."""
        self._tracker.follow(widget, widget.tracked)
        # Before the first rendering, because most integrations answer at once.
        while widget.sources.note_queries():
            self._tracker.follow(widget, widget.tracked)
            self._fetcher.ask_now(widget.tracked.queries)

    @callback
    def _async_pages_changed(self) -> None:
        """Show the pages that apply now; called when the result of a condition may be another one."""
        if self._is_started and not self._is_stopped:
            self._follow_pages()

    @callback
    def _follow_pages(self) -> None:
        """Show the pages that apply now; a paused base keeps the one that it shows."""
        now = dt_util.utcnow()
        for widget in self.widgets.values():
            if (event := widget.show_page(self.pages.page_of(widget.config, now))) is not None:
                self._receive(widget, event)
                self._follow(widget)
                self.store.async_save_soon()
        # Written with what comes next, at the latest when the account is unloaded.
        self.store.account.pages = self.pages.held(now)

    @callback
    def _async_conditions_changed(self, alert: Alert) -> None:
        if self._is_started and not self._is_stopped:
            self._alerts_changed(self.monitor.evaluate([alert]))

    @callback
    def _alerts_changed(self, changes: Iterable[AlertChange]) -> None:
        """Pass the changes of alerts to their widgets, and save them."""
        for item in changes:
            for widget in self._widgets_of(item.config):
                if item.is_changed:
                    self._receive(widget, Changed())
                self._wake(widget)
            alert = self.monitor.alerts[item.config.subentry_id]
            self.store.account.alerts[item.config.subentry_id] = alert.state
            self.store.async_save_soon()
            if alert.config.units:
                self._report_units(alert)
            self._publish(())
            self._timer.set(AT_ONCE)

    def _report_units(self, alert: Alert) -> None:
        self.reports.units_of(alert.config, alert.unit_changes, are_known=alert.knows_units)

    def _widgets_of(self, alert: AlertConfig) -> list[Widget]:
        return [widget for name, widget in self.widgets.items() if not widget.config.left_behind and alert.covers(name)]

    # Decisions of the planner.

    @callback
    def _receive(self, widget: Widget, event: PlannerEvent) -> None:
        """Pass an event of a widget to the planner."""
        state, effect = receive(widget.state, event, dt_util.utcnow())
        self._set_state(widget, event, state, effect)
        if isinstance(effect, WakeAt):
            self._wake(widget, effect.time)

    @callback
    def _set_state(self, widget: Widget, event: PlannerEvent, state: WidgetState, effect: Effect | None) -> None:
        """Set the next state of a widget, also in the account that is saved, and log the decision."""
        widget.state = self.store.account.screens[widget.config.device] = state
        if effect is not None and _LOGGER.isEnabledFor(logging.DEBUG):
            _LOGGER.debug("Widget %s: %s: %s", widget.config.title, type(event).__name__, described(effect))

    @callback
    def _wake(self, widget: Widget, moment: datetime = AT_ONCE) -> None:
        """Look at a widget at this time at the latest."""
        widget.is_ready = False
        if widget.due is None or moment < widget.due:
            widget.due = moment
        self._timer.set(widget.due)

    @callback
    def _async_look_at_all(self, _now: datetime | None = None) -> None:
        for widget in self.widgets.values():
            self._wake(widget)
        self._timer.set(AT_ONCE)

    @callback
    def _look(self) -> None:
        """Look at the widgets that are due, and set the timer again even after an error."""
        for widget in self.widgets.values():
            widget.base_values = {}
        try:
            if self._is_started:
                self._look_at_due(dt_util.utcnow())
            else:
                self._tell_all_queued()
        except Exception:
            _LOGGER.exception("Unexpected error in account %s", self.config_entry.title)
            self._retry_later()
        finally:
            if self._is_started and (due := self._due()):
                self._timer.set(min(due.values()))

    @callback
    def _retry_later(self) -> None:
        """Look at all widgets again in a while, after an error that may come again."""
        retry = dt_util.utcnow() + _RETRY
        for widget in self.widgets.values():
            widget.due = retry
        self._timer.set(retry)
        self._tell_all_queued()

    @callback
    def _look_at_due(self, now: datetime) -> None:
        self.clock.check(now)
        if self.monitor.alerts or self.pages.pages:
            self._notice_others(now)
        if self.store.error is not None:
            self._save_later(now)
        if self.devices.are_lacking:
            self._ask_for_devices(now)
        due = [widget for widget, moment in self._due().items() if moment <= now]
        if len(due) > 1:
            # The widget whose last update is the oldest comes first.
            due.sort(key=lambda widget: widget.state.ledger.last(now) or AT_ONCE)
        told = []
        # The others are still due, so the timer is set to the next turn of the event loop.
        for widget in due[:_MOST_LOOKS]:
            try:
                if self._look_at(widget, now):
                    told.append(widget)
            except Exception:
                # An error in one widget must not delay the others.
                _LOGGER.exception("Unexpected error while looking at widget %s", widget.config.title)
                widget.due = now + _RETRY
                self._actions.tell(widget, Wait(now + _RETRY, Reason.NOT_RUNNING))
        self._tracker.listen()
        if told:
            self._publish(told)
        if self._request is None and not self._connections.has_waiting(self._wake_ready):
            self._wake_ready()

    @callback
    def _notice_others(self, now: datetime) -> None:
        """Find out which alerts and pages have begun or ended because time has passed, and when the next one does."""
        self._alerts_changed(self.monitor.notice(now))
        self._follow_pages()
        alerts = [(self.data.alerts[name], status) for name, status in self._statuses().items()]
        late = [(data, status) for data, status in alerts if data.status != status]
        if late:
            self._publish(())
        # The entity of an alert does not show every change at once.
        held = [until for data, status in late if (until := data.held_until(now, status)) is not None]
        if moments := [*self.monitor.moments(), *held, *self.pages.moments(now)]:
            self._timer.set(min(moments))

    def _due(self) -> dict[Widget, datetime]:
        """Return when to look at each widget, except those that wait for the end of a request."""
        return {
            widget: widget.due
            for widget in self.widgets.values()
            if widget.due is not None and not widget.is_ready and widget is not self._sending
        }

    @callback
    def _look_at(self, widget: Widget, now: datetime) -> bool:
        """Carry out what the planner decides about a widget, and return whether its entities must be updated.

        They are updated when an update has ended, and not for a brief wait.
        """
        while widget.lasted:
            self._receive(widget, WordChanged(widget.lasted.popleft()))
        inputs = widget.inputs(dt_util.get_default_time_zone(), self.account, self._application.quota)
        event: PlannerEvent = Due(inputs)
        state, effect = receive(widget.state, event, now)
        if isinstance(effect, Render):
            event = Rendered(widget.render(), inputs)
            state, effect = receive(state, event, now)
            self._tracker.follow(widget, widget.tracked)
        if isinstance(effect, Send) and (self._request is not None or not self._connections.take(self._wake_ready)):
            # Nothing is booked before a connection is free; decide again when a request has ended.
            widget.is_ready = True
            return False
        self._set_state(widget, event, state, effect)
        self._tracker.ignore(widget, widget.ignored)
        if isinstance(effect, Send):
            widget.due = None
            self._dispatch(widget, effect)
        elif isinstance(effect, Wait):
            widget.due = None if effect.until is None else min(effect.until, now + LONGEST_TIMER)
            widget.note(now, effect)
            self._actions.tell(widget, effect)
            return not effect.brief
        return False

    @callback
    def _clock_set(self, by: timedelta, since: datetime, now: datetime) -> None:
        """Pass to the planner that the clock was set, or the machine suspended."""
        self.account, quota = clock_set(self.account, self.quota, by, now)
        self._set_quota(quota)
        for widget in self.widgets.values():
            self._receive(widget, ClockSet(by, since))
        self._fetcher.ask_again()
        self.store.async_save_soon()

    # Sending.

    @callback
    def _dispatch(self, widget: Widget, send: Send) -> None:
        pending = self._actions.take(widget, send) if widget.pending else []
        self._sending = widget
        # Not eager: a task that ends before it is assigned would stay in `_request`.
        self._request = self.config_entry.async_create_background_task(
            self.hass, self._async_send(widget, send, pending), f"{DOMAIN} update", eager_start=False
        )
        self._request.add_done_callback(partial(self._request_ended, widget, pending))

    @callback
    def _request_ended(self, widget: Widget, pending: list[PendingAction], request: asyncio.Task[None]) -> None:
        """Take back the actions of a request that was cancelled before it began, which runs none of its code."""
        if self._request is request:
            self._release()
            self._actions.put_back(widget, pending)
            if self._is_stopped:
                self._tell_all_queued()

    @callback
    def _release(self) -> None:
        """Give the connection back after a request."""
        self._request = self._sending = None
        self._connections.give_back()
        self._wake_ready()

    @callback
    def _wake_ready(self) -> None:
        """Look again at one of the widgets that wait for the end of a request: the one updated the longest ago."""
        now = dt_util.utcnow()
        if ready := [widget for widget in self.widgets.values() if widget.is_ready]:
            self._wake(min(ready, key=lambda widget: widget.state.ledger.last(now) or AT_ONCE))

    async def _async_send(self, widget: Widget, send: Send, pending: list[PendingAction]) -> None:
        outcome: Accepted | PushoverError | None = None
        field = widget.config.rules.time_stamp
        face: Values = send.values
        try:
            await self.async_save()
            if field is not None:
                face = stamped(send.values, field, await async_time_of_day(self.hass, dt_util.now()))
            outcome = await self._client.update_glance(Glance(face), widget.config.device)
        except PushoverError as err:
            outcome = err
        except Exception:
            _LOGGER.exception("Unexpected error while updating widget %s", widget.config.title)
        finally:
            self._release()
            # If an unexpected error ends this task, the update may have arrived.
            outcome = outcome or NoAnswerError()
            try:
                # If the clock was set meanwhile, the answer is booked by the new clock.
                self.clock.check(dt_util.utcnow())
                has_receiver = not isinstance(outcome, Accepted) or outcome.has_receiver
                zone = dt_util.get_default_time_zone()
                self._receive(widget, Outcome(send, result_of(outcome), field, face, has_receiver, zone))
                self._end(widget, outcome, pending)
            except Exception:
                _LOGGER.exception("Unexpected error after an update of widget %s", widget.config.title)
                self._actions.put_back(widget, pending)
                self._retry_later()
        await self.async_save()

    @callback
    def _end(self, widget: Widget, outcome: Accepted | PushoverError, pending: list[PendingAction]) -> None:
        """Set the results of the actions in an update, update entities and reports, and look for the next update."""
        change = self._note_answer(outcome, widget)
        result = widget.note_outcome(dt_util.utcnow(), outcome)
        if isinstance(outcome, Accepted):
            self.reports.accepted(widget.config)
        if isinstance(outcome, Accepted) or change in (Change.REFUSED, Change.NO_DEVICES, Change.LOCKED_OUT):
            self._actions.end(widget, pending, result)
        else:
            self._actions.put_back(widget, pending)
        if change is Change.REFUSED and widget.config.left_behind:
            # There is no widget that a person could correct.
            self._receive(widget, Abandoned())
        self.devices.update_ended(change, is_troubled=self.account.is_troubled)
        self._publish([widget])
        if self._is_stopped:
            self._tell_all_queued()
        elif change is Change.NONE:
            self._wake(widget)
        else:
            self._async_look_at_all()

    @callback
    def _note_answer(self, outcome: Accepted | PushoverError, widget: Widget | None = None) -> Change:
        """Update the account after an answer of Pushover, and report what has changed."""
        if isinstance(outcome, Accepted):
            self.account, change = answered(self.account)
            quota = Quota()
        else:
            self.account, quota, change = failed(self.account, self.quota, outcome, dt_util.utcnow())
        self._set_quota(quota)
        self.reports.tell(change, outcome, None if widget is None else widget.config)
        return change

    def _set_quota(self, quota: Quota) -> None:
        self._application.quota = self.store.account.quota = quota

    @callback
    def _save_later(self, now: datetime) -> None:
        """Try every few minutes to write the file after a write has failed."""
        if self._save_again <= now:
            self._save_again = now + _RETRY
            self.config_entry.async_create_background_task(
                self.hass, self.async_save(), f"{DOMAIN} save", eager_start=False
            )
            # A widget that has nothing to send is not looked at, and reports it all the same.
            self._publish(self.widgets.values())
        self._timer.set(self._save_again)

    # Entities and repairs.

    @callback
    def _publish(self, widgets: Iterable[Widget]) -> None:
        """Update the entities and repairs of these widgets and of all alerts."""
        today = Days(dt_util.get_default_time_zone()).of(dt_util.utcnow())
        for widget in widgets:
            is_short = is_short_of_updates(widget.state.short_days, today)
            if is_short is not widget.is_short:
                widget.is_short = is_short
                self.reports.short_of_updates(widget.config, len(widget.state.short_days) if is_short else 0)
        if (data := self._read(widgets)) != self.data:
            self.async_set_updated_data(data)

    def _read(self, widgets: Iterable[Widget]) -> AccountData:
        now, zone = dt_util.utcnow(), dt_util.get_default_time_zone()
        is_unsaved = self.store.error is not None
        new = {
            name: widget.data(now, zone, self.monitor.lost(name), self.monitor.unknown(name), is_unsaved=is_unsaved)
            for widget in widgets
            if (name := widget.config.subentry_id)
        }
        is_connected = not (self.account.is_troubled or self.account.is_locked_out)
        return self.data.seen(now, new, self._statuses(), is_connected=is_connected)

    def _statuses(self) -> dict[str, AlertStatus]:
        return {name: AlertStatus.of(alert) for name, alert in self.monitor.alerts.items()}
