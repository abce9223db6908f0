"""Alerts over all entities of a kind: in areas, on floors, with labels, or in the whole house."""

from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntryState, ConfigSubentryData
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED, EntityCategory
from homeassistant.core import CoreState
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pushover_glances.content.entity_key import key_of
from custom_components.pushover_glances.content.texts import plain

from .house import BEDROOM, BEDROOM_WINDOW, GARAGE, GROUND, KITCHEN, KITCHEN_WINDOW, RAIN, again, live, move_in
from .kit import MINUTE, SETTLE, SPACING, GlancesKit, alert, widget
from .test_alert_flow import alert_of, filled, go_on, start
from .test_entities import state
from .test_repairs import issues
from .test_widget_flow import enter, pick, preset

GARAGE_DOOR = "cover.garage_door"
ALERT = "binary_sensor.doors_and_windows"
FILLED_IN = {
    "title": "{{ name }}",
    "text": "{{ summary }}",
    "subtext": "since {{ since }}",
    "count": "{{ count }}",
    "percent": "100",
    "replace": True,
    "urgent": True,
}


@pytest.fixture(autouse=True)
async def _house(kit: GlancesKit) -> None:
    """Have two windows, a garage door, and words for their states."""
    await move_in(kit)
    await live(kit, GARAGE_DOOR, "closed", "garage", area=GARAGE)


def of(kind: str, **places: list[str]) -> Any:
    """Describe an alert over entities of a kind, as its flow saves it."""
    data: dict[str, Any] = {"entities": [], "target": {"kind": kind, **places}, "text": "{{ summary }}", "urgent": True}
    data |= {"below": 20} if kind == "batteries" else {}
    data |= {"states": ["not_home"]} if kind == "people" else {}
    return ConfigSubentryData(data=data, subentry_type="alert", title="Doors and windows", unique_id=None)


async def text(kit: GlancesKit, wait: float = MINUTE) -> str | None:
    """Return the text that arrives by the next slot; `None` if nothing does."""
    await kit.tick(wait)
    pushed = kit.pushed()
    return pushed[-1].get("text") if pushed else None


def active(kit: GlancesKit) -> list[str]:
    """Return the entities that make the alert active."""
    found = kit.hass.states.get(ALERT)
    assert found is not None
    return [*found.attributes.get("entities", [])]


async def load(kit: GlancesKit, kind: str, **places: list[str]) -> Any:
    """Load an alert over entities of a kind, and let the first update go."""
    entry = await kit.load(widget(text="all is well"), of(kind, **places))
    await kit.tick(SPACING)
    kit.pushed()
    return entry


async def test_flow(kit: GlancesKit) -> None:
    """A kind and a label are chosen, and everything else is filled in."""
    entry = await kit.load(widget(title="Outside"))
    form = await enter(kit, await start(kit, entry), kind="openings", label_id=[RAIN])
    assert filled(form) == {"name": "Doors and windows: When it rains", **FILLED_IN}
    assert "states" not in form["data_schema"].schema
    assert form["description_placeholders"]["active_while"] == (
        "The alert is active while at least one door or window is open, and the conditions under **Only while** are met."
    )
    form = await enter(kit, form, **filled(form))
    shown = form["description_placeholders"]
    assert shown["entities"].startswith("no entity at the moment")
    assert "Doors and windows\\: When it rains" in shown["entities"]
    result = await pick(kit, form, "save")
    assert result["title"] == "Doors and windows: When it rains"
    assert dict(alert_of(entry).data) == {
        "entities": [],
        "target": {"kind": "openings", "label_id": [RAIN]},
        **FILLED_IN,
    }


@pytest.mark.parametrize(
    ("chosen", "errors"),
    [
        ({}, {"entities": "no_entity"}),
        ({"area_id": [KITCHEN]}, {"kind": "no_kind"}),
        ({"entities": [GARAGE_DOOR], "label_id": [RAIN]}, {"kind": "no_kind"}),
        ({"entities": [GARAGE_DOOR], "kind": "lights"}, {"kind": "entities_and_kind"}),
    ],
)
async def test_errors(kit: GlancesKit, chosen: dict[str, Any], errors: dict[str, str]) -> None:
    """Entities and a kind exclude each other, and places need a kind; what was chosen stays."""
    entry = await kit.load(widget(title="Outside"))
    form = await enter(kit, await start(kit, entry), **chosen)
    assert (form["step_id"], form["errors"]) == ("user", errors)
    assert {key: preset(form, key) for key in chosen} == chosen


