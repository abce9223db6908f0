"""A pytest plugin that loads before the test harness, which is made for one Home Assistant, and lets it run on others.

What Home Assistant has moved since is put where the harness looks for it. A KeyError here means that it has moved
again; tests/unit/test_versions.py says when the harness needs none of this any more.
"""

# ruff: isort: off
# Home Assistant 2026.11 replaces httpx, which works only as long as nothing else has imported it.
import homeassistant  # noqa: F401

# The harness replaces these before it imports anything else of Home Assistant's, in this order.
from pytest_homeassistant_custom_component import patch_json, patch_recorder, patch_time  # noqa: F401

# ruff: isort: on
from homeassistant.components import logger
from homeassistant.const import __version__

# Its fixture, and its ear at the log before the integration is imported.
from tests.deprecations import no_deprecations  # noqa: F401

_MOVED = "_clear_logger_overwrites"

if _MOVED not in vars(logger):
    from homeassistant.components.logger import helpers

    vars(logger)[_MOVED] = vars(helpers)[_MOVED]


def pytest_report_header() -> str:
    """Say which Home Assistant a run is for."""
    return f"Home Assistant {__version__}"
