"""What may happen to an account of two widgets, step by step, and what Pushover has to see of it whatever happens."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import pairwise
from random import Random
from typing import Any

from homeassistant.config_entries import ConfigEntryState, ConfigSubentryData
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.pushover_glances.const import DOMAIN
from emulator import Fault, Kind
from emulator.world import EXAMPLE_USER, Call, day_of

from .kit import DOOR, MINUTE, ROUNDING, GlancesKit

HOUR = 60 * MINUTE
GLANCES = "/1/glances.json"
PHONE, TABLET = "iphone", "ipad"
WORD, TEMPERATURE, BATTERY, VISITORS = "sensor.word", "sensor.temperature", "sensor.battery", "sensor.visitors"
LOCK, WINDOW = "lock.front_door", "binary_sensor.window"
# While they are on: the alert of the window is shown, the tablet is quiet, and a page is shown.
HEATING, BED, GUESTS = "binary_sensor.heating", "binary_sensor.bed", "binary_sensor.guests"
# Stands for a word that was never there before.
NEW = "new"
STATES: dict[str, tuple[str, ...]] = {
    WORD: (NEW, NEW, NEW, "home", "away", "unavailable", "unknown"),
    TEMPERATURE: ("20.0", "20.3", "22.0", "24.5", "unavailable"),
    BATTERY: ("80", "81", "40", "0", "unknown"),
    VISITORS: ("2", "3", "10", "unknown"),
    DOOR: ("closed", "open", "open", "opening", "closed", "unavailable"),
    LOCK: ("locked", "unlocked", "locked", "unlocked", "unavailable"),
    WINDOW: ("off", "on", "off", "on", "unavailable"),
    HEATING: ("on", "on", "off", "on", "unavailable"),
    BED: ("off", "on", "off", "unavailable"),
    GUESTS: ("off", "on", "off", "on", "unavailable"),
}
# Those that get another id at times; the others are in templates, which stay as they are.
_RENAMED = (WORD, BATTERY, VISITORS, LOCK, WINDOW, HEATING, BED, GUESTS)
# Without a unit, a number is a word.
_UNITS = {TEMPERATURE: "°C", BATTERY: "%"}
# The alerts by their entities, and the states that count.
ALERTS = {LOCK: "lock", WINDOW: "window"}
ALARMING = {LOCK: "unlocked", WINDOW: "on"}
# The fields that alerts of the phone may cover.
_ALERTED = ("title", "text", "subtext", "count")
_ANSWERED_WITHIN = timedelta(seconds=10)
_HANGING = (Kind.HANG_BEFORE, Kind.HANG_AFTER)
# How long renames are collected.
_TOGETHER = 1
# An update that met one of these did not arrive, and does not count.
_NOT_TAKEN = (429, 503, 400)
_REFUSED = '{"status":0,"errors":["no"],"request":"r"}'


def _attributes(entity_id: str) -> dict[str, str]:
    return {"unit_of_measurement": _UNITS[entity_id]} if entity_id in _UNITS else {}


@dataclass(frozen=True)
class Change:
    """An entity gets a state."""

    entity_id: str
    state: str


@dataclass(frozen=True)
class Pass:
    """Time passes."""

    seconds: int


@dataclass(frozen=True)
class Act:
    """An action is called; `how` tells whether the step waits for its answer, or leaves it open, or cancels the call."""

    action: str
    devices: tuple[str, ...]
    data: dict[str, Any] = field(default_factory=dict)
    how: str = "wait"


@dataclass(frozen=True)
class Follow:
    """The switch of a widget is turned."""

    device: str
    on: bool


@dataclass(frozen=True)
class Dismiss:
    """A person dismisses the alert of an entity."""

    entity_id: str


@dataclass(frozen=True)
class Rename:
    """An entity gets another id, or its first one again, and the account has been loaded with it."""

    entity_id: str


@dataclass(frozen=True)
class Break:
    """So many of Pushover's next answers go wrong; `seconds` is how far away the end of a quota is."""

    kind: Kind
    status: int = 0
    times: int = 1
    seconds: int = 0


@dataclass(frozen=True)
class Reach:
    """Pushover is switched off, or on again, and answers as it should from then on."""

    on: bool


