"""Suggests the settings of an alert for its entities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from homeassistant.components.alarm_control_panel.const import AlarmControlPanelState
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.components.cover.const import CoverDeviceClass, CoverState
from homeassistant.components.lawn_mower.const import LawnMowerActivity
from homeassistant.components.lock.const import LockState
from homeassistant.components.vacuum.const import VacuumActivity
from homeassistant.components.valve.const import ValveState
from homeassistant.const import CONF_ABOVE, CONF_BELOW, STATE_NOT_HOME, STATE_ON, STATE_PROBLEM, Platform
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_STATES
from ..pushover import Field
from .alert_text import ATTR_COUNT, ATTR_NAME, ATTR_STATE, translated_state
from .entity_facts import entity_facts
from .preset_kinds import is_number
from .presets import static
from .texts import filled_text

# What several entities are called together, by domain and device class; there is a text for each.
_KINDS: Mapping[tuple[str, str | None], str] = {
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.BATTERY): "batteries",
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.DOOR): "doors",
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.GARAGE_DOOR): "garage_doors",
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.MOISTURE): "leaks",
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.SMOKE): "smoke",
    (Platform.BINARY_SENSOR, BinarySensorDeviceClass.WINDOW): "windows",
    (Platform.COVER, CoverDeviceClass.DOOR): "doors",
    (Platform.COVER, CoverDeviceClass.GARAGE): "garage_doors",
    (Platform.COVER, CoverDeviceClass.WINDOW): "windows",
    (Platform.LIGHT, None): "lights",
    (Platform.LOCK, None): "locks",
}

# The state that people want to know about, which is not the usual one.
_SUGGESTED: Mapping[str, str] = {
    **dict.fromkeys((Platform.BINARY_SENSOR, Platform.FAN, Platform.LIGHT, Platform.SIREN, Platform.SWITCH), STATE_ON),
    **dict.fromkeys((Platform.UPDATE, "input_boolean", "group"), STATE_ON),
    **dict.fromkeys((Platform.DEVICE_TRACKER, "person"), STATE_NOT_HOME),
    Platform.ALARM_CONTROL_PANEL: AlarmControlPanelState.TRIGGERED,
    Platform.COVER: CoverState.OPEN,
    Platform.LAWN_MOWER: LawnMowerActivity.ERROR,
    Platform.LOCK: LockState.UNLOCKED,
    Platform.VACUUM: VacuumActivity.ERROR,
    Platform.VALVE: ValveState.OPEN,
    "plant": STATE_PROBLEM,
}

# A ring that is full is seen at once.
_FULL = 100


@dataclass(frozen=True, slots=True)
class AlertPreset:
    """Whether the states of entities are words or numbers, and the suggested states and templates."""

    has_words: bool
    has_numbers: bool
    states: Sequence[str]
    templates: Mapping[Field, str]


@callback
def alert_preset(
    hass: HomeAssistant, entity_ids: Sequence[str], since: str, data: Mapping[str, Any] = MappingProxyType({})
) -> AlertPreset:
    """Return the suggestions for these entities; `since` is the template of the sentence that tells since when.

    Conditions that the `data` of an alert has already stay in the form, whatever the states are at the moment.
    """
    numbers = [is_number(entity_facts(hass, entity_id)) for entity_id in entity_ids]
    domains = (entity_facts(hass, entity_id).domain for entity_id in entity_ids)
    states = list(dict.fromkeys(str(_SUGGESTED[domain]) for domain in domains if domain in _SUGGESTED))
    return AlertPreset(
        has_words=not all(numbers) or CONF_STATES in data,
        has_numbers=any(numbers) or not data.keys().isdisjoint((CONF_ABOVE, CONF_BELOW)),
        states=states,
        templates={
            Field.TITLE: _title_for(hass, entity_ids),
            Field.TEXT: text_for(hass, entity_ids, states),
            Field.SUBTEXT: since,
            Field.COUNT: _variable(ATTR_COUNT),
            Field.PERCENT: str(_FULL),
        },
    )


@callback
def text_for(hass: HomeAssistant, entity_ids: Sequence[str], states: Sequence[str]) -> str:
    """Return the text for the entities of an alert, such as "Kitchen window open", or "2 windows open" if several are."""
    if len(entity_ids) == 1:
        name = entity_facts(hass, entity_ids[0]).name
        if len(states) == 1:
            state = _in_a_sentence(hass, translated_state(hass, entity_ids[0], states[0]))
            return static(filled_text(hass, "alert_one", name=name, state=state))
        return filled_text(hass, "alert_one", name=static(name), state=_state_of(hass, entity_ids, states))
    one = filled_text(hass, "alert_one", name=_variable(ATTR_NAME), state=_state_of(hass, entity_ids, states))
    several = _several(hass, entity_ids, states)
    return f"{{% if {ATTR_COUNT} == 1 %}}{one}{{% else %}}{several}{{% endif %}}"


def _state_of(hass: HomeAssistant, entity_ids: Sequence[str], states: Sequence[str]) -> str:
    """Return the state of one of these entities: the word for it if that is the same for all, else a variable."""
    words = {translated_state(hass, entity_id, state) for entity_id in entity_ids for state in states}
    if len(words) == 1:
        return static(_in_a_sentence(hass, words.pop()))
    # The unit of a number stays as it is.
    is_word = words and not any(is_number(entity_facts(hass, entity_id)) for entity_id in entity_ids)
    return _variable(f"{ATTR_STATE} | lower" if is_word and not _has_nouns(hass) else ATTR_STATE)


def _several(hass: HomeAssistant, entity_ids: Sequence[str], states: Sequence[str]) -> str:
    """Return the text if several entities are active: how many of what, or their names if they are of several kinds."""
    kinds = {_kind(hass, entity_id, state) for entity_id in entity_ids for state in states}
    kind = kinds.pop() if len(kinds) == 1 else None
    return _variable(ATTR_NAME) if kind is None else filled_text(hass, f"alert_{kind}", count=_variable(ATTR_COUNT))


def _kind(hass: HomeAssistant, entity_id: str, state: str) -> str | None:
    """Return what several entities of this kind are called; `None` if there is no word for it."""
    facts = entity_facts(hass, entity_id)
    if state != _SUGGESTED.get(facts.domain):
        return None
    return _KINDS.get((facts.domain, facts.device_class)) or _KINDS.get((facts.domain, None))


def _in_a_sentence(hass: HomeAssistant, state: str) -> str:
    """Return a state as it is written after a name."""
    return state if _has_nouns(hass) else state[:1].lower() + state[1:]


def _has_nouns(hass: HomeAssistant) -> bool:
    """Return whether states may be nouns with a capital, as "Fehler" in German."""
    return hass.config.language.startswith("de")


@callback
def adapted_preset(
    hass: HomeAssistant, filled: Mapping[str, Any], before: Sequence[str], entity_ids: Sequence[str]
) -> dict[str, Any]:
    """Return a form with its suggestions changed to other entities; texts that a person wrote stay."""
    states = filled.get(CONF_STATES, [])
    told = {
        Field.TITLE.value: (_title_for(hass, before), _title_for(hass, entity_ids)),
        Field.TEXT.value: (text_for(hass, before, states), text_for(hass, entity_ids, states)),
    }
    return {**filled, **{name: new for name, (old, new) in told.items() if filled.get(name) == old}}


def _title_for(hass: HomeAssistant, entity_ids: Sequence[str]) -> str:
    return static(entity_facts(hass, entity_ids[0]).name) if len(entity_ids) == 1 else _variable(ATTR_NAME)


def _variable(name: str) -> str:
    return f"{{{{ {name} }}}}"
