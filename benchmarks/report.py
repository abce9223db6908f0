"""The results as Markdown tables, and the one of the front page."""

from collections.abc import Iterator, Sequence

from .findings import Findings, Goal, Table, markdown_table
from .outcome import Outcome, Pool
from .rivals import CLOCK, RIVALS, SINGLE
from .staleness import DAILY_LIMIT

SPACINGS = (20, 15, 10)
OURS = {20: "ours", 15: "ours, 15 min apart", 10: "ours, 10 min apart"}
PLAIN = {minutes: f"{name}, nothing urgent" for minutes, name in OURS.items()}
REFERENCE = "clairvoyant, 20 min apart"

_TIMES = "\N{MULTIPLICATION SIGN}"
_NONE = "–"
_CALM = ("quiet", "family")
_WORSE, _FAR_WORSE = 1.02, 1.3
_TITLES = {
    "recorded": "**Recorded homes**, from what a household and an office measured",
    "simulated": "**Simulated homes**",
    "other": "**Other simulated homes**, with values that those lack, and with states of seconds and minutes",
}
# What people who read no benchmarks call them.
_PLAIN_TITLES = {
    "recorded": "A real household and office",
    "simulated": "Simulated homes",
    "other": "Others, with states of seconds and minutes",
}
_PLAINLY = {
    SINGLE: "An automation that sends a change and then waits 20 minutes",
    CLOCK: "An automation that sends every 28.8 minutes, so that 50 last the day",
    PLAIN[20]: "This integration, nothing marked as urgent",
    OURS[20]: "This integration, with urgent entities",
    REFERENCE: "For comparison: a plan that knows the whole day in advance",
}


def _ratio(one: float, other: float | None) -> str:
    return f"{one / other:.2f} {_TIMES}" if other else _NONE


def _both(plain: str, urgent: str) -> str:
    return plain if plain == urgent else f"{plain} / {urgent}"


def _late(pool: Pool, policy: str) -> float:
    return sum(it.late for it in pool.of(policy))


def findings(pools: Sequence[Pool]) -> Findings:
    """Return the goals, and two tables of each pool: by policy, and by home."""
    return Findings(
        [table for pool in pools for table in (_by_policy(pool), _by_home(pool))],
        [goal for pool in pools for goal in _goals(pool)],
    )


def _by_policy(pool: Pool) -> Table:
    days = len(pool.of(REFERENCE))
    return Table(
        pool.name,
        f"{_TITLES[pool.name]}: {days} days of {len(pool.homes)} homes. Staleness against {REFERENCE}, with nothing marked as"
        f" urgent and with what may be. Of the latter: the same with updates five minutes late, the updates a day, the days"
        f" of more than {DAILY_LIMIT}, the most in any 24 hours, and how long something was wrong at most:",
        (
            "",
            "nothing urgent",
            "urgent",
            "5 min late",
            "a day",
            f"over {DAILY_LIMIT} from 00:00 / 05:00",
            "in 24 h",
            "wrong: words / numbers",
        ),
        dict(_policy_rows(pool)),
    )


def _policy_rows(pool: Pool) -> Iterator[tuple[str, list[str]]]:
    best = pool.stale(REFERENCE)
    for name in RIVALS:
        yield name, [_ratio(pool.stale(name), best), "", *_sent(pool, name)]
    before = [pool.stale_before(policy) for policy in (PLAIN[20], OURS[20])]
    if all(before):
        yield "ours before", [*(_ratio(stale or 0, best) for stale in before), *[""] * 5]
    for minutes, name in OURS.items():
        yield name, [*(_ratio(pool.stale(policy), best) for policy in (PLAIN[minutes], name)), *_sent(pool, name)]
    yield REFERENCE, [_ratio(best, best), "", *_sent(pool, REFERENCE)]


def _sent(pool: Pool, policy: str) -> list[str]:
    outcomes = pool.of(policy)
    counts = [it.counts for it in outcomes]
    over = [
        sum(sent > DAILY_LIMIT for sent in of) for of in ([it.day for it in counts], [it.until_reset for it in counts])
    ]
    longest = [
        max(of) for of in zip(*((it.score.longest_word, it.score.longest_number) for it in outcomes), strict=True)
    ]
    return [
        _ratio(_late(pool, policy), _late(pool, REFERENCE)),
        f"{sum(it.day for it in counts) / len(counts):.0f}",
        f"{over[0]} / {over[1]}",
        f"{max(it.most for it in counts)}",
        f"{longest[0]:.0f} / {longest[1]:.0f} min",
    ]


