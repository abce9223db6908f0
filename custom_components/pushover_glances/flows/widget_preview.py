"""What a widget would show now, as the texts of its flow's last step."""

from copy import deepcopy
from datetime import datetime

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.helpers.template import Template
from homeassistant.util import dt as dt_util

from ..content.alert_layer import AlertLayer
from ..content.faces import data_url
from ..content.rendering import render, value_of
from ..content.texts import async_text
from ..content.time_format import async_time_of_day
from ..content.widget_config import WidgetConfig
from ..courier import Courier, PushoverGlancesConfigEntry
from ..delivery import Memory, Mirrored, PausedMirror, Reason, Schedule, adopt, compose, stamped
from ..pushover import TEXT_FIELDS, Field, Values
from .preview_texts import entities, length, shows


async def async_preview(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: WidgetConfig) -> dict[str, str]:
    """Return the placeholders of the step: each field's value and length, the entities, the faces, and when it goes."""
    courier = entry.runtime_data if entry.state is ConfigEntryState.LOADED else None
    memory = _foresee(courier, config)
    infos = {name: render(Template(text, hass)) for name, text in config.templates.items()}
    values = {name: value_of(hass, name, info) for name, info in infos.items()}
    mirrored = PausedMirror(memory, config.templates).render() if memory.paused else Mirrored(values)
    glance = compose(mirrored, memory.manual, memory.mirrored, memory.perhaps_shown(), alerted=memory.alerted())
    # What has no value at the moment keeps the one that is shown. People want to know that it has none.
    above = memory.manual.keys() | memory.alerted().keys()
    silent = {name for name, value in mirrored.values.items() if value is None} - above
    face = stamped(glance, config.rules.time_stamp, await async_time_of_day(hass, dt_util.now()))
    known = {name: value for name, value in face.items() if name not in silent}
    return {
        **{name.value: shows(name, infos, known.get(name)) for name in Field},
        **{f"{name.value}_length": length(name, infos, glance, face) for name in TEXT_FIELDS},
        "entities": entities(hass, config.urgent_entities, infos.values()),
        "picture": data_url(face),
        "goes": await _async_goes(hass, courier, config, memory, glance),
    }


@callback
def _foresee(courier: Courier | None, config: WidgetConfig) -> Memory:
    """Return what will be remembered of the widget's screen once it is saved, with what alerts say now."""
    if courier is None:
        return Memory()
    memory = deepcopy(courier.memory)
    others = (post.config for post in courier.posts.values() if not post.config.left_behind)
    owners = {other.device: other.owner for other in others if other.subentry_id != config.subentry_id}
    screen = adopt(memory.screens, {**owners, config.device: config.owner}, memory.devices)[config.device]
    screen.hear_alerts(AlertLayer(courier.hass, config, courier.alerts).values())
    return screen


async def _async_goes(
    hass: HomeAssistant, courier: Courier | None, config: WidgetConfig, memory: Memory, glance: Values
) -> str:
    """Say when the glance goes that saving the widget sends."""
    if all(memory.shown.get(name) == value for name, value in glance.items()):
        return await async_text(
            hass, "goes_never" if not glance else "goes_paused" if memory.paused else "goes_unchanged"
        )
    if courier is None:
        return await async_text(hass, "goes_when_loaded")
    if hass.state is not CoreState.running:
        return await async_text(hass, "goes_when_started")
    now = dt_util.utcnow()
    if (moment := _slot(courier, config, memory, now)) <= now:
        return await async_text(hass, "goes_now")
    local = dt_util.as_local(moment)
    key = "goes_at" if local.date() == dt_util.now().date() else "goes_on"
    return await async_text(hass, key, time=await async_time_of_day(hass, local), date=local.date().isoformat())


@callback
def _slot(courier: Courier, config: WidgetConfig, memory: Memory, now: datetime) -> datetime:
    """Return when an update may go that a person waits for; an outage is forgotten when the widget is saved."""
    slot = Schedule(memory.ledger, config.rules, dt_util.get_default_time_zone(), now).urgent().time
    paused = courier.async_paused()
    return slot if paused is None or paused.reason is not Reason.RATE_LIMIT else max(slot, paused.until)
