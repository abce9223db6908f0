"""The flow that adds or changes a widget: what it begins with, a preview, its fields, how their entities are shown."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import SOURCE_RECONFIGURE, SubentryFlowResult
from homeassistant.const import CONF_DEVICE
from homeassistant.core import callback
import voluptuous as vol

from ..const import ALL_DEVICES, HELP_URL, SUBENTRY_TYPE_WIDGET
from ..content.alert_config import alerts_of
from ..content.page_config import pages_of
from ..content.settings import CONF_URGENT_ENTITIES, default_settings, settings_data, settings_of, shown_settings
from ..content.texts import plain
from ..content.widget_config import WidgetConfig
from .copying import copy_field
from .source_selector import chosen_sources
from .widget_content import content_of, copy_of, refilled, sources_of
from .widget_device import WidgetDeviceFlow
from .widget_form import async_fields_errors, fields_schema
from .widget_preview import async_goes, async_picture, async_preview
from .widget_settings import SECTION_DELIVERY


class WidgetFlow(WidgetDeviceFlow):
    """The flow of a widget."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the device and what to begin with; offer to edit the widget that the device may already have."""
        self._existing = None
        if (abort := self._abort_if_gone() or await self._async_learn_devices()) is not None:
            return abort
        if user_input is None:
            return self._show_begin({}, None)
        self._device = user_input[CONF_DEVICE]
        conflicting = self._conflicting_widget()
        # Nothing is taken over of a form that is shown again.
        device_errors = {} if conflicting else self._all_devices_errors()
        is_emptied = self._is_emptied(user_input)
        if errors := device_errors or await self._async_choose(user_input, is_new=self.source != SOURCE_RECONFIGURE):
            return self._show_begin(errors, user_input)
        self._existing = conflicting
        if conflicting is not None:
            return await self.async_step_exists()
        return await (self.async_step_fields() if is_emptied else self._async_show_content())

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the device of a widget, and for other entities to begin with again."""
        if (abort := self._abort_if_gone() or await self._async_learn_devices()) is not None:
            return abort
        if self._existing is None:
            self._existing = self._get_reconfigure_subentry()
            self._device = self._existing_data[CONF_DEVICE] or ALL_DEVICES
            self._take(content_of(self._existing_data))
        if user_input is None:
            return self._show_begin({}, None)
        self._device = user_input[CONF_DEVICE]
        if errors := self._device_errors() or await self._async_choose(
            user_input, is_new=self.source != SOURCE_RECONFIGURE
        ):
            return self._show_begin(errors, user_input)
        return await self._async_show_content()

    async def async_step_exists(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Offer to edit the widget that the device already has, or to fill it with what was chosen."""
        if (abort := self._abort_if_gone()) is not None:
            return abort
        return self.async_show_menu(
            step_id="exists",
            menu_options=[*(["replace"] if sources_of(self._content) else []), "keep", "user"],
            description_placeholders={"widget": plain(self._title())},
        )

    async def async_step_keep(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Go on with the widget that the device already has, as it is."""
        if (abort := self._abort_if_gone()) is not None:
            return abort
        self._take(content_of(self._existing_data))
        return await self._async_show_content()

    async def async_step_replace(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Go on with the widget that the device already has, filled with what was chosen."""
        if (abort := self._abort_if_gone()) is not None:
            return abort
        urgent = self._content.get(CONF_URGENT_ENTITIES, ())
        self._content = refilled(self._existing_data, sources_of(self._content), urgent)
        return await self._async_show_content()

    @override
    async def async_step_fields(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the sources and the settings."""
        errors: dict[str, str] = {}
        placeholders = self._names
        if user_input is not None:
            errors = await async_fields_errors(self.hass, user_input, placeholders)
        if (abort := self._abort_if_gone()) is not None:
            return abort
        content = self._content if user_input is None else self._content_from(user_input, errors)
        if user_input is not None and not errors:
            self._take(content)
            return await self.async_step_entities()
        filled = user_input or {**sources_of(content), SECTION_DELIVERY: shown_settings(content)}
        placeholders["picture"] = await async_picture(self.hass, self._get_entry(), self._config(content))
        return self._show_fields(fields_schema(filled, errors), filled, errors, placeholders)

    @override
    async def async_step_preview(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Show what would be sent now; offer to save it, or to change it."""
        if (abort := self._abort_if_gone()) is not None:
            return abort
        return self.async_show_menu(
            step_id="preview",
            menu_options=["save", "fields", *(["entities"] if self._entity_sources() else []), self._first_step],
            description_placeholders={
                "device": self._title(),
                "help_url": HELP_URL,
                **await async_preview(self.hass, self._get_entry(), self._config(self._content)),
            },
        )

    async def async_step_save(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Save the widget, and say again when it is sent."""
        if (abort := self._abort_if_gone()) is not None:
            return abort
        goes = await async_goes(self.hass, self._get_entry(), self._config(self._content))
        # Another flow may have taken the device, or the account may have gone, since the device was chosen.
        if (abort := self._abort_if_gone()) is not None:
            return abort
        if errors := self._device_errors():
            return self._show_begin(errors, None)
        said = {"goes": goes, "help_url": HELP_URL}
        title, data = self._title(), self._to_save(self._data(self._content))
        if self._existing is None:
            return self.async_create_entry(
                title=title, data=data, unique_id=self._device, description_placeholders=said
            )
        self.hass.config_entries.async_update_subentry(
            self._get_entry(), self._existing, data=data, title=title, unique_id=data[CONF_DEVICE] or ALL_DEVICES
        )
        return self.async_abort(reason="reconfigure_successful", description_placeholders=said)

    @property
    def _existing_data(self) -> Mapping[str, Any]:
        return {} if self._existing is None else self._existing.data

    @property
    @override
    def _names(self) -> dict[str, str]:
        return {"device": self._title()}

    @override
    def _copy_of(self, subentry_id: str) -> dict[str, Any] | None:
        return copy_of(self.hass, subentry_id)

    async def _async_show_content(self) -> SubentryFlowResult:
        """Go on to the preview, or to the fields if none has a source."""
        return await (self.async_step_preview() if sources_of(self._content) else self.async_step_fields())

    @callback
    def _show_begin(self, errors: dict[str, str], user_input: dict[str, Any] | None) -> SubentryFlowResult:
        """Show the form with the device and what to begin with."""
        copies = {} if self.source == SOURCE_RECONFIGURE else copy_field(self.hass, SUBENTRY_TYPE_WIDGET)
        schema = vol.Schema({**self._device_field(), **self._begin_fields(errors), **copies})
        return self.async_show_form(
            step_id=self._first_step,
            data_schema=self.add_suggested_values_to_schema(schema, user_input or self._begun_with),
            errors=errors,
            description_placeholders={"device": plain(self._title())} if self.source == SOURCE_RECONFIGURE else None,
            last_step=False,
        )

    @callback
    def _content_from(self, user_input: Mapping[str, Any], errors: Mapping[str, str]) -> dict[str, Any]:
        """Return the content of a filled-in form; fields with errors have no source, settings with one stay."""
        valid = {name: source for name, source in user_input.items() if name not in errors}
        sources = chosen_sources(self.hass, valid, self._content)
        if SECTION_DELIVERY in errors:
            return {**sources, **settings_of(self._content)}
        return {**sources, **settings_data(self.hass, user_input[SECTION_DELIVERY])}

    @callback
    def _data(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {CONF_DEVICE: self._target(), **default_settings(), **content}

    @callback
    def _config(self, content: Mapping[str, Any]) -> WidgetConfig:
        """Return the widget as it would be saved with this content."""
        subentry = self._existing.subentry_id if self._existing is not None else ""
        entry = self._get_entry()
        return WidgetConfig.from_data(self._data(content), alerts_of(entry), subentry, self._title(), pages_of(entry))
