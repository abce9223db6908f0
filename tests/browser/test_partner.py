"""A partner's account with the same content, added by picking, and with one key."""

from playwright.async_api import Browser, expect
import pytest

from devtools.browser import Look, find_flaws, open_frontend
from devtools.hass import SAVE, HomeAssistantProcess
from devtools.journey import add_partner
from emulator import Emulator
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER, SECOND_USER
from tests.e2e.test_first_slice import until

pytestmark = [pytest.mark.slow]

_DOOR = "cover.garage_door"
_SAVE = {"next_step_id": "save"}
# With the key of the other person as one of them.
_MOST = 14
_BOTH = ("Garage door open", "Garage door: Open")
# In seconds: changes join for 5 s before they are sent.
_SENT = 60


async def _prepare(home: HomeAssistantProcess) -> None:
    """Add the account of the first person, with a widget and an alert for it alone, which is active."""
    keys = {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER, "name": "Anna"}
    entry_id = (await home.flow("pushover_glances", keys))["result"]["entry_id"]
    await home.flow([entry_id, "widget"], {"device": "iphone", "entities": [_DOOR]}, _SAVE)
    filled = {"states": ["open"], "title": "{{ name }} open", "urgent": True, "replace": False}
    await home.flow([entry_id, "alert"], {"entities": [_DOOR]}, filled, SAVE)
    await home.call("cover", "open_cover", entity_id=_DOOR)


async def test_partner(browser: Browser, home: HomeAssistantProcess, emulator: Emulator) -> None:
    """The partner's watch shows the same, also the alert; one key is typed, and all forms are readable on a phone."""
    await _prepare(home)
    device = emulator.world.users[SECOND_USER].devices["pixel"]
    async with open_frontend(browser, home, Look()) as frontend:
        await frontend.open_integration()
        async for stop in add_partner(frontend, "Pushover: Anna", SECOND_USER, "pixel", "iphone"):
            for look in Look.phone(dark=True), Look():
                await frontend.look(look)
                assert not await find_flaws(stop.shown), stop.name
        assert frontend.dialog.presses <= _MOST
        await expect(frontend.page.get_by_text("Pushover: Ben", exact=True).first).to_be_visible()
        assert not frontend.complaints
    # The title is that of the alert, the text that of the widget.
    await until(lambda: (device.shown.get("title"), device.shown.get("text")) == _BOTH, _SENT)
