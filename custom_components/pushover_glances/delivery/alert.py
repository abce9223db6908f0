"""An alert: which of its entities make it active, and since when."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .composition import UNAVAILABLE_AFTER
from .settling import SOURCES_TIMEOUT


@dataclass(slots=True)
class Cause:
    """An entity whose state counts: since when, and since when it has had no state, which says nothing.

    `active` is when its state had counted for long enough; `None` before that.
    """

    since: datetime
    active: datetime | None = None
    gone: datetime | None = None


@dataclass(slots=True)
class AlertMemory:
    """What must outlive a restart: the causes by entity, when they last changed, and when the alert became active.

    `lost` are the entities that made the alert active until they had no state for too long.
    """

    causes: dict[str, Cause] = field(default_factory=dict)
    changed: datetime | None = None
    began: datetime | None = None
    lost: list[str] = field(default_factory=list)


class Alert:
    """Follows the entities of one alert; the caller says whether a state counts."""

    def __init__(self, memory: AlertMemory, lasts: timedelta) -> None:
        """Take what is remembered, and how long a state has to last before it makes the alert active."""
        self.memory = memory
        self._lasts = lasts

    @property
    def active(self) -> list[str]:
        """Return the entities that make it active, the first of them first."""
        causes = {name: cause.active for name, cause in self.memory.causes.items() if cause.active is not None}
        return sorted(causes, key=lambda name: (causes[name], name))

    @property
    def is_active(self) -> bool:
        """Tell whether any entity makes it active."""
        return any(cause.active is not None for cause in self.memory.causes.values())

    @property
    def began(self) -> datetime | None:
        """Return when it became active; `None` where it is not."""
        return self.memory.began if self.is_active else None

    @property
    def since(self) -> datetime | None:
        """Return since when a state counts that makes it active; `None` where none does."""
        active = (cause.since for cause in self.memory.causes.values() if cause.active is not None)
        return min(active, default=None)

    def see(self, name: str, counts: bool | None, since: datetime, now: datetime) -> bool:  # noqa: FBT001  # three values
        """Take note of an entity's state, and return whether there is something to remember.

        It counts, it does not, or there is none (`None`): that neither begins nor ends anything at once. `since` is
        how long it has been there at least.
        """
        memory = self.memory
        cause = memory.causes.get(name)
        if counts is None:
            if cause is None or cause.gone is not None:
                return False
            cause.gone = min(since, now)
            return True
        found = name in memory.lost
        if found:
            memory.lost.remove(name)
        if counts and cause is None:
            memory.causes[name] = Cause(min(since, now))
        elif counts and cause is not None and cause.gone is not None:
            cause.gone = None
        elif not counts and cause is not None:
            self._end(name, now)
        else:
            return found
        return True

    def begin(self, now: datetime) -> None:
        """Give entities that have had no state time to appear; a state may have to last longer than before."""
        for cause in self.memory.causes.values():
            cause.gone = cause.gone and max(cause.gone, now + SOURCES_TIMEOUT - UNAVAILABLE_AFTER)
            # Told by the times of then: the clock may be wrong by now.
            if cause.active is not None and cause.since + self._lasts > max(now, cause.active):
                cause.active = None

    def rename(self, name: str, key: str) -> None:
        """Know an entity by another name from now on."""
        if name != key and name in self.memory.causes:
            self.memory.causes.setdefault(key, self.memory.causes.pop(name))

    def keep(self, names: Collection[str], now: datetime) -> None:
        """Forget the entities that do not belong to the alert any more."""
        memory = self.memory
        memory.lost = [name for name in memory.lost if name in names]
        for name in memory.causes.keys() - {*names}:
            self._end(name, now)

    def notice(self, now: datetime) -> bool:
        """Take note of the time, and return whether it has begun or ended anything."""
        before = self.active, len(self.memory.causes)
        for name, cause in list(self.memory.causes.items()):
            # A clock that was set back must not hold anything up.
            cause.since = min(cause.since, now)
            cause.gone = cause.gone and min(cause.gone, now)
            cause.active = cause.active and min(cause.active, now)
            if cause.gone is not None:
                if cause.gone + UNAVAILABLE_AFTER <= now:
                    if cause.active is not None:
                        self.memory.lost.append(name)
                    self._end(name, now)
            elif cause.active is None and cause.since + self._lasts <= now:
                cause.active = self.memory.changed = now
        self.memory.changed = self.memory.changed and min(self.memory.changed, now)
        self.memory.began = min(self.memory.began or now, now) if self.is_active else None
        return before != (self.active, len(self.memory.causes))

    def moments(self) -> Iterator[datetime]:
        """Yield when it begins or ends by itself, if nothing changes before."""
        for cause in self.memory.causes.values():
            if cause.gone is not None:
                yield cause.gone + UNAVAILABLE_AFTER
            elif cause.active is None:
                yield cause.since + self._lasts

    def _end(self, name: str, now: datetime) -> None:
        if self.memory.causes.pop(name).active is not None:
            self.memory.changed = now
