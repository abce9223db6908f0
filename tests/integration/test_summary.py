"""House summaries: widgets that count all entities of a kind, and name them."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.pushover_glances.content.last_states import LAST_STATES

from .house import BEDROOM, BEDROOM_WINDOW, GARAGE, GROUND, KITCHEN, KITCHEN_WINDOW, RAIN, again, live, move_in
from .kit import DOOR, MINUTE, SPACING, GlancesKit, page, widget
from .test_clock import set_clock
from .test_targets import of
from .test_widget_flow import (
    DELIVERY,
    choice,
    enter,
    fields_of,
    options,
    pick,
    preset,
    save,
    sources,
    start,
    summary_in,
)

DETAILS = {"text": "how_many", "subtext": "names", "count": "how_many", "percent": "share"}


@pytest.fixture(autouse=True)
async def _house(kit: GlancesKit) -> None:
    """Have two windows, and words for their states."""
    await move_in(kit)


def summary(kind: str, **places: list[str]) -> dict[str, Any]:
    """Return the sources of a summary as they are saved."""
    return {
        name: {"entity": {"detail": detail, "target": {"kind": kind, **places}}} for name, detail in DETAILS.items()
    }


async def shown(kit: GlancesKit, wait: float = SPACING) -> dict[str, str] | None:
    """Return what arrives by the next slot; `None` if nothing does."""
    await kit.tick(wait)
    pushed = kit.pushed()
    return pushed[-1] if pushed else None


async def test_flow(kit: GlancesKit) -> None:
    """One choice fills in all fields; the preview shows what is there now."""
    await live(kit, DOOR, "open", "garage", area=GARAGE)
    entry = await kit.load()
    menu = await enter(
        kit, await start(kit, entry), device="iphone", summary={"kind": "openings", "floor_id": [GROUND]}
    )
    placeholders = menu["description_placeholders"]
    assert [placeholders[key] for key in ("title", "text", "subtext", "count", "percent")] == [
        "Ground floor",
        "Garage door open",
        "Garage door",
        "1",
        "50",
    ]
    await pick(kit, menu, "save")
    (saved,) = entry.get_subentries_of_type("widget")
    assert {key: saved.data[key] for key in ("title", *DETAILS)} == {
        "title": {"text": "Ground floor"},
        **summary("openings", floor_id=[GROUND]),
    }
    assert saved.data["time_stamp"] == "none"
    assert "urgent_entities" not in saved.data


@pytest.mark.parametrize(
    ("chosen", "errors"),
    [
        ({"summary": {"area_id": [KITCHEN]}}, {"summary": "no_kind"}),
        ({"entities": [KITCHEN_WINDOW], "summary": {"kind": "lights"}}, {"summary": "entities_and_kind"}),
    ],
)
async def test_errors(kit: GlancesKit, chosen: dict[str, Any], errors: dict[str, str]) -> None:
    """Entities and a kind exclude each other, and places need a kind."""
    form = await enter(kit, await start(kit, await kit.load()), device="iphone", **chosen)
    assert form["errors"] == errors
    assert summary_in(form) == chosen["summary"]
    assert preset(form, "entities") == chosen.get("entities")


async def test_copy_and_kind(kit: GlancesKit) -> None:
    """A copy excludes a kind, and takes a summary over."""
    entry = await kit.load(widget(**summary("lights")))
    (original,) = entry.get_subentries_of_type("widget")
    form = await start(kit, entry)
    form = await enter(kit, form, device="ipad", summary={"kind": "lights"}, copy=original.subentry_id)
    assert form["errors"] == {"copy": "entities_and_copy"}
    menu = await enter(kit, await start(kit, entry), device="ipad", copy=original.subentry_id)
    await pick(kit, menu, "save")
    assert [item.data["text"] for item in entry.get_subentries_of_type("widget")] == [summary("lights")["text"]] * 2


async def test_nothing_and_several(kit: GlancesKit) -> None:
    """Text, names, count and percent follow the house."""
    await live(kit, DOOR, "closed", "garage", area=GARAGE)
    await kit.load(widget(**summary("openings")))
    assert kit.pushed() == [{"text": "All closed", "subtext": "", "count": "0", "percent": "0"}]
    await again(kit, KITCHEN_WINDOW, "on")
    assert await shown(kit) == {
        "text": "Kitchen window open",
        "subtext": "Kitchen window",
        "count": "1",
        "percent": "33",
    }
    await again(kit, BEDROOM_WINDOW, "on")
    assert await shown(kit) == {
        "text": "2 windows open",
        "subtext": "Bedroom, Kitchen",
        "count": "2",
        "percent": "67",
    }
    await again(kit, DOOR, "open")
    assert (await shown(kit) or {})["text"] == "3 doors/windows open"


@pytest.mark.parametrize(
    ("kind", "entities", "texts"),
    [
        ("lights", ("light.a", "light.b"), ("All off", "A on", "2 lights on")),
        ("locks", ("lock.a", "lock.b"), ("All locked", "A unlocked", "2 locks unlocked")),
        ("people", ("person.a", "person.b"), ("Nobody home", "A home", "2 home")),
        ("batteries", ("sensor.a", "sensor.b"), ("Batteries OK", "A low", "2 batteries low")),
        ("hazards", ("binary_sensor.a", "binary_sensor.b"), ("All clear", "A detected", "2 smoke alarms")),
    ],
)
async def test_kinds(kit: GlancesKit, kind: str, entities: tuple[str, str], texts: tuple[str, ...]) -> None:
    """Each kind says in its own words that none, one or several of them count."""
    off, on = {
        "lights": ("off", "on"),
        "locks": ("locked", "unlocked"),
        "people": ("not_home", "home"),
        "batteries": ("76", "19"),
        "hazards": ("off", "on"),
    }[kind]
    classes = {"batteries": "battery", "hazards": "smoke"}
    for entity_id in entities:
        await live(kit, entity_id, off, classes.get(kind))
    await kit.load(widget(text=summary(kind)["text"]))
    assert kit.pushed() == [{"text": texts[0]}]
    for entity_id, text in zip(entities, texts[1:], strict=True):
        await again(kit, entity_id, on)
        assert await shown(kit) == {"text": text}


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        (("jammed", "locked"), {"text": "Lock a jammed", "subtext": "a", "count": "1", "percent": "50"}),
        (("jammed", "jammed"), {"text": "2 jammed", "subtext": "a, b", "count": "2", "percent": "100"}),
        (("jammed", "unlocked"), {"text": "1 unlocked, 1 jammed", "subtext": "a, b", "count": "2", "percent": "100"}),
        (("locking", "locked"), {"text": "Lock a locking", "subtext": "a", "count": "1", "percent": "0"}),
        (("locking", "opening"), {"text": "Locking (1), Opening (1)", "subtext": "a, b", "count": "2"}),
    ],
)
async def test_not_locked(kit: GlancesKit, states: tuple[str, str], shown: dict[str, str]) -> None:
    """A lock that is jammed, or that locks at the moment, is shown; the text never says that all are locked."""
    for name, state in zip("ab", states, strict=True):
        await live(kit, f"lock.lock_{name}", state)
    await kit.load(widget(**summary("locks")))
    await kit.tick(2 * MINUTE)
    assert kit.pushed() == [shown]


async def test_alert_of_a_jammed_lock(kit: GlancesKit) -> None:
    """An alert over all locks begins if one is jammed."""
    for name in "ab":
        await live(kit, f"lock.lock_{name}", "locked")
    await kit.load(widget(text="all is well"), of("locks"))
    kit.pushed()
    await again(kit, "lock.lock_a", "jammed")
    assert await shown(kit, MINUTE) == {"text": "Lock a jammed"}
    await again(kit, "lock.lock_b", "unlocked")
    assert await shown(kit, MINUTE) == {"text": "1 unlocked, 1 jammed"}


async def test_different_alarms(kit: GlancesKit) -> None:
    """Smoke and water together are alarms; a door and a garage door are doors."""
    for entity_id, device_class in (("binary_sensor.a", "smoke"), ("binary_sensor.b", "moisture")):
        await live(kit, entity_id, "on", device_class)
    await live(kit, DOOR, "open", "garage", labels=(RAIN,))
    await live(kit, "binary_sensor.door", "on", "door", labels=(RAIN,))
    await kit.load(widget(text=summary("hazards")["text"], title=summary("openings", label_id=[RAIN])["text"]))
    assert kit.pushed() == [{"title": "2 doors open", "text": "2 alarms"}]


async def test_labelled_later(kit: GlancesKit) -> None:
    """What is labelled later counts without an edit, and what loses its label drops out."""
    await kit.load(widget(**summary("openings", label_id=[RAIN])))
    assert kit.pushed() == []
    await again(kit, KITCHEN_WINDOW, "on")
    assert await shown(kit, MINUTE) is None
    er.async_get(kit.hass).async_update_entity(KITCHEN_WINDOW, labels={RAIN})
    await kit.settle()
    assert await shown(kit) == {
        "text": "Kitchen window open",
        "subtext": "Kitchen window",
        "count": "1",
        "percent": "100",
    }
    er.async_get(kit.hass).async_update_entity(BEDROOM_WINDOW, labels={RAIN})
    await kit.settle()
    assert await shown(kit) == {"text": "Kitchen window open", "subtext": "Kitchen", "count": "1", "percent": "50"}
    await again(kit, BEDROOM_WINDOW, "on")
    assert (await shown(kit) or {})["text"] == "2 windows open"


async def test_open_one_is_lost(kit: GlancesKit) -> None:
    """A window that was open still counts while it is unavailable for a short time, and is unknown after that."""
    await live(kit, DOOR, "closed", "garage", area=GARAGE)
    await kit.load(widget(**summary("openings")))
    kit.pushed()
    await again(kit, KITCHEN_WINDOW, "on")
    opened = {"text": "Kitchen window open", "subtext": "Kitchen window", "count": "1", "percent": "33"}
    assert await shown(kit) == opened
    await kit.tick(SPACING)
    await again(kit, KITCHEN_WINDOW, "unavailable")
    assert await shown(kit, 28 * MINUTE) is None
    lost = {"text": "1 unknown, 2 closed", "subtext": "Kitchen window?", "count": "", "percent": ""}
    assert await shown(kit, 2 * MINUTE) == lost
    # One that is open counts first.
    await kit.tick(SPACING)
    await again(kit, BEDROOM_WINDOW, "on")
    assert await shown(kit, MINUTE) == {
        "text": "Bedroom window open",
        "subtext": "Bedroom, Kitchen?",
        "count": "1",
        "percent": "50",
    }
    await kit.tick(SPACING)
    await again(kit, BEDROOM_WINDOW, "off")
    await again(kit, KITCHEN_WINDOW, "on")
    assert await shown(kit) == opened


@pytest.mark.parametrize("gone", ["unavailable", "unknown", None])
async def test_short_outage(kit: GlancesKit, gone: str | None) -> None:
    """An integration that reloads costs no update, and hides nothing that happens meanwhile."""
    await again(kit, KITCHEN_WINDOW, "on")
    await kit.load(widget(**summary("openings")))
    kit.pushed()
    await kit.tick(SPACING)
    known = kit.hass.states.get(KITCHEN_WINDOW)
    assert known is not None
    if gone is None:
        kit.hass.states.async_remove(KITCHEN_WINDOW)
    else:
        kit.hass.states.async_set(KITCHEN_WINDOW, gone, known.attributes)
    await kit.settle()
    assert await shown(kit, 10 * MINUTE) is None
    await again(kit, BEDROOM_WINDOW, "on")
    assert await shown(kit, MINUTE) == {
        "text": "2 windows open",
        "subtext": "Bedroom, Kitchen",
        "count": "2",
        "percent": "100",
    }
    kit.hass.states.async_set(KITCHEN_WINDOW, "on", known.attributes)
    await kit.settle()
    assert await shown(kit, 40 * MINUTE) is None


async def test_missing_after_a_restart(kit: GlancesKit) -> None:
    """What was shown stays for half an hour; it is not said that all is closed, or that one is unknown, before that."""
    await again(kit, KITCHEN_WINDOW, "on")
    entry = await kit.load(widget(**summary("openings")))
    assert kit.pushed()[-1]["text"] == "Kitchen window open"
    await kit.hass.config_entries.async_unload(entry.entry_id)
    # Home Assistant forgets what it knows of other integrations.
    kit.hass.data.pop(LAST_STATES)
    kit.hass.set_state(CoreState.starting)
    for entity_id in (KITCHEN_WINDOW, BEDROOM_WINDOW):
        kit.hass.states.async_set(entity_id, "unavailable", {"device_class": "window", "restored": True})
    await kit.setup(entry)
    kit.hass.set_state(CoreState.running)
    kit.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await kit.settle()
    await again(kit, BEDROOM_WINDOW, "off")
    assert await shown(kit, 29 * MINUTE) is None
    assert (await shown(kit, MINUTE) or {})["text"] == "1 unknown, 1 closed"


@pytest.mark.parametrize(
    ("kind", "entities", "text"),
    [
        ("lights", {"light.a": "off"}, "1 unknown, 1 off"),
        ("locks", {"lock.a": "locked"}, "1 unknown, 1 locked"),
        ("people", {"person.a": "not_home"}, "1 unknown, 1 away"),
        ("batteries", {"sensor.a": "76"}, "1 unknown, 1 OK"),
        ("hazards", {"binary_sensor.a": "off"}, "1 unknown, 1 OK"),
    ],
)
async def test_unknown_of_each_kind(kit: GlancesKit, kind: str, entities: dict[str, str], text: str) -> None:
    """No kind says that all is well while one is unknown."""
    device_class = {"batteries": "battery", "hazards": "smoke"}.get(kind)
    for entity_id, state in entities.items():
        await live(kit, entity_id, state, device_class)
        await live(kit, f"{entity_id}_lost", "unknown", device_class)
    await kit.tick(30 * MINUTE)
    await kit.load(widget(text=summary(kind)["text"], count=summary(kind)["count"]))
    await kit.tick(3 * MINUTE)
    assert kit.pushed() == [{"text": text, "count": ""}]


async def test_alert_during_a_short_outage(kit: GlancesKit) -> None:
    """What an alert says does not change because one of its entities is unavailable for a short time."""
    await kit.load(widget(text="all is well"), of("openings"))
    kit.pushed()
    await again(kit, KITCHEN_WINDOW, "on")
    await again(kit, BEDROOM_WINDOW, "on")
    assert await shown(kit, MINUTE) == {"text": "2 windows open"}
    await again(kit, BEDROOM_WINDOW, "unavailable")
    assert await shown(kit, 25 * MINUTE) is None
    await kit.tick(5 * MINUTE)
    assert await shown(kit, MINUTE) == {"text": "Kitchen window open"}


async def test_members_without_a_state(kit: GlancesKit) -> None:
    """Those that are unavailable are not counted; without any other, the last value stays for a while."""
    await live(kit, KITCHEN_WINDOW, "on", "window", area=KITCHEN)
    await live(kit, BEDROOM_WINDOW, "unavailable", "window", area=BEDROOM)
    await kit.load(widget(**summary("openings")))
    await kit.tick(3 * MINUTE)
    assert kit.pushed() == [
        {"text": "Kitchen window open", "subtext": "Kitchen window", "count": "1", "percent": "100"}
    ]
    await again(kit, KITCHEN_WINDOW, "unavailable")
    assert await shown(kit, 25 * MINUTE) is None
    assert (await shown(kit, 10 * MINUTE) or {})["text"] == "\N{EN DASH}"


async def test_fields_and_options(kit: GlancesKit) -> None:
    """A field shows a summary as it shows an entity; its detail and its places can be changed."""
    entry = await kit.load(widget(**summary("openings", area_id=[KITCHEN]), **DELIVERY["delivery"]))
    form = await fields_of(kit, entry)
    chosen = sources(form)
    assert chosen["text"] == choice("summary", "openings")
    # A new one is of the same places, and another kind keeps them.
    form = await enter(
        kit, form, **chosen | {"title": choice("summary", "locks"), "text": choice("summary", "lights")}, **DELIVERY
    )
    assert form["step_id"] == "entities"
    assert form["description_placeholders"]["text_entity"] == "Lights: Kitchen"
    filled_in = options(form)
    assert filled_in["title"] == {"detail": "how_many", "area_id": [KITCHEN]}
    assert filled_in["percent"] == {"detail": "share", "area_id": [KITCHEN]}
    filled_in["subtext"] = {"detail": "how_many", "area_id": [], "label_id": [RAIN]}
    await pick(kit, await enter(kit, form, **filled_in), "save")
    (saved,) = entry.get_subentries_of_type("widget")
    assert [saved.data[name]["entity"] for name in ("title", "text", "subtext")] == [
        {"detail": "how_many", "target": {"kind": "locks", "area_id": [KITCHEN]}},
        {"detail": "how_many", "target": {"kind": "lights", "area_id": [KITCHEN]}},
        {"detail": "how_many", "target": {"kind": "openings", "label_id": [RAIN]}},
    ]


async def test_begin_again(kit: GlancesKit) -> None:
    """The kind is chosen already; another one, or entities, fill in all fields again; without change nothing changes."""
    entry = await kit.load(widget(title="Mine", **summary("openings", area_id=[KITCHEN])))
    (saved,) = entry.get_subentries_of_type("widget")
    context = {"source": SOURCE_RECONFIGURE, "subentry_id": saved.subentry_id}
    form = await start(kit, entry, **context)
    was = summary_in(form)
    assert was == {"kind": "openings", "area_id": [KITCHEN]}
    menu = await enter(kit, form, device="iphone", summary=was)
    assert menu["description_placeholders"]["title"] == "Mine"
    menu = await enter(kit, await start(kit, entry, **context), device="iphone", summary={"kind": "lights"})
    assert menu["description_placeholders"]["title"] == "test home"
    form = await enter(kit, await start(kit, entry, **context), device="iphone", entities=[KITCHEN_WINDOW])
    assert form["description_placeholders"]["text"] == "Closed"


async def test_emptied(kit: GlancesKit) -> None:
    """A person who empties what was chosen fills in every field by hand."""
    entry = await kit.load()
    menu = await enter(kit, await start(kit, entry), device="iphone", summary={"kind": "lights"})
    form = await pick(kit, menu, "user")
    assert summary_in(form) == {"kind": "lights"}
    assert (await enter(kit, form, device="iphone"))["step_id"] == "fields"


async def test_kind_of_a_later_version(kit: GlancesKit) -> None:
    """It has no value, like a detail that is not known."""
    await kit.load(widget(title="x", text=summary("windmills")["text"]))
    assert kit.pushed() == [{"title": "x"}]


async def test_saved_as_it_is(kit: GlancesKit) -> None:
    """A summary that is only looked at is saved as it was."""
    entry = await kit.load(widget(**summary("openings", floor_id=[GROUND])))
    before = dict(entry.get_subentries_of_type("widget")[0].data)
    form = await fields_of(kit, entry)
    await save(kit, form, **sources(form), **DELIVERY)
    after = dict(entry.get_subentries_of_type("widget")[0].data)
    assert {name: after[name] for name in DETAILS} == {name: before[name] for name in DETAILS}


async def test_page(kit: GlancesKit) -> None:
    """A page shows a summary as a widget does, also of what gets the label later."""
    await kit.load(
        widget(text="Base"), page(**{"from": "06:00:00", "until": "23:00:00"}, **summary("openings", label_id=[RAIN]))
    )
    await kit.tick(SPACING)
    kit.pushed()
    await again(kit, KITCHEN_WINDOW, "on")
    er.async_get(kit.hass).async_update_entity(KITCHEN_WINDOW, labels={RAIN})
    await kit.settle()
    assert (await shown(kit) or {})["text"] == "Kitchen window open"


async def test_lost_before_the_clock_is_set_back(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window that was lost at a time that has not come yet is unknown, and does not stay open for days."""
    for entity_id in (KITCHEN_WINDOW, BEDROOM_WINDOW):
        await again(kit, entity_id, "on")
    await kit.load(widget(text=summary("openings")["text"]))
    assert kit.pushed() == [{"text": "2 windows open"}]
    await again(kit, KITCHEN_WINDOW, "unavailable")
    set_clock(monkeypatch, timedelta(days=-2))
    for _ in range(3):
        await kit.tick(SPACING)
    assert kit.pushed()[-1:] == [{"text": "Bedroom window open"}]
