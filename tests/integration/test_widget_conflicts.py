"""How a widget's form ends when the account changes under it."""

from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.data_entry_flow import FlowResultType
import pytest

from .kit import DOOR, GlancesKit, widget
from .test_entity_sources import entity
from .test_widget_flow import DELIVERY, change, devices, enter, fields_of, pick, save, start


@pytest.mark.parametrize("second", ["iphone", "*"])
async def test_two_flows_at_once(kit: GlancesKit, second: str) -> None:
    """The rule holds when two flows have chosen before either has finished."""
    entry = await kit.load()
    forms = [await enter(kit, await start(kit, entry), device=device) for device in ("iphone", second)]
    previews = [await enter(kit, form, text="x", **DELIVERY) for form in forms]
    assert (await pick(kit, previews[0], "save"))["type"] is FlowResultType.CREATE_ENTRY
    form = await pick(kit, previews[1], "save")
    error = "device_taken" if second == "iphone" else "all_devices_alone"
    assert (form["step_id"], form["errors"]) == ("user", {"device": error})
    # Nothing that was filled in is lost.
    menu = await enter(kit, form, device="ipad")
    assert menu["description_placeholders"]["text"] == "x"
    assert (await pick(kit, menu, "save"))["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("chosen", "error"), [("ipad", "device_taken"), ("*", "all_devices_alone")], ids=["taken", "all"]
)
async def test_reconfigure_to_a_device_that_is_taken(kit: GlancesKit, chosen: str, error: str) -> None:
    """No two widgets ever write the same screen."""
    entry = await kit.load(widget("iphone", text="x"), widget("ipad"))
    subentry_id = next(iter(entry.subentries))
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=subentry_id)
    form = await enter(kit, form, device=chosen)
    assert (form["step_id"], form["errors"]) == ("reconfigure", {"device": error})
    form = await pick(kit, await enter(kit, form, device="iphone"), "fields")
    result = await save(kit, form, title="x", **DELIVERY)
    assert result["reason"] == "reconfigure_successful"
    assert entry.subentries[subentry_id].unique_id == "iphone"


@pytest.mark.parametrize("step", ["reconfigure", "save", "fields", "entities", "form"])
async def test_widget_is_removed_meanwhile(kit: GlancesKit, step: str) -> None:
    """The flow ends with a reason, wherever it is."""
    entry = await kit.load(widget(text=entity(DOOR)))
    (subentry_id,) = entry.subentries
    form = await change(kit, entry)
    if step == "form":
        form = await pick(kit, form, "fields")
    kit.hass.config_entries.async_remove_subentry(entry, subentry_id)
    await kit.settle()
    data: dict[str, Any] = {"text": "y", **DELIVERY} if step == "form" else {"next_step_id": step}
    assert (await enter(kit, form, **data))["reason"] == "widget_removed"


async def test_account_is_removed_meanwhile(kit: GlancesKit) -> None:
    """The flow ends with a reason."""
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    await kit.hass.config_entries.async_remove(entry.entry_id)
    assert (await enter(kit, form, text="x", **DELIVERY))["reason"] == "account_removed"


async def test_widget_in_the_way_moves_meanwhile(kit: GlancesKit) -> None:
    """What was meant for one device never lands on another."""
    entry = await kit.load(widget("", text="x"))
    menu = await enter(kit, await start(kit, entry), device="ipad")
    form = await pick(kit, await pick(kit, menu, "keep"), "fields")
    (there,) = entry.subentries.values()
    kit.hass.config_entries.async_update_subentry(entry, there, data={"device": "iphone"}, unique_id="iphone")
    await kit.settle()
    assert (await enter(kit, form, text="y", **DELIVERY))["reason"] == "widget_moved"


async def test_device_that_is_signed_out(kit: GlancesKit) -> None:
    """Its widget can be changed all the same, and keeps its device."""
    entry = await kit.load(widget("oldphone", text="x"))
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=next(iter(entry.subentries)))
    assert devices(form) == ["iphone", "ipad", "oldphone", "*"]
    form = await pick(kit, await enter(kit, form, device="oldphone"), "fields")
    result = await save(kit, form, text="y", **DELIVERY)
    assert result["reason"] == "reconfigure_successful"
    (subentry,) = entry.subentries.values()
    assert (subentry.unique_id, subentry.data["text"]) == ("oldphone", "y")


async def test_name_that_a_person_gave_stays(kit: GlancesKit) -> None:
    """Also when the widget moves to another device."""
    entry = await kit.load(widget(text="x"))
    (there,) = entry.subentries.values()
    kit.hass.config_entries.async_update_subentry(entry, there, title="My *watch*")
    form = await enter(kit, await start(kit, entry), device="iphone")
    assert form["description_placeholders"]["widget"] == r"My \*watch\*"
    await pick(kit, await change(kit, entry, "ipad"), "save")
    (there,) = entry.subentries.values()
    assert (there.title, there.unique_id) == ("My *watch*", "ipad")


async def test_device_is_taken_while_the_preview_is_open(kit: GlancesKit) -> None:
    """The form of the widget that is changed appears again, with the same input."""
    entry = await kit.load(widget(text="x"))
    shown = await enter(kit, await fields_of(kit, entry, "ipad"), text="typed", **DELIVERY)
    other = await enter(kit, await start(kit, entry), device="ipad")
    await save(kit, other, text="other", **DELIVERY)
    form = await pick(kit, shown, "save")
    assert (form["step_id"], form["errors"]) == ("reconfigure", {"device": "device_taken"})
    menu = await enter(kit, form, device="iphone")
    assert menu["description_placeholders"]["text"] == "typed"


async def test_account_is_removed_while_the_device_is_chosen(kit: GlancesKit) -> None:
    """The first form ends as the others do."""
    entry = await kit.load()
    form = await start(kit, entry)
    await kit.hass.config_entries.async_remove(entry.entry_id)
    assert (await enter(kit, form, device="iphone"))["reason"] == "account_removed"


async def test_first_form_is_asked_for_twice(kit: GlancesKit) -> None:
    """The frontend does so when it takes over from the account's flow; Pushover is asked once."""
    entry = await kit.load()
    calls = len(kit.emulator.calls)
    form = await start(kit, entry)
    again = await kit.hass.config_entries.subentries.async_configure(form["flow_id"])
    assert (again["type"], devices(dict(again))) == (FlowResultType.FORM, devices(form))
    assert len(kit.emulator.calls) == calls + 1
