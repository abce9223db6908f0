"""Fifteen everyday wishes, each fulfilled in the example home by picking entities, with nothing typed but searches."""

from collections.abc import Mapping
from dataclasses import dataclass
import re

from playwright.async_api import Browser, expect
import pytest

from devtools.browser import Flaw, Frontend, Look, find_flaws, open_frontend
from devtools.hass import HomeAssistantProcess
from devtools.journey import device_name
from devtools.wishes import WISHES, Wish, pick
from emulator import Device, Emulator, User
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER
from tests.e2e.test_first_slice import check_log, until

pytestmark = [pytest.mark.slow, pytest.mark.every_version]

# Open the picker, search, choose, Next, Save, Finish; each further entity takes three more.
_ONE, _TWO = 6, 9
# Characters that fit on one line of a watch.
_LINE = 19
# In seconds: changes join for 5 s before they are sent.
_SENT = 60
_TIME = r"\d{1,2}:\d\d\s[AP]M"


@dataclass(frozen=True)
class Expected:
    """How a wish ends: how many presses it takes, and the fields that the watch shows, as regular expressions."""

    presses: int
    shows: Mapping[str, str]

    def is_met(self, shown: Mapping[str, str | int]) -> bool:
        """Tell whether a watch shows these fields, each of which fits its line, and nothing in others."""
        filled = {field: str(value) for field, value in shown.items() if value != ""}
        return filled.keys() == self.shows.keys() and all(
            re.fullmatch(pattern, filled[field]) and len(filled[field]) <= _LINE
            for field, pattern in self.shows.items()
        )


_EXPECTED = {
    "weather": Expected(
        _ONE,
        {"title": "Weather", "text": "7° Partly cloudy", "subtext": "Rain 40 %", "count": "7", "percent": "40"},
    ),
    "windows": Expected(
        _ONE,
        {
            "title": "Home",
            "text": "Windows: 2 open",
            "subtext": "Kitchen, Bedroom",
            "count": "2",
            "percent": "40",
        },
    ),
    "next_event": Expected(_ONE, {"title": "Dentist", "text": r"Tomorrow 10:00\sAM", "subtext": "Dr. Weber"}),
    "washing_machine": Expected(
        _TWO,
        {
            "title": "Washing machine",
            "text": "38 min",
            "subtext": "Wash progress 62 %",
            "count": "38",
            "percent": "62",
        },
    ),
    "car": Expected(
        _TWO,
        {"title": "Car battery", "text": "76 %", "subtext": "Charger: Plugged in", "count": "76", "percent": "76"},
    ),
    "now_playing": Expected(_ONE, {"title": "Kitchen speaker", "text": "Clair de lune", "subtext": "Claude Debussy"}),
    "to_do": Expected(_ONE, {"title": "Shopping list", "text": "3 left", "subtext": "Milk", "count": "3"}),
    "solar": Expected(_TWO, {"title": "PV power", "text": "2.3 kW", "subtext": "PV today 14.2 kWh", "count": "2340"}),
    "waste_bin": Expected(_ONE, {"title": "Paper", "text": "Tomorrow"}),
    "alarm": Expected(_ONE, {"title": "Hallway", "text": "Alarm: Armed night", "subtext": rf"since (\w+ )?{_TIME}"}),
    "who_is_home": Expected(_ONE, {"title": "Home", "text": "2 home", "subtext": "Anna, Clara", "count": "2"}),
    "low_battery": Expected(
        _ONE,
        {
            "title": "Home",
            "text": "Batteries: 1 low",
            "subtext": "Mailbox",
            "count": "1",
            "percent": "33",
        },
    ),
    "timer": Expected(_ONE, {"title": "Home", "text": rf"Oven: (\w+ )?{_TIME}", "subtext": _TIME}),
    "price": Expected(_ONE, {"title": "Electricity price", "text": r"0\.284 EUR/kWh", "subtext": _TIME}),
    "sunset": Expected(
        _ONE, {"title": "Sun", "text": rf"Sunset (\w+ )?{_TIME}", "subtext": rf"Sunrise (\w+ )?{_TIME}"}
    ),
}


async def test_wishes(browser: Browser, home: HomeAssistantProcess, emulator: Emulator) -> None:
    """Each takes few presses, is readable on a desktop and on a dark phone, and arrives on the watch."""
    # An account needs a device.
    emulator.world.add(User.with_devices(EXAMPLE_USER, WISHES[0].device))
    devices = emulator.world.users[EXAMPLE_USER].devices
    await home.flow("pushover_glances", {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER})
    presses: dict[str, int] = {}
    flaws: dict[str, list[Flaw]] = {}
    async with open_frontend(browser, home, Look()) as frontend:
        await frontend.open_integration()
        for wish in WISHES:
            # The only one without a widget is chosen already.
            devices.setdefault(wish.device, Device(wish.device))
            flaws[wish.name] = await _fulfil(frontend, wish)
            presses[wish.name] = frontend.dialog.presses
        assert not frontend.complaints
    await until(lambda: all(device.updates for device in devices.values()), _SENT)
    assert presses == {name: expected.presses for name, expected in _EXPECTED.items()}
    assert flaws == {name: [] for name in _EXPECTED}
    shown = {wish.name: devices[wish.device].shown for wish in WISHES}
    assert not [(shown[name], expected) for name, expected in _EXPECTED.items() if not expected.is_met(shown[name])]
    await home.stop()
    check_log(home.log)


async def _fulfil(frontend: Frontend, wish: Wish) -> list[Flaw]:
    """Add the widget, and return what a reader would stumble over on the way."""
    flaws: list[Flaw] = []
    async for stop in pick(frontend, wish, wish.device):
        for look in Look.phone(dark=True), Look():
            await frontend.look(look)
            flaws += await find_flaws(stop.shown)
    await frontend.dialog.go("Save")
    await expect(frontend.dialog.root).to_contain_text("on the active face")
    await frontend.dialog.finish()
    # The account is loaded again, and the page is drawn again, which could lose the next press.
    await expect(frontend.page.get_by_text(device_name(wish.device)).first).to_be_visible()
    return flaws
