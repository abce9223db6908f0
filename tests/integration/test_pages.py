"""A page replaces fields of a widget at times, or while conditions hold, and then gives them back."""

from typing import Any

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.pushover_glances.const import DOMAIN
from emulator.world import EXAMPLE_USER

from .kit import MINUTE, ROUNDING, SETTLE, SPACING, GlancesKit, added, alert, page, widget
from .test_entities import state

TEMPERATURE = "sensor.temperature"
COMMUTE = "sensor.commute"
RAIN = "binary_sensor.rain"
BASE = {"title": "Outside", "text": "21.0 °C"}
STATUS = "sensor.iphone_glance_status"
HOUR = 60 * MINUTE
# From an hour after the tests begin, for two hours.
MORNING = {"from": "14:00:00", "until": "16:00:00"}
WHILE_IT_RAINS = [{"condition": "state", "entity_id": RAIN, "state": "on"}]


def shown(kit: GlancesKit) -> str | None:
    """Return the page that the status names."""
    status = kit.hass.states.get("sensor.iphone_glance_status")
    assert status is not None
    return status.attributes.get("page")


async def load(kit: GlancesKit, *pages: ConfigSubentryData, **data: Any) -> MockConfigEntry:
    """Load a widget and pages, and let the first update be an hour ago: it is 13:00."""
    base: dict[str, Any] = {"title": "Outside", "text": "{{ states('sensor.temperature') }} °C", "daily_limit": 0}
    await kit.state(TEMPERATURE, "21.0")
    await kit.state(COMMUTE, "35")
    entry = await kit.load(widget(**(base | data)), *pages)
    await kit.tick(HOUR)
    kit.pushed()
    return entry


async def pass_time(kit: GlancesKit, seconds: float) -> None:
    """Let time pass, and then what has changed settle."""
    await kit.tick(seconds + ROUNDING)
    await kit.tick(SETTLE + ROUNDING)


async def test_page_begins_and_ends_by_the_clock(kit: GlancesKit) -> None:
    """It shows its own fields and the base's in the others; the status names it."""
    await load(kit, page(text={"entity": {"entity_id": COMMUTE}}, **MORNING))
    assert shown(kit) is None
    await kit.tick(HOUR + ROUNDING)
    # Other changes may join it.
    kit.assert_nothing_pushed()
    await kit.tick(SETTLE + ROUNDING)
    kit.assert_pushed({"title": "Outside", "text": "35"})
    assert shown(kit) == "Morning"
    await pass_time(kit, 2 * HOUR)
    kit.assert_pushed(BASE)
    assert shown(kit) is None


async def test_page_that_replaces_the_whole_glance(kit: GlancesKit) -> None:
    """It empties what else the widget fills, and ends an action there; all comes back when it ends."""
    await load(kit, page(text={"entity": {"entity_id": COMMUTE}}, replace=True, **MORNING), count={"text": "5"})
    await kit.update(title="Painting", subtext="Ours")
    await kit.tick(SPACING)
    kit.assert_pushed({"title": "Painting", "text": "21.0 °C", "subtext": "Ours", "count": "5"})
    await pass_time(kit, HOUR - SPACING)
    kit.assert_pushed({"title": "", "text": "35", "subtext": "Ours", "count": ""})
    await pass_time(kit, 2 * HOUR)
    kit.assert_pushed({**BASE, "subtext": "Ours", "count": "5"})


async def test_page_is_not_urgent(kit: GlancesKit) -> None:
    """Its begin waits for the spacing like any other change."""
    await load(kit, page(text="{{ 'Commute' }}", **MORNING))
    await kit.tick(HOUR - 5 * MINUTE)
    await kit.change(TEMPERATURE, "30")
    kit.assert_pushed({**BASE, "text": "30 °C"})
    await pass_time(kit, 5 * MINUTE)
    assert state(kit, STATUS) == "spacing"
    kit.assert_nothing_pushed()
    await kit.tick(SPACING)
    kit.assert_pushed({**BASE, "text": "Commute"})


async def test_fields_that_only_a_page_fills(kit: GlancesKit) -> None:
    """They are emptied when it ends."""
    await load(kit, page(subtext={"text": "Umbrella"}, percent="{{ 40 }}", **MORNING))
    await pass_time(kit, HOUR)
    kit.assert_pushed({**BASE, "subtext": "Umbrella", "percent": "40"})
    await pass_time(kit, 2 * HOUR)
    kit.assert_pushed({**BASE, "subtext": "", "percent": ""})


