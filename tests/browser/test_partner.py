"""A partner's account with the same content, added by picking, and with one key."""

from playwright.async_api import Browser, expect
import pytest

from devtools.browser import Look, find_flaws, open_frontend
from devtools.hass import HomeAssistantProcess
from devtools.journey import add_partner
from emulator import Emulator
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER, SECOND_USER
from tests.e2e.test_first_slice import until

pytestmark = [pytest.mark.slow]

_DOOR = "cover.garage_door"
_SAVE = {"next_step_id": "save"}
# "Add service", two presses for the key of the other person, and what is chosen and confirmed.
_MOST = 14
# In seconds: changes join for 5 s before they are sent, and an alert begins at once.
_SENT = 60


async def _prepare(home: HomeAssistantProcess) -> None:
    """Add the account of the first person, with a widget and an alert for it alone."""
    keys = {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER, "name": "Anna"}
    entry_id = (await home.flow("pushover_glances", keys))["result"]["entry_id"]
    await home.flow([entry_id, "widget"], {"device": "iphone", "entities": [_DOOR]}, _SAVE)
    filled = {"states": ["open"], "title": "Garage", "text": "{{ name }} open", "urgent": True, "replace": True}
    await home.flow([entry_id, "alert"], {"entities": [_DOOR]}, filled, {})


@pytest.mark.parametrize("look", [Look(), Look.phone(dark=True)], ids=["desktop", "dark phone"])
async def test_partner(browser: Browser, home: HomeAssistantProcess, emulator: Emulator, look: Look) -> None:
    """The partner's watch shows the same, also the alert; one key is typed."""
    await _prepare(home)
    device = emulator.world.users[SECOND_USER].devices["pixel"]
    async with open_frontend(browser, home, look) as frontend:
        await frontend.open_integration()
        stops: list[str] = []
        async for stop in add_partner(frontend, "Pushover: Anna", SECOND_USER, "pixel", "iphone"):
            stops.append(stop.name)
            assert not await find_flaws(stop.shown), stop.name
        assert frontend.dialog.presses <= _MOST
        await expect(frontend.page.get_by_text("Pushover: Ben", exact=True).first).to_be_visible()
        assert not frontend.complaints
    await until(lambda: device.shown.get("text") == "Garage door: Closed", _SENT)
    await home.call("cover", "open_cover", entity_id=_DOOR)
    await until(lambda: device.shown.get("text") == "Garage door open", 2 * _SENT)