async def test_copy_and_kind(kit: GlancesKit) -> None:
    """A copy excludes a kind, and copies the target of another alert."""
    entry = await kit.load(widget(title="Outside"), of("lights", area_id=[KITCHEN]))
    copied = alert_of(entry).subentry_id
    form = await enter(kit, await start(kit, entry), kind="lights", copy=copied)
    assert form["errors"] == {"copy": "entities_and_copy"}
    form = await enter(kit, await start(kit, entry), copy=copied)
    await pick(kit, form, "save")
    assert [item.data["target"] for item in entry.get_subentries_of_type("alert")] == [
        {"kind": "lights", "area_id": [KITCHEN]}
    ] * 2


async def test_reconfigure(kit: GlancesKit) -> None:
    """What was chosen is there again, and entities can take its place."""
    entry = await kit.load(widget(title="Outside"), of("openings", floor_id=[GROUND]))
    context = {"source": SOURCE_RECONFIGURE, "subentry_id": alert_of(entry).subentry_id}
    form = await start(kit, entry, **context)
    assert {key: preset(form, key) for key in ("kind", "floor_id", "entities")} == {
        "kind": "openings",
        "floor_id": [GROUND],
        "entities": None,
    }
    form = await enter(kit, form, entities=[GARAGE_DOOR])
    assert (preset(form, "states"), preset(form, "text")) == (["open"], "Garage door open")
    await pick(kit, await enter(kit, form, **filled(form)), "save")
    assert "target" not in alert_of(entry).data
    assert alert_of(entry).data["states"] == ["open"]
    form = await enter(kit, await start(kit, entry, **context), kind="batteries")
    assert {key: preset(form, key) for key in ("above", "below", "text")} == {
        "above": None,
        "below": 20,
        "text": "{{ summary }}",
    }
    await pick(kit, await enter(kit, form, **filled(form, below=15)), "save")
    assert (alert_of(entry).data["below"], "states" in alert_of(entry).data) == (15, False)
    form = await enter(kit, await start(kit, entry, **context), kind="people")
    assert (preset(form, "states"), "below" in form["data_schema"].schema) == (["not_home"], False)


@pytest.mark.parametrize(
    ("states", "then"), [(["open"], ["open", "on"]), (["closed"], ["closed", "on"]), (["on", "open"], ["on", "open"])]
)
async def test_states_of_another_entity(kit: GlancesKit, states: list[str], then: list[str]) -> None:
    """A window that is added to an alert of a door counts as well: its usual state is suggested."""
    entry = await kit.load(widget(title="Outside"), alert(GARAGE_DOOR, states=states))
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=alert_of(entry).subentry_id)
    form = await enter(kit, form, entities=[GARAGE_DOOR, KITCHEN_WINDOW])
    await pick(kit, await enter(kit, form, **filled(form)), "save")
    assert alert_of(entry).data["states"] == then
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=alert_of(entry).subentry_id)
    form = await enter(kit, form, entities=[KITCHEN_WINDOW])
    assert preset(form, "states") == [state for state in then if state != "open"]


async def remove_door(kit: GlancesKit) -> None:
    """Remove the garage door for good."""
    er.async_get(kit.hass).async_remove(GARAGE_DOOR)
    await kit.settle()


async def test_entity_in_place_of_a_removed_one(kit: GlancesKit) -> None:
    """An alert whose only entity has been removed can watch another one, whose usual state is suggested."""
    entry = await kit.load(widget(title="Outside"), alert(key_of(kit.hass, GARAGE_DOOR)))
    await remove_door(kit)
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=alert_of(entry).subentry_id)
    form = await enter(kit, form, entities=[KITCHEN_WINDOW])
    assert preset(form, "states") == ["on"]
    await pick(kit, await enter(kit, form, **filled(form)), "save")
    assert alert_of(entry).data["entities"] == [key_of(kit.hass, KITCHEN_WINDOW)]


@pytest.mark.parametrize("step", ["alert", "preview"])
async def test_entity_is_removed_meanwhile(kit: GlancesKit, step: str) -> None:
    """The flow ends and says why, whether the alert is changed or copied."""
    entry = await kit.load(widget(title="Outside"), alert(key_of(kit.hass, GARAGE_DOOR)))
    existing = alert_of(entry).subentry_id
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=existing)
    while form["step_id"] != step:
        form = await go_on(kit, form)
    await remove_door(kit)
    result = await go_on(kit, form)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "entities_removed")
    result = await enter(kit, await start(kit, entry), copy=existing)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "entities_removed")


