"""Fixtures for the tests of the blueprints."""

from collections.abc import AsyncGenerator
from pathlib import Path
import shutil
from typing import Any

from homeassistant.components.automation.const import DOMAIN as AUTOMATION
import pytest

from ..kit import GlancesKit, widget
from .home import FOLDER, QUICK, Automate, automation, later


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Return a configuration folder into which the blueprints are imported."""
    shutil.copytree(FOLDER, tmp_path / "blueprints/automation/pushover_glances")
    return str(tmp_path)


@pytest.fixture
async def automate(kit: GlancesKit) -> AsyncGenerator[Automate]:
    """Return what sets up an automation with a blueprint and inputs, on an account with a quick widget."""

    async def setup(file: str, **inputs: Any) -> None:
        await kit.load(widget(title="Home", **QUICK))
        await later(kit, 2)
        kit.assert_pushed({"title": "Home"})
        await automation(kit, file, **inputs)

    yield setup
    # A run that waits would hold up the end of Home Assistant.
    await kit.hass.services.async_call(AUTOMATION, "turn_off", {"entity_id": "all"}, blocking=True)
