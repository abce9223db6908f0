"""What an event of a changed state says."""

from datetime import timedelta

from homeassistant.const import STATE_ON
from homeassistant.core import Event, EventStateChangedData

from .no_value import NO_STATE
from .rendering import is_word


def has_new_state(event: Event[EventStateChangedData]) -> bool:
    """Return whether an entity has a state, and another one than before."""
    old, new = event.data["old_state"], event.data["new_state"]
    return new is not None and new.state not in NO_STATE and (old is None or old.state != new.state)


def has_turned(event: Event[EventStateChangedData]) -> bool:
    """Return whether an entity has turned on or off; one without a state counts as off."""
    old, new = event.data["old_state"], event.data["new_state"]
    return (old is not None and old.state == STATE_ON) is not (new is not None and new.state == STATE_ON)


def word_lasted(event: Event[EventStateChangedData]) -> timedelta | None:
    """Return how long an entity had its old state if that and the new one are words; else `None`."""
    old, new = event.data["old_state"], event.data["new_state"]
    if old is None or new is None or old.state == new.state or not is_word(old) or not is_word(new):
        return None
    return new.last_changed - old.last_changed
