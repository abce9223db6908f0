"""What is written: files of an account, and states of entities, which are rows of Home Assistant's database."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock, patch

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.storage import write_file
from emulator.world import EXAMPLE_TOKEN, busy_users

from .kit import MINUTE, ROUNDING, SETTLE, SPACING, GlancesKit, alert, widget
from .test_entities import state

LEVEL = "sensor.level"
ACTIVE = "binary_sensor.warm"
_WRITE = "custom_components.pushover_glances.storage.write_file"
_HOUR = 60


@pytest.fixture
def hass_storage() -> Any:
    """Use the real disk, not the harness's memory."""


@contextmanager
def rows(kit: GlancesKit) -> Iterator[Counter[str]]:
    """Count the changed states of the integration's entities, without new access tokens of images."""
    found: Counter[str] = Counter()
    registry = er.async_get(kit.hass)

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        entity_id, old, new = event.data["entity_id"], event.data["old_state"], event.data["new_state"]
        entry = registry.async_get(entity_id)
        is_token = entity_id.startswith("image.") and old is not None and new is not None and old.state == new.state
        if entry is not None and entry.platform == DOMAIN and not is_token:
            found[entity_id] += 1

    stop = kit.hass.bus.async_listen(EVENT_STATE_CHANGED, changed)
    yield found
    stop()


@contextmanager
def files() -> Iterator[MagicMock]:
    """Count the files that are written."""
    with patch(_WRITE, wraps=write_file) as write:
        yield write


async def load(kit: GlancesKit, **data: Any) -> None:
    """Load a widget and an alert with a limit, and let the first update be an hour ago."""
    await kit.state(LEVEL, "19")
    await kit.state("sensor.a", "one")
    widgets = widget(title="Outside", text="{{ states('sensor.a') }}")
    await kit.load(widgets, alert(LEVEL, called="Warm", title="Warm", above=20, **data))
    await kit.tick(SPACING * 3)
    kit.pushed()


async def swing(kit: GlancesKit, minutes: int, every: int) -> None:
    """Let the level cross its limit again and again, and end within it."""
    for number in range(minutes * MINUTE // every):
        await kit.state(LEVEL, "19" if number % 2 else "21")
        await kit.tick(every)


async def test_alert_that_begins_and_ends_all_the_time(kit: GlancesKit, disk: Path) -> None:
    """Its entity changes once a minute, and once the number rests, it shows whether the alert is active."""
    await load(kit)
    with rows(kit) as found, files() as write:
        await swing(kit, minutes=20, every=7)
        sent = len(kit.pushed())
        assert 0 < sent < 8
        assert found[ACTIVE] <= 20 + 1
        assert found.total() <= 20 + 1 + 8 * sent
        assert write.call_count <= 20 + 1 + 2 * sent
    for level, shown in (("21", "on"), ("19", "off")):
        await kit.state(LEVEL, level)
        for _ in range(3):
            await kit.tick(MINUTE)
        assert state(kit, ACTIVE) == shown


async def test_alert_that_must_last(kit: GlancesKit, disk: Path) -> None:
    """While it never begins, nothing of it is written but the file, once a minute."""
    await load(kit, lasts=300)
    with rows(kit) as found, files() as write:
        await swing(kit, minutes=10, every=7)
        assert (found, kit.pushed()) == ({}, [])
        assert write.call_count <= 10


async def test_begin_and_end_are_shown_at_once(kit: GlancesKit, disk: Path) -> None:
    """What follows them within two minutes is shown when these are over, if it still holds then."""
    await load(kit)
    for level, shown in (("21", "on"), ("19", "off"), ("21", "off"), ("19", "off"), ("21", "off")):
        await kit.state(LEVEL, level)
        assert state(kit, ACTIVE) == shown
        await kit.tick(SETTLE)
    await kit.tick(2 * MINUTE - 5 * SETTLE - ROUNDING)
    assert state(kit, ACTIVE) == "off"
    await kit.tick(2 * ROUNDING)
    assert state(kit, ACTIVE) == "on"


async def test_clock_that_is_set_back(kit: GlancesKit, disk: Path) -> None:
    """Changes in the future hold nothing back."""
    await load(kit)
    for level in ("21", "19"):
        await kit.state(LEVEL, level)
    kit.freezer.tick(-3 * _HOUR * MINUTE)
    await kit.state(LEVEL, "21")
    assert state(kit, ACTIVE) == "on"


async def test_quiet_home(kit: GlancesKit, disk: Path) -> None:
    """An hour in which nothing happens writes nothing."""
    await load(kit)
    with rows(kit) as found, files() as write:
        for _ in range(_HOUR):
            await kit.tick(MINUTE)
        assert (found, write.call_count) == ({}, 0)


async def test_update(kit: GlancesKit, disk: Path) -> None:
    """A change that is sent is written twice, and takes at most eight rows."""
    await load(kit)
    with rows(kit) as found, files() as write:
        await kit.change("sensor.a", "two")
        assert len(kit.pushed()) == 1
        assert 0 < found.total() <= 8
        assert write.call_count == 2


@pytest.mark.parametrize("first", ["sent", "queued"])
async def test_equal_values(kit: GlancesKit, disk: Path, first: str) -> None:
    """An action with the values of the one before writes no file."""
    await kit.load(widget(title="Outside"))
    if first == "sent":
        await kit.tick(SPACING + ROUNDING)
    assert (await kit.update(text="x"))["status"] == first
    await kit.update(text="x")
    with files() as write:
        answers = [(await kit.update(text="x"))["status"] for _ in range(3)]
    assert answers == [{"sent": "unchanged"}.get(first, "queued")] * 3
    assert write.call_count == 0


async def test_many_calls_on_many_widgets(kit: GlancesKit, disk: Path) -> None:
    """Each widget is updated once, and what is written does not grow with the number of calls."""
    users = busy_users(2, 12)
    kit.emulator.world.add(*users)
    entries = [kit.account(*map(widget, user.devices), token=EXAMPLE_TOKEN, user_key=user.key) for user in users]
    await kit.setup(entries[0])
    registry = er.async_get(kit.hass)
    ids = [entry.entity_id for entry in registry.entities.values() if entry.domain == "notify"]
    assert len(ids) == 24

    async def call(number: int) -> list[str]:
        data = {"entity_id": ids, "text": f"call {number}"}
        answer: Any = await kit.hass.services.async_call(DOMAIN, "update", data, blocking=True, return_response=True)
        return [item["status"] for item in answer["widgets"]]

    with files() as write:
        answers = await asyncio.gather(*map(call, range(20)))
        await kit.settle()
    assert Counter(status for answer in answers for status in answer) == {"unchanged": 19 * 24, "sent": 24}
    assert {device.shown["text"] for user in users for device in user.devices.values()} == {"call 19"}
    # One for the calls that answered "unchanged", in each account.
    assert write.call_count <= 2 * 24 + 2
