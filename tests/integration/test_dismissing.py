"""A person dismisses an alert: the screen is returned at once, and the alert is shown the next time."""

from typing import Any

from homeassistant.auth.permissions.const import CAT_ENTITIES
from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.const import STATE_ON
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceNotSupported, Unauthorized
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.pushover_glances.const import DOMAIN

from .kit import DOOR, MINUTE, SPACING, GlancesKit, alert
from .test_alert_flow import alert_of, filled, start as start_flow
from .test_alerts import ACTIVE, ALERT, TEMPERATURE, WIDGET, load
from .test_entities import state
from .test_widget_flow import enter, pick

BUTTON = "button.garage_door_open_dismiss"


async def press(kit: GlancesKit) -> None:
    """Press the button of the alert."""
    await kit.hass.services.async_call("button", "press", {"entity_id": BUTTON}, blocking=True)
    await kit.settle()


async def dismiss(kit: GlancesKit, context: Context | None = None, **target: Any) -> None:
    """Call the action."""
    await kit.hass.services.async_call(DOMAIN, "dismiss", target, blocking=True, context=context)
    await kit.settle()


@pytest.mark.parametrize("urgent", [True, False], ids=["urgent", "not-urgent"])
@pytest.mark.parametrize("by", ["button", "action"])
async def test_screen_is_given_back(kit: GlancesKit, by: str, *, urgent: bool) -> None:
    """With an urgent update, whatever the alert is; the alert stays active, and is shown when it begins again."""
    await load(kit, alert(urgent=urgent))
    await kit.change(DOOR, "open")
    kit.assert_pushed(ALERT)
    await kit.tick(2 * MINUTE)
    await (press(kit) if by == "button" else dismiss(kit, entity_id=ACTIVE))
    kit.assert_pushed(WIDGET)
    assert state(kit, ACTIVE) == STATE_ON
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "closed")
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "open")
    kit.assert_pushed(ALERT)


async def test_soon_after_an_update(kit: GlancesKit) -> None:
    """It is no sooner than an urgent update may go."""
    await load(kit)
    await kit.change(DOOR, "open")
    kit.pushed()
    await press(kit)
    kit.assert_nothing_pushed()
    assert state(kit, "sensor.iphone_glance_status") == "spacing"
    await kit.tick(MINUTE)
    kit.assert_pushed(WIDGET)


async def test_before_it_is_shown(kit: GlancesKit) -> None:
    """An alert that is dismissed before its update could go costs nothing."""
    await load(kit)
    await kit.change(TEMPERATURE, "30.0")
    kit.pushed()
    await kit.change(DOOR, "open")
    await press(kit)
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()


async def test_each_entity_by_itself(kit: GlancesKit) -> None:
    """Another window is shown alone, and the one that was dismissed stays hidden."""
    for name, called in (("cover.a", "A"), ("cover.b", "B")):
        await kit.state(name, "closed", friendly_name=called)
    await load(kit, alert("cover.a", "cover.b", text="{{ name }}", count="{{ alerts }}"))
    await kit.change("cover.a", "open", friendly_name="A")
    kit.assert_pushed({**WIDGET, "text": "A", "count": "1"})
    await kit.tick(MINUTE)
    await press(kit)
    kit.assert_pushed({**WIDGET, "count": ""})
    await kit.tick(SPACING)
    await kit.change("cover.b", "open", friendly_name="B")
    kit.assert_pushed({**WIDGET, "text": "B", "count": "1"})
    await kit.tick(SPACING)
    await kit.change("cover.b", "closed", friendly_name="B")
    kit.assert_pushed({**WIDGET, "count": ""})


