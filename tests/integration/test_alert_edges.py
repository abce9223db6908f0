"""Alerts among each other, with answers that are lost, sources that come and go, clocks that are wrong, and pauses."""

from datetime import timedelta
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.pushover_glances.const import DOMAIN
from emulator import Fault, Kind

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, alert
from .test_alert_trouble import LOOK, issues
from .test_alerts import ACTIVE, ALERT, TEMPERATURE, WIDGET, load
from .test_entities import state

AWAY = 30 * MINUTE


async def turn(kit: GlancesKit, action: str) -> None:
    """Turn the switch that pauses the widget's base."""
    await kit.hass.services.async_call(
        "switch", action, {"entity_id": "switch.iphone_glance_follow_entities"}, blocking=True
    )
    await kit.settle()


async def restart(kit: GlancesKit, entry: Any) -> None:
    """Load an account while Home Assistant starts, and let it start."""
    kit.hass.set_state(CoreState.starting)
    await kit.setup(entry)
    kit.hass.set_state(CoreState.running)
    kit.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await kit.settle()


async def seconds_until_pushed(kit: GlancesKit, longest: int) -> int:
    """Return after how many seconds an update arrives."""
    for second in range(1, longest + 1):
        await kit.tick(1)
        if len(kit.emulator.glances) > kit.seen:
            return second
    raise AssertionError("Nothing arrived")


