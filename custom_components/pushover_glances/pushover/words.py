"""What Pushover says, made fit for people: without the secrets, on one line, and not without an end."""

from collections.abc import Callable
from functools import partial
import re

from .glance import shorten

REDACTED = "**REDACTED**"

# Ours: Pushover's own sentences are shorter, and a longer one is for no log, state or repair.
_LIMIT = 250


def redactor(*secrets: str) -> Callable[[str], str]:
    """Return what takes secrets out of a text, also where they are written in another case or percent-encoded."""
    pattern = "|".join("".join(map(_spellings, secret)) for secret in secrets if secret)
    return partial(re.compile(pattern or "(?!)", re.IGNORECASE).sub, REDACTED)


def one_line(text: str) -> str:
    """Return a text as one line of printable characters, cut where it is too long."""
    return shorten(" ".join("".join(char if char.isprintable() else " " for char in text).split()), _LIMIT)


def _spellings(char: str) -> str:
    """Return a pattern of a character as it is, and percent-encoded any number of times, in either case."""
    codes = "|".join(f"{ord(case):02x}" for case in sorted({char.lower(), char.upper()}))
    return f"(?:{re.escape(char)}|%(?:25)*(?:{codes}))"