async def test_names_and_numbers(kit: GlancesKit) -> None:
    """One that is open is named; of several, it is said how many of what there are."""
    await load(kit, "openings")
    await again(kit, KITCHEN_WINDOW, "on")
    assert await text(kit) == "Kitchen window open"
    await again(kit, BEDROOM_WINDOW, "on")
    assert await text(kit) == "2 windows open"
    await again(kit, GARAGE_DOOR, "open")
    assert await text(kit) == "3 doors/windows open"
    assert active(kit) == [KITCHEN_WINDOW, BEDROOM_WINDOW, GARAGE_DOOR]


async def test_label(kit: GlancesKit) -> None:
    """What is labelled later counts without an edit, and what loses its label drops out at once."""
    await load(kit, "openings", label_id=[RAIN])
    await again(kit, KITCHEN_WINDOW, "on")
    assert await text(kit) is None
    er.async_get(kit.hass).async_update_entity(KITCHEN_WINDOW, labels={RAIN})
    await kit.settle()
    assert state(kit, ALERT) == "on"
    assert await text(kit) == "Kitchen window open"
    er.async_get(kit.hass).async_update_entity(KITCHEN_WINDOW, labels=set())
    await kit.settle()
    assert await text(kit) == "all is well"
    assert state(kit, ALERT) == "off"


async def test_label_while_unloaded(kit: GlancesKit) -> None:
    """An entity that has lost its label meanwhile does not keep the alert active after a restart."""
    er.async_get(kit.hass).async_update_entity(KITCHEN_WINDOW, labels={RAIN})
    entry = await load(kit, "openings", label_id=[RAIN])
    await again(kit, KITCHEN_WINDOW, "on")
    assert await text(kit) == "Kitchen window open"
    await kit.hass.config_entries.async_unload(entry.entry_id)
    er.async_get(kit.hass).async_update_entity(KITCHEN_WINDOW, labels=set())
    await kit.setup(entry)
    assert state(kit, ALERT) == "off"
    assert await text(kit, SPACING) == "all is well"


@pytest.mark.parametrize(
    ("places", "inside"),
    [
        ({"area_id": [KITCHEN]}, {KITCHEN_WINDOW}),
        ({"area_id": [KITCHEN, BEDROOM]}, {KITCHEN_WINDOW, BEDROOM_WINDOW}),
        ({"floor_id": [GROUND]}, {KITCHEN_WINDOW, GARAGE_DOOR}),
        ({"floor_id": [GROUND], "area_id": [BEDROOM]}, {KITCHEN_WINDOW, GARAGE_DOOR, BEDROOM_WINDOW}),
        ({}, {KITCHEN_WINDOW, GARAGE_DOOR, BEDROOM_WINDOW}),
        ({"area_id": ["gone"]}, set()),
    ],
)
async def test_places(kit: GlancesKit, places: dict[str, list[str]], inside: set[str]) -> None:
    """What is in any of the areas, on any of the floors or has any of the labels counts; without any, the whole house."""
    for entity_id, opened in ((KITCHEN_WINDOW, "on"), (BEDROOM_WINDOW, "on"), (GARAGE_DOOR, "open")):
        await again(kit, entity_id, opened)
    entry = await load(kit, "openings", **places)
    assert entry.state is ConfigEntryState.LOADED
    assert {*active(kit)} == inside


async def test_area_of_another_floor(kit: GlancesKit) -> None:
    """An area that is put on the floor, or taken from it, takes its entities along."""
    await again(kit, BEDROOM_WINDOW, "on")
    await load(kit, "openings", floor_id=[GROUND])
    assert state(kit, ALERT) == "off"
    ar.async_get(kit.hass).async_update(BEDROOM, floor_id=GROUND)
    await kit.settle()
    assert state(kit, ALERT) == "on"


async def test_only_of_the_kind(kit: GlancesKit) -> None:
    """Other entities with the label do not count; neither do those that are hidden or disabled."""
    for entity_id, device_class in (
        ("binary_sensor.motion", "motion"),
        ("cover.blind", "blind"),
        ("light.lamp", None),
        ("binary_sensor.plain", None),
    ):
        await live(kit, entity_id, "open" if entity_id.startswith("cover") else "on", device_class, labels=(RAIN,))
    await live(kit, "binary_sensor.hidden", "on", "window", labels=(RAIN,))
    er.async_get(kit.hass).async_update_entity("binary_sensor.hidden", hidden_by=er.RegistryEntryHider.USER)
    await load(kit, "openings", label_id=[RAIN])
    assert state(kit, ALERT) == "off"
    # A person may know better what a sensor is.
    er.async_get(kit.hass).async_update_entity("binary_sensor.plain", device_class="door")
    await kit.settle()
    assert state(kit, ALERT) == "on"


