"""The action `pushover_glances.update`, and its short name."""

import asyncio
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.helpers.translation import async_get_translations
from homeassistant.loader import async_get_integration
from homeassistant.setup import async_setup_component
import pytest

from custom_components.pushover_glances.actions import _ANSWER_TIMEOUT
from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.pushover import Field
from emulator import Fault, Kind
from emulator.world import SECOND_TOKEN, SECOND_USER

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, widget


async def test_sent(kit: GlancesKit) -> None:
    """An action whose slot is open is answered with Pushover's request id."""
    await kit.load(widget())
    item = await kit.update(title="Garage door", text="Open", count=0, percent=0, subtext="")
    assert item == {"widget": "iphone", "device": "iphone", "status": "sent", "request": item["request"]}
    assert len(item["request"]) == 36
    kit.assert_pushed({"title": "Garage door", "text": "Open", "subtext": "", "count": "0", "percent": "0"})


async def test_queued_then_latest_wins_field_by_field(kit: GlancesKit) -> None:
    """What has to wait says until when; the latest value of every field goes then."""
    await kit.load(widget())
    await kit.update(text="one")
    first = await kit.update(text="two", count=1)
    second = await kit.update(text="three", title="Title")
    due = datetime(2026, 11, 23, 12, 20, tzinfo=UTC)
    assert [first["status"], second["status"]] == ["queued", "queued"]
    assert datetime.fromisoformat(first["due"]) == datetime.fromisoformat(second["due"]) == due
    kit.assert_pushed({"text": "one"})
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "three", "title": "Title", "count": "1"})


async def test_unchanged(kit: GlancesKit) -> None:
    """What is shown already is not sent again, whether the slot is open or not."""
    await kit.load(widget())
    await kit.update(text="same")
    assert (await kit.update(text="same"))["status"] == "unchanged"
    await kit.tick(SPACING + ROUNDING)
    assert (await kit.update(text="same"))["status"] == "unchanged"
    kit.assert_pushed({"text": "same"})


async def test_manual_value_stays_over_the_mirror_until_that_changes(kit: GlancesKit) -> None:
    """The base replaces the value when its source changes."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(title="Door", text="{{ states('cover.garage_door') }}"))
    await kit.tick(SPACING + ROUNDING)
    assert (await kit.update(text="Painting"))["status"] == "sent"
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"title": "Door", "text": "closed"}, {"title": "Door", "text": "Painting"})
    await kit.change(DOOR, "open")
    kit.assert_pushed({"title": "Door", "text": "open"})


async def test_duration(kit: GlancesKit) -> None:
    """After its duration, a value is replaced by the base, and a field without a source is emptied."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text="{{ states('cover.garage_door') }}"))
    await kit.tick(SPACING + ROUNDING)
    await kit.update(text="Painting", subtext="wet", duration="00:30:00")
    await kit.tick(29 * MINUTE)
    kit.assert_pushed({"text": "closed"}, {"text": "Painting", "subtext": "wet"})
    await kit.tick(MINUTE + ROUNDING)
    kit.assert_pushed({"text": "closed", "subtext": ""})


async def test_urgent_within_its_bounds(kit: GlancesKit) -> None:
    """An urgent value waits a minute at most, four times an hour."""
    await kit.load(widget())
    await kit.update(text="0")
    for number in range(1, 5):
        item = await kit.update(text=str(number), urgent=True)
        assert item["status"] == "queued"
        await kit.tick(MINUTE + ROUNDING)
        kit.pushed()
    item = await kit.update(text="5", urgent=True)
    # The fifth within the hour goes as soon as an ordinary one may.
    assert datetime.fromisoformat(item["due"]) - datetime.now(UTC) > timedelta(minutes=18)
    await kit.tick(MINUTE + ROUNDING)
    kit.assert_nothing_pushed()
    await kit.tick(SPACING)
    kit.assert_pushed({"text": "5"})


async def test_urgent_value_that_is_set_once_more(kit: GlancesKit) -> None:
    """An ordinary call with the same value does not delay it; one with another value replaces it."""
    await kit.load(widget())
    await kit.update(text="Closed", count=0)
    urgent = await kit.update(text="Open", count=1, urgent=True)
    assert urgent["due"] == "2026-11-23T12:01:00+00:00"
    for data in ({"text": "Open"}, {"text": "Open", "count": 2}, {"title": "Garage"}):
        assert (await kit.update(**data))["due"] == urgent["due"]
    message = {"entity_id": "notify.iphone_glance", "message": "Open"}
    await kit.hass.services.async_call("notify", "send_message", message, blocking=True)
    await kit.tick(MINUTE + ROUNDING)
    kit.assert_pushed({"text": "Closed", "count": "0"}, {"title": "Garage", "text": "Open", "count": "2"})
    await kit.update(text="Moving", urgent=True)
    assert (await kit.update(text="Closed"))["due"] == "2026-11-23T12:21:01+00:00"


