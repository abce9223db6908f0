"""The blueprint for the energy of today."""

import pytest

from ..kit import GlancesKit
from .home import ENERGY, ENERGY_FILE, SENSOR, Automate, later, state


async def test_energy(kit: GlancesKit, automate: Automate, caplog: pytest.LogCaptureFixture) -> None:
    """Once an hour what it is then; nothing, not even an error, while it is unavailable, and percent is left alone without a goal."""
    await automate(ENERGY_FILE, energy=SENSOR)
    await state(kit, SENSOR, "8.6", ENERGY)
    await later(kit, 57)
    kit.assert_nothing_pushed()
    await later(kit, 2)
    kit.assert_pushed({"title": "Energy today", "text": "8.6 kWh", "count": "9"})
    await state(kit, SENSOR, "10.4", ENERGY)
    await later(kit, 50)
    kit.assert_nothing_pushed()
    await state(kit, SENSOR, "unavailable", ENERGY)
    await later(kit, 65)
    kit.assert_nothing_pushed()
    await later(kit, 10)
    kit.assert_pushed({"title": "Home", "text": "", "count": ""})
    assert "Error" not in caplog.text


@pytest.mark.parametrize(
    ("value", "percent"),
    [
        pytest.param("5", "50", id="half"),
        pytest.param("14", "100", id="more"),
        pytest.param("-1", "0", id="less-than-nothing"),
    ],
)
async def test_energy_with_a_goal(kit: GlancesKit, automate: Automate, value: str, percent: str) -> None:
    """Percent is counted of it, and stays within 0 and 100."""
    await automate(ENERGY_FILE, energy=SENSOR, goal=10, every=30, title="Solar")
    await state(kit, SENSOR, value, ENERGY)
    await later(kit, 29)
    kit.assert_pushed({"title": "Solar", "text": f"{value} kWh", "count": value, "percent": percent})


async def test_energy_within_its_hours(kit: GlancesKit, automate: Automate) -> None:
    """Before and after them nothing goes; what was shown ends by itself."""
    await automate(ENERGY_FILE, energy=SENSOR, every=20, begin="13:00:00", end="13:30:00")
    await state(kit, SENSOR, "3", ENERGY)
    await later(kit, 57)
    kit.assert_nothing_pushed()
    await later(kit, 2)
    kit.assert_pushed({"title": "Energy today", "text": "3 kWh", "count": "3"})
    await state(kit, SENSOR, "5", ENERGY)
    await later(kit, 21)
    kit.assert_pushed({"title": "Energy today", "text": "5 kWh", "count": "5"})
    await state(kit, SENSOR, "7", ENERGY)
    await later(kit, 42)
    kit.assert_pushed({"title": "Home", "text": "", "count": ""})
