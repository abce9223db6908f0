"""Actions whose caller cancels them, as an automation of the mode "restart" does: they succeed or fail all the same."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from pathlib import Path
from typing import Any

import pytest

from custom_components.pushover_glances.const import DOMAIN
from emulator import Fault, Kind

from .kit import ROUNDING, SPACING, GlancesKit, widget
from .test_booking import slow_disk, update
from .test_entities import REFUSED, state


@pytest.fixture
def hass_storage() -> Any:
    """Use the real disk, not the harness's memory."""


@asynccontextmanager
async def cancelled(kit: GlancesKit) -> AsyncGenerator[None]:
    """Call the action, and cancel it while what it does is being written to the disk."""
    with slow_disk() as works:
        updating = update(kit)
        await kit.turns(100)
        updating.cancel()
        with pytest.raises(asyncio.CancelledError):
            await updating
        yield
        works.set()
        await kit.settle()


async def test_value_that_pushover_refuses_afterwards(kit: GlancesKit, disk: Path) -> None:
    """Nothing of it is left, whatever happens next."""
    entry = await kit.load(widget(title="Mine"))
    await kit.tick(2 * SPACING)
    kit.pushed()
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=400, body=REFUSED))
    async with cancelled(kit):
        pass
    kit.assert_nothing_pushed()
    assert state(kit, "sensor.iphone_glance_status") == "held"
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING + ROUNDING)
    assert (await kit.update(count=1))["status"] == "sent"
    kit.assert_pushed({"title": "Mine", "count": "1"})


async def test_value_that_pushover_takes(kit: GlancesKit, disk: Path) -> None:
    """It is shown, and stays."""
    await kit.load(widget())
    async with cancelled(kit):
        kit.assert_nothing_pushed()
    kit.assert_pushed({"text": "x"})
    await kit.tick(SPACING + ROUNDING)
    assert (await kit.update(title="y"))["status"] == "sent"
    kit.assert_pushed({"title": "y", "text": "x"})


async def test_value_that_waits(kit: GlancesKit, disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It goes at its slot, and the caller is not waited for."""
    caplog.set_level("DEBUG")
    entry = await kit.load(widget())
    assert (await kit.update(title="y"))["status"] == "sent"
    caplog.clear()
    async with cancelled(kit):
        assert "Widget iphone: Confirmed" in caplog.text
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"title": "y"}, {"title": "y", "text": "x"})


async def test_value_that_pushover_could_not_take(kit: GlancesKit, disk: Path) -> None:
    """It goes when Pushover is there again."""
    await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=503))
    async with cancelled(kit):
        pass
    kit.assert_nothing_pushed()
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed({"text": "x"})


async def test_value_that_waits_while_another_widget_is_being_sent(kit: GlancesKit, disk: Path) -> None:
    """It is on disk, although the action has not been answered."""
    entry = await kit.load(widget("iphone", called="A"), widget("ipad", called="B"))
    await kit.act("update", text="first", entity_id="notify.a")
    kit.emulator.faults.append(Fault(Kind.HANG_BEFORE, path="/1/glances.json"))

    def call(text: str, *targets: str) -> asyncio.Future[Any]:
        data = {"text": text, "entity_id": [*targets]}
        return asyncio.ensure_future(kit.hass.services.async_call(DOMAIN, "update", data, blocking=True))

    def stored() -> Any:
        file = json.loads((disk / f"{DOMAIN}.{entry.entry_id}").read_text())
        return file["data"]["screens"]["iphone"]["manual"]["text"]["value"]

    calls = [call("sent", "notify.b")]
    await kit.turns(100)
    calls.append(call("second", "notify.a", "notify.b"))
    await kit.turns(100)
    for item in calls:
        item.cancel()
    await asyncio.wait(calls)
    await kit.until(lambda: stored() == "second")
    kit.emulator.faults.clear()
