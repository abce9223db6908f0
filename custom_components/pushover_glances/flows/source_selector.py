"""The choice of the source of a field in the form of a widget or a page: an entity, a text or a template."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    ChooseSelector,
    ChooseSelectorChoiceConfig,
    ChooseSelectorConfig,
    EntitySelector,
    EntitySelectorConfig,
    SelectSelector,
    TemplateSelector,
    TextSelector,
)
import voluptuous as vol

from ..content.details import details_for
from ..content.entity_key import entity_ids_of
from ..content.rendering import existing
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
    targets_of,
)
from ..content.target import Target
from ..content.target_details import target_details
from ..pushover import Field
from .target_form import KIND_SELECTOR

# All entities of a kind, which are stored as an entity with a target.
_SUMMARY: Final = "summary"
_SELECTORS: Final[dict[str, EntitySelector | TextSelector | TemplateSelector | SelectSelector]] = {
    KIND_ENTITY: EntitySelector(),
    KIND_TEXT: TextSelector(),
    KIND_TEMPLATE: TemplateSelector(),
    _SUMMARY: KIND_SELECTOR,
}
_ENTITIES: Final = EntitySelector(EntitySelectorConfig(multiple=True))


class SourceSelector(ChooseSelector):
    """A selector that returns the chosen source as it is stored, or "" for none."""

    def __init__(self, first: str, *, several: bool = False) -> None:
        """Set the choices, of several entities or of one; the frontend shows a suggested value in the first choice."""
        self._selectors = _SELECTORS | ({KIND_ENTITY: _ENTITIES} if several else {})
        kinds = dict.fromkeys((first, *self._selectors))
        choices = {kind: ChooseSelectorChoiceConfig(selector=self._selectors[kind]) for kind in kinds}
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
        value = self._selectors[kind](value)
        if kind == KIND_TEMPLATE:
            return str(value)
        if kind == _SUMMARY:
            return stored_source(EntitySource(target=Target(str(value))))
        return {kind: {"entity_id": value} if kind == KIND_ENTITY else value}


def sources_schema(filled: Mapping[str, Any]) -> dict[vol.Marker, Any]:
    """Return the choices of all fields; the first choice is the one that is filled in, or that fits most often."""
    return {vol.Optional(field.value): _selector(field, filled.get(field.value)) for field in Field}


def _selector(field: Field, stored: StoredSource | None) -> SourceSelector:
    source = source_of(stored) if stored else None
    several = isinstance(source, EntitySource) and len(source.entity_ids) > 1
    return SourceSelector(_first(field, stored), several=several)


def _first(field: Field, stored: StoredSource | None) -> str:
    if stored:
        return _SUMMARY if targets_of([source_of(stored)]) else kind_of(stored)
    return KIND_TEXT if field is Field.TITLE else KIND_ENTITY


def suggested_sources(filled: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Return the sources of a form as suggested values of its choices."""
    return {field.value: _suggested(source_of(stored)) for field in Field if (stored := filled.get(field.value))}


def _suggested(source: Source) -> str | list[str]:
    if isinstance(source, EntitySource) and source.target is not None:
        return source.target.kind
    if isinstance(source, EntitySource):
        return source.entity_id if isinstance(source.entity_id, str) else list(source.entity_id)
    return source.text if isinstance(source, TextSource) else source.template


@callback
def chosen_sources(
    hass: HomeAssistant, user_input: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, StoredSource]:
    """Return the sources of a filled-in form without empty ones.

    An entity that was there `before` keeps its options, and so does one that takes the place of an entity that is gone.
    """
    found = {
        field.value: _chosen(hass, field, user_input.get(field.value, ""), before.get(field.value)) for field in Field
    }
    for name, source in found.items():
        if isinstance(source, EntitySource) and source.target is not None:
            found[name] = _summary(Field(name), source.target, before)
    return {name: stored_source(source) for name, source in found.items() if source is not None}


@callback
def _chosen(hass: HomeAssistant, name: Field, stored: StoredSource, before: StoredSource | None) -> Source | None:
    source = source_of(stored)
    if isinstance(source, TextSource):
        return TextSource(source.text.strip()) if source.text.strip() else None
    if isinstance(source, TemplateSource):
        return TemplateSource(source.template.strip()) if source.template.strip() else None
    if source.target is not None:
        return source
    # The selector also accepts the id of a registry entry.
    if not (entity_ids := entity_ids_of(hass, source.entity_ids)):
        return None
    chosen = EntitySource(entity_id=entity_ids[0] if len(entity_ids) == 1 else tuple(entity_ids))
    known = source_of(before) if before else None
    if not isinstance(known, EntitySource) or not _stays(hass, known, chosen):
        return chosen
    changed = replace(known, entity_id=chosen.entity_id)
    # The other entity may be of another kind.
    is_kept = changed.entity_id == known.entity_id or known.detail in details_for(hass, name, changed)
    return changed if is_kept else replace(changed, detail=None)


def _summary(name: Field, target: Target, before: Mapping[str, Any]) -> EntitySource:
    """Return a chosen summary with the places and the detail of before; a new one is of the places of other fields."""
    sources = {key: source_of(stored) for key in Field if (stored := before.get(key.value))}
    known = sources.get(name)
    targets = targets_of([*([known] if known is not None else []), *sources.values()])
    places = targets[0] if targets else target
    kept = known.detail if isinstance(known, EntitySource) and known.target is not None else None
    return EntitySource(target=replace(places, kind=target.kind), detail=kept or target_details(name)[0])


@callback
def _stays(hass: HomeAssistant, known: EntitySource, chosen: EntitySource) -> bool:
    """Return whether a choice of entities keeps the options of the one before.

    It has one of its entities, or takes the place of one that is gone, such as one that has been renamed.
    """
    return not {*known.entity_ids}.isdisjoint(chosen.entity_ids) or not existing(hass, known.entity_ids)
