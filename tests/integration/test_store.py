"""What is remembered on a real disk, and what happens when the disk does not play along."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
import errno
import logging
from pathlib import Path
import resource
import stat
import time
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.storage import write_file
from emulator import Fault, Kind

from .kit import MINUTE, ROUNDING, SPACING, GlancesKit, widget
from .test_clock import set_clock

_WRITE = "custom_components.pushover_glances.storage.write_file"


@pytest.fixture
def hass_storage() -> Any:
    """Use the real disk, not the harness's memory."""


def failing() -> Any:
    """Make every write of a file fail."""
    return patch(_WRITE, side_effect=OSError("No space left on device"))


@contextmanager
def full(_disk: Path) -> Iterator[str]:
    """Let the system write no byte to any file, and give its words for that."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield "File too large"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def read_only(_disk: Path) -> Iterator[str]:
    """Let the system create no file, and give its words for that."""
    with patch("tempfile.mkstemp", side_effect=OSError(errno.EROFS, "Read-only file system")):
        yield "Read-only file system"


@contextmanager
def gone(disk: Path) -> Iterator[str]:
    """Have something else in the place of the folder, and give the system's words for that."""
    away = disk.rename(disk.with_name("away"))
    disk.touch()
    yield "File exists"
    disk.unlink()
    away.rename(disk)


@pytest.mark.parametrize("fault", [full, read_only, gone])
async def test_disk_that_fails(
    kit: GlancesKit,
    disk: Path,
    caplog: pytest.LogCaptureFixture,
    fault: Callable[[Path], AbstractContextManager[str]],
) -> None:
    """An action that would be queued fails and leaves nothing behind; the log says so once, and when it is over."""
    await kit.load(widget())
    assert (await kit.update(text="shown"))["status"] == "sent"
    with fault(disk) as words:
        for _ in range(10):
            with pytest.raises(HomeAssistantError) as raised:
                await kit.update(text="lost")
            assert raised.value.translation_key == "not_saved"
            assert words in str(raised.value)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "shown"})
    assert (await kit.update(text="later"))["status"] == "sent"
    told = [item for item in caplog.records if item.levelno >= logging.WARNING]
    ours = [item.getMessage() for item in told if item.name.startswith(f"custom_components.{DOMAIN}")]
    assert [message.partition(":")[0] for message in ours] == [
        "Cannot save what waits to be sent",
        "What waits to be sent can be saved again",
    ]
    assert [item.getMessage() for item in told if item.exc_info is not None] == []
    assert "Error writing config" not in caplog.text


async def test_problem_that_the_disk_is_full(kit: GlancesKit, disk: Path) -> None:
    """The problem sensor says so while it is, after an action as well, and no longer than that."""

    def problem() -> str:
        found = kit.hass.states.get("binary_sensor.iphone_glance_problem")
        assert found is not None
        return found.state

    await kit.load(widget())
    await kit.update(text="shown")
    with failing():
        with pytest.raises(HomeAssistantError):
            await kit.update(text="lost")
        assert problem() == "on"
        await kit.tick(20 * 60)
        assert problem() == "on"
    await kit.tick(5 * 60)
    assert problem() == "off"


async def test_disk_that_fails_slowly(kit: GlancesKit, disk: Path) -> None:
    """It is tried again every five minutes, once, however long a try takes."""
    await kit.load(widget(text="x"))
    tries: list[None] = []

    def fail(*_: object, **__: object) -> None:
        tries.append(None)
        time.sleep(0.3)
        raise OSError("No space left on device")

    with patch(_WRITE, side_effect=fail):
        await kit.tick(40 * 60)
        await kit.update(title="y")
        tries.clear()
        kit.freezer.tick(5 * 60)
        async_fire_time_changed(kit.hass)
        for _ in range(100):
            kit.freezer.tick(0.001)
            await kit.turns(1)
        await kit.settle()
        assert len(tries) == 1


async def test_updates_go_on_while_the_disk_is_full(kit: GlancesKit, disk: Path) -> None:
    """A watch that is right matters more than what a power cut would do to the budget."""
    with failing():
        entry = await kit.load(widget(text="x"))
        assert entry.state is ConfigEntryState.LOADED
        kit.assert_pushed({"text": "x"})
        await kit.tick(SPACING + ROUNDING)
        assert (await kit.update(title="y"))["status"] == "sent"
        await kit.hass.config_entries.async_unload(entry.entry_id)
    assert not (disk / f"{DOMAIN}.{entry.entry_id}").is_file()


async def test_reload_while_the_disk_is_full_is_no_burst(kit: GlancesKit, disk: Path) -> None:
    """What could not be saved is remembered as long as Home Assistant runs."""
    with failing():
        entry = await kit.load(widget(text="x"))
        with pytest.raises(HomeAssistantError):
            await kit.update(title="y")
        for _ in range(5):
            await kit.tick(10)
            await kit.hass.config_entries.async_reload(entry.entry_id)
            await kit.settle()
        kit.assert_pushed({"text": "x"})
    await kit.tick(SPACING + ROUNDING)
    await kit.update(title="z")
    kit.assert_pushed({"text": "x", "title": "z"})


