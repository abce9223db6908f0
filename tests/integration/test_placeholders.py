"""The check of placeholders finds what is missing, and what is too much."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.pushover_glances.config_flow import PushoverGlancesConfigFlow
from custom_components.pushover_glances.const import DOMAIN
from tests.texts import TEXTS

from .kit import GlancesKit
from .placeholders import Shown


def assert_found(shown: Shown, *faults: str) -> None:
    """See that exactly these faults were found, each in every language."""
    assert shown.faults == {f"{language}: {fault}" for language in TEXTS for fault in faults}
    shown.faults.clear()


@pytest.mark.parametrize(
    ("key", "given", "fault"),
    [
        ("not_loaded", None, "exceptions.not_loaded.message wants account"),
        ("not_loaded", {"account": "a", "x": "b"}, "exceptions.not_loaded.message does not know x"),
        ("surprise", None, "there is no text exceptions.surprise.message"),
    ],
)
def test_exception(shown: Shown, key: str, given: dict[str, str] | None, fault: str) -> None:
    """The message of an exception that is never shown counts as well."""
    HomeAssistantError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=given)
    assert_found(shown, fault)


def test_exceptions_of_others(shown: Shown) -> None:
    """Texts of other integrations, and texts without a translation, are not checked."""
    HomeAssistantError(translation_domain="demo", translation_key="surprise")
    HomeAssistantError("Surprise")
    assert shown.faults == set()


async def test_repair(kit: GlancesKit, shown: Shown) -> None:
    """Title and description of a repair."""
    ir.async_create_issue(
        kit.hass,
        DOMAIN,
        "x",
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key="missing_entities",
        translation_placeholders={"entity": "x"},
    )
    assert_found(
        shown,
        "issues.missing_entities.title wants widget",
        "issues.missing_entities.fix_flow.step.confirm.title wants widget",
        "issues.missing_entities.fix_flow.step.confirm.description wants entities",
        "issues.missing_entities. does not know entity",
    )


@pytest.mark.parametrize(
    ("result", "fault"),
    [
        ({"step_id": "no_devices", "description_placeholders": {"x": ""}}, "config.step.no_devices. does not know x"),
        ({"step_id": "no_devices", "errors": {"base": "rejected"}}, "config.error.rejected wants error"),
        ({"step_id": "no_devices", "errors": {"base": "x"}}, "there is no text config.error.x"),
    ],
)
async def test_form(
    kit: GlancesKit, shown: Shown, monkeypatch: pytest.MonkeyPatch, result: dict[str, Any], fault: str
) -> None:
    """All texts of a step, and its errors."""

    async def step(self: PushoverGlancesConfigFlow, user_input: dict[str, Any] | None = None) -> Any:
        return self.async_show_form(**result)

    monkeypatch.setattr(PushoverGlancesConfigFlow, "async_step_user", step)
    await kit.hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert_found(shown, fault)


async def test_end_of_a_flow(kit: GlancesKit, shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason why a flow ends."""
    monkeypatch.setattr("custom_components.pushover_glances.flows.widget.WidgetFlow.async_step_user", _abort)
    entry = await kit.load()
    await kit.hass.config_entries.subentries.async_init((entry.entry_id, "widget"), context={"source": SOURCE_USER})
    assert_found(shown, "config_subentries.widget.abort.rejected wants error")


async def _abort(self: Any, user_input: dict[str, Any] | None = None) -> Any:
    return self.async_abort(reason="rejected")
