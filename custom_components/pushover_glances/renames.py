"""Follows entities that get another entity id: widgets, alerts and pages of all accounts name them by the new one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from .const import CONFIG_VERSION, DOMAIN
from .content.entity_key import is_gone
from .content.named_entities import with_new_id
from .content.widget_config import WidgetConfig
from .coordinator import PushoverGlancesConfigEntry
from .planner.renames import renamed_alert, renamed_widget
from .records import StoredAccount


@dataclass(frozen=True, slots=True)
class _Rename:
    """An entity that has got another id; `digests` are the new ones of widgets by those from before."""

    old: str
    new: str
    digests: Mapping[str, str]


# In seconds. "Recreate entity IDs" of Home Assistant changes all entities of a device one after the other.
_TOGETHER = 1
# Since Home Assistant started, in their order: when, the old and the new id.
_ALL: HassKey[list[tuple[datetime, str, str]]] = HassKey(f"{DOMAIN}_all_renames")
# By account: what its stored state does not know yet.
_RENAMES: HassKey[dict[str, list[_Rename]]] = HassKey(f"{DOMAIN}_renames")


@callback
def async_follow_renames(hass: HomeAssistant) -> None:
    """Change the configuration of every account when an entity gets another id."""

    @callback
    def renamed(event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        data = event.data
        if data["action"] == "update" and (old := data.get("old_entity_id")) is not None:
            hass.data.setdefault(_ALL, []).append((event.time_fired, old, data["entity_id"]))
            for entry in hass.config_entries.async_entries(DOMAIN):
                # An account of a later version is not loaded, and cannot be read.
                if entry.version <= CONFIG_VERSION:
                    _rename(hass, entry, old, data["entity_id"])

    hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, renamed)


@callback
def with_new_ids(hass: HomeAssistant, data: Mapping[str, Any], since: datetime) -> dict[str, Any]:
    """Return the data of a subentry with the new ids of entities that have got another one since a time."""
    for time, old, new in hass.data.get(_ALL, ()):
        # Another entity may have the old id now.
        if time >= since and is_gone(hass, old):
            data = with_new_id(data, old, new)
    return dict(data)


@callback
def _rename(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, old: str, new: str) -> None:
    """Change the subentries that name the entity; an account that is loaded is soon loaded again."""
    data = {item.subentry_id: with_new_id(item.data, old, new) for item in entry.subentries.values()}
    changed = {name: new_data for name, new_data in data.items() if new_data != entry.subentries[name].data}
    if not changed:
        return
    if entry.state is ConfigEntryState.LOADED and not has_renames(hass, entry):
        _await_reload(hass, entry)
    renames = hass.data.setdefault(_RENAMES, {}).setdefault(entry.entry_id, [])
    before = WidgetConfig.all_of(entry)
    for name, new_data in changed.items():
        hass.config_entries.async_update_subentry(entry, entry.subentries[name], data=new_data)
    digests = {was.digest: now.digest for was, now in zip(before, WidgetConfig.all_of(entry), strict=True)}
    renames.append(_Rename(old, new, digests))


@callback
def _await_reload(hass: HomeAssistant, entry: PushoverGlancesConfigEntry) -> None:
    """Load an account again in a moment; until then the entity may be nowhere, and others may be renamed with it."""
    entry.runtime_data.async_await_reload()

    @callback
    def reload(_now: datetime) -> None:
        hass.config_entries.async_schedule_reload(entry.entry_id)

    entry.async_on_unload(async_call_later(hass, _TOGETHER, reload))


@callback
def has_renames(hass: HomeAssistant, entry: PushoverGlancesConfigEntry) -> bool:
    """Return whether an entity has got another id since the account was set up, which is then loaded again."""
    return entry.entry_id in hass.data.get(_RENAMES, {})


@callback
def async_rename_stored(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, account: StoredAccount) -> None:
    """Let the stored state of an account name entities as its configuration does, so that the rename alone sends nothing."""
    for item in hass.data.get(_RENAMES, {}).pop(entry.entry_id, ()):
        for device, state in account.screens.items():
            known = renamed_widget(state, item.old, item.new, account.alerts.keys())
            digest = item.digests.get(state.configuration, state.configuration)
            account.screens[device] = replace(known, configuration=digest)
        for name, alert in account.alerts.items():
            account.alerts[name] = renamed_alert(alert, item.old, item.new)
