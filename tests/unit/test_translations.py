"""Every text that is used exists, and every text that exists is used."""

import json
from pathlib import Path
import re
from typing import Any

from homeassistant.const import WEEKDAYS
from homeassistant.helpers.selector import SelectSelector
import pytest
import yaml

from custom_components.pushover_glances import const, issues
from custom_components.pushover_glances.binary_sensor import ATTR_ALERTS, ATTR_ERROR, ATTR_REASON
from custom_components.pushover_glances.config_flow import PushoverGlancesConfigFlow
from custom_components.pushover_glances.content import alert_text
from custom_components.pushover_glances.content.details import DETAILS
from custom_components.pushover_glances.content.group_details import _WORDS
from custom_components.pushover_glances.content.kinds import KINDS
from custom_components.pushover_glances.content.settings import SETTINGS
from custom_components.pushover_glances.content.target import PLACES
from custom_components.pushover_glances.exceptions import error_key
from custom_components.pushover_glances.flows import alert_form
from custom_components.pushover_glances.flows.alert import AlertFlow
from custom_components.pushover_glances.flows.page import PageFlow
from custom_components.pushover_glances.flows.source_selector import SourceSelector
from custom_components.pushover_glances.flows.target_form import CONF_KIND
from custom_components.pushover_glances.flows.widget import WidgetFlow
from custom_components.pushover_glances.planner import FAILING, Reason
from custom_components.pushover_glances.pushover import (
    NUMBER_FIELDS,
    AuthenticationError,
    BadAnswerError,
    CannotConnectError,
    Field,
    NoAnswerError,
    Problem,
    RateLimitedError,
    RejectedError,
    ServerError,
)
from custom_components.pushover_glances.widget import PROBLEMS

