"""The documents that people read, taken apart: links, headings, tables, examples."""

from collections.abc import Iterator
from pathlib import Path
import re
from typing import Any

ROOT = Path(__file__).parents[2]
DOCS = {path.relative_to(ROOT).as_posix(): path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))}
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)


def read(doc: str) -> str:
    """Return a document."""
    return DOCS[doc].read_text(encoding="utf-8")


def prose(doc: str) -> str:
    """Return a document without its blocks of code."""
    return _FENCE.sub("", read(doc))


def blocks(*languages: str) -> Iterator[tuple[str, str]]:
    """Yield the document and the text of every block of code in one of these languages."""
    return (
        (doc, text) for doc in sorted(DOCS) for language, text in _FENCE.findall(read(doc)) if language in languages
    )


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def headings(doc: str) -> list[str]:
    """Return the headings of a document."""
    return [text for _, text in _HEADING.findall(prose(doc))]


def links(doc: str) -> list[str]:
    """Return what a document links to."""
    return re.findall(r"\]\(([^)\s]+)\)", prose(doc))


def section(doc: str, heading: str) -> str:
    """Return what stands below a heading, up to the next one of its level or a higher one."""
    text = prose(doc)
    (start,) = [match for match in _HEADING.finditer(text) if match[2] == heading]
    ends = (item for item in _HEADING.finditer(text, start.end()) if len(item[1]) <= len(start[1]))
    end = next(ends, None)
    return text[start.end() : end and end.start()]


def column(text: str, header: str, number: int = 0) -> list[str]:
    """Return a column of all tables whose first one has this header."""
    cells: list[str] = []
    for table in re.findall(r"(?:^\|.*\|\n?)+", text, re.MULTILINE):
        rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
        cells += [row[number].strip(" `") for row in rows[2:]] * (rows[0][0].strip() == header)
    return cells


def actions(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every step within an example that calls an action."""
    if isinstance(node, dict):
        yield from [node] * ("action" in node)
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from actions(item)
