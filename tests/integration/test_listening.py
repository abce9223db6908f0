"""When the integration listens to the entities of a widget, and that it misses nothing where it does not."""

from homeassistant.const import EVENT_STATE_CHANGED
import pytest

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, alert, widget

POWER = "sensor.power"
TEXT = "{{ states('sensor.power') }} W"
WATTS = {"unit_of_measurement": "W"}


def is_listening(kit: GlancesKit) -> bool:
    """Return whether Home Assistant calls anything when a state changes."""
    return EVENT_STATE_CHANGED in kit.hass.bus.async_listeners()


async def test_number_is_not_listened_to_while_it_cannot_be_sent(kit: GlancesKit) -> None:
    """After its first change since the last update, until the next one."""
    await kit.state(POWER, "100", **WATTS)
    await kit.load(widget(text=TEXT))
    assert is_listening(kit)
    await kit.change(POWER, "500", **WATTS)
    assert not is_listening(kit)
    await kit.change(POWER, "900", **WATTS)
    kit.assert_pushed({"text": "100 W"})
    await kit.tick(SPACING)
    kit.assert_pushed({"text": "900 W"})
    assert is_listening(kit)
    await kit.change(POWER, "1300", **WATTS)
    await kit.tick(SPACING)
    kit.assert_pushed({"text": "1300 W"})


@pytest.mark.parametrize("state", ["on", "unavailable"])
async def test_what_is_no_number_is_listened_to(kit: GlancesKit, state: str) -> None:
    """The planner learns from words how long they last."""
    await kit.state(POWER, "100", **WATTS)
    await kit.load(widget(text=TEXT))
    await kit.change(POWER, state)
    assert is_listening(kit)


async def test_urgent_number_is_listened_to(kit: GlancesKit) -> None:
    """It does not wait for the next ordinary update."""
    await kit.state(POWER, "100", **WATTS)
    await kit.load(widget(text=TEXT, urgent_entities=[POWER]))
    await kit.change(POWER, "500", **WATTS)
    assert is_listening(kit)
    await kit.tick(MINUTE)
    kit.assert_pushed({"text": "100 W"}, {"text": "500 W"})


async def test_number_of_an_alert_is_listened_to(kit: GlancesKit) -> None:
    """The alert begins and ends whether or not the widget waits for its next update."""
    await kit.state(POWER, "100", **WATTS)
    await kit.load(widget(text=TEXT), alert(POWER, called="Much", states=[], above=800, urgent=True, text="Much"))
    await kit.change(POWER, "500", **WATTS)
    assert is_listening(kit)
    await kit.tick(MINUTE)
    await kit.change(POWER, "900", **WATTS)
    kit.assert_pushed({"text": "100 W"}, {"text": "Much"})


async def test_number_of_two_widgets(kit: GlancesKit) -> None:
    """One that waits for its next update does not keep it from the other."""
    await kit.state(POWER, "100", **WATTS)
    await kit.load(widget(text=TEXT), widget("ipad", text=TEXT, min_interval=3 * SPACING))
    await kit.tick(SPACING)
    await kit.change(POWER, "500", **WATTS)
    await kit.tick(SPACING)
    await kit.change(POWER, "900", **WATTS)
    kit.assert_pushed({"text": "100 W"}, {"text": "100 W"}, {"text": "500 W"}, {"text": "900 W"})


async def test_number_after_an_action(kit: GlancesKit) -> None:
    """An urgent update of something else carries the number, and what follows counts again."""
    await kit.state(POWER, "100", **WATTS)
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT, title=f"{{{{ states('{DOOR}') }}}}"))
    await kit.change(POWER, "500", **WATTS)
    await kit.tick(MINUTE)
    await kit.update(title="Hello", urgent=True)
    await kit.change(POWER, "900", **WATTS)
    kit.assert_pushed({"title": "closed", "text": "100 W"}, {"title": "Hello", "text": "500 W"})
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"title": "Hello", "text": "900 W"})


async def test_number_among_several_is_listened_to(kit: GlancesKit) -> None:
    """If it is lost while an update waits, its last value is still known."""
    names = {"sensor.a": "A", "sensor.b": "B"}
    for entity_id, name in names.items():
        await kit.state(entity_id, "20", unit_of_measurement="%", friendly_name=name)
    await kit.load(widget(text={"entity": {"entity_id": [*names]}}))
    kit.assert_pushed({"text": "A 20 %, B 20 %"})
    await kit.change("sensor.b", "80", unit_of_measurement="%", friendly_name="B")
    await kit.change("sensor.a", "60", unit_of_measurement="%", friendly_name="A")
    await kit.change("sensor.a", "unavailable", unit_of_measurement="%", friendly_name="A")
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "A 60 %, B 80 %"})
