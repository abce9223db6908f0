"""Fixtures for the tests inside Home Assistant."""

from collections.abc import Generator
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from emulator import Emulator

from .kit import GlancesKit
from .placeholders import Shown, look_at_what_is_shown


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Return a configuration folder for each test, so that tests that run at the same time do not share files."""
    return str(tmp_path)


@pytest.fixture(autouse=True)
def _custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant load this integration."""


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> Generator[Shown]:
    """Fail a test, at its end, in which a text lacks a placeholder that it wants, or gets one that it does not know."""
    with look_at_what_is_shown(monkeypatch) as seen:
        yield seen
    assert seen.faults == set()


@pytest.fixture
async def kit(
    hass: HomeAssistant, emulator: Emulator, freezer: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch
) -> GlancesKit:
    """Return the test kit, with the integration pointed at the emulator."""
    monkeypatch.setattr("custom_components.pushover_glances.api.API_URL", emulator.url)
    freezer.move_to("2026-11-23 12:00:00+00:00")
    # At noon, half of the day's updates are more than the spacing lets go.
    await hass.config.async_set_time_zone("UTC")
    return GlancesKit(hass, emulator, freezer)


@pytest.fixture
def disk(hass_config_dir: str) -> Path:
    """Return the folder of Home Assistant's files; it needs a `hass_storage` that is the real disk."""
    return Path(hass_config_dir) / ".storage"
