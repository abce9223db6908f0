"""The part of a widget's flow that is about its device: which ones there are, and which one the widget has."""

import asyncio
from typing import Any, override

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigSubentry, SubentryFlowResult
from homeassistant.const import CONF_DEVICE
from homeassistant.core import callback
from homeassistant.helpers.selector import SelectOptionDict, SelectSelector, SelectSelectorConfig, SelectSelectorMode
import voluptuous as vol

from ..api import async_validate_user
from ..const import ALL_DEVICES, SUBENTRY_TYPE_WIDGET
from ..content.texts import async_text
from ..content.widget_config import is_named
from ..exceptions import error_key, markdown_placeholders
from ..pushover import PushoverError
from .content_flow import ContentFlow
from .foresight import loaded_coordinator

# In seconds. Pushover answers within one; a person waits for the form.
_DEVICES_TIMEOUT = 2


class WidgetDeviceFlow(ContentFlow):
    """A flow that chooses the device of a widget."""

    @override
    def __init__(self) -> None:
        """Begin with nothing chosen."""
        super().__init__()
        self._devices: list[str] = []
        self._device = ""
        self._all_title = ""

    @callback
    @override
    def _abort_if_gone(self) -> SubentryFlowResult | None:
        """Abort the flow if its account or widget has been removed meanwhile, or the widget has got another device."""
        if (abort := super()._abort_if_gone()) is not None or self._existing is None:
            return abort
        device = self._get_entry().subentries[self._existing.subentry_id].unique_id
        if self.source != SOURCE_RECONFIGURE and device not in (self._device, ALL_DEVICES):
            return self.async_abort(reason="widget_moved")
        return None

    async def _async_learn_devices(self) -> SubentryFlowResult | None:
        """Ask Pushover for the devices of the account, for a short time if some are known; abort if none are."""
        # The frontend requests the first form again when it takes over a flow that was started for it.
        if self._devices:
            return None
        entry = self._get_entry()
        coordinator = loaded_coordinator(entry)
        # Those that were learned last, for an outage.
        known = None if coordinator is None else coordinator.devices.known
        try:
            async with asyncio.timeout(None if known is None else _DEVICES_TIMEOUT):
                self._devices = list((await async_validate_user(self.hass, entry.data)).devices)
            if coordinator is not None:
                # A widget for a new device need not wait until the account asks for the devices again.
                coordinator.devices.async_note(list(self._devices))
        except TimeoutError:
            self._devices = list(known or ())
        except PushoverError as err:
            if known is None:
                return self.async_abort(reason=error_key(err), description_placeholders=markdown_placeholders(err))
            self._devices = list(known)
        self._all_title = await async_text(self.hass, "all_devices")
        return None

    @callback
    def _widgets(self) -> list[ConfigSubentry]:
        """Return the widgets of the account except the one that is being changed."""
        return [
            subentry
            for subentry in self._get_entry().get_subentries_of_type(SUBENTRY_TYPE_WIDGET)
            if self._existing is None or subentry.subentry_id != self._existing.subentry_id
        ]

    @callback
    def _conflicting_widget(self) -> ConfigSubentry | None:
        """Return the widget that already uses the chosen device: a device has one widget at most."""
        return next(
            (item for item in self._widgets() if item.unique_id in (self._device, ALL_DEVICES)),
            None,
        )

    @callback
    def _all_devices_errors(self) -> dict[str, str]:
        """Return the error of a widget for all devices that is not the only one."""
        return {CONF_DEVICE: "all_devices_alone"} if self._device == ALL_DEVICES and self._widgets() else {}

    @callback
    def _device_errors(self) -> dict[str, str]:
        """Return the error of a device that cannot be chosen."""
        if self._conflicting_widget() is not None:
            return {CONF_DEVICE: "device_taken"}
        return self._all_devices_errors()

    @callback
    def _device_field(self) -> dict[vol.Marker, Any]:
        """Return the choice of a device; one that is signed out of Pushover stays in it if it is the chosen one."""
        options = [SelectOptionDict(value=name, label=name) for name in self._devices]
        if self._device not in (*self._devices, ALL_DEVICES, ""):
            options.append(SelectOptionDict(value=self._device, label=f"{self._device} \N{WARNING SIGN}"))
        options.append(SelectOptionDict(value=ALL_DEVICES, label=self._all_title))
        selector = SelectSelector(SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST))
        chosen = self._device or self._free_device()
        return {vol.Required(CONF_DEVICE, default=chosen) if chosen else vol.Required(CONF_DEVICE): selector}

    @callback
    def _free_device(self) -> str | None:
        """Return the first device without a widget; the frontend selects the first of all if there is no default."""
        taken = {item.unique_id for item in self._widgets()}
        free = [] if ALL_DEVICES in taken else [name for name in self._devices if name not in taken]
        return next(iter(free), None)

    @callback
    def _target(self) -> str:
        """Return the device to save; an existing widget that is edited by the flow of a new one keeps its device."""
        if self._existing is not None and self.source != SOURCE_RECONFIGURE:
            return str(self._existing.data[CONF_DEVICE])
        return "" if self._device == ALL_DEVICES else self._device

    @callback
    def _title(self) -> str:
        """Return the name of the widget: the one that a person gave it, or that of its device."""
        default = self._all_title if self._device == ALL_DEVICES else self._device
        if self._existing is None:
            return default
        named = is_named(self._existing.title, self._existing.data[CONF_DEVICE], self._all_title)
        return self._existing.title if named or self.source != SOURCE_RECONFIGURE else default
