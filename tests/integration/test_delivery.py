"""How a widget's settings, its sources and its neighbours decide about its updates, inside Home Assistant."""

from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.planner import Due, Event, WidgetState, receive
from emulator import Fault, Kind
from emulator.world import EXAMPLE_USER, SECOND_TOKEN, SECOND_USER

from .kit import DOOR, MINUTE, ROUNDING, SETTLE, SPACING, GlancesKit, subentry, widget

TEXT = "{{ states('cover.garage_door') }}"
URGENT: dict[str, Any] = {"urgent_entities": [DOOR]}
HOUR = 60 * MINUTE


async def test_urgent_entity(kit: GlancesKit) -> None:
    """Its state goes a minute after the last update, although the widget is stale already; its attributes do not."""
    await kit.state(DOOR, "closed")
    await kit.state("sensor.power", "1")
    await kit.load(widget(text=TEXT, count="{{ states('sensor.power') }}", **URGENT))
    await kit.change("sensor.power", "2")
    await kit.change(DOOR, "closed", current_position=5)
    await kit.tick(MINUTE)
    kit.assert_pushed({"text": "closed", "count": "1"})
    await kit.change(DOOR, "open")
    kit.assert_pushed({"text": "open", "count": "2"})
    await kit.change(DOOR, "unavailable")
    await kit.change(DOOR, "open")
    await kit.tick(2 * MINUTE)
    kit.assert_nothing_pushed()


