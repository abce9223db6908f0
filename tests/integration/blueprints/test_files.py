"""What every blueprint has."""

import json
from typing import Any

from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.util.yaml import parse_yaml
import pytest

from ..kit import GlancesKit
from .home import FILES, FOLDER, ROOT


async def test_there_are_three() -> None:
    """A file more or less belongs into these tests."""
    assert FILES == ["energy_today.yaml", "garage_door_left_open.yaml", "washing_machine_progress.yaml"]


@pytest.mark.parametrize("file", FILES)
async def test_metadata(kit: GlancesKit, file: str) -> None:
    """Each is valid, wants the Home Assistant that the integration wants, and can be imported from its address."""
    blueprint = await async_get_blueprints(kit.hass).async_get_blueprint(f"pushover_glances/{file}")
    assert blueprint.validate() is None
    hacs = json.loads((ROOT / "hacs.json").read_text())
    manifest = json.loads((ROOT / "custom_components/pushover_glances/manifest.json").read_text())
    assert blueprint.metadata["homeassistant"]["min_version"] == hacs["homeassistant"]
    branch = f"{manifest['documentation']}/blob/main/"
    assert blueprint.metadata["source_url"].startswith(branch)
    assert (ROOT / blueprint.metadata["source_url"].removeprefix(branch)).samefile(FOLDER / file)
    assert "10 minutes more" in blueprint.metadata["description"]
    # What an import writes is what was loaded.
    written: Any = parse_yaml(blueprint.yaml())
    assert Blueprint(written, schema=AUTOMATION_BLUEPRINT_SCHEMA).data == blueprint.data
