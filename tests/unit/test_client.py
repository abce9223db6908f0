"""The client against the emulated Pushover, over loopback."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
import json
import logging
import threading
import traceback
from typing import Any
from unittest.mock import patch

from aiohttp import ClientSession, ClientTimeout, StreamReader
import pytest

from custom_components.pushover_glances.pushover import (
    AuthenticationError,
    BadAnswerError,
    CannotConnectError,
    Field,
    Glance,
    NoAnswerError,
    NoDevicesError,
    PushoverClient,
    PushoverError,
    RateLimitedError,
    RejectedError,
    ServerError,
    errors,
)
from custom_components.pushover_glances.pushover.client import _TIMEOUT
from emulator import Emulator, Fault, Kind
from emulator.bodies import LONG
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER, GROUP_KEY, NO_DEVICE_USER

_SMALL_STACK = 512 * 1024


@pytest.fixture
async def session(socket_enabled: None) -> AsyncGenerator[ClientSession]:
    """Return a session that is closed afterwards."""
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
def client(session: ClientSession, emulator: Emulator) -> PushoverClient:
    """Return a client with good credentials."""
    return PushoverClient(session, EXAMPLE_TOKEN, EXAMPLE_USER, emulator.url)


def answering(emulator: Emulator, status: int, body: Any, **headers: str) -> None:
    """Let the next request be answered with this."""
    text = body if isinstance(body, str) else json.dumps(body)
    emulator.faults.append(Fault(Kind.STATUS, status=status, body=text, headers=headers))


async def test_update(client: PushoverClient, emulator: Emulator) -> None:
    """An update reaches every device of the user, and a field keeps its value until it is overwritten."""
    accepted = await client.update_glance(
        Glance.of({Field.TITLE: "Garage", Field.TEXT: "Größe 🚗", Field.COUNT: 0, Field.PERCENT: 0})
    )
    assert len(accepted.request) == 36
    await client.update_glance(Glance.of({Field.TITLE: ""}), "ipad")
    devices = emulator.world.users[EXAMPLE_USER].devices
    assert devices["iphone"].shown == {"title": "Garage", "text": "Größe 🚗", "count": 0, "percent": 0}
    assert devices["ipad"].shown == {"title": "", "text": "Größe 🚗", "count": 0, "percent": 0}


async def test_validate(client: PushoverClient, session: ClientSession, emulator: Emulator) -> None:
    """Validation tells devices, groups, and users without devices."""
    user = await client.validate_user()
    assert (user.devices, user.is_group) == (("iphone", "ipad"), False)
    group = await PushoverClient(session, EXAMPLE_TOKEN, GROUP_KEY, emulator.url).validate_user()
    assert group.is_group
    nobody = await PushoverClient(session, EXAMPLE_TOKEN, NO_DEVICE_USER, emulator.url).validate_user()
    assert (nobody.devices, nobody.is_group) == ((), False)


async def test_rejection(client: PushoverClient, emulator: Emulator) -> None:
    """The error has Pushover's words, the parameter that was wrong, and the id of the request."""
    error, device = "device name is not valid for user", "invalid for this user"
    answering(emulator, 400, {"status": 0, "errors": [error], "device": device, "group": 0, "request": "r-1"})
    with pytest.raises(RejectedError) as raised:
        await client.update_glance(Glance.of({Field.TEXT: "x"}), "walkman")
    assert raised.value.errors == (error,)
    assert raised.value.parameters == {"device": device}
    assert raised.value.request == "r-1"


@pytest.mark.parametrize(
    ("token", "user_key", "parameter"),
    [
        pytest.param("x" * 30, EXAMPLE_USER, "token", id="token"),
        pytest.param(EXAMPLE_TOKEN, "x" * 30, "user", id="user"),
    ],
)
async def test_authentication(
    session: ClientSession, emulator: Emulator, token: str, user_key: str, parameter: str
) -> None:
    """The error names the parameter that is wrong."""
    client = PushoverClient(session, token, user_key, emulator.url)
    for call in (client.validate_user(), client.update_glance(Glance.of({Field.TEXT: "x"}))):
        with pytest.raises(AuthenticationError) as raised:
            await call
        assert raised.value.parameter == parameter


