"""Entities of Home Assistant that get another entity id: widgets, alerts and pages follow them, and nothing is sent for it."""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.config_entries import (
    ConfigEntries,
    ConfigEntry,
    ConfigEntryDisabler,
    ConfigEntryState,
    ConfigSubentryData,
)
from homeassistant.const import EVENT_STATE_CHANGED, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest

from custom_components.pushover_glances.const import CONFIG_VERSION, DOMAIN
from emulator import Fault, Kind
from emulator.world import SECOND_TOKEN, SECOND_USER

from .kit import DOOR, MINUTE, ROUNDING, SETTLE, SPACING, GlancesKit, alert, page, widget
from .test_alert_flow import choose, filled
from .test_alerts import ACTIVE
from .test_dismissing import press
from .test_entity_sources import entity
from .test_page_flow import to_preview
from .test_repairs import LOOK, issues
from .test_widget_flow import DELIVERY, change, choice, enter as submit, fields_of, pick, save

_HELPERS = {
    # Without an initial state, Home Assistant 2026.10 turns one off that gets another id.
    "input_boolean": {"bedtime": {"initial": True}, "gate": {"initial": True}},
    "input_number": {"level": {"min": 0, "max": 100}},
    "input_text": {"first": {"name": "First", "initial": "one"}, "second": {"name": "Second", "initial": "two"}},
}
_BED = "input_boolean.bedtime"
_GATE = "input_boolean.gate"
_LEVEL = "input_number.level"
_FIRST = "input_text.first"
_SECOND = "input_text.second"
_NEW = "input_text.new"
_HOUR = 60 * MINUTE
# How long renames are collected.
_TOGETHER = 1
_LEFT = "sensor.iphone_glance_updates_left_today"


@pytest.fixture(autouse=True)
async def helpers(kit: GlancesKit) -> None:
    """Set up entities that Home Assistant renames as it does for a person."""
    for domain, config in _HELPERS.items():
        assert await async_setup_component(kit.hass, domain, {domain: config})
    await kit.settle()


async def rename(kit: GlancesKit, old: str, new: str) -> None:
    """Give an entity another id."""
    er.async_get(kit.hass).async_update_entity(old, new_entity_id=new)
    await kit.settle()
    await kit.tick(_TOGETHER + ROUNDING)


async def wait(kit: GlancesKit) -> None:
    """Wait until everything has gone that could go."""
    await kit.tick(SETTLE + ROUNDING)
    await kit.tick(SPACING)
    await kit.tick(2 * MINUTE)


async def enter(kit: GlancesKit, entity_id: str, text: str) -> None:
    """Enter a text, and wait until the widgets have taken note of it."""
    await kit.hass.services.async_call(
        "input_text", "set_value", {"entity_id": entity_id, "value": text}, blocking=True
    )
    await kit.tick(SETTLE + ROUNDING)


async def turn(kit: GlancesKit, entity_id: str, *, on: bool) -> None:
    """Turn an entity on or off, and wait until the widgets have taken note of it."""
    await kit.hass.services.async_call(
        "input_boolean", "turn_on" if on else "turn_off", {"entity_id": entity_id}, blocking=True
    )
    await kit.tick(SETTLE + ROUNDING)


def data_of(entry: ConfigEntry) -> list[Mapping[str, Any]]:
    """Return the data of the widgets, alerts and pages of an account."""
    return [item.data for item in entry.subentries.values()]


def named(name: str) -> dict[str, Any]:
    """Return conditions of Home Assistant that name an entity at every place where they can."""
    return {
        "conditions": [
            {"condition": "state", "entity_id": [name], "state": ["one", "new"]},
            {"condition": "state", "entity_id": f"{name}, {_SECOND}", "state": ["one", "two"]},
            {
                "condition": "or",
                "conditions": [
                    {"condition": "not", "conditions": [{"condition": "state", "entity_id": name, "state": "never"}]},
                    {"condition": "numeric_state", "entity_id": _LEVEL, "below": name},
                    "{{ is_state('input_text.first', 'one') }}",
                ],
            },
        ]
    }


