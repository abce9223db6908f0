"""What the active alerts of a widget say, over what its mirror says."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..delivery import Mirrored, Shown, Source
from ..pushover import Field
from .alert_text import ATTR_ALERTS, AlertText, Cue, Said
from .alerts import Alerts, Watch
from .listener import Listener, News
from .rendering import NO_STATE, passing_since, raw_state
from .widget_config import WidgetConfig


class AlertLayer:
    """Renders the alerts of one widget when someone asks, and tells once when what they say may have changed."""

    def __init__(
        self,
        hass: HomeAssistant,
        config: WidgetConfig,
        alerts: Alerts,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """Parse the templates; listening begins with the first rendering."""
        self._hass = hass
        self._alerts = alerts
        self._watches = [watch for alert in config.alerts if (watch := alerts.watches.get(alert.subentry_id))]
        self._texts = {
            watch.config.subentry_id: AlertText(hass, watch.config.templates, watch.config.title)
            for watch in self._watches
        }
        self._urgent = {watch.config.subentry_id: watch for watch in self._watches if watch.config.urgent}
        self._alerted = {name: self._urgent_of(name) for name in Field}
        self._listener = Listener(hass, on_change)

    def _urgent_of(self, name: Field) -> frozenset[str]:
        """Return the urgent alerts that a field depends on: those that take it over, or all where one counts them."""
        texts = {watch.config.subentry_id: watch.config.templates.get(name) for watch in self._watches}
        counted = any(text is not None and ATTR_ALERTS in text for text in texts.values())
        return frozenset(alert for alert in self._urgent if counted or texts[alert] is not None)

    @callback
    def stop(self) -> None:
        """Listen to nothing, until the next rendering."""
        self._listener.stop()

    @callback
    def take(self) -> News | None:
        """Return what has changed since this was last asked."""
        return self._listener.take()

    @callback
    def hush(self) -> None:
        """Listen to nothing, where a change has been heard, until the next rendering."""
        self._listener.hush()

    @callback
    def states(self) -> dict[str, str]:
        """Return which entities make each urgent alert active."""
        return {name: " ".join(sorted(watch.alert.active)) for name, watch in self._urgent.items()}

    @callback
    def values(self) -> dict[str, Shown]:
        """Return what the active alerts say, the newest first, and go on listening or not as before."""
        return {alert: said.values for alert, said in self._say().items()}

    @callback
    def over(self, mirrored: Mirrored) -> Mirrored:
        """Put what the active alerts say over a mirror, and listen for the next change."""
        said = self._say()
        self._listener.listen([info for item in said.values() for info in (*item.rendered.values(), *item.sources)])
        states = [state for watch in self._watches for state in self._alerts.states(watch.config)]
        changed = {name: since for name, watch in self._urgent.items() if (since := watch.alert.memory.changed)}
        return replace(
            mirrored,
            alerts={alert: item.values for alert, item in said.items()},
            alerts_by_clock=_by_clock(said.values()),
            alerted=self._alerted,
            missing=mirrored.missing | self._missing(said.values()),
            passing=_latest(mirrored.passing, passing_since(states)),
            words_since=_latest(mirrored.words_since, *(watch.alert.memory.changed for watch in self._watches)),
            urgent_since={**mirrored.urgent_since, **changed},
        )

    def _missing(self, said: Iterable[Said]) -> frozenset[Field]:
        """Return the fields of alerts that depend on a source without a state."""
        return frozenset(
            name
            for item in said
            for name, info in item.rendered.items()
            if any(raw_state(self._hass, entity_id) in NO_STATE for entity_id in info.entities)
        )

    def _say(self) -> dict[str, Said]:
        active = [watch for watch in self._watches if watch.alert.began is not None]
        active.sort(key=lambda watch: (watch.alert.began, watch.config.subentry_id), reverse=True)
        return {watch.config.subentry_id: self._say_one(watch, len(active)) for watch in active}

    def _say_one(self, watch: Watch, count: int) -> Said:
        cue = Cue(self._alerts.causes(watch), watch.alert.since or dt_util.utcnow(), count)
        return self._texts[watch.config.subentry_id].say(cue)


class Layers:
    """A widget's source: its mirror, or what stands in for it during a pause, and its alerts over it."""

    def __init__(self, mirror: Source, alerts: AlertLayer) -> None:
        """Take both."""
        self._mirror = mirror
        self._alerts = alerts

    @callback
    def render(self) -> Mirrored:
        """Return what the templates of the widget and of its active alerts say now."""
        return self._alerts.over(self._mirror.render())

    @callback
    def states(self) -> Mapping[str, str]:
        """Return the states of the urgent entities, and which entities make each urgent alert active."""
        return {**self._mirror.states(), **self._alerts.states()}


def _by_clock(said: Iterable[Said]) -> frozenset[Field]:
    """Return the fields that depend on the time of day in the newest alert that has a value for them."""
    has_time: dict[Field, bool] = {}
    for item in said:
        for name, info in item.rendered.items():
            if item.values[name] is not None:
                has_time.setdefault(name, info.has_time)
    return frozenset(name for name, follows in has_time.items() if follows)


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)
