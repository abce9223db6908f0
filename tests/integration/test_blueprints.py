"""The automation blueprints, set up as a person would, over time and up to what arrives at Pushover."""

from collections.abc import AsyncGenerator, Awaitable, Callable
import json
from pathlib import Path
import shutil
from typing import Any

from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.automation.const import DOMAIN as AUTOMATION
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import CoreState
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events, async_fire_time_changed

from .kit import DOOR, MINUTE, GlancesKit, subentry, widget

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "blueprints/automation/pushover_glances"
FILES = sorted(path.name for path in FOLDER.iterdir())
ENERGY_FILE, DOOR_FILE, MACHINE_FILE = FILES
SENSOR = "sensor.source"
# Updates may go a minute after each other, so that the blueprint's own pace is what is seen.
QUICK: dict[str, Any] = {"min_interval": 60, "daily_limit": 0}
GARAGE = {"device_class": "garage", "friendly_name": "Garage door"}
POWER = {"device_class": "power", "unit_of_measurement": "W"}
ENERGY = {"device_class": "energy", "unit_of_measurement": "kWh"}
PERCENT = {"unit_of_measurement": "%"}
# Turns of the event loop, a millisecond each, in which a request to the emulator comes to its end.
TURNS = 20

type Automate = Callable[..., Awaitable[None]]


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Return a configuration folder into which the blueprints are imported."""
    shutil.copytree(FOLDER, Path(hass_tmp_config_dir) / "blueprints/automation/pushover_glances")
    return hass_tmp_config_dir


@pytest.fixture
async def automate(kit: GlancesKit) -> AsyncGenerator[Automate]:
    """Return what sets up an automation with a blueprint and inputs, on an account with a quick widget."""

    async def setup(file: str, **inputs: Any) -> None:
        await kit.load(widget(title="Home", **QUICK))
        await later(kit, 2)
        kit.assert_pushed({"title": "Home"})
        await automation(kit, file, **inputs)

    yield setup
    # A run that waits would hold up the end of Home Assistant.
    await kit.hass.services.async_call(AUTOMATION, "turn_off", {"entity_id": "all"}, blocking=True)


async def automation(kit: GlancesKit, file: str, **inputs: Any) -> None:
    """Set up an automation with a blueprint and inputs, and what translates the states of doors."""
    for component in ("cover", "binary_sensor"):
        assert await async_setup_component(kit.hass, component, {})
    use = {"path": f"pushover_glances/{file}", "input": inputs}
    assert await async_setup_component(kit.hass, AUTOMATION, {"automation": {"use_blueprint": use}})
    assert [item.state for item in kit.hass.states.async_all(AUTOMATION)] == ["on"]


async def state(kit: GlancesKit, entity_id: str, value: str, attributes: dict[str, str]) -> None:
    """Set a state; a run that waits cannot be waited for, unlike what the kit does."""
    kit.hass.states.async_set(entity_id, value, attributes)
    await kit.turns(TURNS)


async def later(kit: GlancesKit, minutes: int) -> None:
    """Let so many minutes pass, one by one."""
    for _ in range(minutes):
        kit.freezer.tick(MINUTE)
        async_fire_time_changed(kit.hass)
        await kit.turns(TURNS)


async def test_there_are_three() -> None:
    """A file more or less belongs into these tests."""
    assert FILES == ["energy_today.yaml", "garage_door_left_open.yaml", "washing_machine_progress.yaml"]


@pytest.mark.parametrize("file", FILES)
async def test_metadata(kit: GlancesKit, file: str) -> None:
    """Each is valid, wants the Home Assistant that the integration wants, and can be imported from its address."""
    blueprint = await async_get_blueprints(kit.hass).async_get_blueprint(f"pushover_glances/{file}")
    assert blueprint.validate() is None
    hacs = json.loads((ROOT / "hacs.json").read_text())
    manifest = json.loads((ROOT / "custom_components/pushover_glances/manifest.json").read_text())
    assert blueprint.metadata["homeassistant"]["min_version"] == hacs["homeassistant"]
    branch = f"{manifest['documentation']}/blob/main/"
    assert blueprint.metadata["source_url"].startswith(branch)
    assert (ROOT / blueprint.metadata["source_url"].removeprefix(branch)).samefile(FOLDER / file)
    assert "10 minutes more" in blueprint.metadata["description"]
    # What an import writes is what was loaded.
    written: Any = parse_yaml(blueprint.yaml())
    assert Blueprint(written, schema=AUTOMATION_BLUEPRINT_SCHEMA).data == blueprint.data


async def test_door(kit: GlancesKit, automate: Automate) -> None:
    """It is shown after its time, once, whatever happens to it meanwhile, and given back when it closes."""
    await automate(DOOR_FILE, door=DOOR)
    await state(kit, DOOR, "closed", GARAGE)
    await state(kit, DOOR, "open", GARAGE)
    await later(kit, 9)
    kit.assert_nothing_pushed()
    await later(kit, 2)
    kit.assert_pushed({"title": "Garage door", "text": "Open since 12:02"})
    await later(kit, 70)
    await state(kit, DOOR, "unavailable", GARAGE)
    await later(kit, 2)
    await state(kit, DOOR, "open", GARAGE)
    await later(kit, 15)
    await state(kit, DOOR, "closing", GARAGE)
    kit.assert_nothing_pushed()
    await state(kit, DOOR, "closed", GARAGE)
    await later(kit, 2)
    kit.assert_pushed({"title": "Home", "text": ""})


async def test_door_that_closes_in_time(kit: GlancesKit, automate: Automate) -> None:
    """It leaves alone what the widget shows, even what someone else put there."""
    await automate(DOOR_FILE, door=DOOR, open_for={"minutes": 5})
    await kit.hass.services.async_call("pushover_glances", "update", {"text": "Laundry"})
    await later(kit, 2)
    kit.assert_pushed({"title": "Home", "text": "Laundry"})
    await state(kit, DOOR, "open", GARAGE)
    await later(kit, 4)
    await state(kit, DOOR, "closed", GARAGE)
    await later(kit, 10)
    kit.assert_nothing_pushed()


async def test_door_is_urgent_both_ways(kit: GlancesKit, automate: Automate) -> None:
    """On a widget at its usual pace, opening and closing do not wait for it; other fields are left alone."""
    await automate(DOOR_FILE, door="binary_sensor.gate", open_for={"minutes": 1}, widgets={"entity_id": "notify.ipad"})
    (entry,) = kit.hass.config_entries.async_entries("pushover_glances")
    contact = {"device_class": "door", "friendly_name": "Gate"}
    kit.hass.config_entries.async_add_subentry(entry, subentry("ipad", title="Pad"))
    await kit.settle()
    await later(kit, 30)
    await kit.hass.services.async_call(
        "pushover_glances", "update", {"entity_id": "notify.ipad", "count": 3}, blocking=True
    )
    kit.assert_pushed({"title": "Pad"}, {"title": "Pad", "count": "3"})
    await state(kit, "binary_sensor.gate", "off", contact)
    await state(kit, "binary_sensor.gate", "on", contact)
    await later(kit, 3)
    kit.assert_pushed({"title": "Gate", "text": "Open since 12:32", "count": "3"})
    await state(kit, "binary_sensor.gate", "off", contact)
    await later(kit, 2)
    kit.assert_pushed({"title": "Pad", "text": "", "count": "3"})


async def test_door_out_of_reach(kit: GlancesKit, automate: Automate) -> None:
    """It is given back within an hour, and shown again when it turns out to be open still."""
    await automate(DOOR_FILE, door=DOOR)
    await state(kit, DOOR, "closed", GARAGE)
    await state(kit, DOOR, "open", GARAGE)
    await later(kit, 15)
    kit.assert_pushed({"title": "Garage door", "text": "Open since 12:02"})
    await state(kit, DOOR, "unavailable", GARAGE)
    await later(kit, 45)
    kit.assert_nothing_pushed()
    await later(kit, 20)
    kit.assert_pushed({"title": "Home", "text": ""})
    await state(kit, DOOR, "open", GARAGE)
    await later(kit, 32)
    kit.assert_pushed({"title": "Garage door", "text": "Open since 12:02"})


async def test_door_found_open_at_the_start(kit: GlancesKit, automate: Automate) -> None:
    """Since when, nobody knows; it has to stay open for its time."""
    kit.hass.states.async_set(DOOR, "open", GARAGE)
    await kit.load(widget(title="Home", **QUICK))
    await later(kit, 2)
    kit.hass.set_state(CoreState.not_running)
    await automation(kit, DOOR_FILE, door=DOOR)
    await kit.hass.async_start()
    await kit.turns(TURNS)
    await later(kit, 8)
    kit.assert_pushed({"title": "Home"})
    await later(kit, 3)
    kit.assert_pushed({"title": "Garage door", "text": "Open"})


async def test_door_found_open_closes_in_time(kit: GlancesKit, automate: Automate) -> None:
    """Nothing is shown, and the next opening is."""
    kit.hass.states.async_set(DOOR, "open", GARAGE)
    await automate(DOOR_FILE, door=DOOR, text="{{ state_translated(door) }}!")
    kit.hass.bus.async_fire("automation_reloaded")
    await later(kit, 8)
    await state(kit, DOOR, "closed", GARAGE)
    await later(kit, 20)
    kit.assert_nothing_pushed()
    await state(kit, DOOR, "open", GARAGE)
    await later(kit, 12)
    kit.assert_pushed({"title": "Garage door", "text": "Open!"})


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
    """It is not done, and not at 0; after an hour its fields are given back, and a machine that is back is shown."""
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
