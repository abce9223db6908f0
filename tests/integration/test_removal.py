"""An account that is removed and added again: its devices have had the same updates today as before."""

from typing import Any

import pytest

from custom_components.pushover_glances.const import DOMAIN

from .kit import MINUTE, ROUNDING, GlancesKit, widget
from .test_entities import state

_HOUR = 60 * MINUTE


def left(kit: GlancesKit) -> str:
    """Return how many updates today still has."""
    return state(kit, "sensor.iphone_glance_updates_left_today")


async def test_account_that_is_added_again(kit: GlancesKit) -> None:
    """The person who adds it waits a minute to see it, and what was sent counts, the emptying as well."""
    entry = await kit.load(widget(text="x"))
    assert left(kit) == "49"
    await kit.hass.config_entries.async_remove(entry.entry_id)
    kit.assert_pushed({"text": "x"}, {"text": ""})
    await kit.load(widget(text="y"))
    assert left(kit) == "48"
    await kit.tick(MINUTE - ROUNDING)
    kit.assert_nothing_pushed()
    await kit.tick(2 * ROUNDING)
    kit.assert_pushed({"text": "y"})
    assert left(kit) == "47"


async def test_account_that_is_added_again_later(kit: GlancesKit) -> None:
    """What is counted for a day is remembered for two, and no longer."""
    kit.freezer.move_to("2026-11-23 23:00:00+00:00")
    entry = await kit.load(widget(text="x"))
    await kit.hass.config_entries.async_remove(entry.entry_id)
    kit.pushed()
    await kit.hass.config.async_set_time_zone("America/Los_Angeles")
    await kit.tick(8 * _HOUR)
    # It is still the same day there.
    entry = await kit.load(widget(text="y"))
    kit.assert_pushed({"text": "y"})
    assert left(kit) == "47"
    await kit.hass.config_entries.async_remove(entry.entry_id)
    kit.pushed()
    await kit.tick(50 * _HOUR + ROUNDING)
    await kit.load(widget(text="z"))
    kit.assert_pushed({"text": "z"})
    assert left(kit) == "49"


@pytest.mark.parametrize(
    "data", [[], {"VRsG": {"iphone": [1]}}, {"VRsG": {"iphone": ["2026-11-23T12:00:00"]}}, {"VRsG": 5}], ids=str
)
async def test_damaged_file(kit: GlancesKit, hass_storage: dict[str, Any], data: Any) -> None:
    """It keeps no account from being added, and none from being removed without a trace."""
    key = f"{DOMAIN}.removed"
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": data}
    entry = await kit.load(widget(text="x"))
    kit.assert_pushed({"text": "x"})
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": data}
    await kit.hass.config_entries.async_remove(entry.entry_id)
    assert f"{DOMAIN}.{entry.entry_id}" not in hass_storage
