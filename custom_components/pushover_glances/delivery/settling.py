"""How long a change waits for what belongs to it, so that an update is not spent on something that is over at once."""

from collections.abc import Collection
from datetime import datetime, timedelta

from .composition import Mirrored

# Ours: what changes together arrives within this time.
SETTLE = timedelta(seconds=5)
# Ours: while numbers that move by little are looked at in vain, that is done less and less often. So what rounding
# makes of them is seen as much later as it has not mattered before, and never later than the next slot would be.
PATIENCE = timedelta(minutes=20)
# Ours: a garage door takes half a minute to open; one that is stuck half way is news.
PASSING = timedelta(seconds=60)
# Ours, from benchmarks/freshness.py: a word that does not last leaves the device wrong for the twenty minutes after it
# was sent. Where one change in five is like that, an update is better spent on words that have stood still.
FLEETING = timedelta(minutes=5)
RESTLESS = 0.2
STILL = timedelta(minutes=3)
STILL_TIMEOUT = timedelta(minutes=5)
# Ours: after a start of Home Assistant, other integrations get this long to bring their entities.
SOURCES_TIMEOUT = timedelta(minutes=2)
# Each change counts for a tenth of the average, so that three fleeting ones in a row are needed.
_WEIGHT = 0.1


class Settling:
    """Follows the changes of one widget since its last update."""

    def __init__(self) -> None:
        """Begin without a change."""
        self._joined: datetime | None = None
        self._patience = SETTLE
        self._unrest: datetime | None = None
        self._passing: datetime | None = None
        self.hurried = False

    def change(self, now: datetime, *, slight: bool = False) -> datetime:
        """Note a change, and return when others have joined it; one that comes while another settles joins that.

        A slight one need not be seen soon, if such ones have been in vain.
        """
        joined = now + (self._patience if slight else SETTLE)
        if self._joined is None or self._joined <= now or joined < self._joined:
            self._joined = joined
        return self._joined

    def hurry(self) -> None:
        """Wait for nothing, because someone asks for an update."""
        self.hurried = True

    def rest(self, *, in_vain: bool) -> None:
        """Begin anew: whatever changed up to now has been seen; `in_vain` tells that nothing came of it."""
        self._patience = min(2 * self._patience, PATIENCE) if in_vain else SETTLE
        self._joined = self._unrest = self._passing = None
        self.hurried = False

    def notice(self, now: datetime) -> None:
        """Let nothing have begun in the future, where the clock was set back."""
        self._joined = self._joined and min(self._joined, now + self._patience)
        self._unrest = self._unrest and min(self._unrest, now)
        self._passing = self._passing and min(self._passing, now)

    def joined(self, now: datetime) -> datetime:
        """Return from when on others have joined the first change."""
        return now if self.hurried or self._joined is None else self._joined

    def passed(self, mirrored: Mirrored, now: datetime) -> datetime:
        """Return until when to wait for a source that passes from one state to another."""
        # After a clock was set back, a state of the future says nothing about how long it has been there.
        if self.hurried or mirrored.passing is None or mirrored.passing > now:
            return now
        # One source after the other may pass: all of them together hold nothing up for longer than one.
        self._passing = min(self._passing or mirrored.passing, mirrored.passing)
        return self._passing + PASSING

    def still(self, mirrored: Mirrored, restlessness: float, now: datetime) -> datetime:
        """Return from when on the words have stood still for long enough, where they often do not."""
        if self.hurried or restlessness < RESTLESS or mirrored.words_since is None:
            return now
        return self._stillness(mirrored.words_since, now)

    def lasting(self, mirrored: Mirrored, changed: Collection[str], ordinary: datetime, now: datetime) -> datetime:
        """Return from when on the change of urgent entities has lasted, or may go as an ordinary one anyway."""
        since = max((moment for entity, moment in mirrored.urgent_since.items() if entity in changed), default=None)
        if self.hurried or since is None:
            return now
        if ordinary > now:
            return min(since + STILL, ordinary)
        return self._stillness(mirrored.words_since or since, now)

    def _stillness(self, since: datetime, now: datetime) -> datetime:
        self._unrest = self._unrest or now
        return min(since + STILL, self._unrest + STILL_TIMEOUT)


def restlessness(before: float, lasted: timedelta) -> float:
    """Return which part of the words that change do not last, from 0 to 1, after one more that lasted this long."""
    return before + _WEIGHT * ((lasted < FLEETING) - before)