@pytest.mark.parametrize(
    ("data", "key", "placeholders"),
    [
        pytest.param({"text": "x" * 101}, "too_long", {"field": "text", "limit": "100"}, id="too-long"),
        pytest.param({"title": ["a"]}, "not_text", {"field": "title"}, id="a-list"),
        pytest.param({"percent": 101}, "out_of_range", {"field": "percent", "limit": "0..100"}, id="percent-101"),
        pytest.param({"percent": -1}, "out_of_range", {"field": "percent", "limit": "0..100"}, id="percent-negative"),
        pytest.param({"count": "abc"}, "not_a_number", {"field": "count"}, id="count-abc"),
        pytest.param({"count": True}, "not_a_number", {"field": "count"}, id="count-true"),
        pytest.param({"text": "x", "duration": 0}, "duration_out_of_range", {"limit": "366"}, id="no-duration"),
        pytest.param(
            {"text": "x", "duration": {"days": 10**8}}, "duration_out_of_range", {"limit": "366"}, id="for-ever"
        ),
        pytest.param({}, "no_field", {"limit": ", ".join(Field)}, id="nothing"),
        pytest.param({"title": None}, "no_field", {"limit": ", ".join(Field)}, id="null"),
        pytest.param({"text": "x", "entity_id": "light.hall"}, "no_widget", {}, id="foreign-target"),
        pytest.param({"text": "x", "entity_id": []}, "no_widget", {}, id="empty-target"),
        pytest.param({"text": "x", "area_id": "none"}, "no_widget", {}, id="target-none"),
    ],
)
async def test_bad_data(kit: GlancesKit, data: dict[str, Any], key: str, placeholders: dict[str, str]) -> None:
    """The error of bad data names its field and limit, nothing is sent, and a good call works after it."""
    await kit.load(widget())
    with pytest.raises(ServiceValidationError) as raised:
        await kit.update(**data)
    assert (raised.value.translation_domain, raised.value.translation_key) == (DOMAIN, key)
    assert raised.value.translation_placeholders == placeholders
    assert not str(raised.value).startswith("component.")
    kit.assert_nothing_pushed()
    assert (await kit.update(text="x" * 100))["status"] == "sent"


async def test_numbers_and_texts_are_taken_for_each_other(kit: GlancesKit) -> None:
    """Templates in automations give numbers for texts and texts for numbers."""
    await kit.load(widget())
    await kit.update(text=21.5, count="-3", percent=84.6, title=7)
    kit.assert_pushed({"title": "7", "text": "21.5", "count": "-3", "percent": "85"})


async def test_no_target_with_several_accounts(kit: GlancesKit) -> None:
    """Without a target it has to be clear which account is meant."""
    await kit.load(widget())
    await kit.load(widget("pixel"), token=SECOND_TOKEN, user_key=SECOND_USER)
    with pytest.raises(ServiceValidationError, match="several Pushover accounts"):
        await kit.update(text="x")
    kit.assert_nothing_pushed()
    item = await kit.update(text="x", entity_id="notify.pixel_glance")
    assert (item["device"], item["status"]) == ("pixel", "sent")


async def test_targets(
    kit: GlancesKit,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
    area_registry: ar.AreaRegistry,
    label_registry: lr.LabelRegistry,
) -> None:
    """Entities, devices, areas and labels lead to widgets; an account's device means all of them."""
    entry = await kit.load(widget("iphone"), widget("ipad"))
    account = device_registry.async_get_device_by_identifier((DOMAIN, entry.entry_id), entry.entry_id)
    assert account is not None
    ipad = entity_registry.async_get("notify.ipad_glance")
    assert ipad is not None
    assert ipad.device_id is not None
    area = area_registry.async_create("Desk")
    device_registry.async_update_device(ipad.device_id, area_id=area.id)
    label = label_registry.async_create("Screens")
    entity_registry.async_update_entity("notify.iphone_glance", labels={label.label_id})

    async def reached(**target: str) -> list[str]:
        return sorted(item["widget"] for item in await kit.act("update", text="x", **target))

    assert await reached() == ["ipad", "iphone"]
    assert await reached(entity_id="all") == ["ipad", "iphone"]
    assert await reached(entity_id="notify.ipad_glance") == ["ipad"]
    assert await reached(entity_id=ipad.id) == ["ipad"]
    assert await reached(device_id=ipad.device_id) == ["ipad"]
    assert await reached(device_id=account.id) == ["ipad", "iphone"]
    assert await reached(area_id=area.id) == ["ipad"]
    assert await reached(label_id=label.label_id) == ["iphone"]


