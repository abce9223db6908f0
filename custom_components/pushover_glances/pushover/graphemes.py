"""Cuts texts where a reader sees a boundary between characters (Unicode Standard Annex #29).

Python 3.14 has none of the tables of the annex. So some rules join more than it does: what follows a joiner or a virama
is never cut off, whatever it is. Such a text is cut a few characters earlier.
"""

import re
from unicodedata import category, combining

# Accents, signs of vowels and enclosing marks. Each belongs to the character before it.
_MARKS = ("Mn", "Mc", "Me")
# What else belongs to the character before it: vowels of Thai and Lao, the joiners, voiced sound marks of half width,
# skin tones, the letters of flags such as that of Scotland, and vowels and final consonants of Hangul and of Kirat Rai.
_JOINS_BEFORE = re.compile(
    "[\u0e33\u0eb3\u200c\u200d\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
    "\u1160-\u11ff\ud7b0-\ud7fb\U00016d63\U00016d67-\U00016d6a]"
)
# What the next character belongs to: the joiner of emoji, signs of numbers, and letters that are written before others.
_JOINS_NEXT = re.compile(
    "[\u200d\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    "\u0d4e\U000111c2\U000111c3\U000113d1\U0001193f\U00011941\U00011a84-\U00011a89\U00011d46\U00011f02]"
)
_LEADING_HANGUL = re.compile("[\u1100-\u115f\ua960-\ua97c]")
_HANGUL = re.compile("[\u1100-\u115f\ua960-\ua97c\uac00-\ud7a3]")
# Two of these letters are a flag.
_REGIONAL = re.compile("[\U0001f1e6-\U0001f1ff]*")
# The combining class of viramas, which join consonants.
_VIRAMA = 9


def cut(text: str, limit: int) -> str:
    """Return the longest beginning of at most `limit` code points that ends between two characters.

    A character that is longer than the limit is cut anyway.
    """
    if len(text) <= limit:
        return text
    end = limit
    while end > 0 and not _is_boundary(text, end):
        end -= 1
    return text[: end or limit]


def _is_boundary(text: str, index: int) -> bool:
    """Return whether a text may be cut before this index."""
    before, after = text[index - 1], text[index]
    if before.isascii() and after.isascii():
        return True
    if category(after) in _MARKS or _JOINS_BEFORE.match(after):
        return False
    if _JOINS_NEXT.match(before):
        return False
    if _LEADING_HANGUL.match(before) and _HANGUL.match(after):
        return False
    if _REGIONAL.fullmatch(after) and len(_flags_before(text, index)) % 2:
        return False
    return not _ends_with_virama(text, index)


def _flags_before(text: str, index: int) -> str:
    """Return the letters of flags that end at this index."""
    found = _REGIONAL.match(text[:index][::-1])
    return "" if found is None else found[0]


def _ends_with_virama(text: str, index: int) -> bool:
    """Return whether there is a virama among the marks that end at this index."""
    while index > 0 and category(text[index - 1]) in (*_MARKS, "Cf"):
        index -= 1
        if combining(text[index]) == _VIRAMA:
            return True
    return False
