"""The texts of the integration, in each of its languages."""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import string
from typing import Any

FILES = sorted(Path(__file__).parents[1].glob("custom_components/pushover_glances/translations/*.json"))
TEXTS: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FILES}
ENGLISH = TEXTS["en"]


def leaves(texts: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text, with the dotted path of its keys."""
    for name, value in texts.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def placeholders(text: str) -> set[str]:
    """Return the names between the braces of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
