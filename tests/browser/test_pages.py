"""A morning page and an evening page, added by picking an entity and two times each."""

from playwright.async_api import Browser, expect
import pytest

from devtools.browser import Flaw, Look, find_flaws, open_frontend
from devtools.hass import HomeAssistantProcess
from devtools.journey import add_page
from emulator import Emulator
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

pytestmark = [pytest.mark.slow]

# For both together.
_MOST = 24
_PAGES = (
    ("Wash progress", 6, 9, "6:00 AM\N{EN DASH}9:00 AM"),
    ("Alarm", 18, 22, "6:00 PM\N{EN DASH}10:00 PM"),
)


async def test_two_pages(browser: Browser, home: HomeAssistantProcess, emulator: Emulator) -> None:
    """They take few presses, and every step is readable on a desktop and on a dark phone."""
    assert emulator.world.users[EXAMPLE_USER].devices
    keys = {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER}
    entry_id = (await home.flow("pushover_glances", keys))["result"]["entry_id"]
    widget = {"device": "iphone", "entities": ["cover.garage_door"]}
    await home.flow([entry_id, "widget"], widget, {"next_step_id": "save"})
    flaws: dict[str, list[Flaw]] = {}
    async with open_frontend(browser, home, Look()) as frontend:
        await frontend.open_integration()
        for entity, begin, end, title in _PAGES:
            async for stop in add_page(frontend, entity, begin, end):
                for look in Look.phone(dark=True), Look():
                    await frontend.look(look)
                    flaws[f"{entity} {stop.name}"] = await find_flaws(stop.shown)
            await expect(frontend.page.get_by_text(title, exact=True).first).to_be_visible()
        assert not frontend.complaints
        assert not {name: found for name, found in flaws.items() if found}
        assert frontend.dialog.presses <= _MOST
    await home.stop()
