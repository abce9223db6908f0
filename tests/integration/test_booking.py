"""An update is on disk before a byte of it leaves, however slow the disk is, and whatever happens meanwhile."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
import json
from pathlib import Path
import threading
from typing import Any
from unittest.mock import patch

from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.pushover import REQUEST_TIMEOUT
from custom_components.pushover_glances.storage import AccountStore, write_file
from emulator import Fault, Kind
from emulator.world import User
from tests.listening import HOST, Heard, listening

from .kit import ROUNDING, SPACING, GlancesKit, widget
from .test_entities import REFUSED, state

_WRITE = "custom_components.pushover_glances.storage.write_file"
_BOOKED = {"text": "x"}


@pytest.fixture
def hass_storage() -> Any:
    """Use the real disk, not the harness's memory."""


@contextmanager
def slow_disk(is_slow: Callable[[], bool] = lambda: True) -> Generator[threading.Event]:
    """Let every file that is written while the disk is slow wait until the event is set."""
    works = threading.Event()

    def write(*args: Any, **kwargs: Any) -> None:
        if is_slow():
            works.wait(30)
        write_file(*args, **kwargs)

    try:
        with patch(_WRITE, side_effect=write):
            yield works
    finally:
        works.set()


def attempts(disk: Path) -> list[Any]:
    """Return what has left without an answer, for all that the file of each account says."""
    return [attempt for path in disk.glob(f"{DOMAIN}.*") for attempt in attempts_in(path)]


def attempts_in(path: Path) -> list[Any]:
    """Return the attempts without an answer of one account."""
    screens = json.loads(path.read_text(encoding="utf-8"))["data"]["screens"]
    return [screen["attempt"] for screen in screens.values()]


def update(kit: GlancesKit, **target: str) -> asyncio.Future[Any]:
    """Call the action."""
    data = {"text": "x", **target}
    return asyncio.ensure_future(
        kit.hass.services.async_call(DOMAIN, "update", data, blocking=True, return_response=True)
    )


def left(kit: GlancesKit) -> int:
    """Return how many updates today still has."""
    return int(state(kit, "sensor.iphone_glance_updates_left_today"))


@asynccontextmanager
async def pushover(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[tuple[Heard, MockConfigEntry]]:
    """Return what a server hears from an account with a widget; it has accepted that account."""
    async with listening() as heard:
        monkeypatch.setattr("custom_components.pushover_glances.api.API_URL", f"http://{HOST}:{heard.port}/")
        entry = await kit.load(widget())
        heard.forget()
        yield heard, entry


async def test_slow_disk(kit: GlancesKit, disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a connection is made before the file has the booking; a kill then repeats nothing early."""
    async with pushover(kit, monkeypatch) as (heard, entry):
        path = disk / f"{DOMAIN}.{entry.entry_id}"
        files: list[str] = []
        with slow_disk() as works:
            heard.on_request = lambda: files.append(path.read_text(encoding="utf-8"))
            updating = update(kit)
            await kit.turns(100)
            assert (heard.begun, attempts(disk), updating.done()) == (0, [None], False)
            works.set()
            assert (await updating)["widgets"][0]["status"] == "sent"
        await kit.settle()
        assert attempts(disk) == [None]
        await kit.hass.config_entries.async_unload(entry.entry_id)
        (file,) = files
        path.write_text(file, encoding="utf-8")
        assert attempts(disk) == [_BOOKED]
        await kit.setup(entry)
        heard.forget()
        # It arrived at its time-out at the latest, and the distance counts from there.
        await kit.tick(SPACING + REQUEST_TIMEOUT.total_seconds() - ROUNDING)
        assert bytes(heard.data).count(b"text=x") == 0
        await kit.tick(2 * ROUNDING)
        assert heard.data.count(b"text=x") == 1


async def test_disk_that_is_slower_than_an_action(kit: GlancesKit, disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The action answers that its value is queued, once that is on disk; the update goes when it is booked, and once."""
    async with pushover(kit, monkeypatch) as (heard, _):
        before = left(kit)
        with slow_disk() as works:
            updating = update(kit)
            for _ in range(20):
                await kit.turns(5)
                kit.freezer.tick(1)
                async_fire_time_changed(kit.hass)
            assert (heard.begun, updating.done()) == (0, False)
            works.set()
            assert (await updating)["widgets"][0]["status"] == "queued"
        await kit.settle()
        assert heard.data.count(b"text=x") == 1
        assert (attempts(disk), left(kit)) == ([None], before - 1)


async def test_refused_update_and_a_slow_disk(kit: GlancesKit, disk: Path) -> None:
    """The action fails once its value is no longer on disk, so that a kill does not bring it back."""
    entry = await kit.load(widget(title="Mine"))
    path = disk / f"{DOMAIN}.{entry.entry_id}"
    await kit.tick(2 * SPACING)
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=400, body=REFUSED))
    calls = len(kit.emulator.calls)
    with slow_disk(lambda: len(kit.emulator.calls) > calls) as works:
        updating = update(kit)
        await kit.until(lambda: state(kit, "sensor.iphone_glance_status") == "held")
        await kit.turns(100)
        assert ('"x"' in path.read_text(encoding="utf-8"), updating.done()) == (True, False)
        works.set()
        with pytest.raises(HomeAssistantError, match="percent must be a number"):
            await updating
        assert '"x"' not in path.read_text(encoding="utf-8")


