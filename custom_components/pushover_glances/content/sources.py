"""Renders the sources of a widget when asked to, and finds out what they depend on."""

from collections.abc import Collection, Mapping, Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from homeassistant.core import HomeAssistant, callback, split_entity_id

from ..planner import Rendering, Snapshot
from ..pushover import NUMBER_FIELDS, Field, Value
from .answers import Query
from .no_value import NO_STATE
from .origin import origins_of, quantity
from .past import clock_of
from .rendering import (
    RenderResult,
    SourceResult,
    ValueReader,
    existing,
    is_word,
    lacks_state,
    raw_state,
    sources as sources_of,
    state_since,
    templates_of,
    text_without_number,
    transition_since,
)
from .source import EntitySource, Source, targets_of
from .source_result import result_of, source_result
from .target import members_of
from .widget_config import WidgetConfig


@dataclass(frozen=True, slots=True)
class Tracked:
    """What a widget depends on: entities, whole domains, the minute, the day, its urgent entities, and its queries."""

    entities: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    minutes: bool = False
    days: bool = False
    urgent: frozenset[str] = frozenset()
    queries: frozenset[Query] = frozenset()


class WidgetSources:
    """The sources and the urgent entities of a widget."""

    def __init__(self, hass: HomeAssistant, config: WidgetConfig) -> None:
        """Parse the templates."""
        self.tracked = Tracked(urgent=config.urgent_entities)
        self._hass = hass
        self._sources = {name: result_of(hass, name, source) for name, source in config.sources.items()}
        self._config = config
        self._urgent = config.urgent_entities
        self._reader = ValueReader(hass, f"widget {config.title}")
        self._is_rendered = False
        self._known: set[Field] = set()
        # The texts without a number of number fields, each with the time since when it or another one was there.
        self._wordy: dict[Field, tuple[str, datetime]] = {}
        # When a source first changed since the last rendering, as far as that was reported.
        self._changed_at: datetime | None = None
        self._utcnow = clock_of(hass)
        self._rendered_at = self._utcnow()
        self._targets = targets_of(config.sources.values())
        # The results of the last rendering.
        self._infos: Mapping[Field, RenderResult] = {}
        # The entities of the targets at the last rendering.
        self._members: list[tuple[str, ...]] = []

    @property
    def fields(self) -> Collection[Field]:
        """Return the fields that have a source."""
        return self._sources.keys()

    @property
    def entities(self) -> frozenset[str]:
        """Return the urgent entities, and those that the sources used at the last rendering."""
        return self._urgent | self.tracked.entities

    @property
    def quantities(self) -> frozenset[str]:
        """Return the entities that the sources used at the last rendering and whose states are quantities."""
        # A summary of several entities needs the last state of one that becomes unavailable.
        several = [info for info in self._infos.values() if isinstance(info, SourceResult) and len(info.entities) > 1]
        states = existing(self._hass, self.tracked.entities - sources_of(several))
        return frozenset([state.entity_id for state in states if quantity(self._hass, state) is not None])

    @property
    def templates(self) -> dict[str, AbstractSet[str]]:
        """Return the entities that each template used at the last rendering."""
        return templates_of(self._infos)

    @property
    def is_known(self) -> bool:
        """Return whether the entities of the sources are known, which is after the first rendering."""
        return self._is_rendered or not self._sources

    @callback
    def note_queries(self) -> bool:
        """Store the queries before the first rendering, and return whether they are others than before."""
        before = self.tracked
        self.tracked = replace(before, queries=queries_of(self._hass, self._config.sources))
        return self.tracked != before

    @callback
    def members_changed(self) -> bool:
        """Return whether a target has other entities than at the last rendering."""
        return self._is_rendered and self._members_now() != self._members

    def _members_now(self) -> list[tuple[str, ...]]:
        return [members_of(self._hass, target) for target in self._targets]

    @callback
    def note_change(self, moment: datetime) -> None:
        """Store when a source has changed; only the first change since the last rendering counts."""
        self._changed_at = self._changed_at or moment

    @callback
    def urgent_states(self) -> dict[str, str]:
        """Return the states of those urgent entities that have one at the moment."""
        if not self._urgent:
            return {}
        states = {entity_id: raw_state(self._hass, entity_id) for entity_id in self._urgent}
        return {entity_id: state for entity_id, state in states.items() if state not in NO_STATE}

    @callback
    def render(self) -> Rendering:
        """Render all sources, and find out what to track."""
        infos = self._infos = {name: result() for name, result in self._sources.items()}
        self._members = self._members_now() if self._targets else []
        missing = frozenset([name for name, info in infos.items() if lacks_state(self._hass, info)])
        values = {name: self._reader.read(name, info, lacking=name in missing) for name, info in infos.items()}
        tracked = tracked_of(infos.values(), self._urgent)
        # An entity that is missing names no query, and is asked as soon as it is back.
        self.tracked = replace(tracked, queries=tracked.queries | self.tracked.queries) if missing else tracked
        self._is_rendered = True
        states = existing(self._hass, self.tracked.entities)
        ends = [info.until for info in infos.values() if isinstance(info, SourceResult) and info.until is not None]
        rendering = Rendering(
            values,
            origins_of(self._hass, infos, values),
            by_clock=frozenset([name for name, info in infos.items() if info.has_time]),
            unavailable={name: self._since(name, infos[name]) for name, value in values.items() if value is None},
            missing=missing,
            urgent_entities={name: self._urgent_among(info) for name, info in infos.items()} if self._urgent else {},
            in_transition=transition_since(states),
            words_since=max([state_since(state) for state in states if is_word(state)], default=None),
            urgent_since={state.entity_id: state_since(state) for state in existing(self._hass, self._urgent)},
            entities={name: info.entities for name, info in infos.items()},
            updated={state.entity_id: state.last_updated for state in states},
            until=min(ends, default=None),
        )
        if self.tracked.domains:
            rendering = self._with_domains(rendering, infos)
        self._known = {name for name, value in values.items() if value is not None}
        wordy = {name: infos[name] for name in NUMBER_FIELDS if name in values and values[name] is None}
        if wordy or self._wordy:
            self._note_texts(wordy)
        self._changed_at, self._rendered_at = None, self._utcnow()
        return rendering

    @callback
    def values(self, names: Collection[Field]) -> dict[Field, tuple[Value | None, Snapshot | None]]:
        """Return the current values of these fields, those that depend on the time with what they are made of."""
        found: dict[Field, tuple[Value | None, Snapshot | None]] = {}
        for name, result in self._sources.items():
            if name in names:
                info = result()
                value = self._reader.read(name, info, lacking=lacks_state(self._hass, info))
                origins = origins_of(self._hass, {name: info}, {name: value}) if info.has_time else {}
                found[name] = value, origins[name].snapshot() if name in origins else None
        return found

    @callback
    def without_number(self) -> dict[Field, tuple[str, datetime]]:
        """Return the number fields that still have texts without a number, with the texts, and since when."""
        self._note_texts({name: self._sources[name]() for name in self._wordy})
        return self._wordy

    def _note_texts(self, infos: Mapping[Field, RenderResult]) -> None:
        """Store which of these number fields have texts without a number; nothing is known while an entity is away."""
        before, now = self._wordy, self._utcnow()
        self._wordy = {}
        for name, info in infos.items():
            if lacks_state(self._hass, info):
                if name in before:
                    self._wordy[name] = before[name]
            elif (text := text_without_number(name, info)) is not None:
                self._wordy[name] = (text, before[name][1] if name in before else now)

    def _with_domains(self, rendering: Rendering, infos: Mapping[Field, RenderResult]) -> Rendering:
        """Return a rendering with the entities of those domains that its fields depend on."""
        states = self._hass.states
        return replace(
            rendering,
            entities={name: info.entities | {*states.async_entity_ids(info.domains)} for name, info in infos.items()},
            updated={
                **rendering.updated,
                **{state.entity_id: state.last_updated for state in states.async_all(self.tracked.domains)},
            },
        )

    def _since(self, name: Field, info: RenderResult) -> datetime:
        """Return since when a field has no value: since a source has no state, but not before its last value."""
        now = self._utcnow()
        gone = [state.last_changed for state in existing(self._hass, info.entities) if state.state in NO_STATE]
        since = max(gone, default=self._changed_at or now)
        # Not every change is noted: those of a paused widget, for instance, are not.
        return max(since, self._changed_at or self._rendered_at) if name in self._known else since

    def _urgent_among(self, info: RenderResult) -> frozenset[str]:
        return frozenset(
            [
                entity_id
                for entity_id in self._urgent
                if entity_id in info.entities or split_entity_id(entity_id)[0] in info.domains
            ]
        )


def tracked_of(infos: Collection[RenderResult], urgent: frozenset[str] = frozenset()) -> Tracked:
    """Return what these render results depend on, with the urgent entities."""
    read = [info for info in infos if isinstance(info, SourceResult)]
    templates = [info for info in infos if not isinstance(info, SourceResult)]
    # The form refuses templates over all states. A template that becomes one later is rendered every minute, because
    # tracking all states would cost too much.
    return Tracked(
        entities=frozenset[str]().union(*[info.entities for info in infos]),
        domains=frozenset[str]().union(*[info.domains | info.domains_lifecycle for info in templates]),
        minutes=bool([info for info in templates if info.has_time or info.all_states or info.all_states_lifecycle]),
        # Without a template, the clock changes no more than how a moment is written, which depends on the day.
        days=bool([info for info in read if info.has_time]),
        urgent=urgent,
        queries=frozenset[Query]().union(*[info.queries for info in read]),
    )


@callback
def queries_of(hass: HomeAssistant, sources: Mapping[Field, Source]) -> frozenset[Query]:
    """Return the queries of sources, which depend on the answers so far; no template is rendered."""
    infos = [source_result(hass, name, item) for name, item in sources.items() if isinstance(item, EntitySource)]
    return tracked_of(infos).queries
