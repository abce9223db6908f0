"""What a widget would show now, as the texts of its flow's last step."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.helpers.template import Template
from homeassistant.helpers.template.render_info import RenderInfo
from homeassistant.util import dt as dt_util

from .clock import async_time_of_day
from .courier import Courier, PushoverGlancesConfigEntry
from .delivery import Memory, Mirrored, PausedMirror, Reason, Schedule, adopt, compose, stamped
from .faces import data_url
from .pushover import TEXT_FIELDS, TEXT_LIMIT, Field, Value, Values, shorten
from .rendering import render, sources, value_of
from .texts import async_text, plain
from .widget import WidgetConfig

_LEFT_ALONE = "\N{EM DASH}"
_NO_VALUE = "\N{WARNING SIGN}"
_CUT = "\N{BLACK SCISSORS}"


async def async_preview(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: WidgetConfig) -> dict[str, str]:
    """Return the placeholders of the step: each field's value and length, the entities, the faces, and when it goes."""
    courier = entry.runtime_data if entry.state is ConfigEntryState.LOADED else None
    memory = _foresee(courier, config)
    infos = {name: render(Template(text, hass)) for name, text in config.templates.items()}
    values = {name: value_of(hass, name, info) for name, info in infos.items()}
    mirrored = PausedMirror(memory, config.templates).render() if memory.paused else Mirrored(values)
    glance = compose(mirrored, memory.manual, memory.mirrored, memory.perhaps_shown())
    # What has no value at the moment keeps the one that is shown. People want to know that it has none.
    silent = {name for name, value in mirrored.values.items() if value is None} - memory.manual.keys()
    face = stamped(glance, config.rules.time_stamp, await async_time_of_day(hass, dt_util.now()))
    known = {name: value for name, value in face.items() if name not in silent}
    return {
        **{name.value: _shows(name, infos, known.get(name)) for name in Field},
        **{f"{name.value}_length": _length(name, infos, glance, face) for name in TEXT_FIELDS},
        "entities": _entities(hass, config, infos),
        "picture": data_url(face),
        "goes": await _async_goes(hass, courier, config, memory, glance),
    }


@callback
def _foresee(courier: Courier | None, config: WidgetConfig) -> Memory:
    """Return what will be remembered of the widget's screen once it is saved."""
    if courier is None:
        return Memory()
    memory = deepcopy(courier.memory)
    others = (post.config for post in courier.posts.values() if not post.config.left_behind)
    owners = {other.device: other.owner for other in others if other.subentry_id != config.subentry_id}
    return adopt(memory.screens, {**owners, config.device: config.owner}, memory.devices)[config.device]


def _shows(name: Field, infos: Mapping[Field, RenderInfo], value: Value | None) -> str:
    """Return what a field would show, beside what the template says where a number is made of something else."""
    raw = _raw(infos.get(name))
    if value is None:
        return f"{_NO_VALUE} {plain(shorten(raw or ''))}" if name in infos else _LEFT_ALONE
    if raw and name not in TEXT_FIELDS and not _is(raw, value):
        return f"{plain(str(value))} ({plain(shorten(raw))})"
    return plain(str(value))


def _raw(info: RenderInfo | None) -> str | None:
    """Return what a template says before it is made to fit, `None` where it fails or there is none."""
    return None if info is None or info.exception is not None else info.result().strip()


def _is(raw: str, value: Value) -> bool:
    try:
        return float(raw) == value
    except ValueError:
        return False


def _length(name: Field, infos: Mapping[Field, RenderInfo], glance: Values, face: Values) -> str:
    """Return how many characters a text has, and what is left of it where it is cut, for its limit or the time stamp."""
    if name not in face:
        return ""
    said, shown = str(glance.get(name, "")), str(face[name])
    raw = _raw(infos.get(name))
    whole = said if raw is None else raw
    is_cut = len(whole) > TEXT_LIMIT or not shown.startswith(said)
    return f"{len(whole)} {_CUT} {len(shown)}" if is_cut else str(len(shown))


@callback
def _entities(hass: HomeAssistant, config: WidgetConfig, infos: Mapping[Field, RenderInfo]) -> str:
    """Name the entities that a widget depends on, and mark those that there are not."""
    named = sorted(sources(infos.values()) | config.urgent_entities)
    domains = sorted({domain for info in infos.values() for domain in info.domains | info.domains_lifecycle})
    return (
        ", ".join([*(_entity(hass, item) for item in named), *(f"{domain}\\.\\*" for domain in domains)]) or _LEFT_ALONE
    )


@callback
def _entity(hass: HomeAssistant, entity_id: str) -> str:
    state = hass.states.get(entity_id)
    return f"{_NO_VALUE} {plain(entity_id)}" if state is None else f"{plain(state.name)} ({plain(entity_id)})"


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
