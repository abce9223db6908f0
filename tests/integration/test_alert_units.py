"""The limits of an alert keep their unit: they mean the same when an entity reports another one."""

from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigSubentryData
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.content.texts import plain

from .kit import MINUTE, GlancesKit, alert, widget
from .test_alert_flow import alert_of, choose, filled, start
from .test_entities import state
from .test_repairs import issues
from .test_widget_flow import enter, pick, preset

FREEZER, FRIDGE = "sensor.freezer", "sensor.fridge"
ACTIVE = "binary_sensor.freezer"
PROBLEM = "binary_sensor.iphone_glance_problem"
CELSIUS, FAHRENHEIT = "°C", "°F"


def warm(*entities: str, units: dict[str, str] | None = None, **data: Any) -> ConfigSubentryData:
    """Describe an alert of a freezer that begins above -10 °C."""
    limits: dict[str, Any] = {} if {"above", "below"} & data.keys() else {"above": -10.0}
    saved = {FREEZER: CELSIUS} if units is None else units
    return alert(*(entities or [FREEZER]), called="Freezer", title="Warm", units=saved, **limits, **data)


async def report(kit: GlancesKit, number: object, unit: str | None, entity: str = FREEZER, **attributes: Any) -> None:
    """Let an entity report a number in a unit."""
    kind = {"device_class": "temperature"} if unit in (CELSIUS, FAHRENHEIT, "K") else {}
    known = {} if unit is None else {"unit_of_measurement": unit}
    await kit.state(entity, str(number), **(kind | known | attributes))
    await kit.tick(MINUTE + 10)


def converted(*told: str, entity: str = FREEZER) -> dict[str, dict[str, str]]:
    """Return the repair for limits that were converted."""
    return {"alert_limit_converted": {"alert": "Freezer", "limits": "; ".join(_told(entity, *told))}}


def not_converted(*told: str) -> dict[str, dict[str, str]]:
    """Return the repair for limits that could not be converted."""
    return {"alert_limit_not_converted": {"alert": "Freezer", "limits": "; ".join(_told(FREEZER, *told))}}


def _told(entity: str, *told: str) -> list[str]:
    return [f"`{entity}`: {plain(item)}" for item in told]


async def test_freezer_that_changes_to_fahrenheit(kit: GlancesKit) -> None:
    """-0.4 °F is not above -10 °C, which is 14 °F; 15 °F is."""
    await report(kit, -18, CELSIUS)
    await kit.load(widget(title="Outside"), warm())
    kit.pushed()
    await report(kit, -0.4, FAHRENHEIT)
    assert state(kit, ACTIVE) == "off"
    assert issues(kit) == converted("> -10 °C → > 14 °F")
    await report(kit, 14, FAHRENHEIT)
    assert state(kit, ACTIVE) == "off"
    kit.assert_nothing_pushed()
    await report(kit, 15, FAHRENHEIT)
    assert state(kit, ACTIVE) == "on"
    kit.assert_pushed({"title": "Warm"})
    await report(kit, -20, CELSIUS)
    assert (state(kit, ACTIVE), issues(kit)) == ("off", {})


