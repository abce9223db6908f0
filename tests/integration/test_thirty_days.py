"""Thirty days of a busy home: the limits hold every day, nothing grows, and in the end every screen is right."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
import gc
from itertools import pairwise
import json
from random import Random
from typing import Any, Self

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.planner import DAILY_LIMIT, MIN_INTERVAL
from custom_components.pushover_glances.planner.budget import URGENT_PER_HOUR
from custom_components.pushover_glances.planner.history import Entry
from emulator.world import EXAMPLE_USER, Call, Device, day_of

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, forget_old_stores, widget

pytestmark = pytest.mark.slow

_DAYS = 30
_MINUTES = 24 * 60
_SEED = 20
# Within these days, the clocks go forward in Berlin.
_BEGIN = "2027-03-08 00:00:00+01:00"
_QUIET_FROM, _QUIET_UNTIL = time(22, 30), time(6, 30)
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_STORE_LIMIT = 20_000
_OUTAGE = (7, range(9 * 60, 14 * 60))

# Follows everything, and nothing in it is urgent.
_FAMILY = {
    "title": "{{ states('person.anna') }}, {{ states('person.ben') }}",
    "text": "{{ states('sensor.living_room') }} °C",
    "subtext": "{{ states('sensor.power') }} W",
    "count": "{{ states('sensor.power') }}",
    "percent": "{{ states('sensor.battery') }}",
}
# Has a door that is urgent, a clock, and nights without updates; actions fill its count and its percent.
_DOOR = {
    "title": "{{ now().hour }} o'clock",
    "text": "{{ states('cover.garage_door') }}",
    "subtext": "{{ states('sensor.living_room') }} °C",
}


@dataclass
class _Home:
    """Thirty days of events, a minute after the other."""

    kit: GlancesKit
    entry: MockConfigEntry
    random: Random = field(default_factory=lambda: Random(_SEED))  # noqa: S311  # no secret
    temperature: float = 20.0
    power: int = 300
    battery: float = 100.0

    def set(self, entity_id: str, state: object, unit: str | None = None) -> None:
        """Set a state, and do not wait for its effects."""
        self.kit.hass.states.async_set(entity_id, str(state), {"unit_of_measurement": unit} if unit else {})

    def minute(self, minute: int) -> None:
        """Change what changes all the time."""
        self.power = self.random.choice((self.power, 90, 300, 1500, 2400)) + self.random.randrange(-20, 20)
        self.set("sensor.power", self.power, "W")
        if minute % 4 == 0:
            self.temperature += self.random.uniform(-0.3, 0.3) + (20 - self.temperature) / 50
            self.set("sensor.living_room", round(self.temperature, 1), "°C")
        self.battery = self.battery - 0.05 if self.battery > 10 else 100
        self.set("sensor.battery", round(self.battery), "%")

    async def day(self, number: int) -> None:
        """Live through a day."""
        hass = self.kit.hass
        door = {*self.random.sample(range(_MINUTES), 60)}
        persons = {*self.random.sample(range(6 * 60, 23 * 60), 8)}
        actions = {*self.random.sample(range(_MINUTES), 6)}
        restart = self.random.randrange(_MINUTES) if number % 3 == 2 else None
        day, outage = _OUTAGE
        for minute in range(_MINUTES):
            self.minute(minute)
            if minute in door:
                self.set(DOOR, "closed" if hass.states.is_state(DOOR, "open") else "open")
            if minute in persons:
                self.set(self.random.choice(("person.anna", "person.ben")), self.random.choice(("home", "not_home")))
            if minute in actions:
                await self.act()
            if minute == restart:
                assert await hass.config_entries.async_unload(self.entry.entry_id)
                await self.kit.setup(self.entry)
            if number == day and minute == outage.start:
                await self.kit.emulator.stop()
            if number == day and minute == outage.stop:
                await self.kit.emulator.start()
            await self.kit.tick(MINUTE)

    async def act(self) -> None:
        """Put something on the widget with the door: for good, for a while, urgently."""
        data = self.random.choice(
            (
                {"count": self.random.randrange(1000)},
                {"percent": self.random.randrange(101), "duration": {"minutes": 30}},
                {"percent": self.random.randrange(101), "urgent": True},
            )
        )
        answer = await self.kit.act("update", **data, entity_id="notify.ipad_glance")
        assert answer[0]["status"] != "failed"


@dataclass(frozen=True)
class _Size:
    """How much is kept: characters of the file, objects of this integration, listeners of Home Assistant.

    What a week's ledger has entered is in the file, and does not count again as objects: it differs from day to day.
    """

    stored: int
    objects: int
    listeners: int

    @classmethod
    def of(cls, hass: HomeAssistant, stored: dict[str, Any]) -> Self:
        """Measure."""
        forget_old_stores(hass)
        gc.collect()
        objects = sum(
            type(item).__module__.startswith(f"custom_components.{DOMAIN}") and not isinstance(item, (Store, Entry))
            for item in gc.get_objects()
        )
        return cls(len(json.dumps(stored)), objects, sum(hass.bus.async_listeners().values()))


async def test_thirty_days(kit: GlancesKit, hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    """Two widgets, restarts, an outage, and the clocks that go forward."""
    # Each turn of the loop takes a minute of its clock, which need not be logged.
    hass.loop.slow_callback_duration = float("inf")
    await hass.config.async_set_time_zone("Europe/Berlin")
    kit.freezer.move_to(_BEGIN)
    kit.emulator.world.clock = dt_util.now
    home = _Home(kit, kit.account(widget(**_FAMILY), _with_settings(widget("ipad", **_DOOR))))
    for entity_id, state in ((DOOR, "closed"), ("person.anna", "home"), ("person.ben", "home")):
        home.set(entity_id, state)
    home.minute(0)
    await kit.setup(home.entry)

    sizes = []
    for number in range(_DAYS):
        await home.day(number)
        sizes.append(_Size.of(hass, hass_storage[f"{DOMAIN}.{home.entry.entry_id}"]))
    _check_sizes(sizes)
    phone, tablet = kit.emulator.world.users[EXAMPLE_USER].devices.values()
    for device in (phone, tablet):
        _check_budget(device)
    assert phone.closer_than_spacing == 0
    _check_urgent(list(_updates(kit, "ipad")))

    # The last change of everything, while it is day.
    await kit.tick(10 * 60 * MINUTE)
    for entity_id in (DOOR, "person.anna", "person.ben", "sensor.living_room", "sensor.power", "sensor.battery"):
        home.set(entity_id, "7")
    await kit.act("update", count=7, percent=7, entity_id="notify.ipad_glance")
    for _ in range(SPACING // MINUTE + 1):
        await kit.tick(MINUTE + ROUNDING)
    assert phone.shown == {"title": "7, 7", "text": "7 °C", "subtext": "7 W", "count": 7, "percent": 7}
    # The clock of the title goes along with the next update.
    assert {**tablet.shown, "title": ""} == {"title": "", "text": "7", "subtext": "7 °C", "count": 7, "percent": 7}


def _with_settings(item: ConfigSubentryData) -> ConfigSubentryData:
    settings = {"urgent_entities": [DOOR], "quiet_from": str(_QUIET_FROM), "quiet_until": str(_QUIET_UNTIL)}
    return {**item, "data": {**item["data"], **settings}}


def _updates(kit: GlancesKit, device: str) -> Iterator[Call]:
    for call in kit.emulator.calls:
        if call.path == "/1/glances.json" and call.parameters["device"] == device:
            yield call


def _check_budget(device: Device) -> None:
    """Check that no day has more than its limit, and that the days are used."""
    days = Counter(day_of(moment) for moment in device.updates)
    assert max(days.values()) <= DAILY_LIMIT
    first = datetime.fromisoformat(_BEGIN).date()
    assert min(days[first + timedelta(number)] for number in range(_DAYS - 1)) >= DAILY_LIMIT // 2
    assert device.ignored_by_watch == 0


def _check_urgent(updates: list[Call]) -> None:
    """Check that what comes early or at night is urgent, and bounded, too."""
    early: list[datetime] = []
    quiet = 0
    for before, after in pairwise(updates):
        assert after.time - before.time >= _MINUTE
        at_night = not _QUIET_UNTIL <= after.time.time() < _QUIET_FROM
        if at_night or after.time - before.time < MIN_INTERVAL:
            early.append(after.time)
            changed = {name for name, value in after.parameters.items() if before.parameters.get(name) != value}
            assert changed & {"text", "percent"}, (before, after)
        quiet += at_night
    assert quiet
    assert all(after - before >= _HOUR for before, after in zip(early, early[URGENT_PER_HOUR:], strict=False))


def _check_sizes(sizes: list[_Size]) -> None:
    """Check that what is kept does not grow."""
    # The first is after the outage, whose error the harness keeps with its logs.
    early, late = sizes[8:14], sizes[-6:]
    assert max(size.stored for size in sizes) < _STORE_LIMIT
    assert max(size.stored for size in late) < 1.1 * max(size.stored for size in early)
    # Some come and go with the actions; one that stayed with every restart would be seen.
    assert max(size.objects for size in late) <= max(size.objects for size in early) + 2
    assert max(size.listeners for size in late) <= max(size.listeners for size in early)
