"""Which examples tests of properties try: the same each time, unless one searches for others."""

import os
from random import Random, SystemRandom

from hypothesis import HealthCheck, settings

# How many times as many examples a search tries, which are others each time.
_TIMES = int(os.environ.get("PUSHOVER_GLANCES_SEARCH", "0"))


def searching(examples: int) -> settings:
    """Return settings for a test whose examples share their fixtures, and are the same each time unless one searches."""
    return settings(
        max_examples=examples * max(_TIMES, 1),
        deadline=None,
        derandomize=not _TIMES,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def seeds(examples: int) -> range:
    """Return the seeds of a test's examples: the same each time unless one searches."""
    if not _TIMES:
        return range(examples)
    # Processes that share the tests need the same seeds.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or SystemRandom().random()
    first = Random(run).randrange(10**9)  # noqa: S311  # no secret
    return range(first, first + examples * _TIMES)