def _by_home(pool: Pool) -> Table:
    return Table(
        f"{pool.name}, by home",
        f"{_worst(pool)}\n\nStaleness of ours, home by home, nothing urgent / urgent:",
        ("against", *RIVALS, "the best of these", "ours before", "the clairvoyant"),
        {home: _home_row(pool, home) for home in pool.homes},
    )


def _home_row(pool: Pool, home: str) -> list[str]:
    rivals = [pool.stale(name, home) for name in RIVALS]
    policies = (PLAIN[20], OURS[20])

    def against(others: Sequence[float | None]) -> str:
        plain, urgent = (_ratio(pool.stale(policy, home), it) for policy, it in zip(policies, others, strict=True))
        return _both(plain, urgent)

    return [
        *(against([stale, stale]) for stale in (*rivals, min(rivals))),
        against([pool.stale_before(policy, home) for policy in policies]),
        against([pool.stale(REFERENCE, home)] * 2),
    ]


def _worst(pool: Pool) -> str:
    """Return on how many days a simple automation was fresher, the worst day, and the worst hour."""
    return "\n".join(
        f"- **{name.capitalize()}**: {_worse_days(pool, name)} {_worst_day(pool, name)} {_worst_hour(pool, name)}"
        for name in (PLAIN[20], OURS[20])
    )


def _worse_days(pool: Pool, policy: str) -> str:
    ours, clock = pool.days(policy), pool.days(CLOCK)
    worse, far = (sum(stale > least * clock[day] for day, stale in ours.items()) for least in (_WORSE, _FAR_WORSE))
    return f"staler by over 2 % than the {CLOCK} on {worse} of {len(ours)} days, by over 30 % on {far}."


def _worst_day(pool: Pool, policy: str) -> str:
    ours, clock, best = pool.days(policy), pool.days(CLOCK), pool.days(REFERENCE)
    day = max(ours, key=lambda day: ours[day] - best[day])
    return f"Worst day: {day}, {_ratio(ours[day], clock[day])} the {CLOCK}, {_ratio(ours[day], best[day])} the clairvoyant."


def _worst_hour(pool: Pool, policy: str) -> str:
    worst = max(pool.of(policy), key=lambda it: it.hour.staleness)
    time = "{:02}:{:02}".format(*divmod(worst.hour.begin, 60))
    return f"Worst hour: {worst.home} {worst.day} from {time}; {'; '.join(worst.hour.wrong)}."


def _goals(pool: Pool) -> Iterator[Goal]:
    if pool.name == "recorded":
        yield _worst_home(pool, tuple(RIVALS), 1.0, "fresher than each automation")
        return
    if pool.name == "simulated":
        for policy, most in ((PLAIN[20], 2.0), (OURS[20], 1.8)):
            times = pool.stale(policy) / pool.stale(REFERENCE)
            yield _goal(pool, policy, f"at most {most} × the clairvoyant's", times, holds=times <= most)
        calm = pool.stale(CLOCK, *_CALM) / pool.stale(OURS[20], *_CALM)
        yield _goal(pool, "calm homes", f"2 × fresher than the {CLOCK}", calm, holds=calm >= 2)
    yield _worst_home(pool, (CLOCK,), 1.1, f"at most 1.1 × the {CLOCK}")


def _goal(pool: Pool, what: str, promised: str, times: float, *, holds: bool) -> Goal:
    return Goal(f"{pool.name} homes: {what}", promised, f"{times:.2f} {_TIMES}", holds)


def _worst_home(pool: Pool, rivals: tuple[str, ...], most: float, promised: str) -> Goal:
    times = max(
        pool.stale(policy, home) / pool.stale(rival, home)
        for policy in (PLAIN[20], OURS[20])
        for rival in rivals
        for home in pool.homes
    )
    return _goal(pool, "the worst", promised, times, holds=times < most)


def summary(pools: Sequence[Pool]) -> str:
    """Return one table for people who want to know what they get."""
    garage = next(pool for pool in pools if "family" in pool.homes)
    head = ("How stale the watch is", *(_PLAIN_TITLES[pool.name] for pool in pools), "Garage door wrong, a day")
    return markdown_table(
        head,
        (
            (
                label,
                *(f"{pool.stale(policy) / pool.stale(REFERENCE):.1f} {_TIMES}" for pool in pools),
                f"{_minutes(garage.of(policy, 'family'), 'door'):.0f} min",
            )
            for policy, label in _PLAINLY.items()
        ),
    )


def _minutes(outcomes: Sequence[Outcome], kind: str) -> float:
    return sum(it.score.wrong_minutes[kind] for it in outcomes) / len(outcomes)
