"""Numbers have the decimal sign of Home Assistant's language, in texts that are made of entities."""

from typing import Any

from homeassistant.core import State
from homeassistant.setup import async_setup_component
import pytest

from .kit import MINUTE, SPACING, GlancesKit, alert, widget
from .test_entity_sources import entity
from .test_widget_flow import DELIVERY, enter, fields_of, options, preset, save, sources

_CELSIUS = {"unit_of_measurement": "°C", "device_class": "temperature", "state_class": "measurement"}
_BATH = State("sensor.a", "21.3", {"friendly_name": "Bad", **_CELSIUS})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "21.3 °C"),
        ("en-GB", "21.3 °C"),
        ("de", "21,3 °C"),
        ("fr", "21,3 °C"),
        ("es", "21,3 °C"),
        ("es-419", "21.3 °C"),
        ("it", "21,3 °C"),
        ("nl", "21,3 °C"),
        ("pl", "21,3 °C"),
        ("ja", "21.3 °C"),
    ],
)
async def test_languages(kit: GlancesKit, language: str, text: str) -> None:
    """The text has the sign that the pages of Home Assistant have; the number stays one."""
    kit.hass.config.language = language
    await kit.state("sensor.a", "21.3", **_CELSIUS)
    await kit.load(widget(text=entity("sensor.a"), count=entity("sensor.a")))
    kit.assert_pushed({"text": text, "count": "21"})


_POWER = {"unit_of_measurement": "W", "device_class": "power", "state_class": "measurement"}


@pytest.mark.parametrize(
    ("state", "chosen", "text"),
    [
        pytest.param(State("sensor.a", "21.346", _CELSIUS), {"decimals": 2}, "21,35 °C", id="decimals"),
        pytest.param(State("sensor.a", "21.3", _CELSIUS), {"unit": False}, "21,3", id="no unit"),
        pytest.param(State("sensor.a", "2345", _POWER), {}, "2,3 kW", id="kilowatts"),
        pytest.param(State("sensor.a", "1234.5", {"unit_of_measurement": "kWh"}), {}, "1234,5 kWh", id="no thousands"),
        pytest.param(State("input_number.a", "0.5"), {}, "0,5", id="helper"),
        pytest.param(State("sensor.a", "2.10"), {}, "2.10", id="version"),
        pytest.param(State("sensor.a", "2026.11.0"), {}, "2026.11.0", id="another version"),
        pytest.param(
            State("climate.a", "heat", {"temperature": 21.5}), {"attribute": "temperature"}, "21,5 °C", id="attribute"
        ),
        pytest.param(State("sensor.a", "x", {"v": [1.5, 2]}), {"attribute": "v"}, "1,5, 2", id="list"),
        pytest.param(State("sensor.a", "x", {"v": "1.5"}), {"attribute": "v"}, "1.5", id="text in an attribute"),
        pytest.param(
            State("climate.a", "heat", {"current_temperature": 20.5, "temperature": 21.5}),
            {"detail": "measured_and_wanted"},
            "20,5 → 21,5°",
            id="thermostat",
        ),
    ],
)
async def test_texts(kit: GlancesKit, state: State, chosen: dict[str, Any], text: str) -> None:
    """Every number of an entity has it, and nothing else."""
    kit.hass.config.language = "de"
    await kit.state(state.entity_id, state.state, **state.attributes)
    await kit.load(widget(text=entity(state.entity_id, **chosen)))
    kit.assert_pushed({"text": text})


async def test_templates_and_actions(kit: GlancesKit) -> None:
    """What a person writes stays as it is."""
    kit.hass.config.language = "de"
    await kit.state("sensor.a", "21.3", **_CELSIUS)
    await kit.load(widget(text="{{ states('sensor.a', with_unit=True) }}", subtext={"text": "1.5"}))
    kit.assert_pushed({"text": "21.3 °C", "subtext": "1.5"})
    await kit.tick(SPACING)
    await kit.update(title="2.5 bar")
    assert kit.pushed()[-1]["title"] == "2.5 bar"


