"""What the base of a widget shows, and how many updates that takes."""

from unittest.mock import patch

from homeassistant.helpers.template import Template
import pytest

from custom_components.pushover_glances.coordinator import PushoverGlancesCoordinator

from .kit import DOOR, MINUTE, ROUNDING, SETTLE, SPACING, GlancesKit, widget

NUMBER = "sensor.kitchen"
# Without a unit, a number is a word.
CELSIUS = {"unit_of_measurement": "°C"}


async def test_first_glance_goes_at_once(kit: GlancesKit) -> None:
    """A new widget shows what is there, every field that it has."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(title="Garage door", text="{{ states('cover.garage_door') }}", count="3.6", percent="130"))
    kit.assert_pushed({"title": "Garage door", "text": "closed", "count": "4", "percent": "100"})


async def test_change_goes_at_once_when_the_slot_is_open(kit: GlancesKit) -> None:
    """A change after the spacing goes without delay."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text="{{ states('cover.garage_door') }}"))
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "closed"})
    await kit.change(DOOR, "open")
    kit.assert_pushed({"text": "open"})


async def test_thousand_changes_cost_no_rendering_and_one_update(kit: GlancesKit) -> None:
    """While the slot is closed nothing is rendered; when it opens, the final value goes."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text="{{ states('cover.garage_door') }}"))
    kit.assert_pushed({"text": "closed"})

    rendered = Template.async_render
    looked = PushoverGlancesCoordinator._look_at  # noqa: SLF001
    with (
        patch.object(Template, "async_render", autospec=True, side_effect=rendered) as render,
        patch.object(PushoverGlancesCoordinator, "_look_at", autospec=True, side_effect=looked) as look,
    ):
        for number in range(1000):
            await kit.state(DOOR, f"position {number}")
        assert look.call_count == 0
        await kit.tick(SETTLE + ROUNDING)
        assert look.call_count == 1
        await kit.tick(SPACING - MINUTE)
        assert render.call_count == 0
        kit.assert_nothing_pushed()
        # An action renders what it fills, and nothing else.
        await kit.update(count=1)
        looks = look.call_count
        await kit.state(DOOR, "position 1000")
        await kit.tick(SETTLE + ROUNDING)
        assert (render.call_count, look.call_count) == (0, looks)
        await kit.tick(MINUTE + ROUNDING)
        assert render.call_count == 1
    kit.assert_pushed({"text": "position 1000", "count": "1"})
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


async def test_changes_of_the_same_moment_go_together(kit: GlancesKit) -> None:
    """Two entities that change together cost one update."""
    await kit.state("sensor.a", "0")
    await kit.state("sensor.b", "0")
    await kit.load(widget(title="{{ states('sensor.a') }}", text="{{ states('sensor.b') }}"))
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    kit.hass.states.async_set("sensor.a", "1")
    await kit.tick(SETTLE - ROUNDING)
    kit.hass.states.async_set("sensor.b", "2")
    kit.assert_nothing_pushed()
    await kit.tick(2 * ROUNDING)
    kit.assert_pushed({"title": "1", "text": "2"})


async def test_change_during_a_request_is_not_missed(kit: GlancesKit) -> None:
    """What changes while an update is on its way goes with the next one."""
    await kit.state(DOOR, "closed")
    entry = kit.account(widget(text="{{ states('cover.garage_door') }}"))
    await kit.hass.config_entries.async_setup(entry.entry_id)
    # The request is on its way now, with the state that the door had.
    kit.hass.states.async_set(DOOR, "open")
    await kit.settle()
    kit.assert_pushed({"text": "closed"})
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "open"})


async def test_value_that_comes_back_is_not_sent(kit: GlancesKit) -> None:
    """A door that opened and closed again within the spacing costs nothing."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text="{{ states('cover.garage_door') }}"))
    await kit.change(DOOR, "open")
    await kit.change(DOOR, "closed")
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "closed"})


