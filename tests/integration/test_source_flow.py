"""Choosing what a field shows: an entity, a text or a template, and how an entity is shown."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import State
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest

from .kit import DOOR, GlancesKit, widget
from .test_entity_sources import entity
from .test_widget_flow import (
    DEFAULTS,
    DELIVERY,
    choice,
    enter,
    fields_of,
    options,
    pick,
    preset,
    preview_of,
    save,
    sources,
    start,
)

# What an entity is shown as, unless it becomes a template.
AS_IT_IS = {"template": False}
# As versions before there were sources saved it: templates, a range as one, and plain words.
BEFORE: dict[str, Any] = {
    "title": "Garage door",
    "text": "{{ state_translated('cover.garage_door') }}",
    "subtext": "{{ states('sensor.power', with_unit=True) }}",
    "count": "{{ states('sensor.power') }}",
    "percent": (
        "{{ remap(states('sensor.power'), 0, 3000, 0, 100) if is_number(states('sensor.power'))"
        " else states('sensor.power') }}"
    ),
    "urgent_entities": [DOOR],
    **DEFAULTS,
}


def _choices(form: dict[str, Any], name: str) -> list[str]:
    """Return the choices of a field in the order in which they are shown."""
    selector = next(value for key, value in form["data_schema"].schema.items() if key == name)
    return list(selector.serialize()["selector"]["choose"]["choices"])


def _delivery(form: dict[str, Any]) -> dict[str, Any]:
    """Return the settings that a form has filled in."""
    section = next(value for key, value in form["data_schema"].schema.items() if key == "delivery")
    return {key.schema: key.description["suggested_value"] for key in section.schema.schema if key.description}


async def test_one_of_each(kit: GlancesKit) -> None:
    """Each source is saved as what it is, and comes back when the widget is changed."""
    await kit.state("sensor.a", "21", friendly_name="A")
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    assert [_choices(form, name)[0] for name in ("title", "text", "count")] == ["text", "entity", "entity"]
    chosen = {
        "title": choice("text", " {{ 1 }} "),
        "text": choice("entity", "sensor.a"),
        "subtext": choice("template", " {{ 1 + 1 }}"),
    }
    await save(kit, form, **chosen, **DELIVERY)
    (subentry,) = entry.subentries.values()
    saved = {"title": {"text": "{{ 1 }}"}, "text": entity("sensor.a"), "subtext": "{{ 1 + 1 }}"}
    assert dict(subentry.data) == {"device": "iphone", **saved, **DEFAULTS}
    kit.assert_pushed({"title": "{{ 1 }}", "text": "21", "subtext": "2"})
    form = await fields_of(kit, entry)
    assert {name: (_choices(form, name)[0], preset(form, name)) for name in saved} == {
        "title": ("text", "{{ 1 }}"),
        "text": ("entity", "sensor.a"),
        "subtext": ("template", "{{ 1 + 1 }}"),
    }
    await save(kit, form, **sources(form), **DELIVERY)
    (subentry,) = entry.subentries.values()
    assert dict(subentry.data) == {"device": "iphone", **saved, **DEFAULTS}


@pytest.mark.parametrize(
    "nothing",
    [
        pytest.param({"active_choice": "entity"}, id="no entity"),
        pytest.param({"active_choice": "entity", "entity": None}, id="entity that was taken out"),
        pytest.param({"active_choice": "text", "text": " "}, id="blank"),
        pytest.param({"active_choice": "template", "template": "", "entity": "sensor.a"}, id="other choice"),
        pytest.param({"active_choice": "entity", "entity": "0123456789abcdef0123456789abcdef"}, id="entity that is gone"),
    ],
)  # fmt: skip
async def test_nothing_chosen(kit: GlancesKit, nothing: dict[str, Any]) -> None:
    """A field without a source is left alone."""
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    await save(kit, form, title=choice("text", "T"), text=nothing, **DELIVERY)
    (subentry,) = entry.subentries.values()
    assert dict(subentry.data) == {"device": "iphone", "title": {"text": "T"}, **DEFAULTS}


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"text": "x"}, id="no choice"),
        pytest.param({"active_choice": "other", "other": "x"}, id="unknown choice"),
        pytest.param({"active_choice": ["text"], "text": "x"}, id="list of choices"),
        pytest.param({"active_choice": "entity", "entity": "no entity"}, id="no entity"),
        pytest.param({"active_choice": "text", "text": {"a": 1}}, id="no text"),
        pytest.param({"active_choice": "template", "template": "{{"}, id="no template"),
        pytest.param(["x"], id="list"),
    ],
)
async def test_what_the_frontend_does_not_send(kit: GlancesKit, wrong: Any) -> None:
    """It is refused."""
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    with pytest.raises(InvalidData):
        await enter(kit, form, text=wrong, **DELIVERY)


async def test_entity_by_the_id_of_its_registry_entry(kit: GlancesKit) -> None:
    """Home Assistant's selector takes it; the entity id is saved."""
    registered = er.async_get(kit.hass).async_get_or_create("sensor", "demo", "1", suggested_object_id="a")
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    await save(kit, form, text=choice("entity", registered.id), **DELIVERY)
    (subentry,) = entry.subentries.values()
    assert subentry.data["text"] == entity("sensor.a")


