"""Two alerts in a real Home Assistant: smoke stays on top of a battery that becomes low later."""

import asyncio
import json

import pytest

from devtools.hass import SAVE, HomeAssistantProcess
from emulator import Emulator
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

from .test_alert import shown
from .test_first_slice import check_log, until

pytestmark = pytest.mark.slow

_SMOKE, _BATTERY = "binary_sensor.smoke", "sensor.battery"
_SMOKE_ALERT = {"title": "Smoke", "text": "Kitchen"}
_BATTERY_ALERT = {"title": "Battery", "text": "Low"}
# In seconds. An urgent update goes a minute after the last one, and changes join for 5 s.
_URGENT = 70


async def _set(home: HomeAssistantProcess, entity_id: str, state: str, **attributes: str) -> None:
    await home.post(f"/api/states/{entity_id}", {"state": state, "attributes": attributes})


async def _smoke(home: HomeAssistantProcess, state: str) -> None:
    await _set(home, _SMOKE, state, device_class="smoke")


async def _battery(home: HomeAssistantProcess, state: str) -> None:
    await _set(home, _BATTERY, state, device_class="battery", unit_of_measurement="%")


async def test_smoke_stays_on_top(home: HomeAssistantProcess, emulator: Emulator) -> None:
    """The battery, which came later and is urgent as well, is shown when the smoke is gone."""
    await _smoke(home, "on")
    await _battery(home, "50")
    account = (await home.flow("pushover_glances", {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER}))["result"]
    for entity_id, name, filled in (
        (_SMOKE, "Smoke", {"states": ["on"], **_SMOKE_ALERT, "urgent": True}),
        (_BATTERY, "Battery", {"below": 20, **_BATTERY_ALERT, "urgent": True}),
    ):
        alert = await home.flow(
            [account["entry_id"], "alert"], {"entities": [entity_id]}, {**filled, "name": name}, SAVE
        )
        assert alert["type"] == "create_entry"
    fields = {"text": {"active_choice": "text", "text": "Calm"}, "delivery": {}}
    await home.flow([account["entry_id"], "widget"], {"device": "iphone"}, fields, SAVE)
    await until(lambda: shown(emulator) == _SMOKE_ALERT)

    await _battery(home, "10")
    # By then, an urgent update would have been sent.
    await asyncio.sleep(_URGENT)
    assert await home.state("binary_sensor.battery") == "on"
    assert shown(emulator) == _SMOKE_ALERT
    await _smoke(home, "off")
    await until(lambda: shown(emulator) == _BATTERY_ALERT, _URGENT)
    stored = json.loads((home.folder / ".storage" / "core.config_entries").read_text(encoding="utf-8"))
    titles = {item["title"] for entry in stored["data"]["entries"] for item in entry["subentries"]}
    assert titles >= {"Smoke", "Battery"}
    await home.stop()
    assert "Error writing config" not in home.log
    check_log(home.log)
