"""Adding and changing a widget."""

from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER, ConfigEntryState
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.selector import ChooseSelector
import pytest
import voluptuous as vol

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.pushover import Field
from emulator import Fault, Kind
from emulator.world import NO_DEVICE_USER, SECOND_TOKEN, SECOND_USER

from .kit import DOOR, ROUNDING, SPACING, GlancesKit, widget

DELIVERY: dict[str, Any] = {"delivery": {}}
DEFAULTS = {"min_interval": 1200, "daily_limit": 50, "time_stamp": "none", "unavailable": "dash"}


async def start(kit: GlancesKit, entry: Any, **context: str) -> dict[str, Any]:
    """Begin to add a widget, or to change one."""
    flow_context: Any = {"source": SOURCE_USER, **context}
    return dict(await kit.hass.config_entries.subentries.async_init((entry.entry_id, "widget"), context=flow_context))


async def enter(kit: GlancesKit, form: dict[str, Any], **data: Any) -> dict[str, Any]:
    """Fill in a form."""
    result = await kit.hass.config_entries.subentries.async_configure(form["flow_id"], data)
    await kit.settle()
    return dict(result)


async def pick(kit: GlancesKit, menu: dict[str, Any], option: str) -> dict[str, Any]:
    """Select an option of a menu."""
    assert menu["type"] is FlowResultType.MENU, menu
    assert option in menu["menu_options"]
    return await enter(kit, menu, next_step_id=option)


async def change(kit: GlancesKit, entry: Any, device: str = "", subentry_id: str = "") -> dict[str, Any]:
    """Begin to change a widget, the first one by default, and go on to its preview; it may move to another device."""
    subentry_id = subentry_id or entry.get_subentries_of_type("widget")[0].subentry_id
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=subentry_id)
    return await enter(kit, form, device=device or preset(form, "device"))


async def fields_of(kit: GlancesKit, entry: Any, device: str = "", subentry_id: str = "") -> dict[str, Any]:
    """Begin to change a widget, the first one by default, and go on to its fields."""
    return await pick(kit, await change(kit, entry, device, subentry_id), "fields")


async def preview_of(kit: GlancesKit, form: dict[str, Any], **data: Any) -> dict[str, Any]:
    """Fill in the fields, leave the options of their entities as they are, and go on to the preview."""
    form = await enter(kit, form, **data)
    return await enter(kit, form, **options(form)) if form.get("step_id") == "entities" else form


async def save(kit: GlancesKit, form: dict[str, Any], **data: Any) -> dict[str, Any]:
    """Fill in the fields, look at the preview, and save."""
    return await pick(kit, await preview_of(kit, form, **data), "save")


def devices(form: dict[str, Any]) -> list[str]:
    """Return the devices that a form offers."""
    return [option["value"] for option in form["data_schema"].schema["device"].config["options"]]


def filled(key: Any) -> Any:
    """Return what a form shows for a key: a suggestion, or a default."""
    suggested = (key.description or {}).get("suggested_value")
    return suggested if suggested is not None else key.default() if callable(key.default) else None


def preset(form: dict[str, Any], name: str) -> Any:
    """Return what a form has filled in: a default, or a suggestion."""
    (key,) = (key for key in form["data_schema"].schema if key == name)
    return filled(key)


def summary_in(form: dict[str, Any]) -> dict[str, Any]:
    """Return what the section for a summary has filled in."""
    (part,) = (part for key, part in form["data_schema"].schema.items() if key == "summary")
    return {key.schema: value for key in part.schema.schema if (value := filled(key)) is not None}


def choice(kind: str, value: str) -> dict[str, str]:
    """Return a source as the frontend sends it."""
    return {"active_choice": kind, kind: value}


def sources(form: dict[str, Any]) -> dict[str, Any]:
    """Return the filled-in sources of a form as the frontend sends them: in the first choice of each field."""
    chosen = {
        key.schema: choice(next(iter(selector.config["choices"])), suggested)
        for key, selector in form["data_schema"].schema.items()
        if isinstance(selector, ChooseSelector) and (suggested := preset(form, key.schema))
    }
    assert chosen.keys() <= {*Field}
    return chosen


