"""Which entities make an alert active, and since when; which alert is on top of which."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from .budget import MIN_INTERVAL
from .conditions import ConditionsState
from .layers import UNAVAILABLE_AFTER
from .plan import SOURCES_TIMEOUT

# A number that swings about its limit would take every urgent update. What begins again so soon after its end waits as
# long as an ordinary update does, and is urgent once it has lasted as long.
SWING = MIN_INTERVAL


@dataclass(frozen=True, slots=True)
class Cause:
    """An entity whose state counts: `since` is when it got that state.

    `active` is when the state had counted for long enough (`None` before that), or when the conditions of the alert
    began to hold if that was later. `gone` is since when the entity has had no state, which at first neither begins nor
    ends anything. `again` is set while a number that has crossed its limit again may go on swinging about it.
    `dismissed` is set if a person does not want to see it any more.
    """

    since: datetime
    active: datetime | None = None
    gone: datetime | None = None
    again: bool = False
    dismissed: bool = False


@dataclass(frozen=True, slots=True)
class AlertState:
    """The causes of an alert by entity, when those that are shown last changed, and when the alert began to be shown.

    `lost` has the entities that no longer make it active because they had no state for too long, `ended` when numbers
    last ceased to be within its limits. `steady_changed` is `changed` without numbers that may be swinging about these.
    `conditions` is `None` if it has none, or if they have not been evaluated yet.
    """

    causes: Mapping[str, Cause] = field(default_factory=dict)
    changed: datetime | None = None
    began: datetime | None = None
    lost: tuple[str, ...] = ()
    ended: Mapping[str, datetime] = field(default_factory=dict)
    steady_changed: datetime | None = None
    conditions: ConditionsState | None = None


@dataclass(frozen=True, slots=True, order=True)
class Rank:
    """What decides which of two active alerts is on top: the greater one.

    `is_hazard` is set for smoke, gas, carbon monoxide, water and tampering, `began` is when the alert began to be shown.
    """

    is_hazard: bool
    is_urgent: bool
    began: datetime
    subentry_id: str


def on_top(ranks: Iterable[Rank], replacing: Collection[str]) -> list[str]:
    """Return the alerts that a widget shows, the one on top first, down to the first that replaces the whole glance."""
    order: list[str] = []
    for rank in sorted(ranks, reverse=True):
        order.append(rank.subentry_id)
        if rank.subentry_id in replacing:
            break
    return order


def counting(state: AlertState) -> list[str]:
    """Return the entities that make the alert active if its conditions hold, in the order in which they did."""
    causes = {name: cause.active for name, cause in state.causes.items() if cause.active is not None}
    return sorted(causes, key=lambda name: (causes[name], name))


def active(state: AlertState) -> list[str]:
    """Return the entities that make the alert active, in the order in which they did."""
    return counting(state) if holds(state) else []


def holds(state: AlertState) -> bool:
    """Return whether the conditions of the alert hold, as far as they are known."""
    return state.conditions is None or state.conditions.hold


def shown(state: AlertState) -> list[str]:
    """Return the active entities that are shown, in the order in which they became active: those not dismissed."""
    return [name for name in active(state) if not state.causes[name].dismissed]


def steady(state: AlertState) -> list[str]:
    """Return the entities that are shown, without numbers that may be swinging about the alert's limits."""
    return [name for name in shown(state) if not state.causes[name].again]


def since(state: AlertState) -> datetime | None:
    """Return since when the oldest state that is shown has counted; `None` if there is none."""
    return min([state.causes[name].since for name in shown(state)], default=None)


def dismiss(state: AlertState, now: datetime) -> AlertState:
    """Return the alert with nothing shown until another entity makes it active, or the same one again."""
    names = shown(state)
    if not names:
        return state
    is_steady = bool(steady(state))
    dismissed = {name: replace(state.causes[name], dismissed=True) for name in names}
    return _changed(replace(state, causes={**state.causes, **dismissed}), now, is_steady=is_steady)


def under(state: AlertState, conditions: ConditionsState | None, now: datetime) -> AlertState:
    """Return the alert under conditions as they are now; the same object if they were so before.

    When they cease to hold, the alert ends. When they hold again, it begins again, with nothing dismissed.
    """
    if conditions == state.conditions:
        return state
    new = replace(state, conditions=conditions)
    if holds(new) is holds(state):
        return new
    if holds(new):
        again = [
            (name, replace(item, active=item.active and now, dismissed=False)) for name, item in new.causes.items()
        ]
        new = replace(new, causes=dict(again))
    either = new if holds(new) else state
    return _changed(new, now, is_steady=bool(steady(either))) if shown(either) else new


