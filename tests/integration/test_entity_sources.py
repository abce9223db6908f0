"""What a field shows of an entity: as people read it, and for as many updates as it is worth."""

from datetime import datetime
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import State
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest

from custom_components.pushover_glances.const import DOMAIN

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, widget

HOUR = 60 * MINUTE
DASH = "\N{EN DASH}"


def entity(entity_id: str, **options: Any) -> dict[str, Any]:
    """Return an entity as the source of a field, as it is stored."""
    return {"entity": {"entity_id": entity_id, **options}}


async def _shown(kit: GlancesKit, entity_id: str, state: str, attributes: dict[str, Any], **options: Any) -> str:
    """Return what a text shows of an entity."""
    await kit.state(entity_id, state, **attributes)
    await kit.load(widget(text=entity(entity_id, **options)))
    (glance,) = kit.pushed()
    return glance["text"]


_CELSIUS = {"unit_of_measurement": "°C"}


@pytest.mark.parametrize(
    ("state", "options", "text"),
    [
        pytest.param(State("sensor.a", "21.53", _CELSIUS), {}, "21.53 °C", id="unit"),
        pytest.param(State("sensor.a", "21.53", _CELSIUS), {"decimals": 1}, "21.5 °C", id="decimals"),
        pytest.param(State("sensor.a", "21.53", _CELSIUS), {"unit": False}, "21.53", id="no unit"),
        pytest.param(State("sensor.a", "-0.2"), {"decimals": 0}, "0", id="no minus before zero"),
        pytest.param(State("sensor.a", "drying"), {"decimals": 1}, "drying", id="decimals of a word"),
        pytest.param(State("binary_sensor.a", "on", {"device_class": "door"}), {}, "Open", id="class"),
        pytest.param(State("cover.a", "open", {"friendly_name": "Gate"}), {"name": True}, "Gate: Open", id="name"),
        pytest.param(
            State("climate.a", "heat", {"current_temperature": 21.5}),
            {"attribute": "current_temperature"},
            "21.5 °C",
            id="attribute with a unit",
        ),
        pytest.param(
            State("climate.a", "heat", {"hvac_action": "heating"}),
            {"attribute": "hvac_action"},
            "Heating",
            id="attribute in words",
        ),
        pytest.param(State("fan.a", "on", {"x": True}), {"attribute": "x"}, "On", id="attribute that is true"),
        pytest.param(State("fan.a", "on", {"x": False}), {"attribute": "x"}, "Off", id="attribute that is false"),
        pytest.param(State("light.a", "on", {"x": 128}), {"attribute": "x"}, "128", id="attribute without a unit"),
        pytest.param(State("person.a", "home", {"x": ["a", 1, None, {}]}), {"attribute": "x"}, "a, 1", id="list"),
        pytest.param(State("person.a", "home", {"x": {"a": 1}}), {"attribute": "x"}, "", id="mapping"),
        pytest.param(State("sensor.a", "1", {"x": 0.1 + 0.2}), {"attribute": "x"}, "0.3", id="arithmetic"),
        pytest.param(State("sensor.a", "1", {"x": "21.53"}), {"attribute": "x", "decimals": 1}, "21.5", id="text"),
        pytest.param(
            State("light.a", "on", {"color_temp_kelvin": 2700}),
            {"attribute": "color_temp_kelvin"},
            "2700 K",
            id="color temperature",
        ),
        pytest.param(
            State("media_player.a", "playing", {"volume_level": 0.42}),
            {"attribute": "volume_level"},
            "42 %",
            id="volume",
        ),
        pytest.param(
            State("media_player.a", "playing", {"volume_level": "loud"}),
            {"attribute": "volume_level"},
            "loud",
            id="volume in words",
        ),
        pytest.param(
            State("sun.sun", "above_horizon", {"elevation": 4.81}), {"attribute": "elevation"}, "4.81 °", id="angle"
        ),
        pytest.param(
            State("media_player.a", "playing", {"media_position": 83}),
            {"attribute": "media_position"},
            "83",
            id="position in a track",
        ),
        pytest.param(
            State("weather.a", "windy", {"wind_gust_speed": 60, "wind_speed_unit": "km/h"}),
            {"attribute": "wind_gust_speed"},
            "60 km/h",
            id="unit of another attribute",
        ),
        pytest.param(State("sensor.a", "1", {"battery_voltage": 3.0}), {"attribute": "battery_voltage"}, "3.0", id="V"),
        pytest.param(State("sensor.a", "1_000"), {"decimals": 1}, "1_000", id="underscore"),
        pytest.param(
            State("water_heater.a", "unknown", {"current_temperature": 50}),
            {"attribute": "current_temperature"},
            "50 °C",
            id="attribute of an unknown state",
        ),
        pytest.param(State("fan.a", "on"), {"attribute": "x"}, "", id="attribute that is not there"),
        pytest.param(State("fan.a", "on"), {"attribute": "x", "name": True}, "", id="name of nothing"),
        pytest.param(State("sensor.a", "x" * 120), {}, "x" * 99 + "…", id="too long"),
    ],
)
async def test_entity_as_people_read_it(kit: GlancesKit, state: State, options: dict[str, Any], text: str) -> None:
    """Words of Home Assistant's own, units and decimals, as the options say."""
    for domain in ("binary_sensor", "climate", "cover"):
        assert await async_setup_component(kit.hass, domain, {})
    await kit.state(state.entity_id, state.state, **state.attributes)
    await kit.load(widget(title={"text": "{{ 1 }}"}, text=entity(state.entity_id, **options)))
    kit.assert_pushed({"title": "{{ 1 }}", "text": text})