def options(form: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return how the entities of the fields are shown, as the frontend sends it: with what is filled in."""
    schema = form["data_schema"].schema
    # If a section has a default, the frontend sends that instead of what is filled in.
    assert [key for key in schema if not isinstance(key.default, vol.Undefined)] == []
    sections = {key.schema: value.schema.schema for key, value in schema.items()}
    return {
        name: {key.schema: value for key in schema if (value := filled(key)) is not None}
        for name, schema in sections.items()
    }


async def test_widget(kit: GlancesKit) -> None:
    """A device of the account's own list and its templates make a widget, which shows them at once."""
    entry = await kit.load()
    form = await start(kit, entry)
    assert (form["step_id"], devices(form), preset(form, "device")) == ("user", ["iphone", "ipad", "*"], "iphone")
    form = await enter(kit, form, device="iphone")
    assert (form["step_id"], form["description_placeholders"]["device"]) == ("fields", "iphone")
    result = await save(kit, form, title="Garage door", text=" ", percent="{{ 50 }}", **DELIVERY)
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "iphone")
    (subentry,) = entry.subentries.values()
    assert subentry.unique_id == "iphone"
    assert dict(subentry.data) == {
        "device": "iphone",
        "title": "Garage door",
        "percent": "{{ 50 }}",
        **DEFAULTS,
    }
    kit.assert_pushed({"title": "Garage door", "percent": "50"})


async def test_sole_device_is_preselected(kit: GlancesKit) -> None:
    """Where there is nothing to choose, it is chosen."""
    entry = await kit.load(token=SECOND_TOKEN, user_key=SECOND_USER)
    assert preset(await start(kit, entry), "device") == "pixel"


async def test_account_without_devices(kit: GlancesKit) -> None:
    """All devices can be chosen before there is one."""
    entry = await kit.load(user_key=NO_DEVICE_USER)
    form = await start(kit, entry)
    assert devices(form) == ["*"]


async def test_all_devices(kit: GlancesKit) -> None:
    """A widget for all devices has no device of its own, and is alone."""
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="*")
    result = await save(kit, form, text="x", **DELIVERY)
    assert result["title"] == "All devices"
    (subentry,) = entry.subentries.values()
    assert (subentry.unique_id, subentry.data["device"]) == ("*", "")
    assert kit.emulator.glances == [{"text": "x"}]

    menu = await enter(kit, await start(kit, entry), device="ipad")
    assert (menu["step_id"], menu["description_placeholders"]["widget"]) == ("exists", "All devices")


async def test_all_devices_beside_others(kit: GlancesKit) -> None:
    """A widget for all devices cannot come second; another device can."""
    entry = await kit.load(widget("iphone"))
    form = await enter(kit, await start(kit, entry), device="*")
    assert (form["step_id"], form["errors"]) == ("user", {"device": "all_devices_alone"})
    form = await enter(kit, form, device="ipad")
    assert (await save(kit, form, **DELIVERY))["type"] is FlowResultType.CREATE_ENTRY


async def test_device_that_has_a_widget_leads_to_that_widget(kit: GlancesKit) -> None:
    """The flow explains it and offers to edit the one that is there."""
    entry = await kit.load(widget("iphone", title="Old", text="{{ 1 }}"))
    menu = await enter(kit, await start(kit, entry), device="iphone")
    assert (menu["step_id"], menu["menu_options"]) == ("exists", ["keep", "user"])
    assert menu["description_placeholders"]["widget"] == "iphone"
    form = await pick(kit, await pick(kit, menu, "keep"), "fields")
    assert (form["step_id"], preset(form, "title"), preset(form, "text")) == ("fields", "Old", "{{ 1 }}")
    result = await save(kit, form, title="New", **DELIVERY)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    (subentry,) = entry.subentries.values()
    assert dict(subentry.data) == {"device": "iphone", "title": "New", **DEFAULTS}


