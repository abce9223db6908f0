"""What an account must remember over a restart: one private file of Home Assistant's per account."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import DOMAIN
from .delivery import ManualValue, Memory
from .pushover import Field, Value

_LOGGER = logging.getLogger(__name__)

STORAGE_VERSION = 1
STORAGE_MINOR_VERSION = 1


def _time(value: object) -> datetime:
    """Accept a time with its offset, as `isoformat` writes it."""
    moment = dt_util.parse_datetime(str(value))
    if moment is None or moment.tzinfo is None:
        raise vol.Invalid("not a time")
    return moment


def _value(value: object) -> Value:
    """Accept what a field may hold, as it is: a coercion would turn numbers into texts."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise vol.Invalid("not a field's value")
    return value


_FIELD = vol.Coerce(Field)
_VALUES = {_FIELD: _value}
_MANUAL = {
    vol.Required("value"): _value,
    vol.Required("until"): vol.Any(None, _time),
    vol.Required("mirror"): vol.Any(None, _value),
    vol.Required("urgent"): cv.boolean,
}
_WIDGET = {
    vol.Required("device"): str,
    vol.Required("last_update"): vol.Any(None, _time),
    vol.Required("urgent_updates"): [_time],
    vol.Required("shown"): _VALUES,
    vol.Required("attempt"): vol.Any(None, _VALUES),
    vol.Required("manual"): {_FIELD: _MANUAL},
}
# A file of a newer minor version is read as far as this version knows it.
_SCHEMA = vol.Schema(
    {vol.Required("verified"): cv.boolean, vol.Required("widgets"): {str: _WIDGET}},
    extra=vol.REMOVE_EXTRA,
)


@dataclass(slots=True)
class AccountMemory:
    """An account's memory; `verified` tells whether Pushover ever accepted its credentials.

    Where the memory was `lost`, every widget counts as updated just now: that costs one interval of silence, and its
    opposite would be a burst.
    """

    verified: bool = False
    widgets: dict[str, Memory] = field(default_factory=dict)
    lost: bool = False

    def of_widget(self, subentry_id: str, device: str) -> Memory:
        """Return what is remembered of a widget, or what to assume of one that is not known.

        A widget that moved to another device takes its manual values along; what the new screen shows is not known.
        """
        known = self.widgets.get(subentry_id)
        if known is None or known.device != device:
            last = dt_util.utcnow() if self.lost else None
            manual = known.manual if known else {}
            self.widgets[subentry_id] = Memory(device, last_update=last, manual=manual)
        return self.widgets[subentry_id]

    def forget_all_but(self, subentry_ids: Collection[str]) -> None:
        """Drop widgets that no longer exist."""
        self.widgets = {name: widget for name, widget in self.widgets.items() if name in subentry_ids}


class AccountStore:
    """Loads and saves the memory of one account."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the file after the config entry."""
        self.memory = AccountMemory()
        self._store: Store[dict[str, Any]] = Store(
            hass,
            STORAGE_VERSION,
            f"{DOMAIN}.{entry_id}",
            private=True,
            minor_version=STORAGE_MINOR_VERSION,
        )

    async def async_load(self) -> AccountMemory:
        """Read the file; raises UnsupportedStorageVersionError when a newer version wrote it."""
        if (data := await self._store.async_load()) is not None:
            try:
                self.memory = _read(_SCHEMA(data))
            except vol.Invalid as err:
                _LOGGER.warning("Stored state is damaged and is not used: %s", err)
                self.memory = AccountMemory(verified=True, lost=True)
        return self.memory

    async def async_save(self) -> None:
        """Write the file; calls that come while it is written share the next writing."""
        await self._store.async_save(_written(self.memory))

    async def async_remove(self) -> None:
        """Remove the file."""
        await self._store.async_remove()


def _read(data: Mapping[str, Any]) -> AccountMemory:
    return AccountMemory(
        data["verified"],
        {
            subentry_id: Memory(
                **{
                    **widget,
                    "manual": {name: ManualValue(**item) for name, item in widget["manual"].items()},
                }
            )
            for subentry_id, widget in data["widgets"].items()
        },
    )


def _written(memory: AccountMemory) -> dict[str, Any]:
    return {
        "verified": memory.verified,
        "widgets": {
            subentry_id: {
                "device": widget.device,
                "last_update": _isoformat(widget.last_update),
                "urgent_updates": [moment.isoformat() for moment in widget.urgent_updates],
                "shown": dict(widget.shown),
                "attempt": None if widget.attempt is None else dict(widget.attempt),
                "manual": {
                    name: {
                        "value": item.value,
                        "until": _isoformat(item.until),
                        "mirror": item.mirror,
                        "urgent": item.urgent,
                    }
                    for name, item in widget.manual.items()
                },
            }
            for subentry_id, widget in memory.widgets.items()
        },
    }


def _isoformat(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
