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
    areas = [ar.async_get(hass).async_get_area(name) for name in target.area_id]
    floors = [fr.async_get(hass).async_get_floor(name) for name in target.floor_id]
    labels = [lr.async_get(hass).async_get_label(name) for name in target.label_id]
    return [place.name for place in (*areas, *floors, *labels) if place is not None]
