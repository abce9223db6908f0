"""What a field shows of entities when a detail is worked out of them."""

from typing import Any

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .kit import MINUTE, ROUNDING, SPACING, GlancesKit, widget
from .test_entity_sources import entity

# At noon of Monday, 23 November 2026, in Vienna.
NOON = "2026-11-23 11:00:00+00:00"
DASH = "\N{EN DASH}"


@pytest.fixture(autouse=True)
async def _home(kit: GlancesKit) -> None:
    """Have words for states, and noon in Vienna on a clock of 24 hours."""
    for domain in ("binary_sensor", "climate", "lock", "media_player", "person", "sensor", "timer", "weather"):
        assert await async_setup_component(kit.hass, domain, {})
    await kit.hass.config.async_set_time_zone("Europe/Vienna")
    kit.freezer.move_to(NOON)
    await kit.prepare()


def _calendar(state: str = "off", **attributes: Any) -> State:
    times = {"start_time": "2026-11-24 10:00:00", "end_time": "2026-11-24 11:00:00"}
    return State("calendar.a", state, {"message": "Dentist", "friendly_name": "Family", **times, **attributes})


def _days(first: str, last: str, state: str = "off") -> State:
    """Return an event of whole days; it ends at the midnight after the last one."""
    return _calendar(state, all_day=True, start_time=f"{first} 00:00:00", end_time=f"{last} 00:00:00")


PLAYING = {"media_title": "Karma Police", "media_artist": "Radiohead", "app_name": "Music"}


@pytest.mark.parametrize(
    ("detail", "state", "text"),
    [
        ("temperature_and_condition", State("weather.a", "sunny", {"temperature": -0.3}), "0° Sunny"),
        ("temperature_and_condition", State("weather.a", "sunny"), "Sunny"),
        ("measured_and_wanted", State("climate.a", "heat", {"temperature": 21.5}), "21.5°"),
        ("measured_and_wanted", State("climate.a", "off"), "Off"),
        ("event", _calendar(), "Dentist"),
        ("event", State("calendar.a", "off", {"friendly_name": "Family"}), "Family"),
        ("event_start", State("calendar.a", "off"), "No events"),
        ("event_start", _calendar(), "Tomorrow 10:00 AM"),
        ("event_start", _calendar(start_time="2026-11-23 15:00:00"), "Today 3:00 PM"),
        ("event_start", _calendar(start_time="2026-11-28 15:00:00"), "Sat 3:00 PM"),
        ("event_start", _calendar("on", end_time="2026-11-23 12:30:00"), "Until 12:30 PM"),
        ("event_start", _days("2026-11-24", "2026-11-25"), "Tomorrow"),
        ("event_start", _days("2026-11-23", "2026-11-24", "on"), "Today"),
        ("event_start", _days("2026-11-22", "2026-11-28", "on"), "Until Fri"),
        ("event_and_start", _calendar(), "Dentist: Tomorrow 10:00 AM"),
        ("event_and_start", State("calendar.a", "off", {"friendly_name": "Family"}), "Family: No events"),
        ("event_place", _calendar(location="Main Street 5"), "Main Street 5"),
        ("event_place", _calendar(location=""), ""),
        ("media_title", State("media_player.a", "playing", PLAYING), "Karma Police"),
        ("media_title", State("media_player.a", "paused"), "Paused"),
        ("media_artist", State("media_player.a", "playing", PLAYING), "Radiohead"),
        ("media_artist", State("media_player.a", "playing", {"app_name": "Music"}), "Music"),
        ("media_artist", State("media_player.a", "idle"), ""),
        ("title_and_artist", State("media_player.a", "playing", PLAYING), "Karma Police · Radiohead"),
        ("title_and_artist", State("media_player.a", "idle"), "Idle"),
        ("left", State("todo.a", "3"), "3 left"),
        ("left", State("todo.a", "0"), "All done"),
        ("finish_time", State("timer.a", "active", {"finishes_at": "2026-11-23T12:05:00+00:00"}), "1:05 PM"),
        ("finish_time", State("timer.a", "paused", {"remaining": "0:05:00"}), "Paused"),
        ("brightness", State("light.a", "on", {"brightness": 1}), "1 %"),
        ("brightness", State("light.a", "on"), "100 %"),
        ("brightness", State("light.a", "off", {"brightness": 128}), "0 %"),
        ("sunset", State("sun.sun", "above_horizon", {"next_setting": "2026-11-23T15:05:00+00:00"}), "Sunset 4:05 PM"),
        ("battery", State("vacuum.a", "docked", {"battery_level": 84.6}), "Battery 85 %"),
        ("since", State("lock.a", "locked"), "since 12:00 PM"),
        ("of_a_later_version", State("lock.a", "locked"), "Locked"),
    ],
)
async def test_detail(kit: GlancesKit, detail: str, state: State, text: str) -> None:
    """It is shown instead of the state."""
    await kit.state(state.entity_id, state.state, **state.attributes)
    await kit.load(widget(title={"text": "T"}, text=entity(state.entity_id, detail=detail)))
    kit.assert_pushed({"title": "T", "text": text})


