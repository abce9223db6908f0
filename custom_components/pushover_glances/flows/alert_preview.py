"""The preview of an alert, as the placeholders of the last step of its flow."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..content.alert_config import AlertConfig
from ..content.alert_text import AlertContext, AlertText, translated_state
from ..content.entity_facts import is_hazard
from ..content.entity_key import key_of
from ..content.faces import data_url
from ..content.texts import async_text, plain
from ..content.time_format import async_time_of_day
from ..coordinator import PushoverGlancesConfigEntry, PushoverGlancesCoordinator
from ..planner import Rank, stamped
from ..pushover import TEXT_FIELDS, Field
from .foresight import ForeseenAlert, foresee_alert, loaded_coordinator
from .preview_texts import async_number_hints, entities, length, shows

# This many fit on a page.
_PICTURES = 3


async def async_alert_preview(
    hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: AlertConfig, entity_ids: Sequence[str]
) -> dict[str, str]:
    """Return the placeholders: a picture of each widget, the values of the alert, and whether it is active."""
    coordinator = loaded_coordinator(entry)
    now = await async_time_of_day(hass, dt_util.now())
    counting = [
        entity_id for entity_id in entity_ids if config.counts(hass.states.get(entity_id), key_of(hass, entity_id))
    ]
    rendered = AlertText(hass, config.templates).render(_context(hass, coordinator, config, counting, entity_ids))
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
        "entities": entities(hass, entity_ids, infos.values()),
        "pictures": "\n\n".join(pictures) or f"![]({data_url(values)})",
        "active": await async_text(hass, _activity(hass, coordinator, config, counting)),
    }


@callback
def _activity(
    hass: HomeAssistant,
    coordinator: PushoverGlancesCoordinator | None,
    config: AlertConfig,
    counting: Sequence[str],
) -> str:
    """Return the key of the text that tells whether the alert would be shown now."""
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
        if not entity_ids or not config.states:
            return context
        return replace(context, state=translated_state(hass, entity_ids[0], min(config.states)))
    alert = None if coordinator is None else coordinator.monitor.alerts.get(config.subentry_id)
    if alert is not None and alert.since is not None:
        return AlertContext(counting, alert.since)
    states = [state for entity_id in counting if (state := hass.states.get(entity_id)) is not None]
    return AlertContext(counting, min(state.last_changed for state in states))


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
