"""The sending task of an account: it looks when something changes or is due, and has one request in flight."""

import asyncio
from datetime import datetime, timedelta
import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_TOKEN, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState, Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_time_change
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .alarm import LONGEST, Alarm
from .const import DOMAIN
from .content.alert_config import AlertConfig
from .content.alerts import Alerts
from .content.widget_config import WidgetConfig
from .coordinator import WidgetCoordinator
from .delivery import Account, Change, Decision, Nothing, Put, Reason, Send, Wait
from .exceptions import translated
from .issues import Reports
from .post import Outcome, Post, Rider
from .pushover import PushoverClient, PushoverError
from .records import AccountMemory
from .saver import Saver
from .sender import Sender
from .storage import AccountStore
from .transmit import shared_quota

_LOGGER = logging.getLogger(__name__)

# An action answers within ten seconds; a little of it is left for writing to the disk.
_PATIENCE = 9.5
# What went wrong in a way that nobody has thought of is tried again now and then.
_AFTER_AN_ERROR = timedelta(minutes=5)

# When Home Assistant started: sources get their time from then on, whatever is loaded anew meanwhile.
_STARTED: HassKey[datetime] = HassKey(f"{DOMAIN}_started")

type PushoverGlancesConfigEntry = ConfigEntry[Courier]