async def test_quota_used_up(client: PushoverClient, emulator: Emulator) -> None:
    """The recorded 429 calls the token invalid, and is none the less about the quota."""
    emulator.faults.append(Fault(Kind.RATE_LIMIT, reset=1_451_628_000))
    with pytest.raises(RateLimitedError) as raised:
        await client.update_glance(Glance.of({Field.TEXT: "x"}))
    assert raised.value.until == datetime(2016, 1, 1, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize("reset", ["", "soon", "9" * 30])
async def test_quota_without_an_end(client: PushoverClient, emulator: Emulator, reset: str) -> None:
    """A reset time that cannot be read is unknown."""
    answering(emulator, 429, "", **{"X-Limit-App-Reset": reset})
    with pytest.raises(RateLimitedError) as raised:
        await client.update_glance(Glance.of({Field.TEXT: "x"}))
    assert raised.value.until is None


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(500, "", ServerError, id="500"),
        pytest.param(503, {"status": 1}, ServerError, id="503-with-a-good-body"),
        pytest.param(200, {"status": 0, "errors": ["no"]}, RejectedError, id="200-status-0"),
        pytest.param(200, {"status": 0, "token": "invalid"}, AuthenticationError, id="200-token-invalid"),
        pytest.param(400, {"status": 0, "errors": "no"}, RejectedError, id="errors-is-a-text"),
        pytest.param(400, {"status": 0, "errors": [1, None]}, RejectedError, id="errors-of-numbers"),
        pytest.param(400, {"status": 0, "request": 5}, RejectedError, id="request-is-a-number"),
        pytest.param(400, {"status": 1}, RejectedError, id="400-status-1"),
        pytest.param(
            400,
            {"status": 0, "user": "invalid", "errors": ["user is valid but has no active devices"]},
            NoDevicesError,
            id="no-devices-is-not-about-the-key",
        ),
        pytest.param(
            400,
            {"status": 0, "user": "invalid", "errors": ["User is valid but has no active devices."]},
            NoDevicesError,
            id="no-devices-in-other-letters",
        ),
        pytest.param(200, {}, BadAnswerError, id="no-status"),
        pytest.param(200, {"status": "1"}, BadAnswerError, id="status-is-a-text"),
        pytest.param(200, [], BadAnswerError, id="a-list"),
        pytest.param(200, "null", BadAnswerError, id="null"),
        pytest.param(200, "", BadAnswerError, id="nothing"),
        pytest.param(200, "[" * 20_000, BadAnswerError, id="deep"),
        pytest.param(200, "<html>", BadAnswerError, id="html"),
        pytest.param(302, "", BadAnswerError, id="redirect"),
        pytest.param(404, "", BadAnswerError, id="404"),
        pytest.param(401, {"token": "invalid"}, BadAnswerError, id="401"),
    ],
)
async def test_answers(
    client: PushoverClient, emulator: Emulator, status: int, body: Any, kind: type[PushoverError]
) -> None:
    """Whatever is answered becomes one of the documented errors, and the next request works."""
    answering(emulator, status, body, Location=f"{emulator.url}1/users/validate.json")
    with pytest.raises(kind):
        await client.update_glance(Glance.of({Field.TEXT: "x"}))
    assert len(emulator.calls) == 1
    assert (await client.update_glance(Glance.of({Field.TEXT: "x"}))).request


def test_deep_answer_where_the_stack_is_small(socket_enabled: None) -> None:
    """Not every system leaves the room that reading it takes; it is a bad answer there as well."""
    raised: list[BaseException] = []

    async def ask() -> None:
        async with Emulator() as emulator, ClientSession() as session:
            answering(emulator, 200, "[" * 60_000)
            try:
                await PushoverClient(session, EXAMPLE_TOKEN, EXAMPLE_USER, emulator.url).update_glance(
                    Glance.of({Field.TEXT: "x"})
                )
            except BaseException as err:  # noqa: BLE001  # a thread would swallow it
                raised.append(err)

    before = threading.stack_size(_SMALL_STACK)
    try:
        thread = threading.Thread(target=lambda: asyncio.run(ask()))
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    assert [type(err) for err in raised] == [BadAnswerError]


@pytest.mark.parametrize("devices", ["iphone", None, ["iphone", None], [5], {}])
async def test_odd_devices(client: PushoverClient, emulator: Emulator, devices: Any) -> None:
    """A device list that is none is a bad answer, and not a user without devices; a group needs none."""
    answering(emulator, 200, {"status": 1, "devices": devices, "group": None})
    with pytest.raises(BadAnswerError):
        await client.validate_user()
    answering(emulator, 200, {"status": 1, "group": 1})
    assert (await client.validate_user()).is_group


@pytest.mark.parametrize("kind", [Kind.RESET_BEFORE, Kind.RESET_AFTER, Kind.CUT_BODY])
async def test_no_answer(client: PushoverClient, emulator: Emulator, kind: Kind) -> None:
    """When the request was sent and the answer is not complete, it may have arrived."""
    emulator.faults.append(Fault(kind))
    with pytest.raises(NoAnswerError):
        await client.update_glance(Glance.of({Field.TEXT: "x"}))


