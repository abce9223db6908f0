"""The emulated Pushover: answers, watches, faults, and clients of other projects."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
import json
import sys
from typing import Any

from aiohttp import ClientError, ClientSession
import pushover
import pytest

from emulator import Emulator, Fault, Kind, World, example_world
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER, GROUP_KEY, SECOND_TOKEN, SECOND_USER

GOOD = {"token": EXAMPLE_TOKEN, "user": EXAMPLE_USER}


@pytest.fixture
async def session(socket_enabled: None) -> AsyncGenerator[ClientSession]:
    """Return a session that is closed afterwards."""
    async with ClientSession() as opened:
        yield opened


async def glance(session: ClientSession, emulator: Emulator, **data: Any) -> tuple[int, dict[str, Any]]:
    """POST a glance as a form."""
    async with session.post(f"{emulator.url}1/glances.json", data={**GOOD, **data}) as response:
        return response.status, await response.json(content_type=None)


@pytest.mark.parametrize(
    ("data", "error", "named"),
    [
        pytest.param({"token": "x"}, "application token is invalid", {"token": "invalid"}, id="token"),
        pytest.param({"user": "x"}, "user identifier is not a valid user", {"user": "invalid"}, id="user"),
        pytest.param({}, "at least one", {}, id="no-field"),
        pytest.param({"text": "x" * 101}, "longer than 100", {"text": "invalid"}, id="too-long"),
        pytest.param({"count": "x"}, "must be an integer", {"count": "invalid"}, id="count"),
        pytest.param({"percent": "101"}, "between 0 and 100", {"percent": "invalid"}, id="percent"),
    ],
)
async def test_refusals(
    session: ClientSession, emulator: Emulator, data: dict[str, str], error: str, named: dict[str, str]
) -> None:
    """What Pushover refuses is refused in its way: status 400 and 0, the parameter, the errors, a request id."""
    status, body = await glance(session, emulator, **data)
    assert (status, body["status"]) == (400, 0)
    assert error in body["errors"][0]
    assert named.items() <= body.items()
    assert body["request"]


async def test_forms_json_and_queries(session: ClientSession, emulator: Emulator) -> None:
    """Parameters come as form, as JSON, or in the query; the quota is in the headers."""
    url = f"{emulator.url}1/glances.json"
    await glance(session, emulator, title="form")
    async with session.post(url, json={**GOOD, "text": "json", "count": 0, "percent": None}) as response:
        assert response.headers["X-Limit-App-Limit"] == "10000"
        assert int(response.headers["X-Limit-App-Reset"]) > datetime.now(UTC).timestamp()
    async with session.post(url, params={**GOOD, "subtext": "query"}):
        pass
    async with session.post(url, data=b"{", headers={"Content-Type": "application/json"}) as response:
        assert response.status == 400
    shown = emulator.world.users[EXAMPLE_USER].devices["iphone"].shown
    assert shown == {"title": "form", "text": "json", "count": 0, "percent": "", "subtext": "query"}


async def test_device_and_accounts(session: ClientSession, emulator: Emulator) -> None:
    """A device gets its own; an unknown one means all; another user's stay untouched; groups have none."""
    await glance(session, emulator, device="ipad", text="ipad")
    await glance(session, emulator, device="walkman", title="all")
    await glance(session, emulator, token=SECOND_TOKEN, user=SECOND_USER, text="pixel")
    assert (await glance(session, emulator, user=GROUP_KEY, text="group"))[0] == 200
    shown = {name: device.shown for user in emulator.world.users.values() for name, device in user.devices.items()}
    assert shown == {
        "iphone": {"title": "all"},
        "ipad": {"text": "ipad", "title": "all"},
        "pixel": {"text": "pixel"},
    }


async def test_device_that_is_not_active(session: ClientSession, emulator: Emulator) -> None:
    """It is listed and gets nothing; where no other one does, the answer to an accepted update says so."""
    devices = emulator.world.users[EXAMPLE_USER].devices
    devices["iphone"].is_active = False
    status, body = await glance(session, emulator, text="x", device="iphone")
    assert (status, body["status"], body["info"]) == (200, 1, "no active devices to send to")
    status, body = await glance(session, emulator, text="y")
    assert (status, body.get("info")) == (200, None)
    assert (devices["iphone"].stored, devices["ipad"].stored) == ({}, {"text": "y"})
    async with session.post(f"{emulator.url}1/users/validate.json", data=GOOD) as response:
        assert (await response.json())["devices"] == ["iphone", "ipad"]


async def test_watch_listens_fifty_times_a_day(session: ClientSession, socket_enabled: None) -> None:
    """The 51st update of a day is stored but not shown; the next day, from 05:00 on, shows it all."""
    clock = {"now": datetime(2026, 11, 23, 6, 0).astimezone()}
    world = example_world()
    world.clock = lambda: clock["now"]
    async with Emulator(world) as emulator:
        device = world.users[EXAMPLE_USER].devices["iphone"]
        for number in range(52):
            await glance(session, emulator, count=number)
            clock["now"] += timedelta(minutes=10)
        assert device.shown == {"count": 49}
        assert device.stored == {"count": 51}
        assert (device.ignored_by_watch, device.closer_than_spacing) == (2, 51)
        clock["now"] += timedelta(hours=14)
        assert (clock["now"].hour, device.updates_today(clock["now"])) == (4, 52)
        clock["now"] += timedelta(hours=1)
        await glance(session, emulator, text="tomorrow")
        assert device.shown == {"count": 51, "text": "tomorrow"}
        assert device.updates_today(clock["now"]) == 1