@pytest.mark.parametrize(
    ("saved", "limits", "now", "kind", "numbers", "told"),
    [
        pytest.param("°C", {"below": -18}, "°F", "temperature", (-0.5, -0.4), "< -18 °C → < -0.4 °F", id="F"),
        pytest.param("°F", {"above": 14}, "°C", "temperature", (-9.9, -10), "> 14 °F → > -10 °C", id="C"),
        pytest.param("°C", {"above": -10}, "K", "temperature", (263.2, 263.1), "> -10 °C → > 263.15 K", id="K"),
        pytest.param(
            *("°C", {"above": 2, "below": 8}, "°F", "temperature", (46, 47)),
            "> 2 °C, < 8 °C → > 35.6 °F, < 46.4 °F",
            id="between",
        ),
        pytest.param("W", {"above": 2000}, "kW", "power", (2.1, 2), "> 2000 W → > 2 kW", id="power"),
        pytest.param("kWh", {"above": 5}, "Wh", "energy", (5001, 5000), "> 5 kWh → > 5000 Wh", id="energy"),
        pytest.param("bar", {"below": 1.5}, "kPa", "pressure", (149, 150), "< 1.5 bar → < 150 kPa", id="pressure"),
        pytest.param("km/h", {"above": 90}, "m/s", "wind_speed", (25.1, 25), "> 90 km/h → > 25 m/s", id="wind"),
        pytest.param("GB", {"below": 1}, "MB", "data_size", (999, 1000), "< 1 GB → < 1000 MB", id="disk"),
        pytest.param("V", {"below": 12}, "mV", "voltage", (11999, 12000), "< 12 V → < 12000 mV", id="voltage"),
        pytest.param("W", {"above": 2000}, "kW", None, (2.1, 2), "> 2000 W → > 2 kW", id="no-device-class"),
        pytest.param("°C", {"above": -10}, "°F", None, (15, 14), "> -10 °C → > 14 °F", id="temperature-without"),
        pytest.param("W", {"above": 5}, "TW", "power", (6e-12, 5e-12), "> 5 W → > 0.000000000005 TW", id="tiny"),
    ],
)
async def test_units(
    kit: GlancesKit,
    *,
    saved: str,
    limits: dict[str, float],
    now: str,
    kind: str | None,
    numbers: tuple[float, float],
    told: str,
) -> None:
    """What Home Assistant can convert is compared in the unit of the limits."""
    inside, outside = numbers
    known = {} if kind is None else {"device_class": kind}
    await kit.load(widget(title="Outside"), warm(units={FREEZER: saved}, **limits))
    await kit.state(FREEZER, str(outside), unit_of_measurement=now, **known)
    assert state(kit, ACTIVE) == "off"
    assert issues(kit) == converted(told)
    await kit.state(FREEZER, str(inside), unit_of_measurement=now, **known)
    assert state(kit, ACTIVE) == "on"


@pytest.mark.parametrize(
    ("saved", "now", "attributes"),
    [
        pytest.param("°C", "bar", {"device_class": "pressure"}, id="other-kind"),
        pytest.param("%", "V", {"device_class": "voltage"}, id="battery"),
        pytest.param("°C", None, {}, id="no-unit"),
        pytest.param("°C", None, {"device_class": "temperature"}, id="no-unit-of-a-class"),
        pytest.param("EUR", "USD", {"device_class": "monetary"}, id="money"),
        pytest.param("\N{GREEK SMALL LETTER MU}g/m³", "ppb", {}, id="depends-on-the-gas"),
        pytest.param("km/kWh", "kWh/100km", {"device_class": "energy_distance"}, id="runs-the-other-way"),
        pytest.param("°C", "bananas", {"device_class": "temperature"}, id="unknown-to-the-class"),
        pytest.param("°C", "°F", {"device_class": "unknown"}, id="unknown-class"),
        pytest.param("°C", 5, {"device_class": 5}, id="no-texts"),
    ],
)
async def test_units_that_cannot_be_converted(
    kit: GlancesKit, saved: str, now: Any, attributes: dict[str, Any]
) -> None:
    """The alert does not begin on a number that means something else, and says why until the unit is back."""
    await kit.load(widget(title="Outside"), warm(units={FREEZER: saved}))
    unit = {} if now is None else {"unit_of_measurement": now}
    await kit.state(FREEZER, "50", **unit, **attributes)
    assert state(kit, ACTIVE) == "off"
    shown = now if isinstance(now, str) else "-"
    assert issues(kit) == not_converted(f"> -10 {saved} → {shown}")
    await kit.state(FREEZER, "50", unit_of_measurement=saved)
    assert (state(kit, ACTIVE), issues(kit)) == ("on", {})


