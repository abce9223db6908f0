"""Details of several entities, or of a group's members: how many of them are open, on or at home, and which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
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
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers.translation import async_get_cached_translations

from .detail_result import no_value, said
from .entity_facts import EntityFacts
from .no_value import NO_STATE
from .rendering import SourceResult, existing, is_in_transition
from .state_text import state_in_words
from .texts import cached_text, filled_text

_FULL = 100
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


@dataclass(frozen=True, slots=True)
class _Counted:
    """The members that have a state, those of them that are counted, and whether others have no state.

    `kind` names the texts of our own that count them, where the words of their states would not do.
    """

    known: Sequence[State]
    active: Sequence[State]
    is_partial: bool
    kind: str | None

    def said(self, states: Sequence[State], text: str) -> SourceResult:
        """Return a text about the members."""
        return replace(said([*states, *self.known], text), is_partial=self.is_partial)


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
    """Return "2 open", or "All closed"."""
    if (counted := _counted(hass, states)) is None:
        return no_value(states)
    return counted.said(states, _how_many(hass, counted))


@callback
def count_texts(hass: HomeAssistant, states: Sequence[State]) -> list[str]:
    """Return what `how_many` says of none and of two of them."""
    counted = _counted(hass, states) if states else None
    if counted is None:
        return []
    return [_how_many(hass, replace(counted, active=active)) for active in ((), counted.known[:2])]


@callback
def active_count(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return how many are open, on or at home, as a number."""
    if (counted := _counted(hass, states)) is None:
        return no_value(states)
    return counted.said(states, str(len(counted.active)))


@callback
def active_percent(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return how many are open, on or at home, as a percentage of all; not while the only one opens or closes."""
    if (counted := _counted(hass, states)) is None:
        return no_value(states)
    whole = [state for state in counted.known if not is_in_transition(state)]
    if not whole:
        # A text without a number: the field keeps its value.
        return counted.said(states, counted.known[0].state)
    return counted.said(states, str(round(_FULL * len(counted.active) / len(whole))))


@callback
def active_names(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return the names of those that are open, on or at home, without the words that all of them share."""
    if (counted := _counted(hass, states)) is None:
        return no_value(states)
    names = dict(zip(counted.known, distinct([state.name for state in counted.known]), strict=True))
    return counted.said(states, ", ".join([names[state] for state in counted.active]))


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
def _counted(hass: HomeAssistant, states: Sequence[State]) -> _Counted | None:
    """Return the members; `None` if none of them has a state, or the zone has none."""
    is_zone = states[0].domain == ZONE
    if is_zone and states[0].state in NO_STATE:
        return None
    ids = list(dict.fromkeys(_members(hass, states, set())))
    known = [state for state in existing(hass, ids) if state.state not in NO_STATE]
    if is_zone:
        kind = "home" if states[0].entity_id == ENTITY_ID_HOME else "here"
        return _Counted(known, known, len(known) < len(ids), kind)
    if not known:
        return None
    active = [state for state in known if state.state == _states_of(state)[0]]
    return _Counted(known, active, len(known) < len(ids), _kind(known[0]))


@callback
def _members(hass: HomeAssistant, states: Sequence[State], seen: set[str]) -> Iterator[str]:
    """Yield the entities, and those of groups and zones instead of these; a group may hold itself."""
    for state in states:
        if state.entity_id in seen:
            continue
        seen.add(state.entity_id)
        inner = state.attributes.get(_PERSONS if state.domain == ZONE else ATTR_ENTITY_ID)
        if not isinstance(inner, list | tuple):
            yield state.entity_id
            continue
        for entity_id in map(str, inner):
            member = hass.states.get(entity_id)
            if member is None:
                yield entity_id
            else:
                yield from _members(hass, [member], seen)


@callback
def _how_many(hass: HomeAssistant, counted: _Counted) -> str:
    """Return the number in words of our own where the grammar of the language needs them, or else of the state."""
    count, kind = len(counted.active), counted.kind
    # A person who is not at home may be in any zone, but a cover that is not open need not be closed.
    is_none = count == 0 and (
        kind in ("home", "here") or all(state.state == _states_of(state)[1] for state in counted.known)
    )
    if kind is not None:
        return filled_text(hass, f"none_{kind}" if is_none else f"some_{kind}", count=str(count))
    active, inactive = _states_of(counted.known[0])
    if is_none:
        return state_in_words(hass, counted.known[0], inactive)
    word = state_in_words(hass, counted.known[0], active)
    return f"{count} {word[:1].lower()}{word[1:]}"


def _states_of(state: State) -> tuple[str, str]:
    return _STATES.get(state.domain, _ON_OR_OFF)


def _kind(state: State) -> str | None:
    """Return which words of our own count entities like this one."""
    device_class = state.attributes.get(ATTR_DEVICE_CLASS)
    states = _states_of(state)
    if states == _OPEN_OR_CLOSED or (state.domain == Platform.BINARY_SENSOR and device_class in OPENINGS):
        return "open"
    if states == _HOME_OR_AWAY:
        return "home"
    is_plain = state.domain != Platform.BINARY_SENSOR or device_class is None
    return "on" if states == _ON_OR_OFF and is_plain else None


def distinct(names: Sequence[str]) -> list[str]:
    """Return names without the first and the last words that all of them have, such as "window"."""
    words = [name.split() for name in names]
    for at in (0, -1):
        while len(words) > 1 and all(len(item) > 1 for item in words) and len({item[at] for item in words}) == 1:
            for item in words:
                item.pop(at)
    return [" ".join(item) for item in words]
