"""Adding an account with the keys that Home Assistant has already, or with keys in each other's field."""

from typing import Any

from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockModule, mock_integration

from custom_components.pushover_glances.const import DOMAIN
from emulator import Fault, Kind
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER, GROUP_KEY, NO_DEVICE_USER, SECOND_TOKEN, SECOND_USER

from .kit import GlancesKit
from .test_config_flow import GOOD, enter, start

_SWAPPED = {"token": EXAMPLE_USER, "user_key": EXAMPLE_TOKEN}


def pushover(kit: GlancesKit, title: str = "Pushover", **data: Any) -> MockConfigEntry:
    """Add an entry of Home Assistant's own integration."""
    keys = {"name": title, "api_key": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER, **data}
    entry = MockConfigEntry(domain="pushover", title=title, data=keys)
    entry.add_to_hass(kit.hass)
    return entry


async def begin(kit: GlancesKit) -> dict[str, Any]:
    """Begin to add an account."""
    return dict(await kit.hass.config_entries.flow.async_init(DOMAIN, context={"source": "user"}))


async def choose(kit: GlancesKit, form: dict[str, Any], keys: str) -> dict[str, Any]:
    """Choose whose keys to use."""
    return dict(await kit.hass.config_entries.flow.async_configure(form["flow_id"], {"keys": keys}))


def offered(form: dict[str, Any]) -> dict[str, str]:
    """Return the labels of the choices by value, the preselected one first."""
    key, selector = next((key, selector) for key, selector in form["data_schema"].schema.items() if key == "keys")
    labels = {item["value"]: item["label"] for item in selector.config["options"]}
    return {key.default(): labels[key.default()], **labels}


def ids(kit: GlancesKit) -> list[str]:
    """Return the ids of the accounts."""
    return [entry.entry_id for entry in kit.hass.config_entries.async_entries(DOMAIN)]


async def test_keys_of_an_entry(kit: GlancesKit) -> None:
    """They are offered by the title of the entry, checked when they are chosen, and never shown."""
    first, second = pushover(kit), pushover(kit, "Anna", api_key=SECOND_TOKEN, user_key=SECOND_USER)
    form = await begin(kit)
    assert (form["type"], form["step_id"], form["errors"]) == (FlowResultType.FORM, "pushover", {})
    assert offered(form) == {first.entry_id: "Pushover", second.entry_id: "Anna", "other": "other"}
    shown = str({**form, "data_schema": str(form["data_schema"].schema)})
    assert not any(key in shown for key in (EXAMPLE_TOKEN, EXAMPLE_USER, SECOND_TOKEN, SECOND_USER))
    assert kit.emulator.calls == []
    result = await choose(kit, form, second.entry_id)
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "Pushover (pixel)")
    assert dict(result["result"].data) == {"token": SECOND_TOKEN, "user_key": SECOND_USER}
    # The other one is still offered, and neither once both have an account.
    form = await begin(kit)
    assert list(offered(form)) == [first.entry_id, *ids(kit), "other"]
    await choose(kit, form, first.entry_id)
    assert sorted(offered(await begin(kit))) == sorted([*ids(kit), "other"])


async def test_keys_with_spaces(kit: GlancesKit) -> None:
    """Home Assistant's own integration keeps what was typed around a key, which is none of it."""
    entry = pushover(kit, api_key=f" {EXAMPLE_TOKEN}", user_key=f"{EXAMPLE_USER} ")
    result = await choose(kit, await begin(kit), entry.entry_id)
    assert (result["type"], dict(result["result"].data)) == (FlowResultType.CREATE_ENTRY, GOOD)
    assert list(offered(await begin(kit))) == [*ids(kit), "other"]


async def test_other_keys(kit: GlancesKit) -> None:
    """The form for them is empty."""
    pushover(kit)
    form = await choose(kit, await begin(kit), "other")
    assert (form["step_id"], form["errors"]) == ("user", {})
    assert not any(key.description for key in form["data_schema"].schema)
    result = await enter(kit.hass, form["flow_id"], token=SECOND_TOKEN, user_key=SECOND_USER)
    assert result["title"] == "Pushover (pixel)"


