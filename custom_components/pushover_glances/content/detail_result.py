"""What a detail of entities says: its text or number, and what decides whether it has changed."""

from collections.abc import Mapping, Sequence

from homeassistant.core import State

from ..planner import Number, Origin
from .rendering import SourceResult


def said(
    states: Sequence[State],
    text: str,
    *,
    numbers: Mapping[str, Number] | None = None,
    words: Mapping[str, str] | None = None,
    has_time: bool = False,
) -> SourceResult:
    """Return a text that is made of these states.

    Without `numbers`, any difference counts. With `has_time`, the text may change when a local day ends, and only a
    difference of the `numbers` and the `words` counts.
    """
    origin = Origin(numbers or {}, words or {}, is_complete=True)
    return SourceResult(text=text, entities=_ids(states), has_time=has_time, origin=origin)


def no_value(states: Sequence[State]) -> SourceResult:
    """Return that a detail has no value at the moment."""
    return SourceResult(text="", entities=_ids(states), has_value=False)


def attribute_of(state: State, key: str) -> str:
    """Return an attribute as a text; empty if there is none."""
    return str(state.attributes.get(key) or "")


def _ids(states: Sequence[State]) -> frozenset[str]:
    return frozenset([state.entity_id for state in states])
