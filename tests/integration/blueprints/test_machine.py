"""The blueprint for a washing machine."""

from homeassistant.const import EVENT_CALL_SERVICE
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from ..kit import GlancesKit
from .home import MACHINE_FILE, PERCENT, POWER, SENSOR, Automate, later, state


async def test_machine_with_progress(kit: GlancesKit, automate: Automate) -> None:
    """Steps of ten, nothing while it is unavailable, the end for its time, and then what was there before."""
    await automate(MACHINE_FILE, sensor=SENSOR)
    calls = async_capture_events(kit.hass, EVENT_CALL_SERVICE)
    for value in ("0", "4", "5", "unavailable", "11", "unknown", "unavailable", "14", "19", "20", "97", "100"):
        await state(kit, SENSOR, value, PERCENT)
        await later(kit, 3)
    progress = [{"title": "Washing machine", "text": "Running", "percent": percent} for percent in ("0", "10", "20")]
    end = {"title": "Washing machine", "text": "Done", "percent": "100"}
    kit.assert_pushed(*progress, {**progress[0], "percent": "90"}, end)
    assert [call.data["service_data"]["percent"] for call in calls] == [0, 10, 20, 90, 100]
    await later(kit, 55)
    await state(kit, SENSOR, "unavailable", PERCENT)
    await state(kit, SENSOR, "0", PERCENT)
    kit.assert_nothing_pushed()
    await later(kit, 5)
    kit.assert_pushed({"title": "Home", "text": "", "percent": ""})


async def test_machine_out_of_reach(kit: GlancesKit, automate: Automate) -> None:
    """It is not done, and not at 0; after an hour its fields are returned, and a machine that is back is shown."""
    await automate(MACHINE_FILE, sensor=SENSOR, title="Dryer", running_text="Runs")
    await state(kit, SENSOR, "50", PERCENT)
    await later(kit, 40)
    kit.assert_pushed({"title": "Dryer", "text": "Runs", "percent": "50"})
    await state(kit, SENSOR, "unavailable", PERCENT)
    await later(kit, 45)
    kit.assert_nothing_pushed()
    await later(kit, 30)
    kit.assert_pushed({"title": "Home", "text": "", "percent": ""})
    await state(kit, SENSOR, "0", PERCENT)
    await later(kit, 5)
    kit.assert_nothing_pushed()
    await state(kit, SENSOR, "60", PERCENT)
    await later(kit, 3)
    kit.assert_pushed({"title": "Dryer", "text": "Runs", "percent": "60"})


async def test_machine_with_a_plug_only(kit: GlancesKit, automate: Automate) -> None:
    """A pause is not the end, a lost plug neither, a moment is no start; percent is left alone."""
    await automate(MACHINE_FILE, sensor=SENSOR)
    await state(kit, SENSOR, "0.4", POWER)
    await state(kit, SENSOR, "unavailable", POWER)
    await state(kit, SENSOR, "0.4", POWER)
    await later(kit, 10)
    await state(kit, SENSOR, "70", POWER)
    await state(kit, SENSOR, "0.4", POWER)
    await later(kit, 10)
    kit.assert_nothing_pushed()
    for value in ("2000", "2010", "1990"):
        await state(kit, SENSOR, value, POWER)
    await later(kit, 60)
    kit.assert_pushed({"title": "Washing machine", "text": "Running"})
    for value in ("3", "90", "unavailable", "2.5", "120"):
        await state(kit, SENSOR, value, POWER)
        await later(kit, 4)
    kit.assert_nothing_pushed()
    await state(kit, SENSOR, "1.5", POWER)
    await later(kit, 9)
    kit.assert_pushed({"title": "Washing machine", "text": "Done"})
    await later(kit, 60)
    kit.assert_pushed({"title": "Home", "text": ""})


async def test_machine_with_a_plug_and_its_usual_time(kit: GlancesKit, automate: Automate) -> None:
    """Time gives percent, 90 at most before the end; a machine found running counts from then."""
    kit.hass.states.async_set(SENSOR, "1.8", {**POWER, "unit_of_measurement": "kW"})
    await automate(MACHINE_FILE, sensor=SENSOR, usual_time=20)
    kit.hass.bus.async_fire("automation_reloaded")
    await later(kit, 35)
    shown = [glance["percent"] for glance in kit.pushed()]
    assert shown == ["0", "10", "20", "30", "40", "50", "60", "70", "80", "90"]
    await state(kit, SENSOR, "0", {**POWER, "unit_of_measurement": "kW"})
    await later(kit, 8)
    kit.assert_pushed({"title": "Washing machine", "text": "Done", "percent": "100"})


@pytest.mark.parametrize(
    ("values", "attributes"),
    [
        pytest.param(("40", "20", "0"), {"device_class": "duration", "unit_of_measurement": "min"}, id="minutes"),
        pytest.param(("0.6667", "0.3334", "0"), {"device_class": "duration", "unit_of_measurement": "h"}, id="hours"),
        pytest.param(
            ("2026-11-23T12:45:00+00:00", "2026-11-23T12:45:30+00:00", "2026-11-23T12:45:30+00:00"),
            {"device_class": "timestamp"},
            id="time-of-the-end",
        ),
    ],
)
async def test_machine_with_a_remaining_time(
    kit: GlancesKit, automate: Automate, values: tuple[str, str, str], attributes: dict[str, str]
) -> None:
    """Percent is the share of the time that is over; the text says when it will be finished."""
    await automate(MACHINE_FILE, sensor=SENSOR, done_text="Empty it", done_for={"minutes": 5})
    await state(kit, SENSOR, values[0], attributes)
    await later(kit, 3)
    first = kit.pushed()[0]
    assert (first["title"], first["percent"]) == ("Washing machine", "0")
    assert first["text"].startswith("Until 12:4")
    await later(kit, 18)
    await state(kit, SENSOR, values[1], attributes)
    await later(kit, 2)
    assert kit.pushed()[-1]["percent"] == "50"
    await later(kit, 20)
    await state(kit, SENSOR, values[2], attributes)
    await later(kit, 3)
    assert kit.pushed()[-1] == {"title": "Washing machine", "text": "Empty it", "percent": "100"}
    await later(kit, 6)
    kit.assert_pushed({"title": "Home", "text": "", "percent": ""})
