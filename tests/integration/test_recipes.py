"""The examples of the page on alerts do what the page says, filled in as they are written there."""

from collections.abc import Callable
import json
from typing import Any

from homeassistant.setup import async_setup_component
import pytest

from tests.unit.documents import ROOT, column, section

from .kit import MINUTE, SPACING, GlancesKit, alert, widget
from .test_alert_flow import alert_of, choose, filled
from .test_widget_flow import enter, pick

_DOC = "docs/alerts.md"
_TEXTS = ROOT / "custom_components" / "pushover_glances" / "translations" / "en.json"
_STEP: dict[str, Any] = json.loads(_TEXTS.read_text(encoding="utf-8"))["config_subentries"]["alert"]["step"]["alert"]
_KEYS = {label: key for key, label in _STEP["data"].items()}
WIDGET = {"title": "Outside", "text": "21.0 °C"}


def recipe(heading: str) -> dict[str, Any]:
    """Return what an example fills in, without the entities, by the keys of the form."""
    text = section(_DOC, heading)
    cells = dict(zip(column(text, "Setting"), column(text, "Setting", 1), strict=True))
    values: dict[str, Any] = {_KEYS[label]: cell.partition("`")[0] for label, cell in cells.items() if label in _KEYS}
    read: dict[str, Callable[[str], Any]] = {
        "states": lambda cell: [cell],
        "below": float,
        "urgent": lambda cell: cell == "on",
    }
    return {key: read[key](cell) if key in read else cell for key, cell in values.items()}


async def add(kit: GlancesKit, heading: str, *entities: str) -> Any:
    """Add the alert of an example to a widget that shows the temperature."""
    for domain in ("binary_sensor", "sensor"):
        assert await async_setup_component(kit.hass, domain, {})
    entry = await kit.load(widget(**WIDGET))
    form = await choose(kit, entry, *entities)
    form = await enter(kit, form, **filled(form, **recipe(heading)))
    await pick(kit, form, "save")
    await kit.tick(60 * MINUTE)
    kit.pushed()
    return alert_of(entry)


async def test_battery(kit: GlancesKit) -> None:
    """It names the battery and its charge, replaces nothing, and waits like every ordinary change."""
    attributes: dict[str, Any] = {"unit_of_measurement": "%", "device_class": "battery"}
    for name in ("a", "b"):
        await kit.state(f"sensor.{name}", "80", **attributes, friendly_name=name.upper())
    item = await add(kit, "A battery below 20 %", "sensor.a", "sensor.b")
    assert (item.data["urgent"], item.data["replace"]) == (False, False)
    await kit.change("sensor.b", "15", **attributes, friendly_name="B")
    shown = {"title": "Battery low", "text": "B", "subtext": "15 %", "percent": "15", "count": "1"}
    kit.assert_pushed(shown)
    await kit.tick(5 * MINUTE)
    await kit.change("sensor.b", "80", **attributes, friendly_name="B")
    kit.assert_nothing_pushed()
    await kit.tick(SPACING)
    kit.assert_pushed({**WIDGET, "subtext": "", "percent": "", "count": ""})


async def test_machine(kit: GlancesKit) -> None:
    """It is shown as it is written, and goes by itself."""
    await kit.state("sensor.machine", "running", friendly_name="Machine")
    await add(kit, "The washing machine is done", "sensor.machine")
    await kit.change("sensor.machine", "finished", friendly_name="Machine")
    shown = {"title": "Machine", "text": "Done", "subtext": "since 1:00 PM", "count": "1", "percent": "100"}
    kit.assert_pushed(shown)
    await kit.tick(MINUTE)
    await kit.change("sensor.machine", "idle", friendly_name="Machine")
    kit.assert_pushed({**WIDGET, "subtext": "", "count": "", "percent": ""})


async def test_windows(kit: GlancesKit) -> None:
    """They are named and counted."""
    windows = ("binary_sensor.a", "binary_sensor.b")
    for window in windows:
        await kit.state(window, "off", device_class="window", friendly_name=window[-1].upper())
    await add(kit, "Several windows, with their names", *windows)
    for window in windows:
        await kit.change(window, "on", device_class="window", friendly_name=window[-1].upper())
        await kit.tick(MINUTE)
    last = kit.pushed()[-1]
    assert (last["title"], last["text"], last["count"]) == ("Windows open", "A, B", "2")


async def test_number_of_alerts(kit: GlancesKit) -> None:
    """A count and nothing else: the widget shows the rest as before, and nothing in the count when all is well."""
    text = " ".join(section(_DOC, "The number of active alerts").split())
    assert "`{{ alerts }}` as **Count** in every alert" in text
    assert "clear the other fields" in text
    for name in ("a", "b"):
        await kit.state(f"cover.{name}", "closed")
    entry = await kit.load(widget(**WIDGET))
    for name in ("a", "b"):
        form = await choose(kit, entry, f"cover.{name}")
        nothing_else = dict.fromkeys(("title", "text", "subtext", "percent"), "")
        form = await enter(kit, form, **filled(form, states=["open"], count="{{ alerts }}", **nothing_else))
        await pick(kit, form, "save")
        await kit.settle()
    await kit.tick(60 * MINUTE)
    kit.pushed()
    for number, (name, state) in enumerate((("a", "open"), ("b", "open"), ("a", "closed"), ("b", "closed"))):
        await kit.change(f"cover.{name}", state)
        kit.assert_pushed({**WIDGET, "count": ("1", "2", "1", "")[number]})
        await kit.tick(SPACING)


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ name.split(', ') | count }}", "2"),
        ("{{ count }}", "2"),
        ("{{ names | join(' + ') }}", "A + B"),
        ("{{ names | last }}", "B"),
        ("{{ name }}", "A, B"),
    ],
)
async def test_variables(kit: GlancesKit, template: str, shown: str) -> None:
    """What an alert may use; `name` has all names, as in alerts of earlier versions."""
    await kit.load(widget(**WIDGET), alert("cover.a", "cover.b", text=template))
    for name in "AB":
        await kit.change(f"cover.{name.lower()}", "open", friendly_name=name)
        await kit.tick(SPACING)
    assert kit.pushed()[-1]["text"] == shown
