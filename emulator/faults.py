"""Ways in which the emulated Pushover can fail on demand."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
import json
import socket
import struct
from typing import Any, Self

from aiohttp import web

from . import bodies
from .world import World


class Kind(StrEnum):
    """What goes wrong, before the request has been carried out or after it."""

    STATUS = "status"
    RATE_LIMIT = "rate_limit"
    SLOW = "slow"
    HANG_BEFORE = "hang_before"
    HANG_AFTER = "hang_after"
    RESET_UNREAD = "reset_unread"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    CUT_BODY = "cut_body"
    SLOW_BODY = "slow_body"
    LONG = "long"
    ENDLESS = "endless"
    DEFLATED = "deflated"
    EARLY_HINTS = "early_hints"
    NOT_HTTP = "not_http"
    GARBAGE = "garbage"
    HTML = "html"


BEFORE_THE_REQUEST = frozenset(
    {Kind.STATUS, Kind.RATE_LIMIT, Kind.HANG_BEFORE, Kind.RESET_UNREAD, Kind.RESET_BEFORE},
)
_BODIES: dict[Kind, Callable[[web.Request, web.Response], Awaitable[web.StreamResponse]]] = {
    Kind.CUT_BODY: bodies.cut,
    Kind.ENDLESS: bodies.endless,
    Kind.LONG: bodies.long,
    Kind.DEFLATED: bodies.deflated,
    Kind.EARLY_HINTS: bodies.hinted,
    Kind.GARBAGE: bodies.garbage,
    Kind.HTML: bodies.html,
}
_KINDS_OF_VALUES: dict[str, Any] = {
    "times": int | None,
    "after": int,
    "path": str,
    "status": int,
    "headers": dict,
    "seconds": int | float,
    "reset": int | None,
}


@dataclass
class Fault:
    """One fault: it lets `after` requests pass, then strikes `times` times; None means until it is cleared."""

    kind: Kind
    times: int | None = 1
    path: str = ""
    status: int = 500
    body: str | bytes = ""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 3600.0
    reset: int | None = None
    after: int = 0

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Read a fault from the control endpoint; raises ValueError or TypeError when it is none."""
        if not isinstance(data, dict):
            raise TypeError("A fault is a JSON object")
        for name, value in data.items():
            if name in _KINDS_OF_VALUES and not isinstance(value, _KINDS_OF_VALUES[name]):
                raise TypeError(f"{name} has a value of the wrong kind")
        if data.get("status", 500) not in range(200, 600):
            raise ValueError("status is none of HTTP's")
        body = data.get("body", "")
        return cls(
            **{
                **data,
                "kind": Kind(data.get("kind", "")),
                "body": body if isinstance(body, str) else json.dumps(body),
            }
        )

    @property
    def recorded_status(self) -> int | None:
        """The status that the log of calls shows for a request that never reached the API."""
        return {Kind.STATUS: self.status, Kind.RATE_LIMIT: HTTPStatus.TOO_MANY_REQUESTS.value}.get(self.kind)

    def strikes(self, path: str) -> bool:
        """Tell whether this request is hit, and count it."""
        if self.times == 0 or not path.endswith(self.path):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True

    async def spoil(self, request: web.Request, answer: web.Response | None, world: World) -> web.StreamResponse:
        """Answer in the way that the fault says, or not at all; `answer` is None for a fault that comes before."""
        match self.kind:
            case Kind.STATUS:
                return web.Response(status=self.status, body=self._body, headers=self.headers)
            case Kind.RATE_LIMIT:
                return self._rate_limit(world)
            case Kind.SLOW:
                await asyncio.sleep(self.seconds)
            case Kind.HANG_BEFORE | Kind.HANG_AFTER:
                await asyncio.sleep(self.seconds)
                return _drop(request)
            case Kind.RESET_UNREAD | Kind.RESET_BEFORE | Kind.RESET_AFTER:
                return _drop(request)
            case Kind.NOT_HTTP:
                return bodies.not_http(request, self._body)
            case Kind.SLOW_BODY:
                return await bodies.slow(request, _given(answer), self.seconds)
        return await _BODIES.get(self.kind, bodies.whole)(request, _given(answer))

    @property
    def _body(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else self.body.encode()

    def _rate_limit(self, world: World) -> web.Response:
        """Answer as recorded in Tautulli's issue 396, `"token": "invalid"` included."""
        limit = next(iter(world.applications.values())).limit
        reset = self.reset if self.reset is not None else int(world.next_reset().timestamp())
        return web.json_response(
            {
                "token": "invalid",
                "errors": [f"application has exceeded current limit of {limit} messages"],
                "status": 0,
                "request": "00000000-0000-4000-8000-000000000429",
            },
            status=HTTPStatus.TOO_MANY_REQUESTS,
            headers={
                "X-Limit-App-Limit": str(limit),
                "X-Limit-App-Remaining": "0",
                "X-Limit-App-Reset": str(reset),
            },
        )


def _given(answer: web.Response | None) -> web.Response:
    assert answer is not None, "a fault that lets the answer through comes after it"
    return answer


def _drop(request: web.Request) -> web.Response:
    """Break the connection off without an answer, so that the client sees a reset."""
    if request.transport is not None:
        # Closing with a linger time of zero sends RST instead of FIN.
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
