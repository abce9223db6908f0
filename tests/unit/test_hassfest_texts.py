"""The texts keep Home Assistant's rules, and every language says the same."""

from copy import deepcopy
import json
from pathlib import Path
from typing import Any

from homeassistant.generated.languages import LANGUAGES
import pytest
import voluptuous as vol

from .hassfest_texts import TEXTS, differences, leaves, untranslated

_FOLDER = Path(__file__).parents[2] / "custom_components" / "pushover_glances" / "translations"
_TEXTS: dict[str, Any] = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in _FOLDER.glob("*.json")}
_ENGLISH = _TEXTS["en"]

_FLOW: dict[str, Any] = {
    "step": {
        "user": {
            "title": "Connect",
            "description": "See [the page]({url}).",
            "data": {"token": "Token"},
            "data_description": {"token": "30 letters"},
            "menu_options": {"again": "Again"},
            "submit": "Save",
            "sections": {"more": {"name": "More", "data": {"limit": "Limit"}, "data_description": {"limit": "A day"}}},
        }
    },
    "error": {"unknown": "Unknown"},
    "abort": {"done": "Done"},
}
_GOOD: dict[str, Any] = {
    "title": "A title",
    "common": {"word": "Word"},
    "config": _FLOW,
    "config_subentries": {
        "widget": {**_FLOW, "entry_type": "Widget", "initiate_flow": {"user": "Add", "reconfigure": "Change"}}
    },
    "device": {"account": {"name": "Account {name}"}},
    "entity": {"sensor": {"status": {"name": "Status", "state": {"sent": "Sent"}}}},
    "exceptions": {"full": {"message": "It is full: {error}"}},
    "issues": {
        "plain": {"title": "Title", "description": "Description"},
        "fixable": {"title": "Title", "fix_flow": {"step": {"confirm": {"title": "Fix it"}}}},
    },
    "options": _FLOW,
    "selector": {"field": {"options": {"time-stamp_1": "Time stamp"}}},
    "services": {
        "update": {
            "name": "Update",
            "description": "Updates.",
            "fields": {"title": {"name": "Title", "description": "The title"}},
            "sections": {"more": {"name": "More"}},
        }
    },
    "system_health": {"info": {"reachable": "Reachable"}},
}
_ANYWHERE = "exceptions.full.message"


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return good texts with a change at a dotted path."""
    texts = node = deepcopy(_GOOD)
    *parents, last = path.split(".")
    for name in parents:
        node = node[name]
    node[last] = value
    return texts


def without(path: str) -> dict[str, Any]:
    """Return good texts without what is at a dotted path."""
    texts = node = deepcopy(_GOOD)
    *parents, last = path.split(".")
    for name in parents:
        node = node[name]
    del node[last]
    return texts


def test_schema() -> None:
    """Every language has the parts that Home Assistant knows, with texts that it can show."""
    assert TEXTS(_GOOD) == _GOOD
    for texts in _TEXTS.values():
        TEXTS(texts)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("surprise", "Text", id="unknown part"),
        pytest.param("config.title", "Text", id="title of the flow"),
        pytest.param("config.step.user.help", "Text", id="unknown text of a step"),
        pytest.param("config.step.User", {}, id="step is no slug"),
        pytest.param("config.step.user.data_description.other", "Text", id="description without field"),
        pytest.param(
            "config.step.user.sections.more.data_description.token", "Text", id="description of other section"
        ),
        pytest.param("config.initiate_flow", {"reconfigure": "Text"}, id="no way in"),
        pytest.param("config_subentries.Widget", _GOOD["config_subentries"]["widget"], id="type is no slug"),
        pytest.param("device.account.model", "Text", id="unknown text of a device"),
        pytest.param("entity.sensor.status_", {"name": "Text"}, id="entity is no slug"),
        pytest.param("entity.sensor.status.state.sent", "Sent {at}", id="placeholder in a state"),
        pytest.param("entity.sensor.status.unit_of_measurement", "a {day}", id="placeholder in a unit"),
        pytest.param("exceptions.full.title", "Text", id="unknown text of an exception"),
        pytest.param("issues.plain.fix_flow", {"step": {}}, id="issue has description and fix"),
        pytest.param("issues.fixable.fix_flow", {"abort": {}}, id="fix without steps"),
        pytest.param("selector.field.options.Title", "Text", id="capital in an option"),
        pytest.param("selector.field.options.a__b", "Text", id="two underscores"),
        pytest.param("selector.field.options._a", "Text", id="underscore first"),
        pytest.param("selector.field.options.a-", "Text", id="hyphen last"),
        pytest.param("services.update.response", "Text", id="unknown text of an action"),
        pytest.param("system_health.reachable", "Text", id="system health without info"),
        pytest.param(_ANYWHERE, "", id="empty"),
        pytest.param(_ANYWHERE, " Text", id="leading blank"),
        pytest.param(_ANYWHERE, "Text\n", id="trailing line end"),
        pytest.param(_ANYWHERE, "A <b>bold</b> text", id="HTML"),
        pytest.param(_ANYWHERE, "See https://example.com/page", id="URL"),
        pytest.param(_ANYWHERE, "See www.example.com", id="URL without scheme"),
        pytest.param(_ANYWHERE, "[%key:common::error%]", id="reference"),
        pytest.param(_ANYWHERE, "The field '{field}' is", id="placeholder in quotes"),
        pytest.param(_ANYWHERE, "L'{field} est", id="placeholder after an apostrophe"),
        pytest.param(_ANYWHERE, "The {first field}", id="placeholder with a blank"),
        pytest.param(_ANYWHERE, "The field {}", id="placeholder without a name"),
        pytest.param(_ANYWHERE, "The {field", id="brace left open"),
        pytest.param(_ANYWHERE, None, id="no text"),
    ],
)
def test_schema_refuses(path: str, value: Any) -> None:
    """A text or part that Home Assistant would not show as it is meant does not pass."""
    with pytest.raises(vol.Invalid):
        TEXTS(changed(path, value))


@pytest.mark.parametrize(
    "path",
    [
        "config.step",
        "config_subentries.widget.step",
        "config_subentries.widget.entry_type",
        "config_subentries.widget.initiate_flow",
        "config_subentries.widget.initiate_flow.user",
        "device.account.name",
        "exceptions.full.message",
        "issues.plain.title",
        "issues.plain.description",
        "issues.fixable.fix_flow",
        "services.update.name",
        "services.update.description",
        "services.update.fields.title.name",
        "services.update.fields.title.description",
        "services.update.sections.more.name",
    ],
)
def test_schema_misses(path: str) -> None:
    """What has to be there is missed."""
    with pytest.raises(vol.Invalid):
        TEXTS(without(path))


def test_languages() -> None:
    """Every file is named after a language of Home Assistant, and has the texts and placeholders of the English one."""
    assert set(_TEXTS) <= LANGUAGES
    assert [(language, fault) for language, texts in _TEXTS.items() for fault in differences(_ENGLISH, texts)] == []


def test_languages_are_translated() -> None:
    """No language but English has a sentence in English."""
    others = {language: texts for language, texts in _TEXTS.items() if language != "en"}
    assert [(language, path) for language, texts in others.items() for path in untranslated(_ENGLISH, texts)] == []


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(without("exceptions.full.message"), ["missing: exceptions.full.message"], id="missing"),
        pytest.param(changed("issues.plain.more", "Text"), ["unknown: issues.plain.more"], id="unknown"),
        pytest.param(changed(_ANYWHERE, "Voll"), [f"other placeholders: {_ANYWHERE}"], id="placeholder missing"),
        pytest.param(changed(_ANYWHERE, "{fehler}"), [f"other placeholders: {_ANYWHERE}"], id="placeholder translated"),
        pytest.param(changed(_ANYWHERE, "Voll: {error}"), [], id="translated"),
    ],
)
def test_differences(texts: dict[str, Any], expected: list[str]) -> None:
    """A language that differs is found out."""
    assert differences(_GOOD, texts) == expected


def test_untranslated() -> None:
    """A long text is a sentence; a short one may be a name."""
    sentence = changed(_ANYWHERE, "A sentence that is longer than forty characters.")
    assert untranslated(sentence, sentence) == [_ANYWHERE]
    assert untranslated(sentence, _GOOD) == []
    assert untranslated(_GOOD, _GOOD) == []


def test_every_text_is_looked_at() -> None:
    """No text escapes the checks, and none is given twice, of which Home Assistant would drop the first."""
    for language, texts in _TEXTS.items():
        file = (_FOLDER / f"{language}.json").read_text(encoding="utf-8")
        assert len(list(leaves(texts))) == file.count('": "')
