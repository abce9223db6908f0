"""What fills in a widget's fields, and what its last step shows before it is saved."""

import base64
from typing import Any

from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest

from .kit import DOOR, GlancesKit
from .test_widget_flow import DEFAULTS, DELIVERY, enter, options, pick, preset, preview_of, save, sources, start

LEFT_ALONE = "\N{EM DASH}"
NO_VALUE = "\N{WARNING SIGN}"
NOW = "This will be sent as soon as you save."
CUT = "\N{BLACK SCISSORS}"


async def begin(kit: GlancesKit, *entities: str) -> dict[str, Any]:
    """Begin a new widget with these entities, and go on to what follows."""
    entry = kit.hass.config_entries.async_entries("pushover_glances")[0]
    chosen = {"entities": [*entities]} if entities else {}
    return await enter(kit, await start(kit, entry), device="iphone", **chosen)


async def fields(kit: GlancesKit, *entities: str) -> dict[str, Any]:
    """Go on to the fields of a new widget."""
    form = await begin(kit, *entities)
    return await pick(kit, form, "fields") if entities else form


async def preview(kit: GlancesKit, **data: Any) -> dict[str, str]:
    """Go on to the preview of a new widget, and return what it says."""
    form = await preview_of(kit, await fields(kit), **DELIVERY, **data)
    assert form["step_id"] == "preview"
    return dict(form["description_placeholders"])


def section_of(form: dict[str, Any], name: str) -> Any:
    """Return a section of a form, `None` where it has none of this name."""
    return next((value for key, value in form["data_schema"].schema.items() if key == name), None)


def filled_in(form: dict[str, Any], name: str) -> dict[str, Any]:
    """Return what a section of a form has filled in."""
    keys = section_of(form, name).schema.schema
    found = {key.schema: (key.description or {}).get("suggested_value") for key in keys}
    return {key: value for key, value in found.items() if value is not None}


async def test_door_fills_in_everything(kit: GlancesKit) -> None:
    """Two choices and nothing typed make a widget that is right, and its door urgent."""
    await async_setup_component(kit.hass, "cover", {})
    await kit.state(DOOR, "closed", friendly_name="Garage door", device_class="garage", current_position=0)
    entry = await kit.load()
    menu = await begin(kit, DOOR)
    assert (menu["step_id"], menu["menu_options"]) == ("preview", ["save", "fields", "entities", "user"])
    assert menu["description_placeholders"]["text"] == r"Garage door\: Closed"
    form = await pick(kit, menu, "fields")
    assert filled_in(form, "delivery") == {"urgent_entities": [DOOR], "time_stamp": "none"}
    result = await save(kit, form, **sources(form), delivery=filled_in(form, "delivery"))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    assert dict(subentry.data) == {
        "device": "iphone",
        "title": {"text": "test home"},
        "text": {"entity": {"entity_id": DOOR, "name": True}},
        "subtext": {"entity": {"entity_id": DOOR, "detail": "since"}},
        "percent": {"entity": {"entity_id": DOOR, "attribute": "current_position"}},
        **DEFAULTS,
        "urgent_entities": [DOOR],
    }
    (glance,) = kit.pushed()
    assert glance.pop("subtext").startswith("since ")
    assert glance == {"title": "test home", "text": "Garage door: Closed", "percent": "0"}


async def test_entity_that_is_not_urgent(kit: GlancesKit) -> None:
    """Most are not; a number that is a percentage needs no range."""
    await kit.state("sensor.car", "85", friendly_name="Car", device_class="battery", unit_of_measurement="%")
    await kit.load()
    menu = await begin(kit, "sensor.car")
    assert menu["description_placeholders"]["percent"] == "85"
    form = await pick(kit, menu, "entities")
    assert (form["step_id"], section_of(form, "percent").options) == ("entities", {"collapsed": True})
    menu = await enter(kit, form, **options(form))
    assert "urgent_entities" not in filled_in(await pick(kit, menu, "fields"), "delivery")


