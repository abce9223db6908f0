"""The actions `pushover_glances.update`, `clear` and `refresh`, and the short name `glances.update`."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import ENTITY_MATCH_ALL
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr, entity_registry as er
from homeassistant.helpers.selector import selector
from homeassistant.helpers.service import async_set_service_schema
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids
from homeassistant.helpers.translation import async_get_translations
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
from homeassistant.util.yaml import load_yaml_dict
import voluptuous as vol

from .const import DOMAIN, SUBENTRY_TYPE_WIDGET
from .content.widget_config import WidgetConfig
from .coordinator import PushoverGlancesConfigEntry
from .exceptions import translated
from .planner import Action, refreshing
from .pushover import Field, InvalidFieldError, Problem, Value, accept
from .widget import ActionResult, Widget

SERVICE_UPDATE = "update"
SERVICE_CLEAR = "clear"
SERVICE_REFRESH = "refresh"
ATTR_FIELDS = "fields"
ATTR_URGENT = "urgent"
ATTR_DURATION = "duration"
# The domain of Home Assistant's own Glances integration, which has no actions.
SHORT_DOMAIN = "glances"


def _duration(value: object) -> timedelta:
    """Validate a duration; one that is too long for Python is invalid, too."""
    try:
        return cv.positive_time_period(value)
    except OverflowError as err:
        raise vol.Invalid("the duration is too long") from err


# The schema accepts any value for a field, because the error for an invalid one names the field and its limit.
_UPDATE_FIELDS: VolDictType = {
    **cv.TARGET_SERVICE_FIELDS,
    **{vol.Optional(name.value): object for name in Field},
    vol.Optional(ATTR_URGENT, default=False): cv.boolean,
    vol.Optional(ATTR_DURATION): _duration,
}
_UPDATE_SCHEMA = vol.Schema(_UPDATE_FIELDS)
_TARGET_FIELDS: VolDictType = {**cv.TARGET_SERVICE_FIELDS}
_TARGET_SCHEMA = vol.Schema(_TARGET_FIELDS)
_CLEAR_SCHEMA = vol.Schema({**_TARGET_FIELDS, vol.Optional(ATTR_FIELDS): vol.All(cv.ensure_list, [vol.Coerce(Field)])})
# A value that should stay longer needs no duration.
_LONGEST_DURATION = timedelta(days=366)
# An empty target, such as one from a template that found nothing, means no widget; a missing target means all.
_TARGET_KEYS = frozenset(map(str, cv.TARGET_SERVICE_FIELDS))

type _Act = Callable[[Widget, int], Action | None]
type _Target = tuple[PushoverGlancesConfigEntry, ConfigSubentry]


async def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    description = await _short_name_description(hass)
    for name, (handler, schema) in _ACTIONS.items():
        hass.services.async_register(DOMAIN, name, handler, schema, supports_response=SupportsResponse.OPTIONAL)
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
    for name, item in description["fields"].items():
        item["selector"] = selector(item["selector"]).serialize()["selector"]
        item |= {key: texts[f"{prefix}.fields.{name}.{key}"] for key in ("name", "description")}
    return description


async def _async_update(call: ServiceCall) -> ServiceResponse:
    """Show values on the targeted widgets."""
    values = _values(call.data)
    urgent, until = call.data[ATTR_URGENT], _until(call.data)

    def update(widget: Widget, key: int) -> Action:
        return widget.new_values(key, values, until, urgent=urgent)

    return await _async_respond(call, update)


async def _async_clear(call: ServiceCall) -> ServiceResponse:
    """End the values of actions on the targeted widgets, and empty fields without a source."""
    names = [Field(name) for name in call.data.get(ATTR_FIELDS) or Field]

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
    outcomes = await asyncio.gather(*(_async_act(entry, subentry, act) for entry, subentry in _targets(call)))
    errors = [outcome.error for outcome in outcomes if outcome.status == "failed" and outcome.error is not None]
    if len(errors) == len(outcomes):
        raise errors[0]
    if not call.return_response:
        return None
    return {"widgets": [_response(outcome) for outcome in outcomes]}


async def _async_act(entry: PushoverGlancesConfigEntry, subentry: ConfigSubentry, act: _Act) -> ActionResult:
    # A widget that was just added exists only after the reload that follows.
    widget = entry.runtime_data.widgets.get(subentry.subentry_id) if entry.state is ConfigEntryState.LOADED else None
    if widget is None:
        config = WidgetConfig.from_subentry(subentry)
        return ActionResult(config, "failed", error=translated(HomeAssistantError, "not_loaded", account=entry.title))
    return await entry.runtime_data.async_act(widget, partial(act, widget))


def _refused(key: str, **placeholders: str) -> ServiceValidationError:
    return translated(ServiceValidationError, key, **placeholders)


def _values(data: Mapping[str, Any]) -> dict[Field, Value]:
    """Return the fields of a call, without those that are null."""
    try:
        values = {name: accept(name, data[name]) for name in Field if data.get(name) is not None}
    except InvalidFieldError as err:
        limit = {"limit": err.limit} if err.limit else {}
        raise _refused(err.problem, field=err.field, **limit) from err
    if not values:
        raise _refused(Problem.NO_FIELD)
    return values


def _until(data: Mapping[str, Any]) -> datetime | None:
    """Return when the duration of a call ends; `None` if it has none."""
    if (duration := data.get(ATTR_DURATION)) is None:
        return None
    if not timedelta(0) < duration <= _LONGEST_DURATION:
        raise _refused("duration_out_of_range", limit=str(_LONGEST_DURATION.days))
    return dt_util.utcnow() + cast(timedelta, duration)


def _targets(call: ServiceCall) -> list[_Target]:
    """Return the targeted widgets of a call, each once."""
    selection = TargetSelection(call.data)
    entries = call.hass.config_entries.async_entries(DOMAIN, include_ignore=False, include_disabled=False)
    if selection.has_any_target or not call.data.keys().isdisjoint(_TARGET_KEYS):
        targets = list(_selected(call.hass, selection, entries))
    else:
        if len(entries) > 1:
            raise _refused("several_accounts")
        targets = [pair for entry in entries for pair in _widgets(entry)]
    if not targets:
        raise _refused("no_widget")
    return targets


def _widgets(entry: PushoverGlancesConfigEntry) -> Iterator[_Target]:
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_WIDGET):
        yield entry, subentry


def _selected(
    hass: HomeAssistant,
    selection: TargetSelection,
    entries: list[PushoverGlancesConfigEntry],
) -> Iterator[_Target]:
    """Yield the widgets of the targeted entities and devices; the device of an account means all its widgets."""
    chosen = async_extract_referenced_entity_ids(hass, selection)
    entities = er.async_get(hass)
    devices = dr.async_get(hass)
    referenced = chosen.referenced | chosen.indirectly_referenced
    subentries = {
        item.config_subentry_id
        for item in (
            *map(entities.async_get, referenced),
            *map(devices.async_get, chosen.referenced_devices),
        )
        if item is not None
    }
    for entry in entries:
        account = devices.async_get_device_by_identifier((DOMAIN, entry.entry_id), config_entry_id=entry.entry_id)
        everything = ENTITY_MATCH_ALL in selection.entity_ids or (
            account is not None and account.id in chosen.referenced_devices
        )
        for pair in _widgets(entry):
            if everything or pair[1].subentry_id in subentries:
                yield pair


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
