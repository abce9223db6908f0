"""Adding and changing a page."""

from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER, ConfigSubentry
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.setup import async_setup_component
import pytest

from .house import KITCHEN, furnish, live
from .kit import DOOR, MINUTE, SPACING, GlancesKit, added, alert, page, widget
from .test_alert_flow import pictures
from .test_widget_flow import choice, enter, pick, preset, sources, summary_in

LOCK = "lock.front_door"
COMMUTE = "sensor.commute"
MORNING = {"from": "06:00:00", "until": "09:00:00"}
WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]
SHOWS_LOCK = {"entity": {"entity_id": LOCK}}


@pytest.fixture(autouse=True)
async def _home(kit: GlancesKit) -> None:
    """Have words for states, a lock and the time of the commute."""
    for domain in ("lock", "sensor"):
        assert await async_setup_component(kit.hass, domain, {})
    await kit.state(LOCK, "locked", friendly_name="Front door")
    await kit.state(COMMUTE, "35", friendly_name="Commute", unit_of_measurement="min", state_class="measurement")


async def start(kit: GlancesKit, entry: Any, **context: str) -> dict[str, Any]:
    """Begin to add a page, or to change one."""
    flow_context: Any = {"source": SOURCE_USER, **context}
    return dict(await kit.hass.config_entries.subentries.async_init((entry.entry_id, "page"), context=flow_context))


async def change(kit: GlancesKit, entry: Any) -> dict[str, Any]:
    """Begin to change the only page."""
    return await start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=page_of(entry).subentry_id)


def page_of(entry: Any) -> ConfigSubentry:
    """Return the only page of an account."""
    (found,) = entry.get_subentries_of_type("page")
    assert isinstance(found, ConfigSubentry)
    return found


def shown(form: dict[str, Any]) -> dict[str, str]:
    """Return what a step shows."""
    found: dict[str, str] = form["description_placeholders"]
    return found


async def to_preview(kit: GlancesKit, entry: Any, begin: dict[str, Any], **when: Any) -> dict[str, Any]:
    """Add a page up to the preview."""
    form = await enter(kit, await start(kit, entry), **begin)
    assert (form["step_id"], form["errors"], form["last_step"]) == ("when", {}, False)
    menu = await enter(kit, form, **when)
    assert (menu["type"], menu["step_id"]) == (FlowResultType.MENU, "preview")
    return menu


async def test_page_by_the_clock(kit: GlancesKit) -> None:
    """An entity and two times make a page, which is called after them and is shown when they come."""
    entry = await kit.load(widget(title="Outside", subtext={"text": "Base"}))
    form = await start(kit, entry)
    assert (form["step_id"], form["last_step"]) == ("user", False)
    assert {*form["data_schema"].schema} == {"entities", "summary", "copy", "name"}
    form = await enter(kit, form, entities=[COMMUTE])
    assert {*form["data_schema"].schema} == {"from", "until", "weekday", "conditions"}
    menu = await enter(kit, form, **{**MORNING, "from": "14:00:00", "until": "16:00:00"}, weekday=WORKDAYS)
    assert menu["menu_options"] == ["save", "fields", "entities", "when", "moment", "user"]
    said = shown(menu)
    assert said["page"] == "Mon\N{EN DASH}Fri 2:00 PM\N{EN DASH}4:00 PM"
    assert (said["title"], said["text"], said["subtext"], said["count"]) == ("Commute", "35 min", "\N{EM DASH}", "35")
    assert (said["text_length"], said["entities"]) == ("6", "Commute")
    assert said["applies"] == "The page does not apply now. It begins: Today 2:00 PM."
    (picture,) = pictures(said)
    assert all(f">{text}<" in picture for text in ("Commute", "35 min"))
    assert ">Base<" not in picture
    result = await pick(kit, menu, "save")
    title = "Mon\N{EN DASH}Fri 2:00 PM\N{EN DASH}4:00 PM"
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, title)
    assert dict(page_of(entry).data) == {
        "title": {"text": "Commute"},
        "text": {"entity": {"entity_id": COMMUTE}},
        "count": {"entity": {"entity_id": COMMUTE}},
        "from": "14:00:00",
        "until": "16:00:00",
        "weekday": WORKDAYS,
        "replace": True,
    }
    await kit.tick(120 * MINUTE)
    await kit.tick(MINUTE)
    kit.pushed()
    await kit.tick(SPACING)
    status = kit.hass.states.get("sensor.iphone_glance_status")
    assert status is not None
    assert status.attributes["page"] == title


