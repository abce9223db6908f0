"""The flow that adds or changes a widget: its device, its fields, how their entities are shown, and a preview."""

import asyncio
from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
    UnknownEntry,
)
from homeassistant.const import CONF_DEVICE, CONF_ENTITY_ID
from homeassistant.helpers.selector import BooleanSelector, EntitySelector
import voluptuous as vol

from ..api import async_validate_user
from ..const import ALL_DEVICES, HELP_URL, SUBENTRY_TYPE_WIDGET
from ..content.alert_config import alerts_of
from ..content.entity_key import entity_id_of
from ..content.presets import Preset, preset_for
from ..content.settings import CONF_URGENT_ENTITIES, settings_data, settings_of
from ..content.source import EntitySource, Source, TemplateSource, source_of, stored_source
from ..content.texts import async_text, plain
from ..content.widget_config import WidgetConfig, is_named
from ..exceptions import error_key, markdown_placeholders
from ..pushover import Field, PushoverError
from .entity_options import chosen_options, entity_names, options_of, options_schema
from .foresight import loaded_coordinator
from .source_selector import chosen_sources, suggested_sources
from .widget_form import async_fields_errors, device_selector, fields_schema
from .widget_preview import async_preview
from .widget_settings import SECTION_DELIVERY

_CHANGE = "change"
# In seconds. Pushover answers within one; a person waits for the form.
_DEVICES_TIMEOUT = 2