async def test_page_and_state(session: ClientSession, emulator: Emulator) -> None:
    """The page is there on both ports, and what it shows comes from the state."""
    await glance(session, emulator, text="<b>")
    for base in (emulator.url, emulator.control_url):
        async with session.get(base) as response:
            assert "<title>Pushover emulator</title>" in await response.text()
    async with session.get(f"{emulator.control_url}control/state") as response:
        state = await response.json()
    assert state["users"][0]["devices"][0]["shown"] == {"text": "<b>"}
    assert [call["status"] for call in state["calls"]] == [200]


async def test_control(session: ClientSession, emulator: Emulator) -> None:
    """Faults, stop and start by the control endpoint."""
    control = f"{emulator.control_url}control"

    async def fault(expected: int = 200, **data: Any) -> None:
        async with session.post(f"{control}/fault", json=data) as response:
            assert response.status == expected

    await fault(kind="status", status=418, body={"status": 0}, times=2, path="/1/glances.json")
    assert [(await glance(session, emulator, text="x"))[0] for _ in range(3)] == [418, 418, 200]
    await fault(kind="rate_limit", times=None, reset=1_451_628_000)
    status, body = await glance(session, emulator, text="x")
    assert (status, body["token"]) == (429, "invalid")
    async with session.delete(f"{control}/fault"):
        pass
    assert (await glance(session, emulator, text="x"))[0] == 200
    await fault(kind="nonsense", expected=400)
    await fault(colour="red", kind="html", expected=400)
    for bad in ({"times": "x"}, {"path": 5}, {"status": 0}, {"seconds": "x"}):
        await fault(kind="status", expected=400, **bad)
    async with session.post(f"{control}/fault", json=["html"]) as response:
        assert response.status == 400
    async with session.post(f"{control}/stop"):
        pass
    with pytest.raises(ClientError):
        await glance(session, emulator, text="x")
    async with session.post(f"{control}/start"):
        pass
    assert (await glance(session, emulator, text="x"))[0] == 200


async def test_stop_cuts_requests_that_are_under_way(session: ClientSession, emulator: Emulator) -> None:
    """Connections are cut at once when it stops."""
    await glance(session, emulator, text="x")
    async with session.post(f"{emulator.control_url}control/fault", json={"kind": "hang_before", "seconds": 60}):
        pass
    waiting = asyncio.ensure_future(glance(session, emulator, text="y"))
    while len(emulator.calls) < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await emulator.stop()
    with pytest.raises(ClientError):
        await waiting


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
async def test_reset(emulator: Emulator, kind: str) -> None:
    """The client sees a reset, not the end of an answer; the log says what happened."""
    emulator.faults.append(Fault(Kind(kind)))
    reader, writer = await asyncio.open_connection("127.0.0.1", emulator.port)
    body = b"text=x"
    head = f"POST /1/glances.json HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
    writer.write(head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + body)
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()
    assert [call.fault for call in emulator.calls] == [kind]


async def test_taken_port(emulator: Emulator) -> None:
    """A port that is taken is an error, and leaves nothing open."""
    with pytest.raises(OSError, match="in use"):
        async with Emulator(World(), port=emulator.port):
            pass


async def test_library_from_pypi(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that was written for Pushover itself talks to the emulator."""
    monkeypatch.setattr(pushover, "GLANCE_URL", f"{emulator.url}1/glances.json")
    monkeypatch.setattr(pushover, "USER_URL", f"{emulator.url}1/users/validate.json")

    def talk() -> list[str]:
        client = pushover.Client(EXAMPLE_USER, api_token=EXAMPLE_TOKEN)
        assert client.verify()
        client.send_glance(text="Library", count=0, percent=85)
        with pytest.raises(pushover.RequestError, match="between 0 and 100"):
            client.send_glance(percent=101)
        devices: list[str] = client.devices
        return devices

    assert await asyncio.to_thread(talk) == ["iphone", "ipad"]
    shown = emulator.world.users[EXAMPLE_USER].devices["ipad"].shown
    assert shown == {"text": "Library", "count": 0, "percent": 85}


async def test_curl(emulator: Emulator) -> None:
    """The command of Pushover's own documentation works."""
    given = {**GOOD, "text": "Garage door open"}
    fields = [word for name, value in given.items() for word in ("--form-string", f"{name}={value}")]
    process = await asyncio.create_subprocess_exec(
        "curl", "-s", *fields, f"{emulator.url}1/glances.json", stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert json.loads(output)["status"] == 1
    assert emulator.glances == [{"text": "Garage door open"}]


async def test_command(session: ClientSession) -> None:
    """`python -m emulator` says where it listens and which keys it knows, and ends when asked to."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "emulator", "--application", "t" * 30, "--user", f"{'u' * 30}:watch,phone"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    lines = [(await process.stdout.readline()).decode().split() for _ in range(4)]
    assert lines[2:] == [["application", "t" * 30], ["user", f"{'u' * 30}:", "watch,", "phone"]]
    data = {"token": "t" * 30, "user": "u" * 30, "text": "x"}
    async with session.post(f"{lines[0][-1]}1/glances.json", data=data) as response:
        assert response.status == 200
    process.terminate()
    assert await process.wait() == 0
