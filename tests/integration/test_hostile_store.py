"""Whatever an account's file contains: it is read or given up, and the account works either way."""

from collections.abc import Iterator
import copy
from functools import partial
import json
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers.json import json_bytes
from hypothesis import example, given, strategies as st
import pytest

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.diagnostics import async_get_config_entry_diagnostics
from emulator.world import EXAMPLE_USER
from tests.examples import searching
from tests.hostile import json_values

from .kit import DOOR, MINUTE, ROUNDING, GlancesKit, alert, widget
from .test_damage import hass_storage
from .test_hostile_actions import assert_nothing_unexpected

__all__ = ["hass_storage"]


_SETTINGS: dict[str, Any] = {
    "urgent_entities": [DOOR],
    "time_stamp": "text",
    "quiet_from": "20:00:00",
    "quiet_until": "21:00:00",
}
_WIDGETS = (
    widget(text=f"{{{{ states('{DOOR}') }}}}", title="{{ states('sensor.none') }}", count="{{ 7 }}", **_SETTINGS),
    widget("ipad", percent="{{ 50 }}"),
)
# Every kind of memory, filled in as it may be; the widgets' ids are put in.
_TIME = "2026-11-23T11:59:00+00:00"
_MANUAL = {"value": "x", "until": "2026-11-23T13:00:00+00:00", "mirror": None, "urgent": True}
_SCREEN = {
    "owner": "",
    "configuration": "",
    "ledger": {"updates": ["2026-11-23T11:00:00+00:00", _TIME], "urgent": [_TIME]},
    "shown": {"text": "closed", "count": 7, "subtext": None},
    "states": {DOOR: "closed"},
    "stamped": "text",
    "attempt": {"text": "open", "percent": 5},
    "manual": {"subtext": _MANUAL},
    "mirrored": {"title": "x", "text": "closed"},
    "unavailable": {"title": _TIME},
    "restlessness": 0.5,
    "asked": False,
    "refreshes": 0,
    "paused": False,
    "alerts": {"an alert": {"text": "Open", "percent": 5}},
    "covered": ["text"],
    "tried": {DOOR: "open", "an alert": DOOR},
    "accepted": _TIME,
    "face": {"text": "closed · 11:59", "count": 7},
    "short_days": ["2026-11-21", "2026-11-22"],
}
_DATA = {
    "verified": True,
    "devices": ["iphone", "ipad"],
    "application": "",
    "lost": False,
    "quota": {"until": None},
    "alerts": {
        "an alert": {
            "causes": {DOOR: {"since": _TIME, "active": _TIME, "gone": None}},
            "changed": _TIME,
            "began": _TIME,
            "lost": ["cover.lost"],
        }
    },
    "screens": {"iphone": _SCREEN, "ipad": _SCREEN, "gone": _SCREEN, "": _SCREEN},
}


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every place of a value."""
    yield path
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from _paths(value[key], (*path, key))


_PATHS = [path for path in _paths({"data": _DATA, "version": 1, "minor_version": 2, "key": "x"}) if path]


def _put(whole: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    place: Any = whole
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value


@searching(30)
@given(changes=st.lists(st.tuples(st.sampled_from(_PATHS), json_values), min_size=1, max_size=2))
@example([(("data", "screens", "ipad", "manual"), {"count": {**_MANUAL, "value": "many"}})])
@example([(("data", "screens", "iphone", "mirrored"), {"title": "x" * 101})])
@example([(("data", "screens", "iphone", "accepted"), "0001-01-01T00:00:00+12:00")])
@example([(("data", "screens", "iphone", "manual"), {"title": {**_MANUAL, "until": "9999-12-31T23:59:59+00:00"}})])
@example([(("data", "screens", "iphone", "refreshes"), 1e300)])
async def test_any_value_at_any_place(
    kit: GlancesKit,
    disk: Path,
    caplog: pytest.LogCaptureFixture,
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    """The account loads, looks, updates within an interval or says why not, tells what it knows, and saves."""
    caplog.clear()
    # As far from Greenwich as it gets, so that the ends of the calendar are near.
    await kit.hass.config.async_set_time_zone("Pacific/Auckland")
    kit.freezer.move_to("2026-11-23 12:00:00+00:00")
    kit.hass.states.async_set(DOOR, "closed")
    # The emulator's screens outlive an example.
    kit.emulator.world.users[EXAMPLE_USER].devices["ipad"].stored = {}
    whole: dict[str, Any] = {"version": 1, "minor_version": 2, "key": "x", "data": copy.deepcopy(_DATA)}
    entry = kit.account(*_WIDGETS, alert(DOOR, "cover.lost", states=["ajar"], text="Ajar", lasts=60))
    *widgets, watching = entry.subentries.values()
    for screen, subentry in zip(("iphone", "ipad"), widgets, strict=True):
        whole["data"]["screens"][screen]["owner"] = subentry.subentry_id
    whole["data"]["alerts"][watching.subentry_id] = whole["data"]["alerts"]["an alert"]
    for path, value in changes:
        try:
            _put(whole, path, value)
        except KeyError, IndexError, TypeError:
            continue
    await _write(kit, disk / f"{DOMAIN}.{entry.entry_id}", whole)
    await kit.setup(entry)
    try:
        await _lives(kit, entry, disk)
    finally:
        await kit.hass.config_entries.async_remove(entry.entry_id)
        await kit.settle()
    assert_nothing_unexpected(caplog)
    # This Pushover takes everything that is a glance.
    assert "Updates of account" not in caplog.text


async def _lives(kit: GlancesKit, entry: Any, disk: Path) -> None:
    if entry.state is ConfigEntryState.SETUP_ERROR:
        assert "newer version" in (entry.reason or "")
        return
    assert entry.state is ConfigEntryState.LOADED
    await kit.change(DOOR, "open")
    answers = await kit.act("update", subtext="manual", urgent=True)
    assert {answer["status"] for answer in answers} <= {"sent", "queued", "unchanged"}
    for _ in range(3):
        await kit.tick(20 * MINUTE + ROUNDING)
    json_bytes(await async_get_config_entry_diagnostics(kit.hass, entry))
    if not kit.hass.states.is_state("sensor.iphone_glance_status", "rate_limit"):
        shown = kit.emulator.world.users[EXAMPLE_USER].devices["ipad"].stored
        assert shown.get("subtext") == "manual"
    json.loads(await kit.hass.async_add_executor_job((disk / f"{DOMAIN}.{entry.entry_id}").read_bytes))


async def _write(kit: GlancesKit, file: Path, whole: dict[str, Any]) -> None:
    await kit.hass.async_add_executor_job(partial(file.parent.mkdir, exist_ok=True))
    await kit.hass.async_add_executor_job(file.write_bytes, json_bytes(whole))


async def test_urgent_updates_from_the_future(kit: GlancesKit, disk: Path) -> None:
    """They hold no urgent update back."""
    entry = kit.account(widget("ipad"))
    (subentry,) = entry.subentries.values()
    screen = copy.deepcopy(_SCREEN) | {"owner": subentry.subentry_id}
    screen["ledger"] = {
        "updates": ["2026-11-23T11:50:00+00:00"],
        "urgent": [f"8999-01-01T00:0{minute}:00+00:00" for minute in range(4)],
    }
    data = {**copy.deepcopy(_DATA), "screens": {"ipad": screen}}
    whole = {"version": 1, "minor_version": 1, "key": "x", "data": data}
    await _write(kit, disk / f"{DOMAIN}.{entry.entry_id}", whole)
    await kit.setup(entry)
    await kit.tick(MINUTE + ROUNDING)
    assert (await kit.update(title="now", urgent=True))["status"] == "sent"


async def test_mirrored_value_that_pushover_would_refuse(
    kit: GlancesKit, disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A paused widget would go on with it, and hold up the account."""
    entry = kit.account(widget("ipad", title="{{ 'x' }}"))
    (subentry,) = entry.subentries.values()
    screen = copy.deepcopy(_SCREEN) | {"owner": subentry.subentry_id, "mirrored": {"title": "x" * 101}, "paused": True}
    data = {**copy.deepcopy(_DATA), "screens": {"ipad": screen}}
    await _write(kit, disk / f"{DOMAIN}.{entry.entry_id}", {"version": 1, "minor_version": 1, "key": "x", "data": data})
    await kit.setup(entry)
    assert "Stored state is not used" in caplog.text
    await kit.tick(20 * MINUTE + ROUNDING)
    await kit.tick(MINUTE + ROUNDING)
    assert (await kit.update(count=5, urgent=True))["status"] == "sent"
    assert_nothing_unexpected(caplog)
