"""The preview of an alert, as the placeholders of the last step of its flow."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from homeassistant.core import HomeAssistant, callback, split_entity_id
from homeassistant.util import dt as dt_util

from ..content.alert_config import AlertConfig
from ..content.alert_text import AlertContext, AlertText, translated_state
from ..content.conditions import async_load_conditions
from ..content.entity_facts import is_hazard
from ..content.entity_key import key_of
from ..content.faces import data_url
from ..content.rendering import RenderResult
from ..content.target_name import target_name
from ..content.texts import async_text, plain
from ..content.time_format import async_time_of_day
from ..content.watched import Watched
from ..coordinator import PushoverGlancesConfigEntry, PushoverGlancesCoordinator
from ..planner import Rank, stamped
from ..pushover import TEXT_FIELDS, Field
from .foresight import ForeseenAlert, foresee_alert, loaded_coordinator
from .preview_texts import async_number_hints, entities, length, shows

# This many fit on a page.
_PICTURES = 3


async def async_alert_preview(
    hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: AlertConfig
) -> dict[str, str]:
    """Return the placeholders: a picture of each widget, the values of the alert, and whether it is active."""
    coordinator = loaded_coordinator(entry)
    now, watched = await async_time_of_day(hass, dt_util.now()), config.watched
    entity_ids = watched.entity_ids(hass)
    counting = [
        entity_id
        for entity_id in entity_ids
        if config.counts(watched.state_of(hass, hass.states.get(entity_id)), key_of(hass, entity_id))
    ]
    rendered = AlertText(hass, config.templates, attribute=watched.attribute).render(
        _context(hass, coordinator, config, counting, entity_ids)
    )
    values = {name: value for name, value in rendered.values.items() if value is not None}
    infos = rendered.infos
    hazards = (is_hazard(hass, entity_id) for entity_id in counting or entity_ids)
    existing = None if coordinator is None else coordinator.monitor.alerts.get(config.subentry_id)
    began = None if existing is None else existing.began
    rank = Rank(any(hazards), config.urgent, began or dt_util.utcnow(), config.subentry_id)
    alert = ForeseenAlert(rank, values, config.replaces)
    pictures = [] if coordinator is None else list(_pictures(hass, coordinator, config, alert, now))
    emptied = await async_text(hass, "alert_empties")
    hints = await async_number_hints(hass, infos, entity_ids)
    return {
        **{
            name.value: emptied
            if config.replaces and name not in config.templates
            else shows(name, infos, values.get(name)) + hints[name]
            for name in Field
        },
        **{f"{name.value}_length": length(name, infos, values, values) for name in TEXT_FIELDS},
        "entities": await _async_entities(hass, entity_ids, infos.values(), watched),
        "pictures": "\n\n".join(pictures) or f"![]({data_url(values)})",
        "active": await _async_activity(hass, coordinator, config, counting),
    }


async def _async_entities(
    hass: HomeAssistant, entity_ids: Sequence[str], infos: Collection[RenderResult], watched: Watched
) -> str:
    """Return the names of the entities, or that the target has none yet."""
    if watched.target is not None and not entity_ids:
        return await async_text(hass, "no_members", target=plain(target_name(hass, watched.target)))
    return entities(hass, entity_ids, infos)


async def _async_activity(
    hass: HomeAssistant,
    coordinator: PushoverGlancesCoordinator | None,
    config: AlertConfig,
    counting: Sequence[str],
) -> str:
    """Return the text that tells whether the alert would be shown now."""
    conditions = await async_load_conditions(hass, config.only_while)
    hold = conditions.hold()
    conditions.unload()
    if conditions.error is not None:
        return await async_text(hass, "alert_conditions_failed", error=plain(conditions.error))
    if counting and not hold:
        return await async_text(hass, "alert_conditions_unknown" if hold is None else "alert_conditions_not_met")
    return await async_text(hass, _activity(hass, coordinator, config, counting))


@callback
def _activity(
    hass: HomeAssistant,
    coordinator: PushoverGlancesCoordinator | None,
    config: AlertConfig,
    counting: Sequence[str],
) -> str:
    """Return the key of the text that tells whether the alert would be shown now if its conditions hold."""
    alert = None if coordinator is None else coordinator.monitor.alerts.get(config.subentry_id)
    if not counting:
        return "alert_inactive"
    if alert is not None and {key_of(hass, entity_id) for entity_id in counting} <= {*alert.dismissed}:
        return "alert_dismissed"
    return "alert_active"


@callback
def _context(
    hass: HomeAssistant,
    coordinator: PushoverGlancesCoordinator | None,
    config: AlertConfig,
    counting: Sequence[str],
    entity_ids: Sequence[str],
) -> AlertContext:
    """Return what makes the alert active now, or would do so.

    If no entity counts, assume that the first one has a state that does. An entity that counts has done so since the
    alert became active, or else since its state changed.
    """
    if not counting:
        context = AlertContext(entity_ids[:1], dt_util.utcnow())
        if not entity_ids or (assumed := _assumed(hass, config, entity_ids[0])) is None:
            return context
        return replace(context, state=translated_state(hass, entity_ids[0], assumed, config.watched.attribute))
    alert = None if coordinator is None else coordinator.monitor.alerts.get(config.subentry_id)
    if alert is not None and alert.since is not None:
        return AlertContext(counting, alert.since)
    states = [state for entity_id in counting if (state := hass.states.get(entity_id)) is not None]
    return AlertContext(counting, min(state.last_changed for state in states))


@callback
def _assumed(hass: HomeAssistant, config: AlertConfig, entity_id: str) -> str | None:
    """Return a state of an entity that makes the alert active; `None` if only a number of it may."""
    kind, states = config.watched.kind, sorted(config.states)
    if kind is None:
        # The others are states of other entities.
        known = [item for item in states if translated_state(hass, entity_id, item, config.watched.attribute) != item]
        return next(iter(known or states), None)
    usual = [state for state in kind.members[split_entity_id(entity_id)[0]].states if state in config.states]
    return next(iter(usual or (states if kind.below is None else ())), None)


@callback
def _pictures(
    hass: HomeAssistant,
    coordinator: PushoverGlancesCoordinator,
    config: AlertConfig,
    alert: ForeseenAlert,
    now: str,
) -> Iterator[str]:
    """Yield a picture of each widget that the alert is for, with its title if there are several."""
    widgets = [
        widget.config
        for name, widget in coordinator.widgets.items()
        if not widget.config.left_behind and config.covers(name)
    ]
    for widget in widgets[:_PICTURES]:
        title = f"{plain(widget.title)}\n\n" if len(widgets) > 1 else ""
        forecast = foresee_alert(hass, coordinator, widget, alert)
        yield f"{title}![]({data_url(stamped(forecast.values, widget.rules.time_stamp, now))})"
