"""Fixtures for the tests in a browser."""

from collections.abc import AsyncGenerator
from pathlib import Path

from playwright.async_api import Browser
import pytest

from devtools.browser import start_chromium
from devtools.example_home import start_example_home
from devtools.hass import HomeAssistantProcess
from emulator import Emulator
from tests.deprecations import find_deprecations


@pytest.fixture
async def home(emulator: Emulator, tmp_path: Path) -> AsyncGenerator[HomeAssistantProcess]:
    """Return a Home Assistant in the example home."""
    async with start_example_home(tmp_path / "config", emulator.url) as running:
        yield running
    assert not find_deprecations(running.log)


@pytest.fixture
async def browser(socket_enabled: None) -> AsyncGenerator[Browser]:
    """Return a running browser."""
    async with start_chromium() as running:
        yield running
