"""Home Assistant stops while a request hangs: what is answered as queued is on disk, should it be killed the next moment."""

import asyncio
from pathlib import Path
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.pushover_glances.const import DOMAIN
from emulator import Fault, Kind

from .kit import ROUNDING, SPACING, GlancesKit, widget
from .test_booking import update
from .test_damage import restart
from .test_store import full


@pytest.fixture
def hass_storage() -> Any:
    """Use the real disk, not the harness's memory."""


async def hanging(kit: GlancesKit) -> asyncio.Future[Any]:
    """Let an update of the iPad hang, and return an action for the iPhone that waits for its end."""
    kit.emulator.faults.append(Fault(Kind.HANG_AFTER, path="/1/glances.json"))
    update(kit, entity_id="notify.ipad_glance")
    await kit.until(lambda: len(kit.emulator.glances) == 1)
    waiting = update(kit, entity_id="notify.iphone_glance")
    await kit.turns(100)
    assert not waiting.done()
    return waiting


def stop(kit: GlancesKit) -> None:
    """Begin to stop Home Assistant, as a signal does."""
    kit.hass.set_state(CoreState.stopping)
    kit.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)


async def test_killed_right_after_the_answer(kit: GlancesKit, disk: Path) -> None:
    """The value is in the file before its action answers, and goes after the next start."""
    entry = await kit.load(widget("iphone"), widget("ipad"))
    path = disk / f"{DOMAIN}.{entry.entry_id}"
    waiting = await hanging(kit)
    files: list[str] = []
    waiting.add_done_callback(lambda _: files.append(path.read_text(encoding="utf-8")))
    stop(kit)
    await kit.until(waiting.done)
    (item,) = waiting.result()["widgets"]
    assert item["status"] == "queued"
    # Nothing of what comes after the kill counts.
    kit.freezer.tick(10)
    kit.hass.set_state(CoreState.running)
    await kit.hass.config_entries.async_unload(entry.entry_id)
    (file,) = files
    path.write_text(file, encoding="utf-8")
    restart(kit)
    seen = len(kit.emulator.glances)
    await kit.setup(entry)
    assert kit.emulator.glances[seen:] == [{"device": "iphone", "text": "x"}]
    # The other one may have arrived, and goes again.
    await kit.tick(SPACING + 10)
    assert kit.emulator.glances[seen + 1 :] == [{"device": "ipad", "text": "x"}]


async def test_disk_that_fails_then(kit: GlancesKit, disk: Path) -> None:
    """The action answers so, and nothing of it is left."""
    entry = await kit.load(widget("iphone"), widget("ipad"))
    waiting = await hanging(kit)
    with full(disk):
        stop(kit)
        await kit.until(waiting.done)
    error = waiting.exception()
    assert isinstance(error, HomeAssistantError)
    assert error.translation_key == "not_saved"
    kit.freezer.tick(10)
    kit.hass.set_state(CoreState.running)
    await kit.hass.config_entries.async_unload(entry.entry_id)
    restart(kit)
    await kit.setup(entry)
    await kit.tick(2 * SPACING + ROUNDING)
    assert {glance["device"] for glance in kit.emulator.glances} == {"ipad"}
