"""Repairs that open the form which mends them."""

from typing import Any

from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest

from custom_components.pushover_glances.const import DOMAIN, REPAIRS_URL
from emulator import Fault, Kind
from emulator.world import SECOND_TOKEN, SECOND_USER

from .kit import DOOR, ROUNDING, GlancesKit, alert, page, widget
from .test_alert_flow import filled
from .test_repairs import LOOK, issues
from .test_widget_flow import enter, pick


@pytest.fixture(autouse=True)
async def _repairs(kit: GlancesKit) -> None:
    """Have Home Assistant's repairs."""
    assert await async_setup_component(kit.hass, "repairs", {})


async def open_repair(kit: GlancesKit) -> dict[str, Any]:
    """Open the only repair."""
    manager = repairs_flow_manager(kit.hass)
    assert manager is not None
    ((_, issue_id),) = ir.async_get(kit.hass).issues
    form = await manager.async_init(DOMAIN, context={"issue_id": issue_id})
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "confirm")
    return dict(form)


async def confirm(kit: GlancesKit, form: dict[str, Any]) -> dict[str, Any]:
    """Go on to the form that mends it."""
    manager = repairs_flow_manager(kit.hass)
    assert manager is not None
    return dict(await manager.async_configure(form["flow_id"], {}))


async def opened(kit: GlancesKit, result: dict[str, Any], step: str) -> dict[str, Any]:
    """Return the form that a repair has opened."""
    (form,) = kit.hass.config_entries.subentries.async_progress()
    assert (result["type"], result["next_flow"]) == (FlowResultType.ABORT, ("config_subentries_flow", form["flow_id"]))
    # As the frontend asks for it.
    form = await kit.hass.config_entries.subentries.async_configure(form["flow_id"])
    assert form["step_id"] == step
    return dict(form)


async def test_widget(kit: GlancesKit) -> None:
    """The repair describes what is wrong, opens the form of the widget, and is gone when that is saved."""
    entry = await kit.load(widget("watch", text="x"))
    assert list(issues(kit)) == ["unknown_device"]
    form = await open_repair(kit)
    assert form["description_placeholders"] == {"widget": "watch", "device": "watch"}
    result = await confirm(kit, form)
    form = await opened(kit, result, "reconfigure")
    # Nothing is mended yet.
    assert list(issues(kit)) == ["unknown_device"]
    menu = await enter(kit, form, device="iphone")
    await kit.hass.config_entries.subentries.async_configure(menu["flow_id"], {"next_step_id": "save"})
    await kit.settle()
    assert issues(kit) == {}
    (saved,) = entry.subentries.values()
    assert saved.data["device"] == "iphone"


async def test_alert(kit: GlancesKit) -> None:
    """The repair of an alert opens the form of the alert."""
    await kit.state(DOOR, "closed", device_class="garage")
    entry = await kit.load(widget(text="x"), alert("cover.gone"))
    for _ in range(2):
        await kit.tick(LOOK + ROUNDING)
    assert list(issues(kit)) == ["alert_missing_entities"]
    form = await opened(kit, await confirm(kit, await open_repair(kit)), "reconfigure")
    form = await enter(kit, form, entities=[DOOR])
    await pick(kit, await enter(kit, form, **filled(form)), "save")
    assert issues(kit) == {}
    (saved,) = entry.get_subentries_of_type("alert")
    assert saved.data["entities"] == [DOOR]


async def test_copies_of_two_persons(kit: GlancesKit) -> None:
    """The title says in which account the page is, because a copy in the other one is called the same."""
    morning = page("Morning", text="{{ states('sensor.gone') }}", weekday=["mon"])
    first = await kit.load(widget(title="A"), morning)
    second = await kit.load(widget("pixel", title="B"), morning, token=SECOND_TOKEN, user_key=SECOND_USER)
    for _ in range(2):
        await kit.tick(LOOK)
    placeholders = [issue.translation_placeholders for issue in ir.async_get(kit.hass).issues.values()]
    assert {item["page"] for item in placeholders if item} == {f"Morning ({item.title})" for item in (first, second)}


async def test_what_has_been_removed_meanwhile(kit: GlancesKit) -> None:
    """The repair says that there is no form any more."""
    entry = await kit.load(widget("watch", text="x"))
    form = await open_repair(kit)
    (there,) = entry.subentries
    kit.hass.config_entries.async_remove_subentry(entry, there)
    result = await confirm(kit, form)
    assert (result["type"], result["reason"], "next_flow" in result) == (FlowResultType.ABORT, "not_opened", False)


async def test_form_that_cannot_be_opened(kit: GlancesKit) -> None:
    """While the account is not loaded and Pushover is away, the devices are not known."""
    entry = await kit.load(widget("watch", text="x"))
    form = await open_repair(kit)
    await kit.hass.config_entries.async_unload(entry.entry_id)
    kit.emulator.faults.append(Fault(Kind.STATUS, status=503))
    result = await confirm(kit, form)
    assert (result["reason"], "next_flow" in result) == ("not_opened", False)
    assert list(issues(kit)) == ["unknown_device"]


async def test_account_has_no_form(kit: GlancesKit) -> None:
    """What only a person's phone can mend cannot be mended in a form; the repair leads to what helps."""
    kit.emulator.world.users[next(iter(kit.emulator.world.users))].devices.clear()
    await kit.load(widget(text="x"))
    ((_, issue),) = ir.async_get(kit.hass).issues.items()
    assert (issue.translation_key, issue.is_fixable, issue.learn_more_url) == ("no_devices", False, REPAIRS_URL)
