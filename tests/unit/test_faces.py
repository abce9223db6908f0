"""The picture of a watch's slots: what it shows, and that nothing in a value can make it anything but a picture."""

from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from itertools import product
import re
from xml.etree import ElementTree as ET

from hypothesis import given, strategies as st
import pytest

from custom_components.pushover_glances.content.faces import CONTENT_TYPE, data_url, draw
from custom_components.pushover_glances.pushover import Field, Value

_SVG = "{http://www.w3.org/2000/svg}"
# Neither links, nor scripts, nor styles, nor foreign content.
_ELEMENTS = {_SVG + name for name in ("svg", "rect", "text", "path", "circle")}
_ATTRIBUTES = {
    *("x", "y", "width", "height", "viewBox", "overflow", "rx", "d", "cx", "cy", "r", "transform"),
    *("fill", "stroke", "stroke-width", "stroke-linecap"),
    *("font-family", "font-size", "font-weight", "text-anchor", "direction", "unicode-bidi"),
}
_FULL: dict[Field, Value] = {
    Field.TITLE: "Car",
    Field.TEXT: "Charging",
    Field.SUBTEXT: "since 14:05",
    Field.COUNT: 312,
    Field.PERCENT: 85,
}
_FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
_FLAG = "\U0001f1e9\U0001f1ea"


def parse(values: dict[Field, Value | None]) -> ET.Element:
    """Return the picture, once it is known to be well-formed and to consist of what is allowed alone."""
    return check(draw(values))


def check(drawn: str) -> ET.Element:
    """Return a picture that was drawn elsewhere, once the same is known of it."""
    picture = ET.fromstring(drawn.encode())  # noqa: S314
    assert {element.tag for element in picture.iter()} <= _ELEMENTS
    assert {name for element in picture.iter() for name in element.keys()} <= _ATTRIBUTES  # noqa: SIM118
    assert [element for element in picture.iter() if element.tail] == []
    assert all(not element.text for element in picture.iter() if element.tag != f"{_SVG}text")
    return picture


def texts(picture: ET.Element) -> list[str]:
    """Return every text, in the order of the slots: rectangular, inline, circular, corner."""
    return ["".join(element.itertext()) for element in picture.iter(f"{_SVG}text")]


def shape(picture: ET.Element) -> Counter[str]:
    """Return how many elements of each name there are."""
    return Counter(element.tag.removeprefix(_SVG) for element in picture.iter())


def sizes(picture: ET.Element) -> list[float]:
    """Return the font sizes of the counts."""
    return [float(element.attrib["font-size"]) for element in picture.iter(f"{_SVG}text")]


def paths(picture: ET.Element) -> list[str]:
    """Return the lines of the gauges."""
    return [element.attrib["d"] for element in picture.iter(f"{_SVG}path")]


def dots(picture: ET.Element) -> Iterator[tuple[float, float]]:
    """Return where the gauges' dots are."""
    for dot in picture.iter(f"{_SVG}circle"):
        yield float(dot.attrib["cx"]), float(dot.attrib["cy"])


def test_full() -> None:
    """Every slot shows its fields; the inline one the text in capitals."""
    picture = parse({**_FULL})
    assert texts(picture) == ["Car", "Charging", "since 14:05", "CHARGING", "312", "312"]
    assert shape(picture)["circle"] == 2


def test_empty() -> None:
    """Without any value the slots are there, and empty."""
    assert shape(parse({})) == {"svg": 7, "rect": 4}


@pytest.mark.parametrize("nothing", [pytest.param(None, id="none"), pytest.param("", id="empty")])
@pytest.mark.parametrize("present", list(product((True, False), repeat=len(_FULL))))
def test_any_fields(present: tuple[bool, ...], nothing: Value | None) -> None:
    """A field that is missing, unset or empty draws nothing, and leaves the others as they are."""
    shown = {field: _FULL[field] for field, there in zip(_FULL, present, strict=True) if there}
    picture = parse({**dict.fromkeys(Field, nothing), **shown})
    assert ET.tostring(picture) == ET.tostring(parse({**shown}))
    lines = [str(shown[field]) for field in (Field.TITLE, Field.TEXT, Field.SUBTEXT) if field in shown]
    inline = ["CHARGING"] * (Field.TEXT in shown)
    assert texts(picture) == [*lines, *inline, *["312"] * 2 * (Field.COUNT in shown)]
    assert shape(picture)["circle"] == 2 * (Field.PERCENT in shown)