async def test_micro(kit: GlancesKit) -> None:
    """The two characters for it are one unit."""
    await kit.load(widget(title="Outside"), warm(units={FREEZER: "\N{GREEK SMALL LETTER MU}g/m³"}, above=10))
    await report(kit, 11, "\N{MICRO SIGN}g/m³")
    assert (state(kit, ACTIVE), issues(kit)) == ("on", {})


async def test_unit_that_changes_alone(kit: GlancesKit) -> None:
    """The number stays the same, and means something else."""
    await report(kit, -5, CELSIUS)
    await kit.load(widget(title="Outside"), warm())
    await kit.tick(MINUTE)
    assert state(kit, ACTIVE) == "on"
    await report(kit, -5, FAHRENHEIT)
    assert state(kit, ACTIVE) == "off"
    await report(kit, -5, CELSIUS)
    assert state(kit, ACTIVE) == "on"


async def test_active_alert_whose_unit_cannot_be_converted(kit: GlancesKit) -> None:
    """The alert goes on for half an hour, and then ends as if the entity were away."""
    await report(kit, -5, CELSIUS)
    await kit.load(widget(title="Outside"), warm())
    await kit.tick(MINUTE)
    await report(kit, 5, "bar")
    assert state(kit, ACTIVE) == "on"
    await kit.tick(31 * MINUTE)
    await kit.tick(10)
    assert (state(kit, ACTIVE), state(kit, PROBLEM)) == ("off", "on")
    await report(kit, -20, CELSIUS)
    assert (state(kit, PROBLEM), issues(kit)) == ("off", {})


async def test_alert_of_an_earlier_version(kit: GlancesKit) -> None:
    """Its limits have no unit, and are compared as they are."""
    await report(kit, -18, CELSIUS)
    await kit.load(widget(title="Outside"), alert(FREEZER, called="Freezer", title="Warm", above=-10))
    await report(kit, -0.4, FAHRENHEIT)
    assert (state(kit, ACTIVE), issues(kit)) == ("on", {})


async def test_entities_with_different_units(kit: GlancesKit) -> None:
    """Each is compared in its own unit, and converted by itself."""
    units = {FREEZER: CELSIUS, FRIDGE: FAHRENHEIT}
    await report(kit, 5, CELSIUS)
    await report(kit, 5, FAHRENHEIT, FRIDGE)
    await kit.load(widget(title="Outside"), warm(FREEZER, FRIDGE, units=units, above=10, text="{{ entity_id }}"))
    await kit.tick(MINUTE)
    assert state(kit, ACTIVE) == "off"
    await report(kit, 12, FAHRENHEIT, FRIDGE)
    kit.pushed()
    assert state(kit, ACTIVE) == "on"
    await report(kit, -20, CELSIUS, FRIDGE)
    assert state(kit, ACTIVE) == "off"
    assert issues(kit) == converted("> 10 °F → > -12.2222222 °C", entity=FRIDGE)
    await report(kit, 51, FAHRENHEIT)
    assert state(kit, ACTIVE) == "on"
    assert set(issues(kit)["alert_limit_converted"]["limits"].split("; ")) == {
        *_told(FREEZER, "> 10 °C → > 50 °F"),
        *_told(FRIDGE, "> 10 °F → > -12.2222222 °C"),
    }


async def test_entity_that_is_away(kit: GlancesKit) -> None:
    """An entity that is away has no unit: no repair is created or deleted."""
    await report(kit, 5, FAHRENHEIT)
    entry = await kit.load(widget(title="Outside"), warm())
    told = converted("> -10 °C → > 14 °F")
    assert issues(kit) == told
    ((domain, issue_id),) = [key for key in ir.async_get(kit.hass).issues if key[0] == DOMAIN]
    ir.async_ignore_issue(kit.hass, domain, issue_id, ignore=True)
    await kit.state(FREEZER, "unavailable")
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(MINUTE)
    found = ir.async_get(kit.hass).async_get_issue(domain, issue_id)
    assert found is not None
    assert found.dismissed_version is not None
    await report(kit, -20, CELSIUS)
    assert issues(kit) == {}


