"""Render the brand images from their drawings: icon.svg, and words.svg beside it for the logo."""

import argparse
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile

from PIL import Image

_DRAWINGS = Path(__file__).parent
_IMAGES = _DRAWINGS.parents[1] / "custom_components" / "pushover_glances" / "brand"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE = 60
# Pixels, as Home Assistant asks of an icon; the logo is as high.
_HEIGHTS = {"": 256, "@2x": 512}
# The night of the dial on a light page, and the opposite on a dark one.
_INKS = {"": "#2b2066", "dark_": "#f1eeff"}
# Parts of the logo's height.
_WORDS_HEIGHT = 0.62
_GAP = 0.1


class BrandError(Exception):
    """The images could not be rendered."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m devtools.brand", description=__doc__)
    parser.add_argument("--chromium", help=f"the browser (default: the first on the path of {', '.join(_BROWSERS)})")
    parser.add_argument("--to", type=Path, default=_IMAGES, help="folder of the images (default: the integration's)")
    return parser.parse_args()


def _browser(wanted: str | None) -> str:
    for name in (wanted,) if wanted else _BROWSERS:
        if found := shutil.which(name):
            return found
    raise BrandError(f"{wanted or 'Chromium'} was not found; name it with --chromium")


def _render(browser: str, drawing: Path) -> Image.Image:
    """Return a drawing in its own size, which no image exceeds, trimmed to what is drawn."""
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder, "picture.png")
        command = (
            browser,
            "--headless",
            "--no-sandbox",  # root has none, and the only page is a drawing of ours
            "--hide-scrollbars",
            "--force-device-scale-factor=1",
            "--default-background-color=00000000",
            "--window-size=1024,1024",
            f"--user-data-dir={folder}/profile",
            f"--screenshot={picture}",
            drawing.as_uri(),
        )
        ended = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603  # no shell
        if not picture.exists():
            raise BrandError(f"{browser} drew nothing: {ended.stderr.decode(errors='replace').strip()}")
        with Image.open(picture) as image:
            drawn = image.convert("RGBA")
    return drawn.crop(drawn.getchannel("A").getbbox())


def _of_height(image: Image.Image, height: int) -> Image.Image:
    # A sharper filter leaves faint rings beside the edges, which make the file half as large again.
    return image.resize((round(image.width * height / image.height), height), Image.Resampling.HAMMING)


def _logo(icon: Image.Image, words: Image.Image, ink: str) -> Image.Image:
    """Set the words to the right of the icon, in the middle of its height."""
    height = icon.height
    outlines = _of_height(words, round(height * _WORDS_HEIGHT)).getchannel("A")
    inked = Image.new("RGBA", outlines.size, ink)
    inked.putalpha(outlines)
    left = icon.width + round(height * _GAP)
    logo = Image.new("RGBA", (left + inked.width, height))
    logo.paste(icon)
    logo.paste(inked, (left, (height - inked.height) // 2))
    return logo.crop(logo.getchannel("A").getbbox())


def _main() -> int:
    arguments = _arguments()
    try:
        browser = _browser(arguments.chromium)
        drawn = _render(browser, _DRAWINGS / "icon.svg")
        words = _render(browser, _DRAWINGS / "words.svg")
    except (BrandError, OSError, subprocess.TimeoutExpired) as err:
        print(f"The images could not be rendered: {err}", file=sys.stderr)
        return 1
    arguments.to.mkdir(parents=True, exist_ok=True)
    for scale, height in _HEIGHTS.items():
        icon = _of_height(drawn, height)
        images = {f"icon{scale}.png": icon}
        images |= {f"{page}logo{scale}.png": _logo(icon, words, ink) for page, ink in _INKS.items()}
        for name, image in images.items():
            image.save(arguments.to / name, optimize=True)
            print(f"{name}: {image.width} x {image.height}")
    return 0


if __name__ == "__main__":
    sys.exit(_main())
