"""What a widget makes of its sources: those that pass, that do not last, that are gone, and the time of day."""

from typing import Any
from unittest.mock import patch

from homeassistant.components.frontend.storage import async_user_store
from homeassistant.core import CoreState
from homeassistant.exceptions import HomeAssistantError
import pytest

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, widget

TEXT = "{{ states('cover.garage_door') }}"
URGENT: dict[str, Any] = {"urgent_entities": [DOOR]}
HOUR = 60 * MINUTE


async def test_opening_door_is_waited_for(kit: GlancesKit) -> None:
    """A garage door costs one update when it opens, not two."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    await kit.tick(SPACING + ROUNDING)
    await kit.change(DOOR, "opening")
    await kit.tick(20)
    await kit.change(DOOR, "open")
    kit.assert_pushed({"text": "closed"}, {"text": "open"})
    await kit.tick(SPACING + ROUNDING)
    await kit.change(DOOR, "closing")
    await kit.tick(MINUTE + ROUNDING)
    kit.assert_pushed({"text": "closing"})


async def _open_and_close_at_once(kit: GlancesKit) -> None:
    """Let the door open and close at once so often that it counts as restless."""
    for _ in range(3):
        await kit.tick(HOUR)
        await kit.tick(HOUR)
        await kit.change(DOOR, "open")
        await kit.change(DOOR, "closed")
    await kit.tick(HOUR)
    await kit.tick(HOUR)
    assert [glance["text"] for glance in kit.pushed()] == ["closed", "open"] * 3 + ["closed"]


async def test_restless_door_has_to_stand_still(kit: GlancesKit) -> None:
    """After some openings that were over at once, the next one is waited for."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    await _open_and_close_at_once(kit)
    await kit.change(DOOR, "open")
    status = kit.hass.states.get("sensor.iphone_glance_status")
    assert status is not None
    assert (status.state, status.attributes["waiting_for"]) == ("lasting", DOOR)
    await kit.tick(MINUTE)
    await kit.change(DOOR, "closed")
    await kit.tick(5 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "open")
    await kit.tick(4 * MINUTE)
    kit.assert_pushed({"text": "open"})


