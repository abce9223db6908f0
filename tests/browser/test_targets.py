"""A summary of the house on a watch, and an alert over a label with a condition, as a person adds them."""

from playwright.async_api import Browser, expect
import pytest

from devtools.browser import Flaw, Frontend, Look, find_flaws, open_frontend
from devtools.hass import HomeAssistantProcess
from devtools.journey import device_name
from emulator import Emulator, User
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER
from tests.e2e.test_first_slice import check_log, until

pytestmark = [pytest.mark.slow, pytest.mark.every_version]

_DEVICE, _KIND, _LABEL = "watch", "Doors and windows", "At night"
_WINDOW, _ALARM = "binary_sensor.kitchen_window", "alarm_control_panel.alarm"
_ALERT = "binary_sensor.doors_and_windows_at_night"
# Two for the kind, two for the label, six for the condition, Next twice, Save and Finish.
_PRESSES = 14
# In seconds: changes join for 5 s before they are sent.
_SENT = 60


async def test_windows_at_night(browser: Browser, home: HomeAssistantProcess, emulator: Emulator) -> None:
    """They take few presses, can be read on a desktop and a dark phone, and follow what gets the label later."""
    emulator.world.add(User.with_devices(EXAMPLE_USER, _DEVICE))
    device = emulator.world.users[EXAMPLE_USER].devices[_DEVICE]
    await home.flow("pushover_glances", {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER})
    async with home.websocket() as command:
        label = await command("config/label_registry/create", name=_LABEL)
    async with open_frontend(browser, home, Look()) as frontend:
        await frontend.open_integration()
        flaws = await _add_widget(frontend)
        flaws += await _add_alert(frontend)
        presses = frontend.dialog.presses
        assert not frontend.complaints
    assert flaws == []
    assert presses == _PRESSES
    await until(lambda: device.shown.get("text") == "2 windows open", _SENT)
    assert device.shown["subtext"] == "Bedroom, Kitchen"
    await home.call("alarm_control_panel", "alarm_disarm", entity_id=_ALARM)
    async with home.websocket() as command:
        await command("config/entity_registry/update", entity_id=_WINDOW, labels=[label["label_id"]])
    assert (await home.get(f"/api/states/{_ALERT}"))["state"] == "off"
    await home.call("alarm_control_panel", "alarm_arm_night", entity_id=_ALARM)
    alert = await home.get(f"/api/states/{_ALERT}")
    assert (alert["state"], alert["attributes"]["entities"]) == ("on", [_WINDOW])
    await home.stop()
    check_log(home.log)


async def _add_widget(frontend: Frontend) -> list[Flaw]:
    """Add a widget with a summary of the whole house."""
    dialog = frontend.dialog
    await frontend.page.get_by_role("button", name="Add widget", exact=True).click()
    await dialog.shows("What to show")
    await dialog.expand("A summary of your house")
    await dialog.select("Summary of", _KIND)
    flaws = await _look(frontend)
    await dialog.submit("Next")
    await dialog.shows(f"What {_DEVICE} will show")
    flaws += await _look(frontend)
    await dialog.go("Save")
    await expect(dialog.root).to_contain_text("on the active face")
    await dialog.finish()
    await expect(frontend.page.get_by_text(device_name(_DEVICE)).first).to_be_visible()
    return flaws


async def _add_alert(frontend: Frontend) -> list[Flaw]:
    """Add an alert over what has the label."""
    dialog = frontend.dialog
    await frontend.page.get_by_role("button", name="Add alert", exact=True).click()
    dialog.presses = 0
    await dialog.shows("What to watch")
    await dialog.select("All of a kind", _KIND)
    await dialog.pick_label("Labels", _LABEL)
    flaws = await _look(frontend)
    await dialog.submit("Next")
    await dialog.shows("When, and what to show")
    await dialog.add_state_condition("Only while", "Alarm", "Armed night")
    flaws += await _look(frontend)
    await dialog.submit("Next")
    await dialog.shows("What the alert will show")
    flaws += await _look(frontend)
    await dialog.go("Save")
    await dialog.finish()
    return flaws


async def _look(frontend: Frontend) -> list[Flaw]:
    flaws: list[Flaw] = []
    for look in Look.phone(dark=True), Look():
        await frontend.look(look)
        flaws += await find_flaws(frontend.dialog.box)
    return flaws