@pytest.mark.parametrize("how", ["edited", "removed"])
async def test_repair_goes_with_its_alert(kit: GlancesKit, how: str) -> None:
    """One that is saved in the new unit needs no word."""
    await report(kit, 5, FAHRENHEIT)
    entry = await kit.load(widget(title="Outside"), warm())
    assert issues(kit).keys() == {"alert_limit_converted"}
    if how == "removed":
        kit.hass.config_entries.async_remove_subentry(entry, alert_of(entry).subentry_id)
    else:
        data = {**alert_of(entry).data, "above": 14, "units": {FREEZER: FAHRENHEIT}}
        kit.hass.config_entries.async_update_subentry(entry, alert_of(entry), data=data)
    await kit.settle()
    assert issues(kit) == {}


async def test_entity_that_gets_another_id(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """Its unit is known by the same key as the entity itself."""
    found = entity_registry.async_get_or_create("sensor", "test", "freezer", suggested_object_id="freezer")
    await report(kit, -0.4, FAHRENHEIT)
    await kit.load(widget(title="Outside"), warm(found.id, units={found.id: CELSIUS}))
    kit.hass.states.async_remove(FREEZER)
    entity_registry.async_update_entity(FREEZER, new_entity_id="sensor.cellar")
    await report(kit, -0.4, FAHRENHEIT, "sensor.cellar")
    assert state(kit, ACTIVE) == "off"
    assert issues(kit) == converted("> -10 °C → > 14 °F", entity="sensor.cellar")


def unit_beside(form: dict[str, Any]) -> str | None:
    """Return the unit that a form shows beside its limits."""
    fields = {str(key): field for key, field in form["data_schema"].schema.items()}
    (unit,) = {fields[key].config.get("unit_of_measurement") for key in ("above", "below")}
    return None if unit is None else str(unit)


async def edit(kit: GlancesKit, entry: Any, *entities: str) -> dict[str, Any]:
    """Open the form of the alert."""
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=alert_of(entry).subentry_id)
    return await enter(kit, form, entities=[*entities] or [FREEZER])


async def test_form(kit: GlancesKit) -> None:
    """It shows the unit beside the limits, and saves it with them."""
    await report(kit, -18, CELSIUS)
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, FREEZER)
    assert unit_beside(form) == CELSIUS
    form = await enter(kit, form, **filled(form, above=-10))
    await pick(kit, form, "save")
    assert alert_of(entry).data["units"] == {FREEZER: CELSIUS}


@pytest.mark.parametrize(
    ("units", "beside"),
    [
        ([CELSIUS, FAHRENHEIT], "°C / °F"),
        (["%", "%"], "%"),
        (["%", None], "%"),
        ([None, None], None),
    ],
    ids=str,
)
async def test_form_of_several(kit: GlancesKit, units: list[str | None], beside: str | None) -> None:
    """Each unit is shown once, and saved for its entity."""
    for entity, unit in zip((FREEZER, FRIDGE), units, strict=True):
        await report(kit, 5, unit, entity)
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, FREEZER, FRIDGE)
    assert unit_beside(form) == beside
    form = await enter(kit, form, **filled(form, below=20))
    await pick(kit, form, "save")
    expected = {entity: unit for entity, unit in zip((FREEZER, FRIDGE), units, strict=True) if unit is not None}
    assert alert_of(entry).data.get("units", {}) == expected


async def test_form_of_a_door(kit: GlancesKit) -> None:
    """An alert without limits has no unit."""
    await kit.state("cover.door", "closed", unit_of_measurement="%")
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, "cover.door")
    form = await enter(kit, form, **filled(form, states=["open"]))
    await pick(kit, form, "save")
    assert "units" not in alert_of(entry).data


