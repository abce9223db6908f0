"""The preview of a page: what widgets show while it applies, when it does, and what they show at any moment."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..const import SUBENTRY_TYPE_WIDGET
from ..content.alert_config import alerts_of
from ..content.faces import data_url
from ..content.page_config import PageConfig, in_order, pages_of
from ..content.page_monitor import MonitoredPage, async_evaluated
from ..content.source_result import result_of
from ..content.sources import WidgetSources
from ..content.texts import async_text, plain
from ..content.time_format import async_learn_time_format, async_time_of_day, short_moment, short_time
from ..content.widget_config import WidgetConfig
from ..coordinator import PushoverGlancesConfigEntry
from ..fetcher import async_fetch_answers
from ..planner import Rules, stamped
from ..pushover import TEXT_FIELDS, Field
from .foresight import foresee_page, loaded_coordinator
from .preview_texts import async_number_hints, entities, length, shows

# This many fit on a page.
_PICTURES = 3


class _Shown(NamedTuple):
    """A widget, the page that it shows, and a title for its picture."""

    widget: WidgetConfig
    page: PageConfig | None
    title: str


async def async_page_preview(
    hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: PageConfig
) -> dict[str, str]:
    """Return the placeholders: pictures of the widgets while the page applies, its fields, and when it applies."""
    await async_fetch_answers(hass, config.sources)
    infos = {name: result_of(hass, name, source)() for name, source in config.sources.items()}
    stand_in = WidgetConfig("", config.title, "", config.sources, Rules())
    rendered = WidgetSources(hass, stand_in).render().values
    values = {name: value for name, value in rendered.items() if value is not None}
    hints = await async_number_hints(hass, infos)
    return {
        **{name.value: shows(name, infos, values.get(name)) + hints[name] for name in Field},
        **{f"{name.value}_length": length(name, infos, values, values) for name in TEXT_FIELDS},
        "entities": entities(hass, config.urgent_entities, infos.values()),
        "pictures": await async_page_pictures(hass, entry, config) or f"![]({data_url(values)})",
        "applies": await _async_applies(hass, entry, config),
    }


async def async_page_pictures(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: PageConfig) -> str:
    """Return pictures of the widgets of a page while it applies, as Markdown; empty while the account is not loaded."""
    widgets = _widgets(entry, config)
    shown = [_Shown(widget, config, plain(widget.title) if len(widgets) > 1 else "") for widget in widgets]
    return _pictures(hass, entry, shown, await async_time_of_day(hass, dt_util.now()))


async def async_moment_preview(
    hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: PageConfig, moment: datetime
) -> str:
    """Return what the widgets of a page show at a local moment, as Markdown, with the values and conditions of now."""
    pages = await _async_pages(hass, entry, config)
    now, at = dt_util.utcnow(), dt_util.as_utc(moment)
    nothing = await async_text(hass, "page_none")
    shown: list[_Shown] = []
    for widget in _widgets(entry, config):
        page = next((page for page in widget.pages if pages[page.subentry_id].applies(now, at)), None)
        shown.append(_Shown(widget, page, plain(f"{widget.title}: {nothing if page is None else page.title}")))
    return _pictures(hass, entry, shown, await async_time_of_day(hass, moment))


async def _async_applies(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: PageConfig) -> str:
    """Return the text on whether the page applies now, or when it begins."""
    now, zone = dt_util.utcnow(), dt_util.get_default_time_zone()
    pages = await _async_pages(hass, entry, config)
    edited = pages[config.subentry_id]
    if not config.schedule.covers(now, zone):
        await async_learn_time_format(hass)
        # A schedule that does not include now begins again.
        begin = config.schedule.next_begin(now, zone) or now
        local = begin.astimezone(zone)
        when, clock = short_moment(hass, local, ahead=True), short_time(hass, local)
        # In a week, it is a date without a time.
        when = when if when.endswith(clock) else f"{when} {clock}"
        return await async_text(hass, "page_begins", time=when)
    if edited.error is not None:
        return await async_text(hass, "page_conditions_failed", error=plain(edited.error))
    if not edited.applies(now):
        return await async_text(hass, "page_conditions_not_met")
    above = {
        first.title
        for widget in _widgets(entry, config)
        if (first := next(page for page in widget.pages if pages[page.subentry_id].applies(now))) is not config
    }
    names = plain(", ".join(sorted(above)))
    told = await (async_text(hass, "page_below", pages=names) if above else async_text(hass, "page_applies"))
    if alerts := _alerts_shown(entry, config):
        told += " " + await async_text(hass, "goes_covered", alerts=plain(", ".join(alerts)))
    return told


@callback
def _alerts_shown(entry: PushoverGlancesConfigEntry, config: PageConfig) -> list[str]:
    """Return the names of the alerts that widgets of the page show now."""
    if (coordinator := loaded_coordinator(entry)) is None:
        return []
    alerts = {item.subentry_id: item.title for widget in _widgets(entry, config) for item in widget.alerts}
    return [title for name, title in alerts.items() if (alert := coordinator.monitor.alerts.get(name)) and alert.shown]


async def _async_pages(
    hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: PageConfig
) -> Mapping[str, MonitoredPage]:
    """Return the pages of the account as they are now, with the edited one as it would be saved."""
    coordinator = loaded_coordinator(entry)
    known = {} if coordinator is None else coordinator.pages.pages
    edited = await async_evaluated(hass, config, known.get(config.subentry_id))
    others = {page.subentry_id: MonitoredPage(hass, page, holds=False) for page in pages_of(entry)}
    return {**others, **known, config.subentry_id: edited}


@callback
def _widgets(entry: PushoverGlancesConfigEntry, config: PageConfig) -> list[WidgetConfig]:
    """Return the widgets of a page, with all pages of the account, the edited one as it would be saved."""
    saved = pages_of(entry)
    pages = [config if page.subentry_id == config.subentry_id else page for page in saved]
    pages = in_order(pages if config in pages else [*pages, config])
    alerts = alerts_of(entry)
    return [
        WidgetConfig.from_subentry(subentry, alerts, pages)
        for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_WIDGET)
        if config.covers(subentry.subentry_id)
    ]


@callback
def _pictures(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, shown: Iterable[_Shown], time: str) -> str:
    """Return the pictures of widgets as Markdown; `time` is the time of day that some of them show."""
    if (coordinator := loaded_coordinator(entry)) is None:
        return ""
    parts: list[str] = []
    for item in islice(shown, _PICTURES):
        values = foresee_page(hass, coordinator, item.widget, item.page).uncovered.values
        picture = data_url(stamped(values, item.widget.rules.time_stamp, time))
        parts += [*([item.title] if item.title else []), f"![]({picture})"]
    return "\n\n".join(parts)
