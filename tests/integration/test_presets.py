"""What a widget of one entity shows when its fields are filled in for it."""

from collections.abc import Callable
import re
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.pushover_glances.content.presets import Preset, preset_for
from custom_components.pushover_glances.content.source import EntitySource, TemplateSource, TextSource, stored_source
from custom_components.pushover_glances.content.source_result import result_of
from custom_components.pushover_glances.pushover import Field

from .kit import MINUTE, ROUNDING, SPACING, GlancesKit, widget
from .preset_kinds import KINDS, PRESSED, SINCE, Case

TRANSLATED = {
    "alarm_control_panel",
    "binary_sensor",
    "climate",
    "cover",
    "device_tracker",
    "fan",
    "humidifier",
    "light",
    "lock",
    "media_player",
    "person",
    "sensor",
    "switch",
    "timer",
    "update",
    "vacuum",
    "valve",
    "water_heater",
    "weather",
}
NAME = "Hall"
HOME = "test home"
DASH = "\N{EN DASH}"
DASHES = {"title": DASH, "text": DASH, "subtext": DASH, "count": "", "percent": ""}
LINE = 19
KIND = pytest.mark.parametrize("case", KINDS.values(), ids=KINDS)


@pytest.fixture(autouse=True)
async def _home(kit: GlancesKit) -> None:
    """Have words for states, and a local time that is not UTC."""
    for domain in TRANSLATED:
        assert await async_setup_component(kit.hass, domain, {})
    await kit.hass.config.async_set_time_zone("Europe/Vienna")
    await kit.prepare()
    rain = {"datetime": "2026-11-23", "precipitation_probability": 40}
    answering(kit.hass, "weather.get_forecasts", lambda _: {"forecast": [rain]})
    answering(
        kit.hass,
        "todo.get_items",
        lambda entity_id: {"items": [{"summary": "Milk"}] if kit.hass.states.is_state(entity_id, "3") else []},
    )


def answering(hass: HomeAssistant, action: str, answer: Callable[[str], dict[str, Any]]) -> None:
    """Let an action answer in this way for an entity."""

    @callback
    def run(call: ServiceCall) -> ServiceResponse:
        entity_id = call.data["entity_id"]
        return {entity_id: answer(entity_id)}

    domain, name = action.split(".")
    hass.services.async_register(domain, name, run, supports_response=SupportsResponse.ONLY)


def shown_by(preset: Preset) -> Any:
    """Describe the widget that a preset makes."""
    fields: dict[str, Any] = {name.value: stored_source(source) for name, source in preset.sources.items()}
    return widget(**fields)


def titled(fields: dict[str, str]) -> dict[str, str]:
    """Return what a widget of the name shows, with its title."""
    return {"title": HOME if fields["text"].startswith(f"{NAME}: ") else NAME, **fields}


def arrived(kit: GlancesKit) -> list[dict[str, str]]:
    """Return what Pushover accepted, without the times since when states have been there."""
    return [{field: re.sub("^since .*", SINCE, value) for field, value in glance.items()} for glance in kit.pushed()]


@KIND
async def test_entity_is_shown_and_never_made_up(kit: GlancesKit, case: Case, caplog: pytest.LogCaptureFixture) -> None:
    """What an entity says is shown; once it says nothing, every field keeps that, then shows a dash."""
    entity_id, state, attributes, fields = case
    shown = titled(fields)
    await kit.state(entity_id, state, friendly_name=NAME, **attributes)
    preset = preset_for(kit.hass, [entity_id])
    follow = {name.value for name, source in preset.sources.items() if isinstance(source, EntitySource)}
    await kit.load(shown_by(preset))
    assert arrived(kit) == [shown]
    assert all(len(shown[name]) <= LINE for name in ("title", "text", "subtext") if name in shown)
    for gone in ("unavailable", "unknown"):
        await kit.tick(SPACING + ROUNDING)
        await kit.change(entity_id, gone, friendly_name=NAME)
        kit.assert_nothing_pushed()
        await kit.tick(30 * MINUTE + ROUNDING)
        assert arrived(kit) == [shown | {field: DASHES[field] for field in follow}]
        await kit.tick(SPACING + ROUNDING)
        await kit.change(entity_id, state, friendly_name=NAME, **attributes)
        assert arrived(kit) == [shown]
    assert "failed" not in caplog.text


