"""Fixtures for all tests."""

from collections.abc import AsyncGenerator

from hypothesis import settings
from hypothesis.internal.constants_ast import Constants
import pytest

# The harness brings a `custom_components` of its own; this one has to be imported before pytest looks for it.
import custom_components.pushover_glances  # noqa: F401
from emulator import Emulator

from .examples import searching

settings.register_profile("pushover_glances", searching(100))
settings.load_profile("pushover_glances")
# Hypothesis mixes the constants of all imported modules into its examples, which then differ with what else is tested
# (https://github.com/HypothesisWorks/hypothesis/pull/4356). No setting prevents it.
pytest.MonkeyPatch().setattr("hypothesis.internal.conjecture.providers._get_local_constants", Constants)
pytest.register_assert_rewrite("tests.integration.kit", "tests.integration.blueprints.home")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker ends up alone with it."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture
async def emulator(socket_enabled: None) -> AsyncGenerator[Emulator]:
    """Return a running Pushover on loopback."""
    async with Emulator() as running:
        yield running


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave asyncio's debug mode to `--asyncio-debug`, which `scripts/test --all` gives; the test harness turns it on.

    In it each future keeps the whole stack, which takes more than half of the time of a test.
    """
