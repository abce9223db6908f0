"""The benchmark of freshness: what it rests on, and what it promises."""

import itertools
from pathlib import Path

import pytest

from benchmarks.findings import rewrite
from benchmarks.freshness import OTHER_POLICIES, POLICIES
from benchmarks.homes import DAY, HOMES, OTHERS, STEP, build
from benchmarks.optimum import costs, optimum
from benchmarks.policy import run
from benchmarks.recorded import RECORDED, recorded
from benchmarks.report import BEFORE, EACH, OURS, PLAIN, RIVAL
from benchmarks.rivals import Clockwork
from benchmarks.staleness import DAILY_LIMIT, Update, score

# Seeds that neither the policy was developed on nor the README's table was computed with.
_UNSEEN = range(300, 303)
_DAYS = 4


def test_watch_ignores_the_51st_update() -> None:
    """It shows what it showed before, until the next day."""
    home = build("quiet", 0, 1)
    early = [Update(step * STEP, step) for step in range(DAILY_LIMIT)]
    assert score(home, early) == score(home, [*early, Update(DAY / 2 * STEP, DAY // 2)])
    assert score(home, early[1:]) != score(home, [*early[1:], Update(DAY / 2 * STEP, DAY // 2)])


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
    for name in (RIVAL, PLAIN):
        assert score(home, run(POLICIES[name](), home)).staleness >= staleness
    assert optimum(home, costs(home), 2)[0] <= staleness


def test_clockwork_lasts_the_day() -> None:
    """Every 28.8 minutes makes fifty a day."""
    home = build("noisy", 0, 2)
    assert sum(update.at >= DAY * STEP for update in run(Clockwork(), home)) == DAILY_LIMIT


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("policy", [PLAIN, OURS])
def test_budget_is_never_exceeded(home: str, policy: str) -> None:
    """In no home, on no day."""
    sent = run(POLICIES[policy](), build(home, 7, 2))
    for day in range(2):
        assert sum(day * DAY * STEP <= update.at < (day + 1) * DAY * STEP for update in sent) <= DAILY_LIMIT


def test_recorded_days() -> None:
    """Each home has its whole days, three of the household and eleven of the office, and days before to learn from."""
    days = list(recorded())
    assert {name: sum(home.name == name for _, home in days) for name in RECORDED} == {
        "power": 3,
        "appliances": 3,
        "air": 11,
        "office": 11,
        "room": 11,
    }
    assert all(2 * DAY <= home.steps <= 4 * DAY and home.steps % DAY == 0 for _, home in days)
    day, home = days[0]
    assert day.isoformat() == "2006-12-17"
    # The first value stands until the recording begins.
    assert (
        home.glance(0)
        == home.glance(2 * (17 * 60 + 24))
        == {
            "title": "House 4216 W",
            "text": "Heating 1020 W",
            "subtext": "Laundry 60 W",
        }
    )
    assert home.glance(2 * (17 * 60 + 25)) != home.glance(0)


def test_block_of_a_document(tmp_path: Path) -> None:
    """Only what stands between the marks is replaced, and a document without them is left alone."""
    path = tmp_path / "a.md"
    path.write_text("a\n<!-- m -->\nold\n<!-- /m -->\nb\n", encoding="utf-8")
    rewrite(path, "m", "new")
    assert path.read_text(encoding="utf-8") == "a\n<!-- m -->\nnew\n<!-- /m -->\nb\n"
    with pytest.raises(SystemExit):
        rewrite(path, "other", "new")


@pytest.mark.slow
def test_other_values() -> None:
    """Prices, pressures, air, rain and codes are fresher than with fixed thresholds, and with each difference sent."""
    stale = dict.fromkeys(OTHER_POLICIES, 0.0)
    for seed in _UNSEEN:
        for name in OTHERS:
            home = build(name, seed, _DAYS)
            for policy, make in OTHER_POLICIES.items():
                stale[policy] += score(home, run(make(), home)).staleness
    assert stale[OURS] < 0.7 * stale[BEFORE]
    assert stale[OURS] < 0.8 * stale[EACH]


@pytest.mark.slow
def test_goals() -> None:
    """Within twice the clairvoyant's staleness, 1.8 times with urgent, and in no home much worse than the clockwork."""
    stale: dict[tuple[str, str], float] = {}
    best = 0.0
    for seed in _UNSEEN:
        for name in HOMES:
            home = build(name, seed, _DAYS)
            best += optimum(home, costs(home), 40)[0]
            for policy in (RIVAL, PLAIN, OURS):
                before = stale.get((policy, name), 0.0)
                stale[policy, name] = before + score(home, run(POLICIES[policy](), home)).staleness
    pooled = {policy: sum(stale[policy, name] for name in HOMES) / best for policy in (RIVAL, PLAIN, OURS)}
    assert pooled[PLAIN] <= 2.0
    assert pooled[OURS] <= 1.8
    assert pooled[RIVAL] > pooled[PLAIN] > pooled[OURS]
    for policy in (PLAIN, OURS):
        assert all(stale[policy, name] <= 1.1 * stale[RIVAL, name] for name in HOMES)
    calm = ("quiet", "family")
    assert 2 * sum(stale[OURS, name] for name in calm) <= sum(stale[RIVAL, name] for name in calm)
