"""Details of several entities, or of a group's members: how many of them are open, on or at home, and which."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.components.cover.const import CoverDeviceClass
from homeassistant.components.lock.const import LockState
from homeassistant.components.zone import ENTITY_ID_HOME
from homeassistant.components.zone.const import DOMAIN as ZONE
from homeassistant.const import (
    ATTR_DEVICE_CLASS,
    ATTR_ENTITY_ID,
    STATE_CLOSED,
    STATE_HOME,
    STATE_NOT_HOME,
    STATE_OFF,
    STATE_ON,
    STATE_OPEN,
    Platform,
)
from homeassistant.core import HomeAssistant, State, callback, valid_entity_id
from homeassistant.helpers.translation import async_get_cached_translations

from .counted_text import count_text, names_text, number_text, others_text, share_text, unlocked_text, with_unknown
from .detail_result import no_value, said
from .entity_facts import EntityFacts
from .last_states import KnownStates, known_states, last_states
from .no_value import NO_STATE
from .rendering import SourceResult
from .state_text import state_in_words
from .texts import cached_text, filled_text

# The attribute of a zone that lists who is in it.
_PERSONS = "persons"
OPENINGS = frozenset(
    {
        BinarySensorDeviceClass.DOOR,
        BinarySensorDeviceClass.GARAGE_DOOR,
        BinarySensorDeviceClass.OPENING,
        BinarySensorDeviceClass.WINDOW,
    }
)
# The state that is counted in each domain, and the state of the others.
_OPEN_OR_CLOSED = (STATE_OPEN, STATE_CLOSED)
_ON_OR_OFF = (STATE_ON, STATE_OFF)
_HOME_OR_AWAY = (STATE_HOME, STATE_NOT_HOME)
_STATES: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys((Platform.COVER, Platform.VALVE), _OPEN_OR_CLOSED),
    **dict.fromkeys(("person", Platform.DEVICE_TRACKER), _HOME_OR_AWAY),
    **dict.fromkeys(
        (Platform.BINARY_SENSOR, Platform.FAN, Platform.HUMIDIFIER, Platform.LIGHT, Platform.SIREN, Platform.SWITCH),
        _ON_OR_OFF,
    ),
    **dict.fromkeys(("automation", "input_boolean"), _ON_OR_OFF),
    Platform.LOCK: (LockState.UNLOCKED, LockState.LOCKED),
}
# More states that are counted.
_NOT_LOCKED = frozenset({LockState.OPEN, LockState.JAMMED})


class _Words(NamedTuple):
    """Our own words for entities of a kind: the key of the text if none counts, and the words for those that do and do not.

    Languages with genders need one for each of them: a window that is open is "ouverte" in French, and a blind "ouvert".
    """

    none: str
    counted: str
    other: str


_OPEN = _Words("none_open", "open", "closed")
_HOME = _Words("none_home", "home", "away")
_HERE = _Words("none_here", "here", "away")
_ON = _Words("none_on", "on", "off")
_LOCKS = _Words("none_unlocked", "unlocked", "locked")
# By domain and device class; `None` is any other device class.
_WORDS: Mapping[tuple[str, str | None], _Words] = {
    **dict.fromkeys([(Platform.BINARY_SENSOR, item) for item in OPENINGS], _OPEN),
    **dict.fromkeys(
        [(Platform.COVER, item) for item in (CoverDeviceClass.DOOR, CoverDeviceClass.GARAGE, CoverDeviceClass.WINDOW)],
        _OPEN,
    ),
    (Platform.COVER, CoverDeviceClass.GATE): _Words("none_open", "gates_open", "gates_closed"),
    (Platform.COVER, None): _Words("none_open", "covers_open", "covers_closed"),
    (Platform.VALVE, None): _OPEN,
    **dict.fromkeys([(domain, None) for domain, states in _STATES.items() if states == _HOME_OR_AWAY], _HOME),
    **dict.fromkeys(
        [
            (domain, None)
            for domain, states in _STATES.items()
            if states == _ON_OR_OFF and domain != Platform.BINARY_SENSOR
        ],
        _ON,
    ),
    (Platform.LIGHT, None): _Words("none_on", "lit", "unlit"),
    (Platform.LOCK, None): _LOCKS,
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.LOCK): _LOCKS,
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.BATTERY): _Words("none_ok", "low", "ok"),
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.MOISTURE): _Words("none_ok", "leaks", "ok"),
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.PROBLEM): _Words("none_ok", "problems", "ok"),
}


@dataclass(frozen=True, slots=True)
class _Members:
    """The members that have a state, or had one a short time ago; which of them are counted, and of which it is not sure.

    `words` are our own, `None` if those of their states have to do.
    """

    known: KnownStates
    active: Sequence[State]
    unsure: Sequence[State]
    words: _Words | None

    @property
    def states(self) -> Sequence[State]:
        """Return the members that have a state, or had one."""
        return self.known.states

    def said(self, states: Sequence[State], text: str) -> SourceResult:
        """Return a text about the members."""
        result = said([*states, *self.states], text)
        return replace(
            result,
            entities=result.entities | {*self.known.entity_ids},
            is_partial=self.known.is_partial,
            until=self.known.until,
        )


def is_counted(facts: Sequence[EntityFacts]) -> bool:
    """Return whether the entities can be counted: several that have such states, a group of them, or a zone."""
    if len(facts) == 1:
        first = facts[0]
        # The one entity that a threshold or a trend watches has the same attribute.
        is_group = isinstance(first.attributes.get(ATTR_ENTITY_ID), list | tuple)
        return first.domain == ZONE or (is_group and first.domain in {*_STATES, "group"})
    return all(item.domain in _STATES for item in facts)


def is_either(facts: Sequence[EntityFacts]) -> bool:
    """Return whether an entity is either open or closed, or either on or off."""
    return len(facts) == 1 and _STATES.get(facts[0].domain) in (_OPEN_OR_CLOSED, _ON_OR_OFF)


@callback
def how_many(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return "2 open", "All closed", or "1 unknown, 2 closed"."""
    return _read(hass, states, _how_many)


