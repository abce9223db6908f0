"""The choice of the source of a field in the form of a widget: an entity, a text or a template."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    ChooseSelector,
    ChooseSelectorChoiceConfig,
    ChooseSelectorConfig,
    EntitySelector,
    TemplateSelector,
    TextSelector,
)
import voluptuous as vol

from ..content.entity_key import entity_id_of
from ..content.source import (
    KIND_ENTITY,
    KIND_TEMPLATE,
    KIND_TEXT,
    EntitySource,
    Source,
    StoredSource,
    TemplateSource,
    TextSource,
    kind_of,
    source_of,
    stored_source,
)
from ..pushover import Field

_SELECTORS: Final[Mapping[str, EntitySelector | TextSelector | TemplateSelector]] = {
    KIND_ENTITY: EntitySelector(),
    KIND_TEXT: TextSelector(),
    KIND_TEMPLATE: TemplateSelector(),
}


class SourceSelector(ChooseSelector):
    """A selector that returns the chosen source as it is stored, or "" for none."""

    def __init__(self, first: str) -> None:
        """Set the choices; the frontend shows a suggested value in the first one."""
        kinds = dict.fromkeys((first, *_SELECTORS))
        choices = {kind: ChooseSelectorChoiceConfig(selector=_SELECTORS[kind]) for kind in kinds}
        super().__init__(ChooseSelectorConfig(choices=choices, translation_key="source"))

    @override
    def __call__(self, data: Any) -> StoredSource:
        """Validate the choice; a text without a choice is a template, as it is stored."""
        chosen = data if isinstance(data, dict) else {"active_choice": KIND_TEMPLATE, KIND_TEMPLATE: data}
        kind = chosen.get("active_choice")
        if not isinstance(kind, str) or kind not in _SELECTORS:
            raise vol.Invalid("Invalid choice")
        if not (value := chosen.get(kind)):
            return ""
        value = _SELECTORS[kind](value)
        if kind == KIND_TEMPLATE:
            return str(value)
        return {kind: {"entity_id": value} if kind == KIND_ENTITY else value}


def sources_schema(filled: Mapping[str, Any]) -> dict[vol.Marker, Any]:
    """Return the choices of all fields; the first choice is the one that is filled in, or that fits most often."""
    return {vol.Optional(field.value): SourceSelector(_first(field, filled.get(field.value))) for field in Field}


def _first(field: Field, stored: StoredSource | None) -> str:
    if stored:
        return kind_of(stored)
    return KIND_TEXT if field is Field.TITLE else KIND_ENTITY


def suggested_sources(filled: Mapping[str, Any]) -> dict[str, str]:
    """Return the sources of a form as suggested values of its choices."""
    return {field.value: _suggested(source_of(stored)) for field in Field if (stored := filled.get(field.value))}


def _suggested(source: Source) -> str:
    if isinstance(source, EntitySource):
        return source.entity_id
    return source.text if isinstance(source, TextSource) else source.template


@callback
def chosen_sources(
    hass: HomeAssistant, user_input: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, StoredSource]:
    """Return the sources of a filled-in form without empty ones.

    An entity that was there `before` keeps its options, and so does one that takes the place of an entity that is gone.
    """
    found = {field.value: _chosen(hass, user_input.get(field.value, ""), before.get(field.value)) for field in Field}
    return {name: stored_source(source) for name, source in found.items() if source is not None}


@callback
def _chosen(hass: HomeAssistant, stored: StoredSource, before: StoredSource | None) -> Source | None:
    source = source_of(stored)
    if isinstance(source, TextSource):
        return TextSource(source.text.strip()) if source.text.strip() else None
    if isinstance(source, TemplateSource):
        return TemplateSource(source.template.strip()) if source.template.strip() else None
    # The selector also accepts the id of a registry entry.
    if (entity_id := entity_id_of(hass, source.entity_id)) is None:
        return None
    known = source_of(before) if before else None
    if not isinstance(known, EntitySource) or (known.entity_id != entity_id and hass.states.get(known.entity_id)):
        return EntitySource(entity_id=entity_id)
    # One that is gone has been renamed, or the other one takes its place.
    return replace(known, entity_id=entity_id)
