"""What the tests of the blueprints say."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from homeassistant.components.automation.const import DOMAIN as AUTOMATION
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from ..kit import MINUTE, GlancesKit

ROOT = Path(__file__).parents[3]
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
# Turns of the event loop in a row, a millisecond each, after which nothing comes any more without a timer.
QUIET_TURNS = 3


type Automate = Callable[..., Awaitable[None]]


async def automation(kit: GlancesKit, file: str, **inputs: Any) -> None:
    """Set up an automation with a blueprint and inputs, and what translates the states of doors."""
    for component in ("cover", "binary_sensor"):
        assert await async_setup_component(kit.hass, component, {})
    use = {"path": f"pushover_glances/{file}", "input": inputs}
    assert await async_setup_component(kit.hass, AUTOMATION, {"automation": {"use_blueprint": use}})
    assert [item.state for item in kit.hass.states.async_all(AUTOMATION)] == ["on"]


async def state(kit: GlancesKit, entity_id: str, value: str, attributes: dict[str, str]) -> None:
    """Set a state, and let come to its end what follows at once."""
    kit.hass.states.async_set(entity_id, value, attributes)
    await rest(kit)


async def later(kit: GlancesKit, minutes: int) -> None:
    """Let so many minutes pass, one by one."""
    for _ in range(minutes):
        kit.freezer.tick(MINUTE)
        async_fire_time_changed(kit.hass)
        await rest(kit)


async def rest(kit: GlancesKit) -> None:
    """Wait until everything waits for a timer; `kit.settle` would wait for a run of an automation that does."""
    quiet = 0
    while quiet < QUIET_TURNS:
        await kit.turns(1)
        quiet = 0 if _is_busy(kit.hass) else quiet + 1


def _is_busy(hass: HomeAssistant) -> bool:
    """Return whether a callback is about to run, or a thread works for Home Assistant."""
    under_way = hass._tasks | hass._background_tasks  # noqa: SLF001  # there is no public way to tell
    return bool(vars(hass.loop)["_ready"]) or not all(isinstance(item, asyncio.Task) for item in under_way)
