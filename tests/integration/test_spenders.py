"""The largest spenders: which entities caused the updates of the day."""

from random import Random
from typing import Any

from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.recorder import DATA_INSTANCE

from custom_components.pushover_glances.const import DOMAIN

from .kit import DOOR, MINUTE, SPACING, GlancesKit, alert, widget

_LEFT = "sensor.iphone_glance_updates_left_today"
_HOUR = 60 * MINUTE
_SOURCES = {"title": "{{ states('sensor.a') }} {{ states('sensor.b') }}", "text": "{{ states('sensor.c') }}"}


def _spenders(kit: GlancesKit) -> Any:
    state = kit.hass.states.get(_LEFT)
    assert state is not None
    return state.attributes.get("largest_spenders")


async def _load(kit: GlancesKit, **fields: Any) -> None:
    for name in "abcd":
        await kit.state(f"sensor.{name}", "first")
    await kit.load(widget(**{**_SOURCES, **fields}))
    assert len(kit.pushed()) == 1
    await kit.tick(SPACING)


async def _change(kit: GlancesKit, *names: str, to: str) -> None:
    """Let entities change together, and wait for the update."""
    for name in names:
        await kit.state(f"sensor.{name}", to)
    await kit.tick(MINUTE)
    assert len(kit.pushed()) == 1
    await kit.tick(2 * _HOUR)


async def test_entities(kit: GlancesKit) -> None:
    """Those that changed, of the fields that show another value; the first update has no cause."""
    await _load(kit)
    assert _spenders(kit) is None
    await _change(kit, "a", to="1")
    assert _spenders(kit) == {"sensor.a": 1}
    await _change(kit, "b", "c", to="1")
    await _change(kit, "c", to="2")
    assert _spenders(kit) == {"sensor.c": 2, "sensor.a": 1, "sensor.b": 1}


async def test_three(kit: GlancesKit) -> None:
    """Three of them are listed, the largest first."""
    await _load(kit, subtext="{{ states('sensor.d') }}")
    await _change(kit, "a", "b", "c", "d", to="1")
    await _change(kit, "d", to="2")
    assert list(_spenders(kit).items()) == [("sensor.d", 2), ("sensor.a", 1), ("sensor.b", 1)]


async def test_domain(kit: GlancesKit) -> None:
    """A template over a domain names the entity that changed."""
    for name in ("one", "two"):
        await kit.state(f"light.{name}", "off")
    await kit.load(widget(text="{{ states.light | selectattr('state', 'eq', 'on') | list | count }} on"))
    await kit.tick(SPACING)
    await kit.change("light.two", "on")
    assert _spenders(kit) == {"light.two": 1}


async def test_actions(kit: GlancesKit) -> None:
    """Actions are listed together: a value, its end, and a refresh."""
    await _load(kit)
    await kit.update(text="Hello", duration={"minutes": 30})
    assert _spenders(kit) == {"actions": 1}
    await kit.tick(_HOUR)
    assert _spenders(kit) == {"actions": 2}
    await kit.tick(MINUTE)
    await kit.act("refresh")
    assert _spenders(kit) == {"actions": 3}


async def test_alert(kit: GlancesKit) -> None:
    """An alert begins and ends because of its entity."""
    await kit.state(DOOR, "closed")
    await kit.state("sensor.a", "1")
    await kit.load(widget(text="{{ states('sensor.a') }}"), alert())
    await kit.tick(SPACING)
    await kit.change(DOOR, "open")
    assert _spenders(kit) == {DOOR: 1}
    await kit.tick(SPACING)
    await kit.change(DOOR, "closed")
    assert _spenders(kit) == {DOOR: 2}


async def test_not_arrived(kit: GlancesKit) -> None:
    """An update that did not arrive is not counted until it does."""
    await _load(kit)
    await kit.emulator.stop()
    await kit.change("sensor.a", "1")
    assert _spenders(kit) is None
    await kit.emulator.start()
    await kit.tick(_HOUR)
    assert _spenders(kit) == {"sensor.a": 1}


async def test_restart_and_next_day(kit: GlancesKit) -> None:
    """They are kept over a restart, and begin again at 05:00."""
    await _load(kit)
    await _change(kit, "a", to="1")
    (entry,) = kit.hass.config_entries.async_entries(DOMAIN)
    await kit.hass.config_entries.async_unload(entry.entry_id)
    await kit.setup(entry)
    assert _spenders(kit) == {"sensor.a": 1}
    await kit.tick(18 * _HOUR)
    assert _spenders(kit) is None
    # The glance was sent again.
    assert len(kit.pushed()) == 1
    await kit.tick(SPACING)
    await _change(kit, "a", to="2")
    assert _spenders(kit) == {"sensor.a": 1}


async def test_no_limit(kit: GlancesKit) -> None:
    """Without a limit, the state never changes, and so there is no attribute that would."""
    await _load(kit, daily_limit=0)
    await _change(kit, "a", to="1")
    assert _spenders(kit) is None


async def test_rows(kit: GlancesKit) -> None:
    """The attribute changes with the state alone, so it adds no row to the recorder's table of states."""
    assert DATA_INSTANCE not in kit.hass.data
    random = Random(4)  # noqa: S311  # no secret
    await _load(kit)
    changes: list[tuple[str, str]] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        assert old is not None
        assert new is not None
        changes.append((old.state, new.state))

    async_track_state_change_event(kit.hass, _LEFT, note)
    for number in range(40):
        await kit.change(f"sensor.{random.choice('abc')}", str(number))
        await kit.tick(random.choice((MINUTE, SPACING, _HOUR)))
    assert changes
    assert [change for change in changes if change[0] == change[1]] == []
