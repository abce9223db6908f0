"""What the last step of a widget's flow says about when it goes, and about what is sent besides the templates."""

import base64
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState

from emulator import Fault, Kind

from .kit import DOOR, MINUTE, ROUNDING, SETTLE, SPACING, GlancesKit, alert, widget
from .test_entities import TEXT
from .test_widget_flow import DEFAULTS, DELIVERY, enter, fields_of, pick, preset
from .test_widget_preview import CUT, NO_VALUE, NOW, fields, filled_in, preview

UNCHANGED = "Nothing will be sent, because the device already has this."


async def test_preview_has_the_time_stamp(kit: GlancesKit) -> None:
    """In the picture and in the table, as a watch will have it, and what it cuts."""
    await kit.load()
    form = await enter(kit, await fields(kit), text="Hi", delivery={"time_stamp": "text"})
    said = form["description_placeholders"]
    assert ">Hi · 12:00 PM<" in base64.b64decode(said["picture"].partition(",")[2]).decode()
    assert (said["text"], said["text_length"]) == (r"Hi · 12\:00 PM", "13")
    form = await enter(kit, await fields(kit), text="y" * 98, delivery={"time_stamp": "text"})
    assert form["description_placeholders"]["text_length"] == f"98 {CUT} 100"
    form = await enter(kit, await fields(kit), text="Hi", delivery={"time_stamp": "subtext"})
    said = form["description_placeholders"]
    assert (said["subtext"], said["subtext_length"]) == (r"12\:00 PM", "8")


async def look(kit: GlancesKit, entry: Any, device: str = "iphone", **data: Any) -> dict[str, str]:
    """Change the widget as far as the preview, and return what that says."""
    menu = await enter(kit, await fields_of(kit, entry, device), **{**DELIVERY, **data})
    assert menu["step_id"] == "preview"
    return dict(menu["description_placeholders"])


async def goes(kit: GlancesKit, entry: Any, **data: Any) -> str:
    """Return when the preview of a change says that the update goes."""
    return (await look(kit, entry, **data))["goes"]


async def test_preview_says_when_it_goes(kit: GlancesKit) -> None:
    """It goes at once if nothing was sent before, and not at all without a value."""
    await kit.load()
    assert (await preview(kit, text="x"))["goes"] == NOW
    assert (await preview(kit))["goes"] == "Nothing will be sent yet, because no field has a value."


async def test_preview_of_a_change_says_when_it_goes(kit: GlancesKit) -> None:
    """The last update counts, and so does what Pushover says of its quota."""
    entry = await kit.load(widget(text="x"))
    assert await goes(kit, entry, text="y") == "This will be sent at 12:01 PM."
    await kit.tick(MINUTE + ROUNDING)
    assert await goes(kit, entry, text="y") == NOW
    kit.emulator.faults.append(Fault(Kind.RATE_LIMIT, path="/1/glances.json", reset=1795694400))
    await kit.tick(SPACING)
    await kit.update(title="z")
    assert await goes(kit, entry, text="y") == "This will be sent on 2026-11-26 at 12:00 PM."
    await kit.hass.config_entries.async_unload(entry.entry_id)
    assert await goes(kit, entry, text="y") == "This will be sent once the account is loaded."


async def test_back_to_the_fields_of_a_change(kit: GlancesKit) -> None:
    """What was typed is there again, the device included."""
    entry = await kit.load(widget(text="x"))
    menu = await enter(kit, await fields_of(kit, entry, "ipad"), text="y", delivery={"min_interval": 1})
    form = await pick(kit, menu, "reconfigure")
    assert preset(form, "device") == "ipad"
    form = await pick(kit, await enter(kit, form, device="ipad"), "fields")
    assert preset(form, "text") == "y"
    assert filled_in(form, "delivery")["min_interval"] == 1
    (there,) = entry.subentries.values()
    assert there.data["device"] == "iphone"


async def test_preview_of_what_is_shown_already(kit: GlancesKit) -> None:
    """A setting alone sends nothing; a field that is no longer filled in is emptied."""
    entry = await kit.load(widget(title="a", text="x"))
    await kit.tick(SPACING)
    assert await goes(kit, entry, title="a", text="x", delivery={"min_interval": 1}) == UNCHANGED
    said = await look(kit, entry)
    assert (said["title"], said["text"], said["goes"]) == ("", "", NOW)


async def test_preview_of_a_paused_widget(kit: GlancesKit) -> None:
    """Nothing new goes before it follows its entities again."""
    entry = await kit.load(widget(text="x"))
    await kit.tick(SPACING)
    await kit.hass.services.async_call("switch", "turn_off", {"entity_id": "switch.iphone_glance_follow_entities"})
    await kit.settle()
    said = await look(kit, entry, text="y")
    assert said["text"] == "x"
    assert said["goes"].startswith('Nothing will be sent, because the switch "Follow entities" of this widget is off.')
    assert (await look(kit, entry, device="ipad", text="y"))["goes"] == NOW


