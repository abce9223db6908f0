"""The Marketplace, which is part of Home Assistant from 2026.11 on, installs this repository's files and updates them.

It reads a release from hosts on loopback. Home Assistant 2026.10 has no Marketplace: there, what a release holds is all
that is checked, and the workflow asks HACS for its rules.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from importlib import import_module
from importlib.util import find_spec
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from .catalog import PACKAGE, REPOSITORY_ID, ROOT, Catalog, Files, installed_files, released_files

_needs_marketplace = pytest.mark.skipif(
    find_spec("homeassistant.components.marketplace") is None, reason="this Home Assistant has no Marketplace"
)
_HACS = "hacs.json"
_MANIFEST = f"{PACKAGE}/manifest.json"
_VERSION = json.loads((ROOT / _MANIFEST).read_text(encoding="utf-8"))["version"]
_LATER = "99.0.0"


@pytest.fixture
async def catalog(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Catalog]:
    """Return the hosts that the Marketplace asks, with the first release."""
    profiles: Any = import_module("homeassistant.components.marketplace.profiles")
    catalog = Catalog()
    catalog.releases[f"v{_VERSION}"] = released_files()
    async with catalog.server:
        urls = dict.fromkeys(("api", "github", "raw", "catalog"), catalog.url)
        profile = profiles.DownloadProfile(id=profiles.DEFAULT_PROFILE, operator="this test", **urls)
        monkeypatch.setitem(profiles.PROFILES, profiles.DEFAULT_PROFILE, profile)
        yield catalog


async def set_up(hass: HomeAssistant) -> None:
    """Set up the Marketplace, which reads the catalog."""
    entry = next(iter(hass.config_entries.async_entries("marketplace")), None)
    if entry is None:
        entry = MockConfigEntry(domain="marketplace")
        entry.add_to_hass(hass)
        assert await async_setup_component(hass, "marketplace", {})
    else:
        assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()


type Install = Callable[[], Awaitable[dict[str, Any]]]


@pytest.fixture
def install(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> Install:
    """Return what installs the release that the catalog offers, as the page of the Marketplace does."""

    async def _install() -> dict[str, Any]:
        client = await hass_ws_client(hass)
        await client.send_json_auto_id({"type": "marketplace/warning/accept"})
        assert (await client.receive_json())["success"]
        await client.send_json_auto_id({"type": "marketplace/repository/install", "repository": REPOSITORY_ID})
        answer: dict[str, Any] = await client.receive_json()
        await hass.async_block_till_done()
        return answer

    return _install


def on_disk(folder: Path) -> Files:
    """Return what has been installed."""
    package = folder / PACKAGE
    return {path.relative_to(package).as_posix(): path.read_bytes() for path in package.rglob("*") if path.is_file()}


def changed(files: Files, name: str, **values: Any) -> Files:
    """Return files with other values in one that is JSON; None takes a key away."""
    content = json.loads(files[name]) | values
    return files | {name: json.dumps({key: value for key, value in content.items() if value is not None}).encode()}


def test_release() -> None:
    """A release has one integration, all of its files, and what a page about it shows."""
    files = released_files()
    assert {name.split("/")[1] for name in files if name.startswith("custom_components/")} == {"pushover_glances"}
    assert {_HACS, _MANIFEST, "README.md", "LICENSE"} <= set(files)
    modules = {path.relative_to(ROOT / PACKAGE).as_posix() for path in (ROOT / PACKAGE).rglob("*.py")}
    assert modules <= set(installed_files(files))
    assert not [name for name in files if "__pycache__" in name]
    assert re.fullmatch(r"[a-z0-9_-]+", json.loads(files[_MANIFEST])["domain"])


@_needs_marketplace
async def test_install_and_update(hass: HomeAssistant, install: Install, catalog: Catalog, tmp_path: Path) -> None:
    """All files of the integration arrive, no others, and an update takes away what a new release has no more."""
    await set_up(hass)
    assert (await install())["success"]
    first = released_files()
    assert on_disk(tmp_path) == installed_files(first)

    second = changed(first, _MANIFEST, version=_LATER) | {f"{PACKAGE}/new.py": b"NEW = 1\n"}
    del second[f"{PACKAGE}/switch.py"]
    catalog.releases[f"v{_LATER}"] = second
    await set_up(hass)
    (update,) = [
        item.entity_id
        for item in er.async_get(hass).entities.values()
        if (item.domain, item.platform) == ("update", "marketplace")
    ]
    state = hass.states.get(update)
    assert state is not None
    assert (state.state, state.attributes["installed_version"]) == ("on", f"v{_VERSION}")
    assert state.attributes["latest_version"] == f"v{_LATER}"
    await hass.services.async_call("update", "install", {"entity_id": update}, blocking=True)
    await hass.async_block_till_done()
    assert on_disk(tmp_path) == installed_files(second)
    state = hass.states.get(update)
    assert state is not None
    assert (state.state, state.attributes["installed_version"]) == ("off", f"v{_LATER}")


@_needs_marketplace
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(
            (_HACS, "homeassistant", "2099.1.0"), "requires Home Assistant 2099.1.0", id="newer Home Assistant"
        ),
        pytest.param((_MANIFEST, "version", None), "has no valid version", id="no version"),
        pytest.param((_MANIFEST, "domain", "Pushover/Glances"), "is not a valid integration domain", id="no domain"),
    ],
)
async def test_refused(
    hass: HomeAssistant, install: Install, catalog: Catalog, change: tuple[str, str, Any], reason: str
) -> None:
    """A release that the Marketplace could not use is distinguished from ours: nothing of it is installed."""
    await set_up(hass)
    name, key, value = change
    catalog.releases[f"v{_VERSION}"] = changed(released_files(), name, **{key: value})
    answer = await install()
    assert not answer["success"]
    assert reason in answer["error"]["message"]
    assert on_disk(Path(hass.config.config_dir)) == {}
    assert not [issue for issue in ir.async_get(hass).issues if "restart" in issue[1]]
