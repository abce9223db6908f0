"""The benchmark of speed runs, and leaves nothing out. Its figures are not checked here."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
import importlib.util
import json
import os
from pathlib import Path
import re
import sys
from typing import Any

import pytest

from benchmarks.speed import changes
from benchmarks.speed.measure import Sample
from benchmarks.speed.path import Trace, recorded
from benchmarks.speed.run import PARTS

_ROOT = Path(__file__).resolve().parents[2]
_PACKAGE = _ROOT / "custom_components" / "pushover_glances"
_TABLES = {"changes": 26, "actions": 4, "alerts": 5, "growth": 2, "set-up": 2, "footprint": 2}


async def _run(*arguments: str | Path) -> tuple[str, str]:
    """Run a benchmark in a process of its own: the test harness changes Home Assistant in many places."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks", *arguments),
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
    return output.decode(), errors.decode()


@pytest.mark.slow
async def test_every_row_is_there(tmp_path: Path) -> None:
    """A tiny run has all tables and goals."""
    output, errors = await _run("speed", "--tiny", "--results", tmp_path)
    found = json.loads((tmp_path / "speed.json").read_text(encoding="utf-8"))
    assert {table["name"]: len(table["rows"]) for table in found["tables"]} == _TABLES
    for table in found["tables"]:
        for row, cells in table["rows"].items():
            assert len(cells) == len(table["head"]) - 1, row
            assert all(cells), row
            assert f"| {row} |" in output
    assert len(found["goals"]) == 8
    assert all(goal["measured"] for goal in found["goals"])
    assert all(f"{part} done" in errors for part in PARTS)


@pytest.mark.slow
async def test_load_is_measured(tmp_path: Path) -> None:
    """A tiny run has all goals, with the figures beside them."""
    output, _ = await _run("load", "--tiny", "--results", tmp_path)
    found = json.loads((tmp_path / "load.json").read_text(encoding="utf-8"))
    assert [len(table["rows"]) for table in found["tables"]] == [5]
    assert len(found["goals"]) == 15
    assert all(f"| {goal['what']} | {goal['promised']} | {goal['measured']} |" in output for goal in found["goals"])


async def test_the_path_of_a_change_is_counted() -> None:
    """The request arrives, or the run fails; what is listed is what was counted, and each of it was called."""
    output, _ = await _run("path", "--verbose")
    sizes = re.search(r"\| (\d+) / (\d+) / (\d+) \| (?:yes|\*\*no\*\*) \|$", output, re.MULTILINE)
    assert sizes
    counts = [int(count) for count in re.findall(r"^ *(\d+) . \S+ \(line \d+\)$", output, re.MULTILINE)]
    files = re.findall(r"^(\S+\.py): functions (\d+), calls (\d+)$", output, re.MULTILINE)
    assert [int(size) for size in sizes.groups()] == [len(counts), len(files), sum(counts)]
    assert sum(int(functions) for _, functions, _ in files) == len(counts)
    assert sum(int(calls) for _, _, calls in files) == sum(counts)
    assert all(count > 0 for count in counts)
    assert all((_PACKAGE / file).is_file() for file, _, _ in files)
    assert len(counts) > len(files) > 1


_COUNTED = """
class Counted:
    @property
    def name(self):
        return (lambda: "name")()

    async def wait(self, moment):
        await moment(0)
        return sum(number for number in (1, 2))

def twin(): return 1
"""


def _module(path: Path) -> Any:
    """Return a new module of the text that is counted."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(_COUNTED, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def test_everything_counts_that_python_calls_a_function(tmp_path: Path) -> None:
    """Lambdas, properties, each time that a generator or a coroutine goes on, other threads; in one folder only."""
    folder, other = tmp_path / "counted", tmp_path / "counted_not"
    one, two, three = (_module(path) for path in (folder / "one.py", folder / "two.py", other / "three.py"))
    executor = ThreadPoolExecutor(max_workers=1)
    # The thread has begun before, as Home Assistant's have.
    executor.submit(int).result()
    with executor, recorded(folder) as calls:
        for module in (one, three):
            it = module.Counted()
            assert it.name == "name"
            assert await it.wait(asyncio.sleep) == 3
        for module in (one, two, three):
            module.twin()
        executor.submit(two.twin).result()
    one.twin()
    trace = Trace.of(folder, calls, calls[-1][0])
    assert [(Path(file).name, code.co_name, count) for (file, code), count in trace.counts.items()] == [
        ("one.py", "name", 1),
        ("one.py", "<lambda>", 1),
        ("one.py", "wait", 2),
        ("one.py", "<genexpr>", 3),
        ("one.py", "twin", 1),
        ("two.py", "twin", 2),
    ]
    assert trace.sizes == (6, 2, 10)
    assert Trace.of(folder, calls, calls[0][0] - 1).sizes == (0, 0, 0)


def test_nothing_is_what_cannot_be_told_from_zero() -> None:
    """Neither a figure within its own error nor a tenth of a microsecond is something."""
    assert Sample([0.05] * 20).is_nothing
    assert Sample([-3.0, 5.0] * 10).is_nothing
    assert not Sample([1.0, 1.1] * 10).is_nothing
    assert Sample(range(100)).percentile(99) == 99


def test_templates_have_as_many_fields_as_asked_for() -> None:
    """The widgets that are compared have one field, or all five."""
    assert [len(changes.templates("sensor.a", number)) for number in (1, 5)] == [1, 5]
