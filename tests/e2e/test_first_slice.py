"""The main job in a real Home Assistant, driven by REST and WebSocket only."""

import asyncio
from collections.abc import Callable
from pathlib import Path
import re
import socket
import time

from aiohttp import ClientSession
from homeassistant.const import __version__
import pytest

from devtools.hass import SAVE, HomeAssistantError, HomeAssistantProcess
from emulator import Emulator
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER
from tests.deprecations import find_deprecations

_FIELDS = {
    "title": "Garage door",
    "text": "{{ state_translated('cover.garage_door') }}",
    "percent": "{{ 100 if is_state('cover.garage_door', 'open') else 0 }}",
    "delivery": {"min_interval": 1, "daily_limit": 0},
}


async def until(happened: Callable[[], bool], seconds: float = 15) -> None:
    """Wait for something, in real time."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)


@pytest.mark.slow
@pytest.mark.every_version
async def test_door_opens_and_the_glance_arrives(home: HomeAssistantProcess, emulator: Emulator) -> None:
    """From an empty Home Assistant to the glance, over a restart, with a clean log."""
    account = await home.flow("pushover_glances", {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER})
    assert account["next_flow"][0] == "config_subentries_flow"
    widget = await home.flow([account["result"]["entry_id"], "widget"], {"device": "iphone"}, _FIELDS, SAVE)
    assert (widget["type"], widget["title"]) == ("create_entry", "iphone")
    closed = {"device": "iphone", "title": "Garage door", "text": "Closed", "percent": "0"}
    await until(lambda: emulator.glances == [closed])

    await home.call("cover", "open_cover", entity_id="cover.garage_door")
    queued = await home.call("glances", "update", respond=True, subtext="since now", duration="01:00:00")
    assert [(item["widget"], item["status"]) for item in queued["widgets"]] == [("iphone", "queued")]
    assert "due" in queued["widgets"][0]
    with pytest.raises(HomeAssistantError, match=r"400 .*The field percent takes a whole number in the range 0\.\.100"):
        await home.call("pushover_glances", "update", percent=101)

    async with home.websocket() as command:
        services = await command("get_services")
        assert "Pushover" in services["glances"]["update"]["name"]
        texts = await command("frontend/get_translations", language="en", category="exceptions")
        assert any("pushover_glances" in key for key in texts["resources"])
    await home.restart()

    await until(lambda: len(emulator.glances) == 2, 90)
    opened = {"title": "Garage door", "text": "Open", "percent": 100, "subtext": "since now"}
    assert emulator.world.users[EXAMPLE_USER].devices["iphone"].shown == opened
    first, second = [call.time for call in emulator.calls if call.path == "/1/glances.json"]
    assert (second - first).total_seconds() >= 60
    await home.stop()
    check_log(home.log)


def check_log(log: str) -> None:
    """See that Home Assistant's log has no secret, and no error, warning or deprecation that is ours."""
    assert EXAMPLE_TOKEN not in log
    assert EXAMPLE_USER not in log
    assert not find_deprecations(log)
    assert not re.findall(r"(?:ERROR|WARNING) \([^)]*\) \[custom_components\.pushover_glances.*", log)
    # What this machine lacks for other integrations; any other message is an error.
    errors = re.findall(r" ERROR \([^)]*\) \[([\w.]+)\]", log)
    assert set(errors) <= {"haffmpeg.core", "homeassistant.components.camera.img_util"}
    for traceback in re.findall(r"Traceback.*?(?=\n\d{4}-|\Z)", log, re.DOTALL):
        assert "custom_components/pushover_glances" not in traceback


@pytest.mark.slow
@pytest.mark.every_version
async def test_demo(socket_enabled: None) -> None:
    """`scripts/demo` shows the change and the glance, and leaves nothing behind when it is stopped."""
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        str(root / "scripts" / "demo"), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        while not lines or "Nothing of it is kept" not in lines[-1]:
            line = await process.stdout.readline()
            assert line, "".join(lines)
            lines.append(line.decode())
        output = "".join(lines)
        addresses = re.findall(r"http://127\.0\.0\.1:\d+", output)
        async with ClientSession() as session:
            for address in addresses:
                async with session.get(address) as response:
                    assert response.status == 200
    finally:
        process.terminate()
        status = await process.wait()
    assert status == 0
    closed, opened = [output.index(f'text "Garage door: {text}"') for text in ("Closed", "Open")]
    assert closed < output.index("The garage door has opened") < opened
    assert output.count("press Ctrl-C") == 2
    assert len(addresses) == 2
    async with ClientSession() as session:
        for address in addresses:
            with pytest.raises(OSError, match="Connect"):
                await session.get(address)
    assert not list((root / ".run").glob(f"demo-{process.pid}-*"))


@pytest.mark.slow
async def test_demo_once(socket_enabled: None) -> None:
    """`--once` ends by itself: 0 when the glance arrived, 1 with the reason when it did not; two at once are fine."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = ((), (), ("--port", str(taken.getsockname()[1])))
        processes = [
            await asyncio.create_subprocess_exec(
                *(str(Path(__file__).parents[2] / "scripts" / "demo"), "--ha", __version__, "--once", *port),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            for port in ports
        ]
        outputs = [(await process.communicate())[0].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 1], outputs
    assert all('text "Garage door: Open"' in output for output in outputs[:2])
    assert f"Port {ports[2][1]} is taken" in outputs[2]
