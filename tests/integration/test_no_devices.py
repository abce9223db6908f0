"""While the user has no active device, all widgets wait and say why; then they go on by themselves."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.pushover_glances.const import DOMAIN
from emulator import Device, Fault, Kind
from emulator.world import EXAMPLE_USER

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, widget
from .test_clock import set_clock
from .test_entities import TEXT, state
from .test_repairs import issues
from .test_widget_flow import fields_of, preview_of

_HOUR = 60 * MINUTE
_STATUS = "sensor.iphone_glance_status"
_PROBLEM = "binary_sensor.iphone_glance_problem"
_ISSUE = {"no_devices": {"account": f"Account {EXAMPLE_USER[-4:]}"}}


def sign_out(kit: GlancesKit, *names: str) -> None:
    """Take devices from the user, or all of them."""
    devices = kit.emulator.world.users[EXAMPLE_USER].devices
    for name in names or tuple(devices):
        del devices[name]


def sign_in(kit: GlancesKit, name: str = "iphone") -> None:
    """Give the user a device."""
    kit.emulator.world.users[EXAMPLE_USER].devices[name] = Device(name)


def asked(kit: GlancesKit) -> int:
    """Count how often Pushover was asked for the devices."""
    return len([call for call in kit.emulator.calls if call.path == "/1/users/validate.json"])


def sent(kit: GlancesKit) -> int:
    """Count the updates that arrived, whether or not Pushover accepted them."""
    return len([call for call in kit.emulator.calls if call.path == "/1/glances.json"])


async def load(kit: GlancesKit, *devices: str) -> Any:
    """Load widgets that follow a door, and let them be sent."""
    await kit.state(DOOR, "closed")
    items = [widget(device, "" if device else "iphone glance", text=TEXT) for device in devices or ("iphone",)]
    entry = await kit.load(*items)
    await kit.tick(SPACING)
    kit.pushed()
    return entry


async def lose(kit: GlancesKit, *devices: str) -> Any:
    """Load widgets, sign out everywhere, and let an update be refused for that."""
    entry = await load(kit, *devices)
    sign_out(kit)
    await kit.change(DOOR, "open")
    assert (state(kit, _STATUS), state(kit, _PROBLEM)) == ("no_devices", "on")
    return entry


@pytest.mark.parametrize("device", ["iphone", ""], ids=["named", "all-devices"])
async def test_user_who_signs_in_again(kit: GlancesKit, device: str) -> None:
    """The change that waited is sent a few minutes later, and nothing is reported any more."""
    await lose(kit, device)
    assert issues(kit) == _ISSUE
    kit.assert_nothing_pushed()
    sign_in(kit)
    await kit.tick(5 * MINUTE + ROUNDING)
    kit.assert_pushed({"text": "open"})
    assert (state(kit, _STATUS), state(kit, _PROBLEM)) == ("up_to_date", "off")
    assert issues(kit) == {}


async def test_update_that_was_refused_does_not_count(kit: GlancesKit) -> None:
    """It left the budget as it was, and was tried once."""
    await load(kit)
    left, tries = state(kit, "sensor.iphone_glance_updates_left_today"), sent(kit)
    sign_out(kit)
    await kit.change(DOOR, "open")
    await kit.tick(4 * MINUTE)
    assert sent(kit) == tries + 1
    assert state(kit, "sensor.iphone_glance_updates_left_today") == left


async def test_how_often_it_is_asked_for(kit: GlancesKit) -> None:
    """After 5, 10, 20 and 40 minutes, then hourly: no more than thirty times on the first day, and no update is tried."""
    await lose(kit)
    before, tries = asked(kit), sent(kit)
    moments: list[int] = []
    for minute in range(1, 24 * 60):
        seen = asked(kit)
        await kit.tick(MINUTE)
        if asked(kit) > seen:
            moments.append(minute)
    assert moments[:6] == [5, 15, 35, 75, 135, 195]
    assert len(moments) <= 27
    assert asked(kit) - before <= 28
    assert sent(kit) == tries
    sign_in(kit)
    await kit.tick(_HOUR + ROUNDING)
    kit.assert_pushed({"text": "open"})


async def test_delay_begins_anew(kit: GlancesKit) -> None:
    """Once updates have been accepted again, the next time is as short as the first."""
    await lose(kit)
    for _ in range(6):
        await kit.tick(_HOUR)
    sign_in(kit)
    await kit.tick(_HOUR)
    kit.assert_pushed({"text": "open"})
    await kit.tick(SPACING)
    sign_out(kit)
    await kit.change(DOOR, "closed")
    sign_in(kit)
    await kit.tick(5 * MINUTE + ROUNDING)
    kit.assert_pushed({"text": "closed"})


async def test_action(kit: GlancesKit) -> None:
    """It fails, says what to do, and queues nothing; the first one, which learns of it, too."""
    await load(kit)
    sign_out(kit)
    for _ in range(2):
        with pytest.raises(HomeAssistantError) as raised:
            await kit.update(title="x")
        assert raised.value.translation_key == "no_devices"
    sign_in(kit)
    await kit.tick(5 * MINUTE + ROUNDING)
    kit.assert_nothing_pushed()
    assert state(kit, _STATUS) == "up_to_date"


async def test_several_widgets(kit: GlancesKit) -> None:
    """One refused update holds all widgets; one device that is back releases its own widget alone."""
    await lose(kit, "iphone", "ipad")
    assert state(kit, "sensor.ipad_glance_status") == "no_devices"
    assert issues(kit) == _ISSUE
    tries = sent(kit)
    sign_in(kit, "ipad")
    await kit.tick(5 * MINUTE + ROUNDING)
    assert sent(kit) == tries + 1
    assert kit.emulator.glances[-1] == {"device": "ipad", "text": "open"}
    assert state(kit, _STATUS) == "held"
    assert issues(kit) == {"unknown_device": {"widget": "iphone", "device": "iphone"}}
    sign_in(kit)
    await kit.tick(10 * MINUTE + ROUNDING)
    assert kit.emulator.glances[-1] == {"device": "iphone", "text": "open"}
    assert issues(kit) == {}


@pytest.mark.parametrize("others", [True, False], ids=["another-device", "no-device"])
async def test_device_that_is_refused_and_comes_back(kit: GlancesKit, *, others: bool) -> None:
    """Its widget waits no day for a refusal whose reason is over."""
    await load(kit)
    sign_out(kit, *(["iphone"] if others else []))
    body = '{"device":"invalid for this user","errors":["device name is not valid for user"],"status":0}'
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=400, body=body))
    await kit.change(DOOR, "open")
    assert state(kit, _STATUS) == ("held" if others else "no_devices")
    sign_in(kit)
    await kit.tick(5 * MINUTE + ROUNDING)
    kit.assert_pushed({"text": "open"})
    assert issues(kit) == {}


async def test_device_that_pushover_lists_and_refuses(kit: GlancesKit) -> None:
    """It is tried more and more rarely: no more than an update an hour."""
    await load(kit)
    body = '{"errors":["user is valid but has no active devices"],"status":0}'
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=400, body=body, times=None))
    before = asked(kit) + sent(kit)
    await kit.change(DOOR, "open")
    for _ in range(24 * 12):
        await kit.tick(5 * MINUTE)
    assert asked(kit) + sent(kit) - before <= 60
    kit.emulator.faults.clear()
    await kit.tick(_HOUR + ROUNDING)
    kit.assert_pushed({"text": "open"})


@pytest.mark.parametrize("how", ["reload", "restart-without-devices"])
async def test_load(kit: GlancesKit, how: str) -> None:
    """The devices are fetched at once, and again some minutes later."""
    entry = await lose(kit)
    if how == "reload":
        sign_in(kit)
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.settle()
    if how != "reload":
        assert state(kit, _STATUS) == "no_devices"
        sign_in(kit)
    await kit.tick(5 * MINUTE + ROUNDING)
    kit.assert_pushed({"text": "open"})
    assert issues(kit) == {}


async def test_account_that_begins_without_devices(kit: GlancesKit) -> None:
    """Its widget goes as soon as a device is there."""
    sign_out(kit)
    await kit.load(widget(text="x"))
    assert (state(kit, _STATUS), issues(kit)) == ("no_devices", _ISSUE)
    sign_in(kit)
    await kit.tick(5 * MINUTE + ROUNDING)
    kit.assert_pushed({"text": "x"})


async def test_account_without_widgets(kit: GlancesKit) -> None:
    """Nothing waits there, so nothing is reported or asked."""
    sign_out(kit)
    await kit.load()
    before = asked(kit)
    for _ in range(12):
        await kit.tick(_HOUR)
    assert (issues(kit), asked(kit)) == ({}, before)


async def test_pushover_that_is_away_meanwhile(kit: GlancesKit) -> None:
    """A question without an answer changes nothing, and is asked again."""
    await lose(kit)
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/users/validate.json", status=503))
    sign_in(kit)
    await kit.tick(5 * MINUTE + ROUNDING)
    assert state(kit, _STATUS) == "no_devices"
    await kit.tick(10 * MINUTE + ROUNDING)
    kit.assert_pushed({"text": "open"})


@pytest.mark.parametrize("days", [-3, 3])
async def test_clock_that_is_set(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """It waits no longer for that."""
    await lose(kit)
    sign_in(kit)
    set_clock(monkeypatch, timedelta(days=days))
    for _ in range(3):
        await kit.tick(5 * MINUTE + ROUNDING)
    assert state(kit, _STATUS) != "no_devices"


@pytest.mark.parametrize("how", ["disabled", "removed"])
async def test_repair_goes_with_the_account(kit: GlancesKit, how: str) -> None:
    """Nothing waits any more."""
    entry = await lose(kit)
    if how == "disabled":
        await kit.hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    else:
        await kit.hass.config_entries.async_remove(entry.entry_id)
    await kit.settle()
    assert "no_devices" not in issues(kit)


async def test_repair_that_a_person_ignores(kit: GlancesKit) -> None:
    """It stays ignored over a reload and over every question."""
    entry = await lose(kit)
    ((domain, issue_id),) = [key for key in ir.async_get(kit.hass).issues if key[0] == DOMAIN]
    ir.async_ignore_issue(kit.hass, domain, issue_id, ignore=True)
    await kit.hass.config_entries.async_reload(entry.entry_id)
    for _ in range(3):
        await kit.tick(_HOUR)
        found = ir.async_get(kit.hass).async_get_issue(domain, issue_id)
        assert found is not None
        assert found.dismissed_version is not None


async def test_preview(kit: GlancesKit) -> None:
    """It promises nothing while there is no device."""
    entry = await lose(kit, "")
    shown = (await preview_of(kit, await fields_of(kit, entry), text="new", delivery={}))["description_placeholders"]
    assert shown["goes"] == "Nothing will be sent until Pushover knows the device and accepts the account."


@pytest.mark.parametrize("device", ["iphone", ""], ids=["named", "all-devices"])
async def test_widget_that_is_removed_meanwhile(kit: GlancesKit, device: str) -> None:
    """What it showed is emptied once the user is signed in again, and no repair asks to correct what is gone."""
    entry = await load(kit, device)
    devices = dict(kit.emulator.world.users[EXAMPLE_USER].devices)
    sign_out(kit)
    await kit.change(DOOR, "open")
    kit.hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await kit.settle()
    kit.assert_nothing_pushed()
    assert issues(kit) == {}
    kit.emulator.world.users[EXAMPLE_USER].devices.update(devices)
    for _ in range(25):
        await kit.tick(_HOUR)
    assert devices["iphone"].stored["text"] == ""
    assert len(kit.pushed()) == (1 if device else 2)


async def test_device_of_a_removed_widget_that_is_gone(kit: GlancesKit) -> None:
    """Nobody can reconfigure the widget, so no repair asks for it."""
    entry = await load(kit, "iphone", "ipad")
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=503))
    kit.hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await kit.settle()
    sign_out(kit, "iphone")
    await entry.runtime_data.devices.async_learn()
    await kit.tick(10)
    assert issues(kit) == {}
    kit.assert_nothing_pushed()
