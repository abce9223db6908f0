"""What it takes to have it: the time to set it up and to import it, and its memory."""

import asyncio
import gc
from pathlib import Path
import re
import sys
import time
import tracemalloc

from homeassistant.config_entries import ConfigEntry

from ..findings import Findings, Table
from .changes import NOBODY, templates
from .home import Home, home
from .measure import Effort, Sample

_ROOT = Path(__file__).resolve().parents[2]
_PACKAGE = "custom_components.pushover_glances"
_MODULES = tuple(sorted(path.stem for path in (_ROOT / _PACKAGE.replace(".", "/")).glob("[a-z]*.py")))
_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|\s+(\S+)")
# What Home Assistant has imported long before it comes to a custom integration.
_BEFORE = "import homeassistant.bootstrap, homeassistant.components.image, homeassistant.components.automation"


async def _load(running: Home, entry: ConfigEntry) -> tuple[float, float]:
    """Load an account again, and return wall and processor time of that, in ms."""
    await running.hass.config_entries.async_unload(entry.entry_id)
    await running.rest()
    begin, used = time.perf_counter(), time.thread_time()
    if not await running.hass.config_entries.async_setup(entry.entry_id):
        raise RuntimeError("The account could not be set up")
    return (time.perf_counter() - begin) * 1000, (time.thread_time() - used) * 1000


async def _setting_up(widgets: int, effort: Effort) -> list[str]:
    async with home() as running:
        running.state(NOBODY, 20.0)
        entry = await running.account(0, [templates(NOBODY, 5)] * widgets)
        runs = [await _load(running, entry) for _ in range(effort.loads + 1)][1:]
    return [f"{Sample([run[item] for run in runs]).median:.1f}" for item in (0, 1)]


async def _memory(widgets: int) -> float:
    """Return the memory of each widget, in KiB: entities, registries and all."""
    async with home() as running:
        running.state(NOBODY, 20.0)
        # What every further account shares with the first.
        await running.account(0, [templates(NOBODY, 5)])
        await running.rest()
        gc.collect()
        tracemalloc.start()
        try:
            await running.account(1, [templates(NOBODY, 5)] * widgets)
            await running.rest()
            gc.collect()
            return tracemalloc.get_traced_memory()[0] / widgets / 1024
        finally:
            tracemalloc.stop()


async def _import_time() -> tuple[float, int]:
    """Return how long the integration's own modules take to be imported in a fresh process, in ms, and their number."""
    names = ", ".join([_PACKAGE, *(f"{_PACKAGE}.{name}" for name in _MODULES if name != "__init__")])
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-X",
        "importtime",
        "-c",
        f"{_BEFORE}; import {names}",
        cwd=_ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, report = await process.communicate()
    if process.returncode:
        raise RuntimeError(report.decode()[-2000:])
    own = [int(line[1]) for line in _LINE.finditer(report.decode()) if line[3].startswith(_PACKAGE)]
    return sum(own) / 1000, len(own)


async def measure(effort: Effort) -> Findings:
    """Measure each in a Home Assistant or a process of its own."""
    widgets = min(10, max(effort.widgets))
    setting_up: dict[str, list[str]] = {
        "an account without widgets": await _setting_up(0, effort),
        f"an account with {widgets} widgets": await _setting_up(widgets, effort),
    }
    imports = [await _import_time() for _ in range(min(effort.loads, 3) + 1)][1:]
    rest: dict[str, list[str]] = {
        "memory of a widget with its entities": [f"{await _memory(min(30, max(effort.widgets))):.0f} KiB"],
        f"import of its {imports[0][1]} modules": [f"{Sample([item[0] for item in imports]).median:.0f} ms"],
    }
    return Findings(
        [
            Table(
                "set-up",
                "Loading an account, its request to Pushover and all of its entities.",
                ("ms", "wall", "processor"),
                setting_up,
            ),
            Table("footprint", "Memory and import.", ("", ""), rest),
        ],
        [],
    )