async def test_restless_door_has_six_minutes_from_the_slot_on(kit: GlancesKit) -> None:
    """What is looked at before the slot opens, because an urgent entity has changed, takes nothing from them."""
    await kit.state(DOOR, "closed")
    await kit.state("lock.door", "locked")
    await kit.state("sensor.power", "1")
    await kit.load(widget(text=TEXT, count="{{ states('sensor.power') }}", urgent_entities=["lock.door"]))
    await _open_and_close_at_once(kit)
    await kit.change("sensor.power", "2")
    kit.assert_pushed({"text": "closed", "count": "2"})
    await kit.tick(SPACING - 2 * MINUTE)
    await kit.state(DOOR, "open")
    await kit.change("lock.door", "unlocked")
    await kit.tick(2 * MINUTE + 30)
    await kit.change(DOOR, "ajar")
    await kit.tick(2 * MINUTE)
    await kit.change(DOOR, "open")
    await kit.tick(2 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.tick(2 * MINUTE)
    kit.assert_pushed({"text": "open", "count": "2"})


async def test_unavailable_source(kit: GlancesKit) -> None:
    """Its field keeps the value for half an hour, and shows a dash then; a number is emptied."""
    await kit.state("sensor.a", "21.5")
    await kit.load(widget(text="It is {{ states('sensor.a') }}", percent="{{ states('sensor.a') }}"))
    await kit.change("sensor.a", "unavailable")
    await kit.tick(29 * MINUTE)
    kit.assert_pushed({"text": "It is 21.5", "percent": "22"})
    await kit.tick(MINUTE)
    kit.assert_pushed({"text": "\N{EN DASH}", "percent": ""})
    await kit.tick(SPACING)
    await kit.change("sensor.a", "unknown")
    kit.assert_nothing_pushed()
    await kit.change("sensor.a", "30")
    kit.assert_pushed({"text": "It is 30", "percent": "30"})


async def test_unavailable_source_after_a_small_change(kit: GlancesKit) -> None:
    """A difference that was not worth an update is not worth one because the source has no value now."""
    await kit.state("sensor.a", "21.0", unit_of_measurement="°C")
    await kit.load(widget(text="It is {{ states('sensor.a') }} °C"))
    await kit.tick(SPACING)
    kit.assert_pushed({"text": "It is 21.0 °C"})
    await kit.change("sensor.a", "21.2", unit_of_measurement="°C")
    await kit.change("sensor.a", "unavailable", unit_of_measurement="°C")
    await kit.tick(29 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.tick(MINUTE)
    kit.assert_pushed({"text": "\N{EN DASH}"})


async def test_unavailable_source_that_is_kept(kit: GlancesKit) -> None:
    """What else a template makes of it is the user's."""
    await kit.state("sensor.a", "21")
    await kit.state("sensor.b", "1")
    templates = {"text": "{{ states('sensor.a') }}", "count": "{{ states('sensor.b') | int(0) }}"}
    await kit.load(widget(**templates, unavailable="keep"))
    await kit.change("sensor.a", "unavailable")
    await kit.change("sensor.b", "unavailable")
    await kit.tick(HOUR)
    kit.assert_pushed({"text": "21", "count": "1"}, {"text": "21", "count": "0"})


async def test_sources_get_two_minutes_after_a_start(kit: GlancesKit) -> None:
    """A glance without a value waits for it when Home Assistant starts."""
    kit.hass.set_state(CoreState.starting)
    shown = "{{ 'open' if is_state('cover.garage_door', 'open') else 'closed' }}"
    await kit.load(widget(text=shown, title="Door"))
    kit.hass.set_state(CoreState.running)
    kit.hass.bus.async_fire("homeassistant_started")
    await kit.settle()
    await kit.tick(MINUTE)
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "open")
    kit.assert_pushed({"title": "Door", "text": "open"})


@pytest.mark.parametrize(
    ("language", "time_format", "clock"),
    [
        pytest.param("de", None, "14:05", id="by-language"),
        pytest.param("en", None, "2:05 PM", id="by-language-with-am-and-pm"),
        pytest.param("en", "24", "14:05", id="chosen"),
        pytest.param("de", "12", "2:05 PM", id="chosen-with-am-and-pm"),
    ],
)
async def test_time_stamp(kit: GlancesKit, language: str, time_format: str | None, clock: str) -> None:
    """The time at which an update is sent, as the owner of the house reads it."""
    kit.hass.config.language = language
    await kit.hass.config.async_set_time_zone("UTC")
    owner = await kit.hass.auth.async_create_user("Owner")
    if time_format is not None:
        store = await async_user_store(kit.hass, owner.id)
        await store.async_set_item("language", {"language": language, "time_format": time_format})
    kit.freezer.move_to("2026-11-23 14:05:00+00:00")
    await kit.load(widget(text="Open", subtext="{{ 'x' * 100 }}", time_stamp="text"))
    kit.assert_pushed({"text": f"Open · {clock}", "subtext": "x" * 100})
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


async def test_manual_value_outlives_an_unavailable_source(kit: GlancesKit) -> None:
    """The base replaces the action's value when it changes, not when it is available again."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    await kit.tick(SPACING + ROUNDING)
    await kit.change(DOOR, "unavailable")
    await kit.update(text="Painting")
    await kit.tick(SPACING + ROUNDING)
    await kit.change(DOOR, "closed")
    kit.assert_pushed({"text": "closed"}, {"text": "Painting"})
    await kit.change(DOOR, "open")
    kit.assert_pushed({"text": "open"})


async def test_source_that_is_removed(kit: GlancesKit) -> None:
    """It is unavailable from then on."""
    await kit.state("sensor.a", "21")
    await kit.load(widget(text="{{ states('sensor.a') }}"))
    kit.hass.states.async_remove("sensor.a")
    await kit.tick(29 * MINUTE)
    kit.assert_pushed({"text": "21"})
    await kit.tick(2 * MINUTE)
    kit.assert_pushed({"text": "\N{EN DASH}"})


async def test_field_that_switches_to_a_source_long_gone(kit: GlancesKit) -> None:
    """It has been unavailable since it switched."""
    await kit.state("binary_sensor.home", "on")
    await kit.state("sensor.inside", "20")
    await kit.state("sensor.outside", "unavailable")
    text = "{{ states('sensor.inside') if is_state('binary_sensor.home', 'on') else states('sensor.outside') }}"
    await kit.load(widget(text=text))
    await kit.tick(HOUR)
    await kit.change("sensor.inside", "30")
    await kit.tick(HOUR)
    await kit.change("binary_sensor.home", "off")
    await kit.tick(25 * MINUTE)
    kit.assert_pushed({"text": "20"}, {"text": "30"})
    await kit.tick(6 * MINUTE)
    kit.assert_pushed({"text": "\N{EN DASH}"})


async def test_profile_that_cannot_be_read(kit: GlancesKit) -> None:
    """The time of the update follows the language then, and the update goes all the same."""
    await kit.hass.auth.async_create_user("Owner")
    kit.hass.config.language = "de"
    with patch(
        "custom_components.pushover_glances.content.time_format.async_user_store", side_effect=HomeAssistantError
    ):
        await kit.load(widget(text="x", time_stamp="text"))
    kit.assert_pushed({"text": "x · 12:00"})
