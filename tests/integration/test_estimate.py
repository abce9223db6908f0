"""The estimate of the updates a day, against what is sent on the same days."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
import logging
from random import Random
from typing import Any

from homeassistant.components.recorder.core import Recorder
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import async_wait_recording_done
from pytest_homeassistant_custom_component.typing import RecorderInstanceContextManager

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.content.widget_config import WidgetConfig
from custom_components.pushover_glances.flows.estimate import async_estimate
from emulator.world import EXAMPLE_USER, Device

from .kit import DOOR, GlancesKit, alert, widget

# Within this week, the clocks go forward in Berlin.
_BEGIN = datetime.fromisoformat("2027-03-22 05:00:00+01:00")
_WEEK = 7
_DAY = timedelta(days=1)
_ROOM, _POWER, _PLAYER = "sensor.room", "sensor.power", "media_player.hall"
_BED = "input_boolean.bedtime"
_LAMP = "light.lamp"
_ROOM_TEXT, _POWER_TEXT = "{{ states('sensor.room') }} °C", "{{ states('sensor.power') }} W"
_DOOR_TEXT, _PLAYER_TEXT = "{{ states('cover.garage_door') }}", "{{ states('media_player.hall') }}"
_SONG = {"entity": {"entity_id": _PLAYER, "attribute": "media_title"}}

# A change: when it happens, the entity, its state and its attributes.
type Change = tuple[datetime, str, str, dict[str, Any]]

_WIDGETS: Mapping[str, Mapping[str, Any]] = {
    "numbers": {"text": _ROOM_TEXT, "count": "{{ states('sensor.power') }}"},
    "words": {"title": _PLAYER_TEXT, "text": "{{ state_attr('media_player.hall', 'media_title') }}"},
    "urgent": {"title": _DOOR_TEXT, "text": _ROOM_TEXT, "urgent_entities": [DOOR]},
    "quiet": {"title": _PLAYER_TEXT, "text": _ROOM_TEXT, "quiet_from": "22:30:00", "quiet_until": "06:30:00"},
    "bedtime": {"title": _PLAYER_TEXT, "text": _ROOM_TEXT, "urgent_entities": [_PLAYER], "quiet_while": _BED},
    "limit": {"title": _PLAYER_TEXT, "text": _POWER_TEXT, "daily_limit": 10},
    "unlimited": {"title": _PLAYER_TEXT, "text": _POWER_TEXT, "daily_limit": 0, "unavailable": "keep"},
    "other": {"title": f"{{% if is_state('{DOOR}', 'open') %}}{_ROOM_TEXT}{{% else %}}{_PLAYER_TEXT}{{% endif %}}"},
    "domain": {"title": "{{ states.media_player | map(attribute='state') | join(' ') }}"},
    "entity": {"title": _SONG, "count": {"entity": {"entity_id": _POWER}}, "time_stamp": "title"},
    "since": {"text": {"entity": {"entity_id": DOOR}}, "subtext": {"entity": {"entity_id": DOOR, "detail": "since"}}},
    "day": {"text": {"entity": {"entity_id": _PLAYER, "attribute": "until"}}},
    "summary": {"text": {"entity": {"detail": "how_many", "target": {"kind": "lights"}}}},
    "alert": {"text": _ROOM_TEXT},
}


# How many minutes lie between two changes, the unit, and the states; without these, it is a temperature.
_ENTITIES: Mapping[str, tuple[int, str, Sequence[str]]] = {
    _ROOM: (15, "°C", ()),
    _POWER: (40, "W", ("90", "300", "310", "1500", "2400")),
    DOOR: (90, "", ("open", "closed", "closed", "opening")),
    _PLAYER: (50, "", ("playing", "paused", "idle")),
    _BED: (200, "", ("on", "off")),
    _LAMP: (60, "", ("on", "off", "off")),
}


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: RecorderInstanceContextManager) -> None:
    """Prepare the database before Home Assistant."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture
def recorder_config() -> dict[str, Any]:
    """Record what the sources use."""
    return {"include": {"entities": [_ROOM, _POWER, _PLAYER, DOOR, _BED, _LAMP]}, "commit_interval": 1}