class WidgetFlow(ConfigSubentryFlow):
    """The flow of a widget."""

    def __init__(self) -> None:
        """Begin with nothing chosen."""
        self._devices: list[str] = []
        self._device = ""
        self._entity: str | None = None
        self._preset = Preset({})
        self._existing: ConfigSubentry | None = None
        self._all_title = ""
        # The input of the form, with its sources as they are stored, for a person who returns from the preview, and the
        # data made of it.
        self._input: dict[str, Any] = {}
        self._data: dict[str, Any] = {}

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the device and an entity to show; offer to edit the widget that the device may already have."""
        errors: dict[str, str] = {}
        if (abort := self._abort_if_gone()) is not None:
            return abort
        if user_input is None:
            if (abort := await self._async_learn_devices()) is not None:
                return abort
        else:
            self._device = user_input[CONF_DEVICE]
            # The selector also accepts the id of a registry entry.
            self._entity = entity_id_of(self.hass, user_input.get(CONF_ENTITY_ID, ""))
            self._existing = self._conflicting_widget()
            if self._existing is not None:
                return await self.async_step_exists()
            if self._device == ALL_DEVICES and self._widgets():
                errors[CONF_DEVICE] = "all_devices_alone"
            else:
                self._preset = preset_for(self.hass, [self._entity]) if self._entity else Preset({})
                return await self.async_step_fields()
        schema = vol.Schema({**self._device_field(), vol.Optional(CONF_ENTITY_ID): EntitySelector()})
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            last_step=False,
        )

    async def async_step_exists(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Offer to edit the widget that the device already has."""
        if user_input is None:
            return self.async_show_form(step_id="exists", description_placeholders={"widget": plain(self._title())})
        return await self.async_step_fields()

    async def async_step_fields(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the sources of a new widget, or of the existing one."""
        return await self._async_fields("fields", user_input)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change a widget's device and sources."""
        if user_input is None and self._existing is None:
            if (abort := await self._async_learn_devices()) is not None:
                return abort
            self._existing = self._get_reconfigure_subentry()
            self._device = self._existing.data[CONF_DEVICE] or ALL_DEVICES
        return await self._async_fields("reconfigure", user_input)

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
            description_placeholders={"device": self._title(), **entity_names(self.hass, sources)},
            last_step=False,
        )

    async def async_step_preview(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Show what would be sent now; save it, or go back to the fields."""
        if (abort := self._abort_if_gone()) is not None:
            return abort
        if user_input is None:
            return self.async_show_form(
                step_id="preview",
                data_schema=vol.Schema({vol.Optional(_CHANGE, default=False): BooleanSelector()}),
                description_placeholders={
                    "device": self._title(),
                    "help_url": HELP_URL,
                    **await async_preview(self.hass, self._get_entry(), self._config()),
                },
                last_step=True,
            )
        if self.source == SOURCE_RECONFIGURE:
            # If another flow has taken the device meanwhile, the form shows an error.
            taken = bool(self._device_errors())
            if taken or user_input.get(_CHANGE):
                return await self._async_fields("reconfigure", self._input if taken else None)
            return self._save()
        if user_input.get(_CHANGE):
            return await self._async_fields("fields", None)
        if self._device_errors():
            # The device was free when it was chosen; another flow has added a widget meanwhile.
            return self.async_abort(reason="already_configured")
        return self._save()

    async def _async_fields(self, step_id: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {"device": self._title()}
        if user_input is not None:
            if (abort := self._abort_if_gone()) is not None:
                return abort
            self._device = user_input.get(CONF_DEVICE, self._device)
            errors |= self._device_errors()
            if errors and step_id == "fields":
                return self.async_abort(reason="already_configured")
            errors |= await async_fields_errors(self.hass, user_input, placeholders)
            if not errors:
                self._take(user_input)
                return await self.async_step_entities()
        filled = user_input or self._suggested()
        fields = fields_schema(filled, errors)
        schema = vol.Schema({**self._device_field(), **fields} if step_id == "reconfigure" else fields)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, {**filled, **suggested_sources(filled)}),
            errors=errors,
            description_placeholders=placeholders,
            last_step=False,
        )

    def _abort_if_gone(self) -> SubentryFlowResult | None:
        """Abort the flow if its account or widget has been removed meanwhile, or the widget has got another device."""
        try:
            entry = self._get_entry()
        except UnknownEntry:
            return self.async_abort(reason="account_removed")
        if self._existing is None:
            return None
        subentry = entry.subentries.get(self._existing.subentry_id)
        if subentry is None:
            return self.async_abort(reason="widget_removed")
        if self.source != SOURCE_RECONFIGURE and subentry.unique_id not in (self._device, ALL_DEVICES):
            return self.async_abort(reason="already_configured")
        return None

    async def _async_learn_devices(self) -> SubentryFlowResult | None:
        """Ask Pushover for the devices of the account, for a short time if some are known; abort if none are."""
        # The frontend requests the first form again when it takes over a flow that was started for it.
        if self._devices:
            return None
        entry = self._get_entry()
        coordinator = loaded_coordinator(entry)
        # Those that were learned last, for an outage.
        known = None if coordinator is None else coordinator.devices
        try:
            async with asyncio.timeout(None if known is None else _DEVICES_TIMEOUT):
                self._devices = list((await async_validate_user(self.hass, entry.data)).devices)
        except TimeoutError:
            self._devices = list(known or ())
        except PushoverError as err:
            if known is None:
                return self.async_abort(reason=error_key(err), description_placeholders=markdown_placeholders(err))
            self._devices = list(known)
        self._all_title = await async_text(self.hass, "all_devices")
        return None

    def _widgets(self) -> list[ConfigSubentry]:
        """Return the widgets of the account except the one that is being changed."""
        return [
            subentry
            for subentry in self._get_entry().get_subentries_of_type(SUBENTRY_TYPE_WIDGET)
            if self._existing is None or subentry.subentry_id != self._existing.subentry_id
        ]

    def _conflicting_widget(self) -> ConfigSubentry | None:
        """Return the widget that already uses the chosen device: a device has one widget at most."""
        return next(
            (item for item in self._widgets() if item.unique_id in (self._device, ALL_DEVICES)),
            None,
        )

    def _device_errors(self) -> dict[str, str]:
        if self._conflicting_widget() is not None:
            return {CONF_DEVICE: "device_taken"}
        if self._device == ALL_DEVICES and self._widgets():
            return {CONF_DEVICE: "all_devices_alone"}
        return {}

    def _device_field(self) -> dict[vol.Marker, Any]:
        """Return the choice of a device; the chosen one, or the only one, is preselected."""
        chosen = self._device or (self._devices[0] if len(self._devices) == 1 else None)
        key = vol.Required(CONF_DEVICE, default=chosen) if chosen else vol.Required(CONF_DEVICE)
        return {key: device_selector(self._devices, self._device, self._all_title)}

    def _take(self, user_input: dict[str, Any]) -> None:
        """Take over a filled-in form without errors."""
        sources = chosen_sources(self.hass, user_input, self._suggested())
        settings = {key: value for key, value in user_input.items() if key not in [*Field]}
        self._input = {**settings, **sources}
        delivery = settings_data(self.hass, user_input[SECTION_DELIVERY])
        self._data = {CONF_DEVICE: self._target(), **sources, **delivery}

    def _entity_sources(self) -> dict[Field, EntitySource]:
        """Return the entities of the fields, and that of a percent that a range would make of the preset's number."""
        sources = {name: source_of(self._data[name]) for name in Field if name in self._data}
        if self._entity is not None and self._preset.takes_range:
            sources.setdefault(Field.PERCENT, EntitySource(entity_id=self._entity))
        return {name: source for name, source in sources.items() if isinstance(source, EntitySource)}

    async def _async_take_options(
        self, before: Mapping[Field, Source], chosen: Mapping[Field, Source]
    ) -> SubentryFlowResult:
        """Take over how the entities of the fields are shown; one that is a template now can be edited as such.

        A percent that was not chosen needs a range.
        """
        stored = {
            name.value: stored_source(source)
            for name, source in chosen.items()
            if name in self._data or source != before[name]
        }
        self._input |= stored
        self._data |= stored
        if any(isinstance(source, TemplateSource) for source in chosen.values()):
            return await self._async_fields("reconfigure" if self.source == SOURCE_RECONFIGURE else "fields", None)
        return await self.async_step_preview()

    def _suggested(self) -> dict[str, Any]:
        """Return the suggested values of the form: the last input, the existing widget, or the preset."""
        if self._input:
            return self._input
        if self._existing is not None:
            data = dict(self._existing.data)
            return {**data, CONF_DEVICE: self._device, SECTION_DELIVERY: settings_of(data)}
        sources: dict[str, Any] = {name.value: stored_source(source) for name, source in self._preset.sources.items()}
        return sources | {
            SECTION_DELIVERY: {CONF_URGENT_ENTITIES: [*self._preset.urgent]} if self._preset.urgent else {}
        }

    def _target(self) -> str:
        """Return the device to save; an existing widget that is edited by the flow of a new one keeps its device."""
        if self._existing is not None and self.source != SOURCE_RECONFIGURE:
            return str(self._existing.data[CONF_DEVICE])
        return "" if self._device == ALL_DEVICES else self._device

    def _config(self) -> WidgetConfig:
        subentry = self._existing.subentry_id if self._existing is not None else ""
        return WidgetConfig.from_data(self._data, alerts_of(self._get_entry()), subentry)

    def _default_title(self) -> str:
        return self._all_title if self._device == ALL_DEVICES else self._device

    def _title(self) -> str:
        """Return the name of the widget: the one that a person gave it, or that of its device."""
        if self._existing is None:
            return self._default_title()
        named = is_named(self._existing.title, self._existing.data[CONF_DEVICE], self._all_title)
        return self._existing.title if named or self.source != SOURCE_RECONFIGURE else self._default_title()

    def _save(self) -> SubentryFlowResult:
        if self._existing is None:
            return self.async_create_entry(title=self._title(), data=self._data, unique_id=self._device)
        return self.async_update_and_abort(
            self._get_entry(),
            self._existing,
            data=self._data,
            title=self._title(),
            unique_id=self._data[CONF_DEVICE] or ALL_DEVICES,
        )