async def test_every_field_by_hand(kit: GlancesKit) -> None:
    """Without an entity, the fields come first; a page without any field, or with a bad template, is not taken."""
    entry = await kit.load(widget(title="Outside"))
    form = await enter(kit, await start(kit, entry), name="  Evening ")
    assert (form["step_id"], form["last_step"]) == ("fields", False)
    form = await enter(kit, form)
    assert form["errors"] == {"title": "no_field"}
    assert preset(form, "replace") is True
    form = await enter(kit, form, text=choice("template", "{{ nonsense() }}"), replace=False, urgent_entities=[LOCK])
    assert form["errors"] == {"text": "template_failed"}
    assert (preset(form, "replace"), preset(form, "urgent_entities")) == (False, [LOCK])
    form = await enter(kit, form, text=choice("text", "Hello"), replace=False, urgent_entities=[LOCK])
    assert form["step_id"] == "when"
    menu = await enter(kit, form, **MORNING)
    assert menu["menu_options"] == ["save", "fields", "when", "moment", "user"]
    (picture,) = pictures(shown(menu))
    assert ">Outside<" in picture
    form = await pick(kit, menu, "fields")
    assert preset(form, "replace") is False
    menu = await enter(kit, form, **sources(form), replace=False, urgent_entities=[LOCK])
    result = await pick(kit, menu, "save")
    assert result["title"] == "Evening"
    assert dict(page_of(entry).data) == {"text": {"text": "Hello"}, "urgent_entities": [LOCK], **MORNING}


@pytest.mark.parametrize(
    ("when", "errors"),
    [
        pytest.param({}, {"from": "no_time"}, id="nothing"),
        pytest.param({"from": "06:00:00"}, {"until": "times_incomplete"}, id="no-end"),
        pytest.param({"until": "06:00:00", "weekday": ["mon"]}, {"from": "times_incomplete"}, id="no-begin"),
        pytest.param({"from": "06:00:00", "until": "06:00:00"}, {"until": "times_empty"}, id="no-time-between"),
        pytest.param({"from": "06:00", "until": "06:00:00"}, {"until": "times_empty"}, id="same-time"),
        pytest.param(
            {**MORNING, "conditions": [{"condition": "nonsense"}]}, {"conditions": "conditions_invalid"}, id="condition"
        ),
        pytest.param(
            {**MORNING, "conditions": [{"condition": "trigger", "id": "x"}]},
            {"conditions": "conditions_trigger"},
            id="trigger",
        ),
        pytest.param({**MORNING, "priority": 101}, {"priority": "priority_out_of_range"}, id="too-much"),
        pytest.param({**MORNING, "priority": 0.5}, {"priority": "priority_out_of_range"}, id="a-half"),
    ],
)
async def test_when_it_cannot_apply(kit: GlancesKit, when: dict[str, Any], errors: dict[str, str]) -> None:
    """The form says which field is wrong, and keeps what was entered."""
    entry = await kit.load(widget(title="Outside"), page("Rain", text={"text": "x"}, **MORNING))
    form = await enter(kit, await start(kit, entry), entities=[LOCK])
    form = await enter(kit, form, **when)
    assert (form["step_id"], form["errors"]) == ("when", errors)
    assert {key: preset(form, key) for key in when} == when
    menu = await enter(kit, form, weekday=["sun", "sat"])
    assert shown(menu)["page"] == "Sat, Sun"


