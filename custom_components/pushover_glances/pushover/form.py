"""The form of an update, which may have to wait for something while the connection is made."""

import asyncio
from collections.abc import Mapping
from typing import override
from urllib.parse import urlencode

from aiohttp import BytesPayload, ClientError
from aiohttp.abc import AbstractStreamWriter


class Form(BytesPayload):
    """A form that leaves when `ready` is done, and not when that has failed.

    aiohttp keeps the headers back until the first byte of the body, so nothing leaves before. Whoever gives the request
    up does not give up what it waited for.
    """

    def __init__(self, data: Mapping[str, str], ready: asyncio.Future[None] | None = None) -> None:
        """Encode the data as forms are."""
        super().__init__(urlencode(data).encode(), content_type="application/x-www-form-urlencoded")
        self._ready = ready

    @override
    async def write(self, writer: AbstractStreamWriter) -> None:
        await self.write_with_length(writer, None)

    @override
    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        if self._ready is not None:
            if not self._ready.done():
                await asyncio.wait([self._ready])
            if self._ready.cancelled() or self._ready.exception() is not None:
                raise ClientError("What the request waited for has failed")
        await super().write_with_length(writer, content_length)
