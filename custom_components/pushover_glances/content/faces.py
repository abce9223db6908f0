"""Draws a glance as a watch would show it: an SVG picture of four slots, each with its own fields.

A browser can open the picture on Home Assistant's own origin. So it is made of constants, numbers and escaped text
only, without any element or attribute that runs, loads or links to anything.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from math import cos, radians, sin
import re
from typing import Final, NamedTuple
import unicodedata
from xml.etree.ElementTree import Element, SubElement, tostring

from ..pushover import FIELDS, NUMBER_FIELDS, Field, Place, Value, shorten

CONTENT_TYPE: Final = "image/svg+xml"

_WIDTH = 480
_HEIGHT = 220

# The font of the system comes first, then the most similar ones.
_FONTS = "ui-rounded, 'SF Compact Rounded', -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_WHITE = "#fff"
_GREY = "#a1a6ae"
_ACCENT = "#4aa8e0"
_TRACK = "#2b3b47"
# Separates a tile from a dark page.
_RIM = "#3a3d42"

# The width of a digit and half of its height, as shares of the font size.
_DIGIT_WIDTH = 0.62
_HALF_HEIGHT = 0.36

# A column is the width of an average small letter. Photographed watches cut a line after about 19 characters; the
# inline text is in capitals, and is cut where its tile ends.
_LINE_COLUMNS = 19.5
_INLINE_COLUMNS = 24.5

_BREAK = re.compile("[\t\n\v\f\r\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_ZERO_WIDTH_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
_BROAD = frozenset("mwMW@%—…ШЩЖЮФшщжюф")
_NARROW = frozenset(" .,:;'!|iIjltf")
_MARKS = ("Mn", "Mc", "Me", "Cf")


class _Arc(NamedTuple):
    """A gauge: part of a circle, in degrees clockwise from three o'clock."""

    centre: float
    radius: float
    start: float
    sweep: float

    def point(self, share: float) -> tuple[str, str]:
        """Return the point at which a share of the gauge ends."""
        angle = radians(self.start + share * self.sweep)
        return _rounded(self.centre + self.radius * cos(angle)), _rounded(self.centre + self.radius * sin(angle))

    def path(self, share: float) -> str:
        """Return the path of a share of the gauge."""
        large = int(share * self.sweep > 180)  # noqa: PLR2004
        return " ".join(("M", *self.point(0), "A", *[str(self.radius)] * 2, "0", str(large), "1", *self.point(share)))


# Open at the bottom.
_RING = _Arc(centre=52, radius=38, start=135, sweep=270)
# Along the inner side of the upper left corner.
_BOW = _Arc(centre=96, radius=64, start=188, sweep=74)

# The style of each line of the rectangular slot.
_LINE_LOOKS = ({"font-weight": "700", "fill": _ACCENT}, {"fill": _WHITE}, {"fill": _GREY})


def _fields_at(place: Place) -> list[Field]:
    return [field for field, traits in FIELDS.items() if place in traits.places]


_LINES = _fields_at(Place.LINE)
# The other slots have room for one field each.
(_INLINE,), (_COUNT,), (_GAUGE,) = map(_fields_at, (Place.INLINE, Place.NUMBER, Place.GAUGE))


def draw(values: Mapping[Field, Value | None]) -> str:
    """Return the picture of a watch that shows these values, as an SVG document."""
    size = {"width": str(_WIDTH), "height": str(_HEIGHT), "viewBox": f"0 0 {_WIDTH} {_HEIGHT}"}
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "font-family": _FONTS})
    count, share = _number(values.get(_COUNT)), _share(values.get(_GAUGE))
    _draw_rectangular(_add_tile(root, 0, 0, 364, 140), [_line(values.get(field)) for field in _LINES])
    _draw_inline(_add_tile(root, 0, 152, 364, 68), _line(values.get(_INLINE)))
    _draw_circular(_add_tile(root, 376, 0, 104, 104), count, share)
    _draw_corner(_add_tile(root, 376, 116, 104, 104), count, share)
    return tostring(root, encoding="unicode")


def data_url(values: Mapping[Field, Value | None]) -> str:
    """Return the same picture as a data URL."""
    return f"data:{CONTENT_TYPE};base64,{b64encode(draw(values).encode()).decode()}"


def _draw_rectangular(tile: Element, lines: Sequence[str]) -> None:
    """Draw the lines below each other."""
    area = _add_area(tile, 16, 0, 332, 140)
    for number, (line, look) in enumerate(zip(lines, _LINE_LOOKS, strict=True)):
        place = {"x": "4", "y": str(43 + 37 * number), "font-size": "28"}
        _add_line(area, _cut(line, _LINE_COLUMNS), {**place, **look})


def _draw_inline(tile: Element, text: str) -> None:
    """Draw the text in capitals, as around the dial of a watch face."""
    area = _add_area(tile, 16, 0, 332, 68)
    look = {"x": "166", "y": "42", "font-size": "21", "font-weight": "600", "text-anchor": "middle", "fill": _WHITE}
    _add_line(area, _cut(text.upper(), _INLINE_COLUMNS), look)


def _draw_circular(tile: Element, count: int | None, share: float | None) -> None:
    """Draw the count within the gauge, or alone if there is no gauge."""
    if share is None:
        _add_count(tile, count, centre=(52, 52), size=46, room=84)
    else:
        _add_gauge(tile, _RING, share)
        _add_count(tile, count, centre=(52, 52), size=32, room=56)


