"""What a benchmark finds: tables, and goals beside their figures; as Markdown and as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
import json
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Table:
    """Figures as they are shown, a row for each thing that is compared."""

    name: str
    about: str
    head: tuple[str, ...]
    rows: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Goal:
    """What was promised, and what came of it."""

    what: str
    promised: str
    measured: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What a benchmark, or a part of it, has found."""

    tables: list[Table]
    goals: list[Goal]

    @classmethod
    def joined(cls, parts: Iterable[Findings]) -> Findings:
        """Return what several parts have found."""
        found = list(parts)
        return cls([table for part in found for table in part.tables], [goal for part in found for goal in part.goals])

    def as_markdown(self) -> str:
        """Return the goals and the tables."""
        goals = markdown_table(
            ("Goal", "promised", "measured", "holds"),
            ((goal.what, goal.promised, goal.measured, "yes" if goal.holds else "**no**") for goal in self.goals),
        )
        tables = (
            f"{table.about}\n\n{markdown_table(table.head, ((row, *cells) for row, cells in table.rows.items()))}"
            for table in self.tables
        )
        return "\n\n".join((goals, *tables))

    def write(self, path: Path) -> None:
        """Write everything as JSON."""
        path.parent.mkdir(exist_ok=True)
        content: dict[str, Any] = asdict(self)
        path.write_text(f"{json.dumps(content, indent=2, ensure_ascii=False)}\n", encoding="utf-8")


def markdown_table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """Return a table whose first column is text, and whose others are figures."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def rewrite(path: Path, mark: str, text: str) -> None:
    """Put a text between the two marks of a document."""
    document = path.read_text(encoding="utf-8")
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    before, _, rest = document.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"{path.name} has no block between {begin} and {end}")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