async def test_display_precision(kit: GlancesKit) -> None:
    """A sensor has the decimals that a person chose for it in Home Assistant."""
    registry = er.async_get(kit.hass)
    entry = registry.async_get_or_create("sensor", "demo", "1", suggested_object_id="a")
    registry.async_update_entity_options(entry.entity_id, "sensor", {"display_precision": 1})
    assert await _shown(kit, "sensor.a", "21.5389", {"unit_of_measurement": "°C"}) == "21.5 °C"


async def test_words_of_the_language(kit: GlancesKit) -> None:
    """States are in the language of Home Assistant."""
    kit.hass.config.language = "de"
    assert await async_setup_component(kit.hass, "cover", {})
    assert await _shown(kit, "cover.a", "open", {}) == "Geöffnet"


# At noon of Monday, 23 November 2026, in Vienna.
NOON = "2026-11-23 11:00:00+00:00"


@pytest.mark.parametrize(
    ("state", "language", "text"),
    [
        pytest.param("2026-11-23T18:18:59+00:00", "en", "7:18 PM", id="today"),
        pytest.param("2026-11-23T18:18:59+00:00", "de", "19:18", id="today, on a clock of 24 hours"),
        pytest.param("2026-11-23T23:30:00+00:00", "de", "Di 00:30", id="tomorrow, here"),
        pytest.param("2026-11-29T06:30:00+00:00", "de", "So 07:30", id="within a week"),
        pytest.param("2026-11-22T06:30:00+00:00", "de", "So 07:30", id="yesterday"),
        pytest.param("2026-11-30T06:30:00+00:00", "en", "30 Nov", id="in a week"),
        pytest.param("2026-12-12T06:30:00+00:00", "de", "12. Dez.", id="later"),
        pytest.param("2026-12-12T06:30:00+00:00", "fr", "12 déc.", id="later, in another language"),
        pytest.param("2027-12-12T06:30:00+00:00", "en", "12 Dec 2027", id="in a year"),
        pytest.param("2026-11-23", "en", "Today", id="day of today"),
        pytest.param("2026-11-24", "de", "Morgen", id="day of tomorrow"),
        pytest.param("2026-11-29", "en", "Sun", id="day within a week"),
        pytest.param("2026-12-12", "en", "12 Dec", id="day later"),
        pytest.param("2026-11-23 18:18:00", "de", "18:18", id="local time"),
        pytest.param("2026-13-01", "en", "2026-13-01", id="no day"),
        pytest.param("2026-11-23 25:00:00", "en", "2026-11-23 25:00:00", id="no time"),
        pytest.param("0001-01-01T00:00:00+23:59", "en", "0001-01-01T00:00:00+23:59", id="beyond the calendar"),
    ],
)
async def test_moments(kit: GlancesKit, state: str, language: str, text: str) -> None:
    """A date with a time is as short as it is clear."""
    kit.freezer.move_to(NOON)
    await kit.hass.config.async_set_time_zone("Europe/Vienna")
    kit.hass.config.language = language
    assert await _shown(kit, "sensor.a", state, {}) == text


