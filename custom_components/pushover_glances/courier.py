"""The one place that sends: for each account one short timer, and at most one request in flight."""

import asyncio
from datetime import datetime, timedelta
import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .delivery import Account, Change, ManualValue, Reason, Send, Wait, Widget, book
from .exceptions import explained, translated
from .mirror import Mirror
from .post import Outcome, Post, Rider
from .pushover import Accepted, Glance, PushoverClient, PushoverError, Values
from .store import AccountStore
from .widget import WidgetConfig

_LOGGER = logging.getLogger(__name__)

# Pushover's rules of friendliness allow two connections at a time, whoever they are for.
_CONNECTIONS = 2
# A timer that asks again soon is right again soon after the clock was set.
_LONGEST_TIMER = timedelta(seconds=300)
# An action answers within ten seconds; a little of it is left for writing to the disk.
_PATIENCE = 9.5
# A request that is on its way is let finish; its own time-out ends it earlier.
_UNLOAD_TIMEOUT = 10

_CONNECTION_LIMIT: HassKey[asyncio.Semaphore] = HassKey(f"{DOMAIN}_connections")

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
        """Prepare; nothing is sent and nothing is listened to before `async_start`."""
        self.hass = hass
        self._entry = entry
        self._client = client
        self._store = store
        self._posts = {config.subentry_id: self._post(config) for config in widgets}
        self._account = Account({name: post.widget for name, post in self._posts.items()})
        self._mirrors = {name: post.mirror.render for name, post in self._posts.items()}
        self._started = False
        self._stopped = False
        self._closed = False
        self._request: asyncio.Task[None] | None = None
        self._cancel_timer: CALLBACK_TYPE | None = None
        self._look_soon: asyncio.Handle | None = None
        self._connections = hass.data.setdefault(_CONNECTION_LIMIT, asyncio.Semaphore(_CONNECTIONS))

    def _post(self, config: WidgetConfig) -> Post:
        widget = Widget(self._store.memory.of_widget(config.subentry_id, config.device), config.min_interval)

        @callback
        def changed() -> None:
            widget.stale = True
            self._wake()

        return Post(config, widget, Mirror(self.hass, config.title, config.templates, changed))

    @callback
    def async_hold(self, subentry_id: str) -> None:
        """Send nothing to a widget until its account is loaded again."""
        self._posts[subentry_id].widget.held = True

    @callback
    def async_report_outage(self, error: PushoverError) -> None:
        """Begin with an outage that set-up has found."""
        self._tell(self._account.book_failure(error, dt_util.utcnow()), error)

    @callback
    def async_start(self, _hass: HomeAssistant) -> None:
        """Begin to send; called when Home Assistant has started."""
        self._started = True
        self._entry.async_on_unload(self.hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._home_assistant_stops))
        self._wake()

    async def async_stop(self) -> None:
        """Let a request that is on its way finish, and remember everything."""
        self._halt()
        if self._request is not None:
            await asyncio.wait([self._request], timeout=_UNLOAD_TIMEOUT)
        # From here on the file belongs to whoever loads the account next, or is removed.
        self._closed = True
        await self._store.async_save()

    async def async_update(
        self,
        subentry_id: str,
        values: Values,
        *,
        urgent: bool = False,
        duration: timedelta | None = None,
    ) -> Outcome:
        """Put values over the mirror of a widget, and return what became of them.

        They stay for the duration, or until the mirror says something else. What fails leaves nothing behind.
        """
        post = self._posts[subentry_id]
        if self._stopped:
            return Outcome(post.config, "failed", error=translated(HomeAssistantError, "stopping"))
        until = dt_util.utcnow() + duration if duration else None
        mirror = post.mirror.render().values
        manual = {name: ManualValue(value, until, mirror.get(name), urgent) for name, value in values.items()}
        rider = Rider(manual, post.widget.set_manual(manual), self.hass.loop.create_future())
        post.waiting.append(rider)
        self._wake()
        try:
            async with asyncio.timeout(_PATIENCE):
                outcome = await rider.outcome
        except TimeoutError:
            outcome = Outcome(post.config, "queued", due=dt_util.utcnow())
        if outcome.status in ("queued", "unchanged") and not self._closed:
            await self._store.async_save()
        return outcome

    @callback
    def _home_assistant_stops(self, _event: Event) -> None:
        self._halt()

    @callback
    def _halt(self) -> None:
        """Begin nothing more; what waits stays queued."""
        self._stopped = True
        self._cancel()
        for post in self._posts.values():
            post.mirror.stop()
        self._settle_all()

    @callback
    def _cancel(self) -> None:
        if self._cancel_timer is not None:
            self._cancel_timer()
            self._cancel_timer = None
        if self._look_soon is not None:
            self._look_soon.cancel()
            self._look_soon = None

    @callback
    def _settle_all(self) -> None:
        """Tell every action that waits that its values are queued."""
        for post in self._posts.values():
            post.settle(Wait(dt_util.utcnow(), Reason.NOT_RUNNING))

    @callback
    def _wake(self, _now: datetime | None = None) -> None:
        """Look at every widget, as soon as everything that changes together has changed."""
        if self._look_soon is None and not self._stopped:
            self._look_soon = self.hass.loop.call_soon(self._look)

    @callback
    def _look(self) -> None:
        """Send what may go, and set the timer for what may not."""
        self._cancel()
        if not self._started:
            self._settle_all()
            return
        now = dt_util.utcnow()
        waits = []
        for name, decision in self._account.decide(now, self._mirrors).items():
            post = self._posts[name]
            if not isinstance(decision, Send):
                post.settle(decision)
            elif self._request is None:
                self._dispatch(post, decision.values, now)
            if isinstance(decision, Wait):
                waits.append(decision.until)
        if waits:
            self._ask_again(max(min(waits) - now, timedelta(0)))

    @callback
    def _ask_again(self, delay: timedelta) -> None:
        job = HassJob(self._wake, f"{DOMAIN} timer", cancel_on_shutdown=True)
        self._cancel_timer = async_call_later(self.hass, min(delay, _LONGEST_TIMER), job)

    @callback
    def _dispatch(self, post: Post, values: Values, now: datetime) -> None:
        """Count the update, then send it; actions that come from now on ride with the next one."""
        post.widget.book_attempt(values, now)
        sending = self._send(post, values, post.board())
        # Not started eagerly: a task that ended before it is assigned would look like one that never ends.
        self._request = self._entry.async_create_background_task(
            self.hass, sending, f"{DOMAIN} update", eager_start=False
        )

    async def _send(self, post: Post, values: Values, riders: list[Rider]) -> None:
        outcome: Accepted | PushoverError
        try:
            await self._store.async_save()
            try:
                async with self._connections:
                    outcome = await self._client.update_glance(Glance.of(values), post.config.device)
            except PushoverError as err:
                outcome = err
            self._book(post, values, riders, outcome)
            await self._store.async_save()
        except asyncio.CancelledError:
            # Home Assistant stops. The update stays booked, as one whose answer never came.
            post.alight(riders)
            self._halt()
            raise
        except Exception:
            _LOGGER.exception("Unexpected error while updating widget %s", post.config.title)
            post.widget.book_unknown()
            post.alight(riders)
        finally:
            self._request = None
            if self._stopped:
                self._settle_all()
            self._wake()

    @callback
    def _book(self, post: Post, values: Values, riders: list[Rider], outcome: Accepted | PushoverError) -> None:
        change = book(self._account, post.widget, values, outcome, dt_util.utcnow())
        if isinstance(outcome, Accepted):
            post.accept(riders, outcome.request)
        elif change in (Change.REFUSED, Change.LOCKED_OUT):
            post.fail(riders, explained(HomeAssistantError, outcome))
        else:
            post.alight(riders)
        self._tell(change, outcome, post.config.title)

    def _tell(self, change: Change, outcome: Accepted | PushoverError, title: str = "") -> None:
        """Let people know, once."""
        match change:
            case Change.RECOVERED:
                _LOGGER.info("Pushover can be reached again")
            case Change.OUTAGE:
                _LOGGER.warning("Updates wait: %s", outcome)
            case Change.REFUSED:
                _LOGGER.warning("Pushover refused widget %s: %s", title, outcome)
            case Change.LOCKED_OUT:
                self._entry.async_start_reauth(self.hass)
