"""What neither Home Assistant's hassfest nor HACS's check, which the workflow runs, ask of a custom integration's files."""

from importlib import resources
import json
from pathlib import Path

import homeassistant

import custom_components.pushover_glances as package
from tests.texts import leaves

_PACKAGE = Path(package.__file__).parent
_CORE = Path(homeassistant.__file__).parent / "components"
_MANIFEST, _ICONS, _HACS = (
    json.loads((_PACKAGE / name).read_text(encoding="utf-8"))
    for name in ("manifest.json", "icons.json", "../../hacs.json")
)


def test_names() -> None:
    """There is one integration to install, which HACS names as Home Assistant does."""
    assert [path.parent.name for path in _PACKAGE.parent.glob("*/manifest.json")] == [_MANIFEST["domain"]]
    assert _HACS["name"] == _MANIFEST["name"]


def test_integrations_that_are_named() -> None:
    """Home Assistant has every integration that this one waits for."""
    named = [*_MANIFEST.get("dependencies", []), *_MANIFEST.get("after_dependencies", [])]
    assert [name for name in named if not (_CORE / name / "manifest.json").is_file()] == []
    assert len(named) == len(set(named))


def test_yaml() -> None:
    """The YAML configuration has a schema; hassfest only warns without one."""
    assert hasattr(package, "CONFIG_SCHEMA")


def test_icons() -> None:
    """The frontend has every icon."""
    icons = resources.files("hass_frontend").joinpath("static", "mdi", "iconList.json").read_bytes()
    known = {f"mdi:{icon['name']}" for icon in json.loads(icons)}
    assert {path: icon for path, icon in leaves(_ICONS) if icon not in known} == {}