async def test_moment_in_an_attribute(kit: GlancesKit) -> None:
    """It may be a text or a time of Python."""
    kit.freezer.move_to(NOON)
    moment = datetime.fromisoformat(NOON)
    await kit.state("automation.a", "on", last_triggered=moment, next=moment.isoformat(), day=moment.date())
    title, text, subtext = [entity("automation.a", attribute=key) for key in ("last_triggered", "next", "day")]
    await kit.load(widget(title=title, text=text, subtext=subtext))
    kit.assert_pushed({"title": "11:00 AM", "text": "11:00 AM", "subtext": "Today"})


async def test_moment_costs_no_update_as_it_comes_closer(kit: GlancesKit) -> None:
    """It is written in another way on its day, but is the same; what is sent for another reason has it as it is then."""
    kit.freezer.move_to(NOON)
    await kit.hass.config.async_set_time_zone("Europe/Vienna")
    kit.hass.config.language = "de"
    await kit.state("sensor.a", "2026-11-29T06:30:00+00:00")
    await kit.state("sensor.b", "1")
    await kit.load(widget(text=entity("sensor.a"), count=entity("sensor.b")))
    kit.assert_pushed({"text": "So 07:30", "count": "1"})
    kit.freezer.move_to("2026-11-28 20:00:00+00:00")
    await kit.tick(0)
    await kit.tick(SPACING)
    kit.pushed()
    for _ in range(5):
        # Midnight is passed, and the repeat after three hours is not reached.
        await kit.tick(30 * MINUTE)
    assert [glance["text"] for glance in kit.pushed()] == []
    await kit.tick(HOUR)
    await kit.tick(HOUR)
    texts = [glance["text"] for glance in kit.pushed()]
    assert texts == ["07:30"]
    await kit.tick(SPACING)
    await kit.change("sensor.a", "2026-11-29T06:45:00+00:00")
    kit.assert_pushed({"text": "07:45", "count": "1"})


async def test_moment_that_comes_back(kit: GlancesKit) -> None:
    """After a dash, the moment of before is worth an update."""
    kit.freezer.move_to(NOON)
    await kit.state("sensor.a", "2026-11-23T18:18:59+00:00")
    await kit.load(widget(text=entity("sensor.a")))
    await kit.change("sensor.a", "unavailable")
    await kit.tick(31 * MINUTE)
    await kit.tick(SPACING)
    await kit.change("sensor.a", "2026-11-23T18:18:59+00:00")
    kit.assert_pushed({"text": "6:18 PM"}, {"text": DASH}, {"text": "6:18 PM"})


@pytest.mark.parametrize("gone", ["unavailable", "unknown", None])
async def test_entity_that_is_away(kit: GlancesKit, gone: str | None) -> None:
    """Its fields keep their values for half an hour; then texts show a dash, and numbers nothing."""
    await kit.state("sensor.a", "21.5", friendly_name="A")
    await kit.load(widget(text=entity("sensor.a", name=True), count=entity("sensor.a")))
    if gone is None:
        kit.hass.states.async_remove("sensor.a")
        await kit.settle()
        await kit.tick(SPACING)
    else:
        await kit.change("sensor.a", gone)
    await kit.tick(9 * MINUTE)
    kit.assert_pushed({"text": "A 21.5", "count": "22"})
    await kit.tick(22 * MINUTE)
    kit.assert_pushed({"text": DASH, "count": ""})
    await kit.tick(SPACING)
    await kit.change("sensor.a", "30", friendly_name="A")
    kit.assert_pushed({"text": "A 30", "count": "30"})


