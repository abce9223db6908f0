"""Alerts that watch an attribute instead of the state."""

from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.const import UnitOfTemperature
from homeassistant.setup import async_setup_component
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
import pytest

from .house import again
from .kit import DOOR, MINUTE, SPACING, GlancesKit, alert, widget
from .test_alert_flow import alert_of, choose, filled, start
from .test_entities import state
from .test_widget_flow import enter, pick, preset

VACUUM, CLIMATE = "vacuum.robot", "climate.living_room"
ALERT = "binary_sensor.robot"


@pytest.fixture(autouse=True)
async def _home(kit: GlancesKit) -> None:
    """Have a vacuum and a thermostat."""
    for domain in ("climate", "cover", "vacuum"):
        assert await async_setup_component(kit.hass, domain, {})
    await kit.state(VACUUM, "docked", friendly_name="Robot", battery_level=80)
    await heat(kit, "idle")


async def heat(kit: GlancesKit, action: str | None, temperature: float = 20) -> None:
    """Let the thermostat do something."""
    doing = {} if action is None else {"hvac_action": action}
    name = "Living room"
    await kit.change(CLIMATE, "heat", friendly_name=name, current_temperature=temperature, away=False, **doing)


def of(entity_id: str, attribute: str, **data: Any) -> Any:
    """Describe an alert of an attribute, as its flow saves it."""
    return alert(entity_id, called="Robot", attribute=attribute, text="{{ summary }}", title="{{ state }}", **data)


async def load(kit: GlancesKit, item: Any) -> Any:
    """Load an alert, and let the first update go."""
    entry = await kit.load(widget(text="all is well", title="Home"), item)
    await kit.tick(SPACING)
    kit.pushed()
    return entry


def fields(form: dict[str, Any]) -> set[str]:
    """Return the conditions that a form asks for."""
    return {"states", "above", "below", "attribute"} & {str(key) for key in form["data_schema"].schema}


async def test_flow_of_a_number(kit: GlancesKit) -> None:
    """With an attribute, the form asks for its limits, in its unit; what a person wrote stays."""
    entry = await kit.load(widget(title="Inside"))
    form = await choose(kit, entry, VACUUM)
    assert fields(form) == {"states", "attribute"}
    form = await enter(kit, form, **filled(form, attribute="battery_level", subtext="mine"))
    assert (form["step_id"], form["errors"], fields(form)) == ("alert", {}, {"above", "below", "attribute"})
    assert filled(form) == {
        "name": "Robot battery level",
        "attribute": "battery_level",
        "title": "Robot",
        "text": "{{ summary }}",
        "subtext": "mine",
        "count": "{{ count }}",
        "percent": "100",
        "replace": True,
        "urgent": True,
    }
    number = next(item for key, item in form["data_schema"].schema.items() if key == "below")
    assert number.config["unit_of_measurement"] == "%"
    form = await enter(kit, form, **filled(form))
    assert form["errors"] == {"above": "no_limit"}
    form = await enter(kit, form, **filled(form, below=20))
    assert form["description_placeholders"]["text"] == "Robot 80 \\%"
    assert (await pick(kit, form, "save"))["title"] == "Robot battery level: < 20"
    data = alert_of(entry).data
    assert (data["attribute"], data["below"], data["units"]) == ("battery_level", 20, {VACUUM: "%"})
    await kit.tick(2 * MINUTE)
    kit.pushed()
    await kit.change(VACUUM, "docked", friendly_name="Robot", battery_level=19)
    assert kit.pushed()[-1]["text"] == "Robot 19 %"


async def test_flow_of_words(kit: GlancesKit) -> None:
    """The values of the attribute can be chosen, and are written as people read them."""
    entry = await kit.load(widget(title="Inside"))
    form = await choose(kit, entry, CLIMATE)
    form = await enter(kit, form, **filled(form, attribute="hvac_action"))
    states = next(item for key, item in form["data_schema"].schema.items() if key == "states")
    assert (states.config["attribute"], states.config["entity_id"]) == ("hvac_action", CLIMATE)
    form = await enter(kit, form, **filled(form, states=["heating"]))
    assert form["description_placeholders"]["text"] == "Living room heating"
    assert (await pick(kit, form, "save"))["title"] == "Living room current action: Heating"


