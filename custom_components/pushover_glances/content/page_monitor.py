"""Finds out which pages of an account apply: by the clock, and by Home Assistant's conditions."""

from collections.abc import Callable, Iterable
from datetime import datetime
import logging

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..planner import UNAVAILABLE_AFTER
from .conditions import Conditions, async_load_conditions
from .page_config import PageConfig
from .rendering import sources
from .source import targets_of
from .source_result import result_of
from .target_name import missing_places
from .widget_config import WidgetConfig

_LOGGER = logging.getLogger(__name__)


class MonitoredPage:
    """A page with its loaded conditions."""

    def __init__(self, hass: HomeAssistant, config: PageConfig, *, holds: bool) -> None:
        """Set the page, and whether its conditions held when they were known last."""
        self.config = config
        self._hass = hass
        self.conditions: Conditions | None = None
        self._results = [result_of(hass, name, source) for name, source in config.sources.items()]
        self._holds = holds or not config.conditions
        # Since when it has not been known whether they hold.
        self._unknown_since: datetime | None = None
        self._is_reported = False

    @property
    def error(self) -> str | None:
        """Return why the conditions could not be loaded or evaluated; `None` if they could."""
        return None if self.conditions is None else self.conditions.error

    @property
    def entities(self) -> frozenset[str]:
        """Return the entities of its sources and of its conditions."""
        conditions = frozenset[str]() if self.conditions is None else self.conditions.entities
        return conditions.union(sources([result() for result in self._results]))

    @property
    def removed(self) -> frozenset[str]:
        """Return the removed places of its targets; a source uses an entity id, whatever entity has it."""
        return missing_places(self._hass, *targets_of(self.config.sources.values()))

    @property
    def is_known(self) -> bool:
        """Return that all entities are known."""
        return True

    @callback
    def evaluate(self, now: datetime) -> None:
        """Find out whether the conditions hold; if that is not known, the last result stays for half an hour."""
        if self.conditions is None:
            return
        holds = self.conditions.hold()
        self._unknown_since = None if holds is not None else self._unknown_since or now
        self._holds = self._holds if holds is None else holds

    @callback
    def report(self) -> None:
        """Log once that the conditions failed, until they work again."""
        if self.error is not None and not self._is_reported:
            _LOGGER.warning("Conditions of page %s failed: %s", self.config.title, self.error)
        self._is_reported = self.error is not None

    @callback
    def applies(self, now: datetime, at: datetime | None = None) -> bool:
        """Return whether its times include this instant, or the one to look `at`, and its conditions hold now."""
        known = self._unknown_since is None or now < self._unknown_since + UNAVAILABLE_AFTER
        return self._holds and known and self.config.schedule.covers(at or now, dt_util.get_default_time_zone())

    def moments(self, now: datetime) -> list[datetime]:
        """Return the times at which it begins or ends if nothing else happens before."""
        change = self.config.schedule.next_change(now, dt_util.get_default_time_zone())
        unknown = None if self._unknown_since is None else self._unknown_since + UNAVAILABLE_AFTER
        return [moment for moment in (change, unknown) if moment is not None and moment > now]


class PageMonitor:
    """Keeps track of which pages of an account apply."""

    def __init__(self, hass: HomeAssistant, configs: Iterable[PageConfig], shown: Iterable[str]) -> None:
        """Set the pages, and those that were shown last: a restart need not end them."""
        self._hass = hass
        shown = frozenset(shown)
        self.pages = {
            config.subentry_id: MonitoredPage(hass, config, holds=config.subentry_id in shown) for config in configs
        }

    async def async_load(self, on_change: Callable[[], None]) -> None:
        """Load and evaluate the conditions, and call `on_change` when an entity has changed their result, perhaps."""
        for page in self.pages.values():
            if page.config.conditions:
                page.conditions = await async_load_conditions(self._hass, page.config.conditions)
                await page.conditions.async_track(self._changed(page, on_change))
                page.evaluate(dt_util.utcnow())
                page.report()

    @property
    def polled(self) -> list[MonitoredPage]:
        """Return the pages whose conditions may change at any time."""
        return [page for page in self.pages.values() if page.conditions is not None and page.conditions.needs_polling]

    @callback
    def poll(self, now: datetime) -> None:
        """Evaluate the conditions that may change at any time."""
        for page in self.polled:
            page.evaluate(now)
            page.report()

    @callback
    def unload(self) -> None:
        """Release the conditions."""
        for page in self.pages.values():
            if page.conditions is not None:
                page.conditions.unload()

    @callback
    def page_of(self, widget: WidgetConfig, now: datetime) -> PageConfig | None:
        """Return the page that applies to a widget; `None` if none does."""
        return next((page for page in widget.pages if self._applies(page, now)), None)

    def _applies(self, page: PageConfig, now: datetime) -> bool:
        return page.subentry_id in self.pages and self.pages[page.subentry_id].applies(now)

    @callback
    def moments(self, now: datetime) -> list[datetime]:
        """Return the times at which a page begins or ends if nothing else happens before."""
        return [moment for page in self.pages.values() for moment in page.moments(now)]

    def _changed(self, page: MonitoredPage, on_change: Callable[[], None]) -> CALLBACK_TYPE:
        @callback
        def changed() -> None:
            page.evaluate(dt_util.utcnow())
            page.report()
            on_change()

        return changed


async def async_evaluated(hass: HomeAssistant, config: PageConfig) -> MonitoredPage:
    """Return a page whose conditions have been evaluated once, for a preview."""
    page = MonitoredPage(hass, config, holds=False)
    if config.conditions:
        page.conditions = await async_load_conditions(hass, config.conditions)
        page.evaluate(dt_util.utcnow())
        page.conditions.unload()
    return page
