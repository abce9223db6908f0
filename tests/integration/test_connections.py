"""Pushover allows two connections at a time, which all accounts share, whatever they are for."""

import asyncio

from custom_components.pushover_glances.api import async_validate_user
from custom_components.pushover_glances.const import CONF_USER_KEY
from emulator import Fault, Kind
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

from .kit import GlancesKit, widget

_KEYS = {"token": EXAMPLE_TOKEN, CONF_USER_KEY: EXAMPLE_USER}


async def test_checks_of_credentials(kit: GlancesKit) -> None:
    """Beyond two there is not even a connection, until one ends; one that is cancelled gives its connection back."""
    kit.emulator.faults.append(Fault(Kind.HANG_BEFORE, times=2))
    hanging = [asyncio.ensure_future(async_validate_user(kit.hass, _KEYS)) for _ in range(2)]
    await kit.until(lambda: len(kit.emulator.calls) == 2)
    waiting = [asyncio.ensure_future(async_validate_user(kit.hass, _KEYS)) for _ in range(3)]
    await kit.turns(100)
    assert (len(kit.emulator.calls), kit.emulator.connections) == (2, 2)
    waiting[0].cancel()
    hanging[0].cancel()
    await kit.until(lambda: all(item.done() for item in waiting))
    assert [item.cancelled() for item in waiting] == [True, False, False]
    assert (await waiting[1]).devices
    assert not hanging[1].done()
    hanging[1].cancel()
    await asyncio.wait(hanging)


async def test_update_beside_checks(kit: GlancesKit) -> None:
    """An update waits for them, and goes as soon as one ends."""
    await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.HANG_BEFORE, times=2))
    calls = len(kit.emulator.calls)
    hanging = [asyncio.ensure_future(async_validate_user(kit.hass, _KEYS)) for _ in range(2)]
    await kit.until(lambda: len(kit.emulator.calls) == calls + 2)
    updating = asyncio.ensure_future(kit.update(text="x"))
    await kit.turns(100)
    kit.assert_nothing_pushed()
    hanging[0].cancel()
    assert (await updating)["status"] == "sent"
    kit.assert_pushed({"text": "x"})
    hanging[1].cancel()
    await asyncio.wait(hanging)
