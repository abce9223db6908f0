"""The sending task of an account: it looks when something changes or is due, and has one request in flight."""

import asyncio
from contextlib import suppress
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
from .clock import async_time_of_day
from .const import DOMAIN
from .coordinator import WidgetCoordinator
from .delivery import Account, Change, Decision, Nothing, Put, Reason, Send, Wait, book, stamped
from .exceptions import error_key, explained, translated
from .post import Outcome, Post, Rider
from .pushover import Accepted, PushoverClient, PushoverError, Values
from .records import AccountMemory
from .reports import Reports
from .store import AccountStore
from .transmit import async_transmit, shared_quota
from .widget import WidgetConfig

_LOGGER = logging.getLogger(__name__)

# An action answers within ten seconds; a little of it is left for writing to the disk.
_PATIENCE = 9.5
# What went wrong in a way that nobody has thought of is tried again now and then.
_AFTER_AN_ERROR = timedelta(minutes=5)
# A request that is on its way is let finish; its own time-out ends it earlier.
_UNLOAD_TIMEOUT = 10

# When Home Assistant started: sources get their time from then on, whatever is loaded anew meanwhile.
_STARTED: HassKey[datetime] = HassKey(f"{DOMAIN}_started")

type PushoverGlancesConfigEntry = ConfigEntry[Courier]


class Courier:
    """Carries out what `delivery` decides for one account, and books how it went."""

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
        self._client = client
        self._store = store
        self._reports = Reports(hass, entry)
        self._alarm = Alarm(hass, self._look)
        self.posts = {
            config.subentry_id: Post.create(hass, config, store.memory.screens[config.device], self._alarm.at)
            for config in widgets
        }
        self.coordinators = {
            name: WidgetCoordinator(hass, entry, post.config, post.widget.memory) for name, post in self.posts.items()
        }
        quota = shared_quota(hass, entry.data[CONF_TOKEN], store.memory)
        self._account = Account({name: post.widget for name, post in self.posts.items()}, quota)
        self._save_again = self._looked = dt_util.utcnow()
        self._started = False
        self._stopped = False
        self._closed = False
        self._home_was_running = hass.state is CoreState.running
        self._request: asyncio.Task[None] | None = None

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
        self._look_at_all()

    async def async_stop(self) -> None:
        """Let a request that is on its way finish, and remember everything."""
        self._halt()
        if self._request is not None:
            await asyncio.wait([self._request], timeout=_UNLOAD_TIMEOUT)
        # From here on the file belongs to whoever loads the account next, or is removed.
        self._closed = True
        await self._save()

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
            await self._save()

    async def _save(self) -> None:
        """Save as far as that works: the store tells in the log when it does not, and updates go on."""
        failed = self._store.is_failing
        with suppress(HomeAssistantError):
            await self._store.async_save()
        if self._store.is_failing is not failed:
            self._look_at_all()

    @callback
    def _halt(self, _event: Event | None = None) -> None:
        """Begin nothing more; what waits stays queued."""
        self._stopped = True
        self._alarm.off()
        for post in self.posts.values():
            post.mirror.stop()
        self._settle_all()

    @callback
    def _settle_all(self) -> None:
        """Tell every action that waits that its values are queued."""
        for post in self.posts.values():
            post.settle(Wait(dt_util.utcnow(), Reason.NOT_RUNNING))

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
        for name in self._account.in_turn(name for name, post in self.posts.items() if post.is_due(now)):
            post = self.posts[name]
            if post.ready and self._request is not None:
                continue
            try:
                self._look_at(name, post, now)
            except Exception:
                # One widget that goes wrong must not hold up the others.
                _LOGGER.exception("Unexpected error while looking at widget %s", post.config.title)
                post.due = now + _AFTER_AN_ERROR
                post.settle(Wait(now + _AFTER_AN_ERROR, Reason.HELD))
        if due := [post.due for post in self.posts.values() if post.due is not None and not post.ready]:
            self._alarm.at(min(due))
        if self._store.is_failing:
            if self._save_again <= now:
                self._save_again = now + _AFTER_AN_ERROR
                self._entry.async_create_background_task(self.hass, self._save(), f"{DOMAIN} save", eager_start=False)
            self._alarm.at(self._save_again)

    @callback
    def _look_at(self, name: str, post: Post, now: datetime) -> None:
        decision = self._account.decide_one(name, now, dt_util.get_default_time_zone(), post.source)
        # Asked again soon, it is right again soon after the clock or the time zone was set.
        post.due = min(decision.until, now + LONGEST) if isinstance(decision, Wait) else None
        if not isinstance(decision, Send):
            post.settle(decision)
        elif self._request is None:
            self._dispatch(post, decision, now)
        else:
            post.look_by()
            post.ready = True
        self._publish(post, decision)

    @callback
    def _publish(self, post: Post, decision: Decision) -> None:
        """Let people see what was decided."""
        self.coordinators[post.config.subentry_id].decided(
            decision, troubled=self._account.is_troubled, unsaved=self._store.is_failing
        )
        self._reports.short_days(post.config, post.widget.memory.short_days)

    @callback
    def _dispatch(self, post: Post, send: Send, now: datetime) -> None:
        """Count the update, then send it; actions that come from now on ride with the next one."""
        post.widget.book_attempt(send, now)
        sending = self._send(post, send, post.board())
        # Not started eagerly: a task that ended before it is assigned would look like one that never ends.
        self._request = self._entry.async_create_background_task(
            self.hass, sending, f"{DOMAIN} update", eager_start=False
        )

    async def _send(self, post: Post, send: Send, riders: list[Rider]) -> None:
        config = post.config
        try:
            await self._save()
            values = send.values
            if config.rules.time_stamp is not None:
                values = stamped(values, config.rules.time_stamp, await async_time_of_day(self.hass, dt_util.now()))
            outcome = await async_transmit(self.hass, self._client, values, config.device)
            self._book(post, send, riders, outcome, values)
            await self._save()
        except asyncio.CancelledError:
            # Home Assistant stops. The update stays booked, as one whose answer never came.
            post.alight(riders)
            self._halt()
            raise
        except Exception:
            _LOGGER.exception("Unexpected error while updating widget %s", config.title)
            post.widget.book_unknown(dt_util.utcnow())
            post.alight(riders)
        finally:
            self._request = None
            if self._stopped:
                self._settle_all()
            self._look_soon(post)

    @callback
    def _book(
        self, post: Post, send: Send, riders: list[Rider], outcome: Accepted | PushoverError, values: Values
    ) -> None:
        change = book(self._account, post.widget, send, outcome, dt_util.utcnow())
        if isinstance(outcome, Accepted):
            post.accept(riders, outcome.request)
            self._reports.accepted(post.config)
        elif change in (Change.REFUSED, Change.LOCKED_OUT):
            post.fail(riders, explained(HomeAssistantError, outcome))
            if change is Change.REFUSED and post.config.left_behind:
                # There is nobody to put that right.
                post.widget.abandon()
        else:
            post.alight(riders)
        if change is not Change.NONE:
            self._look_at_all()
        self._reports.tell(change, outcome, post.config)
        coordinator = self.coordinators[post.config.subentry_id]
        if isinstance(outcome, Accepted):
            coordinator.sent(values, outcome.request)
        else:
            coordinator.failed(str(outcome), error_key(outcome))
