"""Reads the states that entities had, from the recorder."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from homeassistant.components.recorder import history
from homeassistant.const import (
    COMPRESSED_STATE_ATTRIBUTES,
    COMPRESSED_STATE_LAST_CHANGED,
    COMPRESSED_STATE_LAST_UPDATED,
    COMPRESSED_STATE_STATE,
)
from homeassistant.core import Context, HomeAssistant, State
from homeassistant.helpers.recorder import DATA_INSTANCE, get_instance
from homeassistant.util import dt as dt_util

# When an entity got which state, in this order; `None` is an entity that was removed.
type History = Sequence[tuple[datetime, State | None]]

# The recorder does not keep who changed a state in a form that sources could read.
_CONTEXT = Context()


async def async_recorded(
    hass: HomeAssistant, entity_ids: Collection[str], begin: datetime, end: datetime
) -> dict[str, History] | None:
    """Return the states of each entity between two times, `None` without a recorder.

    The first is the one at the begin, or the first that is recorded. An entity is left out if nothing is recorded of it.
    """
    if DATA_INSTANCE not in hass.data:
        return None
    recorded: dict[str, History] = {}
    if entity_ids:
        read = partial(_read, hass, [*entity_ids], begin, end)
        recorded = await get_instance(hass).async_add_executor_job(read)
    for entity_id in {*entity_ids} - recorded.keys():
        state = hass.states.get(entity_id)
        # The recorder deletes a state that is too old, also where it is the only one.
        if state is None:
            recorded[entity_id] = [(begin, None)]
        elif state.last_updated <= begin:
            recorded[entity_id] = [(begin, _copy(state))]
    return recorded


def _read(hass: HomeAssistant, entity_ids: list[str], begin: datetime, end: datetime) -> dict[str, History]:
    rows = history.get_significant_states(
        hass, begin, end, entity_ids, significant_changes_only=False, compressed_state_format=True
    )
    return {
        entity_id: [_state(entity_id, row) for row in states if isinstance(row, Mapping)]
        for entity_id, states in rows.items()
        if states
    }


def _state(entity_id: str, row: Mapping[str, Any]) -> tuple[datetime, State | None]:
    updated = dt_util.utc_from_timestamp(row[COMPRESSED_STATE_LAST_UPDATED])
    if row[COMPRESSED_STATE_STATE] is None:
        return updated, None
    changed = row.get(COMPRESSED_STATE_LAST_CHANGED)
    state = State(
        entity_id,
        row[COMPRESSED_STATE_STATE],
        row[COMPRESSED_STATE_ATTRIBUTES],
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
