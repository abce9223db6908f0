"""A home in which much happens at once, and which remembers what its actions answered."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from aiohttp import ClientError

from devtools.hass import HomeAssistantProcess

DEVICES = ("iphone", "ipad")
FIELDS = {
    "title": "{{ state_translated('cover.garage_door') }}",
    "text": "{{ states('sensor.kitchen') }}",
    "percent": "{{ states('sensor.battery') }}",
}
# What no template fills, so that nothing but another action or its duration ends what an action put there.
_MANUAL = ("subtext", "count")
_DURATIONS = (None, None, timedelta(seconds=3), timedelta(seconds=8), timedelta(hours=1))
# Between Home Assistant's clock and what is seen of it from here, on a machine under load.
_SLACK = timedelta(seconds=2)


def now() -> datetime:
    """Return the time as the emulator notes it."""
    return datetime.now().astimezone()


@dataclass
class Promise:
    """A value that an action was called with; as long as there is no answer, it may count or not."""

    value: str
    begun: datetime
    duration: timedelta | None
    answered: datetime | None = None

    def shows(self, moment: datetime) -> set[str]:
        """Return what its field may show then, if no other action came after it."""
        if self.duration is None or moment < (end := self.begun + self.duration):
            return {self.value}
        return {""} if moment > end + _SLACK else {"", self.value}


@dataclass
class Lane:
    """A field of a widget, which one action after the other fills."""

    device: str
    name: str
    promises: list[Promise] = field(default_factory=list)
    _seen: int = -1

    def allowed(self, moment: datetime) -> set[str]:
        """Return what the field may show then: what was promised last, or what came after it without an answer."""
        early = moment - _SLACK
        kept = [number for number, item in enumerate(self.promises) if item.answered and item.answered < early]
        first = max(self._seen, *kept[-1:], -1)
        since = [item.shows(moment) for item in self.promises[max(first, 0) :] if item.begun <= moment]
        return set[str]().union(*since, [""] if first < 0 else [])

    def see(self, value: str, moment: datetime) -> None:
        """Check what an update showed; nothing older may come after it."""
        assert value in self.allowed(moment), f"{self.name} of {self.device} at {moment}: {value!r}, {self.promises}"
        values = [item.value for item in self.promises]
        if value in values:
            self._seen = values.index(value)


class Burst:
    """Changes states and calls actions, each with another value, until Home Assistant is gone."""

    def __init__(self, home: HomeAssistantProcess, random: Random) -> None:
        """Begin with nothing promised."""
        self.lanes = [Lane(device, name) for device in DEVICES for name in _MANUAL]
        self.mirrored: dict[str, str | int] = {}
        self.slots: list[datetime] = []
        self._home = home
        self._random = random
        self._numbers = count(1)

    async def run(self) -> None:
        """Let it happen. Some fields rest for a while, so that what was promised for them has to last."""
        self.slots.clear()
        busy = self._random.sample(self.lanes, self._random.randint(1, len(self.lanes)))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._repeat(self._change_something))
            for lane in busy:
                tasks.create_task(self._repeat(self._act_somehow, lane))

    async def settle(self) -> None:
        """Give every source a state, the same as before where there was one."""
        self.mirrored.setdefault("text", "n0")
        self.mirrored.setdefault("percent", 0)
        await self._home.post("/api/states/sensor.kitchen", {"state": self.mirrored["text"]})
        await self._home.post("/api/states/sensor.battery", {"state": self.mirrored["percent"]})
        opened = self.mirrored.setdefault("title", "Closed") == "Open"
        await self._home.call("cover", f"{'open' if opened else 'close'}_cover", entity_id="cover.garage_door")

    def vary(self) -> None:
        """Think of other states; a number in a text would have to differ by more than one to matter."""
        self.mirrored["text"] = f"n{next(self._numbers)}"
        self.mirrored["percent"] = self._random.randrange(0, 101, 2)
        self.mirrored["title"] = self._random.choice(("Open", "Closed"))

    async def _repeat[*Arguments](self, step: Callable[[*Arguments], Awaitable[None]], *arguments: *Arguments) -> None:
        with suppress(ClientError):
            while True:
                await asyncio.sleep(self._random.uniform(0, 0.8))
                await step(*arguments)

    async def _change_something(self) -> None:
        self.vary()
        await self.settle()

    async def promise_everywhere(self) -> None:
        """Call actions until something waits for every device, because an update has just gone there."""
        for device in DEVICES:
            lane = next(lane for lane in self.lanes if lane.device == device)
            while await self._act(lane, None) != "queued":
                pass

    async def _act_somehow(self, lane: Lane) -> None:
        await self._act(lane, self._random.choice(_DURATIONS))

    async def _act(self, lane: Lane, duration: timedelta | None) -> str:
        """Call an action, and return its status."""
        number = str(next(self._numbers))
        promise = Promise(number, now(), duration)
        lane.promises.append(promise)
        data: dict[str, Any] = {lane.name: number, "urgent": self._random.random() < 0.3}
        if duration is not None:
            data["duration"] = duration.total_seconds()
        answer = await self._home.call(
            "pushover_glances", "update", respond=True, entity_id=f"notify.{lane.device}_glance", **data
        )
        (item,) = answer["widgets"]
        # A value that ended while an update was under way is never sent.
        has_ended = duration is not None and now() >= promise.begun + duration
        assert item["status"] in ("sent", "queued") or (has_ended and "error" in item), item
        promise.answered = now()
        if item["status"] == "queued":
            self.slots.append(datetime.fromisoformat(item["due"]))
        return str(item["status"])