class Courier:
    """Carries out what `delivery` decides for one account."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: PushoverGlancesConfigEntry,
        client: PushoverClient,
        store: AccountStore,
        widgets: list[WidgetConfig],
    ) -> None:
        """Prepare; nothing is sent and nothing is listened to before `async_start`.

        `posts` has the widgets by id, for actions to put something over their mirrors.
        """
        self.hass = hass
        self._entry = entry
        self._store = store
        self._reports = Reports(hass, entry)
        self._alarm = Alarm(hass, self._look)
        self._saver = Saver(hass, entry, store, self._alarm, self._look_at_all)
        self.alerts = Alerts(hass, entry, store.memory.alerts, self._alert_changed, self._alert_noted)
        self.posts = {
            config.subentry_id: Post.create(
                hass, config, store.memory.screens[config.device], self.alerts, self._alarm.settle
            )
            for config in widgets
        }
        self.coordinators = {
            name: WidgetCoordinator(hass, entry, post.config, post.widget.memory) for name, post in self.posts.items()
        }
        quota = shared_quota(hass, entry.data[CONF_TOKEN], store.memory)
        self._account = Account({name: post.widget for name, post in self.posts.items()}, quota)
        self._sender = Sender(
            hass,
            entry,
            client=client,
            account=self._account,
            saver=self._saver,
            reports=self._reports,
            coordinators=self.coordinators,
            on_end=self._sent,
            on_cancel=self._halt,
        )
        self._looked = dt_util.utcnow()
        self._started = False
        self._stopped = False
        self._closed = False
        self._home_was_running = hass.state is CoreState.running

    @callback
    def async_report_outage(self, error: PushoverError) -> None:
        """Begin with an outage that set-up has found."""
        self._reports.tell(self._account.book_failure(error, dt_util.utcnow()), error)

    @callback
    def async_start(self) -> None:
        """Begin to send, when Home Assistant has started."""
        self._started = True
        if not self._home_was_running:
            self.hass.data.setdefault(_STARTED, dt_util.utcnow())
        self._entry.async_on_unload(self.hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._halt))
        # At midnight the updates of a day begin anew, whether anything happens or not.
        midnight = async_track_time_change(self.hass, self._look_at_all, hour=0, minute=0, second=0)
        self._entry.async_on_unload(midnight)
        for post in self.posts.values():
            post.start()
            if (started := self.hass.data.get(_STARTED)) is not None:
                post.widget.wait_for_sources(started)
        self.alerts.start()
        self._look_at_all()

    async def async_stop(self) -> None:
        """Let a request that is on its way finish, and remember everything."""
        self._halt()
        await self._sender.async_finish()
        # From here on the file belongs to whoever loads the account next, or is removed.
        self._closed = True
        await self._saver.async_save()

    async def async_ride(self, post: Post, put: Put | None) -> Outcome:
        """Send what an action has put over a widget, and return what became of it; `None` is nothing to do.

        What fails leaves nothing behind.
        """
        if put is None:
            return Outcome(post.config, "unchanged")
        if self._stopped:
            post.withdraw(put)
            return Outcome(post.config, "failed", error=translated(HomeAssistantError, "stopping"))
        rider = Rider(put, self.hass.loop.create_future())
        post.waiting.append(rider)
        self._look_soon(post)
        try:
            async with asyncio.timeout(_PATIENCE):
                outcome = await rider.outcome
        except TimeoutError:
            outcome = Outcome(post.config, "queued", due=dt_util.utcnow())
        if outcome.status in ("queued", "unchanged") and not self._closed:
            try:
                await self._store.async_save()
            except HomeAssistantError as err:
                post.withdraw(put)
                self._look_soon(post)
                return Outcome(post.config, "failed", error=err)
        return outcome

    @property
    def memory(self) -> AccountMemory:
        """Return what is remembered of the account."""
        return self._store.memory

    @callback
    def async_paused(self) -> Wait | None:
        """Return until when Pushover takes nothing from this account, and why; `None` where it does."""
        return self._account.paused(dt_util.utcnow())

    async def async_set_paused(self, post: Post, *, paused: bool) -> None:
        """Pause the mirror of a widget, or follow it again; raises HomeAssistantError while the account is unloaded."""
        if self._stopped:
            raise translated(HomeAssistantError, "not_loaded", account=self._entry.title)
        if post.widget.memory.paused is not paused:
            (post.pause if paused else post.resume)()
            self._look_soon(post)
            await self._saver.async_save()

    async def async_remember(self) -> None:
        """Write what is remembered of the account, as far as that works."""
        await self._saver.async_save()

    @callback
    def _alert_noted(self, alert: AlertConfig) -> None:
        """Remember what an alert has seen, and look when it begins or ends by itself."""
        self._saver.soon()
        for post in self._posts_of(alert):
            self._look_soon(post)
        self._alarm.soon()

    @callback
    def _alert_changed(self, alert: AlertConfig) -> None:
        """Let the widgets of an alert look at what it says now."""
        for post in self._posts_of(alert):
            post.change()

    def _posts_of(self, alert: AlertConfig) -> list[Post]:
        return [post for name, post in self.posts.items() if not post.config.left_behind and alert.covers(name)]

    @callback
    def _halt(self, _event: Event | None = None) -> None:
        """Begin nothing more; what waits stays queued."""
        self._stopped = True
        self._alarm.off()
        self.alerts.stop()
        for post in self.posts.values():
            post.stop()
        self._settle_all()

    @callback
    def _settle_all(self) -> None:
        """Tell every action that waits that its values are queued."""
        for post in self.posts.values():
            post.settle(Wait(dt_util.utcnow(), Reason.NOT_RUNNING))

    @callback
    def _sent(self, post: Post, change: Change) -> None:
        """Go on after an update has come to its end."""
        if self._stopped:
            self._settle_all()
        if change is not Change.NONE:
            self._look_at_all()
        self._look_soon(post)

    @callback
    def _look_at_all(self, _now: datetime | None = None) -> None:
        """Look at every widget as soon as everything that is under way in this moment has happened."""
        for post in self.posts.values():
            self._look_soon(post)

    @callback
    def _look_soon(self, post: Post) -> None:
        """Look at a widget, and at no other for its sake."""
        post.look_by()
        self._alarm.soon()

    @callback
    def _look(self) -> None:
        """Send what may go, and set the alarm for what may not."""
        if not self._started:
            self._settle_all()
            for post in self.posts.values():
                self._publish(post, Nothing(Reason.NOT_RUNNING))
            return
        now = dt_util.utcnow()
        if now < self._looked:
            # The clock was set back, and with it whatever is due.
            self._look_at_all()
        self._looked = now
        self.alerts.notice()
        for post in self.posts.values():
            post.take_in(now)
        for name in self._account.in_turn(name for name, post in self.posts.items() if post.is_due(now)):
            post = self.posts[name]
            if post.ready and self._sender.is_busy:
                continue
            try:
                self._look_at(name, post, now)
            except Exception:
                # One widget that goes wrong must not hold up the others.
                _LOGGER.exception("Unexpected error while looking at widget %s", post.config.title)
                post.due = now + _AFTER_AN_ERROR
                post.settle(Wait(now + _AFTER_AN_ERROR, Reason.HELD))
        due = [post.due for post in self.posts.values() if post.due is not None and not post.ready]
        if due := [*due, *self.alerts.moments()]:
            self._alarm.at(min(due))
        self._saver.notice(now)

    @callback
    def _look_at(self, name: str, post: Post, now: datetime) -> None:
        decision = self._account.decide_one(name, now, dt_util.get_default_time_zone(), post.source)
        # Asked again soon, it is right again soon after the clock or the time zone was set.
        post.due = min(decision.until, now + LONGEST) if isinstance(decision, Wait) else None
        if not isinstance(decision, Send):
            if not (isinstance(decision, Wait) and decision.brief):
                post.hush()
            post.settle(decision)
        elif not self._sender.is_busy:
            # What comes of it is told at its end: nothing that people read may hold the update up.
            self._sender.dispatch(post, decision)
            return
        else:
            post.look_by()
            post.ready = True
        self._publish(post, decision)

    @callback
    def _publish(self, post: Post, decision: Decision) -> None:
        """Let people see what was decided."""
        name = post.config.subentry_id
        self.coordinators[name].decided(
            decision,
            troubled=self._account.is_troubled,
            unsaved=self._saver.is_failing,
            alerts=self.alerts.lost(name),
        )
        self._reports.short_days(post.config, post.widget.memory.short_days)
