"""Takes pictures of the integration's pages, from a real Home Assistant in a real browser, and those that are drawn."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
import sys
import tempfile
from typing import Final

from playwright.async_api import Browser

from custom_components.pushover_glances.content.faces import draw
from devtools.browser import BrowserError, Frontend, Look, open_frontend, start_chromium
from devtools.drawings import DRAWINGS, page
from devtools.example_home import start_example_home
from devtools.hass import HomeAssistantError
from devtools.journey import (
    ALERT,
    DOOR,
    Stop,
    add_account,
    add_alert,
    add_another_widget,
    add_widget,
    call_action,
    see_alert,
    see_device,
    see_faces,
    see_image,
    see_repair,
)
from devtools.recipes import read_recipes
from devtools.wishes import WISHES, pick
from emulator import Emulator, User
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

_ROOT = Path(__file__).resolve().parent.parent
_IMAGES = _ROOT / "docs" / "images"
# What the documentation shows; two image pixels for a CSS pixel keep text sharp.
DOCUMENTED: Final = (
    "account",
    "widget_what",
    "widget_fields",
    "widget_entities",
    "widget_preview",
    "alert",
    "alert_preview",
    "device",
    "action",
    "faces",
)
_DOCUMENTED_LOOK = Look(scale=2)
_DRAWN_SCALE = 1.5
_LOOKS = {
    "desktop-light": Look(),
    "desktop-dark": Look(dark=True),
    "phone-light": Look.phone(),
    "phone-dark": Look.phone(dark=True),
}
# In CSS pixels: no page or dialog is higher, so that a window of this height shows all of it.
_TALL = 2600
# What looks different each time; the picture goes without it.
_CHANGING = "ha-logbook, ha-card:has(ha-logbook) { display: none !important; }"
# Behind round corners of a dialog, the picture would show a piece of the page.
_SQUARE = "dialog { border-radius: 0 !important; box-shadow: none !important; }"

type _Way = Callable[[Frontend, Emulator], AsyncIterator[Stop]]


@dataclass(frozen=True)
class Camera:
    """Puts pictures into a folder."""

    folder: Path
    look: Look

    async def take_window(self, stop: Stop, name: str) -> None:
        """Take what fits into the window."""
        # Icons come after the texts.
        await stop.page.wait_for_load_state("networkidle")
        await stop.page.screenshot(path=self.folder / f"{name}.png", style=_CHANGING, animations="disabled")

    async def take_whole(self, stop: Stop, name: str) -> None:
        """Take all of what is to be looked at, and nothing around it."""
        await stop.page.set_viewport_size({"width": self.look.width, "height": _TALL})
        await stop.page.wait_for_load_state("networkidle")
        await stop.shown.screenshot(path=self.folder / f"{name}.png", style=_CHANGING + _SQUARE, animations="disabled")
        await stop.page.set_viewport_size({"width": self.look.width, "height": self.look.height})


async def _along(*ways: AsyncIterator[Stop]) -> AsyncIterator[Stop]:
    for way in ways:
        async for stop in way:
            yield stop


async def _go_through(frontend: Frontend, emulator: Emulator) -> AsyncIterator[Stop]:
    """Go the whole way, from the account on."""
    await frontend.home.call("cover", "open_cover", entity_id="cover.garage_door")
    first = add_account(frontend), add_widget(frontend, "iphone", DOOR)
    async for stop in _along(*first, see_device(frontend, "iphone"), see_image(frontend, "iphone")):
        yield stop
    async for stop in see_faces(await frontend.open_beside(emulator.control_url), "iphone"):
        yield stop
    async for _ in add_another_widget(frontend, "ipad"):
        pass
    action = call_action(frontend, "glances.update", Title="Laundry", Text="Washing machine done")
    alert = add_alert(frontend, DOOR, "Open"), see_alert(frontend, ALERT, "Active")
    async for stop in _along(action, *alert, see_repair(frontend, emulator, "ipad")):
        yield stop


async def _wish(frontend: Frontend, emulator: Emulator) -> AsyncIterator[Stop]:
    """Go to the last step of a widget for each wish, and save none."""
    emulator.world.add(User.with_devices(EXAMPLE_USER, "iphone"))
    await frontend.home.flow("pushover_glances", {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER})
    await frontend.open_integration()
    for wish in WISHES:
        async for stop in pick(frontend, wish, "iphone"):
            yield stop
        await frontend.dialog.close()


@asynccontextmanager
async def _journey(browser: Browser, look: Look, way: _Way) -> AsyncIterator[AsyncIterator[Stop]]:
    """Go a way in the example home."""
    with tempfile.TemporaryDirectory(prefix="screenshots-") as folder:
        async with (
            Emulator() as emulator,
            start_example_home(Path(folder) / "config", emulator.url) as home,
            open_frontend(browser, home, look) as frontend,
        ):
            yield way(frontend, emulator)


async def _take_documented(browser: Browser) -> None:
    wishes = tuple(wish.name for wish in WISHES)
    for way, names, camera in (
        (_go_through, DOCUMENTED, Camera(_IMAGES, _DOCUMENTED_LOOK)),
        # Letters on a watch face are large.
        (_wish, wishes, Camera(_IMAGES / "wishes", Look())),
    ):
        async with _journey(browser, camera.look, way) as stops:
            async for stop in stops:
                if stop.name in names:
                    await camera.take_whole(stop, stop.name)
                    print(camera.folder / f"{stop.name}.png", flush=True)


async def take_drawn(browser: Browser) -> None:
    """Take the pictures that are drawn."""
    drawings = {name: drawing() for name, drawing in DRAWINGS.items()}
    drawings |= {f"recipes/{recipe.name}": draw(recipe.shown) for recipe in read_recipes()}
    tab = await browser.new_page(device_scale_factor=_DRAWN_SCALE)
    for name, drawing in drawings.items():
        await tab.set_content(page(drawing))
        await tab.evaluate("document.fonts.ready")
        await tab.locator("body > svg").screenshot(path=_IMAGES / f"{name}.png")
        print(_IMAGES / f"{name}.png", flush=True)
    await tab.close()


async def _take_all(browser: Browser, folder: Path) -> None:
    for name, look in _LOOKS.items():
        camera = Camera(folder, look)
        for way in _go_through, _wish:
            async with _journey(browser, look, way) as stops:
                async for stop in stops:
                    await camera.take_window(stop, f"{name}-{stop.name}")
                    await camera.take_whole(stop, f"{name}-{stop.name}-whole")
        print(folder / f"{name}-*.png", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/screenshots", description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="take every page in every look, into this folder")
    parser.add_argument("--from", dest="base", type=Path, default=Path(), help=argparse.SUPPRESS)
    return parser.parse_args()


async def _main() -> int:
    arguments = _arguments()
    try:
        async with start_chromium() as browser:
            if arguments.all is None:
                await take_drawn(browser)
                await _take_documented(browser)
            else:
                await _take_all(browser, arguments.base / arguments.all)
    except (BrowserError, HomeAssistantError) as err:
        print(f"No pictures: {err}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_main()))