async def test_conditions(kit: GlancesKit) -> None:
    """They are stored as they were sent, so that Home Assistant can write them; the preview says what they are worth."""
    entry = await kit.load(widget(title="Outside"))
    state = {"condition": "state", "entity_id": LOCK, "state": "unlocked", "for": {"minutes": 5}}
    menu = await to_preview(kit, entry, {"entities": [LOCK]}, conditions=[state])
    assert shown(menu)["applies"] == "The page does not apply now, because its conditions are not met."
    assert shown(menu)["page"] == "Front door"
    template = {"condition": "template", "value_template": "{{ 1 > 'x' }}"}
    menu = await enter(kit, await pick(kit, menu, "when"), conditions=[template])
    assert shown(menu)["applies"].startswith("The page does not apply now, because its conditions fail: ")
    template = {"condition": "template", "value_template": "{{ states('lock.front_door') == 'locked' }}"}
    menu = await enter(kit, await pick(kit, menu, "when"), conditions=[template])
    assert shown(menu)["applies"] == "The page applies now."
    await pick(kit, menu, "save")
    assert page_of(entry).data["conditions"] == [template]


async def test_change(kit: GlancesKit) -> None:
    """Everything is as it was saved; another entity fills in all fields again, and a given name stays."""
    entry = await kit.load(
        widget(title="Outside"), page("Home", text=SHOWS_LOCK, urgent_entities=[LOCK], **MORNING, priority=7)
    )
    form = await change(kit, entry)
    assert (form["step_id"], {*form["data_schema"].schema}) == (
        "reconfigure",
        {"entities", "summary", "name"},
    )
    assert (preset(form, "entities"), preset(form, "name")) == ([LOCK], "Home")
    menu = await enter(kit, form, entities=[LOCK], name="Home")
    assert menu["menu_options"] == ["save", "fields", "entities", "when", "moment", "reconfigure"]
    assert shown(menu)["text"] == "Locked"
    form = await enter(kit, await pick(kit, menu, "reconfigure"), entities=[COMMUTE], name="Home")
    assert shown(form)["text"] == "35 min"
    form = await pick(kit, form, "when")
    # It has no other page any more, but keeps its priority for those that come.
    assert {*form["data_schema"].schema} == {"from", "until", "weekday", "conditions", "priority"}
    menu = await enter(kit, form, **MORNING, priority=preset(form, "priority"))
    form = await pick(kit, menu, "entities")
    assert shown(form)["text_entity"] == "Commute"
    menu = await enter(kit, form, text={"name": True, "unit": True}, count={}, percent={})
    assert shown(menu)["text"] == "Commute 35 min"
    result = await pick(kit, menu, "save")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    saved = page_of(entry)
    assert (saved.title, saved.data["priority"], "urgent_entities" in saved.data) == ("Home", 7, False)


async def test_name_after_the_times(kit: GlancesKit) -> None:
    """A page that a person has not named follows other times."""
    entry = await kit.load(widget(title="Outside"))
    menu = await to_preview(kit, entry, {"entities": [LOCK]}, **MORNING)
    await pick(kit, menu, "save")
    assert page_of(entry).title == "6:00 AM\N{EN DASH}9:00 AM"
    form = await change(kit, entry)
    assert preset(form, "name") is None
    menu = await enter(kit, form, entities=[LOCK])
    menu = await enter(kit, await pick(kit, menu, "when"), **MORNING, weekday=["sat"])
    await pick(kit, menu, "save")
    assert page_of(entry).title == "Sat 6:00 AM\N{EN DASH}9:00 AM"


