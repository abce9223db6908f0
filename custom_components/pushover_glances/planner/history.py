"""The decisions about a widget during the last day, which the diagnostics list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_KEPT = timedelta(days=1)
# A busy widget makes about two hundred entries a day; this bounds the memory.
_MOST = 500
# A slot that moves by less than this is the same wait.
_SAME = timedelta(minutes=1)
# Too few updates on a single day may be chance; after three days in a row it will happen again.
_SHORT_DAYS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision or a result: a reason, "sent" or an error key, and until when a wait was expected to last."""

    time: datetime
    what: str
    until: datetime | None = None


def note(history: list[Entry], entry: Entry) -> None:
    """Add an entry unless it repeats the last one, and remove old ones."""
    if not history or not _is_same(history[-1], entry):
        recent = [item for item in history if entry.time - _KEPT < item.time <= entry.time]
        history[:] = [*recent[-_MOST + 1 :], entry]


def short(days: Sequence[date], today: date) -> tuple[date, ...]:
    """Return the consecutive days up to today on which updates did not suffice, at most as many as the repair needs."""
    row = [today]
    for day in reversed([day for day in days if day < today]):
        if (row[0] - day).days != 1:
            break
        row.insert(0, day)
    return tuple(row[-_SHORT_DAYS:])


def is_short_of_updates(days: Sequence[date], today: date) -> bool:
    """Return whether updates did not suffice on enough consecutive days up to today or yesterday."""
    return len(days) >= _SHORT_DAYS and (today - days[-1]).days in (0, 1)


def _is_same(last: Entry, entry: Entry) -> bool:
    if last.what != entry.what or (last.until is None) != (entry.until is None):
        return False
    return last.until is None or entry.until is None or abs(entry.until - last.until) < _SAME