async def test_refused_by_pushover(kit: GlancesKit) -> None:
    """Pushover's own words reach the caller, and what it refused is not sent later."""
    await kit.load(widget())
    await kit.update(title="before")
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    kit.emulator.faults.append(
        Fault(Kind.STATUS, status=400, body='{"status":0,"errors":["text is rude"],"request":"r-1"}')
    )
    with pytest.raises(HomeAssistantError, match=r"text is rude \(request r-1\)") as raised:
        await kit.update(text="rude")
    assert raised.value.translation_key == "rejected"
    with pytest.raises(HomeAssistantError, match="on hold") as raised:
        await kit.update(text="polite")
    assert raised.value.translation_key == "held"
    (entry,) = kit.hass.config_entries.async_entries(DOMAIN)
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed()


async def test_two_refused_at_once_leave_nothing(kit: GlancesKit) -> None:
    """Two actions on the same field of a widget that waits: neither value comes back."""
    entry = await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.STATUS, status=400, body='{"status":0,"errors":["no"]}'))
    calls = [
        kit.hass.services.async_call(DOMAIN, "update", {"text": text}, blocking=True)
        for text in ("one", "two", "three")
    ]
    assert all(isinstance(error, HomeAssistantError) for error in await asyncio.gather(*calls, return_exceptions=True))
    calls = [kit.hass.services.async_call(DOMAIN, "update", {"text": text}, blocking=True) for text in ("four", "five")]
    assert all(isinstance(error, HomeAssistantError) for error in await asyncio.gather(*calls, return_exceptions=True))
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


async def test_refused_while_another_waits(kit: GlancesKit, hass_storage: dict[str, Any]) -> None:
    """An action that comes while one is refused answers that the widget is held now; nothing of both is left."""
    entry = await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.STATUS, status=400, body='{"status":0,"errors":["no"]}'))
    first = asyncio.ensure_future(kit.hass.services.async_call(DOMAIN, "update", {"text": "one"}, blocking=True))
    # Its update is booked on disk, and then sent.
    while '"one"' not in json.dumps(hass_storage[f"{DOMAIN}.{entry.entry_id}"]):  # noqa: ASYNC110
        await asyncio.sleep(0)
    assert not first.done()
    second = asyncio.ensure_future(kit.hass.services.async_call(DOMAIN, "update", {"text": "two"}, blocking=True))
    await asyncio.gather(first, second, return_exceptions=True)
    assert isinstance(first.exception(), HomeAssistantError)
    error = second.exception()
    assert isinstance(error, HomeAssistantError)
    assert error.translation_key == "held"
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


