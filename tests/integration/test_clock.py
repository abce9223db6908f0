"""A clock that is set while something waits: never a burst, and never a wait of more than one interval."""

from datetime import UTC, datetime, timedelta

from homeassistant.util import dt as dt_util
import pytest

from emulator import Fault, Kind

from .kit import MINUTE, SPACING, GlancesKit, widget
from .test_entities import state

# The even share of a day never makes an update wait longer than this.
_LONGEST = 40 * MINUTE
# A timer asks again after this long, whatever it waits for.
_TIMER = 5 * MINUTE
_JUMPS = [timedelta(days=-365), timedelta(days=-1), timedelta(hours=-1), timedelta(minutes=-1)]

every_jump = pytest.mark.parametrize("jump", [*_JUMPS, *(-jump for jump in _JUMPS)], ids=str)


async def arrivals(kit: GlancesKit, seconds: int) -> list[tuple[int, dict[str, str]]]:
    """Return what arrives from now on, and after how many seconds."""
    found = []
    for second in range(0, seconds, MINUTE):
        found += [(second, glance) for glance in kit.pushed()]
        await kit.tick(MINUTE)
    return found


def set_clock(monkeypatch: pytest.MonkeyPatch, jump: timedelta) -> None:
    """Set the clock of the wall; the loop's own, which timers go by, goes on as it does in every system."""
    monkeypatch.setattr(dt_util, "utcnow", lambda: datetime.now(UTC) + jump)
    monkeypatch.setattr(dt_util, "now", lambda zone=None: datetime.now(zone or UTC) + jump)


@every_jump
async def test_clock_that_is_set_while_an_update_is_spaced(
    kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    """However it is set, two updates are as far apart as they would be otherwise, because time itself goes on."""
    await kit.load(widget())
    assert (await kit.update(text="1"))["status"] == "sent"
    await kit.tick(MINUTE)
    assert (await kit.update(text="2"))["status"] == "queued"
    kit.pushed()
    set_clock(monkeypatch, jump)
    found = await arrivals(kit, 3 * _LONGEST)
    assert [glance for _, glance in found] == [{"text": "2"}]
    assert SPACING - 2 * MINUTE <= found[0][0] <= _LONGEST
    assert state(kit, "sensor.iphone_glance_status") == "up_to_date"


@every_jump
@pytest.mark.parametrize("reset", [None, "soon"])
async def test_clock_that_is_set_while_pushover_is_away(
    kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, jump: timedelta, reset: str | None
) -> None:
    """A pause after a failure or without a known end becomes no longer than it was."""
    await kit.load(widget())
    status, headers = (503, {}) if reset is None else (429, {"X-Limit-App-Reset": reset})
    kit.emulator.faults.append(Fault(Kind.STATUS, status=status, headers=headers))
    assert (await kit.update(text="x"))["status"] == "queued"
    kit.assert_nothing_pushed()
    set_clock(monkeypatch, jump)
    ((when, glance),) = await arrivals(kit, 2 * 60 * MINUTE)
    assert glance == {"text": "x"}
    assert when <= (5 if reset is None else 60 * MINUTE) + _TIMER + MINUTE
