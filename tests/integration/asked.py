"""A weather entity and a to-do list of an integration that tests change, and that keeps the calls of their actions."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast, override

from homeassistant.components.todo.const import TodoItemStatus
from homeassistant.components.todo.entity import TodoItem, TodoListEntity
from homeassistant.components.weather import Forecast, WeatherEntity
from homeassistant.components.weather.const import WeatherEntityFeature
from homeassistant.config_entries import ConfigEntry, ConfigFlow
from homeassistant.const import Platform, UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    MockPlatform,
    mock_config_flow,
    mock_integration,
    mock_platform,
)

WEATHER = "weather.home"
LIST = "todo.shopping"
_DOMAIN = "asked"
_PLATFORMS = (Platform.TODO, Platform.WEATHER)

DAILY = WeatherEntityFeature.FORECAST_DAILY
HOURLY = WeatherEntityFeature.FORECAST_HOURLY
TWICE_DAILY = WeatherEntityFeature.FORECAST_TWICE_DAILY


@dataclass
class Asked:
    """What the integration knows, and which calls it got; a call waits while `gate` is closed, and raises `error`."""

    hass: HomeAssistant
    features: WeatherEntityFeature = DAILY | HOURLY
    forecasts: dict[str, list[dict[str, Any]] | None] = field(default_factory=dict)
    items: list[TodoItem] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    error: Exception | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    entities: dict[Platform, Entity] = field(default_factory=dict)
    entry: MockConfigEntry = field(default_factory=lambda: MockConfigEntry(domain=_DOMAIN))

    @asynccontextmanager
    async def loaded(self) -> AsyncGenerator[Asked]:
        """Load the integration."""
        with mock_config_flow(_DOMAIN, ConfigFlow):
            await self._setup()
            yield self

    async def _setup(self) -> None:
        self.gate.set()
        # From 2026.11, only custom integrations may return whether an entry was set up.
        mock_integration(
            self.hass,
            MockModule(_DOMAIN, async_setup_entry=self._setup_entry, async_unload_entry=self._unload_entry),
            built_in=False,
        )
        mock_platform(self.hass, f"{_DOMAIN}.config_flow", MockPlatform())
        for domain, entity in ((Platform.WEATHER, _Weather), (Platform.TODO, _List)):
            mock_platform(self.hass, f"{_DOMAIN}.{domain}", MockPlatform(async_setup_entry=self._adds(domain, entity)))
            assert await async_setup_component(self.hass, domain, {})
        self.entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done()

    async def reload(self) -> None:
        """Load the integration again, with new entities."""
        assert await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.hass.async_block_till_done()

    def taken_calls(self) -> list[str]:
        """Return the calls since the last look."""
        calls, self.calls = self.calls, []
        return calls

    def write(self, platform: Platform = Platform.WEATHER, **attributes: Any) -> None:
        """Let an entity write its state, with other attributes than before."""
        for key, value in attributes.items():
            setattr(self.entities[platform], f"_attr_{key}", value)
        self.entities[platform].async_write_ha_state()

    async def answer(self, what: str) -> None:
        """Take a call."""
        self.calls.append(what)
        await self.gate.wait()
        if self.error is not None:
            raise self.error

    def _adds(self, domain: Platform, entity: Any) -> Any:
        async def setup_entry(
            _hass: HomeAssistant, _entry: ConfigEntry, add_entities: AddConfigEntryEntitiesCallback
        ) -> None:
            self.entities[domain] = entity(self)
            add_entities([self.entities[domain]])

        return setup_entry

    async def _setup_entry(self, hass: HomeAssistant, entry: ConfigEntry) -> bool:
        await hass.config_entries.async_forward_entry_setups(entry, _PLATFORMS)
        return True

    async def _unload_entry(self, hass: HomeAssistant, entry: ConfigEntry) -> bool:
        return await hass.config_entries.async_unload_platforms(entry, _PLATFORMS)


class _Weather(WeatherEntity):
    _attr_condition = "partlycloudy"
    _attr_native_temperature = 7.2
    _attr_native_temperature_unit = UnitOfTemperature.CELSIUS
    _attr_should_poll = False
    _attr_unique_id = "1"

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self.entity_id = WEATHER
        self._attr_supported_features = asked.features

    @override
    async def async_forecast_daily(self) -> list[Forecast] | None:
        return await self._forecast("daily")

    @override
    async def async_forecast_hourly(self) -> list[Forecast] | None:
        return await self._forecast("hourly")

    @override
    async def async_forecast_twice_daily(self) -> list[Forecast] | None:
        return await self._forecast("twice_daily")

    async def _forecast(self, kind: str) -> list[Forecast] | None:
        await self._asked.answer(kind)
        forecast: Any = self._asked.forecasts.get(kind)
        return cast("list[Forecast] | None", forecast)


class _List(TodoListEntity):
    _attr_should_poll = False
    _attr_unique_id = "1"

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self.entity_id = LIST

    @property
    @override
    def todo_items(self) -> list[TodoItem]:
        return self._asked.items


def item(summary: str, due: Any = None, status: TodoItemStatus = TodoItemStatus.NEEDS_ACTION) -> TodoItem:
    """Return an item of a to-do list."""
    return TodoItem(summary=summary, uid=summary, due=due, status=status)