@dataclass(frozen=True)
class Load:
    """The account is loaded, or unloaded, or both."""

    unload: bool
    load: bool


type Step = Act | Break | Change | Dismiss | Follow | Load | Pass | Reach | Rename

_FIELDS: dict[str, tuple[str | int, ...]] = {
    "title": ("act 1", "act 2"),
    "text": ("act 3", "act 4"),
    "subtext": ("act 5", "22.0 °C"),
    "count": (3, 4),
    "percent": (80, 7),
}
_DEVICES = ((PHONE,), (PHONE,), (TABLET,), (PHONE, TABLET))
_OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"urgent": True},
    {"duration": {"minutes": 5}},
    {"duration": {"minutes": 30}},
)
_HOW = ("wait", "wait", "wait", "wait", "leave", "leave", "cancel")
# Most often long enough for an update, so that there is something to go wrong.
_TIMES = (1, 3, 6, 6, 6, 30, 61, 61, 61, 200, 601, 1201, 1801, 1801, 1801, HOUR, HOUR, 3 * HOUR, 9 * HOUR)
_FAULTS = (
    Break(Kind.STATUS, 503),
    Break(Kind.STATUS, 503, times=4),
    Break(Kind.STATUS, 400),
    Break(Kind.RATE_LIMIT, 429, seconds=-HOUR),
    Break(Kind.RATE_LIMIT, 429, seconds=3 * HOUR),
    Break(Kind.RESET_BEFORE),
    Break(Kind.RESET_AFTER),
    Break(Kind.RESET_AFTER, times=3),
    Break(Kind.HANG_BEFORE),
    Break(Kind.HANG_AFTER),
    Reach(on=False),
    Reach(on=True),
    Reach(on=True),
)
_LOADS = (
    Load(unload=True, load=True),
    Load(unload=True, load=True),
    Load(unload=True, load=False),
    Load(unload=False, load=True),
    Load(unload=False, load=True),
)


def _change(random: Random) -> Step:
    entity_id = random.choice([*STATES])
    return Change(entity_id, random.choice(STATES[entity_id]))


def _act(random: Random) -> Step:
    devices, how = random.choice(_DEVICES), random.choice(_HOW)
    names = random.sample([*_FIELDS], random.choice((1, 2)))
    match random.choice(("update", "update", "update", "update", "clear", "refresh", "notify")):
        case "update":
            values = {name: random.choice(_FIELDS[name]) for name in names}
            return Act("update", devices, {**values, **random.choice(_OPTIONS)}, how)
        case "clear":
            return Act("clear", devices, {"fields": names}, how)
        case "refresh":
            return Act("refresh", devices, {}, how)
        case _:
            return Act("notify", devices[:1], {"message": "a note"})


def _other(random: Random) -> Step:
    follow = Follow(random.choice((PHONE, TABLET)), random.choice((True, False)))
    dismiss, rename = Dismiss(random.choice((LOCK, WINDOW))), Rename(random.choice(_RENAMED))
    return random.choice((follow, random.choice(_LOADS), dismiss, rename))


def steps(random: Random, number: int) -> Iterator[Step]:
    """Yield so many things that happen, most of which are followed by some time."""
    for kind in random.choices((_change, _act, lambda _: random.choice(_FAULTS), _other), (6, 3, 2, 1), k=number):
        yield kind(random)
        if random.random() < 0.7:
            yield Pass(random.choice(_TIMES))


@dataclass(eq=False)
class Answer:
    """A call of an action, and its result for each device, once that is known.

    `arrived` is what Pushover accepted meanwhile, and `stored` what it had of each device at the end.
    """

    act: Act
    began: datetime
    ended: datetime | None = None
    statuses: dict[str, str] = field(default_factory=dict)
    arrived: list[Call] = field(default_factory=list)
    stored: dict[str, dict[str, str | int]] = field(default_factory=dict)
    is_alone: bool = True


