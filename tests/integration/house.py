"""A house for the tests of targets: entities that are registered, in areas, on floors and with labels."""

from typing import Any

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
from homeassistant.setup import async_setup_component

from .kit import ROUNDING, SETTLE, GlancesKit

KITCHEN, BEDROOM, GARAGE = "kitchen", "bedroom", "garage"
GROUND = "ground_floor"
RAIN = "when_it_rains"
KITCHEN_WINDOW, BEDROOM_WINDOW = "binary_sensor.kitchen_window", "binary_sensor.bedroom_window"


def furnish(hass: HomeAssistant) -> None:
    """Add a ground floor with a kitchen and a garage, a bedroom on no floor, and a label."""
    ground = fr.async_get(hass).async_create("Ground floor")
    for name, floor in (("Kitchen", ground.floor_id), ("Garage", ground.floor_id), ("Bedroom", None)):
        ar.async_get(hass).async_create(name, floor_id=floor)
    lr.async_get(hass).async_create("When it rains")


async def move_in(kit: GlancesKit) -> None:
    """Have the house with two windows, and words for the states of all kinds."""
    for domain in ("binary_sensor", "cover", "light", "lock", "person", "sensor"):
        assert await async_setup_component(kit.hass, domain, {})
    furnish(kit.hass)
    await live(kit, KITCHEN_WINDOW, "off", "window", area=KITCHEN)
    await live(kit, BEDROOM_WINDOW, "off", "window", area=BEDROOM)


async def live(
    kit: GlancesKit,
    entity_id: str,
    state: str,
    device_class: str | None = None,
    *,
    area: str | None = None,
    labels: tuple[str, ...] = (),
    device: dr.DeviceEntry | None = None,
    category: EntityCategory | None = None,
    members: tuple[str, ...] = (),
    **attributes: Any,
) -> er.RegistryEntry:
    """Register an entity, put it into its place, and set its state."""
    domain, name = entity_id.split(".")
    registry = er.async_get(kit.hass)
    registry.async_get_or_create(
        domain,
        "test",
        entity_id,
        suggested_object_id=name,
        original_device_class=device_class,
        entity_category=category,
        device_id=None if device is None else device.id,
        config_entry=None,
    )
    entry = registry.async_update_entity(entity_id, area_id=area, labels={*labels})
    shown = {"friendly_name": name.replace("_", " ").capitalize(), **attributes}
    if device_class is not None:
        shown["device_class"] = device_class
    if members:
        shown["entity_id"] = [*members]
    kit.hass.states.async_set(entity_id, state, shown)
    await kit.settle()
    return entry


async def again(kit: GlancesKit, entity_id: str, state: str, **attributes: Any) -> None:
    """Change a state and some attributes, and wait until the widgets have taken note of it."""
    known = kit.hass.states.get(entity_id)
    assert known is not None
    kit.hass.states.async_set(entity_id, state, {**known.attributes, **attributes})
    await kit.settle()
    await kit.tick(SETTLE + ROUNDING)
