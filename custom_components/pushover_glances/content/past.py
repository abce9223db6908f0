"""Shows sources the states of a past moment, in a copy of Home Assistant that nothing else uses."""

from collections.abc import Callable
from datetime import datetime

from homeassistant.core import EventBus, HomeAssistant, State, StateMachine, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassDict

# The environments of templates read the states of the Home Assistant that they were made for.
_TEMPLATES = "template.environment"


class PastStates(StateMachine):
    """The states of a past moment; they are set with their times, without an event."""

    @callback
    def set_state(self, entity_id: str, state: State | None) -> None:
        """Set the state of an entity, or remove it."""
        if state is not None:
            self._states[entity_id] = state
        elif entity_id in self._states:
            del self._states[entity_id]


class PastHome(HomeAssistant):
    """A copy of Home Assistant with states of its own; registries, settings and translations are those of today."""

    states: PastStates
    now: datetime

    def utcnow(self) -> datetime:
        """Return the past moment."""
        return self.now


@callback
def past_of(hass: HomeAssistant, now: datetime) -> PastHome:
    """Return a copy of Home Assistant without states at this time."""
    # `HomeAssistant.__new__` would make the copy the one of this thread.
    past = object.__new__(PastHome)
    past.__dict__.update(hass.__dict__)
    past.data = HassDict({key: value for key, value in hass.data.items() if not str(key).startswith(_TEMPLATES)})
    past.bus = EventBus(past)
    past.states = PastStates(past.bus, hass.loop)
    past.now = now
    return past


@callback
def clock_of(hass: HomeAssistant) -> Callable[[], datetime]:
    """Return the function that tells the time at which Home Assistant is looked at."""
    return hass.utcnow if isinstance(hass, PastHome) else dt_util.utcnow


@callback
def local_now(hass: HomeAssistant) -> datetime:
    """Return the local time at which Home Assistant is looked at."""
    return dt_util.as_local(clock_of(hass)())
