"""A server on loopback that keeps every byte that it hears, and accepts everything."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import re
import ssl
from typing import cast, override

HOST = "127.0.0.1"
_BODY = b'{"status":1,"request":"r-1","devices":["iphone"]}'
# Each request has a connection of its own.
_REPLY = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)


@dataclass
class Heard:
    """What has come so far: bytes, and how many connections began and ended; over TLS, those that were agreed on.

    `on_request` hears of the first byte of a request.
    """

    port: int = 0
    data: bytearray = field(default_factory=bytearray)
    begun: int = 0
    ended: int = 0
    on_request: Callable[[], None] = lambda: None

    def forget(self) -> None:
        """Begin again."""
        self.data.clear()
        self.begun = self.ended = 0


class _Listener(asyncio.Protocol):
    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._request = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._heard.begun += 1

    @override
    def data_received(self, data: bytes) -> None:
        if not self._request:
            self._heard.on_request()
        self._heard.data.extend(data)
        self._request += data
        head, _, body = self._request.partition(b"\r\n\r\n")
        if (length := re.search(rb"Content-Length: (\d+)", head)) and len(body) == int(length[1]):
            self._transport.write(_REPLY)
            self._transport.close()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._heard.ended += 1


@asynccontextmanager
async def listening(context: ssl.SSLContext | None = None) -> AsyncGenerator[Heard]:
    """Serve on loopback, with a context over TLS."""
    heard = Heard()
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    # To asyncio's server, a client that breaks off the handshake is an error; here it is what is hoped for.
    loop.set_exception_handler(
        lambda the_loop, found: (
            None if isinstance(found.get("exception"), ConnectionError) or before is None else before(the_loop, found)
        )
    )
    server = await loop.create_server(lambda: _Listener(heard), HOST, 0, ssl=context)
    heard.port = server.sockets[0].getsockname()[1]
    try:
        yield heard
    finally:
        server.close()
        server.close_clients()
        await server.wait_closed()
        loop.set_exception_handler(before)