@pytest.mark.parametrize("kind", [Kind.HANG_BEFORE, Kind.HANG_AFTER, Kind.SLOW])
async def test_time_out(
    client: PushoverClient, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    """A request without an answer ends, and may have arrived."""
    monkeypatch.setattr("custom_components.pushover_glances.pushover.client._TIMEOUT", ClientTimeout(total=0.2))
    emulator.faults.append(Fault(kind, seconds=30))
    with pytest.raises(NoAnswerError):
        await client.update_glance(Glance.of({Field.TEXT: "x"}))


async def test_every_request_has_a_time_out_within_ten_seconds() -> None:
    """An action answers within ten seconds, and aiohttp rounds a total up to whole seconds."""
    assert _TIMEOUT.total is not None
    assert _TIMEOUT.connect is not None
    assert _TIMEOUT.connect < _TIMEOUT.total <= 9


async def test_cannot_connect(client: PushoverClient, emulator: Emulator) -> None:
    """A refused connection means that nothing left; afterwards it works again."""
    await emulator.stop()
    with pytest.raises(CannotConnectError):
        await client.update_glance(Glance.of({Field.TEXT: "x"}))
    await emulator.start()
    assert (await client.update_glance(Glance.of({Field.TEXT: "x"}))).request


@pytest.mark.parametrize("kind", [Kind.LONG, Kind.ENDLESS, Kind.DEFLATED])
async def test_answer_that_is_too_long(client: PushoverClient, emulator: Emulator, kind: Kind) -> None:
    """It is given up: neither collected beyond what a socket brings at once, nor unpacked, nor decoded."""
    emulator.faults.append(Fault(kind))
    taken = 0

    def feed(stream: StreamReader, data: bytes, *size: int) -> Any:
        nonlocal taken
        taken += len(data)
        return feed_data(stream, data, *size)

    feed_data = StreamReader.feed_data
    with patch.object(StreamReader, "feed_data", feed), patch("json.loads", wraps=json.loads) as decode:
        with pytest.raises(BadAnswerError):
            await client.update_glance(Glance.of({Field.TEXT: "x"}))
        decode.assert_not_called()
    assert 64 * 1024 < taken < LONG / 2


async def test_secrets_stay_secret(
    client: PushoverClient, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither texts nor logs show token or user key, even when Pushover repeats them."""
    caplog.set_level(logging.DEBUG)
    leak = f"{EXAMPLE_TOKEN} and {EXAMPLE_USER}"
    texts = [repr(client), str(client)]
    answering(emulator, 400, {"status": 0, "errors": [leak], "device": leak, "request": leak})
    with pytest.raises(RejectedError) as rejected:
        await client.update_glance(Glance.of({Field.TEXT: "x"}))
    texts += [str(rejected.value), repr(rejected.value), str(vars(rejected.value))]
    await emulator.stop()
    for call in (client.update_glance(Glance.of({Field.TEXT: "x"})), client.validate_user()):
        error: BaseException | None
        with pytest.raises(PushoverError) as raised:
            await call
        error = raised.value
        while error is not None:
            texts += [str(error), repr(error), str(vars(error))]
            error = error.__cause__
    for text in [*texts, caplog.text]:
        assert EXAMPLE_TOKEN not in text
        assert EXAMPLE_USER not in text


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("garbage\r\n\r\n", id="none"),
        pytest.param(f"HTTP/1.1 200 OK\r\nX: {'x' * 100_000}\r\n\r\n", id="long-header"),
        pytest.param(f"{EXAMPLE_TOKEN}\r\n\r\n", id="repeats-the-token"),
        pytest.param(f"HTTP/1.1 200 OK\r\n{EXAMPLE_USER}\r\n\r\n", id="repeats-the-user-key"),
        pytest.param(f"HTTP/1.1 200 OK\r\nContent-Length: {EXAMPLE_USER}\r\n\r\n", id="as-a-length"),
        pytest.param(f"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nX: {EXAMPLE_TOKEN}\r\n\r\n", id="cut"),
    ],
)
async def test_answers_that_are_no_http_keep_the_secrets(
    client: PushoverClient, emulator: Emulator, answer: str
) -> None:
    """The whole traceback of an error shows neither token nor user key, which aiohttp's own errors would."""
    for call in (client.update_glance(Glance.of({Field.TEXT: "x"})), client.validate_user()):
        emulator.faults.append(Fault(Kind.NOT_HTTP, body=answer))
        with pytest.raises(NoAnswerError) as raised:
            await call
        text = "".join(traceback.format_exception(raised.value))
        assert EXAMPLE_TOKEN not in text
        assert EXAMPLE_USER not in text


def test_one_tree_of_errors() -> None:
    """Every error is a PushoverError."""
    kinds = [item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, Exception)]
    assert len(kinds) == 10
    assert all(issubclass(kind, PushoverError) for kind in kinds)
