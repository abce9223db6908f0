"""All accounts, the clock that they see, and the time that really passes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from custom_components.pushover_glances.delivery import Quota

from .rules_checks import SECOND
from .rules_home import Home
from .rules_oracle import HOUR, Rule


@dataclass(eq=False)
class World:
    """The clock that the code sees, the time that really passes, and the accounts, which share an application."""

    now: datetime
    zone: tzinfo
    uptime: timedelta = timedelta(0)
    weather: str = "accepted"
    quota: Quota = field(default_factory=Quota)
    homes: list[Home] = field(default_factory=list)

    def look(self) -> None:
        """Let every account look, as it does after anything that happens."""
        for home in self.homes:
            home.look()

    def jump(self, change: timedelta) -> None:
        """Set the clock."""
        self.now += change
        for home in self.homes:
            for truth in home.truths.values():
                truth.pending_since = None
        self.look()

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

    def kill(self, *, arrived: bool) -> None:
        """Let everything end at once; what is on disk begins anew."""
        for home in self.homes:
            home.die(arrived=arrived)
        self.quota = Quota(max(filter(None, (home.memory.quota.until for home in self.homes)), default=None))
        for home in self.homes:
            home.load(known=True, grace=True)
        self.look()
