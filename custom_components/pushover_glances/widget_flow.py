"""Adding and changing a widget: its device, and what its fields show."""

from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigSubentry, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_DEVICE
from homeassistant.exceptions import TemplateError
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TemplateSelector,
)
from homeassistant.helpers.template import Template
import voluptuous as vol

from .api import create_client
from .const import ALL_DEVICES, SUBENTRY_TYPE_WIDGET
from .exceptions import error_key, error_placeholders
from .pushover import Field, PushoverError
from .widget import ALL_TITLE
from .widget_settings import settings_data, settings_error, settings_of, settings_section

SECTION_DELIVERY = "delivery"
# As long as Home Assistant's own template preview waits (components/websocket_api).
_RENDER_TIMEOUT = 3


class WidgetFlow(ConfigSubentryFlow):
    """Adds a widget to an account, or changes one."""

    def __init__(self) -> None:
        """Begin with no device chosen."""
        self._devices: list[str] = []
        self._device = ""
        self._there: ConfigSubentry | None = None

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the device; one that has a widget already leads to that widget."""
        errors: dict[str, str] = {}
        if user_input is None:
            if (abort := await self._async_learn_devices()) is not None:
                return abort
        else:
            self._device = user_input[CONF_DEVICE]
            self._there = self._widget_in_the_way()
            if self._there is not None:
                return await self.async_step_exists()
            if self._device == ALL_DEVICES and self._widgets():
                errors[CONF_DEVICE] = "all_devices_alone"
            else:
                return await self.async_step_fields()
        return self.async_show_form(
            step_id="user",
            data_schema=vol.Schema({self._device_key(): self._device_selector()}),
            errors=errors,
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
        if user_input is None:
            if (abort := await self._async_learn_devices()) is not None:
                return abort
            self._there = self._get_reconfigure_subentry()
            self._device = self._there.data[CONF_DEVICE] or ALL_DEVICES
        return await self._async_fields("reconfigure", user_input)

    async def _async_fields(self, step_id: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {"device": self._title()}
        if user_input is not None:
            self._device = user_input.get(CONF_DEVICE, self._device)
            errors |= self._device_errors()
            if errors and step_id == "fields":
                # The device was free when it was chosen. Another flow has added a widget since.
                return self.async_abort(reason="already_configured")
            if (wrong_setting := settings_error(user_input[SECTION_DELIVERY])) is not None:
                errors[SECTION_DELIVERY] = wrong_setting
            data = self._read(user_input)
            for field in Field:
                if field in data and (wrong := await self._async_check(data[field])):
                    errors[field], placeholders["error"] = wrong
            if not errors:
                return self._save(data)
        schema = self._fields_schema(with_device=step_id == "reconfigure", collapsed=SECTION_DELIVERY not in errors)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, user_input or self._suggested()),
            errors=errors,
            description_placeholders=placeholders,
        )

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

    def _fields_schema(self, *, with_device: bool, collapsed: bool) -> vol.Schema:
        schema: dict[vol.Marker, Any] = {}
        if with_device:
            schema[self._device_key()] = self._device_selector()
        for field in Field:
            schema[vol.Optional(field.value)] = TemplateSelector()
        schema[vol.Required(SECTION_DELIVERY)] = settings_section(collapsed=collapsed)
        return vol.Schema(schema)

    def _suggested(self) -> dict[str, Any]:
        if self._there is None:
            return {}
        data = dict(self._there.data)
        return {**data, CONF_DEVICE: self._device, SECTION_DELIVERY: settings_of(data)}

    def _read(self, user_input: dict[str, Any]) -> dict[str, Any]:
        """Return a form as the widget's data; a template that is empty is absent."""
        templates = {field.value: text for field in Field if (text := user_input.get(field.value, "").strip())}
        device = "" if self._device == ALL_DEVICES else self._device
        return {CONF_DEVICE: device, **templates, **settings_data(user_input[SECTION_DELIVERY])}

    async def _async_check(self, text: str) -> tuple[str, str] | None:
        """Return what is wrong with a template: an error key, and the template's own words."""
        template = Template(text, self.hass)
        try:
            if await template.async_render_will_timeout(_RENDER_TIMEOUT):
                return "template_too_slow", ""
        except TemplateError as err:
            return "template_failed", str(err)
        info = template.async_render_to_info()
        if info.all_states or info.all_states_lifecycle:
            return "template_over_all_states", ""
        return None

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
