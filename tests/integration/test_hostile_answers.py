"""Whatever Pushover answers, and whatever of the secrets it repeats: Home Assistant goes on, and shows none of them."""

from collections.abc import Iterator
from dataclasses import asdict
import json
import logging
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir
from homeassistant.helpers.json import json_bytes
from homeassistant.helpers.translation import async_get_translations
from hypothesis import example, given, strategies as st
import pytest

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.diagnostics import async_get_config_entry_diagnostics
from emulator import Fault, Kind
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER
from tests.examples import searching
from tests.hostile import assert_no_secrets, encodable_texts, json_values, leaks, texts
from tests.markdown import kinds

from . import test_config_flow
from .kit import MINUTE, ROUNDING, SPACING, GlancesKit, widget
from .test_entities import enable
from .test_hostile_actions import assert_nothing_unexpected
from .test_widget_flow import start

_LOWER = EXAMPLE_TOKEN.lower()
_WORDS = texts | json_values
_ANSWERS = st.fixed_dictionaries(
    {"status": st.sampled_from((0, 0, 1))},
    optional={
        "errors": st.lists(texts, max_size=3) | _WORDS,
        "devices": st.lists(_WORDS, max_size=3).map(lambda names: ["iphone", *names]) | _WORDS,
        "request": _WORDS,
        "token": _WORDS,
        "user": _WORDS,
        "device": _WORDS,
    },
)
# What of a repair or of the end of a flow may come from the sentence itself.
_MARKDOWN = {"paragraph_open", "text", "text_special", "softbreak", "code_inline"}


async def _descriptions(kit: GlancesKit) -> Iterator[str]:
    """Return the descriptions of the repairs, filled in as the frontend does it."""
    language = await async_get_translations(kit.hass, "en", "issues", [DOMAIN])
    issues = [issue for issue in ir.async_get(kit.hass).issues.values() if issue.domain == DOMAIN and issue.active]
    return (
        _filled(
            language[f"component.{DOMAIN}.issues.{issue.translation_key}.{_description(issue)}"],
            issue.translation_placeholders,
        )
        for issue in issues
    )


def _description(issue: ir.IssueEntry) -> str:
    return "fix_flow.step.confirm.description" if issue.is_fixable else "description"