@pytest.mark.parametrize(
    ("conditions", "name"),
    [
        pytest.param(
            [
                {"condition": "numeric_state", "entity_id": COMMUTE, "above": 40},
                {"condition": "state", "entity_id": LOCK, "state": "locked"},
            ],
            "Commute",
            id="entity",
        ),
        pytest.param(["{{ now().minute > 30 }}"], "Page", id="none"),
    ],
)
async def test_name_after_the_conditions(kit: GlancesKit, conditions: list[Any], name: str) -> None:
    """A page without times and without entities is called after the first entity of its conditions."""
    entry = await kit.load(widget(title="Outside"))
    form = await enter(kit, await enter(kit, await start(kit, entry)), text=choice("text", "Leave now"))
    assert shown(await enter(kit, form, conditions=conditions))["page"] == name


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        pytest.param("tue", "Tomorrow 6:00 AM", id="tomorrow"),
        pytest.param("sun", "Sun 6:00 AM", id="within-a-week"),
        pytest.param("mon", "30 Nov 6:00 AM", id="in-a-week"),
    ],
)
async def test_when_it_begins(kit: GlancesKit, day: str, begins: str) -> None:
    """The preview says the day and the time; it is Monday, after the page of today."""
    entry = await kit.load(widget(title="Outside"))
    menu = await to_preview(kit, entry, {"entities": [LOCK]}, **MORNING, weekday=[day])
    assert shown(menu)["applies"] == f"The page does not apply now. It begins: {begins}."


@pytest.mark.parametrize("moment", ["0001-01-01 00:00:00", "9999-12-31 23:59:00", "1999-12-31 23:59:59"])
async def test_moment_that_is_too_far_away(kit: GlancesKit, moment: str) -> None:
    """The form says so, keeps what was entered, and takes another one."""
    entry = await kit.load(widget(title="Outside"))
    form = await pick(kit, await to_preview(kit, entry, {"entities": [LOCK]}, **MORNING), "moment")
    form = await enter(kit, form, moment=moment)
    assert (form["step_id"], form["errors"]) == ("moment", {"moment": "moment_out_of_range"})
    assert preset(form, "moment") == moment
    # An hour of one digit is a time, too.
    form = await enter(kit, form, moment="2026-11-24 7:30")
    assert form["errors"] == {}
    assert "iphone\\: 6\\:00 AM" in shown(form)["pictures"]


async def test_widgets(kit: GlancesKit) -> None:
    """Where there are several, the page may be for some; pictures of these have their names."""
    entry = kit.account(widget(title="First"), widget("galaxy", title="Second"))
    await kit.setup(entry)
    first, second = entry.subentries
    form = await start(kit, entry)
    form = await enter(kit, form, entities=[LOCK])
    menu = await enter(kit, form, **MORNING)
    assert len(pictures(shown(menu))) == 2
    assert "galaxy" in shown(menu)["pictures"]
    form = await pick(kit, menu, "user")
    assert preset(form, "entities") == [LOCK]
    menu = await enter(kit, form, entities=[LOCK], widgets=[second])
    assert len(pictures(shown(menu))) == 1
    await pick(kit, menu, "save")
    assert page_of(entry).data["widgets"] == [second]
    kit.hass.config_entries.async_remove_subentry(entry, first)
    await kit.settle()
    form = await change(kit, entry)
    assert preset(form, "widgets") == [second]


async def test_copy_of_a_page_of_another_account(kit: GlancesKit) -> None:
    """It is independent, is for all widgets, and keeps its times and the name that a person gave it."""
    other = await kit.load(
        widget("galaxy", title="Other"), page("Home", text=SHOWS_LOCK, widgets=["x"], **MORNING), user_key="u" * 30
    )
    entry = await kit.load(widget(title="Outside"))
    form = await start(kit, entry)
    menu = await enter(kit, form, copy=page_of(other).subentry_id)
    assert (menu["step_id"], shown(menu)["page"]) == ("preview", "Home")
    await pick(kit, menu, "save")
    assert (page_of(entry).title, dict(page_of(entry).data)) == ("Home", {"text": SHOWS_LOCK, **MORNING})


