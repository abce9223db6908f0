"""Details of the entities of a target: how many of them are open, on or low, and which."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import STATE_ON, Platform
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers.translation import async_translate_state

from ..pushover import NUMBER_FIELDS, Field
from .counted_text import (
    count_text,
    names_text,
    number_text,
    one_text,
    others_text,
    several_text,
    share_text,
    with_unknown,
)
from .detail_result import said
from .kinds import KINDS, Kind
from .last_states import KnownStates, known_states
from .origin import finite
from .rendering import SourceResult
from .state_text import state_in_words
from .target import Target, members_of
from .texts import filled_text


@dataclass(frozen=True, slots=True)
class _Counted:
    """The entities of a target: those that count, and those that may count soon or still, such as a door that opens."""

    kind: Kind
    known: KnownStates
    counted: Sequence[State]
    unsure: Sequence[State]


type _Read = Callable[[HomeAssistant, _Counted], str]


def target_details(name: Field) -> list[str]:
    """Return the details that a field can show of the entities of a target, the usual one first."""
    details = _NUMBERS if name in NUMBER_FIELDS else _TEXTS
    usual = _USUAL.get(name, "how_many")
    return [usual, *(detail for detail in details if detail != usual)]


@callback
def target_result(hass: HomeAssistant, name: Field, target: Target, detail: str) -> SourceResult:
    """Return what a field shows of the entities of a target.

    It has no value while none of them has a state, or while none of them counts and it is not known whether another does.
    """
    entity_ids = members_of(hass, target)
    known = known_states(hass, entity_ids)
    # A later version may have more kinds and details.
    kind, read = KINDS.get(target.kind), (_NUMBERS if name in NUMBER_FIELDS else _TEXTS).get(detail)
    entities = frozenset(entity_ids)
    nothing = SourceResult(text="", entities=entities, has_value=False, until=known.until)
    if kind is None or read is None or not known.is_there:
        return nothing
    counted = [state for state in known.states if kind.is_counted(state)]
    unsure = [state for state in known.states if state not in counted and not kind.is_other(state)]
    if not counted and not unsure and not known.is_known:
        return nothing
    text = read(hass, _Counted(kind, known, counted, unsure))
    return replace(said(known.states, text), entities=entities, is_partial=known.is_partial, until=known.until)


@callback
def _how_many(hass: HomeAssistant, of: _Counted) -> str:
    """Return "2 windows open", "Kitchen window open" of the only one, "All closed", or "1 unknown, 2 closed"."""
    unknown = of.known.unknown
    if len(named := of.counted or of.unsure) == 1:
        text = one_text(hass, named[0].name, _in_words(hass, named[0]))
    elif of.counted:
        text = several_text(hass, of.counted) or filled_text(hass, of.kind.several, count=str(len(of.counted)))
    elif of.unsure:
        text = others_text(hass, of.unsure)
    elif unknown:
        text = number_text(hass, of.kind.other, len(of.known.states))
    else:
        text = filled_text(hass, of.kind.none)
    return with_unknown(hass, text, unknown, is_news=bool(named))


@callback
def _in_words(hass: HomeAssistant, state: State) -> str:
    """Return a state as people read it; a battery whose number counts is low, like one that says so."""
    if finite(state.state) is None:
        return state_in_words(hass, state)
    battery = BinarySensorDeviceClass.BATTERY
    return async_translate_state(hass, STATE_ON, Platform.BINARY_SENSOR, None, None, battery)


@callback
def _names(hass: HomeAssistant, of: _Counted) -> str:
    """Return which of them count, without the words that the names of these share, or else the names of all."""
    named, unknown = [*of.counted, *of.unsure], of.known.unknown
    names = of.known.names(hass)
    if len(named) + len(unknown) > 1:
        told = {*unknown, *[state.entity_id for state in named]}
        names = {entity_id: name for entity_id, name in names.items() if entity_id in told}
    return names_text(hass, names, named, unknown)


def _count(_hass: HomeAssistant, of: _Counted) -> str:
    """Return how many count, or may count; nothing while none does as far as it is known."""
    return count_text([*of.counted, *of.unsure], of.known.unknown)


def _share(_hass: HomeAssistant, of: _Counted) -> str:
    """Return how many of all count, in percent; those that open or close at the moment are left out."""
    return share_text(of.counted, of.known.states, of.known.unknown)


_TEXTS: Mapping[str, _Read] = {"how_many": _how_many, "names": _names}
_NUMBERS: Mapping[str, _Read] = {"how_many": _count, "share": _share}
# What fields show that show something else than how many there are.
_USUAL: Mapping[Field, str] = {Field.SUBTEXT: "names", Field.PERCENT: "share"}
