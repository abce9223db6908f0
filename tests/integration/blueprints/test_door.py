"""The blueprint for a door that is left open."""

from homeassistant.core import CoreState

from ..kit import DOOR, GlancesKit, subentry, widget
from .home import DOOR_FILE, GARAGE, QUICK, Automate, automation, later, rest, state


async def test_door(kit: GlancesKit, automate: Automate) -> None:
    """It is shown after its time, once, whatever happens to it meanwhile, and returned when it closes."""
    await automate(DOOR_FILE, door=DOOR)
    await state(kit, DOOR, "closed", GARAGE)
    await state(kit, DOOR, "open", GARAGE)
    await later(kit, 9)
    kit.assert_nothing_pushed()
    await later(kit, 2)
    kit.assert_pushed({"title": "Garage door", "text": "Open since 12:02"})
    await later(kit, 70)
    await state(kit, DOOR, "unavailable", GARAGE)
    await later(kit, 2)
    await state(kit, DOOR, "open", GARAGE)
    await later(kit, 15)
    await state(kit, DOOR, "closing", GARAGE)
    kit.assert_nothing_pushed()
    await state(kit, DOOR, "closed", GARAGE)
    await later(kit, 2)
    kit.assert_pushed({"title": "Home", "text": ""})


async def test_door_that_closes_in_time(kit: GlancesKit, automate: Automate) -> None:
    """It leaves alone what the widget shows, even what someone else put there."""
    await automate(DOOR_FILE, door=DOOR, open_for={"minutes": 5})
    await kit.hass.services.async_call("pushover_glances", "update", {"text": "Laundry"})
    await later(kit, 2)
    kit.assert_pushed({"title": "Home", "text": "Laundry"})
    await state(kit, DOOR, "open", GARAGE)
    await later(kit, 4)
    await state(kit, DOOR, "closed", GARAGE)
    await later(kit, 10)
    kit.assert_nothing_pushed()


async def test_door_is_urgent_both_ways(kit: GlancesKit, automate: Automate) -> None:
    """On a widget at its usual pace, opening and closing do not wait for it; other fields are left alone."""
    await automate(
        DOOR_FILE, door="binary_sensor.gate", open_for={"minutes": 1}, widgets={"entity_id": "notify.ipad_glance"}
    )
    (entry,) = kit.hass.config_entries.async_entries("pushover_glances")
    contact = {"device_class": "door", "friendly_name": "Gate"}
    kit.hass.config_entries.async_add_subentry(entry, subentry("ipad", title="Pad"))
    await kit.settle()
    await later(kit, 30)
    await kit.hass.services.async_call(
        "pushover_glances", "update", {"entity_id": "notify.ipad_glance", "count": 3}, blocking=True
    )
    kit.assert_pushed({"title": "Pad"}, {"title": "Pad", "count": "3"})
    await state(kit, "binary_sensor.gate", "off", contact)
    await state(kit, "binary_sensor.gate", "on", contact)
    await later(kit, 3)
    kit.assert_pushed({"title": "Gate", "text": "Open since 12:32", "count": "3"})
    await state(kit, "binary_sensor.gate", "off", contact)
    await later(kit, 2)
    kit.assert_pushed({"title": "Pad", "text": "", "count": "3"})


async def test_door_out_of_reach(kit: GlancesKit, automate: Automate) -> None:
    """It is returned within an hour, and shown again when it turns out to be open still."""
    await automate(DOOR_FILE, door=DOOR)
    await state(kit, DOOR, "closed", GARAGE)
    await state(kit, DOOR, "open", GARAGE)
    await later(kit, 15)
    kit.assert_pushed({"title": "Garage door", "text": "Open since 12:02"})
    await state(kit, DOOR, "unavailable", GARAGE)
    await later(kit, 45)
    kit.assert_nothing_pushed()
    await later(kit, 20)
    kit.assert_pushed({"title": "Home", "text": ""})
    await state(kit, DOOR, "open", GARAGE)
    await later(kit, 32)
    kit.assert_pushed({"title": "Garage door", "text": "Open since 12:02"})


async def test_door_found_open_at_the_start(kit: GlancesKit, automate: Automate) -> None:
    """It is not known since when, so it has to stay open for its whole time."""
    kit.hass.states.async_set(DOOR, "open", GARAGE)
    await kit.load(widget(title="Home", **QUICK))
    await later(kit, 2)
    kit.hass.set_state(CoreState.not_running)
    await automation(kit, DOOR_FILE, door=DOOR)
    await kit.hass.async_start()
    await rest(kit)
    await later(kit, 8)
    kit.assert_pushed({"title": "Home"})
    await later(kit, 3)
    kit.assert_pushed({"title": "Garage door", "text": "Open"})


async def test_door_found_open_closes_in_time(kit: GlancesKit, automate: Automate) -> None:
    """Nothing is shown, and the next opening is."""
    kit.hass.states.async_set(DOOR, "open", GARAGE)
    await automate(DOOR_FILE, door=DOOR, text="{{ state_translated(door) }}!")
    kit.hass.bus.async_fire("automation_reloaded")
    await later(kit, 8)
    await state(kit, DOOR, "closed", GARAGE)
    await later(kit, 20)
    kit.assert_nothing_pushed()
    await state(kit, DOOR, "open", GARAGE)
    await later(kit, 12)
    kit.assert_pushed({"title": "Garage door", "text": "Open!"})
