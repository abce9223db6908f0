"""What was decided for a widget during the last day, which tells why a watch shows what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_KEPT = timedelta(days=1)
# A busy widget makes some two hundred entries a day, and nothing should grow without an end.
_MOST = 500
# A slot that moves by less than this is the same wait.
_SAME = timedelta(minutes=1)
# One busy day says nothing, and what was so three days in a row will be so on the fourth.
_SHORT_DAYS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """Since when something held, as a reason, "sent", or what went wrong; and until when it was expected to hold."""

    time: datetime
    what: str
    until: datetime | None = None


def note(history: list[Entry], entry: Entry) -> None:
    """Add an entry, unless it says what the last one says, and take out what is too old."""
    if not history or not _is_same(history[-1], entry):
        recent = [item for item in history if entry.time - _KEPT < item.time <= entry.time]
        history[:] = [*recent[-_MOST + 1 :], entry]


def short(days: Sequence[date], today: date) -> tuple[date, ...]:
    """Return the days in a row on which updates were short, with today, and no more of them than are asked for."""
    row = [today]
    for day in reversed([day for day in days if day < today]):
        if (row[0] - day).days != 1:
            break
        row.insert(0, day)
    return tuple(row[-_SHORT_DAYS:])


def is_short_of_updates(days: Sequence[date], today: date) -> bool:
    """Tell whether updates were short day after day, up to today or yesterday."""
    return len(days) >= _SHORT_DAYS and (today - days[-1]).days in (0, 1)


def _is_same(last: Entry, entry: Entry) -> bool:
    if last.what != entry.what or (last.until is None) != (entry.until is None):
        return False
    return last.until is None or entry.until is None or abs(entry.until - last.until) < _SAME
