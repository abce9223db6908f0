"""A widget's configuration, read once from its subentry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
import hashlib
import json
from typing import Any, Self

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_DEVICE
from homeassistant.util import dt as dt_util

from .const import (
    CONF_DAILY_LIMIT,
    CONF_MIN_INTERVAL,
    CONF_QUIET_FROM,
    CONF_QUIET_UNTIL,
    CONF_TIME_STAMP,
    CONF_UNAVAILABLE,
    CONF_URGENT_ENTITIES,
    TIME_STAMP_NONE,
    UNAVAILABLE_DASH,
    UNAVAILABLE_KEEP,
)
from .delivery import DAILY_LIMIT, MIN_INTERVAL, Owner, QuietHours, Rules
from .pushover import Field

ALL_TITLE = "All devices"


@dataclass(frozen=True, slots=True)
class WidgetConfig:
    """A screen of the account's user; `device` is empty where it means all of them."""

    subentry_id: str
    title: str
    device: str
    templates: Mapping[Field, str]
    rules: Rules
    urgent_entities: frozenset[str] = frozenset()
    digest: str = ""
    left_behind: bool = False

    @classmethod
    def from_subentry(cls, subentry: ConfigSubentry) -> Self:
        """Read a subentry; a field without a template is left alone by the mirror."""
        return cls.from_data(subentry.data, subentry.subentry_id, subentry.title)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], subentry_id: str = "", title: str = "") -> Self:
        """Read what a subentry has, or will have."""
        return cls(
            subentry_id=subentry_id,
            title=title,
            device=data[CONF_DEVICE],
            templates={name: data[name] for name in Field if name in data},
            rules=_rules(data),
            urgent_entities=frozenset(data.get(CONF_URGENT_ENTITIES, ())),
            digest=hashlib.sha256(json.dumps(dict(data), sort_keys=True).encode()).hexdigest(),
        )

    @classmethod
    def of_screen_left_behind(cls, device: str) -> Self:
        """Stand in for a widget that is gone, whose fields are to be emptied."""
        return cls(f"{device or ALL_TITLE} (left behind)", device or ALL_TITLE, device, {}, Rules(), left_behind=True)

    @property
    def owner(self) -> Owner:
        """Return what the memory of a screen knows of its widget."""
        return Owner(self.subentry_id, self.digest)


def _rules(data: Mapping[str, Any]) -> Rules:
    begin, end = (dt_util.parse_time(data.get(key) or "") for key in (CONF_QUIET_FROM, CONF_QUIET_UNTIL))
    stamp = data.get(CONF_TIME_STAMP, TIME_STAMP_NONE)
    return Rules(
        min_interval=timedelta(seconds=data.get(CONF_MIN_INTERVAL, MIN_INTERVAL.total_seconds())),
        daily_limit=int(data.get(CONF_DAILY_LIMIT, DAILY_LIMIT)),
        quiet=QuietHours(begin, end) if begin is not None and end is not None and begin != end else None,
        time_stamp=None if stamp == TIME_STAMP_NONE else Field(stamp),
        dashes=data.get(CONF_UNAVAILABLE, UNAVAILABLE_DASH) != UNAVAILABLE_KEEP,
    )
