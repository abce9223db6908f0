"""Actions whose values are replaced before an update leaves: they say that nobody saw them, and fail no script."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from homeassistant.core import CoreState
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.pushover_glances.const import DOMAIN
from emulator import Fault, Kind

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, alert, widget
from .scripts import run

OVERTAKEN = {
    "status": "unchanged",
    "error": "These values were replaced, or their duration ended, before they could be sent",
}
QUEUED = {"status": "queued", "due": datetime(2026, 11, 23, 12, 20, tzinfo=UTC).isoformat()}
_DOOR = "{{ states('cover.garage_door') }}"


def calling(kit: GlancesKit, action: str = "update", **data: Any) -> asyncio.Task[dict[str, Any]]:
    """Call an action for the only widget, without waiting for its item of the response."""

    async def call() -> dict[str, Any]:
        answer: Any = await kit.hass.services.async_call(DOMAIN, action, data, blocking=True, return_response=True)
        (item,) = answer["widgets"]
        return {key: value for key, value in item.items() if key not in ("widget", "device", "request")}

    return asyncio.ensure_future(call())


async def answers(kit: GlancesKit, *calls: asyncio.Task[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what these calls answer."""
    found = await asyncio.gather(*calls)
    await kit.settle()
    return found


async def test_forty_at_once(kit: GlancesKit) -> None:
    """One value is sent; the others say that they never were, whether the slot is open or not."""
    await kit.load(widget())
    found = await answers(kit, *[calling(kit, text=f"value {number}") for number in range(40)])
    assert found == [OVERTAKEN] * 39 + [{"status": "sent"}]
    kit.assert_pushed({"text": "value 39"})
    found = await answers(kit, *[calling(kit, text=f"value {number}") for number in range(40, 80)])
    assert found == [OVERTAKEN] * 39 + [QUEUED]
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "value 79"})


async def test_field_by_field(kit: GlancesKit) -> None:
    """What keeps one of its fields is sent; what keeps none is not, even if several others replaced it."""
    await kit.load(widget())
    found = await answers(
        kit,
        calling(kit, title="a", text="b"),
        calling(kit, title="c", count=1),
        calling(kit, title="c", text="d"),
        calling(kit, text="d", percent=5),
    )
    # The second keeps the count, the third its title, which the second has as well, and its text, as the fourth has.
    assert found == [OVERTAKEN, *[{"status": "sent"}] * 3]
    kit.assert_pushed({"title": "c", "text": "d", "count": "1", "percent": "5"})


async def test_same_value_is_shown(kit: GlancesKit) -> None:
    """An action that asks for the value that is sent gets it; the number and the text of it are the same."""
    await kit.load(widget())
    found = await answers(kit, calling(kit, count=1), calling(kit, count=2), calling(kit, count="1"))
    assert found == [{"status": "sent"}, OVERTAKEN, {"status": "sent"}]
    kit.assert_pushed({"count": "1"})


async def test_value_that_is_cleared(kit: GlancesKit) -> None:
    """The action that clears it replaces it; one that fills the field again replaces both."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=_DOOR))
    await kit.tick(SPACING + ROUNDING)
    await kit.update(count=1)
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    found = await answers(kit, calling(kit, text="a"), calling(kit, "clear", fields=["text", "count"]))
    assert found == [OVERTAKEN, {"status": "sent"}]
    kit.assert_pushed({"text": "closed", "count": ""})
    await kit.tick(SPACING + ROUNDING)
    found = await answers(
        kit, calling(kit, text="a"), calling(kit, "clear", fields=["text"]), calling(kit, text="b", title="c")
    )
    assert found == [OVERTAKEN, OVERTAKEN, {"status": "sent"}]
    kit.assert_pushed({"text": "b", "title": "c"})


async def test_emptied_field_that_is_filled(kit: GlancesKit) -> None:
    """A field that only others filled is cleared and filled at once: the clearing is never seen."""
    await kit.load(widget())
    found = await answers(
        kit, calling(kit, "clear", fields=["title"]), calling(kit, title="a"), calling(kit, "clear", fields=["count"])
    )
    assert found == [OVERTAKEN, {"status": "sent"}, {"status": "sent"}]
    kit.assert_pushed({"title": "a", "count": ""})


async def test_refresh_is_never_replaced(kit: GlancesKit) -> None:
    """What is sent is what it asks for, whatever that is."""
    await kit.load(widget())
    found = await answers(kit, calling(kit, text="a"), calling(kit, "refresh"), calling(kit, text="b"))
    assert found == [OVERTAKEN, {"status": "sent"}, {"status": "sent"}]
    kit.assert_pushed({"text": "b"})


async def test_value_in_a_request_is_sent(kit: GlancesKit) -> None:
    """A value that comes while another one is under way does not replace that."""
    await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.SLOW, path="/1/glances.json", seconds=5))
    first = calling(kit, text="a")
    await kit.until(lambda: len(kit.emulator.glances) == 1)
    second, third = calling(kit, text="b"), calling(kit, text="c")
    await kit.turns(5)
    kit.freezer.tick(5 + ROUNDING)
    found = await answers(kit, first, second, third)
    assert found[:2] == [{"status": "sent"}, OVERTAKEN]
    assert found[2]["status"] == "queued"
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "a"}, {"text": "c"})


async def test_value_of_an_update_that_did_not_arrive(kit: GlancesKit) -> None:
    """It has not left yet, and a value that comes meanwhile replaces it."""
    await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=500))
    found = await answers(kit, calling(kit, text="a"), calling(kit, text="b"))
    assert found[0] == OVERTAKEN
    assert found[1]["status"] == "queued"
    kit.pushed()
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "b"})


async def test_refused_update_fails_all(kit: GlancesKit) -> None:
    """Also what it would not have shown: nothing of it is left."""
    entry = await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=400, body='{"status":0}'))
    calls = [calling(kit, text=text) for text in ("a", "b")]
    errors = await asyncio.gather(*calls, return_exceptions=True)
    assert [error.translation_key for error in errors if isinstance(error, HomeAssistantError)] == ["rejected"] * 2
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


async def test_slow_pushover(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is answered before the request has ended knows it, too: in the request, and behind that of another widget."""
    monkeypatch.setattr("custom_components.pushover_glances.actions._ANSWER_TIMEOUT", 0.5)
    await kit.load(widget("iphone"), widget("ipad"))
    kit.emulator.faults.append(Fault(Kind.SLOW, path="/1/glances.json", seconds=5))
    calls = [calling(kit, text=text, entity_id="notify.iphone_glance") for text in ("a", "b")]
    await kit.until(lambda: len(kit.emulator.glances) == 1)
    calls += [calling(kit, text=text, entity_id="notify.ipad_glance") for text in ("c", "d")]
    await kit.turns(5)
    kit.freezer.tick(1)
    await kit.until(lambda: all(call.done() for call in calls))
    assert [call.result()["status"] for call in calls] == ["unchanged", "queued"] * 2
    assert [call.result().get("error") for call in calls] == [OVERTAKEN["error"], None] * 2
    kit.freezer.tick(5 + ROUNDING)
    await kit.settle()
    await kit.tick(MINUTE)
    kit.assert_pushed({"text": "b"}, {"text": "d"})


