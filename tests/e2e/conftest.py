"""Fixtures for the tests with a real Home Assistant."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from devtools.hass import HomeAssistantProcess
from emulator import Emulator
from tests.deprecations import find_deprecations


@pytest.fixture
async def home(emulator: Emulator, tmp_path: Path) -> AsyncGenerator[HomeAssistantProcess]:
    """Return a Home Assistant that has just been installed."""
    async with HomeAssistantProcess(tmp_path / "config", emulator.url) as running:
        yield running
    assert not find_deprecations(running.log)
