"""The kinds of entities that are counted wherever they are: which entities they are, and which of their states count."""

from collections.abc import Mapping
from dataclasses import dataclass

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.components.cover.const import CoverDeviceClass
from homeassistant.components.lock.const import LockState
from homeassistant.components.sensor.const import SensorDeviceClass
from homeassistant.const import (
    ATTR_DEVICE_CLASS,
    STATE_CLOSED,
    STATE_HOME,
    STATE_NOT_HOME,
    STATE_OFF,
    STATE_ON,
    STATE_OPEN,
    Platform,
)
from homeassistant.core import State

from .origin import finite

# In percent; where the low battery alerts of most people begin.
LOW_BATTERY = 20


@dataclass(frozen=True, slots=True)
class Members:
    """The entities of one domain that are of a kind: their device classes (`None`: any), and the states that count.

    `others` are the states in which one does not count for sure.
    """

    classes: frozenset[str] | None
    states: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entities, by domain.

    `none` is the key of the text if no state counts, `other` is the word for those whose state does not count, and
    `several` is the key of the text if several entities count that are called differently. A number counts `below` a limit. `alert_states` are the states that an alert begins with, if a
    person can choose these.
    """

    members: Mapping[str, Members]
    none: str
    other: str
    several: str
    below: float | None = None
    alert_states: tuple[str, ...] = ()
    is_diagnostic: bool = False

    @property
    def states(self) -> tuple[str, ...]:
        """Return the states in which an alert about these entities is active."""
        counted = dict.fromkeys(state for members in self.members.values() for state in members.states)
        return self.alert_states or tuple(counted)

    def has(self, domain: str, device_class: str | None) -> bool:
        """Return whether an entity is of this kind."""
        members = self.members.get(domain)
        return members is not None and (members.classes is None or device_class in members.classes)

    def is_usual(self, state: State) -> bool:
        """Return whether an entity is of this kind, and in a state that counts, or a number that may."""
        if not self.has(state.domain, state.attributes.get(ATTR_DEVICE_CLASS)):
            return False
        is_number = self.below is not None and finite(state.state) is not None
        return is_number or state.state in self.members[state.domain].states

    def is_counted(self, state: State) -> bool:
        """Return whether the state of an entity of this kind counts."""
        if self.below is not None and (number := finite(state.state)) is not None:
            return number < self.below
        return state.state in self.members[state.domain].states

    def is_other(self, state: State) -> bool:
        """Return whether the state of an entity of this kind does not count, and is not on its way to one that does."""
        if self.below is not None and finite(state.state) is not None:
            return not self.is_counted(state)
        others = self.members[state.domain].others
        return state.state in others or (not others and not self.is_counted(state))


_Binary = BinarySensorDeviceClass


def _binary(*classes: str) -> Members:
    return Members(frozenset(classes), (STATE_ON,), (STATE_OFF,))


KINDS: Mapping[str, Kind] = {
    "openings": Kind(
        {
            Platform.BINARY_SENSOR: _binary(_Binary.DOOR, _Binary.GARAGE_DOOR, _Binary.OPENING, _Binary.WINDOW),
            Platform.COVER: Members(
                frozenset(
                    {CoverDeviceClass.DOOR, CoverDeviceClass.GARAGE, CoverDeviceClass.GATE, CoverDeviceClass.WINDOW}
                ),
                (STATE_OPEN,),
                (STATE_CLOSED,),
            ),
        },
        none="none_open",
        other="closed",
        several="alert_openings",
    ),
    "lights": Kind(
        {Platform.LIGHT: Members(None, (STATE_ON,), (STATE_OFF,))},
        none="none_on",
        other="unlit",
        several="alert_lights",
    ),
    "locks": Kind(
        {
            Platform.LOCK: Members(None, (LockState.UNLOCKED, LockState.OPEN, LockState.JAMMED), (LockState.LOCKED,)),
            Platform.BINARY_SENSOR: _binary(_Binary.LOCK),
        },
        none="none_unlocked",
        other="locked",
        several="alert_locks",
    ),
    # A person who is not at home may be in any zone.
    "people": Kind(
        {"person": Members(None, (STATE_HOME,), ())},
        none="none_home",
        other="away",
        several="some_home",
        alert_states=(STATE_NOT_HOME,),
    ),
    "batteries": Kind(
        {
            Platform.BINARY_SENSOR: _binary(_Binary.BATTERY),
            Platform.SENSOR: Members(frozenset({SensorDeviceClass.BATTERY}), (), ()),
        },
        none="none_low",
        other="ok",
        several="alert_batteries",
        below=LOW_BATTERY,
        is_diagnostic=True,
    ),
    "hazards": Kind(
        {Platform.BINARY_SENSOR: _binary(_Binary.CO, _Binary.GAS, _Binary.MOISTURE, _Binary.SMOKE)},
        none="none_hazards",
        other="ok",
        several="alert_hazards",
    ),
}
