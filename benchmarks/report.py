"""The results as Markdown tables, and their place in a document."""

from collections.abc import Callable, Collection, Iterable, Sequence

from .findings import Findings, Goal, Table, markdown_table
from .homes import HOMES, OTHERS
from .staleness import Score

type Row = tuple[str, str, Score, float]

REFERENCE = "clairvoyant, 20 min apart"
_TIMES = "\N{MULTIPLICATION SIGN}"
RIVAL = "automation every 28.8 min"
PLAIN = "ours without urgent"
OURS = "ours"
BEFORE = "ours with fixed thresholds"
EACH = "ours with each difference"
_SINGLE = "automation, 20 min delay"
_CALM = ("quiet", "family")
# What people who read no benchmarks call them.
_PLAINLY = {
    _SINGLE: "An automation that sends a change and then waits 20 minutes",
    RIVAL: "An automation that sends every 28.8 minutes, so that 50 last the day",
    PLAIN: "This integration, nothing marked as urgent",
    OURS: "This integration, doors marked as urgent",
    REFERENCE: "Nobody: a plan that knows the whole day in advance",
}


def _total(rows: Iterable[Row], policy: str, of: Callable[[Row], float], home: str | None = None) -> float:
    return sum(of(row) for row in rows if row[0] == policy and home in {None, row[1]})


def _staleness(row: Row) -> float:
    return row[2].staleness


def _equal(row: Row) -> float:
    return row[2].equal


def _late(row: Row) -> float:
    return row[3]


def _minutes(kind: str) -> Callable[[Row], float]:
    return lambda row: row[2].wrong_minutes.get(kind, 0.0)


def _ratios(rows: Sequence[Row], policies: Sequence[str]) -> Iterable[list[str]]:
    for policy in policies:
        words = max(row[2].longest_word for row in rows if row[0] == policy)
        numbers = max(row[2].longest_number for row in rows if row[0] == policy)
        yield [
            policy,
            *(f"{_total(rows, policy, of) / _total(rows, REFERENCE, of):.2f} {_TIMES}" for of in (_staleness, _equal)),
            f"{_total(rows, policy, _late) / _total(rows, RIVAL, _late):.2f} {_TIMES}",
            f"{words:.0f} / {numbers:.0f} min",
        ]


def _by_home(rows: Sequence[Row], policies: Sequence[str]) -> Iterable[list[str]]:
    for policy in policies:
        yield [
            policy,
            *(
                f"{_total(rows, policy, _staleness, home) / _total(rows, RIVAL, _staleness, home):.2f} {_TIMES}"
                for home in HOMES
            ),
        ]


def _by_kind(rows: Sequence[Row], policies: Sequence[str], kinds: Sequence[str]) -> Iterable[list[str]]:
    for policy in policies:
        line = [policy]
        for kind in kinds:
            days = sum(kind in row[2].wrong_minutes for row in rows if row[0] == policy)
            line.append(f"{_total(rows, policy, _minutes(kind)) / days:.0f}")
        yield line


def findings(rows: Sequence[Row]) -> Findings:
    """Return the goals, and the tables: pooled, by home, and by kind of value."""
    policies = list(dict.fromkeys(row[0] for row in rows))
    kinds = list(dict.fromkeys(kind for row in rows for kind in row[2].wrong_minutes))
    days = len(rows) // len(policies)
    pooled = (
        f"{days} days in {len(HOMES)} homes. Staleness against {REFERENCE}; five minutes late, against {RIVAL}:",
        ("", "staleness", "equal weights", "5 min late", "longest wrong: words / numbers"),
        _ratios(rows, policies),
    )
    by_home = (f"Staleness against {RIVAL}, home by home:", ("", *HOMES), _by_home(rows, policies))
    by_kind = (
        "Minutes a day that a value was wrong, where a glance has one of its kind:",
        ("", *kinds),
        _by_kind(rows, policies, kinds),
    )
    tables = {"pooled": pooled, "homes": by_home, "kinds": by_kind}
    return Findings(
        [
            Table(name, about, head, {line[0]: line[1:] for line in body})
            for name, (about, head, body) in tables.items()
        ],
        _goals(rows),
    )


def findings_of_others(rows: Sequence[Row]) -> Findings:
    """Return the same of the homes with other values, beside the rule of before."""
    policies = list(dict.fromkeys(row[0] for row in rows))
    kinds = list(dict.fromkeys(kind for row in rows for kind in row[2].wrong_minutes))
    days = len(rows) // len(policies)

    def ratio(policy: str, home: str | None = None) -> str:
        stale = _total(rows, policy, _staleness, home) / _total(rows, REFERENCE, _staleness, home)
        return f"{stale:.2f} {_TIMES}"

    pooled = Table(
        "others",
        f"{days} days in {len(OTHERS)} homes with other values, nothing urgent. Staleness against {REFERENCE}:",
        ("", "all", *OTHERS),
        {policy: [ratio(policy), *[ratio(policy, home) for home in OTHERS]] for policy in policies},
    )
    by_kind = Table(
        "other kinds",
        "Minutes a day that one of these values was wrong, a code or a text by any difference, a number by its size:",
        ("", *kinds),
        {line[0]: line[1:] for line in _by_kind(rows, policies, kinds)},
    )
    better = _total(rows, OURS, _staleness) / _total(rows, BEFORE, _staleness)
    goal = Goal("other values, nothing urgent", f"less than {BEFORE}", f"{better:.2f} {_TIMES}", better < 1)
    return Findings([pooled, by_kind], [goal])


def _goals(rows: Sequence[Row]) -> list[Goal]:
    def ratio(policy: str, to: str, homes: Collection[str] = HOMES) -> float:
        there = [row for row in rows if row[1] in homes]
        return _total(there, policy, _staleness) / _total(there, to, _staleness)

    plain, ours, calm = ratio(PLAIN, REFERENCE), ratio(OURS, REFERENCE), ratio(RIVAL, OURS, _CALM)
    worst = max(ratio(policy, RIVAL, (home,)) for policy in (PLAIN, OURS) for home in HOMES)
    return [
        Goal("staleness, nothing urgent", "at most 2.0 × the clairvoyant's", f"{plain:.2f} {_TIMES}", plain <= 2),
        Goal("staleness, doors urgent", "at most 1.8 × the clairvoyant's", f"{ours:.2f} {_TIMES}", ours <= 1.8),
        Goal("the worst home", f"at most 1.1 × the {RIVAL}", f"{worst:.2f} {_TIMES}", worst <= 1.1),
        Goal("calm homes, doors urgent", f"2 × fresher than the {RIVAL}", f"{calm:.1f} {_TIMES}", calm >= 2),
    ]


def summary(rows: Sequence[Row]) -> str:
    """Return one table for people who want to know what they get."""
    of_families = [row for row in rows if row[1] == "family"]
    days = len(of_families) // len({row[0] for row in rows})
    body = (
        (
            label,
            f"{_total(rows, policy, _staleness) / _total(rows, REFERENCE, _staleness):.1f} {_TIMES}",
            f"{_total(of_families, policy, _minutes('door')) / days:.0f} min",
            f"{max(row[2].longest_word for row in rows if row[0] == policy):.0f} min",
        )
        for policy, label in _PLAINLY.items()
    )
    head = (
        "Who sends the updates",
        "How stale the watch is",
        "Garage door wrong, a day",
        "Longest that a word was wrong",
    )
    return markdown_table(head, body)
