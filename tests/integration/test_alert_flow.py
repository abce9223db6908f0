"""Adding and changing an alert."""

import base64
from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER, ConfigSubentry
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, alert, widget
from .test_entities import state
from .test_widget_flow import enter, pick, preset

GATE = "cover.gate"
EMPTIED = "emptied, if the widget fills it"
NO_HOURS = {"hours": 0, "minutes": 0, "seconds": 0}


@pytest.fixture(autouse=True)
async def _home(kit: GlancesKit) -> None:
    """Have words for states, and two doors."""
    for domain in ("cover", "lock", "sensor"):
        assert await async_setup_component(kit.hass, domain, {})
    await kit.state(DOOR, "closed", friendly_name="Garage door", device_class="garage")
    await kit.state(GATE, "closed", friendly_name="Gate")


async def start(kit: GlancesKit, entry: Any, **context: str) -> dict[str, Any]:
    """Begin to add an alert, or to change one."""
    flow_context: Any = {"source": SOURCE_USER, **context}
    return dict(await kit.hass.config_entries.subentries.async_init((entry.entry_id, "alert"), context=flow_context))


async def choose(kit: GlancesKit, entry: Any, *entities: str) -> dict[str, Any]:
    """Choose the entities of a new alert."""
    form = await start(kit, entry)
    assert (form["step_id"], form["last_step"]) == ("user", False)
    form = await enter(kit, form, entities=[*entities])
    assert (form["step_id"], form["last_step"]) == ("alert", False)
    return form


