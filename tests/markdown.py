"""What a text becomes where Home Assistant shows it as Markdown."""

from collections import Counter

from markdown_it import MarkdownIt
from markdown_it.token import Token

# GitHub's flavour, with HTML, as the frontend reads it; what it links by itself has a check of its own.
_READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
# As for links, the frontend's reader is the more generous one.
_READER.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005


def tokens(text: str) -> list[Token]:
    """Return everything that a text consists of, blocks and what is in them."""
    blocks = _READER.parse(text)
    return [token for block in blocks for token in (block, *(block.children or ()))]


def kinds(text: str) -> Counter[str]:
    """Return how many there are of each kind of thing that opens, or stands alone."""
    return Counter(token.type for token in tokens(text) if token.nesting >= 0 and token.type != "inline")


def words(text: str) -> str:
    """Return what is to be read in a text."""
    return "".join(token.content for token in tokens(text) if token.type in ("text", "code_inline", "text_special"))
