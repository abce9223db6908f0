"""Notices entities that widgets and alerts ask for and that there are no more: renamed, removed or disabled."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_time_interval

from .const import DOMAIN
from .content.alert_config import AlertConfig
from .content.widget_config import WidgetConfig
from .issues import Reports

# Ours: an integration that is loaded anew has its entities back by the second look, and nobody needs to know sooner.
_INTERVAL = timedelta(minutes=5)


class Asker(Protocol):
    """A widget or an alert, and the entities that it asks for; `is_known` tells whether these are all of them.

    `removed` are those that have been removed, whoever has their ids now.
    """

    @property
    def config(self) -> WidgetConfig | AlertConfig:
        """Return its configuration."""

    @property
    def entities(self) -> frozenset[str]:
        """Return the ids of the entities."""

    @property
    def removed(self) -> frozenset[str]:
        """Return the ids of those entities that are gone for good."""

    @property
    def is_known(self) -> bool:
        """Tell whether it is known what it asks for."""


@callback
def async_watch_missing_entities(hass: HomeAssistant, askers: Iterable[Asker], reports: Reports) -> CALLBACK_TYPE:
    """Tell of entities that are missing at two looks in a row, and take it back when they are there again.

    Before a widget's templates have been rendered, its entities are not known, and what was told of it stays.
    """
    missing: dict[str, set[str]] = {}
    watched = list(askers)

    @callback
    def look(_now: datetime) -> None:
        for asker in watched:
            name = asker.config.subentry_id
            removed = asker.removed
            gone = {entity_id for entity_id in asker.entities if entity_id in removed or not _exists(hass, entity_id)}
            if (lasting := gone & missing.get(name, set())) or (asker.is_known and not gone):
                reports.missing_entities(asker.config, lasting)
            missing[name] = gone

    return async_track_time_interval(hass, look, _INTERVAL, name=f"{DOMAIN} missing entities", cancel_on_shutdown=True)


@callback
def _exists(hass: HomeAssistant, entity_id: str) -> bool:
    if hass.states.get(entity_id) is not None:
        return True
    entry = er.async_get(hass).async_get(entity_id)
    return entry is not None and entry.disabled_by is None
