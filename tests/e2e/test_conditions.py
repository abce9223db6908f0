"""An alert with conditions in a real Home Assistant: a window is open while it rains, and what is saved can be read."""

import asyncio
from contextlib import suppress
import json
from typing import Any

import pytest

from devtools.hass import SAVE, HomeAssistantError, HomeAssistantProcess
from emulator import Emulator
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

from .test_alert import ACTIVE, DOOR, shown
from .test_first_slice import check_log, until

pytestmark = pytest.mark.slow

RAIN = "binary_sensor.rain"
RAINS: list[dict[str, Any]] = [
    {"condition": "state", "entity_id": RAIN, "state": "on"},
    {"condition": "template", "value_template": "{{ not is_state('sun.sun', 'gone') }}"},
    {"or": [{"condition": "sun", "after": "sunrise"}, {"condition": "sun", "before": "sunrise"}]},
]
WIDGET = {"title": "Outside", "text": "Calm"}
ALERT = {"title": "Garage door", "text": "Open"}
# An urgent update goes a minute after the last one; the rest is patience.
PATIENCE = 90


async def rain(home: HomeAssistantProcess, state: str) -> None:
    """Let it rain, or stop."""
    await home.post(f"/api/states/{RAIN}", {"state": state})


async def is_active(home: HomeAssistantProcess, state: str) -> None:
    """Wait until the entity of the alert has a state; it has none while its account is loaded."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(HomeAssistantError):
                if await home.state(ACTIVE) == state:
                    return
            await asyncio.sleep(0.1)


async def test_open_while_it_rains(home: HomeAssistantProcess, emulator: Emulator) -> None:
    """The open door is shown when it begins to rain, also over a restart, and no longer when the rain is over."""
    await rain(home, "off")
    account = (await home.flow("pushover_glances", {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER}))["result"]
    fields = {**{name: {"active_choice": "text", "text": text} for name, text in WIDGET.items()}, "delivery": {}}
    await home.flow([account["entry_id"], "widget"], {"device": "iphone"}, fields, SAVE)
    await until(lambda: shown(emulator) == WIDGET)
    filled = {"states": ["open"], **ALERT, "urgent": True, "conditions": RAINS, "for": {"seconds": 1}}
    alert = await home.flow([account["entry_id"], "alert"], {"entities": [DOOR]}, filled, SAVE)
    assert alert["type"] == "create_entry"
    await home.call("cover", "open_cover", entity_id=DOOR)
    await is_active(home, "off")
    await rain(home, "on")
    await until(lambda: shown(emulator) == ALERT, PATIENCE)
    await is_active(home, "on")

    await home.restart()
    # Home Assistant forgets the states that were set from outside; until they are back, the alert stays.
    await is_active(home, "on")
    stored = json.loads((home.folder / ".storage" / "core.config_entries").read_text(encoding="utf-8"))
    subentries = [item for entry in stored["data"]["entries"] for item in entry["subentries"]]
    assert RAINS in [item["data"].get("conditions") for item in subentries]

    await rain(home, "off")
    await until(lambda: shown(emulator) == WIDGET, PATIENCE)
    await is_active(home, "off")
    await home.stop()
    assert "Error writing config" not in home.log
    check_log(home.log)