def _changes(random: Random, days: int, *, away: bool) -> list[Change]:
    """Return what happens on these days, in its order; each entity has a state before."""
    found = [change for name in _ENTITIES for change in _changes_of(name, random, days, away=0.2 if away else 0)]
    return sorted(found, key=lambda change: change[0])


def _changes_of(name: str, random: Random, days: int, *, away: float) -> Iterator[Change]:
    """Yield the changes of an entity; this share of its states is `unavailable`."""
    minutes, unit, states = _ENTITIES[name]
    now, temperature = _BEGIN - timedelta(minutes=5), 20.0
    while now < _BEGIN + days * _DAY:
        temperature += random.uniform(-0.6, 0.6) + (20 - temperature) / 20
        state = random.choice(states) if states else f"{temperature:.1f}"
        until = (now + random.randrange(3) * _DAY).date().isoformat()
        song = {"media_title": f"Song {random.randrange(5)}", "until": until}
        attributes = {"unit_of_measurement": unit} if unit else song
        yield now, name, "unavailable" if random.random() < away else state, attributes
        now = max(now, _BEGIN) + timedelta(minutes=random.expovariate(1 / minutes), seconds=1)


async def _live(kit: GlancesKit, changes: list[Change], days: int, *subentries: Any) -> None:
    """Let days pass, and then a few hours more."""
    kit.freezer.move_to(changes[0][0])
    for time, name, state, attributes in changes:
        if time < _BEGIN:
            kit.hass.states.async_set(name, state, attributes)
    await kit.settle()
    kit.freezer.move_to(_BEGIN)
    await kit.load(*subentries)
    for time, name, state, attributes in changes:
        if time > _BEGIN:
            await _pass(kit, time)
            kit.hass.states.async_set(name, state, attributes)
    await _pass(kit, _BEGIN + days * _DAY + timedelta(hours=2))
    await async_wait_recording_done(kit.hass)


async def _pass(kit: GlancesKit, until: datetime) -> None:
    """Let time pass, from one timer to the next."""
    loop = kit.hass.loop
    while True:
        await asyncio.sleep(0)
        await kit.settle()
        timers = [item.when() - loop.time() for item in get_scheduled_timer_handles(loop) if not item.cancelled()]
        ahead = timedelta(seconds=min([timer for timer in timers if timer > 0], default=0) + 1e-6)
        if not timers or (now := dt_util.utcnow() + ahead) >= until:
            break
        kit.freezer.move_to(now)
        await asyncio.sleep(0)
    kit.freezer.move_to(until)
    await asyncio.sleep(0)
    await kit.settle()


@pytest.mark.parametrize(
    ("days", "away"),
    [
        pytest.param(1, True, id="day"),
        pytest.param(_WEEK, True, id="week-unavailable", marks=pytest.mark.slow),
    ],
)
async def test_equal(recorder_mock: Recorder, kit: GlancesKit, days: int, *, away: bool) -> None:
    """As many updates are estimated as were sent."""
    world = kit.emulator.world
    # In debug mode, a week of events takes more than ten minutes.
    kit.hass.loop.set_debug(False)
    world.clock = dt_util.now
    world.users[EXAMPLE_USER].devices = {name: Device(name) for name in _WIDGETS}
    await kit.hass.config.async_set_time_zone("Europe/Berlin")
    widgets = [{**widget(name, **fields), "subentry_id": name} for name, fields in _WIDGETS.items()]
    alerted = alert(DOOR, lasts=120, widgets=["alert"])
    random = Random(days)  # noqa: S311  # no secret
    await _live(kit, _changes(random, days, away=away), days, *widgets, alerted)

    (entry,) = kit.hass.config_entries.async_entries(DOMAIN)
    end = datetime(2027, 3, 22 + days, 5, tzinfo=dt_util.get_default_time_zone())
    estimated, sent = {}, {}
    for config in WidgetConfig.all_of(entry):
        estimate = await async_estimate(kit.hass, config)
        assert estimate is not None
        assert estimate.days == days
        estimated[config.title] = round(estimate.updates * days, 6)
        updates = world.users[EXAMPLE_USER].devices[config.device].updates
        sent[config.title] = len([moment for moment in updates if moment < end])
    assert estimated == sent
