"""Finds entities that widgets, alerts and pages use and that no longer exist: removed, disabled, or renamed in a template."""

from collections.abc import Iterable, Mapping, Set as AbstractSet
from datetime import datetime, timedelta
from typing import Protocol

from homeassistant.const import CONF_CONDITIONS
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_time_interval

from .const import DOMAIN
from .content.alert_config import AlertConfig
from .content.page_config import PageConfig
from .content.widget_config import WidgetConfig
from .issues import Reports
from .pushover import Field

# Long enough for an integration that reloads, because an entity must be missing at two checks in a row.
_INTERVAL = timedelta(minutes=5)


class Dependent(Protocol):
    """A widget, an alert or a page that uses entities; `is_known` is set if these are all of them.

    `removed` are the ids of removed entities, even if other entities have got these ids since, and those of removed
    areas, floors and labels.
    """

    @property
    def config(self) -> WidgetConfig | AlertConfig | PageConfig:
        """Return its configuration."""

    @property
    def entities(self) -> frozenset[str]:
        """Return the ids of the entities."""

    @property
    def templates(self) -> Mapping[str, AbstractSet[str]]:
        """Return the ids of the entities that the templates of each field, or of its conditions, use."""

    @property
    def removed(self) -> frozenset[str]:
        """Return the ids of what has been removed."""

    @property
    def is_known(self) -> bool:
        """Return whether all of its entities are known."""


@callback
def async_watch_missing_entities(
    hass: HomeAssistant, dependents: Iterable[Dependent], reports: Reports
) -> CALLBACK_TYPE:
    """Report entities that are missing at two checks in a row, until they exist again.

    The entities of a widget are not known before its sources have been rendered; until then its repair stays. The
    repair of an alert ends at once when other entities have been chosen.
    """
    missing: dict[str, set[str]] = {}
    watched = list(dependents)
    for dependent in watched:
        if dependent.is_known and not _gone(hass, dependent):
            reports.missing_entities(dependent.config, {})

    @callback
    def check(_now: datetime) -> None:
        for dependent in watched:
            name = dependent.config.subentry_id
            gone = _gone(hass, dependent)
            if (lasting := gone & missing.get(name, set())) or (dependent.is_known and not gone):
                reports.missing_entities(dependent.config, _fields_of(dependent, lasting))
            missing[name] = gone

    return async_track_time_interval(hass, check, _INTERVAL, name=f"{DOMAIN} missing entities", cancel_on_shutdown=True)


def _fields_of(dependent: Dependent, entity_ids: Iterable[str]) -> dict[str, list[str]]:
    """Return what has templates that use each of these entities, which do not follow a new entity id."""
    templates = dependent.templates
    names = (*Field, CONF_CONDITIONS)
    return {item: [name for name in names if item in templates.get(name, ())] for item in entity_ids}


@callback
def _gone(hass: HomeAssistant, dependent: Dependent) -> set[str]:
    """Return the entities of a widget, an alert or a page that do not exist, and removed areas, floors and labels."""
    return {entity_id for entity_id in dependent.entities if not _exists(hass, entity_id)} | dependent.removed


@callback
def _exists(hass: HomeAssistant, entity_id: str) -> bool:
    if hass.states.get(entity_id) is not None:
        return True
    entry = er.async_get(hass).async_get(entity_id)
    return entry is not None and entry.disabled_by is None
