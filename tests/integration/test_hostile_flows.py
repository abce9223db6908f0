"""Whatever is filled into a form, or into what it is filled in from: it is taken, or refused with an error."""

import base64
import json
import re
from typing import Any

from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.json import json_bytes
from homeassistant.helpers.translation import async_get_translations
from hypothesis import example, given, strategies as st
import pytest

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.pushover import Field
from emulator import Fault, Kind
from emulator.world import EXAMPLE_TOKEN
from tests.examples import searching
from tests.hostile import encodable_texts, json_values, texts
from tests.markdown import kinds, tokens
from tests.unit.test_faces import check

from .kit import GlancesKit
from .test_hostile_actions import assert_nothing_unexpected
from .test_widget_flow import DELIVERY, choice, devices, enter, options, pick, sources, start

_SENSOR = "sensor.hostile"
# Of an account with a widget, those that are off by default included.
_ENTITIES = 11
_UUID = "0123456789abcdef0123456789abcdef"
# Templates that are texts, that say a text, and that fail with one.
_TEMPLATES = st.one_of(
    encodable_texts,
    texts.map(lambda text: f"{{{{ {json.dumps(text)} }}}}"),
    texts.map(lambda text: f"{{{{ {json.dumps(text)} | int }}}}"),
    texts.map(lambda text: f"{{{{ is_state({json.dumps(text)}, 'on') }}}}"),
    st.sampled_from(
        (
            f"{{{{ states('{_SENSOR}') }}}}",
            f"{{{{ state_attr('{_SENSOR}', 'friendly_name') }}}} {{{{ now() }}}}",
            f"{{{{ expand('{_SENSOR}') }}}}",
            "{{ states.sensor | map(attribute='name') | join('|') }}",
            "{{ states | count }}",
        )
    ),
)
FIELDS = st.fixed_dictionaries({}, optional=dict.fromkeys(map(str, Field), _TEMPLATES))
_SOURCES = st.one_of(
    _TEMPLATES,
    _TEMPLATES.map(lambda text: choice("template", text)),
    encodable_texts.map(lambda text: choice("text", text)),
    st.sampled_from((_SENSOR, _UUID, "cover.gone")).map(lambda entity_id: choice("entity", entity_id)),
    st.builds(
        lambda kind, value: {"active_choice": kind, kind: value}, st.sampled_from(("text", "entity")), json_values
    ),
    json_values,
)
_OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "attribute": st.sampled_from(("friendly_name", "x")) | json_values,
        "name": st.booleans() | json_values,
        "decimals": st.integers(0, 6) | json_values,
        "unit": st.booleans() | json_values,
        "min": st.floats() | json_values,
        "max": st.floats() | json_values,
    },
)
_SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "urgent_entities": st.lists(st.sampled_from((_SENSOR, _UUID, "cover.gone")), max_size=2) | json_values,
        "min_interval": json_values,
        "daily_limit": json_values,
        "quiet_from": st.just("22:00:00") | json_values,
        "quiet_until": st.just("06:00:00") | json_values,
        "time_stamp": st.just("text") | json_values,
        "unavailable": st.just("keep") | json_values,
        "other": json_values,
    },
)


async def markdown_of(kit: GlancesKit, form: dict[str, Any], kind: str = "widget") -> str:
    """Return the description of a step, filled in as the frontend does it."""
    language = await async_get_translations(kit.hass, "en", "config_subentries", [DOMAIN])
    text = language[f"component.{DOMAIN}.config_subentries.{kind}.step.{form['step_id']}.description"]
    for name, value in (form["description_placeholders"] or {}).items():
        text = text.replace(f"{{{name}}}", value)
    return text


def assert_is_one_table(text: str) -> None:
    """See that a preview is a picture, a table with a row for each field, three paragraphs and the link to the help."""
    found = kinds(text)
    assert {name: found[name] for name in ("image", "link_open", "table_open", "tr_open", "td_open", "th_open")} == {
        "image": 1,
        "link_open": 1,
        "table_open": 1,
        "tr_open": 1 + len(Field),
        "td_open": 3 * len(Field),
        "th_open": 3,
    }
    allowed = {"thead_open", "tbody_open", "paragraph_open", "strong_open", "text", "text_special", "softbreak"}
    assert set(found) - allowed <= {"image", "link_open", "table_open", "tr_open", "td_open", "th_open"}
    (picture,) = (token.attrs["src"] for token in tokens(text) if token.type == "image")
    check(base64.b64decode(str(picture).removeprefix("data:image/svg+xml;base64,")).decode())


async def _through(
    kit: GlancesKit, device: Any, entity: Any, data: dict[str, Any] | None, shown: dict[str, Any] | None
) -> None:
    """Go through the whole flow of a new widget, as far as its forms let one; `None` is a form as it is filled in."""
    (entry,) = kit.hass.config_entries.async_entries(DOMAIN)
    form = await start(kit, entry)
    try:
        form = await enter(kit, form, device=device, **entity)
        json_bytes({key: form.get(key) for key in ("errors", "description_placeholders", "reason")})
        if form["type"] is FlowResultType.MENU:
            assert_is_one_table(await markdown_of(kit, form))
            form = await pick(kit, form, "fields")
        if form.get("step_id") == "fields":
            form = await enter(kit, form, **({**sources(form), **DELIVERY} if data is None else data))
            json_bytes({key: form.get(key) for key in ("errors", "description_placeholders", "reason")})
        if form.get("step_id") == "entities":
            filled = options(form)
            form = await enter(kit, form, **(filled if shown is None else dict.fromkeys(filled, shown)))
            json_bytes({key: form.get(key) for key in ("errors", "description_placeholders", "reason")})
        if form.get("step_id") == "preview":
            assert_is_one_table(await markdown_of(kit, form))
            form = await pick(kit, form, "save")
            json_bytes(dict(form["data"]))
    except InvalidData:
        return
    if form["type"] is FlowResultType.CREATE_ENTRY:
        await kit.settle()
        (widget,) = entry.subentries.values()
        kit.hass.config_entries.async_remove_subentry(entry, widget.subentry_id)
        await kit.settle()


