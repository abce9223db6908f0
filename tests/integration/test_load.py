"""A day of a very busy home with twenty accounts and a hundred widgets: nothing grows, breaks a limit, or is left."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
import gc
from itertools import pairwise
import logging
from random import Random
from types import FunctionType, MethodType
from typing import Any, Self

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.planner import DAILY_LIMIT, MIN_INTERVAL
from custom_components.pushover_glances.planner.budget import URGENT_PER_HOUR
from emulator.world import EXAMPLE_TOKEN, SECOND_TOKEN, Device, busy_users, day_of

from .kit import MINUTE, ROUNDING, SPACING, GlancesKit, forget_old_stores, widget

_ACCOUNTS, _WIDGETS = 20, 5
_MINUTES = 24 * 60
_BEGIN = "2027-03-08 05:00:00+01:00"
_OUTAGE = range(15 * 60, 15 * 60 + 30)
_RELOAD = 6 * 60
# Pushover's rule of friendliness, whatever the number of accounts.
_CONNECTIONS = 2
# The decisions of a day and the instants of the last few days are kept, and bounded; the harness keeps every store that
# ever was.
_BY_DESIGN = tuple(
    f"custom_components.{DOMAIN}.{name}"
    for name in ("planner.budget.Day", "planner.history.Entry", "storage.AccountStore")
)
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


def _widget(device: str, number: int) -> ConfigSubentryData:
    """Return a widget that follows a sensor of its own and what all of them follow; every fifth has an urgent door."""
    settings: dict[str, Any] = {"urgent_entities": [f"lock.{device}"]} if number == 0 else {}
    return widget(
        device,
        title=f"{{{{ states('lock.{device}') }}}}",
        text=f"{{{{ states('sensor.{device}') }}}} W",
        subtext="{{ states('sensor.everyone') }}",
        count=f"{{{{ states('sensor.{device}') }}}}",
        percent=f"{{{{ states('sensor.{device}') | int % 101 }}}}",
        **settings,
    )


@dataclass
class _House:
    """A day of events, a minute after the other."""

    kit: GlancesKit
    random: Random = field(default_factory=lambda: Random(7))  # noqa: S311  # no secret
    entries: list[MockConfigEntry] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    changes: int = 0
    connections: int = 0

    async def begin(self) -> None:
        """Load everything."""
        for number, user in enumerate(busy_users(_ACCOUNTS, _WIDGETS)):
            self.kit.emulator.world.add(user)
            self.devices += user.devices.values()
            widgets = [_widget(device, place) for place, device in enumerate(user.devices)]
            token = (EXAMPLE_TOKEN, SECOND_TOKEN)[number % 2]
            self.entries.append(self.kit.account(*widgets, token=token, user_key=user.key))
        self.minute(0)
        # The first one brings the others along, as at a start.
        await self.kit.setup(self.entries[0])

    def set(self, entity_id: str, state: object) -> None:
        """Set a state, and do not wait for its effects."""
        self.kit.hass.states.async_set(entity_id, str(state))
        self.changes += 1

    def minute(self, minute: int) -> None:
        """Change what changes all the time: every sensor three times a minute, and some doors."""
        for device in self.devices:
            for _ in range(3):
                self.set(f"sensor.{device.name}", self.random.randrange(3000))
            if minute == 0 or self.random.random() < 1 / 20:
                self.set(f"lock.{device.name}", self.random.choice(("locked", "unlocked")))
        self.set("sensor.everyone", f"{minute // 7} things")

    async def live(self, minutes: range) -> None:
        """Live through a part of the day."""
        for minute in minutes:
            self.minute(minute)
            if minute == _RELOAD:
                for entry in self.entries:
                    await self.kit.hass.config_entries.async_reload(entry.entry_id)
            if minute == _OUTAGE.start:
                await self.kit.emulator.stop()
            if minute == _OUTAGE.stop:
                await self.kit.emulator.start()
            await self.kit.tick(MINUTE)
            self.connections = max(self.connections, self.kit.emulator.connections)

    def last(self) -> None:
        """Let everything change for the last time."""
        for number, device in enumerate(self.devices):
            self.set(f"sensor.{device.name}", 5000 + number)
            self.set(f"lock.{device.name}", "jammed")
        self.set("sensor.everyone", "end")


@dataclass(frozen=True)
class _Kept:
    """What is kept: what belongs to the integration by kind, listeners and timers of Home Assistant, tasks, connections."""

    kinds: Counter[str]
    listeners: int
    timers: int
    tasks: int
    connections: int

    @classmethod
    async def now(cls, house: _House) -> Self:
        """Count."""
        forget_old_stores(house.kit.hass)
        gc.collect()
        loop: Any = house.kit.hass.loop
        names = Counter(name for item in gc.get_objects() if (name := _name_of_ours(item)))
        return cls(
            Counter({name: number for name, number in names.items() if name not in _BY_DESIGN}),
            sum(house.kit.hass.bus.async_listeners().values()),
            sum(not timer.cancelled() for timer in loop._scheduled),  # noqa: SLF001  # asyncio tells it nowhere else
            len(asyncio.all_tasks()),
            house.kit.emulator.connections,
        )

    @classmethod
    async def while_all_wait(cls, house: _House) -> Self:
        """Count once something has changed for every widget: from then on none of them listens to its sources."""
        house.minute(1)
        await house.kit.settle()
        return await cls.now(house)


def _name_of_ours(item: object) -> str | None:
    """Return the kind of an object, a function or a bound method of the integration, which a leak would have more of."""
    if isinstance(item, MethodType):
        item = item.__self__
    named: Any = item if isinstance(item, FunctionType) else type(item)
    ours = str(getattr(named, "__module__", "")).startswith(f"custom_components.{DOMAIN}")
    return f"{named.__module__}.{named.__qualname__}" if ours else None


async def _unload(house: _House) -> None:
    """Unload everything, and let idle connections end."""
    for entry in house.entries:
        assert await house.kit.hass.config_entries.async_unload(entry.entry_id)
    for _ in range(10):
        await house.kit.tick(MINUTE)
        await house.kit.turns(5)


async def _load(house: _House) -> None:
    for entry in house.entries:
        await house.kit.setup(entry)


@pytest.mark.slow
async def test_busy_day(kit: GlancesKit, hass: HomeAssistant, caplog: pytest.LogCaptureFixture) -> None:
    """Half a million changes of states, a reload, and an outage of half an hour."""
    # Each turn of the loop takes a minute of its clock, which need not be logged; nor does where its tasks began.
    hass.loop.set_debug(False)
    await hass.config.async_set_time_zone("Europe/Berlin")
    # The harness would keep every warning, and with it the error that it is about.
    caplog.set_level(logging.ERROR)
    kit.freezer.move_to(_BEGIN)
    kit.emulator.world.clock = dt_util.now
    house = _House(kit)
    await house.begin()
    await _unload(house)
    idle = await _Kept.now(house)
    kit.freezer.move_to(_BEGIN)
    for device in house.devices:
        device.updates.clear()
    await _load(house)

    await house.live(range(_MINUTES // 2))
    noon = await _Kept.while_all_wait(house)
    await house.live(range(_MINUTES // 2, _MINUTES))
    night = await _Kept.while_all_wait(house)
    assert house.changes > 400_000
    assert house.connections == _CONNECTIONS
    _check_growth(noon, night)
    house.last()
    for _ in range(2 * SPACING // MINUTE):
        await kit.tick(MINUTE + ROUNDING)
    assert [device.name for device in house.devices if device.shown != _final(house, device)] == []
    for number, device in enumerate(house.devices):
        _check_limits(device, urgent=number % _WIDGETS == 0)
    await _unload(house)
    assert await _Kept.now(house) == idle


def _check_growth(early: _Kept, late: _Kept) -> None:
    """Check that what is kept does not grow; one more for each account, or for each widget, would be seen."""
    grown = {name: number for name, number in (late.kinds - early.kinds).items() if number > _ACCOUNTS // 4}
    # The emulator has a task for each connection, and at 05:00, when a day begins, more of them are open.
    tasks = (late.tasks - late.connections) - (early.tasks - early.connections)
    assert (grown, late.listeners - early.listeners, tasks) == ({}, 0, 0)
    assert late.timers <= early.timers + _ACCOUNTS // 4


def _final(house: _House, device: Device) -> dict[str, Any]:
    """Return what a device has to show in the end."""
    number = 5000 + house.devices.index(device)
    return {"title": "jammed", "text": f"{number} W", "subtext": "end", "count": number, "percent": number % 101}


def _check_limits(device: Device, *, urgent: bool) -> None:
    """Check spacing and the day's limit; what comes early is urgent, and bounded."""
    days = Counter(day_of(moment) for moment in device.updates)
    assert max(days.values()) <= DAILY_LIMIT
    # Busy as it is, each day's updates are used up.
    assert days[day_of(device.updates[0])] > DAILY_LIMIT - 3
    early = [after for before, after in pairwise(device.updates) if after - before < MIN_INTERVAL]
    assert bool(early) is urgent
    assert all(after - before >= _MINUTE for before, after in pairwise(device.updates))
    assert all(after - before >= _HOUR for before, after in zip(early, early[URGENT_PER_HOUR:], strict=False))