async def test_edit_after_a_change(kit: GlancesKit) -> None:
    """The form has the limits in the new unit; saved as they are, they mean the same, and the repair is gone."""
    await report(kit, -0.4, FAHRENHEIT)
    entry = await kit.load(widget(title="Outside"), warm())
    assert issues(kit) != {}
    form = await edit(kit, entry)
    assert (unit_beside(form), preset(form, "above")) == (FAHRENHEIT, 14)
    form = await enter(kit, form, **filled(form))
    await pick(kit, form, "save")
    await kit.settle()
    data = alert_of(entry).data
    assert (data["above"], data["units"]) == (14, {FREEZER: FAHRENHEIT})
    assert issues(kit) == {}


async def test_edit_of_an_earlier_version(kit: GlancesKit) -> None:
    """Its limits get the unit of now, which the form shows."""
    await report(kit, -18, CELSIUS)
    entry = await kit.load(widget(title="Outside"), alert(FREEZER, called="Freezer", title="Warm", above=-10))
    form = await edit(kit, entry)
    assert (unit_beside(form), preset(form, "above")) == (CELSIUS, -10)
    form = await enter(kit, form, **filled(form))
    await pick(kit, form, "save")
    assert alert_of(entry).data["units"] == {FREEZER: CELSIUS}
    await report(kit, -0.4, FAHRENHEIT)
    assert state(kit, ACTIVE) == "off"


async def test_edit_while_the_entity_is_away(kit: GlancesKit) -> None:
    """Its saved unit stays."""
    await kit.state(FREEZER, "unavailable")
    entry = await kit.load(widget(title="Outside"), warm())
    form = await edit(kit, entry)
    assert (unit_beside(form), preset(form, "above")) == (CELSIUS, -10)
    form = await enter(kit, form, **filled(form))
    await pick(kit, form, "save")
    assert alert_of(entry).data["units"] == {FREEZER: CELSIUS}


async def test_edit_where_only_one_has_changed(kit: GlancesKit) -> None:
    """No number is right for both, so the limit stays as it was saved, and goes on to be converted."""
    units = {FREEZER: CELSIUS, FRIDGE: CELSIUS}
    await report(kit, -18, CELSIUS)
    await report(kit, 5, FAHRENHEIT, FRIDGE)
    entry = await kit.load(widget(title="Outside"), warm(FREEZER, FRIDGE, units=units))
    form = await edit(kit, entry, FREEZER, FRIDGE)
    assert (unit_beside(form), preset(form, "above")) == (CELSIUS, -10)
    form = await enter(kit, form, **filled(form))
    await pick(kit, form, "save")
    await kit.tick(MINUTE)
    assert alert_of(entry).data["units"] == units
    assert state(kit, ACTIVE) == "off"
    form = await edit(kit, entry, FRIDGE)
    assert (unit_beside(form), preset(form, "above")) == (FAHRENHEIT, 14)


async def test_edit_of_a_unit_that_cannot_be_converted(kit: GlancesKit) -> None:
    """The form shows the new unit, in which the person enters the limits."""
    await report(kit, 5, "bar")
    entry = await kit.load(widget(title="Outside"), warm())
    form = await edit(kit, entry)
    assert unit_beside(form) == "bar"
    form = await enter(kit, form, **filled(form, above=6))
    await pick(kit, form, "save")
    await kit.settle()
    assert issues(kit) == {}
    await report(kit, 7, "bar")
    assert state(kit, ACTIVE) == "on"


async def test_preview(kit: GlancesKit) -> None:
    """It says whether the alert is active by the units of now."""
    await report(kit, 20, FAHRENHEIT)
    entry = await kit.load(widget(title="Outside"), warm())
    form = await edit(kit, entry)
    form = await enter(kit, form, **filled(form))
    assert form["description_placeholders"]["active"].startswith("The alert is active now")


async def test_diagnostics(kit: GlancesKit, hass_client: ClientSessionGenerator) -> None:
    """They have the units beside the limits."""
    entry = await kit.load(widget(title="Outside"), warm())
    data: Any = await get_diagnostics_for_config_entry(kit.hass, hass_client, entry)
    assert data["alerts"][0]["when"]["units"] == {FREEZER: CELSIUS}