async def test_template_that_fails_stays_what_was_chosen(kit: GlancesKit) -> None:
    """After an error, each field is as it was filled in."""
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    form = await enter(
        kit, form, title=choice("entity", "sensor.a"), text=choice("template", "{{ 1 / 0 }}"), **DELIVERY
    )
    assert form["errors"] == {"text": "template_failed"}
    assert sources(form) == {"title": choice("entity", "sensor.a"), "text": choice("template", "{{ 1 / 0 }}")}


async def test_options_of_an_entity(kit: GlancesKit) -> None:
    """They are saved, kept while the entity stays, and gone with it."""
    attributes = {"friendly_name": "Oven", "unit_of_measurement": "W", "energy": 3.14159, "icon": "mdi:stove"}
    await kit.state("sensor.a", "1200.5", **attributes)
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    chosen = {"text": choice("entity", "sensor.a"), "count": choice("entity", "sensor.a")}
    form = await enter(kit, form, **chosen, **DELIVERY)
    assert options(form) == {"text": {"name": False, "unit": True, **AS_IT_IS}, "count": AS_IT_IS, "percent": AS_IT_IS}
    picked = {"attribute": "energy", "name": True, "decimals": 2, "unit": False}
    form = await enter(kit, form, text=picked, count={"min": 0, "max": 2401}, percent={})
    await pick(kit, form, "save")
    (subentry,) = entry.subentries.values()
    assert subentry.data["text"] == entity("sensor.a", **picked)
    assert subentry.data["count"] == entity("sensor.a", min=0, max=2401)
    kit.assert_pushed({"text": "Oven 3.14", "count": "50"})

    form = await fields_of(kit, entry)
    form = await enter(kit, form, **sources(form), **DELIVERY)
    numbers = {"count": {"min": 0, "max": 2401, **AS_IT_IS}, "percent": AS_IT_IS}
    assert options(form) == {"text": {**picked, **AS_IT_IS}, **numbers}
    form = await pick(kit, await enter(kit, form, **options(form)), "fields")
    form = await enter(kit, form, **{**sources(form), "text": choice("entity", "sensor.b")}, **DELIVERY)
    assert options(form) == {"text": {"name": False}, **numbers}


@pytest.mark.parametrize(
    ("entity_id", "state", "attributes", "offered"),
    [
        pytest.param("lock.a", "locked", {"friendly_name": "A", "icon": "x"}, {"detail", "name"}, id="words"),
        pytest.param("sensor.a", "3", {}, {"name", "decimals"}, id="number"),
        pytest.param("sensor.a", "3", {"unit_of_measurement": "W"}, {"name", "decimals", "unit"}, id="quantity"),
        pytest.param("fan.a", "on", {"preset_mode": "x"}, {"detail", "attribute", "name"}, id="attribute"),
        pytest.param("fan.a", "on", {"step": 3}, {"detail", "attribute", "name", "decimals"}, id="number in an attribute"),
        pytest.param(
            "fan.a", "on", {"percentage": 3}, {"detail", "attribute", "name", "decimals", "unit"}, id="quantity in an attribute"
        ),
    ],
)  # fmt: skip
async def test_options_that_make_sense(
    kit: GlancesKit, entity_id: str, state: str, attributes: dict[str, Any], offered: set[str]
) -> None:
    """Nothing is asked that would change nothing."""
    await kit.state(entity_id, state, **attributes)
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    form = await enter(kit, form, text=choice("entity", entity_id), **DELIVERY)
    (section,) = form["data_schema"].schema.values()
    assert {key.schema for key in section.schema.schema} - {"template"} == offered


