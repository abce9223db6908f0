"""Finds number fields of widgets whose sources give texts without a number."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .content.texts import field_name, plain
from .issues import Reports
from .planner.layers import UNAVAILABLE_AFTER
from .pushover import shorten
from .widget import Widget

_INTERVAL = timedelta(minutes=5)


@callback
def async_watch_numbers(hass: HomeAssistant, widgets: Iterable[Widget], reports: Reports) -> CALLBACK_TYPE:
    """Report number fields that have had texts without a number for too long, until they have a number again.

    From then on a field is empty. It is not reported before, because a source may pass through words, such as the
    state of a cover that opens. After a reload the time begins again, and a repair stays until then.
    """
    watched = list(widgets)

    @callback
    def check(_now: datetime) -> None:
        since = dt_util.utcnow() - UNAVAILABLE_AFTER
        for widget in watched:
            if not widget.sources.is_known:
                continue
            wordy = widget.without_number()
            texts = {name: text for name, (text, began) in wordy.items() if began <= since}
            if texts or not wordy:
                named = [plain(f"{field_name(hass, name)}: {shorten(text)}") for name, text in texts.items()]
                reports.without_number(widget.config, named)

    return async_track_time_interval(hass, check, _INTERVAL, name=f"{DOMAIN} numbers", cancel_on_shutdown=True)
