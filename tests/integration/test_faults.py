"""Whatever goes wrong at Pushover or on the way: what people see, what counts, and when it goes again."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.pushover_glances.const import DOMAIN
from emulator.world import EXAMPLE_USER, SECOND_TOKEN

from .fault_rows import BEGIN, CLASSES, HOUR, ROWS, Row
from .kit import DOOR, MINUTE, ROUNDING, GlancesKit, widget
from .test_config_flow import enter, start
from .test_entities import TEXT, state
from .test_repairs import issues

_OURS = f"custom_components.{DOMAIN}"
_GLANCES = "/1/glances.json"
_VALIDATE = "/1/users/validate.json"
_RECOVERED = f"Updates of account Account {EXAMPLE_USER[-4:]} are sent again"
# How far the clock moves, in seconds, for each millisecond that a slow fault is waited for.
_TURN = 0.05


every_class = pytest.mark.parametrize("row", CLASSES, ids=lambda row: row.name)


async def begin(kit: GlancesKit, row: Row, path: str) -> None:
    """Let the next request to a path go wrong."""
    if row.fault is None:
        await kit.emulator.stop()
    else:
        kit.emulator.faults.append(replace(row.fault, path=path))


async def end(kit: GlancesKit) -> None:
    """Let Pushover work again."""
    kit.emulator.faults.clear()
    await kit.emulator.start()


async def outcome[T](kit: GlancesKit, row: Row, happening: Awaitable[T]) -> T:
    """Return what comes of something that the fault makes slow."""
    waiting = asyncio.ensure_future(happening)
    await kit.until(waiting.done, ticking=_TURN if row.takes else 0)
    return await waiting


async def update(kit: GlancesKit, row: Row) -> str | None:
    """Return what the action answers, or the key of what it raises."""
    action = kit.hass.services.async_call(DOMAIN, "update", {"title": "x"}, blocking=True, return_response=True)
    try:
        response: Any = await outcome(kit, row, action)
    except HomeAssistantError as err:
        return err.translation_key
    return str(response["widgets"][0]["status"])


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the integration warns of."""
    return [
        item.getMessage() for item in caplog.records if item.name.startswith(_OURS) and item.levelno >= logging.WARNING
    ]


def left(kit: GlancesKit) -> int:
    """Return how many updates today still has."""
    return int(state(kit, "sensor.iphone_glance_updates_left_today"))


def updates(kit: GlancesKit) -> int:
    """Return how many updates were tried."""
    return sum(call.path == _GLANCES for call in kit.emulator.calls)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_update(kit: GlancesKit, row: Row, caplog: pytest.LogCaptureFixture) -> None:
    """One request, one warning, the status, the problem, the repair; then it goes again, and everything is well."""
    expected = row.expected
    caplog.set_level(logging.INFO, logger=_OURS)
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    await kit.tick(BEGIN)
    before, calls = left(kit), updates(kit)
    await begin(kit, row, _GLANCES)
    assert await update(kit, row) == expected.outcome
    await kit.until(
        lambda: state(kit, "sensor.iphone_glance_status") == expected.status, ticking=_TURN if row.takes else 0
    )
    await kit.settle()
    assert state(kit, "binary_sensor.iphone_glance_problem") == (STATE_ON if expected.problem else STATE_OFF)
    assert not [item for item in kit.hass.states.async_all() if item.state == STATE_UNAVAILABLE]
    assert [*issues(kit)] == [*filter(None, [expected.issue])]
    assert len(kit.hass.config_entries.flow.async_progress()) == expected.reauth
    assert warnings(caplog) == [*filter(None, [row.log])]
    assert before - left(kit) == expected.counted
    assert updates(kit) - calls == (row.fault is not None)
    assert not [item for item in caplog.records if item.exc_info]

    await end(kit)
    kit.pushed()
    if expected.outcome != "queued":
        await kit.state(DOOR, "open")
    if expected.retry is None:
        await kit.tick(4 * HOUR)
        kit.assert_nothing_pushed()
        kit.hass.config_entries.async_update_entry(entry, data={**entry.data, "token": SECOND_TOKEN})
        await kit.settle()
    else:
        await kit.tick(expected.retry - row.takes - ROUNDING)
        kit.assert_nothing_pushed()
        await kit.tick(row.takes + 2 * ROUNDING)
    title = {} if expected.outcome not in ("queued", "sent") else {"title": "x"}
    kit.assert_pushed({"text": "closed" if expected.outcome == "queued" else "open", **title})
    assert state(kit, "sensor.iphone_glance_status") == "up_to_date"
    assert state(kit, "binary_sensor.iphone_glance_problem") == STATE_OFF
    assert issues(kit) == {}
    assert caplog.text.count(_RECOVERED) == (expected.outcome == "queued")


@every_class
async def test_account_that_was_never_verified(kit: GlancesKit, row: Row) -> None:
    """Nothing is known of it, so Home Assistant tries again, or asks for other keys, and nothing is sent."""
    await begin(kit, row, _VALIDATE)
    entry = kit.account(widget(text="x"))
    await outcome(kit, row, kit.hass.config_entries.async_setup(entry.entry_id))
    assert (entry.state, entry.error_reason_translation_key) == row.expected.at_setup
    assert len(kit.hass.config_entries.flow.async_progress()) == row.expected.reauth
    await end(kit)
    if entry.state is not ConfigEntryState.LOADED:
        kit.assert_nothing_pushed()
        await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.settle()
    assert entry.state is ConfigEntryState.LOADED
    kit.assert_pushed({"text": "x"})


@every_class
async def test_account_that_was_verified(kit: GlancesKit, row: Row, caplog: pytest.LogCaptureFixture) -> None:
    """It loads and sends at once, however the check ends; only keys that are not accepted any more stop it."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    await kit.tick(BEGIN)
    await kit.hass.config_entries.async_unload(entry.entry_id)
    kit.pushed()
    await kit.state(DOOR, "open")
    await begin(kit, row, _VALIDATE)
    caplog.clear()
    assert await kit.hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    await outcome(kit, row, kit.settle())
    await end(kit)
    # Where Pushover cannot be reached, the update has to wait, too.
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed({"text": "open"})
    assert len(kit.hass.config_entries.flow.async_progress()) == row.expected.reauth
    await kit.change(DOOR, "closed")
    await kit.tick(30 * MINUTE)
    if row.expected.reauth:
        kit.assert_nothing_pushed()
        assert state(kit, "sensor.iphone_glance_status") == "authentication"
        assert state(kit, "binary_sensor.iphone_glance_problem") == STATE_ON
    else:
        kit.assert_pushed({"text": "closed"})
        assert len(warnings(caplog)) == (row.fault is None)
        assert state(kit, "binary_sensor.iphone_glance_problem") == STATE_OFF


@every_class
async def test_account_that_is_added(kit: GlancesKit, row: Row) -> None:
    """The form says what is wrong, on the field that it is about, and the same form succeeds afterwards."""
    flow_id = await start(kit.hass)
    await begin(kit, row, _VALIDATE)
    result = await outcome(kit, row, enter(kit.hass, flow_id))
    await end(kit)
    error = row.expected.at_setup[1]
    if error is not None:
        field = {"invalid_token": "token", "invalid_user_key": "user_key"}.get(error, "base")
        assert result["errors"] == {field: error}
        result = await enter(kit.hass, flow_id)
    assert result["type"] is FlowResultType.CREATE_ENTRY