async def test_batteries(kit: GlancesKit) -> None:
    """Batteries are diagnostic, and count all the same: by a number, or by what they say themselves."""
    diagnostic = EntityCategory.DIAGNOSTIC
    await live(kit, "sensor.mailbox", "76", "battery", area=KITCHEN, category=diagnostic, unit_of_measurement="%")
    await live(kit, "binary_sensor.remote", "off", "battery", area=KITCHEN, category=diagnostic)
    await load(kit, "batteries", area_id=[KITCHEN])
    await again(kit, "sensor.mailbox", "19")
    assert await text(kit) == "Mailbox 19 %"
    await again(kit, "binary_sensor.remote", "on")
    assert await text(kit) == "2 batteries low"


async def test_battery_that_says_it_twice(kit: GlancesKit) -> None:
    """A device that tells how full its battery is, and whether it is low, counts once."""
    other = MockConfigEntry(domain="test")
    other.add_to_hass(kit.hass)
    device = dr.async_get(kit.hass).async_get_or_create(config_entry_id=other.entry_id, identifiers={("test", "lock")})
    await live(kit, "sensor.lock", "10", "battery", device=device, unit_of_measurement="%")
    await live(kit, "binary_sensor.lock", "on", "battery", device=device)
    await live(kit, "binary_sensor.remote", "on", "battery")
    await load(kit, "batteries")
    assert {*active(kit)} == {"binary_sensor.remote", "sensor.lock"}


async def test_people(kit: GlancesKit) -> None:
    """An alert tells who is away."""
    await live(kit, "person.anna", "home")
    await live(kit, "person.ben", "home")
    await load(kit, "people")
    await again(kit, "person.anna", "not_home")
    assert await text(kit) == "Anna away"
    await again(kit, "person.ben", "not_home")
    assert await text(kit) == "2 away"


async def test_without_registry_entry(kit: GlancesKit) -> None:
    """In the whole house, entities count that have no registry entry; one that reloads does not end the alert."""
    await load(kit, "openings")
    await kit.change("binary_sensor.cellar", "on", device_class="window", friendly_name="Cellar")
    assert await text(kit) == "Cellar open"
    kit.hass.states.async_remove("binary_sensor.cellar")
    await kit.settle()
    assert state(kit, ALERT) == "on"
    assert await text(kit) is None
    await kit.change("binary_sensor.cellar", "on", device_class="window", friendly_name="Cellar")
    assert state(kit, ALERT) == "on"
    assert await text(kit, SETTLE) is None
    kit.hass.states.async_remove("binary_sensor.cellar")
    await kit.tick(31 * MINUTE)
    assert state(kit, ALERT) == "off"


async def test_group(kit: GlancesKit) -> None:
    """A group beside its members does not count again; without them, it counts as one."""
    for name in ("a", "b"):
        await live(kit, f"light.{name}", "on", area=KITCHEN)
    await live(kit, "light.all", "on", area=KITCHEN, members=("light.a", "light.b"))
    await load(kit, "lights", area_id=[KITCHEN])
    assert {*active(kit)} == {"light.a", "light.b"}
    for name in ("a", "b"):
        er.async_get(kit.hass).async_update_entity(f"light.{name}", area_id=BEDROOM)
    await kit.settle()
    await kit.tick(2 * MINUTE)
    assert active(kit) == ["light.all"]


@pytest.mark.parametrize("at_start", ["unavailable", "unknown"])
async def test_group_that_lists_its_members_later(kit: GlancesKit, at_start: str) -> None:
    """It does not count beside them either, although nothing is registered, added or removed then."""
    await live(kit, "binary_sensor.all_windows", at_start, "window")
    await load(kit, "openings")
    await again(kit, KITCHEN_WINDOW, "on")
    assert await text(kit) == "Kitchen window open"
    await live(kit, "binary_sensor.all_windows", "on", "window", members=(KITCHEN_WINDOW, BEDROOM_WINDOW))
    assert await text(kit, SPACING) is None
    assert active(kit) == [KITCHEN_WINDOW]


async def test_dismissed(kit: GlancesKit) -> None:
    """Each entity is dismissed by itself, also one of a target."""
    await load(kit, "openings")
    await again(kit, KITCHEN_WINDOW, "on")
    assert await text(kit) == "Kitchen window open"
    target = {"entity_id": "button.doors_and_windows_dismiss"}
    await kit.hass.services.async_call("button", "press", target, blocking=True)
    await kit.settle()
    assert await text(kit) == "all is well"
    await again(kit, BEDROOM_WINDOW, "on")
    assert await text(kit) == "Bedroom window open"


