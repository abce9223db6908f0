"""What has to be written down beside the table of fields agrees with it: the actions, the emulator, texts, documents."""

import json
from pathlib import Path
import re
from typing import Any

from aiohttp import ClientSession
from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.pushover_glances.pushover import NUMBER_FIELDS, TEXT_FIELDS, Field, Place, Value
from emulator import Emulator
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

from .documents import ROOT, column, section
from .test_emulator import session

__all__ = ["session"]

_PACKAGE = ROOT / "custom_components" / "pushover_glances"
_ACTIONS: dict[str, Any] = load_yaml_dict(str(_PACKAGE / "services.yaml"))
_LANGUAGES = sorted((_PACKAGE / "translations").glob("*.json"))
# Pushover names no limit for a count, so no text names the integration's own.
_UNLIMITED = Field.COUNT
# How the texts number the lines of a large complication.
_ORDINALS = {
    "de": ("erste", "zweite", "dritte"),
    "en": ("first", "second", "third"),
    "es": ("primera", "segunda", "tercera"),
    "fr": ("première", "deuxième", "troisième"),
    "it": ("prima", "seconda", "terza"),
    "nl": ("eerste", "tweede", "derde"),
}


def good(field: Field) -> list[Value]:
    """Return values that just fit a field."""
    if field in TEXT_FIELDS:
        return ["", "🚗" * TEXT_FIELDS[field].limit]
    return ["", NUMBER_FIELDS[field].low, NUMBER_FIELDS[field].high]


def bad(field: Field) -> list[Value]:
    """Return values that Pushover refuses."""
    if field in TEXT_FIELDS:
        return ["x" * (TEXT_FIELDS[field].limit + 1)]
    numbers = NUMBER_FIELDS[field]
    return ["x"] if field is _UNLIMITED else ["x", numbers.low - 1, numbers.high + 1]


def descriptions(file: Path) -> list[dict[str, str]]:
    """Return what the forms and the action say about each field, in one language."""
    texts = json.loads(file.read_text(encoding="utf-8"))
    forms = texts["config_subentries"]
    steps = forms["widget"]["step"]["fields"], forms["page"]["step"]["fields"], forms["alert"]["step"]["alert"]
    action = {name: item["description"] for name, item in texts["services"]["update"]["fields"].items()}
    return [*(step["data_description"] for step in steps), action]


def tells_limits(field: Field, text: str) -> bool:
    """Tell whether a text has the limits of a field."""
    if field is _UNLIMITED:
        return True
    traits = NUMBER_FIELDS.get(field)
    limits = {TEXT_FIELDS[field].limit} if traits is None else {traits.low, traits.high}
    return limits <= set(map(int, re.findall(r"\d+", text)))


@pytest.mark.parametrize("field", Field)
def test_action(field: Field) -> None:
    """The action asks for a field as what it is, within its limits, and has an example of it."""
    described = _ACTIONS["update"]["fields"][field]
    if field in TEXT_FIELDS:
        assert described["selector"] == {"text": None}
        assert len(described["example"]) <= TEXT_FIELDS[field].limit
        return
    asked, traits = described["selector"]["number"], NUMBER_FIELDS[field]
    assert (asked["min"], asked["max"], asked.get("unit_of_measurement")) == (traits.low, traits.high, traits.unit)
    assert described["example"] in range(traits.low, traits.high + 1)


def test_order() -> None:
    """The actions have the fields in Pushover's order, and every one can be cleared."""
    assert list(_ACTIONS["update"]["fields"])[: len(Field)] == list(Field)
    assert _ACTIONS["clear"]["fields"]["fields"]["selector"]["select"]["options"] == list(Field)


@pytest.mark.parametrize("field", Field)
async def test_emulator(session: ClientSession, emulator: Emulator, field: Field) -> None:
    """The emulator knows every field, and has the same limits in a list of its own."""
    keys = {"token": EXAMPLE_TOKEN, "user": EXAMPLE_USER}
    for values, status in ((good(field), 200), (bad(field), 400)):
        for value in values:
            async with session.post(f"{emulator.url}1/glances.json", data={**keys, field: value}) as response:
                assert (value, response.status) == (value, status)
    assert list(emulator.world.users[EXAMPLE_USER].devices["iphone"].stored) == [field]


@pytest.mark.parametrize("file", _LANGUAGES, ids=[path.stem for path in _LANGUAGES])
def test_texts(file: Path) -> None:
    """The forms and the action tell the limits of every field, in every language."""
    described = descriptions(file)
    assert [(field, part[field]) for part in described for field in Field if not tells_limits(field, part[field])] == []


@pytest.mark.parametrize("file", _LANGUAGES, ids=[path.stem for path in _LANGUAGES])
def test_lines(file: Path) -> None:
    """The forms and the action number the lines as a large complication shows them, in every language."""
    lines = [field for field, traits in TEXT_FIELDS.items() if Place.LINE in traits.places]
    for part in descriptions(file):
        for ordinal, field in zip(_ORDINALS[file.stem], lines, strict=True):
            assert ordinal in part[field].lower()


@pytest.mark.parametrize("file", _LANGUAGES, ids=[path.stem for path in _LANGUAGES])
def test_choices(file: Path) -> None:
    """The forms of the fields name everything that a field can show, in every language."""
    texts = json.loads(file.read_text(encoding="utf-8"))
    choices = texts["selector"]["source"]["choices"].values()
    for kind in "widget", "page":
        description = texts["config_subentries"][kind]["step"]["fields"]["description"].lower()
        assert [choice for choice in choices if choice.lower() not in description] == []


@pytest.mark.parametrize(
    ("doc", "heading", "header", "limits"),
    [
        ("actions", "pushover_glances.update", "Field", 1),
        ("setup", "Fields", "Field", 1),
        ("alerts", "When, and what to show", "Setting", 2),
    ],
    ids=["actions", "setup", "alerts"],
)
def test_documents(doc: str, heading: str, header: str, limits: int) -> None:
    """The documents tell the limits of every field."""
    text = section(f"docs/{doc}.md", heading)
    told = dict(zip(map(str.lower, column(text, header)), column(text, header, limits), strict=True))
    assert [(field, told[field]) for field in Field if not tells_limits(field, told[field])] == []