@KIND
async def test_source_follows_its_entity_alone(kit: GlancesKit, case: Case) -> None:
    """No source depends on every state of the house, or is a template."""
    entity_id, state, attributes, _ = case
    await kit.state(entity_id, state, **attributes)
    for name, source in preset_for(kit.hass, [entity_id]).sources.items():
        info = result_of(kit.hass, name, source)()
        assert not isinstance(source, TemplateSource)
        assert info.entities == ({entity_id} if isinstance(source, EntitySource) else set())


@pytest.mark.parametrize("passing", ["opening", "closing"])
async def test_passing_door_keeps_its_percent(kit: GlancesKit, passing: str) -> None:
    """A door on its way is neither open nor closed."""
    await kit.state("cover.a", "open")
    await kit.load(shown_by(preset_for(kit.hass, ["cover.a"])))
    await kit.tick(SPACING + ROUNDING)
    assert arrived(kit) == [{"title": HOME, "text": "a: Open", "subtext": SINCE, "percent": "100"}]
    await kit.change("cover.a", passing)
    await kit.tick(MINUTE + ROUNDING)
    assert arrived(kit) == [{"title": HOME, "text": f"a: {passing.capitalize()}", "subtext": SINCE, "percent": "100"}]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("{{ 1 }}", "{{ 1 }}"),
        ("{% raise %}", "{% raise %}"),
        ("{# gone", "{# gone"),
        ("{{ 'it\\'s' ~ \"}}\" }} \\n", "{{ 'it\\'s' ~ \"}}\" }} \\n"),
        ('It\'s "the" \\ door', 'It\'s "the" \\ door'),
        ("{{ 🚪 }} 🧑‍🚒 ü", "{{ 🚪 }} 🧑‍🚒 ü"),
        ("🚪" * 300, "🚪" * 99 + "…"),
        ("{{ " * 100, "{{ " * 32 + "{{…"),
        ("x" * 98 + "{{", "x" * 98 + "{{"),
        (42, "42"),
    ],
    ids=[
        "expression",
        "statement",
        "comment",
        "expression with quotes",
        "quotes",
        "expression with emoji",
        "300 emoji",
        "300 characters of syntax",
        "syntax at the end",
        "number",
    ],
)
async def test_name_is_shown_as_it_is(kit: GlancesKit, name: Any, title: str) -> None:
    """A name is never run, and is cut where a title ends."""
    await kit.state("sensor.a", "21", friendly_name=name)
    await kit.load(shown_by(preset_for(kit.hass, ["sensor.a"])))
    kit.assert_pushed({"title": title, "text": "21", "count": "21"})


async def test_long_name_is_cut_where_a_person_reads_it(kit: GlancesKit) -> None:
    """The text itself is no longer than what it shows."""
    await kit.state("lock.a", "locked", friendly_name="x" * 300)
    assert preset_for(kit.hass, ["lock.a"]).sources[Field.TITLE] == TextSource("x" * 99 + "…")


def registered(hass: HomeAssistant, domain: str, **facts: Any) -> str:
    """Add an entity to the registry that has no state, and return its id."""
    entry = er.async_get(hass).async_get_or_create(domain, "demo", "1", suggested_object_id="a", **facts)
    return entry.entity_id


REGISTERED: dict[str, Case] = {
    "cover with a position": (
        "cover",
        "open",
        {"supported_features": 4, "original_device_class": "garage"},
        {"text": "Hall: Open", "subtext": SINCE, "percent": "30"},
    ),
    "valve without a position": (
        "valve",
        "open",
        {"supported_features": 3},
        {"text": "Hall: Open", "subtext": SINCE, "percent": "100"},
    ),
    "door": (
        "binary_sensor",
        "on",
        {"original_device_class": "door"},
        {"text": "Hall: Open", "subtext": SINCE, "percent": "100"},
    ),
    "number": ("number", "6", {"capabilities": {"min": 5, "max": 9}}, {"text": "6", "count": "6", "percent": "25"}),
    "measurement": ("sensor", "5", {"capabilities": {"state_class": "total"}}, {"text": "5", "count": "5"}),
    "percent": ("sensor", "5", {"unit_of_measurement": "%"}, {"text": "5", "count": "5", "percent": "5"}),
    "timestamp": ("sensor", PRESSED, {"original_device_class": "timestamp"}, {"text": "11:59 AM"}),
}