@pytest.mark.parametrize(
    ("state", "options", "number"),
    [
        pytest.param(State("sensor.a", "21.6"), {}, "22", id="state"),
        pytest.param(State("fan.a", "on", {"x": 21.6}), {"attribute": "x"}, "22", id="attribute"),
        pytest.param(State("fan.a", "on", {"x": "21.6"}), {"attribute": "x"}, "22", id="attribute that is a text"),
        pytest.param(State("fan.a", "on", {"x": 128}), {"attribute": "x", "min": 0, "max": 255}, "50", id="range"),
        pytest.param(State("sensor.a", "25"), {"min": 30, "max": 10}, "25", id="range that goes down"),
        pytest.param(State("sensor.a", "11"), {"min": 0, "max": 10}, "100", id="beyond the range"),
        pytest.param(State("sensor.a", "-1"), {"min": 0, "max": 10}, "0", id="before the range"),
        pytest.param(State("sensor.a", "7"), {"min": 5, "max": 5}, "7", id="range that is none"),
        pytest.param(State("sensor.a", "heat"), {}, None, id="word"),
        pytest.param(State("fan.a", "on"), {"attribute": "x"}, "", id="no attribute"),
        pytest.param(State("fan.a", "unknown"), {"attribute": "x"}, None, id="no attribute and no state"),
        pytest.param(State("fan.a", "unknown", {"x": 5}), {"attribute": "x"}, "5", id="attribute of an unknown state"),
        pytest.param(State("sensor.a", "2026-11-30"), {}, None, id="date"),
        pytest.param(
            State("fan.a", "on", {"x": "85 %"}), {"attribute": "x", "min": 0, "max": 200}, "42", id="text in a range"
        ),
        pytest.param(State("sensor.a", "1,500"), {"min": 0, "max": 3000}, "50", id="thousands in a range"),
        pytest.param(State("fan.a", "on", {"x": True}), {"attribute": "x"}, None, id="attribute that is true"),
        pytest.param(State("sensor.a", "inf"), {}, None, id="endless"),
    ],
)
async def test_numbers(kit: GlancesKit, state: State, options: dict[str, Any], number: str | None) -> None:
    """A number field takes the number of a state or an attribute, itself or between two others."""
    await kit.state(state.entity_id, state.state, **state.attributes)
    await kit.load(widget(title={"text": "T"}, count=entity(state.entity_id, **options)))
    kit.assert_pushed({"title": "T"} if number is None else {"title": "T", "count": number})


async def test_only_what_is_shown_counts(kit: GlancesKit) -> None:
    """A number is a quantity with the unit of its entity, whatever else its entity says."""
    facts: dict[str, Any] = {"unit_of_measurement": "°C", "state_class": "measurement", "friendly_name": "Room 2"}
    await kit.state("sensor.a", "21.0", link=1, **facts)
    await kit.load(widget(text=entity("sensor.a", name=True)))
    kit.assert_pushed({"text": "Room 2 21.0 °C"})
    await kit.tick(SPACING)
    await kit.change("sensor.a", "21.3", link=90, **facts)
    await kit.change("sensor.a", "20.7", link=7, **facts)
    kit.assert_nothing_pushed()
    await kit.change("sensor.a", "21.7", link=7, **facts)
    kit.assert_pushed({"text": "Room 2 21.7 °C"})


