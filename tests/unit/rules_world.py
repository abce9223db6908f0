"""All accounts, the clock that they see, and the time that really passes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from custom_components.pushover_glances.planner import Quota

from .rules_home import Home
from .rules_oracle import HOUR, SECOND, Rule

# A start takes longer than an update that was on its way before.
_START = 10 * SECOND


@dataclass(eq=False)
class World:
    """The clock that the code sees, the time that really passes, and the accounts, which share an application."""

    now: datetime
    zone: tzinfo
    uptime: timedelta = timedelta(0)
    outcome: str = "accepted"
    quota: Quota = field(default_factory=Quota)
    # It has run for a while when the accounts are added.
    booted: timedelta = -HOUR
    homes: list[Home] = field(default_factory=list)

    def jump(self, change: timedelta) -> None:
        """Set the clock; the accounts notice when they look for another reason."""
        self.now += change
        for home in self.homes:
            home.clock_jumps()

    def move(self, zone: tzinfo) -> None:
        """Go to another time zone."""
        self.zone = zone
        for home in self.homes:
            home.look_at_all()

    def wait(self, time: timedelta) -> None:
        """Let time pass, with whatever falls due."""
        end = self.uptime + time
        looks = 0
        while True:
            due = min((moment for home in self.homes for moment in home.dues()), default=end + SECOND)
            passed = max(min(due, end), self.uptime) - self.uptime
            self.now += passed
            self.uptime += passed
            if due > end:
                return
            for home in self.homes:
                home.wake()
            looks += 1
            assert looks < 500 + 100 * (time / HOUR), f"{Rule.SOON}: {looks} looks in {time}"

    def kill(self, *, arrived: bool, lost: bool) -> None:
        """Let everything end at once; what is on disk begins again."""
        for home in self.homes:
            home.die(arrived=arrived)
        self.now, self.uptime = self.now + _START, self.uptime + _START
        self.quota, self.booted = Quota(), self.uptime - SECOND
        for home in self.homes:
            home.begin(lost=lost)
