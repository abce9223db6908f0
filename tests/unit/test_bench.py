"""The benchmark of speed: that it runs, and leaves nothing out. Its figures are nobody's business here."""

import asyncio
import json
import os
from pathlib import Path
import sys

import pytest

from benchmarks.speed import changes
from benchmarks.speed.measure import Sample
from benchmarks.speed.run import PARTS

_ROOT = Path(__file__).resolve().parents[2]
_TABLES = {"changes": 25, "actions": 4, "alerts": 5, "growth": 2, "set-up": 2, "footprint": 2}


@pytest.mark.slow
async def test_every_row_is_there(tmp_path: Path) -> None:
    """A tiny run, in a process of its own: the test harness changes Home Assistant in many places."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks", "speed", "--tiny", "--results", tmp_path),
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT / "devtools" / "stubs")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, errors.decode()
    found = json.loads((tmp_path / "speed.json").read_text(encoding="utf-8"))
    assert {table["name"]: len(table["rows"]) for table in found["tables"]} == _TABLES
    for table in found["tables"]:
        for row, cells in table["rows"].items():
            assert len(cells) == len(table["head"]) - 1, row
            assert all(cells), row
            assert f"| {row} |" in output.decode()
    assert len(found["goals"]) == 9
    assert all(goal["measured"] for goal in found["goals"])
    assert all(f"{part} done" in errors.decode() for part in PARTS)


def test_nothing_is_what_cannot_be_told_from_zero() -> None:
    """Neither a figure within its own error nor a tenth of a microsecond is something."""
    assert Sample([0.05] * 20).is_nothing
    assert Sample([-3.0, 5.0] * 10).is_nothing
    assert not Sample([1.0, 1.1] * 10).is_nothing
    assert Sample(range(100)).percentile(99) == 99


def test_templates_have_as_many_fields_as_asked_for() -> None:
    """The widgets that are compared have one field, or all five."""
    assert [len(changes.templates("sensor.a", number)) for number in (1, 5)] == [1, 5]
