"""When the next update of a widget may go, and when to try again after a failure.

A watch accepts about 50 updates a day, and Pushover asks for 20 minutes between two of them and throttles nothing
itself. So every widget keeps its own spacing. What a person marks as urgent may go earlier, within two bounds that
keep a door that opens all day from using up the watch.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

# Pushover's page on glances: "we recommend at least 20 minutes between each call".
MIN_INTERVAL = timedelta(minutes=20)
# Ours: soon enough to be of use, and late enough for a door that opens and closes to count once.
URGENT_INTERVAL = timedelta(minutes=1)
# Ours: four urgent updates an hour are a third more than the ordinary spacing allows.
URGENT_PER_HOUR = 4
# Pushover's rules of friendliness: after a failure of theirs, no sooner than five seconds.
RETRY_FIRST = timedelta(seconds=5)
RETRY_LONGEST = MIN_INTERVAL
# An answer that nobody documents, or a quota without an end, is asked about again now and then.
RETRY_HOURLY = timedelta(hours=1)

_HOUR = timedelta(hours=1)


def next_slot(
    last: datetime | None,
    urgent_updates: Sequence[datetime],
    spacing: timedelta,
    now: datetime,
    *,
    urgent: bool,
) -> datetime:
    """Return when an update may go; a time that is not after `now` means at once.

    `last` and `urgent_updates` are the times of earlier updates, none of them in the future.
    """
    if last is None:
        return now
    ordinary = last + spacing
    if not urgent:
        return ordinary
    soonest = last + URGENT_INTERVAL
    recent = sorted(moment for moment in urgent_updates if moment > now - _HOUR)
    if len(recent) >= URGENT_PER_HOUR:
        soonest = max(soonest, recent[-URGENT_PER_HOUR] + _HOUR)
    return min(ordinary, soonest)


def retry_delay(failures: int) -> timedelta:
    """Return the pause after so many failures in a row: 5 seconds, doubling to 20 minutes."""
    # 2^8 times five seconds is beyond the longest pause already; a larger power would only overflow.
    return min(RETRY_FIRST * (1 << min(failures - 1, 8)), RETRY_LONGEST)
