"""The flow that adds or changes an alert: its entities, its conditions and fields, and a preview."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, override

from homeassistant.config_entries import ConfigSubentry, SubentryFlowResult
from homeassistant.const import CONF_ABOVE, CONF_ATTRIBUTE, CONF_BELOW, CONF_ENTITIES, CONF_NAME
from homeassistant.util import dt as dt_util

from ..const import CONF_REPLACE, CONF_STATES, CONF_WIDGETS, HELP_URL, SUBENTRY_TYPE_ALERT
from ..content.alert_config import AlertConfig
from ..content.alert_preset import AlertPreset, adapted_preset, alert_preset, text_for
from ..content.alert_text import ATTR_SINCE, AlertContext, AlertText
from ..content.limit_units import FormLimits, form_limits, limits_of
from ..content.texts import async_text
from ..content.time_format import async_learn_time_format
from ..content.watched import Watched
from ..pushover import Field
from .alert_form import (
    alert_data,
    alert_input,
    alert_schema,
    async_active_while,
    form_errors,
    replaces_by_default,
    watched_input,
    watched_of,
    watched_schema,
)
from .alert_preview import async_alert_preview
from .alert_title import alert_title
from .conditions_selector import async_conditions_errors
from .copying import CONF_COPY, copy_field, original_of
from .subentry_flow import SubentryFlow
from .target_form import target_error
from .widget_choice import choosable_widgets, existing_widgets
from .widget_form import async_template_errors


class AlertFlow(SubentryFlow):
    """The flow of an alert."""

    @override
    def __init__(self) -> None:
        """Begin with nothing chosen."""
        super().__init__()
        self._watched = Watched()
        self._preset = AlertPreset(has_words=True, has_numbers=False, states=(), templates={})
        self._limits = FormLimits({}, {})
        # The input of the form, for a person who returns from the preview, and the data made of it.
        self._input: dict[str, Any] = {}
        self._data: dict[str, Any] = {}

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the entities to watch."""
        return await self._async_entities("user", user_input)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the entities of an existing alert."""
        if self._existing is None:
            self._existing = self._get_reconfigure_subentry()
            self._watched = Watched.from_data(self._existing.data)
        return await self._async_entities("reconfigure", user_input)

    async def async_step_alert(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask when the alert begins, what it shows, and on which widgets."""
        if (abort := self._abort_if_gone() or self._abort_if_nothing_is_watched()) is not None:
            return abort
        errors: dict[str, str] = {}
        placeholders = {"active_while": await async_active_while(self.hass, self._watched)}
        if user_input is not None and (user_input.get(CONF_ATTRIBUTE) or None) != self._watched.attribute:
            # Another attribute has other states and limits to choose from.
            user_input = await self._async_switch(user_input)
        elif user_input is not None:
            errors = form_errors(user_input, self._preset)
            errors |= await async_conditions_errors(self.hass, user_input, placeholders)
            entities = self._watched.entity_ids(self.hass)
            variables, _ = AlertText(self.hass, {}).variables(AlertContext(entities, dt_util.utcnow()))
            errors |= await async_template_errors(self.hass, user_input, placeholders, variables, entities)
            if not errors:
                self._input = self._adapted(user_input) | {CONF_NAME: self._name(user_input)}
                self._data = alert_data(self._watched, self._input, self._limits.units)
                return await self.async_step_preview()
        schema = alert_schema(
            self.hass,
            self._watched,
            self._preset,
            self._limits.unit,
            choosable_widgets(self._get_entry(), self._existing),
        )
        return self.async_show_form(
            step_id="alert",
            data_schema=self.add_suggested_values_to_schema(schema, user_input or self._suggested()),
            errors=errors,
            description_placeholders=placeholders,
            last_step=False,
        )

    async def async_step_preview(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Show how the glances look while the alert is active; offer to save it, or to change it."""
        if (abort := self._abort_if_gone() or self._abort_if_nothing_is_watched()) is not None:
            return abort
        config = AlertConfig.from_data(self._data, self._existing.subentry_id if self._existing else "")
        return self.async_show_menu(
            step_id="preview",
            menu_options=["save", "alert"],
            description_placeholders={
                "help_url": HELP_URL,
                **await async_alert_preview(self.hass, self._get_entry(), config),
            },
        )

    async def async_step_save(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Save the alert."""
        if (abort := self._abort_if_gone() or self._abort_if_nothing_is_watched()) is not None:
            return abort
        title, data = self._input[CONF_NAME], self._to_save(self._data)
        if self._existing is None:
            return self.async_create_entry(title=title, data=data)
        return self.async_update_and_abort(self._get_entry(), self._existing, data=data, title=title)

    async def _async_entities(self, step_id: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        if (abort := self._abort_if_gone()) is not None:
            return abort
        errors: dict[str, str] = {}
        if user_input is not None:
            watched = watched_of(self.hass, user_input, self._watched)
            original = original_of(self.hass, copied) if (copied := user_input.get(CONF_COPY)) else None
            is_chosen = bool(watched.keys) or watched.target is not None
            errors = target_error(user_input, is_other=bool(watched.keys))
            if copied and (is_chosen or original is None):
                errors[CONF_COPY] = "entities_and_copy" if is_chosen else "alert_removed"
            elif not copied and not is_chosen and not errors:
                errors[CONF_ENTITIES] = "no_entity"
            if not errors and original is not None:
                await self._async_copy(original)
                return await self.async_step_preview()
            if not errors:
                data = self._existing.data if self._existing else {}
                # Entities of another kind have other states and limits.
                is_alike = Watched.from_data(data).kind is watched.kind
                await self._async_learn(watched, data if is_alike else {})
                return await self.async_step_alert()
        schema = watched_schema(self.hass)
        if self._existing is None:
            schema = schema.extend(copy_field(self.hass, SUBENTRY_TYPE_ALERT))
        filled = watched_input(self.hass, self._watched) if user_input is None else user_input
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, filled),
            errors=errors,
            last_step=False,
        )

    async def _async_learn(self, watched: Watched, data: Mapping[str, Any]) -> None:
        """Prepare the form for what is watched; `data` is that of an alert which exists already."""
        self._watched = watched
        await async_learn_time_format(self.hass)
        since = await async_text(self.hass, "since", time=f"{{{{ {ATTR_SINCE} }}}}")
        self._preset = alert_preset(self.hass, watched, since, data)
        self._limits = form_limits(self.hass, watched, data)

    async def _async_switch(self, user_input: Mapping[str, Any]) -> dict[str, Any]:
        """Watch another attribute, or the state again, and return the values of the form that follows."""
        before, has_default_name = self._watched, self._name(user_input) == self._default_name(user_input)
        watched = replace(before, attribute=user_input.get(CONF_ATTRIBUTE) or None)
        await self._async_learn(watched, limits_of(user_input))
        filled = self._refilled(user_input, before)
        return {**filled, CONF_NAME: self._default_name(self._suggested())} if has_default_name else filled

    async def _async_copy(self, original: ConfigSubentry) -> None:
        """Take over another alert, for all widgets of this account."""
        self._data = {key: value for key, value in original.data.items() if key != CONF_WIDGETS}
        await self._async_learn(Watched.from_data(self._data), self._data)
        self._input = {**alert_input(self._data), **self._limits.values, CONF_NAME: original.title}

    def _abort_if_nothing_is_watched(self) -> SubentryFlowResult | None:
        """Abort the flow if all entities of the alert, or of the one that was copied, have been removed."""
        if self._watched.target is None and not self._watched.entity_ids(self.hass):
            return self.async_abort(reason="entities_removed")
        return None

    def _suggested(self) -> dict[str, Any]:
        """Return the suggested values of the form: the last input, the existing alert, or the preset."""
        if self._input:
            return self._input
        filled = self._filled()
        given = self._existing.title if self._existing is not None else None
        # A name that was made of the entities and conditions follows other ones.
        if self._existing is None or given == alert_title(self.hass, self._existing.data):
            given = self._default_name(filled)
        return {**filled, CONF_NAME: given}

    def _filled(self) -> dict[str, Any]:
        """Return the values that the form begins with, without the name."""
        if self._existing is not None:
            filled = {**alert_input(self._existing.data), **self._limits.values}
            filled[CONF_WIDGETS] = existing_widgets(self._get_entry(), self._existing.data)
            before = Watched.from_data(self._existing.data)
            if before.kind is self._watched.kind:
                return adapted_preset(self.hass, filled, before, self._watched)
            return self._refilled({**filled, CONF_ABOVE: None, CONF_BELOW: self._preset.below}, before)
        templates = {name.value: text for name, text in self._preset.templates.items()}
        return {CONF_STATES: list(self._preset.states), CONF_BELOW: self._preset.below, **templates}

    def _refilled(self, filled: Mapping[str, Any], before: Watched) -> dict[str, Any]:
        """Return a form with the states and texts that are suggested for what is watched now."""
        states = list(self._preset.states)
        # The text was made of the states of before, or is now made of other ones.
        has_states = before.target is None and before.attribute is None
        told = {CONF_STATES: filled.get(CONF_STATES, []) if has_states else states}
        return adapted_preset(self.hass, {**filled, **told}, before, self._watched) | {CONF_STATES: states}

    def _default_name(self, user_input: Mapping[str, Any]) -> str:
        return alert_title(self.hass, {**user_input, **self._watched.data()})

    def _name(self, user_input: Mapping[str, Any]) -> str:
        """Return the name in a form: what a person wrote, or a name for what was chosen."""
        given = user_input.get(CONF_NAME, "").strip()
        return self._default_name(user_input) if given in ("", self._default_name(self._suggested())) else given

    def _adapted(self, user_input: Mapping[str, Any]) -> dict[str, Any]:
        """Return the input with its text changed to the chosen states, unless a person has written another text.

        A new alert that is not urgent, or shows a number alone, leaves the other fields as they are. A person who comes
        back to the form may decide otherwise.
        """
        if self._existing is None and not self._input and not replaces_by_default(user_input):
            user_input = {**user_input, CONF_REPLACE: False}
        states, before = user_input.get(CONF_STATES, []), self._suggested().get(CONF_STATES, [])
        if user_input.get(Field.TEXT) != text_for(self.hass, self._watched, before):
            return dict(user_input)
        return {**user_input, Field.TEXT.value: text_for(self.hass, self._watched, states)}
