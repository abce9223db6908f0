"""Keeps the decisions of the last day about each widget during a reload, which every edit of a widget causes."""

from collections.abc import Collection, Mapping

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .planner import Entry

# By account and widget.
_HISTORY: HassKey[dict[str, dict[str, list[Entry]]]] = HassKey(f"{DOMAIN}_history")


@callback
def async_keep_history(hass: HomeAssistant, entry: ConfigEntry, widgets: Collection[str]) -> Mapping[str, list[Entry]]:
    """Return the histories of these widgets, and delete those of removed ones."""
    histories = hass.data.setdefault(_HISTORY, {})
    known = histories.get(entry.entry_id, {})
    histories[entry.entry_id] = {name: known.get(name, []) for name in widgets}
    return histories[entry.entry_id]


@callback
def async_forget_history(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Delete the histories of a removed account."""
    hass.data.get(_HISTORY, {}).pop(entry.entry_id, None)
