"""Edits, renames and reloads of an account: none of them waits for Pushover, and actions that come meanwhile say why."""

import asyncio
from collections.abc import Callable
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.pushover_glances.const import DOMAIN
from emulator import Fault, Kind

from .kit import MINUTE, GlancesKit, subentry, widget
from .test_booking import update
from .test_entities import press, state

_VALIDATE = "/1/users/validate.json"


def edit(kit: GlancesKit, entry: MockConfigEntry) -> None:
    """Change how often the widget is updated."""
    (there,) = entry.subentries.values()
    kit.hass.config_entries.async_update_subentry(entry, there, data={"device": "iphone", "daily_limit": 20})


def rename(kit: GlancesKit, entry: MockConfigEntry) -> None:
    """Give the account another name."""
    kit.hass.config_entries.async_update_entry(entry, title="New name")


def reload(kit: GlancesKit, entry: MockConfigEntry) -> None:
    """Load the account again."""
    kit.hass.config_entries.async_schedule_reload(entry.entry_id)


@pytest.mark.parametrize("change", [edit, rename, reload])
async def test_pushover_hangs(kit: GlancesKit, change: Callable[[GlancesKit, MockConfigEntry], None]) -> None:
    """The account is loaded again before any time has passed, and takes actions."""
    entry = await kit.load(widget())
    before = entry.runtime_data
    kit.emulator.faults.append(Fault(Kind.HANG_AFTER, path=_VALIDATE, seconds=60, times=None))
    change(kit, entry)
    begin = kit.hass.loop.time()
    await kit.until(lambda: entry.state is ConfigEntryState.LOADED and entry.runtime_data is not before)
    assert kit.hass.loop.time() == begin
    entities = [item for item in kit.hass.states.async_all() if "iphone_glance" in item.entity_id]
    assert len(entities) == 8
    assert [item.entity_id for item in entities if item.state == STATE_UNAVAILABLE] == []
    updating = update(kit, text="x")
    await kit.until(updating.done)
    assert [item["status"] for item in updating.result()["widgets"]] == ["sent"]
    kit.emulator.faults.clear()
    # The request that hangs ends by its own time-out.
    await kit.tick(MINUTE)


async def test_button_that_is_pressed_during_a_reload(kit: GlancesKit) -> None:
    """It says that the account is not loaded, because Home Assistant goes on."""
    entry = await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.SLOW, path="/1/glances.json", seconds=1))
    updating = update(kit)
    await kit.until(lambda: len(kit.emulator.glances) == 1)
    reloading = asyncio.ensure_future(kit.hass.config_entries.async_reload(entry.entry_id))
    await kit.until(lambda: entry.state is ConfigEntryState.UNLOAD_IN_PROGRESS)
    assert state(kit, "button.iphone_glance_refresh") != STATE_UNAVAILABLE
    # The button itself says when it was pressed last, and waits for nothing.
    with pytest.raises(HomeAssistantError) as raised:
        await kit.hass.services.async_call(
            "button", "press", {"entity_id": "button.iphone_glance_refresh"}, blocking=True
        )
    assert raised.value.translation_key == "not_loaded"
    assert "stopping" not in str(raised.value)
    await kit.until(reloading.done, ticking=0.05)
    await updating
    await press(kit)


async def test_history_of_a_widget_that_is_removed(kit: GlancesKit) -> None:
    """Nothing in memory names it any more; that of the others, and of an account that is loaded again, stays."""

    def known() -> Any:
        return {name: len(entries) for name, entries in kit.hass.data[f"{DOMAIN}_history"][entry.entry_id].items()}

    entry = await kit.load(widget("iphone", text="x"), widget("ipad", text="x"))
    first, second = entry.subentries
    before = known()
    assert before.keys() == {first, second}
    assert min(before.values()) > 0
    kit.hass.config_entries.async_remove_subentry(entry, first)
    await kit.settle()
    assert first not in known()
    assert known()[second] >= before[second]
    kit.hass.config_entries.async_add_subentry(entry, subentry("iphone", text="y"))
    await kit.settle()
    await kit.hass.config_entries.async_remove(entry.entry_id)
    await kit.settle()
    assert entry.entry_id not in str(kit.hass.data[f"{DOMAIN}_history"])
