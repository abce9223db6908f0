"""What Home Assistant's repairs say of widgets, and that it goes away with its cause."""

from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler, ConfigSubentryData
from homeassistant.core import CoreState
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest

from custom_components.pushover_glances.const import DOMAIN

from .kit import DOOR, MINUTE, ROUNDING, GlancesKit, added, alert, page, subentry, widget

TEXT = "{{ states('cover.garage_door') }}"
LOOK = 5 * MINUTE


def issues(kit: GlancesKit) -> dict[str, dict[str, str]]:
    """Return the issues of the integration: their texts, and what these are filled with."""
    return {
        issue.translation_key or "": dict(issue.translation_placeholders or {})
        for issue in ir.async_get(kit.hass).issues.values()
        if issue.domain == DOMAIN and issue.active
    }


@pytest.mark.parametrize(
    ("config", "where"),
    [
        pytest.param({"text": TEXT}, " (in the template of Text)", id="in-a-template"),
        pytest.param({"text": "x", "urgent_entities": [DOOR]}, "", id="urgent"),
        pytest.param({"text": "x", "quiet_while": DOOR}, "", id="quiet-while-on"),
    ],
)
async def test_entity_that_is_missing(kit: GlancesKit, config: dict[str, Any], where: str) -> None:
    """A repair names it when it is missing at two looks in a row, and taken back when it is there."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(**config))
    kit.hass.states.async_remove(DOOR)
    await kit.tick(LOOK + ROUNDING)
    assert issues(kit) == {}
    await kit.tick(LOOK + ROUNDING)
    assert issues(kit) == {"missing_entities": {"widget": "iphone", "entities": f"`{DOOR}`{where}"}}
    await kit.state(DOOR, "closed")
    await kit.tick(LOOK + ROUNDING)
    assert issues(kit) == {}


async def test_entity_of_an_integration_that_is_away(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """It is registered, so it will come back; one that is disabled will not."""
    entity_registry.async_get_or_create("cover", "demo", "1", suggested_object_id="garage_door")
    await kit.load(widget(text=TEXT))
    await kit.tick(LOOK + ROUNDING)
    await kit.tick(LOOK + ROUNDING)
    assert issues(kit) == {}
    entity_registry.async_update_entity(DOOR, disabled_by=er.RegistryEntryDisabler.USER)
    await kit.tick(LOOK + ROUNDING)
    await kit.tick(LOOK + ROUNDING)
    assert list(issues(kit)) == ["missing_entities"]


async def test_missing_entity_is_taken_out_of_the_widget(kit: GlancesKit) -> None:
    """An edited widget begins again, and a removed one asks for nothing."""
    entry = await kit.load(widget(text=TEXT), widget("ipad", text=TEXT))
    await kit.tick(LOOK + ROUNDING)
    await kit.tick(LOOK + ROUNDING)
    assert len([item for item in ir.async_get(kit.hass).issues.values() if item.domain == DOMAIN]) == 2
    first, second = entry.subentries.values()
    kit.hass.config_entries.async_update_subentry(entry, first, data={"device": "iphone", "text": "x"})
    await kit.settle()
    kit.hass.config_entries.async_remove_subentry(entry, second.subentry_id)
    await kit.settle()
    assert issues(kit) == {}


async def spend(kit: GlancesKit, *days: int) -> None:
    """Let a door that is urgent use up the updates of these days, and one change wait for the evening."""
    for day in days:
        for hour in (13, 14, 15, 16):
            kit.freezer.move_to(f"2026-11-{day} {hour:02}:00:00+00:00")
            await kit.change(DOOR, f"{day}/{hour}")
            await kit.tick(4 * MINUTE)
        kit.freezer.move_to(f"2026-11-{day} 23:00:00+00:00")
        await kit.tick(ROUNDING)


async def run_short(kit: GlancesKit) -> Any:
    """Return an account whose only widget has too few updates for its door."""
    await kit.state(DOOR, "0")
    entry = await kit.load(widget(text=TEXT, daily_limit=4, urgent_entities=[DOOR]))
    await spend(kit, 24, 25)
    assert issues(kit) == {}
    await spend(kit, 26)
    assert issues(kit) == {"short_of_updates": {"widget": "iphone", "limit": "4", "days": "3"}}
    return entry


async def test_updates_that_do_not_last_the_day(kit: GlancesKit) -> None:
    """Three such days in a row make a repair, over a reload, and a day that is not ends it."""
    entry = await run_short(kit)
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.settle()
    assert list(issues(kit)) == ["short_of_updates"]
    kit.freezer.move_to("2026-11-28 05:00:00+00:00")
    await kit.tick(ROUNDING)
    assert issues(kit) == {}


@pytest.mark.parametrize(
    "changed", [{"daily_limit": 50}, {"urgent_entities": []}], ids=["more-updates", "nothing-urgent"]
)
async def test_person_makes_the_updates_last(kit: GlancesKit, changed: dict[str, Any]) -> None:
    """A repair ends with the widget's next configuration."""
    entry = await run_short(kit)
    (item,) = entry.subentries.values()
    kit.hass.config_entries.async_update_subentry(entry, item, data={**item.data, **changed})
    await kit.tick(ROUNDING)
    assert issues(kit) == {}


