"""What must be true of an account at any time, and at the end."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from custom_components.pushover_glances.content.widget_config import WidgetConfig
from custom_components.pushover_glances.planner import ALL, Action, Quota, Reason, Send, Wait
from custom_components.pushover_glances.pushover import NUMBER_FIELDS, Field

from .rules_oracle import DAY, HOUR, MINUTE, REPEAT, SECOND, Call, Face, Rule, Truth, kin, time_left
from .rules_outcomes import REQUEST_TIMEOUT

DEVICES = ("watch", "phone")
_SLOTS = (Reason.SPACING, Reason.BUDGET)
_DONE = (Reason.UP_TO_DATE, Reason.PAUSED)


class World(Protocol):
    """What all accounts share: the clock that the code sees, the time that really passes, and an application's quota."""

    now: datetime
    zone: tzinfo
    uptime: timedelta
    outcome: str
    quota: Quota
    booted: timedelta


@dataclass(eq=False)
class Pending:
    """An action that waits for its answer, since when, and whether its caller has stopped waiting."""

    widget: str
    action: Action
    call: Call
    since: timedelta
    is_cancelled: bool = False
    status: str = ""


@dataclass(eq=False)
class Request:
    """An update on its way."""

    widget: str
    truth: Truth
    send: Send
    pending: list[Pending]
    since: timedelta
    hasty: bool
    refreshes: list[Call]
    replaced: set[Field]
    excused: dict[str, bool] = field(default_factory=dict)
    held_until: timedelta = timedelta(0)

    @property
    def due(self) -> timedelta:
        """Return when it comes to its end, unless the test lets it earlier."""
        return max(self.since + SECOND, self.held_until + timedelta(microseconds=1))