async def test_branches_of_a_template_are_followed(kit: GlancesKit) -> None:
    """An entity that only another branch looks at counts as soon as that branch is taken."""
    kit.hass.states.async_set("sensor.inside", "20")
    kit.hass.states.async_set("sensor.outside", "5")
    await kit.state("binary_sensor.home", "on")
    text = "{{ states('sensor.inside') if is_state('binary_sensor.home', 'on') else states('sensor.outside') }}"
    await kit.load(widget(text=text))
    await kit.tick(SPACING + ROUNDING)
    await kit.change("binary_sensor.home", "off")
    await kit.tick(SPACING + ROUNDING)
    await kit.change("sensor.outside", "6")
    kit.assert_pushed({"text": "20"}, {"text": "5"}, {"text": "6"})


async def test_domain_in_a_template_is_followed(kit: GlancesKit) -> None:
    """A template over a domain notices new entities and changed ones."""
    await kit.state("light.hall", "on")
    await kit.load(widget(count="{{ states.light | selectattr('state', 'eq', 'on') | list | count }}"))
    await kit.tick(SPACING + ROUNDING)
    await kit.change("light.kitchen", "on")
    await kit.tick(SPACING + ROUNDING)
    await kit.change("light.hall", "off")
    kit.assert_pushed({"count": "1"}, {"count": "2"}, {"count": "1"})


async def test_clock_in_a_template_costs_no_update(kit: GlancesKit) -> None:
    """Numbers that change with the time alone are no reason for an update; words are."""
    clock = "{{ 'Morning' if now().hour < 12 else 'Later' }} {{ now().minute }}"
    await kit.hass.config.async_set_time_zone("UTC")
    kit.freezer.move_to("2026-11-23 11:00:30+00:00")
    await kit.load(widget(text=clock, count="{{ now().minute }}"))
    kit.assert_pushed({"text": "Morning 0", "count": "0"})
    for _ in range(40):
        await kit.tick(MINUTE)
    kit.assert_nothing_pushed()
    for _ in range(20):
        await kit.tick(MINUTE)
    await kit.tick(SETTLE + ROUNDING)
    kit.assert_pushed({"text": "Later 0", "count": "0"})


async def test_template_that_comes_to_look_at_all_states(kit: GlancesKit) -> None:
    """The flow refuses such templates; a branch that becomes one is looked at once a minute."""
    await kit.state("input_boolean.all", "off")
    await kit.load(widget(count="{{ states | count if is_state('input_boolean.all', 'on') else 0 }}"))
    await kit.tick(SPACING + ROUNDING)
    await kit.change("input_boolean.all", "on")
    first, second = (int(glance["count"]) for glance in kit.pushed())
    assert (first, second > 0) == (0, True)
    await kit.tick(SPACING + ROUNDING)
    await kit.state("sensor.new", "1")
    kit.assert_nothing_pushed()
    await kit.tick(MINUTE)
    await kit.tick(SETTLE + ROUNDING)
    kit.assert_pushed({"count": str(second + 1)})


async def test_failing_template_keeps_its_value_and_says_so_once(
    kit: GlancesKit, caplog: pytest.LogCaptureFixture
) -> None:
    """A template that fails leaves its field as it is, and the other fields go on."""
    await kit.state("sensor.power", "4")
    await kit.load(widget(text="{{ 8 / (states('sensor.power') | float) }}", count="{{ states('sensor.power') }}"))
    kit.assert_pushed({"text": "2.0", "count": "4"})
    await kit.tick(SPACING + ROUNDING)
    await kit.change("sensor.power", "0")
    kit.assert_pushed({"text": "2.0", "count": "0"})
    await kit.tick(SPACING + ROUNDING)
    await kit.change("sensor.power", "broken")
    kit.assert_nothing_pushed()
    assert caplog.text.count("Template for text of widget iphone failed") == 1
    await kit.change("sensor.power", "8")
    kit.assert_pushed({"text": "1.0", "count": "8"})