def _draw_corner(tile: Element, count: int | None, share: float | None) -> None:
    """Draw the count rotated into the upper left corner, and the gauge as an arc below it."""
    if share is not None:
        _add_gauge(tile, _BOW, share)
    _add_count(tile, count, centre=(33, 33), size=29, room=58, transform="rotate(-45 33 33)")


def _add_tile(root: Element, x: int, y: int, width: int, height: int) -> Element:
    """Add an empty slot."""
    tile = _add_area(root, x, y, width, height)
    inner = {"x": "0.5", "y": "0.5", "width": str(width - 1), "height": str(height - 1)}
    SubElement(tile, "rect", {**inner, "rx": "26", "fill": "#000", "stroke": _RIM})
    return tile


def _add_area(parent: Element, x: int, y: int, width: int, height: int) -> Element:
    """Add an area that clips what is drawn in it."""
    place = {"x": str(x), "y": str(y), "width": str(width), "height": str(height)}
    return SubElement(parent, "svg", {**place, "overflow": "hidden"})


def _add_line(area: Element, text: str, look: Mapping[str, str]) -> None:
    """Add a text whose direction is that of its first letter, not that of the page."""
    if text:
        SubElement(area, "text", {**look, "direction": "ltr", "unicode-bidi": "plaintext"}).text = text


def _add_count(tile: Element, count: int | None, *, centre: tuple[int, int], size: int, room: int, **more: str) -> None:
    """Add a count, smaller than its usual size if it would not fit."""
    if count is None:
        return
    digits = str(count)
    fitting = min(size, room / (len(digits) * _DIGIT_WIDTH))
    x, y = centre
    place = {"x": str(x), "y": _rounded(y + fitting * _HALF_HEIGHT), "text-anchor": "middle"}
    look = {"font-size": _rounded(fitting), "font-weight": "600", "fill": _WHITE}
    SubElement(tile, "text", {**place, **look, **more}).text = digits


def _add_gauge(tile: Element, arc: _Arc, share: float) -> None:
    """Add a gauge that is filled up to a dot at the value."""
    look = {"fill": "none", "stroke-width": "9", "stroke-linecap": "round"}
    SubElement(tile, "path", {"d": arc.path(1), "stroke": _TRACK, **look})
    if share > 0:
        SubElement(tile, "path", {"d": arc.path(share), "stroke": _ACCENT, **look})
    x, y = arc.point(share)
    SubElement(tile, "circle", {"cx": x, "cy": y, "r": "7", "fill": _WHITE, "stroke": "#000", "stroke-width": "3"})


def _number(value: Value | None) -> int | None:
    return value if isinstance(value, int) else None


def _share(value: Value | None) -> float | None:
    """Return the position of a value on the gauge, from 0 to 1."""
    if (number := _number(value)) is None:
        return None
    traits = NUMBER_FIELDS[_GAUGE]
    return (min(max(number, traits.low), traits.high) - traits.low) / (traits.high - traits.low)


def _rounded(number: float) -> str:
    return f"{number:.2f}"


def _line(value: Value | None) -> str:
    """Return a text as one line, without characters that XML does not allow."""
    return _UNPRINTABLE.sub("", _BREAK.sub(" ", "" if value is None else str(value))).strip()


def _cut(text: str, columns: float) -> str:
    """Cut a text to a number of columns, and end it with an ellipsis if anything was cut."""
    end = 0
    # The ellipsis takes one column.
    room = columns - 1
    clusters = list(_clusters(text))
    if sum(map(_columns, clusters)) <= columns:
        return text
    for cluster in clusters:
        room -= _columns(cluster)
        if room < 0:
            break
        end += len(cluster)
    return shorten(text, end + 1)


def _clusters(text: str) -> Iterator[str]:
    """Yield the visible characters of a text, such as a letter with its accents or a joined emoji."""
    cluster = ""
    for char in text:
        if cluster and not _joins(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _joins(cluster: str, char: str) -> bool:
    """Return whether a character belongs to the cluster before it."""
    return (
        cluster.endswith(_ZERO_WIDTH_JOINER)
        or unicodedata.category(char) in _MARKS
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or (_is_half_flag(char) and len(cluster) == 1 and _is_half_flag(cluster))
    )


def _columns(cluster: str) -> float:
    """Estimate how many columns a cluster takes, rather too many than too few, because fonts differ."""
    first = cluster[0]
    vowels = sum(unicodedata.category(char) == "Mc" for char in cluster[1:]) / 2
    if unicodedata.category(first) in _MARKS:
        return vowels
    wide = unicodedata.east_asian_width(first) in "WF"
    if _is_half_flag(first) or _EMOJI_STYLE in cluster or (wide and unicodedata.category(first) == "So"):
        return 2.4 + vowels
    if wide:
        return 2 + vowels
    if first in _BROAD:
        return 1.7 + vowels
    if first in _NARROW:
        return 0.6 + vowels
    return (1.25 if first.isupper() else 1) + vowels


def _is_half_flag(char: str) -> bool:
    """Return whether a character is a regional indicator, two of which make a flag."""
    return "\U0001f1e6" <= char <= "\U0001f1ff"
