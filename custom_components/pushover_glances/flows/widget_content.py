"""What a widget begins with: the preset of entities, or a copy of another widget."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, Final

from homeassistant.const import CONF_ENTITIES
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import EntitySelector, EntitySelectorConfig
import voluptuous as vol

from ..content.presets import Preset
from ..content.settings import CONF_TIME_STAMP, CONF_URGENT_ENTITIES, settings_of
from ..content.source import EntitySource, source_of, stored_source, targets_of
from ..content.target import Target
from ..pushover import Field
from .copying import original_of

# Each entity after the first fills one more line, and a face has three lines; a group may have a few more.
MAX_ENTITIES: Final = 5

ENTITIES_FIELD: Final[Mapping[vol.Marker, Any]] = {
    vol.Optional(CONF_ENTITIES): EntitySelector(EntitySelectorConfig(multiple=True))
}


@callback
def copy_of(hass: HomeAssistant, subentry_id: str) -> dict[str, Any] | None:
    """Return sources and settings of a widget; `None` if it has been removed."""
    original = original_of(hass, subentry_id)
    return None if original is None else content_of(original.data)


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


def target_of_content(content: Mapping[str, Any]) -> Target | None:
    """Return the target whose entities the fields show, if that is the same for all fields that show one."""
    targets = targets_of(source_of(stored) for stored in sources_of(content).values())
    return targets[0] if len(targets) == 1 else None


def preset_content(preset: Preset, before: Mapping[str, Any], *, is_new: bool) -> dict[str, Any]:
    """Return the sources and settings of a preset; the other settings are those of before.

    Only a new widget gets the time of its updates where its preset wants it.
    """
    sources = {name.value: stored_source(source) for name, source in preset.sources.items()}
    content = refilled(before, sources, preset.urgent)
    return {**content, CONF_TIME_STAMP: preset.time_stamp} if is_new else content


def refilled(before: Mapping[str, Any], sources: Mapping[str, Any], urgent: Iterable[str]) -> dict[str, Any]:
    """Return other sources with the settings of before; what was shown and urgent is not urgent any more."""
    shown = entities_of(before)
    kept = [entity_id for entity_id in before.get(CONF_URGENT_ENTITIES, ()) if entity_id not in shown]
    settings = settings_of(before) | {CONF_URGENT_ENTITIES: list(dict.fromkeys((*kept, *urgent)))}
    return {**sources, **{key: value for key, value in settings.items() if value != []}}
