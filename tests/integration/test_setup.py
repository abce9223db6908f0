"""Loading, unloading and removing an account, and what it remembers."""

import asyncio
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.planner import WidgetState
from custom_components.pushover_glances.records import StoredAccount, written
from emulator import Fault, Kind, User
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER, SECOND_TOKEN, SECOND_USER

from .catalog import ROOT
from .fault_rows import QUOTA_ENDS
from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, subentry, widget
from .test_entities import state

TEXT = "{{ states('cover.garage_door') }}"


async def test_devices_and_entities(
    kit: GlancesKit, device_registry: dr.DeviceRegistry, entity_registry: er.EntityRegistry
) -> None:
    """A widget is a service device of its own below that of its account, with a notify entity named after it."""
    entry = await kit.load(widget())
    account = device_registry.async_get_device_by_identifier((DOMAIN, entry.entry_id), entry.entry_id)
    entity = entity_registry.async_get("notify.iphone_glance")
    assert account is not None
    assert entity is not None
    device = device_registry.async_get(entity.device_id or "")
    assert isinstance(device, dr.DeviceEntry)
    assert (device.name, device.via_device_id) == ("iphone glance", account.id)
    assert {account.entry_type, device.entry_type} == {dr.DeviceEntryType.SERVICE}
    assert entity.config_subentry_id == device.config_subentry_id == next(iter(entry.subentries))
    for text in (entity.unique_id, str(device.identifiers), str(account.identifiers)):
        assert EXAMPLE_TOKEN not in text
        assert EXAMPLE_USER not in text


async def test_actions_are_described(kit: GlancesKit) -> None:
    """Every action has its description, and every description its action."""
    await kit.load()
    path = ROOT / "custom_components" / DOMAIN / "services.yaml"
    described = await kit.hass.async_add_executor_job(load_yaml_dict, path)
    assert kit.hass.services.async_services_for_domain(DOMAIN).keys() == described.keys()


async def test_withdrawn_token(kit: GlancesKit) -> None:
    """Invalid credentials start the flow for new ones."""
    entry = await kit.load(token="x" * 30)
    assert (entry.state, entry.error_reason_translation_key) == (ConfigEntryState.SETUP_ERROR, "invalid_token")
    (flow,) = kit.hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"


async def test_refused_at_setup(kit: GlancesKit) -> None:
    """A refusal that is about something else is shown in Pushover's words."""
    kit.emulator.faults.append(Fault(Kind.STATUS, status=400, body='{"status":0,"errors":["account closed"]}'))
    entry = await kit.load()
    assert (entry.state, entry.error_reason_translation_key) == (ConfigEntryState.SETUP_ERROR, "rejected")
    assert "account closed" in (entry.reason or "")


@pytest.mark.parametrize(
    ("reset", "words"),
    [
        pytest.param(1_451_628_000, "Pushover's quota is used up, and when it resets is not known", id="past"),
        pytest.param(QUOTA_ENDS, "Pushover's quota is used up until 2026-11-23 14:40:00 UTC", id="to-come"),
    ],
)
async def test_quota_at_setup(kit: GlancesKit, reset: int, words: str) -> None:
    """Only a time that is to come is named as the end of the quota, and its time zone with it."""
    await kit.hass.config.async_set_time_zone("Europe/Berlin")
    kit.emulator.faults.append(Fault(Kind.RATE_LIMIT, reset=reset))
    entry = await kit.load()
    assert (entry.state, entry.error_reason_translation_key) == (ConfigEntryState.SETUP_RETRY, "rate_limited")
    assert words in (entry.reason or "")


