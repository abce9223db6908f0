"""How the glances look while an alert is active, as the texts of its flow's last step."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..content.alert_config import AlertConfig
from ..content.alert_text import AlertText, Cue, translated_state
from ..content.faces import data_url
from ..content.texts import async_text, plain
from ..content.time_format import async_time_of_day
from ..courier import Courier, PushoverGlancesConfigEntry
from ..delivery import Mirrored, compose, over_manual, stamped
from ..post import Post
from ..pushover import TEXT_FIELDS, Field, Value
from .preview_texts import entities, length, shows

# A screenful: whoever has more widgets than this knows by then what it looks like.
_PICTURES = 3


async def async_alert_preview(
    hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: AlertConfig, entity_ids: Sequence[str]
) -> dict[str, str]:
    """Return the placeholders of the step: a picture of each widget, what the alert's fields show, and if it is active."""
    courier = entry.runtime_data if entry.state is ConfigEntryState.LOADED else None
    now = await async_time_of_day(hass, dt_util.now())
    counting = [entity_id for entity_id in entity_ids if config.counts(hass.states.get(entity_id))]
    said = AlertText(hass, config.templates).say(_cue(hass, config, counting or entity_ids[:1]))
    values = {name: value for name, value in said.values.items() if value is not None}
    infos = said.rendered
    return {
        **{name.value: shows(name, infos, values.get(name)) for name in Field},
        **{f"{name.value}_length": length(name, infos, values, values) for name in TEXT_FIELDS},
        "entities": entities(hass, entity_ids, infos.values()),
        "pictures": "\n\n".join(_pictures(courier, config, values, now)) or f"![]({data_url(values)})",
        "active": await async_text(hass, "alert_active" if counting else "alert_inactive"),
    }


@callback
def _cue(hass: HomeAssistant, config: AlertConfig, entity_ids: Sequence[str]) -> Cue:
    """Return what the alert would begin with: an entity that does not count now is supposed to say a word that does."""
    cue = Cue(entity_ids, dt_util.utcnow())
    if not entity_ids or not config.states or config.counts(hass.states.get(entity_ids[0])):
        return cue
    return replace(cue, state=translated_state(hass, entity_ids[0], min(config.states)))


@callback
def _pictures(courier: Courier | None, config: AlertConfig, values: dict[Field, Value], now: str) -> Iterator[str]:
    """Yield the faces of each widget that the alert is for, by its title where there are several."""
    posts = (
        []
        if courier is None
        else [post for name, post in courier.posts.items() if not post.config.left_behind and config.covers(name)]
    )
    for post in posts[:_PICTURES]:
        title = f"{plain(post.config.title)}\n\n" if len(posts) > 1 else ""
        yield f"{title}![]({data_url(_face(post, config, values, now))})"


@callback
def _face(post: Post, config: AlertConfig, values: dict[Field, Value], now: str) -> dict[Field, Value]:
    """Return what a widget would show if the alert were the newest of those that are active."""
    memory = post.widget.memory
    others = [says for name, says in memory.alerts.items() if name != config.subentry_id]
    glance = compose(
        Mirrored(dict(memory.last_mirrored(post.mirror.values()))),
        memory.manual,
        memory.mirrored,
        memory.perhaps_shown(),
        alerted=over_manual([values, *others]),
    )
    return stamped(glance, post.config.rules.time_stamp, now)
