"""What a release is made of: its version, its notes, and the address that it is found at."""

import json
from pathlib import Path
import re
import subprocess
from urllib.parse import unquote

import pytest

from custom_components.pushover_glances import const

_ROOT = Path(__file__).parents[2]
_PACKAGE = _ROOT / "custom_components" / "pushover_glances"
_MANIFEST = json.loads((_PACKAGE / "manifest.json").read_text(encoding="utf-8"))
_CHANGELOG = (_ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def _notes(tag: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [_ROOT / "scripts" / "release-notes", tag], capture_output=True, text=True, check=False
    )


def test_notes() -> None:
    """The release has the newest section of the changelog, which is that of the manifest's version."""
    answer = _notes(f"v{_MANIFEST['version']}")
    assert (answer.returncode, answer.stderr) == (0, "")
    newest = re.split(r"^## .*\n", _CHANGELOG, flags=re.MULTILINE)[1]
    assert answer.stdout.strip() == newest.strip()


@pytest.mark.parametrize("tag", [_MANIFEST["version"], f"v{_MANIFEST['version']}.1", "v99.0.0", "main"])
def test_other_tag(tag: str) -> None:
    """A tag that is not the version of the manifest makes no release."""
    answer = _notes(tag)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert f"The tag is {tag}, but the manifest has the version {_MANIFEST['version']}" in answer.stderr


def test_owner() -> None:
    """Every address of the repository names the same owner, who is its code owner."""
    owner, _, name = const.DOCUMENTATION.removeprefix("https://github.com/").partition("/")
    assert _MANIFEST["codeowners"] == [f"@{owner}"]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=_ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    found: dict[str, set[str]] = {}
    for path in listed.stdout.strip("\0").split("\0"):
        if (_ROOT / path).suffix in (".json", ".md", ".py", ".yaml", ".yml"):
            text = unquote((_ROOT / path).read_text(encoding="utf-8"))
            found[path] = set(re.findall(rf"([\w.-]+)(?:/|&repository=){name}", text)) - {"OWNER"}
    assert {path: owners for path, owners in found.items() if owners - {owner}} == {}
    assert found[f"{_PACKAGE.relative_to(_ROOT)}/manifest.json"]
