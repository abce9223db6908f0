"""The actions `clear` and `refresh`."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.pushover_glances.pushover import Field
from emulator import Fault, Kind

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, alert, widget

TEXT = "{{ states('cover.garage_door') }}"


async def act(kit: GlancesKit, action: str, **data: Any) -> dict[str, Any]:
    """Call an action for the only widget and return its item of the response."""
    (item,) = await kit.act(action, **data)
    return item


async def test_clear_gives_fields_back_and_empties_others(kit: GlancesKit) -> None:
    """All of them without a name; what others put there is emptied as well."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    await kit.tick(SPACING + ROUNDING)
    await kit.update(text="Painting", count=3)
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    item = await act(kit, "clear")
    assert (item["widget"], item["device"], item["status"]) == ("iphone", "iphone", "sent")
    kit.assert_pushed({**dict.fromkeys(map(str, Field), ""), "text": "closed"})
    assert (await act(kit, "clear"))["status"] == "unchanged"
    await kit.tick(SPACING + ROUNDING)
    assert (await act(kit, "clear", fields=["text"]))["status"] == "unchanged"
    kit.assert_nothing_pushed()


async def test_clear_named_fields_waits_its_turn(kit: GlancesKit) -> None:
    """One name or several; the others stay, and the answer tells when it goes."""
    await kit.load(widget())
    await kit.update(title="a", text="b", count=1)
    item = await act(kit, "clear", fields="text")
    assert (item["status"], datetime.fromisoformat(item["due"])) == (
        "queued",
        datetime(2026, 11, 23, 12, 20, tzinfo=UTC),
    )
    assert (await act(kit, "clear", fields=["count", "percent"]))["status"] == "queued"
    kit.pushed()
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"title": "a", "text": "", "count": "", "percent": ""})


async def test_clear_once_more_while_it_waits(kit: GlancesKit) -> None:
    """The widget still shows what was cleared, so the answer is not that it is unchanged, before it really is."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    await kit.tick(SPACING + ROUNDING)
    await kit.update(title="a", text="Painting")
    kit.pushed()
    first = await act(kit, "clear", fields=["title", "text", "count"])
    assert first["status"] == "queued"
    for fields in (["title"], ["text"], ["count"], ["title", "text", "count"]):
        assert await act(kit, "clear", fields=fields) == first
    await kit.hass.config_entries.async_reload(entry.entry_id)
    assert await act(kit, "clear", fields=["title"]) == first
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"title": "", "text": "closed", "count": ""})
    for fields in (["title"], ["text"], ["count"]):
        assert (await act(kit, "clear", fields=fields))["status"] == "unchanged"
    await kit.state(DOOR, "open")
    assert (await act(kit, "clear", fields=["title", "count"]))["status"] == "unchanged"


async def test_clear_beneath_an_alert(kit: GlancesKit) -> None:
    """There is nothing to clear in what an alert shows, nor where a small difference waits, so nothing is queued."""
    await kit.state(DOOR, "closed")
    await kit.state("sensor.t", "20.1", unit_of_measurement="°C")
    await kit.load(widget(text=TEXT, subtext="{{ states('sensor.t') }}"), alert(called="Door"))
    await kit.tick(SPACING + ROUNDING)
    await kit.state("sensor.t", "20.3", unit_of_measurement="°C")
    await kit.state(DOOR, "open")
    await kit.tick(MINUTE + ROUNDING)
    await kit.state("sensor.t", "20.4", unit_of_measurement="°C")
    await kit.tick(SPACING + ROUNDING)
    await act(kit, "clear", fields=["count", "percent"])
    for fields in (["title"], ["text"], ["subtext"], ["title", "text", "subtext"]):
        assert (await act(kit, "clear", fields=fields))["status"] == "unchanged"


async def test_clear_twice_at_once(kit: GlancesKit) -> None:
    """Both are sent, and a field that was emptied before is unchanged beside them."""
    await kit.load(widget())
    await act(kit, "clear", fields=["title"])
    await kit.tick(SPACING + ROUNDING)
    await kit.update(text="Painting")
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    found = await asyncio.gather(*[act(kit, "clear", fields=[name]) for name in ("text", "text", "title", "count")])
    assert [item["status"] for item in found] == ["sent", "sent", "unchanged", "sent"]
    kit.assert_pushed({"text": "", "count": ""})


async def test_queued_clear_outlives_a_reload(kit: GlancesKit) -> None:
    """It is on disk before it is answered, a field that was never ours included."""
    entry = await kit.load(widget())
    await kit.update(text="a")
    assert (await act(kit, "clear", fields=["text", "title"]))["status"] == "queued"
    kit.pushed()
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"title": "", "text": ""})


async def test_refused_clear_leaves_nothing_behind(kit: GlancesKit) -> None:
    """The manual value stays, and nothing is emptied later."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT))
    await kit.tick(SPACING + ROUNDING)
    await kit.update(text="Painting")
    await kit.tick(SPACING + ROUNDING)
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=400, body='{"status":0}'))
    with pytest.raises(HomeAssistantError) as raised:
        await act(kit, "clear")
    assert raised.value.translation_key == "rejected"
    kit.pushed()
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "open")
    kit.assert_pushed({"text": "open"})