async def test_urgent_entity_that_changed_while_home_assistant_was_down(kit: GlancesKit) -> None:
    """A restart does not make it an ordinary one."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT, **URGENT))
    kit.pushed()
    await kit.hass.config_entries.async_unload(entry.entry_id)
    await kit.state(DOOR, "open")
    await kit.tick(MINUTE)
    await kit.setup(entry)
    kit.assert_pushed({"text": "open"})


async def test_quiet_hours_follow_the_time_zone(kit: GlancesKit) -> None:
    """They hold ordinary updates in the time of the house; a changed time zone moves them."""
    await kit.hass.config.async_set_time_zone("Europe/Berlin")
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT, quiet_from="13:05:00", quiet_until="15:00:00"))
    await kit.change(DOOR, "open")
    await kit.tick(SPACING)
    kit.assert_pushed({"text": "closed"})
    item = await kit.update(text="x")
    assert datetime.fromisoformat(item["due"]) == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    assert (await kit.update(text="y", urgent=True))["status"] == "sent"
    kit.assert_pushed({"text": "y"})
    await kit.update(text="z")
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()
    await kit.hass.config.async_set_time_zone("UTC")
    await kit.tick(5 * MINUTE)
    kit.assert_pushed({"text": "z"})


async def test_daily_limit(kit: GlancesKit) -> None:
    """What is left of it is shared over the rest of the day; at 05:00 it begins again."""
    await kit.hass.config.async_set_time_zone("UTC")
    await kit.load(widget(min_interval=60, daily_limit=3))
    assert (await kit.update(text="1"))["status"] == "sent"
    second = await kit.update(text="2")
    # Two are left until midnight. After the first of them, the other one must suffice for the rest of the day, and one
    # does for 10/9 of eight hours.
    assert datetime.fromisoformat(second["due"]) == datetime(2026, 11, 23, 15, 6, 40, tzinfo=UTC)
    await kit.tick(4 * HOUR + ROUNDING)
    await kit.update(text="3")
    await kit.tick(4 * HOUR + ROUNDING)
    fourth = await kit.update(text="4")
    assert datetime.fromisoformat(fourth["due"]) == datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert [glance["text"] for glance in kit.pushed()] == ["1", "2", "3"]
    await kit.tick(9 * HOUR)
    kit.assert_pushed({"text": "4"})


async def test_daily_limit_counts_over_a_new_widget_for_the_device(kit: GlancesKit) -> None:
    """Removing a widget and adding it again is no way around it; what it left behind is emptied."""
    entry = await kit.load(widget(text="x", count="{{ 1 }}"))
    kit.hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await kit.settle()
    kit.hass.config_entries.async_add_subentry(entry, subentry(text="y"))
    await kit.settle()
    kit.assert_pushed({"text": "x", "count": "1"})
    await kit.tick(MINUTE + ROUNDING)
    kit.assert_pushed({"text": "y", "count": ""})


async def test_removed_widget_is_emptied_once(kit: GlancesKit) -> None:
    """A minute after its last update, and never again; others are left alone."""
    entry = await kit.load(widget("iphone", text="x"), widget("ipad", text="y"))
    kit.hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await kit.settle()
    await kit.tick(MINUTE + ROUNDING)
    assert kit.emulator.glances[2:] == [{"device": "iphone", "text": ""}]
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING + ROUNDING)
    assert len(kit.emulator.glances) == 3


async def test_removed_template_empties_its_field(kit: GlancesKit) -> None:
    """The widget is sent a minute after it was saved."""
    entry = await kit.load(widget(text="x", count="{{ 1 }}"))
    (item,) = entry.subentries.values()
    kit.hass.config_entries.async_update_subentry(entry, item, data={"device": "iphone", "text": "x"})
    await kit.settle()
    await kit.tick(MINUTE + ROUNDING)
    kit.assert_pushed({"text": "x", "count": "1"}, {"text": "x", "count": ""})


async def test_refused_clearing_is_given_up(kit: GlancesKit, issue_registry: ir.IssueRegistry) -> None:
    """A removed widget cannot be corrected."""
    entry = await kit.load(widget(text="x"))
    kit.hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=400, body='{"status":0}'))
    await kit.settle()
    await kit.tick(MINUTE + ROUNDING)
    await kit.tick(48 * HOUR)
    kit.assert_pushed({"text": "x"})
    assert not issue_registry.issues


async def test_removed_account_is_emptied(kit: GlancesKit) -> None:
    """One attempt for each screen; what comes of it does not matter."""
    entry = await kit.load(widget("iphone", text="x"), widget("ipad", count="{{ 0 }}"))
    await kit.hass.config_entries.async_remove(entry.entry_id)
    await kit.settle()
    assert kit.emulator.glances[2:] == [{"device": "iphone", "text": ""}, {"device": "ipad", "count": ""}]
    entry = await kit.load(widget("iphone", text="x"))
    kit.emulator.faults.append(Fault(Kind.HANG_BEFORE, path="/1/glances.json"))
    removing = kit.hass.async_create_task(kit.hass.config_entries.async_remove(entry.entry_id))
    await kit.until(removing.done, ticking=1)
    assert not kit.hass.config_entries.async_entries(DOMAIN)


async def test_accounts_of_one_application_share_its_quota(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """Where it is used up for one, the other does not even ask; the end of it outlives a restart."""
    first = await kit.load(widget("iphone"))
    second = await kit.load(widget("pixel"), user_key=SECOND_USER)
    notify = {"iphone": "notify.iphone_glance", "pixel": "notify.pixel_glance"}
    end = datetime.now(UTC).timestamp() + 10 * HOUR
    kit.emulator.faults.append(Fault(Kind.RATE_LIMIT, path="/1/glances.json", reset=int(end)))
    (item,) = await kit.act("update", entity_id=notify["iphone"], text="x")
    assert (item["status"], datetime.fromisoformat(item["due"]).timestamp()) == ("queued", end)
    calls = len(kit.emulator.calls)
    (item,) = await kit.act("update", entity_id=notify["pixel"], text="y")
    assert (item["status"], datetime.fromisoformat(item["due"]).timestamp()) == ("queued", end)
    assert len(kit.emulator.calls) == calls
    for entry in (first, second):
        await kit.hass.config_entries.async_unload(entry.entry_id)
    kit.hass.data.pop(f"{DOMAIN}_applications")
    for entry in (first, second):
        await kit.setup(entry)
    await kit.tick(9 * HOUR)
    kit.assert_nothing_pushed()
    await kit.tick(HOUR + ROUNDING)
    assert sorted(glance["text"] for glance in kit.pushed()) == ["x", "y"]
    assert caplog.text.count("Updates of account") == 1


async def test_refusal_is_a_repair_until_the_next_success(kit: GlancesKit, issue_registry: ir.IssueRegistry) -> None:
    """It has Pushover's words and request id; the widget is tried again after a day, the others go on."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget("iphone", text=TEXT), widget("ipad", title="x"))
    await kit.tick(SPACING + ROUNDING)
    body = '{"status":0,"errors":["percent must be a number"],"request":"r-1"}'
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=400, body=body))
    await kit.change(DOOR, "open")
    ((_, issue_id),) = issue_registry.issues
    issue = issue_registry.async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert issue.translation_placeholders == {
        "widget": "iphone",
        "error": "percent must be a number",
        "request": r"r\-1",
    }
    (item,) = await kit.act("update", entity_id="notify.ipad_glance", title="y")
    assert item["status"] == "sent"
    seen = len(kit.emulator.glances)
    await kit.tick(2 * HOUR)
    assert len(kit.emulator.glances) == seen
    for _ in range(23):
        await kit.tick(HOUR)
    assert {"device": "iphone", "text": "open"} in kit.emulator.glances[seen:]
    assert not issue_registry.issues
    assert entry.state.recoverable