async def test_entry_of_a_user_without_devices(kit: GlancesKit) -> None:
    """The account is confirmed as always."""
    entry = pushover(kit, user_key=NO_DEVICE_USER)
    form = await choose(kit, await begin(kit), entry.entry_id)
    assert form["step_id"] == "no_devices"
    created = await kit.hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert created["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param({"api_key": "x" * 30}, "invalid_token", id="token"),
        pytest.param({"user_key": "x" * 30}, "invalid_user_key", id="user key"),
        pytest.param({"user_key": GROUP_KEY}, "group_key", id="group"),
        pytest.param({"user_key": None}, "invalid_user_key_format", id="no key"),
        pytest.param({"api_key": ["x"]}, "invalid_token_format", id="no text"),
    ],
)
async def test_keys_of_an_entry_that_are_wrong(kit: GlancesKit, data: dict[str, Any], error: str) -> None:
    """The error stands on the choice, and other keys can be entered."""
    entry = pushover(kit, **data)
    form = await choose(kit, await begin(kit), entry.entry_id)
    assert (form["step_id"], form["errors"]) == ("pushover", {"keys": error})
    form = await choose(kit, form, "other")
    assert (await enter(kit.hass, form["flow_id"]))["type"] is FlowResultType.CREATE_ENTRY


async def test_pushover_is_away(kit: GlancesKit) -> None:
    """The choice can be made again."""
    entry = pushover(kit)
    kit.emulator.faults.append(Fault(Kind.STATUS, status=503))
    form = await choose(kit, await begin(kit), entry.entry_id)
    assert form["errors"] == {"keys": "cannot_connect"}
    assert form["description_placeholders"]["error"]
    assert (await choose(kit, form, entry.entry_id))["type"] is FlowResultType.CREATE_ENTRY


async def test_entry_is_removed_meanwhile(kit: GlancesKit) -> None:
    """What is left is asked again; if nothing is, the keys are."""
    mock_integration(kit.hass, MockModule("pushover"))
    first, second = pushover(kit), pushover(kit, "Anna", user_key=SECOND_USER)
    form = await begin(kit)
    await kit.hass.config_entries.async_remove(first.entry_id)
    form = await choose(kit, form, first.entry_id)
    assert (form["step_id"], list(offered(form))) == ("pushover", [second.entry_id, "other"])
    # Nothing that is gone is selected.
    assert not any((key.description or {}).get("suggested_value") for key in form["data_schema"].schema)
    await kit.hass.config_entries.async_remove(second.entry_id)
    assert (await choose(kit, form, second.entry_id))["step_id"] == "user"


async def test_ignored_entry(kit: GlancesKit) -> None:
    """An integration that was discovered and ignored has no keys."""
    MockConfigEntry(domain="pushover", source="ignore", data={}).add_to_hass(kit.hass)
    await start(kit.hass)


async def test_swapped_keys(kit: GlancesKit) -> None:
    """The form says so, and has each in its own field; Pushover was asked twice."""
    flow_id = await start(kit.hass)
    form = await enter(kit.hass, flow_id, **_SWAPPED)
    assert form["errors"] == {"base": "keys_swapped"}
    filled = {key.schema: key.description["suggested_value"] for key in form["data_schema"].schema}
    assert filled == {**GOOD, "name": ""}
    assert len(kit.emulator.calls) == 2
    assert (await enter(kit.hass, flow_id, **filled))["type"] is FlowResultType.CREATE_ENTRY


async def test_wrong_keys_that_are_not_swapped(kit: GlancesKit) -> None:
    """What Pushover does not know either way stays as it was typed."""
    form = await enter(kit.hass, await start(kit.hass), token="x" * 30, user_key="y" * 30)
    assert form["errors"] == {"token": "invalid_token"}