async def test_device_that_is_gone(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """A widget whose device the account does not have waits: its glance might go to all the others."""
    await kit.load(widget("walkman", text="private"), widget("ipad", text="x"))
    assert [glance["device"] for glance in kit.emulator.glances] == ["ipad"]
    assert "no device named walkman" in caplog.text


async def test_reload_sends_nothing_unless_something_changed(kit: GlancesKit) -> None:
    """What is shown outlives a reload, and so does the spacing."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    kit.pushed()
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "open")
    kit.assert_pushed({"text": "open"})
    await kit.change(DOOR, "closed")
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.settle()
    await kit.tick(SPACING - MINUTE)
    kit.assert_nothing_pushed()
    await kit.tick(MINUTE + ROUNDING)
    kit.assert_pushed({"text": "closed"})


async def test_queued_values_outlive_a_reload(kit: GlancesKit) -> None:
    """What an action has answered to be queued goes out all the same, with its end."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    kit.pushed()
    assert (await kit.update(text="queued", subtext="soon over", duration=1800))["status"] == "queued"
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "queued", "subtext": "soon over"})
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "closed", "subtext": ""})


async def test_update_is_on_disk_before_it_is_sent_and_after(kit: GlancesKit, hass_storage: dict[str, Any]) -> None:
    """A power cut at any moment leaves what was sent, or perhaps sent."""
    entry = kit.account(widget(text="x"))
    kit.emulator.faults.append(Fault(Kind.SLOW, path="/1/glances.json", seconds=1))
    await kit.hass.config_entries.async_setup(entry.entry_id)
    await kit.until(lambda: len(kit.emulator.glances) == 1)

    def on_disk() -> Any:
        (memory,) = hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]["screens"].values()
        return memory["ledger"]["updates"], memory["attempt"], memory["shown"]

    assert on_disk() == (["2026-11-23T12:00:00+00:00"], {"text": "x"}, {})
    kit.freezer.tick(1 + ROUNDING)
    await kit.settle()
    # It arrived before its answer did, so whatever follows keeps its distance from that.
    assert on_disk() == (["2026-11-23T12:00:02+00:00"], None, {"text": "x"})


async def test_queued_value_is_on_disk_before_the_action_is_answered(
    kit: GlancesKit, hass_storage: dict[str, Any]
) -> None:
    """What an action has answered to be queued survives a power cut right after it."""
    entry = await kit.load(widget(text="x"))
    assert (await kit.update(text="queued"))["status"] == "queued"
    (memory,) = hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]["screens"].values()
    assert memory["manual"]["text"]["value"] == "queued"


async def test_adding_a_widget_leaves_the_others_alone(kit: GlancesKit) -> None:
    """The account is loaded again once; only the new widget is sent."""
    entry = await kit.load(widget("iphone", text="a"))
    kit.pushed()
    kit.hass.config_entries.async_add_subentry(entry, subentry("ipad", text="b"))
    await kit.settle()
    assert entry.state is ConfigEntryState.LOADED
    kit.assert_pushed({"text": "b"})


async def test_unload_lets_a_request_finish_and_books_it(kit: GlancesKit) -> None:
    """An update that is on its way while its account is unloaded arrives, and is not sent again."""
    await kit.state(DOOR, "closed")
    entry = kit.account(widget(text=TEXT))
    kit.emulator.faults.append(Fault(Kind.SLOW, path="/1/glances.json", seconds=1))
    await kit.hass.config_entries.async_setup(entry.entry_id)
    await kit.until(lambda: len(kit.emulator.glances) == 1)
    unloading = kit.hass.async_create_task(kit.hass.config_entries.async_unload(entry.entry_id))
    await kit.until(lambda: entry.state is ConfigEntryState.UNLOAD_IN_PROGRESS)
    kit.freezer.tick(1.5)
    assert await unloading
    await kit.setup(entry)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "closed"})


