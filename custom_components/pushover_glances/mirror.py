"""Follows the templates of a widget, and renders nothing before someone asks."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
import logging

from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import TrackStates, async_track_state_change_filtered, async_track_utc_time_change
from homeassistant.helpers.template import Template
from homeassistant.helpers.template.render_info import RenderInfo

from .delivery import Mirrored
from .pushover import Field, Value, fit

_LOGGER = logging.getLogger(__name__)


class Mirror:
    """Says what the templates of a widget say, and once when that may have changed.

    The first change ends the listening: until the next rendering, further ones would tell nothing new. So while no
    update may go, a mirrored entity costs nothing after its first change.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        title: str,
        templates: Mapping[Field, str],
        on_change: Callable[[], None],
    ) -> None:
        """Parse the templates; listening begins with the first rendering."""
        self._hass = hass
        self._title = title
        self._templates = {name: Template(text, hass) for name, text in templates.items()}
        self._on_change = on_change
        self._failed: set[Field] = set()
        self._unsubscribe: list[CALLBACK_TYPE] = []

    @callback
    def render(self) -> Mirrored:
        """Render every template, and listen for the next change."""
        infos = {name: template.async_render_to_info(parse_result=False) for name, template in self._templates.items()}
        self._listen(infos.values())
        return Mirrored(
            {name: self._value(name, info) for name, info in infos.items()},
            frozenset(name for name, info in infos.items() if info.has_time),
        )

    @callback
    def stop(self) -> None:
        """Listen no more, until the next rendering."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    def _value(self, name: Field, info: RenderInfo) -> Value | None:
        """Return a template's result made to fit, or None where it failed or gave no number for a number."""
        if info.exception is not None:
            if name not in self._failed:
                self._failed.add(name)
                _LOGGER.warning("Template for %s of widget %s failed: %s", name, self._title, info.exception)
            return None
        self._failed.discard(name)
        return fit(name, info.result())

    def _listen(self, infos: Collection[RenderInfo]) -> None:
        self.stop()
        entities: set[str] = set()
        domains: set[str] = set()
        for info in infos:
            entities |= info.entities
            domains |= info.domains | info.domains_lifecycle
        if entities or domains:
            tracker = async_track_state_change_filtered(
                self._hass, TrackStates(all_states=False, entities=entities, domains=domains), self._changed
            )
            self._unsubscribe.append(tracker.async_remove)
        # The configuration refuses templates over all states. One that becomes such a template later is looked at
        # with the clock, because listening to every state of the house is what nobody wants.
        if any(info.has_time or info.all_states or info.all_states_lifecycle for info in infos):
            self._unsubscribe.append(async_track_utc_time_change(self._hass, self._changed, second=0))

    @callback
    def _changed(self, _what: Event[EventStateChangedData] | datetime) -> None:
        self.stop()
        self._on_change()
