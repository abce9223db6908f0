"""A store that is lost, damaged or restored, at any hour and with any limit: nothing waits longer than one interval."""

from collections.abc import Callable
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

from homeassistant.util import dt as dt_util
import pytest

from custom_components.pushover_glances.const import DOMAIN

from .kit import DOOR, MINUTE, ROUNDING, SETTLE, SPACING, GlancesKit, widget
from .test_damage import restart
from .test_entities import TEXT, state

# Of the day that begins at 05:00: two of them are less than one interval before midnight, and before its end.
_MINUTES_OF_THE_DAY = [1, 9 * 60, 17 * 60, 18 * 60 + 50, 21 * 60, 23 * 60 + 50]


@pytest.fixture
def hass_storage() -> Any:
    """Use the real disk, not the harness's memory."""


def damage(file: Path) -> None:
    """Let the file be no JSON."""
    file.write_text("{", encoding="utf-8")


def copied(file: Path) -> None:
    """Let the file be what a backup has of it."""
    content = json.loads(file.read_text(encoding="utf-8"))
    content["data"]["lost"] = True
    file.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("how", [Path.unlink, damage, copied], ids=["lost", "damaged", "restored"])
@pytest.mark.parametrize("limit", [4, 20])
@pytest.mark.parametrize("urgent", [[DOOR], []], ids=["urgent", "ordinary"])
async def test_change_after_the_store_is_lost(
    kit: GlancesKit, disk: Path, how: Callable[[Path], None], limit: int, urgent: list[str]
) -> None:
    """It goes after one interval and no sooner; what is urgent, after a minute, or when it has lasted for three."""
    soonest, latest = (MINUTE, 3 * MINUTE + SETTLE) if urgent else (SPACING, SPACING)
    begin = (dt_util.start_of_local_day() + timedelta(days=1)).replace(hour=5)
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT, daily_limit=limit, urgent_entities=urgent))
    await kit.hass.config_entries.async_unload(entry.entry_id)
    for minute in _MINUTES_OF_THE_DAY:
        kit.freezer.move_to(begin + timedelta(minutes=minute))
        how(disk / f"{DOMAIN}.{entry.entry_id}")
        restart(kit)
        await kit.setup(entry)
        assert int(state(kit, "sensor.iphone_glance_updates_left_today")) > 0, minute
        kit.pushed()
        await kit.change(DOOR, f"at {minute}")
        await kit.tick(soonest - SETTLE - 2 * ROUNDING)
        assert kit.pushed() == [], minute
        await kit.tick(2 * ROUNDING)
        await kit.tick(latest - soonest)
        assert kit.pushed() == [{"text": f"at {minute}"}], minute
        await kit.hass.config_entries.async_unload(entry.entry_id)
