"""The rows of what a state change adds, and what is to be said of them."""

from ..findings import Findings, Goal, Table
from .measure import NOTHING, Sample, ratio_goal

# How many changes come together before something else has its turn, and in how many seconds.
_SECOND = "every second"
RATES = {"every 10 s": (1, 10.0), _SECOND: (5, 5.0), "ten a second": (50, 5.0)}

FIRST = "slot closed: first change"
FIRST_FLOOR = "the same of an empty listener"
THEN = "slot closed: the look that follows the first change, 5 s later"
SOON = "slot closed: further changes in the 5 s that follow the first"
LATER = "slot closed: further changes of a number"
LATER_TEXT = "slot closed: further changes of a text"
OPEN = "slot open, insignificant, {}"
DECIDING = "slot open, a template that decides, {}"
SENDING = "slot open, a change that is sent"
URGENT = "urgent entity, waiting: its state changes"
ATTRIBUTES = "urgent entity, waiting: its attributes change"
FLOOR = "empty `async_track_state_change_event` listener"
TRACKED = "`async_track_template_result`, the same templates, {}"
RUNNING = "automation in its delay, {}"
QUIETLY = "the same with `max_exceeded: silent`, {}"
TRIGGERED = "automation, a change that is sent"

# The samples of every row, by the numbers of widgets and of fields.
type Found = dict[tuple[int, int], dict[str, Sample]]


def findings(found: Found) -> Findings:
    """Return the table, and the goals."""
    head = ("µs for each change and widget", *(f"{widgets} × {fields}" for widgets, fields in found))
    order = (
        [LATER, LATER_TEXT, FLOOR, FIRST, FIRST_FLOOR, SOON, THEN]
        + [row.format(rate) for rate in RATES for row in (OPEN, DECIDING, RUNNING, QUIETLY, TRACKED)]
        + [ATTRIBUTES, URGENT, SENDING, TRIGGERED]
    )
    rows: dict[str, list[str]] = {row: [_cell(samples[row]) for samples in found.values()] for row in order}
    about = (
        "Time of the event loop that a state change adds, by widgets × fields; automations and listeners as many as "
        "widgets. –: cannot be distinguished from nothing."
    )
    return Findings([Table("changes", about, head, rows)], _goals(found))


def _cell(sample: Sample) -> str:
    return "–" if sample.is_nothing else f"{sample.median:.{1 if sample.median < 10 else 0}f}"


def _goals(found: Found) -> list[Goal]:
    """Compare with what was promised, for the worst of all numbers of widgets and fields."""

    def goal(what: str, promised: str, row: str, to: str, most: float) -> Goal:
        ratios = [
            samples[row].median / max(samples[to].median, 0.01)
            for samples in found.values()
            if not samples[row].is_nothing
        ]
        return ratio_goal(what, promised, max(ratios), most) if ratios else Goal(what, promised, NOTHING, holds=True)

    row, to = OPEN.format(_SECOND), RUNNING.format(_SECOND)
    return [
        goal("slot closed, after the first change: a number", "at most an empty listener", LATER, FLOOR, 1),
        goal("slot closed, after the first change: a text", "at most an empty listener", LATER_TEXT, FLOOR, 1),
        goal(f"slot open, insignificant changes, {_SECOND}", "at most an automation in its delay", row, to, 1),
    ]
