"""What the binary sensor of an alert tells besides being on."""

from typing import Any

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import Event
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_capture_events

from .kit import DOOR, MINUTE, GlancesKit, alert
from .test_alerts import ACTIVE, load
from .test_dismissing import press

OTHER = "cover.gate"
_ATTRIBUTES = ("entities", "since", "dismissed")


def told(kit: GlancesKit) -> tuple[Any, ...]:
    """Return the state of the binary sensor, and its attributes."""
    found = kit.hass.states.get(ACTIVE)
    assert found is not None
    return (found.state, *[found.attributes.get(name) for name in _ATTRIBUTES])


def changes(events: list[Event[Any]]) -> int:
    """Return how often the binary sensor was written."""
    return len([event for event in events if event.data["entity_id"] == ACTIVE])


async def test_attributes(kit: GlancesKit) -> None:
    """Which entities, since when, and whether it has been dismissed; nothing of it while it is off."""
    await load(kit, alert(DOOR, OTHER))
    assert told(kit) == (STATE_OFF, None, None, None)
    begun = dt_util.utcnow()
    await kit.change(OTHER, "open")
    assert told(kit) == (STATE_ON, [OTHER], begun, False)
    await kit.tick(MINUTE)
    await kit.change(DOOR, "open")
    assert told(kit) == (STATE_ON, [OTHER, DOOR], begun, False)
    await press(kit)
    assert told(kit) == (STATE_ON, [OTHER, DOOR], begun, True)
    await kit.tick(MINUTE)
    later = dt_util.utcnow()
    await kit.change(OTHER, "closed")
    await kit.change(OTHER, "open")
    await kit.tick(MINUTE)
    assert told(kit)[0] == STATE_ON
    assert told(kit)[3] is False
    await kit.change(DOOR, "closed")
    await kit.tick(MINUTE)
    assert told(kit)[1] == [OTHER]
    assert told(kit)[2] > later
    await kit.change(OTHER, "closed")
    assert told(kit) == (STATE_OFF, None, None, None)


async def test_entities_that_swing(kit: GlancesKit) -> None:
    """The attributes change at most once a minute, and show the last state afterwards; the end of an alert shows at once."""
    await load(kit, alert(DOOR, OTHER))
    await kit.change(DOOR, "open")
    events = async_capture_events(kit.hass, "state_changed")
    for _ in range(10):
        await kit.state(OTHER, "open")
        await kit.state(OTHER, "closed")
        await kit.tick(6)
    await kit.state(OTHER, "open")
    await kit.tick(MINUTE)
    await kit.tick(1)
    assert changes(events) <= 3
    assert told(kit)[1] == [DOOR, OTHER]
    await kit.state(OTHER, "closed")
    await kit.state(DOOR, "closed")
    assert told(kit)[0] == STATE_OFF


async def test_removed_entity(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """It is named by its last id while it keeps the alert active."""
    found = entity_registry.async_get_or_create("cover", "test", "door", suggested_object_id="garage_door")
    await load(kit, alert(found.id))
    await kit.change(DOOR, "open")
    entity_registry.async_remove(DOOR)
    kit.hass.states.async_remove(DOOR)
    await kit.settle()
    await kit.tick(MINUTE)
    assert told(kit)[:2] == (STATE_ON, [DOOR])
