"""The first form of a widget's flow while Pushover does not answer."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.pushover_glances.pushover import REQUEST_TIMEOUT
from emulator import Fault, Kind

from .kit import ROUNDING, GlancesKit, widget
from .test_widget_flow import devices, start

_VALIDATE = "/1/users/validate.json"


async def seconds_of(kit: GlancesKit, flow: Coroutine[Any, Any, dict[str, Any]]) -> tuple[int, dict[str, Any]]:
    """Return how many seconds the first step of a flow takes, and its result."""
    calls = len(kit.emulator.calls)
    step = asyncio.ensure_future(flow)
    await kit.until(lambda: len(kit.emulator.calls) > calls or step.done())
    seconds = 0
    while not step.done() and seconds < 30:
        seconds += 1
        kit.freezer.tick(1)
        async_fire_time_changed(kit.hass)
        await kit.turns(20)
    return seconds, await step


@pytest.mark.parametrize("source", [SOURCE_USER, SOURCE_RECONFIGURE])
async def test_devices_that_are_known(kit: GlancesKit, source: str) -> None:
    """The form appears after a short time, with the devices that Pushover named last."""
    entry = await kit.load(widget("iphone"))
    kit.emulator.faults.append(Fault(Kind.HANG_BEFORE, path=_VALIDATE))
    flow = start(kit, entry, source=source, subentry_id=next(iter(entry.subentries)))
    seconds, form = await seconds_of(kit, flow)
    assert seconds <= 2 + ROUNDING
    assert (form["type"], devices(form)) == (FlowResultType.FORM, ["iphone", "ipad", "*"])


async def test_devices_that_are_not_known(kit: GlancesKit) -> None:
    """The flow waits as long as a request may take, and then says that it cannot connect."""
    entry = await kit.load()
    await kit.hass.config_entries.async_unload(entry.entry_id)
    kit.emulator.faults.append(Fault(Kind.HANG_BEFORE, path=_VALIDATE))
    seconds, result = await seconds_of(kit, start(kit, entry))
    assert REQUEST_TIMEOUT.total_seconds() - ROUNDING <= seconds <= REQUEST_TIMEOUT.total_seconds() + ROUNDING
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "cannot_connect")
