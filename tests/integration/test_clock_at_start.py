"""A machine that starts with a wrong clock, as one without a battery does, and whose time server sets it later.

Times are those that really pass, whatever the clock says.
"""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.util import dt as dt_util
import pytest

from custom_components.pushover_glances.const import DOMAIN

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, widget
from .test_clock import set_clock
from .test_damage import restart
from .test_entities import TEXT, state

_RIGHT = timedelta(0)
# A timer asks again after this long, whatever it waits for.
_TIMER = 5 * MINUTE
_STEP = 10


def start_of_day() -> datetime:
    """Return when the updates of today begin to count."""
    return dt_util.start_of_local_day().replace(hour=5)


def left(kit: GlancesKit) -> str:
    """Return how many updates today still has."""
    return state(kit, "sensor.iphone_glance_updates_left_today")


async def arrivals(kit: GlancesKit, seconds: int) -> list[int]:
    """Return after how many seconds from now on something arrives."""
    found = []
    for second in range(_STEP, seconds + _STEP, _STEP):
        await kit.tick(_STEP)
        found += [second for _ in kit.pushed()]
    return found


async def used_up(kit: GlancesKit, hass_storage: dict[str, Any]) -> Any:
    """Return an account that is not loaded, whose widget has had 49 updates today."""
    entry = await kit.load(widget())
    await kit.hass.config_entries.async_unload(entry.entry_id)
    restart(kit)
    begin = start_of_day()
    updates = [(begin + timedelta(minutes=8 * number)).isoformat() for number in range(49)]
    (screen,) = hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]["screens"].values()
    screen["ledger"]["updates"] = updates
    return entry


@pytest.mark.parametrize("how", ["while-it-runs", "before-the-next-start"])
async def test_two_days_behind_once(
    kit: GlancesKit, hass_storage: dict[str, Any], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """What is left of the day is the same as before, less what went meanwhile."""
    entry = await used_up(kit, hass_storage)
    set_clock(monkeypatch, timedelta(days=-2))
    await kit.setup(entry)
    assert (await kit.update(text="x"))["status"] == "queued"
    if how == "before-the-next-start":
        await kit.hass.config_entries.async_unload(entry.entry_id)
        restart(kit)
        set_clock(monkeypatch, _RIGHT)
        await kit.setup(entry)
        assert left(kit) == "1"
    else:
        await kit.tick(SPACING + ROUNDING)
        kit.assert_pushed({"text": "x"})
        set_clock(monkeypatch, _RIGHT)
        await kit.tick(_TIMER)
        assert left(kit) == "0"


@pytest.mark.parametrize("order", ["clock-first", "action-first"])
async def test_twenty_five_minutes_forward(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, order: str) -> None:
    """The next glance goes when the spacing has really passed, and not much later."""
    await kit.load(widget())
    assert (await kit.update(text="1"))["status"] == "sent"
    await kit.tick(4 * MINUTE)
    if order == "clock-first":
        set_clock(monkeypatch, timedelta(minutes=25))
    assert (await kit.update(text="2"))["status"] == "queued"
    set_clock(monkeypatch, timedelta(minutes=25))
    kit.pushed()
    (second,) = await arrivals(kit, SPACING)
    assert SPACING <= 4 * MINUTE + second <= SPACING + _TIMER


@pytest.mark.parametrize("minutes", [1, 11], ids=["soon", "later"])
async def test_two_hours_behind(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """What went by the wrong clock keeps its distance from what goes by the right one."""
    set_clock(monkeypatch, timedelta(hours=-2))
    await kit.load(widget())
    assert (await kit.update(text="1"))["status"] == "sent"
    await kit.tick(minutes * MINUTE)
    set_clock(monkeypatch, _RIGHT)
    assert (await kit.update(text="2"))["status"] == "queued"
    kit.pushed()
    (second,) = await arrivals(kit, SPACING)
    assert SPACING <= minutes * MINUTE + second <= SPACING + _TIMER


@pytest.mark.parametrize("minutes", [1, 11], ids=["soon", "later"])
async def test_two_hours_behind_after_a_restart(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """What went by the right clock before keeps its distance, and holds nothing up for longer than one interval."""
    entry = await kit.load(widget())
    assert (await kit.update(text="1"))["status"] == "sent"
    kit.pushed()
    await kit.hass.config_entries.async_unload(entry.entry_id)
    restart(kit)
    await kit.tick(MINUTE)
    set_clock(monkeypatch, timedelta(hours=-2))
    await kit.setup(entry)
    assert (await kit.update(text="2"))["status"] == "queued"
    await kit.tick(minutes * MINUTE)
    set_clock(monkeypatch, _RIGHT)
    (second,) = await arrivals(kit, SPACING + _TIMER)
    assert SPACING <= (minutes + 1) * MINUTE + second <= SPACING + MINUTE + _TIMER


async def live(kit: GlancesKit, until: datetime) -> None:
    """Let a word change every ten minutes until this time, as the right clock has it."""
    while (now := datetime.now(until.tzinfo)) < until:
        await kit.state(DOOR, f"at {now}")
        await kit.tick(10 * MINUTE)


@pytest.mark.parametrize("hour", [1, 7, 13, 19])
async def test_limit_of_a_day_that_begins_with_a_wrong_clock(
    kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, hour: int
) -> None:
    """Whenever the clock is set right, no more goes on that day than may, and it does not stand still."""
    begin = start_of_day()
    kit.freezer.move_to(begin)
    set_clock(monkeypatch, timedelta(hours=-72))
    await kit.load(widget(text=TEXT, daily_limit=4))
    await live(kit, begin + timedelta(hours=hour))
    set_clock(monkeypatch, _RIGHT)
    await live(kit, begin + timedelta(hours=23, minutes=50))
    assert len(kit.pushed()) == 4


async def test_limit_of_a_day_with_a_wrong_clock_after_a_restart(
    kit: GlancesKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What went before the restart counts, too."""
    begin = start_of_day()
    kit.freezer.move_to(begin)
    entry = await kit.load(widget(text=TEXT, daily_limit=4))
    await live(kit, begin + timedelta(hours=8))
    await kit.hass.config_entries.async_unload(entry.entry_id)
    restart(kit)
    assert len(kit.pushed()) == 2
    set_clock(monkeypatch, timedelta(hours=-72))
    await kit.setup(entry)
    await live(kit, begin + timedelta(hours=9))
    set_clock(monkeypatch, _RIGHT)
    await live(kit, begin + timedelta(hours=23, minutes=50))
    assert len(kit.pushed()) == 2