def see(
    state: AlertState, name: str, *, counts: bool | None, since: datetime, now: datetime, is_number: bool = False
) -> AlertState:
    """Return the alert after an entity's state was read; `since` is when the entity got that state.

    `counts` is `None` if the entity has no state, which neither begins nor ends anything at once; `is_number` is set if
    the alert's limits decide about the state.
    """
    cause = state.causes.get(name)
    if counts is None:
        if cause is None or cause.gone is not None:
            return state
        return _with_cause(state, name, replace(cause, gone=min(since, now)))
    if name in state.lost:
        state = replace(state, lost=tuple(item for item in state.lost if item != name))
    if counts and cause is None:
        return _with_cause(state, name, Cause(min(since, now)))
    if counts and cause is not None and cause.gone is not None:
        return _with_cause(state, name, replace(cause, gone=None))
    if not counts and cause is not None:
        if is_number and name in active(state):
            recent = {key: ended for key, ended in state.ended.items() if _is_recent(ended, now)}
            state = replace(state, ended={**recent, name: now})
        return _without(state, name, now)
    return state


def started(state: AlertState, lasts: timedelta, now: datetime) -> AlertState:
    """Return the alert as it is loaded: entities without a state get time to appear; `lasts` may have been edited."""
    causes = {}
    for name, cause in state.causes.items():
        gone = cause.gone and max(cause.gone, now + SOURCES_TIMEOUT - UNAVAILABLE_AFTER)
        # Compare the stored times with each other, too: the clock may be wrong now.
        is_early = cause.active is not None and cause.since + lasts > max(now, cause.active)
        causes[name] = replace(
            cause,
            gone=gone,
            active=None if is_early else cause.active,
            dismissed=cause.dismissed and not is_early,
        )
    return replace(state, causes=causes, conditions=state.conditions and state.conditions.started(now))


def keep(state: AlertState, names: Collection[str], now: datetime) -> AlertState:
    """Return the alert without entities that are no longer in its settings."""
    state = replace(state, lost=tuple(name for name in state.lost if name in names))
    for name in state.causes.keys() - {*names}:
        state = _without(state, name, now)
    return state


def notice(state: AlertState, lasts: timedelta, now: datetime) -> AlertState:
    """Return the alert after time has passed; the same object if nothing has changed."""
    if state.conditions is not None:
        state = under(state, state.conditions.noticed(now), now)
    new = state
    for name, seen in state.causes.items():
        cause = _not_later(seen, now)
        if cause.gone is not None and cause.gone + UNAVAILABLE_AFTER <= now:
            if cause.active is not None and holds(state):
                new = replace(new, lost=(*new.lost, name))
            new = _without(new, name, now)
        elif cause.gone is None and cause.active is None and cause.since + lasts <= now:
            again = name in state.ended and _is_recent(state.ended[name], now)
            new = _with_cause(new, name, replace(cause, active=now, again=again))
            new = _changed(new, now, is_steady=not again) if holds(state) else new
        elif cause.again and cause.active is not None and not _is_recent(cause.active, now):
            new = _with_cause(new, name, replace(cause, again=False))
        elif cause != seen:
            new = _with_cause(new, name, cause)
    actives = [moment for name in shown(new) if (moment := new.causes[name].active) is not None]
    # A cause may have moved to before `began`; the alert must not count as newer than those that began after it.
    began = min([new.began or now, now, *actives]) if actives else None
    changed, steady_changed = (moment and min(moment, now) for moment in (new.changed, new.steady_changed))
    if (began, changed, steady_changed) == (new.began, new.changed, new.steady_changed):
        return new
    return replace(new, began=began, changed=changed, steady_changed=steady_changed)


def moments(state: AlertState, lasts: timedelta) -> Iterator[datetime]:
    """Yield when an entity begins or ceases to make the alert active, or to swing, if nothing else happens before."""
    for cause in state.causes.values():
        if cause.gone is not None:
            yield cause.gone + UNAVAILABLE_AFTER
        elif cause.active is None:
            yield cause.since + lasts
        elif cause.again:
            yield cause.active + SWING
    if state.conditions is not None and state.conditions.moment is not None:
        yield state.conditions.moment


def _is_recent(moment: datetime, now: datetime) -> bool:
    """Return whether a number may still be swinging; a time in the future is from before the clock was set back."""
    return timedelta(0) <= now - moment < SWING


def _not_later(cause: Cause, now: datetime) -> Cause:
    """Return a cause without times in the future, which are left after the clock was set back; all move together."""
    ahead = max([moment for moment in (cause.since, cause.active, cause.gone) if moment is not None]) - now
    if ahead <= timedelta(0):
        return cause
    active, gone = (moment and moment - ahead for moment in (cause.active, cause.gone))
    return replace(cause, since=cause.since - ahead, active=active, gone=gone)


def _with_cause(state: AlertState, name: str, cause: Cause) -> AlertState:
    return replace(state, causes={**state.causes, name: cause})


def _without(state: AlertState, name: str, now: datetime) -> AlertState:
    cause = state.causes[name]
    causes = {key: item for key, item in state.causes.items() if key != name}
    new = replace(state, causes=causes)
    return new if name not in shown(state) else _changed(new, now, is_steady=not cause.again)


def _changed(state: AlertState, now: datetime, *, is_steady: bool) -> AlertState:
    """Return the alert after an entity has begun or ceased to be shown."""
    return replace(state, changed=now, steady_changed=now if is_steady else state.steady_changed)
