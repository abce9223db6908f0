"""What the planner would decide about a widget once the flow is saved."""

from dataclasses import dataclass, replace

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..content.alert_monitor import AlertMonitor
from ..content.page_config import PageConfig
from ..content.widget_config import WidgetConfig
from ..coordinator import PushoverGlancesConfigEntry, PushoverGlancesCoordinator
from ..planner import (
    AccountState,
    Forecast,
    Quota,
    Rank,
    Rendering,
    Shown,
    Started,
    WidgetState,
    assign,
    at_start,
    foresee,
    receive,
)
from ..planner.alerts import on_top
from ..widget import Widget


@dataclass(frozen=True, slots=True)
class Foresight:
    """A widget as it will be after saving, the values of its sources now, and the forecast.

    `own` are the values of what is edited, and `uncovered` the forecast for these: without alerts, and for a widget
    without the page that applies.
    """

    widget: Widget
    rendering: Rendering
    forecast: Forecast
    own: Rendering
    uncovered: Forecast


@dataclass(frozen=True, slots=True)
class ForeseenAlert:
    """An alert as if it were active: its rank among the alerts of a widget, its values, and whether it replaces others."""

    rank: Rank
    values: Shown
    replaces: bool


@callback
def loaded_coordinator(entry: PushoverGlancesConfigEntry) -> PushoverGlancesCoordinator | None:
    """Return the coordinator of an account, or `None` if the account is not loaded."""
    return entry.runtime_data if entry.state is ConfigEntryState.LOADED else None


@callback
def foresee_widget(
    hass: HomeAssistant, coordinator: PushoverGlancesCoordinator | None, config: WidgetConfig
) -> Foresight:
    """Return what will happen to a widget after it is saved with this configuration."""
    if coordinator is None:
        widget = Widget(hass, config, WidgetState(), AlertMonitor(hass, (), {}))
        return _foresight(widget, AccountState(), Quota(), widget)
    page = coordinator.pages.page_of(config, dt_util.utcnow())
    widget = _foreseen(hass, coordinator, config, page)
    account = coordinator.account if _is_same(coordinator, config) else _reloaded(coordinator)
    base = widget if page is None else _foreseen(hass, coordinator, config, None)
    return _foresight(widget, account, coordinator.quota, base)


@callback
def foresee_page(
    hass: HomeAssistant, coordinator: PushoverGlancesCoordinator, config: WidgetConfig, page: PageConfig | None
) -> Foresight:
    """Return what will happen to a widget that shows this page after its account has been reloaded."""
    widget = _foreseen(hass, coordinator, config, page)
    return _foresight(widget, _reloaded(coordinator), coordinator.quota, widget)


@callback
def _is_same(coordinator: PushoverGlancesCoordinator, config: WidgetConfig) -> bool:
    """Return whether a widget has this configuration already, so that saving it does not reload the account."""
    running = coordinator.widgets.get(config.subentry_id)
    return running is not None and running.config.digest == config.digest


@callback
def _reloaded(coordinator: PushoverGlancesCoordinator) -> AccountState:
    """Return the account after a reload, which forgets an outage, but neither a used up quota nor the user's devices."""
    return AccountState(has_devices=coordinator.account.has_devices)


@callback
def _foreseen(
    hass: HomeAssistant, coordinator: PushoverGlancesCoordinator, config: WidgetConfig, page: PageConfig | None
) -> Widget:
    """Return a widget as it will be with this configuration, with a page over its base unless that is paused."""
    state = coordinator.widgets[config.subentry_id].state if _is_same(coordinator, config) else None
    widget = _widget(hass, coordinator, config, state or _loaded_state(coordinator, config))
    if (event := widget.show_page(page)) is not None:
        widget.state, _ = receive(widget.state, event, dt_util.utcnow())
    return widget


@callback
def _loaded_state(coordinator: PushoverGlancesCoordinator, config: WidgetConfig) -> WidgetState:
    """Return the state of a widget after its account has been reloaded with this configuration."""
    account = coordinator.store.account
    owners = {
        other.config.device: other.config.owner
        for other in coordinator.widgets.values()
        if not other.config.left_behind and other.config.subentry_id != config.subentry_id
    }
    screens = {device: at_start(state) for device, state in account.screens.items()}
    state = assign(screens, {**owners, config.device: config.owner}, account.devices)[config.device]
    if (started := coordinator.clock.home_assistant_started) is not None:
        state, _ = receive(state, Started(started), dt_util.utcnow())
    return state


@callback
def foresee_alert(
    hass: HomeAssistant, coordinator: PushoverGlancesCoordinator, config: WidgetConfig, alert: ForeseenAlert
) -> Forecast:
    """Return what a widget would show if an alert were active."""
    name = alert.rank.subentry_id
    others = tuple([other for other in config.alerts if other.subentry_id != name])
    state = coordinator.widgets[config.subentry_id].state
    widget = _widget(hass, coordinator, replace(config, alerts=others), state)
    rendering = widget.render()
    values = {**rendering.alerts, name: alert.values}
    ranks = [rank for other in rendering.alerts if (rank := coordinator.monitor.alerts[other].rank) is not None]
    replacing = {other.subentry_id for other in others if other.replaces} | ({name} if alert.replaces else set())
    order = on_top([alert.rank, *ranks], replacing)
    alerts = {item: values[item] for item in order}
    replaces = not replacing.isdisjoint(order)
    return _forecast(widget, AccountState(), Quota(), replace(rendering, alerts=alerts, replaces=replaces))


@callback
def _widget(
    hass: HomeAssistant, coordinator: PushoverGlancesCoordinator, config: WidgetConfig, state: WidgetState
) -> Widget:
    """Return a widget in this state, for a forecast only."""
    widget = Widget(hass, config, state, coordinator.monitor)
    widget.has_device = coordinator.devices.has(config)
    return widget


@callback
def _foresight(widget: Widget, account: AccountState, quota: Quota, base: Widget) -> Foresight:
    """Return the foresight of a widget; `base` is the same one as far as it is edited."""
    rendering = widget.render()
    own = rendering if base is widget else base.render()
    without = _forecast(base, account, quota, replace(own, alerts={}, replaces=False))
    return Foresight(widget, rendering, _forecast(widget, account, quota, rendering), own, without)


@callback
def _forecast(widget: Widget, account: AccountState, quota: Quota, rendering: Rendering) -> Forecast:
    inputs = widget.inputs(dt_util.get_default_time_zone(), account, quota)
    return foresee(widget.state, rendering, inputs, dt_util.utcnow())
