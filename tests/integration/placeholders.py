"""See that each text that is shown in a test gets the placeholders that it wants, and none that it does not know.

Home Assistant's own tests have a fixture of this kind (`check_translations` in its tests/components/conftest.py), which
the test harness for custom integrations leaves out.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from homeassistant.components.repairs import RepairsFlowManager
from homeassistant.config_entries import SOURCE_REAUTH, ConfigSubentryFlowManager
from homeassistant.const import CONF_NAME
from homeassistant.data_entry_flow import FlowHandler, FlowManager, FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.issue_registry import IssueEntry, IssueRegistry
import pytest

from custom_components.pushover_glances.const import DOMAIN
from tests.texts import TEXTS, leaves, placeholders

# What comes with each error of Pushover's, whether or not its text shows it, and what Home Assistant adds to each form
# of a reauthentication (`ConfigFlow.async_show_form`).
_OF_EVERY_ERROR = {"error", "request"}
_OF_EVERY_REAUTHENTICATION = {CONF_NAME}
_OF_A_MENU = ("menu_options", "menu_option_descriptions")
_WANTED = {
    language: {path: placeholders(text) for path, text in leaves(texts)} for language, texts in sorted(TEXTS.items())
}


class Shown:
    """What is wrong with the texts that were shown."""

    def __init__(self) -> None:
        """Begin with nothing shown."""
        self.faults: set[str] = set()

    def see(self, texts: Iterable[str], given: Iterable[str] | None) -> None:
        """Compare what is given with what the texts of these paths want; a path with a dot at its end is all below it."""
        for language, wanted in _WANTED.items():
            self._compare(language, [*texts], wanted, {*(given or ())})

    def see_exception(self, error: HomeAssistantError) -> None:
        """Look at the message of an exception."""
        if error.translation_domain == DOMAIN:
            self.see([f"exceptions.{error.translation_key}.message"], error.translation_placeholders)

    def see_issue(self, issue: IssueEntry) -> None:
        """Look at title and description of a repair."""
        if issue.domain == DOMAIN:
            self.see([f"issues.{issue.translation_key}."], issue.translation_placeholders)

    def see_result(self, flow: FlowHandler[Any, Any, Any], result: Mapping[str, Any], section: str) -> None:
        """Look at a step of a flow with its errors or its menu, or at the end of the flow."""
        given = {*(result.get("description_placeholders") or ())}
        if flow.source == SOURCE_REAUTH:
            given -= _OF_EVERY_REAUTHENTICATION
        if result["type"] is FlowResultType.FORM:
            errors = {f"{section}.error.{error}" for error in (result["errors"] or {}).values()}
            self.see([f"{section}.step.{result['step_id']}.", *errors], given)
        elif result["type"] is FlowResultType.MENU:
            step = f"{section}.step.{result['step_id']}"
            options = [f"{step}.{texts}.{name}" for texts in _OF_A_MENU for name in result["menu_options"]]
            self.see([f"{step}.title", f"{step}.description", *options], given)
        elif result["type"] is FlowResultType.CREATE_ENTRY and given:
            self.see([f"{section}.create_entry.default"], given)
        elif result["type"] is FlowResultType.ABORT and result.get("translation_domain") in (None, DOMAIN):
            self.see([f"{section}.abort.{result['reason']}"], given)

    def _compare(self, language: str, texts: list[str], wanted: Mapping[str, set[str]], given: set[str]) -> None:
        known: set[str] = set()
        for text in texts:
            found = {path for path in wanted if path == text or (text.endswith(".") and path.startswith(text))}
            if not found:
                self.faults.add(f"{language}: there is no text {text}")
            for path in found:
                known |= wanted[path]
                self.faults |= {f"{language}: {path} wants {name}" for name in wanted[path] - given}
        self.faults |= {f"{language}: {texts[0]} does not know {name}" for name in given - known - _OF_EVERY_ERROR}


def _section(manager: Any, flow: Any) -> str:
    """Return where the texts of a flow are."""
    if isinstance(manager, ConfigSubentryFlowManager):
        return f"config_subentries.{flow.handler[1]}"
    if isinstance(manager, RepairsFlowManager):
        issue = ir.async_get(flow.hass).async_get_issue(DOMAIN, flow.issue_id)
        assert issue is not None
        return f"issues.{issue.translation_key}.fix_flow"
    return "config"


@contextmanager
def look_at_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shown]:
    """Look at every exception, repair and step of a flow of this integration."""
    shown = Shown()
    create_error, create_issue = HomeAssistantError.__init__, IssueRegistry.async_get_or_create
    handle_step = FlowManager._async_handle_step  # noqa: SLF001  # the one way of all steps, as in Home Assistant's tests

    def exception(self: HomeAssistantError, *args: Any, **kwargs: Any) -> None:
        create_error(self, *args, **kwargs)
        shown.see_exception(self)

    def issue(*args: Any, **kwargs: Any) -> IssueEntry:
        entry = create_issue(*args, **kwargs)
        shown.see_issue(entry)
        return entry

    async def step(self: Any, flow: Any, *args: Any, **kwargs: Any) -> Any:
        result = await handle_step(self, flow, *args, **kwargs)
        if DOMAIN in type(flow).__module__.split("."):
            shown.see_result(flow, result, _section(self, flow))
        return result

    with monkeypatch.context() as patch:
        patch.setattr(HomeAssistantError, "__init__", exception)
        patch.setattr(IssueRegistry, "async_get_or_create", issue)
        patch.setattr(FlowManager, "_async_handle_step", step)
        yield shown
