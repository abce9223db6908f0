"""What a target is called: the kind of its entities, and where they are."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import area_registry as ar, floor_registry as fr, label_registry as lr
from homeassistant.helpers.translation import async_get_cached_translations

from ..const import DOMAIN
from .target import Target


@callback
def target_name(hass: HomeAssistant, target: Target) -> str:
    """Return a name such as "Doors and windows: Ground floor"."""
    texts = async_get_cached_translations(hass, hass.config.language, "selector", DOMAIN)
    kind = texts.get(f"component.{DOMAIN}.selector.kind.options.{target.kind}", target.kind)
    places = ", ".join(place_names(hass, target))
    return f"{kind}: {places}" if places else kind


@callback
def place_names(hass: HomeAssistant, target: Target) -> list[str]:
    """Return the names of the areas, floors and labels of a target, as far as they exist."""
    return [name for name in _names(hass, target).values() if name is not None]


@callback
def missing_places(hass: HomeAssistant, *targets: Target) -> frozenset[str]:
    """Return the ids of the areas, floors and labels of targets that have been removed."""
    names = [item for target in targets for item in _names(hass, target).items()]
    return frozenset([place for place, name in names if name is None])


@callback
def _names(hass: HomeAssistant, target: Target) -> dict[str, str | None]:
    """Return the name of each area, floor and label by its id; `None` if it does not exist."""
    areas = {key: ar.async_get(hass).async_get_area(key) for key in target.area_id}
    floors = {key: fr.async_get(hass).async_get_floor(key) for key in target.floor_id}
    labels = {key: lr.async_get(hass).async_get_label(key) for key in target.label_id}
    places = [*areas.items(), *floors.items(), *labels.items()]
    return {key: None if place is None else place.name for key, place in places}
