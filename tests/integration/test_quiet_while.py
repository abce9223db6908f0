"""A widget that is quiet while an entity is on."""

from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest

from .kit import DOOR, MINUTE, ROUNDING, SETTLE, SPACING, GlancesKit, alert, widget
from .test_entities import state
from .test_widget_flow import DEFAULTS, DELIVERY, enter, fields_of, save, start

_BED = "input_boolean.bedtime"
_TEXT = "{{ states('cover.garage_door') }}"
_STATUS = "sensor.iphone_glance_status"


async def in_bed(kit: GlancesKit, *others: Any, **settings: Any) -> None:
    """Load a widget that shows "closed", and let the entity be on while another state waits."""
    await kit.state(_BED, "off", friendly_name="Bedtime")
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=_TEXT, quiet_while=_BED, **settings), *others)
    kit.assert_pushed({"text": "closed"})
    await kit.tick(SPACING)
    await kit.change(_BED, "on", friendly_name="Bedtime")
    await kit.change(DOOR, "open")
    await kit.tick(SETTLE + ROUNDING)


def waiting_for(kit: GlancesKit) -> Any:
    """Return the entity that the status names."""
    found = kit.hass.states.get(_STATUS)
    assert found is not None
    return found.attributes.get("waiting_for")


@pytest.mark.parametrize("end", ["off", STATE_UNAVAILABLE, "unknown", None], ids=str)
async def test_waits_until_it_is_off(kit: GlancesKit, end: str | None) -> None:
    """The status names the entity; what waited goes when it is off, or has no state any more."""
    await in_bed(kit)
    for _ in range(3):
        await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    assert (state(kit, _STATUS), waiting_for(kit)) == ("quiet_hours", _BED)
    if end is None:
        kit.hass.states.async_remove(_BED)
        await kit.settle()
    else:
        await kit.change(_BED, end)
    await kit.tick(ROUNDING)
    kit.assert_pushed({"text": "open"})
    assert (state(kit, _STATUS), waiting_for(kit)) == ("up_to_date", None)


async def test_no_more_often_than_otherwise(kit: GlancesKit) -> None:
    """When it turns off, the minimum interval still holds."""
    await in_bed(kit)
    await kit.change(_BED, "off")
    kit.assert_pushed({"text": "open"})
    await kit.change(_BED, "on")
    await kit.change(DOOR, "closed")
    await kit.change(_BED, "off")
    await kit.tick(SETTLE + ROUNDING)
    kit.assert_nothing_pushed()
    assert state(kit, _STATUS) == "spacing"
    await kit.tick(SPACING)
    kit.assert_pushed({"text": "closed"})


async def test_urgent_goes_all_the_same(kit: GlancesKit) -> None:
    """An urgent entity, an urgent alert and an urgent action do not wait; they take urgent slots."""
    await kit.state("lock.a", "locked")
    await in_bed(kit, alert("lock.a", states=["unlocked"], title="Door"))
    await kit.change("lock.a", "unlocked")
    await kit.tick(SETTLE + ROUNDING)
    kit.assert_pushed({"title": "Door", "text": "open"})
    await kit.tick(MINUTE)
    assert (await kit.update(text="now", urgent=True))["status"] == "sent"
    kit.pushed()
    for number in range(2):
        await kit.tick(MINUTE)
        assert (await kit.update(text=str(number), urgent=True))["status"] == "sent"
    await kit.tick(20 * MINUTE)
    # Four have gone within the hour, also where ordinary ones would have been allowed.
    assert (await kit.update(text="too many", urgent=True))["status"] == "queued"


async def test_action_is_queued(kit: GlancesKit) -> None:
    """The update goes when the entity turns off, and has no time before that."""
    await in_bed(kit)
    answer = await kit.update(text="x")
    assert (answer["status"], "due" in answer) == ("queued", False)
    await kit.change(_BED, "off")
    kit.assert_pushed({"text": "x"})


async def test_paused_widget_is_woken(kit: GlancesKit) -> None:
    """What an action has put over a base that is paused waits for the entity as well."""
    await in_bed(kit)
    await kit.hass.services.async_call(
        "switch", "turn_off", {"entity_id": "switch.iphone_glance_follow_entities"}, blocking=True
    )
    await kit.update(text="x")
    kit.assert_nothing_pushed()
    await kit.change(_BED, "off")
    kit.assert_pushed({"text": "x"})


async def test_with_quiet_hours(kit: GlancesKit) -> None:
    """Updates wait until both are over."""
    await kit.hass.config.async_set_time_zone("UTC")
    await in_bed(kit, quiet_from="12:20:00", quiet_until="13:00:00")
    await kit.change(_BED, "off")
    kit.assert_nothing_pushed()
    assert (state(kit, _STATUS), waiting_for(kit)) == ("quiet_hours", None)
    await kit.tick(40 * MINUTE)
    kit.assert_pushed({"text": "open"})


async def test_on_from_the_beginning(kit: GlancesKit) -> None:
    """What a person saves meanwhile goes at once, as in quiet hours; what changes then waits."""
    await kit.state(_BED, "on")
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=_TEXT, quiet_while=_BED))
    kit.assert_pushed({"text": "closed"})
    await kit.change(DOOR, "open")
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    await kit.change(_BED, "off")
    kit.assert_pushed({"text": "open"})


async def test_form(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """It is saved by its entity id, and can be taken away."""
    found = entity_registry.async_get_or_create("input_boolean", "test", "1", suggested_object_id="bedtime")
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    await save(kit, form, title="x", delivery={"quiet_while": found.id})
    (there,) = entry.subentries.values()
    assert there.data["quiet_while"] == _BED
    await save(kit, await fields_of(kit, entry), title="x", **DELIVERY)
    (there,) = entry.subentries.values()
    assert "quiet_while" not in there.data


async def test_entity_that_is_never_on(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """It is refused, also by the id of its registry entry, which the selector accepts from outside the form."""
    found = entity_registry.async_get_or_create("sensor", "test", "1", suggested_object_id="sleep")
    entry = await kit.load()
    form = await enter(kit, await start(kit, entry), device="iphone")
    form = await enter(kit, form, title="x", delivery={"quiet_while": found.id})
    assert form["errors"] == {"delivery": "quiet_while_not_on_or_off"}
    assert (await save(kit, form, title="x", delivery={"quiet_while": _BED}))["type"] is FlowResultType.CREATE_ENTRY


async def test_preview(kit: GlancesKit) -> None:
    """It says what the update waits for."""
    await in_bed(kit, **DEFAULTS)
    (entry,) = kit.hass.config_entries.async_entries("pushover_glances")
    (there,) = entry.subentries
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=there)
    menu = await enter(kit, form, device="iphone")
    assert menu["description_placeholders"]["goes"] == "This will be sent when Bedtime turns off."
