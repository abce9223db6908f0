"""What the diagnostics list of a day, and when updates are too few."""

from datetime import UTC, date, datetime, timedelta

from custom_components.pushover_glances.planner import Entry, is_short_of_updates, note
from custom_components.pushover_glances.planner.history import short

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def noted(history: list[Entry], entry: Entry) -> list[Entry]:
    """Return a history with one more entry."""
    copy = list(history)
    note(copy, entry)
    return copy


def test_what_stays_the_same_is_noted_once() -> None:
    """The same if the end of a wait moves by seconds; one that moves by more is a new entry."""
    first = Entry(NOW, "spacing", NOW + 20 * MINUTE)
    history = noted([], first)
    assert noted(history, Entry(NOW + MINUTE, "spacing", NOW + 20.5 * MINUTE)) == [first]
    later = Entry(NOW + MINUTE, "spacing", NOW + 22 * MINUTE)
    assert noted(history, later) == [first, later]
    endless = Entry(NOW + MINUTE, "spacing")
    assert noted(history, endless) == [first, endless]
    other = Entry(NOW + MINUTE, "budget", NOW + 20 * MINUTE)
    assert noted(history, other) == [first, other]
    assert noted([endless], Entry(NOW + 2 * MINUTE, "spacing")) == [endless]


def test_a_day_is_kept() -> None:
    """What is older goes, and so does what a clock that was set back has left in the future."""
    entries = [Entry(NOW + hours * timedelta(hours=1), str(hours)) for hours in (-25, -23, 2)]
    assert [item.what for item in noted(entries, Entry(NOW, "now"))] == ["-23", "now"]


def test_it_has_an_end() -> None:
    """However much happens in a day."""
    history: list[Entry] = []
    for second in range(600):
        history = noted(history, Entry(NOW + timedelta(seconds=second), str(second)))
    assert [item.what for item in history] == [str(second) for second in range(100, 600)]


def test_days_in_a_row() -> None:
    """A gap begins a new row, and today counts once."""
    assert short((), TODAY) == (TODAY,)
    assert short((TODAY - DAY, TODAY), TODAY) == (TODAY - DAY, TODAY)
    assert short((TODAY - 3 * DAY, TODAY - 2 * DAY), TODAY) == (TODAY,)
    row = [TODAY - back * DAY for back in (4, 3, 2, 1, 0)]
    assert short(row[:-1], TODAY) == tuple(row[-3:])


def test_short_of_updates() -> None:
    """Three days in a row, the last of them today or yesterday."""
    row = [TODAY - 2 * DAY, TODAY - DAY, TODAY]
    assert is_short_of_updates(row, TODAY)
    assert is_short_of_updates(row, TODAY + DAY)
    assert not is_short_of_updates(row, TODAY + 2 * DAY)
    assert not is_short_of_updates(row[1:], TODAY)
