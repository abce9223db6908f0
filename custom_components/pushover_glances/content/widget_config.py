"""The configuration of a widget, read from its subentry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
import hashlib
import json
from typing import Any, Self

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_DEVICE

from ..const import SUBENTRY_TYPE_WIDGET
from ..planner import Owner, Page, Rules
from ..pushover import Field
from .alert_config import AlertConfig, alerts_of
from .page_config import PageConfig, pages_of
from .settings import CONF_QUIET_WHILE, CONF_URGENT_ENTITIES, rules_of
from .source import Source, TextSource, source_of

ALL_TITLE = "All devices"
_EMPTY = TextSource("")


@dataclass(frozen=True, slots=True)
class WidgetConfig:
    """A widget; an empty `device` is all devices, and `left_behind` a screen whose widget has been removed.

    While the entity `quiet_while` is on, only urgent updates may go; it is empty if there is none.
    """

    subentry_id: str
    title: str
    device: str
    sources: Mapping[Field, Source]
    rules: Rules
    urgent_entities: frozenset[str] = frozenset()
    digest: str = ""
    left_behind: bool = False
    alerts: tuple[AlertConfig, ...] = ()
    pages: tuple[PageConfig, ...] = ()
    quiet_while: str = ""

    @classmethod
    def all_of(cls, entry: ConfigEntry) -> list[Self]:
        """Read the widgets of an account."""
        alerts, pages = alerts_of(entry), pages_of(entry)
        return [cls.from_subentry(item, alerts, pages) for item in entry.get_subentries_of_type(SUBENTRY_TYPE_WIDGET)]

    @classmethod
    def from_subentry(
        cls, subentry: ConfigSubentry, alerts: Iterable[AlertConfig] = (), pages: Iterable[PageConfig] = ()
    ) -> Self:
        """Read a subentry; the base leaves a field without a source alone."""
        return cls.from_data(subentry.data, alerts, subentry.subentry_id, subentry.title, pages)

    @classmethod
    def from_data(
        cls,
        data: Mapping[str, Any],
        alerts: Iterable[AlertConfig] = (),
        subentry_id: str = "",
        title: str = "",
        pages: Iterable[PageConfig] = (),
    ) -> Self:
        """Read the data of a subentry, which need not be saved yet, with the alerts and pages that are for the widget.

        The urgent entities of its pages are among its own.
        """
        covering = tuple(alert for alert in alerts if alert.covers(subentry_id))
        own = tuple(page for page in pages if page.covers(subentry_id))
        digests = [json.dumps(dict(data), sort_keys=True), *(alert.digest for alert in covering)]
        digests += [page.digest for page in own]
        return cls(
            subentry_id=subentry_id,
            title=title,
            device=data[CONF_DEVICE],
            sources={name: source_of(data[name]) for name in Field if name in data},
            rules=rules_of(data),
            urgent_entities=frozenset(data.get(CONF_URGENT_ENTITIES, ())).union(
                *[page.urgent_entities for page in own]
            ),
            digest=hashlib.sha256("".join(digests).encode()).hexdigest(),
            alerts=covering,
            pages=own,
            quiet_while=data.get(CONF_QUIET_WHILE, ""),
        )

    @classmethod
    def of_screen_left_behind(cls, device: str) -> Self:
        """Return a stand-in for a removed widget, whose fields must be emptied."""
        return cls(f"{device or ALL_TITLE} (left behind)", device or ALL_TITLE, device, {}, Rules(), left_behind=True)

    def with_page(self, page: PageConfig | None) -> Self:
        """Return the widget with the sources of a page over its own, or instead of them."""
        if page is None:
            return self
        own = dict.fromkeys(self.sources, _EMPTY) if page.replaces else self.sources
        return replace(self, sources={**own, **page.sources})

    def page_of(self, page: PageConfig | None) -> Page:
        """Return what the planner needs to know of a page on this widget."""
        if page is None:
            return Page()
        emptied = self.sources.keys() if page.replaces else frozenset[Field]()
        return Page(page.subentry_id, frozenset({*page.sources, *emptied}))

    @property
    def owner(self) -> Owner:
        """Return what the state of a screen needs to know of its widget."""
        alerts = frozenset(alert.subentry_id for alert in self.alerts if alert.urgent)
        return Owner(self.subentry_id, self.digest, self.rules, self.urgent_entities, alerts)


def is_named(title: str, device: str, all_title: str) -> bool:
    """Return whether a person named a widget, which is otherwise named after its device."""
    return title not in (device, all_title, ALL_TITLE)
