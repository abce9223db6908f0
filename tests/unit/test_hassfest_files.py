"""Manifest, actions, icons and quality scale keep Home Assistant's rules, and hacs.json those of HACS."""

from copy import deepcopy
import json
from pathlib import Path
import struct
from typing import Any

from homeassistant.util.yaml import load_yaml_dict
import pytest
import voluptuous as vol

import custom_components.pushover_glances as package

from .hassfest_files import HACS, ICONS, MANIFEST, SERVICES, names, parts_of_actions, texts_of_actions

_PACKAGE = Path(__file__).parents[2] / "custom_components" / "pushover_glances"
_MINIMUM = "2026.10.0"
"""The oldest Home Assistant that the integration promises to work on."""


def read(name: str) -> dict[str, Any]:
    """Return what a JSON file of the integration says."""
    content: dict[str, Any] = json.loads((_PACKAGE / name).read_text(encoding="utf-8"))
    return content


_MANIFEST, _TEXTS, _ICONS = read("manifest.json"), read("translations/en.json"), read("icons.json")
_HACS, _ACTIONS = read("../../hacs.json"), load_yaml_dict(str(_PACKAGE / "services.yaml"))

_ACTION: dict[str, Any] = {
    "target": {"entity": {"integration": "demo"}},
    "fields": {
        "title": {
            "example": "Door",
            "selector": {"text": None},
            "required": True,
            "filter": {"attribute": {"a": ["b"]}},
        },
        "more": {"collapsed": True, "fields": {"count": {"example": 3, "selector": {"number": {"min": 0}}}}},
    },
}
_GOOD: dict[str, Any] = {
    "manifest": {
        "domain": "demo",
        "name": "Demo",
        "codeowners": ["@one", "@two/three"],
        "config_flow": True,
        "documentation": "https://example.com",
        "integration_type": "service",
        "iot_class": "cloud_push",
        "issue_tracker": "https://example.com/issues",
        "version": "1.2.3",
    },
    "hacs": {"name": "Demo", "homeassistant": "2026.10.0"},
    "services": {"update": _ACTION, "plain": {"fields": {"on": {"example": True, "selector": {"boolean": {}}}}}},
    "icons": {
        "entity": {
            "sensor": {
                "status": {"default": "mdi:watch", "state": {"sent": "mdi:check"}},
                "level": {"default": "mdi:watch", "range": {"0": "mdi:check", "50": "mdi:close"}},
            }
        },
        "services": {"update": {"service": "mdi:watch", "sections": {"more": "mdi:check"}}},
    },
}
_SCHEMAS: dict[str, Any] = {"manifest": MANIFEST, "hacs": HACS, "services": SERVICES, "icons": ICONS}


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return good files with a change at a path."""
    files = node = deepcopy(_GOOD)
    *parents, last = path.split("/")
    for name in parents:
        node = node[name]
    node[last] = value
    return files


def test_files() -> None:
    """Every file has what Home Assistant and HACS ask for, and nothing that they do not know."""
    files = {"manifest": _MANIFEST, "hacs": _HACS, "services": _ACTIONS, "icons": _ICONS}
    for name, schema in _SCHEMAS.items():
        schema(_GOOD[name])
        schema(files[name])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("manifest/homeassistant", "2026.10.0", id="key of HACS"),
        pytest.param("manifest/after_dependencies", [], id="key out of order"),
        pytest.param("manifest/version", "soon", id="no version"),
        pytest.param("manifest/version", 1, id="version is no text"),
        pytest.param("manifest/documentation", "http://example.com", id="insecure page"),
        pytest.param("manifest/documentation", "https://www.home-assistant.io/integrations/demo", id="page of core"),
        pytest.param("manifest/issue_tracker", "issues", id="no address"),
        pytest.param("manifest/codeowners", [], id="no owner"),
        pytest.param("manifest/codeowners", ["one"], id="owner is no account"),
        pytest.param("manifest/iot_class", "cloud", id="unknown class"),
        pytest.param("manifest/integration_type", "account", id="unknown type"),
        pytest.param("manifest/config_flow", False, id="no flow"),
        pytest.param("hacs/domains", ["demo"], id="unknown key of HACS"),
        pytest.param("hacs/homeassistant", "new", id="no version of Home Assistant"),
        pytest.param("hacs/zip_release", True, id="archive without name"),
        pytest.param("hacs/name", None, id="no name"),
        pytest.param("services/Update", _ACTION, id="action is no slug"),
        pytest.param("services/update/icon", "mdi:watch", id="unknown key of an action"),
        pytest.param("services/update/target", {"entities": {}}, id="unknown target"),
        pytest.param("services/update/fields/title", {"example": "Door"}, id="no selector"),
        pytest.param("services/update/fields/title/selector", {"texts": {}}, id="unknown selector"),
        pytest.param("services/update/fields/title/selector", {"number": {"min": "a"}}, id="wrong selector"),
        pytest.param("services/update/fields/title/example", None, id="no example"),
        pytest.param("services/update/fields/title/default", None, id="empty default"),
        pytest.param("services/update/fields/title/required", "yes", id="required is no boolean"),
        pytest.param("services/update/fields/title/filter", {"domain": ["a"]}, id="unknown filter"),
        pytest.param("services/update/fields/more/fields/count/selector", {}, id="no selector in a section"),
        pytest.param("services/update/fields/more/collapsed", 1, id="collapsed is no boolean"),
        pytest.param("services/plain/fields/on/filter", {"attribute": {"a": ["b"]}}, id="filter without target"),
        pytest.param("icons/entities", {}, id="unknown part of icons"),
        pytest.param("icons/entity/sensor/status/default", "hass:watch", id="other icons"),
        pytest.param("icons/entity/sensor/status/default", "mdi:wach", id="no such icon"),
        pytest.param("icons/entity/sensor/status/state/sent", "mdi:watch", id="icon of state is the default"),
        pytest.param("icons/entity/sensor/status/state/Sent", "mdi:check", id="state is no slug"),
        pytest.param("icons/entity/sensor/level/range", {"5": "mdi:check", "0": "mdi:close"}, id="ranges out of order"),
        pytest.param("icons/entity/sensor/level/range", {"low": "mdi:check"}, id="range is no number"),
        pytest.param("icons/entity/sensor/level/range/50", "mdi:watch", id="icon of range is the default"),
        pytest.param("icons/services/update", "mdi:watch", id="icon of an action is short"),
        pytest.param("icons/services/update/sections/more", "more", id="icon of a section"),
    ],
)
def test_files_refuse(path: str, value: Any) -> None:
    """What Home Assistant or HACS would refuse, or not show, does not pass."""
    name = path.partition("/")[0]
    with pytest.raises(vol.Invalid):
        _SCHEMAS[name](changed(path, value)[name])


@pytest.mark.parametrize(("name", "key"), [(name, key) for name in ("manifest", "hacs") for key in _GOOD[name]])
def test_files_miss(name: str, key: str) -> None:
    """Every key of the small manifests is needed."""
    with pytest.raises(vol.Invalid):
        _SCHEMAS[name]({other: value for other, value in _GOOD[name].items() if other != key})


def test_names() -> None:
    """Folder, manifest and hacs.json agree, and there is one integration to install."""
    assert [path.parent.name for path in _PACKAGE.parent.glob("*/manifest.json")] == [_MANIFEST["domain"]]
    assert _HACS["name"] == _MANIFEST["name"]
    assert _HACS["homeassistant"] == _MINIMUM
    assert hasattr(package, "CONFIG_SCHEMA")


def test_brand() -> None:
    """There is an icon to show, which is the one picture that Home Assistant cannot do without."""
    icon = (_PACKAGE / "brand" / "icon.png").read_bytes()
    assert icon.startswith(b"\x89PNG\r\n\x1a\n")
    # Width and height of a PNG stand behind its signature and the head of its first chunk; 256 by the brands' rules.
    assert struct.unpack(">2I", icon[16:24]) == (256, 256)


def test_actions() -> None:
    """Every action, field and section has a name, every action an icon, and no name stands for two fields."""
    parts = parts_of_actions(_ACTIONS)
    assert len(parts) == len(set(parts))
    assert set(texts_of_actions(_TEXTS)) == set(parts)
    assert set(texts_of_actions(_ICONS)) <= set(parts)
    assert set(_ACTIONS) == set(_TEXTS["services"]) == set(_ICONS["services"])
    selectors = [value["selector"] for fields in _fields(_ACTIONS) for value in fields.values() if "selector" in value]
    keys = {
        options["translation_key"]
        for item in selectors
        for options in item.values()
        if "translation_key" in (options or {})
    }
    assert keys <= set(_TEXTS["selector"])


def _fields(actions: dict[str, Any]) -> list[dict[str, Any]]:
    outer = [action["fields"] for action in actions.values() if "fields" in (action or {})]
    return outer + [value["fields"] for fields in outer for value in fields.values() if "fields" in value]


def test_parts_of_actions() -> None:
    """Fields within a section have their names beside those of the others."""
    parts = [("update", "fields", "title"), ("update", "sections", "more"), ("update", "fields", "count")]
    assert parts_of_actions({"update": _ACTION, "clear": None}) == parts
    texts: dict[str, Any] = {"update": {"fields": {"title": {}, "count": {}}, "sections": {"more": {}}}}
    assert set(texts_of_actions({"services": texts})) == set(parts)


def test_states_have_names() -> None:
    """No icon is for a state that an entity with named states does not have."""
    for platform, name in names(_ICONS) & names(_TEXTS):
        icons, texts = _ICONS["entity"][platform][name], _TEXTS["entity"][platform][name]
        assert set(icons.get("state", {})) <= set(texts.get("state", icons.get("state", {})))
