"""Pushover accepts an update, and says that it has no active device to send it to."""

import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from emulator import Fault, Kind
from emulator.world import EXAMPLE_USER

from .kit import DOOR, SPACING, GlancesKit, widget
from .test_entities import TEXT, press, state
from .test_repairs import issues

PROBLEM = "binary_sensor.iphone_glance_problem"
STATUS = "sensor.iphone_glance_status"
_HOUR = 3600


def reason(kit: GlancesKit) -> str | None:
    """Return why there is a problem; `None` if there is none."""
    found = kit.hass.states.get(PROBLEM)
    assert found is not None
    assert found.state == ("on" if "reason" in found.attributes else "off")
    return found.attributes.get("reason")


def activate(kit: GlancesKit, name: str = "iphone", *, is_active: bool) -> None:
    """Let a device of the user be active at Pushover, or not."""
    kit.emulator.world.users[EXAMPLE_USER].devices[name].is_active = is_active


async def load(kit: GlancesKit, device: str = "iphone", **data: Any) -> Any:
    """Load a widget that follows a door, whose updates reach no device."""
    await kit.state(DOOR, "closed")
    activate(kit, is_active=False)
    return await kit.load(widget(device, "" if device else "iphone glance", text=TEXT, **data))


async def test_update_that_no_device_gets(kit: GlancesKit) -> None:
    """It counts as sent, and the problem sensor says so until the next one gets there."""
    await load(kit)
    kit.assert_pushed({"text": "closed"})
    assert (state(kit, STATUS), reason(kit)) == ("up_to_date", "no_active_device")
    assert state(kit, "sensor.iphone_glance_updates_left_today") == "49"
    assert issues(kit) == {}
    await kit.tick(SPACING)
    await kit.change(DOOR, "open")
    kit.assert_pushed({"text": "open"})
    assert reason(kit) == "no_active_device"
    activate(kit, is_active=True)
    await kit.tick(SPACING)
    assert reason(kit) == "no_active_device"
    await kit.change(DOOR, "closed")
    kit.assert_pushed({"text": "closed"})
    assert reason(kit) is None


async def test_action(kit: GlancesKit) -> None:
    """It answers that Pushover accepted the update, because it did."""
    await load(kit)
    await kit.tick(SPACING)
    assert (await kit.update(text="x"))["status"] == "sent"
    assert reason(kit) == "no_active_device"


@pytest.mark.parametrize("how", ["reload", "edit"])
async def test_it_outlives_a_reload(kit: GlancesKit, how: str) -> None:
    """Nothing was sent since then that a device could have got."""
    entry = await load(kit)
    if how == "edit":
        (item,) = entry.subentries.values()
        kit.hass.config_entries.async_update_subentry(entry, item, data={**item.data, "daily_limit": 40})
        await kit.settle()
    else:
        await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.settle()
    assert reason(kit) == "no_active_device"
    activate(kit, is_active=True)
    await kit.tick(60)
    await press(kit)
    await kit.tick(60)
    assert reason(kit) is None


async def test_widget_for_all_devices(kit: GlancesKit) -> None:
    """One active device is enough."""
    entry = await load(kit, "")
    assert reason(kit) is None
    activate(kit, "ipad", is_active=False)
    await kit.tick(3 * _HOUR)
    assert reason(kit) == "no_active_device"
    await kit.hass.config_entries.async_unload(entry.entry_id)


async def test_other_widgets(kit: GlancesKit) -> None:
    """It is a problem of the widget alone."""
    await kit.state(DOOR, "closed")
    activate(kit, is_active=False)
    await kit.load(widget(text=TEXT), widget("ipad", text=TEXT))
    assert reason(kit) == "no_active_device"
    assert state(kit, "binary_sensor.ipad_glance_problem") == "off"


async def test_something_worse(kit: GlancesKit) -> None:
    """An outage comes first; it takes nothing back, since no update has got there."""
    await load(kit)
    await kit.tick(SPACING)
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=503))
    await kit.change(DOOR, "open")
    assert reason(kit) == "outage"
    await kit.tick(6)
    assert reason(kit) == "no_active_device"


@pytest.mark.parametrize(
    ("info", "is_told"),
    [
        ("no active devices to send to", True),
        ("No active devices to send to.", True),
        ("", False),
        (None, False),
        (["no active devices to send to"], False),
        ({"no active devices to send to": 1}, False),
        ("your application is close to its monthly limit", False),
    ],
    ids=str,
)
async def test_info(kit: GlancesKit, info: Any, *, is_told: bool) -> None:
    """Only these words say it, and whatever else comes there does no harm."""
    body = json.dumps({"status": 1, "request": "r", "info": info})
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=200, body=body))
    await kit.load(widget(text="x"))
    assert (state(kit, STATUS), reason(kit)) == ("up_to_date", "no_active_device" if is_told else None)


@pytest.mark.parametrize("is_active", [False, True])
async def test_diagnostics(kit: GlancesKit, hass_client: ClientSessionGenerator, *, is_active: bool) -> None:
    """They have it, beside a worse problem as well."""
    entry = await load(kit)

    async def widget_data() -> dict[str, Any]:
        data: Any = await get_diagnostics_for_config_entry(kit.hass, hass_client, entry)
        return dict(data["widgets"][0])

    assert (await widget_data())["last_sent_had_device"] is False
    activate(kit, is_active=is_active)
    await kit.tick(60)
    await press(kit)
    await kit.tick(10)
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=503, times=None))
    await kit.change(DOOR, "open")
    await kit.tick(SPACING)
    found = await widget_data()
    assert (found["problem"], found["last_sent_had_device"]) == ("outage", is_active)
