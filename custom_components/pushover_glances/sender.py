"""Sends the updates of an account, one at a time, and books how each went."""

import asyncio
from collections.abc import Callable, Mapping
import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .content.time_format import async_time_of_day
from .content.widget_config import WidgetConfig
from .coordinator import WidgetCoordinator
from .delivery import Account, Change, Send, book, stamped
from .exceptions import error_key, explained
from .issues import Reports
from .post import Post, Rider
from .pushover import Accepted, PushoverClient, PushoverError, Values
from .saver import Saver
from .transmit import async_transmit

_LOGGER = logging.getLogger(__name__)

# A request that is on its way is let finish; its own time-out ends it earlier.
_UNLOAD_TIMEOUT = 10


class Sender:
    """The way out of an account; the caller decides what goes, and when."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        *,
        client: PushoverClient,
        account: Account,
        saver: Saver,
        reports: Reports,
        coordinators: Mapping[str, WidgetCoordinator],
        on_end: Callable[[Post, Change], None],
        on_cancel: Callable[[], None],
    ) -> None:
        """Take what hears of an update: `on_end` when one has come to its end, `on_cancel` when none ever will again."""
        self._hass = hass
        self._entry = entry
        self._client = client
        self._account = account
        self._saver = saver
        self._reports = reports
        self._coordinators = coordinators
        self._on_end = on_end
        self._on_cancel = on_cancel
        self._request: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Tell whether an update is on its way."""
        return self._request is not None

    async def async_finish(self) -> None:
        """Let an update that is on its way come to its end."""
        if self._request is not None:
            await asyncio.wait([self._request], timeout=_UNLOAD_TIMEOUT)

    @callback
    def dispatch(self, post: Post, send: Send) -> None:
        """Count the update, then send it; actions that come from now on ride with the next one."""
        post.widget.book_attempt(send, dt_util.utcnow())
        sending = self._send(post, send, post.board())
        # Not started eagerly: a task that ended before it is assigned would look like one that never ends.
        self._request = self._entry.async_create_background_task(
            self._hass, sending, f"{DOMAIN} update", eager_start=False
        )

    async def _send(self, post: Post, send: Send, riders: list[Rider]) -> None:
        config, change = post.config, Change.NONE
        try:
            outcome, values = await self._transmit(config, send)
            change = self._book(post, send, riders, outcome, values)
            await self._saver.async_save()
        except asyncio.CancelledError:
            # Home Assistant stops. The update stays booked, as one whose answer never came.
            post.alight(riders)
            self._on_cancel()
            raise
        except Exception:
            _LOGGER.exception("Unexpected error while updating widget %s", config.title)
            post.widget.book_unknown(dt_util.utcnow())
            post.alight(riders)
        finally:
            self._request = None
            self._on_end(post, change)

    async def _transmit(self, config: WidgetConfig, send: Send) -> tuple[Accepted | PushoverError, Values]:
        """Send an update, and return what became of it and what it said.

        The connection is made while the update is booked on disk. Whatever becomes of it, the booking comes to its end.
        """
        # The disk first: it is what takes longest, and waits for nobody.
        booked = self._entry.async_create_task(
            self._hass, self._saver.async_save(), f"{DOMAIN} booking", eager_start=True
        )
        try:
            values = send.values
            if config.rules.time_stamp is not None:
                values = stamped(values, config.rules.time_stamp, await async_time_of_day(self._hass, dt_util.now()))
            return await async_transmit(self._hass, self._client, values, config.device, booked), values
        finally:
            await asyncio.wait([booked])
            booked.result()

    @callback
    def _book(
        self, post: Post, send: Send, riders: list[Rider], outcome: Accepted | PushoverError, values: Values
    ) -> Change:
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
        self._reports.tell(change, outcome, post.config)
        coordinator = self._coordinators[post.config.subentry_id]
        if isinstance(outcome, Accepted):
            coordinator.sent(values, outcome.request)
        else:
            coordinator.failed(str(outcome), error_key(outcome))
        return change
