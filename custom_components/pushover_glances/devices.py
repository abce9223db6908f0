"""Knows which devices the user of an account has, which widgets lack theirs, and when to ask Pushover again."""

from collections.abc import Collection
from datetime import datetime

from homeassistant.core import callback

from .content.widget_config import WidgetConfig
from .issues import Reports
from .planner import learn_delay
from .records import StoredAccount
from .widget import Widget


class Devices:
    """The devices of the user, and what they mean for the widgets of the account."""

    def __init__(self, account: StoredAccount, widgets: Collection[Widget], reports: Reports) -> None:
        """Set the account and its widgets; `check` finds out which of them lack their device."""
        self._account = account
        self._widgets = widgets
        # Without screens that a removed widget has left behind.
        self._owned = [widget for widget in widgets if not widget.config.left_behind]
        self._reports = reports
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

    @callback
    def note(self, devices: list[str]) -> bool:
        """Store the devices that Pushover has just named, and return whether this has to be saved."""
        account = self._account
        is_new = (account.verified, account.devices) != (True, devices)
        account.verified, account.devices = True, devices
        return is_new

    @callback
    def note_none(self) -> None:
        """Store that Pushover has refused an update because the user has no device."""
        self._account.devices = []

    @callback
    def check(self) -> list[Widget]:
        """Hold the widgets whose device the user does not have, release the others, and update the repairs.

        Returns those that have been released.
        """
        has_devices = self.known != [] or not self._owned
        self._reports.active_devices(has_devices=has_devices)
        found = []
        for widget in self._widgets:
            has_device = self.has(widget.config)
            if self.known is not None:
                # A removed widget cannot be reconfigured.
                is_told = not has_device and has_devices and not widget.config.left_behind
                (self._reports.unknown_device if is_told else self._reports.known_device)(widget.config)
            if has_device and not widget.has_device:
                found.append(widget)
            widget.has_device = has_device
        self.are_lacking = not has_devices or not all(widget.has_device for widget in self._owned)
        if not self.are_lacking:
            self._ask_again = None
        return found

    @property
    def must_be_assigned(self) -> bool:
        """Return whether a removed widget has left something on all devices, which each of them takes over once known."""
        left = any(widget.config.left_behind and not widget.config.device for widget in self._widgets)
        return left and bool(self.known)

    @callback
    def plan_question(self, now: datetime, *, can_ask: bool) -> tuple[datetime | None, bool]:
        """Return when to ask for the lacking devices again, less and less often, and whether to ask now."""
        if not can_ask:
            self._ask_again = None
            return None, False
        is_due = False
        if self._ask_again is None or not now < self._ask_again <= now + learn_delay(self._asked):
            is_due = self._ask_again is not None
            self._ask_again = now + learn_delay(self._asked)
            self._asked += 1
        return self._ask_again, is_due

    @callback
    def ask_early(self) -> None:
        """Ask for the next device that is gone as soon as for the first, because Pushover has accepted an update."""
        if not self.are_lacking:
            self._asked = 0
