"""Fifteen everyday wishes, each fulfilled in the example home by picking entities, with nothing typed but searches."""

from collections.abc import Mapping
from dataclasses import dataclass
import re

from playwright.async_api import Browser, expect
import pytest

from devtools.browser import Frontend, Look, find_flaws, open_frontend
from devtools.hass import HomeAssistantProcess
from devtools.wishes import WISHES, Wish, pick
from emulator import Device, Emulator
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER
from tests.e2e.test_first_slice import until

pytestmark = [pytest.mark.slow, pytest.mark.every_version]

# Open the picker, search, choose, Next, Save, Finish; each further entity takes three more.
_ONE, _TWO = 6, 9
_LOOKS = {"desktop": Look(), "dark phone": Look.phone(dark=True)}
# In seconds: changes join for 5 s before they are sent.
_SENT = 60
_TIME = r"\d\d:\d\d"


@dataclass(frozen=True)
class Expected:
    """What becomes of a wish: how many presses it takes, and the fields that the watch shows, as regular expressions."""

    presses: int
    shows: Mapping[str, str]


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
            "subtext": "Living room window, Bedroom window",
            "count": "2",
            "percent": "40",
        },
    ),
    "next_event": Expected(_ONE, {"title": "Dentist", "text": "Tomorrow 10:00", "subtext": "Dr. Weber"}),
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
    "waste_bin": Expected(_ONE, {"title": "Paper", "text": "Tomorrow", "subtext": "Waste collection"}),
    "alarm": Expected(_ONE, {"title": "Hallway", "text": "Alarm: Armed night", "subtext": f"since {_TIME}"}),
    "who_is_home": Expected(_ONE, {"title": "Home", "text": "2 home", "subtext": "Anna, Clara", "count": "2"}),
    "low_battery": Expected(
        _ONE,
        {
            "title": "Home",
            "text": "Batteries: 1 low",
            "subtext": "Mailbox battery",
            "count": "1",
            "percent": "33",
        },
    ),
    "timer": Expected(_ONE, {"title": "Home", "text": f"Oven: {_TIME}", "subtext": "Active"}),
    "price": Expected(_ONE, {"title": "Electricity price", "text": r"0\.284 EUR/kWh", "subtext": f" · {_TIME}"}),
    "sunset": Expected(_ONE, {"title": "Sun", "text": f".*{_TIME}", "subtext": f".*{_TIME}"}),
}


async def test_wishes(browser: Browser, home: HomeAssistantProcess, emulator: Emulator) -> None:
    """Each takes few presses, is readable on a desktop and on a dark phone, and arrives on the watch."""
    devices = emulator.world.users[EXAMPLE_USER].devices
    devices.clear()
    presses = {}
    await home.flow("pushover_glances", {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER})
    async with open_frontend(browser, home, Look()) as frontend:
        await frontend.open_integration()
        for wish in WISHES:
            # The only one without a widget is chosen already.
            devices[wish.name] = Device(wish.name)
            presses[wish.name] = await _fulfil(frontend, wish)
        assert not frontend.complaints
    await until(lambda: all(device.updates for device in devices.values()), _SENT)
    assert presses == {name: expected.presses for name, expected in _EXPECTED.items()}
    assert not {
        name: devices[name].shown
        for name, expected in _EXPECTED.items()
        if not _agrees(devices[name].shown, expected.shows)
    }


async def _fulfil(frontend: Frontend, wish: Wish) -> int:
    """Add the widget, find nothing wrong with what is seen, and return how many presses it took."""
    dialog = frontend.dialog
    async for stop in pick(frontend, wish, wish.name):
        for name, look in _LOOKS.items():
            await frontend.look(look)
            assert not await find_flaws(stop.shown), (stop.name, name)
        await frontend.look(_LOOKS["desktop"])
    await dialog.go("Save")
    await expect(dialog.root).to_contain_text("This")
    await dialog.finish()
    return dialog.presses


def _agrees(shown: Mapping[str, str | int], expected: Mapping[str, str]) -> bool:
    """Tell whether a watch shows these fields, and nothing in others."""
    filled = {field: str(value) for field, value in shown.items() if value != ""}
    return filled.keys() == expected.keys() and all(
        re.fullmatch(pattern, filled[field]) for field, pattern in expected.items()
    )