async def test_before_home_assistant_has_started(kit: GlancesKit) -> None:
    """The last value of each field goes at the start."""
    kit.hass.set_state(CoreState.starting)
    await kit.load(widget())
    found = await answers(kit, calling(kit, text="a"), calling(kit, text="b"), calling(kit, title="c"))
    assert [item["status"] for item in found] == ["unchanged", "queued", "queued"]
    kit.hass.set_state(CoreState.running)
    kit.hass.bus.async_fire("homeassistant_started")
    await kit.settle()
    kit.assert_pushed({"text": "b", "title": "c"})


async def test_value_beneath_an_alert(kit: GlancesKit) -> None:
    """An update that shows what the alert says shows nothing of it; it is kept, and shown when the alert has ended."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text="x"), alert(text="Open"))
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    await kit.state(DOOR, "open")
    found = await answers(
        kit, calling(kit, text="a"), calling(kit, text="b"), calling(kit, text="c", count=1), calling(kit, "refresh")
    )
    # The count of the third is seen.
    assert found == [OVERTAKEN, OVERTAKEN, {"status": "sent"}, {"status": "sent"}]
    kit.assert_pushed({"text": "Open", "count": "1"})
    await kit.tick(SPACING + ROUNDING)
    found = await answers(kit, calling(kit, text="d"), calling(kit, title="e"), calling(kit, "clear", fields=["count"]))
    assert found == [{"status": "unchanged"}, {"status": "sent"}, {"status": "sent"}]
    kit.assert_pushed({"title": "e", "text": "Open", "count": ""})
    await kit.state(DOOR, "closed")
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"title": "e", "text": "d"})


async def test_value_beneath_an_alert_whose_other_field_is_replaced(kit: GlancesKit) -> None:
    """Of one action, the title is replaced and the text is below an alert: the update shows nothing of it."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text="x"), alert(text="Open"))
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    await kit.state(DOOR, "open")
    found = await answers(kit, calling(kit, title="a", text="b"), calling(kit, title="c"))
    assert found == [{"status": "unchanged"}, {"status": "sent"}]
    kit.assert_pushed({"title": "c", "text": "Open"})
    await kit.state(DOOR, "closed")
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"title": "c", "text": "b"})


async def test_script_goes_on(kit: GlancesKit) -> None:
    """It is no error: scripts that run at the same time go on, and so does one whose message nobody saw."""
    await kit.load(widget())
    steps = """
    - action: glances.update
      data: {text: "{{ text }}"}
      response_variable: answer
    - variables:
        said: "{{ answer.widgets[0].status }}: {{ answer.widgets[0].error | default('') }}"
    """
    found = await asyncio.gather(*[run(kit, steps, text=text) for text in ("one", "two", "three")])
    assert [item["said"] for item in found] == [f"unchanged: {OVERTAKEN['error']}"] * 2 + ["sent:"]
    kit.assert_pushed({"text": "three"})
    messages = "- action: notify.send_message\n  data: {entity_id: notify.iphone_glance, message: '{{ text }}'}"
    await asyncio.gather(run(kit, messages, text="four"), run(kit, messages, text="five"))
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "five"})


async def test_nothing_of_it_comes_back(kit: GlancesKit) -> None:
    """A value that was replaced is not shown when the one that replaced it ends."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=_DOOR))
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    await answers(kit, calling(kit, text="a"), calling(kit, text="b", duration="00:30:00"))
    kit.assert_pushed({"text": "b"})
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(30 * MINUTE + ROUNDING)
    kit.assert_pushed({"text": "closed"})