@pytest.mark.parametrize("state", [None, "unavailable", "unknown"])
@pytest.mark.parametrize("case", REGISTERED.values(), ids=REGISTERED)
async def test_entity_without_a_state_is_known_from_the_registry(
    kit: GlancesKit, case: Case, state: str | None
) -> None:
    """A preset made while an entity is missing fits when it comes."""
    domain, later, facts, fields = case
    entity_id = registered(kit.hass, domain, original_name=NAME, **facts)
    for gone in filter(None, [state]):
        await kit.state(entity_id, gone, friendly_name=NAME)
    preset = preset_for(kit.hass, [entity_id])
    attributes = {"current_position": 30, "device_class": facts.get("original_device_class")}
    await kit.state(entity_id, later, friendly_name=NAME, **attributes)
    await kit.load(shown_by(preset))
    assert arrived(kit) == [titled(fields)]


async def test_name_without_a_state(kit: GlancesKit) -> None:
    """The name is that of the registry, with its device, or else what the entity id says."""
    entry = MockConfigEntry(domain="demo")
    entry.add_to_hass(kit.hass)
    device = dr.async_get(kit.hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("demo", "1")}, name="Garage"
    )
    entity_id = registered(
        kit.hass, "sensor", original_name="Door", has_entity_name=True, device_id=device.id, config_entry=entry
    )
    assert preset_for(kit.hass, [entity_id]).sources[Field.TITLE] == TextSource("Garage Door")
    assert preset_for(kit.hass, ["sensor.side_gate"]).sources[Field.TITLE] == TextSource("side gate")


async def test_class_that_a_person_chose_counts(kit: GlancesKit) -> None:
    """A person's choice stands over what the integration said, and the state's over the registry's."""
    entity_id = registered(kit.hass, "binary_sensor", original_device_class="window")
    assert not preset_for(kit.hass, [entity_id]).urgent
    er.async_get(kit.hass).async_update_entity(entity_id, device_class="door")
    assert preset_for(kit.hass, [entity_id]).urgent
    await kit.state(entity_id, "on", device_class="window")
    assert not preset_for(kit.hass, [entity_id]).urgent


@pytest.mark.parametrize(
    ("domain", "classes", "urgent"),
    [
        ("cover", ["door", "garage", "gate"], True),
        ("cover", ["blind", "window", None], False),
        ("binary_sensor", ["door", "garage_door", "opening", "lock"], True),
        ("binary_sensor", ["smoke", "gas", "carbon_monoxide", "moisture", "safety", "tamper"], True),
        ("binary_sensor", ["window", "motion", "battery", None], False),
        ("lock", [None], True),
        ("alarm_control_panel", [None], True),
        ("sensor", ["gas", "moisture"], False),
        ("valve", ["gas"], False),
    ],
    ids=["doors", "blinds", "sensed doors", "dangers", "harmless", "locks", "alarms", "measured", "valves"],
)
async def test_doors_locks_and_alarms_are_urgent(
    kit: GlancesKit, domain: str, classes: list[str | None], *, urgent: bool
) -> None:
    """What a person wants to know at once is marked, nothing else."""
    for device_class in classes:
        await kit.state(f"{domain}.a", "on", device_class=device_class)
        assert preset_for(kit.hass, [f"{domain}.a"]).urgent == ((f"{domain}.a",) if urgent else ())


@pytest.mark.parametrize(
    ("low", "high", "state", "percent"),
    [
        (0, 2000, "500", "25"),
        (-10.5, 9.5, "-0.5", "50"),
        (30, 10, "25", "25"),
        (0.1, 0.3, "0.2", "50"),
        (0, 100, "12.4", "12"),
        (0, 10, "11", "100"),
        (10, 0, "11", "0"),
        (0, 1e20, "5e19", "50"),
    ],
    ids=["whole", "negative", "backwards", "fractions", "as it is", "above", "above, backwards", "vast"],
)
async def test_percent_of_range(
    kit: GlancesKit, caplog: pytest.LogCaptureFixture, low: float, high: float, *, state: str, percent: str
) -> None:
    """A number's place between two others, and nothing at all while it is none."""
    await kit.state("sensor.a", state)
    await kit.load(widget(percent={"entity": {"entity_id": "sensor.a", "min": low, "max": high}}))
    kit.assert_pushed({"percent": percent})
    for gone in ("unavailable", "unknown", "broken", "inf"):
        await kit.tick(5 * MINUTE)
        await kit.change("sensor.a", gone)
    kit.assert_nothing_pushed()
    await kit.tick(30 * MINUTE)
    kit.assert_pushed({"percent": ""})
    assert "failed" not in caplog.text


