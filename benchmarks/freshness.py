"""How fresh a watch is kept by this integration, by automations, and by a plan that knows the day in advance.

The policies see what a glance shows and nothing else: neither what comes, nor how much an error weighs.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
import json
import os
from pathlib import Path
import sys

from .counts import count
from .homes import Home
from .hours import worst_hour
from .optimum import costs, optimum
from .ours import Ours
from .outcome import Outcome, Pool
from .picture import draw
from .policy import run
from .recorded import build as build_recorded, recorded
from .report import OURS, PLAIN, REFERENCE, SPACINGS
from .rivals import CLOCK, RIVALS, SINGLE
from .simulated import HOMES, OTHERS, build
from .staleness import Update, score

RESULTS = Path(__file__).resolve().parent / "results"
# How stale the policy of an earlier commit was: by pool, policy and day.
BEFORE = RESULTS / "freshness-before.json"
# What is reported was not looked at while the policy was developed, on seeds 0 to 11.
FIRST_SEED = 100
_LATENCY = 300.0
_SPACING_STEPS = 40


@dataclass(frozen=True, slots=True)
class _Case:
    """A day of a home."""

    pool: str
    day: str
    build: Callable[[], Home]


def _cases(pool: str, first_seed: int, seeds: int, days: int) -> Iterator[_Case]:
    if pool == "recorded":
        for name, day in recorded():
            yield _Case(pool, day.isoformat(), partial(build_recorded, name, day))
        return
    for name in OTHERS if pool == "other" else HOMES:
        for seed in range(first_seed, first_seed + seeds):
            yield _Case(pool, str(seed), partial(build, name, seed, days))


def _outcomes(case: _Case) -> list[Outcome]:
    home = case.build()
    return [_judge(name, case.day, home, updates) for name, updates in _updates(home).items()]


def _updates(home: Home) -> dict[str, list[Update]]:
    """Return what each policy sends."""
    sent = {name: run(make(), home) for name, make in RIVALS.items()}
    for minutes in SPACINGS:
        plain = run(Ours(minutes, urgent=False), home)
        sent[PLAIN[minutes]] = plain
        sent[OURS[minutes]] = run(Ours(minutes, urgent=True), home) if home.urgent else plain
    return {**sent, REFERENCE: optimum(home, costs(home), _SPACING_STEPS)[1]}


def _judge(name: str, day: str, home: Home, updates: list[Update]) -> Outcome:
    return Outcome(
        name,
        home.name,
        day,
        score(home, updates),
        score(home, updates, _LATENCY).staleness,
        count(home, updates),
        worst_hour(home, updates),
    )


def picture(first_seed: int, days: int, path: Path) -> None:
    """Draw a day of a family."""
    home = build("family", first_seed, days)
    updates = _updates(home)
    draw(home, {name: updates[name] for name in (SINGLE, CLOCK, PLAIN[20], OURS[20], REFERENCE)}, path)


def measure(names: Iterable[str], first_seed: int, seeds: int, days: int) -> list[Pool]:
    """Let all policies run in all homes of some pools."""
    before = json.loads(BEFORE.read_text(encoding="utf-8"))["pools"] if BEFORE.exists() else {}
    pools = []
    with ProcessPoolExecutor(os.process_cpu_count()) as executor:
        for name in names:
            cases = _cases(name, first_seed, seeds, days)
            outcomes = [it for of_day in executor.map(_outcomes, cases) for it in of_day]
            pools.append(Pool(name, outcomes, before.get(name, {})))
            sys.stderr.write(f"{name} homes done\n")
    return pools


def keep(pools: Iterable[Pool], commit: str) -> None:
    """Keep what these pools found as the policy before, which was that of a commit."""
    staleness = {pool.name: {policy: pool.days(policy) for policy in (PLAIN[20], OURS[20])} for pool in pools}
    text = json.dumps({"commit": commit, "pools": staleness}, indent=1)
    BEFORE.write_text(f"{text}\n", encoding="utf-8")