async def test_copy_of_a_page_under_another_name(kit: GlancesKit) -> None:
    """It is called what the form says, and replaces the whole glance if the other page does."""
    entry = await kit.load(widget(title="Outside"), page("Home", text=SHOWS_LOCK, replace=True, **MORNING))
    form = await enter(kit, await start(kit, entry), copy=page_of(entry).subentry_id, name="Away")
    assert (await pick(kit, form, "save"))["title"] == "Away"
    (_, copied) = entry.get_subentries_of_type("page")
    assert dict(copied.data) == {"text": SHOWS_LOCK, "replace": True, **MORNING}


async def test_copy_of_a_widget(kit: GlancesKit) -> None:
    """Its fields are taken over, and its urgent entities; its delivery settings are not."""
    entry = await kit.load(widget(text=SHOWS_LOCK, urgent_entities=[LOCK], daily_limit=20))
    (original,) = entry.subentries
    form = await enter(kit, await start(kit, entry), copy=original, entities=[LOCK])
    assert form["errors"] == {"copy": "entities_and_copy"}
    form = await enter(kit, form, copy=original)
    menu = await enter(kit, form, weekday=["sun"])
    await pick(kit, menu, "save")
    saved = dict(page_of(entry).data)
    assert saved == {"text": SHOWS_LOCK, "urgent_entities": [LOCK], "weekday": ["sun"], "replace": True}


async def test_entities_or_a_copy_that_cannot_be(kit: GlancesKit) -> None:
    """The form says so; what was chosen can be emptied again to fill in every field by hand."""
    entry = await kit.load(widget(title="Outside"), page("Home", text=SHOWS_LOCK, **MORNING))
    form = await start(kit, entry)
    gone = page_of(entry)
    kit.hass.config_entries.async_remove_subentry(entry, gone.subentry_id)
    await kit.settle()
    form = await enter(kit, form, copy=gone.subentry_id)
    assert form["errors"] == {"copy": "copy_removed"}
    form = await enter(kit, form, entities=[f"sensor.n{number}" for number in range(6)])
    assert form["errors"] == {"entities": "too_many_entities"}
    form = await enter(kit, form, entities=[LOCK])
    menu = await enter(kit, form, **MORNING)
    form = await enter(kit, await pick(kit, menu, "user"))
    assert (form["step_id"], preset(form, "text")) == ("fields", LOCK)


async def test_summary(kit: GlancesKit) -> None:
    """A kind fills in all fields; on the way back it is selected still, and can be emptied."""
    furnish(kit.hass)
    await live(kit, "light.kitchen", "on", area=KITCHEN)
    entry = await kit.load(widget(title="Outside"))
    menu = await to_preview(kit, entry, {"summary": {"kind": "lights", "area_id": [KITCHEN]}}, **MORNING)
    assert (shown(menu)["text"], shown(menu)["subtext"]) == ("Kitchen on", "Kitchen")
    locked = [{"condition": "state", "entity_id": LOCK, "state": "locked"}]
    menu = await enter(kit, await pick(kit, menu, "when"), conditions=locked)
    assert shown(menu)["page"] == "Lights: Kitchen"
    form = await pick(kit, menu, "user")
    assert summary_in(form) == {"kind": "lights", "area_id": [KITCHEN]}
    form = await enter(kit, form, summary={"area_id": [KITCHEN]})
    assert form["errors"] == {"summary": "no_kind"}
    form = await enter(kit, form, summary={})
    assert form["step_id"] == "fields"


async def test_conditions_that_are_not_known(kit: GlancesKit) -> None:
    """The preview of a page whose entity is away says what the widget shows; other conditions are not met."""
    locked = {"condition": "state", "entity_id": LOCK, "state": "locked"}
    await kit.state(LOCK, "locked")
    saved = page(text={"text": "Locked"}, conditions=[locked])
    entry = await kit.load(widget(title="Outside"), saved)
    kit.hass.states.async_remove(LOCK)
    await kit.settle()
    menu = await enter(kit, await change(kit, entry))
    assert shown(menu)["applies"] == "The page applies now."
    menu = await enter(kit, await pick(kit, menu, "when"), conditions=[{**locked, "state": "unlocked"}])
    assert shown(menu)["applies"] == "The page does not apply now, because its conditions are not met."