async def test_file_is_private(kit: GlancesKit, disk: Path) -> None:
    """The file is private, and has neither the token nor the user key."""
    entry = await kit.load(widget(text="x"))
    file = disk / f"{DOMAIN}.{entry.entry_id}"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text(encoding="utf-8")
    assert '"x"' in text
    assert not any(secret in text for secret in entry.data.values())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param('{"version": 1, "minor_ver', id="cut-off"),
        pytest.param("\0" * 100, id="zeros"),
        pytest.param(None, id="missing"),
        pytest.param("[]", id="a-list"),
        pytest.param("null", id="null"),
        pytest.param('{"version": "x"}', id="no-version"),
        pytest.param('{"version": 0, "minor_version": 1, "key": "", "data": {}}', id="older"),
    ],
)
async def test_file_that_is_lost(
    kit: GlancesKit, disk: Path, caplog: pytest.LogCaptureFixture, content: str | None
) -> None:
    """Every widget counts as updated just now; it is said once, and an account that was good loads in an outage."""
    entry = await kit.load(widget(text="x"))
    kit.pushed()
    await kit.hass.config_entries.async_unload(entry.entry_id)
    file = disk / f"{DOMAIN}.{entry.entry_id}"
    if content is None:
        file.unlink()
    else:
        file.write_text(content, encoding="utf-8")
    kit.emulator.faults.append(Fault(Kind.STATUS, status=503))
    await kit.setup(entry)
    assert entry.state is ConfigEntryState.LOADED
    await kit.tick(SPACING / 2)
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING / 2 - ROUNDING)
    kit.assert_nothing_pushed()
    await kit.tick(2 * ROUNDING)
    kit.assert_pushed({"text": "x"})
    assert caplog.text.count("Stored state is not used") == 1


async def test_file_of_an_account_that_is_missing_after_a_restart(
    kit: GlancesKit, disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An account that was added long ago has lost it, and one that has just been added never had one."""
    entry = kit.account(widget(text="x"))
    await kit.tick(10 * MINUTE)
    await kit.setup(entry)
    kit.assert_nothing_pushed()
    assert "Stored state is not used, because it is missing" in caplog.text
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "x"})


async def test_account_that_could_not_be_checked_yet_is_no_old_one(
    kit: GlancesKit, disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """However long Pushover was away when it was added, its first glance goes at once."""
    kit.emulator.faults.append(Fault(Kind.STATUS, status=503))
    entry = await kit.load(widget(text="x"))
    kit.assert_nothing_pushed()
    await kit.tick(10 * MINUTE)
    assert entry.state is ConfigEntryState.LOADED
    kit.assert_pushed({"text": "x"})
    assert "Stored state" not in caplog.text


async def test_file_from_the_future(kit: GlancesKit, disk: Path) -> None:
    """A clock that was wrong for a year causes neither a burst nor a lock-out."""
    kit.freezer.move_to("2027-11-23 12:00:00+00:00")
    entry = await kit.load(widget(text="x"))
    kit.pushed()
    await kit.hass.config_entries.async_unload(entry.entry_id)
    kit.freezer.move_to("2026-11-23 12:00:00+00:00")
    await kit.setup(entry)
    assert (await kit.update(text="y"))["status"] == "queued"
    await kit.tick(SPACING - ROUNDING)
    kit.assert_nothing_pushed()
    await kit.tick(2 * ROUNDING)
    kit.assert_pushed({"text": "y"})


async def test_clock_that_is_set_back_during_an_outage(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pause does not become longer than it was."""
    await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.STATUS, status=503, path="/1/glances.json"))
    assert (await kit.update(text="x"))["status"] == "queued"
    set_clock(monkeypatch, timedelta(days=-3))
    assert dt_util.utcnow().day == 20
    (item,) = await kit.act("update", text="y")
    assert item["status"] == "queued"
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed({"text": "y"})


async def test_concurrent_actions_share_writes(kit: GlancesKit, disk: Path) -> None:
    """However many are queued at once, the file is written a few times."""
    await kit.load(widget(text="x"))
    kit.pushed()
    with patch(_WRITE, wraps=write_file) as write:
        responses: list[Any] = await asyncio.gather(
            *(
                kit.hass.services.async_call(
                    DOMAIN, "update", {"title": str(number)}, blocking=True, return_response=True
                )
                for number in range(20)
            )
        )
    # Only the last of them is ever shown.
    assert [response["widgets"][0]["status"] for response in responses] == ["unchanged"] * 19 + ["queued"]
    assert write.call_count <= 3
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"title": "19", "text": "x"})


async def test_reload_while_the_disk_fails(kit: GlancesKit, disk: Path) -> None:
    """What could not be written is read all the same, and the widget follows its entity as after any other reload."""
    await kit.state("sensor.a", "one")
    entry = await kit.load(widget(text="{{ states('sensor.a') }}"))
    kit.assert_pushed({"text": "one"})
    with failing():
        await kit.hass.config_entries.async_reload(entry.entry_id)
        await kit.settle()
        await kit.tick(SPACING)
        await kit.state("sensor.a", "two")
        await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "two"})
