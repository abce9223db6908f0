"""Finds out which pages of an account apply: by the clock, and by Home Assistant's conditions."""

from collections.abc import Callable, Iterable, Mapping, Set as AbstractSet
from datetime import datetime

from homeassistant.const import CONF_CONDITIONS
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..planner import ConditionsState
from .conditions import Conditions, async_load_conditions
from .page_config import PageConfig
from .rendering import sources, templates_of
from .source import targets_of
from .source_result import result_of
from .target_name import missing_places
from .widget_config import WidgetConfig


class MonitoredPage:
    """A page with its loaded conditions."""

    def __init__(self, hass: HomeAssistant, config: PageConfig, *, holds: bool) -> None:
        """Set the page, and whether its conditions held when they were known last."""
        self.config = config
        self._hass = hass
        self.conditions: Conditions | None = None
        self._results = {name: result_of(hass, name, source) for name, source in config.sources.items()}
        self._state = ConditionsState(holds or not config.conditions)

    @property
    def error(self) -> str | None:
        """Return why the conditions could not be loaded or evaluated; `None` if they could."""
        return None if self.conditions is None else self.conditions.error

    @property
    def entities(self) -> frozenset[str]:
        """Return the entities of its sources and of its conditions."""
        own = frozenset(sources([result() for result in self._results.values()]))
        return own if self.conditions is None else own | self.conditions.entities | self.conditions.in_templates

    @property
    def templates(self) -> Mapping[str, AbstractSet[str]]:
        """Return the entities that the templates of its sources and of its conditions use."""
        own = templates_of({name: result() for name, result in self._results.items()})
        return own if self.conditions is None else {**own, CONF_CONDITIONS: self.conditions.in_templates}

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
        """Find out whether the conditions hold."""
        if self.conditions is not None:
            self._state = self._state.seen(self.conditions.hold(), now)

    @callback
    def applies(self, now: datetime, at: datetime | None = None) -> bool:
        """Return whether its times include this instant, or the one to look `at`, and its conditions hold now."""
        return self.holds(now) and self.config.schedule.covers(at or now, dt_util.get_default_time_zone())

    @callback
    def holds(self, now: datetime) -> bool:
        """Return whether its conditions hold, as far as they are known."""
        return self._state.noticed(now).hold

    def moments(self, now: datetime) -> list[datetime]:
        """Return the times at which it begins or ends if nothing else happens before."""
        change = self.config.schedule.next_change(now, dt_util.get_default_time_zone())
        return [moment for moment in (change, self._state.moment) if moment is not None and moment > now]


class PageMonitor:
    """Keeps track of which pages of an account apply."""

    def __init__(self, hass: HomeAssistant, configs: Iterable[PageConfig], held: Iterable[str]) -> None:
        """Set the pages, and those whose conditions held last: a restart need not end them."""
        self._hass = hass
        held = frozenset(held)
        self.pages = {
            config.subentry_id: MonitoredPage(hass, config, holds=config.subentry_id in held) for config in configs
        }

    async def async_load(self, on_change: Callable[[], None]) -> None:
        """Load and evaluate the conditions, and call `on_change` when an entity has changed their result, perhaps."""
        for page in self.pages.values():
            if page.config.conditions:
                page.conditions = await async_load_conditions(self._hass, page.config.conditions)
                await page.conditions.async_track(self._changed(page, on_change))
                _evaluate(page, dt_util.utcnow())

    @property
    def polled(self) -> list[MonitoredPage]:
        """Return the pages whose conditions may change at any time."""
        return [page for page in self.pages.values() if page.conditions is not None and page.conditions.needs_polling]

    @callback
    def poll(self, now: datetime) -> None:
        """Evaluate the conditions that may change at any time."""
        for page in self.polled:
            _evaluate(page, now)

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

    @callback
    def held(self, now: datetime) -> list[str]:
        """Return the pages whose conditions hold, also below another page, and at other times."""
        return [name for name, page in self.pages.items() if page.config.conditions and page.holds(now)]

    def _applies(self, page: PageConfig, now: datetime) -> bool:
        return page.subentry_id in self.pages and self.pages[page.subentry_id].applies(now)

    @callback
    def moments(self, now: datetime) -> list[datetime]:
        """Return the times at which a page begins or ends if nothing else happens before."""
        return [moment for page in self.pages.values() for moment in page.moments(now)]

    def _changed(self, page: MonitoredPage, on_change: Callable[[], None]) -> CALLBACK_TYPE:
        @callback
        def changed() -> None:
            _evaluate(page, dt_util.utcnow())
            on_change()

        return changed


def _evaluate(page: MonitoredPage, now: datetime) -> None:
    page.evaluate(now)
    if page.conditions is not None:
        page.conditions.report(f"page {page.config.title}")


async def async_evaluated(hass: HomeAssistant, config: PageConfig, saved: MonitoredPage | None) -> MonitoredPage:
    """Return a page whose conditions have been evaluated once, for a preview; the `saved` one knows their last result."""
    now = dt_util.utcnow()
    held = saved is not None and saved.config.conditions == config.conditions and saved.holds(now)
    page = MonitoredPage(hass, config, holds=held)
    if config.conditions:
        page.conditions = await async_load_conditions(hass, config.conditions)
        page.evaluate(now)
        page.conditions.unload()
    return page