async def test_page_below_another_one(kit: GlancesKit) -> None:
    """The preview names the page that is shown instead, and the picture shows this one."""
    entry = await kit.load(widget(title="Outside"), page("Rain", text={"text": "Rain"}, weekday=["mon"], priority=5))
    menu = await to_preview(kit, entry, {"entities": [LOCK]}, weekday=["mon"])
    assert shown(menu)["applies"] == "The page applies now, but another one comes first: Rain."
    (picture,) = pictures(shown(menu))
    assert ">Locked<" in picture
    menu = await enter(kit, await pick(kit, menu, "when"), weekday=["mon"], priority=6)
    assert shown(menu)["applies"] == "The page applies now."
    await pick(kit, menu, "save")
    saved = [item.data.get("priority") for item in entry.get_subentries_of_type("page")]
    assert saved == [5, 6]


async def test_page_below_an_alert(kit: GlancesKit) -> None:
    """The preview names the alert that is shown instead while the page applies."""
    await kit.state(DOOR, "open")
    other = alert(LOCK, called="Unlocked", states=["unlocked"])
    entry = await kit.load(widget(title="Outside"), alert(), other)
    covered = r"The page applies now. At the moment, an alert is shown instead: Garage door\: Open."
    assert shown(await to_preview(kit, entry, {"entities": [LOCK]}, weekday=["mon"]))["applies"] == covered
    menu = await to_preview(kit, entry, {"entities": [LOCK]}, weekday=["tue"])
    assert "alert" not in shown(menu)["applies"]


async def test_any_moment(kit: GlancesKit) -> None:
    """It shows which page a widget shows then, with the values of now; the same moment again goes back."""
    entry = await kit.load(
        widget(title="Outside", text={"text": "Base"}, time_stamp="title"),
        page("Sunday", text={"text": "Rest"}, weekday=["sun"], priority=1),
    )
    menu = await to_preview(
        kit, entry, {"entities": [LOCK], "name": "Evening"}, **{"from": "18:00:00", "until": "22:00:00"}
    )
    form = await pick(kit, menu, "moment")
    assert (form["step_id"], preset(form, "moment")) == ("moment", "2026-11-23 18:00:00")
    assert "iphone\\: Evening" in shown(form)["pictures"]
    (picture,) = pictures(shown(form))
    assert ">Locked<" in picture
    assert "6:00 PM<" in picture
    form = await enter(kit, form, moment="2026-11-23 07:00:00")
    assert "iphone\\: no page" in shown(form)["pictures"]
    (picture,) = pictures(shown(form))
    assert ">Base<" in picture
    form = await enter(kit, form, moment="2026-11-29 19:00:00")
    assert "iphone\\: Sunday" in shown(form)["pictures"]
    menu = await enter(kit, form, moment="2026-11-29 19:00:00")
    assert (menu["type"], menu["step_id"]) == (FlowResultType.MENU, "preview")
    menu = await enter(
        kit, await pick(kit, menu, "when"), conditions=[{"condition": "state", "entity_id": LOCK, "state": "locked"}]
    )
    form = await pick(kit, menu, "moment")
    assert preset(form, "moment") == "2026-11-23 12:00:00"


async def test_account_that_is_not_loaded(kit: GlancesKit) -> None:
    """A page can be added all the same; what widgets show is not known then."""
    entry = kit.account(widget(title="Outside"))
    await kit.prepare()
    await kit.hass.config_entries.async_unload(entry.entry_id)
    form = await enter(kit, await start(kit, entry), entities=[LOCK])
    menu = await enter(kit, form, **MORNING)
    assert menu["menu_options"] == ["save", "fields", "entities", "when", "user"]
    (picture,) = pictures(shown(menu))
    assert ">Locked<" in picture
    assert (await pick(kit, menu, "save"))["type"] is FlowResultType.CREATE_ENTRY