async def test_diagnostics(kit: GlancesKit, hass_client: ClientSessionGenerator) -> None:
    """They have the target, and which entities it has now."""
    await async_setup_component(kit.hass, "diagnostics", {})
    entry = await load(kit, "openings", area_id=[KITCHEN])
    said: Any = await get_diagnostics_for_config_entry(kit.hass, hass_client, entry)
    (described,) = said["alerts"]
    assert (described["watches"], described["target"]) == (
        [KITCHEN_WINDOW],
        {"kind": "openings", "area_id": [KITCHEN]},
    )


@pytest.mark.parametrize(
    ("item", "key"),
    [
        pytest.param(of("openings", label_id=[RAIN], area_id=[KITCHEN]), "alert_missing_entities", id="alert"),
        pytest.param(
            widget("ipad", text={"entity": {"detail": "how_many", "target": {"kind": "openings", "label_id": [RAIN]}}}),
            "missing_entities",
            id="widget",
        ),
    ],
)
async def test_removed_label(kit: GlancesKit, item: Any, key: str) -> None:
    """A repair names a label that has been removed, because nothing can have it any more."""
    await kit.load(widget(title="Outside"), item)
    await kit.tick(5 * MINUTE)
    await kit.tick(5 * MINUTE)
    assert issues(kit) == {}
    lr.async_get(kit.hass).async_delete(RAIN)
    await kit.tick(5 * MINUTE)
    await kit.tick(5 * MINUTE)
    assert [(name, placeholders["entities"]) for name, placeholders in issues(kit).items()] == [(key, plain(RAIN))]


@pytest.mark.parametrize(
    ("kind", "entity_id", "now", "text"),
    [
        ("openings", KITCHEN_WINDOW, "off", "Kitchen window open"),
        ("lights", "light.lamp", "off", "Lamp on"),
        ("locks", "lock.front_door", "locked", "Front door unlocked"),
        ("people", "person.anna", "home", "Anna away"),
        ("batteries", "sensor.mailbox", "76", "Mailbox 76"),
        ("hazards", "binary_sensor.hallway", "off", "Hallway detected"),
    ],
)
async def test_preview(kit: GlancesKit, kind: str, entity_id: str, now: str, text: str) -> None:
    """While nothing counts, the preview shows the first entity in a state that would; a number as it is."""
    classes = {"openings": "window", "batteries": "battery", "hazards": "smoke"}
    await live(kit, entity_id, now, classes.get(kind), labels=(RAIN,))
    entry = await kit.load(widget(title="Outside"))
    form = await enter(kit, await start(kit, entry), kind=kind, label_id=[RAIN])
    form = await enter(kit, form, **filled(form))
    assert form["description_placeholders"]["text"] == text


async def test_other_states(kit: GlancesKit) -> None:
    """People may count at home, too."""
    for name in ("a", "b"):
        await live(kit, f"person.{name}", "not_home")
    data = of("people")["data"] | {"states": ["home"]}
    await kit.load(widget(text="all is well"), of("people") | {"data": data})
    await kit.tick(SPACING)
    kit.pushed()
    await again(kit, "person.a", "home")
    assert await text(kit) == "A home"
    await again(kit, "person.b", "home")
    assert await text(kit) == "2 home"


async def test_restart_before_entities_are_there(kit: GlancesKit) -> None:
    """An entity without a registry entry that appears while Home Assistant starts is still dismissed."""
    cellar: dict[str, Any] = {"device_class": "window", "friendly_name": "Cellar"}
    entry = await load(kit, "openings")
    await kit.change("binary_sensor.cellar", "on", **cellar)
    assert await text(kit) == "Cellar open"
    target = {"entity_id": "button.doors_and_windows_dismiss"}
    await kit.hass.services.async_call("button", "press", target, blocking=True)
    await kit.settle()
    assert await text(kit) == "all is well"
    await kit.hass.config_entries.async_unload(entry.entry_id)
    kit.hass.states.async_remove("binary_sensor.cellar")
    kit.hass.set_state(CoreState.starting)
    await kit.setup(entry)
    await kit.state("binary_sensor.cellar", "on", **cellar)
    kit.hass.set_state(CoreState.running)
    kit.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await kit.settle()
    assert await text(kit, SPACING) is None
    found = kit.hass.states.get(ALERT)
    assert found is not None
    assert (found.state, found.attributes["dismissed"]) == ("on", True)
