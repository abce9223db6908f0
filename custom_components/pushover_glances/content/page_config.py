"""The configuration of a page, read from its subentry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import hashlib
import json
from typing import Any, Final, Self

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import CONF_CONDITIONS

from ..const import CONF_REPLACE, CONF_WIDGETS, SUBENTRY_TYPE_PAGE
from ..pushover import Field
from .conditions import StoredConditions
from .page_schedule import Schedule
from .settings import CONF_URGENT_ENTITIES
from .source import Source, source_of

CONF_PRIORITY: Final = "priority"


@dataclass(frozen=True, slots=True)
class PageConfig:
    """A page: sources that replace those of widgets field by field while its times and its conditions apply.

    `widgets` are subentry ids, `None` if the page is for every widget of its account. Of several pages that apply, the
    one with the highest `priority` is shown; if several have the same, the one that was added first. `replaces` is set if
    it empties what else the widget fills.
    """

    subentry_id: str
    title: str
    sources: Mapping[Field, Source]
    schedule: Schedule
    conditions: StoredConditions
    priority: int
    widgets: frozenset[str] | None
    urgent_entities: frozenset[str]
    digest: str
    replaces: bool = False

    @classmethod
    def from_subentry(cls, subentry: ConfigSubentry) -> Self:
        """Read a subentry."""
        return cls.from_data(subentry.data, subentry.subentry_id, subentry.title)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], subentry_id: str = "", title: str = "") -> Self:
        """Read the data of a subentry, which need not be saved yet."""
        return cls(
            subentry_id=subentry_id,
            title=title,
            sources={name: source_of(data[name]) for name in Field if name in data},
            schedule=Schedule.from_data(data),
            conditions=tuple(data.get(CONF_CONDITIONS, ())),
            priority=data.get(CONF_PRIORITY, 0),
            widgets=frozenset(data[CONF_WIDGETS]) if CONF_WIDGETS in data else None,
            urgent_entities=frozenset(data.get(CONF_URGENT_ENTITIES, ())),
            digest=hashlib.sha256(json.dumps(dict(data), sort_keys=True).encode()).hexdigest(),
            replaces=data.get(CONF_REPLACE, False),
        )

    def covers(self, widget: str) -> bool:
        """Return whether the page is for the widget with this subentry id."""
        return self.widgets is None or widget in self.widgets


def pages_of(entry: ConfigEntry) -> list[PageConfig]:
    """Read the pages of an account, the one with the highest priority first."""
    return in_order(PageConfig.from_subentry(item) for item in entry.get_subentries_of_type(SUBENTRY_TYPE_PAGE))


def in_order(pages: Iterable[PageConfig]) -> list[PageConfig]:
    """Return pages in the order in which they are looked at: the first that applies is shown."""
    return sorted(pages, key=lambda page: -page.priority)
