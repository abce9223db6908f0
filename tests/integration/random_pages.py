"""Two pages, and which of them each device shows, told apart from what the code believes."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.const import STATE_ON, STATE_UNAVAILABLE
from homeassistant.util import dt as dt_util

from .kit import page
from .random_steps import GUESTS, PHONE, TABLET, Home, Load, Rename, Step

# The page for guests is shown while their entity is on, but not in the evening.
EVENING_PAGE, GUESTS_PAGE = "Evening", "Guests"
_BEGIN, _END = time(17), time(20)
_GONE_FOR = timedelta(minutes=30)


def while_on(entity_id: str) -> list[dict[str, str]]:
    """Return the condition that an entity is on, as Home Assistant's editor saves it."""
    return [{"condition": "state", "entity_id": entity_id, "state": STATE_ON}]


def pages(sources: Mapping[str, Mapping[str, Any]], *, replaces: bool) -> list[ConfigSubentryData]:
    """Describe the pages with these sources, by page and field; the one for guests may replace the whole glance."""
    times = {"from": _BEGIN.isoformat(), "until": _END.isoformat()}
    return [
        page(GUESTS_PAGE, conditions=while_on(GUESTS), replace=replaces, **sources[GUESTS_PAGE]),
        page(EVENING_PAGE, priority=1, **times, **sources[EVENING_PAGE]),
    ]


class Pages:
    """Which page each device shows, empty for none; a paused device keeps its page."""

    def __init__(self, home: Home) -> None:
        """Begin without a page."""
        self.shown = {PHONE: "", TABLET: ""}
        self._home = home
        # Whether the condition held when that was known last, and since when it is not known.
        self._holds = False
        self._unknown: datetime | None = None

    def note(self, step: Step) -> None:
        """Take note of the time and of the entity; for a while after it is away, and after a load, the last result stays."""
        if isinstance(step, Load | Rename):
            self._unknown = None
        if not self._home.is_loaded:
            return
        now, guests = dt_util.utcnow(), self._home.state(GUESTS)
        if guests == STATE_UNAVAILABLE:
            self._unknown = self._unknown or now
            self._holds = self._holds and now < self._unknown + _GONE_FOR
        else:
            self._holds, self._unknown = guests == STATE_ON, None
        first = EVENING_PAGE if _BEGIN <= now.time() < _END else GUESTS_PAGE if self._holds else ""
        self.shown |= {device: first for device in self.shown if not self._home.paused[device]}
