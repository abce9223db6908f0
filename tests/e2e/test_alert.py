"""An alert in a real Home Assistant: it takes over the wrist, outlives a restart, and goes back by itself."""

import asyncio
from datetime import datetime, timedelta

import pytest

from devtools.hass import SAVE, HomeAssistantProcess
from emulator import Emulator
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER, Call

from .burst import now
from .test_first_slice import check_log, until

pytestmark = pytest.mark.slow

DOOR = "cover.garage_door"
TEMPERATURE = "sensor.temperature"
ACTIVE = "binary_sensor.garage_door_open"
# An urgent update goes 60 s after the last one; changes join for 5 s, and timers are grouped.
URGENT = timedelta(seconds=70)
AT_ONCE = timedelta(seconds=10)


def updates(emulator: Emulator) -> list[Call]:
    """Return the updates that arrived."""
    return [call for call in emulator.calls if call.path == "/1/glances.json"]


def shown(emulator: Emulator) -> dict[str, str]:
    """Return what the watch shows, without what is empty."""
    shows = emulator.world.users[EXAMPLE_USER].devices["iphone"].shown
    return {name: str(value) for name, value in shows.items() if value != ""}


async def arrives(emulator: Emulator, text: str, begun: datetime, latest: datetime) -> datetime:
    """Wait for one more update, and return when it arrived, which is no later than that."""
    number = sum(call.time <= begun for call in updates(emulator))
    await until(lambda: len(updates(emulator)) > number, (latest - now()).total_seconds() + 15)
    assert shown(emulator)["text"] == text
    assert len(updates(emulator)) == number + 1
    assert updates(emulator)[-1].time <= latest
    return updates(emulator)[-1].time


async def measure(home: HomeAssistantProcess) -> None:
    """Set the temperature of the sensor, which is not restored after a restart."""
    await home.post(f"/api/states/{TEMPERATURE}", {"state": "21.0", "attributes": {"unit_of_measurement": "°C"}})


async def test_door_opens_over_the_temperature(home: HomeAssistantProcess, emulator: Emulator) -> None:
    """The door is shown within 70 s of the last update, or at once, over a restart; then the temperature again."""
    await measure(home)
    account = (await home.flow("pushover_glances", {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER}))["result"]
    fields = {"title": "Outside", "text": f"{{{{ states('{TEMPERATURE}') }}}}", "delivery": {}}
    await home.flow([account["entry_id"], "widget"], {"device": "iphone"}, fields, SAVE)
    await until(lambda: shown(emulator) == {"title": "Outside", "text": "21.0"})
    first = updates(emulator)[-1].time
    filled = {
        "states": ["open"],
        "title": "Garage door",
        "text": "Open",
        "subtext": "since {{ since }}",
        "urgent": True,
    }
    alert = await home.flow([account["entry_id"], "alert"], {"entities": [DOOR]}, filled, SAVE)
    assert (alert["type"], alert["title"]) == ("create_entry", "Garage door: Open")

    opened = now()
    await home.call("cover", "open_cover", entity_id=DOOR)
    last = await arrives(emulator, "Open", opened, max(first + URGENT, opened + AT_ONCE))
    assert last - first >= timedelta(seconds=60)
    assert shown(emulator)["title"] == "Garage door"
    assert shown(emulator)["subtext"].startswith("since ")
    assert await home.state(ACTIVE) == "on"

    await home.restart()
    await measure(home)
    await asyncio.sleep(max((last + URGENT - now()).total_seconds(), 0))
    assert updates(emulator)[-1].time == last
    assert await home.state(ACTIVE) == "on"

    closed = now()
    await home.call("cover", "close_cover", entity_id=DOOR)
    await arrives(emulator, "21.0", closed, closed + AT_ONCE)
    assert shown(emulator) == {"title": "Outside", "text": "21.0"}
    assert await home.state(ACTIVE) == "off"
    await home.stop()
    check_log(home.log)