async def test_small_difference_between_pages(kit: GlancesKit) -> None:
    """A number of the page before is not kept because the new one is nearly the same."""
    await kit.state("sensor.co2", "801", unit_of_measurement="ppm", state_class="measurement")
    await kit.state("sensor.co2_bedroom", "800", unit_of_measurement="ppm", state_class="measurement")
    count = "{{ states('sensor.%s') }}"
    await load(kit, page(count=count % "co2_bedroom", **MORNING), count=count % "co2")
    await pass_time(kit, HOUR)
    kit.assert_pushed({**BASE, "count": "800"})
    await kit.change("sensor.co2_bedroom", "801", unit_of_measurement="ppm", state_class="measurement")
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()


async def test_page_that_shows_the_same(kit: GlancesKit) -> None:
    """It costs nothing."""
    await load(kit, page(title={"text": "Outside"}, **MORNING))
    await pass_time(kit, HOUR)
    kit.assert_nothing_pushed()


async def test_text_with_the_time(kit: GlancesKit) -> None:
    """What only the time changes costs no update, but the page that brings it does."""
    await load(kit, page(text="{{ now().strftime('%H:%M') }}", **MORNING), text="{{ now().strftime('%H h') }}")
    await pass_time(kit, HOUR)
    kit.assert_pushed({**BASE, "text": "14:00"})
    await kit.tick(HOUR)
    kit.assert_nothing_pushed()


async def test_value_of_an_action_ends_with_a_page(kit: GlancesKit) -> None:
    """One without a duration would hide the page; in other fields, and with a duration, it stays."""
    await load(kit, page(text={"text": "Commute"}, count="{{ 1 }}", **MORNING))
    await kit.update(text="Hello", subtext="World")
    await kit.update(count=7, duration="02:00:00")
    kit.pushed()
    await pass_time(kit, HOUR)
    kit.assert_pushed({"title": "Outside", "text": "Commute", "subtext": "World", "count": "7"})
    await kit.tick(HOUR)
    kit.assert_pushed({"title": "Outside", "text": "Commute", "subtext": "World", "count": "1"})


async def test_action_after_the_page_began(kit: GlancesKit) -> None:
    """It stays, even if the begin of the page has not been sent yet."""
    await load(kit, page(text={"text": "Commute"}, **MORNING))
    await kit.tick(HOUR - MINUTE)
    await kit.change(TEMPERATURE, "30")
    kit.pushed()
    await pass_time(kit, MINUTE)
    assert (await kit.update(text="Hello"))["status"] == "queued"
    await kit.tick(SPACING)
    kit.assert_pushed({**BASE, "text": "Hello"})
    assert await kit.act("clear", fields=["text"])
    await kit.tick(SPACING)
    kit.assert_pushed({**BASE, "text": "Commute"})


async def test_value_of_another_page_is_not_kept(kit: GlancesKit) -> None:
    """A source without a value keeps its own last value only."""
    await load(kit, page(text={"entity": {"entity_id": COMMUTE}}, **MORNING))
    await kit.tick(HOUR - 10 * MINUTE)
    await kit.state(COMMUTE, "unavailable")
    await pass_time(kit, 10 * MINUTE)
    kit.assert_pushed({"title": "Outside", "text": ""})
    await kit.tick(20 * MINUTE)
    kit.assert_pushed({"title": "Outside", "text": "\N{EN DASH}"})


async def test_first_page_that_applies_wins(kit: GlancesKit) -> None:
    """The one with the highest priority, of several with the same one that which was added first."""
    await load(
        kit,
        page("First", text={"text": "First"}, **MORNING),
        page("Second", text={"text": "Second"}, subtext={"text": "Second"}, **MORNING),
        page("Rain", text={"text": "Rain"}, conditions=WHILE_IT_RAINS, priority=1),
    )
    await pass_time(kit, HOUR)
    kit.assert_pushed({**BASE, "text": "First"})
    await kit.state(RAIN, "on")
    await pass_time(kit, SPACING)
    kit.assert_pushed({**BASE, "text": "Rain"})
    await kit.state(RAIN, "off")
    await pass_time(kit, SPACING)
    kit.assert_pushed({**BASE, "text": "First"})


