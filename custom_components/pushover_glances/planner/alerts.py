"""An alert: which of its entities make it active, and since when."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from .layers import UNAVAILABLE_AFTER
from .plan import SOURCES_TIMEOUT


@dataclass(frozen=True, slots=True)
class Cause:
    """An entity whose state counts: since when, and since when it has had no state, which says nothing.

    `active` is when its state had counted for long enough; `None` before that.
    """

    since: datetime
    active: datetime | None = None
    gone: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertState:
    """The causes by entity, when they last changed, and when the alert became active.

    `lost` are the entities that made the alert active until they had no state for too long.
    """

    causes: Mapping[str, Cause] = field(default_factory=dict)
    changed: datetime | None = None
    began: datetime | None = None
    lost: tuple[str, ...] = ()


def active(state: AlertState) -> list[str]:
    """Return the entities that make the alert active, the first of them first."""
    causes = {name: cause.active for name, cause in state.causes.items() if cause.active is not None}
    return sorted(causes, key=lambda name: (causes[name], name))


def since(state: AlertState) -> datetime | None:
    """Return since when a state counts that makes the alert active; `None` where none does."""
    return min([cause.since for cause in state.causes.values() if cause.active is not None], default=None)


def see(state: AlertState, name: str, *, counts: bool | None, since: datetime, now: datetime) -> AlertState:
    """Return the alert after an entity's state was seen, `since` when it has been there at least.

    The state counts, it does not, or there is none (`None`): that neither begins nor ends anything at once.
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
        return _without(state, name, now)
    return state


def started(state: AlertState, lasts: timedelta, now: datetime) -> AlertState:
    """Return the alert as it is loaded: entities without a state have time to appear; the setting may have changed."""
    causes = {}
    for name, cause in state.causes.items():
        gone = cause.gone and max(cause.gone, now + SOURCES_TIMEOUT - UNAVAILABLE_AFTER)
        # Compared with the times of then: the clock may be wrong by now.
        is_early = cause.active is not None and cause.since + lasts > max(now, cause.active)
        causes[name] = replace(cause, gone=gone, active=None if is_early else cause.active)
    return replace(state, causes=causes)


def renamed(state: AlertState, name: str, key: str) -> AlertState:
    """Return the alert that knows an entity by another name from now on."""
    if name == key or name not in state.causes:
        return state
    causes = dict(state.causes)
    causes.setdefault(key, causes.pop(name))
    return replace(state, causes=causes)


def keep(state: AlertState, names: Collection[str], now: datetime) -> AlertState:
    """Return the alert without the entities that do not belong to it any more."""
    state = replace(state, lost=tuple(name for name in state.lost if name in names))
    for name in state.causes.keys() - {*names}:
        state = _without(state, name, now)
    return state


def notice(state: AlertState, lasts: timedelta, now: datetime) -> AlertState:
    """Return the alert after time has passed; itself where that has changed nothing."""
    new = state
    for name, seen in state.causes.items():
        cause = _not_later(seen, now)
        if cause.gone is not None and cause.gone + UNAVAILABLE_AFTER <= now:
            if cause.active is not None:
                new = replace(new, lost=(*new.lost, name))
            new = _without(new, name, now)
        elif cause.gone is None and cause.active is None and cause.since + lasts <= now:
            new = replace(_with_cause(new, name, replace(cause, active=now)), changed=now)
        elif cause != seen:
            new = _with_cause(new, name, cause)
    is_active = bool(active(new))
    began = min(new.began or now, now) if is_active else None
    changed = new.changed and min(new.changed, now)
    return new if (began, changed) == (new.began, new.changed) else replace(new, began=began, changed=changed)


def moments(state: AlertState, lasts: timedelta) -> Iterator[datetime]:
    """Yield when the alert begins or ends by itself, if nothing changes before."""
    for cause in state.causes.values():
        if cause.gone is not None:
            yield cause.gone + UNAVAILABLE_AFTER
        elif cause.active is None:
            yield cause.since + lasts


def _not_later(cause: Cause, now: datetime) -> Cause:
    """Return a cause of which nothing lies in the future, after the clock was set back."""
    moved = Cause(min(cause.since, now), cause.active and min(cause.active, now), cause.gone and min(cause.gone, now))
    return cause if moved == cause else moved


def _with_cause(state: AlertState, name: str, cause: Cause) -> AlertState:
    return replace(state, causes={**state.causes, name: cause})


def _without(state: AlertState, name: str, now: datetime) -> AlertState:
    cause = state.causes[name]
    causes = {key: item for key, item in state.causes.items() if key != name}
    return replace(state, causes=causes, changed=state.changed if cause.active is None else now)
