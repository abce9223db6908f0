"""What Home Assistant's repairs say of widgets, and that it goes away with its cause."""

from typing import Any

from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest

from custom_components.pushover_glances.const import DOMAIN

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, widget

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
    "config",
    [
        pytest.param({"text": TEXT}, id="in-a-template"),
        pytest.param({"text": "x", "urgent_entities": [DOOR]}, id="urgent"),
    ],
)
async def test_entity_that_is_missing(kit: GlancesKit, config: dict[str, Any]) -> None:
    """It is told when it is missing at two looks in a row, and taken back when it is there."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(**config))
    kit.hass.states.async_remove(DOOR)
    await kit.tick(LOOK + ROUNDING)
    assert issues(kit) == {}
    await kit.tick(LOOK + ROUNDING)
    assert issues(kit) == {"missing_entities": {"widget": "iphone", "entities": f"`{DOOR}`"}}
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
    """An edited widget begins anew, and a removed one asks for nothing."""
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


async def test_updates_that_do_not_last_the_day(kit: GlancesKit) -> None:
    """Three such days in a row are told, over a reload, and a day with updates left ends it."""
    await kit.state(DOOR, "0")
    entry = await kit.load(widget(text=TEXT, daily_limit=3))
    for day in (23, 24, 25):
        assert issues(kit) == {}
        for hour in (8, 16, 23) if day > 23 else (17, 21, 23):
            kit.freezer.move_to(f"2026-11-{day} {hour:02}:58:00+00:00")
            await kit.change(DOOR, f"{day}{hour}")
            await kit.tick(ROUNDING)
    assert issues(kit) == {"short_of_updates": {"widget": "iphone", "limit": "3", "days": "3"}}
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.settle()
    assert list(issues(kit)) == ["short_of_updates"]
    kit.freezer.move_to("2026-11-27 00:00:00+00:00")
    await kit.tick(ROUNDING)
    assert issues(kit) == {}


async def test_updates_without_a_limit_are_never_short(kit: GlancesKit) -> None:
    """Whoever has set no limit wants to hear of none."""
    await kit.state(DOOR, "0")
    await kit.load(widget(text=TEXT, daily_limit=0))
    for day in (24, 25, 26, 27):
        kit.freezer.move_to(f"2026-11-{day} 12:00:00+00:00")
        await kit.change(DOOR, str(day))
        await kit.tick(SPACING)
    assert issues(kit) == {}