async def test_no_connection_and_a_slow_disk(kit: GlancesKit, disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The booking comes to its end before it is taken back, so the file ends without it; nothing counts."""
    await kit.load(widget())
    before = left(kit)
    await kit.emulator.stop()
    with slow_disk() as works:
        updating = update(kit)
        await kit.turns(100)
        assert "Updates of account" not in caplog.text
        works.set()
        assert (await updating)["widgets"][0]["status"] == "queued"
    await kit.settle()
    assert "Updates of account" in caplog.text
    assert (attempts(disk), left(kit)) == ([None], before)
    await kit.emulator.start()
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(_BOOKED)


async def test_home_assistant_stops_while_the_disk_is_slow(
    kit: GlancesKit, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The update is booked, its action told that it is queued; nothing of it leaves, and nothing goes on."""
    async with pushover(kit, monkeypatch) as (heard, _):
        with slow_disk() as works:
            updating = update(kit)
            await kit.turns(100)
            stopping = asyncio.ensure_future(kit.hass.async_stop(force=True))
            await kit.turns(100)
            works.set()
            await stopping
        assert (await updating)["widgets"][0]["status"] == "queued"
        assert (bytes(heard.data), attempts(disk)) == (b"", [_BOOKED])
    assert not [task for task in asyncio.all_tasks() if DOMAIN in task.get_name()]


async def test_booking_that_goes_wrong_in_an_unknown_way(
    kit: GlancesKit, disk: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug of ours is logged, nothing leaves, the update counts, and its value goes at the next slot."""
    await kit.load(widget())
    before = left(kit)
    save = AccountStore.async_save_account

    async def fail(store: AccountStore) -> None:
        monkeypatch.setattr(AccountStore, "async_save_account", save)
        await asyncio.sleep(0)
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(AccountStore, "async_save_account", fail)
    (item,) = (await update(kit))["widgets"]
    assert item["status"] == "queued"
    await kit.settle()
    assert "Unexpected error while updating widget iphone" in caplog.text
    assert "a bug of ours" in caplog.text
    caplog.clear()
    kit.assert_nothing_pushed()
    assert left(kit) == before - 1
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed(_BOOKED)


async def three_accounts(kit: GlancesKit, *slow: int) -> list[MockConfigEntry]:
    """Return three accounts with a widget each, whose first updates take so many seconds."""
    keys = [f"{number}".rjust(30, "u") for number in range(3)]
    kit.emulator.world.add(*(User.with_devices(key, "iphone") for key in keys))
    entries = [await kit.load(widget(), user_key=key) for key in keys]
    kit.emulator.faults += [Fault(Kind.SLOW, seconds=seconds) for seconds in slow]
    return entries


async def test_booking_waits_for_a_connection(kit: GlancesKit, disk: Path) -> None:
    """An update is booked when it can be sent at once: after a kill, the distance counts from when it can have arrived."""
    entry = (await three_accounts(kit, 8, 8, 1))[-1]
    path = disk / f"{DOMAIN}.{entry.entry_id}"
    calls = len(kit.emulator.calls)
    updating = update(kit, entity_id="all")
    await kit.until(lambda: len(kit.emulator.calls) == calls + 2)
    await kit.turns(100)
    assert sorted(attempts(disk), key=bool) == [None, _BOOKED, _BOOKED]
    assert len(kit.emulator.calls) == calls + 2
    assert attempts_in(path) == [None]
    kit.freezer.tick(8 + ROUNDING)
    await kit.until(lambda: len(kit.emulator.calls) == calls + 3)
    killed = path.read_text(encoding="utf-8")
    kit.freezer.tick(1 + ROUNDING)
    await kit.until(updating.done)
    await kit.settle()
    await kit.hass.config_entries.async_unload(entry.entry_id)
    path.write_text(killed, encoding="utf-8")
    assert attempts_in(path) == [_BOOKED]
    await kit.setup(entry)
    kit.pushed()
    await kit.tick(SPACING + REQUEST_TIMEOUT.total_seconds() - 1 - 2 * ROUNDING)
    assert kit.pushed() == []
    await kit.tick(2 * ROUNDING)
    assert kit.pushed() == [_BOOKED]


async def test_account_that_is_unloaded_while_it_waits_for_a_connection(kit: GlancesKit, disk: Path) -> None:
    """Its update goes after it is loaded again, and it holds no connection meanwhile."""
    entry = (await three_accounts(kit, 8, 8))[-1]
    updating = update(kit, entity_id="all")
    calls = len(kit.emulator.calls)
    await kit.until(lambda: len(kit.emulator.calls) == calls + 2)
    await kit.turns(100)
    await kit.hass.config_entries.async_unload(entry.entry_id)
    assert attempts_in(disk / f"{DOMAIN}.{entry.entry_id}") == [None]
    kit.freezer.tick(8 + ROUNDING)
    await kit.until(updating.done)
    statuses = sorted(item["status"] for item in (await updating)["widgets"])
    assert statuses == ["queued", "sent", "sent"]
    assert len(kit.emulator.calls) == calls + 2
    await kit.setup(entry)
    assert kit.pushed() == [_BOOKED] * 3
