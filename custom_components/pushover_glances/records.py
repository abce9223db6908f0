"""How an account's memory looks in its file, and how it is read: every value is checked before it is believed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .delivery import Days, Ledger, ManualValue, Memory, Quota, Rules
from .pushover import Field, Glance, InvalidFieldError, Value

STORAGE_VERSION = 1
STORAGE_MINOR_VERSION = 1


@dataclass(slots=True)
class AccountMemory:
    """An account's memory; `screens` go by device.

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
    lost: bool = False


# Ours: no time zone and no interval leads from here to where Python's calendar ends.
_YEARS = range(1900, 9000)
# Ours: nobody presses a button that often.
_MOST_REFRESHES = 1_000_000


def _time(value: object) -> datetime:
    """Accept a time with its offset, as `isoformat` writes it."""
    moment = dt_util.parse_datetime(str(value))
    if moment is None or moment.tzinfo is None or moment.year not in _YEARS:
        raise vol.Invalid("not a time")
    return dt_util.as_utc(moment)


def _date(value: object) -> date:
    """Accept a date as `isoformat` writes it."""
    if (day := dt_util.parse_date(str(value))) is None or day.year not in _YEARS:
        raise vol.Invalid("not a date")
    return day


def _value(value: object) -> Value:
    """Accept what a field may hold, as it is: a coercion would turn numbers into texts."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise vol.Invalid("not a field's value")
    return value


def _values(values: dict[Field, Value]) -> dict[Field, Value]:
    """Accept values of fields that Pushover accepts: one that it does not would fail with every update."""
    for name, value in values.items():
        try:
            Glance.of({name: value})
        except InvalidFieldError as err:
            raise vol.Invalid(str(err)) from err
    return values


def _manual(manual: dict[Field, dict[str, Any]]) -> dict[Field, dict[str, Any]]:
    """Accept manual values of fields that Pushover accepts."""
    _values({name: item["value"] for name, item in manual.items()})
    return manual


_FIELD = vol.Coerce(Field)
_TIME = vol.Any(None, _time)
_MANUAL = vol.Schema(
    {
        vol.Required("value"): _value,
        vol.Required("until"): _TIME,
        vol.Required("mirror"): vol.Any(None, _value),
        vol.Required("urgent"): cv.boolean,
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
        vol.Required("shown"): {_FIELD: vol.Any(None, _value)},
        vol.Required("states"): {str: str},
        vol.Required("stamped"): vol.Any(None, _FIELD),
        vol.Required("attempt"): vol.Any(None, {_FIELD: _value}),
        vol.Required("manual"): vol.All({_FIELD: _MANUAL}, _manual),
        vol.Required("mirrored"): vol.All({_FIELD: _value}, _values),
        vol.Required("unavailable"): {_FIELD: _time},
        vol.Required("restlessness"): vol.All(vol.Coerce(float), vol.Range(0, 1)),
        vol.Required("asked"): cv.boolean,
        vol.Required("refreshes"): vol.All(cv.positive_int, vol.Range(max=_MOST_REFRESHES)),
        vol.Required("paused"): cv.boolean,
        vol.Required("accepted"): _TIME,
        vol.Required("face"): {_FIELD: _value},
        vol.Required("short_days"): [_date],
    },
    extra=vol.REMOVE_EXTRA,
)
# A file of a newer minor version is read as far as this version knows it.
_SCHEMA = vol.Schema(
    {
        vol.Required("verified"): cv.boolean,
        vol.Required("devices"): vol.Any(None, [str]),
        vol.Required("application"): str,
        vol.Required("lost"): cv.boolean,
        vol.Required("quota"): vol.Schema({vol.Required("until"): _TIME}, extra=vol.REMOVE_EXTRA),
        vol.Required("screens"): {str: _SCREEN},
    },
    extra=vol.REMOVE_EXTRA,
)


def read(data: Mapping[str, Any]) -> AccountMemory:
    """Make a memory of what a file holds; raises vol.Invalid where that cannot be."""
    checked = _SCHEMA(data)
    screens = {device: _screen(screen) for device, screen in checked["screens"].items()}
    return AccountMemory(**{**checked, "quota": Quota(**checked["quota"]), "screens": screens})


def _screen(data: dict[str, Any]) -> Memory:
    updates = sorted(data["ledger"]["updates"])
    # An urgent update is an update, which is where those from the future are found.
    ledger = Ledger(updates, [moment for moment in sorted(data["ledger"]["urgent"]) if moment in updates])
    manual = {name: ManualValue(**item) for name, item in data["manual"].items()}
    return Memory(**{**data, "ledger": ledger, "manual": manual})


def written(memory: AccountMemory) -> dict[str, Any]:
    """Return what the file of a memory holds."""
    return asdict(memory)


def assumed_ledger() -> Ledger:
    """Return the ledger of a screen that nothing is known of."""
    now = dt_util.utcnow()
    return Ledger.assumed(now, Days(dt_util.get_default_time_zone()), Rules().daily_limit)