async def test_widget_that_is_added_during_the_set_up(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """It is loaded right after it, with one more set-up and all of its entities."""
    entry = kit.account(widget("iphone", text="x"))
    forward = kit.hass.config_entries.async_forward_entry_setups

    async def add_and_forward(*arguments: Any) -> None:
        if len(entry.subentries) == 1:
            kit.hass.config_entries.async_add_subentry(entry, subentry("ipad", text="y"))
        await forward(*arguments)

    with patch.object(kit.hass.config_entries, "async_forward_entry_setups", add_and_forward):
        await kit.setup(entry)
    assert sorted(glance["device"] for glance in kit.emulator.glances) == ["ipad", "iphone"]
    assert kit.hass.states.get("sensor.ipad_glance_status") is not None
    assert not [item for item in caplog.records if item.levelname == "ERROR"]


async def test_unload_waits_two_seconds_at_most(kit: GlancesKit) -> None:
    """A request without an answer is given up; it may not have arrived, so it is sent again at the next slot."""
    await kit.state(DOOR, "closed")
    entry = kit.account(widget(text=TEXT))
    kit.emulator.faults.append(Fault(Kind.HANG_AFTER, path="/1/glances.json"))
    await kit.hass.config_entries.async_setup(entry.entry_id)
    await kit.until(lambda: len(kit.emulator.glances) == 1)
    unloading = kit.hass.async_create_task(kit.hass.config_entries.async_unload(entry.entry_id))
    await kit.until(lambda: entry.state is ConfigEntryState.UNLOAD_IN_PROGRESS)
    kit.freezer.tick(2 + ROUNDING)
    assert await unloading
    await kit.setup(entry)
    await kit.tick(MINUTE)
    kit.assert_pushed({"text": "closed"})
    await kit.tick(SPACING)
    kit.assert_pushed({"text": "closed"})


async def test_unload_answers_actions_that_wait(kit: GlancesKit) -> None:
    """An action for a second widget, in line behind a hanging request, answers that it is queued."""
    entry = await kit.load(widget("iphone"), widget("ipad"))
    kit.emulator.faults.append(Fault(Kind.SLOW, seconds=1))
    calling = kit.hass.async_create_task(kit.act("update", text="x"))
    await kit.until(lambda: len(kit.emulator.glances) == 1)
    unloading = kit.hass.async_create_task(kit.hass.config_entries.async_unload(entry.entry_id))
    await kit.until(lambda: entry.state is ConfigEntryState.UNLOAD_IN_PROGRESS)
    kit.freezer.tick(1.5)
    assert await unloading
    assert sorted(item["status"] for item in await calling) == ["queued", "sent"]
    await kit.setup(entry)
    assert sorted(glance["device"] for glance in kit.emulator.glances) == ["ipad", "iphone"]


async def test_removal_during_a_request_that_fails(kit: GlancesKit, hass_storage: dict[str, Any]) -> None:
    """The action that waits is answered, and does not bring back the file of the removed account."""
    entry = await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.HANG_AFTER, seconds=3))
    calling = asyncio.ensure_future(
        kit.hass.services.async_call(DOMAIN, "update", {"text": "x"}, blocking=True, return_response=True)
    )
    await kit.until(lambda: len(kit.emulator.glances) == 1)
    removing = kit.hass.async_create_task(kit.hass.config_entries.async_remove(entry.entry_id))
    await kit.until(lambda: entry.state is ConfigEntryState.UNLOAD_IN_PROGRESS)
    kit.freezer.tick(3 + ROUNDING)
    await removing
    await kit.until(calling.done)
    assert f"{DOMAIN}.{entry.entry_id}" not in hass_storage


async def test_home_assistant_stops_during_a_request(kit: GlancesKit, hass_storage: dict[str, Any]) -> None:
    """The update stays booked as one whose answer never came, and its action answers that it is queued."""
    entry = await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.HANG_AFTER))
    calling = asyncio.ensure_future(
        kit.hass.services.async_call(DOMAIN, "update", {"text": "x"}, blocking=True, return_response=True)
    )
    await kit.until(lambda: len(kit.emulator.glances) == 1)
    await kit.hass.async_stop(force=True)
    response: Any = await calling
    assert response["widgets"][0]["status"] == "queued"
    (memory,) = hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]["screens"].values()
    assert memory["ledger"]["updates"] == ["2026-11-23T12:00:00+00:00"]
    assert memory["attempt"] == {"text": "x"}
    assert memory["manual"]["text"]["value"] == "x"


