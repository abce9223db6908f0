"""What Home Assistant's event loop does not do for this integration: it touches no file of an account's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
import sys
import threading
from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest

from .kit import ROUNDING, SPACING, GlancesKit, widget
from .test_store import failing

_EVENTS = ("open", "os.mkdir", "os.remove", "os.rename", "os.listdir")


class Watch:
    """Notes who touches the files of a folder; Python offers no way to remove an audit hook, so there is one for all."""

    def __init__(self) -> None:
        """Watch nothing yet."""
        self.folder = ""
        self.touched: list[tuple[bool, str, str]] = []
        sys.addaudithook(self._hook)

    @contextmanager
    def over(self, folder: Path) -> Iterator[None]:
        """Watch a folder."""
        self.touched.clear()
        self.folder = str(folder)
        try:
            yield
        finally:
            self.folder = ""

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.folder and event in _EVENTS and str(arguments[0]).startswith(self.folder):
            in_loop = threading.current_thread() is threading.main_thread()
            self.touched.append((in_loop, event, str(arguments[0])))


_WATCH = Watch()


@pytest.fixture
def hass_storage() -> Any:
    """Use the real disk, not the harness's memory."""


async def test_files_are_touched_beside_the_loop(kit: GlancesKit, disk: Path) -> None:
    """Loading, queueing, sending, a disk that fails, a file that is damaged, a removal."""
    with _WATCH.over(disk):
        entry = await kit.load(widget(text="x"))
        await kit.update(title="y")
        with failing(), pytest.raises(HomeAssistantError):
            await kit.update(title="z")
        await kit.tick(SPACING + ROUNDING)
        await kit.hass.config_entries.async_reload(entry.entry_id)
        await kit.hass.config_entries.async_unload(entry.entry_id)
        (file,) = await kit.hass.async_add_executor_job(lambda: [*disk.glob(f"*{entry.entry_id}")])
        await kit.hass.async_add_executor_job(file.write_text, "{")
        await kit.setup(entry)
        await kit.hass.config_entries.async_remove(entry.entry_id)
        await kit.settle()
    assert {event for _, event, _ in _WATCH.touched} >= {"open", "os.rename", "os.remove"}
    assert not [item for item in _WATCH.touched if item[0]]
