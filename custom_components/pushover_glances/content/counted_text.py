"""Says which entities count, and how many: "Kitchen window open", "2 windows open", "All closed"."""

from collections.abc import Mapping, Sequence

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.components.cover.const import CoverDeviceClass
from homeassistant.const import ATTR_DEVICE_CLASS, STATE_NOT_HOME, Platform
from homeassistant.core import HomeAssistant, State, callback

from .kinds import KINDS
from .texts import filled_text

# What several entities are called together, by domain and device class; there is a text for each.
_NOUNS: Mapping[tuple[str, str | None], str] = {
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.BATTERY): "alert_batteries",
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.DOOR): "alert_doors",
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.GARAGE_DOOR): "alert_garage_doors",
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.MOISTURE): "alert_leaks",
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.SMOKE): "alert_smoke",
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.WINDOW): "alert_windows",
    (Platform.COVER, CoverDeviceClass.DOOR): "alert_doors",
    (Platform.COVER, CoverDeviceClass.GARAGE): "alert_garage_doors",
    (Platform.COVER, CoverDeviceClass.WINDOW): "alert_windows",
    (Platform.LIGHT, None): "alert_lights",
    (Platform.LOCK, None): "alert_locks",
}
_DOORS = frozenset({"alert_doors", "alert_garage_doors"})


@callback
def one_text(hass: HomeAssistant, name: str, state: str) -> str:
    """Return what is said of one entity, such as "Kitchen window open"; `state` is as people read it."""
    return filled_text(hass, "alert_one", name=name, state=in_a_sentence(hass, state))


@callback
def several_text(hass: HomeAssistant, states: Sequence[State]) -> str | None:
    """Return how many of these entities count, such as "2 windows open"; `None` if there are no words for them."""
    if not states:
        return None
    if all((state.domain, state.state) == ("person", STATE_NOT_HOME) for state in states):
        key: str | None = "some_away"
    else:
        key = next((_key(states, name) for name, kind in KINDS.items() if all(map(kind.is_usual, states))), None)
    return None if key is None else filled_text(hass, key, count=str(len(states)))


def _key(states: Sequence[State], kind: str) -> str:
    """Return the key of the text for several entities of a kind: what they are called, if that is the same for all."""
    nouns = {noun(state.domain, state.attributes.get(ATTR_DEVICE_CLASS)) for state in states}
    if nouns == _DOORS:
        return "alert_doors"
    return (next(iter(nouns)) if len(nouns) == 1 else None) or KINDS[kind].several


def noun(domain: str, device_class: str | None) -> str | None:
    """Return the key of the text for several entities of this kind; `None` if there is no word for it."""
    return _NOUNS.get((domain, device_class)) or _NOUNS.get((domain, None))


def in_a_sentence(hass: HomeAssistant, state: str) -> str:
    """Return a state as it is written after a name."""
    return state if has_nouns(hass) else state[:1].lower() + state[1:]


def has_nouns(hass: HomeAssistant) -> bool:
    """Return whether states may be nouns with a capital, as "Fehler" in German."""
    return hass.config.language.startswith("de")
