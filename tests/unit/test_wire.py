"""What an update looks like on the wire, and that nothing of it leaves before it may."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from unittest.mock import patch

from aiohttp import ClientSession, ClientTimeout
from aiohttp.http import SERVER_SOFTWARE
import pytest

from custom_components.pushover_glances.pushover import CannotConnectError, Field, Glance, NoAnswerError, PushoverClient
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER
from tests.listening import HOST, Heard, listening

_GLANCE = Glance.of({Field.TITLE: "Größe 🚗", Field.TEXT: "50 % & +1 = ~*", Field.COUNT: -3, Field.PERCENT: ""})
_BODY = (
    f"token={EXAMPLE_TOKEN}&user={EXAMPLE_USER}&title=Gr%C3%B6%C3%9Fe+%F0%9F%9A%97&text=50+%25+%26+%2B1+%3D+~%2A"
    "&count=-3&percent=&device=my+phone"
)


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[Heard]:
    """Return what a server hears."""
    async with listening() as heard:
        yield heard


@pytest.fixture
async def client(server: Heard) -> AsyncGenerator[PushoverClient]:
    """Return a client of that server."""
    async with ClientSession() as session:
        yield PushoverClient(session, EXAMPLE_TOKEN, EXAMPLE_USER, f"http://{HOST}:{server.port}/")


async def until(happened: Callable[[], object]) -> None:
    """Wait for something, for ten seconds at most."""
    async with asyncio.timeout(10):
        while not happened():  # noqa: ASYNC110  # it happens in a socket
            await asyncio.sleep(0.001)


def booking() -> asyncio.Future[None]:
    """Return what an update waits for."""
    return asyncio.get_running_loop().create_future()


async def test_request(server: Heard, client: PushoverClient) -> None:
    """It is one form, of the length that it says."""
    await client.update_glance(_GLANCE, "my phone")
    head, _, body = bytes(server.data).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    assert first == "POST /1/glances.json HTTP/1.1"
    headers = dict(line.split(": ") for line in lines)
    del headers["Accept-Encoding"]
    assert headers == {
        "Host": f"{HOST}:{server.port}",
        "Accept": "*/*",
        "User-Agent": SERVER_SOFTWARE,
        "Content-Length": str(len(_BODY)),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    assert body.decode() == _BODY


async def test_booking_of_which_the_request_waits(server: Heard, client: PushoverClient) -> None:
    """The connection is there, and not a byte of the request, until it is booked; then all of it comes at once."""
    booked = booking()
    updating = asyncio.ensure_future(client.update_glance(_GLANCE, booked=booked))
    await until(lambda: server.begun)
    await asyncio.sleep(0.2)
    assert (server.begun, bytes(server.data), updating.done()) == (1, b"", False)
    booked.set_result(None)
    assert (await updating).request == "r-1"
    assert server.data.count(b"POST ") == 1


async def test_booking_that_is_done_before(server: Heard, client: PushoverClient) -> None:
    """What is booked already goes at once."""
    booked = booking()
    booked.set_result(None)
    assert (await client.update_glance(_GLANCE, booked=booked)).request == "r-1"


async def test_booking_that_takes_too_long(
    server: Heard, client: PushoverClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request ends without an answer, and never leaves; the booking goes on."""
    monkeypatch.setattr("custom_components.pushover_glances.pushover.client._TIMEOUT", ClientTimeout(total=0.2))
    booked = booking()
    with pytest.raises(NoAnswerError):
        await client.update_glance(_GLANCE, booked=booked)
    assert not booked.cancelled()
    booked.set_result(None)
    await until(lambda: server.ended)
    assert bytes(server.data) == b""


async def test_booking_that_fails(server: Heard, client: PushoverClient) -> None:
    """What could not be booked does not leave, however it failed."""
    for error in (OSError("No space left on device"), TimeoutError(), RuntimeError("a bug")):
        booked = booking()
        booked.set_exception(error)
        with pytest.raises(NoAnswerError):
            await client.update_glance(_GLANCE, booked=booked)
    booked = booking()
    booked.cancel()
    with pytest.raises(NoAnswerError):
        await client.update_glance(_GLANCE, booked=booked)
    assert (server.begun, bytes(server.data)) == (4, b"")


async def test_request_that_is_given_up(server: Heard, client: PushoverClient) -> None:
    """Whoever cancels it does not cancel the booking, and nothing leaves any more."""
    booked = booking()
    updating = asyncio.ensure_future(client.update_glance(_GLANCE, booked=booked))
    await until(lambda: server.begun)
    updating.cancel()
    with pytest.raises(asyncio.CancelledError):
        await updating
    assert not booked.cancelled()
    booked.set_result(None)
    await until(lambda: server.ended)
    assert bytes(server.data) == b""


async def test_no_connection_while_it_is_booked(client: PushoverClient) -> None:
    """Nobody asks for the body, so that is no other failure than without a booking."""
    booked = booking()
    with (
        patch("asyncio.base_events.BaseEventLoop.create_connection", side_effect=ConnectionRefusedError),
        pytest.raises(CannotConnectError),
    ):
        await client.update_glance(_GLANCE, booked=booked)
    assert not booked.done()