async def test_widget_that_is_short_of_updates_is_removed(kit: GlancesKit) -> None:
    """Its repairs go, even if another widget has its device then."""
    entry = await run_short(kit)
    (item,) = entry.subentries.values()
    kit.hass.config_entries.async_remove_subentry(entry, item.subentry_id)
    await kit.tick(2 * MINUTE)
    assert issues(kit) == {}
    kit.hass.config_entries.async_add_subentry(entry, subentry(text="x"))
    await kit.tick(2 * MINUTE)
    assert issues(kit) == {}


async def test_urgent_entity_that_does_not_show_is_never_short(kit: GlancesKit) -> None:
    """What it does is not worth an update, so nothing waits."""
    await kit.state(DOOR, "0")
    await kit.load(widget(text="x", daily_limit=4, urgent_entities=[DOOR]))
    await spend(kit, 24, 25, 26, 27)
    assert issues(kit) == {}


async def test_busy_widget_is_not_short_of_updates(kit: GlancesKit) -> None:
    """Spending all of them, evenly over the day, is what they are for."""
    await kit.state(DOOR, "0")
    await kit.load(widget(text=TEXT, daily_limit=6))
    for day in (24, 25, 26, 27):
        for hour in range(24):
            kit.freezer.move_to(f"2026-11-{day} {hour:02}:00:00+00:00")
            await kit.change(DOOR, f"{day}/{hour:02}")
    assert len([glance for glance in kit.pushed() if glance["text"].startswith("26/")]) == 6
    assert issues(kit) == {}


async def test_what_a_person_ignores_stays_ignored(kit: GlancesKit) -> None:
    """A reload, which every edit causes, neither takes it back nor tells it again."""
    entry = await kit.load(widget(text=TEXT))
    await kit.tick(LOOK + ROUNDING)
    await kit.tick(LOOK + ROUNDING)
    ((domain, issue_id),) = [key for key in ir.async_get(kit.hass).issues if key[0] == DOMAIN]
    ir.async_ignore_issue(kit.hass, domain, issue_id, ignore=True)
    await kit.hass.config_entries.async_reload(entry.entry_id)
    for _ in range(5):
        await kit.tick(LOOK + ROUNDING)
        found = ir.async_get(kit.hass).async_get_issue(domain, issue_id)
        assert found is not None
        assert found.dismissed_version is not None


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(alert("lock.front_door", states=["unlocked"]), id="alert"),
        pytest.param(page(**{"from": "06:00:00", "until": "09:00:00", "text": "x"}), id="page"),
    ],
)
async def test_added_alert_or_page_ends_no_repair_of_a_widget(kit: GlancesKit, item: ConfigSubentryData) -> None:
    """What the widget lacks is still missing, and stays ignored."""
    await kit.state("lock.front_door", "locked")
    entry = await kit.load(widget(text=TEXT))
    await kit.tick(LOOK + ROUNDING)
    await kit.tick(LOOK + ROUNDING)
    ((domain, issue_id),) = [key for key in ir.async_get(kit.hass).issues if key[0] == DOMAIN]
    ir.async_ignore_issue(kit.hass, domain, issue_id, ignore=True)
    kit.hass.config_entries.async_add_subentry(entry, added(item))
    await kit.settle()
    found = ir.async_get(kit.hass).async_get_issue(domain, issue_id)
    assert found is not None
    assert found.dismissed_version is not None


async def test_nothing_is_missing_before_home_assistant_has_started(kit: GlancesKit) -> None:
    """A start that takes long is no reason to alarm anybody."""
    kit.hass.set_state(CoreState.starting)
    await kit.load(widget(text=TEXT, urgent_entities=[DOOR]))
    await kit.tick(LOOK + ROUNDING)
    await kit.tick(LOOK + ROUNDING)
    assert issues(kit) == {}


async def test_disabled_account_needs_no_repair(kit: GlancesKit) -> None:
    """The repairs of its widgets end; what is still so makes one again when it is enabled."""
    entry = await kit.load(widget("oldphone", text="x"))
    assert list(issues(kit)) == ["unknown_device"]
    await kit.hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    await kit.settle()
    assert issues(kit) == {}
    await kit.hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await kit.settle()
    assert list(issues(kit)) == ["unknown_device"]
