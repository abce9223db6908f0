"""An alert takes fields over while it matters, and gives them back by itself."""

from typing import Any

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.pushover_glances.const import DOMAIN

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, added, alert, widget
from .test_entities import state

TEMPERATURE = "sensor.temperature"
WEATHER: dict[str, Any] = {"title": "Outside", "text": "{{ states('sensor.temperature') }} °C", "daily_limit": 0}
WIDGET = {"title": "Outside", "text": "21.0 °C"}
ALERT = {"title": "Garage door", "text": "Open"}
ACTIVE = "binary_sensor.garage_door_open"


async def load(kit: GlancesKit, *alerts: ConfigSubentryData, **data: Any) -> Any:
    """Load a widget that shows the temperature, and alerts, and let the first update be an hour ago."""
    await kit.state(TEMPERATURE, "21.0")
    if kit.hass.states.get(DOOR) is None:
        await kit.state(DOOR, "closed")
    entry = await kit.load(widget(**(WEATHER | data)), *(alerts or [alert()]))
    await kit.tick(60 * MINUTE)
    kit.pushed()
    return entry


async def test_alert_takes_over_and_goes_back(kit: GlancesKit) -> None:
    """The door opens, and it is shown; it closes, and what was shown before is back, a minute later at the earliest."""
    await load(kit)
    assert state(kit, ACTIVE) == STATE_OFF
    await kit.change(DOOR, "open")
    kit.assert_pushed(ALERT)
    assert state(kit, ACTIVE) == STATE_ON
    await kit.change(DOOR, "closed")
    assert (state(kit, ACTIVE), state(kit, "sensor.iphone_glance_status")) == (STATE_OFF, "spacing")
    kit.assert_nothing_pushed()
    await kit.tick(MINUTE)
    kit.assert_pushed(WIDGET)