async def _shown(kit: GlancesKit, *entity_ids: str) -> tuple[Preset, dict[str, str]]:
    """Return the preset of entities, and what its widget shows."""
    preset = preset_for(kit.hass, entity_ids)
    await kit.load(shown_by(preset))
    (glance,) = arrived(kit)
    assert all(len(glance.get(name, "")) <= LINE for name in ("title", "text", "subtext"))
    return preset, glance


async def _rooms(kit: GlancesKit, *names: str) -> list[str]:
    """Set temperatures of rooms, from 21 °C on, and return their ids."""
    ids = [f"sensor.{name.lower()}" for name in names]
    for at, (entity_id, name) in enumerate(zip(ids, names, strict=True)):
        await kit.state(entity_id, str(21 + at), friendly_name=name, unit_of_measurement="°C")
    return ids


async def test_two_entities(kit: GlancesKit) -> None:
    """The second stands below the first."""
    preset, glance = await _shown(kit, *await _rooms(kit, "Hall", "Bath"))
    assert glance == {"title": "Hall", "text": "21 °C", "subtext": "Bath 22 °C", "count": "21"}
    assert (preset.time_stamp, preset.urgent) == ("none", ())


async def test_three_entities(kit: GlancesKit) -> None:
    """Each has a line; count and percent are those of the first that has one, and doors are urgent."""
    (room,) = await _rooms(kit, "Hall")
    await kit.state("binary_sensor.door", "off", friendly_name="Door", device_class="door")
    await kit.state("sensor.car", "80", friendly_name="Car", device_class="battery", unit_of_measurement="%")
    preset, glance = await _shown(kit, "binary_sensor.door", room, "sensor.car")
    lines = {"title": "Door: Closed", "text": "Hall 21 °C", "subtext": "Car 80 %"}
    assert glance == {**lines, "count": "21", "percent": "0"}
    assert preset.urgent == ("binary_sensor.door",)


async def test_five_entities(kit: GlancesKit) -> None:
    """The last line has those for which there is no line."""
    preset = preset_for(kit.hass, await _rooms(kit, "A", "B", "C", "D", "E"))
    await kit.load(shown_by(preset))
    lines = {"title": "A 21 °C", "text": "B 22 °C", "subtext": "C 23 °C, D 24 °C, E 25 °C"}
    kit.assert_pushed({**lines, "count": "21"})


@pytest.mark.parametrize("is_group", [False, True])
async def test_windows_together(kit: GlancesKit, *, is_group: bool) -> None:
    """They are counted, and so are those of a group."""
    for name in ("Kitchen", "Bath"):
        await kit.state(f"binary_sensor.{name}", "on", friendly_name=f"{name} window", device_class="window")
    ids = ["binary_sensor.kitchen", "binary_sensor.bath"]
    if is_group:
        attributes = {"entity_id": ids, "friendly_name": "Windows", "device_class": "window"}
        kit.hass.states.async_set("binary_sensor.all", "on", attributes)
        ids = ["binary_sensor.all"]
    _, glance = await _shown(kit, *ids)
    lines = {"title": HOME, "text": "Windows: 2 open", "subtext": "Kitchen, Bath"}
    assert glance == {**lines, "count": "2", "percent": "100"}


async def test_people_together(kit: GlancesKit) -> None:
    """Who is at home says by itself of what; what else was chosen stands below."""
    for name, state in (("Anna", "home"), ("Ben", "not_home")):
        await kit.state(f"person.{name.lower()}", state, friendly_name=name)
    _, glance = await _shown(kit, "person.anna", "person.ben")
    assert glance == {"title": HOME, "text": "1 home", "subtext": "Anna", "count": "1", "percent": "50"}
    (room,) = await _rooms(kit, "Hall")
    sources = preset_for(kit.hass, ["person.anna", room, "person.ben"]).sources
    assert sources[Field.SUBTEXT] == EntitySource(entity_id=room, name=True)


