"""All parts of the benchmark of speed, in an event loop whose clock can be moved on."""

import asyncio
import sys

from ..findings import Findings
from . import actions, alerts, changes, footprint, growth, load, path
from .clock import Loop
from .measure import Effort, Part

# A part sets up a Home Assistant of its own (`home.home`) and returns tables and goals.
PARTS: dict[str, Part] = {
    "path": path.measure,
    "changes": changes.measure,
    "actions": actions.measure,
    "alerts": alerts.measure,
    "growth": growth.measure,
    "footprint": footprint.measure,
}


def measure(effort: Effort) -> Findings:
    """Measure everything."""
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(_measure(effort))


def measure_load(effort: Effort) -> Findings:
    """Measure what much at once costs."""
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(load.measure(effort))


def trace() -> path.Trace:
    """Trace one change to its request."""
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(path.trace())


async def _measure(effort: Effort) -> Findings:
    found = []
    for name, part in PARTS.items():
        found.append(await part(effort))
        sys.stderr.write(f"{name} done\n")
    return Findings.joined(found)
