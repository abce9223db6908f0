"""What the entities of a widget say."""

from datetime import timedelta
from http import HTTPStatus
import json
from pathlib import Path
from typing import Any

from homeassistant.const import STATE_OFF, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util, slugify
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.pushover import Field
from emulator import Fault, Kind
from emulator.world import EXAMPLE_TOKEN
from tests.texts import ENGLISH

from .kit import DOOR, MINUTE, ROUNDING, SETTLE, SPACING, GlancesKit, alert, widget

TEXT = "{{ states('cover.garage_door') }}"
ICONS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "custom_components/pushover_glances/icons.json").read_text(encoding="utf-8")
)["entity"]
REFUSED = '{"status":0,"errors":["percent must be a number"],"request":"r-1"}'


def state(kit: GlancesKit, entity_id: str) -> str:
    """Return the state of an entity."""
    found = kit.hass.states.get(entity_id)
    assert found is not None, entity_id
    return found.state


def ago(kit: GlancesKit, entity_id: str) -> timedelta:
    """Return how long ago, or how soon, an entity says that something is."""
    moment = dt_util.parse_datetime(state(kit, entity_id))
    assert moment is not None
    return abs(dt_util.utcnow() - moment)


async def enable(kit: GlancesKit, entry: Any, *entity_ids: str) -> None:
    """Enable entities as a person would, and load them."""
    for entity_id in entity_ids:
        er.async_get(kit.hass).async_update_entity(entity_id, disabled_by=None)
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.settle()


async def test_entities_of_a_widget(
    kit: GlancesKit, entity_registry: er.EntityRegistry, device_registry: dr.DeviceRegistry
) -> None:
    """They are all on the widget's device; what few people need is disabled."""
    entry = await kit.load(widget())
    entities = er.async_entries_for_config_entry(entity_registry, entry.entry_id)
    entities = [item for item in entities if item.config_subentry_id is not None]
    assert {item.entity_id: item.disabled for item in entities} == {
        "binary_sensor.iphone_glance_problem": False,
        "button.iphone_glance_refresh": False,
        "event.iphone_glance_update": True,
        "image.iphone_glance_watch_faces": False,
        "notify.iphone_glance": False,
        "sensor.iphone_glance_last_sent": False,
        "sensor.iphone_glance_next_update": True,
        "sensor.iphone_glance_status": False,
        "sensor.iphone_glance_updates_left_today": False,
        "switch.iphone_glance_follow_entities": False,
    }
    (device_id,) = {item.device_id for item in entities}
    device = device_registry.async_get(device_id or "")
    assert device is not None
    assert device.name == "iphone glance"
    assert {item.config_subentry_id for item in entities} == set(entry.subentries)


async def test_entity_of_the_account(kit: GlancesKit, device_registry: dr.DeviceRegistry) -> None:
    """It is on the account's device, and tells whether Pushover answers and accepts the keys."""
    entry = await kit.load(widget(text="{{ states('sensor.a') }}"))
    entity_id = f"binary_sensor.{slugify(entry.title)}_connection_to_pushover"
    found = er.async_get(kit.hass).async_get(entity_id)
    assert found is not None
    device = device_registry.async_get(found.device_id or "")
    assert device is not None
    assert (device.identifiers, found.config_subentry_id) == ({(DOMAIN, entry.entry_id)}, None)
    assert state(kit, entity_id) == "on"
    await kit.tick(SPACING)
    kit.emulator.faults.append(Fault(Kind.STATUS, status=503))
    await kit.change("sensor.a", "1")
    assert state(kit, entity_id) == "off"
    await kit.tick(MINUTE)
    assert state(kit, entity_id) == "on"
    await kit.tick(SPACING)
    del kit.emulator.world.applications[EXAMPLE_TOKEN]
    await kit.change("sensor.a", "2")
    assert state(kit, entity_id) == "off"


async def test_image_tells_what_it_shows(kit: GlancesKit) -> None:
    """Its attributes are the fields that are not empty; neither they nor the time of the next update are recorded."""
    await kit.state("sensor.a", "1")
    await kit.load(widget(title="A", text="{{ states('sensor.a') }}", percent="{{ 7 }}", subtext="{{ '' }}"))
    found = kit.hass.states.get("image.iphone_glance_watch_faces")
    assert found is not None
    assert {name: found.attributes[name] for name in Field if name in found.attributes} == {
        "title": "A",
        "text": "1",
        "percent": 7,
    }
    unrecorded = found.state_info["unrecorded_attributes"] if found.state_info else set()
    assert {*Field} <= unrecorded
    await kit.change("sensor.a", "2")
    status = kit.hass.states.get("sensor.iphone_glance_status")
    assert status is not None
    assert status.state_info is not None
    assert status.state == "spacing"
    assert status.attributes["next_update"] > dt_util.utcnow()
    assert "next_update" in status.state_info["unrecorded_attributes"]
    await kit.tick(SPACING)
    status = kit.hass.states.get("sensor.iphone_glance_status")
    assert status is not None
    assert "next_update" not in status.attributes