async def test_options_of_an_entity_that_is_away(kit: GlancesKit) -> None:
    """What was chosen can be seen, and stays, while nothing is known of the entity."""
    chosen = {"attribute": "x", "name": True, "decimals": 1, "unit": False}
    entry = await kit.load(widget(text=entity("sensor.a", **chosen)))
    form = await fields_of(kit, entry)
    form = await enter(kit, form, **sources(form), **DELIVERY)
    assert options(form) == {"text": chosen}


@pytest.mark.parametrize(
    ("state", "attributes", "chosen", "collapsed"),
    [
        pytest.param("50", {"unit_of_measurement": "%"}, {}, True, id="percentage"),
        pytest.param("50", {"device_class": "battery"}, {}, True, id="battery"),
        pytest.param("50", {"unit_of_measurement": "W"}, {}, False, id="other number"),
        pytest.param("50", {"unit_of_measurement": "W"}, {"min": 0, "max": 1}, True, id="range"),
        pytest.param("on", {"percentage": 5}, {"attribute": "percentage"}, True, id="attribute that is a percentage"),
        pytest.param("on", {"brightness": 5}, {"attribute": "brightness"}, False, id="other attribute"),
    ],
)
async def test_range_is_asked_where_it_is_needed(
    kit: GlancesKit, state: str, attributes: dict[str, Any], chosen: dict[str, Any], *, collapsed: bool
) -> None:
    """The section of a percent that is none by itself is open."""
    await kit.state("sensor.a", state, **attributes)
    entry = await kit.load(widget(percent=entity("sensor.a", **chosen)))
    form = await fields_of(kit, entry)
    form = await enter(kit, form, **sources(form), **DELIVERY)
    (section,) = form["data_schema"].schema.values()
    assert section.options == {"collapsed": collapsed}


async def test_preview_of_entities(kit: GlancesKit) -> None:
    """It tells what each says, what has no value, and which numbers look like a part of 1."""
    await kit.state("sensor.share", "0.85", friendly_name="Share")
    await kit.state("sensor.word", "drying")
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    fields = {"title": "sensor.gone", "text": "sensor.word", "count": "sensor.word", "percent": "sensor.share"}
    chosen = {name: choice("entity", entity_id) for name, entity_id in fields.items()}
    said = (await preview_of(kit, form, **chosen, **DELIVERY))["description_placeholders"]
    assert (said["title"], said["text"]) == ("\N{WARNING SIGN} unknown", "drying")
    assert said["count"].startswith("\N{WARNING SIGN} drying · **Count takes one number")
    assert said["percent"].startswith(r"1 (0\.85) · **Percent takes a number from 0 to 100.")
    assert "the ring is empty and full" in said["percent"]
    assert "Share" in said["entities"]


async def test_account_removed_before_the_options(kit: GlancesKit) -> None:
    """The flow ends, and says so."""
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    form = await enter(kit, form, text=choice("entity", "sensor.a"), **DELIVERY)
    await kit.hass.config_entries.async_remove(entry.entry_id)
    form = await enter(kit, form, **options(form))
    assert (form["type"], form["reason"]) == (FlowResultType.ABORT, "account_removed")


async def test_widget_of_an_earlier_version(kit: GlancesKit) -> None:
    """It shows what it showed, opens with its templates, and is saved as it was."""
    await kit.state(DOOR, "closed")
    await kit.state("sensor.power", "1500", unit_of_measurement="W")
    entry = kit.account(widget(**BEFORE))
    assert entry.version == 1
    await kit.setup(entry)
    assert (entry.version, entry.state) == (3, ConfigEntryState.LOADED)
    kit.assert_pushed({"title": "Garage door", "text": "closed", "subtext": "1500 W", "count": "1500", "percent": "50"})
    before = dict(next(iter(entry.subentries.values())).data)
    form = await fields_of(kit, entry)
    fields = ("title", "text", "subtext", "count", "percent")
    assert sources(form) == {name: choice("template", BEFORE[name]) for name in fields}
    result = await save(kit, form, **sources(form), delivery=_delivery(form))
    assert result["reason"] == "reconfigure_successful"
    (subentry,) = entry.subentries.values()
    assert dict(subentry.data) == before