def filled(form: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Return what a form is filled in with, and what a person makes of it."""
    keys = {str(key): preset(form, key) for key in form["data_schema"].schema}
    return {key: value for key, value in keys.items() if value is not None} | changed


async def go_on(kit: GlancesKit, step: dict[str, Any]) -> dict[str, Any]:
    """Submit a form as it is filled in, or save in the preview."""
    return await (pick(kit, step, "save") if step["step_id"] == "preview" else enter(kit, step, **filled(step)))


def alert_of(entry: Any) -> ConfigSubentry:
    """Return the only alert of an account."""
    (found,) = entry.get_subentries_of_type("alert")
    assert isinstance(found, ConfigSubentry)
    return found


def pictures(placeholders: dict[str, str]) -> list[str]:
    """Return the drawings of a preview."""
    parts = placeholders["pictures"].split("base64,")[1:]
    return [base64.b64decode(part.partition(")")[0]).decode() for part in parts]


async def test_door(kit: GlancesKit) -> None:
    """One choice and nothing typed make an alert; the preview shows how the widget looks during it."""
    entry = await kit.load(widget(title="Outside", count="{{ 7 }}"))
    form = await choose(kit, entry, DOOR)
    filled_in = {
        "name": "Garage door: Open",
        "states": ["open"],
        "title": "Garage door",
        "text": "Garage door open",
        "subtext": "since {{ since }}",
        "count": "{{ count }}",
        "percent": "100",
        "replace": True,
        "urgent": True,
    }
    assert filled(form) == filled_in
    form = await enter(kit, form, **filled(form))
    assert (form["step_id"], form["menu_options"]) == ("preview", ["save", "alert"])
    shown = form["description_placeholders"]
    assert (shown["title"], shown["text"], shown["subtext"]) == ("Garage door", "Garage door open", "since 12\\:00 PM")
    assert (shown["count"], shown["percent"], shown["entities"]) == ("1", "100", "Garage door")
    assert shown["active"] == "The alert is not active now."
    (picture,) = pictures(shown)
    assert all(f">{text}<" in picture for text in ("Garage door", "Garage door open", "since 12:00 PM", "1"))
    assert ">7<" not in picture
    result = await pick(kit, form, "save")
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "Garage door: Open")
    del filled_in["name"]
    assert dict(alert_of(entry).data) == {"entities": [DOOR], **filled_in}
    await kit.tick(2 * MINUTE)
    kit.pushed()
    await kit.change(DOOR, "open")
    shown = {"title": "Garage door", "text": "Garage door open", "subtext": "since 12:02 PM"}
    kit.assert_pushed({**shown, "count": "1", "percent": "100"})
    assert state(kit, "binary_sensor.garage_door_open") == "on"


async def test_open_door(kit: GlancesKit) -> None:
    """An alert that would begin at once says so."""
    entry = await kit.load(widget(title="Outside"))
    await kit.state(DOOR, "open")
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form))
    assert (
        form["description_placeholders"]["active"]
        == "The alert is active now. It will be sent after you save it, as soon as an update is allowed."
    )


@pytest.mark.parametrize(
    ("classes", "states", "text"),
    [
        (["connectivity"], ["off"], "Router disconnected"),
        (["connectivity", "connectivity"], ["off"], "{% if count == 1 %}{{ name }} disconnected{% else %}"),
        (["connectivity", "window"], ["on"], "{% if count == 1 %}{{ name }} {{ state | lower }}{% else %}"),
    ],
)
async def test_connection(kit: GlancesKit, classes: list[str], states: list[str], text: str) -> None:
    """People want to know when a connection is lost, unless something else is watched too."""
    await async_setup_component(kit.hass, "binary_sensor", {})
    entities = [f"binary_sensor.router_{number}" for number, _ in enumerate(classes)]
    for entity, device_class in zip(entities, classes, strict=True):
        await kit.state(entity, "on", friendly_name="Router", device_class=device_class)
    shown = filled(await choose(kit, await kit.load(widget(title="x")), *entities))
    assert shown["states"] == states
    assert shown["text"].startswith(text)


async def test_text_goes_with_the_states(kit: GlancesKit) -> None:
    """Other states have other words, unless the person wrote some; several say which it is."""
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form, states=["closed"]))
    assert form["description_placeholders"]["text"] == "Garage door closed"
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form, states=["opening", "open"]))
    assert form["description_placeholders"]["text"] == "Garage door open"
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form, states=["closed"], text="Mine"))
    assert form["description_placeholders"]["text"] == "Mine"


async def test_several_entities(kit: GlancesKit) -> None:
    """Those that are open are named."""
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, GATE, "lock.door")
    assert (preset(form, "states"), preset(form, "title"), preset(form, "text")) == (
        ["open", "unlocked"],
        "{{ name }}",
        "{% if count == 1 %}{{ name }} {{ state | lower }}{% else %}{{ name }}{% endif %}",
    )
    form = await enter(kit, form, **filled(form))
    shown = form["description_placeholders"]
    assert (shown["title"], shown["text"]) == ("Gate", "Gate open")
    assert (await pick(kit, form, "save"))["title"] == "Gate +1: Open, Unlocked"


@pytest.mark.parametrize("first", ["door", "window"])
async def test_states_of_different_entities(kit: GlancesKit, first: str) -> None:
    """A window that is open is on: the name has one word for both, and the preview has the state of the entity."""
    assert await async_setup_component(kit.hass, "binary_sensor", {})
    await kit.state("binary_sensor.window", "off", friendly_name="Window", device_class="window")
    entry = await kit.load(widget(title="Outside"))
    entities = [DOOR, "binary_sensor.window"]
    form = await choose(kit, entry, *(entities if first == "door" else reversed(entities)))
    name = "Garage door" if first == "door" else "Window"
    assert preset(form, "name") == f"{name} +1: Open"
    form = await enter(kit, form, **filled(form))
    assert form["description_placeholders"]["text"] == f"{name} open"


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("en", "A open", "2 windows open"),
        ("de", "A: Geöffnet", "2 Fenster geöffnet"),
        ("fr", "A : ouvert", "2 fenêtres ouvertes"),
    ],
)
async def test_several_windows(kit: GlancesKit, language: str, one: str, two: str) -> None:
    """One that is open is named; of several, it is said how many there are."""
    kit.hass.config.language = language
    assert await async_setup_component(kit.hass, "binary_sensor", {})
    windows = ("binary_sensor.a", "binary_sensor.b")
    for window, called in zip(windows, "AB", strict=True):
        await kit.state(window, "off", friendly_name=called, device_class="window")
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, *windows)
    form = await enter(kit, form, **filled(form, subtext=""))
    await pick(kit, form, "save")
    await kit.tick(SPACING)
    kit.pushed()
    await kit.change(windows[0], "on", friendly_name="A", device_class="window")
    kit.assert_pushed({"title": "A", "text": one, "count": "1", "percent": "100"})
    await kit.tick(MINUTE)
    await kit.change(windows[1], "on", friendly_name="B", device_class="window")
    kit.assert_pushed({"title": "A, B", "text": two, "count": "2", "percent": "100"})


@pytest.mark.parametrize(
    ("entities", "states", "text"),
    [
        pytest.param(("lock.a", "lock.b"), None, "2 locks unlocked", id="one-kind"),
        pytest.param(("lock.a", "lock.b"), ["locked"], "a, b", id="another-state"),
        pytest.param(("lock.a", "light.b"), None, "a, b", id="two-kinds"),
        pytest.param(("lock.a", "switch.b"), None, "a, b", id="no-word"),
    ],
)
async def test_text_of_several(kit: GlancesKit, entities: tuple[str, str], states: list[str] | None, text: str) -> None:
    """How many there are is said where there is a word for all of them; else they are named."""
    counts = {"lock": (states or ["unlocked"])[0], "light": "on", "switch": "on"}
    for entity_id in entities:
        await kit.state(entity_id, counts[entity_id.split(".", maxsplit=1)[0]])
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, *entities)
    form = await enter(kit, form, **filled(form, **({"states": states} if states else {})))
    assert form["description_placeholders"]["text"].replace("\\", "") == text


async def test_number(kit: GlancesKit) -> None:
    """A number has limits and no states, and one of them is enough."""
    await kit.state("sensor.car", "80", unit_of_measurement="%", friendly_name="Car")
    entry = await kit.load(widget(title="Outside"))
    minutes = {**NO_HOURS, "minutes": 5}
    form = await choose(kit, entry, "sensor.car")
    assert "states" not in form["data_schema"].schema
    assert filled(form) == {
        "name": "Car",
        "title": "Car",
        "text": "Car {{ state }}",
        "subtext": "since {{ since }}",
        "count": "{{ count }}",
        "percent": "100",
        "replace": True,
        "urgent": True,
    }
    form = await enter(kit, form, **filled(form))
    assert form["errors"] == {"above": "no_limit"}
    form = await enter(kit, form, **filled(form, above=20, below=20))
    assert form["errors"] == {"below": "range_empty"}
    form = await enter(kit, form, **filled(await choose(kit, entry, "sensor.car"), below=20) | {"for": minutes})
    assert form["description_placeholders"]["text"] == "Car 80 \\%"
    assert (await pick(kit, form, "save"))["title"] == "Car: < 20"
    data = dict(alert_of(entry).data)
    assert (data["below"], data["for"], "above" in data) == (20, 300, False)


@pytest.mark.parametrize("other", [(), ("binary_sensor.lock_battery",)], ids=["alone", "with-one-that-has-words"])
async def test_battery(kit: GlancesKit, other: tuple[str, ...]) -> None:
    """A limit is filled in, so that nothing has to be entered."""
    await kit.state("sensor.car", "80", unit_of_measurement="%", device_class="battery", friendly_name="Car")
    await kit.state("binary_sensor.lock_battery", "off", device_class="battery", friendly_name="Lock battery")
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, "sensor.car", *other)
    assert filled(form)["below"] == 20
    form = await enter(kit, form, **filled(form))
    await pick(kit, form, "save")
    assert dict(alert_of(entry).data)["below"] == 20


async def test_battery_among_other_numbers(kit: GlancesKit) -> None:
    """One limit cannot suit both."""
    await kit.state("sensor.car", "80", unit_of_measurement="%", device_class="battery")
    await kit.state("sensor.room", "50", unit_of_measurement="%", device_class="humidity")
    entry = await kit.load(widget(title="Outside"))
    assert "below" not in filled(await choose(kit, entry, "sensor.car", "sensor.room"))


@pytest.mark.parametrize(
    ("limits", "title"),
    [
        ({"above": 1234567}, "Meter: > 1234567"),
        ({"above": 1234567.25}, "Meter: > 1234567.25"),
        ({"above": -10.0, "below": 0.1}, "Meter: > -10, < 0.1"),
        ({"above": 0, "below": 100}, "Meter: > 0, < 100"),
        ({"below": 0.000001}, "Meter: < 0.000001"),
        ({"below": 1e20}, "Meter: < 100000000000000000000"),
    ],
)
async def test_limits_in_the_title(kit: GlancesKit, limits: dict[str, float], title: str) -> None:
    """They read as a person writes them."""
    await kit.state("sensor.meter", "5", unit_of_measurement="kWh", friendly_name="Meter")
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, "sensor.meter")
    form = await enter(kit, form, **filled(form, **limits))
    assert (await pick(kit, form, "save"))["title"] == title


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"states": []}, {"states": "no_state"}),
        (dict.fromkeys(("title", "text", "subtext", "count", "percent"), ""), {"title": "no_field"}),
        ({"for": {**NO_HOURS, "hours": 169}}, {"for": "for_out_of_range"}),
        ({"text": "{{ nonsense() }}"}, {"text": "template_failed"}),
        ({"text": "{{ states | count }}"}, {"text": "template_over_all_states"}),
        ({"text": "{{ name }} {{ state }} {{ since }} {{ entity_id }} {{ alerts + 1 }}"}, {}),
    ],
    ids=["no-state", "no-field", "too-long", "bad-template", "all-states", "variables"],
)
async def test_bad_input(kit: GlancesKit, changed: dict[str, Any], errors: dict[str, str]) -> None:
    """What is wrong stands on its field, and what was typed stays."""
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, DOOR)
    result = await enter(kit, form, **filled(form, **changed))
    assert (result.get("errors") or {}) == errors
    if errors:
        assert filled(result) == filled(form, **changed)
        assert (await enter(kit, result, **filled(form)))["step_id"] == "preview"


@pytest.mark.parametrize(
    ("changed", "replaces"),
    [
        pytest.param({}, True, id="urgent"),
        pytest.param({"text": "", "subtext": ""}, True, id="title"),
        pytest.param({"title": "", "count": "{{ alerts }}"}, True, id="text"),
        pytest.param({"replace": False}, False, id="switched-off"),
        pytest.param({"urgent": False}, False, id="not-urgent"),
        pytest.param({"title": "", "text": "", "subtext": "", "count": "{{ alerts }}"}, False, id="number-alone"),
    ],
)
async def test_replace_by_default(kit: GlancesKit, changed: dict[str, Any], *, replaces: bool) -> None:
    """A new alert replaces the whole glance if it is urgent and fills title or text; the preview shows it."""
    entry = await kit.load(widget(title="Outside", percent="{{ 42 }}"))
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form, percent="", **changed))
    assert (form["description_placeholders"]["percent"] == EMPTIED) is replaces
    await pick(kit, form, "save")
    assert alert_of(entry).data["replace"] is replaces


async def test_replace_is_for_a_person_to_decide(kit: GlancesKit) -> None:
    """Back from the preview, the switch of an alert that is not urgent can be turned on."""
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, DOOR)
    form = await pick(kit, await enter(kit, form, **filled(form, urgent=False)), "alert")
    assert filled(form)["replace"] is False
    await pick(kit, await enter(kit, form, **filled(form, replace=True)), "save")
    data = alert_of(entry).data
    assert (data["urgent"], data["replace"]) == (False, True)


async def test_stored_alert_does_not_replace(kit: GlancesKit) -> None:
    """One of an earlier version is shown as it works, and a person may turn the switch on."""
    entry = await kit.load(widget(title="Outside"), alert())
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=alert_of(entry).subentry_id)
    form = await enter(kit, form, entities=[DOOR])
    assert filled(form)["replace"] is False
    await pick(kit, await enter(kit, form, **filled(form, replace=True)), "save")
    assert alert_of(entry).data["replace"] is True


@pytest.mark.parametrize(("urgent", "title"), [(True, "New"), (False, "Old")], ids=["urgent", "not-urgent"])
async def test_preview_knows_the_order(kit: GlancesKit, *, urgent: bool, title: str) -> None:
    """The picture has the alert that would be on top, beside one that is active."""
    entry = await kit.load(widget(title="Outside", count="{{ 3 }}"), alert(GATE, title="Old", replace=True))
    await kit.change(GATE, "open")
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form, title="New", subtext="", urgent=urgent, replace=False))
    (picture,) = pictures(form["description_placeholders"])
    assert (f">{title}<" in picture, ">Outside<" in picture, ">3<" in picture) == (True, False, False)


async def test_preview_of_an_edit(kit: GlancesKit) -> None:
    """An alert that replaces nothing any more lets the one below it show, and stays where it is."""
    old, new = alert(DOOR, title="Old", text="Lower", urgent=True), alert(GATE, title="New", replace=True)
    entry = await kit.load(widget(subtext="Outside"), old, new)
    await kit.change(DOOR, "open")
    await kit.tick(SPACING)
    await kit.change(GATE, "open")
    await kit.tick(SPACING)
    first, second = entry.get_subentries_of_type("alert")
    for item, changed in ((second, {"replace": False}), (first, {"title": "Older"})):
        form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=item.subentry_id)
        form = await enter(kit, form, entities=list(item.data["entities"]))
        form = await enter(kit, form, **filled(form, **changed))
        (picture,) = pictures(form["description_placeholders"])
        shown = [text for text in ("New", "Lower", "Outside", "Older") if f">{text}<" in picture]
        assert shown == (["New", "Lower", "Outside"] if item is second else ["New"])


async def test_no_entity(kit: GlancesKit) -> None:
    """There is nothing to watch."""
    entry = await kit.load(widget(title="Outside"))
    form = await enter(kit, await start(kit, entry), entities=[])
    assert (form["step_id"], form["errors"]) == ("user", {"entities": "no_entity"})


async def test_widgets(kit: GlancesKit) -> None:
    """Where there are several, some can be chosen, and each has its picture."""
    entry = await kit.load(widget(title="Here"), widget("ipad", count="{{ 3 }}"))
    first, second = entry.subentries
    form = await choose(kit, entry, DOOR)
    shown = await enter(kit, form, **filled(form))
    assert len(pictures(shown["description_placeholders"])) == 2
    form = await pick(kit, shown, "alert")
    assert filled(form)["title"] == "Garage door"
    shown = await enter(kit, form, **filled(form, widgets=[second], count="", replace=False))
    (picture,) = pictures(shown["description_placeholders"])
    assert ">3<" in picture
    await pick(kit, shown, "save")
    assert alert_of(entry).data["widgets"] == [second]
    kit.hass.config_entries.async_remove_subentry(entry, second)
    await kit.settle()
    assert first in entry.subentries


async def test_account_that_is_not_loaded(kit: GlancesKit) -> None:
    """The alert by itself is shown."""
    entry = await kit.load(widget(title="Outside"))
    await kit.hass.config_entries.async_unload(entry.entry_id)
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form))
    (picture,) = pictures(form["description_placeholders"])
    assert ">Garage door<" in picture


async def test_reconfigure(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """Everything is filled in as it was, whatever the entity is called now."""
    found = entity_registry.async_get_or_create("cover", "test", "door", suggested_object_id="front_door")
    await kit.state("cover.front_door", "closed", friendly_name="Front door")
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, "cover.front_door")
    filled_in = filled(form) | {"for": {"hours": 1, "minutes": 2, "seconds": 3}, "urgent": False, "replace": False}
    await pick(kit, await enter(kit, form, **filled_in), "save")
    item = alert_of(entry)
    assert (item.data["entities"], item.data["for"], item.title) == ([found.id], 3723, "Front door: Open")

    entity_registry.async_update_entity("cover.front_door", new_entity_id="cover.new_door")
    kit.hass.states.async_remove("cover.front_door")
    await kit.state("cover.new_door", "closed", friendly_name="Front door")
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=item.subentry_id)
    assert (form["step_id"], preset(form, "entities")) == ("reconfigure", ["cover.new_door"])
    form = await enter(kit, form, entities=["cover.new_door"])
    assert filled(form) == {**filled_in, **({"widgets": []} if "widgets" in filled(form) else {})}
    form = await enter(kit, form, **filled(form, states=["closed"], text="Shut"))
    result = await pick(kit, form, "save")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    item = alert_of(entry)
    assert (item.title, item.data["states"], item.data["text"]) == ("Front door: Closed", ["closed"], "Shut")


async def test_name_that_a_person_gave_stays(kit: GlancesKit) -> None:
    """Only a name that came from the alert follows it."""
    entry = await kit.load(widget(title="Outside"), alert(called="My door"))
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=alert_of(entry).subentry_id)
    form = await enter(kit, form, entities=[GATE])
    await pick(kit, await enter(kit, form, **filled(form, states=["closed"])), "save")
    assert (alert_of(entry).title, alert_of(entry).data["entities"]) == ("My door", [GATE])


async def test_own_name(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """It is called as a person writes it; another name later does not change the ids of its entities."""
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form, name="  Drive "))
    form = await pick(kit, form, "alert")
    assert preset(form, "name") == "Drive"
    result = await pick(kit, await enter(kit, form, **filled(form, states=["closed"])), "save")
    assert (result["title"], "name" in result["data"]) == ("Drive", False)
    await kit.settle()
    assert state(kit, "binary_sensor.drive") == "on"
    there = alert_of(entry)
    for name, called in (("Way out", "Way out"), ("", "Garage door: Closed")):
        form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=there.subentry_id)
        form = await enter(kit, form, entities=[DOOR])
        await pick(kit, await enter(kit, form, **filled(form, name=name)), "save")
        await kit.settle()
        assert alert_of(entry).title == called
        device = entity_registry.async_get("binary_sensor.drive")
        assert device is not None
        assert state(kit, "binary_sensor.drive") == "on"


async def test_long_names(kit: GlancesKit) -> None:
    """The name that is suggested is short, and stays short."""
    await kit.state(GATE, "closed", friendly_name="The gate at the end of the long garden path behind the house")
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, GATE, DOOR)
    assert preset(form, "name") == "The gate at the end of the lo… +1: Open"


@pytest.mark.parametrize("step", ["reconfigure", "alert", "preview"])
@pytest.mark.parametrize("removed", ["account", "alert"])
async def test_what_is_removed_meanwhile(kit: GlancesKit, removed: str, step: str) -> None:
    """The flow ends and says why, whatever its step."""
    entry = await kit.load(widget(title="Outside"), alert())
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=alert_of(entry).subentry_id)
    while form["step_id"] != step:
        form = await go_on(kit, form)
    if removed == "account":
        await kit.hass.config_entries.async_remove(entry.entry_id)
    else:
        kit.hass.config_entries.async_remove_subentry(entry, alert_of(entry).subentry_id)
    await kit.tick(ROUNDING)
    result = await go_on(kit, form)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, f"{removed}_removed")


async def test_name_and_text_follow_other_entities(kit: GlancesKit) -> None:
    """Texts that were suggested are suggested again: after the preview, and when an alert is changed."""
    entry = await kit.load(widget(title="Outside"))
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form))
    form = await pick(kit, form, "alert")
    form = await enter(kit, form, **filled(form, states=["closed"]))
    await pick(kit, form, "save")
    assert alert_of(entry).data["text"] == "Garage door closed"
    await kit.settle()
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=alert_of(entry).subentry_id)
    form = await enter(kit, form, entities=[GATE])
    form = await enter(kit, form, **filled(form))
    await pick(kit, form, "save")
    assert (alert_of(entry).title, alert_of(entry).data["title"]) == ("Gate: Closed", "Gate")
    assert alert_of(entry).data["text"] == "Gate closed"


async def test_template_of_a_number(kit: GlancesKit) -> None:
    """It is judged by what the entity says now, and one without a state is no reason to refuse it."""
    entry = await kit.load(widget(title="Outside"))
    for value in ("20.5", "unavailable"):
        await kit.state("sensor.a", value, state_class="measurement")
        form = await choose(kit, entry, "sensor.a")
        form = await enter(kit, form, **filled(form, above=10, text="{{ state | float | round(1) }}"))
        assert form["step_id"] == "preview"


async def test_limit_of_a_number_that_is_gone(kit: GlancesKit) -> None:
    """It can be changed all the same."""
    await kit.state("sensor.a", "unavailable")
    entry = await kit.load(widget(title="Outside"), alert("sensor.a", above=10.0))
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=alert_of(entry).subentry_id)
    form = await enter(kit, form, entities=["sensor.a"])
    assert preset(form, "above") == 10.0


async def test_widget_that_is_left_of_several(kit: GlancesKit) -> None:
    """An alert for one widget stays that, when the others are gone and it is changed."""
    entry = await kit.load(widget(title="a"), widget("ipad", title="b"))
    first, second = entry.subentries
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form, widgets=[first]))
    await pick(kit, form, "save")
    kit.hass.config_entries.async_remove_subentry(entry, second)
    await kit.settle()
    form = await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=alert_of(entry).subentry_id)
    form = await enter(kit, form, entities=[DOOR])
    await pick(kit, await enter(kit, form, **filled(form)), "save")
    assert alert_of(entry).data["widgets"] == [first]


async def test_alert_cannot_watch_an_alert(kit: GlancesKit) -> None:
    """Nor itself: it would never be sent."""
    entry = await kit.load(widget(title="Outside"), alert())
    form = await start(kit, entry)
    with pytest.raises(InvalidData):
        await enter(kit, form, entities=["binary_sensor.garage_door_open"])