@pytest.mark.parametrize(
    ("detail", "entity_id"),
    [
        ("temperature_and_condition", "weather.a"),
        ("measured_and_wanted", "climate.a"),
        ("event", "calendar.a"),
        ("event_start", "calendar.a"),
        ("event_and_start", "calendar.a"),
        ("event_place", "calendar.a"),
        ("media_title", "media_player.a"),
        ("media_artist", "media_player.a"),
        ("title_and_artist", "media_player.a"),
        ("left", "todo.a"),
        ("finish_time", "timer.a"),
        ("brightness", "light.a"),
        ("sunset", "sun.sun"),
        ("sunrise", "sun.sun"),
        ("battery", "vacuum.a"),
        ("since", "lock.a"),
        ("how_many", "binary_sensor.a"),
        ("names", "binary_sensor.a"),
    ],
)
@pytest.mark.parametrize("gone", ["unavailable", "unknown", None])
async def test_detail_of_an_entity_that_is_away(kit: GlancesKit, detail: str, entity_id: str, gone: str | None) -> None:
    """It has no value."""
    if gone is not None:
        await kit.state(entity_id, gone)
    await kit.load(widget(title={"text": "T"}, text=entity(entity_id, detail=detail)))
    await kit.tick(31 * MINUTE)
    assert [glance.get("text") for glance in kit.pushed()] in ([None, DASH], [None])


async def test_calendar_among_several(kit: GlancesKit) -> None:
    """It says what is next: on and off would say nothing."""
    family = _calendar()
    await kit.state(family.entity_id, family.state, **family.attributes)
    await kit.state("lock.a", "locked", friendly_name="Door")
    await kit.load(widget(title={"text": "T"}, text={"entity": {"entity_id": ["lock.a", "calendar.a"]}}))
    kit.assert_pushed({"title": "T", "text": "Door: Locked, Dentist: Tomorrow 10:00 AM"})


async def _windows(kit: GlancesKit, *states: str, **attributes: Any) -> list[str]:
    """Set windows of the kitchen, the bath and so on, and return their ids."""
    names = ["Kitchen", "Bath", "Living room"]
    ids = [f"binary_sensor.{name.lower().replace(' ', '_')}" for name in names]
    for entity_id, name, state in zip(ids, names, states, strict=False):
        await kit.state(entity_id, state, **{"device_class": "window", "friendly_name": f"{name} window", **attributes})
    return ids[: len(states)]


def _counted(entity_id: str | list[str]) -> Any:
    """Describe a widget that counts entities in every way."""
    source: dict[str, Any] = {"entity_id": entity_id}
    details = {"text": "how_many", "subtext": "names", "count": "how_many", "percent": "share"}
    fields: dict[str, Any] = {field: {"entity": {**source, "detail": detail}} for field, detail in details.items()}
    return widget(**fields)