async def test_page_of_other_widgets(kit: GlancesKit) -> None:
    """A page that names its widgets is for no other one; without any that is left, a repair says so."""
    entry = kit.account(widget(title="iphone"))
    (iphone,) = entry.subentries
    kit.hass.config_entries.async_add_subentry(entry, added(widget("galaxy", title="galaxy")))
    kit.hass.config_entries.async_add_subentry(entry, added(page(text={"text": "x"}, widgets=[iphone], **MORNING)))
    await kit.setup(entry)
    await kit.tick(HOUR)
    kit.pushed()
    await pass_time(kit, HOUR)
    kit.assert_pushed({"title": "iphone", "text": "x"})
    kit.hass.config_entries.async_remove_subentry(entry, iphone)
    await kit.settle()
    issue = ir.async_get(kit.hass).async_get_issue
    (name,) = [item.subentry_id for item in entry.subentries.values() if item.subentry_type == "page"]
    told = issue(DOMAIN, f"page_without_widget_{name}")
    assert told is not None
    assert told.translation_placeholders == {"page": "Morning"}
    kit.hass.config_entries.async_remove_subentry(entry, name)
    await kit.settle()
    assert issue(DOMAIN, f"page_without_widget_{name}") is None


async def test_condition_that_is_not_known(kit: GlancesKit) -> None:
    """The page stays while its entity is away for a while; it ends after half an hour."""
    await kit.state(RAIN, "on")
    entry = await load(kit, page(text={"text": "Umbrella"}, conditions=WHILE_IT_RAINS))
    assert shown(kit) == "Morning"
    kit.hass.states.async_remove(RAIN)
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await pass_time(kit, 29 * MINUTE)
    kit.assert_nothing_pushed()
    await pass_time(kit, MINUTE)
    kit.assert_pushed(BASE)


async def test_condition_below_another_page(kit: GlancesKit) -> None:
    """A page that another one covers is not forgotten while its entity is away, also over a reload."""
    await kit.state(RAIN, "on")
    entry = await load(
        kit,
        page("Rain", text={"text": "Umbrella"}, conditions=WHILE_IT_RAINS),
        page("Commute", text={"text": "Commute"}, priority=1, **MORNING),
    )
    await pass_time(kit, HOUR)
    assert shown(kit) == "Commute"
    await pass_time(kit, 2 * HOUR - 10 * MINUTE)
    kit.hass.states.async_remove(RAIN)
    await kit.hass.config_entries.async_reload(entry.entry_id)
    kit.pushed()
    await pass_time(kit, 10 * MINUTE)
    kit.assert_pushed({**BASE, "text": "Umbrella"})
    await pass_time(kit, 20 * MINUTE)
    kit.assert_pushed(BASE)


