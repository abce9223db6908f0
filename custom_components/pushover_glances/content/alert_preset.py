"""Fills in an alert from its entities, the way a person would write it."""

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
from .entity_facts import entity_source
from .presets import preset_for, static

# What people want to be told of: the state that is not the usual one.
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
    """Whether entities have words or numbers for a state, the words that may count, and what the alert says then."""

    has_words: bool
    has_numbers: bool
    states: Sequence[str]
    templates: Mapping[Field, str]


@callback
def alert_preset(
    hass: HomeAssistant, entity_ids: Sequence[str], since: str, data: Mapping[str, Any] = MappingProxyType({})
) -> AlertPreset:
    """Return what a person would fill in; `since` is the sentence of since when, as a template.

    What an alert asks for already, by its `data`, can be changed whatever its entities say at the moment.
    """
    numbers = [preset_for(hass, entity_id).is_number for entity_id in entity_ids]
    domains = (entity_source(hass, entity_id).domain for entity_id in entity_ids)
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
    """Return what says in which of these states an alert's entity is: as it is read where there is only one."""
    if len(entity_ids) != 1 or len(states) != 1:
        return _variable(ATTR_STATE)
    return static(translated_state(hass, entity_ids[0], states[0]))


@callback
def retold(
    hass: HomeAssistant, filled: Mapping[str, Any], before: Sequence[str], entity_ids: Sequence[str]
) -> dict[str, Any]:
    """Return a filled-in form for other entities than before: what a person wrote stays."""
    states = filled.get(CONF_STATES, [])
    told = {
        Field.TITLE.value: (_title_for(hass, before), _title_for(hass, entity_ids)),
        Field.TEXT.value: (text_for(hass, before, states), text_for(hass, entity_ids, states)),
    }
    return {**filled, **{name: new for name, (old, new) in told.items() if filled.get(name) == old}}


def _title_for(hass: HomeAssistant, entity_ids: Sequence[str]) -> str:
    return static(entity_source(hass, entity_ids[0]).name) if len(entity_ids) == 1 else _variable(ATTR_NAME)


def _variable(name: str) -> str:
    return f"{{{{ {name} }}}}"