async def test_nothing_is_left_behind(kit: GlancesKit, hass_storage: dict[str, Any]) -> None:
    """An unloaded account neither listens nor sends; a removed one leaves no file, device or entity."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    kit.pushed()
    assert f"{DOMAIN}.{entry.entry_id}" in hass_storage
    await kit.hass.config_entries.async_unload(entry.entry_id)
    assert state(kit, "notify.iphone_glance") == STATE_UNAVAILABLE
    await kit.change(DOOR, "open")
    await kit.tick(10 * SPACING)
    kit.assert_nothing_pushed()
    await kit.hass.config_entries.async_remove(entry.entry_id)
    await kit.settle()
    assert f"{DOMAIN}.{entry.entry_id}" not in hass_storage
    assert not dr.async_entries_for_config_entry(dr.async_get(kit.hass), entry.entry_id)
    assert not er.async_entries_for_config_entry(er.async_get(kit.hass), entry.entry_id)
    assert kit.hass.services.has_service(DOMAIN, "update")


async def test_two_requests_altogether(kit: GlancesKit) -> None:
    """However many accounts there are, two connections at a time have to do, and one for each account."""
    keys = [f"{number}".rjust(30, "u") for number in range(4)]
    kit.emulator.world.add(*(User.with_devices(key, "phone") for key in keys))
    kit.account(widget("iphone", text="x"), widget("ipad", text="x"))
    for key in keys:
        kit.account(widget("phone", text="x"), user_key=key)
    kit.emulator.faults.append(Fault(Kind.SLOW, path="/1/glances.json", seconds=1, times=6))
    await kit.prepare()
    # The order in which the accounts are loaded is not defined. The last one sends its two updates alone.
    together: list[int] = []
    while (before := sum(together)) < 6:
        await kit.until(lambda before=before: len(kit.emulator.glances) > before)  # type: ignore[misc]
        await kit.turns(100)
        together.append(len(kit.emulator.glances) - before)
        users = {call.parameters["user"] for call in kit.emulator.calls[-together[-1] :]}
        assert len(users) == together[-1]
        kit.freezer.tick(1 + ROUNDING)
    assert max(together) == 2
    await kit.settle()


def remembered(**changes: object) -> dict[str, object]:
    """Return a memory with one screen, some of it changed."""
    data = written(StoredAccount(verified=True, screens={"iphone": WidgetState(owner="a")}))
    data["screens"]["iphone"] |= changes
    return data


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({**written(StoredAccount()), "screens": 5}, id="no-screens"),
        pytest.param({"screens": {}}, id="half-of-it"),
        pytest.param([], id="a-list"),
        pytest.param(remembered(ledger={"updates": ["yesterday"], "urgent": []}), id="no-time"),
        pytest.param(remembered(ledger={"updates": ["2026-11-23T12:00:00"], "urgent": []}), id="no-time-zone"),
        pytest.param(remembered(shown={"text": [1]}), id="no-value"),
        pytest.param(remembered(manual={"text": {"value": "x"}}), id="half-of-a-manual-value"),
        pytest.param(remembered(short_days=["Monday"]), id="no-date"),
    ],
)
async def test_damaged_memory_causes_no_burst(
    kit: GlancesKit, hass_storage: dict[str, Any], caplog: pytest.LogCaptureFixture, data: object
) -> None:
    """A stored file that is invalid counts as an update just now, and is logged once."""
    entry = kit.account(widget(text="x"))
    hass_storage[f"{DOMAIN}.{entry.entry_id}"] = {"version": 1, "minor_version": 1, "data": data}
    await kit.setup(entry)
    await kit.tick(SPACING - ROUNDING)
    kit.assert_nothing_pushed()
    assert caplog.text.count("Stored state is not used") == 1
    await kit.tick(2 * ROUNDING)
    kit.assert_pushed({"text": "x"})


async def test_memory_of_a_newer_version(kit: GlancesKit, hass_storage: dict[str, Any]) -> None:
    """A downgrade is refused clearly, and leaves the file as it is."""
    entry = kit.account(widget(text="x"))
    stored = {"version": 2, "minor_version": 1, "key": f"{DOMAIN}.{entry.entry_id}", "data": {"future": True}}
    hass_storage[f"{DOMAIN}.{entry.entry_id}"] = stored
    await kit.setup(entry)
    assert (entry.state, entry.error_reason_translation_key) == (ConfigEntryState.SETUP_ERROR, "newer_version")
    assert hass_storage[f"{DOMAIN}.{entry.entry_id}"] == stored


async def test_memory_of_a_newer_minor_version(kit: GlancesKit, hass_storage: dict[str, Any]) -> None:
    """What this version knows of it is used."""
    entry = await kit.load(widget(text="x"))
    kit.pushed()
    await kit.hass.config_entries.async_unload(entry.entry_id)
    stored = hass_storage[f"{DOMAIN}.{entry.entry_id}"]
    stored["minor_version"] = 2
    stored["data"]["future"] = True
    next(iter(stored["data"]["screens"].values()))["future"] = True
    await kit.setup(entry)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


async def test_fields_of_a_newer_minor_version(
    kit: GlancesKit, hass_storage: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """A field that this version does not know is dropped wherever it is named; all else of the file is used."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT, time_stamp="subtext"))
    assert (await kit.update(title="queued"))["status"] == "queued"
    kit.pushed()
    await kit.hass.config_entries.async_unload(entry.entry_id)
    stored = hass_storage[f"{DOMAIN}.{entry.entry_id}"]
    stored["minor_version"] = 3
    (screen,) = stored["data"]["screens"].values()
    for key in ("shown", "mirrored", "face"):
        screen[key]["badge"] = "x"
    screen["manual"]["badge"] = {**screen["manual"]["title"], "value": "x"}
    screen["unavailable"]["badge"] = screen["ledger"]["updates"][0]
    screen["alerts"] = {"gone": {"badge": "x"}}
    screen["attempt"] = {"badge": "x"}
    screen["covered"] = ["badge"]
    screen["stamped"] = "badge"
    await kit.setup(entry)
    assert state(kit, "sensor.iphone_glance_updates_left_today") == "49"
    await kit.tick(SPACING - ROUNDING)
    kit.assert_nothing_pushed()
    await kit.tick(2 * ROUNDING)
    kit.assert_pushed({"text": "closed", "title": "queued", "subtext": "12:20 PM"})
    assert "Stored state" not in caplog.text