async def test_refresh_sends_what_is_shown_once_more(kit: GlancesKit) -> None:
    """At once, a minute after the last update, or with the fifth within an hour at the ordinary slot."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(text=TEXT))
    await kit.tick(SPACING + ROUNDING)
    assert (await act(kit, "refresh"))["status"] == "sent"
    for _ in range(4):
        item = await act(kit, "refresh")
        assert item["status"] == "queued"
        await kit.tick(MINUTE + ROUNDING)
    assert len(kit.pushed()) == 6
    item = await act(kit, "refresh")
    assert (datetime.fromisoformat(item["due"]) - datetime.now(UTC)).total_seconds() > 15 * MINUTE
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "closed"})
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


async def test_refresh_brings_what_has_changed(kit: GlancesKit) -> None:
    """It is what makes a change urgent; it outlives a reload, and a widget without anything has nothing to send."""
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget("iphone", text=TEXT), widget("ipad"))
    await kit.change(DOOR, "open")
    response = await kit.act("refresh")
    assert {item["widget"]: item["status"] for item in response} == {"iphone": "queued", "ipad": "unchanged"}
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(MINUTE + ROUNDING)
    kit.assert_pushed({"text": "closed"}, {"text": "open"})


async def test_refused_refresh_is_not_queued(kit: GlancesKit) -> None:
    """What raised has queued nothing."""
    entry = await kit.load(widget(text="x"))
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=400, body='{"status":0}'))
    with pytest.raises(HomeAssistantError):
        await act(kit, "refresh")
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(2 * SPACING)
    kit.assert_nothing_pushed()


@pytest.mark.parametrize("action", ["clear", "refresh"])
async def test_targets(kit: GlancesKit, action: str) -> None:
    """They are those of `update`, and so are the errors."""
    await kit.load(widget("iphone", text="x"), widget("ipad", text="x"))
    (item,) = await kit.act(action, entity_id="notify.ipad_glance")
    assert item["widget"] == "ipad"
    with pytest.raises(ServiceValidationError) as raised:
        await kit.act(action, entity_id="light.hall")
    assert raised.value.translation_key == "no_widget"


async def test_clear_of_a_field_that_does_not_exist(kit: GlancesKit) -> None:
    """It is refused, with the fields that there are, and nothing is cleared."""
    await kit.load(widget(text="x"))
    kit.pushed()
    with pytest.raises(ServiceValidationError, match="fields takes a list of these: title, text") as raised:
        await act(kit, "clear", fields=["body", "text"])
    assert raised.value.translation_key == "not_fields"
    kit.assert_nothing_pushed()


async def test_clear_of_a_value_over_the_time_of_day(kit: GlancesKit) -> None:
    """What comes back follows the clock, and is another value all the same."""
    await kit.load(widget(text="{{ now().hour }}", count="{{ now().hour }}"))
    await kit.tick(30 * MINUTE)
    assert (await kit.update(text="7", count=7))["status"] == "sent"
    await kit.tick(30 * MINUTE)
    kit.assert_pushed({"text": "12", "count": "12"}, {"text": "7", "count": "7"})
    await kit.act("clear", fields=["text", "count"])
    kit.assert_pushed({"text": "13", "count": "13"})
