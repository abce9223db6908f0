"""Forecasts and the items of to-do lists: when Home Assistant is asked for them, and what that costs."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

from homeassistant.components.todo.const import TodoItemStatus
from homeassistant.const import Platform
from homeassistant.core import Event, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.pushover_glances.content.widget_config import WidgetConfig
from custom_components.pushover_glances.fetcher import async_fetch_answers
from custom_components.pushover_glances.flows.widget_preview import async_preview
from emulator.world import SECOND_TOKEN, SECOND_USER

from .asked import DAILY, HOURLY, LIST, WEATHER, Asked, item
from .kit import MINUTE, ROUNDING, SETTLE, SPACING, GlancesKit, added, widget
from .test_entity_sources import DASH, entity

HOUR = 60 * MINUTE


@pytest.fixture
async def asked(kit: GlancesKit) -> AsyncGenerator[Asked]:
    """Have weather with a forecast, and a to-do list."""
    asked = Asked(kit.hass, forecasts={"hourly": chances(40)}, items=[item("Milk"), item("Bread")])
    async with asked.loaded():
        yield asked


def chances(*percents: int) -> list[dict[str, Any]]:
    """Return an hourly forecast of the chance of rain, from this hour on; the last one lasts for a day."""
    now = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    return [
        {"datetime": (now + timedelta(hours=hour)).isoformat(), "precipitation_probability": percent}
        for hour, percent in enumerate([*percents, *[percents[-1]] * 24])
    ]


def rain(device: str = "iphone", **fields: Any) -> Any:
    """Describe a widget that shows the chance of rain."""
    return widget(device, text=entity(WEATHER, detail="rain_chance"), **fields)


def next_item(**fields: Any) -> Any:
    """Describe a widget that shows the next item of the list."""
    return widget(text=entity(LIST, detail="next_item"), **fields)


def todo_calls(kit: GlancesKit) -> list[Event[Any]]:
    """Return a list of the calls to come of the action that returns items."""
    calls: list[Event[Any]] = []

    @callback
    def note(event: Event[Any]) -> None:
        if event.data["service"] == "get_items":
            calls.append(event)

    kit.hass.bus.async_listen("call_service", note)
    return calls


async def test_first_update_has_the_answer(kit: GlancesKit, asked: Asked) -> None:
    """A new widget asks before it sends, where the integration answers at once."""
    await kit.load(rain(percent=entity(WEATHER, detail="rain_chance")))
    kit.assert_pushed({"text": "Rain 40 %", "percent": "40"})
    assert asked.taken_calls() == ["hourly"]


async def test_forecast_comes_hourly(kit: GlancesKit, asked: Asked) -> None:
    """An hour after the last call the action is called again, and a changed answer costs one update."""
    await kit.load(rain())
    kit.assert_pushed({"text": "Rain 40 %"})
    asked.forecasts["hourly"] = chances(80)
    await kit.tick(HOUR - MINUTE)
    assert asked.taken_calls() == ["hourly"]
    kit.assert_nothing_pushed()
    await kit.tick(MINUTE + ROUNDING)
    assert asked.taken_calls() == ["hourly"]
    await kit.tick(SETTLE + ROUNDING)
    kit.assert_pushed({"text": "Rain 80 %"})
    await kit.tick(HOUR + ROUNDING)
    assert asked.taken_calls() == ["hourly"]
    kit.assert_nothing_pushed()


async def test_no_detail_costs_nothing(kit: GlancesKit, asked: Asked) -> None:
    """A widget that shows states alone calls no action, and neither does one that is removed or paused."""
    entry = await kit.load(widget(text=entity(WEATHER), subtext=entity(LIST)))
    asked.write(native_temperature=9)
    await kit.tick(2 * HOUR)
    assert asked.taken_calls() == []
    kit.hass.config_entries.async_update_subentry(entry, next(iter(entry.subentries.values())), data={**rain()["data"]})
    await kit.settle()
    assert asked.taken_calls() == ["hourly"]
    await kit.hass.services.async_call(
        "switch", "turn_off", {"entity_id": "switch.iphone_glance_follow_entities"}, blocking=True
    )
    asked.write(native_temperature=10)
    await kit.tick(2 * HOUR)
    assert asked.taken_calls() == []
    await kit.hass.services.async_call(
        "switch", "turn_on", {"entity_id": "switch.iphone_glance_follow_entities"}, blocking=True
    )
    await kit.settle()
    assert asked.taken_calls() == ["hourly"]
    await kit.hass.config_entries.async_unload(entry.entry_id)
    await kit.tick(2 * HOUR)
    assert asked.taken_calls() == []


async def test_changed_entity_is_asked_at_most_once_a_minute(kit: GlancesKit, asked: Asked) -> None:
    """Weather that changes all the time does not flood its integration."""
    await kit.load(rain())
    await kit.tick(SPACING + ROUNDING)
    assert asked.taken_calls() == ["hourly"]
    for degrees in range(300):
        asked.write(native_temperature=degrees)
        await kit.tick(1)
    assert asked.taken_calls() == ["hourly"] * 5


async def test_answer_goes_with_the_state(kit: GlancesKit, asked: Asked) -> None:
    """State and forecast that change together cost one update."""
    await kit.load(rain(count=entity(WEATHER, attribute="temperature")))
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "Rain 40 %", "count": "7"})
    asked.forecasts["hourly"] = chances(90)
    asked.write(native_temperature=3)
    for _ in range(SETTLE + ROUNDING):
        await kit.tick(1)
    kit.assert_pushed({"text": "Rain 90 %", "count": "3"})
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


async def test_reloaded_integration(kit: GlancesKit, asked: Asked) -> None:
    """The forecast is that of the new entity, in one update, without a dash between."""
    await kit.load(rain())
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "Rain 40 %"})
    asked.forecasts["hourly"] = chances(10)
    assert asked.taken_calls() == ["hourly"]
    await kit.hass.config_entries.async_unload(asked.entry.entry_id)
    await kit.tick(MINUTE)
    assert asked.taken_calls() == []
    await kit.hass.config_entries.async_setup(asked.entry.entry_id)
    for _ in range(SETTLE + ROUNDING):
        await kit.tick(1)
    assert asked.taken_calls() == ["hourly"]
    kit.assert_pushed({"text": "Rain 10 %"})


async def test_removed_entity_is_not_asked(kit: GlancesKit, asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    """An entity that is gone has no value, and no action is called for it."""
    await kit.load(rain())
    kit.assert_pushed({"text": "Rain 40 %"})
    await kit.hass.config_entries.async_remove(asked.entry.entry_id)
    asked.taken_calls()
    await kit.tick(30 * MINUTE + ROUNDING)
    kit.assert_pushed({"text": DASH})
    await kit.tick(3 * HOUR)
    assert asked.taken_calls() == []
    warned = [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]
    assert not [record for record in warned if WEATHER in record.getMessage()]


async def test_unavailable_entity_is_asked_when_it_is_back(kit: GlancesKit, asked: Asked) -> None:
    """An unavailable entity has no value, and its old forecast is not shown."""
    await kit.load(rain())
    kit.assert_pushed({"text": "Rain 40 %"})
    asked.taken_calls()
    asked.write(available=False)
    await kit.tick(2 * HOUR)
    kit.assert_pushed({"text": DASH})
    await kit.tick(SPACING + ROUNDING)
    assert asked.taken_calls() == []
    asked.forecasts["hourly"] = chances(70)
    asked.write(available=True)
    for _ in range(SETTLE + ROUNDING):
        await kit.tick(1)
    assert asked.taken_calls() == ["hourly"]
    kit.assert_pushed({"text": "Rain 70 %"})


@pytest.mark.parametrize("error", [HomeAssistantError("no net"), ValueError("odd"), TimeoutError()])
async def test_failed_action_is_tried_again(
    kit: GlancesKit, asked: Asked, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """A failed action keeps the last value for half an hour, is logged once, and is tried again."""
    await kit.load(rain())
    kit.assert_pushed({"text": "Rain 40 %"})
    asked.taken_calls()
    asked.error = error
    await kit.tick(HOUR + ROUNDING)
    assert asked.taken_calls() == ["hourly"]
    for _ in range(3):
        await kit.tick(5 * MINUTE + ROUNDING)
    assert asked.taken_calls() == ["hourly"] * 3
    kit.assert_nothing_pushed()
    for _ in range(4):
        await kit.tick(5 * MINUTE + ROUNDING)
    kit.assert_pushed({"text": DASH})
    asked.error = None
    await kit.tick(5 * MINUTE + ROUNDING)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "Rain 40 %"})
    failures = [record for record in caplog.records if "weather.get_forecasts" in record.getMessage()]
    assert len(failures) == 1


async def test_answer_that_hangs_delays_no_update(kit: GlancesKit, asked: Asked) -> None:
    """An update goes without the answer; a call that hangs is given up, and no second one is made meanwhile."""
    asked.gate.clear()
    entry = kit.account(rain(count=entity(WEATHER, attribute="temperature")))
    await kit.hass.config_entries.async_setup(entry.entry_id)
    await kit.until(lambda: len(kit.emulator.glances) == 1)
    kit.assert_pushed({"count": "7"})
    for degrees in range(20):
        asked.write(native_temperature=degrees)
        kit.freezer.tick(1)
        await kit.turns(3)
    assert asked.taken_calls() == ["hourly"]
    asked.gate.set()
    await kit.settle()
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "Rain 40 %", "count": "19"})


async def test_slow_list_is_asked_again_after_its_answer(kit: GlancesKit, asked: Asked) -> None:
    """While a list is being asked it is not asked again; what has changed meanwhile is asked afterwards."""

    async def get_items(call: ServiceCall) -> ServiceResponse:
        items: list[Any] = [{"summary": item.summary} for item in asked.items]
        await asked.answer("items")
        return {LIST: {"items": items}}

    kit.hass.services.async_register("todo", "get_items", get_items, supports_response=SupportsResponse.ONLY)
    await kit.load(next_item())
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "Milk"})
    asked.gate.clear()
    for name in ("Salt", "Tea"):
        asked.items[0] = item(name)
        asked.write(Platform.TODO)
        for _ in range(5):
            kit.freezer.tick(1)
            await kit.turns(2)
    assert asked.taken_calls() == ["items"] * 2
    asked.gate.set()
    for _ in range(SETTLE + 3 * ROUNDING):
        await kit.tick(1)
    assert asked.taken_calls() == ["items"]
    kit.assert_pushed({"text": "Tea"})


async def test_accounts_share_a_call(kit: GlancesKit, asked: Asked) -> None:
    """Widgets of several accounts that show the same forecast cost one call."""
    await kit.load(rain(), rain("ipad"))
    await kit.load(rain("pixel"), token=SECOND_TOKEN, user_key=SECOND_USER)
    asked.taken_calls()
    asked.forecasts["hourly"] = chances(80)
    kit.pushed()
    await kit.tick(HOUR + ROUNDING)
    await kit.tick(SETTLE + ROUNDING)
    assert asked.taken_calls() == ["hourly"]
    kit.assert_pushed(*[{"text": "Rain 80 %"}] * 3)


async def test_renamed_item_is_shown(kit: GlancesKit, asked: Asked) -> None:
    """An item that gets another name changes no state, and is shown all the same."""
    calls = todo_calls(kit)
    await kit.load(next_item())
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "Milk"})
    assert len(calls) == 1
    asked.items[0] = item("Oat milk")
    asked.write(Platform.TODO)
    for _ in range(SETTLE + 2 * ROUNDING):
        await kit.tick(1)
    kit.assert_pushed({"text": "Oat milk"})
    assert len(calls) == 2


async def test_items_done_one_after_another_cost_one_update(kit: GlancesKit, asked: Asked) -> None:
    """The item that is left when the update goes is shown."""
    asked.items.append(item("Salt"))
    asked.write(Platform.TODO)
    await kit.load(next_item(count=entity(LIST)))
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "Milk", "count": "3"})
    for _ in range(2):
        done = asked.items.pop(0)
        asked.items.append(item(done.summary or "", status=TodoItemStatus.COMPLETED))
        asked.write(Platform.TODO)
        await kit.tick(1)
    for _ in range(SETTLE):
        await kit.tick(1)
    kit.assert_pushed({"text": "Salt", "count": "1"})


async def test_form_asks_before_it_is_shown(kit: GlancesKit, asked: Asked) -> None:
    """A preview has the answer, a second one costs no call, and one that hangs waits for a few seconds only."""
    entry = await kit.load()
    config = WidgetConfig.from_data(rain()["data"])
    for _ in range(2):
        assert (await async_preview(kit.hass, entry, config))["text"] == r"Rain 40 \%"
    assert asked.taken_calls() == ["hourly"]
    # The widget that is then added has the answer at once, even if the integration does not answer again.
    asked.gate.clear()
    kit.hass.config_entries.async_add_subentry(entry, added(rain()))
    await kit.until(lambda: len(kit.emulator.glances) == 1)
    kit.assert_pushed({"text": "Rain 40 %"})
    hanging = WidgetConfig.from_data({"device": "", "text": entity(WEATHER, detail="tomorrow")})
    fetching = kit.hass.async_create_task(async_fetch_answers(kit.hass, hanging.sources))
    await kit.turns(2)
    assert not fetching.done()
    kit.freezer.tick(3 + ROUNDING)
    async_fire_time_changed(kit.hass)
    await fetching
    assert asked.taken_calls() == ["daily"]
    asked.gate.set()
    await kit.settle()


async def test_old_answer_is_not_shown(kit: GlancesKit, asked: Asked) -> None:
    """An answer that is hours old is no value."""
    await kit.prepare()
    await async_fetch_answers(kit.hass, WidgetConfig.from_data(rain()["data"]).sources)
    await kit.tick(2 * HOUR + ROUNDING)
    asked.gate.clear()
    entry = kit.account(rain(count="1"))
    await kit.hass.config_entries.async_setup(entry.entry_id)
    await kit.until(lambda: len(kit.emulator.glances) == 1)
    kit.assert_pushed({"count": "1"})
    asked.gate.set()
    await kit.settle()
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "Rain 40 %", "count": "1"})


@pytest.mark.parametrize("features", [DAILY, HOURLY], ids=["daily", "hourly"])
async def test_only_supported_forecasts_are_asked(kit: GlancesKit, asked: Asked, features: Any) -> None:
    """An entity is not asked for a forecast that it does not have."""
    asked.features = features
    asked.forecasts = {"daily": chances(30), "hourly": chances(30)}
    await asked.reload()
    await kit.load(rain(subtext=entity(WEATHER, detail="tomorrow")))
    assert asked.taken_calls() == ["daily" if features == DAILY else "hourly"]
    kit.assert_pushed({"text": "Rain 30 %", "subtext": ""})
