"""The token goes to Pushover's own host, over TLS that is verified, and nowhere else."""

from contextlib import nullcontext
from pathlib import Path
import ssl

from homeassistant.config_entries import ConfigEntryState
import pytest
from yarl import URL

from custom_components.pushover_glances.api import create_client
from custom_components.pushover_glances.pushover import (
    API_URL,
    BadAnswerError,
    CannotConnectError,
    Field,
    Glance,
    PushoverClient,
)
from devtools.certificates import server_context, trusting, trusting_context
from emulator import Emulator, Fault, Kind
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER
from tests.listening import HOST, listening

from .kit import GlancesKit, widget

_KEYS = {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER}


def client_of(kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, url: str) -> PushoverClient:
    """Return the integration's own client, pointed at another address."""
    monkeypatch.setattr("custom_components.pushover_glances.api.API_URL", url)
    return create_client(kit.hass, _KEYS)


def test_address() -> None:
    """It is Pushover's, over TLS, and has neither a port nor a user of its own."""
    url = URL(API_URL)
    assert (url.scheme, url.host, url.port, url.user, url.path) == ("https", "api.pushover.net", 443, None, "/")


async def test_installed_integration_uses_that_address(
    kit: GlancesKit, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the tests point elsewhere is that address otherwise."""
    monkeypatch.undo()
    assert repr(create_client(kit.hass, _KEYS)) == "<PushoverClient api.pushover.net>"


@pytest.mark.parametrize(
    ("name", "days"),
    [
        pytest.param(HOST, 3650, id="unknown-authority"),
        pytest.param(HOST, -1, id="expired"),
        pytest.param("api.pushover.net", 3650, id="another-name"),
    ],
)
@pytest.mark.parametrize("trusted", [pytest.param(False, id="untrusted"), pytest.param(True, id="trusted")])
async def test_certificate(
    kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, days: int, *, trusted: bool
) -> None:
    """A server gets the request if its authority is trusted, and its certificate its own and of today; else no byte."""
    context = await kit.hass.async_add_executor_job(lambda: server_context(tmp_path, name, days=days))
    known = await kit.hass.async_add_executor_job(trusting_context, tmp_path)
    with trusting(known) if trusted else nullcontext():
        await _check_certificate(kit, monkeypatch, context, good=trusted and name == HOST and days > 0)


async def _check_certificate(
    kit: GlancesKit, monkeypatch: pytest.MonkeyPatch, context: ssl.SSLContext, *, good: bool
) -> None:
    async with listening(context) as heard:
        client = client_of(kit, monkeypatch, f"https://{HOST}:{heard.port}/")
        if good:
            assert (await client.update_glance(Glance.of({Field.TEXT: "x"}))).request == "r-1"
            assert EXAMPLE_TOKEN.encode() in heard.data
            return
        with pytest.raises(CannotConnectError):
            await client.update_glance(Glance.of({Field.TEXT: "x"}))
        entry = await kit.load(widget(text="x"))
        assert entry.state is ConfigEntryState.SETUP_RETRY
        assert bytes(heard.data) == b""


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect(kit: GlancesKit, emulator: Emulator, status: int) -> None:
    """No other host gets a request, however it is redirected."""
    async with Emulator() as other:
        client = create_client(kit.hass, _KEYS)
        for path in ("1/glances.json", "1/users/validate.json"):
            fault = Fault(Kind.STATUS, status=status, headers={"Location": f"{other.url}{path}"})
            emulator.faults.append(fault)
        with pytest.raises(BadAnswerError):
            await client.update_glance(Glance.of({Field.TEXT: "x"}))
        with pytest.raises(BadAnswerError):
            await client.validate_user()
        assert (len(emulator.calls), other.calls) == (2, [])
