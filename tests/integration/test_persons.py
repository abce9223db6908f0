"""An account for each person: what it is called, the application that several use, and what is copied."""

from typing import Any

from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.pushover_glances.const import DOMAIN
from emulator import Fault, Kind, User
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER, GROUP_KEY, NO_DEVICE_USER, SECOND_TOKEN, SECOND_USER

from .kit import DOOR, GlancesKit, added, alert, page, widget
from .test_config_flow import GOOD
from .test_known_keys import begin, ids, offered


async def enter(kit: GlancesKit, form: dict[str, Any], **data: Any) -> dict[str, Any]:
    """Fill in a form."""
    result = dict(await kit.hass.config_entries.flow.async_configure(form["flow_id"], data))
    await kit.settle()
    return result


def suggested(form: dict[str, Any], name: str) -> Any:
    """Return what a field is filled in with."""
    key = next(key for key in form["data_schema"].schema if key == name)
    return (key.description or {}).get("suggested_value")


async def persons(kit: GlancesKit, *names: str) -> None:
    """Have persons in Home Assistant."""
    for name in names:
        await kit.state(f"person.{name.lower()}", "home", friendly_name=name)


async def test_account_of_a_person(kit: GlancesKit) -> None:
    """The first person without an account is suggested, then the next; none is once all have one."""
    await persons(kit, "Anna", "Ben")
    form = await begin(kit)
    assert (form["step_id"], suggested(form, "name")) == ("user", "Anna")
    assert form["data_schema"].schema["name"].config["options"] == ["Anna", "Ben"]
    result = await enter(kit, form, **GOOD, name="Anna")
    assert (result["title"], dict(result["result"].data)) == ("Pushover: Anna", GOOD)
    form = await begin(kit)
    assert suggested(form, "name") == "Ben"
    form = await enter(kit, form, keys="other", name="Ben")
    assert "name" not in form["data_schema"].schema
    result = await enter(kit, form, token=SECOND_TOKEN, user_key=SECOND_USER)
    assert result["title"] == "Pushover: Ben"
    assert suggested(await begin(kit), "name") is None


@pytest.mark.parametrize(
    ("name", "title"),
    [
        pytest.param({}, "Pushover (iphone, ipad)", id="empty"),
        pytest.param({"name": "  "}, "Pushover (iphone, ipad)", id="spaces"),
        pytest.param({"name": " Grandma "}, "Pushover: Grandma", id="another"),
    ],
)
async def test_other_names(kit: GlancesKit, name: dict[str, str], title: str) -> None:
    """Any name will do; without one, the account is called after its devices, whatever name is suggested."""
    await persons(kit, "Anna")
    assert (await enter(kit, await begin(kit), **GOOD, **name))["title"] == title


async def test_name_stays_after_an_error(kit: GlancesKit) -> None:
    """What was typed is still there, and what was taken away is not."""
    await persons(kit, "Anna")
    form = await enter(kit, await begin(kit), **GOOD | {"token": "short"}, name="Grandma")
    assert suggested(form, "name") == "Grandma"
    form = await enter(kit, form, token=EXAMPLE_USER, user_key=EXAMPLE_TOKEN, name="Grandpa")
    assert (form["errors"], suggested(form, "name")) == ({"base": "keys_swapped"}, "Grandpa")
    form = await enter(kit, form, **GOOD | {"token": "short"})
    assert not suggested(form, "name")


async def test_another_person(kit: GlancesKit) -> None:
    """The application of an account sends to another person; one key is typed, and alerts are copied for all widgets."""
    await kit.state(DOOR, "closed")
    anna = await kit.load(widget(title="A"))
    (there,) = anna.subentries
    await kit.load(token=SECOND_TOKEN, user_key=NO_DEVICE_USER)
    morning = page(text={"text": "M"}, widgets=[there], **{"from": "07:00:00", "until": "09:00:00"})
    for item in (alert(called="My door", widgets=[there]), alert(called="Shut", states=["closed"]), morning):
        kit.hass.config_entries.async_add_subentry(anna, added(item))
    await kit.settle()
    form = await begin(kit)
    first, second = ids(kit)
    labels = [f"Application of Account {user[-4:]}" for user in (EXAMPLE_USER, NO_DEVICE_USER)]
    assert offered(form) == {first: labels[0], second: labels[1], "other": "other"}
    form = await enter(kit, form, keys=first, name="Ben")
    assert (form["step_id"], form["errors"]) == ("application", {})
    assert form["description_placeholders"]["account"] == anna.title
    assert EXAMPLE_TOKEN not in str({**form, "data_schema": str(form["data_schema"].schema)})
    result = await enter(kit, form, user_key=f" {SECOND_USER} ", copy=True)
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "Pushover: Ben")
    ben = result["result"]
    assert dict(ben.data) == {"token": EXAMPLE_TOKEN, "user_key": SECOND_USER}
    mine = {item.title: dict(item.data) for item in ben.subentries.values()}
    theirs = {item.title: dict(item.data) for item in anna.subentries.values() if item.subentry_type != "widget"}
    assert mine == {title: {k: v for k, v in data.items() if k != "widgets"} for title, data in theirs.items()}
    assert ben.subentries.keys().isdisjoint(anna.subentries)
    # An application is offered once, however many use it.
    assert list(offered(await begin(kit))) == [first, second, "other"]


