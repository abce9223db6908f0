"""The two calls of Pushover's API, answered as documented and recorded.

Texts marked [documented] stand on pushover.net/api/glances, [recorded] in the test data or issues of public
clients. No recording of a refused glance field exists; those texts are this emulator's own.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from aiohttp import web

from .world import Application, Call, User, World

# The fields of a glance by their limits [documented]. They stand here again, and are not the integration's table:
# what is wrong there has to be refused here.
_TEXTS = {"title": 100, "text": 100, "subtext": 100}
_NUMBERS = {"count": None, "percent": range(101)}
_INVALID_TOKEN = "application token is invalid"  # [documented]
_INVALID_USER = "user identifier is not a valid user, group, or subscribed user key"  # [recorded]
_NO_DEVICES = "user is valid but has no active devices"  # [recorded]
_NO_RECEIVER = "no active devices to send to"  # [recorded] of messages


class RefusedError(Exception):
    """A request that Pushover answers with status 400."""

    def __init__(self, error: str, **named: Any) -> None:
        """Keep Pushover's words, and the parameters that the answer names."""
        super().__init__(error)
        self.error = error
        self.named = named


class Api:
    """Handles requests against a world of accounts."""

    def __init__(self, world: World) -> None:
        """Keep the world."""
        self.world = world

    async def glances(self, request: web.Request) -> web.Response:
        """POST /1/glances.json."""
        return await self._answer(request, self._update)

    async def validate(self, request: web.Request) -> web.Response:
        """POST /1/users/validate.json."""
        return await self._answer(request, self._validate)

    async def _answer(self, request: web.Request, handle: Any) -> web.Response:
        parameters = await read_parameters(request)
        status, body = HTTPStatus.OK, {}
        try:
            self._check_token(parameters)
            body = handle(parameters)
        except RefusedError as refused:
            status = HTTPStatus.BAD_REQUEST
            body = {**refused.named, "errors": [refused.error]}
        body = {
            **body,
            "status": 1 if status is HTTPStatus.OK else 0,
            "request": str(uuid4()),
        }
        self.world.calls.append(Call(self.world.clock(), request.path, parameters, status.value))
        headers = self._limit_headers(self.world.applications.get(parameters.get("token", "")))
        return web.json_response(body, status=status, headers=headers)

    def _check_token(self, parameters: dict[str, str]) -> None:
        if parameters.get("token", "") not in self.world.applications:
            raise RefusedError(_INVALID_TOKEN, token="invalid")

    def _user(self, parameters: dict[str, str]) -> User:
        try:
            user = self.world.users[parameters.get("user", "")]
        except KeyError:
            raise RefusedError(_INVALID_USER, user="invalid") from None
        if not user.devices and not user.is_group:
            raise RefusedError(_NO_DEVICES)
        return user

    def _update(self, parameters: dict[str, str]) -> dict[str, Any]:
        user = self._user(parameters)
        values = dict(_fields(parameters))
        if not values:
            raise RefusedError("at least one glance field must be supplied")
        now = self.world.clock()
        receivers = [device for device in user.addressed(parameters.get("device", "")) if device.is_active]
        for device in receivers:
            device.receive(values, now)
        return {} if receivers or user.is_group else {"info": _NO_RECEIVER}

    def _validate(self, parameters: dict[str, str]) -> dict[str, Any]:
        user = self._user(parameters)
        return {
            "group": int(user.is_group),
            "devices": list(user.devices),
            "licenses": ["iOS"] if user.devices else [],
        }

    def _limit_headers(self, application: Application | None) -> dict[str, str]:
        if application is None:
            return {}
        return {
            "X-Limit-App-Limit": str(application.limit),
            "X-Limit-App-Remaining": str(application.remaining),
            "X-Limit-App-Reset": str(int(self.world.next_reset().timestamp())),
        }


async def read_parameters(request: web.Request) -> dict[str, str]:
    """Return the parameters of a query, a form or a JSON body: clients use all three."""
    parameters = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            body = {}
        if isinstance(body, dict):
            parameters |= {key: "" if value is None else str(value) for key, value in body.items()}
    else:
        form = await request.post()
        parameters |= {key: value for key, value in form.items() if isinstance(value, str)}
    return parameters


def _fields(parameters: dict[str, str]) -> Iterator[tuple[str, str | int]]:
    """Yield the glance's fields, each checked; an empty one empties the field."""
    for name, limit in _TEXTS.items():
        if (text := parameters.get(name)) is not None:
            if len(text) > limit:
                raise RefusedError(f"{name} is longer than {limit} characters", **{name: "invalid"})
            yield name, text
    for name, allowed in _NUMBERS.items():
        if (text := parameters.get(name)) is not None:
            if not text:
                yield name, ""
                continue
            try:
                number = int(text)
            except ValueError:
                raise RefusedError(f"{name} must be an integer", **{name: "invalid"}) from None
            if allowed is not None and number not in allowed:
                raise RefusedError(f"{name} must be between {allowed[0]} and {allowed[-1]}", **{name: "invalid"})
            yield name, number
