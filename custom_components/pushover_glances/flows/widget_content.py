"""What a widget begins with: the preset of entities, or a copy of another widget."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from homeassistant.const import CONF_ENTITIES
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..const import DOMAIN, SUBENTRY_TYPE_WIDGET
from ..content.presets import preset_for
from ..content.settings import CONF_TIME_STAMP, CONF_URGENT_ENTITIES, settings_of
from ..content.source import EntitySource, source_of, stored_source
from ..pushover import Field

CONF_COPY: Final = "copy"
# Each entity after the first fills one more line, and a face has three lines; a group may have a few more.
MAX_ENTITIES: Final = 5

ENTITIES_FIELD: Final[Mapping[vol.Marker, Any]] = {
    vol.Optional(CONF_ENTITIES): EntitySelector(EntitySelectorConfig(multiple=True))
}


@callback
def copy_field(hass: HomeAssistant) -> dict[vol.Marker, Any]:
    """Return the choice of a widget to copy, of any account; none if there is no widget."""
    options = [
        SelectOptionDict(value=widget.subentry_id, label=f"{widget.title} ({entry.title})")
        for entry in hass.config_entries.async_entries(DOMAIN)
        for widget in entry.get_subentries_of_type(SUBENTRY_TYPE_WIDGET)
    ]
    config = SelectSelectorConfig(options=options, mode=SelectSelectorMode.DROPDOWN)
    return {vol.Optional(CONF_COPY): SelectSelector(config)} if options else {}


@callback
def copy_of(hass: HomeAssistant, subentry_id: str) -> dict[str, Any] | None:
    """Return sources and settings of a widget; `None` if it has been removed."""
    found = (entry.subentries.get(subentry_id) for entry in hass.config_entries.async_entries(DOMAIN))
    return next((content_of(widget.data) for widget in found if widget is not None), None)


def content_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return sources and settings in a widget's data, without its device."""
    return sources_of(data) | settings_of(data)


def sources_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sources in a widget's data, as they are stored."""
    return {name.value: data[name] for name in Field if name in data}


def entities_of(content: Mapping[str, Any]) -> list[str]:
    """Return the entities that fields show, each once; those of templates are not among them."""
    sources = [source_of(stored) for stored in sources_of(content).values()]
    shown = [source.entity_ids for source in sources if isinstance(source, EntitySource)]
    return list(dict.fromkeys(chain.from_iterable(shown)))


@callback
def preset_content(
    hass: HomeAssistant, entities: Sequence[str], before: Mapping[str, Any], *, is_new: bool
) -> dict[str, Any]:
    """Return sources and settings for these entities; the settings are those of before.

    Only a new widget gets the time of its updates where its preset wants it.
    """
    preset = preset_for(hass, entities)
    sources = {name.value: stored_source(source) for name, source in preset.sources.items()}
    content = refilled(before, sources, preset.urgent)
    return {**content, CONF_TIME_STAMP: preset.time_stamp} if is_new else content


def refilled(before: Mapping[str, Any], sources: Mapping[str, Any], urgent: Iterable[str]) -> dict[str, Any]:
    """Return other sources with the settings of before; what was shown and urgent is not urgent any more."""
    shown = entities_of(before)
    kept = [entity_id for entity_id in before.get(CONF_URGENT_ENTITIES, ()) if entity_id not in shown]
    settings = settings_of(before) | {CONF_URGENT_ENTITIES: list(dict.fromkeys((*kept, *urgent)))}
    return {**sources, **{key: value for key, value in settings.items() if value != []}}
