"""What people read is complete and true, as far as code can tell: links, names, fields, settings, examples."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any
from urllib.parse import quote

from homeassistant.components.automation.config import ValidationStatus, async_validate_config_item
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.util import slugify
from homeassistant.util.yaml import load_yaml_dict, parse_yaml
import pytest

from custom_components.pushover_glances import PLATFORMS, const
from devtools.drawings import DRAWINGS
from devtools.recipes import read_recipes
from devtools.screenshots import DOCUMENTED
from devtools.wishes import WISHES

from .documents import DOCS, ROOT, actions, blocks, column, headings, links, prose, read, section, slug

_PACKAGE = ROOT / "custom_components" / "pushover_glances"
_BLUEPRINTS = ROOT / "blueprints" / "automation" / "pushover_glances"
_IMAGES = ROOT / "docs" / "images"
_TEXTS: dict[str, Any] = json.loads((_PACKAGE / "translations" / "en.json").read_text(encoding="utf-8"))
_SERVICES = load_yaml_dict(str(_PACKAGE / "services.yaml"))
_FORM = _TEXTS["config_subentries"]["widget"]["step"]["fields"]
_ENTITIES = _TEXTS["config_subentries"]["widget"]["step"]["entities"]["sections"]
_RING = [_ENTITIES["percent"]["data"][key] for key in ("min", "max")]
_ALERT = _TEXTS["config_subentries"]["alert"]["step"]
_PAGE = _TEXTS["config_subentries"]["page"]["step"]
_STATUSES: dict[str, str] = _TEXTS["entity"]["sensor"]["status"]["state"]
_ACTIONS = {f"pushover_glances.{name}": set(service.get("fields", {})) for name, service in _SERVICES.items()}
_ACTIONS["glances.update"] = _ACTIONS["pushover_glances.update"]
# Named after their device class and their widget, and not by a text of ours.
_UNTRANSLATED = {"binary_sensor.iphone_glance_problem": "Problem", "notify.iphone_glance": "Notify"}
# The rules of the quality scale that ask for a text, and where it stands.
_RULES = {
    "docs-actions": ("docs/actions.md", "Actions"),
    "docs-configuration-parameters": ("docs/setup.md", "Delivery"),
    "docs-data-update": ("docs/entities.md", "What is fetched and sent, and when"),
    "docs-examples": ("docs/actions.md", "Examples"),
    "docs-high-level-description": ("README.md", "Pushover Glances for Home Assistant"),
    "docs-installation-instructions": ("README.md", "Install"),
    "docs-installation-parameters": ("docs/setup.md", "Account"),
    "docs-known-limitations": ("docs/limits.md", "Limits"),
    "docs-removal-instructions": ("README.md", "Remove"),
    "docs-supported-devices": ("docs/limits.md", "Supported devices"),
    "docs-supported-functions": ("docs/entities.md", "All entities"),
    "docs-troubleshooting": ("docs/troubleshooting.md", "Troubleshooting"),
    "docs-use-cases": ("docs/entities.md", "Use cases"),
}
_LINKS = [pytest.param(doc, link, id=f"{doc} {link}") for doc in sorted(DOCS) for link in sorted(set(links(doc)))]
_YAML = [pytest.param(text, id=f"{doc} {number}") for number, (doc, text) in enumerate(blocks("yaml"))]


@pytest.mark.parametrize(("doc", "link"), [item for item in _LINKS if "://" not in str(item.values[1])])
def test_links(doc: str, link: str) -> None:
    """Every file that is linked to is there, and every anchor is one of its headings."""
    path, _, anchor = link.partition("#")
    target = (DOCS[doc].parent / path).resolve() if path else DOCS[doc]
    assert target.is_relative_to(ROOT)
    assert target.exists()
    assert not anchor or anchor in map(slug, headings(target.relative_to(ROOT).as_posix()))


def test_pictures() -> None:
    """Every picture is shown, with words for those who do not see it, and the front page shows the way."""
    shown = {link for doc in DOCS for link in links(doc) if link.endswith(".png")}
    names = {Path(link).name for link in shown}
    steps = {"hero.png", "account.png", "widget_what.png", "widget_preview.png"}
    others = {f"{name}.png" for name in (*DRAWINGS, *DOCUMENTED)}
    wishes = {f"{wish.name}.png" for wish in WISHES}
    recipes = {f"{recipe.name}.png" for recipe in read_recipes()}
    assert names == others | wishes | recipes
    assert {path.name for path in _IMAGES.rglob("*.png")} == names
    assert {path.name for path in (_IMAGES / "wishes").iterdir()} == wishes
    assert {path.name for path in (_IMAGES / "recipes").iterdir()} == recipes
    assert steps <= {Path(link).name for link in links("README.md")}
    assert [doc for doc in DOCS if "![](" in read(doc)] == []


@pytest.mark.parametrize("doc", sorted(DOCS))
def test_headings_are_distinct(doc: str) -> None:
    """No anchor stands for two headings, and there is one title."""
    anchors = [slug(heading) for heading in headings(doc)]
    assert len(anchors) == len(set(anchors))
    assert len(re.findall(r"^# ", prose(doc), re.MULTILINE)) == 1


def test_front_page_leads_everywhere() -> None:
    """Every document can be reached from the front page, which has what the flow links to."""
    assert {link.partition("#")[0] for link in links("README.md")} >= set(DOCS) - {"README.md"}
    for address in (const.HELP_URL, const.REPAIRS_URL):
        url, _, anchor = address.partition("#")
        doc = url.removeprefix(f"{const.DOCUMENTATION}/blob/main/")
        assert anchor in map(slug, headings(doc))


@pytest.mark.parametrize("text", _YAML)
async def test_yaml(hass: HomeAssistant, text: str) -> None:
    """Every example parses; Home Assistant takes it; our actions are called with fields that they have."""
    example: Any = parse_yaml(text)
    assert example
    steps = list(actions(example))
    cv.SCRIPT_SCHEMA(steps)
    for automation in [example] * ("triggers" in example):
        checked = await async_validate_config_item(hass, "example", automation)
        assert checked is not None
        assert (checked.validation_status, checked.validation_error) == (ValidationStatus.OK, None)
    ours = [step for step in steps if "glances." in step["action"]]
    assert {step["action"] for step in ours} <= set(_ACTIONS)
    assert [step for step in ours if not set(step.get("data", {})) <= _ACTIONS[step["action"]]] == []


def test_every_action_has_an_example() -> None:
    """Under its long name and its short one."""
    called = {step["action"] for _, text in blocks("yaml") for step in actions(parse_yaml(text))}
    assert called >= {*_ACTIONS, "notify.send_message"}


@pytest.mark.parametrize("action", sorted(_SERVICES))
def test_fields_of_the_actions(action: str) -> None:
    """All fields of an action, and no others."""
    text, fields = section("docs/actions.md", f"pushover_glances.{action}"), list(_SERVICES[action].get("fields", {}))
    assert ("It has no fields" in text) if not fields else column(text, "Field") == fields


def test_response() -> None:
    """Every status of a response, and no other."""
    code = (_PACKAGE / "widget.py").read_text(encoding="utf-8")
    statuses = re.findall(r"status: Literal\[(.+)\]", code)[0].replace('"', "").split(", ")
    assert column(section("docs/actions.md", "Response"), "Status") == statuses


def test_errors_of_the_actions() -> None:
    """Every error that an action may raise, by the first sentence of its text."""
    queued = {"bad_answer", "cannot_connect", "rate_limited", "overtaken"}
    # With the first the account is never loaded; the others have a row together.
    elsewhere = {"newer_version", "authentication", "invalid_token", "invalid_user_key"}
    told = " ".join(column(section("docs/actions.md", "Errors"), "Error"))
    for key, text in _TEXTS["exceptions"].items():
        if key not in queued | elsewhere:
            sentence = re.split(r"[.:](?: |$)", text["message"])[0]
            missing = [part for part in re.split(r"\{\w+\}", sentence) if part.strip() not in told]
            assert (key, missing) == (key, [])


def _begin(step: Any) -> list[str]:
    """Return the names of the fields of a first step, those of the section for a summary last."""
    return [*step["data"].values(), *step["sections"]["summary"]["data"].values()]


@pytest.mark.parametrize(
    ("doc", "heading", "names"),
    [
        ("setup", "Fields", _FORM["data"].values()),
        ("setup", "Entities in texts", _ENTITIES["text"]["data"].values()),
        ("setup", "Entities in count and percent", [*_ENTITIES["count"]["data"].values(), *_RING]),
        ("setup", "Delivery", _FORM["sections"]["delivery"]["data"].values()),
        ("setup", "What to show", _begin(_TEXTS["config_subentries"]["widget"]["step"]["user"])),
        ("setup", "Account", _TEXTS["config"]["step"]["user"]["data"].values()),
        ("alerts", "What to watch", _ALERT["user"]["data"].values()),
        ("alerts", "When, and what to show", _ALERT["alert"]["data"].values()),
        ("pages", "What a page shows", _begin(_PAGE["user"])),
        ("pages", "When a page applies", _PAGE["when"]["data"].values()),
    ],
    ids=[
        "fields",
        "entities in texts",
        "entities in numbers",
        "delivery",
        "what to show",
        "account",
        "what an alert watches",
        "alert",
        "what a page shows",
        "when a page applies",
    ],
)
def test_settings(doc: str, heading: str, names: Any) -> None:
    """Every setting of a form, and no other."""
    text = section(f"docs/{doc}.md", heading)
    assert [name for header in ("Field", "Setting", "Choice", "Key") for name in column(text, header)] == list(names)


def test_entities() -> None:
    """Every entity of a widget with its id, and no other; those that are disabled are named."""
    names = {
        f"{platform}.{slugify(f'iphone glance {texts["name"]}')}": texts["name"]
        for platform, entities in _TEXTS["entity"].items()
        for key, texts in entities.items()
        if "name" in texts and key not in ("dismiss", "connection")
    }
    text = section("docs/entities.md", "All entities")
    assert dict(zip(column(text, "Entity", 1), column(text, "Entity"), strict=True)) == names | _UNTRANSLATED
    code = {platform: (_PACKAGE / f"{platform}.py").read_text(encoding="utf-8") for platform in _TEXTS["entity"]}
    disabled = {
        texts["name"]
        for platform, entities in _TEXTS["entity"].items()
        for key, texts in entities.items()
        if "name" in texts and re.search(rf'translation_key="{key}",[^)]*enabled_default=False', code[platform])
    }
    enabled = dict(zip(column(text, "Entity"), column(text, "Entity", 2), strict=True))
    assert disabled
    assert enabled == {name: "no" if name in disabled else "yes" for name in enabled}


def test_statuses() -> None:
    """Every state of the status, with what it means and what to do, and no other."""
    text = section("docs/entities.md", "States of the status")
    assert dict(zip(column(text, "State", 1), column(text, "State"), strict=True)) == _STATUSES
    assert column(section("docs/troubleshooting.md", "Every status"), "Status") == list(_STATUSES.values())
    event = _TEXTS["entity"]["event"]["update"]["state_attributes"]["event_type"]["state"]
    text = section("docs/entities.md", "Events of the update")
    assert dict(zip(column(text, "Event", 1), column(text, "Event"), strict=True)) == event


def test_repairs() -> None:
    """Every repair by its title and its key, and no other."""
    text = section("docs/troubleshooting.md", "Every repair")
    described = dict(
        zip(re.findall(r"^`(\w+)`\.", text, re.MULTILINE), re.findall(r"^### (.+)", text, re.MULTILINE), strict=True)
    )
    assert described == {key: re.sub(r"\{\w+\}", "…", texts["title"]) for key, texts in _TEXTS["issues"].items()}


def test_messages_of_the_forms() -> None:
    """Every message that the page explains is one of a form."""
    shown = " ".join(_words({part: _TEXTS[part] for part in ("config", "config_subentries")}))
    parts = "; ".join(column(section("docs/troubleshooting.md", "While setting up"), "Message")).split("; ")
    assert [part for part in parts if part.lower() not in shown.lower()] == []


def _words(texts: Any) -> Iterator[str]:
    if isinstance(texts, dict):
        for item in texts.values():
            yield from _words(item)
    else:
        yield texts


def test_system_information() -> None:
    """Every line of the system information, and no other."""
    text = section("docs/troubleshooting.md", "System information")
    assert column(text, "Line") == list(_TEXTS["system_health"]["info"].values())


def test_diagnostics() -> None:
    """The example has every key that there is, and the history knows every word."""
    (example,) = [json.loads(text) for _, text in blocks("json")]
    (shown,), (alert,), (page,) = example["widgets"], example["alerts"], example["pages"]
    keys = {*example, *shown, *shown["fields"]["title"], *alert, *page}
    code = (_PACKAGE / "diagnostics.py").read_text(encoding="utf-8")
    assert set(alert["when"]) | set(alert["says"]) <= set(_ALERT["alert"]["data"])
    text = section("docs/troubleshooting.md", "Diagnostics")
    live = ("waits_to_last", "without_state", "ended_without_state")
    assert [name for name in live if f"`{name}`" not in text] == []
    assert keys == set(re.findall(r'^ {8}"(\w+)":', code, re.MULTILINE))
    assert set(shown["settings"]) <= {*_FORM["data"], *_FORM["sections"]["delivery"]["data"]}
    errors = re.findall(r'return "(\w+)"', (_PACKAGE / "exceptions.py").read_text(encoding="utf-8"))
    text = section("docs/troubleshooting.md", "How to read the history")
    words = {"sent", *errors}
    assert [word for word in words if f"`{word}`" not in text] == []
    assert {re.split("[ :]+", line)[-1] for line in shown["history"]} <= words | set(_STATUSES)


def test_kinds_and_details() -> None:
    """Every kind of entities and every detail by its name, and no other."""
    kinds, details = ([*_TEXTS["selector"][key]["options"].values()] for key in ("kind", "detail"))
    assert column(section("docs/alerts.md", "All of a kind"), "Kind") == kinds
    assert column(section("docs/setup.md", "House summary"), "Summary of") == kinds
    assert sorted(column(section("docs/setup.md", "Details"), "Detail")) == sorted(details)


def test_signs_of_the_preview() -> None:
    """Every sign that the preview explains."""
    signs = re.findall(r"[—⚠✂]", _TEXTS["config_subentries"]["widget"]["step"]["preview"]["description"])
    assert column(section("docs/setup.md", "Preview"), "Sign")[: len(signs)] == signs


@pytest.mark.parametrize("file", sorted(path.name for path in _BLUEPRINTS.iterdir()))
def test_blueprints(file: str) -> None:
    """Every blueprint with a link that imports it, and its inputs, and no others."""
    blueprint = load_yaml_dict(str(_BLUEPRINTS / file))["blueprint"]
    url = f"{const.DOCUMENTATION}/blob/main/blueprints/automation/pushover_glances/{file}"
    assert blueprint["source_url"] == url
    text = section("docs/blueprints.md", blueprint["name"].removesuffix(" (Pushover Glances)"))
    assert f"https://my.home-assistant.io/redirect/blueprint_import/?blueprint_url={quote(url, safe='')})" in text
    assert f"(../blueprints/automation/pushover_glances/{file})" in text
    inputs = [
        name
        for item in blueprint["input"].values()
        for name in ([inner["name"] for inner in item["input"].values()] if "input" in item else [item["name"]])
    ]
    assert column(text, "Input") == inputs


def test_quality_scale() -> None:
    """Every rule that asks for a text has one, but those that ask for none here."""
    rules = load_yaml_dict(str(_PACKAGE / "quality_scale.yaml"))["rules"]
    assert {rule for rule in rules if rule.startswith("docs-")} - set(_RULES) == {"docs-conditions", "docs-triggers"}
    assert [rule for rule, (doc, heading) in _RULES.items() if len(section(doc, heading)) < 200] == []


@pytest.mark.parametrize("doc", sorted(DOCS))
def test_names(doc: str) -> None:
    """An action or an entity of a widget that is named is one."""
    text = read(doc)
    named = set(re.findall(r"(?<![\w/.])(?:pushover_)?glances\.\w+", text))
    assert named <= {*_ACTIONS, "glances.json"}
    table = section("docs/entities.md", "All entities")
    entities = set(column(table, "Entity", 1))
    assert set(re.findall(r"\b[a-z_]+\.iphone\w*", text)) <= entities


def test_layout() -> None:
    """Every module is named, but for the platforms, which Home Assistant names."""
    text = section("docs/development.md", "Layout")
    paths = [path.relative_to(_PACKAGE) for path in _PACKAGE.rglob("*.py") if path.name != "__init__.py"]
    modules = {path.as_posix() for path in paths} - {f"{platform}.py" for platform in PLATFORMS}
    assert [name for name in sorted(modules) if f"`{name}`" not in text] == []


def test_development() -> None:
    """Every module, class and function that the page for developers names is there."""
    doc = "docs/development.md"
    text, way = read(doc), "".join(block for name, block in blocks("text") if name == doc)
    folders = (ROOT, _PACKAGE, _PACKAGE / "translations", ROOT / "tests" / "unit", ROOT / "tests" / "integration")
    modules = re.findall(r"`([\w/]+\.(?:py|yaml|json))`", text)
    assert modules
    assert [name for name in modules if not any((folder / name).exists() for folder in folders)] == []
    code = "".join(path.read_text(encoding="utf-8") for path in _PACKAGE.rglob("*.py"))
    parts = "".join(section(doc, heading) for heading in ("Five questions", "Glossary", "Who owns which state"))
    named = re.findall(r"`([\w.]+)`", parts) + re.findall(r"\b(?:_\w+|\w+_\w+|[A-Z]\w+\.\w+)", way)
    names = {part for name in named if name not in modules for part in name.split(".")}
    assert names
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", code)] == []
    owners = section(doc, "Who owns which state")
    shared = [path for path in _PACKAGE.rglob("*.py") if "] = HassKey(" in path.read_text(encoding="utf-8")]
    assert shared
    assert [path for path in shared if f"`{path.relative_to(_PACKAGE).as_posix()}`" not in owners] == []
    recipes = "".join(section(doc, heading) for heading in headings(doc) if heading.startswith("Add a"))
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    steps = set(re.findall(r"`(_\w+|[A-Z]\w+)", recipes))
    assert steps
    assert [name for name in sorted(steps) if not re.search(rf"\b{name}\b", code + tests)] == []