async def test_unknown_device_is_a_repair(kit: GlancesKit, issue_registry: ir.IssueRegistry) -> None:
    """It is gone when the device is there again, or the widget is not."""
    entry = await kit.load(widget("watch", text="x"), widget("other", text="x"))
    assert len(issue_registry.issues) == 2
    kit.hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await kit.settle()
    assert len(issue_registry.issues) == 1
    await kit.hass.config_entries.async_remove(entry.entry_id)
    await kit.settle()
    assert not issue_registry.issues
    kit.assert_nothing_pushed()


async def test_update_while_another_settles(kit: GlancesKit) -> None:
    """An action does not wait for others, and takes them along."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    await kit.state(DOOR, "open")
    assert (await kit.update(title="x"))["status"] == "sent"
    kit.assert_pushed({"title": "x", "text": "open"})
    await kit.tick(SETTLE + ROUNDING)
    kit.assert_nothing_pushed()


async def test_new_token_has_a_quota_of_its_own(kit: GlancesKit) -> None:
    """Another application is not held by what the one before has used up."""
    entry = await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.RATE_LIMIT, path="/1/glances.json"))
    assert (await kit.update(text="x"))["status"] == "queued"
    kit.hass.config_entries.async_update_entry(entry, data={**entry.data, "token": SECOND_TOKEN})
    await kit.settle()
    kit.assert_pushed({"text": "x"})


async def test_unknown_device_is_held_in_an_outage_too(kit: GlancesKit) -> None:
    """Its text would land on all other screens. What the devices were at the last look is remembered."""
    entry = await kit.load(widget("tablet", text="x"))
    kit.emulator.faults.append(Fault(Kind.STATUS, status=503))
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


async def test_widget_that_goes_wrong_does_not_hold_up_the_others(
    kit: GlancesKit, caplog: pytest.LogCaptureFixture
) -> None:
    """An unexpected error affects its own widget only, and is logged."""
    await kit.state(DOOR, "closed")
    entry = kit.account(widget("iphone", text=TEXT), widget("ipad", text=TEXT))
    bad = next(iter(entry.subentries))

    def fail(state: WidgetState, event: Event, *arguments: Any) -> Any:
        if state.owner == bad and isinstance(event, Due):
            raise ZeroDivisionError
        return receive(state, event, *arguments)

    with patch("custom_components.pushover_glances.coordinator.receive", fail):
        await kit.setup(entry)
        assert kit.emulator.glances == [{"device": "ipad", "text": "closed"}]
        assert "Unexpected error while looking at widget iphone" in caplog.text
    await kit.tick(5 * MINUTE + ROUNDING)
    assert kit.emulator.glances[1:] == [{"device": "iphone", "text": "closed"}]


async def test_removed_account_leaves_other_screens_alone(kit: GlancesKit) -> None:
    """A device that is gone is not emptied, because that might empty all of them."""
    entry = await kit.load(widget("iphone", text="x"))
    del kit.emulator.world.users[EXAMPLE_USER].devices["iphone"]
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.settle()
    await kit.hass.config_entries.async_remove(entry.entry_id)
    await kit.settle()
    kit.assert_pushed({"text": "x"})