@pytest.mark.parametrize(
    ("template", "error"),
    [
        pytest.param("{{ states | list | count }}", "template_over_all_states", id="all-states"),
        pytest.param("{{ states | count }}", "template_over_all_states", id="number-of-states"),
        pytest.param("{{ 1 / 0 }}", "template_failed", id="fails"),
        pytest.param("{{ nonsense() }}", "template_failed", id="unknown-function"),
    ],
)
async def test_bad_template(kit: GlancesKit, template: str, error: str) -> None:
    """What is wrong with a template stands on its field, and what was typed stays."""
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    form = await enter(kit, form, title="Typed", text=template, **DELIVERY)
    assert form["errors"] == {"text": error}
    assert (preset(form, "title"), preset(form, "text")) == ("Typed", template)
    result = await save(kit, form, title="Typed", **DELIVERY)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_slow_template(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that would hold up Home Assistant is refused."""
    monkeypatch.setattr("custom_components.pushover_glances.content.rendering._RENDER_TIMEOUT", 0.05)
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    slow = "{% for a in range(3000) %}{% for b in range(3000) %}{% endfor %}{% endfor %}"
    calling = kit.hass.async_create_task(enter(kit, form, text=slow, **DELIVERY))
    await kit.until(calling.done, ticking=1)
    assert calling.result()["errors"] == {"text": "template_too_slow"}


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        pytest.param({"min_interval": 0.98}, "min_interval_out_of_range", id="too-often"),
        pytest.param({"min_interval": 1441}, "min_interval_out_of_range", id="too-rarely"),
        pytest.param({"daily_limit": -1}, "daily_limit_out_of_range", id="limit-negative"),
        pytest.param({"daily_limit": 1441}, "daily_limit_out_of_range", id="limit-too-large"),
        pytest.param({"daily_limit": 1.5}, "daily_limit_out_of_range", id="half-an-update"),
        pytest.param({"quiet_from": "22:00:00"}, "quiet_hours_incomplete", id="no-end"),
        pytest.param({"quiet_until": "22:00:00"}, "quiet_hours_incomplete", id="no-beginning"),
        pytest.param({"quiet_from": "22:00:00", "quiet_until": "22:00:00"}, "quiet_hours_empty", id="empty"),
        pytest.param({"quiet_while": "person.anna"}, "quiet_while_not_on_or_off", id="quiet-while-home"),
    ],
)
async def test_delivery_settings_have_limits(kit: GlancesKit, settings: dict[str, object], error: str) -> None:
    """What is out of its limits has its error on the opened section, and what was typed stays."""
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    form = await enter(kit, form, title="Typed", delivery=settings)
    assert form["errors"] == {"delivery": error}
    assert preset(form, "title") == "Typed"
    delivery = next(value for key, value in form["data_schema"].schema.items() if key == "delivery")
    assert delivery.options == {"collapsed": False}
    assert (await save(kit, form, title="Typed", **DELIVERY))["type"] is FlowResultType.CREATE_ENTRY


async def test_delivery_settings(kit: GlancesKit) -> None:
    """Every setting is saved, and comes back when the widget is changed."""
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    settings = {
        "urgent_entities": [DOOR],
        "min_interval": 1.5,
        "daily_limit": 0,
        "quiet_from": "22:00:00",
        "quiet_until": "07:00:00",
        "quiet_while": "input_boolean.bedtime",
        "time_stamp": "subtext",
        "unavailable": "keep",
    }
    await save(kit, form, title="x", delivery=settings)
    (subentry,) = entry.subentries.values()
    assert dict(subentry.data) == {"device": "iphone", "title": "x", **settings, "min_interval": 90}
    form = await fields_of(kit, entry)
    delivery = next(value for key, value in form["data_schema"].schema.items() if key == "delivery")
    assert delivery.options == {"collapsed": True}
    suggested = {key.schema: (key.description or {}).get("suggested_value") for key in delivery.schema.schema}
    assert suggested == settings
    await save(kit, form, title="x", delivery={})
    (subentry,) = entry.subentries.values()
    assert dict(subentry.data) == {"device": "iphone", "title": "x", **DEFAULTS}


async def test_reconfigure(kit: GlancesKit) -> None:
    """Templates, spacing and device of a widget can be changed; one reload takes them over."""
    entry = await kit.load(widget("iphone", title="Old"))
    (subentry_id,) = entry.subentries
    kit.assert_pushed({"title": "Old"})
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=subentry_id)
    assert (form["step_id"], preset(form, "device"), preset(form, "entities")) == ("reconfigure", "iphone", [])
    form = await pick(kit, await enter(kit, form, device="ipad"), "fields")
    assert (form["step_id"], preset(form, "title")) == ("fields", "Old")
    result = await save(kit, form, title="New", delivery={"min_interval": 1})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    (subentry,) = entry.subentries.values()
    assert (subentry.subentry_id, subentry.unique_id, subentry.title) == (subentry_id, "ipad", "ipad")
    assert dict(subentry.data) == {"device": "ipad", "title": "New", **DEFAULTS, "min_interval": 60}
    assert entry.state is ConfigEntryState.LOADED
    await kit.tick(61)
    assert kit.emulator.glances[-2:] == [{"device": "ipad", "title": "New"}, {"device": "iphone", "title": ""}]


async def test_moved_widget_shows_the_same_on_its_new_device(kit: GlancesKit) -> None:
    """What the old device shows is not what the new one does."""
    entry = await kit.load(widget("iphone", title="Same"))
    await pick(kit, await change(kit, entry, "ipad"), "save")
    assert [glance["device"] for glance in kit.emulator.glances] == ["iphone", "ipad"]


@pytest.mark.parametrize("source", [SOURCE_USER, SOURCE_RECONFIGURE])
async def test_pushover_out_of_reach(kit: GlancesKit, source: str) -> None:
    """Where the devices are not known, there is nothing to choose from, and the flow says so."""
    entry = await kit.load(widget("iphone"))
    await kit.hass.config_entries.async_unload(entry.entry_id)
    kit.emulator.faults.append(Fault(Kind.STATUS, status=503))
    form = await start(kit, entry, source=source, subentry_id=next(iter(entry.subentries)))
    assert (form["type"], form["reason"]) == (FlowResultType.ABORT, "cannot_connect")


async def test_widget_is_added_and_changed_during_an_outage(kit: GlancesKit) -> None:
    """The devices that the account knows can be chosen, and what is saved goes when Pushover is there again."""
    entry = await kit.load(widget("iphone", title="Old"))
    kit.pushed()
    kit.emulator.faults.append(Fault(Kind.STATUS, status=503, times=None))
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=next(iter(entry.subentries)))
    assert (form["step_id"], devices(form)) == ("reconfigure", ["iphone", "ipad", "*"])
    form = await pick(kit, await enter(kit, form, device="iphone"), "fields")
    result = await save(kit, form, title="New", **DELIVERY)
    assert result["reason"] == "reconfigure_successful"
    form = await start(kit, entry)
    assert (form["step_id"], devices(form)) == ("user", ["iphone", "ipad", "*"])
    form = await enter(kit, form, device="ipad")
    assert (await save(kit, form, title="Added", **DELIVERY))["type"] is FlowResultType.CREATE_ENTRY
    kit.assert_nothing_pushed()
    kit.emulator.faults.clear()
    await kit.tick(SPACING + ROUNDING)
    assert sorted(glance["title"] for glance in kit.pushed()) == ["Added", "New"]


async def test_widget_of_an_account_that_is_not_loaded(kit: GlancesKit) -> None:
    """The flow asks Pushover itself, so it works as long as Pushover does."""
    entry = kit.account()
    await kit.prepare()
    form = await enter(kit, await start(kit, entry), device="iphone")
    assert (await save(kit, form, text="x", **DELIVERY))["type"] is FlowResultType.CREATE_ENTRY
    assert kit.hass.config_entries.async_entries(DOMAIN) == [entry]


async def test_template_whose_entity_is_away_is_no_mistake(kit: GlancesKit) -> None:
    """A widget can be changed while one of its sources is unavailable."""
    await kit.state("sensor.a", "unavailable")
    entry = await kit.load(widget(text="{{ states('sensor.a') | float | round(1) }}"))
    form = await fields_of(kit, entry)
    result = await save(kit, form, text=preset(form, "text"), delivery={"min_interval": 1})
    assert result["reason"] == "reconfigure_successful"


async def test_several_bad_templates(kit: GlancesKit) -> None:
    """The first is explained in its own words, and no field has the words of another."""
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    form = await enter(
        kit, form, title="{{ 1 / 0 }}", text="{{ nonsense() }}", subtext="{{ states | count }}", **DELIVERY
    )
    assert form["errors"] == {
        "title": "template_failed",
        "text": "template_failed_too",
        "subtext": "template_over_all_states",
    }
    assert "division by zero" in form["description_placeholders"]["error"]


async def test_template_that_renders_too_much(kit: GlancesKit) -> None:
    """Home Assistant renders no more than 256 KiB, and says so only when asked."""
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    form = await enter(kit, form, text="{{ 'x' * 300000 }}", **DELIVERY)
    assert form["errors"] == {"text": "template_failed"}
    assert "maximum size" in form["description_placeholders"]["error"]
