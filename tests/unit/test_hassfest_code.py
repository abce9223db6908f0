"""What the code needs stands in the manifest, and every entity of the code has an icon."""

import json
from pathlib import Path

import pytest

from .hassfest_code import imported, with_device_class
from .hassfest_files import names

_PACKAGE = Path(__file__).parents[2] / "custom_components" / "pushover_glances"
_CODE = [path.read_text(encoding="utf-8") for path in _PACKAGE.rglob("*.py")]
_MANIFEST, _TEXTS, _ICONS = (
    json.loads((_PACKAGE / name).read_text(encoding="utf-8"))
    for name in ("manifest.json", "translations/en.json", "icons.json")
)
_WITH_PICTURE = {"image"}
"""Platforms whose entities show a picture in the place of an icon."""


def test_dependencies() -> None:
    """What the code imports of other integrations is named, unless it is what the other one asks for."""
    named = {*_MANIFEST.get("dependencies", []), *_MANIFEST.get("after_dependencies", [])}
    assert imported(_CODE) <= named | {path.stem for path in _PACKAGE.glob("*.py")}
    assert not {*_MANIFEST.get("dependencies", [])} & {*_MANIFEST.get("after_dependencies", [])}


def test_entities_have_icons() -> None:
    """Every entity has an icon, by its name or by its device class, and no icon is for an entity that is not there."""
    assert names(_ICONS) <= names(_TEXTS)
    others = {(platform, name) for platform, name in names(_TEXTS) - names(_ICONS) if platform not in _WITH_PICTURE}
    assert {name for _, name in others} <= with_device_class(_CODE)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param('D(key="a", device_class=X)', {"a"}, id="description"),
        pytest.param('D(key="a", translation_key="b", device_class=X)', {"a", "b"}, id="two keys"),
        pytest.param('D(key="a", name=None)', set(), id="no device class"),
        pytest.param('class E:\n    _attr_translation_key = "a"\n    _attr_device_class = X', {"a"}, id="class"),
        pytest.param('class E:\n    _attr_translation_key = "a"', set(), id="class without"),
    ],
)
def test_with_device_class(code: str, expected: set[str]) -> None:
    """A device class is found where entities are described."""
    assert with_device_class([code]) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("from homeassistant.components.http import A", {"http"}, id="from"),
        pytest.param("from homeassistant.components import http", {"http"}, id="from all"),
        pytest.param("import homeassistant.components.http.auth", {"http"}, id="import"),
        pytest.param("from homeassistant.components.sensor import A", set(), id="platform"),
        pytest.param("from .components.http import A", set(), id="own"),
    ],
)
def test_imported(code: str, expected: set[str]) -> None:
    """An integration that is needed is found however it is imported."""
    assert imported([code]) == expected