@callback
def count_texts(hass: HomeAssistant, states: Sequence[State]) -> list[str]:
    """Return what `how_many` says of none and of two of them."""
    members = _members(hass, states) if states else None
    if members is None:
        return []
    usual = replace(members, known=replace(members.known, unknown=()), unsure=())
    return [_how_many(hass, replace(usual, active=active)) for active in ((), members.states[:2])]


@callback
def active_count(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return how many are open, on or at home, or may be, as a number; nothing while none is as far as it is known."""

    def read(_hass: HomeAssistant, of: _Members) -> str:
        return count_text([*of.active, *of.unsure], of.known.unknown)

    return _read(hass, states, read)


@callback
def active_percent(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return how many are open, on or at home, as a percentage of all; not while the only one opens or closes."""

    def read(_hass: HomeAssistant, of: _Members) -> str:
        return share_text(of.active, of.states, of.known.unknown)

    return _read(hass, states, read)


@callback
def active_names(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return the names of those that are open, on or at home, without the words that all of them share."""

    def read(hass: HomeAssistant, of: _Members) -> str:
        return names_text(hass, of.known.names(hass), [*of.active, *of.unsure], of.known.unknown)

    return _read(hass, states, read)


@callback
def _read(hass: HomeAssistant, states: Sequence[State], read: Callable[[HomeAssistant, _Members], str]) -> SourceResult:
    """Return what is read of the members.

    There is no value while none of them has a state, or while none counts and it is not known whether another does.
    """
    members = _members(hass, states)
    if members is None:
        return no_value(states)
    if not members.active and not members.unsure and not members.known.is_known:
        return replace(members.said(states, ""), has_value=False)
    return members.said(states, read(hass, members))


@callback
def name_of_several(hass: HomeAssistant, states: Sequence[State]) -> str:
    """Return what several binary sensors of the same kind are called, such as "Windows"; nothing if they differ."""
    if not states:
        return ""
    classes = {(state.domain, state.attributes.get(ATTR_DEVICE_CLASS)) for state in states}
    domain, device_class = next(iter(classes))
    if len(classes) != 1 or domain != Platform.BINARY_SENSOR or device_class is None:
        return ""
    texts = async_get_cached_translations(hass, hass.config.language, "entity_component", domain)
    return cached_text(hass, f"several_{device_class}") or texts.get(
        f"component.{domain}.entity_component.{device_class}.name", ""
    )


@callback
def _members(hass: HomeAssistant, states: Sequence[State]) -> _Members | None:
    """Return the members; `None` if none of them has a state, or the zone has none."""
    is_zone = states[0].domain == ZONE
    if is_zone and states[0].state in NO_STATE:
        return None
    known = known_states(hass, dict.fromkeys(_member_ids(hass, states, set())))
    if is_zone:
        return _Members(known, known.states, (), _HOME if states[0].entity_id == ENTITY_ID_HOME else _HERE)
    if not known.is_there:
        return None
    active = [state for state in known.states if _is_active(state)]
    unsure = [state for state in known.states if state not in active and not _is_inactive(state)]
    return _Members(known, active, unsure, _words_of(known.states[0]))


@callback
def _member_ids(hass: HomeAssistant, states: Sequence[State], seen: set[str]) -> Iterator[str]:
    """Yield the entities, and those of groups and zones instead of these; a group may hold itself."""
    for state in states:
        if state.entity_id in seen:
            continue
        seen.add(state.entity_id)
        # A group that is unavailable does not list its members, so those from before count.
        last = last_states(hass).lost(state.entity_id, state)[0] if state.state in NO_STATE else None
        inner = (last or state).attributes.get(_PERSONS if state.domain == ZONE else ATTR_ENTITY_ID)
        if not isinstance(inner, list | tuple):
            yield state.entity_id
            continue
        for entity_id in map(str, inner):
            member = hass.states.get(entity_id)
            if member is not None:
                yield from _member_ids(hass, [member], seen)
            elif valid_entity_id(entity_id):
                yield entity_id


@callback
def _how_many(hass: HomeAssistant, of: _Members) -> str:
    """Return the number in words of our own where there are some, or else in that of the state."""
    count, words, unknown = len(of.active), of.words, of.known.unknown
    if not count and of.unsure:
        return with_unknown(hass, others_text(hass, of.unsure), unknown, is_news=True)
    if words is None:
        active, inactive = (state_in_words(hass, of.states[0], state) for state in _states_of(of.states[0]))
        text = f"{active} ({count})" if count else f"{inactive} ({len(of.states)})" if unknown else inactive
    elif words is _LOCKS and count:
        text = unlocked_text(hass, of.active)
    elif count:
        text = number_text(hass, words.counted, count)
    else:
        text = number_text(hass, words.other, len(of.states)) if unknown else filled_text(hass, words.none)
    return with_unknown(hass, text, unknown, is_news=bool(count))


def _states_of(state: State) -> tuple[str, str]:
    return _STATES.get(state.domain, _ON_OR_OFF)


def _is_active(state: State) -> bool:
    return state.state == _states_of(state)[0] or (state.domain == Platform.LOCK and state.state in _NOT_LOCKED)


def _is_inactive(state: State) -> bool:
    """Return whether an entity does not count for sure; a person who is not at home may be in any zone."""
    return state.state == _states_of(state)[1] or (_states_of(state) == _HOME_OR_AWAY and not _is_active(state))


def _words_of(state: State) -> _Words | None:
    device_class = state.attributes.get(ATTR_DEVICE_CLASS)
    if state.domain == Platform.BINARY_SENSOR:
        return _ON if device_class is None else _WORDS.get((state.domain, device_class))
    return _WORDS.get((state.domain, device_class)) or _WORDS.get((state.domain, None))