async def test_source_with_a_key_of_a_later_version(kit: GlancesKit) -> None:
    """What a later minor version has added to an entity is not needed to show it."""
    await kit.state("sensor.a", "21")
    await kit.load(widget(text=entity("sensor.a", later=True)))
    kit.assert_pushed({"text": "21"})


def _offers_template(form: dict[str, Any], name: str) -> bool:
    section = next(value for key, value in form["data_schema"].schema.items() if key == name)
    return "template" in [key.schema for key in section.schema.schema]


@pytest.mark.parametrize(
    ("state", "chosen"),
    [
        pytest.param(State("cover.a", "open"), {}, id="words"),
        pytest.param(State("sensor.a", "21.53", {"unit_of_measurement": "°C"}), {}, id="number"),
        pytest.param(State("sensor.a", "21.53", {"unit_of_measurement": "°C"}), {"unit": False}, id="no unit"),
        pytest.param(State("sensor.a", "21.5", {"unit_of_measurement": "W"}), {"decimals": 2}, id="decimals"),
        pytest.param(State("cover.a", "open", {"friendly_name": "It's"}), {"name": True}, id="name"),
        pytest.param(State("climate.a", "heat", {"temperature": 21}), {"attribute": "temperature"}, id="attribute"),
        pytest.param(
            State("climate.a", "heat", {"hvac_action": "idle"}), {"attribute": "hvac_action"}, id="words in it"
        ),
    ],
)
async def test_text_as_a_template(kit: GlancesKit, state: State, chosen: dict[str, Any]) -> None:
    """The form goes back to the fields with a template that shows the same."""
    for domain in ("climate", "cover"):
        assert await async_setup_component(kit.hass, domain, {})
    await kit.state(state.entity_id, state.state, **state.attributes)
    entry = await kit.load(widget(text=entity(state.entity_id, **chosen)))
    form = await fields_of(kit, entry)
    form = await enter(kit, form, **sources(form), **DELIVERY)
    form = await enter(kit, form, text={**options(form)["text"], "template": True})
    assert (form["step_id"], _choices(form, "text")[0]) == ("fields", "template")
    assert state.entity_id in preset(form, "text")
    before = kit.pushed()
    await save(kit, form, **sources(form), **DELIVERY)
    assert isinstance(next(iter(entry.subentries.values())).data["text"], str)
    await kit.tick(4 * 60 * 60)
    assert kit.pushed() == before


async def test_numbers_as_templates(kit: GlancesKit) -> None:
    """A number, and its place in a range, beyond its ends as well."""
    await kit.state("sensor.a", "15", friendly_name="A")
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone", entities=["sensor.a"])
    form = await pick(kit, form, "entities")
    filled = {**options(form), "count": {"min": 20, "max": 10, "template": True}}
    form = await enter(kit, form, **{**filled, "percent": {"min": 0, "max": 10, "template": True}})
    assert (form["step_id"], preset(form, "text"), _choices(form, "percent")[0]) == ("fields", "sensor.a", "template")
    await save(kit, form, **sources(form), **DELIVERY)
    kit.assert_pushed({"title": "A", "text": "15", "count": "50", "percent": "100"})


async def test_template_that_would_show_something_else(kit: GlancesKit) -> None:
    """It is not offered for a time, and refused for an attribute that is one."""
    await kit.state("sensor.a", "2026-11-24T12:00:00+00:00")
    await kit.state("sensor.b", "1", at="2026-11-24T12:00:00+00:00")
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    chosen = {"text": choice("entity", "sensor.a"), "subtext": choice("entity", "sensor.b")}
    form = await enter(kit, form, **chosen, **DELIVERY)
    assert (_offers_template(form, "text"), _offers_template(form, "subtext")) == (False, True)
    picked = {"attribute": "at", "template": True}
    form = await enter(kit, form, text={}, subtext=picked)
    assert (form["step_id"], form["errors"]) == ("entities", {"subtext": "no_such_template"})
    assert options(form)["subtext"]["attribute"] == "at"
    form = await enter(kit, form, text={}, subtext={"attribute": "at"})
    assert form["step_id"] == "preview"


