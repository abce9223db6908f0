"""The settings of a widget's delivery, each declared once: its form, its limits, its saved value and its rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from homeassistant.const import UnitOfTime
from homeassistant.core import HomeAssistant, split_entity_id
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TimeSelector,
)
from homeassistant.util import dt as dt_util

from ..planner import DAILY_LIMIT, MIN_INTERVAL, QuietHours, Rules
from ..pushover import FIELDS, Field
from .entity_key import entity_ids_of

CONF_URGENT_ENTITIES: Final = "urgent_entities"
CONF_QUIET_WHILE: Final = "quiet_while"
CONF_TIME_STAMP: Final = "time_stamp"
_QUIET_FROM = "quiet_from"
_QUIET_UNTIL = "quiet_until"
# The domains whose entities are on or off.
_ON_OR_OFF = (
    "binary_sensor",
    "calendar",
    "fan",
    "group",
    "input_boolean",
    "light",
    "remote",
    "schedule",
    "siren",
    "switch",
)
_NOWHERE = "none"
_DASH = "dash"
_KEEP = "keep"

type _Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting; `key` is its key in the form and in a widget's data. Without a default it may be left empty.

    `default` is as it is saved, `limits` are as the form has them. `errors` are the checks of a filled-in form by error
    key, `saved` returns the value to save for the one in the form, `shown` does the opposite, and `apply` returns the
    rules with the saved value.
    """

    key: str
    selector: Selector[Any]
    default: Any = None
    limits: range | None = None
    errors: Mapping[str, Callable[[HomeAssistant, _Settings], bool]] = field(default_factory=dict)
    saved: Callable[[HomeAssistant, Any], Any] = lambda _hass, value: value
    shown: Callable[[Any], Any] = lambda value: value
    apply: Callable[[Rules, _Settings], Rules] = lambda rules, _settings: rules


def _whole_number(key: str, default: int, limits: range, apply: Callable[[Rules, int], Rules]) -> Setting:
    """Declare a setting that is a whole number; an error of the form names the limits."""
    return Setting(
        key=key,
        selector=NumberSelector(NumberSelectorConfig(mode=NumberSelectorMode.BOX)),
        default=default,
        limits=limits,
        errors={f"{key}_out_of_range": lambda _hass, settings: settings[key] not in limits},
        saved=lambda _hass, value: int(value),
        apply=lambda rules, settings: apply(rules, int(settings[key])),
    )


def _minutes(key: str, default: timedelta, limits: range, apply: Callable[[Rules, timedelta], Rules]) -> Setting:
    """Declare a setting that is saved in whole seconds, and shown in minutes; an error of the form names the limits."""
    config = NumberSelectorConfig(mode=NumberSelectorMode.BOX, step="any", unit_of_measurement=UnitOfTime.MINUTES)
    return Setting(
        key=key,
        selector=NumberSelector(config),
        default=int(default.total_seconds()),
        limits=limits,
        errors={f"{key}_out_of_range": lambda _hass, settings: not limits[0] <= settings[key] <= limits[-1]},
        saved=lambda _hass, minutes: round(minutes * 60),
        shown=_in_minutes,
        apply=lambda rules, settings: apply(rules, timedelta(seconds=int(settings[key]))),
    )


def _in_minutes(seconds: int) -> float:
    """Return minutes with as many decimals as the seconds need."""
    minutes = round(seconds / 60, 2)
    return int(minutes) if minutes.is_integer() else minutes


def _choice(key: str, options: tuple[str, ...], apply: Callable[[Rules, str], Rules]) -> Setting:
    """Declare a setting with several options; the first one is the default."""
    config = SelectSelectorConfig(options=list(options), translation_key=key, mode=SelectSelectorMode.DROPDOWN)
    return Setting(
        key=key,
        selector=SelectSelector(config),
        default=options[0],
        apply=lambda rules, settings: apply(rules, settings[key]),
    )


def _with_quiet_hours(rules: Rules, settings: _Settings) -> Rules:
    begin, end = (dt_util.parse_time(settings[key] or "") for key in (_QUIET_FROM, _QUIET_UNTIL))
    return rules if begin is None or end is None or begin == end else replace(rules, quiet=QuietHours(begin, end))


