"""What a widget shows of forecasts and of the items of to-do lists."""

from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from homeassistant.components.todo.const import TodoItemStatus
from homeassistant.components.todo.entity import TodoItem
from homeassistant.const import Platform
from homeassistant.setup import async_setup_component
import pytest

from .asked import DAILY, HOURLY, LIST, TWICE_DAILY, WEATHER, Asked, item
from .kit import MINUTE, ROUNDING, SETTLE, SPACING, GlancesKit, widget
from .test_entity_sources import DASH, entity

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY, TOMORROW = NOON.date(), NOON.date() + timedelta(days=1)


@pytest.fixture
async def asked(kit: GlancesKit) -> AsyncGenerator[Asked]:
    """Have weather and a to-do list that say nothing yet; it is noon, on a Monday."""
    asked = Asked(kit.hass)
    async with asked.loaded():
        yield asked


def hour(hours: int, **facts: Any) -> dict[str, Any]:
    """Return an hour of a forecast, so many hours from noon."""
    return {"datetime": (NOON + timedelta(hours=hours)).isoformat(), **facts}


def day(of: date, high: Any, low: Any = None, condition: Any = "rainy", **facts: Any) -> dict[str, Any]:
    """Return a day of a forecast."""
    return {
        "datetime": f"{of}T00:00:00+00:00",
        "native_temperature": high,
        "native_templow": low,
        "condition": condition,
        **facts,
    }


def chance(percent: Any) -> dict[str, Any]:
    """Return a chance of rain."""
    return {"precipitation_probability": percent}


FORECASTS: dict[str, tuple[str, Any, dict[str, list[dict[str, Any]] | None], str]] = {
    "highest chance of the rest of today": (
        "rain_chance",
        HOURLY,
        {"hourly": [hour(-3, **chance(90)), hour(0, **chance(10)), hour(4, **chance(35)), hour(12, **chance(99))]},
        "Rain 35 %",
    ),
    "hour that began": ("rain_chance", HOURLY, {"hourly": [hour(0, **chance(80)), hour(1, **chance(10))]}, "Rain 80 %"),
    "snow": ("rain_chance", HOURLY, {"hourly": [hour(1, condition="snowy", **chance(60))]}, "Snow 60 %"),
    "no rain": ("rain_chance", HOURLY, {"hourly": [hour(1, **chance(0))]}, "Rain 0 %"),
    "chance of the day where the hours have none": (
        "rain_chance",
        DAILY | HOURLY,
        {"hourly": [hour(1)], "daily": [day(TODAY, 9, **chance(55)), day(TOMORROW, 9, **chance(5))]},
        "Rain 55 %",
    ),
    "chance of the half day": (
        "rain_chance",
        TWICE_DAILY,
        {
            "twice_daily": [
                {"datetime": "2026-11-22T18:00:00+00:00", "is_daytime": False, **chance(90)},
                {"datetime": "2026-11-23T06:00:00+00:00", "is_daytime": True, **chance(20)},
            ]
        },
        "Rain 20 %",
    ),
    "no chance at all": ("rain_chance", DAILY | HOURLY, {"hourly": [hour(1)], "daily": [day(TODAY, 9)]}, ""),
    "chance that is no number": ("rain_chance", HOURLY, {"hourly": [hour(1, **chance("high"))]}, ""),
    "forecast that is empty": ("rain_chance", HOURLY, {"hourly": []}, ""),
    "forecast that is none": ("rain_chance", HOURLY, {"hourly": None}, ""),
    "lowest and highest": (
        "low_and_high",
        DAILY,
        {"daily": [day(TODAY, 9.4, 2.6), day(TOMORROW, 20, 10)]},
        f"3{DASH}9°",
    ),
    "highest alone": ("low_and_high", DAILY, {"daily": [day(TODAY, 9.4)]}, "9°"),
    "frost": ("low_and_high", DAILY, {"daily": [day(TODAY, 2, -3)]}, f"-3{DASH}2°"),
    "hard frost": ("low_and_high", DAILY, {"daily": [day(TODAY, -3, -8)]}, "-8/-3°"),
    "no minus before zero": ("low_and_high", DAILY, {"daily": [day(TODAY, -0.2, -0.4)]}, "0°"),
    "lowest and highest by the hour": (
        "low_and_high",
        DAILY | HOURLY,
        {"daily": [day(TOMORROW, 20, 10)], "hourly": [hour(0, native_temperature=7), hour(8, native_temperature=4)]},
        f"4{DASH}7°",
    ),
    "tomorrow": ("tomorrow", DAILY, {"daily": [day(TODAY, 9), day(TOMORROW, 8.3, 1)]}, "Tomorrow 8° Rainy"),
    "tomorrow without a condition": ("tomorrow", DAILY, {"daily": [day(TOMORROW, 8, condition=None)]}, "Tomorrow 8°"),
    "tomorrow without a temperature": ("tomorrow", DAILY, {"daily": [day(TOMORROW, None)]}, "Tomorrow Rainy"),
    "tomorrow by day rather than by night": (
        "tomorrow",
        TWICE_DAILY,
        {
            "twice_daily": [
                day(TOMORROW, 8, condition="sunny", is_daytime=True),
                day(TOMORROW, 2, condition="fog", is_daytime=False),
            ]
        },
        "Tomorrow 8° Sunny",
    ),
    "tomorrow is not in the forecast": ("tomorrow", DAILY, {"daily": [day(TODAY, 9)]}, ""),
    "tomorrow without anything": ("tomorrow", DAILY, {"daily": [day(TOMORROW, None, condition=None)]}, ""),
    "no forecast at all": ("tomorrow", 0, {}, ""),
}


