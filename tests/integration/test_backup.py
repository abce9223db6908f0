"""A backup that is restored: its state is older than what the watch has been sent since."""

from pathlib import Path
from typing import Any

from homeassistant.components.backup.const import DATA_MANAGER
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.pushover_glances.const import DOMAIN

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, widget
from .test_damage import restart
from .test_entities import TEXT, state


@pytest.fixture
def hass_storage() -> Any:
    """Use the real disk, not the harness's memory."""


async def backed_up(kit: GlancesKit, entry: MockConfigEntry, disk: Path, **meanwhile: str) -> tuple[Path, bytes]:
    """Return an account's file, and what Home Assistant's backup has of it; an action may come during the backup."""
    assert await async_setup_component(kit.hass, "backup", {})
    await kit.settle()
    manager = kit.hass.data[DATA_MANAGER]
    file = disk / f"{DOMAIN}.{entry.entry_id}"
    await manager.async_pre_backup_actions()
    if meanwhile:
        await kit.update(**meanwhile)
    copy = file.read_bytes()
    await manager.async_post_backup_actions()
    return file, copy


async def test_backup_that_is_restored(kit: GlancesKit, disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing goes at once, the updates of the day are estimated, and what is shown is sent for certain."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    file, copy = await backed_up(kit, entry, disk)
    await kit.tick(SPACING + ROUNDING)
    await kit.change(DOOR, "open")
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed(
        {"text": "closed"},
        {"text": "open"},
    )
    await kit.hass.config_entries.async_unload(entry.entry_id)
    await kit.state(DOOR, "closed")
    file.write_bytes(copy)
    restart(kit)
    await kit.setup(entry)
    assert "Stored state is from a backup" in caplog.text
    assert 30 < int(state(kit, "sensor.iphone_glance_updates_left_today")) < 40
    await kit.tick(SPACING - ROUNDING)
    kit.assert_nothing_pushed()
    await kit.tick(2 * ROUNDING)
    kit.assert_pushed({"text": "closed"})


async def test_restart_after_a_backup(kit: GlancesKit, disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A backup that is only made changes nothing."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    await backed_up(kit, entry, disk, title="during the backup")
    await kit.hass.config_entries.async_unload(entry.entry_id)
    restart(kit)
    await kit.setup(entry)
    kit.pushed()
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "closed", "title": "during the backup"})
    assert "Stored state" not in caplog.text


async def test_edit_during_a_backup(kit: GlancesKit, disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    """An account that is loaded again meanwhile finds its own file, which is no copy yet: what is left of the day stays."""
    entry = await kit.load(widget(text="x"))
    assert await async_setup_component(kit.hass, "backup", {})
    await kit.settle()
    manager = kit.hass.data[DATA_MANAGER]
    assert state(kit, "sensor.iphone_glance_updates_left_today") == "49"
    await manager.async_pre_backup_actions()
    (there,) = entry.subentries.values()
    kit.hass.config_entries.async_update_subentry(entry, there, data={"device": "iphone", "text": "y"})
    await kit.settle()
    assert state(kit, "sensor.iphone_glance_updates_left_today") == "49"
    await kit.tick(MINUTE + ROUNDING)
    kit.assert_pushed({"text": "x"}, {"text": "y"})
    assert state(kit, "sensor.iphone_glance_updates_left_today") == "48"
    await manager.async_post_backup_actions()
    await kit.hass.config_entries.async_unload(entry.entry_id)
    restart(kit)
    await kit.setup(entry)
    assert state(kit, "sensor.iphone_glance_updates_left_today") == "48"
    assert "Stored state" not in caplog.text
