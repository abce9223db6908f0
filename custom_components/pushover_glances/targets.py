"""The widgets that an action is for, and whether its caller may control them."""

from collections.abc import Collection, Iterable
import logging

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components.notify.const import DOMAIN as NOTIFY_DOMAIN
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import ATTR_ENTITY_ID, CONF_ENTITIES, ENTITY_MATCH_ALL
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
    target as target_helpers,
)
from homeassistant.helpers.entity import entity_sources
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from .const import DOMAIN, SUBENTRY_TYPE_WIDGET
from .coordinator import PushoverGlancesConfigEntry
from .exceptions import translated

_LOGGER = logging.getLogger(__name__)

# An empty target, such as one from a template that found nothing, means no widget; a missing target means all.
_TARGET_KEYS = frozenset(map(str, cv.TARGET_SERVICE_FIELDS))
_GROUP_DOMAIN = "group"

type Target = tuple[PushoverGlancesConfigEntry, ConfigSubentry]


async def async_targets(call: ServiceCall) -> list[Target]:
    """Return the widgets of a call, each once; raises if there is none, or if the caller may not control them."""
    hass = call.hass
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False, include_disabled=False)
    widgets = [
        (entry, subentry) for entry in entries for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_WIDGET)
    ]
    selection = TargetSelection(call.data)
    means_all = ENTITY_MATCH_ALL in selection.entity_ids
    if call.data.keys().isdisjoint(_TARGET_KEYS):
        if len(entries) > 1:
            raise translated(ServiceValidationError, "several_accounts")
        means_all = True
    else:
        widgets = _selected(hass, selection, widgets)
    if not widgets:
        raise translated(ServiceValidationError, "no_widget")
    return await _async_permitted(call, widgets, means_all=means_all)


async def _async_permitted(call: ServiceCall, widgets: list[Target], *, means_all: bool) -> list[Target]:
    """Return the widgets that the caller may control; raises Unauthorized if there is none, or if one was specified.

    This is what `entity_service_call` of Home Assistant does for the action `notify.send_message`.
    """
    if not call.context.user_id:
        return widgets
    user = await call.hass.auth.async_get_user(call.context.user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    if user.is_admin:
        return widgets
    entities = er.async_get(call.hass)
    permitted: list[Target] = []
    for entry, subentry in widgets:
        entity_id = entities.async_get_entity_id(NOTIFY_DOMAIN, DOMAIN, f"{subentry.subentry_id}_notify")
        if entity_id is not None and user.permissions.check_entity(entity_id, POLICY_CONTROL):
            permitted.append((entry, subentry))
        elif not means_all:
            raise Unauthorized(context=call.context, entity_id=entity_id, permission=POLICY_CONTROL)
    if not permitted:
        raise Unauthorized(context=call.context, permission=POLICY_CONTROL)
    return permitted


def _selected(hass: HomeAssistant, selection: TargetSelection, widgets: list[Target]) -> list[Target]:
    """Return the targeted widgets, and log what is missing."""
    chosen = async_extract_referenced_entity_ids(hass, selection)
    found = _subentries(hass, chosen.referenced | chosen.indirectly_referenced, chosen.referenced_devices)
    if ENTITY_MATCH_ALL in selection.entity_ids:
        found = {subentry.subentry_id for _, subentry in widgets}
    named = selection.entity_ids - {ENTITY_MATCH_ALL}
    ours = {subentry.subentry_id for _, subentry in widgets}
    chosen.log_missing({name for name in named if ours.isdisjoint(_subentries(hass, [name]))}, _LOGGER)
    found -= _excluded(hass, selection)
    return [(entry, subentry) for entry, subentry in widgets if subentry.subentry_id in found]


def _excluded(hass: HomeAssistant, selection: TargetSelection) -> set[str]:
    """Return the subentries of excluded entities and devices, and log what is missing.

    `exclude` exists from Home Assistant 2026.11 on.
    """
    if (exclude := getattr(selection, "exclude", None)) is None:
        return set()
    entities: set[str] = getattr(target_helpers, "async_extract_excluded_entity_ids")(hass, selection)  # noqa: B009
    chosen = async_extract_referenced_entity_ids(hass, exclude)
    registry = er.async_get(hass)
    missing = {
        name for name in exclude.entity_ids if registry.async_get(name) is None and hass.states.get(name) is None
    }
    chosen.log_missing(missing, _LOGGER)
    return _subentries(hass, entities, chosen.referenced_devices)


def _subentries(hass: HomeAssistant, entity_ids: Iterable[str], device_ids: Collection[str] = ()) -> set[str]:
    """Return the subentries of entities and devices; the device of an account means all its widgets."""
    entities = er.async_get(hass)
    devices = dr.async_get(hass)
    items = (*map(entities.async_get, _expand(hass, entity_ids)), *map(devices.async_get, device_ids))
    found = {item.config_subentry_id for item in items if item is not None and item.config_subentry_id is not None}
    for entry in hass.config_entries.async_entries(DOMAIN):
        account = devices.async_get_device_by_identifier((DOMAIN, entry.entry_id), config_entry_id=entry.entry_id)
        if account is not None and account.id in device_ids:
            found |= entry.subentries.keys()
    return found


def _expand(hass: HomeAssistant, entity_ids: Iterable[str]) -> set[str]:
    """Return entities, and the members of those that are groups.

    `expand_entity_ids` of Home Assistant knows the members of old groups and of groups of locks only.
    """
    found: set[str] = set()
    search = [*entity_ids]
    while search:
        if (entity_id := search.pop()) not in found:
            found.add(entity_id)
            search += _members(hass, entity_id)
    return found


def _members(hass: HomeAssistant, entity_id: str) -> list[str]:
    """Return the members of a group; one that is unavailable has them in its options alone."""
    item = er.async_get(hass).async_get(entity_id)
    source = entity_sources(hass).get(entity_id)
    if (item.platform if item is not None else source and source["domain"]) != _GROUP_DOMAIN:
        return []
    state = hass.states.get(item.entity_id if item is not None else entity_id)
    entry = hass.config_entries.async_get_entry(item.config_entry_id or "") if item is not None else None
    members = state.attributes.get(ATTR_ENTITY_ID) if state is not None else None
    return [*(members or (entry.options.get(CONF_ENTITIES, ()) if entry is not None else ()))]
