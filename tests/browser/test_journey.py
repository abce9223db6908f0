"""From an empty Home Assistant to the watch face, with the mouse and the keyboard of a person."""

from collections.abc import AsyncIterator

from playwright.async_api import Browser, expect
import pytest

from devtools.browser import Look, find_flaws, open_frontend
from devtools.hass import HomeAssistantProcess
from devtools.journey import (
    ALERT,
    DOOR,
    Stop,
    add_account,
    add_alert,
    add_another_widget,
    add_widget,
    call_action,
    face_of,
    see_alert,
    see_device,
    see_image,
    see_repair,
)
from emulator import Emulator
from emulator.world import EXAMPLE_USER

pytestmark = [pytest.mark.slow, pytest.mark.every_version]

# In milliseconds: an urgent update goes 60 s after the last one; changes join for 5 s, and the page looks now and then.
_URGENT = 80_000


async def passed(stops: AsyncIterator[Stop]) -> list[str]:
    """Go along, and find nothing wrong with what is seen."""
    names = []
    async for stop in stops:
        names.append(stop.name)
        assert not await find_flaws(stop.shown), stop.name
    return names


@pytest.mark.parametrize("look", [Look(), Look.phone(dark=True)], ids=["desktop", "dark phone"])
async def test_from_the_account_to_the_watch(
    browser: Browser, home: HomeAssistantProcess, emulator: Emulator, look: Look
) -> None:
    """Every form, page and message is readable, and what is entered arrives."""
    async with open_frontend(browser, home, look) as frontend:
        assert await passed(add_account(frontend)) == ["account"]
        assert await passed(add_widget(frontend, "iphone", DOOR))
        faces = await frontend.open_beside(emulator.control_url)
        await expect(face_of(faces, "iphone")).to_contain_text("GarageGarage door: Closed")
        assert emulator.world.users[EXAMPLE_USER].devices["iphone"].shown["percent"] == 0

        assert await passed(add_another_widget(frontend, "ipad"))
        assert await passed(see_device(frontend, "ipad")) == ["device"]
        assert await passed(see_image(frontend, "iphone")) == ["image"]
        assert await passed(call_action(frontend, "glances.update", Title="Laundry", Text="Washing machine done"))
        await expect(face_of(faces, "ipad")).to_contain_text("LaundryWashing machine done")

        assert await passed(see_repair(frontend, emulator, "ipad")) == ["repair", "repair_form"]
        assert not frontend.complaints


@pytest.mark.parametrize("look", [Look(), Look.phone(dark=True)], ids=["desktop", "dark phone"])
async def test_from_the_door_to_the_watch(
    browser: Browser, home: HomeAssistantProcess, emulator: Emulator, look: Look
) -> None:
    """An alert is added as it is filled in, and takes over the watch when the door opens, until it is closed."""
    async with open_frontend(browser, home, look) as frontend:
        assert await passed(add_account(frontend)) == ["account"]
        assert await passed(add_widget(frontend, "iphone", DOOR))
        faces = await frontend.open_beside(emulator.control_url)
        watch = face_of(faces, "iphone")
        assert await passed(add_alert(frontend, DOOR, "Open")) == ["alert_what", "alert", "alert_preview"]
        assert await passed(see_alert(frontend, ALERT, "Inactive")) == ["alert_device"]
        await expect(watch).to_contain_text("GarageGarage door: Closed")

        await frontend.home.call("cover", "open_cover", entity_id="cover.garage_door")
        assert await passed(see_alert(frontend, ALERT, "Active")) == ["alert_device"]
        assert await home.state("binary_sensor.garage_door_open") == "on"
        await expect(watch).to_contain_text("Garage doorGarage door opensince", timeout=_URGENT)

        await frontend.home.call("cover", "close_cover", entity_id="cover.garage_door")
        assert await passed(see_alert(frontend, ALERT, "Inactive")) == ["alert_device"]
        await expect(watch).to_contain_text("GarageGarage door: Closed", timeout=_URGENT)
        assert not frontend.complaints
