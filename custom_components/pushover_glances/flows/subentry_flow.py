"""What the flows of widgets, alerts and pages share: what they change, and whether it still exists."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigSubentry, ConfigSubentryFlow, SubentryFlowResult, UnknownEntry
from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ..renames import with_new_ids


class SubentryFlow(ConfigSubentryFlow):
    """A flow that adds or changes a subentry."""

    def __init__(self) -> None:
        """Begin with a new subentry."""
        # The subentry that is changed; `None` for a new one.
        self._existing: ConfigSubentry | None = None
        self._opened = dt_util.utcnow()

    @callback
    def _to_save(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is saved of the input: entities may have got other ids since the form was opened."""
        return with_new_ids(self.hass, data, self._opened)

    @callback
    def _abort_if_gone(self) -> SubentryFlowResult | None:
        """Abort the flow if its account or subentry has been removed meanwhile."""
        try:
            entry = self._get_entry()
        except UnknownEntry:
            return self.async_abort(reason="account_removed")
        if self._existing is not None and self._existing.subentry_id not in entry.subentries:
            return self.async_abort(reason=f"{self._existing.subentry_type}_removed")
        return None
