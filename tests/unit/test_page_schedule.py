"""When a page applies by its times and its days."""

from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.pushover_glances.content.page_schedule import Schedule
from custom_components.pushover_glances.planner import instant

BERLIN = ZoneInfo("Europe/Berlin")
WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]


def changes(data: dict[str, Any], day: date, days: int) -> list[str]:
    """Return when the schedule begins and ends from the begin of a day on, for so many days, as local times."""
    schedule, now, found = Schedule.from_data(data), instant(BERLIN, day, time.min), list[str]()
    applies, end = schedule.covers(now, BERLIN), now + timedelta(days=days)
    while (after := schedule.next_change(now, BERLIN)) is not None and after < end:
        assert after > now
        now = after
        if schedule.covers(now, BERLIN) is not applies:
            applies = not applies
            found.append(f"{now.astimezone(BERLIN):%a %H:%M}{'' if applies else ' end'}")
    return found


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            {"from": "06:00:00", "until": "09:00:00"}, ["Fri 06:00", "Fri 09:00 end", "Sat 06:00", "Sat 09:00 end"],
            id="every-day",
        ),
        pytest.param(
            {"from": "22:00:00", "until": "06:00:00", "weekday": ["fri"]}, ["Fri 22:00", "Sat 06:00 end"],
            id="over-midnight-it-belongs-to-the-day-on-which-it-begins",
        ),
        pytest.param({"weekday": ["sat"]}, ["Sat 00:00"], id="whole-days"),
        pytest.param({"weekday": WORKDAYS}, ["Sat 00:00 end"], id="days-that-follow-each-other"),
        pytest.param({}, [], id="always"),
    ],
)  # fmt: skip
def test_times(data: dict[str, Any], expected: list[str]) -> None:
    """From the midnight of a Friday on, for two days."""
    assert changes(data, date(2026, 11, 27), 2) == expected


@pytest.mark.parametrize(
    ("day", "data", "expected"),
    [
        pytest.param(
            date(2026, 3, 29), {"from": "02:30:00", "until": "08:00:00"}, ["Sun 03:30", "Sun 08:00 end"],
            id="a-time-that-is-skipped-comes-an-hour-later",
        ),
        pytest.param(
            date(2026, 3, 29), {"from": "02:15:00", "until": "02:45:00"}, ["Sun 03:15", "Sun 03:45 end"],
            id="all-of-it-is-skipped",
        ),
        pytest.param(
            date(2026, 10, 25), {"from": "01:00:00", "until": "08:00:00"}, ["Sun 01:00", "Sun 08:00 end"],
            id="an-hour-comes-twice",
        ),
        pytest.param(
            date(2026, 10, 25), {"from": "02:30:00", "until": "02:45:00"}, ["Sun 02:30", "Sun 02:45 end"],
            id="once-in-the-hour-that-comes-twice",
        ),
    ],
)  # fmt: skip
def test_when_the_clocks_change(day: date, data: dict[str, Any], expected: list[str]) -> None:
    """The clock on the wall counts, and each day has its times once."""
    assert changes(data, day, 1) == expected


@given(
    day=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    now=st.times(),
    times=st.tuples(st.times(), st.times()),
    weekdays=st.lists(st.sampled_from([*WORKDAYS, "sat", "sun"]), unique=True),
)
def test_nothing_changes_before_the_next_change(
    day: date, now: time, times: tuple[time, time], weekdays: list[str]
) -> None:
    """Whatever the times are, what applies is the same until then."""
    moment = instant(BERLIN, day, now)
    begin, end = (item.replace(microsecond=0) for item in times)
    schedule = Schedule.from_data({"from": begin.isoformat(), "until": end.isoformat(), "weekday": weekdays})
    after = schedule.next_change(moment, BERLIN)
    steps = [moment + timedelta(minutes=7) * number for number in range(9 * 24 * 60 // 7)]
    looks = [look for look in steps if after is None or look < after]
    assert all(schedule.covers(one, BERLIN) == schedule.covers(other, BERLIN) for one, other in pairwise(looks))
