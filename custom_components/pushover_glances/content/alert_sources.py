"""Renders the active alerts of a widget over its own sources."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..planner import Origin, Rendering, Since
from ..planner.alerts import on_top
from ..pushover import Field
from .alert_monitor import Alert, AlertMonitor
from .alert_text import ATTR_ALERTS, AlertContext, AlertText, AlertValues
from .origin import origins_of
from .rendering import lacks_state, state_since, transition_since
from .sources import Tracked, tracked_of
from .widget_config import WidgetConfig


class AlertSources:
    """The alerts of one widget, with their templates."""

    def __init__(self, hass: HomeAssistant, config: WidgetConfig, monitor: AlertMonitor) -> None:
        """Parse the templates."""
        self.tracked = Tracked()
        self._hass = hass
        self._monitor = monitor
        self._alerts = [alert for item in config.alerts if (alert := monitor.alerts.get(item.subentry_id))]
        self._texts = {
            alert.config.subentry_id: AlertText(
                hass, alert.config.templates, alert.config.title, alert.config.watched.attribute
            )
            for alert in self._alerts
        }
        self._urgent = {alert.config.subentry_id: alert for alert in self._alerts if alert.config.urgent}
        self._replacing = frozenset(alert.config.subentry_id for alert in self._alerts if alert.config.replaces)
        self._urgent_by_field = {name: self._urgent_of(name) for name in Field}

    def _urgent_of(self, name: Field) -> frozenset[str]:
        """Return the urgent alerts that a field depends on: those that fill or empty it, or all if a template counts alerts."""
        texts = {alert.config.subentry_id: alert.config.templates.get(name) for alert in self._alerts}
        counted = any(text is not None and ATTR_ALERTS in text for text in texts.values())
        return frozenset(
            key for key, alert in self._urgent.items() if counted or texts[key] is not None or alert.config.replaces
        )

    @callback
    def urgent_states(self) -> dict[str, str]:
        """Return which entities make each urgent alert active; a number that swings about its limit is not urgent."""
        return {name: " ".join(sorted(alert.steady)) for name, alert in self._urgent.items()}

    @callback
    def over(self, rendering: Rendering) -> Rendering:
        """Return a rendering with the values of the active alerts, and find out what to track."""
        if not self._alerts:
            return rendering
        rendered = self._render()
        self.tracked = tracked_of(
            [info for item in rendered.values() for info in (*item.infos.values(), *item.sources)]
        )
        states = [state for alert in self._alerts for state in self._monitor.states(alert)]
        urgent = {name: self._since(alert, alert.state.steady_changed) for name, alert in self._urgent.items()}
        infos = [item for values in rendered.values() for item in values.infos.items()]
        return replace(
            rendering,
            alerts={alert: item.values for alert, item in rendered.items()},
            replaces=not rendered.keys().isdisjoint(self._replacing),
            alert_origins=self._origins(rendered.values()),
            alerts_by_clock=_by_clock(rendered.values()),
            urgent_alerts=self._urgent_by_field,
            alert_entities=frozenset([state.entity_id for state in states]),
            updated={**rendering.updated, **{state.entity_id: state.last_updated for state in states}},
            missing=rendering.missing.union([name for name, info in infos if lacks_state(self._hass, info)]),
            in_transition=_latest(rendering.in_transition, transition_since(states)),
            words_since=_latest(
                rendering.words_since, *[self._since(item, item.state.changed) for item in self._alerts]
            ),
            urgent_since={
                **rendering.urgent_since,
                **{name: since for name, since in urgent.items() if since is not None},
            },
        )

    def _since(self, alert: Alert, changed: datetime | None) -> Since | None:
        """Return when an alert changed, and the one of its entities that changed last."""
        if changed is None:
            return None
        newest = max([state_since(state) for state in self._monitor.states(alert)], default=None)
        return Since(changed, newest.entity_id if newest is not None else "")

    def _origins(self, rendered: Iterable[AlertValues]) -> dict[Field, Origin]:
        """Return what the values of alerts are made of; the alert on top wins."""
        origins: dict[Field, Origin] = {}
        for item in rendered:
            infos = {name: info for name, info in item.infos.items() if item.values[name] is not None}
            also = {entity_id for source in item.sources for entity_id in source.entities}
            origins = {**origins_of(self._hass, infos, item.values, also), **origins}
        return origins

    def _render(self) -> dict[str, AlertValues]:
        ranks = [rank for alert in self._alerts if (rank := alert.rank) is not None]
        shown = on_top(ranks, self._replacing)
        return {name: self._render_one(self._monitor.alerts[name], len(ranks)) for name in shown}

    def _render_one(self, alert: Alert, count: int) -> AlertValues:
        context = AlertContext(self._monitor.causes(alert), alert.since or dt_util.utcnow(), count)
        return self._texts[alert.config.subentry_id].render(context)


def _by_clock(rendered: Iterable[AlertValues]) -> frozenset[Field]:
    """Return the fields whose value comes from an alert and depends on the time of day; the alert on top wins."""
    has_time: dict[Field, bool] = {}
    for item in rendered:
        for name, info in item.infos.items():
            if item.values[name] is not None:
                has_time.setdefault(name, info.has_time)
    return frozenset(name for name, follows in has_time.items() if follows)


def _latest(*moments: Since | None) -> Since | None:
    return max([moment for moment in moments if moment is not None], default=None)