async def test_options_of_an_entity_that_was_renamed(kit: GlancesKit) -> None:
    """The entity that takes the place of one that is gone has its options."""
    await kit.state("sensor.a", "1500")
    await kit.state("sensor.b", "1500")
    entry = await kit.load(widget(percent=entity("sensor.a", min=0, max=3000)))
    kit.hass.states.async_remove("sensor.a")
    form = await fields_of(kit, entry)
    form = await enter(kit, form, percent=choice("entity", "sensor.b"), **DELIVERY)
    assert options(form) == {"percent": {"min": 0, "max": 3000, **AS_IT_IS}}


async def test_detail_of_an_entity(kit: GlancesKit) -> None:
    """It is offered where there is any, saved, kept while its entity stays, and gone with another kind of entity."""
    await kit.state("weather.a", "sunny", temperature=21)
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    form = await enter(kit, form, text=choice("entity", "weather.a"), count=choice("entity", "weather.a"), **DELIVERY)
    assert _details(form) == {"text": ["temperature_and_condition"], "count": [], "percent": []}
    picked = {"detail": "temperature_and_condition", "attribute": "temperature"}
    form = await enter(kit, form, text=picked, count={}, percent={})
    assert (form["step_id"], form["errors"]) == ("entities", {"text": "detail_and_attribute"})
    picked = {"detail": "temperature_and_condition"}
    form = await enter(kit, form, text=picked, count={"attribute": "temperature"}, percent={})
    await pick(kit, form, "save")
    (subentry,) = entry.subentries.values()
    assert subentry.data["text"] == entity("weather.a", detail="temperature_and_condition")
    kit.assert_pushed({"text": "21° sunny", "count": "21"})

    form = await fields_of(kit, entry)
    form = await enter(kit, form, **sources(form), **DELIVERY)
    assert options(form)["text"] == {"detail": "temperature_and_condition", "name": False, "unit": True}
    kit.hass.states.async_remove("weather.a")
    await kit.state("sensor.a", "3")
    form = await fields_of(kit, entry)
    form = await enter(kit, form, text=choice("entity", "sensor.a"), **DELIVERY)
    assert "detail" not in options(form)["text"]


def _details(form: dict[str, Any]) -> dict[str, list[str]]:
    """Return the details that each section offers."""
    return {
        str(name): next((item.config["options"] for key, item in section.schema.schema.items() if key == "detail"), [])
        for name, section in form["data_schema"].schema.items()
    }


async def test_field_of_several_entities(kit: GlancesKit) -> None:
    """Its entities can be changed; how they are shown stays while one of them does."""
    for name in ("a", "b", "c"):
        await kit.state(f"binary_sensor.{name}", "on", device_class="window")
    ids: Any = [f"binary_sensor.{name}" for name in ("a", "b")]
    changed: Any = ["binary_sensor.a", "binary_sensor.c"]
    several = {"entity": {"entity_id": ids, "detail": "how_many"}}
    entry = await kit.load(widget(text=several, subtext={"entity": {"entity_id": ids}}))
    form = await fields_of(kit, entry)
    assert sources(form)["text"] == choice("entity", ids)
    form = await enter(kit, form, **sources(form), **DELIVERY)
    assert form["description_placeholders"]["text_entity"] == "a, b"
    assert _details(form)["text"] == ["how_many", "names"]
    assert options(form) == {"text": {"detail": "how_many", "name": False}, "subtext": {}}
    form = await pick(kit, await enter(kit, form, **options(form)), "fields")
    others = {"text": choice("entity", changed), "subtext": choice("entity", ids[:1])}
    form = await enter(kit, form, **others, **DELIVERY)
    await pick(kit, await enter(kit, form, **options(form)), "save")
    (subentry,) = entry.subentries.values()
    assert subentry.data["text"] == {"entity": {"entity_id": changed, "detail": "how_many"}}
    assert subentry.data["subtext"] == entity("binary_sensor.a")


async def test_detail_of_a_later_version(kit: GlancesKit) -> None:
    """What a later version has chosen stays in the form."""
    entry = await kit.load(widget(text=entity("sensor.a", detail="later")))
    form = await fields_of(kit, entry)
    form = await enter(kit, form, **sources(form), **DELIVERY)
    assert _details(form)["text"] == ["later"]
    assert options(form)["text"] == {"detail": "later", "name": False}
