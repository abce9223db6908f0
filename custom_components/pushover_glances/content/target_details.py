"""Details of the entities of a target: how many of them are open, on or low, and which."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import STATE_ON, Platform
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers.translation import async_translate_state

from ..pushover import NUMBER_FIELDS, Field
from .counted_text import one_text, several_text
from .detail_result import said
from .group_details import distinct
from .kinds import KINDS, Kind
from .no_value import NO_STATE
from .origin import finite
from .rendering import SourceResult, existing, is_in_transition
from .state_text import state_in_words
from .target import Target, members_of
from .texts import filled_text

_FULL = 100

# The states of the entities, and of those of them that count.
type _Read = Callable[[HomeAssistant, Kind, Sequence[State], Sequence[State]], str]


def target_details(name: Field) -> list[str]:
    """Return the details that a field can show of the entities of a target, the usual one first."""
    details = _NUMBERS if name in NUMBER_FIELDS else _TEXTS
    usual = _USUAL.get(name, "how_many")
    return [usual, *(detail for detail in details if detail != usual)]


@callback
def target_result(hass: HomeAssistant, name: Field, target: Target, detail: str) -> SourceResult:
    """Return what a field shows of the entities of a target; no value while none of them has a state."""
    entity_ids = frozenset(members_of(hass, target))
    states = [state for state in existing(hass, sorted(entity_ids)) if state.state not in NO_STATE]
    # A later version may have more kinds and details.
    kind, read = KINDS.get(target.kind), (_NUMBERS if name in NUMBER_FIELDS else _TEXTS).get(detail)
    if kind is None or read is None or not states:
        return SourceResult(text="", entities=entity_ids, has_value=False)
    text = read(hass, kind, states, [state for state in states if kind.is_counted(state)])
    return replace(said(states, text), entities=entity_ids, is_partial=len(states) < len(entity_ids))


@callback
def _how_many(hass: HomeAssistant, kind: Kind, states: Sequence[State], counted: Sequence[State]) -> str:
    """Return "2 windows open", "Kitchen window open" of the only one, or "All closed"."""
    if len(counted) == 1:
        return one_text(hass, counted[0].name, _in_words(hass, counted[0]))
    # A cover that is not open need not be closed.
    if not counted and all(map(kind.is_other, states)):
        return filled_text(hass, kind.none)
    return several_text(hass, counted) or filled_text(hass, kind.several, count=str(len(counted)))


@callback
def _in_words(hass: HomeAssistant, state: State) -> str:
    """Return a state as people read it; a battery whose number counts is low, like one that says so."""
    if finite(state.state) is None:
        return state_in_words(hass, state)
    battery = BinarySensorDeviceClass.BATTERY
    return async_translate_state(hass, STATE_ON, Platform.BINARY_SENSOR, None, None, battery)


def _names(_hass: HomeAssistant, _kind: Kind, states: Sequence[State], counted: Sequence[State]) -> str:
    """Return which of them count, without the words that the names of these share, or else the names of all."""
    named = counted if len(counted) > 1 else states
    names = dict(zip(named, distinct([state.name for state in named]), strict=True))
    return ", ".join([names[state] for state in counted])


def _count(_hass: HomeAssistant, _kind: Kind, _states: Sequence[State], counted: Sequence[State]) -> str:
    return str(len(counted))


def _share(_hass: HomeAssistant, _kind: Kind, states: Sequence[State], counted: Sequence[State]) -> str:
    """Return how many of all count, in percent; those that open or close at the moment are left out."""
    settled = [state for state in states if not is_in_transition(state)]
    # A text without a number: the field keeps its value.
    return str(round(_FULL * len(counted) / len(settled))) if settled else states[0].state


_TEXTS: Mapping[str, _Read] = {"how_many": _how_many, "names": _names}
_NUMBERS: Mapping[str, _Read] = {"how_many": _count, "share": _share}
# What fields show that show something else than how many there are.
_USUAL: Mapping[Field, str] = {Field.SUBTEXT: "names", Field.PERCENT: "share"}