async def test_condition_that_fails(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """The log says so once; the page does not apply."""
    template = {"condition": "template", "value_template": "{{ states('sensor.commute') | int > 'x' }}"}
    await load(kit, page(text={"text": "Umbrella"}, conditions=[template]))
    await pass_time(kit, HOUR)
    kit.assert_nothing_pushed()
    assert caplog.text.count("The conditions of page Morning failed") == 1


async def test_condition_by_the_minute(kit: GlancesKit) -> None:
    """A template that depends on the time is looked at each minute."""
    template = {"condition": "template", "value_template": "{{ now().hour == 14 }}"}
    await load(kit, page(text={"text": "Umbrella"}, conditions=[template]))
    await pass_time(kit, HOUR)
    kit.assert_pushed({**BASE, "text": "Umbrella"})


async def test_paused_base_keeps_its_page(kit: GlancesKit) -> None:
    """Nothing changes until it follows its entities again, and no action ends."""
    await load(kit, page(text={"text": "Commute"}, **MORNING))
    await kit.update(text="Hello")
    kit.pushed()
    switch = {"entity_id": "switch.iphone_glance_follow_entities"}
    await kit.hass.services.async_call("switch", "turn_off", switch, blocking=True)
    await pass_time(kit, HOUR)
    assert shown(kit) is None
    kit.assert_nothing_pushed()
    await kit.hass.services.async_call("switch", "turn_on", switch, blocking=True)
    await kit.tick(ROUNDING)
    kit.assert_pushed({**BASE, "text": "Commute"})


async def test_restart_during_a_page(kit: GlancesKit) -> None:
    """It costs nothing, whether the page still applies is known from its times."""
    entry = await load(kit, page(text={"entity": {"entity_id": COMMUTE}}, **MORNING))
    await pass_time(kit, HOUR)
    kit.pushed()
    await kit.update(text="Hello")
    await kit.tick(SPACING)
    kit.pushed()
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await pass_time(kit, SPACING)
    kit.assert_nothing_pushed()
    await kit.hass.config_entries.async_unload(entry.entry_id)
    await kit.tick(2 * HOUR)
    await kit.hass.config_entries.async_setup(entry.entry_id)
    await pass_time(kit, MINUTE)
    kit.assert_pushed(BASE)


async def test_alert_over_a_page(kit: GlancesKit) -> None:
    """It covers the page, and gives the field back to it."""
    await load(kit, page(text={"text": "Commute"}, **MORNING), alert())
    await kit.change("cover.garage_door", "open")
    kit.pushed()
    await pass_time(kit, HOUR)
    kit.assert_nothing_pushed()
    await kit.change("cover.garage_door", "closed")
    await kit.tick(MINUTE)
    kit.assert_pushed({**BASE, "text": "Commute"})


async def test_urgent_entity_of_a_page(kit: GlancesKit) -> None:
    """While the page shows it, its change is urgent; the begin of the page is not."""
    await kit.state("lock.door", "locked")
    await load(kit, page(text="{{ states('lock.door') }}", urgent_entities=["lock.door"], **MORNING))
    await kit.change("lock.door", "unlocked")
    await kit.tick(HOUR - 5 * MINUTE)
    await kit.change(TEMPERATURE, "30")
    kit.assert_pushed({**BASE, "text": "30 °C"})
    await pass_time(kit, 5 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.change("lock.door", "locked")
    kit.assert_pushed({**BASE, "text": "locked"})


async def test_entities_of_a_page_that_are_missing(kit: GlancesKit) -> None:
    """A repair names them, whether the page applies or not."""
    entry = await load(
        kit,
        page(text="{{ states('sensor.gone') }}", count={"entity": {"entity_id": "sensor.away"}}, **MORNING),
        page("Rain", conditions=WHILE_IT_RAINS, text={"text": "x"}),
    )
    await kit.tick(5 * MINUTE + ROUNDING)
    await kit.tick(5 * MINUTE + ROUNDING)
    pages = [item.subentry_id for item in entry.subentries.values() if item.subentry_type == "page"]
    told = [ir.async_get(kit.hass).async_get_issue(DOMAIN, f"page_missing_entities_{name}") for name in pages]
    assert [item and item.translation_placeholders for item in told] == [
        {"page": "Morning", "entities": "`sensor.away`, `sensor.gone` (in the template of Text)"},
        {"page": "Rain", "entities": f"`{RAIN}`"},
    ]


async def test_page_that_has_ended_below_a_paused_widget(kit: GlancesKit) -> None:
    """A paused widget keeps it, and another one does not get it again after a reload: its condition is not known any more."""
    await kit.state(RAIN, "on")
    rain = page("Rain", conditions=WHILE_IT_RAINS, text={"text": "Rain"})
    entry = await kit.load(widget(text={"text": "Base"}), widget("ipad", text={"text": "Base"}), rain)
    switch = {"entity_id": "switch.ipad_glance_follow_entities"}
    await kit.hass.services.async_call("switch", "turn_off", switch, blocking=True)
    await kit.state(RAIN, "unavailable")
    await pass_time(kit, 35 * MINUTE)
    assert kit.pushed()[-1] == {"text": "Base"}
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await pass_time(kit, SPACING)
    kit.assert_nothing_pushed()
    assert shown(kit) is None


async def test_what_a_page_costs_has_no_cause(kit: GlancesKit) -> None:
    """An entity that has changed long before a page shows it has not caused the update."""
    await load(kit, page(text={"entity": {"entity_id": COMMUTE}}, **MORNING), daily_limit=50)
    await kit.state(COMMUTE, "40")
    await pass_time(kit, HOUR)
    kit.assert_pushed({"title": "Outside", "text": "40"})
    left = kit.hass.states.get("sensor.iphone_glance_updates_left_today")
    assert left is not None
    assert "largest_spenders" not in left.attributes
    await kit.tick(SPACING)
    await kit.change(COMMUTE, "60")
    kit.assert_pushed({"title": "Outside", "text": "60"})
    left = kit.hass.states.get("sensor.iphone_glance_updates_left_today")
    assert left is not None
    assert left.attributes["largest_spenders"] == {COMMUTE: 1}


async def test_pause_before_the_page_is_shown(kit: GlancesKit) -> None:
    """A number of the base that differs from that of the page by little is not kept after the pause either."""
    for name, value in (("co2", "801"), ("co2_bedroom", "800")):
        await kit.state(f"sensor.{name}", value, unit_of_measurement="ppm", state_class="measurement")
    count = "{{ states('sensor.%s') }}"
    await load(kit, page(count=count % "co2_bedroom", **MORNING), count=count % "co2")
    await kit.tick(HOUR - MINUTE)
    await kit.change(TEMPERATURE, "30")
    kit.pushed()
    await pass_time(kit, MINUTE)
    switch = {"entity_id": "switch.iphone_glance_follow_entities"}
    await kit.hass.services.async_call("switch", "turn_off", switch, blocking=True)
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    await kit.hass.services.async_call("switch", "turn_on", switch, blocking=True)
    await kit.tick(ROUNDING)
    kit.assert_pushed({**BASE, "text": "30 °C", "count": "800"})


async def test_move_during_a_page(kit: GlancesKit) -> None:
    """A widget that goes to another device keeps its page, which does not begin again: an action stays."""
    entry = await load(kit, page(text={"text": "Commute"}, **MORNING))
    await pass_time(kit, HOUR)
    await kit.update(text="Hello")
    await kit.tick(SPACING)
    kit.pushed()
    (moved, *_) = entry.subentries.values()
    data = {**moved.data, "device": "ipad"}
    kit.hass.config_entries.async_update_subentry(entry, moved, data=data, title="ipad", unique_id="ipad")
    await kit.settle()
    await kit.tick(SPACING)
    assert kit.emulator.world.users[EXAMPLE_USER].devices["ipad"].shown["text"] == "Hello"


async def test_number_of_the_base_that_is_a_text(kit: GlancesKit) -> None:
    """Its repair stays while a page covers the field."""
    await kit.state("sensor.word", "open")
    entry = await load(kit, page(count="{{ 1 }}", **MORNING), count="{{ states('sensor.word') }}")
    name = next(iter(entry.subentries))
    issue = ir.async_get(kit.hass).async_get_issue
    assert issue(DOMAIN, f"without_number_{name}") is not None
    await pass_time(kit, HOUR)
    await kit.tick(5 * MINUTE + ROUNDING)
    assert issue(DOMAIN, f"without_number_{name}") is not None


async def test_page_that_is_removed_or_changed(kit: GlancesKit) -> None:
    """The base is back at once, and a page that loses a field gives it back."""
    entry = await load(kit, page(text={"text": "Commute"}, title={"text": "Morning"}, **MORNING))
    await pass_time(kit, HOUR)
    kit.assert_pushed({"title": "Morning", "text": "Commute"})
    (item,) = [item for item in entry.subentries.values() if item.subentry_type == "page"]
    kit.hass.config_entries.async_update_subentry(entry, item, data={"title": {"text": "Morning"}, **MORNING})
    await kit.settle()
    await kit.tick(MINUTE)
    kit.assert_pushed({"title": "Morning", "text": "21.0 °C"})
    kit.hass.config_entries.async_remove_subentry(entry, item.subentry_id)
    await kit.settle()
    await kit.tick(MINUTE)
    kit.assert_pushed(BASE)


async def test_clock_that_is_set(kit: GlancesKit) -> None:
    """A page applies by the new clock, and by the time zone that Home Assistant has now."""
    await load(kit, page(text={"text": "Commute"}, **MORNING))
    await kit.hass.config.async_set_time_zone("Europe/Moscow")
    await pass_time(kit, 10 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.hass.config.async_set_time_zone("Europe/Berlin")
    await pass_time(kit, 10 * MINUTE)
    kit.assert_pushed({**BASE, "text": "Commute"})
