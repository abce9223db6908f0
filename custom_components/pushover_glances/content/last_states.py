"""Keeps the last states of entities that have none for a short time, and finds out which have had none for too long.

A summary of several entities counts one that has no state as it was before, for as long as a field keeps its last value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..planner import UNAVAILABLE_AFTER
from .entity_facts import entity_facts
from .no_value import NO_STATE
from .past import clock_of


class _Lost(NamedTuple):
    """The last state of an entity, since when it has none, and when what it has instead last changed."""

    state: State
    since: datetime
    changed: datetime | None


def _changed(state: State | None) -> datetime | None:
    return None if state is None else state.last_changed


class LastStates:
    """The states that entities had before they lost them; one object for all accounts."""

    def __init__(self, since: datetime) -> None:
        """Begin without any; an entity that does not exist, and was not seen before, counts as lost since then."""
        self._since = since
        self._lost: dict[str, _Lost] = {}

    @callback
    def note(self, event: Event[EventStateChangedData]) -> None:
        """Keep the state of an entity that has none any more."""
        entity_id, old, changed = event.data["entity_id"], event.data["old_state"], _changed(event.data["new_state"])
        if old is not None and old.state not in NO_STATE:
            self._lost[entity_id] = _Lost(old, event.time_fired, changed)
        elif (found := self._lost.get(entity_id)) is not None and found.changed == _changed(old):
            self._lost[entity_id] = found._replace(changed=changed)

    @callback
    def lost(self, entity_id: str, state: State | None) -> tuple[State | None, datetime]:
        """Return the last state of an entity that has none, if it is known, and since when it has had none."""
        # Not every change is noted. What followed another one is not known.
        if (found := self._lost.get(entity_id)) is not None and found.changed == _changed(state):
            return found.state, found.since
        return None, self._since if state is None else state.last_changed


LAST_STATES: HassKey[LastStates] = HassKey(f"{DOMAIN}_last_states")


@callback
def last_states(hass: HomeAssistant) -> LastStates:
    """Return the last states of all entities."""
    if (found := hass.data.get(LAST_STATES)) is None:
        found = hass.data[LAST_STATES] = LastStates(clock_of(hass)())
    return found


@dataclass(frozen=True, slots=True)
class KnownStates:
    """The states of several entities, and of those without one the last state, if they lost it a short time ago.

    `is_there` is set if at least one has a state. `unknown` are the ids of those that lost it earlier. `is_known` is not
    set if one lost it a short time ago, and the last state is not known. `until` is when the next one becomes unknown.
    """

    entity_ids: Sequence[str]
    states: Sequence[State]
    is_there: bool
    unknown: Sequence[str]
    is_known: bool
    until: datetime | None

    @callback
    def names(self, hass: HomeAssistant) -> dict[str, str]:
        """Return the names of all entities by their ids."""
        names = {entity_id: entity_facts(hass, entity_id).name for entity_id in self.unknown}
        return {state.entity_id: state.name for state in self.states} | names

    @property
    def is_partial(self) -> bool:
        """Return whether some have no state."""
        return bool(self.unknown) or self.until is not None


@callback
def known_states(hass: HomeAssistant, entity_ids: Iterable[str]) -> KnownStates:
    """Return the states of these entities, as far as they are known."""
    now, lasting = clock_of(hass)(), last_states(hass)
    found, unknown, is_known, is_there = list[State](), list[str](), True, False
    moments = list[datetime]()
    ids = [*entity_ids]
    for entity_id in ids:
        state = hass.states.get(entity_id)
        if state is not None and state.state not in NO_STATE:
            found.append(state)
            is_there = True
            continue
        last, since = lasting.lost(entity_id, state)
        # A time in the future was recorded before the clock was set back.
        if since + UNAVAILABLE_AFTER <= now or since > now:
            unknown.append(entity_id)
            continue
        moments.append(since + UNAVAILABLE_AFTER)
        if last is None:
            is_known = False
        else:
            found.append(last)
    return KnownStates(ids, found, is_there, unknown, is_known, min(moments, default=None))
