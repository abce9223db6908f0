"""Calls the actions of Home Assistant that answer queries, once for all accounts."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
import logging
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    EventStateReportedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.event import async_track_state_change_event, async_track_state_report_event
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .content.answers import Items, Query, QueryKind, keep_answer
from .content.source import Source
from .content.sources import queries_of
from .pushover import Field

_LOGGER = logging.getLogger(__name__)

# In seconds.
_HOUR = 3600
_RETRY = 300
# Entities and forecasts of an integration change at about the same time. Less than a widget waits for more changes.
_DELAY = 1
_CALL_TIMEOUT = 30
# How long a form waits.
_FORM_TIMEOUT = 3

_FETCHER: HassKey[AnswerFetcher] = HassKey(f"{DOMAIN}_fetcher")


@dataclass(frozen=True, slots=True)
class _Follower:
    queries: frozenset[Query]
    on_answer: Callable[[Query], None]


class AnswerFetcher:
    """Asks the queries of all widgets when they are new, when their entities change, and hourly."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Ask nothing before a query is followed."""
        self._hass = hass
        self._followers: dict[object, _Follower] = {}
        self._queries: frozenset[Query] = frozenset()
        self._stop_listeners: list[CALLBACK_TYPE] = []
        # When a query may be asked again, in the time of the event loop; when it is asked next; the calls that run.
        self._earliest: dict[Query, float] = {}
        self._planned: dict[Query, tuple[float, asyncio.Handle]] = {}
        self._calls: dict[Query, asyncio.Task[None]] = {}
        # The queries whose failure has been logged.
        self._failed: set[Query] = set()

    @callback
    def follow(self, owner: object, queries: frozenset[Query], on_answer: Callable[[Query], None]) -> None:
        """Ask these queries of an owner from now on, instead of those of before.

        `on_answer` is called when an answer may have changed, and never before this returns.
        """
        if queries:
            self._followers[owner] = _Follower(queries, on_answer)
        else:
            self._followers.pop(owner, None)
        before = self._queries
        self._queries = frozenset[Query]().union(*[item.queries for item in self._followers.values()])
        if self._queries == before:
            return
        self._listen()
        for query in before - self._queries:
            self._forget_plan(query)
        for query in self._queries - before:
            self._plan(query, self._hass.loop.time())

    @callback
    def ask_again(self) -> None:
        """Ask all queries again, because the clock was set or the machine was suspended."""
        for query in self._queries:
            self._plan(query, self._hass.loop.time())

    @callback
    def ask_now(self, queries: Iterable[Query]) -> list[asyncio.Task[None]]:
        """Ask those queries that may be asked now, and return the calls that have not ended yet."""
        now, asked = self._hass.loop.time(), list(queries)
        for query in asked:
            if query not in self._calls and self._earliest.get(query, now) <= now:
                self._ask(query)
        return [self._calls[query] for query in asked if query in self._calls]

    def _listen(self) -> None:
        for stop in self._stop_listeners:
            stop()
        entities = {query.entity_id for query in self._queries}
        # A list whose items change, but not their number, reports its old state.
        lists = {query.entity_id for query in self._queries if query.kind is QueryKind.TODO_ITEMS}
        self._stop_listeners = [
            async_track_state_change_event(self._hass, entities, self._async_entity_changed),
            async_track_state_report_event(self._hass, lists, self._async_entity_changed),
        ]

    @callback
    def _async_entity_changed(self, event: Event[EventStateChangedData] | Event[EventStateReportedData]) -> None:
        for query in self._queries:
            if query.entity_id == event.data["entity_id"]:
                self._plan(query, self._hass.loop.time() + _DELAY)

    def _plan(self, query: Query, when: float) -> None:
        """Ask a query at this time at the latest, but not more often than its action may be called."""
        when = max(when, self._earliest.get(query, when))
        if query in self._planned and self._planned[query][0] <= when:
            return
        self._forget_plan(query)
        loop = self._hass.loop
        # A timer may be late by the resolution of the clock.
        is_due = when <= loop.time()
        handle = loop.call_soon(self._ask, query) if is_due else loop.call_at(when, self._ask, query)
        self._planned[query] = when, handle

    def _forget_plan(self, query: Query) -> None:
        if (planned := self._planned.pop(query, None)) is not None:
            planned[1].cancel()

    @callback
    def _ask(self, query: Query) -> None:
        """Call the action of a query; an entity that is away is asked when it comes back."""
        self._forget_plan(query)
        state = self._hass.states.get(query.entity_id)
        if state is None or state.state == STATE_UNAVAILABLE:
            return
        self._earliest[query] = self._hass.loop.time() + query.call.interval
        if query in self._calls:
            # What it answers may be of before a change.
            self._plan(query, self._earliest[query])
            return
        task = self._hass.async_create_background_task(self._async_call(query), f"{DOMAIN} {query.kind}")
        if not task.done():
            self._calls[query] = task
            task.add_done_callback(lambda _: self._calls.pop(query))

    async def _async_call(self, query: Query) -> None:
        items: Items | None = None
        try:
            items = await _async_items(self._hass, query)
            self._failed.discard(query)
        except Exception as err:  # noqa: BLE001  # The integration of the entity may raise anything.
            if query not in self._failed:
                _LOGGER.warning("Could not get an answer of %s for %s: %s", query.call.name, query.entity_id, err)
            self._failed.add(query)
        is_new = keep_answer(self._hass, query, items)
        if query in self._queries:
            self._plan(query, self._hass.loop.time() + (_RETRY if items is None else _HOUR))
        if is_new:
            for follower in list(self._followers.values()):
                if query in follower.queries:
                    follower.on_answer(query)


async def _async_items(hass: HomeAssistant, query: Query) -> Items:
    """Call the action of a query, and return its items; raises whatever the integration raises."""
    call = query.call
    async with asyncio.timeout(_CALL_TIMEOUT):
        response = await hass.services.async_call(
            call.domain, call.action, query.data, blocking=True, return_response=True
        )
    answer: Any = (response or {})[query.entity_id]
    return [dict(item) for item in answer[call.key]]


@callback
def answer_fetcher(hass: HomeAssistant) -> AnswerFetcher:
    """Return the fetcher of all accounts."""
    if (fetcher := hass.data.get(_FETCHER)) is None:
        fetcher = hass.data[_FETCHER] = AnswerFetcher(hass)
    return fetcher


async def async_fetch_answers(hass: HomeAssistant, sources: Mapping[Field, Source]) -> None:
    """Ask for what sources need besides states, and wait for a few seconds at most."""
    asked = frozenset[Query]()
    with suppress(TimeoutError):
        async with asyncio.timeout(_FORM_TIMEOUT):
            while queries := queries_of(hass, sources) - asked:
                asked |= queries
                if calls := answer_fetcher(hass).ask_now(queries):
                    await asyncio.wait(calls)
