"""One widget: the decision what to do now, and the booking of what was done."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from ..pushover import Field, Value
from .composition import ManualValue, Mirrored
from .day import Days
from .decision import Decision, Nothing, Reason, Send, Source, Wait
from .history import short
from .ledger import Ledger
from .look import look
from .memory import Memory, not_emptied
from .moments import moments, repeat_times
from .pause import pause_mirror
from .put import Put
from .schedule import Rules, Schedule, Slot
from .settling import SOURCES_TIMEOUT, Settling, restlessness
from .urgency import changed_states, is_urgent, seems_urgent

# Ours: what Pushover refused, it will hardly take an hour later.
HELD_FOR = timedelta(days=1)

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Before:
    """What an attempt that did not count is taken back to."""

    ledger: Ledger
    attempt: dict[Field, Value] | None
    covered: list[Field]
    tried: dict[str, str]
    asked: bool
    refreshes: int


@dataclass(frozen=True, slots=True)
class _KnownSlot:
    """An ordinary slot that holds until some time, so that it need not be found out at each look."""

    schedule: Schedule
    until: datetime
    slot: Slot

    def is_that_of(self, schedule: Schedule) -> bool:
        """Tell whether time is all that has passed, and not too much of it."""
        mine = self.schedule
        return mine.ledger is schedule.ledger and mine.zone is schedule.zone and mine.now <= schedule.now < self.until


class Widget:
    """Decides for one widget; the caller carries it out and books the outcome."""

    def __init__(self, memory: Memory, rules: Rules) -> None:
        """Start as stale: what happened before is unknown."""
        self.memory = memory
        self.rules = rules
        self.stale = True
        self._begins = True
        self._short_on: date | None = None
        self._grace_until = _LONG_AGO
        self._held_until = _LONG_AGO
        self._checked = _LONG_AGO
        self._settling = Settling()
        self._before: _Before | None = None
        self._slot: _KnownSlot | None = None
        if memory.stamped is not None and memory.stamped is not rules.time_stamp:
            memory.shown[memory.stamped] = None

    def hold(self, until: datetime = _FOR_EVER) -> None:
        """Send nothing until then, whatever is asked for."""
        self._held_until = until

    def wait_for_sources(self, now: datetime) -> None:
        """Give sources time to appear, because Home Assistant has just started."""
        self._grace_until = now + SOURCES_TIMEOUT

    def change(self, now: datetime, lasted: timedelta | None = None, *, slight: bool = False) -> datetime:
        """Note that the mirror may have something new, and return when to decide about that.

        `lasted` is how long the word was there that has changed; `slight` is a number that moved by little.
        """
        self.stale = True
        if lasted is not None:
            self.memory.restlessness = restlessness(self.memory.restlessness, lasted)
        return self._settling.change(now, slight=slight)

    def put(self, values: Mapping[Field, ManualValue | None]) -> Put:
        """Put values over the mirror; `None` takes away what is over it."""
        self._hurry()
        return Put.over(self.memory, values)

    def clear(self, names: Collection[Field], mirrored: Collection[Field]) -> Put | None:
        """Give fields back to the mirror and empty those that have none; `None` where there is nothing to do."""
        if (put := Put.clearing(self.memory, names, mirrored)) is not None:
            self._hurry()
        return put

    def refresh(self) -> Put:
        """Send the whole glance as soon as an urgent update may go, even if it has not changed."""
        self._hurry()
        return Put.refreshing(self.memory)

    def notice(self, now: datetime, zone: tzinfo) -> None:
        """Take note of the time: of what ends by now, and of a clock that was set back."""
        memory = self.memory
        days = Days(zone, self.rules.quiet)
        memory.ledger = memory.ledger.believable(now, days, self.rules.daily_limit)
        memory.unavailable = {name: min(since, now) for name, since in memory.unavailable.items()}
        self._settling.notice(now)
        self._checked = min(self._checked, now)
        self._grace_until = min(self._grace_until, now + SOURCES_TIMEOUT)
        if self._held_until is not _FOR_EVER:
            self._held_until = min(self._held_until, now + HELD_FOR)
        self.stale = self.stale or any(self._checked < moment <= now for moment in moments(self.memory, self.rules))

    def waits(self, now: datetime) -> bool:
        """Tell whether there may be something to send, after `notice`."""
        return self.stale and self._held_until <= now

    def decide(self, now: datetime, zone: tzinfo, source: Source) -> Decision:
        """Decide what to do, after `notice`; `source` is rendered only when an update may go."""
        if self._held_until is _FOR_EVER:
            return Nothing(Reason.HELD)
        if self._held_until > now:
            return Wait(self._held_until, Reason.HELD, pending=False)
        if not self.stale:
            return self._idle(now)
        slot = self.slot(now, zone, source.states())
        if slot.time > now:
            return self._wait_for_slot(slot, source, Schedule(self.memory.ledger, self.rules, zone, now))
        if any(item.value != self.memory.shown.get(name) for name, item in self.memory.open_manual().items()):
            # What an action said does not wait, whatever came in between.
            self._settling.hurry()
        if (settled := self._settling.joined(now)) > now:
            return Wait(settled, Reason.SETTLING, brief=True)
        mirrored = source.render()
        if (wait := self._wait_for_sources(mirrored, now)) is not None:
            return wait
        if self._grace_until > now:
            # An action does not wait for sources. What depends on one that is still missing stays as it was.
            known = {name: None if name in mirrored.missing else value for name, value in mirrored.values.items()}
            mirrored = replace(mirrored, values=known)
        return self._choose(mirrored, source.states(), Schedule(self.memory.ledger, self.rules, zone, now))

    def pause(self) -> None:
        """Take nothing new from the mirror until `resume`; what actions say goes on as before."""
        pause_mirror(self.memory)

    def resume(self) -> None:
        """Follow the mirror again; whoever wants that waits to see it."""
        self.memory.paused = False
        self.memory.asked = True
        # Since when a field has no value is to be seen anew.
        self.memory.unavailable = {}
        self._hurry()

    def slot(self, now: datetime, zone: tzinfo, states: Mapping[str, str]) -> Slot:
        """Return the next slot: an urgent one where the states of urgent entities or a person seem to call for it."""
        schedule = Schedule(self.memory.ledger, self.rules, zone, now)
        if seems_urgent(self.memory, states):
            return schedule.urgent()
        if (known := self._slot) is None or not known.is_that_of(schedule):
            known = self._slot = _KnownSlot(schedule, schedule.holds_until, schedule.ordinary())
        return known.slot

    def book_attempt(self, send: Send, now: datetime) -> None:
        """Count an update before it is sent: whatever happens then, it is not forgotten."""
        memory = self.memory
        self._before = _Before(
            memory.ledger, memory.attempt, memory.covered, memory.tried, memory.asked, memory.refreshes
        )
        memory.ledger = memory.ledger.booked(now, urgent=send.urgent)
        # An emptying that may not have arrived leaves the field as full as it was.
        memory.attempt = not_emptied(send.values, memory.attempt or {})
        memory.covered = sorted({*memory.covered, *send.alerted})
        memory.tried = dict(send.states)
        self._rest(now)

    def book_accepted(self, send: Send, now: datetime) -> None:
        """Note that Pushover took the update."""
        memory = self.memory
        memory.ledger = memory.ledger.arrived(now)
        memory.shown.update(send.values)
        memory.states.update(send.states)
        memory.tried = {}
        memory.covered = sorted(send.alerted)
        memory.stamped = self.rules.time_stamp if any(value != "" for value in send.values.values()) else None
        memory.attempt = None

    def book_unknown(self, now: datetime) -> None:
        """Note that the update left without an answer: it counts, and goes again at the next slot."""
        self.memory.ledger = self.memory.ledger.arrived(now)
        self.stale = True

    def book_unsent(self) -> None:
        """Note that Pushover did not take the update: it does not count."""
        self.stale = True
        if (before := self._before) is not None:
            memory = self.memory
            memory.ledger = before.ledger
            memory.attempt = before.attempt
            memory.covered = before.covered
            memory.tried = before.tried
            memory.asked |= before.asked
            memory.refreshes += before.refreshes

    def abandon(self) -> None:
        """Leave the screen as it is: Pushover refuses to empty it."""
        self.memory.shown.clear()
        self.memory.attempt = None

    def _choose(self, mirrored: Mirrored, states: Mapping[str, str], schedule: Schedule) -> Decision:
        """Compose the glance, and send it if that is worth an update."""
        memory, now = self.memory, schedule.now
        glance = look(memory, self.rules, mirrored, now)
        different = glance.different
        # The change of an entity whose field has no value now has not been seen yet.
        unseen = {
            entity
            for name, value in mirrored.values.items()
            if value is None
            for entity in mirrored.entities.get(name, ())
        }
        unseen |= {alert for alert, says in mirrored.alerts.items() if says.keys() != memory.alerts[alert].keys()}
        seen = {entity: state for entity, state in states.items() if entity not in unseen}
        repeated = any(moment <= now for moment in repeat_times(memory))
        again = memory.refreshes > 0 or memory.attempt is not None or repeated
        if not glance.values or not (different or again):
            memory.states.update(seen)
            self._rest(now, in_vain=True)
            return self._idle(now)
        urgent, ordinary = is_urgent(memory, different, mirrored, states), schedule.ordinary()
        if not urgent and ordinary.time > now:
            # What changed does not show, so nothing here is urgent before it changes again.
            memory.states.update(seen)
            memory.asked = False
            return Wait(ordinary.time, ordinary.reason)
        settled = now
        if not urgent:
            settled = self._settling.still(mirrored, memory.restlessness, now)
        elif schedule.is_short:
            # Of a door that is used all day, only what lasts is worth one of the few updates that are left.
            shown = {source for name in different for source in mirrored.urgent_sources(name)}
            changed = changed_states(memory, states) & shown
            settled = self._settling.lasting(mirrored, changed, ordinary.time, now)
        if settled > now:
            return Wait(settled, Reason.SETTLING)
        if urgent and self._short_on is not None:
            # It was worth an update all along, and had to wait because those of the day have to last.
            memory.short_days = short(memory.short_days, self._short_on)
        return Send(glance.values, urgent=ordinary.time > now, states=seen, alerted=glance.alerted)

    def _wait_for_slot(self, slot: Slot, source: Source, schedule: Schedule) -> Decision:
        """Wait, if there is something to wait with: once after a start, and while paused, that is looked up."""
        if seems_urgent(self.memory, source.states()) and schedule.lacks_budget:
            self._short_on = Days(schedule.zone).of(schedule.now)
        if self.memory.paused or (self._begins and self._grace_until <= schedule.now):
            self._begins = False
            decision = self._choose(source.render(), source.states(), schedule)
            if not isinstance(decision, Send):
                return decision
        return Wait(slot.time, slot.reason)

    def _wait_for_sources(self, mirrored: Mirrored, now: datetime) -> Wait | None:
        passed = self._settling.passed(mirrored, now)
        if self._grace_until > now and mirrored.missing and not self._settling.hurried:
            return Wait(self._grace_until, Reason.SOURCES)
        return Wait(passed, Reason.SETTLING) if passed > now else None

    def _idle(self, now: datetime) -> Decision:
        reason = Reason.PAUSED if self.memory.paused else Reason.UP_TO_DATE
        if (moment := min((item for item in moments(self.memory, self.rules) if item > now), default=None)) is not None:
            return Wait(moment, reason, pending=False)
        return Nothing(reason)

    def _hurry(self) -> None:
        self.stale = True
        self._settling.hurry()

    def _rest(self, now: datetime, *, in_vain: bool = False) -> None:
        """Begin anew: whatever changed up to now has been seen."""
        self.stale = self._begins = False
        self._short_on = None
        self._settling.rest(in_vain=in_vain)
        self._checked = now
        self.memory.asked = False
        self.memory.refreshes = 0