async def test_every_place(kit: GlancesKit) -> None:
    """What names exactly this entity has the new id; texts and templates stay as they are written."""

    def items(name: str) -> list[Any]:
        return [
            widget(
                title=entity(name, name=True),
                text={"entity": {"entity_id": [_SECOND, name]}},
                subtext=entity(name, attribute="mode"),
                count="{{ states('input_text.first') | length }}",
                percent=entity(_LEVEL),
                urgent_entities=[_LEVEL, name],
            ),
            widget("ipad", text={"text": _FIRST}, title=_FIRST, quiet_while=name),
            alert(name, states=["never"], units={name: "°C"}, title=_FIRST, text="x", **named(name)),
            page(text=entity(name), title={"text": _FIRST}, urgent_entities=[name], **named(name)),
            page("Other", text=entity(_SECOND)),
        ]

    entry = await kit.load(*items(_FIRST))
    await rename(kit, _FIRST, _NEW)
    assert data_of(entry) == [item["data"] for item in items(_NEW)]
    assert entry.state is ConfigEntryState.LOADED


async def test_new_id_is_shown(kit: GlancesKit) -> None:
    """The rename alone sends nothing, and what changes afterwards is shown, urgently where it was before."""
    await kit.load(widget(text=entity(_FIRST), urgent_entities=[_FIRST]))
    kit.assert_pushed({"text": "one"})
    await wait(kit)
    await rename(kit, _FIRST, _NEW)
    await wait(kit)
    kit.assert_nothing_pushed()
    await enter(kit, _NEW, "two")
    kit.assert_pushed({"text": "two"})
    await kit.tick(2 * MINUTE)
    await enter(kit, _NEW, "three")
    kit.assert_pushed({"text": "three"})


async def test_one_of_several_entities(kit: GlancesKit) -> None:
    """The text is not sent without the one that is away for a moment."""
    await kit.load(widget(text={"entity": {"entity_id": [_FIRST, _SECOND]}}))
    (before,) = kit.pushed()
    await wait(kit)
    await rename(kit, _FIRST, _NEW)
    await wait(kit)
    kit.assert_nothing_pushed()
    await enter(kit, _NEW, "three")
    (after,) = kit.pushed()
    assert after["text"] == before["text"].replace("one", "three")


