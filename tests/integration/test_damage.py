"""A stored state that is damaged: cut off anywhere, or with a value of the wrong type anywhere."""

from collections.abc import Iterator
import copy
import json
import logging
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.storage import AccountStore
from emulator import Fault, Kind

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, widget
from .test_entities import TEXT

type Keys = tuple[str | int, ...]

POWER = "sensor.power"
COUNT = f"{{{{ states('{POWER}') }}}}"
_LATEST = 40 * MINUTE
_DELETED = object()
# Times that can be written, and that overflow when they are made UTC; and one that does not.
_WRONG_TIMES = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59+00:00", "12:00")
# Those that are most likely to be taken for something else; the others take long.
_TELLING = (-1, _WRONG_TIMES[0])
_OTHERS: tuple[Any, ...] = (_DELETED, None, True, 1.5, 2**64, "x", "", [], {}, ["x"], {"x": "x"}, *_WRONG_TIMES[1:])


@pytest.fixture
def hass_storage() -> Any:
    """Use the real disk, not the harness's memory."""


async def remembered(kit: GlancesKit, disk: Path) -> tuple[MockConfigEntry, Path]:
    """Return an account that is not loaded, and its file with something under every key."""
    await kit.state(DOOR, "closed")
    await kit.state(POWER, "5")
    config = widget(text=TEXT, count=COUNT, time_stamp="subtext", urgent_entities=["lock.front"])
    await kit.state("lock.front", "locked")
    entry = await kit.load(config)
    await kit.tick(2 * MINUTE)
    await kit.update(title="urgent", urgent=True)
    await kit.tick(_LATEST)
    kit.emulator.faults.append(Fault(Kind.CUT_BODY, path="/1/glances.json"))
    await kit.update(title="x", duration=86400)
    await kit.state(POWER, "unavailable")
    await kit.tick(5 * MINUTE)
    await kit.hass.config_entries.async_unload(entry.entry_id)
    file = disk / f"{DOMAIN}.{entry.entry_id}"
    data = json.loads(file.read_bytes())
    data["data"]["quota"]["until"] = dt_util.utcnow().isoformat()
    data["data"]["screens"]["iphone"]["short_days"] = [dt_util.now().date().isoformat()]
    file.write_text(json.dumps(data), encoding="utf-8")
    return entry, file


def restart(kit: GlancesKit) -> None:
    """Forget what the integration knows as long as Home Assistant runs."""
    ours: list[Any] = [key for key in kit.hass.data if str(key).startswith(f"{DOMAIN}_")]
    for key in ours:
        kit.hass.data.pop(key)


def paths(item: Any, keys: Keys = ()) -> Iterator[Keys]:
    """Yield the way to every value."""
    yield keys
    steps = item.items() if isinstance(item, dict) else enumerate(item) if isinstance(item, list) else ()
    for step, value in steps:
        yield from paths(value, (*keys, step))


def damaged(whole: Any, keys: Keys, value: Any) -> Any:
    """Return a copy with another value at the end of this way."""
    if not keys:
        return value
    result = item = copy.deepcopy(whole)
    for key in keys[:-1]:
        item = item[key]
    if value is _DELETED:
        del item[keys[-1]]
    else:
        item[keys[-1]] = value
    return result


def is_wrong(item: Any, keys: Keys, value: Any) -> bool:
    """Tell whether a value is of another type than the one at the end of this way, or a time that cannot be right.

    What can be deleted without a trace is left: an item of a list, and a whole screen.
    """
    for key in keys:
        item = item[key]
    if value is _DELETED:
        return bool(keys) and isinstance(keys[-1], str) and keys[:-1] != ("data", "screens")
    if value in _WRONG_TIMES:
        return isinstance(item, str) and item.startswith("20")
    return type(value) is not type(item)


@pytest.mark.slow
async def test_file_that_is_cut_off_anywhere(kit: GlancesKit, disk: Path) -> None:
    """Whatever its length, it is not believed, and the next load finds a file that is whole."""
    entry, file = await remembered(kit, disk)
    whole = file.read_bytes()
    assert len(whole) > 1000
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        restart(kit)
        memory = await AccountStore(kit.hass, entry).async_load_account()
        assert (memory.lost, memory.verified, memory.screens) == (True, True, {}), length
        assert json.loads(file.read_bytes())["data"]["lost"], length


async def test_file_that_is_cut_off_before_home_assistant_knew_it(kit: GlancesKit, disk: Path) -> None:
    """An account that was added just before a power cut has had its first glance, too."""
    entry = await kit.load(widget(text="x"))
    kit.pushed()
    await kit.hass.config_entries.async_unload(entry.entry_id)
    file = disk / f"{DOMAIN}.{entry.entry_id}"
    file.write_bytes(file.read_bytes()[:-1])
    restart(kit)
    await kit.setup(entry)
    await kit.tick(SPACING - ROUNDING)
    kit.assert_nothing_pushed()


async def see(kit: GlancesKit, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture) -> str:
    """Load a damaged account in the middle of its spacing, and return what is wrong with what happens then."""
    caplog.clear()
    await kit.setup(entry)
    if entry.state is not ConfigEntryState.LOADED:
        return str(entry.error_reason_translation_key)
    await kit.state(DOOR, "open")
    await kit.tick(10 * MINUTE)
    if early := kit.pushed():
        return f"too early: {early}"
    # A damaged quota is asked about in an hour; everything else waits for one slot.
    for _ in range(2):
        await kit.tick(_LATEST)
    late = kit.pushed()
    if len(late) != 1 or late[0]["text"] != "open":
        return f"not as it is: {late}"
    return "".join(item.getMessage() for item in caplog.records if item.levelno >= logging.ERROR and _is_ours(item))


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.startswith(f"custom_components.{DOMAIN}")


@pytest.mark.parametrize(
    "value",
    [*_TELLING, *(pytest.param(value, marks=pytest.mark.slow) for value in _OTHERS)],
    ids=lambda value: "deleted" if value is _DELETED else repr(value),
)
async def test_value_of_a_wrong_type_anywhere(
    kit: GlancesKit, disk: Path, caplog: pytest.LogCaptureFixture, value: Any
) -> None:
    """The account loads, keeps its spacing, and shows what is so; only another version is not touched."""
    entry, file = await remembered(kit, disk)
    whole = json.loads(file.read_bytes())
    begin = dt_util.utcnow()
    kit.pushed()
    wrong = []
    for keys in paths(whole):
        if not is_wrong(whole, keys, value):
            continue
        kit.freezer.move_to(begin)
        await kit.state(DOOR, "closed")
        file.write_text(json.dumps(damaged(whole, keys, value)), encoding="utf-8")
        restart(kit)
        seen = await see(kit, entry, caplog)
        if seen != ("newer_version" if keys == ("version",) and value in (1.5, 2**64) else ""):
            wrong.append((keys, seen))
        await kit.hass.config_entries.async_unload(entry.entry_id)
    assert wrong == []
