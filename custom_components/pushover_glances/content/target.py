"""All entities of a kind in a part of the house: in areas, on floors, with labels, or everywhere."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

from homeassistant.const import ATTR_DEVICE_CLASS, ATTR_ENTITY_ID, Platform
from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, callback, split_entity_id
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
from homeassistant.helpers.event import (
    async_track_state_added_domain,
    async_track_state_change_event,
    async_track_state_removed_domain,
)
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids
from homeassistant.util.hass_dict import HassKey

from .kinds import KINDS, Kind


@dataclass(frozen=True, slots=True)
class Target:
    """The entities of a kind in these areas, on these floors or with these labels; everywhere, if there are none.

    The names are the stored keys; those of places are the ones of Home Assistant's targets.
    """

    kind: str
    area_id: tuple[str, ...] = ()
    floor_id: tuple[str, ...] = ()
    label_id: tuple[str, ...] = ()

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """Read a stored target; keys that a later version has added are ignored."""
        return cls(stored["kind"], **{key: tuple(stored[key]) for key in PLACES if key in stored})

    def stored(self) -> dict[str, Any]:
        """Return the target as it is stored, without what is empty."""
        return {"kind": self.kind, **self.places}

    @property
    def places(self) -> dict[str, list[str]]:
        """Return the areas, floors and labels as Home Assistant's targets have them; empty for everywhere."""
        return {key: [*getattr(self, key)] for key in PLACES if getattr(self, key)}


PLACES = tuple(item.name for item in fields(Target) if item.name != "kind")

# The changes of a registry entry that may add an entity to a target, or take it away.
_CHANGES = frozenset(
    {
        *("area_id", "device_class", "device_id", "disabled_by", "entity_category", "entity_id", "hidden_by"),
        *("labels", "original_device_class"),
    }
)
_DOMAINS = frozenset(domain for kind in KINDS.values() for domain in kind.members)


class TargetMembers:
    """The entities of targets, found once until a registry changes; one object for all accounts."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Listen to what changes the entities of targets."""
        self._hass = hass
        self._found: dict[Target, tuple[str, ...]] = {}
        self._listeners: list[Callable[[], None]] = []
        self._is_telling = False
        self._stop: CALLBACK_TYPE | None = None
        hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._async_entry_changed)
        hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, self._async_changed)
        hass.bus.async_listen(ar.EVENT_AREA_REGISTRY_UPDATED, self._async_changed)
        # Entities without a registry entry exist as long as they have a state, and groups are known by their state.
        async_track_state_added_domain(hass, _DOMAINS, self._async_changed)
        async_track_state_removed_domain(hass, _DOMAINS, self._async_changed)

    @callback
    def of(self, target: Target) -> tuple[str, ...]:
        """Return the ids of the entities of a target."""
        if (found := self._found.get(target)) is None:
            found = self._found[target] = _resolved(self._hass, target)
            self._follow()
        return found

    @callback
    def _follow(self) -> None:
        """Listen to the entities: a group that is unavailable does not list its members."""
        if self._stop is not None:
            self._stop()
        entity_ids = {entity_id for found in self._found.values() for entity_id in found}
        self._stop = async_track_state_change_event(self._hass, entity_ids, self._async_state_changed)

    @callback
    def _async_state_changed(self, event: Event[EventStateChangedData]) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        members = None if new is None else new.attributes.get(ATTR_ENTITY_ID)
        if members is not None and old is not None and members != old.attributes.get(ATTR_ENTITY_ID):
            self._async_changed(event)

    @callback
    def async_listen(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call a function whenever targets may have got other entities; returns what ends this."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def _async_entry_changed(self, event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        data = event.data
        if data["action"] != "update" or not _CHANGES.isdisjoint(data["changes"]):
            self._async_changed(event)

    @callback
    def _async_changed(self, _event: Event[Any]) -> None:
        self._found.clear()
        # Entities are often added or labelled several at a time.
        if self._listeners and not self._is_telling:
            self._is_telling = True
            self._hass.loop.call_soon(self._tell)

    @callback
    def _tell(self) -> None:
        self._is_telling = False
        for listener in [*self._listeners]:
            listener()


_MEMBERS: HassKey[TargetMembers] = HassKey("pushover_glances_target_members")


@callback
def target_members(hass: HomeAssistant) -> TargetMembers:
    """Return the entities of all targets."""
    if (members := hass.data.get(_MEMBERS)) is None:
        members = hass.data[_MEMBERS] = TargetMembers(hass)
    return members


@callback
def members_of(hass: HomeAssistant, target: Target) -> tuple[str, ...]:
    """Return the ids of the entities of a target at the moment, in alphabetical order."""
    return target_members(hass).of(target)


@callback
def _resolved(hass: HomeAssistant, target: Target) -> tuple[str, ...]:
    # A later version may have more kinds.
    if (kind := KINDS.get(target.kind)) is None:
        return ()
    ids = _in_places(hass, target, kind) if target.places else _everywhere(hass, kind)
    found = {entity_id for entity_id in ids if _is_member(hass, kind, entity_id)}
    return tuple(sorted(_without_twins(hass, _without_groups(hass, found))))


@callback
def _in_places(hass: HomeAssistant, target: Target, kind: Kind) -> set[str]:
    selected = async_extract_referenced_entity_ids(
        hass, TargetSelection(target.places), primary_entities_only=not kind.is_diagnostic
    )
    return selected.indirectly_referenced


@callback
def _everywhere(hass: HomeAssistant, kind: Kind) -> Iterable[str]:
    """Return what Home Assistant's targets would find in all areas and outside of them."""
    entries = er.async_get(hass).entities
    for entry in entries.values():
        if entry.hidden_by is None and (kind.is_diagnostic or entry.entity_category is None):
            yield entry.entity_id
    for entity_id in hass.states.async_entity_ids(kind.members):
        if entity_id not in entries:
            yield entity_id


@callback
def _is_member(hass: HomeAssistant, kind: Kind, entity_id: str) -> bool:
    domain = split_entity_id(entity_id)[0]
    if domain not in kind.members:
        return False
    entry, state = er.async_get(hass).async_get(entity_id), hass.states.get(entity_id)
    if entry is not None and entry.disabled_by is not None:
        return False
    device_class = None if entry is None else entry.device_class or entry.original_device_class
    if device_class is None and state is not None:
        device_class = state.attributes.get(ATTR_DEVICE_CLASS)
    return kind.has(domain, device_class)


@callback
def _without_groups(hass: HomeAssistant, entity_ids: set[str]) -> set[str]:
    """Return entities without groups of some of them, so that nothing is counted twice."""
    groups = {
        state.entity_id
        for state in (hass.states.get(entity_id) for entity_id in entity_ids)
        if state is not None
        and isinstance(inner := state.attributes.get(ATTR_ENTITY_ID), list | tuple)
        and not entity_ids.isdisjoint(map(str, inner))
    }
    return entity_ids - groups


@callback
def _without_twins(hass: HomeAssistant, entity_ids: set[str]) -> Sequence[str]:
    """Return entities without those that say whether a battery is low, where its device also tells how full it is."""
    entries = er.async_get(hass)
    devices = {
        entity_id: entry.device_id for entity_id in entity_ids if (entry := entries.async_get(entity_id)) is not None
    }
    measured = {
        device for entity_id, device in devices.items() if device and entity_id.startswith(f"{Platform.SENSOR}.")
    }
    return [
        entity_id
        for entity_id in entity_ids
        if devices.get(entity_id) not in measured or entity_id.startswith(f"{Platform.SENSOR}.")
    ]
