"""Finds out whether the result of a template is a value.

Where an entity has no state, Home Assistant writes "unknown", "unavailable", "None" or nothing. Such a result is no
value if an entity that the template depends on has no state, and if the template or another entity did not write it
itself: "Car unavailable" in a template is a text like any other, and so is a track called "Unknown Pleasures".
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
import re

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import State
from jinja2 import Environment, TemplateSyntaxError, nodes

from ..pushover import clean

NO_STATE = (STATE_UNAVAILABLE, STATE_UNKNOWN)

# Home Assistant does not translate these words. A unit or another value may stand right beside one, as in "unknownW";
# an underscore makes it a part of a name.
_WORD = re.compile(rf"(?<![a-z]_)(?:(?i:{STATE_UNKNOWN}|{STATE_UNAVAILABLE})|None|NONE|(?<!\w)(?i:none)(?!\w))(?!_)")

# What Home Assistant itself writes; another entity may have the same text, which is not known then.
_UNCERTAIN = frozenset({"None", *NO_STATE})

# These filters and methods of texts write the words in other letters.
_CHANGING_CASE = frozenset({"capitalize", "casefold", "lower", "swapcase", "title", "upper"})

# Only parses: filters and functions are not looked up. The extensions are those of Home Assistant's own environment.
_JINJA = Environment(extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"])  # noqa: S701  # renders nothing

# Where a text that is put together has its values, as in "{:.1f} °C" and "%s °C".
_PLACE = re.compile(r"\{[^{}]*\}|%[-+ #.\d]*[a-z]")

# These filters make a list of some of the entities, which may well be empty.
_CHOOSING = frozenset({"reject", "rejectattr", "select", "selectattr"})


def has_no_value(template: str, result: str, states: Collection[State]) -> bool:
    """Return whether the result of a template is no value, given that an entity that it depends on has no state.

    `states` are those of the entities that exist.
    """
    outline = _outline(template)
    if not (parts := outline.parts(clean(result))):
        return False
    available = [state for state in states if state.state not in NO_STATE]
    if not any(part for part, _ in parts):
        return not (outline.chooses and available)
    if not (outline.chooses and available) and any(part in outline.hollow for part, _ in parts):
        return True
    if not outline.chooses and any(len(part.split()) < least for part, least in parts):
        return True
    if not outline.chooses and any(outline.pieces.intersection(re.findall(r"\w+", part)) for part, _ in parts):
        return True
    if not any(_WORD.search(part) for part, _ in parts):
        return False
    phrases = outline.phrases.union(filter(_is_phrase, _texts(states)))
    words = outline.words | {text for text in _texts(available) if _WORD.fullmatch(text) and text not in _UNCERTAIN}
    return any(outline.has_word(part, phrases, words) for part, _ in parts)


@dataclass(frozen=True, slots=True)
class _Outline:
    """What a template is made of.

    `fixed` has the patterns of the fixed texts before, between and after the parts that are not fixed, and `least` how
    many words, separated by spaces, each of those parts has at least if all of its values are there. `hollow` are what
    remains of texts that the template puts together when their values are empty. `phrases` are texts of the template
    that hold one of the words for "no value" among others, and `words` those that are written without others. The
    template `chooses` if it makes a list of some entities, and `changes_case` if it may write the words in other
    letters. `pieces` are what remains of them where it takes a piece of a state, such as the first five letters.
    """

    fixed: tuple[re.Pattern[str], ...]
    least: tuple[int, ...]
    hollow: frozenset[str]
    phrases: frozenset[str]
    words: frozenset[str]
    chooses: bool
    changes_case: bool
    pieces: frozenset[str]

    def has_word(self, part: str, phrases: Collection[str], words: Collection[str]) -> bool:
        """Return whether a part holds a word for "no value" outside of these phrases, and other than these words."""
        for phrase in sorted(phrases, key=len, reverse=True):
            part = re.sub(re.escape(phrase), " ", part, flags=re.IGNORECASE)
        return any(
            found[0] not in words and (self.changes_case or found[0] in _UNCERTAIN) for found in _WORD.finditer(part)
        )

    def parts(self, result: str) -> list[tuple[str, int]]:
        """Return the parts of a result that are not fixed text, and how many words each has at least."""
        ends: list[tuple[int, int]] = []
        position = 0
        for fixed in self.fixed:
            if (found := fixed.search(result, position)) is None:
                # It cannot be told what belongs to which part.
                return [(result, 0)]
            ends.append(found.span())
            position = found.end()
        parts = [result[end:begin].strip() for (_, end), (begin, _) in pairwise(ends)]
        return list(zip(parts, self.least, strict=True))


@lru_cache(maxsize=256)
def _outline(template: str) -> _Outline:
    """Return what a template is made of."""
    try:
        body = _JINJA.parse(template)
    except TemplateSyntaxError:
        # An extension that is not known here: the whole result is one part.
        body = _JINJA.parse("{{ result }}")
    fixed, least = _layout(_pieces(body.body))
    written, around = [*map(clean, _written(body))], [*_around_values(body)]
    patterns = [*map(_fixed, fixed)]
    patterns[0], patterns[-1] = rf"\A{patterns[0]}", rf"{patterns[-1]}\Z"
    return _Outline(
        tuple(map(re.compile, patterns)),
        tuple(least),
        frozenset(map(clean, _hollow(body))).difference({""}),
        frozenset(filter(_is_phrase, [*written, *around])),
        frozenset(filter(_WORD.fullmatch, [*written, *map(clean, filter(_is_phrase, around))])),
        any(item.name in _CHOOSING for item in body.find_all(nodes.Filter)) or body.find(nodes.For) is not None,
        _changes_case(body),
        frozenset(_pieces_of_states(body)).difference(("", *NO_STATE)),
    )


def _layout(pieces: Iterable[nodes.Node]) -> tuple[list[str], list[int]]:
    """Return the fixed texts before, between and after parts that are not fixed, and how many words each part has."""
    fixed, least = [""], list[int]()
    for node in pieces:
        if isinstance(node, nodes.TemplateData):
            fixed[-1] += node.data
        elif least and not fixed[-1].strip():
            # It cannot be told what belongs to which of two parts without a text between them.
            words = 0 if _may_be_empty(node) else 1
            least[-1] = least[-1] + words if fixed[-1] else max(least[-1], words)
            fixed[-1] = ""
        else:
            least.append(0 if _may_be_empty(node) else 1)
            fixed.append("")
    return fixed, least


def _pieces(body: Sequence[nodes.Node]) -> Iterator[nodes.Node]:
    """Yield the fixed texts, expressions and blocks of a template that may write something, in their order."""
    for node in body:
        if isinstance(node, nodes.Output):
            for item in node.nodes:
                yield from map(_as_data, item.nodes) if isinstance(item, nodes.Concat) else [item]
        elif not isinstance(
            node, nodes.Assign | nodes.AssignBlock | nodes.ExprStmt | nodes.Macro | nodes.Import | nodes.FromImport
        ):
            yield node


def _as_data(node: nodes.Expr) -> nodes.Expr:
    """Return a text of an expression as a fixed text."""
    return nodes.TemplateData(node.value) if isinstance(node, nodes.Const) and isinstance(node.value, str) else node


def _fixed(text: str) -> str:
    """Return the pattern of a fixed text in a clean result; spaces at its ends may be missing there."""
    return f"{' ?' if text[:1].isspace() else ''}{re.escape(clean(text))}{' ?' if text[-1:].isspace() else ''}"


def _may_be_empty(node: nodes.Node) -> bool:
    """Return whether a template leaves a part empty on purpose."""
    if not isinstance(node, nodes.Expr):
        return True
    choices = [node] if isinstance(node, nodes.CondExpr) else [*node.find_all(nodes.CondExpr)]
    return bool(choices) or "" in _constants(node)


def _constants(node: nodes.Node) -> list[str]:
    return [item.value for item in node.find_all(nodes.Const) if isinstance(item.value, str)]


def _around_values(body: nodes.Template) -> Iterator[str]:
    """Yield the texts of expressions, and what stands around the values of those that are put together.

    A space at an end remains: it tells " unavailable" after a name from the state in a comparison.
    """
    for text in _constants(body):
        yield from (re.sub(r"\s+", " ", piece) for piece in (text, *_PLACE.split(text)))


def _changes_case(body: nodes.Template) -> bool:
    """Return whether a template may write a text in other letters; what a macro of a file does is not known."""
    filters = {item.name for item in body.find_all(nodes.Filter)}
    methods = {item.attr for item in body.find_all(nodes.Getattr)}
    imports = body.find(nodes.Import) or body.find(nodes.FromImport)
    # A filter may also be given to another one by its name, as in map("upper").
    return not _CHANGING_CASE.isdisjoint({*filters, *methods, *_constants(body)}) or imports is not None


def _pieces_of_states(body: nodes.Template) -> Iterator[str]:
    """Yield what remains of the words where a template takes a piece of a state."""
    for item in body.find_all(nodes.Slice):
        # The bounds may be values that are not known here.
        with suppress(nodes.Impossible, TypeError, ValueError):
            start, stop, step = [None if end is None else end.as_const() for end in (item.start, item.stop, item.step)]
            yield from [state[start:stop:step] for state in NO_STATE]


def _hollow(body: nodes.Template) -> Iterator[str]:
    """Yield what remains of texts and blocks that a template puts together when their values are empty."""
    for node in body.find_all(nodes.Concat):
        yield "".join(
            item.value for item in node.nodes if isinstance(item, nodes.Const) and isinstance(item.value, str)
        )
    for text in _constants(body):
        if _PLACE.search(text):
            yield _PLACE.sub("", text)
    for block in _blocks(body):
        fixed, least = _layout(_pieces(block))
        if least and all(least):
            yield "".join(fixed)


def _blocks(body: nodes.Template) -> Iterator[Sequence[nodes.Node]]:
    """Yield the contents of the blocks of a template."""
    for branch in body.find_all(nodes.If):
        yield from (branch.body, branch.else_)
    for loop in body.find_all(nodes.For):
        yield from (loop.body, loop.else_)
    for macro in body.find_all(nodes.Macro):
        yield macro.body
    for block in body.find_all(nodes.AssignBlock):
        yield block.body


def _written(body: nodes.Template) -> Iterator[str]:
    """Yield the texts that a template writes as they are, but not always: in blocks, and as one of several choices."""
    always = {id(node) for node in _pieces(body.body)}
    for data in body.find_all(nodes.TemplateData):
        if id(data) not in always:
            yield data.data
    for item in _choices(body):
        if isinstance(item, nodes.Const) and isinstance(item.value, str):
            yield item.value


def _choices(body: nodes.Template) -> Iterator[nodes.Expr | None]:
    """Yield the expressions of which a template writes one: of a condition, and of a table."""
    for choice in body.find_all(nodes.CondExpr):
        yield from (choice.expr1, choice.expr2)
    for pair in body.find_all(nodes.Pair):
        yield pair.value
    for item in body.find_all(nodes.Filter):
        if item.name == "iif":
            yield from (*item.args, *(argument.value for argument in item.kwargs))
    for call in body.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "iif":
            yield from (*call.args, *(argument.value for argument in call.kwargs))


def _is_phrase(text: str) -> bool:
    """Return whether a text holds one of the words among others."""
    return _WORD.search(text) is not None and not _WORD.fullmatch(text)


def _texts(states: Collection[State]) -> list[str]:
    """Return the states and attributes that are texts and hold one of the words."""
    texts = [text for state in states for text in (state.state, *state.attributes.values())]
    return [clean(text) for text in texts if isinstance(text, str) and _WORD.search(text)]
