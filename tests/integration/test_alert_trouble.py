"""Alerts whose entities or widgets are gone, what is remembered of them, and who else meets them."""

from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import CoreState
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest

from custom_components.pushover_glances.const import DOMAIN

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, added, alert, widget
from .test_alerts import ACTIVE, ALERT, WIDGET, load
from .test_entities import state
from .test_widget_flow import enter, fields_of, start

LOOK = 5 * MINUTE


def issues(kit: GlancesKit) -> dict[str, dict[str, str]]:
    """Return the repairs by their key, with what they name."""
    found = [item for item in ir.async_get(kit.hass).issues.values() if item.domain == DOMAIN and item.active]
    return {item.translation_key or "": item.translation_placeholders or {} for item in found}


async def test_entity_that_is_removed(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """A repair names it by the id that people know, and taken back when it is there again."""
    found = entity_registry.async_get_or_create("cover", "test", "door", suggested_object_id="garage_door")
    await load(kit, alert(found.id))
    await kit.change(DOOR, "open")
    kit.assert_pushed(ALERT)
    entity_registry.async_remove(DOOR)
    kit.hass.states.async_remove(DOOR)
    await kit.tick(LOOK + ROUNDING)
    assert issues(kit) == {}
    await kit.tick(LOOK + ROUNDING)
    assert issues(kit) == {"alert_missing_entities": {"alert": "Garage door: Open", "entities": f"`{DOOR}`"}}
    assert state(kit, ACTIVE) == "on"
    await kit.tick(20 * MINUTE)
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(WIDGET)
    entity_registry.async_get_or_create("cover", "test", "door", suggested_object_id="garage_door")
    await kit.tick(MINUTE)
    await kit.change(DOOR, "open")
    kit.assert_pushed(ALERT)
    await kit.tick(LOOK + ROUNDING)
    assert issues(kit) == {}


async def test_widgets_that_are_removed(kit: GlancesKit) -> None:
    """An alert with one widget left is well; with none left, a repair says so until it is changed."""
    entry = await kit.load(widget(title="a"), widget("ipad", title="b"))
    widgets = list(entry.subentries)
    item = added(alert(widgets=[*widgets, "gone"]))
    kit.hass.config_entries.async_add_subentry(entry, item)
    await kit.settle()
    kit.hass.config_entries.async_remove_subentry(entry, widgets[0])
    await kit.settle()
    assert issues(kit) == {}
    kit.hass.config_entries.async_remove_subentry(entry, widgets[1])
    await kit.settle()
    assert issues(kit) == {"alert_without_widget": {"alert": "Garage door: Open"}}
    kit.hass.config_entries.async_update_subentry(entry, item, data={**alert()["data"]})
    await kit.settle()
    assert issues(kit) == {}


@pytest.mark.parametrize("how", ["removed", "disabled"])
async def test_repair_goes_with_its_alert(kit: GlancesKit, how: str) -> None:
    """The repair of an alert that is removed or disabled goes."""
    entry = await kit.load(widget(title="a"), alert(widgets=["gone"]))
    assert list(issues(kit)) == ["alert_without_widget"]
    if how == "removed":
        (item,) = entry.get_subentries_of_type("alert")
        kit.hass.config_entries.async_remove_subentry(entry, item.subentry_id)
    else:
        await kit.hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    await kit.settle()
    assert issues(kit) == {}


async def test_repair_that_a_person_ignores_stays_ignored(kit: GlancesKit) -> None:
    """A reload neither takes it back nor tells it again."""
    entry = await kit.load(widget(title="a"), alert(widgets=["gone"]))
    ((domain, issue_id),) = [key for key in ir.async_get(kit.hass).issues if key[0] == DOMAIN]
    ir.async_ignore_issue(kit.hass, domain, issue_id, ignore=True)
    await kit.hass.config_entries.async_reload(entry.entry_id)
    found = ir.async_get(kit.hass).async_get_issue(domain, issue_id)
    assert found is not None
    assert found.dismissed_version is not None


async def test_memory_of_a_version_without_alerts(kit: GlancesKit, hass_storage: dict[str, Any]) -> None:
    """What an older version remembers is kept: nothing is sent again."""
    entry = await load(kit, alert())
    await kit.hass.config_entries.async_unload(entry.entry_id)
    stored = hass_storage[f"{DOMAIN}.{entry.entry_id}"]
    assert stored["minor_version"] == 2
    stored["minor_version"] = 1
    del stored["data"]["alerts"]
    for screen in stored["data"]["screens"].values():
        del screen["alerts"], screen["covered"]
    await kit.setup(entry)
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "open")
    kit.assert_pushed(ALERT)


async def test_alert_does_not_begin_before_home_assistant_has_started(kit: GlancesKit) -> None:
    """Its entities are not followed before."""
    await kit.state(DOOR, "open")
    kit.hass.set_state(CoreState.starting)
    await kit.load(widget(title="Outside"), alert())
    assert state(kit, ACTIVE) == "off"
    kit.assert_nothing_pushed()


async def test_alert_is_no_target(kit: GlancesKit) -> None:
    """An action is for widgets."""
    await load(kit)
    with pytest.raises(ServiceValidationError) as raised:
        await kit.act("update", text="x", entity_id=ACTIVE)
    assert raised.value.translation_key == "no_widget"


async def test_preview_of_a_widget_during_an_alert(kit: GlancesKit) -> None:
    """It shows what is edited, and says that the alert covers that now, also on a widget that is new."""
    entry = await load(kit)
    await kit.change(DOOR, "open")
    new = await enter(kit, await start(kit, entry), device="ipad")
    for form in (new, await fields_of(kit, entry)):
        shown = (await enter(kit, form, title="Mine", delivery={}))["description_placeholders"]
        assert shown["title"] == "Mine"
        assert shown["text"] in ("—", "")
        assert "Garage door" in shown["goes"]


async def test_widget_that_comes_during_an_alert(kit: GlancesKit) -> None:
    """An alert for all widgets is for those to come, too."""
    entry = await load(kit)
    await kit.change(DOOR, "open")
    kit.pushed()
    kit.hass.config_entries.async_add_subentry(entry, added(widget("ipad", title="Inside")))
    await kit.settle()
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(ALERT)
