"""How an account's memory looks in its file, and how it is read: every value is checked before it is believed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from typing import Any

from homeassistant.util import dt as dt_util
import voluptuous as vol

from .delivery import AlertMemory, Cause, Days, Ledger, ManualValue, Memory, Quota, Rules
from .pushover import Field, Glance, InvalidFieldError

STORAGE_VERSION = 1
# The second added alerts.
STORAGE_MINOR_VERSION = 2


@dataclass(slots=True)
class AccountMemory:
    """An account's memory; `screens` go by device, `alerts` by subentry.

    `verified` tells whether Pushover ever accepted its credentials, `devices` which devices the user had then, and
    `application` is a digest of the token that the quota belongs to.

    Where the memory was `lost`, every widget counts as updated just now: that costs one interval of silence, and its
    opposite would be a burst.
    """

    verified: bool = False
    devices: list[str] | None = None
    application: str = ""
    quota: Quota = field(default_factory=Quota)
    screens: dict[str, Memory] = field(default_factory=dict)
    alerts: dict[str, AlertMemory] = field(default_factory=dict)
    lost: bool = False


# Ours: no time zone and no interval leads from here to where Python's calendar ends.
_YEARS = range(1900, 9000)
# Ours: nobody presses a button that often.
_MOST_REFRESHES = 1_000_000


def _time(value: object) -> datetime:
    """Accept a time with its offset, as `isoformat` writes it."""
    moment = dt_util.parse_datetime(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None or moment.year not in _YEARS:
        raise vol.Invalid("not a time")
    return dt_util.as_utc(moment)


def _date(value: object) -> date:
    """Accept a date as `isoformat` writes it."""
    if (day := dt_util.parse_date(str(value))) is None or day.year not in _YEARS:
        raise vol.Invalid("not a date")
    return day


def _values(values: dict[Field, Any]) -> dict[Field, Any]:
    """Accept what the fields may hold, as it is: whatever Pushover would refuse would hold up the whole account."""
    try:
        if any(value is not None for value in values.values()):
            Glance.of(values)
    except (InvalidFieldError, TypeError) as err:
        raise vol.Invalid("not a field's value") from err
    return values


def _manual(items: dict[Field, dict[str, Any]]) -> dict[Field, dict[str, Any]]:
    """Accept manual values, and what the mirror said under them."""
    for key in ("value", "mirror"):
        _values({name: item[key] for name, item in items.items()})
    return items


def _switch(value: object) -> bool:
    """Accept true and false, and nothing that is like them."""
    if not isinstance(value, bool):
        raise vol.Invalid("neither true nor false")
    return value


def _number(value: object) -> int:
    """Accept a number of things that people have asked for."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_REFRESHES:
        raise vol.Invalid("not a number")
    return value


def _known(value: object) -> object:
    """Accept anything but null."""
    if value is None:
        raise vol.Invalid("no value")
    return value


_NAMES: dict[type, tuple[str, ...]] = {}

