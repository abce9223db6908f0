"""What replaces the whole glance: alerts, and the action that updates."""

from typing import Any

from homeassistant.exceptions import ServiceValidationError
import pytest

from emulator.world import EXAMPLE_USER

from .kit import DOOR, MINUTE, SPACING, GlancesKit, alert
from .test_alerts import TEMPERATURE, load

FIELDS: dict[str, Any] = {"title": "Outside", "text": "{{ states('sensor.temperature') }} °C", "count": "{{ 7 }}"}
SHOWS = {"title": "Outside", "text": "21.0 °C", "count": "7"}
DURATION = {"minutes": 30}


def device(kit: GlancesKit) -> dict[str, str | int]:
    """Return what Pushover keeps for the device, without empty fields."""
    stored = kit.emulator.world.users[EXAMPLE_USER].devices["iphone"].stored
    return {name: value for name, value in stored.items() if value != ""}


async def test_alert_owns_the_glance(kit: GlancesKit) -> None:
    """What the widget fills is emptied, what it never fills is not sent, and all of it is back in one update."""
    await load(kit, alert(text="Open", replace=True), **FIELDS)
    await kit.change(DOOR, "open")
    kit.assert_pushed({"title": "", "text": "Open", "count": ""})
    await kit.change(TEMPERATURE, "30.0")
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "closed")
    kit.assert_pushed({"title": "Outside", "text": "30.0 °C", "count": "7"})


async def test_own_field_without_a_value(kit: GlancesKit) -> None:
    """It is empty, too, until it has a value: that of the widget would look like a part of the alert."""
    await load(kit, alert(text="Open", count="{{ states('sensor.battery') }}", replace=True), **FIELDS)
    await kit.change(DOOR, "open")
    kit.assert_pushed({"title": "", "text": "Open", "count": ""})
    await kit.change("sensor.battery", "40")
    await kit.tick(SPACING)
    kit.assert_pushed({"title": "", "text": "Open", "count": "40"})


async def test_field_of_another_application(kit: GlancesKit) -> None:
    """A field that this widget never fills keeps what another application has put there."""
    await load(kit, alert(text="Open", replace=True), **FIELDS)
    kit.emulator.world.users[EXAMPLE_USER].devices["iphone"].stored["percent"] = 55
    await kit.change(DOOR, "open")
    assert device(kit) == {"text": "Open", "percent": 55}
    await kit.change(DOOR, "closed")
    await kit.tick(MINUTE)
    assert device(kit) == {**SHOWS, "count": 7, "percent": 55}


async def test_alert_over_an_action(kit: GlancesKit) -> None:
    """The value of an action waits below it, also one that comes meanwhile, and is back with the rest."""
    await load(kit, alert(text="Open", replace=True), **FIELDS)
    await kit.update(subtext="A note", urgent=True)
    kit.assert_pushed({**SHOWS, "subtext": "A note"})
    await kit.tick(SPACING)
    await kit.change(DOOR, "open")
    kit.assert_pushed({"title": "", "text": "Open", "count": "", "subtext": ""})
    await kit.tick(SPACING)
    assert (await kit.update(title="Mine", urgent=True))["status"] == "unchanged"
    kit.assert_nothing_pushed()
    await kit.tick(SPACING)
    await kit.change(DOOR, "closed")
    kit.assert_pushed({**SHOWS, "title": "Mine", "subtext": "A note"})


async def test_alerts_above_and_below(kit: GlancesKit) -> None:
    """Nothing below it is shown, not even another alert; one above it stands alone with it."""
    await load(
        kit,
        alert("cover.low", subtext="Low", urgent=False),
        alert(text="Open", replace=True),
        alert("cover.high", count="{{ alerts }}"),
        **FIELDS,
    )
    await kit.change("cover.low", "open")
    await kit.tick(SPACING)
    kit.assert_pushed({**SHOWS, "subtext": "Low"})
    await kit.change(DOOR, "open")
    kit.assert_pushed({"title": "", "text": "Open", "count": "", "subtext": ""})
    await kit.tick(SPACING)
    await kit.change("cover.high", "open")
    kit.assert_pushed({"title": "", "text": "Open", "count": "3"})
    await kit.tick(SPACING)
    await kit.change(DOOR, "closed")
    kit.assert_pushed({**SHOWS, "count": "2", "subtext": "Low"})


async def test_alert_during_a_pause(kit: GlancesKit) -> None:
    """A widget that does not follow its entities gets back what it showed before."""
    await load(kit, alert(text="Open", replace=True), **FIELDS)
    for action in ("turn_off", "turn_on"):
        await kit.hass.services.async_call(
            "switch", action, {"entity_id": "switch.iphone_glance_follow_entities"}, blocking=True
        )
        await kit.tick(SPACING)
        await kit.change(DOOR, "open")
        kit.assert_pushed({"title": "", "text": "Open", "count": ""})
        await kit.tick(SPACING)
        await kit.change(DOOR, "closed")
        kit.assert_pushed(SHOWS)


async def test_alert_outlives_a_restart(kit: GlancesKit) -> None:
    """What is emptied stays so, and is back when the alert ends."""
    entry = await load(kit, alert(text="Open", replace=True), **FIELDS)
    await kit.change(DOOR, "open")
    kit.pushed()
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "closed")
    kit.assert_pushed(SHOWS)


async def test_action_replaces(kit: GlancesKit) -> None:
    """It empties what the widget fills and ends other actions; all of it is back when its duration ends."""
    await load(kit, **FIELDS)
    await kit.update(subtext="A note")
    await kit.tick(SPACING)
    kit.pushed()
    answer = await kit.update(text="A parcel", replace=True, duration=DURATION)
    assert answer["status"] == "sent"
    kit.assert_pushed({"title": "", "text": "A parcel", "count": "", "subtext": ""})
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    await kit.tick(SPACING)
    kit.assert_pushed(SHOWS)


async def test_action_that_replaces_nothing(kit: GlancesKit) -> None:
    """Without the option, and with one that is empty or false, the other fields stay."""
    await load(kit, **FIELDS)
    for replace in (False, None, "", "off"):
        await kit.tick(SPACING)
        await kit.update(text=f"A parcel, {replace!r}", replace=replace)
        kit.assert_pushed({**SHOWS, "text": f"A parcel, {replace!r}"})


async def test_emptied_field_comes_back_by_itself(kit: GlancesKit) -> None:
    """Without a duration, each field is back when what it follows changes, like any value of an action."""
    await load(kit, **FIELDS)
    await kit.update(title="Parcel", replace=True)
    kit.assert_pushed({"title": "Parcel", "text": "", "count": ""})
    await kit.change(TEMPERATURE, "30.0")
    await kit.tick(SPACING)
    kit.assert_pushed({"title": "Parcel", "text": "30.0 °C", "count": ""})


async def test_option_that_is_no_switch(kit: GlancesKit) -> None:
    """The error names the option."""
    await load(kit, **FIELDS)
    with pytest.raises(ServiceValidationError, match="replace"):
        await kit.update(text="A parcel", replace="perhaps")