@pytest.mark.parametrize("is_group", [False, True])
async def test_several_windows(kit: GlancesKit, *, is_group: bool) -> None:
    """They are counted and named, as several entities and as the members of a group."""
    ids = await _windows(kit, "on", "off", "unavailable")
    if is_group:
        kit.hass.states.async_set("binary_sensor.all", "on", {"device_class": "window", "entity_id": ids})
    await kit.load(_counted("binary_sensor.all" if is_group else ids))
    await kit.tick(10 * MINUTE)
    kit.assert_pushed({"text": "1 open", "subtext": "Kitchen", "count": "1", "percent": "50"})
    await kit.tick(SPACING)
    kit.assert_pushed({"text": "1 open, 1 unknown", "subtext": "Kitchen, Living room?", "count": "1", "percent": "50"})
    await _windows(kit, "off", "on", "on")
    await kit.tick(SPACING)
    kit.assert_pushed({"text": "2 open", "subtext": "Bath, Living room", "count": "2", "percent": "67"})
    await kit.tick(SPACING)
    # Another one of them is open.
    await _windows(kit, "on", "off", "on")
    await kit.tick(MINUTE)
    kit.assert_pushed({"text": "2 open", "subtext": "Kitchen, Living room", "count": "2", "percent": "67"})
    await kit.tick(SPACING)
    await _windows(kit, "off", "off", "off")
    await kit.tick(MINUTE)
    kit.assert_pushed({"text": "All closed", "subtext": "", "count": "0", "percent": "0"})
    await kit.tick(SPACING)
    await _windows(kit, "off", "unavailable", "off")
    await kit.tick(29 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.tick(MINUTE)
    kit.assert_pushed({"text": "1 unknown, 2 closed", "subtext": "Bath?", "count": "", "percent": ""})
    await kit.tick(SPACING)
    await _windows(kit, "unavailable", "unavailable", "unavailable")
    await kit.tick(MINUTE)
    kit.assert_nothing_pushed()
    await kit.tick(30 * MINUTE + ROUNDING)
    kit.assert_pushed({"text": DASH, "subtext": DASH, "count": "", "percent": ""})


_WORDS = {
    "en": ("1 open", "2 open", "1 unknown, 2 closed", "All closed", "Kitchen, Bath?"),
    "de": ("1 offen", "2 offen", "1 unbekannt, 2 zu", "Alles zu", "Kitchen, Bath?"),
    "fr": ("1 ouverte", "2 ouvertes", "1 sans état, 2 fermées", "Tout fermé", "Kitchen, Bath ?"),
    "es": ("1 abierta", "2 abiertas", "1 sin datos, 2 cerradas", "Todo cerrado", "Kitchen, ¿Bath?"),
    "it": ("1 aperta", "2 aperte", "1 senza dati, 2 chiuse", "Tutto chiuso", "Kitchen, Bath?"),
    "nl": ("1 open", "2 open", "1 onbekend, 2 dicht", "Alles dicht", "Kitchen, Bath?"),
}


@pytest.mark.parametrize("language", _WORDS)
async def test_languages(kit: GlancesKit, language: str) -> None:
    """Each language has the form that goes with one window, with several, and with those that are unknown."""
    kit.hass.config.language = language
    ids = await _windows(kit, "on", "off", "off")
    await kit.load(_counted(ids))
    one, two, unknown, none, names = _WORDS[language]
    assert kit.pushed()[-1]["text"] == one
    for states, text in ((("on", "on", "off"), two), (("off", "off", "off"), none)):
        await _windows(kit, *states)
        await kit.tick(SPACING)
        assert kit.pushed()[-1]["text"] == text
    await _windows(kit, "off", "unavailable", "off")
    await kit.tick(30 * MINUTE)
    assert kit.pushed()[-1]["text"] == unknown
    await _windows(kit, "on", "unavailable", "off")
    await kit.tick(SPACING)
    assert kit.pushed()[-1]["subtext"] == names


_ONE_AND_TWO: dict[tuple[str, str | None, str], dict[str, tuple[str, ...]]] = {
    ("light", None, "on"): {
        "en": ("1 on", "2 on"),
        "de": ("1 an", "2 an"),
        "fr": ("1 allumée", "2 allumées"),
        "es": ("1 encendida", "2 encendidas"),
        "it": ("1 accesa", "2 accese"),
        "nl": ("1 aan", "2 aan"),
    },
    ("switch", None, "on"): {
        "fr": ("1 en marche", "2 en marche"),
        "es": ("1 encendido", "2 encendidos"),
        "it": ("1 acceso",),
    },
    ("lock", None, "unlocked"): {"fr": ("1 déverrouillée", "2 déverrouillées"), "es": ("1 desbloqueada",)},
    ("lock", None, "jammed"): {
        "en": ("1 jammed", "2 jammed"),
        "de": ("1 verklemmt", "2 verklemmt"),
        "fr": ("1 bloquée", "2 bloquées"),
        "es": ("1 atascada", "2 atascadas"),
        "it": ("1 inceppata", "2 inceppate"),
        "nl": ("1 vastgelopen", "2 vastgelopen"),
    },
    ("cover", "shutter", "open"): {"fr": ("1 ouvert", "2 ouverts"), "es": ("1 abierta",), "it": ("1 aperta",)},
    ("cover", "gate", "open"): {"fr": ("1 ouvert",), "es": ("1 abierto", "2 abiertos"), "it": ("1 aperto",)},
    ("binary_sensor", "battery", "on"): {"en": ("1 low",), "fr": ("1 faible", "2 faibles"), "nl": ("1 bijna leeg",)},
    ("binary_sensor", "moisture", "on"): {"en": ("1 leak", "2 leaks"), "de": ("1 Wasserleck", "2 Wasserlecks")},
    ("binary_sensor", "problem", "on"): {"en": ("1 problem", "2 problems"), "de": ("1 Problem", "2 Probleme")},
    ("binary_sensor", "motion", "on"): {"en": ("Detected (1)",), "de": ("Erkannt (1)",), "fr": ("Détecté (1)",)},
}


@pytest.mark.parametrize(
    ("kind", "language"), [(kind, language) for kind, texts in _ONE_AND_TWO.items() for language in texts]
)
async def test_one_and_two(kit: GlancesKit, kind: tuple[str, str | None, str], language: str) -> None:
    """The words go with the number and the gender of what is counted."""
    kit.hass.config.language = language
    (domain, device_class, state), texts = kind, _ONE_AND_TWO[kind][language]
    assert await async_setup_component(kit.hass, domain, {})
    off = {"cover": "closed", "lock": "locked"}.get(domain, "off")
    for number in range(3):
        await kit.state(f"{domain}.x{number}", state if number == 0 else off, device_class=device_class)
    ids = [f"{domain}.x{number}" for number in range(3)]
    await kit.load(widget(text={"entity": {"entity_id": ids, "detail": "how_many"}}))
    assert kit.pushed() == [{"text": texts[0]}]
    await kit.change(f"{domain}.x1", state, device_class=device_class)
    await kit.tick(SPACING)
    assert [glance["text"] for glance in kit.pushed()] == [*texts[1:]] or len(texts) == 1


@pytest.mark.parametrize(
    ("states", "language", "text", "subtext"),
    [
        ([State("person.a", "home"), State("person.b", "Work")], "en", "1 home", "a"),
        ([State("person.a", "not_home"), State("person.b", "Work")], "en", "Nobody home", ""),
        ([State("person.a", "home"), State("device_tracker.b", "home")], "de", "2 zu Hause", "a, b"),
        ([State("light.a", "on"), State("switch.b", "off")], "en", "1 on", "a"),
        ([State("light.a", "off"), State("switch.b", "off")], "en", "All off", ""),
        ([State("lock.a", "unlocked"), State("lock.b", "locked")], "en", "1 unlocked", "a"),
        ([State("lock.a", "locked"), State("lock.b", "locked")], "en", "All locked", ""),
        ([State("lock.a", "locked"), State("lock.b", "jammed")], "en", "1 jammed", "b"),
        ([State("cover.a", "closed"), State("cover.b", "stopped")], "en", "stopped (1)", "b"),
        (
            [State(f"binary_sensor.{name}", "on", {"device_class": "smoke"}) for name in "ab"],
            "en",
            "Detected (2)",
            "a, b",
        ),
    ],
)
async def test_words_of_what_is_counted(
    kit: GlancesKit, states: list[State], language: str, text: str, subtext: str
) -> None:
    """They are those of the kind of entity, in the language of Home Assistant."""
    kit.hass.config.language = language
    for state in states:
        await kit.state(state.entity_id, state.state, **state.attributes)
    ids = [state.entity_id for state in states]
    details = {"text": "how_many", "subtext": "names"}
    shown: dict[str, Any] = {field: {"entity": {"entity_id": ids, "detail": key}} for field, key in details.items()}
    await kit.load(widget(title={"text": "T"}, **shown))
    kit.assert_pushed({"title": "T", "text": text, "subtext": subtext})


async def test_group_of_what_is_no_entity(kit: GlancesKit) -> None:
    """Any entity may have such an attribute; what is in it besides entities is left out."""
    await kit.state("light.a", "on", friendly_name="Lamp")
    await kit.state("light.all", "on", entity_id=["light.a", 3, None])
    await kit.load(widget(text=entity("light.all", detail="how_many"), subtext=entity("light.all", detail="names")))
    kit.assert_pushed({"text": "1 on", "subtext": "Lamp"})


async def test_groups_in_groups(kit: GlancesKit) -> None:
    """Every member counts once, also if a group holds itself."""
    ids = await _windows(kit, "on", "on", "off")
    kit.hass.states.async_set("group.inner", "on", {"entity_id": [*ids, "group.outer"]})
    outer = {"entity_id": ("group.inner", ids[0]), "friendly_name": "Windows"}
    kit.hass.states.async_set("group.outer", "on", outer)
    await kit.load(widget(text=entity("group.outer", detail="how_many", name=True)))
    kit.assert_pushed({"text": "Windows: 2 open"})


async def test_zone(kit: GlancesKit) -> None:
    """Everybody in the zone is counted, in the home and in any other."""
    for name in ("Anna", "Ben"):
        await kit.state(f"person.{name.lower()}", "Work", friendly_name=name)
    await kit.state("zone.work", "2", persons=["person.anna", "person.ben"])
    await kit.load(
        widget(text=entity("zone.work", detail="how_many"), subtext=entity("zone.work", detail="names")),
    )
    kit.assert_pushed({"text": "2 here", "subtext": "Anna, Ben"})


@pytest.mark.parametrize(
    ("states", "text"),
    [
        (["21.3", "22"], "Living room 21.3 °C, Bath 22 °C"),
        (["unavailable", "22"], "Bath 22 °C"),
    ],
)
async def test_states_of_several_entities(kit: GlancesKit, states: list[str], text: str) -> None:
    """Each has its name before it; one that is away is left out, and a number is that of the first that has one."""
    for entity_id, name, state in zip(("sensor.a", "sensor.b"), ("Living room", "Bath"), states, strict=True):
        await kit.state(entity_id, state, friendly_name=name, unit_of_measurement="°C")
    source = {"entity": {"entity_id": ["sensor.a", "sensor.b"]}}
    await kit.load(widget(text=source, count=source))
    await kit.tick(10 * MINUTE)
    kit.assert_pushed({"text": text, "count": "21" if "Living" in text else "22"})


async def test_one_of_several_entities_is_lost(kit: GlancesKit) -> None:
    """It is shown as before for half an hour, and then with a dash; the other one is followed all the time."""
    await kit.state("cover.a", "open", friendly_name="Garage")
    await kit.state("lock.b", "locked", friendly_name="Door")
    for domain in ("cover", "lock"):
        assert await async_setup_component(kit.hass, domain, {})
    await kit.load(widget(text={"entity": {"entity_id": ["cover.a", "lock.b"]}}))
    kit.assert_pushed({"text": "Garage: Open, Door: Locked"})
    await kit.tick(SPACING)
    await kit.change("cover.a", "unavailable", friendly_name="Garage")
    await kit.tick(10 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.change("lock.b", "jammed", friendly_name="Door")
    kit.assert_pushed({"text": "Garage: Open, Door: Jammed"})
    await kit.tick(SPACING)
    kit.assert_pushed({"text": f"Garage: {DASH}, Door: Jammed"})
    await kit.tick(SPACING)
    await kit.change("cover.a", "closed", friendly_name="Garage")
    kit.assert_pushed({"text": "Garage: Closed, Door: Jammed"})


def _of_device(hass: HomeAssistant, *entities: tuple[str, str | None]) -> list[str]:
    """Add entities of one device to the registry, and return their ids."""
    entry = MockConfigEntry(domain="demo")
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(config_entry_id=entry.entry_id, identifiers={("demo", "1")})
    return [
        er.async_get(hass)
        .async_get_or_create(domain, "demo", domain, device_id=device.id, original_device_class=device_class)
        .entity_id
        for domain, device_class in entities
    ]


async def test_battery_of_the_device(kit: GlancesKit) -> None:
    """A lock has the battery of its device, and follows it."""
    lock, sensor = _of_device(kit.hass, ("lock", None), ("sensor", "battery"))
    await kit.state(lock, "locked")
    await kit.state(sensor, "85")
    source = entity(lock, detail="battery")
    await kit.load(widget(text=entity(lock), subtext=source, percent=source))
    kit.assert_pushed({"text": "Locked", "subtext": "Battery 85 %", "percent": "85"})
    await kit.tick(SPACING)
    await kit.change(sensor, "84")
    kit.assert_nothing_pushed()
    await kit.change(sensor, "82")
    kit.assert_pushed({"text": "Locked", "subtext": "Battery 82 %", "percent": "82"})


async def test_since_costs_no_update(kit: GlancesKit) -> None:
    """A lock that was away for a moment has the same state as before."""
    await kit.state("lock.a", "locked")
    await kit.load(widget(text=entity("lock.a"), subtext=entity("lock.a", detail="since")))
    kit.assert_pushed({"text": "Locked", "subtext": "since 12:00 PM"})
    await kit.tick(SPACING)
    await kit.change("lock.a", "unavailable")
    await kit.change("lock.a", "locked")
    await kit.tick(MINUTE)
    kit.assert_nothing_pushed()
    await kit.change("lock.a", "unlocked")
    await kit.tick(MINUTE)
    kit.assert_pushed({"text": "Unlocked", "subtext": "since 12:21 PM"})


async def test_small_differences_cost_no_update(kit: GlancesKit) -> None:
    """A temperature in a detail is a quantity, what a person has set counts."""
    shown = {"current_temperature": 21.0, "temperature": 20.0}
    await kit.state("climate.a", "heat", **shown)
    await kit.load(widget(text=entity("climate.a", detail="measured_and_wanted")))
    kit.assert_pushed({"text": "21 → 20°"})
    await kit.tick(SPACING)
    await kit.change("climate.a", "heat", **shown | {"current_temperature": 21.3})
    kit.assert_nothing_pushed()
    await kit.change("climate.a", "heat", **shown | {"temperature": 20.5})
    kit.assert_pushed({"text": "21 → 20.5°"})


async def test_tomorrow_is_today_on_the_next_day(kit: GlancesKit) -> None:
    """What is not true any more is worth an update."""
    event = _calendar()
    await kit.state(event.entity_id, event.state, **event.attributes)
    await kit.load(widget(text=entity(event.entity_id, detail="event_start")))
    kit.assert_pushed({"text": "Tomorrow 10:00 AM"})
    kit.freezer.move_to("2026-11-23 22:50:00+00:00")
    await kit.tick(0)
    kit.pushed()
    await kit.tick(11 * MINUTE)
    await kit.tick(SPACING)
    kit.assert_pushed({"text": "Today 10:00 AM"})


_DURATION = {"device_class": "duration"}
_POWER = {"device_class": "power", "unit_of_measurement": "W"}


@pytest.mark.parametrize(
    ("state", "attributes", "options", "text"),
    [
        ("80", {**_DURATION, "unit_of_measurement": "min"}, {}, "1 h 20"),
        ("120", {**_DURATION, "unit_of_measurement": "min"}, {}, "2 h"),
        ("4980", {**_DURATION, "unit_of_measurement": "s"}, {}, "1 h 23"),
        ("45", {**_DURATION, "unit_of_measurement": "s"}, {}, "45 s"),
        ("59.7", {**_DURATION, "unit_of_measurement": "s"}, {}, "1 min"),
        ("0.2", {**_DURATION, "unit_of_measurement": "s"}, {}, "0 min"),
        ("0", {**_DURATION, "unit_of_measurement": "s"}, {}, "0 min"),
        ("51", {**_DURATION, "unit_of_measurement": "h"}, {}, "2 d 3 h"),
        ("48", {**_DURATION, "unit_of_measurement": "h"}, {}, "2 d"),
        ("-5", {**_DURATION, "unit_of_measurement": "min"}, {}, "-5 min"),
        ("1.5", {**_DURATION, "unit_of_measurement": "h"}, {"decimals": 1}, "1.5 h"),
        ("2345", _POWER, {}, "2.3 kW"),
        ("-2345", _POWER, {}, "-2.3 kW"),
        ("999", _POWER, {}, "999 W"),
        ("2345", _POWER, {"unit": False}, "2345"),
    ],
)
async def test_quantities_as_people_read_them(
    kit: GlancesKit, state: str, attributes: dict[str, Any], options: dict[str, Any], text: str
) -> None:
    """A duration has hours and minutes, and a large power kilowatts, unless a person has chosen how it is written."""
    await kit.state("sensor.a", state, **attributes)
    await kit.load(widget(text=entity("sensor.a", **options)))
    kit.assert_pushed({"text": text})


async def test_minute_of_hours_costs_no_update(kit: GlancesKit) -> None:
    """A duration counts as a whole, not by the minutes that its text ends in."""
    attributes = {**_DURATION, "unit_of_measurement": "min"}
    await kit.state("sensor.a", "110", **attributes)
    await kit.load(widget(text=entity("sensor.a")))
    await kit.tick(SPACING)
    await kit.change("sensor.a", "108", **attributes)
    kit.assert_pushed({"text": "1 h 50"})
    await kit.change("sensor.a", "106", **attributes)
    kit.assert_pushed({"text": "1 h 46"})


async def test_kilowatt_costs_no_update(kit: GlancesKit) -> None:
    """A power about the thousand watts is the same in both units."""
    await kit.state("sensor.a", "990", **_POWER)
    await kit.load(widget(text=entity("sensor.a")))
    await kit.tick(SPACING)
    await kit.change("sensor.a", "1010", **_POWER)
    kit.assert_pushed({"text": "990 W"})
    await kit.change("sensor.a", "1200", **_POWER)
    kit.assert_pushed({"text": "1.2 kW"})


async def test_number_of_a_detail_in_a_range(kit: GlancesKit) -> None:
    """A percent tells where it is between two values."""
    lights = [f"light.{name}" for name in "abc"]
    for entity_id in lights:
        await kit.state(entity_id, "off" if entity_id == "light.c" else "on")
    source = {"entity": {"entity_id": lights, "detail": "how_many", "min": 0, "max": 4}}
    await kit.load(widget(count=source, percent=source))
    kit.assert_pushed({"count": "50", "percent": "50"})


async def test_detail_of_another_kind_of_field(kit: GlancesKit) -> None:
    """A number field that has a detail for texts shows the state."""
    await kit.state("todo.a", "3")
    await kit.load(widget(count=entity("todo.a", detail="left")))
    kit.assert_pushed({"count": "3"})


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        (
            "Living room temperature",
            {"device_class": "temperature", "unit_of_measurement": "°C"},
            "Living room 21.3 °C",
        ),
        ("Temperature", {"device_class": "temperature", "unit_of_measurement": "°C"}, "Temperature 21.3 °C"),
        ("Phone Battery", {"device_class": "battery", "unit_of_measurement": "%"}, "Phone Battery 21.3 %"),
        ("Heat", {"unit_of_measurement": "°C"}, "Heat 21.3 °C"),
    ],
)
async def test_name_before_a_quantity(kit: GlancesKit, name: str, facts: dict[str, str], text: str) -> None:
    """It does not repeat what the unit tells."""
    await kit.state("sensor.a", "21.3", friendly_name=name, **facts)
    await kit.load(widget(text=entity("sensor.a", name=True)))
    kit.assert_pushed({"text": text})


async def test_group_that_is_unavailable(kit: GlancesKit) -> None:
    """Its members are still counted, although it no longer lists them."""
    lights = [f"light.l{number}" for number in range(5)]
    for entity_id in lights:
        await kit.state(entity_id, "on")
    await kit.state("light.first", "on", entity_id=lights[:3])
    await kit.state("light.second", "on", entity_id=lights[3:])
    groups = ["light.first", "light.second"]
    await kit.load(widget(text={"entity": {"entity_id": groups, "detail": "how_many"}}))
    kit.assert_pushed({"text": "5 on"})
    for entity_id in (*lights[:3], "light.first"):
        await kit.change(entity_id, "unavailable")
    await kit.tick(31 * MINUTE)
    kit.assert_pushed({"text": "2 on, 3 unknown"})
