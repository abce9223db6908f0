"""The format of the stored file of an account. Reading checks every value.

The keys are those of the first version of the file: `manual` has the values of actions, `mirrored` the last values of
the base.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from homeassistant.util import dt as dt_util
import voluptuous as vol

from .planner import (
    ActionValue,
    AlertState,
    Cause,
    ConditionsState,
    Ledger,
    Page,
    Quota,
    Spenders,
    WidgetState,
    actions_of,
)
from .pushover import REQUEST_TIMEOUT, Field, Glance, InvalidFieldError

STORAGE_VERSION = 1
# Minor version 2 added alerts.
STORAGE_MINOR_VERSION = 2


@dataclass(slots=True)
class StoredAccount:
    """The stored state of an account; `screens` are by device, `alerts` by subentry, `pages` those whose conditions held.

    `verified` is set if Pushover has ever accepted its credentials, `devices` are those that the user had at the last
    check, and `application` is a digest of the token that the quota belongs to. If the file was `lost`, the updates of
    the day must be assumed.
    """

    verified: bool = False
    devices: list[str] | None = None
    application: str = ""
    quota: Quota = field(default_factory=Quota)
    screens: dict[str, WidgetState] = field(default_factory=dict)
    alerts: dict[str, AlertState] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    lost: bool = False


# Far enough from the limits of datetime that adding a time zone or an interval cannot overflow.
_YEARS = range(1900, 9000)
# More than anyone asks for.
_MOST_REFRESHES = 1_000_000


def _time(value: object) -> datetime:
    """Validate a time with an offset, as `isoformat` writes it."""
    moment = dt_util.parse_datetime(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None or moment.year not in _YEARS:
        raise vol.Invalid("not a time")
    return dt_util.as_utc(moment)


def _date(value: object) -> date:
    """Validate a date as `isoformat` writes it."""
    if (day := dt_util.parse_date(str(value))) is None or day.year not in _YEARS:
        raise vol.Invalid("not a date")
    return day


def _values(values: dict[Field, Any]) -> dict[Field, Any]:
    """Validate values of fields: an invalid one would fail to be sent, and pause the whole account."""
    try:
        if any(value is not None for value in values.values()):
            Glance.of(values)
    except (InvalidFieldError, TypeError) as err:
        raise vol.Invalid("not a field's value") from err
    return values


def _manual(items: dict[Field, dict[str, Any]]) -> dict[Field, dict[str, Any]]:
    """Validate the values of actions, and the values of the base below them."""
    for key in ("value", "mirror"):
        _values({name: item[key] for name, item in items.items()})
    return items


def _switch(value: object) -> bool:
    """Validate a boolean; 0 and 1 are none."""
    if not isinstance(value, bool):
        raise vol.Invalid("neither true nor false")
    return value


def _number(value: object) -> int:
    """Validate a number of refreshes."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_REFRESHES:
        raise vol.Invalid("not a number")
    return value


def _known(value: object) -> object:
    """Validate that a value is not null."""
    if value is None:
        raise vol.Invalid("no value")
    return value


def _field_names(names: object) -> object:
    """Return a list of field names without those that are unknown to this version."""
    return [name for name in names if name in _FIELDS] if isinstance(names, list) else names


def _known_fields(values: object) -> object:
    """Return a mapping by field without the fields that are unknown to this version."""
    if not isinstance(values, dict):
        return values
    return {name: value for name, value in values.items() if name in _FIELDS}


def _field_name(name: object) -> object:
    """Return a field name, or `None` if it is unknown to this version."""
    return name if name in _FIELDS else None


