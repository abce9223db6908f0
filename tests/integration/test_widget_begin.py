"""What a widget begins with: entities, or a copy of another widget, and what changes when it begins again."""

import base64
from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.pushover_glances.pushover import Field
from emulator import User
from emulator.world import EXAMPLE_USER, SECOND_TOKEN, SECOND_USER

from .kit import DOOR, GlancesKit, added, widget
from .test_entity_sources import entity
from .test_source_flow import BEFORE
from .test_widget_flow import (
    DEFAULTS,
    DELIVERY,
    change,
    choice,
    enter,
    fields_of,
    options,
    pick,
    preset,
    save,
    sources,
    start,
)
from .test_widget_preview import begin, filled_in

_SETTINGS: dict[str, Any] = {
    **DEFAULTS,
    "urgent_entities": ["lock.a"],
    "min_interval": 90,
    "quiet_from": "22:00:00",
    "quiet_until": "06:00:00",
    "time_stamp": "title",
}


@pytest.fixture(autouse=True)
async def entities(kit: GlancesKit) -> None:
    """Set a few states."""
    await kit.state(DOOR, "closed", friendly_name="Garage door", device_class="garage")
    await kit.state("lock.a", "locked", friendly_name="Front door")
    for number in range(6):
        await kit.state(f"sensor.n{number}", str(number), friendly_name=f"Number {number}", unit_of_measurement="W")


def offered(form: dict[str, Any], name: str) -> dict[str, str]:
    """Return the labels that a choice offers, by value; empty if the form has no such choice."""
    selector = next((value for key, value in form["data_schema"].schema.items() if key == name), None)
    return {} if selector is None else {item["value"]: item["label"] for item in selector.config["options"]}


def picture(form: dict[str, Any]) -> str:
    """Return the watch faces that a step shows."""
    return base64.b64decode(form["description_placeholders"]["picture"].partition(",")[2]).decode()


def only(entry: Any) -> dict[str, Any]:
    """Return what the only widget of an account has saved."""
    (there,) = entry.get_subentries_of_type("widget")
    return dict(there.data)


def settings(data: dict[str, Any]) -> dict[str, Any]:
    """Return what is saved besides the sources."""
    return {key: value for key, value in data.items() if key not in (*Field,)}


def shown(data: dict[str, Any]) -> list[str]:
    """Return the entities that saved sources show, each once."""
    found = [data[name]["entity"]["entity_id"] for name in Field if "entity" in data.get(name, {})]
    return list(dict.fromkeys(found))


async def test_entity_to_the_watch(kit: GlancesKit) -> None:
    """Two forms are enough: what to show, and the preview."""
    entry = await kit.load()
    result = await pick(kit, await begin(kit, "sensor.n1"), "save")
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "iphone")
    assert only(entry)["text"] == entity("sensor.n1")
    (glance,) = kit.pushed()
    assert glance["subtext"] == "12:00 PM"


async def test_first_device_without_a_widget_is_preselected(kit: GlancesKit) -> None:
    """The frontend would select the first of all, which has a widget; a widget for all devices leaves none."""
    kit.emulator.world.add(User.with_devices(EXAMPLE_USER, "iphone", "ipad", "watch"))
    entry = await kit.load(widget("iphone", text="x"))
    assert preset(await start(kit, entry), "device") == "ipad"
    (there,) = entry.subentries.values()
    kit.hass.config_entries.async_update_subentry(entry, there, data={"device": ""}, unique_id="*")
    await kit.settle()
    assert preset(await start(kit, entry), "device") is None


async def test_several_entities(kit: GlancesKit) -> None:
    """Five are taken, each once, also by the ids of their registry entries; a sixth is too many."""
    registered = er.async_get(kit.hass).async_get_or_create("sensor", "demo", "1", suggested_object_id="n9")
    await kit.load()
    form = await begin(kit, *(f"sensor.n{number}" for number in range(6)))
    assert (form["step_id"], form["errors"]) == ("user", {"entities": "too_many_entities"})
    assert len(preset(form, "entities")) == 6
    chosen = ["sensor.n0", registered.id, "sensor.n0", "sensor.n1", "sensor.n2", "sensor.n3", "sensor.n0"]
    menu = await enter(kit, form, device="iphone", entities=chosen)
    assert (menu["type"], menu["step_id"]) == (FlowResultType.MENU, "preview")
    assert menu["description_placeholders"]["title"].startswith("Number 0")


async def test_entity_that_has_been_removed(kit: GlancesKit) -> None:
    """The id of a registry entry that is gone is no entity, so that the fields are asked for."""
    await kit.load()
    assert (await begin(kit, "0123456789abcdef0123456789abcdef"))["step_id"] == "fields"


