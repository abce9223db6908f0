"""How fresh a watch is kept by this integration, by automations, and by a plan that knows the day in advance.

The policies see what a glance shows and nothing else: neither what comes, nor how much an error weighs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
import sys

from .before import Before, EachDifference
from .findings import Findings
from .homes import HOMES, OTHERS, Home, build
from .optimum import costs, optimum
from .ours import Ours
from .picture import draw
from .policy import Policy, run
from .report import BEFORE, EACH, OURS, PLAIN, REFERENCE, RIVAL, findings, findings_of_others, summary
from .rivals import Clockwork, SingleAutomation, Throttle
from .staleness import Score, Update, score

RESULTS = Path(__file__).resolve().parent / "results"
# What is reported was not looked at while the policy was developed, on seeds 0 to 11.
FIRST_SEED = 100
_LATENCY = 300.0
_SPACING_STEPS = 40
_MINUTE_STEPS = 2

POLICIES: dict[str, Callable[[], Policy]] = {
    "automation, 20 min delay": SingleAutomation,
    "throttle, 20 min": Throttle,
    RIVAL: Clockwork,
    PLAIN: lambda: Ours(urgent=False),
    OURS: lambda: Ours(urgent=True),
}
# Where nothing is urgent.
OTHER_POLICIES: dict[str, Callable[[], Policy]] = {
    RIVAL: Clockwork,
    EACH: lambda: EachDifference(urgent=False),
    BEFORE: lambda: Before(urgent=False),
    OURS: lambda: Ours(urgent=False),
}


@dataclass(frozen=True, slots=True)
class Run:
    """What one policy made of one home; `late` is its staleness when updates take five minutes."""

    policy: str
    home: str
    seed: int
    score: Score
    late: float


def _judge(name: str, home: Home, seed: int, updates: list[Update]) -> Run:
    return Run(name, home.name, seed, score(home, updates), score(home, updates, _LATENCY).staleness)


def _runs(name: str, seed: int, days: int) -> Iterable[tuple[Run, Home, list[Update]]]:
    home = build(name, seed, days)
    for policy, make in POLICIES.items():
        updates = run(make(), home)
        yield _judge(policy, home, seed, updates), home, updates
    weighted, equal = costs(home), costs(home, equal=True)
    for label, spacing in ((REFERENCE, _SPACING_STEPS), ("clairvoyant, 1 min apart", _MINUTE_STEPS)):
        updates = optimum(home, weighted, spacing)[1]
        best = _judge(label, home, seed, updates)
        # With equal weights, another schedule is the best.
        best.score.equal = optimum(home, equal, spacing)[0]
        yield best, home, updates


def _runs_of_others(seed: int, days: int) -> Iterable[Run]:
    for name in OTHERS:
        home = build(name, seed, days)
        for policy, make in OTHER_POLICIES.items():
            yield _judge(policy, home, seed, run(make(), home))
        yield _judge(REFERENCE, home, seed, optimum(home, costs(home), _SPACING_STEPS)[1])


def measure(first_seed: int, seeds: int, days: int) -> tuple[Findings, str]:
    """Let all policies run in all homes, draw a day, and return what came of it, and a table for everybody."""
    runs: list[Run] = []
    others: list[Run] = []
    for seed in range(first_seed, first_seed + seeds):
        shown: dict[str, list[Update]] = {}
        for name in HOMES:
            for result, home, updates in _runs(name, seed, days):
                runs.append(result)
                if name == "family" and seed == first_seed:
                    shown[result.policy] = updates
                    last_home = home
        if shown:
            RESULTS.mkdir(exist_ok=True)
            draw(last_home, shown, RESULTS / "freshness.png")
        others += _runs_of_others(seed, days)
        sys.stderr.write(f"seed {seed} done\n")
    rows, other_rows = ([(item.policy, item.home, item.score, item.late) for item in part] for part in (runs, others))
    return Findings.joined([findings(rows), findings_of_others(other_rows)]), summary(rows)
