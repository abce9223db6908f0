"""Addresses without Pushover: no such name, no TLS, a self-signed certificate, a reset at once."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiohttp.resolver import AsyncResolver
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_ON
from homeassistant.util import dt as dt_util
import pytest

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.content.texts import plain
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER, SECOND_USER

from . import addresses, test_widget_flow
from .fault_rows import BEGIN, UNANSWERED, UNREACHED, Expected, Row, unreached
from .kit import ROUNDING, SPACING, GlancesKit, widget
from .test_config_flow import enter, start
from .test_entities import state
from .test_faults import left, outcome, warnings

type Address = Callable[[Path, bytearray], AbstractAsyncContextManager[str]]

# A connection gets five seconds, and the name of a host a moment of real time.
_SLOW = Row("address", None, UNREACHED, 5)


class _Resolver(AsyncResolver):
    async def real_close(self) -> None:
        """Close by the name that Home Assistant gives it."""
        await self.close()


@pytest.fixture(autouse=True)
async def _resolver(socket_enabled: None) -> AsyncGenerator[None]:
    """Look names up as Home Assistant does: the harness has a resolver of another loop."""
    with patch("homeassistant.helpers.aiohttp_client._async_make_resolver", return_value=_Resolver()):
        yield


async def update(kit: GlancesKit, text: str) -> tuple[str, timedelta]:
    """Return what the action answers, and how soon the update is due."""
    action = kit.hass.services.async_call(DOMAIN, "update", {"text": text}, blocking=True, return_response=True)
    response: Any = await outcome(kit, _SLOW, action)
    (item,) = response["widgets"]
    return item["status"], datetime.fromisoformat(item["due"]) - dt_util.utcnow()


def error(kit: GlancesKit) -> str:
    """Return what the problem of the widget says."""
    problem = kit.hass.states.get("binary_sensor.iphone_glance_problem")
    assert problem is not None
    return str(problem.attributes["error"])


@pytest.mark.parametrize(
    "case",
    [
        pytest.param((addresses.nowhere, unreached("its host name cannot be resolved")), id="no-such-name"),
        pytest.param(
            (addresses.self_signed, unreached("its certificate is not valid (self-signed certificate)")),
            id="self-signed",
        ),
        pytest.param((addresses.no_tls, unreached("no secure connection can be made")), id="no-tls"),
        pytest.param((addresses.silent, unreached("the connection timed out")), id="silent"),
        pytest.param(
            (addresses.reset_greeting, unreached("the connection failed (Connection reset by peer)")),
            id="reset-greeting",
        ),
        pytest.param((addresses.reset, UNANSWERED), id="reset"),
    ],
)
async def test_address(
    kit: GlancesKit,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    case: tuple[Address, Expected],
) -> None:
    """A new account is not set up; an old one queues, tries again ever later, and sends when Pushover is there."""
    address, expected = case
    cause = expected.log.rpartition(": ")[2]
    received = bytearray()
    entry = await kit.load(widget())
    await kit.tick(BEGIN)
    stranger = kit.account(user_key="u" * 30)
    with monkeypatch.context() as patched:
        async with address(tmp_path, received) as url:
            patched.setattr("custom_components.pushover_glances.api.API_URL", url)
            await outcome(kit, _SLOW, kit.hass.config_entries.async_setup(stranger.entry_id))
            assert (stranger.state, stranger.error_reason_translation_key) == expected.at_setup
            assert (stranger.reason or "").endswith(cause)
            await kit.hass.config_entries.async_remove(stranger.entry_id)
            caplog.clear()
            await outcome(kit, _SLOW, kit.hass.config_entries.async_reload(entry.entry_id))
            assert entry.state is ConfigEntryState.LOADED
            before = left(kit)
            status, due = await update(kit, "y")
            longest = timedelta(seconds=SPACING if expected.counted else 5)
            assert (status, longest / 2 < due <= longest) == ("queued", True)
            assert state(kit, "sensor.iphone_glance_status") == "outage"
            assert state(kit, "binary_sensor.iphone_glance_problem") == STATE_ON
            assert before - left(kit) == expected.counted
            assert warnings(caplog) == [expected.log]
            assert error(kit).endswith(cause)
    assert EXAMPLE_TOKEN.encode() not in received
    assert EXAMPLE_USER.encode() not in received
    kit.assert_nothing_pushed()
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.tick(due.total_seconds() + ROUNDING)
    kit.assert_pushed({"text": "y"})


async def test_forms(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """They say why there is no connection: that of an account in its error, that of a widget at its end."""
    cause = "its host name cannot be resolved"
    entry = await kit.load()
    # While it is loaded, the devices that it knows would do.
    await kit.hass.config_entries.async_unload(entry.entry_id)
    async with addresses.nowhere(tmp_path, bytearray()) as url:
        monkeypatch.setattr("custom_components.pushover_glances.api.API_URL", url)
        form = await enter(kit.hass, await start(kit.hass), user_key=SECOND_USER)
        assert form["errors"] == {"base": "cannot_connect"}
        assert form["description_placeholders"]["error"] == cause
        form = await test_widget_flow.start(kit, entry)
        assert form["reason"] == "cannot_connect"
        assert form["description_placeholders"]["error"] == plain(cause)
