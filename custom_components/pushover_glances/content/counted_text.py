"""Says which entities count, and how many: "Kitchen window open", "2 windows open", "All closed"."""

from collections import Counter
from collections.abc import Mapping, Sequence

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.components.cover.const import CoverDeviceClass
from homeassistant.components.lock.const import LockState
from homeassistant.const import ATTR_DEVICE_CLASS, STATE_NOT_HOME, Platform
from homeassistant.core import HomeAssistant, State, callback

from .kinds import KINDS
from .rendering import is_in_transition
from .state_text import state_in_words
from .texts import cached_text, filled_text

# Characters of a line on a watch.
LINE = 19
_FULL = 100
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
        return number_text(hass, "away", len(states))
    name = next((name for name, kind in KINDS.items() if all(map(kind.is_usual, states))), None)
    if name is None:
        return None
    if any(state.state == LockState.JAMMED for state in states):
        return unlocked_text(hass, states)
    return filled_text(hass, _key(states, name), count=str(len(states)))


@callback
def unlocked_text(hass: HomeAssistant, states: Sequence[State]) -> str:
    """Return how many locks are unlocked, and how many are jammed."""
    jammed = len([state for state in states if state.state == LockState.JAMMED])
    counts = {"unlocked": len(states) - jammed, "jammed": jammed}
    return ", ".join([number_text(hass, word, count) for word, count in counts.items() if count])


def _key(states: Sequence[State], kind: str) -> str:
    """Return the key of the text for several entities of a kind: what they are called, if that is the same for all."""
    nouns = {noun(state.domain, state.attributes.get(ATTR_DEVICE_CLASS)) for state in states}
    if nouns == _DOORS:
        return "alert_doors"
    return (next(iter(nouns)) if len(nouns) == 1 else None) or KINDS[kind].several


def noun(domain: str, device_class: str | None) -> str | None:
    """Return the key of the text for several entities of this kind; `None` if there is no word for it."""
    return _NOUNS.get((domain, device_class)) or _NOUNS.get((domain, None))


@callback
def number_text(hass: HomeAssistant, word: str, count: int) -> str:
    """Return a number with one of our own words, such as "2 open", in the form that goes with one or with several."""
    is_one = count == 1 and cached_text(hass, f"one_{word}") is not None
    return filled_text(hass, f"one_{word}" if is_one else f"some_{word}", count=str(count))


@callback
def others_text(hass: HomeAssistant, states: Sequence[State]) -> str:
    """Return the states of entities with their numbers, in a form that is right whatever they are: "Opening (2)"."""
    words = Counter(state_in_words(hass, state) for state in states)
    return ", ".join([f"{word} ({count})" for word, count in words.items()])


@callback
def with_unknown(hass: HomeAssistant, text: str, unknown: Sequence[str], *, is_news: bool) -> str:
    """Return a text with the number of the entities that have had no state for too long.

    A watch may cut the end, so what is news comes first: "1 open, 1 unknown", but "1 unknown, 2 closed". News fill a line
    alone where it has no room for both.
    """
    if not unknown:
        return text
    more = number_text(hass, "unknown", len(unknown))
    if not is_news:
        return f"{more}, {text}"
    both = f"{text}, {more}"
    return both if len(both) <= LINE else text


def count_text(counted: Sequence[State], unknown: Sequence[str]) -> str:
    """Return how many entities count, as a number; nothing while none does as far as it is known."""
    return str(len(counted)) if counted or not unknown else ""


def share_text(counted: Sequence[State], states: Sequence[State], unknown: Sequence[str]) -> str:
    """Return how many of the entities that do not move count, as a percentage; nothing while that is not known."""
    if not counted and unknown:
        return ""
    settled = [state for state in states if not is_in_transition(state)]
    # A text without a number: the field keeps its value.
    return str(round(_FULL * len(counted) / len(settled))) if settled else states[0].state


@callback
def names_text(hass: HomeAssistant, names: Mapping[str, str], counted: Sequence[State], unknown: Sequence[str]) -> str:
    """Return the names of entities that count, and, each with a question mark, of those that are unknown.

    They lack the words that all of `names` share.
    """
    short = dict(zip(names, _distinct([*names.values()]), strict=True))
    marked = [filled_text(hass, "unknown_name", name=short[entity_id]) for entity_id in unknown]
    return ", ".join([*[short[state.entity_id] for state in counted], *marked])


def _distinct(names: Sequence[str]) -> list[str]:
    """Return names without the first and the last words that all of them have, such as "window"."""
    words = [name.split() for name in names]
    for at in (0, -1):
        while len(words) > 1 and all(len(item) > 1 for item in words) and len({item[at] for item in words}) == 1:
            for item in words:
                item.pop(at)
    return [" ".join(item) for item in words]


def in_a_sentence(hass: HomeAssistant, state: str) -> str:
    """Return a state as it is written after a name."""
    return state if has_nouns(hass) else state[:1].lower() + state[1:]


def has_nouns(hass: HomeAssistant) -> bool:
    """Return whether states may be nouns with a capital, as "Fehler" in German."""
    return hass.config.language.startswith("de")