_PACKAGE = Path(__file__).parents[2] / "custom_components" / "pushover_glances"
_TEXTS: dict[str, Any] = json.loads((_PACKAGE / "translations" / "en.json").read_text(encoding="utf-8"))
_WIDGET = _TEXTS["config_subentries"]["widget"]
_ALERT = _TEXTS["config_subentries"]["alert"]
_PAGE = _TEXTS["config_subentries"]["page"]
_LANGUAGES = sorted(path.stem for path in (_PACKAGE / "translations").glob("*.json"))
_CODE = {path.relative_to(_PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in _PACKAGE.rglob("*.py")}
# How an entity is shown in a text, and in a number field.
_TEXT_OPTIONS = ("detail", "attribute", "name", "decimals", "unit", "template")
_NUMBER_OPTIONS = ("detail", "attribute", "min", "max", "template")
# Steps that only lead to others, or end a flow.
_WITHOUT_FORM = {"reauth", "keep", "replace", "save"}
_FROM_PUSHOVER = {
    error_key(error)
    for error in (
        AuthenticationError("token"),
        AuthenticationError("user"),
        BadAnswerError(200, is_answer=True),
        CannotConnectError(),
        NoAnswerError(),
        RateLimitedError(None),
        RejectedError((), {}, None),
        ServerError(500),
    )
}


def quoted(file: str, pattern: str) -> set[str]:
    """Return what a module's code says in the places of this pattern."""
    return set(re.findall(pattern, _CODE[file], re.MULTILINE))


def steps(flow: type) -> set[str]:
    """Return the steps of a flow that show a form or a menu."""
    ours = [item for item in flow.__mro__ if item.__module__.startswith("custom_components.")]
    methods = {name for item in ours for name in vars(item)}
    names = {name.removeprefix("async_step_") for name in methods if name.startswith("async_step_")}
    return names - _WITHOUT_FORM


def test_steps_of_the_flows() -> None:
    """Every step has its texts."""
    assert set(_TEXTS["config"]["step"]) == steps(PushoverGlancesConfigFlow)
    assert set(_WIDGET["step"]) == steps(WidgetFlow)
    assert set(_ALERT["step"]) == steps(AlertFlow)
    assert set(_PAGE["step"]) == steps(PageFlow)


def test_fields_of_the_flows() -> None:
    """Every field has a name and a description, and there are no others."""
    credentials = {"token", "user_key"}
    settings = {setting.key for setting in SETTINGS}
    templates = {field.value for field in Field}
    target = {CONF_KIND, *PLACES}
    asked = {getattr(alert_form, name) for name in quoted("flows/alert_form.py", r"vol\.\w+\((CONF_\w+)")}
    expected = {
        ("config", "pushover"): {"keys", "name"},
        ("config", "application"): {"user_key", "copy"},
        ("config", "user"): credentials | {"name"},
        ("config", "reauth_confirm"): {"token"},
        ("config", "reconfigure"): {"token"},
        ("config", "no_devices"): set(),
        ("widget", "user"): {"device", "entities", "copy"},
        ("widget", "exists"): set(),
        ("widget", "fields"): templates,
        ("widget", "entities"): set(),
        ("widget", "preview"): set(),
        ("widget", "reconfigure"): {"device", "entities"},
        ("alert", "user"): {"entities", *target, "copy"},
        ("alert", "reconfigure"): {"entities", *target},
        ("alert", "alert"): templates | {"widgets"} | (asked - {"entities"}),
        ("alert", "preview"): set(),
        ("page", "user"): {"entities", "copy", "name", "widgets"},
        ("page", "reconfigure"): {"entities", "name", "widgets"},
        ("page", "when"): {"from", "until", "weekday", "conditions", "priority"},
        ("page", "fields"): templates | {"replace", "urgent_entities"},
        ("page", "entities"): set(),
        ("page", "moment"): {"moment"},
        ("page", "preview"): set(),
    }
    parts = {"config": _TEXTS["config"], "widget": _WIDGET, "alert": _ALERT, "page": _PAGE}
    assert set(expected) == {(part, step) for part, texts in parts.items() for step in texts["step"]}
    for (part, step), names in expected.items():
        texts = parts[part]["step"][step]
        assert set(texts.get("data", {})) == set(texts.get("data_description", {})) == names
    text, number = {*_TEXT_OPTIONS, *PLACES}, {*_NUMBER_OPTIONS, *PLACES}
    begin = {"summary": target}
    expected_sections = {
        "user": begin,
        "reconfigure": begin,
        "fields": {"delivery": settings},
        "entities": {name.value: number if name in NUMBER_FIELDS else text for name in Field},
    }
    sections = [section for texts in _WIDGET["step"].values() for section in texts.get("sections", {}).values()]
    assert all(section["data"].keys() == section["data_description"].keys() for section in sections)
    steps_with_sections = {
        step: {name: set(section["data"]) for name, section in texts["sections"].items()}
        for step, texts in _WIDGET["step"].items()
        if "sections" in texts
    }
    assert steps_with_sections == expected_sections
    assert _PAGE["step"]["user"]["sections"] == _WIDGET["step"]["user"]["sections"]
    assert _PAGE["step"]["entities"]["sections"] == _WIDGET["step"]["entities"]["sections"]


def test_menus() -> None:
    """Every option of a menu has its texts, and the other way round."""
    expected = {
        "exists": {"replace", "keep", "user"},
        "preview": {"save", "fields", "entities", "user", "reconfigure"},
    }
    for kind in ("menu_options", "menu_option_descriptions"):
        assert {step: set(texts[kind]) for step, texts in _WIDGET["step"].items() if kind in texts} == expected
        page = {step: set(texts[kind]) for step, texts in _PAGE["step"].items() if kind in texts}
        assert page == {"preview": {"save", "fields", "entities", "when", "moment", "user", "reconfigure"}}
        alert = {step: set(texts[kind]) for step, texts in _ALERT["step"].items() if kind in texts}
        assert alert == {"preview": {"save", "alert"}}


def test_errors_and_aborts() -> None:
    """Every error key of a flow has its text, and the other way round."""
    ours = quoted("config_flow.py", r'"((?:invalid|group)_\w+|unknown|keys_swapped|user_key_gone)"') | _FROM_PUSHOVER
    assert set(_TEXTS["config"]["error"]) == ours
    assert set(_TEXTS["config"]["abort"]) == {"already_configured"}
    templates = quoted("content/rendering.py", r'"(template_\w+)"') | quoted(
        "flows/widget_form.py", r'"(template_\w+)"'
    )
    of_targets = quoted("flows/target_form.py", r'"(no_kind|entities_and_kind)"')
    content = (
        quoted("flows/content_flow.py", r'"(too_many_\w+|entities_and_copy|copy_removed)"') | templates | of_targets
    )
    content |= quoted("flows/entity_options.py", r'"(range_\w+|no_such_\w+|detail_and_\w+)"')
    ours = quoted("flows/widget_device.py", r'"(device_taken|all_devices_alone)"') | content
    ours |= {error for setting in SETTINGS for error in setting.errors}
    assert set(_WIDGET["error"]) == ours
    ours = quoted("flows/page_form.py", r'"(no_(?:field|time)|times_\w+|\w+_out_of_range)"')
    assert set(_PAGE["error"]) == ours | content | quoted("content/conditions.py", r'"(conditions_\w+)"')
    gone = quoted("flows/subentry_flow.py", r'async_abort\(reason="(\w+)"')
    assert set(_PAGE["abort"]) == gone | {"page_removed"}
    ended = quoted("flows/widget.py", r'async_abort\(reason="(\w+)"') | quoted(
        "flows/widget_device.py", r'async_abort\(reason="(\w+)"'
    )
    assert set(_WIDGET["abort"]) == _FROM_PUSHOVER | ended | gone | {"widget_removed"}
    assert set(_WIDGET["create_entry"]) == {"default"}
    ours = quoted("flows/alert_form.py", r'"(no_\w+|\w+_(?:out_of_range|empty))"') | quoted(
        "flows/alert.py", r'"(no_\w+|entities_and_copy|alert_removed)"'
    )
    ours |= quoted("content/conditions.py", r'"(conditions_\w+)"') - {"conditions_error"}
    assert set(_ALERT["error"]) == ours | templates | of_targets
    ended = quoted("flows/alert.py", r'async_abort\(reason="(\w+)"')
    assert set(_ALERT["abort"]) == ended | gone | {"alert_removed"}


def test_exceptions() -> None:
    """Every exception has its text, and the other way round."""
    raised = _FROM_PUSHOVER | {problem.value for problem in Problem} | {*FAILING}
    for file in _CODE:
        raised |= quoted(file, r'translated\(\w+, "(\w+)"') | quoted(file, r'_refused\("(\w+)"')
    raised |= quoted("coordinator.py", r'_error\("(\w+)"\)')
    raised |= quoted("coordinator.py", r'key = "(\w+)" if') | quoted("coordinator.py", r'key = .* else "(\w+)"')
    assert set(_TEXTS["exceptions"]) == raised


def test_actions() -> None:
    """Every action has name, description and icon, every field name, description, example and selector."""
    described = yaml.safe_load((_PACKAGE / "services.yaml").read_text(encoding="utf-8"))
    icons = json.loads((_PACKAGE / "icons.json").read_text(encoding="utf-8"))
    assert set(_TEXTS["services"]) == set(described) == set(icons["services"])
    for name, texts in _TEXTS["services"].items():
        fields = described[name].get("fields", {})
        assert texts["name"]
        assert texts["description"]
        assert set(texts.get("fields", {})) == set(fields)
        assert all(field["name"] and field["description"] for field in texts.get("fields", {}).values())
        # What a form shows, and what the page of an action shows as its example.
        assert all({"selector", "example"} <= field.keys() for field in fields.values())


def test_entities() -> None:
    """Every entity that is not named by its device class has its texts, and the other way round; so have states."""
    keys = {
        platform: quoted(f"{platform}.py", r'translation_key="(\w+)"')
        for platform in ("binary_sensor", "button", "event", "image", "notify", "sensor", "switch")
    }
    assert {platform: set(texts) for platform, texts in _TEXTS["entity"].items()} == {
        platform: names for platform, names in keys.items() if names
    }
    assert set(_TEXTS["entity"]["sensor"]["status"]["state"]) == {reason.value for reason in Reason}
    problem = _TEXTS["entity"]["binary_sensor"]["problem"]["state_attributes"]
    assert set(problem) == {ATTR_REASON, ATTR_ALERTS, ATTR_ERROR}
    assert set(problem[ATTR_REASON]["state"]) == set(PROBLEMS)
    assert set(_TEXTS["entity"]["binary_sensor"]["alert"]["state"]) == {"on", "off"}
    event_type = _TEXTS["entity"]["event"]["update"]["state_attributes"]["event_type"]
    assert set(event_type["state"]) == {"sent", "failed"}


def test_sentences() -> None:
    """Every sentence of the previews and of what is filled in has its text, and the other way round."""
    said = quoted("flows/widget_preview.py", r'"(goes_\w+)"') | quoted(
        "flows/alert_preview.py", r'"(alert_(?:(?:in)?active|dismissed|empties|conditions_\w+))"'
    )
    said |= quoted("flows/preview_texts.py", r'"(number_\w+)"')
    said |= quoted("flows/page_preview.py", r'"(page_\w+)"') | quoted(
        "flows/page_form.py", r'async_text\(hass, "(\w+)"'
    )
    said |= quoted("flows/estimate.py", r'"(estimate\w*)"')
    said |= quoted("issues.py", r'filled_text\(self\._hass, "(\w+)"')
    said |= quoted("flows/alert_preview.py", r'"(no_members)"')
    for file in ("config_flow.py", "flows/widget_device.py", "flows/alert.py"):
        said |= quoted(file, r'async_text\(self\.hass, "(\w+)"')
    said |= {"active_while", *[f"active_while_{kind}" for kind in KINDS]}
    said |= quoted("content/counted_text.py", r'"((?:alert|unknown)_\w+)"')
    said |= {key for kind in KINDS.values() for key in (kind.none, kind.several)}
    said |= {words.none for words in _WORDS.values()} | {"none_here"}
    words = {kind.other for kind in KINDS.values()} | {item for words in _WORDS.values() for item in words[1:]}
    said |= {f"some_{word}" for word in {*words, "away", "home", "here", "jammed", "unlocked", "unknown"}}
    # Where the form is the same for one and for several, there is no text for one.
    said |= {f"one_{word}" for word in words | {"jammed"} if word not in ("away", "home", "ok")}
    said |= quoted("content/time_format.py", r'"(weekdays|months|day_month)"')
    said |= quoted("content/forecast_details.py", r'"(\w+_chance)"')
    said |= quoted("content/time_format.py", r'cached_text\(hass, "(\w+)"')
    said |= quoted("content/time_details.py", r'_(?:text|sun)\(hass, (?:states, )?"(\w+)"')
    said |= {"left", "all_done"} & quoted("content/entity_details.py", r'"(left|all_done)"')
    said |= {f"several_{name}" for name in ("door", "garage_door", "opening", "window")}
    assert set(_TEXTS["common"]) == said


@pytest.mark.parametrize("language", _LANGUAGES)
def test_variables(language: str) -> None:
    """The form of an alert names every variable that its templates may use."""
    texts = json.loads((_PACKAGE / "translations" / f"{language}.json").read_text(encoding="utf-8"))
    described = texts["config_subentries"]["alert"]["step"]["alert"]["description"]
    variables = {getattr(alert_text, name) for name in quoted("content/alert_text.py", r"^(ATTR_\w+) =")}
    assert {name for name in variables if re.search(rf"\b{name}\b", described)} == variables


def test_system_health() -> None:
    """Every line of the system information has its text, and the other way round."""
    assert set(_TEXTS["system_health"]["info"]) == quoted("system_health.py", r'^ +"(\w+)":')


def test_choices() -> None:
    """Every option of a choice has its text, and the other way round."""
    selectors = {setting.key: setting.selector for setting in SETTINGS}
    choices = {key: set(item.config["options"]) for key, item in selectors.items() if isinstance(item, SelectSelector)}
    expected = {
        "field": {field.value for field in Field},
        "keys": {"other"},
        "detail": set(DETAILS),
        "weekday": {*WEEKDAYS},
        "kind": set(KINDS),
        **choices,
    }
    texts = {**_TEXTS["selector"]}
    assert texts.pop("source") == {
        "choices": {kind: kind.capitalize() for kind in (*SourceSelector("text").config["choices"],)}
    }
    assert {key: set(item["options"]) for key, item in texts.items()} == expected


@pytest.mark.parametrize("language", _LANGUAGES)
def test_names_of_dates(language: str) -> None:
    """Every weekday and every month has a name."""
    texts = json.loads((_PACKAGE / "translations" / f"{language}.json").read_text(encoding="utf-8"))["common"]
    assert (len(texts["weekdays"].split()), len(texts["months"].split())) == (7, 12)


def test_repairs() -> None:
    """Every repair has its text, and the other way round."""
    told = quoted("issues.py", r'_create\("(\w+)"') | {*issues._ISSUES}  # noqa: SLF001  # those of a subentry
    assert set(_TEXTS["issues"]) == told
    for key, texts in _TEXTS["issues"].items():
        # What concerns a subentry leads to its form, which the description is the first step to.
        if key in issues._ISSUES:  # noqa: SLF001
            assert texts.keys() == {"title", "fix_flow"}
            assert texts["fix_flow"]["step"].keys() == {"confirm"}
            assert texts["fix_flow"]["step"]["confirm"].keys() == {"title", "description", "submit"}
            assert texts["fix_flow"]["step"]["confirm"]["title"] == texts["title"]
            assert texts["fix_flow"]["abort"].keys() == {"not_opened"}
        else:
            assert texts.keys() == {"title", "description"}


def test_nothing_else_is_there() -> None:
    """No part of the texts that Home Assistant knows and this integration does not use."""
    parts = {"title", "config", "config_subentries", "entity", "exceptions", "issues", "selector", "services"}
    assert set(_TEXTS) == parts | {"common", "system_health"}
    assert set(_TEXTS["config"]) == {"step", "error", "abort"}
    assert set(_TEXTS["config_subentries"]) == {
        const.SUBENTRY_TYPE_ALERT,
        const.SUBENTRY_TYPE_PAGE,
        const.SUBENTRY_TYPE_WIDGET,
    }
    for subentry, others in ((_ALERT, ()), (_PAGE, ()), (_WIDGET, ("create_entry",))):
        assert set(subentry) == {"entry_type", "initiate_flow", "step", "error", "abort", *others}
        assert set(subentry["initiate_flow"]) == {"user", "reconfigure"}
    flows = (_TEXTS["config"], _WIDGET, _ALERT, _PAGE)
    for step in [step for flow in flows for step in flow["step"].values()]:
        menu = {"menu_options", "menu_option_descriptions"}
        assert set(step) <= {"title", "description", "data", "data_description", "sections", "submit", *menu}
    for service in _TEXTS["services"].values():
        assert {"name", "description"} <= set(service) <= {"name", "description", "fields"}
