"""Whatever is handed to an action: it is taken or refused in words, and Pushover gets what it accepts."""

import logging
from typing import Any

from homeassistant.exceptions import ConfigEntryError, HomeAssistantError
from homeassistant.helpers.json import json_bytes
from hypothesis import example, given, strategies as st
import pytest
import voluptuous as vol

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.pushover import Field
from tests.examples import searching
from tests.hostile import texts, values

from .kit import SPACING, GlancesKit, widget

_FIELDS = (*Field, "urgent", "duration", "fields")
_TARGETS = ("entity_id", "device_id", "area_id", "floor_id", "label_id")
# Of a target, Home Assistant's own check takes nothing but texts and lists.
_IDS = texts | st.lists(values, max_size=3)
_ENTITIES = st.sampled_from(("notify.iphone_glance", "all", "none", ["notify.iphone_glance", "notify.ipad_glance"]))
_DURATIONS = st.dictionaries(
    st.sampled_from(("days", "hours", "minutes", "seconds", "milliseconds")), values, max_size=2
)
_DATA = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(_FIELDS, values),
        **dict.fromkeys(_TARGETS, _IDS | _ENTITIES),
        "duration": values | _DURATIONS,
        "text": texts,
        "other": values,
    },
)
_ACTIONS = st.sampled_from(((DOMAIN, "update"), ("glances", "update"), (DOMAIN, "clear"), (DOMAIN, "refresh")))


def assert_nothing_unexpected(caplog: pytest.LogCaptureFixture) -> None:
    """See that the log has neither an error nor a traceback, but for Home Assistant's own of an account that is refused."""
    found = [item for item in caplog.records if item.exc_info or item.levelno >= logging.ERROR]
    # And but for asyncio's of a connection that the frozen clock has made old.
    expected = (ConfigEntryError, ConnectionError)
    found = [item for item in found if item.exc_info is None or not isinstance(item.exc_info[1], expected)]
    assert [(item.name, item.getMessage(), item.exc_info) for item in found] == []


@pytest.fixture
async def two_widgets(kit: GlancesKit) -> GlancesKit:
    """Return the kit with two widgets, of which one has sources."""
    await kit.load(widget(text="{{ 5 }}"), widget("ipad"))
    return kit


@searching(150)
@given(action=_ACTIONS, data=_DATA)
@example(action=(DOMAIN, "update"), data={"text": "x", "duration": {"days": 1e300}})
@example(action=(DOMAIN, "update"), data={"text": "x", "duration": float("inf")})
async def test_any_data(
    two_widgets: GlancesKit, caplog: pytest.LogCaptureFixture, action: tuple[str, str], data: dict[str, Any]
) -> None:
    """What does not fit is refused, and what is answered can be shown."""
    caplog.clear()
    two_widgets.freezer.tick(SPACING)
    try:
        answer = await two_widgets.hass.services.async_call(*action, data, blocking=True, return_response=True)
    except (HomeAssistantError, vol.Invalid) as err:
        str(err).encode()
    else:
        json_bytes(answer)
    assert {call.status for call in two_widgets.emulator.calls} == {200}
    assert_nothing_unexpected(caplog)


@searching(100)
@given(message=values | texts, title=values | texts)
async def test_any_message(two_widgets: GlancesKit, caplog: pytest.LogCaptureFixture, message: Any, title: Any) -> None:
    """The same for messages."""
    caplog.clear()
    two_widgets.freezer.tick(SPACING)
    data = {"entity_id": "notify.iphone_glance", "message": message, "title": title}
    try:
        await two_widgets.hass.services.async_call("notify", "send_message", data, blocking=True)
    except (HomeAssistantError, vol.Invalid) as err:
        str(err).encode()
    assert {call.status for call in two_widgets.emulator.calls} == {200}
    assert_nothing_unexpected(caplog)
