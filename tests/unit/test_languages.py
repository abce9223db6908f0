"""Every language has the same texts, and each of them can be shown.

Home Assistant's hassfest, which the workflow runs, knows the file of a custom integration's English texts alone.
"""

from collections.abc import Mapping
import re
from typing import Any

from homeassistant.generated.languages import LANGUAGES
from homeassistant.helpers import config_validation as cv
import pytest
import voluptuous as vol

from tests.texts import ENGLISH, FILES, TEXTS, leaves, placeholders

_ADDRESS = re.compile(r"://|www\.", re.IGNORECASE)
# Characters above which a text is a sentence, and not a name that two languages may share.
_LONG = 40
_TEXT = "A sentence that is longer than forty characters: {error}"


def faults(text: str) -> list[str]:
    """Return why Home Assistant would not show a text as it is meant."""
    try:
        cv.string_with_no_html(text)
        names = placeholders(text)
    except (vol.Invalid, ValueError) as err:
        return [str(err)]
    found = {
        "empty": not text,
        "blank at an end": text != text.strip(),
        "address": _ADDRESS.search(text),
        # Only Home Assistant's own integrations can refer to other texts.
        "reference": "[%" in text,
        # To the frontend, an apostrophe before a brace begins a quotation: the placeholder would be shown as it is.
        "apostrophe before a placeholder": "'{" in text,
        "placeholder is no identifier": not all(name.isidentifier() for name in names),
    }
    return [fault for fault, is_there in found.items() if is_there]


def differences(english: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return what another language lacks, has too much, or fills in differently."""
    ours, theirs = dict(leaves(english)), dict(leaves(other))
    return [
        *(f"missing: {path}" for path in sorted(ours.keys() - theirs.keys())),
        *(f"unknown: {path}" for path in sorted(theirs.keys() - ours.keys())),
        *(
            f"other placeholders: {path}"
            for path in sorted(ours.keys() & theirs.keys())
            if placeholders(ours[path]) != placeholders(theirs[path])
        ),
    ]


def untranslated(english: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return the sentences that another language has in English."""
    theirs = dict(leaves(other))
    return [path for path, text in leaves(english) if len(text) > _LONG and theirs.get(path) == text]


def test_names() -> None:
    """Every file is named after a language of Home Assistant's."""
    assert set(TEXTS) <= LANGUAGES


@pytest.mark.parametrize("language", TEXTS)
def test_texts_can_be_shown(language: str) -> None:
    """Home Assistant shows each text as it is meant."""
    assert {path: found for path, text in leaves(TEXTS[language]) if (found := faults(text))} == {}


@pytest.mark.parametrize("language", TEXTS)
def test_same_texts(language: str) -> None:
    """Each language has all texts, with the placeholders of the English ones."""
    assert differences(ENGLISH, TEXTS[language]) == []


@pytest.mark.parametrize("language", sorted(TEXTS.keys() - {"en"}))
def test_translated(language: str) -> None:
    """No sentence is in English."""
    assert untranslated(ENGLISH, TEXTS[language]) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_text_is_looked_at(path: Any) -> None:
    """No key is given twice, of which Home Assistant would drop the first."""
    assert len(list(leaves(TEXTS[path.stem]))) == path.read_text(encoding="utf-8").count('": "')


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(" Text", id="leading blank"),
        pytest.param("Text\n", id="trailing line end"),
        pytest.param("A <b>bold</b> text", id="HTML"),
        pytest.param("See https://example.com/page", id="address"),
        pytest.param("See www.example.com", id="address without scheme"),
        pytest.param("[%key:common::error%]", id="reference"),
        pytest.param("L'{field} est", id="placeholder after an apostrophe"),
        pytest.param("The {first field}", id="placeholder with a blank"),
        pytest.param("The field {}", id="placeholder without a name"),
        pytest.param("The {field", id="brace left open"),
    ],
)
def test_faults(text: str) -> None:
    """A text that would not be shown as it is meant is found."""
    assert faults(text)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param({}, ["missing: a.b"], id="missing"),
        pytest.param({"a": {"b": _TEXT, "c": "Text"}}, ["unknown: a.c"], id="unknown"),
        pytest.param({"a": {"b": "Voll"}}, ["other placeholders: a.b"], id="placeholder missing"),
        pytest.param({"a": {"b": "{fehler}"}}, ["other placeholders: a.b"], id="placeholder translated"),
        pytest.param({"a": {"b": "Voll: {error}"}}, [], id="translated"),
    ],
)
def test_differences(texts: dict[str, Any], expected: list[str]) -> None:
    """A language that differs is found."""
    assert differences({"a": {"b": _TEXT}}, texts) == expected


def test_untranslated() -> None:
    """A long text is a sentence; a short one may be a name."""
    sentence, name = {"a": _TEXT}, {"a": "Pushover"}
    assert untranslated(sentence, sentence) == ["a"]
    assert untranslated(sentence, name) == untranslated(name, name) == []