async def test_preview_has_values_set_by_hand(kit: GlancesKit) -> None:
    """They are over what the templates say, and so they are what goes."""
    entry = await kit.load(widget(title="a", text="x"))
    await kit.tick(SPACING)
    await kit.update(text="By hand", count=3)
    await kit.tick(SPACING)
    said = await look(kit, entry, title="b", text="{{ states('sensor.away') }}", count="{{ 'many' }}")
    assert (said["title"], said["text"], said["count"], said["goes"]) == (
        "b",
        "By hand",
        "3 (many) · **Count takes one number, but this text has none, or more than one.**",
        NOW,
    )


async def test_preview_counts_what_the_new_device_has_had(kit: GlancesKit) -> None:
    """All devices together have had what each has, and a device has had what all have."""
    entry = await kit.load(widget(text="x"))
    assert (await look(kit, entry, device="*", text="y"))["goes"] == "This will be sent at 12:01 PM."
    assert (await look(kit, entry, device="ipad", text="y"))["goes"] == NOW


async def test_preview_before_home_assistant_has_started(kit: GlancesKit) -> None:
    """Nothing goes before it has."""
    await kit.load()
    kit.hass.set_state(CoreState.starting)
    assert (await preview(kit, text="x"))["goes"] == "This will be sent once Home Assistant has started."


async def test_preview_just_after_home_assistant_has_started(kit: GlancesKit) -> None:
    """An entity without a state gets two minutes from the start, however often the widget is changed."""
    kit.hass.set_state(CoreState.starting)
    entry = await kit.load(widget(text=TEXT))
    kit.hass.set_state(CoreState.running)
    kit.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await kit.settle()
    await kit.tick(MINUTE)
    assert await goes(kit, entry, text=TEXT, title="Door") == "This will be sent at 12:02 PM."


async def test_preview_of_a_template_over_a_domain(kit: GlancesKit) -> None:
    """Its entities are named as what they are: all of that domain."""
    await kit.load()
    said = await preview(kit, count="{{ states.light | list | count }}", text=f"{{{{ states('{DOOR}') }}}}")
    assert said["entities"] == rf"{NO_VALUE} cover\.garage\_door, light\.\*"


async def test_preview_of_a_widget_that_stays_as_it_is(kit: GlancesKit) -> None:
    """Saving it changes nothing, so that an outage goes on."""
    settings: dict[str, Any] = DEFAULTS
    entry = await kit.load(widget(text="x", **settings))
    await kit.tick(SPACING)
    await kit.emulator.stop()
    assert (await kit.update(title="z"))["status"] == "queued"
    await kit.emulator.start()
    assert await goes(kit, entry, text="y") == NOW
    assert await goes(kit, entry, text="x") == "This will be sent at 12:20 PM."


async def test_preview_of_an_opening_door_that_an_alert_covers(kit: GlancesKit) -> None:
    """Where the door shows nothing, nothing is waited for."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT), alert("lock.front_door", states=["unlocked"], called="Lock", text="Lock"))
    await kit.tick(SPACING)
    await kit.change("lock.front_door", "unlocked")
    kit.assert_pushed({"text": "closed"}, {"text": "Lock"})
    await kit.state(DOOR, "opening")
    await kit.tick(MINUTE - SETTLE)
    assert await goes(kit, entry, text=TEXT) == f"At the moment, an alert is shown instead: Lock. {UNCHANGED}"


async def test_preview_below_several_alerts(kit: GlancesKit) -> None:
    """Their names end the sentence, which is the same for one and for two."""
    await kit.state(DOOR, "open")
    settings: dict[str, Any] = DEFAULTS
    entry = await kit.load(widget(text="x", **settings), alert(), alert(called="Door open", text="Open"))
    assert (await goes(kit, entry, text="y")).startswith(
        r"At the moment, an alert is shown instead: Garage door\: Open\, Door open. "
    )


async def test_preview_at_the_end_of_an_alert(kit: GlancesKit) -> None:
    """It settles, even where it uncovers the value of an action, which does not."""
    await kit.state(DOOR, "open")
    settings: dict[str, Any] = DEFAULTS
    entry = await kit.load(widget(text="x", **settings), alert(title="Door", urgent=False))
    await kit.tick(SETTLE + ROUNDING)
    await kit.update(title="By hand")
    await kit.tick(60 * MINUTE)
    await kit.state(DOOR, "closed")
    assert await goes(kit, entry, text="x") == "This will be sent at 1:00 PM."
    kit.assert_pushed({"title": "Door", "text": "x"})
    await kit.tick(SETTLE + ROUNDING)
    kit.assert_pushed({"title": "By hand", "text": "x"})
