"""What the flows of widgets, alerts and pages share: what they change, and whether it still exists."""

from homeassistant.config_entries import ConfigSubentry, ConfigSubentryFlow, SubentryFlowResult, UnknownEntry
from homeassistant.core import callback


class SubentryFlow(ConfigSubentryFlow):
    """A flow that adds or changes a subentry."""

    def __init__(self) -> None:
        """Begin with a new subentry."""
        # The subentry that is changed; `None` for a new one.
        self._existing: ConfigSubentry | None = None

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
