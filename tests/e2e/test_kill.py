"""A real Home Assistant that is killed again and again, on real files: no promise and no limit is broken."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
import json
import logging
import os
from random import Random
import re
import time

import pytest

from devtools.hass import SAVE, HomeAssistantError, HomeAssistantProcess
from emulator import Emulator, Fault, Kind
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER, Call

from .burst import DEVICES, FIELDS, Burst, now
from .test_first_slice import check_log, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

_LOGGER = logging.getLogger(__name__)
_SPACING = timedelta(seconds=60)
# An update is booked before it leaves: one that takes long to be written arrives a little nearer to the next.
_ON_THE_WAY = timedelta(seconds=1)
# Within this many seconds, a slot opens.
_PATIENCE = 65


@dataclass(frozen=True)
class _Kill:
    """A kill, so many seconds after something: the begin of a start or of a burst, a slot, or a request's arrival."""

    after: str
    since: float
    until: float
    fault: Fault | None = None


def _request(kind: Kind, until: float, seconds: float = 60) -> _Kill:
    return _Kill("request", 0, until, Fault(kind, path="glances.json", seconds=seconds))


def _kills(random: Random) -> list[_Kill]:
    """Return twenty kills; those of a request or a slot in pairs, as two devices have about the same slots."""
    aimed = [
        *[_Kill("slot", 0, 0.03)] * 2,
        _Kill("request", 0, 0.005),
        *[_request(Kind.SLOW, 1.9, seconds=2) for _ in range(2)],
        _request(Kind.HANG_BEFORE, 3),
        _request(Kind.RESET_AFTER, 0.05),
        _request(Kind.STATUS, 0.05),
    ]
    others = [*[_Kill("burst", 0, 3)] * 9, *[_Kill("start", 2, 6)] * 3]
    random.shuffle(aimed)
    random.shuffle(others)
    return [kill for turn in range(4) for kill in aimed[2 * turn :][:2] + others[3 * turn :][:3]]


async def test_kill(home: HomeAssistantProcess, emulator: Emulator) -> None:
    """Twenty kills in bursts of changes and actions, one right after a promise, and one when nothing is left to send."""
    seed = int(os.environ.get("SEED", time.time_ns() % 1_000_000))
    _LOGGER.info("SEED=%s repeats the choices of this run", seed)
    random = Random(seed)  # noqa: S311  # no secret
    account = await home.flow("pushover_glances", {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER})
    for device in DEVICES:
        fields = {**FIELDS, "delivery": {"min_interval": 1, "daily_limit": 0}}
        await home.flow([account["result"]["entry_id"], "widget"], {"device": device}, fields, SAVE)
    # In order, so that what the flows have made is on disk, and not while an account is being loaded.
    await until(lambda: {glance["device"] for glance in emulator.glances} == {*DEVICES})
    await home.stop()

    burst = Burst(home, random)
    killed = [await _run_and_kill(home, emulator, burst, kill, random) for kill in _kills(random)]

    await home.start()
    await burst.settle()
    await burst.promise_everywhere()
    await home.kill()
    await home.start()
    burst.vary()
    await burst.settle()
    # What was promised for some seconds only may take a second update, which ends it.
    with suppress(AssertionError):
        await until(lambda: not any(_wrong(emulator, burst, device) for device in DEVICES), 2 * _PATIENCE)
    for device in DEVICES:
        assert not _wrong(emulator, burst, device), device
    # By then, the last answer is on disk.
    await asyncio.sleep(2)
    await home.kill()
    await home.start()
    seen = len(emulator.calls)
    await burst.settle()
    await asyncio.sleep(_PATIENCE)
    await home.stop()

    assert not [call for call in emulator.calls[seen:] if call.path == "/1/glances.json"]
    for device in DEVICES:
        _check_device(emulator, burst, device, killed)
    # The faults are logged, and nothing else.
    check_log(re.sub(r".* WARNING .*\] Updates of account .* wait: .*\n", "", home.log))


async def _run_and_kill(
    home: HomeAssistantProcess, emulator: Emulator, burst: Burst, kill: _Kill, random: Random
) -> datetime:
    """Start Home Assistant, let it be busy, and return when it was killed."""
    begun = now()
    starting = asyncio.create_task(home.start())
    if kill.after != "start":
        await starting
    emulator.faults[:] = [kill.fault] if kill.fault else []
    busy = asyncio.create_task(burst.run()) if kill.after != "start" else starting
    calls = len(emulator.calls)
    delay = random.uniform(kill.since, kill.until)
    if kill.after == "request":
        await _soon(lambda: len(emulator.calls) > calls)
    elif kill.after == "slot":
        await _soon(lambda: bool(burst.slots))
        delay += (min(burst.slots, default=now()) - now()).total_seconds()
    await asyncio.sleep(max(delay, 0))
    moment = now()
    await home.kill()
    with suppress(HomeAssistantError):
        await busy
    fault = kill.fault.kind if kill.fault else "no fault"
    _LOGGER.info("Killed after a %s, %s: %s", kill.after, fault, _hit(home, emulator, begun, moment))
    return moment


async def _soon(happened: Callable[[], bool]) -> None:
    """Wait for something that a kill should follow within milliseconds."""
    for _ in range(_PATIENCE * 500):
        if happened():
            return
        await asyncio.sleep(0.002)


def _hit(home: HomeAssistantProcess, emulator: Emulator, begun: datetime, moment: datetime) -> str:
    """Return what a kill has interrupted."""
    (path,) = (home.folder / ".storage").glob("pushover_glances.*")
    for device, screen in json.loads(path.read_text())["data"]["screens"].items():
        booked = [item for item in map(datetime.fromisoformat, screen["ledger"]["updates"]) if item > begun]
        if booked and (screen["attempt"] is not None or moment - booked[-1] < timedelta(seconds=0.2)):
            arrived = any(call.time >= booked[-1] for call in _updates(emulator, device))
            stage = "booked" if not arrived else "on its way" if screen["attempt"] is not None else "done"
            return f"{device}'s update was {stage} ({(moment - booked[-1]).total_seconds():.3f} s)"
    return "no update"


def _updates(emulator: Emulator, device: str) -> Iterator[Call]:
    for call in emulator.calls:
        if call.path == "/1/glances.json" and call.parameters["device"] == device:
            yield call


def _wrong(emulator: Emulator, burst: Burst, device: str) -> dict[str, str]:
    """Return which fields show what they should not."""
    shown = emulator.world.users[EXAMPLE_USER].devices[device].shown
    right = {name: {str(value)} for name, value in burst.mirrored.items()}
    right |= {lane.name: lane.allowed(now()) for lane in burst.lanes if lane.device == device}
    values = {name: str(shown.get(name, "")) for name in right}
    return {name: f"{value!r} and not {right[name]}" for name, value in values.items() if value not in right[name]}


def _check_device(emulator: Emulator, burst: Burst, device: str, killed: list[datetime]) -> None:
    """Check everything that arrived for a device against the rules."""
    assert not _wrong(emulator, burst, device)
    # What a broken server refused does not count. Everything else may have arrived.
    updates = [call for call in _updates(emulator, device) if call.status != 500]
    for one, other in pairwise(updates):
        assert other.time - one.time >= _SPACING - _ON_THE_WAY, (one, other)
        doubtful = one.fault or any(one.time <= moment <= other.time for moment in killed)
        assert doubtful or one.parameters != other.parameters, (one, other)
    screen: dict[str, str] = {}
    for call in updates:
        if call.status == 200:
            screen |= call.parameters
            for lane in burst.lanes:
                if lane.device == device:
                    lane.see(screen.get(lane.name, ""), call.time)
