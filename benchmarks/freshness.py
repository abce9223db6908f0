"""How fresh a watch is kept by this integration, by automations, and by somebody who knows the day in advance.

The policies see what a glance shows and nothing else: neither what comes, nor how much an error weighs.
"""

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
import sys

from .homes import HOMES, Home, build
from .optimum import costs, optimum
from .ours import Ours
from .picture import draw
from .policy import Policy, run
from .report import OURS, PLAIN, REFERENCE, RIVAL, markdown, rewrite, summary
from .rivals import Clockwork, SingleAutomation, Throttle
from .staleness import Score, Update, score

_ROOT = Path(__file__).resolve().parent.parent
_RESULTS = Path(__file__).resolve().parent / "results"
# What is reported was not looked at while the policy was developed, on seeds 0 to 11.
_FIRST_SEED = 100
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


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.freshness", description=__doc__)
    parser.add_argument("--seeds", type=int, default=12, help="how many of each home (default: 12)")
    parser.add_argument("--first-seed", type=int, default=_FIRST_SEED, help=f"the first seed (default: {_FIRST_SEED})")
    parser.add_argument("--days", type=int, default=4, help="length of the traces; the last day is judged (default: 4)")
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    return parser.parse_args()


def main() -> int:
    """Run everything, print the table, and write the results."""
    arguments = _arguments()
    runs: list[Run] = []
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
        shown: dict[str, list[Update]] = {}
        for name in HOMES:
            for result, home, updates in _runs(name, seed, arguments.days):
                runs.append(result)
                if name == "family" and seed == arguments.first_seed:
                    shown[result.policy] = updates
                    last_home = home
        if shown:
            _RESULTS.mkdir(exist_ok=True)
            draw(last_home, shown, _RESULTS / "freshness.png")
        sys.stderr.write(f"seed {seed} done\n")
    rows = [(item.policy, item.home, item.score, item.late) for item in runs]
    tables = markdown(rows)
    sys.stdout.write(f"{tables}\n")
    (_RESULTS / "freshness.md").write_text(f"# Freshness\n\n{tables}\n", encoding="utf-8")
    if arguments.readme:
        rewrite(_ROOT / "README.md", "freshness", summary(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