async def test_entity_that_is_replaced(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """Another entity that has the id now is not the one that is watched: a repair says so."""
    found = entity_registry.async_get_or_create("cover", "test", "door", suggested_object_id="garage_door")
    await load(kit, alert(found.id))
    entity_registry.async_remove(DOOR)
    kit.hass.states.async_remove(DOOR)
    await kit.settle()
    entity_registry.async_get_or_create("cover", "other", "door", suggested_object_id="garage_door")
    await kit.change(DOOR, "open")
    await kit.tick(LOOK + ROUNDING)
    await kit.tick(LOOK + ROUNDING)
    assert list(issues(kit)) == ["alert_missing_entities"]


async def test_entity_that_comes_into_the_registry(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """What it has been open for counts when the alert is saved with the id of its entry."""
    entry = await load(kit, alert(lasts=600))
    await kit.change(DOOR, "open")
    await kit.tick(5 * MINUTE)
    kit.hass.states.async_remove(DOOR)
    found = entity_registry.async_get_or_create("cover", "test", "door", suggested_object_id="garage_door")
    assert found.entity_id == DOOR
    await kit.state(DOOR, "open")
    (item,) = entry.get_subentries_of_type("alert")
    kit.hass.config_entries.async_update_subentry(entry, item, data={**item.data, "entities": [found.id]})
    await kit.settle()
    await kit.tick(5 * MINUTE)
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(ALERT)


async def test_newest_stays_the_newest(kit: GlancesKit) -> None:
    """An alert of several entities is as old as its first one, also when that is over."""
    await load(kit, alert("cover.w1", "cover.w2", called="W", text="Window"), alert(called="D", text="Door"))
    for entity_id in ("cover.w1", DOOR, "cover.w2"):
        await kit.change(entity_id, "open")
        await kit.tick(SPACING)
    assert kit.pushed()[-1]["text"] == "Door"
    await kit.change("cover.w1", "closed")
    await kit.tick(2 * SPACING)
    kit.assert_nothing_pushed()


@pytest.mark.parametrize("kind", [Kind.GARBAGE, Kind.STATUS], ids=["may-be-shown", "is-not-shown"])
async def test_begin_without_an_answer(kit: GlancesKit, kind: Kind) -> None:
    """What may be shown is taken back as urgently as it began; what is not costs nothing."""
    await load(kit)
    kit.emulator.faults.append(Fault(kind, path="/1/glances.json", status=503))
    await kit.change(DOOR, "open")
    kit.emulator.faults.clear()
    kit.pushed()
    await kit.change(DOOR, "closed")
    await kit.tick(MINUTE)
    kit.assert_pushed(*([WIDGET] if kind is Kind.GARBAGE else []))


async def test_pause_while_the_source_is_away(kit: GlancesKit) -> None:
    """What was shown when the pause began is back after the alert, and after a value by hand."""
    await load(kit)
    await kit.change(TEMPERATURE, "unavailable")
    await kit.tick(MINUTE)
    await turn(kit, "turn_off")
    await kit.change(DOOR, "open")
    kit.assert_pushed(ALERT)
    await kit.tick(MINUTE)
    await kit.change(DOOR, "closed")
    kit.assert_pushed(WIDGET)
    await kit.tick(SPACING)
    await kit.update(text="By hand", duration={"minutes": 10})
    kit.assert_pushed({"title": "Outside", "text": "By hand"})
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed(WIDGET)


@pytest.mark.parametrize("away", [True, False], ids=["source-away", "has-lasted"])
async def test_clock_that_is_behind_at_a_start(kit: GlancesKit, *, away: bool) -> None:
    """Nothing has ended, so the alert goes on."""
    entry = await load(kit, alert(lasts=0 if away else 1800))
    await kit.change(DOOR, "open")
    await kit.tick(31 * MINUTE)
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(ALERT)
    await kit.hass.config_entries.async_unload(entry.entry_id)
    if away:
        await kit.state(DOOR, "unavailable")
    kit.freezer.tick(timedelta(minutes=-10))
    await kit.setup(entry)
    await kit.tick(5 + ROUNDING)
    assert state(kit, ACTIVE) == "on"


async def test_number_beneath_an_alert_that_follows_the_clock(kit: GlancesKit) -> None:
    """Only what is shown by the clock changes by itself."""
    await kit.state("sensor.n", "5")
    await load(
        kit,
        alert("cover.a", called="A", count="{{ now().minute }}"),
        alert("cover.b", called="B", count="{{ states('sensor.n') }}"),
    )
    for entity_id in ("cover.a", "cover.b"):
        await kit.change(entity_id, "open")
        await kit.tick(SPACING)
    assert kit.pushed()[-1]["count"] == "5"
    await kit.change("sensor.n", "50")
    await kit.tick(2 * SPACING)
    assert [item["count"] for item in kit.pushed()] == ["50"]


@pytest.mark.parametrize(("passing", "then"), [("opening", "open"), ("closing", "closed")])
async def test_door_that_is_moving(kit: GlancesKit, passing: str, then: str) -> None:
    """What has come to its end need not wait until it would have been too late."""
    await load(kit)
    if then == "closed":
        await kit.change(DOOR, "open")
        await kit.tick(SPACING)
    kit.pushed()
    await kit.state(DOOR, passing)
    await kit.tick(15)
    await kit.state(DOOR, then)
    assert await seconds_until_pushed(kit, 60) <= 10


async def test_leak_while_shutters_move(kit: GlancesKit) -> None:
    """Many that pass one after the other hold nothing up for longer than a minute."""
    shutters = [f"cover.shutter_{number}" for number in range(8)]
    await kit.state("binary_sensor.leak", "off")
    await load(
        kit,
        alert(*shutters, called="S", text="Shutter", urgent=False),
        alert("binary_sensor.leak", called="L", states=["on"], text="Leak"),
    )
    for shutter in shutters:
        await kit.state(shutter, "open")
    await kit.tick(SPACING)
    await kit.tick(SPACING)
    kit.pushed()
    await kit.state("binary_sensor.leak", "on")
    waited = 0
    for shutter in shutters:
        await kit.state(shutter, "closing")
        for _ in range(4):
            await kit.tick(5)
        await kit.state(shutter, "closed")
        waited += 20
        if kit.pushed():
            break
    assert waited <= 80


async def test_change_during_a_write_is_saved(
    kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, hass_storage: dict[str, Any]
) -> None:
    """And what comes and goes at once is not worth a file each time."""
    entry = await load(kit, *(alert(f"cover.{name}", called=name, lasts=1800) for name in "ab"))
    for _ in range(10):
        await kit.state("cover.a", "open")
        await kit.state("cover.a", "closed")
    before = hass_storage[f"{DOMAIN}.{entry.entry_id}"]
    await kit.state("cover.a", "open")
    await kit.state("cover.b", "open")
    assert hass_storage[f"{DOMAIN}.{entry.entry_id}"] is before
    await kit.tick(MINUTE + ROUNDING)
    saved = hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]["alerts"]
    assert sorted(key for item in saved.values() for key in item["causes"]) == ["cover.a", "cover.b"]


@pytest.mark.parametrize("gone", ["sensor.x", DOOR])
async def test_start_while_a_source_is_not_there_yet(kit: GlancesKit, gone: str) -> None:
    """Neither what an alert depends on nor a name is made up: nothing is sent that was not sent before."""
    await kit.state("sensor.x", "7")
    await kit.state(DOOR, "closed", friendly_name="Big Door")
    entry = await load(kit, alert(title="{{ name }}", text="{{ states('sensor.x') | float(0) | round }} open"))
    await kit.change(DOOR, "open", friendly_name="Big Door")
    kit.assert_pushed({"title": "Big Door", "text": "7 open"})
    await kit.hass.config_entries.async_unload(entry.entry_id)
    await kit.tick(SPACING)
    kit.hass.states.async_remove(gone)
    await restart(kit, entry)
    await kit.tick(30)
    await kit.state("sensor.x", "7")
    await kit.change(DOOR, "open", friendly_name="Big Door")
    await kit.tick(2 * SPACING)
    kit.assert_nothing_pushed()


async def test_entity_that_is_loaded_anew(kit: GlancesKit) -> None:
    """Its name is gone for a moment, which changes nothing."""
    await kit.state(DOOR, "closed", friendly_name="Big Door")
    await load(kit, alert(title="{{ name }}", text="{{ state }}"))
    await kit.change(DOOR, "open", friendly_name="Big Door")
    kit.assert_pushed({"title": "Big Door", "text": "open"})
    await kit.tick(SPACING)
    kit.hass.states.async_remove(DOOR)
    await kit.tick(MINUTE)
    await kit.change(DOOR, "open", friendly_name="Big Door")
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()


async def test_urgent_value_beneath_an_alert(kit: GlancesKit) -> None:
    """It is as urgent as before when an alert that is not urgent ends."""
    await load(kit, alert(urgent=False))
    await kit.tick(SPACING)
    await kit.change(DOOR, "open")
    kit.assert_pushed(ALERT)
    await kit.update(text="By hand", urgent=True)
    await kit.tick(2 * MINUTE)
    await kit.change(DOOR, "closed")
    await kit.tick(MINUTE)
    kit.assert_pushed({"title": "Outside", "text": "By hand"})


async def test_template_that_fails_is_told(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """Once, as that of a widget is; what the alert says otherwise is shown."""
    await load(kit, alert(text="{{ 1 / states('sensor.zero') | int(0) }}", title="Door"))
    for word in ("open", "closed", "open"):
        await kit.change(DOOR, word)
        await kit.tick(SPACING)
    assert caplog.text.count("Template for text of alert Garage door: Open failed") == 1
    assert kit.pushed()[-1] == {"title": "Door", "text": "21.0 °C"}


async def test_words_that_come_later(kit: GlancesKit) -> None:
    """What an urgent alert has to say is urgent when it is there."""
    await kit.state("sensor.x", "unavailable")
    await load(kit, alert(text="Open {{ states('sensor.x') }}"))
    await kit.change(TEMPERATURE, "30")
    kit.pushed()
    await kit.tick(2 * MINUTE)
    await kit.change(DOOR, "open")
    await kit.tick(30)
    kit.assert_nothing_pushed()
    await kit.change("sensor.x", "wide")
    await kit.tick(MINUTE)
    kit.assert_pushed({"title": "Outside", "text": "Open wide"})


async def test_urgency_of_one_is_not_that_of_another(kit: GlancesKit) -> None:
    """An urgent alert whose own field is as it was makes no other field urgent."""
    await load(
        kit,
        alert("cover.a", called="A", count="{{ 1 }}", urgent=False),
        alert(called="D", subtext="Outside"),
        subtext="Outside",
    )
    await kit.change(TEMPERATURE, "40")
    await kit.tick(2 * MINUTE)
    kit.pushed()
    await kit.change("cover.a", "open")
    await kit.change(DOOR, "open")
    await kit.tick(2 * MINUTE)
    kit.assert_nothing_pushed()
