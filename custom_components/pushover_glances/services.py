"""The actions `pushover_glances.update`, `clear`, `refresh` and `dismiss`, and the short name `glances.update`."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

from homeassistant.components.binary_sensor.const import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import selector
from homeassistant.helpers.service import async_register_platform_entity_service, async_set_service_schema
from homeassistant.helpers.template import ResultWrapper
from homeassistant.helpers.translation import async_get_translations
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
from homeassistant.util.yaml import load_yaml_dict
import voluptuous as vol

from .const import DOMAIN
from .content.widget_config import WidgetConfig
from .coordinator import PushoverGlancesConfigEntry
from .exceptions import translated
from .planner import Action, refreshing
from .pushover import Field, InvalidFieldError, Problem, Value, accept
from .targets import async_targets
from .widget import ActionResult, Widget

SERVICE_UPDATE = "update"
SERVICE_CLEAR = "clear"
SERVICE_REFRESH = "refresh"
SERVICE_DISMISS = "dismiss"
ATTR_FIELDS = "fields"
ATTR_URGENT = "urgent"
ATTR_DURATION = "duration"
ATTR_REPLACE = "replace"
# The domain of Home Assistant's own Glances integration, which has no actions.
SHORT_DOMAIN = "glances"


def _entity_ids(value: object) -> Any:
    """Validate the targeted entities; a template that found none has none, and is no error of the schema."""
    return cv.comp_entity_ids_or_uuids(value or [])


# The schemas accept any value: the errors of the handlers name the field and its limit, and a script that continues on
# errors continues after them, while an error of a schema ends it.
_TARGET_FIELDS: VolDictType = {**cv.TARGET_SERVICE_FIELDS, vol.Optional(ATTR_ENTITY_ID): _entity_ids}
_TARGET_SCHEMA = vol.Schema(_TARGET_FIELDS)
_OPTIONS = (ATTR_URGENT, ATTR_DURATION, ATTR_REPLACE)
_UPDATE_SCHEMA = vol.Schema(
    {**_TARGET_FIELDS, **{vol.Optional(name): object for name in (*map(str, Field), *_OPTIONS)}}
)
_CLEAR_SCHEMA = vol.Schema({**_TARGET_FIELDS, vol.Optional(ATTR_FIELDS): object})
# A value that should stay longer needs no duration.
_LONGEST_DURATION = timedelta(days=366)

type _Act = Callable[[Widget, int], Action | None]


async def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    description = await _short_name_description(hass)
    for name, (handler, schema) in _ACTIONS.items():
        hass.services.async_register(DOMAIN, name, handler, schema, supports_response=SupportsResponse.OPTIONAL)
    # Of the binary sensors, only the problem of a widget has a device class.
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_DISMISS,
        entity_device_classes=(None,),
        entity_domain=BINARY_SENSOR_DOMAIN,
        func="async_dismiss",
        schema=None,
    )
    _register_short_name(hass, description)


def _register_short_name(hass: HomeAssistant, description: dict[str, Any]) -> None:
    """Register `glances.update`, unless another integration has that action."""
    if hass.services.has_service(SHORT_DOMAIN, SERVICE_UPDATE):
        return
    hass.services.async_register(
        SHORT_DOMAIN,
        SERVICE_UPDATE,
        _async_update,
        _UPDATE_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )
    # At once: without a description, Home Assistant would look for one in its own Glances, and log an error.
    async_set_service_schema(hass, SHORT_DOMAIN, SERVICE_UPDATE, description)


async def _short_name_description(hass: HomeAssistant) -> dict[str, Any]:
    """Return the description of `pushover_glances.update` in the language of the server."""
    path = Path(__file__).with_name("services.yaml")
    described = await hass.async_add_executor_job(load_yaml_dict, path)
    description = cast(dict[str, Any], described[SERVICE_UPDATE])
    texts = await async_get_translations(hass, hass.config.language, "services", [DOMAIN])
    prefix = f"component.{DOMAIN}.services.{SERVICE_UPDATE}"
    description |= {key: texts[f"{prefix}.{key}"] for key in ("name", "description")}
    # Both actions are in Home Assistant's list of actions, and a phone cuts a longer name.
    description["name"] = f"Pushover: {SHORT_DOMAIN}.{SERVICE_UPDATE}"
    for name, item in description["fields"].items():
        item["selector"] = selector(item["selector"]).serialize()["selector"]
        item |= {key: texts[f"{prefix}.fields.{name}.{key}"] for key in ("name", "description")}
    return description


async def _async_update(call: ServiceCall) -> ServiceResponse:
    """Show values on the targeted widgets."""
    values = _values(call.data)
    urgent, replace, until = _switch(call.data, ATTR_URGENT), _switch(call.data, ATTR_REPLACE), _until(call.data)

    def update(widget: Widget, key: int) -> Action:
        return widget.new_values(key, values, until, urgent=urgent, replace=replace)

    return await _async_respond(call, update)


async def _async_clear(call: ServiceCall) -> ServiceResponse:
    """End the values of actions on the targeted widgets, and empty fields without a source."""
    names = _names(call.data)

    def clear(widget: Widget, key: int) -> Action | None:
        return widget.clearing(key, names)

    return await _async_respond(call, clear)


async def _async_refresh(call: ServiceCall) -> ServiceResponse:
    """Send the glances of the targeted widgets again, as soon as an urgent update may go."""

    def refresh(_widget: Widget, key: int) -> Action:
        return refreshing(key)

    return await _async_respond(call, refresh)


async def _async_respond(call: ServiceCall, act: _Act) -> ServiceResponse:
    """Run an action on the targeted widgets, and return the response; raises if it failed for all of them."""
    accounts: dict[PushoverGlancesConfigEntry, list[ConfigSubentry]] = {}
    for entry, subentry in await async_targets(call):
        accounts.setdefault(entry, []).append(subentry)
    found = await asyncio.gather(*(_async_act(entry, subentries, act) for entry, subentries in accounts.items()))
    outcomes = [outcome for results in found for outcome in results]
    errors = [outcome.error for outcome in outcomes if outcome.status == "failed" and outcome.error is not None]
    if len(errors) == len(outcomes):
        raise errors[0]
    if not call.return_response:
        return None
    return {"widgets": [_response(outcome) for outcome in outcomes]}


async def _async_act(
    entry: PushoverGlancesConfigEntry, subentries: Iterable[ConfigSubentry], act: _Act
) -> list[ActionResult]:
    """Run an action on the targeted widgets of an account."""
    # A widget that was just added exists only after the reload that follows.
    known = entry.runtime_data.widgets if entry.state is ConfigEntryState.LOADED else {}
    widgets = [known[subentry.subentry_id] for subentry in subentries if subentry.subentry_id in known]
    results = await entry.runtime_data.async_act(widgets, act) if widgets else []
    error = translated(HomeAssistantError, "not_loaded", account=entry.title)
    missing = [
        ActionResult(WidgetConfig.from_subentry(subentry), "failed", error=error)
        for subentry in subentries
        if subentry.subentry_id not in known
    ]
    return [*results, *missing]


def _refused(key: str, **placeholders: str) -> ServiceValidationError:
    return translated(ServiceValidationError, key, **placeholders)


def _values(data: Mapping[str, Any]) -> dict[Field, Value]:
    """Return the fields of a call, without those that are null."""
    try:
        values = {name: accept(name, _written(data[name])) for name in Field if data.get(name) is not None}
    except InvalidFieldError as err:
        limit = {"limit": err.limit} if err.limit else {}
        raise _refused(err.problem, field=err.field, **limit) from err
    if not values:
        raise _refused(Problem.NO_FIELD, limit=", ".join(Field))
    return values


def _written(value: object) -> object:
    """Return the text of a value that only looks like something else to Home Assistant's templates, or to YAML."""
    if isinstance(value, ResultWrapper) and value.render_result is not None:
        # A template that writes "21,5" gives the tuple (21, 5).
        return value.render_result
    if value is Ellipsis:
        return "..."
    return str(value) if isinstance(value, date | time) else value