def _filled(text: str, placeholders: Any) -> str:
    for name, value in (placeholders or {}).items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _log(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the whole log, tracebacks included, but for what the harness writes of its own."""
    formatter = logging.Formatter("%(name)s %(message)s")
    return [formatter.format(item) for item in caplog.records if not item.name.startswith(("pytest", "asyncio"))]


async def _seen(kit: GlancesKit, entry: Any) -> dict[str, object]:
    """Return all that people see or share of an account, but for its own data."""
    hass = kit.hass
    return {
        "title": entry.title,
        "reason": entry.reason,
        "unique id": entry.unique_id,
        "repairs": [asdict(issue) for issue in ir.async_get(hass).issues.values()],
        "states": [state.as_dict() for state in hass.states.async_all()],
        "entities": er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id),
        "devices": dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id),
        "diagnostics": await async_get_config_entry_diagnostics(hass, entry),
        "subentries": [subentry.as_dict() for subentry in entry.subentries.values()],
        "flows": [
            flow for flow in hass.config_entries.flow.async_progress() if flow["context"]["source"] != SOURCE_REAUTH
        ],
    }


@searching(30)
@given(answer=_ANSWERS, status=st.sampled_from((200, 400, 400)), headers=st.booleans())
@example(answer={"status": 0, "errors": ["a\ud800b"], "request": "\ud800"}, status=400, headers=False)
@example(answer={"status": 0, "errors": ["![](https://example.com/x.png) <img src=x>"]}, status=400, headers=False)
@example(answer={"status": 0, "errors": [_LOWER], "request": _LOWER}, status=400, headers=False)
@example(answer={"status": 1, "devices": ["iphone", _LOWER, "a\ud800"]}, status=200, headers=False)
@example(answer={"status": 1, "devices": ["", "*"]}, status=200, headers=False)
@example(answer={"status": 1}, status=200, headers=True)
async def test_any_answer(
    kit: GlancesKit, caplog: pytest.LogCaptureFixture, answer: dict[str, Any], status: int, *, headers: bool
) -> None:
    """To a set-up, a form, an action and a notify message."""
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    await kit.tick(SPACING + ROUNDING)
    entry = await kit.load(widget(text="x"))
    await enable(kit, entry, "event.iphone_glance_update")
    # An entity that has been enabled has Home Assistant load its account again.
    await kit.tick(MINUTE)
    body = json.dumps(answer)
    repeated = {"X-Limit-App-Reset": EXAMPLE_TOKEN} if headers else {}
    fault = Fault(Kind.STATUS, None, status=status, body=body, headers=repeated)
    kit.emulator.faults[:] = [fault]
    told: list[object] = []
    try:
        for action, data in ((f"{DOMAIN}.update", {"text": "y"}), ("notify.send_message", {"message": "z"})):
            await kit.tick(SPACING + ROUNDING)
            told.append(await _act(kit, action, data))
        told.append(await _form(kit, entry))
        assert all(set(kinds(text)) <= _MARKDOWN for text in await _descriptions(kit))
        await kit.hass.config_entries.async_reload(entry.entry_id)
        await kit.settle()
        told.append(await _account(kit))
        seen = await _seen(kit, entry) if entry.state.recoverable else {}
        json_bytes([told, seen.get("states"), seen.get("diagnostics"), seen.get("subentries"), seen.get("repairs")])
        assert_no_secrets([*seen.items(), *enumerate(told)])
    finally:
        kit.emulator.faults.clear()
        await kit.hass.config_entries.async_remove(entry.entry_id)
        await kit.settle()
    assert [line for line in _log(caplog) if leaks(line)] == []
    assert [line for item in caplog.records if DOMAIN in item.name and "\n" in (line := item.getMessage())] == []
    assert_nothing_unexpected(caplog)


async def _act(kit: GlancesKit, action: str, data: dict[str, Any]) -> object:
    """Return the answer of an action, or its error."""
    domain, name = action.split(".")
    data = {**data, "entity_id": "notify.iphone_glance"}
    try:
        return await kit.hass.services.async_call(domain, name, data, blocking=True, return_response=domain == DOMAIN)
    except HomeAssistantError as err:
        return f"{err} {err.translation_placeholders}"


async def _form(kit: GlancesKit, entry: Any) -> object:
    """Return what the first form of a widget shows, and see that the end of a flow is nothing but words."""
    if entry.state.recoverable is False:
        return None
    form = await start(kit, entry)
    if form["type"] == "abort":
        language = await async_get_translations(kit.hass, "en", "config_subentries", [DOMAIN])
        key = f"component.{DOMAIN}.config_subentries.widget.abort.{form['reason']}"
        text = _filled(language[key], form["description_placeholders"])
        assert set(kinds(text)) <= _MARKDOWN
        return text
    kit.hass.config_entries.subentries.async_abort(form["flow_id"])
    return form["data_schema"].schema["device"].config["options"]


async def _account(kit: GlancesKit) -> object:
    """Return what a form for a new account shows, without what was typed into it."""
    flows = kit.hass.config_entries.flow
    flow_id = await test_config_flow.start(kit.hass)
    result = await flows.async_configure(flow_id, {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER})
    if result["type"] == "create_entry":
        title = result["title"]
        await kit.hass.config_entries.async_remove(result["result"].entry_id)
        return title
    flows.async_abort(flow_id)
    return [result.get("errors"), result.get("description_placeholders"), result.get("reason")]


async def test_cookies(kit: GlancesKit, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Pushover sets for a cookie does not get into aiohttp's log."""
    caplog.set_level(logging.DEBUG)
    # Of an address like the emulator's, aiohttp takes no cookies; of a host with a name it does.
    monkeypatch.setattr("aiohttp.cookiejar.is_ip_address", lambda _host: False)
    headers = {"Set-Cookie": f"{EXAMPLE_USER},={EXAMPLE_TOKEN}"}
    kit.emulator.faults.append(Fault(Kind.STATUS, status=200, body='{"status": 1}', headers=headers))
    await kit.load(widget(text="x"))
    assert [line for line in _log(caplog) if leaks(line)] == []


@searching(30)
@given(words=encodable_texts)
@example("[x](https://example.com)")
@example("<img src=x>")
async def test_names_in_repairs(kit: GlancesKit, words: str) -> None:
    """A device that there is not, and an entity id that is none, are words there."""
    entry = await kit.load(
        widget(f"not {words}"), widget(text=f"{{{{ is_state({json.dumps(words)}, 'on') }}}}"), widget("ipad", title="x")
    )
    for _ in range(3):
        await kit.tick(301)
    descriptions = [*await _descriptions(kit)]
    assert len(descriptions) == 2
    assert [text for text in descriptions if not set(kinds(text)) <= _MARKDOWN] == []
    await kit.hass.config_entries.async_remove(entry.entry_id)
    await kit.settle()
