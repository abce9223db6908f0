"""Adding an account, and giving it new credentials."""

from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER, ConfigEntryState
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.pushover_glances.const import CONF_USER_KEY, DOMAIN
from emulator import Fault, Kind
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER, GROUP_KEY, NO_DEVICE_USER, SECOND_TOKEN, SECOND_USER

from .kit import ROUNDING, SPACING, GlancesKit, subentry

GOOD = {CONF_TOKEN: EXAMPLE_TOKEN, CONF_USER_KEY: EXAMPLE_USER}


async def enter_token(hass: HomeAssistant, flow_id: str, token: str = EXAMPLE_TOKEN) -> dict[str, Any]:
    """Fill in the form of an existing account, by default with its first token."""
    return dict(await hass.config_entries.flow.async_configure(flow_id, {CONF_TOKEN: token}))


async def start(hass: HomeAssistant) -> str:
    """Begin to add an account with keys of its own, and return the flow's id."""
    form = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    if form["step_id"] == "pushover":
        form = await hass.config_entries.flow.async_configure(form["flow_id"], {"keys": "other"})
    assert (form["type"], form["step_id"], form["errors"]) == (FlowResultType.FORM, "user", {})
    return form["flow_id"]


async def enter(hass: HomeAssistant, flow_id: str, **data: str) -> dict[str, Any]:
    """Fill in the form, by default with good credentials."""
    return dict(await hass.config_entries.flow.async_configure(flow_id, {**GOOD, **data}))


async def test_account(kit: GlancesKit) -> None:
    """Good credentials make an account, and the flow goes straight on to its first widget."""
    result = await enter(kit.hass, await start(kit.hass), token=f"  {EXAMPLE_TOKEN}\n")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Pushover (iphone, ipad)"
    entry = result["result"]
    assert dict(entry.data) == GOOD
    assert (entry.version, entry.minor_version) == (3, 1)
    assert EXAMPLE_USER not in (entry.unique_id or "")
    assert entry.state is ConfigEntryState.LOADED
    (following,) = kit.hass.config_entries.subentries.async_progress()
    assert result["next_flow"][1] == following["flow_id"]
    assert following["step_id"] == "user"


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        pytest.param({"token": "x" * 30}, {"token": "invalid_token"}, id="unknown-token"),
        pytest.param({"user_key": "x" * 30}, {"user_key": "invalid_user_key"}, id="unknown-user"),
        pytest.param({"user_key": GROUP_KEY}, {"user_key": "group_key"}, id="group"),
        pytest.param({"token": "short"}, {"token": "invalid_token_format"}, id="short-token"),
        pytest.param(
            {"token": "x" * 31, "user_key": "ü" * 30},
            {"token": "invalid_token_format", "user_key": "invalid_user_key_format"},
            id="both",
        ),
    ],
)
async def test_wrong_credentials(kit: GlancesKit, data: dict[str, str], errors: dict[str, str]) -> None:
    """The error stands on the field that is wrong, what was typed stays, and the right one is taken then."""
    flow_id = await start(kit.hass)
    result = await enter(kit.hass, flow_id, **data)
    assert (result["type"], result["errors"]) == (FlowResultType.FORM, errors)
    typed = {key.schema: key.description["suggested_value"] for key in result["data_schema"].schema}
    assert typed == {**GOOD, **data, "name": ""}
    assert (await enter(kit.hass, flow_id))["type"] is FlowResultType.CREATE_ENTRY


async def test_malformed_keys_are_not_sent(kit: GlancesKit) -> None:
    """Pushover blocks an address that asks too many bad questions."""
    await enter(kit.hass, await start(kit.hass), token="short")
    assert kit.emulator.calls == []


async def test_pushover_is_away_after_the_check(kit: GlancesKit) -> None:
    """The account is added all the same; its widget can be added when it is loaded."""
    flow_id = await start(kit.hass)
    kit.emulator.faults.append(Fault(Kind.STATUS, status=503, times=None, after=1))
    result = await enter(kit.hass, flow_id)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].state is ConfigEntryState.SETUP_RETRY
    assert "next_flow" not in result


async def test_pushover_is_away_after_the_account_is_loaded(kit: GlancesKit) -> None:
    """The flow goes on to the first widget with the devices that the account knows."""
    flow_id = await start(kit.hass)
    # The flow's own check and that of the set-up pass.
    kit.emulator.faults.append(Fault(Kind.STATUS, status=503, times=None, after=2))
    result = await enter(kit.hass, flow_id)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (following,) = kit.hass.config_entries.subentries.async_progress()
    assert result["next_flow"][1] == following["flow_id"]