async def test_entry_of_a_newer_version(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """Home Assistant refuses an account that a newer version has changed, and says so."""
    entry = MockConfigEntry(domain=DOMAIN, version=4)
    entry.add_to_hass(kit.hass)
    await kit.setup(entry)
    assert entry.state is ConfigEntryState.MIGRATION_ERROR
    assert "higher than the current version 3" in caplog.text


async def test_secrets_stay_secret(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """No log of ours shows token or user key, whatever goes wrong."""
    caplog.set_level("DEBUG")
    entry = await kit.load(widget(text=TEXT), token=SECOND_TOKEN, user_key=SECOND_USER)
    entry = await kit.load(widget(text=TEXT))
    for kind in (Kind.RESET_AFTER, Kind.GARBAGE, Kind.RATE_LIMIT, Kind.STATUS):
        kit.emulator.faults.append(Fault(kind))
        await kit.change(DOOR, kind)
        await kit.tick(2 * SPACING)
    del kit.emulator.world.applications[EXAMPLE_TOKEN]
    await kit.change(DOOR, "end")
    await kit.tick(1000 * SPACING)
    await kit.hass.config_entries.async_reload(entry.entry_id)
    ours = "\n".join(item.getMessage() for item in caplog.records if DOMAIN in item.name)
    assert "Updates of account" in ours
    for secret in (EXAMPLE_TOKEN, EXAMPLE_USER, SECOND_TOKEN, SECOND_USER):
        assert secret not in ours