async def test_back_to_the_state(kit: GlancesKit) -> None:
    """Without the attribute, the state counts again, with what is suggested for it."""
    entry = await kit.load(widget(title="Inside"))
    await kit.state(DOOR, "closed", friendly_name="Garage door", current_position=0)
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form, attribute="current_position"))
    assert preset(form, "attribute") == "current_position"
    given = filled(form, above=1)
    form = await enter(kit, form, **{key: value for key, value in given.items() if key != "attribute"})
    assert [preset(form, key) for key in ("states", "above", "name")] == [["open"], 1, "Garage door: Open"]
    form = await enter(kit, form, **filled(form))
    assert form["description_placeholders"]["text"] == "Garage door open"


async def test_reconfigure(kit: GlancesKit) -> None:
    """The attribute stays while an entity is watched that has it."""
    await kit.state("vacuum.other", "docked", friendly_name="Other", battery_level=50)
    entry = await kit.load(widget(title="Inside"), of(VACUUM, "battery_level", below=20))
    context = {"source": SOURCE_RECONFIGURE, "subentry_id": alert_of(entry).subentry_id}
    form = await enter(kit, await start(kit, entry, **context), entities=[VACUUM, "vacuum.other"])
    assert (preset(form, "attribute"), preset(form, "below")) == ("battery_level", 20)
    form = await enter(kit, await start(kit, entry, **context), entities=[DOOR])
    assert "attribute" not in {str(key) for key in form["data_schema"].schema}


async def test_words(kit: GlancesKit) -> None:
    """It begins and ends with the attribute, whatever the state is."""
    await load(kit, of(CLIMATE, "hvac_action", states=["heating"]))
    await heat(kit, "heating")
    assert kit.pushed() == [{"title": "Heating", "text": "Living room heating"}]
    assert state(kit, ALERT) == "on"
    await kit.tick(MINUTE)
    await heat(kit, None)
    assert kit.pushed() == [{"title": "Home", "text": "all is well"}]
    assert state(kit, ALERT) == "off"


async def test_yes_and_no(kit: GlancesKit) -> None:
    """An attribute that is true or false has these words as values."""
    await load(kit, of(CLIMATE, "away", states=["true"]))
    await again(kit, CLIMATE, "heat", away=True)
    assert state(kit, ALERT) == "on"


async def test_since(kit: GlancesKit) -> None:
    """It has to last since the attribute changed, not since the state did."""
    await load(kit, of(CLIMATE, "hvac_action", states=["heating"], lasts=5 * MINUTE))
    await heat(kit, "heating")
    await kit.tick(4 * MINUTE)
    assert state(kit, ALERT) == "off"
    await heat(kit, "heating", temperature=21)
    await kit.tick(MINUTE)
    assert state(kit, ALERT) == "on"


async def test_unavailable(kit: GlancesKit) -> None:
    """While the entity is unavailable, the alert stays as it is, for a while."""
    await load(kit, of(VACUUM, "battery_level", below=20))
    await kit.change(VACUUM, "docked", friendly_name="Robot", battery_level=10)
    assert state(kit, ALERT) == "on"
    await kit.change(VACUUM, "unavailable", friendly_name="Robot")
    await kit.tick(25 * MINUTE)
    assert state(kit, ALERT) == "on"
    await kit.tick(6 * MINUTE)
    assert state(kit, ALERT) == "off"


async def test_unit(kit: GlancesKit) -> None:
    """A limit keeps its meaning when Home Assistant changes its unit of temperature."""
    units = {CLIMATE: UnitOfTemperature.CELSIUS}
    await load(kit, of(CLIMATE, "current_temperature", below=18, units=units))
    kit.hass.config.units = US_CUSTOMARY_SYSTEM
    await heat(kit, "idle", temperature=68)
    assert state(kit, ALERT) == "off"
    await heat(kit, "idle", temperature=64)
    assert state(kit, ALERT) == "on"


async def test_several(kit: GlancesKit) -> None:
    """Several are named."""
    await kit.state("vacuum.other", "docked", friendly_name="Other", battery_level=10)
    await load(
        kit, alert(VACUUM, "vacuum.other", called="Robot", attribute="battery_level", below=20, text="{{ summary }}")
    )
    await again(kit, VACUUM, "docked", battery_level=5)
    await kit.tick(MINUTE)
    assert kit.pushed()[-1]["text"] == "Other, Robot"


async def test_attribute_of_an_unknown_state(kit: GlancesKit) -> None:
    """An attribute counts while the state is unknown; without it, nothing is known of the entity."""
    await load(kit, of(VACUUM, "battery_level", below=20))
    await again(kit, VACUUM, "unknown", battery_level=10)
    assert state(kit, ALERT) == "on"
    await kit.change(VACUUM, "unknown", friendly_name="Robot")
    assert state(kit, ALERT) == "on"
    await kit.change(VACUUM, "docked", friendly_name="Robot")
    assert state(kit, ALERT) == "off"
