"""Who uses the emulated Pushover, and what their watches show."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

# watchOS takes this many updates a day, then none until the next: Pushover's page on glances, and Apple's PushKit.
UPDATES_A_DAY = 50
# When it starts counting again, by the local time of day: people report about 05:00.
COUNTS_ANEW = timedelta(hours=5)
# Pushover's page asks for at least this long between two updates of an Apple Watch.
SPACING = timedelta(minutes=20)
# The free quota that Pushover documents since May 2026.
MONTHLY_QUOTA = 10_000


def day_of(moment: datetime) -> date:
    """Return the day of a local time, by the watch's count."""
    return (moment - COUNTS_ANEW).date()


@dataclass
class Device:
    """A phone with a widget: what Pushover keeps for it, and what its watch shows of that.

    One that is not active is listed, and receives nothing.
    """

    name: str
    is_active: bool = True
    stored: dict[str, str | int] = field(default_factory=dict)
    shown: dict[str, str | int] = field(default_factory=dict)
    updates: list[datetime] = field(default_factory=list)
    closer_than_spacing: int = 0
    ignored_by_watch: int = 0

    def updates_today(self, now: datetime) -> int:
        """Count the updates of the day that the clock is in."""
        return sum(day_of(moment) == day_of(now) for moment in self.updates)

    def receive(self, values: dict[str, str | int], now: datetime) -> None:
        """Overwrite the fields that came, and let the watch take it while it still listens today."""
        if self.updates and now - self.updates[-1] < SPACING:
            self.closer_than_spacing += 1
        heard = self.updates_today(now) < UPDATES_A_DAY
        self.updates.append(now)
        self.stored = {**self.stored, **values}
        if heard:
            self.shown = dict(self.stored)
        else:
            self.ignored_by_watch += 1

    def as_dict(self, now: datetime) -> dict[str, Any]:
        """Describe the device for the page and for tests in other processes."""
        return {
            "name": self.name,
            "stored": self.stored,
            "shown": self.shown,
            "updates_today": self.updates_today(now),
            "updates": len(self.updates),
            "closer_than_spacing": self.closer_than_spacing,
            "ignored_by_watch": self.ignored_by_watch,
        }


@dataclass
class User:
    """A user, or a group of users, with its devices by name."""

    key: str
    devices: dict[str, Device] = field(default_factory=dict)
    is_group: bool = False

    @classmethod
    def with_devices(cls, key: str, *names: str) -> User:
        """Make a user who owns devices of these names."""
        return cls(key, {name: Device(name) for name in names})

    def addressed(self, name: str) -> list[Device]:
        """Return the devices that a request goes to; an unknown name means all, as Pushover documents for messages."""
        if name in self.devices:
            return [self.devices[name]]
        return list(self.devices.values())


@dataclass
class Application:
    """A registered application; glances are not known to use up its quota."""

    token: str
    limit: int = MONTHLY_QUOTA
    remaining: int = MONTHLY_QUOTA


@dataclass(frozen=True)
class Call:
    """One request as it arrived, for the page's log and for tests; `fault` tells what spoilt its answer."""

    time: datetime
    path: str
    parameters: dict[str, str]
    status: int | None
    fault: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Describe the call; `status` is None where the answer never left."""
        return {
            "time": self.time.isoformat(timespec="milliseconds"),
            "path": self.path,
            "parameters": self.parameters,
            "status": self.status,
            "fault": self.fault,
        }


def _local_now() -> datetime:
    return datetime.now().astimezone()


@dataclass
class World:
    """All accounts, and every call so far."""

    users: dict[str, User] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    clock: Callable[[], datetime] = _local_now

    def add(self, *members: User | Application) -> None:
        """Register users and applications."""
        for member in members:
            if isinstance(member, User):
                self.users[member.key] = member
            else:
                self.applications[member.token] = member

    def next_reset(self) -> datetime:
        """Return when the monthly quota begins again: midnight on the first."""
        first = self.clock().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return (first + timedelta(days=32)).replace(day=1)

    def as_dict(self) -> dict[str, Any]:
        """Describe all users and calls."""
        now = self.clock()
        return {
            "users": [
                {
                    "key": user.key,
                    "is_group": user.is_group,
                    "devices": [device.as_dict(now) for device in user.devices.values()],
                }
                for user in self.users.values()
            ],
            "calls": [call.as_dict() for call in self.calls],
        }


# Keys as Pushover makes them: thirty letters and digits.
EXAMPLE_TOKEN = "azGDORePK8gMaC0QOYAMyEEuzJnyUi"
EXAMPLE_USER = "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"
SECOND_TOKEN = "aHomeDemoSecondApplication0002"
SECOND_USER = "uHomeDemoSecondPerson000000002"
GROUP_KEY = "gHomeDemoFamilyGroup0000000003"
NO_DEVICE_USER = "uHomeDemoWithoutDevice00000004"


def busy_users(users: int, devices: int) -> list[User]:
    """Return so many users with so many devices each, no two of a name."""
    return [
        User.with_devices(f"uHomeBusyPerson{number:015}", *(f"phone{number}x{device}" for device in range(devices)))
        for number in range(users)
    ]


def example_world() -> World:
    """Return two applications, two users with devices, one without, and a group."""
    world = World()
    world.add(
        Application(EXAMPLE_TOKEN),
        Application(SECOND_TOKEN),
        User.with_devices(EXAMPLE_USER, "iphone", "ipad"),
        User.with_devices(SECOND_USER, "pixel"),
        User(NO_DEVICE_USER),
        User(GROUP_KEY, is_group=True),
    )
    return world
