"""The notify entity of a widget."""

from homeassistant.const import STATE_UNKNOWN
from homeassistant.exceptions import HomeAssistantError
import pytest

from emulator import Fault, Kind

from .kit import ROUNDING, SPACING, GlancesKit, widget

ENTITY = "notify.iphone_glance"


async def send(kit: GlancesKit, **data: str) -> None:
    """Call `notify.send_message`."""
    await kit.hass.services.async_call("notify", "send_message", {"entity_id": ENTITY, **data}, blocking=True)
    await kit.settle()


async def test_message_and_title(kit: GlancesKit) -> None:
    """The message is the text; a title that is not given stays as it is."""
    await kit.load(widget())
    await send(kit, message="Washing done", title="Laundry")
    await kit.tick(SPACING + ROUNDING)
    await send(kit, message="Dryer done")
    kit.assert_pushed({"title": "Laundry", "text": "Washing done"}, {"title": "Laundry", "text": "Dryer done"})
    state = kit.hass.states.get(ENTITY)
    assert state is not None
    assert state.state.startswith("2026-11-23T12:20")


async def test_long_message_ends_in_an_ellipsis(kit: GlancesKit) -> None:
    """A message that is too long for the field is cut."""
    await kit.load(widget())
    await send(kit, message="a" * 120, title="b" * 101)
    kit.assert_pushed({"title": "b" * 99 + "…", "text": "a" * 99 + "…"})


async def test_message_that_waits_is_no_error(kit: GlancesKit) -> None:
    """A message within the spacing goes later."""
    await kit.load(widget())
    await send(kit, message="one")
    await send(kit, message="two")
    kit.assert_pushed({"text": "one"})
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "two"})


async def test_refused_message(kit: GlancesKit) -> None:
    """The caller gets Pushover's error, and the entity does not show that a message was sent."""
    await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.STATUS, status=400, body='{"status":0,"errors":["no widget there"]}'))
    with pytest.raises(HomeAssistantError, match="no widget there"):
        await send(kit, message="x")
    state = kit.hass.states.get(ENTITY)
    assert state is not None
    assert state.state == STATE_UNKNOWN
