"""Notices entities that widgets ask for and that there are no more: renamed, removed or disabled."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_time_interval

from .const import DOMAIN
from .post import Post
from .reports import Reports

# Ours: an integration that is loaded anew has its entities back by the second look, and nobody needs to know sooner.
_INTERVAL = timedelta(minutes=5)


@callback
def async_watch_missing_entities(hass: HomeAssistant, posts: Iterable[Post], reports: Reports) -> CALLBACK_TYPE:
    """Tell of entities that are missing at two looks in a row, and take it back when they are there again.

    Before a widget's templates have been rendered, its entities are not known, and what was told of it stays.
    """
    missing: dict[str, set[str]] = {}

    @callback
    def look(_now: datetime) -> None:
        for post in posts:
            name = post.config.subentry_id
            gone = {entity_id for entity_id in post.mirror.entities if not _exists(hass, entity_id)}
            if (lasting := gone & missing.get(name, set())) or (post.mirror.is_known and not gone):
                reports.missing_entities(post.config, lasting)
            missing[name] = gone

    return async_track_time_interval(hass, look, _INTERVAL, name=f"{DOMAIN} missing entities", cancel_on_shutdown=True)


@callback
def _exists(hass: HomeAssistant, entity_id: str) -> bool:
    if hass.states.get(entity_id) is not None:
        return True
    entry = er.async_get(hass).async_get(entity_id)
    return entry is not None and entry.disabled_by is None
