"""What is written for an alert that begins and ends all the time, and in a home where nothing happens."""

from random import Random

from ..findings import Findings, Goal, Table
from .home import SLOT, Home, home
from .load_busy import live
from .measure import Effort
from .written import Written, written

_LEVEL, _OUTSIDE = "sensor.level", "sensor.outside"
_PER_MINUTE = 24


async def _swing(lasts: int, minutes: int) -> tuple[Written, int]:
    """Let a number cross the limit of an alert 24 times a minute; return what was written, and the number of updates."""
    async with home() as running:
        await _begin(running, lasts)
        random = Random(7)
        with written(running) as found:
            for number in range(minutes * _PER_MINUTE):
                running.state(_LEVEL, 19.0 if number % 2 else 21.0)
                # On average 2.5 s: always the same time would meet the same state each time that the widget is looked at.
                await live(running, random.uniform(2, 3))
            return found, running.pushover.number()


async def _rest(minutes: int) -> Written:
    async with home() as running:
        await _begin(running, 0)
        with written(running) as found:
            for _ in range(minutes):
                await live(running, 60)
            return found


async def _begin(running: Home, lasts: int) -> None:
    running.state(_LEVEL, 19.0)
    running.state(_OUTSIDE, 5.0)
    alert = {"entities": [_LEVEL], "above": 20, "urgent": True, "for": lasts, "title": "Warm"}
    await running.account(0, [{"text": f"{{{{ states('{_OUTSIDE}') }}}}"}], [alert])
    await running.rest(SLOT)
    running.pushover.arrivals()


async def measure(effort: Effort) -> Findings:
    """Measure an alert that begins at once, one that must last, and none."""
    goals, rows = [], {}
    for lasts, name in ((0, "at once"), (300, "for 5 minutes")):
        found, sent = await _swing(lasts, effort.minutes)
        files, lines = len(found.files), found.rows.total()
        crossed = f"a number crosses the limit of an alert ({name}) every 2.5 s, {effort.minutes} minutes"
        goals += [
            Goal(
                f"{crossed}: files",
                "1 a minute, and 2 an update",
                f"{files} ({sum(found.files) / 1000:.0f} kB), {sent} updates",
                files <= effort.minutes + 2 * sent + 1,
            ),
            Goal(
                f"{crossed}: rows",
                "1 a minute, and 8 an update",
                f"{lines}, {sent} updates",
                lines <= effort.minutes + 8 * sent + 1,
            ),
        ]
    quiet = await _rest(effort.minutes)
    goals.append(
        Goal(
            f"a quiet home, {effort.minutes} minutes: files / rows",
            "none / none",
            f"{len(quiet.files)} / {quiet.rows.total()}",
            not quiet.files and not quiet.rows,
        )
    )
    rows["rows of a new access token, a day, each image"] = [f"{quiet.tokens * 1440 / effort.minutes:.0f}"]
    return Findings([Table("writes", "", ("", ""), rows)], goals)
