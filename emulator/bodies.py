"""Answers of the emulated Pushover that are too long, too slow, cut off, or no HTTP at all."""

import asyncio
import gzip

from aiohttp import web

# What a client must neither collect nor decode: Pushover's own answers are below a kilobyte.
LONG = 10 * 1024 * 1024
_CHUNK = b" " * 4096
_HINTS = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"


async def whole(_request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Return the answer as it is."""
    return answer


async def cut(request: web.Request, _answer: web.Response) -> web.StreamResponse:
    """Promise a body and break off in its middle."""
    response = web.StreamResponse(headers={"Content-Length": "60"})
    await response.prepare(request)
    await response.write(b'{"status":1,"reque')
    if request.transport is not None:
        request.transport.close()
    return response


async def slow(request: web.Request, answer: web.Response, seconds: float) -> web.StreamResponse:
    """Send the head of an answer at once, and its body byte by byte, which takes so many seconds."""
    body = _body(answer)
    response = web.StreamResponse(headers={"Content-Length": str(len(body))})
    await response.prepare(request)
    for byte in body:
        await response.write(bytes([byte]))
        await asyncio.sleep(seconds / len(body))
    return response


async def endless(request: web.Request, _answer: web.Response) -> web.StreamResponse:
    """Answer until the client hangs up."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(_CHUNK)
        await asyncio.sleep(0)


async def long(_request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Return the answer with a lot of white space after it: still good JSON."""
    return web.Response(body=_padded(answer), content_type="application/json")


async def deflated(_request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Return the same packed: a few kilobytes on the wire."""
    return web.Response(
        body=gzip.compress(_padded(answer)),
        content_type="application/json",
        headers={"Content-Encoding": "gzip"},
    )


async def hinted(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Send what HTTP allows before an answer, and the answer."""
    if request.transport is not None:
        request.transport.write(_HINTS)
    return answer


async def garbage(_request: web.Request, _answer: web.Response) -> web.StreamResponse:
    """Call something JSON that is none."""
    return web.Response(body=b'\x00\xff{"status":1', content_type="application/json")


async def html(_request: web.Request, _answer: web.Response) -> web.StreamResponse:
    """Answer as a proxy might."""
    return web.Response(text="<html>Bad gateway</html>", content_type="text/html")


def not_http(request: web.Request, body: bytes) -> web.Response:
    """Send these bytes in the place of an answer, and hang up."""
    if request.transport is not None:
        request.transport.write(body)
        request.transport.close()
    return web.Response()


def _padded(answer: web.Response) -> bytes:
    return _body(answer).ljust(LONG)


def _body(answer: web.Response) -> bytes:
    assert isinstance(answer.body, bytes)
    return answer.body
