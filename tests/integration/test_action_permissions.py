"""Who may use the actions: those who may control the notify entity of a widget, as for `notify.send_message`."""

from http import HTTPStatus
from typing import Any

from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.auth.permissions.models import PermissionLookup
from homeassistant.auth.permissions.types import PolicyType
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pushover_glances.const import DOMAIN

from .kit import ROUNDING, SPACING, GlancesKit, widget
from .test_action_targets import IPAD, IPHONE, device_of, group

_ACTIONS = [
    pytest.param((DOMAIN, "update", {"text": "x"}), id="update"),
    pytest.param(("glances", "update", {"text": "x"}), id="glances-update"),
    pytest.param((DOMAIN, "clear", {}), id="clear"),
    pytest.param((DOMAIN, "refresh", {}), id="refresh"),
]


async def user(hass: HomeAssistant, group_id: str = GROUP_ID_READ_ONLY) -> MockUser:
    """Add a user of one of Home Assistant's own groups."""
    item = await hass.auth.async_get_group(group_id)
    assert item is not None
    return MockUser(groups=[item]).add_to_hass(hass)


async def with_policy(hass: HomeAssistant, policy: PolicyType) -> MockUser:
    """Add a user who may do what a policy says."""
    item = await user(hass)
    # The test kit makes users without what policies by device and area look things up in.
    item.perm_lookup = PermissionLookup(er.async_get(hass), dr.async_get(hass))
    item.mock_policy(policy)
    return item


async def call(kit: GlancesKit, caller: MockUser, action: str = "update", **data: Any) -> list[str]:
    """Call an action as a user, and return the widgets that it reaches."""
    values = {"text": "x"} if action == "update" else {}
    response: Any = await kit.hass.services.async_call(
        DOMAIN, action, {**values, **data}, blocking=True, return_response=True, context=Context(user_id=caller.id)
    )
    return sorted(item["widget"] for item in response["widgets"])


@pytest.mark.parametrize("target", [{}, {"entity_id": IPHONE}, {"entity_id": "all"}])
@pytest.mark.parametrize("action", _ACTIONS)
async def test_user_who_may_only_read_over_rest(
    kit: GlancesKit,
    hass_client: ClientSessionGenerator,
    hass_read_only_access_token: str,
    action: tuple[str, str, dict[str, str]],
    target: dict[str, str],
) -> None:
    """They get 401, as from `notify.send_message`, and nothing is sent; those who may control get 200."""
    domain, name, data = action
    assert await async_setup_component(kit.hass, "api", {})
    await kit.load(widget(title="Mine"))
    await kit.update(title="Shown", text="before")
    kit.pushed()
    reader, admin = await hass_client(hass_read_only_access_token), await hass_client()
    message = {"entity_id": IPHONE, "message": "x"}
    answer = await reader.post("/api/services/notify/send_message", json=message)
    assert answer.status == HTTPStatus.UNAUTHORIZED
    for path in (f"/api/services/{domain}/{name}", f"/api/services/{domain}/{name}?return_response"):
        answer = await reader.post(path, json={**data, **target})
        assert answer.status == HTTPStatus.UNAUTHORIZED
    # A token is valid for half an hour.
    await kit.tick(SPACING + ROUNDING)
    assert {item.get("text") for item in kit.pushed()} <= {"before"}
    answer = await admin.post(f"/api/services/{domain}/{name}?return_response", json={**data, **target})
    assert answer.status == HTTPStatus.OK
    (item,) = (await answer.json())["service_response"]["widgets"]
    assert item["widget"] == "iphone"
    await kit.settle()


@pytest.mark.parametrize("group_id", [GROUP_ID_USER, "system-admin"])
async def test_users_who_may_control_everything(kit: GlancesKit, group_id: str) -> None:
    """Ordinary users and administrators may use the actions, with and without a target."""
    await kit.load(widget("iphone"), widget("ipad"))
    caller = await user(kit.hass, group_id)
    for action in ("update", "clear", "refresh"):
        assert await call(kit, caller, action) == ["ipad", "iphone"]
        assert await call(kit, caller, action, entity_id="all") == ["ipad", "iphone"]
        assert await call(kit, caller, action, entity_id=IPAD) == ["ipad"]


