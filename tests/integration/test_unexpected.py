"""Unexpected errors: the account goes on, and every action that waits gets a result."""

import asyncio
from typing import Any

import pytest

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.content.alert_monitor import AlertMonitor
from custom_components.pushover_glances.issues import Reports
from custom_components.pushover_glances.pushover import PushoverClient
from emulator import Fault, Kind

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, alert, widget
from .test_booking import update
from .test_entities import TEXT, state

_SENDING = f"{DOMAIN} update"
_RETRY = 5 * MINUTE


class _EndOfTaskError(BaseException):
    """What no `except Exception` catches."""


def fail(*_: object) -> Any:
    """Go wrong."""
    raise ZeroDivisionError


async def test_look_that_goes_wrong_once(
    kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, and the change goes at the next look, without anything else that happens."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT), alert("lock.front"))
    await kit.tick(2 * SPACING)
    kit.pushed()
    with monkeypatch.context() as patched:
        patched.setattr(AlertMonitor, "notice", fail)
        await kit.change(DOOR, "open")
    kit.assert_nothing_pushed()
    assert caplog.text.count("Unexpected error in account") == 1
    await kit.tick(_RETRY + ROUNDING)
    kit.assert_pushed({"text": "open"})
    await kit.change(DOOR, "closed")
    await kit.tick(SPACING)
    kit.assert_pushed({"text": "closed"})


async def test_look_that_always_goes_wrong(
    kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is tried again every five minutes, no more often; an action answers that its value waits."""
    await kit.load(widget(), alert("lock.front"))
    with monkeypatch.context() as patched:
        patched.setattr(AlertMonitor, "notice", fail)
        assert (await kit.update(text="x"))["status"] == "queued"
        await kit.turns(10)
        caplog.clear()
        for _ in range(3):
            await kit.tick(_RETRY + ROUNDING)
    assert caplog.text.count("Unexpected error in account") == 3
    await kit.tick(_RETRY + ROUNDING)
    kit.assert_pushed({"text": "x"})


async def test_end_of_an_update_that_goes_wrong(
    kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its action is answered, the widget that waited for it has its turn, and both go on."""
    await kit.load(widget("iphone"), widget("ipad"))
    accepted = Reports.accepted

    def fail_once(reports: Reports, *arguments: Any) -> None:
        monkeypatch.setattr(Reports, "accepted", accepted)
        fail(reports, *arguments)

    monkeypatch.setattr(Reports, "accepted", fail_once)
    items = await kit.act("update", text="x", entity_id="all")
    assert {item["status"] for item in items} <= {"sent", "queued", "unchanged"}
    assert caplog.text.count("Unexpected error") == 1
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    items = await kit.act("update", text="y", entity_id="all")
    assert [item["status"] for item in items] == ["sent", "sent"]
    kit.assert_pushed({"text": "y"}, {"text": "y"})


async def test_sending_that_is_cancelled(kit: GlancesKit) -> None:
    """Its update may have arrived, so it counts, and goes again; all that waited for it answer that they wait."""
    await kit.load(widget("iphone"), widget("ipad"))
    kit.emulator.faults.append(Fault(Kind.HANG_AFTER))
    updating = update(kit, entity_id="all")
    await kit.until(lambda: len(kit.emulator.glances) == 1)
    assert not updating.done()
    (sending,) = (task for task in asyncio.all_tasks() if task.get_name() == _SENDING)
    sending.cancel()
    await kit.until(updating.done)
    assert [item["status"] for item in updating.result()["widgets"]] == ["queued", "queued"]
    await goes_on(kit)


async def test_sending_that_ends_in_no_ordinary_way(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is raised, the action answers at once that its value waits."""
    await kit.load(widget("iphone"), widget("ipad"))
    tasks: list[asyncio.Task[Any] | None] = []

    async def end(*_: object) -> None:
        tasks.append(asyncio.current_task())
        raise _EndOfTaskError

    with monkeypatch.context() as patched:
        patched.setattr(PushoverClient, "update_glance", end)
        updating = update(kit, entity_id="notify.iphone_glance")
        await kit.until(updating.done)
    assert [item["status"] for item in updating.result()["widgets"]] == ["queued"]
    (sending,) = tasks
    assert sending is not None
    with pytest.raises(_EndOfTaskError):
        await sending
    await goes_on(kit)


async def goes_on(kit: GlancesKit) -> None:
    """See that both widgets show what was asked for in the end, and take more."""
    await kit.settle()
    assert state(kit, "sensor.iphone_glance_status") == "outage"
    await kit.tick(2 * SPACING)
    devices = {glance["device"] for glance in kit.emulator.glances if glance["text"] == "x"}
    assert "iphone" in devices
    await kit.tick(2 * SPACING)
    kit.pushed()
    items = await kit.act("update", text="y", entity_id="all")
    assert [item["status"] for item in items] == ["sent", "sent"]
    kit.assert_pushed({"text": "y"}, {"text": "y"})