def test_scales() -> None:
    """The picture has a size of its own, and a view box to be scaled by."""
    picture = parse({})
    assert picture.attrib["viewBox"] == f"0 0 {picture.attrib['width']} {picture.attrib['height']}"


def test_nothing_leaves_its_slot() -> None:
    """Every slot, and the room for text within it, clips what is drawn inside."""
    picture = parse({**_FULL})
    assert all(area.attrib["overflow"] == "hidden" for area in list(picture.iter(f"{_SVG}svg"))[1:])
    assert not picture.findall(f"{_SVG}text")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("</text><script>alert(1)</script>", "</text><script>alert…", id="closing-tag"),
        pytest.param('"><image href=x onerror=a>', '"><image href=x one…', id="attribute"),
        pytest.param("]]><![CDATA[x", "]]><![CDATA[x", id="cdata"),
        pytest.param("&#0;&amp;&lol;", "&#0;&amp;&lol;", id="references"),
        pytest.param("<!--<?xml?>", "<!--<?xml?>", id="comment"),
        pytest.param("a\x00b", "ab", id="nul"),
        pytest.param("a\t\nb\r\x0bc\u2028d\x85e", "a  b  c d e", id="breaks"),
        pytest.param("a" + "".join(map(chr, [*range(9), *range(14, 32), *range(127, 133)])) + "b", "ab", id="controls"),
        pytest.param("a\ufffe\uffffb", "ab", id="not-characters"),
        pytest.param("a\ud83db\udc00c", "abc", id="surrogates"),
        pytest.param(" \n ", "", id="blank"),
        pytest.param("باب المرآب", "باب المرآب", id="arabic"),
        pytest.param("דלת המוסך (3)", "דלת המוסך (3)", id="hebrew"),
        pytest.param("\u202ea\u2066b\u2069\u200fc", "\u202ea\u2066b\u2069\u200fc", id="direction"),
        pytest.param("gonna see some serious shit", "gonna see some seri…", id="as-photographed"),
        pytest.param("Charging until 06:30", "Charging until 06:30", id="fits"),
        pytest.param("W" * 100, "W" * 10 + "…", id="broad"),
        pytest.param("i" * 100, "i" * 30 + "…", id="narrow"),
        pytest.param("車" * 100, "車" * 9 + "…", id="wide"),
        pytest.param("車" * 9, "車" * 9, id="wide-that-fits"),
        pytest.param(_FAMILY * 20, _FAMILY * 7 + "…", id="joined-emoji"),
        pytest.param(_FLAG * 20, _FLAG * 7 + "…", id="flags"),
        pytest.param("👍🏽" * 20, "👍🏽" * 7 + "…", id="skin-tones"),
        pytest.param("❤\ufe0f" * 20, "❤\ufe0f" * 7 + "…", id="emoji-style"),
        pytest.param("e\u0301" * 20, "e\u0301" * 18 + "…", id="accents"),
        pytest.param("कि" * 20, "कि" * 12 + "…", id="vowel-signs"),
        pytest.param("\u0301" * 60 + "x", "\u0301" * 60 + "x", id="accents-of-nothing"),
    ],
)
def test_text(text: str, shown: str) -> None:
    """A text is shown as it is, but for what XML cannot hold and for what has no room; it is never markup."""
    picture = parse({Field.TITLE: text})
    assert "".join(texts(picture)) == shown
    assert shape(picture) == shape(parse({})) + Counter(text=bool(shown))


@pytest.mark.parametrize("field", [Field.TITLE, Field.TEXT, Field.SUBTEXT])
def test_each_line_is_cut(field: Field) -> None:
    """Each line of the rectangular slot is cut, and has its own direction."""
    line = next(parse({field: "x" * 100}).iter(f"{_SVG}text"))
    assert line.text == "x" * 18 + "…"
    assert line.attrib["unicode-bidi"] == "plaintext"


def test_inline_is_cut_as_capitals() -> None:
    """The capitals count, not the letters that they were made of."""
    assert texts(parse({Field.TEXT: "ß" * 100}))[1] == "S" * 18 + "…"


