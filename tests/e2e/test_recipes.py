"""The recipes of the documentation, followed in a real Home Assistant in the example home."""

from collections.abc import Mapping
from pathlib import Path
import re

import pytest

from custom_components.pushover_glances.pushover import Field, Value
from devtools.example_home import start_example_home
from devtools.recipes import follow_recipes, read_recipes
from emulator import Emulator
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

# Characters that fit on one line of a watch.
_LINE = 19
# In the evening, the timer ends on the next day.
_TIME = re.compile(r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\d{1,2}:\d\d\s[AP]M")


def _without_times(fields: Mapping[Field, Value]) -> dict[Field, str]:
    """Return the fields with the same time of day everywhere, because it is a different one in each run."""
    return {field: _TIME.sub("12:00 AM", str(value)) for field, value in fields.items()}


@pytest.mark.slow
@pytest.mark.every_version
async def test_recipes(socket_enabled: None, emulator: Emulator, tmp_path: Path) -> None:
    """Each shows what its picture says, and each line fits on a watch."""
    shown: dict[str, dict[Field, str]] = {}
    async with start_example_home(tmp_path / "config", emulator.url) as home:
        await home.call("cover", "open_cover", entity_id="cover.garage_door")
        async for recipe, fields in follow_recipes(home, EXAMPLE_TOKEN, EXAMPLE_USER):
            shown[recipe.heading] = _without_times(fields)
    assert shown == {recipe.heading: _without_times(recipe.shown) for recipe in read_recipes()}
    assert [value for fields in shown.values() for value in fields.values() if len(value) > _LINE] == []
    assert len(shown) >= 12
