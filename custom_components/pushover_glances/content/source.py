"""The source of a field: a text, an entity or a template; each is stored in the subentry of its widget."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from .target import Target

KIND_ENTITY: Final = "entity"
KIND_TEXT: Final = "text"
KIND_TEMPLATE: Final = "template"


@dataclass(frozen=True, slots=True)
class TextSource:
    """A fixed text, shown as it is written."""

    text: str


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """A template."""

    template: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitySource:
    """An entity or several: the state, one of the attributes, or a detail of `details.py` that is worked out of them.

    With a `target`, it has no entity of its own: the detail is worked out of all entities of a kind.

    In a text, the `name` of the entity may stand before it; a number is shown with so many `decimals` instead of those
    that Home Assistant displays, and with its `unit`. In a number field, `min` is the number for 0 and `max` the one
    for 100; `min` may be the larger one. The names of these fields are the stored keys.
    """

    entity_id: str | tuple[str, ...] = ()
    attribute: str | None = None
    detail: str | None = None
    name: bool = False
    decimals: int | None = None
    unit: bool = True
    min: float | None = None
    max: float | None = None
    target: Target | None = None

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """Return the entities."""
        return (self.entity_id,) if isinstance(self.entity_id, str) else self.entity_id

    @property
    def range(self) -> tuple[float, float] | None:
        """Return the numbers for 0 and for 100, if there are any."""
        return None if self.min is None or self.max is None or self.min == self.max else (self.min, self.max)


type Source = TextSource | EntitySource | TemplateSource
# A template is stored as text, as it was before there were other sources.
type StoredSource = str | Mapping[str, Any]

_TARGET: Final = "target"
_DEFAULTS = {item.name: item.default for item in fields(EntitySource)}


def targets_of(sources: Iterable[Source]) -> list[Target]:
    """Return the targets of sources, each once."""
    targets = [source.target for source in sources if isinstance(source, EntitySource) and source.target is not None]
    return list(dict.fromkeys(targets))


def kind_of(stored: StoredSource) -> str:
    """Return the kind of a stored source."""
    return KIND_TEMPLATE if isinstance(stored, str) else next(iter(stored))


def source_of(stored: StoredSource) -> Source:
    """Read a stored source; keys that a later version has added are ignored."""
    if isinstance(stored, str):
        return TemplateSource(stored)
    if KIND_TEXT in stored:
        return TextSource(stored[KIND_TEXT])
    values = {key: value for key, value in stored[KIND_ENTITY].items() if key in _DEFAULTS}
    if _TARGET in values:
        return EntitySource(**{**values, _TARGET: Target.from_stored(values[_TARGET])})
    return EntitySource(**{**values, "entity_id": _entity_id(values["entity_id"])})


def stored_source(source: Source) -> StoredSource:
    """Return a source as it is stored; what has its default is left out."""
    match source:
        case TemplateSource():
            return source.template
        case TextSource():
            return {KIND_TEXT: source.text}
        case EntitySource():
            values = {key: getattr(source, key) for key in _DEFAULTS}
            stored = {key: value for key, value in values.items() if value != _DEFAULTS[key]}
            return {KIND_ENTITY: {key: _stored(value) for key, value in stored.items()}}


def _stored(value: Any) -> Any:
    if isinstance(value, Target):
        return value.stored()
    return list(value) if isinstance(value, tuple) else value


def _entity_id(stored: str | Sequence[str]) -> str | tuple[str, ...]:
    """Return one entity, or several, as a source has them."""
    if isinstance(stored, str):
        return stored
    return stored[0] if len(stored) == 1 else tuple(stored)
