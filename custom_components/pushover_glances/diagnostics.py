"""Diagnostics: the settings of widgets and the decisions about them, without the values that they show.

Only the data named here is included: no names of devices, no values of fields, and neither the token nor the user key.
A text or a template may contain these two, so they are removed from settings.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import CONF_ABOVE, CONF_ATTRIBUTE, CONF_BELOW, CONF_CONDITIONS, CONF_FOR, CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.util import dt as dt_util

from .const import (
    CONF_REPLACE,
    CONF_STATES,
    CONF_UNITS,
    CONF_URGENT,
    CONF_USER_KEY,
    CONF_WIDGETS,
    SUBENTRY_TYPE_ALERT,
    SUBENTRY_TYPE_PAGE,
    SUBENTRY_TYPE_WIDGET,
)
from .content.entity_key import last_entity_id_of
from .content.settings import settings_of
from .content.watched import Watched
from .coordinator import PushoverGlancesConfigEntry
from .planner import Entry, WidgetState, actions_of
from .planner.alerts import holds
from .pushover import Field, redactor
from .widget import Widget, WidgetData

_WHEN = (CONF_ATTRIBUTE, CONF_STATES, CONF_ABOVE, CONF_BELOW, CONF_FOR)


async def async_get_config_entry_diagnostics(hass: HomeAssistant, entry: PushoverGlancesConfigEntry) -> dict[str, Any]:
    """Return what is known of an account and its widgets."""
    loaded = entry.state is ConfigEntryState.LOADED
    paused = entry.runtime_data.async_hold() if loaded else None
    return {
        "time_zone": hass.config.time_zone,
        "account": entry.state.value,
        "paused_until": _time(paused.until) if paused is not None else None,
        "paused_because": paused.reason if paused is not None else None,
        "widgets": [_widget(entry, subentry) for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_WIDGET)],
        "pages": [_page(entry, subentry) for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_PAGE)],
        "alerts": [_alert(hass, entry, subentry) for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_ALERT)],
    }


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: PushoverGlancesConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """Return what is known of one widget or alert, or of the account if the device is that of the account."""
    subentry = entry.subentries.get(device.config_subentry_id or "")
    if subentry is None:
        return await async_get_config_entry_diagnostics(hass, entry)
    return _alert(hass, entry, subentry) if subentry.subentry_type == SUBENTRY_TYPE_ALERT else _widget(entry, subentry)


def _widget(entry: PushoverGlancesConfigEntry, subentry: ConfigSubentry) -> dict[str, Any]:
    sources = {name.value: subentry.data[name] for name in Field if name in subentry.data}
    settings = sources | settings_of(subentry.data)
    redact = redactor(entry.data[CONF_TOKEN], entry.data[CONF_USER_KEY])
    configured = {
        "for_all_devices": not subentry.data["device"],
        "settings": {key: _clean(value, redact) for key, value in settings.items()},
    }
    # A widget that was just added exists only after the reload that follows.
    widget = entry.runtime_data.widgets.get(subentry.subentry_id) if entry.state is ConfigEntryState.LOADED else None
    return (
        configured
        if widget is None
        else configured | _live(widget, entry.runtime_data.data.widgets[subentry.subentry_id])
    )


def _alert(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, subentry: ConfigSubentry) -> dict[str, Any]:
    data, watched = subentry.data, Watched.from_data(subentry.data)
    redact = redactor(entry.data[CONF_TOKEN], entry.data[CONF_USER_KEY])
    templates = {name.value: _clean(data[name], redact) for name in Field if name in data}
    units = {last_entity_id_of(hass, key): unit for key, unit in data.get(CONF_UNITS, {}).items()}
    described = {
        "watches": sorted(last_entity_id_of(hass, key) for key in watched.current_keys(hass)),
        "target": None if watched.target is None else watched.target.stored(),
        "when": {key: _clean(data[key], redact) for key in _WHEN if key in data}
        | ({CONF_UNITS: units} if units else {}),
        **({"only_while": _clean(data[CONF_CONDITIONS], redact)} if CONF_CONDITIONS in data else {}),
        "says": templates,
        "replaces": data.get(CONF_REPLACE, False),
        "urgent": data[CONF_URGENT],
        "for_all_widgets": CONF_WIDGETS not in data,
    }
    loaded = entry.state is ConfigEntryState.LOADED
    if not loaded or (alert := entry.runtime_data.monitor.alerts.get(subentry.subentry_id)) is None:
        return described
    causes = alert.state.causes.values()
    return described | {
        "active": bool(alert.active),
        "active_since": _time(alert.began),
        "dismissed": len(alert.dismissed),
        "waits_to_last": sum(cause.active is None for cause in causes),
        "without_state": sum(cause.gone is not None for cause in causes),
        "ended_without_state": len(alert.state.lost),
        **(
            {}
            if alert.conditions is None
            else {"conditions_hold": holds(alert.state), "conditions_error": _clean(alert.conditions.error, redact)}
        ),
    }


def _page(entry: PushoverGlancesConfigEntry, subentry: ConfigSubentry) -> dict[str, Any]:
    redact = redactor(entry.data[CONF_TOKEN], entry.data[CONF_USER_KEY])
    settings = {key: _clean(value, redact) for key, value in subentry.data.items() if key != CONF_WIDGETS}
    described = {"settings": settings, "for_all_widgets": CONF_WIDGETS not in subentry.data}
    loaded = entry.state is ConfigEntryState.LOADED
    if not loaded or (page := entry.runtime_data.pages.pages.get(subentry.subentry_id)) is None:
        return described
    return described | {
        "applies": page.applies(dt_util.utcnow()),
        "conditions_failed": page.error is not None,
        "shown_on": sum(
            widget.page is not None and widget.page.subentry_id == subentry.subentry_id
            for widget in entry.runtime_data.widgets.values()
        ),
    }


def _live(widget: Widget, data: WidgetData) -> dict[str, Any]:
    state = widget.state
    return {
        "status": data.status,
        "next_update": _time(data.due),
        "last_sent": _time(data.accepted),
        "last_sent_had_device": state.has_receiver,
        "updates_left_today": data.left,
        "small_change_since": _time(data.small_since),
        "waiting_for": data.waiting_for,
        "shows_page": data.page is not None,
        "problem": data.problem,
        "mirror_paused": data.paused,
        "restlessness": round(state.restlessness, 3),
        "fields": {name.value: _field(state, name) for name in Field},
        "updates": [_time(moment) for moment in state.ledger.updates],
        "history": list(_history(widget.history)),
    }


def _field(state: WidgetState, name: Field) -> dict[str, Any]:
    """Return what is known of a field, without its value."""
    manual = actions_of(state).get(name)
    shown = state.shown.get(name)
    return {
        "characters_shown": None if shown is None else len(str(shown)),
        "manual": manual is not None,
        "manual_until": _time(manual.until) if manual is not None else None,
        "unavailable_since": _time(state.unavailable.get(name)),
    }


def _history(entries: list[Entry]) -> Iterator[str]:
    """Yield the decisions of the last day as texts, such as "11-23 14:05:10 waiting until 14:20:00: spacing"."""
    for entry in entries:
        time = dt_util.as_local(entry.time)
        if entry.until is None:
            yield f"{time:%m-%d %H:%M:%S} {entry.what}"
            continue
        until = dt_util.as_local(entry.until)
        day = "" if until.date() == time.date() else f"{until:%m-%d} "
        yield f"{time:%m-%d %H:%M:%S} waiting until {day}{until:%H:%M:%S}: {entry.what}"


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else dt_util.as_local(moment).isoformat(timespec="seconds")


def _clean(value: Any, redact: Callable[[str], str]) -> Any:
    """Remove the credentials from a setting, in case a person wrote them into it."""
    if isinstance(value, dict):
        return {key: _clean(item, redact) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item, redact) for item in value]
    return redact(value) if isinstance(value, str) else value
