"""Keeps the last answers of Home Assistant's actions to what is no state: forecasts and the items of to-do lists.

Reading an answer asks nobody: `fetcher.py` calls the actions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from homeassistant.components.todo.const import ATTR_STATUS, DOMAIN as TODO_DOMAIN, TodoItemStatus, TodoServices
from homeassistant.components.weather.const import DOMAIN as WEATHER_DOMAIN, SERVICE_GET_FORECASTS
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

# Longer than the time between two calls. An older answer is left of a widget that was removed or paused meanwhile.
_LASTS = timedelta(hours=2)


class QueryKind(StrEnum):
    """What a query asks for; forecasts are named as the action names them."""

    DAILY = "daily"
    TWICE_DAILY = "twice_daily"
    HOURLY = "hourly"
    TODO_ITEMS = "todo_items"


@dataclass(frozen=True, slots=True)
class ActionCall:
    """How to call an action that answers; `key` is where its response has the items.

    It is called at most once in `interval` seconds for each entity.
    """

    domain: str
    action: str
    key: str
    interval: float
    data: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Return the name of the action, such as "weather.get_forecasts"."""
        return f"{self.domain}.{self.action}"


# Some integrations ask a server for a forecast, and none for the items of a list.
_FORECAST_INTERVAL = 60
_ITEMS_INTERVAL = 2
CALLS: Final[Mapping[QueryKind, ActionCall]] = {
    **{
        kind: ActionCall(WEATHER_DOMAIN, SERVICE_GET_FORECASTS, "forecast", _FORECAST_INTERVAL, {"type": kind.value})
        for kind in (QueryKind.DAILY, QueryKind.TWICE_DAILY, QueryKind.HOURLY)
    },
    QueryKind.TODO_ITEMS: ActionCall(
        TODO_DOMAIN, TodoServices.GET_ITEMS, "items", _ITEMS_INTERVAL, {ATTR_STATUS: TodoItemStatus.NEEDS_ACTION}
    ),
}

type Items = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Query:
    """What a source needs to know of an entity besides its state."""

    entity_id: str
    kind: QueryKind

    @property
    def call(self) -> ActionCall:
        """Return the action that answers."""
        return CALLS[self.kind]

    @property
    def data(self) -> dict[str, Any]:
        """Return the data of the action."""
        return {ATTR_ENTITY_ID: self.entity_id, **self.call.data}


@dataclass(frozen=True, slots=True)
class _Answer:
    items: Items
    time: datetime


_ANSWERS: HassKey[dict[Query, _Answer]] = HassKey(f"{DOMAIN}_answers")


@callback
def answer_of(hass: HomeAssistant, query: Query) -> Items | None:
    """Return the last answer, or `None` if there is none, the action failed, or the answer is too old."""
    answer = hass.data.get(_ANSWERS, {}).get(query)
    return None if answer is None or dt_util.utcnow() - answer.time > _LASTS else answer.items


@callback
def keep_answer(hass: HomeAssistant, query: Query, items: Items | None) -> bool:
    """Store an answer, `None` if the action failed, and return whether sources may say something else now.

    What an unchanged forecast says of today depends on the hour.
    """
    answers, now = hass.data.setdefault(_ANSWERS, {}), dt_util.utcnow()
    before = answers.pop(query, None)
    if items is None:
        return before is not None
    answers[query] = _Answer(items, now)
    return before is None or before.items != items or before.time.hour != now.hour
