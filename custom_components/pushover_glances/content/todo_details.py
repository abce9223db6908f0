"""Details of the items of a to-do list: the next one, and when that is due."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from homeassistant.core import HomeAssistant, State, callback
from homeassistant.util import dt as dt_util

from .answers import Query, QueryKind, answer_of
from .detail_result import no_value, said
from .no_value import NO_STATE
from .rendering import SourceResult
from .time_format import is_over, local_moment, short_moment

# The keys of Home Assistant's to-do items (homeassistant/components/todo).
_SUMMARY = "summary"
_DUE = "due"


@callback
def next_item(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return what is to be done next: the item that is due first, else the first one; nothing if all is done."""

    def read(item: Mapping[str, Any]) -> SourceResult:
        return said(states, str(item.get(_SUMMARY) or ""))

    return _of_next_item(hass, states, read)


@callback
def next_due(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return when the next item is due; nothing if no item has a due date."""

    def read(item: Mapping[str, Any]) -> SourceResult:
        if (moment := local_moment(item.get(_DUE))) is None:
            return said(states, "")
        text = short_moment(hass, moment)
        # As for the time stamps of entities: what is over must not be taken for the evening to come.
        shown = f"{moment.isoformat()} {text}" if is_over(hass, moment) else moment.isoformat()
        return said(states, text, words={states[0].entity_id: shown}, has_time=True)

    return _of_next_item(hass, states, read)


def _of_next_item(
    hass: HomeAssistant, states: Sequence[State], read: Callable[[Mapping[str, Any]], SourceResult]
) -> SourceResult:
    query = Query(states[0].entity_id, QueryKind.TODO_ITEMS)
    items = answer_of(hass, query)
    # A list that does not know its items has no state, and answers with none.
    if items is None or states[0].state in NO_STATE:
        return replace(no_value(states), queries=frozenset({query}))
    return replace(read(min(items, key=_due, default={})), queries=frozenset({query}))


def _due(item: Mapping[str, Any]) -> datetime:
    """Return when an item is due, at the beginning of its day if it has no time; the last of all times if it is not."""
    moment = local_moment(item.get(_DUE))
    if moment is None:
        return datetime.max.replace(tzinfo=dt_util.UTC)
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time.min, dt_util.get_default_time_zone())
