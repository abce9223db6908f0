"""An account that is removed while Pushover cannot empty its widgets: a repair says what they may still show."""

from typing import Any

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import flush_store

from custom_components.pushover_glances.const import DOMAIN
from emulator import Fault, Kind
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

from .kit import MINUTE, SPACING, GlancesKit, widget
from .test_no_devices import sign_out
from .test_no_receiver import activate
from .test_repairs import issues

ACCOUNT = f"Account {EXAMPLE_USER[-4:]}"


def told(*widgets: str) -> dict[str, dict[str, str]]:
    """Return the repair that names these widgets."""
    return {"not_emptied": {"account": ACCOUNT, "widgets": ", ".join(widgets)}}


async def remove(kit: GlancesKit, entry: Any) -> None:
    """Remove an account."""
    await kit.hass.config_entries.async_remove(entry.entry_id)
    await kit.settle()


def away(kit: GlancesKit, kind: Kind = Kind.STATUS, **fault: Any) -> None:
    """Let Pushover take no more updates."""
    kit.emulator.faults.append(Fault(kind, path="/1/glances.json", times=None, **{"status": 503, **fault}))


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 503}, id="fails"),
        pytest.param({"status": 400, "body": '{"status": 0, "token": "invalid"}'}, id="invalid-token"),
        pytest.param({"status": 400, "body": '{"status": 0, "errors": ["no"]}'}, id="refuses"),
        pytest.param({"kind": Kind.RATE_LIMIT}, id="quota"),
        pytest.param({"kind": Kind.RESET_BEFORE}, id="no-answer"),
        pytest.param({"kind": Kind.HTML}, id="no-sense"),
    ],
)
async def test_pushover_does_not_take_it(kit: GlancesKit, fault: dict[str, Any]) -> None:
    """Whatever the reason, the widget may still show what it did."""
    entry = await kit.load(widget(text="secret"))
    away(kit, **fault)
    await remove(kit, entry)
    assert issues(kit) == told("iphone")


async def test_nobody_listens(kit: GlancesKit) -> None:
    """The widget is named as people know it, and neither a key nor a value is."""
    entry = await kit.load(widget("iphone", "Kitchen *1*", text="secret"))
    await kit.emulator.stop()
    await remove(kit, entry)
    assert issues(kit) == told("Kitchen \\*1\\*")
    text = str([issue for issue in ir.async_get(kit.hass).issues.values() if issue.domain == DOMAIN])
    assert not any(word in text for word in (EXAMPLE_TOKEN, EXAMPLE_USER, "secret"))


async def test_pushover_is_there(kit: GlancesKit) -> None:
    """What was emptied needs no word."""
    entry = await kit.load(widget(text="x"), widget("ipad", title="y"))
    await remove(kit, entry)
    assert issues(kit) == {}


async def test_some_of_several(kit: GlancesKit) -> None:
    """Only those are named that were not emptied and showed anything."""
    entry = await kit.load(widget("iphone", text="x"), widget("ipad", text="y"))
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=503, after=1))
    await remove(kit, entry)
    emptied = kit.emulator.glances[-1]["device"]
    assert issues(kit) == told("ipad" if emptied == "iphone" else "iphone")


async def test_time_is_over(kit: GlancesKit) -> None:
    """The person who removes the account waits a few seconds, for as many widgets as that lasts."""
    entry = await kit.load(widget("iphone", text="x"), widget("ipad", text="y"))
    away(kit, Kind.HANG_BEFORE)
    removing = kit.hass.async_create_task(kit.hass.config_entries.async_remove(entry.entry_id))
    await kit.until(removing.done, ticking=0.1)
    assert issues(kit) == told("ipad", "iphone")


async def test_no_device_gets_it(kit: GlancesKit) -> None:
    """Pushover accepts that the widget is emptied, and has nobody to tell it to."""
    entry = await kit.load(widget("iphone", text="x"), widget("ipad", text="y"))
    activate(kit, is_active=False)
    await remove(kit, entry)
    assert issues(kit) == told("iphone")


async def test_widget_that_showed_nothing(kit: GlancesKit) -> None:
    """There is nothing that it could still show."""
    entry = await kit.load(widget(), widget("ipad", text=""))
    await kit.emulator.stop()
    await remove(kit, entry)
    assert issues(kit) == {}


async def test_widget_for_all_devices(kit: GlancesKit) -> None:
    """It has the name that the list shows."""
    entry = await kit.load(widget("", text="x"))
    away(kit)
    await remove(kit, entry)
    assert issues(kit) == told("All devices")