async def test_page_below_an_alert_of_an_account_that_is_not_loaded(kit: GlancesKit) -> None:
    """Whether an alert is shown is not known then, so the preview names none."""
    await kit.state(DOOR, "open")
    entry = kit.account(widget(title="Outside"), alert())
    await kit.prepare()
    await kit.hass.config_entries.async_unload(entry.entry_id)
    menu = await to_preview(kit, entry, {"entities": [LOCK]}, weekday=["mon"])
    assert shown(menu)["applies"] == "The page applies now."


@pytest.mark.parametrize("step", ["user", "fields", "when", "entities", "moment", "save"])
@pytest.mark.parametrize("gone", ["account", "page"])
async def test_what_is_gone_meanwhile(kit: GlancesKit, step: str, gone: str) -> None:
    """The flow ends, and says why."""
    entry = await kit.load(widget(title="Outside"), page("Home", text=SHOWS_LOCK, **MORNING))
    form = await change(kit, entry)
    if step != "user":
        form = await enter(kit, form, entities=[LOCK])
    if gone == "account":
        await kit.hass.config_entries.async_remove(entry.entry_id)
    else:
        kit.hass.config_entries.async_remove_subentry(entry, page_of(entry).subentry_id)
    await kit.settle()
    result = await (enter(kit, form, entities=[LOCK]) if step == "user" else pick(kit, form, step))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, f"{gone}_removed")


async def test_account_that_is_gone_at_the_first_step(kit: GlancesKit) -> None:
    """The flow ends."""
    entry = await kit.load(widget(title="Outside"))
    form = await start(kit, entry)
    await kit.hass.config_entries.async_remove(entry.entry_id)
    assert (await enter(kit, form, entities=[LOCK]))["reason"] == "account_removed"


async def test_options_of_entities(kit: GlancesKit) -> None:
    """One that is turned into a template is edited as such; a page without entities has no such step."""
    entry = await kit.load(widget(title="Outside"))
    menu = await to_preview(kit, entry, {"entities": [COMMUTE]}, **MORNING)
    form = await pick(kit, menu, "entities")
    form = await enter(kit, form, text={"template": True}, count={}, percent={})
    assert form["step_id"] == "fields"
    assert preset(form, "text").startswith("{{")


async def test_conditions_that_are_none(kit: GlancesKit) -> None:
    """Home Assistant's form refuses a day that there is not."""
    entry = await kit.load(widget(title="Outside"))
    form = await enter(kit, await start(kit, entry), entities=[LOCK])
    with pytest.raises(InvalidData):
        await enter(kit, form, weekday=["someday"])


async def test_widget_with_pages(kit: GlancesKit) -> None:
    """The preview of a widget shows its own fields, names the page that covers them, and estimates nothing."""
    entry = await kit.load(
        widget(title="Outside", text={"text": "Base"}), page("Day", text={"text": "Page"}, weekday=["mon"])
    )
    await kit.tick(SPACING)
    (name, *_) = entry.subentries
    context: Any = {"source": SOURCE_RECONFIGURE, "subentry_id": name}
    form = dict(await kit.hass.config_entries.subentries.async_init((entry.entry_id, "widget"), context=context))
    menu = await enter(kit, form, device="iphone")
    (picture,) = (shown(menu)["picture"],)
    assert shown(menu)["text"] == "Base"
    assert shown(menu)["goes"] == (
        "The page Day replaces fields of this widget at the moment. Nothing will be sent, because the device already "
        "has this."
    )
    assert shown(menu)["estimate"].startswith("There is no estimate")
    assert picture


async def test_pages_of_an_added_widget(kit: GlancesKit) -> None:
    """A page for all widgets is for one that is added later."""
    entry = await kit.load(widget(title="Outside"), page("Day", text={"text": "Page"}, weekday=["mon"]))
    kit.hass.config_entries.async_add_subentry(entry, added(widget("galaxy", title="New")))
    await kit.settle()
    await kit.tick(SPACING)
    status = kit.hass.states.get("sensor.galaxy_glance_status")
    assert status is not None
    assert status.attributes["page"] == "Day"