_FIELDS = frozenset(Field)
_FIELD = vol.Coerce(Field)
_VALUES = vol.All({_FIELD: _known}, _values)
_TIME = vol.Any(None, _time)
_ORIGIN = {str: vol.Any(str, vol.All(_known, vol.Coerce(float)))}
_MANUAL = vol.Schema(
    {
        vol.Required("value"): _known,
        vol.Required("until"): _TIME,
        vol.Required("mirror"): object,
        vol.Required("urgent"): _switch,
        vol.Optional("origin", default=None): vol.Any(None, _ORIGIN),
    },
    extra=vol.REMOVE_EXTRA,
)
_CAUSE = vol.Schema(
    {
        vol.Required("since"): _time,
        vol.Required("active"): _TIME,
        vol.Required("gone"): _TIME,
        vol.Optional("again", default=False): _switch,
        vol.Optional("dismissed", default=False): _switch,
    },
    extra=vol.REMOVE_EXTRA,
)
_CONDITIONS = vol.Schema(
    {
        vol.Required("hold"): _switch,
        vol.Required("unknown"): _TIME,
        vol.Required("lost"): _switch,
    },
    extra=vol.REMOVE_EXTRA,
)
_ALERT = vol.Schema(
    {
        vol.Required("causes"): {str: _CAUSE},
        vol.Required("changed"): _TIME,
        vol.Required("began"): _TIME,
        vol.Required("lost"): [str],
        vol.Optional("ended", default=dict): {str: _time},
        vol.Optional("steady_changed", default=None): _TIME,
        vol.Optional("conditions", default=None): vol.Any(None, _CONDITIONS),
    },
    extra=vol.REMOVE_EXTRA,
)
_LEDGER = vol.Schema(
    {
        vol.Required("updates"): [_time],
        vol.Required("urgent"): [_time],
        vol.Optional("since", default=None): _TIME,
        vol.Optional("here", default=0): _number,
    },
    extra=vol.REMOVE_EXTRA,
)
_SPENDERS = vol.Schema({vol.Required("time"): _TIME, vol.Required("updates"): {str: _number}}, extra=vol.REMOVE_EXTRA)
_PAGE = vol.Schema(
    {
        vol.Optional("page_id", default=""): str,
        vol.Optional("fields", default=list): vol.All(_field_names, [_FIELD]),
    },
    extra=vol.REMOVE_EXTRA,
)
_SCREEN = vol.Schema(
    {
        vol.Required("owner"): str,
        vol.Required("configuration"): str,
        vol.Required("ledger"): _LEDGER,
        vol.Required("shown"): vol.All({_FIELD: object}, _values),
        vol.Required("states"): {str: str},
        vol.Required("stamped"): vol.All(_field_name, vol.Any(None, _FIELD)),
        vol.Required("attempt"): vol.Any(None, _VALUES),
        vol.Required("manual"): vol.All({_FIELD: _MANUAL}, _manual),
        vol.Required("mirrored"): _VALUES,
        vol.Required("unavailable"): {_FIELD: _time},
        vol.Required("restlessness"): vol.All(vol.Coerce(float), vol.Range(0, 1)),
        vol.Required("asked"): _switch,
        vol.Required("refreshes"): _number,
        vol.Required("paused"): _switch,
        vol.Optional("page", default=dict): _PAGE,
        vol.Optional("replaced", default=list): vol.All(_field_names, [_FIELD]),
        vol.Optional("alerts", default=dict): {str: _VALUES},
        vol.Optional("covered", default=list): vol.All(_field_names, [_FIELD]),
        vol.Optional("acted", default=list): vol.All(_field_names, [_FIELD]),
        vol.Optional("origins", default=dict): vol.All(_known_fields, {_FIELD: _ORIGIN}),
        vol.Optional("tried", default=dict): {str: str},
        vol.Optional("in_flight", default=False): _switch,
        vol.Required("accepted"): _TIME,
        vol.Optional("has_receiver", default=True): _switch,
        vol.Required("face"): _VALUES,
        vol.Required("short_days"): [_date],
        vol.Optional("spenders", default=None): vol.Any(None, _SPENDERS),
    },
    extra=vol.REMOVE_EXTRA,
)
# Keys of newer minor versions are ignored.
_SCHEMA = vol.Schema(
    {
        vol.Required("verified"): _switch,
        vol.Required("devices"): vol.Any(None, [str]),
        vol.Required("application"): str,
        vol.Required("lost"): _switch,
        vol.Required("quota"): vol.Schema({vol.Required("until"): _TIME}, extra=vol.REMOVE_EXTRA),
        vol.Required("screens"): {str: _SCREEN},
        vol.Optional("alerts", default=dict): {str: _ALERT},
        vol.Optional("pages", default=list): [str],
    },
    extra=vol.REMOVE_EXTRA,
)


def read(data: Mapping[str, Any]) -> StoredAccount:
    """Return the account of a file's data; raises vol.Invalid if that is invalid."""
    checked = _SCHEMA(data)
    screens = {device: _screen(screen) for device, screen in checked["screens"].items()}
    alerts = {name: _alert(alert) for name, alert in checked["alerts"].items()}
    return StoredAccount(**{**checked, "quota": Quota(**checked["quota"]), "screens": screens, "alerts": alerts})


