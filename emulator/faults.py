"""Ways in which the emulated Pushover can be told to fail."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
import json
import socket
import struct
from typing import Any, Self

from aiohttp import web

from .world import World


class Kind(StrEnum):
    """What goes wrong; those that end in `_after` happen when the request has been carried out."""

    STATUS = "status"
    RATE_LIMIT = "rate_limit"
    SLOW = "slow"
    HANG_BEFORE = "hang_before"
    HANG_AFTER = "hang_after"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    CUT_BODY = "cut_body"
    GARBAGE = "garbage"
    HTML = "html"


AFTER_THE_REQUEST = frozenset({Kind.SLOW, Kind.HANG_AFTER, Kind.RESET_AFTER, Kind.CUT_BODY, Kind.GARBAGE, Kind.HTML})
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
                body = self.body if isinstance(self.body, bytes) else self.body.encode()
                return web.Response(status=self.status, body=body, headers=self.headers)
            case Kind.RATE_LIMIT:
                return self._rate_limit(world)
            case Kind.SLOW:
                await asyncio.sleep(self.seconds)
            case Kind.HANG_BEFORE | Kind.HANG_AFTER:
                await asyncio.sleep(self.seconds)
                return _drop(request)
            case Kind.RESET_BEFORE | Kind.RESET_AFTER:
                return _drop(request)
            case Kind.CUT_BODY:
                return await _cut(request)
            case Kind.GARBAGE:
                return web.Response(body=b'\x00\xff{"status":1', content_type="application/json")
            case Kind.HTML:
                return web.Response(text="<html>Bad gateway</html>", content_type="text/html")
        assert answer is not None, "a fault that lets the answer through comes after it"
        return answer

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


def _drop(request: web.Request) -> web.Response:
    """Break the connection off without an answer, so that the client sees a reset."""
    if request.transport is not None:
        # Closing with a linger time of zero sends RST instead of FIN.
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()


async def _cut(request: web.Request) -> web.StreamResponse:
    """Promise a body and break off in its middle."""
    response = web.StreamResponse(headers={"Content-Length": "60"})
    await response.prepare(request)
    await response.write(b'{"status":1,"reque')
    if request.transport is not None:
        request.transport.close()
    return response
