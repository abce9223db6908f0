"""What the flows of widgets and pages share: fields that entities or a copy fill in, and how these are shown."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import SOURCE_RECONFIGURE, SubentryFlowResult
from homeassistant.const import CONF_ENTITIES
from homeassistant.core import callback
import voluptuous as vol

from ..content.entity_key import entity_ids_of
from ..content.presets import preset_for, preset_for_target
from ..content.source import EntitySource, Source, TemplateSource, source_of, stored_source
from ..content.target import Target
from ..fetcher import async_fetch_answers
from ..pushover import Field
from .copying import CONF_COPY
from .entity_options import chosen_options, entity_names, options_of, options_schema
from .source_selector import suggested_sources
from .subentry_flow import SubentryFlow
from .target_form import CONF_KIND, SECTION_SUMMARY, summary_section, target_error, target_of
from .widget_content import ENTITIES_FIELD, MAX_ENTITIES, entities_of, preset_content, sources_of, target_of_content


class ContentFlow(SubentryFlow):
    """A flow that fills fields."""

    @override
    def __init__(self) -> None:
        """Begin with nothing chosen."""
        super().__init__()
        # The sources and settings that would be saved now; a setting that is not among them has its default.
        self._content: dict[str, Any] = {}
        # The entities that the content was made of, or shows, or the target that they are of.
        self._entities: list[str] = []
        self._shown_target: Target | None = None

    @property
    @abstractmethod
    def _names(self) -> dict[str, str]:
        """Return what the steps are about, as a placeholder."""

    @property
    def _first_step(self) -> str:
        return "reconfigure" if self.source == SOURCE_RECONFIGURE else "user"

    @abstractmethod
    def _copy_of(self, subentry_id: str) -> dict[str, Any] | None:
        """Return the content of a subentry to copy; `None` if it has been removed."""

    @abstractmethod
    async def async_step_fields(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the fields."""

    @abstractmethod
    async def async_step_preview(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Show what would be sent."""

    async def async_step_entities(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask how the entities of the fields are shown, if there are any."""
        if (abort := self._abort_if_gone()) is not None:
            return abort
        if not (sources := self._entity_sources()):
            return await self.async_step_preview()
        errors: dict[str, str] = {}
        if user_input is not None:
            chosen, errors = chosen_options(self.hass, sources, user_input)
            if not errors:
                return await self._async_take_options(sources, chosen)
        filled = user_input or {name.value: options_of(source) for name, source in sources.items()}
        return self.async_show_form(
            step_id="entities",
            data_schema=self.add_suggested_values_to_schema(options_schema(self.hass, sources, errors), filled),
            errors=errors,
            description_placeholders={**self._names, **entity_names(self.hass, sources)},
            last_step=False,
        )

    @callback
    def _show_fields(
        self,
        schema: dict[vol.Marker, Any],
        filled: Mapping[str, Any],
        errors: dict[str, str],
        placeholders: dict[str, str],
    ) -> SubentryFlowResult:
        """Show the form of the fields, with what is filled in."""
        suggested = {**filled, **suggested_sources(filled)}
        return self.async_show_form(
            step_id="fields",
            data_schema=self.add_suggested_values_to_schema(vol.Schema(schema), suggested),
            errors=errors,
            description_placeholders=placeholders,
            last_step=False,
        )

    async def _async_choose(self, user_input: Mapping[str, Any], *, is_new: bool = False) -> dict[str, str]:
        """Take over the entities or the copy to begin with, and return the errors; what is unchanged changes nothing.

        A new widget may get the time of its updates.
        """
        # The selector also accepts ids of registry entries.
        entities = list(dict.fromkeys(entity_ids_of(self.hass, user_input.get(CONF_ENTITIES, ()))))
        is_other = bool(entities) and entities != self._entities
        if is_other and len(entities) > MAX_ENTITIES:
            return {CONF_ENTITIES: "too_many_entities"}
        summary = user_input.get(SECTION_SUMMARY, {})
        target = target_of(summary)
        if errors := target_error(summary, is_other=is_other):
            return {SECTION_SUMMARY: errors[CONF_KIND]}
        is_other_target = target is not None and target != self._shown_target
        if copied := user_input.get(CONF_COPY):
            content = self._copy_of(copied)
            if is_other or is_other_target or content is None:
                return {CONF_COPY: "copy_removed" if content is None else "entities_and_copy"}
            self._take(content)
        elif target is not None and is_other_target:
            self._take(preset_content(preset_for_target(self.hass, target), self._content, is_new=is_new))
        elif is_other:
            content = preset_content(preset_for(self.hass, entities), self._content, is_new=is_new)
            # Which fields are filled may depend on what a forecast has.
            sources = {Field(name): source_of(stored) for name, stored in sources_of(content).items()}
            await async_fetch_answers(self.hass, sources)
            self._content = preset_content(preset_for(self.hass, entities), self._content, is_new=is_new)
            self._entities, self._shown_target = entities, None
        return {}

    @callback
    def _is_emptied(self, user_input: Mapping[str, Any]) -> bool:
        """Return whether a person emptied what was chosen, to fill in every field by hand."""
        chosen = {**user_input, **user_input.get(SECTION_SUMMARY, {})}
        was_chosen = bool(self._entities or self._shown_target)
        return was_chosen and not any(chosen.get(key) for key in (CONF_ENTITIES, CONF_KIND, CONF_COPY))

    @callback
    def _begin_fields(self, errors: Mapping[str, str]) -> dict[vol.Marker, Any]:
        """Return the fields of a form for what fills in all fields: entities, or else a summary."""
        is_open = self._shown_target is not None or SECTION_SUMMARY in errors
        return {**ENTITIES_FIELD, **summary_section(collapsed=not is_open)}

    @property
    def _begun_with(self) -> dict[str, Any]:
        """Return what the fields were filled in from, as the form has it."""
        summary = {} if self._shown_target is None else self._shown_target.stored()
        return {CONF_ENTITIES: self._entities, SECTION_SUMMARY: summary}

    @callback
    def _take(self, content: dict[str, Any]) -> None:
        self._content = content
        self._entities, self._shown_target = entities_of(content), target_of_content(content)

    @callback
    def _entity_sources(self) -> dict[Field, EntitySource]:
        """Return the entities of the fields, and that of a percent that a range would make of the count's number."""
        sources = {name: source_of(stored) for name, stored in sources_of(self._content).items()}
        found = {name: source for name in Field if isinstance(source := sources.get(name), EntitySource)}
        count = found.get(Field.COUNT)
        if count is not None and count.detail is None and Field.PERCENT not in sources:
            found[Field.PERCENT] = EntitySource(entity_id=count.entity_id, attribute=count.attribute)
        return found

    async def _async_take_options(
        self, before: Mapping[Field, Source], chosen: Mapping[Field, Source]
    ) -> SubentryFlowResult:
        """Take over how the entities of the fields are shown; one that is a template now can be edited as such.

        A percent that was not chosen needs a range.
        """
        self._content |= {
            name.value: stored_source(source)
            for name, source in chosen.items()
            if name in self._content or source != before[name]
        }
        if any(isinstance(source, TemplateSource) for source in chosen.values()):
            return await self.async_step_fields()
        return await self.async_step_preview()
