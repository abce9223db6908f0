"""Whatever an alert is made of: it is taken, or told to be wrong, and what it shows is words."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers.json import json_bytes
from hypothesis import given, strategies as st
import pytest

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.diagnostics import async_get_config_entry_diagnostics
from tests.examples import searching
from tests.hostile import SECRETS, encodable_texts, json_values, texts

from .kit import MINUTE, GlancesKit, widget
from .test_alert_flow import start
from .test_hostile_actions import assert_nothing_unexpected
from .test_hostile_flows import FIELDS, assert_is_one_table, markdown_of
from .test_widget_flow import enter, pick

_SENSOR, _DOOR = "sensor.hostile", "cover.hostile"
_UUID = "0123456789abcdef0123456789abcdef"
_VARIABLES = st.sampled_from(("{{ name }}", "{{ state }}", "{{ since }}", "{{ name ~ state ~ entity_id ~ alerts }}"))
_SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "states": st.lists(texts, max_size=2) | json_values,
        "above": st.floats() | json_values,
        "below": json_values,
        "for": st.fixed_dictionaries({}, optional={"minutes": json_values, "days": st.floats()}) | json_values,
        "widgets": json_values,
        "urgent": st.booleans() | json_values,
        "text": _VARIABLES,
        "title": _VARIABLES,
    },
)


@pytest.fixture
async def account(kit: GlancesKit) -> GlancesKit:
    """Return the kit with an account and its widget."""
    await kit.load(widget(title="Outside", daily_limit=0, min_interval=60))
    return kit


async def _add(kit: GlancesKit, entities: Any, data: dict[str, Any]) -> None:
    """Go through the whole flow of a new alert, as far as its forms let one."""
    (entry,) = kit.hass.config_entries.async_entries(DOMAIN)
    form = await start(kit, entry)
    try:
        form = await enter(kit, form, entities=entities)
        if form.get("step_id") == "alert":
            form = await enter(kit, form, **data)
        json_bytes({key: form.get(key) for key in ("errors", "description_placeholders", "reason")})
        if form.get("step_id") == "preview":
            assert_is_one_table(await markdown_of(kit, form, "alert"))
            form = await pick(kit, form, "save")
    except InvalidData:
        return
    if form["type"] is FlowResultType.CREATE_ENTRY:
        json_bytes(dict(form["data"]))
        await kit.settle()
        await _see(kit, entry)


async def _see(kit: GlancesKit, entry: ConfigEntry[Any]) -> None:
    """Let it begin and end, see what is reported of it, and remove it."""
    for value in ("3", "open", "unavailable", "closed"):
        await kit.state(_DOOR, value)
        await kit.change(_SENSOR, value)
        await kit.tick(MINUTE)
    said = json_bytes(await async_get_config_entry_diagnostics(kit.hass, entry)).decode()
    assert [secret for secret in SECRETS if secret in said] == []
    (item,) = entry.get_subentries_of_type("alert")
    kit.hass.config_entries.async_remove_subentry(entry, item.subentry_id)
    await kit.settle()
    await kit.tick(MINUTE)


@searching(30)
@given(
    entities=st.lists(st.sampled_from((_SENSOR, _DOOR, _UUID, "cover.gone")), max_size=3) | json_values,
    fields=FIELDS,
    settings=_SETTINGS,
    name=encodable_texts,
    state=encodable_texts.map(lambda text: text[:255]),
)
async def test_any_alert(
    account: GlancesKit,
    caplog: pytest.LogCaptureFixture,
    *,
    entities: Any,
    fields: dict[str, Any],
    settings: dict[str, Any],
    name: str,
    state: str,
) -> None:
    """What can be saved is shown, and its preview is one table, whatever its templates and its entities say."""
    caplog.clear()
    account.hass.states.async_set(_SENSOR, "20", {"friendly_name": name, "unit_of_measurement": name})
    account.hass.states.async_set(_DOOR, state, {"friendly_name": name})
    await _add(account, entities, {"urgent": True, **fields, **settings})
    await _add(account, [_DOOR], {"urgent": True, "states": ["open", state], "text": "{{ name }}", **fields})
    await _add(account, [_SENSOR], {"urgent": True, "below": 10, "title": "{{ name }} {{ state }}", **fields})
    assert {call.status for call in account.emulator.calls} == {200}
    assert_nothing_unexpected(caplog)