async def test_number_in_a_range_counts_as_a_percent(kit: GlancesKit) -> None:
    """What the number is made of does not matter."""
    facts: dict[str, Any] = {"unit_of_measurement": "W", "state_class": "measurement"}
    await kit.state("sensor.a", "1000", **facts)
    await kit.load(widget(count=entity("sensor.a", min=0, max=10000)))
    await kit.tick(SPACING)
    await kit.change("sensor.a", "1200", **facts)
    kit.assert_pushed({"count": "10"})
    await kit.change("sensor.a", "1300", **facts)
    kit.assert_pushed({"count": "13"})


async def test_door_that_opens_is_waited_for(kit: GlancesKit) -> None:
    """A state that passes is treated as that of a template is."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=entity(DOOR), urgent_entities=[DOOR]))
    await kit.tick(SPACING)
    await kit.change(DOOR, "opening")
    await kit.tick(20)
    await kit.change(DOOR, "open")
    kit.assert_pushed({"text": "closed"}, {"text": "open"})


async def test_entity_that_is_not_there_is_told(kit: GlancesKit) -> None:
    """A repair names it, also if it was renamed."""
    entry = await kit.load(widget(text=entity("sensor.gone")))
    for _ in range(3):
        await kit.tick(5 * MINUTE + ROUNDING)
    (issue,) = ir.async_get(kit.hass).issues.values()
    assert (issue.translation_key, entry.state) == ("missing_entities", ConfigEntryState.LOADED)
    assert issue.translation_placeholders is not None
    assert "sensor" in issue.translation_placeholders["entities"]


async def test_number_field_that_gets_words_is_told(kit: GlancesKit) -> None:
    """A repair says which text has no number."""
    await kit.state("sensor.a", "drying")
    await kit.load(widget(count=entity("sensor.a")))
    for _ in range(8):
        await kit.tick(5 * MINUTE + ROUNDING)
    (issue,) = ir.async_get(kit.hass).issues.values()
    assert (issue.domain, issue.translation_key) == (DOMAIN, "without_number")


async def test_ring_of_a_lamp_that_is_turned_off(kit: GlancesKit) -> None:
    """The attribute that is gone empties its fields at once; the state is there."""
    await kit.state("light.a", "on", brightness=128)
    brightness = entity("light.a", attribute="brightness")
    await kit.load(widget(subtext=brightness, percent=brightness))
    await kit.tick(SPACING)
    await kit.change("light.a", "off", brightness=None)
    kit.assert_pushed({"subtext": "50 %", "percent": "50"}, {"subtext": "", "percent": ""})


async def test_time_of_last_night_is_not_taken_for_one_of_tonight(kit: GlancesKit) -> None:
    """A time that is over causes an update when its day ends."""
    kit.freezer.move_to("2026-11-23 22:30:00+00:00")
    await kit.hass.config.async_set_time_zone("UTC")
    kit.hass.config.language = "de"
    await kit.state("sensor.a", "2026-11-23T22:10:00+00:00")
    await kit.load(widget(text=entity("sensor.a")))
    await kit.tick(HOUR)
    kit.assert_pushed({"text": "22:10"})
    await kit.tick(HOUR)
    await kit.tick(HOUR)
    kit.assert_pushed({"text": "Mo 22:10"})


async def test_attributes_with_keys_that_are_no_texts(kit: GlancesKit) -> None:
    """Some integrations have such attributes; the form opens, and the value is shown."""
    kit.hass.states.async_set("sensor.a", "5", {1: "x", "y": 2})  # type: ignore[dict-item]
    entry = await kit.load(widget(text=entity("sensor.a", attribute="y"), title="{{ states('sensor.a') }}"))
    kit.assert_pushed({"title": "5", "text": "2"})
    assert entry.state is ConfigEntryState.LOADED


async def test_minor_version_of_a_later_update_stays(kit: GlancesKit) -> None:
    """Only an account of an earlier major version is raised."""
    entry = kit.account(widget(text="x"))
    kit.hass.config_entries.async_update_entry(entry, version=3, minor_version=3)
    await kit.setup(entry)
    assert (entry.state, entry.version, entry.minor_version) == (ConfigEntryState.LOADED, 3, 3)