def _screen(data: dict[str, Any]) -> WidgetState:
    stored = data["ledger"]
    # Every urgent update must be among the updates.
    urgent = tuple(moment for moment in sorted(stored["urgent"]) if moment in stored["updates"])
    ledger = Ledger(tuple(stored["updates"]), urgent, stored["since"], min(stored["here"], len(stored["updates"])))
    if data.pop("in_flight") and ledger.updates:
        # Home Assistant ended before the answer, so the update arrived at its time-out at the latest.
        ledger = ledger.arrived(ledger.updates[-1] + REQUEST_TIMEOUT)
    actions = {
        name: ActionValue(item["value"], item["until"], item["mirror"], item["urgent"], item["origin"])
        for name, item in data.pop("manual").items()
    }
    base = data.pop("mirrored")
    return WidgetState(
        **{
            **data,
            "ledger": ledger,
            "actions": actions,
            "base": base,
            "covered": frozenset(data["covered"]),
            "acted": frozenset(data["acted"]),
            "page": Page(data["page"]["page_id"], frozenset(data["page"]["fields"])),
            "replaced": frozenset(data["replaced"]),
            "short_days": tuple(data["short_days"]),
            "spenders": Spenders(**(data["spenders"] or {})),
        }
    )


def _alert(data: dict[str, Any]) -> AlertState:
    causes = {name: Cause(**cause) for name, cause in data["causes"].items()}
    conditions = None if data["conditions"] is None else ConditionsState(**data["conditions"])
    return AlertState(**{**data, "causes": causes, "lost": tuple(data["lost"]), "conditions": conditions})


def written(account: StoredAccount) -> dict[str, Any]:
    """Return the data of an account's file; nothing is copied, because the states are immutable."""
    return {
        "verified": account.verified,
        "devices": account.devices,
        "application": account.application,
        "quota": {"until": account.quota.until},
        "screens": {device: _written(state) for device, state in account.screens.items()},
        "alerts": {
            name: {
                "causes": {
                    key: {
                        "since": cause.since,
                        "active": cause.active,
                        "gone": cause.gone,
                        "again": cause.again,
                        "dismissed": cause.dismissed,
                    }
                    for key, cause in alert.causes.items()
                },
                "changed": alert.changed,
                "began": alert.began,
                "lost": alert.lost,
                "ended": alert.ended,
                "steady_changed": alert.steady_changed,
                "conditions": alert.conditions
                and {
                    "hold": alert.conditions.hold,
                    "unknown": alert.conditions.unknown,
                    "lost": alert.conditions.lost,
                },
            }
            for name, alert in account.alerts.items()
        },
        "pages": account.pages,
        "lost": account.lost,
    }


def _written(state: WidgetState) -> dict[str, Any]:
    ledger = state.ledger
    return {
        "owner": state.owner,
        "configuration": state.configuration,
        "ledger": {
            "updates": ledger.updates,
            "urgent": ledger.urgent,
            "since": ledger.since,
            "here": ledger.here,
        },
        "shown": {**state.shown, **{name: None for action in state.pending for name in action.emptied}},
        "states": state.states,
        "stamped": state.stamped,
        "attempt": state.attempt,
        "manual": {
            name: {
                "value": item.value,
                "until": item.until,
                "mirror": item.base,
                "urgent": item.urgent,
                "origin": item.origin,
            }
            for name, item in (actions_of(state) if state.pending else state.actions).items()
        },
        "mirrored": state.base,
        "unavailable": state.unavailable,
        "restlessness": state.restlessness,
        "asked": state.asked,
        "refreshes": state.refreshes + len([action for action in state.pending if action.refresh]),
        "paused": state.paused,
        "page": {"page_id": state.page.page_id, "fields": sorted(state.page.fields)},
        "replaced": sorted(state.replaced),
        "alerts": state.alerts,
        "covered": sorted(state.covered),
        "acted": sorted(state.acted),
        "origins": state.origins,
        "tried": state.tried,
        "in_flight": state.before is not None,
        "accepted": state.accepted,
        "has_receiver": state.has_receiver,
        "face": state.face,
        "short_days": state.short_days,
        "spenders": {"time": state.spenders.time, "updates": state.spenders.updates},
    }
