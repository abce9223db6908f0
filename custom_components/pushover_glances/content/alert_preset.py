"""Suggests the settings of an alert for its entities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homeassistant.components.alarm_control_panel.const import AlarmControlPanelState
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.components.cover.const import CoverState
from homeassistant.components.lawn_mower.const import LawnMowerActivity
from homeassistant.components.lock.const import LockState
from homeassistant.components.sensor.const import SensorDeviceClass
from homeassistant.components.vacuum.const import VacuumActivity
from homeassistant.components.valve.const import ValveState
from homeassistant.const import CONF_ABOVE, CONF_BELOW, STATE_NOT_HOME, STATE_OFF, STATE_ON, STATE_PROBLEM, Platform
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_STATES
from ..pushover import Field
from .alert_text import ATTR_COUNT, ATTR_NAME, ATTR_STATE, ATTR_SUMMARY, translated_state
from .counted_text import has_nouns, in_a_sentence, noun
from .entity_facts import entity_facts
from .entity_key import last_entity_id_of
from .kinds import LOW_BATTERY
from .origin import finite
from .preset_kinds import is_number
from .presets import static
from .texts import filled_text
from .watched import Watched

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
    """Whether what is watched has words or numbers, and the suggested states, limit and templates."""

    has_words: bool
    has_numbers: bool
    states: Sequence[str]
    templates: Mapping[Field, str]
    below: float | None = None


@callback
def alert_preset(hass: HomeAssistant, watched: Watched, since: str, data: Mapping[str, Any]) -> AlertPreset:
    """Return the suggestions for what is watched; `since` is the template of the sentence that tells since when.

    Conditions that the `data` of an alert has already stay in the form, whatever the states are at the moment.
    """
    kind, entity_ids = watched.kind, watched.entity_ids(hass)
    if kind is not None:
        states, numbers = list(kind.states), [kind.below is not None]
        has_words = bool(kind.alert_states)
    else:
        states = _states_for(hass, watched, entity_ids)
        numbers = [_has_number(hass, watched, item) for item in entity_ids]
        has_words = not all(numbers)
    return AlertPreset(
        has_words=has_words or CONF_STATES in data,
        has_numbers=any(numbers) or not data.keys().isdisjoint((CONF_ABOVE, CONF_BELOW)),
        states=states,
        templates={
            Field.TITLE: _title_for(hass, watched),
            Field.TEXT: text_for(hass, watched, states),
            Field.SUBTEXT: since,
            Field.COUNT: _variable(ATTR_COUNT),
            Field.PERCENT: str(_FULL),
        },
        below=_low_battery(hass, watched) if kind is None else kind.below,
    )


@callback
def _states_for(hass: HomeAssistant, watched: Watched, entity_ids: Sequence[str]) -> list[str]:
    """Return the states that an alert about these entities begins with; of an attribute, none is known."""
    if watched.attribute is not None:
        return []
    facts = [entity_facts(hass, entity_id) for entity_id in entity_ids]
    classes = {item.device_class for item in facts if item.domain == Platform.BINARY_SENSOR}
    # A connection is on while all is well. The states of an alert are those of all its entities.
    is_connection = classes == {BinarySensorDeviceClass.CONNECTIVITY}
    suggested = {**_SUGGESTED, Platform.BINARY_SENSOR: STATE_OFF} if is_connection else _SUGGESTED
    return list(dict.fromkeys(str(suggested[item.domain]) for item in facts if item.domain in suggested))


@callback
def _has_number(hass: HomeAssistant, watched: Watched, entity_id: str) -> bool:
    """Return whether the state of an entity is a number, or its attribute."""
    facts = watched.facts_of(hass, entity_id)
    return is_number(facts) if watched.attribute is None else finite(facts.state) is not None


@callback
def _low_battery(hass: HomeAssistant, watched: Watched) -> float | None:
    """Return the limit below which a battery is low; `None` unless all numbers are of batteries."""
    if watched.attribute is not None:
        return None
    facts = [entity_facts(hass, entity_id) for entity_id in watched.entity_ids(hass)]
    classes = {item.device_class for item in facts if is_number(item)}
    return LOW_BATTERY if classes == {SensorDeviceClass.BATTERY} else None


@callback
def text_for(hass: HomeAssistant, watched: Watched, states: Sequence[str]) -> str:
    """Return the text for the entities of an alert, such as "Kitchen window open", or "2 windows open" if several are."""
    if watched.target is not None or watched.attribute is not None:
        return _variable(ATTR_SUMMARY)
    entity_ids = watched.entity_ids(hass)
    if len(entity_ids) == 1:
        name = entity_facts(hass, entity_ids[0]).name
        if len(states) == 1:
            state = in_a_sentence(hass, translated_state(hass, entity_ids[0], states[0]))
            return static(filled_text(hass, "alert_one", name=name, state=state))
        return filled_text(hass, "alert_one", name=static(name), state=_state_of(hass, entity_ids, states))
    one = filled_text(hass, "alert_one", name=_variable(ATTR_NAME), state=_state_of(hass, entity_ids, states))
    several = _several(hass, entity_ids, states)
    return f"{{% if {ATTR_COUNT} == 1 %}}{one}{{% else %}}{several}{{% endif %}}"


def _state_of(hass: HomeAssistant, entity_ids: Sequence[str], states: Sequence[str]) -> str:
    """Return the state of one of these entities: the word for it if that is the same for all, else a variable."""
    words = {translated_state(hass, entity_id, state) for entity_id in entity_ids for state in states}
    if len(words) == 1:
        return static(in_a_sentence(hass, words.pop()))
    # The unit of a number stays as it is.
    is_word = words and not any(is_number(entity_facts(hass, entity_id)) for entity_id in entity_ids)
    return _variable(f"{ATTR_STATE} | lower" if is_word and not has_nouns(hass) else ATTR_STATE)


def _several(hass: HomeAssistant, entity_ids: Sequence[str], states: Sequence[str]) -> str:
    """Return the text if several entities are active: how many of what, or their names if they are of several kinds."""
    kinds = {_kind(hass, entity_id, state) for entity_id in entity_ids for state in states}
    kind = kinds.pop() if len(kinds) == 1 else None
    return _variable(ATTR_NAME) if kind is None else filled_text(hass, kind, count=_variable(ATTR_COUNT))


def _kind(hass: HomeAssistant, entity_id: str, state: str) -> str | None:
    """Return the key of the text for several entities of this kind; `None` if there is no word for it."""
    facts = entity_facts(hass, entity_id)
    if state != _SUGGESTED.get(facts.domain):
        return None
    return noun(facts.domain, facts.device_class)


@callback
def adapted_preset(hass: HomeAssistant, filled: Mapping[str, Any], before: Watched, watched: Watched) -> dict[str, Any]:
    """Return a form with its suggestions changed to what is watched now; what a person entered stays."""
    states = filled.get(CONF_STATES, [])
    adapted = _adapted_states(states, _known_states(hass, before), _known_states(hass, watched))
    told = {
        Field.TITLE.value: (_title_for(hass, before), _title_for(hass, watched)),
        Field.TEXT.value: (text_for(hass, before, states), text_for(hass, watched, adapted)),
    }
    texts = {name: new for name, (old, new) in told.items() if filled.get(name) == old}
    return {**filled, CONF_STATES: adapted, **texts}


def _known_states(hass: HomeAssistant, watched: Watched) -> list[str]:
    """Return the states that an alert about named entities begins with, also of entities that have been removed."""
    return _states_for(hass, watched, [last_entity_id_of(hass, key) for key in watched.keys])


def _adapted_states(states: Sequence[str], before: Sequence[str], now: Sequence[str]) -> list[str]:
    """Return states without those that were suggested only before, and with those that are suggested only now."""
    kept = [state for state in states if state in now or state not in before]
    return [*kept, *(state for state in now if state not in {*before, *kept})]


def _title_for(hass: HomeAssistant, watched: Watched) -> str:
    entity_ids = watched.entity_ids(hass)
    if watched.target is not None or len(entity_ids) != 1:
        return _variable(ATTR_NAME)
    return static(entity_facts(hass, entity_ids[0]).name)


def _variable(name: str) -> str:
    return f"{{{{ {name} }}}}"