@pytest.fixture
async def account(kit: GlancesKit) -> GlancesKit:
    """Return the kit with an account."""
    await kit.load()
    return kit


_NOTHING: dict[str, Any] = {"device": "iphone", "entity": {}, "fields": {}, "settings": {}, "state": "", "name": ""}
_TYPED = st.fixed_dictionaries(
    {
        "device": st.sampled_from(("iphone", "*")) | json_values,
        "entity": st.fixed_dictionaries(
            {}, optional={"entities": st.lists(st.sampled_from((_SENSOR, _UUID))) | json_values}
        ),
        "fields": st.fixed_dictionaries({}, optional=dict.fromkeys(map(str, Field), _SOURCES)),
        "settings": _SETTINGS,
        "state": encodable_texts.map(lambda text: text[:255]),
        "name": encodable_texts,
    },
    optional={"options": _OPTIONS},
)


@searching(40)
@given(typed=_TYPED)
@example({**_NOTHING, "entity": {"entities": [_UUID]}})
@example({**_NOTHING, "fields": {"text": "x"}, "settings": {"urgent_entities": [_UUID]}})
@example({**_NOTHING, "fields": {"count": '{{ "\\ud800" }}'}})
@example({**_NOTHING, "fields": {"text": '{{ "\\ud800" | int }}'}})
async def test_any_widget(account: GlancesKit, caplog: pytest.LogCaptureFixture, typed: dict[str, Any]) -> None:
    """What can be saved is shown; its preview is one table, whatever its templates and its entities say."""
    caplog.clear()
    facts = {"friendly_name": typed["name"], "unit_of_measurement": "W", "x": typed["state"]}
    account.hass.states.async_set(_SENSOR, typed["state"], facts)
    data = {**typed["fields"], "delivery": typed["settings"]}
    await _through(account, typed["device"], typed["entity"], data, typed.get("options"))
    await _through(account, "iphone", {"entities": [_SENSOR]}, {**typed["fields"], **DELIVERY}, typed.get("options"))
    await _through(account, "iphone", {"entities": [_SENSOR]}, None, typed.get("options"))
    assert {call.status for call in account.emulator.calls} == {200}
    assert_nothing_unexpected(caplog)


@searching(20)
@given(names=st.lists(texts | json_values, min_size=1, max_size=3))
@example(["<img src=x onerror=alert(1)> | [x](https://example.com) `y`"])
@example(["", "*", "a\ud800", "iphone", "iphone"])
async def test_any_device(account: GlancesKit, caplog: pytest.LogCaptureFixture, names: list[Any]) -> None:
    """A name that can be chosen makes a widget for that device, whose entities are there; the choice of all is last.

    A list without valid names is refused, and the devices that were known before are offered.
    """
    caplog.clear()
    body = json.dumps({"status": 1, "devices": names})
    account.emulator.faults[:] = [Fault(Kind.STATUS, None, path="/1/users/validate.json", status=200, body=body)]
    (entry,) = account.hass.config_entries.async_entries(DOMAIN)
    known = [*entry.runtime_data.devices.known]
    form = await start(account, entry)
    if not all(isinstance(name, str) for name in names):
        assert devices(form) == [*known, "*"]
        account.hass.config_entries.subentries.async_abort(form["flow_id"])
        return
    offered = devices(form)
    assert (offered[-1], len(offered)) == ("*", len({*offered}))
    form = await enter(account, await enter(account, form, device=offered[0]), text="x", **DELIVERY)
    assert_is_one_table(await markdown_of(account, form))
    done = await pick(account, form, "save")
    assert done["type"] is FlowResultType.CREATE_ENTRY
    (widget,) = entry.subentries.values()
    assert widget.data["device"] == ("" if offered == ["*"] else offered[0])
    json_bytes(dict(widget.as_dict()))
    entities = er.async_entries_for_config_entry(er.async_get(account.hass), entry.entry_id)
    assert len(entities) == _ENTITIES
    account.hass.config_entries.async_remove_subentry(entry, widget.subentry_id)
    await account.settle()
    assert_nothing_unexpected(caplog)


@searching(100)
@given(
    token=json_values | encodable_texts.filter(lambda text: text.strip() != EXAMPLE_TOKEN),
    user_key=json_values | encodable_texts,
    other=st.none() | json_values,
)
async def test_any_credentials(
    kit: GlancesKit, caplog: pytest.LogCaptureFixture, token: Any, user_key: Any, other: Any
) -> None:
    """What is no key never leaves the form."""
    caplog.clear()
    flows = kit.hass.config_entries.flow
    form = await flows.async_init(DOMAIN, context={"source": "user"})
    data = {"token": token, "user_key": user_key} | ({} if other is None else {"other": other})
    try:
        result = await flows.async_configure(form["flow_id"], data)
    except InvalidData:
        flows.async_abort(form["flow_id"])
    else:
        # What looks like a key is asked for, and one that is right would make an account.
        assert result["errors"]
        flows.async_abort(form["flow_id"])
    asked = [call.parameters[name] for call in kit.emulator.calls for name in ("token", "user")]
    assert all(re.fullmatch("[A-Za-z0-9]{30}", key) for key in asked)
    assert_nothing_unexpected(caplog)
