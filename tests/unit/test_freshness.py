"""The benchmark of freshness: what it rests on, and what it promises."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
import itertools
from pathlib import Path
import re

import numpy as np
import pytest

from benchmarks import doors, freshness
from benchmarks.counts import Counts, count
from benchmarks.findings import rewrite
from benchmarks.freshness import measure
from benchmarks.homes import BATTERY, TEXT, Home, Value
from benchmarks.hours import Hour, worst_hour
from benchmarks.optimum import costs, optimum
from benchmarks.ours import Ours
from benchmarks.outcome import POOLS, Outcome, Pool
from benchmarks.policy import run
from benchmarks.recorded import RECORDED, build as build_recorded, recorded
from benchmarks.report import OURS, PLAIN, REFERENCE, findings, summary
from benchmarks.rivals import RIVALS, Clockwork
from benchmarks.simulated import HOMES, OTHERS, build
from benchmarks.staleness import DAILY_LIMIT, RESET, Score, Update, score
from benchmarks.traces import DAY, HOUR, STEP

# The first of the seeds that neither the policy was developed on nor the published table was computed with.
_UNSEEN = 300


def test_watch_ignores_the_51st_update() -> None:
    """It shows what it showed before, until its next day begins at 05:00."""
    home = build("quiet", 0, 1)
    begin, noon = int(RESET / STEP), DAY // 2
    early = [Update(step * STEP, step) for step in range(begin, begin + DAILY_LIMIT)]
    later = Update(noon * STEP, noon)
    assert score(home, early) == score(home, [*early, later])
    assert score(home, early[1:]) != score(home, [*early[1:], later])
    at_night = [Update(step * STEP, step) for step in range(DAILY_LIMIT)]
    assert score(home, at_night) != score(home, [*at_night, later])


def test_watch_that_is_always_right() -> None:
    """One that shows the truth at every step has no error, and one with five minutes of latency has."""
    home = build("quiet", 0, 1)
    updates = [Update(step * STEP, step) for step in (0, *home.changes.tolist())][:DAILY_LIMIT]
    end = home.changes[DAILY_LIMIT - 1]
    for value in home.values:
        value.trace[end:] = value.trace[end - 1]
    assert score(home, updates).staleness == 0
    assert score(home, updates, latency=300).staleness > 0


def test_nobody_beats_the_clairvoyant() -> None:
    """With the same spacing and the same limit, no policy is fresher; its score is what it claims."""
    home = build("family", 0, 1)
    staleness, updates = optimum(home, costs(home), 40)
    assert score(home, updates).staleness == pytest.approx(staleness, rel=1e-4)
    assert all(later.at - earlier.at >= 1200 for earlier, later in itertools.pairwise(updates))
    assert len(updates) <= DAILY_LIMIT + 1
    for policy in (Clockwork(), Ours(urgent=False)):
        assert score(home, run(policy, home)).staleness >= staleness
    assert optimum(home, costs(home), 2)[0] <= staleness


def test_clockwork_lasts_the_day() -> None:
    """Every 28.8 minutes makes fifty a day."""
    home = build("noisy", 0, 2)
    assert sum(update.at >= DAY * STEP for update in run(Clockwork(), home)) == DAILY_LIMIT


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("urgent", [False, True])
def test_budget_is_never_exceeded(home: str, *, urgent: bool) -> None:
    """In no home, on no day."""
    sent = run(Ours(urgent=urgent), build(home, 7, 2))
    assert max(Counter((update.at - RESET) // (DAY * STEP) for update in sent).values()) <= DAILY_LIMIT


def test_counts_of_a_day() -> None:
    """The last day, the 24 hours until 05:00 on it, and the busiest 24 hours that end on it."""
    home = build("quiet", 0, 2)
    hours = [0, 4, 6, 20, 23, 28, 29, 30, 43]
    assert count(home, [Update(hour * 3600.0, hour * HOUR) for hour in hours]) == Counts(4, 4, 6)
    assert count(home, []) == Counts(0, 0, 0)


def test_worst_hour_of_a_day() -> None:
    """What weighs most comes first, with what the watch showed and what was true."""
    phone, ben = np.full(DAY, 80.0), np.zeros(DAY)
    phone[10 * HOUR : 11 * HOUR] = 75
    ben[10 * HOUR + 60 :] = 1
    home = Home("one", (Value(BATTERY, "percent", phone), Value(TEXT, "text", ben, ("home", "away"), "Ben")))
    hour = worst_hour(home, [Update(11.25 * 3600, 11 * HOUR + 30)])
    assert hour.begin == 10 * 60 + 15
    assert hour.wrong == (
        "“Ben home” where “Ben away” was true, wrong for 45 minutes",
        "“80” where “75” was true, wrong for 45 minutes",
    )
    assert worst_hour(home, [Update(step * STEP, step) for step in (0, *home.changes.tolist())]).wrong == ()


def test_recorded_days() -> None:
    """Each home has its whole days, three of the household and eleven of the office, and days before to learn from."""
    days = list(recorded())
    counts = {name: sum(home == name for home, _ in days) for name in RECORDED}
    assert counts == {"power": 3, "appliances": 3, "air": 11, "office": 11, "room": 11}
    homes = {(name, day.isoformat()): build_recorded(name, day) for name, day in days}
    assert all(2 * DAY <= home.steps <= 4 * DAY and home.steps % DAY == 0 for home in homes.values())
    home, begin = homes["power", "2006-12-17"], (17 * 60 + 24) * 2
    # The first value stands until the recording begins.
    assert home.glance(0) == home.glance(begin + 1) != home.glance(begin + 2)
    assert home.glance(begin) == {"title": "House 4216 W", "text": "Heating 1020 W", "subtext": "Laundry 60 W"}
    assert homes["power", "2006-12-18"].glance(begin) == home.glance(begin)


@pytest.mark.parametrize("name", OTHERS)
def test_other_homes_are_the_same_each_time(name: str) -> None:
    """A seed makes one home, and another seed another; every one of its values changes."""
    one, two, three = build(name, 1, 3), build(name, 1, 3), build(name, 2, 3)
    for value, same, other in zip(one.values, two.values, three.values, strict=True):
        assert np.array_equal(value.trace, same.trace)
        assert not np.array_equal(value.trace, other.trace)
        assert len(np.unique(value.trace)) > 1


def _figures(cells: list[str]) -> list[list[float]]:
    return [[float(figure) for figure in re.findall(r"[\d.]+", cell)] for cell in cells]


def _pool(name: str, home: str, staleness: dict[str, float], before: dict[str, dict[str, float]]) -> Pool:
    """Return a pool of one day, on which policies were this stale."""
    policies = [*RIVALS, *PLAIN.values(), *OURS.values(), REFERENCE]
    outcomes = [
        Outcome(
            policy,
            home,
            "1",
            Score(staleness.get(policy, 2.0), {"door": 7.0}, 29.0, 31.0),
            3.0,
            Counts(51, 50, 52),
            Hour(0.5, 605, ("“a” where “b” was true",)),
        )
        for policy in policies
    ]
    return Pool(name, outcomes, before)


def test_report() -> None:
    """Each pool has a table of policies and one of homes; what is not known of the policy before is left out."""
    found = findings(
        [
            _pool("recorded", "office", {PLAIN[20]: 1.5, OURS[20]: 1.2, REFERENCE: 1.0}, {}),
            _pool(
                "simulated",
                "family",
                {PLAIN[20]: 1.5, OURS[20]: 0.9, REFERENCE: 1.0},
                {PLAIN[20]: {"family 1": 2.0}, OURS[20]: {"family 1": 0.9}},
            ),
        ]
    )
    tables = {table.name: table for table in found.tables}
    assert list(tables) == ["recorded", "recorded, by home", "simulated", "simulated, by home"]
    for table in tables.values():
        assert all(len(cells) == len(table.head) - 1 for cells in table.rows.values())
    assert _figures(tables["recorded"].rows[OURS[20]]) == [[1.5], [1.2], [1], [51], [1, 0], [52], [29, 31]]
    assert "ours before" not in tables["recorded"].rows
    assert _figures(tables["simulated"].rows["ours before"][:2]) == [[2], [0.9]]
    assert _figures(tables["recorded, by home"].rows["office"][-3:]) == [[0.75, 0.6], [], [1.5, 1.2]]
    assert _figures(tables["simulated, by home"].rows["family"][-2:-1]) == [[0.75, 1]]
    assert "Worst hour: office 1 from 10:05; “a” where “b” was true." in tables["recorded, by home"].about
    holds = {goal.what: goal.holds for goal in found.goals}
    assert holds["recorded homes: the worst"]


def test_doors() -> None:
    """Urgent helps a door that stays open, and not one that is open for seconds."""
    with ThreadPoolExecutor() as executor:
        found = doors.table(executor, _UNSEEN, 2)
    wrong = {name: _figures(cells) for name, cells in found.rows.items()}
    assert wrong["15 minutes"][1][0] < wrong["15 minutes"][0][0] / 2
    assert wrong["20 seconds"][1][0] > wrong["20 seconds"][0][0] / 2


def test_table_of_the_front_page() -> None:
    """The pools side by side, and the door of the family."""
    table = summary([_pool("recorded", "office", {}, {}), _pool("simulated", "family", {PLAIN[20]: 3.0}, {})])
    row = next(line for line in table.splitlines() if "nothing marked as urgent" in line)
    assert _figures(row.split("|")[2:-1]) == [[1], [1.5], [7]]


def test_block_of_a_document(tmp_path: Path) -> None:
    """Only what stands between the marks is replaced, and a document without them is left alone."""
    path = tmp_path / "a.md"
    path.write_text("a\n<!-- m -->\nold\n<!-- /m -->\nb\n", encoding="utf-8")
    rewrite(path, "m", "new")
    assert path.read_text(encoding="utf-8") == "a\n<!-- m -->\nnew\n<!-- /m -->\nb\n"
    with pytest.raises(SystemExit):
        rewrite(path, "other", "new")


@pytest.mark.slow
@pytest.mark.parametrize("pool", POOLS)
def test_goals(pool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All goals hold, in simulated homes on seeds by which no rule was chosen."""
    # Tests may not connect to other processes.
    monkeypatch.setattr(freshness, "_processes", ThreadPoolExecutor)
    goals = findings(measure([pool], _UNSEEN, 3, 4)).goals
    assert goals
    assert [goal for goal in goals if not goal.holds] == []