async def test_copy(kit: GlancesKit) -> None:
    """Fields and delivery settings are taken over, also from another account; device, name and alerts are not."""
    await kit.load(
        widget("pixel", called="Anna's *watch*", title={"text": "A"}, text=entity("lock.a", name=True), **_SETTINGS),
        token=SECOND_TOKEN,
        user_key=SECOND_USER,
    )
    entry = await kit.load(widget("ipad", text="x"))
    form = await start(kit, entry)
    labels = offered(form, "copy")
    assert sorted(labels.values()) == [f"Anna's *watch* (Account {SECOND_USER[-4:]})", f"ipad ({entry.title})"]
    other = next(subentry_id for subentry_id, label in labels.items() if label.startswith("Anna"))
    menu = await enter(kit, form, device="iphone", copy=other)
    assert menu["step_id"] == "preview"
    result = await pick(kit, menu, "save")
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "iphone")
    assert result["data"] == {
        "device": "iphone",
        "title": {"text": "A"},
        "text": entity("lock.a", name=True),
        **_SETTINGS,
    }


async def test_nothing_to_copy(kit: GlancesKit) -> None:
    """The first widget of all has no such choice, nor has one that is changed."""
    entry = await kit.load()
    assert offered(await start(kit, entry), "copy") == {}
    kit.hass.config_entries.async_add_subentry(entry, added(widget(text="x")))
    await kit.settle()
    (there,) = entry.subentries
    assert offered(await start(kit, entry), "copy") == {there: f"iphone ({entry.title})"}
    assert offered(await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=there), "copy") == {}


async def test_copy_and_entities(kit: GlancesKit) -> None:
    """Only one of them can fill in the fields; after an error, both are still chosen."""
    entry = await kit.load(widget("ipad", text="x"))
    (there,) = entry.subentries
    form = await enter(kit, await start(kit, entry), device="iphone", entities=[DOOR], copy=there)
    assert (form["step_id"], form["errors"]) == ("user", {"copy": "entities_and_copy"})
    assert (preset(form, "device"), preset(form, "entities"), preset(form, "copy")) == ("iphone", [DOOR], there)
    menu = await enter(kit, form, device="iphone", copy=there)
    assert menu["description_placeholders"]["text"] == "x"


@pytest.mark.parametrize("chosen", ["entities", "copy"])
async def test_choice_that_is_taken_back_after_an_error(kit: GlancesKit, chosen: str) -> None:
    """Nothing of it stays: the fields are asked for."""
    entry = await kit.load(widget("ipad", text="x"))
    (there,) = entry.subentries
    picked: dict[str, Any] = {"entities": {"entities": [DOOR]}, "copy": {"copy": there}}[chosen]
    form = await enter(kit, await start(kit, entry), device="*", **picked)
    assert form["errors"] == {"device": "all_devices_alone"}
    assert preset(form, chosen) == picked[chosen]
    form = await enter(kit, form, device="iphone")
    assert (form["step_id"], sources(form)) == ("fields", {})


async def test_name_of_a_widget_in_its_first_form(kit: GlancesKit) -> None:
    """Markdown shows it as it is written."""
    entry = await kit.load(widget("iphone", called="*Mine*", text="x"))
    (there,) = entry.subentries
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=there)
    assert form["description_placeholders"]["device"] == r"\*Mine\*"


async def test_copied_widget_is_removed_meanwhile(kit: GlancesKit) -> None:
    """The form says so, and asks again."""
    entry = await kit.load(widget("ipad", text="x"))
    form = await start(kit, entry)
    (there,) = entry.subentries
    kit.hass.config_entries.async_remove_subentry(entry, there)
    await kit.settle()
    form = await enter(kit, form, device="iphone", copy=there)
    assert (form["step_id"], form["errors"]) == ("user", {"copy": "copy_removed"})


async def test_begin_again(kit: GlancesKit) -> None:
    """Other entities fill in the fields again and are urgent instead; settings stay, and what is unchanged does."""
    entry = await kit.load()
    form = await pick(kit, await begin(kit, DOOR), "fields")
    delivery = {**filled_in(form, "delivery"), "min_interval": 60, "urgent_entities": [DOOR, "sensor.n5"]}
    form = await enter(kit, form, **{**sources(form), "title": choice("text", "Mine")}, delivery=delivery)
    menu = await enter(kit, form, **options(form))
    form = await pick(kit, menu, "user")
    assert (preset(form, "device"), preset(form, "entities")) == ("iphone", [DOOR])
    menu = await enter(kit, form, device="iphone", entities=[DOOR])
    assert menu["description_placeholders"]["title"] == "Mine"
    form = await enter(kit, await pick(kit, menu, "user"), device="iphone")
    assert (form["step_id"], preset(form, "title")) == ("fields", "Mine")
    form = await enter(kit, form, **sources(form), delivery=delivery)
    menu = await enter(
        kit, await pick(kit, await enter(kit, form, **options(form)), "user"), device="ipad", entities=["lock.a"]
    )
    assert menu["description_placeholders"]["title"] != "Mine"
    await pick(kit, menu, "save")
    data = only(entry)
    assert shown(data) == ["lock.a"]
    assert settings(data) == {
        **DEFAULTS,
        "device": "ipad",
        "urgent_entities": ["sensor.n5", "lock.a"],
        "min_interval": 3600,
    }