async def test_alert(kit: GlancesKit) -> None:
    """The variable for the state has it before a unit; without one, a template can compute with it."""
    kit.hass.config.language = "de"
    await kit.state("sensor.a", "21.3", friendly_name="Bad", **_CELSIUS)
    await kit.state("sensor.b", "21.3", state_class="measurement")
    texts: Any = {"text": "{{ summary }}", "subtext": "{{ state }}"}
    await kit.load(
        widget(text="alles gut"),
        alert("sensor.a", above=20.0, **texts),
        alert("sensor.b", above=20.0, title="{{ (state | float + 1) | round(1) }}", called="B"),
    )
    await kit.tick(MINUTE)
    assert kit.pushed()[-1] == {"title": "22.3", "text": "Bad: 21,3 °C", "subtext": "21,3 °C"}


@pytest.mark.parametrize(
    ("unit", "before", "small", "large"),
    [
        ("°C", "20.1", "20.4", "20.8"),
        ("EUR/kWh", "0.253", "0.255", "0.355"),
        ("L", "1.234", "1.237", "1.534"),
        ("W", "2340", "2360", "3340"),
        ("W", "999", "1010", "2340"),
    ],
)
async def test_changes(kit: GlancesKit, unit: str, before: str, small: str, large: str) -> None:
    """The same differences count as with a point."""
    kit.hass.config.language = "de"
    attributes = {"unit_of_measurement": unit, "state_class": "measurement"}
    attributes |= {"device_class": "power"} if unit == "W" else {}
    await kit.state("sensor.a", before, **attributes)
    await kit.load(widget(text=entity("sensor.a")))
    assert len(kit.pushed()) == 1
    await kit.tick(SPACING)
    await kit.change("sensor.a", small, **attributes)
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    await kit.change("sensor.a", large, **attributes)
    await kit.tick(SPACING)
    assert len(kit.pushed()) == 1


@pytest.mark.parametrize(
    ("state", "chosen"),
    [
        pytest.param(_BATH, {}, id="state"),
        pytest.param(_BATH, {"name": True}, id="name"),
        pytest.param(_BATH, {"decimals": 2}, id="decimals"),
        pytest.param(State("sensor.a", "2.10"), {}, id="version"),
        pytest.param(State("input_number.a", "0.5"), {}, id="helper"),
        pytest.param(State("climate.a", "heat", {"temperature": 21.5}), {"attribute": "temperature"}, id="attribute"),
    ],
)
async def test_as_a_template(kit: GlancesKit, state: State, chosen: dict[str, Any]) -> None:
    """The template shows the same, so nothing is sent."""
    kit.hass.config.language = "de"
    assert await async_setup_component(kit.hass, "climate", {})
    await kit.state(state.entity_id, state.state, **state.attributes)
    entry = await kit.load(widget(text=entity(state.entity_id, **chosen)))
    form = await enter(kit, await fields_of(kit, entry), **sources(await fields_of(kit, entry)), **DELIVERY)
    form = await enter(kit, form, text={**options(form)["text"], "template": True})
    assert form["step_id"] == "fields"
    assert "{{" in preset(form, "text")
    before = kit.pushed()
    await save(kit, form, **sources(form), **DELIVERY)
    await kit.tick(4 * 60 * MINUTE)
    assert kit.pushed() == before


@pytest.mark.parametrize(
    ("state", "facts", "text"),
    [("2.1 beta", {}, "2.1 beta"), ("2.1", {}, "2.1"), ("-3.5", _CELSIUS, "-3,5 °C")],
)
async def test_state_of_an_alert(kit: GlancesKit, state: str, facts: dict[str, str], text: str) -> None:
    """A version in the text of an alert keeps its points."""
    kit.hass.config.language = "de"
    await kit.state("sensor.a", state, **facts)
    await kit.load(widget(text="base"), alert("sensor.a", states=[state], text="{{ state }}"))
    kit.assert_pushed({"text": text})
