"""Repairs that open the form which mends them: that of a widget, an alert or a page."""

from homeassistant.components.repairs import FlowType, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import SOURCE_RECONFIGURE, SubentryFlowContext
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
import voluptuous as vol

from .issues import ATTR_ENTRY_ID, ATTR_SUBENTRY_ID


class ReconfigureRepairFlow(RepairsFlow):
    """Describes the repair, and goes on to the form; the repair ends once the form is saved."""

    def __init__(self, entry_id: str, subentry_id: str) -> None:
        """Set the subentry to reconfigure."""
        self._entry_id = entry_id
        self._subentry_id = subentry_id

    async def async_step_init(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Begin with the description."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Describe the repair, then open the form."""
        if user_input is not None:
            return self.async_abort(reason="not_opened", next_flow=await self._async_reconfigure())
        issue = ir.async_get(self.hass).async_get_issue(self.handler, self.issue_id)
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema({}),
            description_placeholders=None if issue is None else issue.translation_placeholders,
        )

    async def _async_reconfigure(self) -> tuple[FlowType, str] | None:
        """Begin to reconfigure the subentry, and return the flow; `None` if it cannot be reconfigured now."""
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        subentry = None if entry is None else entry.subentries.get(self._subentry_id)
        if subentry is None:
            return None
        flow = await self.hass.config_entries.subentries.async_init(
            (self._entry_id, subentry.subentry_type),
            context=SubentryFlowContext(source=SOURCE_RECONFIGURE, subentry_id=self._subentry_id),
        )
        # It has ended already if Pushover could not be asked for the devices.
        return None if flow["type"] is FlowResultType.ABORT else (FlowType.CONFIG_SUBENTRIES_FLOW, flow["flow_id"])


async def async_create_fix_flow(
    _hass: HomeAssistant, _issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the flow of a repair of a subentry."""
    data = data or {}
    return ReconfigureRepairFlow(str(data.get(ATTR_ENTRY_ID)), str(data.get(ATTR_SUBENTRY_ID)))
