"""The versions of Home Assistant that everything runs on, and what would tell that one of them is used wrongly."""

from importlib.metadata import requires
import json
import logging
import re
import subprocess
import sys

from awesomeversion import AwesomeVersion
from homeassistant.const import __version__
import pytest

from tests import deprecations
from tests.deprecations import find_deprecations

from .documents import ROOT, read

_SCRIPTS = ROOT / "scripts"
(_LINE,) = re.findall(r"^HA_VERSIONS=\((.+)\)$", (_SCRIPTS / "common.sh").read_text(encoding="utf-8"), re.MULTILINE)
_VERSIONS = _LINE.split()


def test_harness() -> None:
    """The default is what the harness is made for; once that is 2026.11, tests/harness.py is needed no more."""
    (pinned,) = [item for item in requires("pytest-homeassistant-custom-component") or [] if "homeassistant=" in item]
    assert pinned == f"homeassistant=={_VERSIONS[0]}"
    assert AwesomeVersion(_VERSIONS[0]) < "2026.11"


def test_minimum() -> None:
    """The oldest version that is tested is of the release that is promised, and the documents name all of them."""
    promised = json.loads((ROOT / "hacs.json").read_text(encoding="utf-8"))["homeassistant"]
    oldest = min(map(AwesomeVersion, _VERSIONS))
    assert (oldest.year, oldest.minor) == (AwesomeVersion(promised).year, AwesomeVersion(promised).minor)
    assert [version for version in _VERSIONS if version not in read("docs/development.md")] == []


def test_picked() -> None:
    """The environment has the version that a run says it is for."""
    header = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:randomly", "tests/unit/test_purity.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert f"Home Assistant {__version__}" in header


@pytest.mark.parametrize("arguments", [["--ha"], ["--ha", "latest"], ["--ha", "2026.11"]], ids=" ".join)
def test_no_version(arguments: list[str]) -> None:
    """A script with --ha and no version says so, before it sets anything up."""
    command = [str(_SCRIPTS / "setup"), *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert result.returncode == 2
    assert all(version in result.stderr for version in _VERSIONS)


@pytest.mark.parametrize(
    "line",
    [
        "Detected that custom integration 'pushover_glances' uses via_device at custom_components/pushover_glances/x.py",
        "The deprecated constant X was used from pushover_glances. Use Y instead, please report it",
        "Setup of pushover_glances uses a deprecated return value",
        "Platform pushover_glances will stop working in 2027.8",
        "/x/custom_components/pushover_glances/mirror.py:12: DeprecationWarning: utcnow() is deprecated",
    ],
)
def test_deprecations_are_found(line: str) -> None:
    """A warning by any module, in the middle of a log."""
    log = f"2026-11-23 WARNING (MainThread) [x] Something\n{line}\nElse"
    assert find_deprecations(log) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "We found a custom integration pushover_glances which has not been tested by Home Assistant",
        "Detected that custom integration 'other' uses via_device",
        "/x/site-packages/other/x.py:12: DeprecationWarning: utcnow() is deprecated",
        "Updates of pushover_glances wait: no connection",
    ],
)
def test_others_are_not(line: str) -> None:
    """What is no deprecation, or not of ours."""
    assert find_deprecations(line) == []


def test_log_is_watched() -> None:
    """What is logged in a test would fail it."""
    watch = vars(deprecations)["_watch"]
    logging.getLogger("homeassistant.helpers.frame").warning("Detected that custom integration 'pushover_glances' x")
    assert len(watch.found) == 1
    watch.found.clear()


def test_python_warns() -> None:
    """A warning of Python's about a module of ours is an error, and one about another module is not."""
    ours, other = (
        compile("import warnings; warnings.warn('x', DeprecationWarning)", f"{name}.py", "exec") for name in ("a", "b")
    )
    with pytest.warns(DeprecationWarning, match="x"):
        exec(other, {"__name__": "other"})  # noqa: S102
    with pytest.raises(DeprecationWarning, match="x"):
        exec(ours, {"__name__": "custom_components.pushover_glances.content.mirror"})  # noqa: S102