async def test_screen_that_is_left_behind(kit: GlancesKit) -> None:
    """A widget that was removed before and could not be emptied is named by its device."""
    entry = await kit.load(widget("iphone", "Kitchen", text="x"))
    await kit.tick(SPACING)
    away(kit)
    kit.hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await kit.tick(MINUTE)
    await remove(kit, entry)
    assert issues(kit) == told("iphone")


async def test_device_that_pushover_does_not_know(kit: GlancesKit) -> None:
    """A renamed device shows the values under another name, and nothing is sent to one that is unknown."""
    entry = await kit.load(widget(text="x"))
    sign_out(kit, "iphone")
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.settle()
    seen = len(kit.emulator.glances)
    await remove(kit, entry)
    assert len(kit.emulator.glances) == seen
    assert issues(kit) == told("iphone")


@pytest.mark.parametrize("content", [{"data": 5}, {"version": 99}], ids=["damaged", "newer-version"])
async def test_file_that_cannot_be_read(kit: GlancesKit, hass_storage: dict[str, Any], content: dict[str, Any]) -> None:
    """Nobody knows what the widgets show, so none is emptied and all are named."""
    entry = await kit.load(widget("iphone", text="x"), widget("ipad", text="y"))
    await kit.hass.config_entries.async_unload(entry.entry_id)
    hass_storage[f"{DOMAIN}.{entry.entry_id}"] |= content
    await remove(kit, entry)
    assert issues(kit) == told("ipad", "iphone")


async def test_file_from_a_backup(kit: GlancesKit, hass_storage: dict[str, Any]) -> None:
    """Its fields are emptied, whatever they show by now."""
    entry = await kit.load(widget(text="x"))
    await kit.hass.config_entries.async_unload(entry.entry_id)
    hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]["lost"] = True
    await remove(kit, entry)
    assert kit.emulator.glances[-1] == {"device": "iphone", "text": ""}
    assert issues(kit) == {}


async def test_account_that_never_worked(kit: GlancesKit) -> None:
    """It has sent nothing."""
    kit.emulator.faults.append(Fault(Kind.STATUS, status=503, times=None))
    entry = await kit.load(widget(text="x"))
    await kit.tick(10 * MINUTE)
    await remove(kit, entry)
    assert issues(kit) == {}


async def test_account_that_is_added_again(kit: GlancesKit) -> None:
    """The person can do something about it then; what another user's account left stays told."""
    entry = await kit.load(widget(text="x"))
    away(kit)
    await remove(kit, entry)
    kit.emulator.faults.clear()
    await kit.load(user_key="uHomeDemoSecondPerson000000002")
    assert issues(kit) == told("iphone")
    await kit.load(widget(text="y"))
    assert issues(kit) == {}


async def test_advice(kit: GlancesKit) -> None:
    """Added again, cleared and removed, the device shows nothing."""
    entry = await kit.load(widget(text="x", subtext="y"))
    away(kit)
    await remove(kit, entry)
    kit.emulator.faults.clear()
    entry = await kit.load(widget())
    await kit.act("clear")
    await kit.tick(SPACING)
    await remove(kit, entry)
    shown = kit.emulator.world.users[EXAMPLE_USER].devices["iphone"].stored
    assert {value for value in shown.values() if value != ""} == set()
    assert issues(kit) == {}


async def test_restart(kit: GlancesKit, hass_storage: dict[str, Any]) -> None:
    """The repair is there after a restart as well, though the account is gone, and stays ignored once it is."""
    entry = await kit.load(widget(text="x"))
    away(kit)
    await remove(kit, entry)
    for is_ignored in (False, True):
        registry = ir.async_get(kit.hass)
        ((domain, issue_id),) = [key for key in registry.issues if key[0] == DOMAIN]
        if is_ignored:
            ir.async_ignore_issue(kit.hass, domain, issue_id, ignore=True)
        await flush_store(registry._store)  # noqa: SLF001  # Home Assistant saves it later
        restarted = ir.IssueRegistry(kit.hass)
        await restarted.async_load()
        found = restarted.async_get_issue(domain, issue_id)
        assert found is not None
        assert found.active
        assert found.translation_placeholders == told("iphone")["not_emptied"]
        assert (found.dismissed_version is not None) is is_ignored


async def test_error_of_the_kept_ledgers(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The repair is there even where the times of the updates cannot be kept."""

    async def fail(*_: object) -> None:
        raise HomeAssistantError("no disk")

    entry = await kit.load(widget(text="x"))
    away(kit)
    monkeypatch.setattr("custom_components.pushover_glances.async_keep_ledgers", fail)
    await remove(kit, entry)
    assert issues(kit) == told("iphone")
