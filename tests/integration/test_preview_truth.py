"""What a preview says of a widget that shows something else at the moment is what happens once it is saved."""

import base64
from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.setup import async_setup_component

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, alert, page, widget
from .test_alert_flow import alert_of, filled, start as start_alert
from .test_entities import TEXT
from .test_pages import MORNING
from .test_widget_flow import DELIVERY, enter, fields_of, pick, preview_of
from .test_widget_goes import UNCHANGED
from .test_widget_preview import NO_VALUE, NOW, fields

DASH = "\N{EN DASH}"
COVERED = "At the moment, an alert is shown instead: Garage door\\: Open."


async def change(kit: GlancesKit, entry: Any, **data: Any) -> dict[str, Any]:
    """Change the widget as far as its preview."""
    menu = await enter(kit, await fields_of(kit, entry), **{**DELIVERY, **data})
    assert menu["step_id"] == "preview"
    return menu


def said(form: dict[str, Any], *names: str) -> tuple[str, ...]:
    """Return what a preview says of these."""
    return tuple(form["description_placeholders"][name] for name in (*names, "goes"))


def picture(form: dict[str, Any]) -> str:
    """Return the faces that a preview shows."""
    _, _, encoded = form["description_placeholders"]["picture"].partition(",")
    return base64.b64decode(encoded).decode()


async def test_text_that_replaces_a_value_of_an_action(kit: GlancesKit) -> None:
    """An action's value is over with what the field says; the new text is what is shown and sent."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    await kit.tick(2 * SPACING)
    assert (await kit.update(text="Painting"))["status"] == "sent"
    await kit.tick(2 * SPACING)
    form = await change(kit, entry, text="Other")
    assert said(form, "text") == ("Other", NOW)
    assert ">Other<" in picture(form)
    kit.pushed()
    await pick(kit, form, "save")
    kit.assert_pushed({"text": "Other"})


async def test_setting_of_a_widget_that_shows_a_dash(kit: GlancesKit) -> None:
    """The dash stays, and nothing is sent for it."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    await kit.tick(2 * SPACING)
    await kit.change(DOOR, "unavailable")
    await kit.tick(40 * MINUTE)
    kit.assert_pushed({"text": "closed"}, {"text": DASH})
    form = await change(kit, entry, text=TEXT, delivery={"daily_limit": 20})
    assert said(form, "text") == (f"{NO_VALUE} unavailable", UNCHANGED)
    assert f">{DASH}<" in picture(form)
    await pick(kit, form, "save")
    await kit.tick(2 * SPACING)
    kit.assert_nothing_pushed()


async def test_field_that_an_alert_covers(kit: GlancesKit) -> None:
    """What is edited is shown, and that the alert covers it; it is sent when that is over."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(title="Outside", text="20"), alert())
    await kit.tick(2 * SPACING)
    await kit.change(DOOR, "open")
    await kit.tick(SPACING)
    kit.pushed()
    form = await change(kit, entry, title="Garden", text="21")
    assert said(form, "title", "text") == ("Garden", "21", f"{COVERED} {UNCHANGED}")
    assert ">Garden<" in picture(form)
    assert ">Garage door<" not in picture(form)
    await pick(kit, form, "save")
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "closed")
    await kit.tick(MINUTE)
    kit.assert_pushed({"title": "Garden", "text": "21"})


async def test_field_beside_those_that_an_alert_covers(kit: GlancesKit) -> None:
    """It is sent as soon as the preview says, with what the alert shows."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(title="Outside"), alert())
    await kit.tick(2 * SPACING)
    await kit.change(DOOR, "open")
    await kit.tick(SPACING)
    kit.pushed()
    form = await change(kit, entry, title="Garden", subtext="20 degrees")
    assert said(form, "title", "subtext") == ("Garden", "20 degrees", f"{COVERED} {NOW}")
    await pick(kit, form, "save")
    kit.assert_pushed({"title": "Garage door", "text": "Open", "subtext": "20 degrees"})


async def test_active_alert(kit: GlancesKit) -> None:
    """Its preview says since when it has been active, as the watch does; that of a new one, since when it would be."""
    for domain in ("cover", "lock", "sensor"):
        assert await async_setup_component(kit.hass, domain, {})
    await kit.state(DOOR, "closed", friendly_name="Garage door", device_class="garage")
    entry = await kit.load(widget(title="Outside"), alert(subtext="since {{ since }}"))
    await kit.tick(2 * SPACING)
    await kit.change(DOOR, "open", friendly_name="Garage door", device_class="garage")
    began = "since 12:40 PM"
    assert kit.pushed()[-1]["subtext"] == began
    await kit.tick(45 * MINUTE + ROUNDING)
    form = await start_alert(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=alert_of(entry).subentry_id)
    form = await enter(kit, form, entities=[DOOR])
    form = await enter(kit, form, **filled(form))
    assert form["description_placeholders"]["subtext"] == began.replace(":", "\\:")
    form = await enter(kit, await start_alert(kit, entry), entities=[DOOR])
    form = await enter(kit, form, **filled(form))
    assert form["description_placeholders"]["subtext"] == began.replace(":", "\\:")


async def test_new_widget_below_a_page(kit: GlancesKit) -> None:
    """It is sent as soon as it is saved: that a page applies is no change that others may follow."""
    kit.freezer.move_to("2026-11-23 14:30:00+00:00")
    await kit.load(page(text="Commute", **MORNING))
    form = await preview_of(kit, await fields(kit), **DELIVERY, text="Locked")
    assert said(form, "text") == ("Locked", f"The page Morning replaces fields of this widget at the moment. {NOW}")
    await pick(kit, form, "save")
    kit.assert_pushed({"text": "Commute"})


async def test_new_widget_below_an_alert_that_began_without_one(kit: GlancesKit) -> None:
    """It is sent as soon as it is saved, with what the alert shows."""
    await kit.state(DOOR, "closed")
    await kit.load(alert(lasts=300))
    await kit.change(DOOR, "open")
    await kit.tick(10 * MINUTE)
    form = await preview_of(kit, await fields(kit), **DELIVERY, subtext="20 degrees")
    assert said(form, "subtext") == ("20 degrees", f"{COVERED} {NOW}")
    await pick(kit, form, "save")
    kit.assert_pushed({"title": "Garage door", "text": "Open", "subtext": "20 degrees"})