_FIELD = vol.Coerce(Field)
_VALUES = vol.All({_FIELD: _known}, _values)
_TIME = vol.Any(None, _time)
_MANUAL = vol.Schema(
    {
        vol.Required("value"): _known,
        vol.Required("until"): _TIME,
        vol.Required("mirror"): object,
        vol.Required("urgent"): _switch,
    },
    extra=vol.REMOVE_EXTRA,
)
_CAUSE = vol.Schema(
    {vol.Required("since"): _time, vol.Required("active"): _TIME, vol.Required("gone"): _TIME}, extra=vol.REMOVE_EXTRA
)
_ALERT = vol.Schema(
    {
        vol.Required("causes"): {str: _CAUSE},
        vol.Required("changed"): _TIME,
        vol.Required("began"): _TIME,
        vol.Required("lost"): [str],
    },
    extra=vol.REMOVE_EXTRA,
)
_LEDGER = vol.Schema(
    {vol.Required("updates"): [_time], vol.Required("urgent"): [_time]},
    extra=vol.REMOVE_EXTRA,
)
_SCREEN = vol.Schema(
    {
        vol.Required("owner"): str,
        vol.Required("configuration"): str,
        vol.Required("ledger"): _LEDGER,
        vol.Required("shown"): vol.All({_FIELD: object}, _values),
        vol.Required("states"): {str: str},
        vol.Required("stamped"): vol.Any(None, _FIELD),
        vol.Required("attempt"): vol.Any(None, _VALUES),
        vol.Required("manual"): vol.All({_FIELD: _MANUAL}, _manual),
        vol.Required("mirrored"): _VALUES,
        vol.Required("unavailable"): {_FIELD: _time},
        vol.Required("restlessness"): vol.All(vol.Coerce(float), vol.Range(0, 1)),
        vol.Required("asked"): _switch,
        vol.Required("refreshes"): _number,
        vol.Required("paused"): _switch,
        vol.Optional("alerts", default=dict): {str: _VALUES},
        vol.Optional("covered", default=list): [_FIELD],
        vol.Optional("tried", default=dict): {str: str},
        vol.Required("accepted"): _TIME,
        vol.Required("face"): _VALUES,
        vol.Required("short_days"): [_date],
    },
    extra=vol.REMOVE_EXTRA,
)
# A file of a newer minor version is read as far as this version knows it.
_SCHEMA = vol.Schema(
    {
        vol.Required("verified"): _switch,
        vol.Required("devices"): vol.Any(None, [str]),
        vol.Required("application"): str,
        vol.Required("lost"): _switch,
        vol.Required("quota"): vol.Schema({vol.Required("until"): _TIME}, extra=vol.REMOVE_EXTRA),
        vol.Required("screens"): {str: _SCREEN},
        vol.Optional("alerts", default=dict): {str: _ALERT},
    },
    extra=vol.REMOVE_EXTRA,
)


def read(data: Mapping[str, Any]) -> AccountMemory:
    """Make a memory of what a file holds; raises vol.Invalid where that cannot be."""
    checked = _SCHEMA(data)
    screens = {device: _screen(screen) for device, screen in checked["screens"].items()}
    alerts = {name: _alert(alert) for name, alert in checked["alerts"].items()}
    return AccountMemory(**{**checked, "quota": Quota(**checked["quota"]), "screens": screens, "alerts": alerts})


def _screen(data: dict[str, Any]) -> Memory:
    updates = sorted(data["ledger"]["updates"])
    # An urgent update is an update, which is where those from the future are found.
    ledger = Ledger(updates, [moment for moment in sorted(data["ledger"]["urgent"]) if moment in updates])
    manual = {name: ManualValue(**item) for name, item in data["manual"].items()}
    return Memory(**{**data, "ledger": ledger, "manual": manual})


def _alert(data: dict[str, Any]) -> AlertMemory:
    return AlertMemory(**{**data, "causes": {name: Cause(**cause) for name, cause in data["causes"].items()}})


def written(memory: AccountMemory) -> dict[str, Any]:
    """Return what the file of a memory holds."""
    copied: dict[str, Any] = _copied(memory)
    return copied


def _copied(item: Any) -> Any:
    """Return a copy without dataclasses; unlike `asdict`, it does not copy what cannot change: times and texts."""
    if names := _names(type(item)):
        return {name: _copied(getattr(item, name)) for name in names}
    if isinstance(item, dict):
        return {key: _copied(value) for key, value in item.items()}
    if isinstance(item, (list, tuple)):
        # Most of a file are the times of a ledger.
        return [value if isinstance(value, date) else _copied(value) for value in item]
    return item


def _names(kind: type) -> tuple[str, ...]:
    """Return the names of a dataclass's fields, which every save asks for, of every screen."""
    if (names := _NAMES.get(kind)) is None:
        names = _NAMES[kind] = tuple(part.name for part in fields(kind)) if is_dataclass(kind) else ()
    return names


def assumed_ledger() -> Ledger:
    """Return the ledger of a screen that nothing is known of."""
    now = dt_util.utcnow()
    return Ledger.assumed(now, Days(dt_util.get_default_time_zone()), Rules().daily_limit)