async def test_begin_again_as_a_copy(kit: GlancesKit) -> None:
    """The entities that the form shows are those of before, so they are not in the way."""
    entry = await kit.load(widget("ipad", text=entity("lock.a")))
    (there,) = entry.subentries
    form = await pick(kit, await begin(kit, DOOR), "user")
    menu = await enter(kit, form, device="iphone", entities=[DOOR], copy=there)
    assert preset(await pick(kit, menu, "user"), "entities") == ["lock.a"]


async def test_other_entities_of_a_widget(kit: GlancesKit) -> None:
    """A widget can show something else, on the same device, sent as it was before."""
    before = {**_SETTINGS, "urgent_entities": ["lock.a", "sensor.n5"]}
    entry = await kit.load(widget("iphone", called="Mine", title={"text": "A"}, text=entity("lock.a"), **before))
    (there,) = entry.subentries.values()
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=there.subentry_id)
    assert preset(form, "entities") == ["lock.a"]
    menu = await enter(kit, form, device="iphone", entities=[DOOR])
    assert menu["menu_options"] == ["save", "fields", "entities", "reconfigure"]
    result = await pick(kit, menu, "save")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    (there,) = entry.subentries.values()
    assert (there.title, shown(dict(there.data))) == ("Mine", [DOOR])
    assert settings(dict(there.data)) == {**before, "device": "iphone", "urgent_entities": ["sensor.n5", DOOR]}


@pytest.mark.parametrize(
    ("fields", "chosen"),
    [
        pytest.param({"text": entity("lock.a"), "subtext": entity(DOOR)}, ["lock.a", DOOR], id="entities"),
        pytest.param({"text": entity("lock.a"), "count": entity("lock.a", min=0, max=1)}, ["lock.a"], id="twice"),
        pytest.param({"title": {"text": "A"}, "text": "{{ states('lock.a') }} entity"}, [], id="no entity"),
        pytest.param({name: item for name, item in BEFORE.items() if name in (*Field,)}, [], id="earlier version"),
        pytest.param({"text": entity("lock.a"), "subtext": {"entity": {"entity_id": ["lock.a", DOOR]}}}, ["lock.a", DOOR], id="several"),
    ],
)  # fmt: skip
async def test_widget_that_stays_as_it_is(kit: GlancesKit, fields: dict[str, Any], chosen: list[str]) -> None:
    """What the form has chosen changes nothing."""
    entry = await kit.load(widget(**fields, **_SETTINGS))
    before = only(entry)
    (there,) = entry.subentries
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=there)
    assert preset(form, "entities") == chosen
    await pick(kit, await enter(kit, form, device="iphone", entities=chosen), "save")
    assert only(entry) == before


async def test_widget_without_a_field(kit: GlancesKit) -> None:
    """There is nothing to look at, so the fields are asked for."""
    entry = await kit.load(widget())
    assert (await change(kit, entry))["step_id"] == "fields"


async def test_device_has_a_widget_that_gets_what_was_chosen(kit: GlancesKit) -> None:
    """Nothing that was picked is dropped: it can replace the fields of the widget, whose settings stay."""
    entry = await kit.load(widget("iphone", title={"text": "A"}, text=entity("lock.a"), **_SETTINGS))
    menu = await begin(kit, DOOR)
    assert (menu["step_id"], menu["menu_options"]) == ("exists", ["replace", "keep", "user"])
    menu = await pick(kit, menu, "replace")
    assert "Garage door" in menu["description_placeholders"]["text"]
    result = await pick(kit, menu, "save")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    data = only(entry)
    assert shown(data) == [DOOR]
    assert settings(data) == {**_SETTINGS, "device": "iphone", "urgent_entities": [DOOR]}


async def test_device_has_a_widget_and_another_device_is_chosen(kit: GlancesKit) -> None:
    """What was chosen is still there, and that widget stays as it is."""
    entry = await kit.load(widget("iphone", text="x"))
    form = await pick(kit, await begin(kit, DOOR), "user")
    assert (preset(form, "device"), preset(form, "entities")) == ("iphone", [DOOR])
    result = await pick(kit, await enter(kit, form, device="ipad", entities=[DOOR]), "save")
    assert (result["type"], shown(result["data"])) == (FlowResultType.CREATE_ENTRY, [DOOR])
    assert entry.get_subentries_of_type("widget")[0].data["text"] == "x"


