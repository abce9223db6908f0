"""A server on loopback that keeps every byte that it hears, and answers an update."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import ssl
from typing import cast, override

HOST = "127.0.0.1"
_REPLY = b'HTTP/1.1 200 OK\r\nContent-Length: 29\r\n\r\n{"status":1,"request":"r-1"}\n'


@dataclass
class Heard:
    """What has come so far: bytes, and how many connections began and ended; over TLS, those that were agreed on."""

    port: int = 0
    data: bytearray = field(default_factory=bytearray)
    begun: int = 0
    ended: int = 0


class _Listener(asyncio.Protocol):
    def __init__(self, heard: Heard) -> None:
        self._heard = heard

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._heard.begun += 1

    @override
    def data_received(self, data: bytes) -> None:
        self._heard.data.extend(data)
        if b"text=" in self._heard.data:
            self._transport.write(_REPLY)

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
