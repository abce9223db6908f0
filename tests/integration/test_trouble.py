"""What the entities of a widget say while Pushover cannot be reached, or does not want the widget."""

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.exceptions import HomeAssistantError
import pytest

from emulator import Fault, Kind

from .kit import DOOR, MINUTE, ROUNDING, GlancesKit, widget
from .test_entities import REFUSED, TEXT, press, state


async def test_outage_at_the_start(kit: GlancesKit) -> None:
    """An account that was verified once loads all the same, and says what is wrong as soon as something waits."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    kit.emulator.faults.append(Fault(Kind.STATUS, status=503, times=None))
    await kit.tick(30 * MINUTE)
    await kit.state(DOOR, "open")
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.settle()
    assert state(kit, "binary_sensor.iphone_glance_problem") == STATE_ON
    assert state(kit, "sensor.iphone_glance_status") == "outage"


async def test_outage_without_answers(kit: GlancesKit) -> None:
    """It stays a problem while the next try waits for its slot, because such a try counts."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    await kit.tick(40 * MINUTE)
    kit.emulator.faults.append(Fault(Kind.RESET_BEFORE, times=None))
    await kit.change(DOOR, "open")
    for _ in range(8):
        await kit.tick(10 * MINUTE)
        assert state(kit, "sensor.iphone_glance_status") == "outage"
        assert state(kit, "binary_sensor.iphone_glance_problem") == STATE_ON
    kit.emulator.faults.clear()
    await kit.tick(40 * MINUTE)
    assert state(kit, "sensor.iphone_glance_status") == "up_to_date"
    assert state(kit, "binary_sensor.iphone_glance_problem") == STATE_OFF


async def test_outage_that_is_over_when_quiet_hours_begin(kit: GlancesKit) -> None:
    """What waits for their end is no problem."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT, quiet_from="13:00:00", quiet_until="22:00:00"))
    kit.freezer.move_to("2026-11-23 12:59:00+00:00")
    await kit.tick(ROUNDING)
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=503))
    await kit.change(DOOR, "open")
    assert state(kit, "sensor.iphone_glance_status") == "outage"
    await kit.change(DOOR, "closed")
    kit.freezer.move_to("2026-11-23 14:00:00+00:00")
    await kit.tick(ROUNDING)
    await kit.change(DOOR, "open")
    assert state(kit, "sensor.iphone_glance_status") == "quiet_hours"
    assert state(kit, "binary_sensor.iphone_glance_problem") == STATE_OFF


async def test_refused_widget(kit: GlancesKit) -> None:
    """A widget that is held is a problem, and its button says why it does nothing."""
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=400, body=REFUSED))
    await kit.load(widget(text="x"))
    assert state(kit, "sensor.iphone_glance_status") == "held"
    assert state(kit, "binary_sensor.iphone_glance_problem") == STATE_ON
    with pytest.raises(HomeAssistantError) as raised:
        await press(kit)
    assert raised.value.translation_key == "held"
