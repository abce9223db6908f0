"""Follows the templates and the urgent entities of a widget, and renders nothing before someone asks."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
    split_entity_id,
)
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.template import Template
from homeassistant.helpers.template.render_info import RenderInfo
from homeassistant.util import dt as dt_util

from ..delivery import Mirrored
from ..pushover import Field, Value
from .listener import Listener, News
from .rendering import NO_STATE, ValueReader, is_word, passing_since, raw_state, render, sources, writes_numbers
from .widget_config import WidgetConfig


class Mirror:
    """Says what the templates of a widget say, and once when that may have changed.

    After the first change, further ones would tell nothing new until the next rendering. So while no update may go, a
    mirrored entity costs nothing after its first change. Only urgent entities are always listened to.
    """

    def __init__(
        self, hass: HomeAssistant, config: WidgetConfig, on_change: Callable[[], None], on_urgent: Callable[[], None]
    ) -> None:
        """Parse the templates; listening begins with `start` and with the first rendering.

        `on_change` hears when `take` has something to tell, `on_urgent` when an urgent entity has changed.
        """
        self._hass = hass
        self._templates = {name: Template(text, hass) for name, text in config.templates.items()}
        self._writing = {name for name, text in config.templates.items() if writes_numbers(text)}
        self._urgent = config.urgent_entities
        self._on_urgent = on_urgent
        self._values = ValueReader(hass, f"widget {config.title}")
        self._known: set[Field] = set()
        self._sources: set[str] | None = None
        self._changed_at: datetime | None = None
        self._listener = Listener(hass, on_change)
        self._unsubscribe_urgent: CALLBACK_TYPE | None = None

    @callback
    def start(self) -> None:
        """Listen to the urgent entities."""
        if self._urgent and self._unsubscribe_urgent is None:
            self._unsubscribe_urgent = async_track_state_change_event(self._hass, self._urgent, self._urgent_event)

    @callback
    def stop(self) -> None:
        """Listen to nothing any more, until the next rendering."""
        self._listener.stop()
        if self._unsubscribe_urgent is not None:
            self._unsubscribe_urgent()
            self._unsubscribe_urgent = None

    @callback
    def take(self) -> News | None:
        """Return what has changed since this was last asked."""
        if (news := self._listener.take()) is not None:
            self._changed_at = self._changed_at or news.since
        return news

    @callback
    def hush(self) -> None:
        """Listen to the urgent entities alone, where a change has been heard, until the next rendering."""
        self._listener.hush()

    @property
    def entities(self) -> frozenset[str]:
        """Return the urgent entities, and those that the templates asked for when they were last rendered."""
        return self._urgent | (self._sources or set())

    @property
    def is_known(self) -> bool:
        """Tell whether it is known what the templates ask for."""
        return self._sources is not None or not self._templates

    @callback
    def states(self) -> dict[str, str]:
        """Return the states of the urgent entities, without those that have none at the moment."""
        states = {entity_id: raw_state(self._hass, entity_id) for entity_id in self._urgent}
        return {entity_id: state for entity_id, state in states.items() if state not in NO_STATE}

    @callback
    def render(self) -> Mirrored:
        """Render every template, and listen for the next change."""
        infos = self._infos()
        self._listener.listen(infos.values(), self._written(infos))
        values = {name: self._values.read(name, info) for name, info in infos.items()}
        self._sources = sources(infos.values())
        states = self._states(self._sources)
        mirrored = Mirrored(
            values,
            by_clock=frozenset(name for name, info in infos.items() if info.has_time),
            unavailable={name: self._since(name, infos[name]) for name, value in values.items() if value is None},
            entities={name: self._urgent_among(info) for name, info in infos.items()},
            passing=passing_since(states),
            missing=frozenset(
                name
                for name, info in infos.items()
                if any(raw_state(self._hass, entity_id) in NO_STATE for entity_id in info.entities)
            ),
            words_since=max((state.last_changed for state in states if is_word(state)), default=None),
            urgent_since={state.entity_id: state.last_changed for state in self._states(self._urgent)},
        )
        self._known = {name for name, value in values.items() if value is not None}
        self._changed_at = None
        return mirrored

    @callback
    def values(self) -> dict[Field, Value | None]:
        """Render every template, and go on listening or not as before."""
        return {name: self._values.read(name, info) for name, info in self._infos().items()}

    def _infos(self) -> dict[Field, RenderInfo]:
        return {name: render(template) for name, template in self._templates.items()}

    def _written(self, infos: Mapping[Field, RenderInfo]) -> set[str]:
        """Return the entities whose numbers are written down, and that no template may make a word of."""
        others = [info for name, info in infos.items() if name not in self._writing]
        if any(info.domains or info.all_states for info in others):
            return set()
        return sources([infos[name] for name in self._writing]) - sources(others)

    def _since(self, name: Field, info: RenderInfo) -> datetime:
        """Return since when a template has had no value: since a source has none, but not before it last had one."""
        now = dt_util.utcnow()
        gone = (state.last_changed for state in self._states(info.entities) if state.state in NO_STATE)
        since = max(gone, default=self._changed_at or now)
        return max(since, self._changed_at or now) if name in self._known else since

    def _states(self, entity_ids: Collection[str]) -> list[State]:
        """Return the states of those that exist."""
        return [state for entity_id in entity_ids if (state := self._hass.states.get(entity_id)) is not None]

    def _urgent_among(self, info: RenderInfo) -> frozenset[str]:
        return frozenset(
            entity_id
            for entity_id in self._urgent
            if entity_id in info.entities or split_entity_id(entity_id)[0] in info.domains
        )

    @callback
    def _urgent_event(self, event: Event[EventStateChangedData]) -> None:
        """Tell of an urgent entity whose state itself changed, even while nothing else is listened to."""
        old, new = event.data["old_state"], event.data["new_state"]
        if new is not None and new.state not in NO_STATE and (old is None or old.state != new.state):
            self._on_urgent()