async def test_icons(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """Every entity with a name of its own has an icon, or that of its device class; no icon is for what is not there."""
    entry = await kit.load(widget(), alert())
    entities = er.async_entries_for_config_entry(entity_registry, entry.entry_id)
    named = {(item.domain, item.translation_key): item for item in entities if item.translation_key is not None}
    with_icon = {(platform, name) for platform, icons in ICONS.items() for name in icons}
    assert with_icon <= named.keys()
    assert all(named[key].original_device_class is not None for key in named.keys() - with_icon)
    for platform, name in with_icon:
        texts = ENGLISH["entity"][platform].get(name, {})
        assert ICONS[platform][name].get("state", {}).keys() <= texts.get("state", {"on": "", "off": ""}).keys()


async def test_way_of_a_change(kit: GlancesKit) -> None:
    """The status tells what a change waits for, and the others when it went and what that has cost."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT, daily_limit=0))
    await enable(kit, entry, "sensor.iphone_glance_next_update")
    # After a reload, whether anything has changed is known when the next update may go.
    await kit.tick(SPACING + ROUNDING)
    await kit.update(count=1)
    assert state(kit, "sensor.iphone_glance_status") == "up_to_date"
    assert ago(kit, "sensor.iphone_glance_last_sent") == timedelta(0)
    assert state(kit, "sensor.iphone_glance_next_update") == STATE_UNKNOWN
    await kit.change(DOOR, "open")
    assert state(kit, "sensor.iphone_glance_status") == "spacing"
    assert ago(kit, "sensor.iphone_glance_next_update") == timedelta(seconds=SPACING - SETTLE - ROUNDING)
    await kit.tick(SPACING + ROUNDING)
    assert state(kit, "sensor.iphone_glance_status") == "up_to_date"
    assert ago(kit, "sensor.iphone_glance_last_sent") == timedelta(0)
    await kit.tick(SPACING + ROUNDING)
    await kit.change(DOOR, "closing")
    assert state(kit, "sensor.iphone_glance_status") == "settling"
    assert _waiting_for(kit) == DOOR
    await kit.change(DOOR, "closed")
    assert state(kit, "sensor.iphone_glance_status") == "up_to_date"
    assert _waiting_for(kit) is None


def _waiting_for(kit: GlancesKit) -> str | None:
    status = kit.hass.states.get("sensor.iphone_glance_status")
    assert status is not None
    return status.attributes.get("waiting_for")


async def test_changes_without_weight_write_no_states(kit: GlancesKit) -> None:
    """A sensor that changes all the time, by too little for an update, costs the recorder one row at its begin.

    Another is written where it is gone for the first time.
    """
    await kit.state("sensor.a", "20.0", unit_of_measurement="°C")
    await kit.load(widget(text="{{ states('sensor.a') }}"))
    await kit.tick(40 * MINUTE)
    kit.pushed()
    written = async_capture_events(kit.hass, "state_changed")
    for turn in range(20):
        await kit.change("sensor.a", f"20.{turn % 3}", unit_of_measurement="°C")
    kit.assert_nothing_pushed()
    status = "sensor.iphone_glance_status"
    assert [event.data["entity_id"] for event in written if event.data["entity_id"] != "sensor.a"] == [status, status]


async def test_updates_left_today(kit: GlancesKit) -> None:
    """They begin again at 05:00, although only repeats go; without a limit there is no such number."""
    entry = await kit.load(widget(text="x"))
    assert state(kit, "sensor.iphone_glance_updates_left_today") == "49"
    kit.freezer.move_to("2026-11-24 00:00:00+00:00")
    await kit.tick(ROUNDING)
    assert state(kit, "sensor.iphone_glance_updates_left_today") == "48"
    kit.freezer.move_to("2026-11-24 05:00:00+00:00")
    await kit.tick(ROUNDING)
    assert state(kit, "sensor.iphone_glance_updates_left_today") == "49"
    kit.freezer.move_to("2026-11-24 05:01:00+00:00")
    await kit.hass.config_entries.async_unload(entry.entry_id)
    await kit.hass.config_entries.async_remove(entry.entry_id)
    await kit.load(widget(daily_limit=0))
    assert state(kit, "sensor.iphone_glance_updates_left_today") == STATE_UNKNOWN


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        pytest.param({"daily_limit": 3}, "budget", id="budget"),
        pytest.param({"quiet_from": "12:00:00", "quiet_until": "14:00:00"}, "quiet_hours", id="quiet"),
    ],
)
async def test_why_a_change_waits(kit: GlancesKit, settings: dict[str, Any], status: str) -> None:
    """The budget of the day and the quiet hours have a status of their own."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT, **settings))
    await kit.change(DOOR, "open")
    assert state(kit, "sensor.iphone_glance_status") == status
    assert state(kit, "binary_sensor.iphone_glance_problem") == STATE_OFF


async def press(kit: GlancesKit) -> None:
    """Press the widget's button."""
    await kit.hass.services.async_call("button", "press", {"entity_id": "button.iphone_glance_refresh"}, blocking=True)
    await kit.settle()


async def test_button_sends_what_is_shown_once_more(kit: GlancesKit) -> None:
    """As soon as an urgent update may go."""
    await kit.load(widget(text="x"))
    kit.assert_pushed({"text": "x"})
    await kit.tick(MINUTE + ROUNDING)
    await press(kit)
    kit.assert_pushed({"text": "x"})


async def test_event(kit: GlancesKit) -> None:
    """It tells how updates went, and nothing when it is loaded."""
    entry = await kit.load(widget())
    await enable(kit, entry, "event.iphone_glance_update")
    assert state(kit, "event.iphone_glance_update") == STATE_UNKNOWN
    item = await kit.update(text="x")
    fired = kit.hass.states.get("event.iphone_glance_update")
    assert fired is not None
    assert (fired.attributes["event_type"], fired.attributes["request"]) == ("sent", item["request"])
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=400, body=REFUSED))
    await kit.tick(SPACING + ROUNDING)
    with pytest.raises(HomeAssistantError):
        await kit.update(text="y")
    fired = kit.hass.states.get("event.iphone_glance_update")
    assert fired is not None
    assert (fired.attributes["event_type"], fired.attributes["error"]) == ("failed", "percent must be a number")