@dataclass
class Home:
    """An account with its widgets, whatever happens to it; `unsaid` are words that are new since a widget was paused.

    Entities have their first ids everywhere here; `ids` has those of now. `replaces` is set if the alert of the lock
    replaces the whole glance. Of the alerts that are `dismissed`, by entity, it is certain or not whether they stay so:
    nobody sees what happens while an entity is away, or the account is.
    """

    kit: GlancesKit
    entry: MockConfigEntry
    limits: dict[str, int]
    answers: list[Answer] = field(default_factory=list)
    paused: dict[str, bool] = field(default_factory=lambda: {PHONE: False, TABLET: False})
    unsaid: dict[str, set[str]] = field(default_factory=lambda: {PHONE: set(), TABLET: set()})
    words: int = 0
    seen: int = 0
    replaces: bool = False
    dismissed: dict[str, bool] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=lambda: {entity_id: entity_id for entity_id in STATES})
    pending: dict[asyncio.Task[None], Answer] = field(default_factory=dict)

    @classmethod
    async def begin(cls, kit: GlancesKit, *items: ConfigSubentryData) -> Home:
        """Set up an account."""
        for entity_id in _RENAMED:
            domain, name = entity_id.split(".")
            er.async_get(kit.hass).async_get_or_create(domain, "test", name, suggested_object_id=name)
        for entity_id, states in STATES.items():
            kit.hass.states.async_set(entity_id, states[0].replace(NEW, "home"), _attributes(entity_id))
        entry = await kit.load(*items)
        limits = {
            item["data"]["device"]: item["data"].get("daily_limit", 50) for item in items if "device" in item["data"]
        }
        return cls(kit, entry, limits)

    @property
    def is_loaded(self) -> bool:
        """Tell whether the account is loaded."""
        return self.entry.state is ConfigEntryState.LOADED

    def state(self, entity_id: str) -> str:
        """Return the state of an entity, by its first id."""
        found = self.kit.hass.states.get(self.ids[entity_id])
        assert found is not None, entity_id
        return found.state

    async def do(self, step: Step) -> None:
        """Let something happen, and look at what arrives."""
        match step:
            case Change(entity_id, state):
                await self.change(entity_id, state)
            case Pass(seconds):
                await self.advance(seconds)
            case Act():
                await self._act(step)
            case Dismiss(entity_id):
                await self._dismiss(entity_id)
            case Follow(device, on):
                await self._follow(device, on=on)
            case Break():
                self._break(step)
            case Reach(on):
                await self._reach(on=on)
            case Load(unload, load):
                await self._load(unload=unload, load=load)
            case Rename(entity_id):
                await self._rename(entity_id)
        await self.settle()
        self.look()

    # Time.

    @property
    def _hangs(self) -> bool:
        """Tell whether an update waits for an answer that does not come."""
        if not self.kit.emulator.open[GLANCES]:
            return False
        return next(call.fault in _HANGING for call in reversed(self.kit.emulator.calls) if call.path == GLANCES)

    @property
    def _may_hang(self) -> bool:
        return self._hangs or any(fault.kind in _HANGING and fault.times != 0 for fault in self.kit.emulator.faults)

    async def settle(self) -> None:
        """Let everything come to its end but an update that waits for an answer."""
        if not self._may_hang:
            await self.kit.settle()
            return
        settling = asyncio.ensure_future(self.kit.settle())
        await self.kit.until(lambda: settling.done() or self._hangs)
        await self.kit.turns(5)
        settling.cancel()

    async def finish[T](self, awaitable: Awaitable[T]) -> T:
        """Wait for something, in steps of half a second where that takes time."""
        task = asyncio.ensure_future(awaitable)
        if not self._may_hang:
            return await task
        while not task.done():
            await self.kit.until(lambda: task.done() or self._hangs)
            if not task.done():
                await self._tick(0.5)
        return task.result()

    async def advance(self, seconds: float) -> None:
        """Let time pass, in steps of half a second while something waits for an answer."""
        end = dt_util.utcnow() + timedelta(seconds=seconds)
        while (left := (end - dt_util.utcnow()).total_seconds()) > 0:
            await self._tick(min(left, 0.5) if self._hangs or self.pending else left)

    async def answer(self) -> None:
        """Let time pass until nothing waits for an answer any more."""
        while self._hangs or self.pending:
            await self._tick(0.5)

    async def _tick(self, seconds: float) -> None:
        self.kit.freezer.tick(timedelta(seconds=seconds))
        async_fire_time_changed(self.kit.hass)
        await self.settle()
        for task, answer in [*self.pending.items()]:
            # No time passes beyond that before it has been answered.
            if dt_util.utcnow() >= answer.began + _ANSWERED_WITHIN - timedelta(seconds=0.5):
                await self.kit.until(task.done)

    # What happens.

    async def change(self, entity_id: str, state: str) -> None:
        """Set a state."""
        if state == NEW:
            self.words += 1
            state = f"word {self.words}"
            for device, paused in self.paused.items():
                if paused:
                    self.unsaid[device].add(state)
        if entity_id in self.dismissed and self.state(entity_id) != state:
            if state == "unavailable" or not self.is_loaded:
                self.dismissed[entity_id] = False
            elif state != ALARMING[entity_id]:
                del self.dismissed[entity_id]
        self.kit.hass.states.async_set(self.ids[entity_id], state, _attributes(entity_id))

    async def _rename(self, entity_id: str) -> None:
        """Give an entity another id, as Home Assistant does: its state is away for a moment."""
        old = self.ids[entity_id]
        self.ids[entity_id] = new = f"{entity_id}_new" if old == entity_id else entity_id
        state = self.kit.hass.states.get(old)
        assert state is not None
        er.async_get(self.kit.hass).async_update_entity(old, new_entity_id=new)
        self.kit.hass.states.async_remove(old)
        self.kit.hass.states.async_set(new, state.state, state.attributes)
        await self.advance(_TOGETHER + ROUNDING)

    async def _dismiss(self, entity_id: str) -> None:
        """Press the button of an alert while its entity is in a state that counts; the window's has to last as well."""
        if self.is_loaded and self.state(entity_id) == ALARMING[entity_id]:
            target = {"entity_id": f"button.{ALERTS[entity_id]}_dismiss"}
            await self.finish(self.kit.hass.services.async_call("button", "press", target, blocking=True))
            self.dismissed[entity_id] = entity_id == LOCK

    async def _act(self, act: Act) -> None:
        answer = Answer(act, dt_util.utcnow(), is_alone=not self.pending)
        for other in self.pending.values():
            other.is_alone = False
        self.answers.append(answer)
        task = asyncio.ensure_future(self._call(answer))
        self.pending[task] = answer
        task.add_done_callback(self.pending.pop)
        # It has to have begun before anything else happens.
        for _ in range(10):
            await asyncio.sleep(0)
        if act.how == "wait":
            await self.finish(task)
        elif act.how == "cancel":
            await self.settle()
            task.cancel()
            await asyncio.wait([task])
            if not answer.statuses:
                answer.statuses = dict.fromkeys(act.devices, "cancelled")

    async def _call(self, answer: Answer) -> None:
        first = len(self.kit.emulator.calls)
        act, services, is_loaded = answer.act, self.kit.hass.services, self.is_loaded
        target = {"entity_id": [f"notify.{device}_glance" for device in act.devices]}
        try:
            if act.action == "notify":
                await services.async_call("notify", "send_message", {**act.data, **target}, blocking=True)
                # Home Assistant drops a message to an entity that is unavailable.
                statuses = dict.fromkeys(act.devices, "done" if is_loaded else "failed")
            else:
                response: Any = await services.async_call(
                    DOMAIN, act.action, {**act.data, **target}, blocking=True, return_response=True
                )
                statuses = {item["device"]: item["status"] for item in response["widgets"]}
        except HomeAssistantError:
            statuses = dict.fromkeys(act.devices, "failed")
        answer.statuses, answer.ended = statuses, dt_util.utcnow()
        answer.arrived = [call for call in self.kit.emulator.calls[first:] if call.status == HTTPStatus.OK]
        answer.stored = {device: dict(self.stored(device)) for device in act.devices}

    async def _follow(self, device: str, *, on: bool) -> None:
        switch = f"switch.{device}_glance_follow_entities"
        if not self.is_loaded or self.kit.hass.states.get(switch) is None:
            return
        await self.settle()
        self.look()
        self.paused[device] = not on
        if on:
            self.unsaid[device].clear()
        service = "turn_on" if on else "turn_off"
        await self.finish(self.kit.hass.services.async_call("switch", service, {"entity_id": switch}, blocking=True))

    def _break(self, step: Break) -> None:
        reset = int(dt_util.utcnow().timestamp()) + step.seconds
        self.kit.emulator.faults.append(
            Fault(step.kind, path=GLANCES, times=step.times, status=step.status, body=_REFUSED, reset=reset)
        )

    async def _reach(self, *, on: bool) -> None:
        self.kit.emulator.faults.clear()
        await (self.kit.emulator.start() if on else self.kit.emulator.stop())

    async def _load(self, *, unload: bool, load: bool) -> None:
        entries = self.kit.hass.config_entries
        if unload and load:
            await self.finish(entries.async_reload(self.entry.entry_id))
        elif unload and self.is_loaded:
            await self.finish(entries.async_unload(self.entry.entry_id))
        elif load and self.entry.state is ConfigEntryState.NOT_LOADED:
            await self.finish(entries.async_setup(self.entry.entry_id))

    # What Pushover sees.

    def calls(self, device: str) -> list[Call]:
        """Return the updates of a device, from the first one on."""
        return [call for call in self.kit.emulator.calls if _is_update_of(call, device)]

    def stored(self, device: str) -> dict[str, str | int]:
        """Return what Pushover keeps for a device."""
        return self.kit.emulator.world.users[EXAMPLE_USER].devices[device].stored

    def look(self) -> None:
        """See that what has arrived since the last look says nothing that a paused widget does not know."""
        calls = self.kit.emulator.calls[self.seen :]
        self.seen += len(calls)
        for device, words in self.unsaid.items():
            for call in calls:
                if _is_update_of(call, device):
                    assert words.isdisjoint(call.parameters.values()), (device, call)

    def check(self) -> None:
        """See that all rules have been kept."""
        assert self.kit.emulator.most_open[GLANCES] <= 1
        for device in (PHONE, TABLET):
            self._check_budget(device)
        for answer in self.answers:
            self._check_answer(answer)

    def _check_budget(self, device: str) -> None:
        times = [call.time for call in self.calls(device) if call.status not in _NOT_TAKEN]
        assert all(after - before >= timedelta(minutes=1) for before, after in pairwise(times)), times
        hasty = [after for before, after in pairwise(times) if after - before < timedelta(minutes=20)]
        assert all(after - before >= timedelta(hours=1) for before, after in zip(hasty, hasty[4:], strict=False)), hasty
        days = Counter(day_of(moment.astimezone(dt_util.UTC)) for moment in times)
        if limit := self.limits[device]:
            assert max(days.values(), default=0) <= limit, days

    def _check_answer(self, answer: Answer) -> None:
        """See that an action is answered in time, and that what it said was true then."""
        assert answer.ended is not None or answer.act.how == "cancel", answer
        assert (answer.ended or answer.began) - answer.began <= _ANSWERED_WITHIN, answer
        assert answer.statuses.keys() == {*answer.act.devices}, answer
        assert {*answer.statuses.values()} <= {"sent", "queued", "unchanged", "failed", "done", "cancelled"}, answer
        for device, status in answer.statuses.items():
            arrived = [call.parameters for call in answer.arrived if _is_update_of(call, device)]
            assert status != "sent" or arrived, answer
            # An alert may cover a field, and another action may have another value for it.
            for name, value in given(answer.act).items() if answer.is_alone else ():
                is_alerted = device == PHONE and (self.replaces or name in _ALERTED)
                if status == "sent" and not is_alerted:
                    assert any(item.get(name) == str(value) for item in arrived), (answer, device)
                if status == "unchanged" and not is_alerted:
                    assert answer.stored[device].get(name) == value, (answer, device)


def _is_update_of(call: Call, device: str) -> bool:
    return call.path == GLANCES and call.parameters["device"] == device


def given(act: Act) -> dict[str, str | int]:
    """Return the values that an action gives to fields."""
    if act.action == "notify":
        return {"text": act.data["message"]}
    return {name: value for name, value in act.data.items() if name in _FIELDS}
