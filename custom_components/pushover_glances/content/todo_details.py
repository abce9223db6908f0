"""Details of a to-do list: how many items are left, the next one, and when that is due."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from homeassistant.core import HomeAssistant, State, callback
from homeassistant.util import dt as dt_util

from ..planner import Number, Origin
from .answers import Query, QueryKind, answer_of
from .entity_details import no_value
from .origin import finite
from .rendering import SourceResult
from .texts import cached_text
from .time_format import is_over, local_moment, short_moment

# The keys of Home Assistant's to-do items (homeassistant/components/todo).
_SUMMARY = "summary"
_DUE = "due"


@callback
def items_left(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return "3 left", or "All done"."""
    if (number := finite(states[0].state)) is None:
        return no_value(states)
    written = cached_text(hass, "items_left" if number else "no_items_left") or "{number}"
    origin = Origin({states[0].entity_id: Number(number)}, is_complete=True)
    return SourceResult(text=written.format(number=f"{number:g}"), origin=origin)


@callback
def next_item(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return what is to be done next: the item that is due first, else the first one; nothing if all is done."""
    query = Query(states[0].entity_id, QueryKind.TODO_ITEMS)
    if (items := answer_of(hass, query)) is None:
        return SourceResult(text="", queries=frozenset({query}), has_value=False)
    text = str(min(items, key=_due, default={}).get(_SUMMARY) or "")
    return SourceResult(text=text, queries=frozenset({query}), origin=Origin(words={query.entity_id: text}))


@callback
def next_due(hass: HomeAssistant, states: Sequence[State]) -> SourceResult:
    """Return when the next item is due; nothing if no item has a due date."""
    query = Query(states[0].entity_id, QueryKind.TODO_ITEMS)
    if (items := answer_of(hass, query)) is None:
        return SourceResult(text="", queries=frozenset({query}), has_value=False)
    moment = local_moment(min(items, key=_due, default={}).get(_DUE))
    if moment is None:
        return SourceResult(text="", queries=frozenset({query}))
    text = short_moment(hass, moment)
    # As for the time stamps of entities: what is over must not be taken for the evening to come.
    shown = f"{moment.isoformat()} {text}" if is_over(moment) else moment.isoformat()
    origin = Origin(words={query.entity_id: shown}, is_complete=True)
    return SourceResult(text=text, has_time=True, queries=frozenset({query}), origin=origin)


def _due(item: Mapping[str, Any]) -> datetime:
    """Return when an item is due, at the beginning of its day if it has no time; the last of all times if it is not."""
    moment = local_moment(item.get(_DUE))
    if moment is None:
        return datetime.max.replace(tzinfo=dt_util.UTC)
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time.min, dt_util.get_default_time_zone())
