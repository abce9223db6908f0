"""Cleans texts of Pushover before people see them: without secrets, on one line, and not too long."""

from collections.abc import Callable
from functools import partial
import re

from .glance import shorten

REDACTED = "**REDACTED**"

# Pushover's own sentences are shorter. A longer text does not belong in a log, a state or a repair.
_LIMIT = 250


def redactor(*secrets: str) -> Callable[[str], str]:
    """Return a function that removes secrets from a text, also in another case or percent-encoded."""
    pattern = "|".join("".join(map(_spellings, secret)) for secret in secrets if secret)
    return partial(re.compile(pattern or "(?!)", re.IGNORECASE).sub, REDACTED)


def one_line(text: str) -> str:
    """Return a text as one line of printable characters, cut if it is too long."""
    return shorten(" ".join("".join(char if char.isprintable() else " " for char in text).split()), _LIMIT)


def _spellings(char: str) -> str:
    """Return a pattern that matches a character as it is or percent-encoded any number of times, in either case."""
    codes = "|".join(f"{ord(case):02x}" for case in sorted({char.lower(), char.upper()}))
    return f"(?:{re.escape(char)}|%(?:25)*(?:{codes}))"
