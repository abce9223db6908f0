"""What much at once costs: many calls of actions, alerts that begin and end all the time, a busy home, and conditions."""

from ..findings import Findings, Table
from .load_busy import measure as measure_busy
from .load_calls import measure as measure_calls
from .load_conditions import measure as measure_conditions
from .load_writes import measure as measure_writes
from .measure import Effort

_ABOUT = "What has no goal, or stands beside one:"


async def measure(effort: Effort) -> Findings:
    """Measure everything, in Home Assistants of their own."""
    found = Findings.joined(
        [await part(effort) for part in (measure_calls, measure_writes, measure_busy, measure_conditions)]
    )
    rows = {row: cells for table in found.tables for row, cells in table.rows.items()}
    return Findings([Table("load", _ABOUT, ("", ""), rows)], found.goals)
