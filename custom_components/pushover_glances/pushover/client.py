"""An async client for the two calls of Pushover's API that glances need.

It sends each request once and follows no redirect. The planner decides when to try again.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
import json
from typing import Any, override

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
)
from yarl import URL

from .connection import connection_error
from .errors import (
    AuthenticationError,
    BadAnswerError,
    NoAnswerError,
    NoDevicesError,
    PushoverError,
    RateLimitedError,
    RejectedError,
    ServerError,
)
from .glance import Glance
from .words import one_line, redactor

API_URL = "https://api.pushover.net/"

# An action must answer within ten seconds (aiohttp rounds a total up to whole seconds).
REQUEST_TIMEOUT = timedelta(seconds=9)
_TIMEOUT = ClientTimeout(total=REQUEST_TIMEOUT.total_seconds(), connect=5)
# Pushover's answers are shorter than a kilobyte; a longer one comes from something else.
_ANSWER_LIMIT = 64 * 1024
_NO_DEVICES = "user is valid but has no active devices"
# What Pushover adds to the answer of an update that it accepted, and that nothing shows.
_NO_RECEIVER = "no active devices to send to"
# Four times the longest name that was seen; a longer one does not fit into an entity id.
_NAME_LIMIT = 100
# Enough for a request, which has five fields, a device and two keys that can be wrong.
_MOST_ERRORS = 10
# Pushover allows two connections at a time (https://pushover.net/api#friendly).
MOST_CONNECTIONS = 2
_HTTP_OK = 200
_HTTP_SUCCESS = range(200, 300)
_HTTP_BAD_REQUEST = 400
_HTTP_TOO_MANY_REQUESTS = 429
_HTTP_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Accepted:
    """Pushover accepted an update; `request` is the id that its support asks for.

    `has_receiver` is not set if Pushover says that there is no active device to send it to.
    """

    request: str
    has_receiver: bool = True


@dataclass(frozen=True, slots=True)
class User:
    """The user or group that a key belongs to; a group has no devices, and a user may have none yet."""

    devices: tuple[str, ...]
    is_group: bool = False


class Connections:
    """The connections that may be open at a time, for all accounts together.

    Each call of a client needs one.
    """

    def __init__(self) -> None:
        """Begin with all free."""
        self._free = MOST_CONNECTIONS
        self._waiting: list[Callable[[], None]] = []

    def take(self, when_free: Callable[[], None]) -> bool:
        """Take a connection if one is free; otherwise `when_free` will be called when it is worth another try."""
        if not self._free:
            if when_free not in self._waiting:
                self._waiting.append(when_free)
            return False
        self._free -= 1
        return True

    def has_waiting(self, when_free: Callable[[], None]) -> bool:
        """Return whether this will be called when a connection is free."""
        return when_free in self._waiting

    def give_back(self) -> None:
        """Give a connection back, and call everything that waits for one, the longest first."""
        self._free += 1
        waiting, self._waiting = self._waiting, []
        for when_free in waiting:
            when_free()

    async def __aenter__(self) -> None:
        """Wait for a connection, and take it."""
        is_free = asyncio.Event()
        while not self.take(is_free.set):
            await is_free.wait()
            is_free.clear()

    async def __aexit__(self, *_error: object) -> None:
        """Give the connection back."""
        self.give_back()


class PushoverClient:
    """A client for one application and one user.

    Every call raises a PushoverError if Pushover did not accept it. The text of the error never contains the token or
    the user key.
    """

    def __init__(self, session: ClientSession, token: str, user_key: str, base_url: str = API_URL) -> None:
        """Store the session, which the caller closes."""
        self._session = session
        self._token = token
        self._user_key = user_key
        self._redact = redactor(token, user_key)
        self._base_url = URL(base_url)

    @override
    def __repr__(self) -> str:
        """Return the host without a secret."""
        return f"<{type(self).__name__} {self._base_url.host}>"

    async def update_glance(self, glance: Glance, device: str = "") -> Accepted:
        """Show a glance on a device, or on all devices of the user if none is named."""
        data = {field.value: str(value) for field, value in glance.values.items()}
        answer = await self._post("1/glances.json", {**data, "device": device} if device else data)
        info = answer.body.get("info")
        is_lost = isinstance(info, str) and _NO_RECEIVER in info.casefold()
        return Accepted(answer.request or "", has_receiver=not is_lost)

    async def validate_user(self) -> User:
        """Check the token and the user key, and return the user's devices."""
        try:
            answer = await self._post("1/users/validate.json", {})
        except NoDevicesError:
            return User(devices=())
        is_group, devices = answer.body.get("group") == 1, answer.body.get("devices")
        if not is_group and not (isinstance(devices, list) and all(isinstance(name, str) for name in devices)):
            # Taken as a user without devices, it would hold all widgets.
            raise BadAnswerError(_HTTP_OK, is_answer=True)
        return User(tuple(self._device_names(answer)), is_group)

    async def _post(self, path: str, data: dict[str, str]) -> _Answer:
        """Send one request and return the answer to a success; everything else raises.

        Causes that may contain a secret are dropped: aiohttp's errors quote the answer.
        """
        try:
            async with self._session.post(
                self._base_url.joinpath(path),
                timeout=_TIMEOUT,
                allow_redirects=False,
                data={"token": self._token, "user": self._user_key, **data},
            ) as response:
                answer = await self._read(response)
        except (ConnectionTimeoutError, ClientConnectorError) as err:
            raise connection_error(err) from err
        except (TimeoutError, ClientError) as err:
            raise NoAnswerError from (err if isinstance(err, OSError) else None)
        if response.status != _HTTP_OK or not answer.success:
            raise answer.as_error()
        return answer

    async def _read(self, response: ClientResponse) -> _Answer:
        """Read an answer, the status before the body: the body of a recorded 429 called a valid token invalid."""
        status = response.status
        if status == _HTTP_TOO_MANY_REQUESTS:
            raise RateLimitedError(_reset_time(response.headers.get("X-Limit-App-Reset")))
        if status >= _HTTP_SERVER_ERROR:
            raise ServerError(status)
        if status not in (_HTTP_OK, _HTTP_BAD_REQUEST):
            raise BadAnswerError(status, is_answer=status in _HTTP_SUCCESS)
        raw = bytearray()
        async for chunk in response.content.iter_any():
            raw += chunk
            if len(raw) > _ANSWER_LIMIT:
                raise BadAnswerError(status, is_answer=True)
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError) as err:
            raise BadAnswerError(status, is_answer=True) from err
        if not isinstance(body, dict) or body.get("status") not in (0, 1):
            raise BadAnswerError(status, is_answer=True)
        return _Answer(body, self._clean)

    def _clean(self, text: str) -> str:
        """Return Pushover's words on one line, without the secrets in case it repeats them."""
        return one_line(self._redact(text))

    def _device_names(self, answer: _Answer) -> Iterator[str]:
        """Yield the valid device names, each once.

        A name is written to files, entity ids and logs, and sent back to Pushover, so an invalid one cannot be
        repaired.
        """
        listed = answer.body.get("devices")
        for name in dict.fromkeys(
            item for item in (listed if isinstance(listed, list) else []) if isinstance(item, str)
        ):
            if len(name) <= _NAME_LIMIT and any(map(str.isalnum, name)) and self._clean(name) == name:
                yield name


class _Answer:
    """The JSON object of an answer, whose values may be of any type."""

    def __init__(self, body: dict[str, Any], clean: Callable[[str], str]) -> None:
        self.body = body
        self._clean = clean
        self.success = body["status"] == 1
        request = body.get("request")
        self.request: str | None = clean(request) if isinstance(request, str) else None

    def as_error(self) -> PushoverError:
        """Return the error that the answer stands for: invalid credentials, or anything else that Pushover refuses."""
        listed = self.body.get("errors")
        texts = (text for text in (listed if isinstance(listed, list) else []) if isinstance(text, str))
        errors = tuple(self._clean(text) for text in islice(texts, _MOST_ERRORS))
        has_devices = not any(_NO_DEVICES in text.casefold() for text in errors)
        if has_devices:
            if self.body.get("token") == "invalid":
                return AuthenticationError("token")
            if self.body.get("user") == "invalid":
                return AuthenticationError("user")
        parameters = {
            self._clean(key): self._clean(value)
            for key, value in self.body.items()
            if isinstance(value, str) and key != "request"
        }
        return (RejectedError if has_devices else NoDevicesError)(errors, parameters, self.request)


def _reset_time(header: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(header or ""), UTC)
    except ValueError, OverflowError, OSError:
        return None
