"""`pushover` and `planner` are of use without Home Assistant."""

from pathlib import Path
import subprocess
import sys

_PACKAGE = Path(__file__).parents[2] / "custom_components" / "pushover_glances"
_IMPORT_WITHOUT_HOME_ASSISTANT = f"""
import sys, types
for name in ("homeassistant", "voluptuous", "probatio"):
    sys.modules[name] = None
package = types.ModuleType("package")
package.__path__ = [{str(_PACKAGE)!r}]
sys.modules["package"] = package
import importlib, pkgutil
for name in ("pushover", "planner"):
    part = importlib.import_module(f"package.{{name}}")
    for module in pkgutil.walk_packages(part.__path__, f"package.{{name}}."):
        print(importlib.import_module(module.name).__name__)
"""


def test_imports_without_home_assistant() -> None:
    """Every module of both packages imports where Home Assistant is missing."""
    result = subprocess.run(  # noqa: S603
        [sys.executable, "-c", _IMPORT_WITHOUT_HOME_ASSISTANT], capture_output=True, text=True, check=False, timeout=60
    )
    assert result.returncode == 0, result.stderr
    modules = {f"package.{path.parent.name}.{path.stem}" for path in _PACKAGE.glob("p*/[!_]*.py")}
    assert set(result.stdout.split()) == modules