@pytest.mark.parametrize(
    "policy",
    [
        pytest.param({"entities": {"entity_ids": {IPHONE: {"control": True}}}}, id="control"),
        pytest.param({"entities": {"entity_ids": {IPHONE: True, IPAD: {"read": True}}}}, id="control-and-read"),
        pytest.param({"entities": {"entity_ids": {IPHONE: True}, "all": {"read": True}}}, id="read-all"),
    ],
)
async def test_user_who_may_control_some(kit: GlancesKit, area_registry: ar.AreaRegistry, policy: PolicyType) -> None:
    """What they specify must be theirs, all of it; `all`, and no target, mean what is theirs."""
    entry = await kit.load(widget("iphone"), widget("ipad"))
    area = area_registry.async_create("Desk")
    devices = dr.async_get(kit.hass)
    iphone, ipad = device_of(kit, IPHONE), device_of(kit, IPAD)
    devices.async_update_device(ipad, area_id=area.id)
    account = devices.async_get_device_by_identifier((DOMAIN, entry.entry_id), entry.entry_id)
    assert account is not None
    watches = await group(kit.hass, "notify", "Watches", IPHONE, IPAD)
    caller = await with_policy(kit.hass, policy)
    for action in ("update", "clear", "refresh"):
        kit.pushed()
        for theirs in ({"entity_id": IPHONE}, {"device_id": iphone}, {"entity_id": "all"}, {}):
            assert await call(kit, caller, action, **theirs) == ["iphone"]
        kit.pushed()
        for others in (
            {"entity_id": IPAD},
            {"entity_id": [IPHONE, IPAD]},
            {"entity_id": "sensor.ipad_glance_status"},
            {"entity_id": watches},
            {"device_id": ipad},
            {"device_id": account.id},
            {"area_id": area.id},
        ):
            with pytest.raises(Unauthorized) as raised:
                await call(kit, caller, action, **others)
            assert (raised.value.entity_id, raised.value.permission) == (IPAD, "control")
        kit.assert_nothing_pushed()


async def test_user_who_may_control_a_domain_or_a_device(kit: GlancesKit) -> None:
    """Control over the notify entity is what counts, however it is given; over another entity it is not enough."""
    await kit.load(widget("iphone"), widget("ipad"))
    notifier = await with_policy(kit.hass, {"entities": {"domains": {"notify": {"control": True}}}})
    assert await call(kit, notifier, entity_id=IPHONE) == ["iphone"]
    assert await call(kit, notifier) == ["ipad", "iphone"]
    owner = await with_policy(kit.hass, {"entities": {"device_ids": {device_of(kit, IPAD): {"control": True}}}})
    assert await call(kit, owner) == ["ipad"]
    with pytest.raises(Unauthorized):
        await call(kit, owner, entity_id=IPHONE)
    watcher = await with_policy(kit.hass, {"entities": {"domains": {"sensor": True}}})
    with pytest.raises(Unauthorized):
        await call(kit, watcher, entity_id="sensor.iphone_glance_status")


async def test_notify_entity_with_another_name(kit: GlancesKit) -> None:
    """The entity is found by its id in the registry, also while it is hidden or disabled."""
    await kit.load(widget("iphone"), widget("ipad"))
    registry = er.async_get(kit.hass)
    registry.async_update_entity(
        IPHONE,
        new_entity_id="notify.mine",
        hidden_by=er.RegistryEntryHider.USER,
        disabled_by=er.RegistryEntryDisabler.USER,
    )
    await kit.settle()
    caller = await with_policy(kit.hass, {"entities": {"entity_ids": {"notify.mine": True}}})
    assert await call(kit, caller) == ["iphone"]
    reader = await user(kit.hass)
    with pytest.raises(Unauthorized):
        await call(kit, reader, device_id=device_of(kit, "notify.mine"))


@pytest.mark.parametrize("target", [{}, {"entity_id": IPHONE}, {"entity_id": "all"}])
@pytest.mark.parametrize("action", _ACTIONS)
async def test_user_who_is_not_known(
    kit: GlancesKit, action: tuple[str, str, dict[str, str]], target: dict[str, str]
) -> None:
    """It is the error that Home Assistant's own actions raise; a call of nobody's, as of an automation, goes."""
    domain, name, data = action
    await kit.load(widget(text="x"))
    kit.pushed()
    with pytest.raises(UnknownUser):
        await kit.hass.services.async_call(
            domain, name, {**data, **target}, blocking=True, context=Context(user_id="gone")
        )
    await kit.settle()
    kit.assert_nothing_pushed()
    await kit.hass.services.async_call(domain, name, {**data, **target}, blocking=True, context=Context())
    await kit.settle()


async def test_automation_and_script_that_a_user_starts(kit: GlancesKit) -> None:
    """Home Assistant runs a script as the user who starts it, and an automation as nobody."""
    await kit.load(widget())
    steps = [{"action": "glances.update", "data": {"text": "{{ this.entity_id }}"}}]
    assert await async_setup_component(
        kit.hass, "automation", {"automation": {"alias": "Tell", "triggers": [], "actions": steps}}
    )
    assert await async_setup_component(kit.hass, "script", {"script": {"tell": {"sequence": steps}}})
    policy: PolicyType = {"entities": {"entity_ids": {"automation.tell": True, "script.tell": True}}}
    caller = await with_policy(kit.hass, policy)
    context = Context(user_id=caller.id)
    with pytest.raises(Unauthorized):
        await kit.hass.services.async_call("script", "tell", {}, blocking=True, context=context)
    kit.assert_nothing_pushed()
    data = {"entity_id": "automation.tell"}
    await kit.hass.services.async_call("automation", "trigger", data, blocking=True, context=context)
    await kit.settle()
    kit.assert_pushed({"text": "automation.tell"})
