"""Finds out whether the result of a template is a value.

Where an entity has no state, Home Assistant writes "unknown", "unavailable", "None" or nothing. Such a result is no
value if an entity that the template depends on has no state, and if the template or another entity did not write it
itself: "Car unavailable" in a template is a text like any other, and so is a track called "Unknown Pleasures".
"""

from collections.abc import Collection
import re

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import State

from ..pushover import clean

NO_STATE = (STATE_UNAVAILABLE, STATE_UNKNOWN)

# Home Assistant does not translate these words. A unit or another value may stand right beside one, as in "unknownW";
# an underscore makes it a part of a name.
_WORD = re.compile(rf"(?<![a-z]_)(?:(?i:{STATE_UNKNOWN}|{STATE_UNAVAILABLE})|None|NONE|(?<!\w)(?i:none)(?!\w))(?!_)")
_SPELLINGS = frozenset({"None", *NO_STATE})

# What writes the words in other letters; a macro of a file may.
_CHANGES_CASE = re.compile(r"\b(?:capitalize|casefold|import|lower|swapcase|title|upper)\b")
# What makes a list of some of the entities, which may well be empty.
_CHOOSES = re.compile(r"\b(?:for|reject|rejectattr|select|selectattr)\b")
# What takes the first letters of a state, as of a time without its seconds, and what that leaves of the words.
_CUTS = re.compile(r"\[\s*:")
_STUMP = re.compile(rf"\b(?:{STATE_UNAVAILABLE[:4]}|{STATE_UNKNOWN[:4]})[a-z]*\b")
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def has_no_value(template: str, result: str, states: Collection[State]) -> bool:
    """Return whether the result of a template is no value, given that an entity that it depends on has no state.

    `states` are those of the entities that exist.
    """
    text = clean(result)
    available = [state for state in states if state.state not in NO_STATE]
    fixed, expressions = _EXPRESSION.subn("", template)
    # With a block, the fixed text may be one of several.
    if not text or (expressions and "{%" not in template and text == clean(fixed)):
        return not (available and _CHOOSES.search(template))
    changes_case = _CHANGES_CASE.search(template) is not None
    found = [word for word in _WORD.finditer(text) if changes_case or word[0] in _SPELLINGS]
    if _CUTS.search(template):
        found += _STUMP.finditer(text)
    if not found:
        return False
    # Of an entity, a name or a title may hold one of the words.
    texts = [text for state in available for text in (state.state, *state.attributes.values()) if isinstance(text, str)]
    own = "\n".join([clean(text) for text in (template, *texts)])
    if changes_case:
        own, text = own.casefold(), text.casefold()
    return any(not _is_in_phrase(own, text, word) for word in found)


def _is_in_phrase(own: str, text: str, word: re.Match[str]) -> bool:
    """Return whether other texts hold a word beside the same space as here, and so among other words."""
    before, after = text[max(word.start() - 1, 0) : word.end()], text[word.start() : word.end() + 1]
    return (before[0] == " " and before in own) or (after[-1] == " " and after in own)