async def test_unexpected_error_loses_nothing(
    kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug of ours is logged, the action answers that its value waits, and it goes at the next slot."""
    await kit.load(widget())
    with monkeypatch.context() as patched:
        patched.setattr("custom_components.pushover_glances.coordinator.Glance", lambda _: 1 / 0)
        assert (await kit.update(text="x"))["status"] == "queued"
    assert "Unexpected error" in caplog.text
    caplog.clear()
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "x"})


async def test_refused_for_one_widget_only(kit: GlancesKit) -> None:
    """The others get their update, and the response tells them apart."""
    await kit.load(widget("iphone"), widget("ipad"))
    kit.emulator.faults.append(Fault(Kind.STATUS, status=400, body='{"status":0,"errors":["no widget"]}'))
    items = await kit.act("update", text="x")
    assert sorted(item["status"] for item in items) == ["failed", "sent"]
    (failed,) = (item for item in items if item["status"] == "failed")
    assert "no widget" in failed["error"]


async def test_account_not_loaded(kit: GlancesKit) -> None:
    """An action for an account that is not loaded says so."""
    entry = await kit.load(widget())
    await kit.hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(HomeAssistantError, match="not loaded"):
        await kit.update(text="x")


async def test_no_account(kit: GlancesKit) -> None:
    """Without an account there is no widget to update."""
    await kit.prepare()
    with pytest.raises(ServiceValidationError, match="no Pushover Glances widget"):
        await kit.update(text="x")


async def test_concurrent_actions_share_one_update(kit: GlancesKit) -> None:
    """Actions of the same moment go together, and each gets its answer: the last value is sent, the others never are."""
    await kit.load(widget())
    calls = [
        kit.hass.services.async_call(DOMAIN, "update", {"count": number}, blocking=True, return_response=True)
        for number in range(20)
    ]
    responses: list[Any] = await asyncio.gather(*calls)
    assert [response["widgets"][0]["status"] for response in responses] == ["unchanged"] * 19 + ["sent"]
    kit.assert_pushed({"count": "19"})


async def test_slow_pushover_is_answered_with_queued(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """An action does not wait longer than its patience; the value goes all the same."""
    monkeypatch.setattr("custom_components.pushover_glances.actions._ANSWER_TIMEOUT", 0.5)
    await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.SLOW, seconds=2))
    calling = asyncio.ensure_future(
        kit.hass.services.async_call(DOMAIN, "update", {"text": "x"}, blocking=True, return_response=True)
    )
    await kit.until(lambda: len(kit.emulator.glances) == 1)
    kit.freezer.tick(1)
    await kit.until(calling.done)
    response: Any = calling.result()
    assert response["widgets"][0]["status"] == "queued"
    kit.freezer.tick(2)
    await kit.settle()
    assert (await kit.update(text="x"))["status"] == "unchanged"


def test_patience_is_below_ten_seconds() -> None:
    """An action answers within ten seconds, writing to the disk included."""
    assert _ANSWER_TIMEOUT < 10


async def test_before_home_assistant_has_started(kit: GlancesKit) -> None:
    """Nothing is sent before the start; what was asked for goes then."""
    kit.hass.set_state(CoreState.starting)
    await kit.state(DOOR, "closed")
    await kit.load(widget(text="{{ states('cover.garage_door') }}"))
    assert (await kit.update(title="early"))["status"] == "queued"
    await kit.change(DOOR, "open")
    kit.assert_nothing_pushed()
    kit.hass.set_state(CoreState.running)
    kit.hass.bus.async_fire("homeassistant_started")
    await kit.settle()
    kit.assert_pushed({"title": "early", "text": "open"})


async def test_while_home_assistant_stops(kit: GlancesKit) -> None:
    """An action that comes too late says so."""
    await kit.load(widget())
    kit.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await kit.settle()
    with pytest.raises(HomeAssistantError, match="stopping"):
        await kit.update(text="x")
    kit.assert_nothing_pushed()


@pytest.mark.parametrize("order", ["ours first", "theirs first"])
async def test_short_name_beside_home_assistants_own_glances(
    kit: GlancesKit, caplog: pytest.LogCaptureFixture, order: str
) -> None:
    """`glances.update` works, documents itself, and leaves Home Assistant's own Glances alone."""
    if order == "theirs first":
        assert await async_setup_component(kit.hass, "glances", {})
    await kit.load(widget())
    if order == "ours first":
        assert await async_setup_component(kit.hass, "glances", {})
    response = await kit.hass.services.async_call(
        "glances", "update", {"text": "short"}, blocking=True, return_response=True
    )
    assert response is not None
    kit.assert_pushed({"text": "short"})
    descriptions = await async_get_all_descriptions(kit.hass)
    short, long = descriptions["glances"]["update"], descriptions[DOMAIN]["update"]
    texts = await async_get_translations(kit.hass, "en", "services", [DOMAIN])
    prefix = f"component.{DOMAIN}.services.update"
    # Two actions of the same name could not be distinguished.
    assert short["name"] == "Pushover: glances.update"
    assert short["description"] == texts[f"{prefix}.description"]
    assert short["fields"].keys() == long["fields"].keys()
    assert short["target"] == long["target"]
    assert short["response"] == long["response"] == {"optional": True}
    for name, item in long["fields"].items():
        assert short["fields"][name].items() >= item.items()
        assert short["fields"][name].keys() == {"name", "description", "example", "selector"}
        for key in ("name", "description"):
            assert short["fields"][name][key] == texts[f"{prefix}.fields.{name}.{key}"]
    assert (await async_get_integration(kit.hass, "glances")).is_built_in
    assert not [item for item in caplog.records if item.levelname == "ERROR" and "glances" in item.getMessage()]


async def test_short_name_alone(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """Without Home Assistant's own Glances it works as well, and logs nothing."""
    await kit.load(widget())
    await kit.hass.services.async_call("glances", "update", {"text": "short"}, blocking=True)
    await kit.settle()
    await async_get_all_descriptions(kit.hass)
    kit.assert_pushed({"text": "short"})
    assert "glances" not in kit.hass.config.components
    assert not [item for item in caplog.records if item.levelname == "ERROR" and "glances" in item.getMessage()]


async def test_short_name_is_never_taken_away(kit: GlancesKit) -> None:
    """An action of that name which is there already stays what it is."""
    calls: list[str] = []
    kit.hass.services.async_register("glances", "update", lambda call: calls.append(call.service))
    await kit.load(widget())
    await kit.hass.services.async_call("glances", "update", {}, blocking=True)
    assert calls == ["update"]