async def test_number_with_a_range(kit: GlancesKit) -> None:
    """Its two ends make the percent, and can be changed afterwards."""
    await kit.state("sensor.power", "1500", friendly_name="Oven", device_class="power", unit_of_measurement="W")
    entry = await kit.load()
    menu = await begin(kit, "sensor.power")
    assert menu["description_placeholders"]["percent"] == LEFT_ALONE
    form = await pick(kit, menu, "entities")
    assert section_of(form, "percent").options == {"collapsed": False}
    assert section_of(form, "count").options == {"collapsed": True}
    assert form["description_placeholders"]["percent_entity"] == "Oven"
    shown = await enter(kit, form, **{**options(form), "percent": {"min": 0, "max": 3000}})
    assert shown["description_placeholders"]["percent"] == "50"
    form = await pick(kit, shown, "fields")
    assert (form["step_id"], preset(form, "percent")) == ("fields", "sensor.power")
    form = await enter(kit, form, **sources(form), **DELIVERY)
    assert options(form)["percent"] == {"min": 0, "max": 3000, "template": False}
    await pick(kit, await enter(kit, form, **{**options(form), "percent": {"min": 0, "max": 6000}}), "save")
    (subentry,) = entry.subentries.values()
    assert subentry.data["percent"] == {"entity": {"entity_id": "sensor.power", "min": 0, "max": 6000}}
    kit.assert_pushed({"title": "Oven", "text": "1.5 kW", "count": "1500", "percent": "25"})


async def test_number_without_a_range(kit: GlancesKit) -> None:
    """A percent that was not chosen is left alone."""
    await kit.state("sensor.power", "1500", friendly_name="Oven", device_class="power", unit_of_measurement="W")
    entry = await kit.load()
    form = await fields(kit, "sensor.power")
    await save(kit, form, **sources(form), **DELIVERY)
    (subentry,) = entry.subentries.values()
    assert "percent" not in subentry.data


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param({"min": 0}, id="no-end"),
        pytest.param({"max": 1}, id="no-beginning"),
        pytest.param({"min": 5, "max": 5}, id="empty"),
        pytest.param({"min": 0, "max": float("inf")}, id="endless"),
    ],
)
async def test_bad_range(kit: GlancesKit, ends: dict[str, float]) -> None:
    """What is wrong with it has its error on its section, which is open then."""
    await kit.state("sensor.power", "1500", unit_of_measurement="W")
    await kit.load()
    form = await pick(kit, await begin(kit, "sensor.power"), "entities")
    form = await enter(kit, form, **{**options(form), "count": ends})
    assert (form["step_id"], form["errors"]) == ("entities", {"count": "range_incomplete"})
    assert section_of(form, "count").options == {"collapsed": False}
    assert options(form)["count"] == {**ends, "template": False}
    shown = await enter(kit, form, **{**options(form), "count": {"min": 3000, "max": 0}})
    assert shown["description_placeholders"]["count"] == "50"


async def test_preview_of_every_field(kit: GlancesKit) -> None:
    """What is sent, how long it is, what is cut, rounded or clamped, and what is left alone."""
    await kit.state(DOOR, "open", friendly_name="Garage *door*")
    await kit.load()
    said = await preview(
        kit, title=f"{{{{ states('{DOOR}') }}}}|\n`x`", text="y" * 130, count="{{ 21.5 }}", percent="{{ 250 }}"
    )
    assert said["device"] == "iphone"
    assert (said["title"], said["title_length"]) == (r"open\| \`x\`", "9")
    assert (said["text"], said["text_length"]) == ("y" * 99 + "…", f"130 {CUT} 100")
    assert (said["subtext"], said["subtext_length"]) == (LEFT_ALONE, "")
    assert (said["count"], said["percent"]) == (r"22 (21\.5)", "100 (250)")
    assert said["entities"] == r"Garage \*door\*"
    assert said["help_url"].startswith("https://")
    scheme, _, picture = said["picture"].partition(",")
    assert scheme == "data:image/svg+xml;base64"
    assert ">22<" in base64.b64decode(picture).decode()


async def test_names_of_entities(kit: GlancesKit) -> None:
    """Entities are listed by their names, and with their ids only where several have the same one."""
    for name in ("a", "b"):
        await kit.state(f"sensor.{name}", "5", friendly_name="Battery")
    await kit.state("sensor.c", "5", friendly_name="Car")
    await kit.load()
    said = await preview(kit, text="{{ states('sensor.a') }} {{ states('sensor.b') }} {{ states('sensor.c') }}")
    assert said["entities"] == r"Battery (sensor\.a), Battery (sensor\.b), Car"


async def test_preview_of_what_has_no_value(kit: GlancesKit) -> None:
    """Entities that there are not, or that have no value now, are marked; an empty text has no characters."""
    await kit.state("sensor.away", "unavailable", friendly_name="Away")
    await kit.load()
    said = await preview(
        kit, title="{{ states('sensor.typo') }}", text="{{ '' }}", subtext="x", count="{{ states('sensor.away') }}"
    )
    assert (said["title"], said["title_length"]) == (f"{NO_VALUE} unknown", "")
    assert (said["text"], said["text_length"]) == ("", "0")
    assert said["count"] == f"{NO_VALUE} unavailable"
    assert said["entities"] == rf"Away, {NO_VALUE} sensor\.typo"
