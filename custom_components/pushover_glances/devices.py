"""Asks Pushover which devices the user of an account has, and knows which widgets lack theirs."""

from collections.abc import Callable, Collection
from datetime import datetime

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from .api import async_validate_user
from .const import DOMAIN
from .content.widget_config import WidgetConfig
from .issues import Reports
from .planner import Change, learn_delay
from .pushover import AuthenticationError, PushoverError
from .storage import AccountStore
from .widget import Widget


class Devices:
    """The devices of the user, and what they mean for the widgets of the account."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        store: AccountStore,
        widgets: Collection[Widget],
        reports: Reports,
        *,
        on_check: Callable[[list[Widget]], None],
        on_refusal: Callable[[AuthenticationError], None],
    ) -> None:
        """Set the account and its widgets; `async_check` finds out which of them lack their device.

        `on_check` is called after that with the widgets that have been released, and `on_refusal` if Pushover has refused
        the credentials.
        """
        self._hass = hass
        self._entry = entry
        self._store = store
        self._account = store.account
        self._widgets = widgets
        # Without screens that a removed widget has left behind.
        self._owned = [widget for widget in widgets if not widget.config.left_behind]
        self._reports = reports
        self._on_check = on_check
        self._on_refusal = on_refusal
        self._is_stopped = False
        # Whether a widget waits for its device, or for any.
        self.are_lacking = False
        # When to ask for the devices again while they are lacking, and how often that was planned.
        self._ask_again: datetime | None = None
        self._asked = 0

    @property
    def known(self) -> list[str] | None:
        """Return the devices that the user had at the last check; `None` if they are not known."""
        return self._account.devices

    @callback
    def has(self, config: WidgetConfig) -> bool:
        """Return whether the user has the device of a widget, because Pushover may take an unknown one for all devices.

        If the devices have never been known, only the screens of removed widgets wait. What a removed widget left on all
        devices is never emptied as such, because some of them may have a widget of their own by now.
        """
        if self.known is None or not config.device:
            return not config.left_behind
        return config.device in self.known

    async def async_learn(self) -> None:
        """Ask Pushover for the user's devices; of its errors, only refused credentials have an effect.

        Any other problem will show at the next update.
        """
        try:
            user = await async_validate_user(self._hass, self._entry.data)
        except AuthenticationError as err:
            self._on_refusal(err)
        except PushoverError:
            pass
        else:
            self.async_note(list(user.devices))

    @callback
    def async_learn_later(self, _now: datetime | None = None) -> None:
        """Ask Pushover for the user's devices in the background."""
        if not self._is_stopped:
            self._entry.async_create_background_task(self._hass, self.async_learn(), f"{DOMAIN} devices")

    @callback
    def async_note(self, devices: list[str]) -> None:
        """Take over the devices that Pushover has just named, and check those of the widgets."""
        account = self._account
        is_new = (account.verified, account.devices) != (True, devices)
        account.verified, account.devices = True, devices
        self.async_check()
        if is_new:
            self._store.async_save_soon()
        if self._must_be_assigned and not self._is_stopped:
            self._hass.config_entries.async_schedule_reload(self._entry.entry_id)

    @callback
    def async_check(self) -> None:
        """Hold the widgets whose device the user does not have, release the others, and update the repairs."""
        has_devices = self.known != [] or not self._owned
        self._reports.active_devices(has_devices=has_devices)
        released = []
        for widget in self._widgets:
            has_device = self.has(widget.config)
            if self.known is not None:
                # A removed widget cannot be reconfigured.
                is_told = not has_device and has_devices and not widget.config.left_behind
                (self._reports.unknown_device if is_told else self._reports.known_device)(widget.config)
            if has_device and not widget.has_device:
                released.append(widget)
            widget.has_device = has_device
        self.are_lacking = not has_devices or not all(widget.has_device for widget in self._owned)
        if not self.are_lacking:
            self._ask_again = None
        self._on_check(released)

    @callback
    def update_ended(self, change: Change, *, is_troubled: bool) -> None:
        """Find out what the end of an update says of the devices; the account `is_troubled` during an outage."""
        if change is Change.NO_DEVICES:
            self._account.devices = []
            self.async_check()
        elif change in (Change.REFUSED, Change.RECOVERED):
            # The device may be unknown now, or Pushover could not be asked for the devices before.
            self.async_learn_later()
        elif not is_troubled and not self.are_lacking:
            # Pushover has accepted an update: ask for the next device that is gone as soon as for the first.
            self._asked = 0

    @callback
    def ask_again(self, now: datetime, *, can_ask: bool) -> datetime | None:
        """Ask for lacking devices again, less and less often, and return when to do that next; `None` if not."""
        if not can_ask:
            self._ask_again = None
            return None
        due = self._ask_again
        if due is None or not now < due <= now + learn_delay(self._asked):
            self._ask_again = now + learn_delay(self._asked)
            self._asked += 1
            if due is not None:
                self.async_learn_later()
        return self._ask_again

    @callback
    def stop(self) -> None:
        """Ask no more: the account is unloaded, or Home Assistant stops."""
        self._is_stopped = True

    @property
    def _must_be_assigned(self) -> bool:
        """Return whether a removed widget has left something on all devices, which each of them takes over once known."""
        left = any(widget.config.left_behind and not widget.config.device for widget in self._widgets)
        return left and bool(self.known)
