"""The brand images are those that Home Assistant serves, in the sizes that it asks for."""

from pathlib import Path

from homeassistant.components.brands.const import ALLOWED_IMAGES
from PIL import Image
import pytest

_FOLDER = Path(__file__).parents[2] / "custom_components" / "pushover_glances" / "brand"
_IMAGES = sorted(path.name for path in _FOLDER.iterdir())
_LARGEST = 100_000


def opened(name: str) -> Image.Image:
    """Return an image, read whole."""
    with Image.open(_FOLDER / name) as image:
        image.load()
        return image


def sides(name: str) -> tuple[int, int, int, int]:
    """Return how many pixels are empty at the left, the top, the right and the bottom."""
    image = opened(name)
    box = image.getchannel("A").getbbox()
    assert box is not None
    return box[0], box[1], image.width - box[2], image.height - box[3]


def test_names() -> None:
    """Home Assistant serves all that are there, and each has its large form and what a dark page needs."""
    assert set(_IMAGES) <= ALLOWED_IMAGES
    assert set(_IMAGES) == {
        "icon.png",
        "icon@2x.png",
        *(f"{page}logo{scale}.png" for page in ("", "dark_") for scale in ("", "@2x")),
    }


@pytest.mark.parametrize(("name", "side"), [("icon.png", 256), ("icon@2x.png", 512)])
def test_size_of_an_icon(name: str, side: int) -> None:
    """An icon is a square that its drawing fills."""
    assert opened(name).size == (side, side)
    assert max(sides(name)) <= 2


@pytest.mark.parametrize("page", ["", "dark_"], ids=["light", "dark"])
def test_size_of_a_logo(page: str) -> None:
    """A logo's shortest side is within the limits, and its large form has twice its size."""
    small, large = opened(f"{page}logo.png"), opened(f"{page}logo@2x.png")
    assert 128 <= min(small.size) <= 256
    assert 256 <= min(large.size) <= 512
    # Trimming decides about the last pixel of each.
    assert large.width == pytest.approx(2 * small.width, abs=2)
    assert large.height == 2 * small.height


@pytest.mark.parametrize("name", _IMAGES)
def test_transparent_trimmed_and_small(name: str) -> None:
    """Every image is a PNG with a transparent ground, without an empty margin, and quickly fetched."""
    image = opened(name)
    left, top, right, bottom = sides(name)
    assert (image.format, image.mode) == ("PNG", "RGBA")
    assert image.getchannel("A").getextrema() == (0, 255)
    assert left == right == 0 or top == bottom == 0
    assert max(left, top, right, bottom) <= 2
    assert (_FOLDER / name).stat().st_size < _LARGEST


@pytest.mark.parametrize(("page", "darkest", "lightest"), [("", 0, 80), ("dark_", 200, 255)], ids=["light", "dark"])
def test_words_stand_out(page: str, darkest: int, lightest: int) -> None:
    """The words are dark for a light page, and light for a dark one."""
    logo = opened(f"{page}logo.png")
    words = logo.crop((logo.height, 0, logo.width, logo.height))
    solid = words.getchannel("A").point(lambda value: 255 * (value == 255))
    histogram = words.convert("L").histogram(solid)
    assert sum(histogram) > 0
    assert sum(histogram[darkest : lightest + 1]) == sum(histogram)
