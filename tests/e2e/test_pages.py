"""Pages in a real Home Assistant: the morning ends, the evening begins, and what is saved can be read back."""

from datetime import datetime, timedelta
import json

import pytest

from devtools.hass import SAVE, HomeAssistantProcess
from emulator import Emulator
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

from .test_alert import shown
from .test_first_slice import check_log, until

pytestmark = pytest.mark.slow

# A page changes what is shown a minute after the update before at the earliest; the rest is patience.
_MORNING = timedelta(seconds=65)
_PATIENCE = 150


def text(words: str) -> dict[str, str]:
    """Return a text as the frontend sends it."""
    return {"active_choice": "text", "text": words}


async def test_morning_and_evening(home: HomeAssistantProcess, emulator: Emulator) -> None:
    """Each page is shown while the clock on the wall says so, also over a restart."""
    account = (await home.flow("pushover_glances", {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER}))["result"]
    fields = {"title": text("Home"), "text": text("Base"), "delivery": {"min_interval": 1, "daily_limit": 0}}
    await home.flow([account["entry_id"], "widget"], {"device": "iphone"}, fields, SAVE)
    await until(lambda: shown(emulator) == {"title": "Home", "text": "Base"})
    now = datetime.fromisoformat(await home.post("/api/template", {"template": "{{ now().isoformat() | to_json }}"}))
    begin, change, end = (f"{now + after:%H:%M:%S}" for after in (-timedelta(hours=1), _MORNING, timedelta(hours=1)))
    conditions = [{"condition": "template", "value_template": "{{ now().year > 2000 }}"}]
    for name, when in (
        ("Morning", {"from": begin, "until": change}),
        ("Evening", {"from": change, "until": end, "conditions": conditions}),
    ):
        page = await home.flow(
            [account["entry_id"], "page"], {"name": name}, {"text": text(name), "replace": False}, when, SAVE
        )
        assert (page["type"], page["title"]) == ("create_entry", name)
    await until(lambda: shown(emulator) == {"title": "Home", "text": "Morning"}, _PATIENCE)
    await home.restart()
    await until(lambda: shown(emulator) == {"title": "Home", "text": "Evening"}, _PATIENCE)
    stored = json.loads((home.folder / ".storage" / "core.config_entries").read_text(encoding="utf-8"))
    subentries = [item for entry in stored["data"]["entries"] for item in entry["subentries"]]
    assert conditions in [item["data"].get("conditions") for item in subentries]
    await home.stop()
    assert "Error writing config" not in home.log
    check_log(home.log)