async def test_entity_that_comes_back_late(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """Its integration takes a moment to add it under its new id."""
    entity_registry.async_get_or_create("sensor", "test", "1", suggested_object_id="a")
    await kit.state("sensor.a", "one", friendly_name="First")
    await kit.load(widget(text={"entity": {"entity_id": ["sensor.a", _SECOND]}}))
    assert len(kit.pushed()) == 1
    await kit.tick(SPACING)
    entity_registry.async_update_entity("sensor.a", new_entity_id="sensor.b")
    kit.hass.states.async_remove("sensor.a")
    await kit.settle()
    await kit.state("sensor.b", "one", friendly_name="First")
    await wait(kit)
    kit.assert_nothing_pushed()


async def test_widget_that_is_quiet(kit: GlancesKit) -> None:
    """What waits for the entity to turn off goes on waiting."""
    await turn(kit, _BED, on=False)
    await kit.load(widget(text=entity(_FIRST), quiet_while=_BED))
    kit.assert_pushed({"text": "one"})
    await kit.tick(SPACING)
    await turn(kit, _BED, on=True)
    await enter(kit, _FIRST, "two")
    await rename(kit, _BED, "input_boolean.night")
    await wait(kit)
    kit.assert_nothing_pushed()
    await turn(kit, "input_boolean.night", on=False)
    kit.assert_pushed({"text": "two"})


async def test_active_alert(kit: GlancesKit) -> None:
    """It goes on, and stays dismissed, also where it names an entity by its id, which has got a unique ID since then."""
    await turn(kit, _GATE, on=False)
    await kit.load(widget(text=entity(_FIRST)), alert(_GATE, states=["on"], title="Gate", text="Open"))
    await kit.tick(SPACING)
    kit.pushed()
    await turn(kit, _GATE, on=True)
    kit.assert_pushed({"title": "Gate", "text": "Open"})
    await rename(kit, _GATE, "input_boolean.new")
    await wait(kit)
    kit.assert_nothing_pushed()
    active = kit.hass.states.get(ACTIVE)
    assert active is not None
    assert (active.state, active.attributes["entities"]) == (STATE_ON, ["input_boolean.new"])
    await press(kit)
    kit.assert_pushed({"title": "", "text": "one"})
    await rename(kit, "input_boolean.new", "input_boolean.newer")
    await wait(kit)
    kit.assert_nothing_pushed()
    await turn(kit, "input_boolean.newer", on=False)
    await wait(kit)
    await turn(kit, "input_boolean.newer", on=True)
    kit.assert_pushed({"title": "Gate", "text": "Open"})


async def test_conditions(kit: GlancesKit) -> None:
    """An alert and a page that a condition keeps are still shown, and end with the entity."""
    while_open = [{"condition": "state", "entity_id": _GATE, "state": "on"}]
    await turn(kit, _GATE, on=True)
    await kit.state(DOOR, "open")
    await kit.load(
        widget(text=entity(_FIRST)),
        alert(conditions=while_open, title="Door", urgent=False),
        page(subtext=entity(_SECOND), conditions=while_open),
    )
    await wait(kit)
    assert kit.pushed()[-1] == {"title": "Door", "text": "one", "subtext": "two"}
    await rename(kit, _GATE, "input_boolean.new")
    await kit.tick(MINUTE)
    kit.assert_nothing_pushed()
    await turn(kit, "input_boolean.new", on=False)
    kit.assert_pushed({"title": "", "text": "one", "subtext": ""})


async def test_spenders_and_actions(kit: GlancesKit) -> None:
    """The updates of the day are those of the entity under its new id, and the value of an action stays."""
    await kit.load(widget(text=entity(_FIRST), title="{{ states('input_text.second') }}, {{ now().minute }}"))
    await wait(kit)
    await enter(kit, _FIRST, "two")
    await wait(kit)
    await kit.update(title="Painting")
    await wait(kit)
    before = kit.pushed()
    assert before[-1] == {"title": "Painting", "text": "two"}
    await rename(kit, _FIRST, _NEW)
    await wait(kit)
    kit.assert_nothing_pushed()
    left = kit.hass.states.get(_LEFT)
    assert left is not None
    assert left.attributes["largest_spenders"] == {_NEW: 1, "actions": 1}


async def test_moment_that_comes_closer(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """On the next day it is written in another way, and is still the same."""
    kit.freezer.move_to("2026-11-23 22:30:00+00:00")
    await kit.hass.config.async_set_time_zone("UTC")
    entity_registry.async_get_or_create("sensor", "test", "1", suggested_object_id="a")
    moment = "2026-11-30T10:00:00+00:00"
    await kit.state("sensor.a", moment, device_class="timestamp")
    await kit.load(widget(text=entity("sensor.a")))
    kit.assert_pushed({"text": "30 Nov"})
    entity_registry.async_update_entity("sensor.a", new_entity_id="sensor.b")
    kit.hass.states.async_remove("sensor.a")
    await kit.tick(_TOGETHER + ROUNDING)
    await kit.state("sensor.b", moment, device_class="timestamp")
    await kit.tick(2 * _HOUR)
    await kit.tick(SETTLE + ROUNDING)
    kit.assert_nothing_pushed()


async def test_urgent_change_that_waits(kit: GlancesKit) -> None:
    """It is still urgent after the rename."""
    await kit.load(widget(text=entity(_FIRST), urgent_entities=[_FIRST]))
    await wait(kit)
    await enter(kit, _FIRST, "two")
    await enter(kit, _FIRST, "three")
    kit.assert_pushed({"text": "one"}, {"text": "two"})
    await rename(kit, _FIRST, _NEW)
    await kit.tick(MINUTE)
    kit.assert_pushed({"text": "three"})


@pytest.mark.parametrize(
    ("make", "key", "name"), [(widget, "missing_entities", "widget"), (page, "page_missing_entities", "page")]
)
async def test_template_is_not_touched(
    kit: GlancesKit, make: Callable[..., ConfigSubentryData], key: str, name: str
) -> None:
    """A repair names the field; what is no template follows."""
    text = "{{ states('input_text.first') }} {{ states('input_text.second') }}"
    item = make(title=entity(_FIRST), text=text, subtext=text, count=entity("sensor.gone"), urgent_entities=[_FIRST])
    others = [widget(text="x")] if name == "page" else []
    entry = await kit.load(item, *others)
    await rename(kit, _FIRST, _NEW)
    new = {"title": entity(_NEW), "text": text, "subtext": text, "urgent_entities": [_NEW]}
    assert {**data_of(entry)[0], **new} == data_of(entry)[0]
    await kit.tick(LOOK + ROUNDING)
    await kit.tick(LOOK + ROUNDING)
    told = issues(kit)[key]["entities"]
    assert told == f"`{_FIRST}` (in the template of Text, Subtext), `sensor.gone`"


async def test_repair_that_a_person_ignores(kit: GlancesKit) -> None:
    """A new id of an entity is no edit of the widget: its repairs stay, and stay ignored."""
    await kit.load(widget(text=f"{{{{ states('{DOOR}') }}}}", urgent_entities=[_FIRST]))
    await kit.tick(LOOK + ROUNDING)
    await kit.tick(LOOK + ROUNDING)
    ((domain, issue_id),) = [key for key in ir.async_get(kit.hass).issues if key[0] == DOMAIN]
    ir.async_ignore_issue(kit.hass, domain, issue_id, ignore=True)
    await rename(kit, _FIRST, _NEW)
    found = ir.async_get(kit.hass).async_get_issue(domain, issue_id)
    assert found is not None
    assert found.dismissed_version is not None


async def test_template_in_a_condition(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """It is not touched; the repairs of an alert and of a page name it, at any depth of the conditions."""
    either = ["{{ is_state('input_text.first', 'one') }}", {"condition": "state", "entity_id": _SECOND, "state": "x"}]
    value = {
        "condition": "numeric_state",
        "entity_id": _LEVEL,
        "value_template": "{{ state.state | int + states('input_number.level') | int }}",
        "above": 1,
    }
    entry = await kit.load(
        widget(text="x"),
        alert(_GATE, states=["on"], conditions=[{"condition": "or", "conditions": either}]),
        page(text="{{ states('input_text.first') }}", conditions=[{"condition": "not", "conditions": either}, value]),
    )
    await rename(kit, _FIRST, _NEW)
    await rename(kit, _SECOND, "input_text.other")
    for _ in range(2):
        await kit.tick(LOOK + ROUNDING)
    told = {key: item["entities"] for key, item in issues(kit).items()}
    assert told == {
        "alert_missing_entities": f"`{_FIRST}` (in the template of Only while)",
        "page_missing_entities": f"`{_FIRST}` (in the template of Text, Only while)",
    }
    assert [item["conditions"][0]["conditions"][0] for item in data_of(entry)[1:]] == [either[0]] * 2
    assert "'state' is undefined" not in caplog.text


async def test_form_that_is_open(kit: GlancesKit) -> None:
    """What it saves has the new ids, also where an entity has got another id twice."""
    entry = await kit.load(widget(text=entity(_FIRST), urgent_entities=[_FIRST]))
    while_open = [{"condition": "state", "entity_id": _GATE, "state": "on"}]
    menus = [
        await change(kit, entry),
        await to_preview(kit, entry, {"entities": [_FIRST]}, conditions=while_open),
    ]
    form = await choose(kit, entry, _LEVEL)
    menus.append(await submit(kit, form, **filled(form, above=5, conditions=while_open)))
    await rename(kit, _FIRST, "input_text.between")
    await rename(kit, "input_text.between", _NEW)
    await rename(kit, _GATE, "input_boolean.new")
    await rename(kit, _LEVEL, "input_number.new")
    for menu in menus:
        await pick(kit, menu, "save")
    saved = str(data_of(entry))
    assert saved.count("'input_boolean.new'") == 2
    assert _NEW in saved
    assert "between" not in saved
    assert all(f"'{name}'" not in saved for name in (_FIRST, _GATE, _LEVEL))


async def test_form_after_another_entity_has_got_the_id(kit: GlancesKit) -> None:
    """It saves the entity that a person has selected, which has that id now."""
    entry = await kit.load(widget(text={"text": "x"}))
    form = await fields_of(kit, entry)
    await rename(kit, _FIRST, _NEW)
    await rename(kit, _SECOND, _FIRST)
    await save(kit, form, **DELIVERY, text=choice("entity", _FIRST))
    assert data_of(entry)[0]["text"] == entity(_FIRST)


@pytest.mark.parametrize("renames", [1, 3])
async def test_one_reload(kit: GlancesKit, renames: int) -> None:
    """An account is loaded again once, whatever names the entities, and another account not at all."""
    loads: dict[str, int] = {}

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        if old is not None and old.state == STATE_UNAVAILABLE and new is not None and new.state != STATE_UNAVAILABLE:
            loads[event.data["entity_id"]] = loads.get(event.data["entity_id"], 0) + 1

    names = [_FIRST, _SECOND, _LEVEL][:renames]
    sources: dict[str, Any] = {
        field: entity(name) for field, name in zip(("text", "title", "count"), names, strict=False)
    }
    await kit.load(widget(**sources), widget("ipad", **sources), alert(_GATE), page(**sources))
    await kit.load(widget("pixel", text=entity(_BED)), token=SECOND_TOKEN, user_key=SECOND_USER)
    kit.hass.bus.async_listen(EVENT_STATE_CHANGED, changed)
    for name in names:
        er.async_get(kit.hass).async_update_entity(name, new_entity_id=f"{name}_new")
        await kit.settle()
    assert not loads
    await kit.tick(_TOGETHER + ROUNDING)
    assert {number for entity_id, number in loads.items() if entity_id.startswith("switch.")} == {1}
    assert [name for name in loads if name.startswith("switch.")] == [
        "switch.iphone_glance_follow_entities",
        "switch.ipad_glance_follow_entities",
    ]


async def test_disabled_account(kit: GlancesKit) -> None:
    """It follows too, and sends nothing for it when it is enabled again."""
    entry = await kit.load(widget(text=entity(_FIRST), urgent_entities=[_FIRST]), alert(_GATE, states=["on"]))
    await kit.tick(SPACING)
    kit.pushed()
    await kit.hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    await kit.settle()
    await rename(kit, _FIRST, _SECOND + "_old")
    await rename(kit, _SECOND + "_old", _NEW)
    await rename(kit, _GATE, "input_boolean.new")
    assert entry.state is ConfigEntryState.NOT_LOADED
    assert data_of(entry)[0]["text"] == entity(_NEW)
    await kit.hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await wait(kit)
    kit.assert_nothing_pushed()
    await turn(kit, "input_boolean.new", on=False)
    await enter(kit, _NEW, "two")
    await wait(kit)
    kit.assert_pushed({"title": "", "text": "one"}, {"text": "two"})


async def test_account_that_is_not_loaded_yet(kit: GlancesKit) -> None:
    """Pushover cannot be reached at first; it is loaded with the new id."""
    kit.emulator.faults.append(Fault(Kind.STATUS, status=500))
    entry = await kit.load(widget(text=entity(_FIRST)))
    assert entry.state is ConfigEntryState.SETUP_RETRY
    await rename(kit, _FIRST, _NEW)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    await kit.tick(MINUTE)
    kit.assert_pushed({"text": "one"})


async def test_two_accounts(kit: GlancesKit) -> None:
    """Each follows, also one whose stored state knows nothing of the entity."""
    first = await kit.load(widget(text=entity(_FIRST)))
    second = await kit.load(widget("pixel", text=entity(_FIRST)), token=SECOND_TOKEN, user_key=SECOND_USER)
    await wait(kit)
    assert len(kit.pushed()) == 2
    await rename(kit, _FIRST, _NEW)
    await wait(kit)
    kit.assert_nothing_pushed()
    await enter(kit, _NEW, "two")
    assert len(kit.pushed()) == 2
    assert data_of(first)[0]["text"] == data_of(second)[0]["text"] == entity(_NEW)


async def test_account_of_a_later_version(kit: GlancesKit) -> None:
    """It is not read, and does not keep the others from following."""
    later = kit.account({**widget(text=entity(_FIRST)), "data": {"text": entity(_FIRST)}}, user_key=SECOND_USER)
    kit.hass.config_entries.async_update_entry(later, version=CONFIG_VERSION + 1)
    entry = await kit.load(widget(text=entity(_FIRST)))
    await rename(kit, _FIRST, _NEW)
    assert data_of(entry)[0]["text"] == entity(_NEW)
    assert data_of(later)[0]["text"] == entity(_FIRST)


async def test_action_before_the_reload(kit: GlancesKit) -> None:
    """It is queued, and sent after it."""
    await kit.load(widget(text=entity(_FIRST)))
    await wait(kit)
    kit.pushed()
    er.async_get(kit.hass).async_update_entity(_FIRST, new_entity_id=_NEW)
    assert (await kit.update(title="x"))["status"] == "queued"
    kit.assert_nothing_pushed()
    await kit.tick(_TOGETHER + ROUNDING)
    kit.assert_pushed({"title": "x", "text": "one"})


async def test_edit_before_the_reload(kit: GlancesKit) -> None:
    """The account is loaded with both."""
    entry = await kit.load(widget(text=entity(_FIRST)))
    await wait(kit)
    kit.pushed()
    er.async_get(kit.hass).async_update_entity(_FIRST, new_entity_id=_NEW)
    (there,) = entry.subentries.values()
    kit.hass.config_entries.async_update_subentry(entry, there, data={**there.data, "title": entity(_SECOND)})
    await kit.settle()
    await kit.tick(_TOGETHER + ROUNDING)
    kit.assert_pushed({"title": "two", "text": "one"})


async def test_account_that_is_unloaded_before_the_reload(kit: GlancesKit) -> None:
    """It is not loaded again by itself."""
    entry = await kit.load(widget(text=entity(_FIRST)))
    er.async_get(kit.hass).async_update_entity(_FIRST, new_entity_id=_NEW)
    await kit.hass.config_entries.async_unload(entry.entry_id)
    await kit.tick(_TOGETHER + ROUNDING)
    assert entry.state is ConfigEntryState.NOT_LOADED
    await kit.setup(entry)
    await wait(kit)
    kit.assert_pushed({"text": "one"})


async def test_rename_during_the_set_up(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """An account that is being set up has read the old id: it sends nothing before it is loaded again."""
    entry = await kit.load(widget(text={"entity": {"entity_id": [_FIRST, _SECOND]}}))
    await wait(kit)
    await kit.tick(_HOUR)
    kit.pushed()
    forward, names = ConfigEntries.async_forward_entry_setups, [_NEW]

    async def rename_first(entries: ConfigEntries, *args: Any) -> None:
        if names:
            er.async_get(kit.hass).async_update_entity(_FIRST, new_entity_id=names.pop())
        await forward(entries, *args)

    monkeypatch.setattr(ConfigEntries, "async_forward_entry_setups", rename_first)
    kit.hass.config_entries.async_schedule_reload(entry.entry_id)
    await kit.settle()
    await kit.tick(_TOGETHER + ROUNDING)
    await wait(kit)
    assert not names
    kit.assert_nothing_pushed()
    await enter(kit, _NEW, "1")
    await wait(kit)
    assert [glance["text"] for glance in kit.pushed()] == ["First 1, Second: two"]


async def test_rename_to_an_entity_of_the_same_field(kit: GlancesKit) -> None:
    """An entity that takes the place of a removed one is named once."""
    entry = await kit.load(widget(text={"entity": {"entity_id": ["input_text.gone", _FIRST]}}))
    await rename(kit, _FIRST, "input_text.gone")
    (item,) = entry.subentries.values()
    assert item.data["text"] == {"entity": {"entity_id": ["input_text.gone"]}}
