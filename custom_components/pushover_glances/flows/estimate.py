"""Estimates how many updates a day a widget will take: the last days, replayed through the planner."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
import logging

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from sqlalchemy.exc import SQLAlchemyError

from ..content.alert_monitor import AlertMonitor
from ..content.entity_facts import entity_facts
from ..content.texts import async_text, plain
from ..content.widget_config import WidgetConfig
from ..planner import Days, WidgetState, largest
from ..widget import Widget
from .recorded import History, async_recorded
from .replayed_widget import ReplayedWidget, entities_of, known_fields

_LOGGER = logging.getLogger(__name__)

_DAYS = 7
# In seconds. A form must not wait for long, and nothing else may wait for the event loop.
_TIMEOUT = 3
_LONGEST_BLOCK = 0.01
# A template may have used other entities than now, and these again others.
_MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many updates a day the widget would have taken on the last days; `limit` is how many it may (0: any number).

    `spenders` are the entities that caused the most updates, the largest first. `without_alerts` is set if the widget
    has alerts of which too little is recorded, so that they are left out, and `without_quiet` if that is so for the
    entity that makes it quiet.
    """

    updates: float
    limit: int
    days: int
    spenders: Sequence[str]
    without_alerts: bool
    without_quiet: bool


async def async_estimate_text(hass: HomeAssistant, config: WidgetConfig) -> str:
    """Return the estimate as a text; empty if there is none.

    Which pages applied in the past is not recorded, so there is none for a widget with pages.
    """
    if config.pages:
        return await async_text(hass, "estimate_pages")
    try:
        estimate = await async_estimate(hass, config)
    except TimeoutError:
        return await async_text(hass, "estimate_too_slow", seconds=str(_TIMEOUT))
    if estimate is None:
        return ""
    updates, limit, most = round(estimate.updates), estimate.limit, ""
    if updates and estimate.spenders:
        most = await async_text(hass, "estimate_most", entity=plain(entity_facts(hass, estimate.spenders[0]).name))
    key = "estimate_unlimited" if not limit else "estimate_all" if updates >= limit else "estimate"
    texts = [await async_text(hass, key, updates=str(updates), limit=str(limit), most=most)]
    if estimate.days < _DAYS:
        texts.append(await async_text(hass, "estimate_days", days=str(estimate.days)))
    if estimate.without_alerts:
        texts.append(await async_text(hass, "estimate_without_alerts"))
    if estimate.without_quiet:
        name = plain(entity_facts(hass, config.quiet_while).name)
        texts.append(await async_text(hass, "estimate_without_quiet", entity=name))
    return " ".join(texts)


async def async_estimate(hass: HomeAssistant, config: WidgetConfig) -> Estimate | None:
    """Return the estimate for a widget; `None` if less than a day is recorded. Raises TimeoutError if it takes too long.

    The days are whole ones, which begin at 05:00. Templates read the time of now, so what the time alone changes in
    their results is not estimated.
    """
    try:
        async with asyncio.timeout(_TIMEOUT):
            return await _async_estimate(hass, config)
    except TimeoutError:
        raise
    except SQLAlchemyError:
        return None
    except Exception:
        # A widget can be saved without an estimate.
        _LOGGER.exception("Unexpected error while estimating the updates a day")
        return None


async def _async_estimate(hass: HomeAssistant, config: WidgetConfig) -> Estimate | None:
    now = Widget(hass, config, WidgetState(), AlertMonitor(hass, (), {}))
    known = known_fields(now.render())
    entities, alerted = entities_of(hass, now.tracked), _alert_entities(hass, config)
    for _ in range(_MOST_TRIES):
        estimate, past = await _async_replay(hass, config, entities, alerted)
        if past is None or past.seen <= entities | alerted:
            # A source that never had a value, and has one now, reads something that is not recorded.
            return None if past is None or past.lacked & known else estimate
        entities |= past.seen
    return None


async def _async_replay(
    hass: HomeAssistant, config: WidgetConfig, entities: frozenset[str], alerted: frozenset[str]
) -> tuple[Estimate | None, ReplayedWidget | None]:
    """Replay as many of the last days as are recorded of these entities, and return the estimate with the widget.

    `alerted` are the entities of alerts.
    """
    zone, begins = dt_util.get_default_time_zone(), _begins()
    quiet = frozenset({config.quiet_while} - {""})
    recorded = await async_recorded(hass, entities | alerted | quiet, begins[0], begins[-1])
    if recorded is None or not (begins := _recorded_days(recorded, entities, begins)):
        return None, None
    without_alerts = len(_recorded_days(recorded, alerted, begins)) < len(begins)
    if without_alerts:
        config, alerted = replace(config, alerts=()), frozenset()
    without_quiet = len(_recorded_days(recorded, quiet, begins)) < len(begins)
    if without_quiet:
        config, quiet = replace(config, quiet_while=""), frozenset()
    past = ReplayedWidget(hass, config, begins, zone)
    block = hass.loop.time()
    for _ in past.run({name: recorded[name] for name in entities | alerted | quiet}):
        if hass.loop.time() - block > _LONGEST_BLOCK:
            await asyncio.sleep(0)
            block = hass.loop.time()
    days = len(begins) - 1
    spenders = [*largest(past.spent)]
    return Estimate(past.updates / days, config.rules.daily_limit, days, spenders, without_alerts, without_quiet), past


def _begins() -> Sequence[datetime]:
    """Return when each of the last days began, and today."""
    days = Days(dt_util.get_default_time_zone())
    today = days.of(dt_util.utcnow())
    return [days.begin(today - timedelta(days=number)) for number in range(_DAYS, -1, -1)]


def _recorded_days(
    recorded: Mapping[str, History], entities: Collection[str], begins: Sequence[datetime]
) -> Sequence[datetime]:
    """Return when those days began, and the last ended, of which all these entities are recorded; empty if none."""
    if any(name not in recorded for name in entities):
        return ()
    since = max([recorded[name][0][0] for name in entities], default=begins[0])
    found = [begin for begin in begins if begin >= since]
    return found if len(found) > 1 else ()


@callback
def _alert_entities(hass: HomeAssistant, config: WidgetConfig) -> frozenset[str]:
    alerts = AlertMonitor(hass, config.alerts, {}).alerts.values()
    return frozenset[str]().union(*[alert.entities for alert in alerts])