async def test_unexpected_error(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug of ours is named as such and does not end the flow."""
    flow_id = await start(kit.hass)
    with monkeypatch.context() as patched:
        patched.setattr("custom_components.pushover_glances.config_flow.async_validate_user", lambda *_: None)
        assert (await enter(kit.hass, flow_id))["errors"] == {"base": "unknown"}
    assert (await enter(kit.hass, flow_id))["type"] is FlowResultType.CREATE_ENTRY


async def test_no_active_device(kit: GlancesKit) -> None:
    """An account without a device is confirmed in a step of its own."""
    flow_id = await start(kit.hass)
    result = await enter(kit.hass, flow_id, user_key=NO_DEVICE_USER)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "no_devices")
    created = await kit.hass.config_entries.flow.async_configure(flow_id, {})
    assert (created["type"], created["title"]) == (FlowResultType.CREATE_ENTRY, "Pushover")


async def test_one_account_for_each_user_key(kit: GlancesKit) -> None:
    """The same user key is refused, whatever the token; another one is welcome."""
    await enter(kit.hass, await start(kit.hass))
    again = await enter(kit.hass, await start(kit.hass), token=SECOND_TOKEN)
    assert (again["type"], again["reason"]) == (FlowResultType.ABORT, "already_configured")
    other = await enter(kit.hass, await start(kit.hass), user_key=SECOND_USER)
    assert other["type"] is FlowResultType.CREATE_ENTRY


async def added(kit: GlancesKit) -> Any:
    """Return an account that was added by its flow."""
    return (await enter(kit.hass, await start(kit.hass)))["result"]


@pytest.mark.parametrize("source", ["reauth", "reconfigure"])
async def test_secrets_of_an_account_never_come_back(kit: GlancesKit, source: str) -> None:
    """Neither an empty form nor one with an error shows a credential."""
    entry = await added(kit)
    if source == "reauth":
        entry.async_start_reauth(kit.hass)
        await kit.settle()
        (progress,) = kit.hass.config_entries.flow.async_progress()
        form = await kit.hass.config_entries.flow.async_configure(progress["flow_id"])
    else:
        form = await reconfigure(kit, entry)
    wrong = await enter_token(kit.hass, form["flow_id"], "x" * 30)
    assert wrong["errors"] == {"token": "invalid_token"}
    for shown in (form, wrong):
        schema: Any = shown["data_schema"]
        assert not any(key.description for key in schema.schema)
        text = str({**shown, "data_schema": str(schema.schema)})
        assert EXAMPLE_TOKEN not in text
        assert EXAMPLE_USER not in text


async def reconfigure(kit: GlancesKit, entry: Any) -> Any:
    """Begin to change the credentials of an account."""
    context: Any = {"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    return await kit.hass.config_entries.flow.async_init(DOMAIN, context=context)


async def test_reauth_after_a_reload(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """An account whose token was withdrawn loads again with a new one, after exactly one set-up."""
    entry = await added(kit)
    application = kit.emulator.world.applications.pop(EXAMPLE_TOKEN)
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.settle()
    (flow,) = kit.hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "reauth_confirm"
    application.token = "n" * 30
    kit.emulator.world.add(application)
    caplog.clear()
    calls = len(kit.emulator.calls)
    result = await enter_token(kit.hass, flow["flow_id"], "n" * 30)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    await kit.settle()
    assert entry.state == ConfigEntryState.LOADED
    # The flow's check, and the check of one set-up.
    assert len(kit.emulator.calls) - calls == 2
    assert not [item for item in caplog.records if item.levelname in ("WARNING", "ERROR")]


async def test_reauth_of_a_loaded_account_sends_what_waits(kit: GlancesKit) -> None:
    """An update that found the token withdrawn starts the flow; the queue goes out after it."""
    entry = await added(kit)
    await kit.state("sensor.a", "0")
    kit.hass.config_entries.async_add_subentry(entry, subentry(text="{{ states('sensor.a') }}"))
    await kit.settle()
    application = kit.emulator.world.applications.pop(EXAMPLE_TOKEN)
    await kit.state("sensor.a", "1")
    await kit.tick(SPACING + ROUNDING)
    (flow,) = kit.hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"
    kit.assert_pushed({"text": "0"})
    await kit.state("sensor.a", "2")
    kit.emulator.world.add(application)
    calls = len(kit.emulator.calls)
    result = await enter_token(kit.hass, flow["flow_id"])
    assert result["reason"] == "reauth_successful"
    await kit.settle()
    kit.assert_pushed({"text": "2"})
    # The flow's check, the check of one set-up, and the update.
    assert len(kit.emulator.calls) - calls == 3


@pytest.mark.parametrize("loaded", [True, False], ids=["loaded", "setup-failed"])
async def test_reconfigure(
    kit: GlancesKit,
    loaded: bool,  # noqa: FBT001
    caplog: pytest.LogCaptureFixture,
    hass_storage: dict[str, Any],
) -> None:
    """Another application's token is taken over with one set-up, whether the account was loaded or not."""
    entry = await added(kit)
    if not loaded:
        # What nothing is remembered of was never verified.
        await kit.hass.config_entries.async_unload(entry.entry_id)
        hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]["verified"] = False
        del kit.emulator.world.applications[EXAMPLE_TOKEN]
        await kit.hass.config_entries.async_setup(entry.entry_id)
        assert entry.state is ConfigEntryState.SETUP_ERROR
    form = await reconfigure(kit, entry)
    assert form["step_id"] == "reconfigure"
    caplog.clear()
    calls = len(kit.emulator.calls)
    result = await enter_token(kit.hass, form["flow_id"], SECOND_TOKEN)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await kit.settle()
    assert (entry.state, entry.data[CONF_TOKEN]) == (ConfigEntryState.LOADED, SECOND_TOKEN)
    assert len(kit.emulator.calls) - calls == 2
    assert not [item for item in caplog.records if item.levelname in ("WARNING", "ERROR")]


async def test_account_keeps_its_user_key(kit: GlancesKit) -> None:
    """The forms do not ask for it, and say so if Pushover no longer knows it; the request for a token stays."""
    entry = await added(kit)
    entry.async_start_reauth(kit.hass)
    await kit.settle()
    (flow,) = kit.hass.config_entries.flow.async_progress()
    user = kit.emulator.world.users.pop(EXAMPLE_USER)
    result = await enter_token(kit.hass, flow["flow_id"])
    assert result["errors"] == {"base": "user_key_gone"}
    kit.emulator.world.add(user)
    assert (await enter_token(kit.hass, flow["flow_id"]))["reason"] == "reauth_successful"
    assert dict(entry.data) == GOOD
