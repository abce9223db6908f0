"""What Home Assistant and Python say when this integration uses something that will stop working."""

from collections.abc import Generator
import logging
from typing import override

import pytest

_NAME = "pushover_glances"
# helpers.frame names the integration in quotes, helpers.deprecation says "deprecated", and so does Python, with the file.
_COMPLAINTS = (
    f"detected that integration '{_NAME}'",
    f"detected that custom integration '{_NAME}'",
    "deprecat",
    f"{_NAME} will stop working",
    f"{_NAME} will be removed",
)


def find_deprecations(text: str) -> list[str]:
    """Return the lines of a log that say so."""
    return [line for line in text.splitlines() if _NAME in line and _complains(line.casefold())]


def _complains(line: str) -> bool:
    is_python_warning = f"custom_components/{_NAME}/" in line and "warning: " in line
    return is_python_warning or any(complaint in line for complaint in _COMPLAINTS)


class _Watch(logging.Handler):
    """Keeps what is logged about deprecations, from before the integration is imported on.

    Home Assistant and Python log them as warnings. What is logged for debugging is long: every file that is saved.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        # Home Assistant passes records on to a thread, where an error would not be seen.
        self.found += find_deprecations(record.getMessage())


_watch = _Watch()
logging.getLogger().addHandler(_watch)


@pytest.fixture(autouse=True)
def no_deprecations() -> Generator[None]:
    """Fail a test, at its end, in which Home Assistant complains about a usage of ours."""
    yield
    found, _watch.found = _watch.found, []
    assert not found
