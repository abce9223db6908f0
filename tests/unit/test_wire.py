"""What an update looks like on the wire."""

from aiohttp import ClientSession
from aiohttp.http import SERVER_SOFTWARE

from custom_components.pushover_glances.pushover import Field, Glance, PushoverClient
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER
from tests.listening import HOST, listening

_GLANCE = Glance.of({Field.TITLE: "Größe 🚗", Field.TEXT: "50 % & +1 = ~*", Field.COUNT: -3, Field.PERCENT: ""})
_BODY = (
    f"token={EXAMPLE_TOKEN}&user={EXAMPLE_USER}&title=Gr%C3%B6%C3%9Fe+%F0%9F%9A%97&text=50+%25+%26+%2B1+%3D+~%2A"
    "&count=-3&percent=&device=my+phone"
)


async def test_request(socket_enabled: None) -> None:
    """It is one form, of the length that it says."""
    async with listening() as server, ClientSession() as session:
        client = PushoverClient(session, EXAMPLE_TOKEN, EXAMPLE_USER, f"http://{HOST}:{server.port}/")
        assert (await client.update_glance(_GLANCE, "my phone")).request == "r-1"
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
