"""An alert that begins as a copy of another one."""

from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest

from emulator.world import SECOND_TOKEN, SECOND_USER

from .kit import DOOR, MINUTE, ROUNDING, SETTLE, GlancesKit, alert, widget
from .test_alert_flow import alert_of, filled, start
from .test_conditions import RAINS
from .test_widget_begin import offered
from .test_widget_flow import enter, pick, preset


@pytest.fixture(autouse=True)
async def _home(kit: GlancesKit) -> None:
    """Have words for states, and a door."""
    assert await async_setup_component(kit.hass, "cover", {})
    await kit.state(DOOR, "closed", friendly_name="Garage door", device_class="garage")


async def two_accounts(kit: GlancesKit, **data: Any) -> tuple[Any, Any]:
    """Load an account with an alert for one of its widgets, and another one with a widget alone."""
    anna = await kit.load(widget("pixel", title="A"), token=SECOND_TOKEN, user_key=SECOND_USER)
    (there,) = anna.subentries
    other = kit.account(widget("ipad", title="B"), alert(called="My door", widgets=[there], lasts=90, **data))
    await kit.setup(other)
    return anna, other


async def test_copy_to_another_account(kit: GlancesKit) -> None:
    """It is the same alert, for all widgets of the account; nothing has to be typed, and it is independent."""
    anna, other = await two_accounts(kit)
    form = await start(kit, anna)
    source = alert_of(other)
    assert offered(form, "copy") == {source.subentry_id: f"My door ({other.title})"}
    form = await enter(kit, form, copy=source.subentry_id)
    assert form["step_id"] == "preview"
    result = await pick(kit, form, "save")
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "My door")
    copied = dict(source.data)
    del copied["widgets"]
    assert dict(alert_of(anna).data) == copied
    kit.hass.config_entries.async_remove_subentry(other, source.subentry_id)
    await kit.tick(2 * MINUTE)
    kit.pushed()
    await kit.change(DOOR, "open")
    await kit.tick(90 + ROUNDING)
    await kit.tick(SETTLE)
    kit.assert_pushed({"title": "Garage door", "text": "Open"})


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"conditions": [RAINS]}, id="conditions"),
        pytest.param({"entities": [], "target": {"kind": "openings"}}, id="kind"),
        pytest.param({"attribute": "current_position", "below": 10}, id="attribute"),
    ],
)
async def test_whole_alert_is_copied(kit: GlancesKit, data: dict[str, Any]) -> None:
    """Whatever it watches, and whatever must hold meanwhile; going back to the form loses nothing."""
    anna, other = await two_accounts(kit, **data)
    copied = {key: value for key, value in alert_of(other).data.items() if key != "widgets"}
    form = await enter(kit, await start(kit, anna), copy=alert_of(other).subentry_id)
    form = await pick(kit, form, "alert")
    result = await pick(kit, await enter(kit, form, **filled(form)), "save")
    assert {**result["data"], **copied} == result["data"]


async def test_copy_can_be_changed(kit: GlancesKit) -> None:
    """Everything is filled in when a person goes back."""
    anna, other = await two_accounts(kit)
    form = await enter(kit, await start(kit, anna), copy=alert_of(other).subentry_id)
    form = await pick(kit, form, "alert")
    assert (preset(form, "name"), preset(form, "for")) == ("My door", {"hours": 0, "minutes": 1, "seconds": 30})
    result = await pick(kit, await enter(kit, form, **filled(form, name="Door", text="Shut")), "save")
    assert (result["title"], result["data"]["text"], alert_of(other).data["text"]) == ("Door", "Shut", "Open")


async def test_limit_in_the_unit_of_today(kit: GlancesKit) -> None:
    """A copy compares in the unit in which the limit was saved, and its form shows that of the entity."""
    await kit.state("sensor.a", "70", unit_of_measurement="°F", device_class="temperature")
    anna, other = await two_accounts(kit, above=20.0, units={"sensor.a": "°C"})
    kit.hass.config_entries.async_update_subentry(
        other, alert_of(other), data={**alert_of(other).data, "entities": ["sensor.a"]}
    )
    await kit.settle()
    form = await enter(kit, await start(kit, anna), copy=alert_of(other).subentry_id)
    form = await pick(kit, form, "alert")
    assert preset(form, "above") == 68
    result = await pick(kit, await enter(kit, form, **filled(form)), "save")
    assert (result["data"]["above"], result["data"]["units"]) == (68, {"sensor.a": "°F"})


async def test_nothing_to_copy(kit: GlancesKit) -> None:
    """The first alert of all has no such choice, nor has one that is changed."""
    entry = await kit.load(widget(title="A"))
    assert offered(await start(kit, entry), "copy") == {}
    other = await kit.load(alert(), token=SECOND_TOKEN, user_key=SECOND_USER)
    there = alert_of(other).subentry_id
    assert offered(await start(kit, entry), "copy") == {there: f"Garage door: Open ({other.title})"}
    form = await start(kit, other, source=SOURCE_RECONFIGURE, subentry_id=there)
    assert offered(form, "copy") == {}


async def test_copy_and_entities(kit: GlancesKit) -> None:
    """Only one of them can fill in the form; after an error, both are still chosen."""
    anna, other = await two_accounts(kit)
    there = alert_of(other).subentry_id
    form = await enter(kit, await start(kit, anna), entities=[DOOR], copy=there)
    assert (form["step_id"], form["errors"]) == ("user", {"copy": "entities_and_copy"})
    assert (preset(form, "entities"), preset(form, "copy")) == ([DOOR], there)
    form = await enter(kit, form, copy=there)
    assert form["step_id"] == "preview"


async def test_copied_alert_is_removed_meanwhile(kit: GlancesKit) -> None:
    """The form says so, and asks again."""
    anna, other = await two_accounts(kit)
    form = await start(kit, anna)
    there = alert_of(other).subentry_id
    kit.hass.config_entries.async_remove_subentry(other, there)
    await kit.settle()
    form = await enter(kit, form, copy=there)
    assert (form["step_id"], form["errors"]) == ("user", {"copy": "alert_removed"})