@given(
    st.fixed_dictionaries(
        {},
        optional={
            Field.TITLE: st.text(st.characters()),
            Field.TEXT: st.text(st.characters(exclude_categories=())),
            Field.SUBTEXT: st.text("\u200d\u0301\ufe0f👩🏽🇩W車i<&>]\t\x00\ud800 ", max_size=100),
            Field.COUNT: st.integers(-(2**53) + 1, 2**53 - 1) | st.just(""),
            Field.PERCENT: st.integers(0, 100) | st.none(),
        },
    )
)
def test_any_value(values: dict[Field, Value | None]) -> None:
    """Whatever the values are, there is a well-formed picture of a known shape."""
    picture = parse(values)
    lines = [str(value) for field in (Field.TITLE, Field.TEXT, Field.SUBTEXT) if (value := values.get(field))]
    counts = [value for value in [values.get(Field.COUNT)] if isinstance(value, int)]
    assert len(texts(picture)) <= len(lines) + bool(values.get(Field.TEXT)) + 2 * len(counts)
    assert shape(picture)["svg"] == 7
    assert shape(picture)["circle"] == 2 * isinstance(values.get(Field.PERCENT), int)


@given(
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff"), min_size=1)
)
def test_any_cut(text: str) -> None:
    """What is shown is the text, or a beginning of it."""
    for shown in texts(parse({Field.TITLE: text})):
        assert shown == text.strip() or (shown.endswith("…") and text.strip().startswith(shown[:-1]))


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(0, id="zero"),
        pytest.param(-5, id="negative"),
        pytest.param(2**53 - 1, id="largest"),
        pytest.param(-(2**53) + 1, id="smallest"),
    ],
)
@pytest.mark.parametrize("percent", [pytest.param(None, id="alone"), pytest.param(50, id="gauge")])
def test_count_fits(count: int, percent: int | None) -> None:
    """A count is shown whole, and shrinks rather than leaving its slot of 104 units, or the ring of 67 in it."""
    picture = parse({Field.COUNT: count, Field.PERCENT: percent})
    assert texts(picture) == [str(count)] * 2
    room = {None: 104, 50: 67}[percent]
    assert [size for size in sizes(picture) if size * 0.62 * len(str(count)) > room] == []
    # A count of usual length is as large as the slot allows.
    assert max(sizes(parse({Field.COUNT: 5}))) > 40


def test_percent_moves_the_dot() -> None:
    """The ring runs over the top from the lower left to the lower right, the bow from the lower left to the upper right."""
    (ring_0, bow_0), (ring_50, bow_50), (ring_100, bow_100) = (
        tuple(dots(parse({Field.PERCENT: percent}))) for percent in (0, 50, 100)
    )
    assert ring_0[0] < ring_50[0] == 52 < ring_100[0]
    assert ring_0[1] == ring_100[1] > 52 > ring_50[1]
    assert bow_0[0] < bow_50[0] < bow_100[0]
    assert bow_0[1] > bow_50[1] > bow_100[1]


@pytest.mark.parametrize(
    ("percent", "lines"), [pytest.param(0, 2, id="0"), pytest.param(1, 4, id="1"), pytest.param(100, 4, id="100")]
)
def test_percent_fills_the_gauges(percent: int, lines: int) -> None:
    """A gauge is filled up to its value; at zero there is nothing but its track."""
    assert len(paths(parse({Field.PERCENT: percent}))) == lines


def test_percent_takes_the_long_way() -> None:
    """A ring filled by more than half of a circle does not take the short way through its opening."""
    flags = [
        re.findall(r" 0 ([01]) 1 ", path)[0] for percent in (60, 70) for path in paths(parse({Field.PERCENT: percent}))
    ]
    assert flags == ["1", "0", "0", "0", "1", "1", "0", "0"]


def test_data_url() -> None:
    """The address holds the same picture."""
    kind, data = data_url({**_FULL, Field.TEXT: "車 \ud800"}).split(",")
    assert kind == f"data:{CONTENT_TYPE};base64"
    assert b64decode(data, validate=True).decode() == draw({**_FULL, Field.TEXT: "車 "})
