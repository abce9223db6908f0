"""A widget whose base is paused keeps what it shows, and takes actions only."""

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from emulator import Fault, Kind

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, subentry, widget
from .test_entities import TEXT, state

DASH = "\N{EN DASH}"


async def turn(kit: GlancesKit, action: str) -> None:
    """Turn the switch that pauses the widget's base."""
    await kit.hass.services.async_call(
        "switch", action, {"entity_id": "switch.iphone_glance_follow_entities"}, blocking=True
    )
    await kit.settle()


async def test_paused_mirror(kit: GlancesKit) -> None:
    """It says nothing new, over a reload, while actions go on; afterwards the widget is brought up to date at once."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(title="Door", text=TEXT, urgent_entities=[DOOR], daily_limit=0))
    kit.assert_pushed({"title": "Door", "text": "closed"})
    assert state(kit, "switch.iphone_glance_follow_entities") == STATE_ON
    await turn(kit, "turn_off")
    assert (state(kit, "switch.iphone_glance_follow_entities"), state(kit, "sensor.iphone_glance_status")) == (
        STATE_OFF,
        "paused",
    )
    await kit.change(DOOR, "open")
    assert state(kit, "sensor.iphone_glance_status") == "paused"
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()
    assert (state(kit, "switch.iphone_glance_follow_entities"), state(kit, "sensor.iphone_glance_status")) == (
        STATE_OFF,
        "paused",
    )
    assert (await kit.update(title="By hand"))["status"] == "sent"
    kit.assert_pushed({"title": "By hand", "text": "closed"})
    await kit.tick(MINUTE + ROUNDING)
    await turn(kit, "turn_on")
    kit.assert_pushed({"title": "By hand", "text": "open"})
    assert (state(kit, "switch.iphone_glance_follow_entities"), state(kit, "sensor.iphone_glance_status")) == (
        STATE_ON,
        "up_to_date",
    )
    await kit.tick(MINUTE + ROUNDING)
    await kit.change(DOOR, "closed")
    kit.assert_pushed({"title": "By hand", "text": "closed"})


async def test_pause_holds_a_change_that_waited(kit: GlancesKit) -> None:
    """Values that had not been sent when the base was paused are not sent later, and the status says so at once."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    await kit.change(DOOR, "open")
    await turn(kit, "turn_off")
    assert state(kit, "sensor.iphone_glance_status") == "paused"
    kit.pushed()
    await kit.tick(2 * SPACING)
    kit.assert_nothing_pushed()


async def test_value_ends_over_a_field_that_was_never_shown(kit: GlancesKit) -> None:
    """A widget that is paused before its first update then shows what its source says, instead of nothing."""
    await kit.state(DOOR, "closed")
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=503))
    await kit.load(widget(text=TEXT))
    await turn(kit, "turn_off")
    await kit.update(text="By hand", duration={"minutes": 30}, urgent=True)
    await kit.tick(MINUTE)
    kit.pushed()
    await kit.tick(30 * MINUTE)
    kit.assert_pushed({"text": "closed"})


async def test_pause_keeps_what_is_shown_for_an_unavailable_source(kit: GlancesKit) -> None:
    """A dash stays a dash, and a value a value."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    await kit.change(DOOR, "unavailable")
    await kit.tick(31 * MINUTE)
    kit.assert_pushed({"text": "closed"}, {"text": DASH})
    await turn(kit, "turn_off")
    await kit.tick(4 * 60 * MINUTE)
    kit.assert_pushed({"text": DASH})


async def test_pause_holds_what_failed_before(kit: GlancesKit) -> None:
    """A change that did not reach Pushover does not go with the retry."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    await kit.tick(40 * MINUTE)
    kit.pushed()
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=503))
    await kit.change(DOOR, "open")
    await turn(kit, "turn_off")
    await kit.tick(30)
    await kit.tick(2 * SPACING)
    kit.assert_nothing_pushed()
    assert state(kit, "sensor.iphone_glance_status") == "paused"


async def test_pause_holds_what_was_looked_at_before(kit: GlancesKit) -> None:
    """An urgent entity that does not show had everything rendered, and nothing sent."""
    await kit.state(DOOR, "closed")
    await kit.state("sensor.a", "20")
    await kit.load(widget(text="{{ states('sensor.a') }}", urgent_entities=[DOOR]))
    kit.pushed()
    await kit.state("sensor.a", "25")
    await kit.tick(2 * MINUTE)
    await kit.change(DOOR, "open")
    await kit.tick(MINUTE)
    await turn(kit, "turn_off")
    assert state(kit, "sensor.iphone_glance_status") == "paused"
    await kit.tick(2 * SPACING)
    kit.assert_nothing_pushed()


async def test_nothing_becomes_a_dash_during_a_pause(kit: GlancesKit) -> None:
    """A source that was gone for a moment when the pause began keeps its value."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    await kit.tick(40 * MINUTE)
    kit.pushed()
    await kit.change(DOOR, "unavailable")
    await turn(kit, "turn_off")
    await kit.change(DOOR, "open")
    await kit.tick(31 * MINUTE)
    kit.assert_nothing_pushed()


async def test_paused_widget_moves(kit: GlancesKit) -> None:
    """Its new device shows what the old one did, and the old one nothing."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    await turn(kit, "turn_off")
    kit.pushed()
    (item,) = entry.subentries.values()
    kit.hass.config_entries.async_update_subentry(entry, item, data={"device": "ipad", "text": TEXT}, unique_id="ipad")
    await kit.change(DOOR, "open")
    await kit.tick(SPACING)
    assert kit.emulator.glances[-2:] == [{"device": "ipad", "text": "closed"}, {"device": "iphone", "text": ""}]
    kit.pushed()
    await kit.tick(31 * MINUTE)
    kit.assert_nothing_pushed()


