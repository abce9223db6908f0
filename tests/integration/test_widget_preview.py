"""What fills in a widget's fields, and what its last step shows before it is saved."""

import base64
from typing import Any

from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest

from .kit import DOOR, GlancesKit
from .test_widget_flow import DEFAULTS, DELIVERY, enter, preset, start

LEFT_ALONE = "\N{EM DASH}"
NO_VALUE = "\N{WARNING SIGN}"
NOW = "This will be sent as soon as you save."
CUT = "\N{BLACK SCISSORS}"


async def fields(kit: GlancesKit, **chosen: str) -> dict[str, Any]:
    """Go on to the fields of a new widget."""
    entry = kit.hass.config_entries.async_entries("pushover_glances")[0]
    return await enter(kit, await start(kit, entry), device="iphone", **chosen)


async def preview(kit: GlancesKit, **data: Any) -> dict[str, str]:
    """Go on to the preview of a new widget, and return what it says."""
    form = await enter(kit, await fields(kit), **DELIVERY, **data)
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
    form = await fields(kit, entity_id=DOOR)
    assert filled_in(form, "delivery") == {"urgent_entities": [DOOR]}
    assert section_of(form, "range") is None
    filled = {name: preset(form, name) for name in ("title", "text", "count", "percent") if preset(form, name)}
    shown = await enter(kit, form, **filled, delivery=filled_in(form, "delivery"))
    result = await enter(kit, shown)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    assert dict(subentry.data) == {"device": "iphone", **filled, **DEFAULTS, "urgent_entities": [DOOR]}
    kit.assert_pushed({"title": "Garage door", "text": "Closed", "percent": "0"})


async def test_entity_that_is_not_urgent(kit: GlancesKit) -> None:
    """Most are not; a number of its own has percent without a range."""
    await kit.state("sensor.car", "85", friendly_name="Car", device_class="battery", unit_of_measurement="%")
    await kit.load()
    form = await fields(kit, entity_id="sensor.car")
    assert filled_in(form, "delivery") == {}
    assert section_of(form, "range") is None
    assert preset(form, "percent") == "{{ states('sensor.car') }}"


async def test_number_with_a_range(kit: GlancesKit) -> None:
    """Its two ends make the percent, which can be changed as a template afterwards."""
    await kit.state("sensor.power", "1500", friendly_name="Oven", device_class="power", unit_of_measurement="W")
    entry = await kit.load()
    form = await fields(kit, entity_id="sensor.power")
    assert preset(form, "percent") is None
    assert section_of(form, "range").options == {"collapsed": True}
    shown = await enter(kit, form, count="{{ states('sensor.power') }}", range={"low": 0, "high": 3000}, **DELIVERY)
    assert shown["description_placeholders"]["percent"].startswith("50")
    form = await enter(kit, shown, change=True)
    assert (form["step_id"], filled_in(form, "range"), preset(form, "percent")) == (
        "fields",
        {"low": 0, "high": 3000},
        None,
    )
    await enter(kit, await enter(kit, form, range={"low": 0, "high": 3000}, **DELIVERY))
    (subentry,) = entry.subentries.values()
    assert "sensor.power" in subentry.data["percent"]
    assert set(subentry.data) == {"device", "percent", *DEFAULTS}
    kit.assert_pushed({"percent": "50"})


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param({"range": {"low": 0}}, "range_incomplete", id="no-end"),
        pytest.param({"range": {"high": 1}}, "range_incomplete", id="no-beginning"),
        pytest.param({"range": {"low": 5, "high": 5}}, "range_incomplete", id="empty"),
        pytest.param({"range": {"low": 0, "high": 1}, "percent": "{{ 5 }}"}, "range_and_template", id="two-percents"),
    ],
)
async def test_bad_range(kit: GlancesKit, data: dict[str, Any], error: str) -> None:
    """What is wrong with it is told on its section, which is open then."""
    await kit.state("sensor.power", "1500", unit_of_measurement="W")
    await kit.load()
    form = await enter(kit, await fields(kit, entity_id="sensor.power"), **data, **DELIVERY)
    assert (form["step_id"], form["errors"]) == ("fields", {"range": error})
    assert section_of(form, "range").options == {"collapsed": False}
    shown = await enter(kit, form, range={"low": 3000, "high": 0}, **DELIVERY)
    assert shown["description_placeholders"]["percent"] == "50"


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
    assert said["entities"] == r"Garage \*door\* (cover\.garage\_door)"
    assert said["help_url"].startswith("https://")
    scheme, _, picture = said["picture"].partition(",")
    assert scheme == "data:image/svg+xml;base64"
    assert ">22<" in base64.b64decode(picture).decode()


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
    assert said["entities"] == rf"Away (sensor\.away), {NO_VALUE} sensor\.typo"
