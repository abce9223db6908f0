"""How often the state of alerts is written to disk: at most once a minute, and at least then."""

from datetime import datetime, timedelta
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CoreState
from homeassistant.util import dt as dt_util
import pytest

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.storage import write_file

from .kit import DOOR, MINUTE, ROUNDING, GlancesKit, alert, widget
from .test_entities import state
from .test_store import failing

LEVEL = "sensor.level"
LIMITS: list[dict[str, Any]] = [{"above": 20}, {"below": 20}]
_WRITE = "custom_components.pushover_glances.storage.write_file"


@pytest.fixture
def hass_storage() -> Any:
    """Use the real disk, not the harness's memory."""


async def load(kit: GlancesKit) -> Any:
    """Load a widget, and an alert that never begins: its states must last for an hour."""
    await kit.state(LEVEL, "19")
    entry = await kit.load(widget(title="Outside"), alert(LEVEL, above=20, lasts=3600))
    await kit.tick(2 * MINUTE)
    kit.pushed()
    return entry


async def swing(kit: GlancesKit, seconds: float, every: float) -> int:
    """Let the level cross its limit again and again, and return how many files that wrote."""
    with patch(_WRITE, wraps=write_file) as write:
        for number in range(int(seconds / every)):
            await kit.state(LEVEL, "19" if number % 2 else "21")
            await kit.tick(every)
        return write.call_count


@pytest.mark.parametrize("every", [0.5, 1, 2.5, 7, 20])
async def test_level_that_swings(kit: GlancesKit, disk: Path, every: float) -> None:
    """It is saved at most once a minute, however often it crosses the limit, and not if it is back where it was."""
    await load(kit)
    assert await swing(kit, 4 * MINUTE, every) <= 4


async def test_what_is_saved_meanwhile(kit: GlancesKit, disk: Path) -> None:
    """A killed Home Assistant has lost a minute, not all."""
    entry = await kit.load(widget(title="Outside"), *(alert(LEVEL, lasts=3600, **limit) for limit in LIMITS))
    await swing(kit, 5 * MINUTE, 1)
    stored = json.loads((disk / f"{DOMAIN}.{entry.entry_id}").read_text(encoding="utf-8"))["data"]["alerts"]
    (since,) = [cause["since"] for item in stored.values() for cause in item["causes"].values()]
    assert dt_util.utcnow() - datetime.fromisoformat(since) <= timedelta(seconds=MINUTE + 1)


async def test_single_change(kit: GlancesKit, disk: Path) -> None:
    """It is saved once, within a minute, and nothing is written after that."""
    entry = await load(kit)
    with patch(_WRITE, wraps=write_file) as write:
        await kit.state(LEVEL, "21")
        await kit.tick(MINUTE + ROUNDING)
        assert write.call_count == 1
        assert f'"{LEVEL}"' in (disk / f"{DOMAIN}.{entry.entry_id}").read_text(encoding="utf-8")
        for _ in range(10):
            await kit.tick(MINUTE)
        assert write.call_count == 1


async def test_update_saves_it_as_well(kit: GlancesKit, disk: Path) -> None:
    """What an action answers to be queued is on disk at once, and with it what would be written later."""
    await load(kit)
    await kit.update(text="x")
    with patch(_WRITE, wraps=write_file) as write:
        await kit.state(LEVEL, "21")
        assert write.call_count == 0
        assert (await kit.update(text="y"))["status"] == "queued"
        assert write.call_count == 1
        await kit.tick(MINUTE + ROUNDING)
        assert write.call_count == 1


async def test_stop_in_between(kit: GlancesKit, disk: Path) -> None:
    """Home Assistant's last write has it, though the minute is not over."""
    entry = await load(kit)
    await swing(kit, 30, 1)
    path = disk / f"{DOMAIN}.{entry.entry_id}"
    assert f'"{LEVEL}"' not in path.read_text(encoding="utf-8")
    await kit.state(LEVEL, "21")
    kit.hass.set_state(CoreState.final_write)
    kit.hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await kit.settle()
    assert f'"{LEVEL}"' in path.read_text(encoding="utf-8")
    kit.hass.set_state(CoreState.running)


async def test_reload_in_between(kit: GlancesKit, disk: Path) -> None:
    """An account that is unloaded is saved at once, and a late timer writes nothing over its file."""
    entry = await load(kit)
    await kit.state(LEVEL, "21")
    with patch(_WRITE, wraps=write_file) as write:
        await kit.hass.config_entries.async_unload(entry.entry_id)
        assert f'"{LEVEL}"' in (disk / f"{DOMAIN}.{entry.entry_id}").read_text(encoding="utf-8")
        written = write.call_count
        await kit.tick(2 * MINUTE)
        assert write.call_count == written


async def test_disk_that_fails_for_a_while(kit: GlancesKit, disk: Path) -> None:
    """The next change is saved again within a minute."""
    entry = await load(kit)
    with failing():
        await kit.state(LEVEL, "21")
        await kit.tick(MINUTE + ROUNDING)
    await kit.state(DOOR, "open")
    await kit.tick(5 * MINUTE + ROUNDING)
    await kit.state(LEVEL, "19")
    await kit.state(LEVEL, "22")
    await kit.tick(MINUTE + ROUNDING)
    assert f'"{LEVEL}"' in (disk / f"{DOMAIN}.{entry.entry_id}").read_text(encoding="utf-8")


@pytest.mark.parametrize("shown", [{}, {"title": "Outside"}], ids=["nothing", "something"])
async def test_problem_of_a_disk_that_fails(kit: GlancesKit, disk: Path, shown: dict[str, str]) -> None:
    """A repair says so within minutes, also by a widget that shows nothing but alerts, and taken back."""
    await kit.state(LEVEL, "19")
    await kit.load(widget(**shown), alert(LEVEL, above=20, lasts=3600))
    await kit.tick(2 * MINUTE)
    problem = "binary_sensor.iphone_glance_problem"
    with failing():
        await kit.state(LEVEL, "21")
        for _ in range(7):
            await kit.tick(MINUTE)
        assert state(kit, problem) == "on"
    for _ in range(6):
        await kit.tick(MINUTE)
    assert state(kit, problem) == "off"