def _entity_id(hass: HomeAssistant, chosen: str | None) -> str | None:
    """Return the id of an entity; the selector also accepts the id of its registry entry."""
    return next(iter(entity_ids_of(hass, [chosen] if chosen else [])), None)


def _is_on_or_off(hass: HomeAssistant, chosen: str | None) -> bool:
    """Return whether an entity that was chosen is one that is on or off, or none was."""
    entity_id = _entity_id(hass, chosen)
    return entity_id is None or split_entity_id(entity_id)[0] in _ON_OR_OFF


SETTINGS: Final = (
    Setting(
        key=CONF_URGENT_ENTITIES,
        selector=EntitySelector(EntitySelectorConfig(multiple=True)),
        # The selector also accepts ids of registry entries.
        saved=lambda hass, chosen: entity_ids_of(hass, chosen or ()),
    ),
    _minutes(
        "min_interval",
        MIN_INTERVAL,
        # At least the interval of urgent updates, at most a day.
        range(1, 24 * 60 + 1),
        lambda rules, interval: replace(rules, min_interval=interval),
    ),
    _whole_number(
        "daily_limit",
        DAILY_LIMIT,
        # At most one a minute; 0 is no limit.
        range(24 * 60 + 1),
        lambda rules, updates: replace(rules, daily_limit=updates),
    ),
    Setting(key=_QUIET_FROM, selector=TimeSelector()),
    Setting(
        key=_QUIET_UNTIL,
        selector=TimeSelector(),
        errors={
            "quiet_hours_incomplete": lambda _hass, settings: (
                bool(settings[_QUIET_FROM]) != bool(settings[_QUIET_UNTIL])
            ),
            "quiet_hours_empty": lambda _hass, settings: (
                bool(settings[_QUIET_FROM]) and settings[_QUIET_FROM] == settings[_QUIET_UNTIL]
            ),
        },
        apply=_with_quiet_hours,
    ),
    Setting(
        key=CONF_QUIET_WHILE,
        selector=EntitySelector(EntitySelectorConfig(filter=[{"domain": list(_ON_OR_OFF)}])),
        # The selector filters what is offered, but accepts any entity.
        errors={
            "quiet_while_not_on_or_off": lambda hass, settings: not _is_on_or_off(hass, settings[CONF_QUIET_WHILE])
        },
        saved=_entity_id,
    ),
    _choice(
        CONF_TIME_STAMP,
        (_NOWHERE, *(name for name, traits in FIELDS.items() if traits.takes_time)),
        lambda rules, place: rules if place == _NOWHERE else replace(rules, time_stamp=Field(place)),
    ),
    _choice("unavailable", (_DASH, _KEEP), lambda rules, shown: replace(rules, dashes=shown != _KEEP)),
)


def rules_of(data: Mapping[str, Any]) -> Rules:
    """Return the rules of a widget's data; a missing setting has its default."""
    settings = {setting.key: data.get(setting.key, setting.default) for setting in SETTINGS}
    rules = Rules()
    for setting in SETTINGS:
        rules = setting.apply(rules, settings)
    return rules


def settings_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings in a widget's data, as they are saved."""
    return {setting.key: data[setting.key] for setting in SETTINGS if setting.key in data}


def shown_settings(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings in a widget's data, as its form shows them."""
    return {setting.key: setting.shown(data[setting.key]) for setting in SETTINGS if setting.key in data}


def default_settings() -> dict[str, Any]:
    """Return the settings that have a default, as they are saved."""
    return {setting.key: setting.default for setting in SETTINGS if setting.default is not None}


def settings_error(hass: HomeAssistant, user_input: Mapping[str, Any]) -> str | None:
    """Return the error key of a filled-in form; `None` if it is valid."""
    settings = {setting.key: user_input.get(setting.key) for setting in SETTINGS}
    found = (error for setting in SETTINGS for error, is_wrong in setting.errors.items() if is_wrong(hass, settings))
    return next(found, None)


def settings_data(hass: HomeAssistant, user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return a filled-in form as part of a widget's data; empty settings are left out."""
    data = {setting.key: setting.saved(hass, user_input.get(setting.key)) for setting in SETTINGS}
    return {key: value for key, value in data.items() if value not in (None, "", [])}
