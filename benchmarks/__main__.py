"""Runs the benchmarks: what the integration costs, and how fresh it keeps a watch."""

import argparse
from pathlib import Path
import sys

from .findings import Findings, rewrite
from .freshness import FIRST_SEED, RESULTS, doors, keep, measure as measure_freshness, picture
from .outcome import POOLS
from .report import findings, summary
from .speed.measure import TINY, Effort
from .speed.path import findings as path_findings
from .speed.run import measure as measure_speed, measure_load, trace

_ROOT = Path(__file__).resolve().parent.parent
_README = _ROOT / "benchmarks" / "README.md"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    choices = ("speed", "path", "load", "freshness", "all")
    parser.add_argument(
        "what", nargs="?", choices=choices, default="all", help="(default: all); path is a part of speed"
    )
    parser.add_argument("--verbose", action="store_true", help="path: list the functions, file by file")
    parser.add_argument(
        "--readme",
        action="store_true",
        help="put the tables into benchmarks/README.md and docs/how-it-decides.md",
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the JSON goes (default: %(default)s)")
    parser.add_argument(
        "--tiny", action="store_true", help="speed, load: see whether it runs at all; the figures are worth nothing"
    )
    parser.add_argument("--seeds", type=int, default=12, help="freshness: how many of each home (default: 12)")
    parser.add_argument(
        "--first-seed", type=int, default=FIRST_SEED, help=f"freshness: the first seed (default: {FIRST_SEED})"
    )
    parser.add_argument(
        "--days", type=int, default=4, help="freshness: length of the traces; the last day is judged (default: 4)"
    )
    parser.add_argument(
        "--pool", action="append", choices=POOLS, help="freshness: print these homes alone, and write nothing"
    )
    parser.add_argument(
        "--as-before",
        metavar="COMMIT",
        help="freshness: keep the figures as those of the policy before, of this commit",
    )
    return parser.parse_args()


def main() -> int:
    """Run what is asked for, print the tables, and write the results."""
    arguments = _arguments()
    if arguments.what in ("speed", "all"):
        found = measure_speed(TINY if arguments.tiny else Effort())
        found.write(arguments.results / "speed.json")
        sys.stdout.write(f"{found.as_markdown()}\n")
        if arguments.readme:
            rewrite(_README, "speed", found.as_markdown())
    if arguments.what == "path":
        traced = trace()
        sys.stdout.write(f"{path_findings(traced).as_markdown()}\n")
        if arguments.verbose:
            sys.stdout.write(f"\n{traced.listing()}\n")
    if arguments.what in ("load", "all"):
        found = measure_load(TINY if arguments.tiny else Effort())
        found.write(arguments.results / "load.json")
        sys.stdout.write(f"{found.as_markdown()}\n")
        if arguments.readme:
            rewrite(_README, "load", found.as_markdown())
    if arguments.what in ("freshness", "all"):
        _freshness(arguments)
    return 0


def _freshness(arguments: argparse.Namespace) -> None:
    seeds = arguments.first_seed, arguments.seeds, arguments.days
    pools = measure_freshness(arguments.pool or POOLS, *seeds)
    found = findings(pools)
    if not arguments.pool:
        found = Findings.joined([found, doors(arguments.first_seed, arguments.seeds)])
    sys.stdout.write(f"{found.as_markdown()}\n")
    if arguments.pool:
        return
    found.write(arguments.results / "freshness.json")
    picture(arguments.first_seed, arguments.days, arguments.results / "freshness.png")
    if arguments.as_before:
        keep(pools, arguments.as_before)
    if arguments.readme:
        rewrite(_README, "freshness", found.as_markdown())
        rewrite(_ROOT / "docs" / "how-it-decides.md", "freshness", summary(pools))


if __name__ == "__main__":
    sys.exit(main())
