"""Details of one entity, each as a function of its state."""

from collections.abc import Sequence

from homeassistant.components.weather.const import ATTR_WEATHER_TEMPERATURE
from homeassistant.core import HomeAssistant, State, callback

from ..planner import Number, Origin
from .no_value import NO_STATE
from .origin import attribute_unit, finite
from .rendering import SourceResult
from .state_text import translated_state


@callback
def temperature_and_condition(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return "7° Partly cloudy" of a weather entity."""
    state = states[0]
    temperature = finite(state.attributes.get(ATTR_WEATHER_TEMPERATURE))
    if state.state in NO_STATE:
        return no_value(states)
    words = {state.entity_id: state.state}
    condition = translated_state(hass, state)
    if temperature is None:
        return SourceResult(text=condition, entities=_ids(states), origin=Origin(words=words, is_complete=True))
    unit = attribute_unit(hass, ATTR_WEATHER_TEMPERATURE, state.attributes)
    numbers = {f"{state.entity_id} {ATTR_WEATHER_TEMPERATURE}": Number(temperature, unit)}
    return SourceResult(
        text=f"{temperature:z.0f}° {condition}", entities=_ids(states), origin=Origin(numbers, words, is_complete=True)
    )


def no_value(states: Sequence[State]) -> SourceResult:
    """Return that a detail has no value at the moment."""
    return SourceResult(text="", entities=_ids(states), has_value=False)


def _ids(states: Sequence[State]) -> frozenset[str]:
    return frozenset([state.entity_id for state in states])
