"""Whether conditions hold; where that is not known, the last result stays for a while."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from .layers import UNAVAILABLE_AFTER
from .plan import SOURCES_TIMEOUT


@dataclass(frozen=True, slots=True)
class ConditionsState:
    """Whether conditions `hold`, and since when that has not been known (`unknown`, `None` if it is).

    `lost` is set once it has not been known for too long, from when on they do not hold.
    """

    hold: bool = False
    unknown: datetime | None = None
    lost: bool = False

    @property
    def moment(self) -> datetime | None:
        """Return when they cease to hold if nothing else happens before."""
        return None if self.unknown is None or self.lost else self.unknown + UNAVAILABLE_AFTER

    def seen(self, hold: bool | None, now: datetime) -> Self:  # noqa: FBT001 - the result of an evaluation
        """Return the state after an evaluation; `None` is a result that is not known."""
        if hold is not None:
            return replace(self, hold=hold, unknown=None, lost=False)
        return self if self.unknown is not None else replace(self, unknown=now)

    def started(self, now: datetime) -> Self:
        """Return the state as it is loaded: what the conditions need gets time to appear."""
        if self.unknown is None:
            return self
        return replace(self, unknown=max(self.unknown, now + SOURCES_TIMEOUT - UNAVAILABLE_AFTER))

    def noticed(self, now: datetime) -> Self:
        """Return the state after time has passed, or the clock was set back."""
        if self.unknown is None or self.lost:
            return self
        if self.unknown + UNAVAILABLE_AFTER <= now:
            return replace(self, hold=False, lost=True)
        return replace(self, unknown=min(self.unknown, now))