@pytest.mark.parametrize("is_killed", [False, True], ids=["reload", "power-cut"])
async def test_restart(kit: GlancesKit, hass_storage: dict[str, Any], *, is_killed: bool) -> None:
    """It stays dismissed, and is shown at its next begin; it is on disk at once."""
    entry = await load(kit)
    await kit.change(DOOR, "open")
    kit.pushed()
    await kit.tick(MINUTE)
    await press(kit)
    kit.assert_pushed(WIDGET)
    key = f"{DOMAIN}.{entry.entry_id}"
    stored = hass_storage[key]
    await kit.hass.config_entries.async_unload(entry.entry_id)
    if is_killed:
        hass_storage[key] = stored
    await kit.setup(entry)
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    assert state(kit, ACTIVE) == STATE_ON
    await kit.change(DOOR, "closed")
    await kit.change(DOOR, "open")
    kit.assert_pushed(ALERT)


async def test_nothing_to_dismiss(kit: GlancesKit) -> None:
    """While it is not active, nothing happens, and its next begin is shown."""
    await load(kit)
    await press(kit)
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "open")
    kit.assert_pushed(ALERT)


async def test_alert_below(kit: GlancesKit) -> None:
    """It shows the next alert, which is not dismissed with it."""
    await load(kit, alert(), alert("cover.gate", called="Gate", title="Gate", text="Ajar"))
    await kit.change(DOOR, "open")
    await kit.tick(SPACING)
    await kit.change("cover.gate", "open")
    kit.pushed()
    await kit.tick(SPACING)
    await dismiss(kit, entity_id="binary_sensor.gate")
    kit.assert_pushed(ALERT)
    await kit.tick(SPACING)
    await press(kit)
    kit.assert_pushed(WIDGET)


async def test_device_as_target(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """The device of an alert stands for it; one of a widget, or of a door, has nothing to dismiss."""
    await load(kit)
    await kit.change(DOOR, "open")
    kit.pushed()
    await kit.tick(SPACING)
    device = {name: entity_registry.async_get(name) for name in (ACTIVE, "binary_sensor.iphone_glance_problem")}
    found, problem = device.values()
    assert found is not None
    assert problem is not None
    await dismiss(kit, device_id=problem.device_id)
    await kit.tick(MINUTE)
    kit.assert_nothing_pushed()
    await dismiss(kit, device_id=found.device_id)
    kit.assert_pushed(WIDGET)


async def test_target_that_is_no_alert(kit: GlancesKit) -> None:
    """The problem of a widget cannot be dismissed."""
    await load(kit)
    with pytest.raises(ServiceNotSupported):
        await dismiss(kit, entity_id="binary_sensor.iphone_glance_problem")


async def test_permission(kit: GlancesKit, hass_read_only_user: MockUser) -> None:
    """It needs control over the binary sensor."""
    await load(kit)
    await kit.change(DOOR, "open")
    kit.pushed()
    await kit.tick(SPACING)
    hass_read_only_user.mock_policy({CAT_ENTITIES: {"all": {"read": True}}})
    with pytest.raises(Unauthorized):
        await dismiss(kit, Context(user_id=hass_read_only_user.id), entity_id=ACTIVE)
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    hass_read_only_user.mock_policy({CAT_ENTITIES: {"entity_ids": {ACTIVE: True}}})
    await dismiss(kit, Context(user_id=hass_read_only_user.id), entity_id=ACTIVE)
    kit.assert_pushed(WIDGET)


async def test_account_that_is_not_loaded(kit: GlancesKit) -> None:
    """The error names the account, for one who held on to the entity."""
    entry = await load(kit)
    entity = kit.hass.data["entity_components"]["button"].get_entity(BUTTON)
    await kit.hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(HomeAssistantError, match=entry.title):
        await entity.async_press()


async def test_preview_of_a_dismissed_alert(kit: GlancesKit) -> None:
    """It says that the alert is active, and not shown."""
    entry = await load(kit)
    await kit.change(DOOR, "open")
    await press(kit)
    form = await start_flow(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=alert_of(entry).subentry_id)
    form = await enter(kit, form, entities=[DOOR])
    form = await enter(kit, form, **filled(form))
    assert "it was dismissed" in form["description_placeholders"]["active"]
    assert (await pick(kit, form, "save"))["reason"] == "reconfigure_successful"
    await kit.tick(SPACING)
    kit.assert_pushed(ALERT, WIDGET)
