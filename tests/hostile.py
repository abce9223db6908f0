"""Texts and values that could do harm, and what must not happen with them."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, unquote

from hypothesis import strategies as st

from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

SECRETS = (EXAMPLE_TOKEN, EXAMPLE_USER)


def _percent(text: str) -> str:
    return "".join(f"%{ord(char):02x}" for char in text)


_SPELLINGS = tuple(
    spell(secret)
    for secret in SECRETS
    for spell in (str, str.lower, str.upper, str.swapcase, _percent, lambda text: quote(_percent(text)))
)
_MARKUP = (
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</text><a href='x'>", "]]><![CDATA[", "&lt;&#0;"),
    *(
        "|",
        "| a | b |\n| - | - |",
        "[x](https://example.com)",
        "![x](https://example.com/x.png)",
        "`",
        "```\n",
        "**",
        "# ",
    ),
    *(
        "https://example.com",
        "www.example.com",
        "a@example.com",
        "<https://example.com>",
        "\\",
        "\\|",
        "---",
        "1. ",
        "- ",
    ),
    *("{{ 1 / 0 }}", "{% for %}", "{token}", "{0.__class__}", "%s", "${x}", "'", '"', "../../etc/passwd", "a/b"),
    *("\ud800", "\x00", "\r\n", "\u2028", "\u202e", "\u200d", "\ufeff", "ß", "İ", "٣", "🚗"),
    *("*", "", " ", "unknown", "unavailable", "nan", "1e400", "9" * 400, "-0", "1_0"),
)
# Text of any characters, in which there may be markup, and the secrets in several spellings.
texts = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=()), max_size=30),
        st.text(st.characters(codec="ascii"), max_size=30),
        st.sampled_from(_MARKUP),
        st.sampled_from(_SPELLINGS),
    ),
    max_size=4,
).map("".join)
# The same, as far as a file or a request can hold it.
encodable_texts = texts.map(lambda text: text.encode("utf-8", "replace").decode())
_MOMENTS = (
    *("0001-01-01T00:00:00+12:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+00:00", "2026-11-23T12:00:00"),
    *(
        "9999-12-31T23:59:59+00:00",
        "2026-11-24T12:00:00+00:00",
        "2026-11-23T11:59:00+00:00",
        "8999-01-01T00:00:00+00:00",
    ),
    *("0001-01-01", "9999-12-31", "2026-11-23"),
)
numbers = st.one_of(
    st.integers(), st.floats(), st.sampled_from((0, 1, -1, 2**53, 2**63, -(2**63), 2**64, 10**400, 1e308, -1e308))
)


def _nested(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(items, max_size=3) | st.dictionaries(encodable_texts, items, max_size=3)


# What a file of JSON can hold, as Home Assistant reads it.
json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**64 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.sampled_from(_MOMENTS),
        encodable_texts,
    ),
    _nested,
    max_leaves=6,
)
# What Python code can hand over.
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, st.binary(max_size=5), texts, st.sampled_from(_MOMENTS)),
    lambda items: (
        st.lists(items, max_size=3)
        | st.dictionaries(texts, items, max_size=3)
        | st.tuples(items)
        | st.frozensets(texts, max_size=2)
    ),
    max_leaves=6,
)


def leaks(text: str) -> list[str]:
    """Return the secrets that a text shows, in whatever case, and however often it is percent-encoded."""
    plain, before = text, ""
    while plain != before:
        plain, before = unquote(plain), plain
    return [
        secret for secret in SECRETS if secret.casefold() in plain.casefold() or secret.casefold() in text.casefold()
    ]


def assert_no_secrets(named: Iterable[tuple[object, object]]) -> None:
    """See that nothing of this shows a secret."""
    assert {name: found for name, what in named if (found := leaks(str(what)))} == {}
