"""The integration's own mark by Home Assistant's quality scale is complete, and what code can show of it is true."""

from pathlib import Path
import re
import tomllib

import homeassistant
from homeassistant.const import Platform
from homeassistant.util.yaml import load_yaml_dict
import pytest

# One of the integrations with the highest mark, whose list of rules is complete.
_COMPLETE = Path(homeassistant.__file__).parent / "components" / "ntfy" / "quality_scale.yaml"
_PACKAGE = Path(__file__).parents[2] / "custom_components" / "pushover_glances"
_SCALE = load_yaml_dict(str(_PACKAGE / "quality_scale.yaml"))
_CODE = "\n".join(path.read_text(encoding="utf-8") for path in _PACKAGE.rglob("*.py"))


def test_every_rule_is_judged() -> None:
    """Each rule is done, or exempt for a reason; hassfest looks at the marks of Home Assistant's own integrations only."""
    assert _SCALE["rules"].keys() == load_yaml_dict(str(_COMPLETE))["rules"].keys()
    for rule, mark in _SCALE["rules"].items():
        assert mark == "done" or (mark["status"] == "exempt" and mark["comment"].strip()), rule


@pytest.mark.parametrize(
    ("rule", "proof"),
    [
        ("action-setup", "async def async_setup("),
        ("config-entry-unloading", "async def async_unload_entry("),
        ("diagnostics", "async def async_get_config_entry_diagnostics("),
        ("has-entity-name", "_attr_has_entity_name = True"),
        ("inject-websession", "async_create_clientsession(hass"),
        ("reauthentication-flow", "async def async_step_reauth("),
        ("reconfiguration-flow", "async def async_step_reconfigure("),
        ("repair-issues", "async_create_issue("),
        ("runtime-data", "entry.runtime_data = "),
        ("test-before-setup", "ConfigEntryNotReady"),
        ("unique-config-entry", "_abort_if_unique_id_configured("),
    ],
)
def test_done(rule: str, proof: str) -> None:
    """What is said to be done is found in the code."""
    assert _SCALE["rules"][rule] == "done"
    assert proof in _CODE


def modules(*names: str) -> dict[str, str]:
    """Return the code of those modules that are there."""
    paths = {name: _PACKAGE / f"{name}.py" for name in names}
    return {name: path.read_text(encoding="utf-8") for name, path in paths.items() if path.is_file()}


def test_parallel_updates() -> None:
    """Every platform says how many of its entities may be busy at once."""
    code = modules(*Platform)
    assert code
    assert [
        name for name, module in code.items() if not re.search(r"^PARALLEL_UPDATES = \d", module, re.MULTILINE)
    ] == []


def test_typed_config_entry() -> None:
    """Where Home Assistant hands over an account, its type is the integration's own.

    Hassfest asks this of integrations with the mark strict-typing, and looks at Home Assistant's own ones only.
    """
    code = modules("__init__", "diagnostics", *Platform)
    types = {name: {*re.findall(r"\bentry: (\w+)", module)} for name, module in code.items()}
    assert types == {name: {"PushoverGlancesConfigEntry"} for name in code}


def test_strict_typing() -> None:
    """What the checks of scripts/lint cover, they cover strictly."""
    assert _SCALE["rules"]["strict-typing"] == "done"
    mypy = tomllib.loads((_PACKAGE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert mypy["strict"]
    assert "custom_components.pushover_glances" in mypy["packages"]


@pytest.mark.parametrize(
    ("rule", "file"), [("docs-conditions", "condition*"), ("docs-triggers", "trigger*"), ("discovery", "discovery*")]
)
def test_exempt(rule: str, file: str) -> None:
    """What is said to be missing is missing."""
    assert _SCALE["rules"][rule]["status"] == "exempt"
    assert list(_PACKAGE.glob(file)) == []


def test_nothing_is_polled() -> None:
    """No platform and no coordinator asks again and again."""
    assert _SCALE["rules"]["appropriate-polling"]["status"] == "exempt"
    assert re.findall(r"SCAN_INTERVAL|update_interval(?!=None)", _CODE) == []
