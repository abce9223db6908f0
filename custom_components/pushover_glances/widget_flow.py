"""Adding and changing a widget: what it shows, its fields, and a look at it before it is saved."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigSubentry, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_DEVICE, CONF_ENTITY_ID
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TemplateSelector,
)
import voluptuous as vol

from .api import create_client
from .const import ALL_DEVICES, CONF_URGENT_ENTITIES, HELP_URL, SUBENTRY_TYPE_WIDGET
from .exceptions import error_key, error_placeholders
from .presets import Preset, preset_for
from .preview import async_preview
from .pushover import Field, PushoverError
from .rendering import async_template_error
from .widget import ALL_TITLE, WidgetConfig
from .widget_range import SECTION_RANGE, range_error, range_section, range_template
from .widget_settings import SECTION_DELIVERY, settings_data, settings_error, settings_of, settings_section

_CHANGE = "change"


class WidgetFlow(ConfigSubentryFlow):
    """Adds a widget to an account, or changes one."""

    def __init__(self) -> None:
        """Begin with nothing chosen."""
        self._devices: list[str] = []
        self._device = ""
        self._entity: str | None = None
        self._preset = Preset({})
        self._there: ConfigSubentry | None = None
        # What the widget will be, from its fields on.
        self._data: dict[str, Any] = {}

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the device and an entity to show; a device that has a widget already leads to that widget."""
        errors: dict[str, str] = {}
        if user_input is None:
            if (abort := await self._async_learn_devices()) is not None:
                return abort
        else:
            self._device, self._entity = user_input[CONF_DEVICE], user_input.get(CONF_ENTITY_ID)
            self._there = self._widget_in_the_way()
            if self._there is not None:
                return await self.async_step_exists()
            if self._device == ALL_DEVICES and self._widgets():
                errors[CONF_DEVICE] = "all_devices_alone"
            else:
                self._preset = preset_for(self.hass, self._entity) if self._entity else Preset({})
                return await self.async_step_fields()
        schema = vol.Schema(
            {self._device_key(): self._device_selector(), vol.Optional(CONF_ENTITY_ID): EntitySelector()}
        )
        return self.async_show_form(
            step_id="user", data_schema=self.add_suggested_values_to_schema(schema, user_input), errors=errors
        )

    async def async_step_exists(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Offer to edit the widget that the device has already."""
        if user_input is None:
            return self.async_show_form(step_id="exists", description_placeholders={"widget": self._title()})
        return await self.async_step_fields()

    async def async_step_fields(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the templates of a new widget, or of the one that is there."""
        return await self._async_fields("fields", user_input)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change a widget's device and templates."""
        if user_input is None and self._there is None:
            if (abort := await self._async_learn_devices()) is not None:
                return abort
            self._there = self._get_reconfigure_subentry()
            self._device = self._there.data[CONF_DEVICE] or ALL_DEVICES
        return await self._async_fields("reconfigure", user_input)

    async def async_step_preview(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Show what would be sent now; save it, or go back to the fields."""
        if user_input is None:
            return self.async_show_form(
                step_id="preview",
                data_schema=vol.Schema({vol.Optional(_CHANGE, default=False): BooleanSelector()}),
                description_placeholders={
                    "device": self._title(),
                    "help_url": HELP_URL,
                    **await async_preview(self.hass, self._get_entry(), WidgetConfig.from_data(self._data)),
                },
                last_step=True,
            )
        if user_input.get(_CHANGE):
            return await self._async_fields("reconfigure" if self.source == SOURCE_RECONFIGURE else "fields", None)
        if self._device_errors():
            # The device was free when it was chosen. Another flow has added a widget since.
            return self.async_abort(reason="already_configured")
        return self._save(self._data)

    async def _async_fields(self, step_id: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {"device": self._title()}
        if user_input is not None:
            self._device = user_input.get(CONF_DEVICE, self._device)
            errors |= self._device_errors()
            if errors and step_id == "fields":
                return self.async_abort(reason="already_configured")
            errors |= await self._async_errors(user_input, placeholders)
            if not errors:
                self._data = self._read(user_input)
                return await self.async_step_preview()
        schema = self._fields_schema(with_device=step_id == "reconfigure", errors=errors)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, user_input or self._suggested()),
            errors=errors,
            description_placeholders=placeholders,
            last_step=False,
        )

    async def _async_errors(self, user_input: Mapping[str, Any], placeholders: dict[str, str]) -> dict[str, str]:
        """Return what is wrong with the fields and the sections of a form, by field or section."""
        sections = {
            SECTION_DELIVERY: settings_error(user_input[SECTION_DELIVERY]),
            SECTION_RANGE: range_error(user_input),
        }
        errors = {name: error for name, error in sections.items() if error is not None}
        for field in Field:
            if (text := user_input.get(field.value)) and (wrong := await async_template_error(self.hass, text)):
                errors[field.value], placeholders["error"] = wrong
        return errors

    async def _async_learn_devices(self) -> SubentryFlowResult | None:
        """Read the account's devices, or return why that cannot be done now."""
        # The frontend asks for the first form of a flow a second time when it takes it over.
        if self._devices:
            return None
        try:
            user = await create_client(self.hass, self._get_entry().data).validate_user()
        except PushoverError as err:
            return self.async_abort(reason=error_key(err), description_placeholders=error_placeholders(err))
        self._devices = list(user.devices)
        return None

    def _widgets(self) -> list[ConfigSubentry]:
        """Return the account's widgets other than the one that is being changed."""
        return [
            subentry
            for subentry in self._get_entry().get_subentries_of_type(SUBENTRY_TYPE_WIDGET)
            if self._there is None or subentry.subentry_id != self._there.subentry_id
        ]

    def _widget_in_the_way(self) -> ConfigSubentry | None:
        """Return a widget that writes the same screen already: no two ever do."""
        return next(
            (item for item in self._widgets() if item.unique_id in (self._device, ALL_DEVICES)),
            None,
        )

    def _device_errors(self) -> dict[str, str]:
        if self._widget_in_the_way() is not None:
            return {CONF_DEVICE: "device_taken"}
        if self._device == ALL_DEVICES and self._widgets():
            return {CONF_DEVICE: "all_devices_alone"}
        return {}

    def _device_key(self) -> vol.Required:
        """Preselect what is chosen, or a device that is the only one."""
        chosen = self._device or (self._devices[0] if len(self._devices) == 1 else None)
        return vol.Required(CONF_DEVICE, default=chosen) if chosen else vol.Required(CONF_DEVICE)

    def _device_selector(self) -> SelectSelector:
        named = [SelectOptionDict(value=name, label=name) for name in self._devices]
        return SelectSelector(
            SelectSelectorConfig(
                options=[*named, SelectOptionDict(value=ALL_DEVICES, label=ALL_TITLE)],
                mode=SelectSelectorMode.LIST,
            )
        )

    def _fields_schema(self, *, with_device: bool, errors: Mapping[str, str]) -> vol.Schema:
        """Return the form; a section with an error is open, because the frontend shows no error of a closed one."""
        schema: dict[vol.Marker, Any] = {}
        if with_device:
            schema[self._device_key()] = self._device_selector()
        for field in Field:
            schema[vol.Optional(field.value)] = TemplateSelector()
        if self._preset.takes_range:
            schema[vol.Optional(SECTION_RANGE, default={})] = range_section(collapsed=SECTION_RANGE not in errors)
        schema[vol.Required(SECTION_DELIVERY)] = settings_section(collapsed=SECTION_DELIVERY not in errors)
        return vol.Schema(schema)

    def _suggested(self) -> dict[str, Any]:
        """Return what a form is filled in with: what the widget is, or what its entity calls for."""
        if data := self._data or (dict(self._there.data) if self._there is not None else {}):
            return {**data, CONF_DEVICE: self._device, SECTION_DELIVERY: settings_of(data)}
        templates: dict[str, Any] = {name.value: text for name, text in self._preset.templates.items()}
        return templates | {SECTION_DELIVERY: {CONF_URGENT_ENTITIES: [self._entity]} if self._preset.urgent else {}}

    def _read(self, user_input: dict[str, Any]) -> dict[str, Any]:
        """Return a form as the widget's data; a template that is empty is absent."""
        templates = {field.value: text for field in Field if (text := user_input.get(field.value, "").strip())}
        ranged = range_template(self._entity, user_input) if self._entity else {}
        device = "" if self._device == ALL_DEVICES else self._device
        return {CONF_DEVICE: device, **templates, **ranged, **settings_data(user_input[SECTION_DELIVERY])}

    def _title(self) -> str:
        if self._there is not None and self.source != SOURCE_RECONFIGURE:
            return self._there.title
        return ALL_TITLE if self._device == ALL_DEVICES else self._device

    def _save(self, data: dict[str, Any]) -> SubentryFlowResult:
        if self._there is None:
            return self.async_create_entry(title=self._title(), data=data, unique_id=self._device)
        moved = self._device != self._there.unique_id and self.source == SOURCE_RECONFIGURE
        if not moved:
            return self.async_update_and_abort(
                self._get_entry(), self._there, data={**data, CONF_DEVICE: self._there.data[CONF_DEVICE]}
            )
        return self.async_update_and_abort(
            self._get_entry(), self._there, data=data, title=self._title(), unique_id=self._device
        )