async def test_nothing_is_copied_if_it_is_not_wanted(kit: GlancesKit) -> None:
    """Another person may want other alerts."""
    await kit.load(widget(title="A"), alert())
    form = await enter(kit, await begin(kit), keys=ids(kit)[0])
    result = await enter(kit, form, user_key=SECOND_USER, copy=False)
    assert (result["title"], dict(result["result"].subentries)) == ("Pushover (pixel)", {})


@pytest.mark.parametrize(
    ("key", "errors"),
    [
        pytest.param("x" * 30, {"user_key": "invalid_user_key"}, id="unknown"),
        pytest.param("short", {"user_key": "invalid_user_key_format"}, id="short"),
        pytest.param(GROUP_KEY, {"user_key": "group_key"}, id="group"),
    ],
)
async def test_wrong_key_of_another_person(kit: GlancesKit, key: str, errors: dict[str, str]) -> None:
    """The error stands on the field, and the right key is taken then."""
    await kit.load(widget(title="A"))
    form = await enter(kit, await begin(kit), keys=ids(kit)[0])
    form = await enter(kit, form, user_key=key, copy=False)
    assert (form["step_id"], form["errors"], suggested(form, "copy")) == ("application", errors, False)
    assert (await enter(kit, form, user_key=SECOND_USER, copy=True))["type"] is FlowResultType.CREATE_ENTRY


async def test_same_person_again(kit: GlancesKit) -> None:
    """One account for each user key."""
    entry = await kit.load(widget(title="A"))
    form = await enter(kit, await begin(kit), keys=entry.entry_id)
    result = await enter(kit, form, user_key=SECOND_USER, copy=True)
    form = await enter(kit, await begin(kit), keys=entry.entry_id)
    again = await enter(kit, form, user_key=SECOND_USER, copy=True)
    assert (result["type"], again["reason"]) == (FlowResultType.CREATE_ENTRY, "already_configured")


async def test_application_that_does_not_work(kit: GlancesKit) -> None:
    """The form has no field for the token, so it says so for the whole of it; nothing is lost while Pushover is away."""
    await kit.load(widget(title="A"))
    form = await enter(kit, await begin(kit), keys=ids(kit)[0], name="Ben")
    kit.emulator.faults.append(Fault(Kind.STATUS, status=503))
    form = await enter(kit, form, user_key=SECOND_USER, copy=True)
    assert form["errors"] == {"base": "cannot_connect"}
    del kit.emulator.world.applications[EXAMPLE_TOKEN]
    form = await enter(kit, form, user_key=SECOND_USER, copy=True)
    assert form["errors"] == {"base": "invalid_token"}


async def test_account_is_removed_meanwhile(kit: GlancesKit) -> None:
    """Both keys are asked for; the person stays."""
    entry = await kit.load(widget(title="A"))
    form = await enter(kit, await begin(kit), keys=entry.entry_id, name="Ben")
    await kit.hass.config_entries.async_remove(entry.entry_id)
    form = await enter(kit, form, user_key=SECOND_USER, copy=True)
    assert form["step_id"] == "user"
    assert (await enter(kit, form, **GOOD))["title"] == "Pushover: Ben"


async def test_many_devices(kit: GlancesKit) -> None:
    """Without a name, the account is called after the first of them, and says how many more there are."""
    kit.emulator.world.add(User.with_devices(EXAMPLE_USER, *(f"phone{number}" for number in range(30))))
    result = await enter(kit, await begin(kit), **GOOD)
    assert result["title"] == "Pushover (phone0, phone1, phone2 +27)"


async def test_person_without_devices(kit: GlancesKit) -> None:
    """The account is confirmed as always, and called after the person."""
    entry = await kit.load(widget(title="A"), alert())
    form = await enter(kit, await begin(kit), keys=entry.entry_id, name="Ben")
    form = await enter(kit, form, user_key=NO_DEVICE_USER, copy=True)
    assert form["step_id"] == "no_devices"
    result = await enter(kit, form)
    assert (result["title"], len(result["result"].subentries)) == ("Pushover: Ben", 1)
    assert len(kit.hass.config_entries.async_entries(DOMAIN)) == 2