async def test_event_under_another_id(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """Giving the entity another id loses nothing, fires nothing, and it fires on."""
    entry = await kit.load(widget())
    await enable(kit, entry, "event.iphone_glance_update")
    await kit.update(text="x")
    before = state(kit, "event.iphone_glance_update")
    entity_registry.async_update_entity("event.iphone_glance_update", new_entity_id="event.watch")
    await kit.settle()
    assert kit.hass.states.get("event.iphone_glance_update") is None
    assert state(kit, "event.watch") == before
    await kit.tick(SPACING + ROUNDING)
    await kit.update(text="y")
    assert state(kit, "event.watch") > before


async def test_event_of_an_update_that_arrives_during_a_reload(kit: GlancesKit) -> None:
    """Saving another widget just then does not make it disappear."""
    entry = await kit.load(widget())
    await enable(kit, entry, "event.iphone_glance_update")
    fired = async_capture_events(kit.hass, "state_changed")
    kit.emulator.faults.append(Fault(Kind.SLOW, path="/1/glances.json", seconds=0.2))
    calling = kit.hass.async_create_task(kit.act("update", text="x"))
    await kit.until(lambda: bool(kit.emulator.glances))
    reloading = kit.hass.async_create_task(kit.hass.config_entries.async_reload(entry.entry_id))
    await kit.until(reloading.done, ticking=0.05)
    await calling
    types = [event.data["new_state"].attributes.get("event_type") for event in fired if event.data["new_state"]]
    assert "sent" in types


async def test_update_entity(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """Home Assistant's action for any entity asks Pushover nothing, and all entities go on."""
    assert await async_setup_component(kit.hass, "homeassistant", {})
    entry = await kit.load(widget(), alert())
    await enable(kit, entry, "event.iphone_glance_update", "sensor.iphone_glance_next_update")
    entities = er.async_entries_for_config_entry(er.async_get(kit.hass), entry.entry_id)
    entity_ids = [item.entity_id for item in entities]
    assert len(entity_ids) == 13
    # Home Assistant itself loads an account again half a minute after entities of it have been enabled.
    await kit.tick(MINUTE)
    calls = len(kit.emulator.calls)
    for entity_id in entity_ids:
        target = {"entity_id": [entity_id]}
        await kit.hass.services.async_call("homeassistant", "update_entity", target, blocking=True)
        # Home Assistant asks again no sooner than ten seconds later.
        await kit.tick(11)
    assert len(kit.emulator.calls) == calls
    assert [entity_id for entity_id in entity_ids if state(kit, entity_id) == STATE_UNAVAILABLE] == []
    assert [item.getMessage() for item in caplog.records if item.levelname == "ERROR"] == []
    message = {"entity_id": "notify.iphone_glance", "message": "Hello"}
    await kit.hass.services.async_call("notify", "send_message", message, blocking=True)
    await kit.settle()
    kit.assert_pushed({"text": "Hello"})


async def picture(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> str:
    """Fetch the image as a browser does."""
    client = await hass_client()
    shown = hass.states.get("image.iphone_glance_watch_faces")
    assert shown is not None
    response = await client.get(shown.attributes["entity_picture"])
    assert (response.status, response.content_type) == (HTTPStatus.OK, "image/svg+xml")
    text: str = await response.text()
    return text


async def test_image_shows_what_pushover_accepted(kit: GlancesKit, hass_client: ClientSessionGenerator) -> None:
    """Not what waits, also after a restart; a title that would be markup is text."""
    hostile = '</text><script>alert("1")</script>'
    entry = await kit.load(widget(time_stamp="text"))
    await kit.update(title="Door", text="Open", count=7)
    assert ago(kit, "image.iphone_glance_watch_faces") == timedelta(0)
    assert (await kit.update(title=hostile))["status"] == "queued"
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.settle()
    before = await picture(kit.hass, hass_client)
    assert ">Open · 12:00 PM<" in before
    assert ">7<" in before
    assert "alert" not in before
    await kit.tick(2 * SPACING)
    after = await picture(kit.hass, hass_client)
    assert "<script" not in after
    assert "&lt;script" in after
