"""What must be true of an account at any time, and at the end."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from custom_components.pushover_glances.content.widget_config import WidgetConfig
from custom_components.pushover_glances.delivery import ALL, Decision, Nothing, Reason, Send, Wait
from custom_components.pushover_glances.post import Post, Rider
from custom_components.pushover_glances.pushover import NUMBER_FIELDS, Field

from .rules_oracle import DAY, HOUR, MINUTE, REPEAT, Deed, Face, Rule, Truth, kin, local_midnight

SECOND = timedelta(seconds=1)
DEVICES = ("watch", "phone")


@dataclass(eq=False)
class Request:
    """An update on its way."""

    post: Post
    truth: Truth
    send: Send
    riders: list[Rider]
    since: timedelta
    hasty: bool
    refreshes: list[Deed]
    excused: dict[str, bool]
    held_until: timedelta = timedelta(0)
    set_back: bool = False

    @property
    def due(self) -> timedelta:
        """Return when it comes to its end, unless the test lets it earlier."""
        return max(self.since + SECOND, self.held_until + timedelta(microseconds=1))


class Checks:
    """The screens of an account, and what is known of its widgets."""

    def __init__(self, zone: tzinfo, truths: list[Truth]) -> None:
        """Begin with screens that show nothing."""
        self.faces = {device: Face() for device in DEVICES}
        self.truths = {truth.config.subentry_id: truth for truth in truths}
        self.request: Request | None = None
        self.unknown = False
        # When the code had to guess the day's use, because the clock was set back by more than a day.
        self.guessed, self.guess_is_off = datetime.min.replace(tzinfo=UTC), False
        self.zone = zone
        self.unsure = self.guessed

    def screens_of(self, truth: Truth) -> list[Face]:
        """Return the screens that a widget writes to."""
        return [face for device, face in self.faces.items() if truth.config.device in (ALL, device)]

    def notice(self, now: datetime, zone: tzinfo) -> None:
        """Take note of the time before the code does, and of a clock that was set back."""
        ahead = max((moment for face in self.faces.values() for moment in face.updates), default=now) - now
        if ahead > timedelta(0) or self.guessed > now:
            self.unsure = now
            if self.request is not None:
                self.request.set_back = True
        self.unsure = min(self.unsure, now)
        if ahead > DAY:
            self.guessed, self.guess_is_off = now, False
        elif self.guessed > now or zone is not self.zone:
            # What was a fair guess of the day's use at one hour of the day is none at another.
            self.guessed, self.guess_is_off = min(self.guessed, now), True
        self.zone = zone
        for face in self.faces.values():
            face.notice(now, by_far=ahead > DAY)
        for truth in self.truths.values():
            truth.notice(now)

    def check(self, truth: Truth, decision: Decision, now: datetime) -> None:
        """Check a decision."""
        if isinstance(decision, Wait):
            self._check_wait(truth, decision, now)
        if isinstance(decision, Nothing | Wait) and decision.reason is Reason.UP_TO_DATE:
            truth.pending_since = None
            # What is on its way counts as shown until its answer comes.
            if self.request is None or self.request.truth is not truth:
                self._check_refreshed(truth, now)
                self._check_repeat(truth, decision, now)
                for face in self.screens_of(truth):
                    self._check_face(truth, face, now, exactly=False)

    def _check_wait(self, truth: Truth, wait: Wait, now: datetime) -> None:
        """Check that a wait ends, and soon where nothing but the spacing and the share of the day is in the way."""
        rules = truth.config.rules
        assert wait.until > now, f"{Rule.SOON}: {wait} {now}"
        if wait.reason in (Reason.RATE_LIMIT, Reason.HELD, Reason.SOURCES, Reason.UP_TO_DATE):
            truth.pending_since = None
            return
        # Of updates that were set back with the clock, a restart knows less than this test does.
        last = max((moment for face in self.faces.values() for moment in face.updates[-1:]), default=now)
        hasty = sum(moment > now - HOUR for face in self.faces.values() for moment in face.urgent) >= 4
        soonest = max(last, self.unsure) + max(rules.min_interval, HOUR if hasty else MINUTE)
        assert wait.reason is not Reason.SPACING or wait.until <= soonest, f"{Rule.SOON}: {wait} {now} {last=}"
        # A device that takes over from all of them takes over what any of them has used.
        used = sum(face.used(now, self.zone) for face in self.faces.values())
        if self.guess_is_off and self.guessed >= local_midnight(now, self.zone):
            used += 50
        rest = local_midnight(local_midnight(now, self.zone) + 36 * HOUR, self.zone).astimezone(UTC) - now
        if rules.quiet is not None or rules.daily_limit not in (0, 50):
            longest = rest + DAY
        elif rules.daily_limit and rest > 40 * MINUTE * (50 - used):
            longest = rest + 40 * MINUTE
        else:
            longest = 40 * MINUTE
        # After an odd answer, an account tries again within the hour.
        outage = wait.reason is Reason.OUTAGE
        assert wait.until - now <= max(longest, HOUR if outage else longest), f"{Rule.SOON}: {wait} {now} {used=}"
        if longest != 40 * MINUTE or outage:
            truth.pending_since = None
            return
        truth.pending_since = truth.pending_since or now
        # A change that comes when the slot is open waits for words that do not last, five minutes at most.
        assert now - truth.pending_since <= 47 * MINUTE, f"{Rule.SOON}: {wait}, since {truth.pending_since}"

    def _check_face(self, truth: Truth, face: Face, now: datetime, *, exactly: bool) -> None:
        """Check what a screen shows that is called up to date; `exactly` where every repeat has been sent."""
        if self.unknown:
            # What is left behind on all devices together is held until they are known.
            return
        for name in Field:
            shows, allowed = face.shows.get(name, ""), truth.allowed(name, now)
            if None in allowed or (name in face.litter and allowed == {""}):
                continue
            same = shows in allowed or (
                not exactly and not truth.holds_manual(name, now) and kin(shows) in map(kin, allowed)
            )
            rule = Rule.KEPT if truth.holds_manual(name, now) else Rule.SHOWN
            assert same, f"{rule}: {truth.config.title}.{name} shows {shows!r}, not {allowed} at {now}"

    def _check_repeat(self, truth: Truth, decision: Decision, now: datetime) -> None:
        """Check that a screen that shows something is shown it again in time."""
        faces = self.screens_of(truth)
        if truth.config.left_behind or self.unknown or any(face.litter for face in faces):
            return
        if any(value != "" for face in faces for value in face.certain.values()):
            last = max((moment for face in self.faces.values() for moment in face.updates[-1:]), default=now)
            in_time = isinstance(decision, Wait) and decision.until <= max(last, self.unsure) + REPEAT
            assert in_time, f"{Rule.SHOWN}: nothing is repeated: {decision} {last=} {now}"

    def _check_refreshed(self, truth: Truth, now: datetime) -> None:
        """Check that what a person asked for has come, where there is a template and so something to refresh."""
        lost = truth.config.templates and any(not deed.undone for deed in truth.refreshes)
        assert not lost, f"{Rule.KEPT}: {truth.config.title} was not refreshed at {now}"

    def ended_lately(self, now: datetime) -> bool:
        """Tell whether a duration was over so lately that what comes after it may still wait."""
        sayings = [item for truth in self.truths.values() for items in truth.said.values() for item in items]
        return any(item.until is not None and now - DAY < item.until <= now for item in sayings)

    def check_end(self, now: datetime) -> None:
        """Check what stands at the end: with every repeat sent, every screen shows exactly what its layers say."""
        owners = {truth.config.device: truth for truth in self.truths.values()}
        for device, face in self.faces.items():
            nobody = Truth(WidgetConfig.of_screen_left_behind(device), {}, {})
            truth = owners.get(device) or owners.get(ALL) or nobody
            for name, value in truth.says.items():
                allowed = truth.allowed(name, now)
                if value is None and name in truth.config.templates and None in allowed:
                    allowed |= {"" if name in NUMBER_FIELDS else "\N{EN DASH}"}
                    assert face.shows.get(name, "") in allowed, f"{Rule.SHOWN}: {truth.config.title}.{name}"
            self._check_face(truth, face, now, exactly=True)
            self._check_refreshed(truth, now)