async def test_home_is_named_once(kit: GlancesKit) -> None:
    """The zone of the home is called like the home."""
    await kit.state("person.anna", "home", friendly_name="Anna")
    await kit.state("zone.home", "1", friendly_name=HOME, persons=["person.anna"])
    _, glance = await _shown(kit, "zone.home")
    assert glance == {"title": HOME, "text": "1 home", "subtext": "Anna", "count": "1"}


async def test_kinds_that_have_no_name_before_them(kit: GlancesKit) -> None:
    """Among others, weather and what is playing say by themselves of what, and a calendar shows its event, too."""
    await kit.state("weather.a", "sunny", temperature=21, friendly_name="Weather")
    day = {"all_day": True, "start_time": "2026-11-24 00:00:00", "end_time": "2026-11-25 00:00:00"}
    await kit.state("calendar.a", "off", message="Bin", friendly_name="Family", **day)
    await kit.state("media_player.a", "playing", media_title="Karma Police", friendly_name="Radio")
    _, glance = await _shown(kit, "weather.a", "calendar.a", "media_player.a")
    assert glance == {"title": "21° Sunny", "text": "Bin: Tomorrow", "subtext": "Karma Police", "count": "21"}


async def test_title_is_the_area(kit: GlancesKit) -> None:
    """Where the text has the name; but not if the area is called like the entity."""
    area = ar.async_get(kit.hass).async_create("Garage")
    entity_id = registered(kit.hass, "lock", original_name="Lock")
    er.async_get(kit.hass).async_update_entity(entity_id, area_id=area.id)
    for name, title in (("Gate", "Garage"), ("Garage", HOME)):
        await kit.state(entity_id, "locked", friendly_name=name)
        sources = preset_for(kit.hass, [entity_id]).sources
        assert sources[Field.TITLE] == TextSource(title)
        assert sources[Field.TEXT] == EntitySource(entity_id=entity_id, name=True)


async def test_name_that_does_not_fit(kit: GlancesKit) -> None:
    """It is the title, also if only another state of the entity is too long."""
    await kit.state("lock.a", "locked", friendly_name="Front door")
    _, glance = await _shown(kit, "lock.a")
    assert (glance["title"], glance["text"]) == ("Front door", "Locked")


@pytest.mark.parametrize("option", ["Guests", "Long vacation"])
async def test_name_that_fits_every_option(kit: GlancesKit, option: str) -> None:
    """What can be chosen later has to fit, too."""
    await kit.state("input_select.a", "Party", friendly_name="Mode", options=["Party", option])
    _, glance = await _shown(kit, "input_select.a")
    assert glance["text"] == "Mode: Party"
    await kit.state("input_select.b", "Party", friendly_name="House mode", options=["Party", option])
    sources = preset_for(kit.hass, ["input_select.b"]).sources
    assert sources[Field.TEXT] == EntitySource(entity_id="input_select.b", name=option == "Guests")


@pytest.mark.parametrize("options", ["Party", 5, [None, 5]])
async def test_options_that_are_none(kit: GlancesKit, options: Any) -> None:
    """Any entity may have such an attribute."""
    await kit.state("sensor.a", "Party", friendly_name="Mode", options=options)
    _, glance = await _shown(kit, "sensor.a")
    assert glance["text"] == "Mode: Party"


async def test_lock_with_a_battery(kit: GlancesKit) -> None:
    """The battery of its device is shown below, and as a ring."""
    entry = MockConfigEntry(domain="demo")
    entry.add_to_hass(kit.hass)
    device = dr.async_get(kit.hass).async_get_or_create(config_entry_id=entry.entry_id, identifiers={("demo", "1")})
    entity_id = registered(kit.hass, "lock", device_id=device.id)
    battery = registered(kit.hass, "sensor", device_id=device.id, original_device_class="battery")
    await kit.state(entity_id, "locked", friendly_name="Gate")
    await kit.state(battery, "85")
    _, glance = await _shown(kit, entity_id)
    assert glance == {"title": HOME, "text": "Gate: Locked", "subtext": "Battery 85 %", "percent": "85"}


async def test_time_of_the_update_where_nothing_else_is(kit: GlancesKit) -> None:
    """A subtext that stays empty has room for it."""
    (room,) = await _rooms(kit, "Hall")
    assert preset_for(kit.hass, [room]).time_stamp == "subtext"
