"""Reads the states that entities had, from the recorder."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from homeassistant.components.recorder import history
from homeassistant.const import (
    ATTR_ENTITY_ID,
    ATTR_SUPPORTED_FEATURES,
    COMPRESSED_STATE_ATTRIBUTES,
    COMPRESSED_STATE_LAST_CHANGED,
    COMPRESSED_STATE_LAST_UPDATED,
    COMPRESSED_STATE_STATE,
)
from homeassistant.core import Context, HomeAssistant, State, callback
from homeassistant.helpers.recorder import DATA_INSTANCE, get_instance
from homeassistant.util import dt as dt_util

# When an entity got which state, in this order; `None` is an entity that was removed.
type History = Sequence[tuple[datetime, State | None]]

# Reading, and replaying, more than these takes too long and too much memory, and so would reading more at once.
_MOST_STATES = 100_000
_AT_ONCE = timedelta(hours=2)

# Attributes that the recorder leaves out, and that stay as they are: the members of a group, and what an entity can do.
_NOT_RECORDED = (ATTR_ENTITY_ID, ATTR_SUPPORTED_FEATURES)
# The recorder does not keep who changed a state in a form that sources could read.
_CONTEXT = Context()


async def async_recorded(
    hass: HomeAssistant, entity_ids: Collection[str], begin: datetime, end: datetime
) -> dict[str, History] | None:
    """Return the states of each entity between two times; `None` if there are too many, or no recorder that works.

    The first is the one at the begin, or the first that is recorded. An entity is left out if nothing is recorded of it.
    """
    if not _is_ready(hass):
        return None
    recorded: dict[str, History] | None = {}
    if entity_ids:
        # States may be looked at in the event loop only.
        lasting = {entity_id: _lasting(hass, entity_id) for entity_id in entity_ids}
        read = partial(_read, hass, lasting, begin, end)
        recorded = await get_instance(hass).async_add_executor_job(read)
    if recorded is None:
        return None
    for entity_id in {*entity_ids} - recorded.keys():
        state = hass.states.get(entity_id)
        # The recorder deletes a state that is too old, also where it is the only one.
        if state is None:
            recorded[entity_id] = [(begin, None)]
        elif state.last_updated <= begin:
            recorded[entity_id] = [(begin, _copy(state))]
    return recorded


def _is_ready(hass: HomeAssistant) -> bool:
    """Return whether there is a recorder, whose set-up has not failed and is not under way."""
    if DATA_INSTANCE not in hass.data:
        return False
    ready = get_instance(hass).async_db_ready
    return ready.done() and ready.result()


@callback
def _lasting(hass: HomeAssistant, entity_id: str) -> Mapping[str, Any]:
    """Return those attributes of an entity that are not recorded, as they are now."""
    state = hass.states.get(entity_id)
    return {} if state is None else {key: state.attributes[key] for key in _NOT_RECORDED if key in state.attributes}


def _read(
    hass: HomeAssistant, lasting: Mapping[str, Mapping[str, Any]], begin: datetime, end: datetime
) -> dict[str, History] | None:
    """Return what is recorded of these entities, with their lasting attributes; `None` if it is too much."""
    found: dict[str, list[tuple[datetime, State | None]]] = {entity_id: [] for entity_id in lasting}
    since = begin
    while True:
        until = min(since + _AT_ONCE, end)
        rows = history.get_significant_states(
            hass,
            since,
            until,
            [*lasting],
            include_start_time_state=since == begin,
            significant_changes_only=False,
            compressed_state_format=True,
        )
        for entity_id, states in rows.items():
            found[entity_id] += [
                _state(entity_id, row, lasting[entity_id]) for row in states if isinstance(row, Mapping)
            ]
        if sum(map(len, found.values())) > _MOST_STATES:
            return None
        if until == end:
            return {entity_id: states for entity_id, states in found.items() if states}
        # The history is without the states of the time at which it begins, and of that at which it ends.
        since = until - datetime.resolution


def _state(entity_id: str, row: Mapping[str, Any], lasting: Mapping[str, Any]) -> tuple[datetime, State | None]:
    updated = dt_util.utc_from_timestamp(row[COMPRESSED_STATE_LAST_UPDATED])
    if row[COMPRESSED_STATE_STATE] is None:
        return updated, None
    changed = row.get(COMPRESSED_STATE_LAST_CHANGED)
    state = State(
        entity_id,
        row[COMPRESSED_STATE_STATE],
        {**lasting, **row[COMPRESSED_STATE_ATTRIBUTES]},
        last_changed=updated if changed is None else dt_util.utc_from_timestamp(changed),
        last_reported=updated,
        last_updated=updated,
        context=_CONTEXT,
        validate_entity_id=False,
    )
    return updated, state


def _copy(state: State) -> State:
    """Return a copy: Home Assistant keeps what templates read of a state with the object itself."""
    return State(
        state.entity_id,
        state.state,
        state.attributes,
        last_changed=state.last_changed,
        last_reported=state.last_reported,
        last_updated=state.last_updated,
        context=_CONTEXT,
    )
