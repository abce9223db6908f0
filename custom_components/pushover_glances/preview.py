"""What a widget would show now, as the texts of its flow's last step."""

from collections.abc import Collection, Mapping
from datetime import datetime
import re

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.template import Template
from homeassistant.helpers.template.render_info import RenderInfo
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from .clock import async_time_of_day
from .const import DOMAIN
from .courier import Courier, PushoverGlancesConfigEntry
from .delivery import Ledger, Schedule, stamped
from .faces import data_url
from .pushover import TEXT_FIELDS, TEXT_LIMIT, Field, Value
from .rendering import render, sources, value_of
from .widget import WidgetConfig

_LEFT_ALONE = "\N{EM DASH}"
_NO_VALUE = "\N{WARNING SIGN}"
_CUT = "\N{BLACK SCISSORS}"


async def async_preview(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: WidgetConfig) -> dict[str, str]:
    """Return the placeholders of the step: each field's value and length, the entities, the faces, and when it goes."""
    infos = {name: render(Template(text, hass)) for name, text in config.templates.items()}
    values = {name: value_of(hass, name, info) for name, info in infos.items()}
    known = {name: value for name, value in values.items() if value is not None}
    face = stamped(known, config.rules.time_stamp, await async_time_of_day(hass, dt_util.now()))
    return {
        **{name.value: _shows(name, infos, values) for name in Field},
        **{f"{name.value}_length": _length(infos.get(name)) for name in TEXT_FIELDS},
        "entities": _entities(hass, sources(infos.values()) | config.urgent_entities),
        "picture": data_url(face),
        "goes": await _async_goes(hass, entry, config, face),
    }


def _shows(name: Field, infos: Mapping[Field, RenderInfo], values: Mapping[Field, Value | None]) -> str:
    """Return a field's value, beside what the template says where that is something else."""
    if (info := infos.get(name)) is None:
        return _LEFT_ALONE
    raw = "" if info.exception is not None else info.result().strip()
    if (value := values[name]) is None:
        return f"{_NO_VALUE} {_plain(raw)}"
    same = name in TEXT_FIELDS or raw == value or float(raw) == value
    return _plain(str(value)) if same else f"{value} ({_plain(raw)})"


def _length(info: RenderInfo | None) -> str:
    """Return how many characters a text has, and how many are left of it where it is cut."""
    if info is None or info.exception is not None:
        return ""
    length = len(info.result().strip())
    return f"{length} {_CUT} {TEXT_LIMIT}" if length > TEXT_LIMIT else str(length)


@callback
def _entities(hass: HomeAssistant, entity_ids: Collection[str]) -> str:
    """Name the entities that a widget depends on, and mark those that there are not."""
    return ", ".join(_entity(hass, entity_id) for entity_id in sorted(entity_ids)) or _LEFT_ALONE


@callback
def _entity(hass: HomeAssistant, entity_id: str) -> str:
    state = hass.states.get(entity_id)
    return f"{_NO_VALUE} `{entity_id}`" if state is None else f"{_plain(state.name)} (`{entity_id}`)"


async def _async_goes(
    hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: WidgetConfig, face: Mapping[Field, Value]
) -> str:
    """Say when the glance goes that saving the widget sends."""
    now = dt_util.utcnow()
    if not face:
        key, moment = "goes_never", now
    elif entry.state is not ConfigEntryState.LOADED:
        key, moment = "goes_when_loaded", now
    else:
        moment = _slot(entry.runtime_data, config, now)
        key = "goes_now" if moment <= now else "goes_at"
    texts = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    time = await async_time_of_day(hass, dt_util.as_local(moment))
    return texts[f"component.{DOMAIN}.common.{key}"].format(time=time)


@callback
def _slot(courier: Courier, config: WidgetConfig, now: datetime) -> datetime:
    """Return when an update may go that a person waits for; what was sent to the device before counts."""
    known = (post.widget.memory.ledger for post in courier.posts.values() if post.config.device == config.device)
    ledger = next(known, Ledger())
    slot = Schedule(ledger, config.rules, dt_util.get_default_time_zone(), now).urgent().time
    paused = courier.async_paused()
    return slot if paused is None else max(slot, paused.until)


def _plain(text: str) -> str:
    """Return a text as Markdown that shows it as it is, on one line."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))