@pytest.mark.parametrize("case", FORECASTS.values(), ids=FORECASTS)
async def test_forecast(kit: GlancesKit, asked: Asked, case: tuple[str, Any, Any, str]) -> None:
    """A detail says what a person wants to read of a forecast."""
    detail, asked.features, asked.forecasts, text = case
    await asked.reload()
    await kit.load(widget(text=entity(WEATHER, detail=detail), title="Home"))
    kit.assert_pushed({"title": "Home", "text": text})


async def test_forecast_in_another_time_zone(kit: GlancesKit, asked: Asked) -> None:
    """Today is the day of Home Assistant's time zone."""
    await kit.hass.config.async_set_time_zone("Pacific/Auckland")
    asked.forecasts = {"hourly": [hour(1, **chance(70)), hour(12, **chance(90))]}
    await kit.load(widget(percent=entity(WEATHER, detail="rain_chance")))
    # It is 01:00 on Tuesday.
    kit.assert_pushed({"percent": "90"})


@pytest.mark.parametrize(("percent", "counts"), [(41, False), (44, True)])
async def test_what_counts_as_a_change(kit: GlancesKit, asked: Asked, percent: int, *, counts: bool) -> None:
    """A chance is a quantity in percent: a small difference is not worth an update."""
    asked.forecasts = {"hourly": [hour(8, **chance(40))]}
    await kit.load(widget(text=entity(WEATHER, detail="rain_chance")))
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "Rain 40 %"})
    asked.forecasts = {"hourly": [hour(8, **chance(percent))]}
    asked.write(native_temperature=20)
    for _ in range(SETTLE + 2 * ROUNDING):
        await kit.tick(1)
    kit.assert_pushed(*[{"text": f"Rain {percent} %"}] * counts)


LISTS: dict[str, tuple[list[TodoItem], dict[str, str]]] = {
    "no dates": ([item("Milk"), item("Bread")], {"title": "2 left", "text": "Milk", "subtext": ""}),
    "dates": (
        [item("Milk"), item("Taxes", TOMORROW), item("Bin", TODAY), item("Call", NOON + timedelta(hours=2))],
        {"title": "4 left", "text": "Bin", "subtext": "Today"},
    ),
    "time": (
        [
            item("Walk", NOON + timedelta(days=1)),
            item("Call", NOON + timedelta(hours=2)),
            item("Done", TODAY, TodoItemStatus.COMPLETED),
        ],
        {"title": "2 left", "text": "Call", "subtext": "2:00 PM"},
    ),
    "all done": ([item("Milk", status=TodoItemStatus.COMPLETED)], {"title": "All done", "text": "", "subtext": ""}),
    "nothing": ([], {"title": "All done", "text": "", "subtext": ""}),
}


@pytest.mark.parametrize("case", LISTS.values(), ids=LISTS)
async def test_list(kit: GlancesKit, asked: Asked, case: tuple[list[TodoItem], dict[str, str]]) -> None:
    """A detail says what is to be done next, by due date and then by order."""
    asked.items, glance = case
    asked.write(Platform.TODO)
    details = {"title": "left", "text": "next_item", "subtext": "next_due"}
    fields: dict[str, Any] = {field: entity(LIST, detail=detail) for field, detail in details.items()}
    await kit.load(widget(**fields))
    kit.assert_pushed(glance)


async def test_list_without_a_state(kit: GlancesKit, asked: Asked) -> None:
    """A list that is away has no next item."""
    asked.items = [item("Milk")]
    asked.write(Platform.TODO)
    await kit.load(widget(text=entity(LIST, detail="next_item"), subtext=entity(LIST, detail="left")))
    kit.assert_pushed({"text": "Milk", "subtext": "1 left"})
    asked.write(Platform.TODO, available=False)
    await kit.tick(SETTLE + ROUNDING)
    await kit.tick(30 * MINUTE + ROUNDING)
    kit.assert_pushed({"text": DASH, "subtext": DASH})


async def test_words_of_another_language(kit: GlancesKit, asked: Asked) -> None:
    """The texts are in the language of Home Assistant."""
    kit.hass.config.language = "de"
    asked.forecasts = {"hourly": [hour(1, **chance(40))], "daily": [day(TOMORROW, 8)]}
    asked.items = [item("Milch"), item("Brot")]
    asked.write(Platform.TODO)
    assert await async_setup_component(kit.hass, "weather", {})
    await kit.load(
        widget(
            title=entity(LIST, detail="left"),
            text=entity(WEATHER, detail="tomorrow"),
            subtext=entity(WEATHER, detail="rain_chance"),
        )
    )
    (glance,) = kit.pushed()
    assert (glance["title"][:2], glance["subtext"]) == ("2 ", "Regen 40 %")
    assert glance["text"].startswith("Morgen 8°")
