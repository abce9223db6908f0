"""What debug logging says: a line for each decision, and neither a secret nor what a field shows."""

import json
import logging

from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.pushover_glances.const import DOMAIN
from emulator import Fault, Kind
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

from .kit import DOOR, MINUTE, ROUNDING, SETTLE, SPACING, GlancesKit, alert, widget
from .test_entities import TEXT
from .test_widget_flow import DELIVERY, enter, save, start

_LOGGER = f"custom_components.{DOMAIN}"


def decisions(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the decisions that have been logged since the last look."""
    lines = [item.getMessage() for item in caplog.records if item.name.startswith(_LOGGER)]
    caplog.clear()
    return [line for line in lines if line.startswith("Widget ")]


async def test_way_of_a_change(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """Each line names the widget, what has happened, what is done, why, and until when."""
    caplog.set_level("DEBUG", _LOGGER)
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    decisions(caplog)
    await kit.state(DOOR, "open")
    assert decisions(caplog) == ["Widget iphone: Changed: look at 2026-11-23 12:00:05+00:00"]
    await kit.tick(SETTLE + ROUNDING)
    assert decisions(caplog) == ["Widget iphone: Due: wait, spacing, until 2026-11-23 12:20:00+00:00"]
    await kit.tick(SPACING)
    assert decisions(caplog) == [
        "Widget iphone: Rendered: send text (ordinary)",
        "Widget iphone: Outcome: look at 2026-11-23 12:20:06+00:00",
        "Widget iphone: Due: wait, up_to_date, until 2026-11-23 15:20:06+00:00",
    ]
    assert (await kit.update(title="x", urgent=True))["status"] == "queued"
    assert decisions(caplog)[:2] == [
        "Widget iphone: Acted: look at 2026-11-23 12:20:06+00:00",
        "Widget iphone: Due: wait, spacing, until 2026-11-23 12:21:06+00:00",
    ]
    await kit.tick(MINUTE)
    assert decisions(caplog)[0] == "Widget iphone: Rendered: send title, text (urgent)"


async def test_nothing_private(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever happens, no line has the token or the user key, and no debug line what a field shows."""
    caplog.set_level("DEBUG", _LOGGER)
    await kit.state(DOOR, "private closed")
    entry = await kit.load(
        widget(title="private title", text=TEXT), alert(states=["private open"], text="private alert")
    )
    await kit.tick(2 * SPACING)
    refusal = json.dumps({"status": 0, "errors": [f"{EXAMPLE_TOKEN} {EXAMPLE_USER}"], "request": EXAMPLE_USER})
    for fault in (
        Fault(Kind.RESET_AFTER),
        Fault(Kind.GARBAGE),
        Fault(Kind.RATE_LIMIT, reset=1),
        Fault(Kind.STATUS, status=503),
        Fault(Kind.STATUS, status=400, body=refusal),
    ):
        kit.emulator.faults.append(fault)
        await kit.change(DOOR, "private open")
        try:
            await kit.update(subtext="private subtext", urgent=True)
        except HomeAssistantError:
            assert fault.status == 400
        await kit.change(DOOR, "private closed")
        # A quota without an end is asked about again in an hour.
        await kit.tick(4 * SPACING)
    form = await enter(kit, await start(kit, entry), device="ipad")
    await save(kit, form, title="private new title", **DELIVERY)
    await kit.tick(SPACING + ROUNDING)
    assert {"private title", "private new title"} <= {glance["title"] for glance in kit.pushed()}
    ours = [item for item in caplog.records if item.name.startswith(_LOGGER)]
    assert any("send" in item.getMessage() for item in ours)
    lines = [(item.levelno, logging.Formatter().format(item)) for item in ours]
    assert [line for _, line in lines if EXAMPLE_TOKEN in line or EXAMPLE_USER in line] == []
    assert [line for level, line in lines if level == logging.DEBUG and "private" in line] == []