def _is_given(value: object) -> bool:
    """Return whether an option is given; `null`, an empty text and what a template writes for `none` are not."""
    return value is not None and not (isinstance(value, str) and value.strip() in ("", "None"))


def _switch(data: Mapping[str, Any], name: str) -> bool:
    """Return an option of a call that is true or false, and false if it is not given."""
    if not _is_given(value := data.get(name)):
        return False
    try:
        return cv.boolean(value)
    except vol.Invalid as err:
        raise _refused("not_a_boolean", field=name) from err


def _names(data: Mapping[str, Any]) -> list[Field]:
    """Return the fields that a call names, all of them if it names none; an empty list or text has no field."""
    if (given := data.get(ATTR_FIELDS)) in (None, "None"):
        return list(Field)
    names = [*given] if isinstance(given, tuple | set) else cv.ensure_list_csv(given)
    try:
        return [Field(name) for name in names if _is_given(name)]
    except ValueError as err:
        raise _refused("not_fields", field=ATTR_FIELDS, limit=", ".join(Field)) from err


def _duration(value: object) -> timedelta | None:
    """Return a duration, as Home Assistant's triggers and conditions take it, or as Python and ISO 8601 write it."""
    if isinstance(value, bool):
        # Home Assistant takes it for a second.
        return None
    with suppress(vol.Invalid, OverflowError):
        return cast(timedelta, cv.time_period(value))
    with suppress(OverflowError):
        return dt_util.parse_duration(value) if isinstance(value, str) else None
    return None


def _until(data: Mapping[str, Any]) -> datetime | None:
    """Return when the duration of a call ends; `None` if it has none."""
    value = data.get(ATTR_DURATION)
    if isinstance(value, Mapping):
        # A part may come from a template that writes nothing.
        value = {unit: part for unit, part in value.items() if _is_given(part)} or None
    if not _is_given(value):
        return None
    duration = _duration(value)
    if duration is None or not timedelta(0) < duration <= _LONGEST_DURATION:
        raise _refused("duration_out_of_range", limit=str(_LONGEST_DURATION.days))
    return dt_util.utcnow() + duration


def _response(outcome: ActionResult) -> JsonObjectType:
    """Return the part of the response for one widget."""
    response: JsonObjectType = {
        "widget": outcome.widget.title,
        "device": outcome.widget.device,
        "status": outcome.status,
    }
    if outcome.due is not None:
        response["due"] = dt_util.as_local(outcome.due).isoformat()
    if outcome.request is not None:
        response["request"] = outcome.request
    if outcome.error is not None:
        response["error"] = str(outcome.error)
    return response


_ACTIONS = {
    SERVICE_UPDATE: (_async_update, _UPDATE_SCHEMA),
    SERVICE_CLEAR: (_async_clear, _CLEAR_SCHEMA),
    SERVICE_REFRESH: (_async_refresh, _TARGET_SCHEMA),
}
