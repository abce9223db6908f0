"""A device that is renamed or signed out while Home Assistant runs, and one that comes back."""

from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest

from emulator import Device, Fault, Kind
from emulator.world import EXAMPLE_USER

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, widget
from .test_entities import TEXT, state
from .test_repairs import issues
from .test_widget_flow import DELIVERY, choice, enter, save, start

_HOUR = 60 * MINUTE
_DAY = 24 * _HOUR
_UNKNOWN = {"unknown_device": {"widget": "iphone", "device": "iphone"}}
_STATUS = "sensor.iphone_glance_status"
_REFUSED = '{"device":"invalid for this user","errors":["device name is not valid for user"],"status":0}'


def rename(kit: GlancesKit, old: str, new: str) -> None:
    """Give a device of the user another name at Pushover."""
    devices = kit.emulator.world.users[EXAMPLE_USER].devices
    del devices[old]
    devices[new] = Device(new)


async def load(kit: GlancesKit) -> Any:
    """Load a widget that follows a door, and let it be sent."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    assert issues(kit) == {}
    kit.pushed()
    return entry


async def assert_held(kit: GlancesKit, word: str) -> None:
    """See that the widget waits, and that neither a change nor an action of it leaves."""
    assert (state(kit, _STATUS), state(kit, "binary_sensor.iphone_glance_problem")) == ("held", "on")
    seen = len(kit.emulator.glances)
    await kit.change(DOOR, word)
    with pytest.raises(HomeAssistantError) as raised:
        await kit.update(title="x")
    assert raised.value.translation_key == "held"
    await kit.tick(3 * _HOUR)
    assert len(kit.emulator.glances) == seen
    assert state(kit, _STATUS) == "held"


async def assert_released(kit: GlancesKit, word: str) -> None:
    """See that the change that waited has been sent, and nothing else."""
    await kit.tick(MINUTE + ROUNDING)
    assert issues(kit) == {}
    assert kit.emulator.glances[-1] == {"device": "iphone", "text": word}
    assert state(kit, _STATUS) == "up_to_date"


@pytest.mark.parametrize("how", ["next-day", "reload"])
async def test_device_that_is_renamed_and_named_back(
    kit: GlancesKit, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    """Its widget waits from the next daily look at the devices on, goes on by itself, and is reported once."""
    entry = await load(kit)
    rename(kit, "iphone", "iphone17")
    await kit.tick(_DAY + ROUNDING)
    assert issues(kit) == _UNKNOWN
    await assert_held(kit, "open")
    await kit.tick(_DAY - 3 * _HOUR)
    assert issues(kit) == _UNKNOWN
    await assert_held(kit, "half open")
    rename(kit, "iphone17", "iphone")
    if how == "reload":
        await kit.hass.config_entries.async_reload(entry.entry_id)
        await kit.settle()
    else:
        await kit.tick(_DAY - 3 * _HOUR)
    await assert_released(kit, "half open")
    assert caplog.text.count("no device named iphone") == 1


async def test_device_that_pushover_refuses(kit: GlancesKit) -> None:
    """The devices are looked at again at once, and the widget waits for its own."""
    await load(kit)
    await kit.tick(_HOUR)
    rename(kit, "iphone", "iphone17")
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=400, body=_REFUSED))
    await kit.change(DOOR, "open")
    assert issues(kit).keys() == {"unknown_device", "refused"}
    await assert_held(kit, "half open")
    rename(kit, "iphone17", "iphone")
    for _ in range(24):
        await kit.tick(_HOUR)
    await assert_released(kit, "half open")


async def test_devices_that_cannot_be_asked_for(kit: GlancesKit) -> None:
    """What was known of them stays."""
    await load(kit)
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/users/validate.json", status=503))
    await kit.tick(_DAY + ROUNDING)
    assert issues(kit) == {}
    await kit.change(DOOR, "open")
    await kit.tick(SPACING)
    assert kit.emulator.glances[-1] == {"device": "iphone", "text": "open"}


async def test_widget_for_a_new_device(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """A device that its first form learns of has its widget at once, without a word that it is unknown."""
    entry = await load(kit)
    kit.emulator.world.users[EXAMPLE_USER].devices["watch"] = Device("watch")
    form = await enter(kit, await start(kit, entry), device="watch")
    await save(kit, form, title=choice("text", "New"), **DELIVERY)
    await kit.tick(MINUTE + ROUNDING)
    assert kit.emulator.glances[-1] == {"device": "watch", "title": "New"}
    assert issues(kit) == {}
    assert "has no device" not in caplog.text