async def test_urgent_action_that_was_shown_before(kit: GlancesKit) -> None:
    """Below an alert that is not urgent, its value waits like any other: it has been seen already."""
    await load(kit, alert(urgent=False))
    assert (await kit.update(text="By hand", urgent=True))["status"] == "sent"
    await kit.change(DOOR, "open")
    await kit.tick(SPACING)
    kit.assert_pushed({**WIDGET, "text": "By hand"}, ALERT)
    await kit.change(DOOR, "closed")
    await kit.tick(2 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.tick(SPACING)
    kit.assert_pushed({**WIDGET, "text": "By hand"})


async def test_alert_empties_what_it_filled(kit: GlancesKit) -> None:
    """A field that nothing else fills is empty again afterwards, and the others were never touched."""
    await load(kit, alert(subtext="since {{ since }}", percent="{{ 100 }}"))
    await kit.change(DOOR, "open")
    kit.assert_pushed({**WIDGET, "subtext": "since 1:00 PM", "percent": "100"})
    await kit.change(DOOR, "closed")
    await kit.tick(MINUTE)
    kit.assert_pushed({**WIDGET, "subtext": "", "percent": ""})


async def test_alert_that_comes_and_goes(kit: GlancesKit) -> None:
    """One that is over before its update may go costs nothing."""
    await load(kit)
    await kit.change(TEMPERATURE, "30")
    kit.pushed()
    await kit.change(DOOR, "open")
    await kit.change(DOOR, "closed")
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()


async def test_alert_that_is_not_urgent(kit: GlancesKit) -> None:
    """Its begin and its end wait as every other change does."""
    await load(kit, alert(urgent=False))
    await kit.change(TEMPERATURE, "30")
    kit.pushed()
    await kit.change(DOOR, "open")
    await kit.tick(2 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.tick(SPACING)
    kit.assert_pushed(ALERT)


async def test_duration(kit: GlancesKit) -> None:
    """It begins when a state has lasted, and not when that was over before."""
    await load(kit, alert(lasts=300))
    await kit.change(DOOR, "open")
    await kit.tick(4 * MINUTE)
    await kit.change(DOOR, "closed")
    await kit.tick(10 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "open")
    await kit.tick(4 * MINUTE)
    assert state(kit, ACTIVE) == STATE_OFF
    await kit.tick(MINUTE)
    await kit.tick(5 + ROUNDING)
    assert state(kit, ACTIVE) == STATE_ON
    kit.assert_pushed(ALERT)


async def test_each_entity_has_to_last(kit: GlancesKit) -> None:
    """Two that take turns do not make up for one that lasts."""
    await load(kit, alert(DOOR, "cover.gate", lasts=300))
    await kit.change(DOOR, "open")
    await kit.tick(3 * MINUTE)
    await kit.change("cover.gate", "open")
    await kit.change(DOOR, "closed")
    await kit.tick(3 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.tick(2 * MINUTE)
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(ALERT)


async def test_any_of_several_entities(kit: GlancesKit) -> None:
    """It names those that are open; it is over when none is."""
    await kit.state("cover.gate", "closed", friendly_name="Gate")
    await load(kit, alert(DOOR, "cover.gate", title="Doors", text="{{ name }}", subtext="{{ state }}"))
    await kit.state(DOOR, "closed", friendly_name="Door")
    await kit.change("cover.gate", "open", friendly_name="Gate")
    kit.assert_pushed({"title": "Doors", "text": "Gate", "subtext": "open"})
    await kit.tick(MINUTE)
    await kit.change(DOOR, "open", friendly_name="Door")
    kit.assert_pushed({"title": "Doors", "text": "Gate, Door", "subtext": "open"})
    await kit.tick(MINUTE)
    await kit.change("cover.gate", "closed", friendly_name="Gate")
    kit.assert_pushed({"title": "Doors", "text": "Door", "subtext": "open"})
    await kit.tick(MINUTE)
    await kit.change(DOOR, "closed", friendly_name="Door")
    kit.assert_pushed({**WIDGET, "subtext": ""})


@pytest.mark.parametrize(
    ("limits", "quiet", "loud"),
    [({"above": 25.0}, "25.0", "25.5"), ({"below": 5.0}, "5", "-4.5"), ({"above": 5.0, "below": 8.0}, "8.0", "6.5")],
    ids=["above", "below", "between"],
)
async def test_number(kit: GlancesKit, limits: dict[str, Any], quiet: str, loud: str) -> None:
    """A number counts beyond a limit, and what is shown follows it."""
    await kit.state("sensor.a", quiet, unit_of_measurement="°C")
    await load(kit, alert("sensor.a", text="{{ state }}", **limits))
    await kit.change("sensor.a", quiet + "0", unit_of_measurement="°C")
    kit.assert_nothing_pushed()
    await kit.change("sensor.a", loud, unit_of_measurement="°C")
    kit.assert_pushed({"title": "Outside", "text": f"{loud} °C"})
    await kit.tick(SPACING)
    await kit.change("sensor.a", "a", unit_of_measurement="°C")
    kit.assert_pushed(WIDGET)


async def test_number_that_goes_on_changing(kit: GlancesKit) -> None:
    """During the alert it is an ordinary change: it waits, and matters from a threshold on."""
    await kit.state("sensor.a", "20")
    await load(kit, alert("sensor.a", text="{{ state }}", above=25))
    await kit.change("sensor.a", "30")
    kit.assert_pushed({"title": "Outside", "text": "30"})
    await kit.change("sensor.a", "40")
    await kit.tick(2 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.tick(SPACING)
    kit.assert_pushed({"title": "Outside", "text": "40"})


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        pytest.param(("cover.a", "open", {}), ("cover.b", "open", {}), id="newest"),
        pytest.param(("cover.b", "open", {"urgent": False}), ("cover.a", "open", {}), id="urgent"),
        *[
            pytest.param(
                ("cover.a", "open", {}),
                ("binary_sensor.b", "on", {"states": ["on"], "urgent": False, "device_class": device_class}),
                id=device_class,
            )
            for device_class in ("smoke", "gas", "carbon_monoxide", "moisture", "tamper")
        ],
        pytest.param(
            ("cover.a", "open", {}),
            ("sensor.b", "60", {"above": 50, "urgent": False, "device_class": "carbon_monoxide"}),
            id="number",
        ),
    ],
)
@pytest.mark.parametrize("is_upper_first", [False, True], ids=["upper-last", "upper-first"])
async def test_order(
    kit: GlancesKit, lower: tuple[str, str, Any], upper: tuple[str, str, Any], *, is_upper_first: bool
) -> None:
    """Hazards are on top, then what is urgent, then the newest; two that are alike go by time alone."""
    order = [lower, upper]
    if is_upper_first:
        order.reverse()
    data = {text: {**item[2], "text": text} for text, item in (("lower", lower), ("upper", upper))}
    classes = {text: item.pop("device_class", None) for text, item in data.items()}
    await load(kit, alert(lower[0], **data["lower"]), alert(upper[0], **data["upper"]))
    for item in order:
        text = "lower" if item is lower else "upper"
        await kit.change(item[0], item[1], device_class=classes[text])
        await kit.tick(SPACING)
    is_alike = lower[0].startswith("cover") and upper[0].startswith("cover") and data["lower"].get("urgent", True)
    assert kit.pushed()[-1]["text"] == ("lower" if is_alike and is_upper_first else "upper")


async def test_gas_meter_is_no_hazard(kit: GlancesKit) -> None:
    """A sensor of gas counts what is used."""
    await load(kit, alert("cover.a", text="door"), alert("sensor.gas", above=5, text="gas", urgent=False))
    await kit.change("cover.a", "open")
    await kit.change("sensor.gas", "6", device_class="gas", unit_of_measurement="m³")
    await kit.tick(SPACING)
    assert kit.pushed()[-1]["text"] == "door"


async def test_newest_wins_field_by_field(kit: GlancesKit) -> None:
    """Each field shows the newest alert that takes it over, and the next one when that is over."""
    await load(
        kit,
        alert("cover.a", text="A", subtext="a"),
        alert("cover.b", text="B", title="Both"),
        alert("cover.c", count="{{ alerts }}"),
    )
    for entity_id in ("cover.b", "cover.a", "cover.c"):
        await kit.change(entity_id, "open")
        await kit.tick(MINUTE)
    assert kit.pushed()[-1] == {"title": "Both", "text": "A", "subtext": "a", "count": "3"}
    await kit.change("cover.a", "closed")
    await kit.tick(SPACING)
    assert kit.pushed()[-1] == {"title": "Both", "text": "B", "subtext": "", "count": "2"}
    await kit.change("cover.b", "closed")
    await kit.tick(SPACING)
    assert kit.pushed()[-1] == {**WIDGET, "count": "1"}


async def test_alert_over_a_value_by_hand(kit: GlancesKit) -> None:
    """An action's value waits below an alert, and is shown after it."""
    await load(kit)
    await kit.change(DOOR, "open")
    kit.pushed()
    await kit.tick(SPACING)
    assert (await kit.update(text="By hand", urgent=True))["status"] == "unchanged"
    kit.assert_nothing_pushed()
    await kit.tick(SPACING)
    await kit.change(DOOR, "closed")
    kit.assert_pushed({"title": "Outside", "text": "By hand"})


async def test_restart_during_an_alert(kit: GlancesKit) -> None:
    """A reload changes nothing; a door that closed meanwhile is noticed."""
    entry = await load(kit, alert(subtext="since {{ since }}"))
    await kit.change(DOOR, "open")
    kit.assert_pushed({**WIDGET, "subtext": "since 1:00 PM"})
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    assert state(kit, ACTIVE) == STATE_ON
    await kit.hass.config_entries.async_unload(entry.entry_id)
    await kit.state(DOOR, "closed")
    await kit.setup(entry)
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed({**WIDGET, "subtext": ""})


async def test_begin_outlives_a_restart(kit: GlancesKit) -> None:
    """What has lasted before a restart counts, although the state is younger then."""
    entry = await load(kit, alert(lasts=600))
    await kit.change(DOOR, "open")
    await kit.tick(5 * MINUTE)
    await kit.hass.config_entries.async_unload(entry.entry_id)
    kit.hass.states.async_remove(DOOR)
    await kit.state(DOOR, "open")
    await kit.setup(entry)
    await kit.tick(5 * MINUTE)
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(ALERT)


async def test_source_that_is_away(kit: GlancesKit) -> None:
    """It neither ends an alert at once nor begins one; after half an hour the alert ends, and the problem says why."""
    await load(kit)
    await kit.change(DOOR, "open")
    kit.assert_pushed(ALERT)
    await kit.change(DOOR, "unavailable")
    await kit.tick(29 * MINUTE)
    kit.assert_nothing_pushed()
    assert (state(kit, ACTIVE), state(kit, "binary_sensor.iphone_glance_problem")) == (STATE_ON, STATE_OFF)
    await kit.tick(MINUTE)
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(WIDGET)
    problem = kit.hass.states.get("binary_sensor.iphone_glance_problem")
    assert problem is not None
    assert (problem.state, problem.attributes["reason"], problem.attributes["alerts"]) == (
        STATE_ON,
        "alert_source_unavailable",
        ["Garage door: Open"],
    )
    await kit.change(DOOR, "closed")
    assert state(kit, "binary_sensor.iphone_glance_problem") == STATE_OFF


async def test_source_that_is_away_for_a_moment(kit: GlancesKit) -> None:
    """It is as open as before, so nothing is sent."""
    await load(kit, alert(text="{{ state }}"))
    await kit.change(DOOR, "open")
    kit.assert_pushed({"title": "Outside", "text": "open"})
    await kit.tick(SPACING)
    await kit.change(DOOR, "unavailable")
    await kit.tick(SPACING)
    await kit.change(DOOR, "open")
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()


async def test_source_that_is_away_begins_nothing(kit: GlancesKit) -> None:
    """What has begun to last goes on when the source is back."""
    await load(kit, alert(lasts=300))
    await kit.change(DOOR, "open")
    await kit.tick(MINUTE)
    await kit.change(DOOR, "unknown")
    await kit.tick(10 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "open")
    kit.assert_pushed(ALERT)


async def test_widgets_of_an_alert(kit: GlancesKit) -> None:
    """It is shown on those that were chosen only."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(title="a"), widget("ipad", title="b"))
    first, second = entry.subentries.values()
    kit.hass.config_entries.async_add_subentry(entry, added(alert(widgets=[second.subentry_id, "gone"])))
    await kit.settle()
    await kit.tick(2 * MINUTE)
    kit.pushed()
    await kit.change(DOOR, "open")
    assert [glance["device"] for glance in kit.emulator.glances[-1:]] == ["ipad"]
    kit.assert_pushed(ALERT)
    assert first.title == "iphone"


async def test_alert_is_added_and_removed(kit: GlancesKit) -> None:
    """One whose entity is in its state already is shown at once, and taken back at once."""
    await kit.state(DOOR, "open")
    entry = await load(kit, alert("cover.other"))
    item = added(alert(called="New"))
    kit.hass.config_entries.async_add_subentry(entry, item)
    await kit.settle()
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(ALERT)
    await kit.tick(MINUTE)
    kit.hass.config_entries.async_remove_subentry(entry, item.subentry_id)
    await kit.settle()
    kit.assert_pushed(WIDGET)


async def test_device_of_an_alert(
    kit: GlancesKit, device_registry: dr.DeviceRegistry, entity_registry: er.EntityRegistry
) -> None:
    """It is a service of its own under the account, and adds nothing to the device of a widget."""
    entry = await load(kit)
    account = device_registry.async_get_device_by_identifier((DOMAIN, entry.entry_id), config_entry_id=entry.entry_id)
    found = entity_registry.async_get(ACTIVE)
    assert account is not None
    assert found is not None
    assert found.device_id is not None
    device = device_registry.async_get(found.device_id)
    assert isinstance(device, dr.DeviceEntry)
    assert (device.name, device.model, device.via_device_id) == ("Garage door: Open", "Alert", account.id)
    assert device.entry_type is dr.DeviceEntryType.SERVICE
    entities = er.async_entries_for_device(entity_registry, device.id)
    assert {item.entity_id for item in entities} == {ACTIVE, "button.garage_door_open_dismiss"}


async def test_alerts_go_on_during_a_pause(kit: GlancesKit) -> None:
    """A widget that does not follow its entities shows what matters, and then what it showed before."""
    await load(kit)
    await kit.hass.services.async_call(
        "switch", "turn_off", {"entity_id": "switch.iphone_glance_follow_entities"}, blocking=True
    )
    await kit.change(TEMPERATURE, "30")
    await kit.change(DOOR, "open")
    kit.assert_pushed(ALERT)
    await kit.tick(MINUTE)
    await kit.change(DOOR, "closed")
    kit.assert_pushed(WIDGET)


async def test_pause_during_an_alert(kit: GlancesKit) -> None:
    """The value of the base below the alert is kept, and not that of the alert."""
    await load(kit)
    await kit.change(DOOR, "open")
    kit.pushed()
    await kit.hass.services.async_call(
        "switch", "turn_off", {"entity_id": "switch.iphone_glance_follow_entities"}, blocking=True
    )
    await kit.change(TEMPERATURE, "30")
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "closed")
    kit.assert_pushed(WIDGET)


async def test_renamed_entity_is_followed(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """An alert stands by the registry entry, whatever the entity's id becomes."""
    found = entity_registry.async_get_or_create("cover", "test", "door", suggested_object_id="garage_door")
    await load(kit, alert(found.id))
    entity_registry.async_update_entity(DOOR, new_entity_id="cover.new_door")
    kit.hass.states.async_remove(DOOR)
    await kit.change("cover.new_door", "open")
    kit.assert_pushed(ALERT)
