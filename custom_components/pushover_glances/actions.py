"""Carries out actions on widgets: passes them to the planner, and gives their callers the results."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from itertools import count

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .exceptions import translated
from .planner import Acted, Action, Confirmed, Event, Send, Wait, Withdrawn, overtaken, told
from .storage import AccountStore
from .widget import ActionResult, PendingAction, Widget

# An action must answer within ten seconds; the rest is for writing the file.
_ANSWER_TIMEOUT = 9.5


class Actions:
    """The actions of one account; those without a result yet are in `Widget.pending`."""

    def __init__(self, store: AccountStore, receive: Callable[[Widget, Event], None]) -> None:
        """Set the file of the account, and the function that passes an event of a widget to the planner."""
        self._store = store
        self._receive = receive
        self._keys = count(1)

    async def async_run(
        self, widgets: Iterable[Widget], make: Callable[[Widget, int], Action | None]
    ) -> list[ActionResult]:
        """Run an action on widgets, and return the result of each.

        `make` gets the widget and the key of the action, and returns `None` if there is nothing to do. An action that
        fails changes nothing, and one that is queued is on disk.
        """
        called = [(widget, self._call(widget, make(widget, next(self._keys)))) for widget in widgets]
        pending = {widget: item for widget, item in called if item is not None}
        try:
            if pending:
                await asyncio.wait([item.answer for item in pending.values()], timeout=_ANSWER_TIMEOUT)
            results = await self._async_answer(pending)
        except asyncio.CancelledError:
            for widget, item in pending.items():
                item.is_cancelled = True
                if item.answer.done():
                    self._keep(widget, item)
            raise
        return [results.get(widget) or ActionResult(widget.config, "unchanged") for widget, _ in called]

    @callback
    def tell(self, widget: Widget, wait: Wait) -> None:
        """Set the results of the pending actions of a widget that sends nothing now."""
        if not widget.pending:
            return
        self._note_unseen(widget)
        pending, widget.pending = widget.pending, []
        for item in pending:
            status = told(widget.state, item.action, wait)
            error = translated(HomeAssistantError, wait.reason) if status == "failed" else None
            due = wait.until if status == "queued" else None
            self._tell_one(widget, item, ActionResult(widget.config, status, due=due, error=error))

    @callback
    def take(self, widget: Widget, send: Send) -> list[PendingAction]:
        """Return the pending actions of a widget, which get their results when this update has ended."""
        self._note_unseen(widget, send)
        pending, widget.pending = widget.pending, []
        return pending

    @callback
    def put_back(self, widget: Widget, pending: list[PendingAction]) -> None:
        """Let actions wait for the next update, because theirs has not decided about them."""
        widget.pending = [*pending, *widget.pending]

    @callback
    def end(self, widget: Widget, pending: list[PendingAction], result: ActionResult) -> None:
        """Set the result of the actions whose update has ended."""
        for item in pending:
            self._tell_one(widget, item, result)

    @callback
    def _call(self, widget: Widget, action: Action | None) -> PendingAction | None:
        """Pass an action to the planner, and return it with the future of its result."""
        if action is None:
            return None
        pending = PendingAction(action, asyncio.get_running_loop().create_future())
        widget.pending.append(pending)
        self._receive(widget, Acted(action))
        return pending

    async def _async_answer(self, pending: Mapping[Widget, PendingAction]) -> dict[Widget, ActionResult]:
        """Return the results of an action, once the file has what is queued, and nothing of what failed."""
        for widget, item in pending.items():
            if not item.answer.done():
                if item in widget.pending:
                    self._note_unseen(widget)
                self._tell_one(widget, item, ActionResult(widget.config, "queued", due=dt_util.utcnow()))
        results = {widget: item.answer.result() for widget, item in pending.items()}
        kept = [widget for widget, result in results.items() if result.status in ("queued", "unchanged")]
        if any(result.status != "sent" for result in results.values()):
            try:
                await self._store.async_save_account()
            except HomeAssistantError as err:
                for widget in kept:
                    self._receive(widget, Withdrawn(pending[widget].action.key))
                    results[widget] = ActionResult(widget.config, "failed", error=err)
        for widget, result in results.items():
            if result.status != "failed":
                self._receive(widget, Confirmed(pending[widget].action.key))
        return results

    @callback
    def _keep(self, widget: Widget, pending: PendingAction) -> None:
        """Let what an action asked for stay, unless it failed."""
        if pending.answer.result().status != "failed":
            self._receive(widget, Confirmed(pending.action.key))

    @callback
    def _tell_one(self, widget: Widget, item: PendingAction, result: ActionResult) -> None:
        # An action that has got the result "queued" meanwhile keeps it.
        if item.answer.done():
            return
        if item.unseen is not None and result.status != "failed":
            result = item.unseen
        item.answer.set_result(result)
        if result.status == "failed":
            self._receive(widget, Withdrawn(item.action.key))
        elif item.is_cancelled:
            self._keep(widget, item)

    @callback
    def _note_unseen(self, widget: Widget, send: Send | None = None) -> None:
        """Note of which pending actions no value is shown, when they get their results, or when an update leaves."""
        actions = [item.action for item in widget.pending]
        gone = overtaken(widget.state, actions)
        covered = overtaken(widget.state, actions, send.alerted) if send is not None and send.alerted else gone
        for item in widget.pending:
            item.unseen = None
            if item.action.key in gone:
                error = translated(HomeAssistantError, "overtaken")
                item.unseen = ActionResult(widget.config, "unchanged", error=error)
            elif item.action.key in covered:
                item.unseen = ActionResult(widget.config, "unchanged")
