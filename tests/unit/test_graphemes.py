"""Where texts are cut: between what people see as characters, by the rules of Unicode."""

from hypothesis import given, strategies as st
import pytest
import regex

from custom_components.pushover_glances.pushover import Field, fit, shorten
from custom_components.pushover_glances.pushover.graphemes import cut

_CLUSTERS = regex.compile(r"\X")
_FAMILY = "👨\u200d👩\u200d👧\u200d👦"
_SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param("🇩🇪", id="flag"),
        pytest.param(_SCOTLAND, id="flag-of-a-region"),
        pytest.param("🏳\ufe0f\u200d🌈", id="rainbow"),
        pytest.param(_FAMILY, id="family"),
        pytest.param("👍🏽", id="skin-tone"),
        pytest.param("🧑🏽\u200d🚒", id="skin-tone-and-profession"),
        pytest.param("❤\ufe0f", id="variation-selector"),
        pytest.param("❤\ufe0f\u200d🔥", id="variation-selector-and-joiner"),
        pytest.param("1\ufe0f\u20e3", id="keycap"),
        pytest.param("e\u0301", id="accent"),
        pytest.param("a\u0323\u0302", id="two-accents"),
        pytest.param("각", id="parts-of-a-syllable"),
        pytest.param("가\u11a8", id="syllable-and-final-consonant"),
        pytest.param("क्षि", id="joined-consonants"),
        pytest.param("நி", id="sign-of-a-vowel"),
        pytest.param("กำ", id="vowel-of-thai"),
        pytest.param("ｶ\uff9e", id="sound-mark-of-half-width"),
        pytest.param("\u06001", id="sign-of-a-number"),
    ],
)
def test_nothing_is_cut_in_half(whole: str) -> None:
    """It is there as a whole or not at all, wherever the end of the field falls."""
    for before in range(100):
        text = "x" * before + whole + "y" * 100
        shown = fit(Field.TEXT, text)
        assert isinstance(shown, str)
        assert len(shown) <= 100
        kept = shown.removesuffix("…")
        assert kept in ("x" * before, "x" * before + whole + "y" * (99 - before - len(whole))) or before == 99
        assert before + len(whole) > 99 or whole in kept


def test_flags_in_a_row() -> None:
    """Flags have no mark between them: they are counted in pairs, from the first one on."""
    flags = "🇩🇪🇫🇷" * 40
    for limit in (10, 11, 12, 13):
        kept = shorten("x" + flags, limit).removesuffix("…")
        assert kept == "x" + flags[: (limit - 2) // 2 * 2]


def test_whole_that_is_longer_than_the_field() -> None:
    """It is cut, because nothing would be left."""
    assert shorten("e" + "\u0301" * 200) == "e" + "\u0301" * 98 + "…"
    assert shorten("Hello e" + "\u0301" * 200) == "Hello…"


def test_what_is_short_enough_is_not_touched() -> None:
    """Exactly 100 code points fit, however many characters they are."""
    text = "👍🏽" * 50
    assert shorten(text) == text


_PIECES = st.sampled_from(
    [
        *(
            "🇩",
            "🇪",
            "\u200d",
            "\u200c",
            "\ufe0f",
            "\u20e3",
            "👩",
            "❤",
            "🏽",
            "\U000e0067",
            "\u0301",
            "\u0323",
            "e",
            " ",
        ),
        *(
            "ᄀ",
            "ᅡ",
            "ᆨ",
            "가",
            "각",
            "क",
            "्",
            "ि",
            "ष",
            "க",
            "ி",
            "ก",
            "ำ",
            "\u0600",
            "\u0d4e",
            "ｶ",
            "\uff9e",
            "\u1000",
            "\u1039",
        ),
    ]
)
# Python and the reference may know different versions of Unicode: what Python does not know is left out.
_CHARACTERS = st.characters(exclude_categories=("Cc", "Cn", "Co", "Cs"))


@given(st.lists(_PIECES | _CHARACTERS, max_size=40).map("".join), st.integers(1, 40))
def test_cuts_are_where_the_standard_has_a_boundary(text: str, limit: int) -> None:
    """Any text is cut between two clusters of another implementation, unless the first one is too long."""
    kept = cut(text, limit)
    assert text.startswith(kept)
    assert len(kept) <= limit
    clusters = _CLUSTERS.findall(text)
    ends = {sum(map(len, clusters[:count])) for count in range(len(clusters) + 1)}
    assert len(kept) in ends or len(kept) == limit