async def test_entity_that_no_widget_uses_is_not_listened_to(kit: GlancesKit) -> None:
    """Nothing happens for it at all."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text="{{ states('cover.garage_door') }}"))
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    with patch.object(Template, "async_render_to_info", autospec=True) as render:
        await kit.change("sensor.other", "1")
        assert render.call_count == 0
    kit.assert_nothing_pushed()


async def test_text_is_cut_and_not_parsed(kit: GlancesKit) -> None:
    """A text is what the template wrote, not what it looks like."""
    await kit.load(widget(title="12.50", text="{{ 'x' * 150 }}", subtext="[1, 2]"))
    kit.assert_pushed({"title": "12.50", "text": "x" * 99 + "…", "subtext": "[1, 2]"})


async def test_widgets_have_their_own_spacing(kit: GlancesKit) -> None:
    """One widget's update does not delay another's."""
    await kit.state(DOOR, "closed")
    text = "{{ states('cover.garage_door') }}"
    await kit.load(widget("iphone", text=text), widget("ipad", text=text))
    assert sorted(glance["device"] for glance in kit.emulator.glances) == ["ipad", "iphone"]
    assert kit.emulator.world.users[next(iter(kit.emulator.world.users))].devices["ipad"].shown == {"text": "closed"}


async def test_rounding(kit: GlancesKit) -> None:
    """A number that moves by little may look as if it moved by more."""
    await kit.state(NUMBER, "20.4", **CELSIUS)
    await kit.load(widget(text="{{ states('sensor.kitchen') | float | round }}"))
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "20"})
    await kit.change(NUMBER, "20.3", **CELSIUS)
    await kit.change(NUMBER, "20.6", **CELSIUS)
    kit.assert_pushed({"text": "21"})


@pytest.mark.parametrize(
    ("steps", "attributes", "shown"),
    [
        (("20.3", "20.5", "20.7"), {}, "20.7 None"),
        (("20.3", "19.3"), {}, "19.3 None"),
        (("20.1",), {"mode": "heat"}, "20.1 heat"),
        (("20.3", "on"), {}, "on None"),
    ],
)
async def test_what_matters_does_not_wait_for_what_does_not(
    kit: GlancesKit, steps: tuple[str, ...], attributes: dict[str, str], shown: str
) -> None:
    """A number that moves on, in small steps or in one, an attribute, a word: all of them go as soon as ever."""
    await kit.state(NUMBER, "20.0", **CELSIUS)
    await kit.load(widget(text="{{ states('sensor.kitchen') }} {{ state_attr('sensor.kitchen', 'mode') }}"))
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "20.0 None"})
    for step in steps:
        await kit.state(NUMBER, step, **CELSIUS, **attributes)
    await kit.tick(SETTLE + ROUNDING)
    kit.assert_pushed({"text": shown})


@pytest.mark.parametrize(
    ("template", "before", "after"),
    [
        ("{{ 'warm' if states('sensor.kitchen') | float > 20.3 else 'cool' }}", "cool", "warm"),
        ("{% if is_state('sensor.kitchen', '20.4') %}four{% else %}other{% endif %}", "other", "four"),
        ("{{ ((states('sensor.kitchen') | float - 20) ** 8 * 1000) | round(2) }}", "0.0", "0.66"),
        ("{{ states.sensor | map(attribute='state') | select('eq', '20.4') | list | count }}", "0", "1"),
    ],
)
async def test_what_a_template_makes_of_a_number_does_not_wait(
    kit: GlancesKit, template: str, before: str, after: str
) -> None:
    """Where a template may make a word of a number, or more of it, a small change is seen as soon as ever."""
    await kit.state(NUMBER, "20.0", **CELSIUS)
    await kit.load(widget(text=template, subtext="{{ states('sensor.kitchen') }} °C"))
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": before, "subtext": "20.0 °C"})
    await kit.state(NUMBER, "20.4", **CELSIUS)
    await kit.tick(SETTLE + ROUNDING)
    kit.assert_pushed({"text": after, "subtext": "20.4 °C"})
