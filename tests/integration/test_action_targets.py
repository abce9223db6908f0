"""Which widgets a target means: groups, what is excluded, and what is missing."""

from collections.abc import Callable
from typing import Any

from homeassistant.const import CONF_ENTITIES, CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
from homeassistant.helpers.target import TargetSelection
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.pushover_glances.const import DOMAIN
from emulator.world import SECOND_TOKEN, SECOND_USER

from .kit import GlancesKit, alert, widget
from .scripts import run

IPHONE, IPAD, PIXEL = "notify.iphone_glance", "notify.ipad_glance", "notify.pixel_glance"
_MISSING = "are missing or not currently available"
# `exclude` exists from Home Assistant 2026.11 on.
_needs_exclude = pytest.mark.skipif(
    not hasattr(TargetSelection({}), "exclude"), reason="This Home Assistant has no `exclude`"
)


async def group(hass: HomeAssistant, kind: str, name: str, *members: str) -> str:
    """Add a group helper, and return its entity."""
    entry = MockConfigEntry(
        domain="group",
        title=name,
        options={"group_type": kind, CONF_NAME: name, CONF_ENTITIES: [*members], "hide_members": False, "all": False},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    (item,) = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return item.entity_id


async def reached(kit: GlancesKit, action: str = "refresh", **target: Any) -> list[str]:
    """Return the widgets that an action reaches."""
    return sorted(item["widget"] for item in await kit.act(action, **target))


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged as missing, by us."""
    return [
        item.getMessage()
        for item in caplog.records
        if item.name.startswith(f"custom_components.{DOMAIN}") and _MISSING in item.getMessage()
    ]


async def test_group_of_notify_entities(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """It means its members; those that are no widgets are none of our concern."""
    await kit.load(widget("iphone"), widget("ipad"))
    kit.hass.states.async_set("notify.phone", "unknown")
    watches = await group(kit.hass, "notify", "Watches", IPHONE, "notify.phone")
    assert await reached(kit, entity_id=watches) == ["iphone"]
    assert await reached(kit, entity_id=[watches, IPAD]) == ["ipad", "iphone"]
    await run(kit, f"- action: glances.update\n  target:\n    entity_id: {watches}\n  data:\n    text: Open\n")
    kit.assert_pushed({"text": "Open"})
    assert warnings(caplog) == []


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        pytest.param("switch", ["switch.iphone_glance_follow_entities"], id="switch"),
        pytest.param("binary_sensor", ["binary_sensor.iphone_glance_problem"], id="binary-sensor"),
        pytest.param("event", ["event.iphone_glance_update"], id="event"),
    ],
)
async def test_other_groups(kit: GlancesKit, kind: str, members: list[str]) -> None:
    """Any group helper will do, as every entity of a widget will."""
    await kit.load(widget("iphone"), widget("ipad"))
    entity = await group(kit.hass, kind, "Some", *members)
    assert await reached(kit, entity_id=entity) == ["iphone"]


async def test_group_from_yaml_and_groups_in_groups(kit: GlancesKit) -> None:
    """Old groups, groups of platforms, and groups that contain each other."""
    old = {
        "old": {"entities": ["notify.inner", "light.hall"]},
        "older": {"entities": ["group.old", "binary_sensor.yaml"]},
    }
    platform = {"platform": "group", "name": "YAML", "entities": ["binary_sensor.pixel_glance_problem"]}
    assert await async_setup_component(kit.hass, "group", {"group": old})
    assert await async_setup_component(kit.hass, "binary_sensor", {"binary_sensor": platform})
    await kit.load(widget("iphone"), widget("ipad"), widget("pixel"))
    inner = await group(kit.hass, "notify", "Inner", IPHONE)
    outer = await group(kit.hass, "notify", "Outer", inner, IPAD, "notify.circle")
    circle = await group(kit.hass, "notify", "Circle", outer)
    assert await reached(kit, entity_id=outer) == ["ipad", "iphone"]
    assert await reached(kit, entity_id=circle) == ["ipad", "iphone"]
    assert await reached(kit, entity_id="group.old") == ["iphone"]
    assert await reached(kit, entity_id="group.older") == ["iphone", "pixel"]


async def test_group_by_label(kit: GlancesKit, label_registry: lr.LabelRegistry) -> None:
    """A group in a label, or an area, means its members as well."""
    await kit.load(widget("iphone"), widget("ipad"))
    watches = await group(kit.hass, "notify", "Watches", IPHONE)
    label = label_registry.async_create("Screens")
    er.async_get(kit.hass).async_update_entity(watches, labels={label.label_id})
    assert await reached(kit, label_id=label.label_id) == ["iphone"]


async def test_group_that_is_not_available(kit: GlancesKit) -> None:
    """As long as its members are not loaded, a group has no state to speak of, and means them all the same."""
    await kit.load(widget("iphone"))
    await kit.load(widget("pixel"), token=SECOND_TOKEN, user_key=SECOND_USER)
    watches = await group(kit.hass, "notify", "Watches", PIXEL)
    account = kit.hass.config_entries.async_entries(DOMAIN)[1]
    await kit.hass.config_entries.async_unload(account.entry_id)
    await kit.settle()
    state = kit.hass.states.get(watches)
    assert state is not None
    assert state.state == "unavailable"
    answer = await kit.act("update", text="x", entity_id=[watches, IPHONE])
    assert sorted((item["widget"], item["status"]) for item in answer) == [("iphone", "sent"), ("pixel", "failed")]


async def test_group_without_a_widget(kit: GlancesKit) -> None:
    """It is an error, like any other target without one."""
    await kit.load(widget("iphone"))
    kit.hass.states.async_set("notify.phone", "unknown")
    phones = await group(kit.hass, "notify", "Phones", "notify.phone")
    with pytest.raises(ServiceValidationError) as raised:
        await reached(kit, entity_id=phones)
    assert raised.value.translation_key == "no_widget"


@pytest.mark.parametrize("action", ["update", "clear", "refresh"])
@pytest.mark.parametrize(
    ("target", "missing"),
    [
        pytest.param({"entity_id": [IPHONE, "notify.iphon_glance"]}, "entities notify.iphon_glance", id="mistyped"),
        pytest.param({"entity_id": [IPHONE, "light.hall"]}, "entities light.hall", id="not-a-widget"),
        pytest.param(
            {"entity_id": [IPHONE, "notify.b", "notify.a"]}, "entities notify.a, notify.b", id="several-in-order"
        ),
        pytest.param({"entity_id": IPHONE, "device_id": "gone"}, "devices gone", id="device"),
        pytest.param({"entity_id": IPHONE, "area_id": ["gone"]}, "areas gone", id="area"),
        pytest.param({"entity_id": IPHONE, "floor_id": "gone"}, "floors gone", id="floor"),
        pytest.param({"entity_id": IPHONE, "label_id": "gone"}, "labels gone", id="label"),
        pytest.param(
            {"entity_id": [IPHONE, "notify.a"], "area_id": "gone"}, "areas gone, entities notify.a", id="two-kinds"
        ),
    ],
)
async def test_missing_beside_a_right_one(
    kit: GlancesKit, caplog: pytest.LogCaptureFixture, action: str, target: dict[str, Any], missing: str
) -> None:
    """The right one is reached, and the log has the words that Home Assistant has for its own actions."""
    await kit.load(widget("iphone"), widget("ipad"))
    data = {"text": "x"} if action == "update" else {}
    assert await reached(kit, action, **data, **target) == ["iphone"]
    assert warnings(caplog) == [f"Referenced {missing} {_MISSING}"]


async def test_alert_beside_a_right_one(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """The entity of an alert is no widget, although it belongs to the same account."""
    await kit.load(widget("iphone"), alert())
    entity = "binary_sensor.garage_door_open"
    assert kit.hass.states.get(entity) is not None
    assert await reached(kit, entity_id=[IPHONE, entity]) == ["iphone"]
    assert warnings(caplog) == [f"Referenced entities {entity} {_MISSING}"]


async def test_missing_alone(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """The error does not name it, the log does; what is there is not missing, whichever way it is named."""
    await kit.load(widget("iphone"))
    with pytest.raises(ServiceValidationError):
        await reached(kit, entity_id="notify.iphon_glance")
    assert warnings(caplog) == [f"Referenced entities notify.iphon_glance {_MISSING}"]
    caplog.clear()
    entity = er.async_get(kit.hass).async_get(IPHONE)
    assert entity is not None
    er.async_get(kit.hass).async_update_entity("sensor.iphone_glance_status", disabled_by=er.RegistryEntryDisabler.USER)
    await kit.settle()
    for target in (entity.id, "sensor.iphone_glance_status", "all", ["sensor.iphone_glance_status", IPHONE]):
        assert await reached(kit, entity_id=target) == ["iphone"]
    assert warnings(caplog) == []


@pytest.fixture
async def house(
    kit: GlancesKit,
    area_registry: ar.AreaRegistry,
    floor_registry: fr.FloorRegistry,
    label_registry: lr.LabelRegistry,
) -> dict[str, dict[str, Any]]:
    """Load two widgets in an area of a floor, with a label, and return the targets that mean both."""
    entry = await kit.load(widget("iphone"), widget("ipad"))
    floor = floor_registry.async_create("Ground")
    area = area_registry.async_create("Desk", floor_id=floor.floor_id)
    label = label_registry.async_create("Screens")
    devices = dr.async_get(kit.hass)
    for entity in (IPHONE, IPAD):
        devices.async_update_device(device_of(kit, entity), area_id=area.id, labels={label.label_id})
    account = devices.async_get_device_by_identifier((DOMAIN, entry.entry_id), entry.entry_id)
    assert account is not None
    return {
        "all": {"entity_id": "all"},
        "entities": {"entity_id": [IPHONE, IPAD]},
        "account": {"device_id": account.id},
        "devices": {"device_id": [device_of(kit, IPHONE), device_of(kit, IPAD)]},
        "area": {"area_id": area.id},
        "floor": {"floor_id": floor.floor_id},
        "label": {"label_id": label.label_id},
    }


def device_of(kit: GlancesKit, entity_id: str) -> str:
    """Return the device of an entity."""
    entity = er.async_get(kit.hass).async_get(entity_id)
    assert entity is not None
    assert entity.device_id is not None
    return entity.device_id


def _own_area(kit: GlancesKit) -> dict[str, Any]:
    area = ar.async_get(kit.hass).async_create("Drawer")
    er.async_get(kit.hass).async_update_entity("sensor.iphone_glance_status", area_id=area.id)
    return {"area_id": area.id}


def _hidden_label(kit: GlancesKit) -> dict[str, Any]:
    label = lr.async_get(kit.hass).async_create("Private")
    er.async_get(kit.hass).async_update_entity(IPHONE, labels={label.label_id}, hidden_by=er.RegistryEntryHider.USER)
    return {"label_id": [label.label_id]}


_EXCLUDED: dict[str, Callable[[GlancesKit], dict[str, Any]]] = {
    "entity": lambda _: {"entity_id": IPHONE},
    "other-entity": lambda _: {"entity_id": "sensor.iphone_glance_status"},
    "device": lambda kit: {"device_id": device_of(kit, IPHONE)},
    "area": _own_area,
    "hidden-label": _hidden_label,
}


@_needs_exclude
@pytest.mark.parametrize("excluded", _EXCLUDED)
@pytest.mark.parametrize("target", ["all", "entities", "account", "devices", "area", "floor", "label"])
async def test_exclude(
    kit: GlancesKit,
    house: dict[str, dict[str, Any]],
    caplog: pytest.LogCaptureFixture,
    target: str,
    excluded: str,
) -> None:
    """The excluded widget is not written, in a script and in a call, and is not missing."""
    exclude = _EXCLUDED[excluded](kit)
    assert await reached(kit, "update", text="x", **house[target]) == ["ipad", "iphone"]
    assert await reached(kit, **house[target], exclude=exclude) == ["ipad"]
    steps = "- action: pushover_glances.clear\n  target: {}\n  response_variable: answer\n"
    answer = await run(kit, steps.format({**house[target], "exclude": exclude}))
    assert [item["widget"] for item in answer["answer"]["widgets"]] == ["ipad"]
    assert warnings(caplog) == []


@_needs_exclude
async def test_exclude_all_of_an_account_and_a_group(kit: GlancesKit) -> None:
    """The device of an account and a group stand for their widgets there as well; with nothing left, it is an error."""
    entry = await kit.load(widget("iphone"), widget("ipad"))
    await kit.load(widget("pixel"), token=SECOND_TOKEN, user_key=SECOND_USER)
    account = dr.async_get(kit.hass).async_get_device_by_identifier((DOMAIN, entry.entry_id), entry.entry_id)
    assert account is not None
    watches = await group(kit.hass, "notify", "Watches", IPHONE, PIXEL)
    assert await reached(kit, entity_id="all", exclude={"device_id": account.id}) == ["pixel"]
    assert await reached(kit, entity_id="all", exclude={"entity_id": watches}) == ["ipad"]
    assert await reached(kit, entity_id=watches, exclude={"entity_id": PIXEL}) == ["iphone"]
    assert await reached(kit, entity_id="all", exclude={}) == ["ipad", "iphone", "pixel"]
    for target in ({"entity_id": IPHONE}, {"device_id": account.id}, {}):
        with pytest.raises(ServiceValidationError) as raised:
            await reached(kit, **target, exclude={"entity_id": [IPHONE, IPAD]})
        assert raised.value.translation_key == "no_widget"


@_needs_exclude
@pytest.mark.parametrize(
    ("exclude", "missing"),
    [
        pytest.param({"entity_id": "notify.iphon_glance"}, "entities notify.iphon_glance", id="mistyped"),
        pytest.param({"entity_id": [IPAD, "notify.b", "notify.a"]}, "entities notify.a, notify.b", id="several"),
        pytest.param({"device_id": "gone"}, "devices gone", id="device"),
        pytest.param({"area_id": "gone"}, "areas gone", id="area"),
        pytest.param({"floor_id": "gone"}, "floors gone", id="floor"),
        pytest.param({"label_id": "gone"}, "labels gone", id="label"),
    ],
)
@pytest.mark.parametrize("target", [{"entity_id": "all"}, {"entity_id": [IPHONE, IPAD]}])
async def test_exclude_that_is_missing(
    kit: GlancesKit, caplog: pytest.LogCaptureFixture, target: dict[str, Any], exclude: dict[str, Any], missing: str
) -> None:
    """A widget that was meant to be excluded is written, so the log says what was not found."""
    await kit.load(widget("iphone"), widget("ipad"))
    assert "iphone" in await reached(kit, **target, exclude=exclude)
    assert warnings(caplog) == [f"Referenced {missing} {_MISSING}"]


@_needs_exclude
async def test_exclude_of_what_is_no_widget(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """What is there is not missing: it is excluded from the target, whether that has it or not."""
    await kit.load(widget("iphone"), alert())
    kit.hass.states.async_set("light.hall", "on")
    er.async_get(kit.hass).async_update_entity("sensor.iphone_glance_status", disabled_by=er.RegistryEntryDisabler.USER)
    await kit.settle()
    exclude = {"entity_id": ["light.hall", "binary_sensor.garage_door_open"]}
    assert await reached(kit, entity_id="all", exclude=exclude) == ["iphone"]
    with pytest.raises(ServiceValidationError):
        await reached(kit, entity_id="all", exclude={"entity_id": "sensor.iphone_glance_status"})
    assert warnings(caplog) == []