@pytest.mark.parametrize("step", ["replace", "keep", "user"])
async def test_account_is_removed_meanwhile(kit: GlancesKit, step: str) -> None:
    """Wherever the flow is, it ends with a reason."""
    entry = await kit.load(widget("iphone", text="x"))
    menu = await begin(kit, DOOR)
    await kit.hass.config_entries.async_remove(entry.entry_id)
    assert (await enter(kit, menu, next_step_id=step))["reason"] == "account_removed"


async def test_menus_are_asked_for_again(kit: GlancesKit) -> None:
    """The frontend does so when its page is loaded again."""
    entry = await kit.load(widget("iphone", text="x"))
    menu = await begin(kit, DOOR)
    for option in (None, "keep"):
        menu = menu if option is None else await pick(kit, menu, option)
        again = await kit.hass.config_entries.subentries.async_configure(menu["flow_id"])
        assert (again["type"], again["step_id"]) == (FlowResultType.MENU, menu["step_id"])
    await kit.hass.config_entries.async_remove(entry.entry_id)
    again = await kit.hass.config_entries.subentries.async_configure(menu["flow_id"])
    assert again["reason"] == "account_removed"


async def test_existing_widget_is_removed_while_the_menu_is_open(kit: GlancesKit) -> None:
    """The menu of what to do with it ends."""
    entry = await kit.load(widget("iphone", text="x"))
    menu = await begin(kit, DOOR)
    (there,) = entry.subentries
    kit.hass.config_entries.async_remove_subentry(entry, there)
    await kit.settle()
    again = await kit.hass.config_entries.subentries.async_configure(menu["flow_id"])
    assert again["reason"] == "widget_removed"


async def test_account_is_removed_while_the_widget_is_saved(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is saved, and the flow ends with a reason."""
    entry = await kit.load()
    menu = await begin(kit, DOOR)

    async def remove(*_: Any) -> str:
        await kit.hass.config_entries.async_remove(entry.entry_id)
        return ""

    monkeypatch.setattr("custom_components.pushover_glances.flows.widget.async_goes", remove)
    assert (await pick(kit, menu, "save"))["reason"] == "account_removed"


async def test_picture_on_top_of_the_fields(kit: GlancesKit) -> None:
    """It shows what is filled in, also after an error, without the field that is wrong."""
    await kit.load()
    form = await begin(kit)
    assert "<svg" in picture(form)
    typed = {"title": choice("text", "Typed"), "text": choice("template", "{{ 1 / 0 }}"), "count": "{{ 7 }}"}
    form = await enter(kit, form, **typed, delivery={"time_stamp": "subtext"})
    assert form["errors"] == {"text": "template_failed"}
    assert all(f">{text}<" in picture(form) for text in ("Typed", "7", "12:00 PM"))
    form = await enter(kit, form, title=choice("text", "Typed"), delivery={"daily_limit": -1, "time_stamp": "title"})
    assert form["errors"] == {"delivery": "daily_limit_out_of_range"}
    assert ">Typed<" in picture(form)
    menu = await enter(kit, form, title=choice("text", "Typed"), **DELIVERY)
    assert picture(await pick(kit, menu, "fields")) == picture(menu)


async def test_end_of_a_new_widget(kit: GlancesKit) -> None:
    """It repeats what happens, once it is saved."""
    await kit.load()
    result = await pick(kit, await begin(kit, DOOR), "save")
    said = result["description_placeholders"]
    assert (said["goes"], said["help_url"][:8]) == ("This is sent now.", "https://")


async def test_end_of_a_change(kit: GlancesKit) -> None:
    """It repeats when it is sent."""
    entry = await kit.load(widget(text="x"))
    menu = await enter(kit, await fields_of(kit, entry), text="y", **DELIVERY)
    result = await pick(kit, menu, "save")
    assert result["description_placeholders"]["goes"] == menu["description_placeholders"]["goes"]
    assert result["description_placeholders"]["goes"] == "This will be sent at 12:01 PM."


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(1200, 20), (90, 1.5), (61, 1.02), (86399, 1439.98), (86400, 1440), (60, 1)]
)
async def test_seconds_of_an_earlier_version(kit: GlancesKit, seconds: int, minutes: float) -> None:
    """They are shown in minutes, and saved as they were."""
    before: dict[str, Any] = {**DEFAULTS, "min_interval": seconds}
    entry = await kit.load(widget(text="x", **before))
    form = await fields_of(kit, entry)
    assert filled_in(form, "delivery")["min_interval"] == minutes
    await save(kit, form, text="x", delivery=filled_in(form, "delivery"))
    assert only(entry)["min_interval"] == seconds
