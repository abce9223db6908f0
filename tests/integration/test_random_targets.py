"""Whatever happens to entities and their places, an alert and a summary have those that are of their target now."""

from random import Random
from typing import Any

from homeassistant.helpers import area_registry as ar, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest

from tests.examples import seeds

from .house import BEDROOM, GARAGE, GROUND, KITCHEN, RAIN, again, furnish, live
from .kit import SPACING, GlancesKit, widget
from .test_entities import state
from .test_targets import ALERT, active, of

_WINDOWS = tuple(f"binary_sensor.window_{name}" for name in "abcd")
_PLACES = {"floor_id": [GROUND], "label_id": [RAIN]}
_STEPS = 40


def _change_entry(random: Random, kit: GlancesKit, entity_id: str) -> None:
    """Move an entity, label it, hide it, or say what it is, as a person does in its settings."""
    hidden, wrong = er.RegistryEntryHider.USER, "motion"
    changes: list[dict[str, Any]] = [
        {"area_id": random.choice((None, KITCHEN, BEDROOM, GARAGE))},
        {"labels": random.choice((set(), {RAIN}))},
        {"hidden_by": random.choice((None, None, hidden))},
        {"device_class": random.choice((None, None, wrong))},
    ]
    er.async_get(kit.hass).async_update_entity(entity_id, **random.choice(changes))


def _members(kit: GlancesKit) -> set[str]:
    """Return which windows are of the target, told from the registries alone."""
    areas, found = ar.async_get(kit.hass), set()
    for entity_id in _WINDOWS:
        entry = er.async_get(kit.hass).async_get(entity_id)
        assert entry is not None
        area = areas.async_get_area(entry.area_id or "")
        is_there = RAIN in entry.labels or (area is not None and area.floor_id == GROUND)
        if is_there and entry.hidden_by is None and entry.device_class is None:
            found.add(entity_id)
    return found


@pytest.mark.parametrize("seed", seeds(4))
async def test_random(kit: GlancesKit, seed: int) -> None:
    """The alert is active because of exactly these entities, and the summary counts them, after every step."""
    random = Random(seed)  # noqa: S311  # no secret
    assert await async_setup_component(kit.hass, "binary_sensor", {})
    furnish(kit.hass)
    for entity_id in _WINDOWS:
        await live(kit, entity_id, "off", "window", labels=(RAIN,))
    source = {"entity": {"detail": "how_many", "target": {"kind": "openings", **_PLACES}}}
    entry = await kit.load(widget(count=source, daily_limit=0), of("openings", **_PLACES))
    for _ in range(_STEPS):
        entity_id = random.choice(_WINDOWS)
        match random.randrange(8):
            case 0:
                floor = random.choice((None, GROUND))
                ar.async_get(kit.hass).async_update(random.choice((KITCHEN, BEDROOM)), floor_id=floor)
            case 1:
                await kit.hass.config_entries.async_reload(entry.entry_id)
            case 2 | 3 | 4:
                await again(kit, entity_id, random.choice(("on", "on", "off")))
            case _:
                _change_entry(random, kit, entity_id)
        await kit.settle()
        await kit.tick(SPACING)
        members = _members(kit)
        expected = {item for item in members if state(kit, item) == "on"}
        assert ({*active(kit)}, state(kit, ALERT)) == (expected, "on" if expected else "off")
        # A target without an entity has no value, and keeps the last one for a while.
        if members:
            assert kit.emulator.glances[-1]["count"] == str(len(expected))
