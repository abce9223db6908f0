"""What Home Assistant and Python say when this integration uses something that will stop working."""

from collections.abc import Generator
import logging
import re
from typing import override

import pytest

# helpers.frame, helpers.deprecation, whoever logs for himself, and Python, in this order. A message is a single line.
_COMPLAINT = re.compile(
    r".*(?:Detected that (?:custom )?integration 'pushover_glances'"
    r"|The deprecated .* from pushover_glances\."
    r"|deprecat.*pushover_glances|pushover_glances.*(?:deprecat|will stop working|will be removed)"
    r"|custom_components/pushover_glances/.*: (?:\w+\.)*\w*Warning: ).*",
    re.IGNORECASE,
)


def find_deprecations(text: str) -> list[str]:
    """Return the lines of a log that say so."""
    return _COMPLAINT.findall(text)


class _Watch(logging.Handler):
    """Keeps what is logged about deprecations, from before the integration is imported on."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        # Home Assistant passes records on to a thread, where nobody would see an error.
        self.found += find_deprecations(record.getMessage())


_watch = _Watch()
logging.getLogger().addHandler(_watch)


@pytest.fixture(autouse=True)
def no_deprecations() -> Generator[None]:
    """Fail a test, at its end, in which Home Assistant complains about a usage of ours."""
    yield
    found, _watch.found = _watch.found, []
    assert not found