class Checks:
    """The screens of an account, and what is known of its widgets."""

    def __init__(self, world: World, truths: list[Truth]) -> None:
        """Begin with screens that show nothing."""
        self.world = world
        self.faces = {device: Face() for device in DEVICES}
        self.truths = {truth.config.subentry_id: truth for truth in truths}
        self.request: Request | None = None
        self.started = (world.now, world.uptime)
        # When the spacing began again: the clock was set, or the memory was lost, and nothing has gone since.
        self.doubted: timedelta | None = None
        self.lost: timedelta | None = None
        self.is_unknown = False
        # Since the process has started, and ever.
        self.jumped = self.has_jumped = False

    @property
    def now(self) -> datetime:
        """Return what the clock says."""
        return self.world.now

    @property
    def zone(self) -> tzinfo:
        """Return the time zone."""
        return self.world.zone

    @property
    def uptime(self) -> timedelta:
        """Return how much time has really passed."""
        return self.world.uptime

    def screens_of(self, truth: Truth) -> list[Face]:
        """Return the screens that a widget writes to."""
        return [face for device, face in self.faces.items() if truth.config.device in (ALL, device)]

    def check(self, truth: Truth, wait: Wait) -> None:
        """Check why and until when nothing goes."""
        assert wait.until is None or wait.until > self.now, f"{Rule.SOON}: {wait} at {self.now}"
        if wait.reason in _DONE:
            truth.pending_since = None
            self._check_refreshed(truth)
            self._check_repeat(truth, wait)
            for face in self.screens_of(truth):
                self._check_face(truth, face, exactly=False)
            if truth.paused is None:
                truth.replaced.clear()
        else:
            self._check_wait(truth, wait)

    def _check_wait(self, truth: Truth, wait: Wait) -> None:
        """Check that a wait ends, and soon where nothing but the spacing and the share of the day is in the way."""
        if wait.reason in (Reason.HELD, Reason.AUTHENTICATION, Reason.RATE_LIMIT):
            truth.pending_since = None
            return
        if truth.in_bed and wait.reason is Reason.QUIET_HOURS:
            # It may be on for as long as it likes.
            assert wait.until is None, f"{Rule.QUIET}: {wait}"
            truth.pending_since = None
            return
        assert wait.until is not None, f"{Rule.SOON}: {wait}"
        left = wait.until - self.now
        if wait.reason is Reason.SOURCES:
            assert left <= 2 * MINUTE, f"{Rule.SOON}: {wait} at {self.now}"
            truth.pending_since = None
            return
        self._check_spacing(truth, wait, left)
        longest = self._longest(truth)
        # After an odd answer, an account tries again within the hour.
        outage = wait.reason is Reason.OUTAGE
        assert left <= max(longest, HOUR if outage else longest), f"{Rule.SOON}: {wait} at {self.now}"
        if longest != 40 * MINUTE or outage:
            truth.pending_since = None
            return
        if truth.pending_since is None:
            truth.pending_since = self.uptime
        # A change that comes when the slot is open waits for words that do not last, five minutes at most.
        pending = self.uptime - truth.pending_since
        assert pending <= 47 * MINUTE, f"{Rule.SOON}: {wait} at {self.now}, after {pending}"

    def _check_spacing(self, truth: Truth, wait: Wait, left: timedelta) -> None:
        rules = truth.config.rules
        ages = [age for face in self.faces.values() if (age := face.age(self)) is not None]
        # Where the clock was another one, it is known only that nothing has been sent since.
        since = self.started[1] if self.doubted is None else self.doubted
        ages.append(self.uptime - since)
        if any(item.open for face in self.faces.values() for item in face.sent[-1:]):
            left -= REQUEST_TIMEOUT
        hasty = sum(face.hasty(self, jumped=False) for face in self.faces.values()) >= 4
        longest = max(rules.min_interval, HOUR if hasty else MINUTE) - min(ages)
        if self.doubted is not None:
            # What is recorded up to a minute from now counts as just now.
            longest += MINUTE
        assert wait.reason is not Reason.SPACING or left <= longest, f"{Rule.SOON}: {wait} at {self.now}, not {longest}"
        if self.lost is not None and rules.quiet is None and wait.reason in _SLOTS:
            longest = rules.min_interval - (self.uptime - self.lost)
            assert left <= longest, f"{Rule.SOON}: {wait} at {self.now}, after a loss"

    def _longest(self, truth: Truth) -> timedelta:
        """Return how long a change may have to wait for a share of the day."""
        rules = truth.config.rules
        # A device that takes over from all of them takes over what any of them has used.
        used = sum(face.used(self, at_most=True) for face in self.faces.values())
        rest, until_midnight = (time_left(self.now, self.zone, hour) for hour in (5, 0))
        # By day, up to ten updates are kept for the night.
        part, left = (rest, 50 - used) if rest < until_midnight else (until_midnight, 40 - used)
        # What was assumed of a day may be counted for another one.
        is_off = self.has_jumped and any(item.assumed for face in self.faces.values() for item in face.sent)
        if is_off or rules.quiet is not None or rules.daily_limit not in (0, 50):
            return rest + DAY
        # In bed, an urgent change cannot go as an ordinary one either once four have gone within the hour.
        longest = HOUR if truth.in_bed else 40 * MINUTE
        return rest + 40 * MINUTE if rules.daily_limit and part > 40 * MINUTE * left else longest

    def _check_face(self, truth: Truth, face: Face, *, exactly: bool) -> None:
        """Check what a screen shows that is called up to date; `exactly` where every repeat has been sent."""
        if self.is_unknown:
            # What is left behind on all devices together is held until they are known.
            return
        for name in Field:
            shows, allowed = face.shows.get(name, ""), truth.allowed(name, self.now)
            if None in allowed or (name in face.unowned and "" in allowed):
                continue
            is_action = truth.shows_action(name, self.now)
            exact = exactly or is_action or name in truth.replaced
            same = shows in allowed or (not exact and kin(shows) in map(kin, allowed))
            rule = Rule.KEPT if is_action else Rule.SHOWN
            assert same, f"{rule}: {truth.config.title}.{name} shows {shows!r}, not {allowed} at {self.now}"

    def _check_repeat(self, truth: Truth, wait: Wait) -> None:
        """Check that a screen that shows something is shown it again in time."""
        faces = self.screens_of(truth)
        if truth.config.left_behind or self.is_unknown:
            return
        if any(value != "" for face in faces for value in face.certain.values()):
            ages = [age for face in self.faces.values() if (age := face.age(self)) is not None]
            # What another process has recorded counts by the clock of now, although that was set meanwhile.
            recorded = [
                self.now - item.clock for face in self.faces.values() for item in face.sent if item.clock is not None
            ]
            ages += [age for age in recorded if age >= timedelta(0)]
            since = self.started[1] if self.doubted is None else self.doubted
            longest = REPEAT - min(*ages, self.uptime - since, REPEAT)
            if self.doubted is not None:
                # What is recorded up to a minute from now counts as well.
                longest += MINUTE
            in_time = wait.until is not None and wait.until - self.now <= longest
            assert in_time, f"{Rule.SHOWN}: nothing is repeated: {wait} at {self.now}, not within {longest}"

    def _check_refreshed(self, truth: Truth) -> None:
        """Check that what a person asked for has come, where there is a template and so something to refresh."""
        # A base that is paused, or whose sources have no value, may have nothing to show.
        says = [] if truth.paused is not None else [truth.value(name) for name in truth.sources]
        certain = [value for face in self.screens_of(truth) for value in face.certain.values()]
        shows = any(value is not None for value in says) or any(value != "" for value in certain)
        lost = truth.sources and shows and any(not call.undone for call in truth.refreshes)
        assert not lost, f"{Rule.KEPT}: {truth.config.title} was not refreshed at {self.now}"

    def ended_lately(self) -> bool:
        """Tell whether a duration was over so lately that what comes after it may still wait."""
        sayings = [item for truth in self.truths.values() for items in truth.said.values() for item in items]
        return any(item.until is not None and self.now - DAY < item.until <= self.now for item in sayings)

    def check_end(self) -> None:
        """Check what stands at the end: with every repeat sent, every screen shows exactly what its layers say."""
        owners = {truth.config.device: truth for truth in self.truths.values()}
        for device, face in self.faces.items():
            nobody = Truth(WidgetConfig.of_screen_left_behind(device), {}, {})
            truth = owners.get(device) or owners.get(ALL) or nobody
            for name in truth.sources:
                allowed = truth.allowed(name, self.now)
                if truth.value(name) is None and truth.paused is None and None in allowed:
                    allowed |= {"" if name in NUMBER_FIELDS else "\N{EN DASH}"}
                    assert face.shows.get(name, "") in allowed, f"{Rule.SHOWN}: {truth.config.title}.{name}"
            self._check_face(truth, face, exactly=True)
            self._check_refreshed(truth)
