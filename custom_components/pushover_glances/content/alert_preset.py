"""Suggests the settings of an alert for its entities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from homeassistant.components.alarm_control_panel.const import AlarmControlPanelState
from homeassistant.components.cover.const import CoverState
from homeassistant.components.lawn_mower.const import LawnMowerActivity
from homeassistant.components.lock.const import LockState
from homeassistant.components.vacuum.const import VacuumActivity
from homeassistant.components.valve.const import ValveState
from homeassistant.const import CONF_ABOVE, CONF_BELOW, STATE_NOT_HOME, STATE_ON, STATE_PROBLEM, Platform
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_STATES
from ..pushover import Field
from .alert_text import ATTR_NAME, ATTR_STATE, translated_state
from .entity_facts import entity_facts
from .presets import preset_for, static

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
    numbers = [preset_for(hass, [entity_id]).is_number for entity_id in entity_ids]
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
        },
    )


@callback
def text_for(hass: HomeAssistant, entity_ids: Sequence[str], states: Sequence[str]) -> str:
    """Return the text for the state of an alert's entities: the translated state if it is known, else a variable."""
    if len(entity_ids) != 1 or len(states) != 1:
        return _variable(ATTR_STATE)
    return static(translated_state(hass, entity_ids[0], states[0]))


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
