"""A widget's configuration, read once from its subentry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_DEVICE

from .const import CONF_MIN_INTERVAL
from .delivery import MIN_INTERVAL
from .pushover import Field


@dataclass(frozen=True, slots=True)
class WidgetConfig:
    """A screen of the account's user; `device` is empty where it means all of them."""

    subentry_id: str
    title: str
    device: str
    templates: Mapping[Field, str]
    min_interval: timedelta

    @classmethod
    def from_subentry(cls, subentry: ConfigSubentry) -> Self:
        """Read a subentry; a field without a template is left alone by the mirror."""
        data = subentry.data
        return cls(
            subentry_id=subentry.subentry_id,
            title=subentry.title,
            device=data[CONF_DEVICE],
            templates={name: data[name] for name in Field if name in data},
            min_interval=timedelta(seconds=data.get(CONF_MIN_INTERVAL, MIN_INTERVAL.total_seconds())),
        )