async def test_paused_widget_gets_a_new_field(kit: GlancesKit) -> None:
    """It is a new word of the base, so it waits for the end of the pause."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    await turn(kit, "turn_off")
    kit.pushed()
    (item,) = entry.subentries.values()
    kit.hass.config_entries.async_update_subentry(entry, item, data={"device": "iphone", "text": TEXT, "title": "Door"})
    await kit.settle()
    await kit.tick(SPACING)
    await kit.tick(31 * MINUTE)
    kit.assert_nothing_pushed()
    await turn(kit, "turn_on")
    kit.assert_pushed({"title": "Door", "text": "closed"})


async def test_pause_before_the_first_update(kit: GlancesKit) -> None:
    """A widget that has shown nothing yet shows nothing."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget("ipad", text=TEXT))
    (item,) = entry.subentries.values()
    kit.hass.config_entries.async_remove_subentry(entry, item.subentry_id)
    await kit.settle()
    kit.hass.config_entries.async_add_subentry(entry, subentry(title="a", text=TEXT))
    kit.hass.config_entries.async_add_subentry(entry, subentry("ipad", title="a", text=TEXT))
    await kit.settle()
    await kit.hass.services.async_call(
        "switch", "turn_off", {"entity_id": "switch.ipad_glance_follow_entities"}, blocking=True
    )
    await kit.tick(40 * MINUTE)
    assert kit.emulator.glances[-1] == {"device": "iphone", "title": "a", "text": "closed"}


async def test_value_by_hand_outlives_the_pause(kit: GlancesKit) -> None:
    """What the house did before the value was set does not end it; what it does afterwards does."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT, daily_limit=0))
    await turn(kit, "turn_off")
    await kit.change(DOOR, "open")
    await kit.tick(SPACING)
    assert (await kit.update(text="By hand"))["status"] == "sent"
    kit.pushed()
    await kit.tick(SPACING)
    await turn(kit, "turn_on")
    kit.assert_nothing_pushed()
    await kit.tick(SPACING)
    await kit.change(DOOR, "closed")
    kit.assert_pushed({"text": "closed"})


async def test_turning_on_what_is_on_asks_for_nothing(kit: GlancesKit) -> None:
    """An automation that does so each time makes nothing urgent."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    kit.pushed()
    await kit.change(DOOR, "open")
    await kit.tick(2 * MINUTE)
    await turn(kit, "turn_on")
    kit.assert_nothing_pushed()


async def test_source_that_is_away_once_more(kit: GlancesKit) -> None:
    """How long it was away before the pause does not count when that is over."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT, daily_limit=0))
    await kit.tick(40 * MINUTE)
    await kit.change(DOOR, "unavailable")
    await turn(kit, "turn_off")
    await kit.change(DOOR, "open")
    await kit.tick(60 * MINUTE)
    kit.pushed()
    await kit.state(DOOR, "unavailable")
    await turn(kit, "turn_on")
    await kit.tick(2 * MINUTE)
    kit.assert_nothing_pushed()


async def test_switch_of_an_account_that_is_being_unloaded(kit: GlancesKit) -> None:
    """It tells that it does nothing any more."""
    entry = await kit.load(widget(text="x"))
    await turn(kit, "turn_off")
    kit.emulator.faults.append(Fault(Kind.SLOW, path="/1/glances.json", seconds=0.5))
    calling = kit.hass.async_create_task(kit.act("update", text="y", urgent=True))
    kit.freezer.tick(MINUTE + ROUNDING)
    async_fire_time_changed(kit.hass)
    await kit.until(lambda: len(kit.emulator.glances) > 1)
    unloading = kit.hass.async_create_task(kit.hass.config_entries.async_unload(entry.entry_id))
    await kit.turns(5)
    with pytest.raises(HomeAssistantError) as raised:
        await kit.hass.services.async_call(
            "switch", "turn_on", {"entity_id": "switch.iphone_glance_follow_entities"}, blocking=True
        )
    assert raised.value.translation_key == "not_loaded"
    await kit.until(unloading.done, ticking=0.05)
    await calling


async def test_pause_after_a_value_was_cleared(kit: GlancesKit) -> None:
    """What an action had shown is no word of the entities, even where it is still on the device when the pause begins."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    await kit.tick(60 * MINUTE)
    assert (await kit.update(text="By hand"))["status"] == "sent"
    kit.assert_pushed({"text": "closed"}, {"text": "By hand"})
    (item,) = await kit.act("clear", fields=["text"])
    assert item["status"] == "queued"
    await turn(kit, "turn_off")
    await kit.tick(2 * SPACING)
    kit.assert_pushed({"text": "closed"})


async def test_source_that_was_gone_during_a_pause(kit: GlancesKit) -> None:
    """After the pause, the device shows that it has been gone, at once."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    await turn(kit, "turn_off")
    kit.pushed()
    await kit.change(DOOR, "unavailable")
    await kit.tick(60 * MINUTE)
    kit.assert_nothing_pushed()
    await turn(kit, "turn_on")
    kit.assert_pushed({"text": DASH})
