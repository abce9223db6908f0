"""The emulator's two listeners: Pushover itself, and the page and controls that outlive its outages."""

import asyncio
from collections import Counter
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
import ssl
from typing import Self, override

from aiohttp import web
from aiohttp.typedefs import Handler

from .api import Api, read_parameters
from .faults import BEFORE_THE_REQUEST, Fault, Kind
from .world import Call, World, example_world

_PAGE = Path(__file__).with_name("page.html")
_LOOPBACK = "127.0.0.1"


class Emulator:
    """Serves a world of accounts on loopback; port 0 picks a free one.

    Raises OSError when a port is taken.
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        port: int = 0,
        control_port: int = 0,
        tls: ssl.SSLContext | None = None,
        keeps_alive: bool = True,
    ) -> None:
        """Take the world to serve, by default the example of `example_world`; `tls` is what Pushover is served with.

        `keeps_alive` tells whether a connection to Pushover stays for the next request.
        """
        self.world = world or example_world()
        self.faults: list[Fault] = []
        # The requests that have no answer yet, by path, and the most that there were at a time.
        self.open: Counter[str] = Counter()
        self.most_open: Counter[str] = Counter()
        self.port = port
        self.control_port = control_port
        self._tls = tls
        self._keeps_alive = keeps_alive
        self._api = Api(self.world)
        self._pushover: web.AppRunner | None = None
        self._control: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Open both listeners."""
        self.control_port, self._control = await _listen(self._control_app(), self.control_port)
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close both listeners."""
        await self.stop()
        if self._control is not None:
            await self._control.cleanup()
            self._control = None

    @property
    def url(self) -> str:
        """The base URL that a client takes for Pushover's."""
        return f"http{'' if self._tls is None else 's'}://{_LOOPBACK}:{self.port}/"

    @property
    def control_url(self) -> str:
        """The base URL of the page and the controls."""
        return f"http://{_LOOPBACK}:{self.control_port}/"

    @property
    def connections(self) -> int:
        """Count the connections that are open to Pushover."""
        server = self._pushover.server if self._pushover is not None else None
        return len(server.connections) if server is not None else 0

    @property
    def calls(self) -> list[Call]:
        """Every request so far, refused and spoilt ones included."""
        return self.world.calls

    @property
    def glances(self) -> list[dict[str, str]]:
        """What the accepted updates carried, without the secrets."""
        return [
            {key: value for key, value in call.parameters.items() if key not in ("token", "user")}
            for call in self.calls
            if call.path == "/1/glances.json" and call.status == HTTPStatus.OK
        ]

    async def start(self) -> None:
        """Listen as Pushover, on the same port as before."""
        if self._pushover is None:
            self.port, self._pushover = await _listen(self._pushover_app(), self.port, self._tls)

    async def stop(self) -> None:
        """Refuse connections, and cut those that are open."""
        if self._pushover is not None:
            await self._pushover.cleanup()
            self._pushover = None

    def _pushover_app(self) -> web.Application:
        middlewares = [self._count, self._spoil]
        app = web.Application(middlewares=middlewares if self._keeps_alive else [_close, *middlewares])
        app.router.add_post("/1/glances.json", self._api.glances)
        app.router.add_post("/1/users/validate.json", self._api.validate)
        self._add_page(app)
        return app

    def _control_app(self) -> web.Application:
        app = web.Application()
        self._add_page(app)
        app.router.add_post("/control/fault", self._add_fault)
        app.router.add_delete("/control/fault", self._clear_faults)
        app.router.add_post("/control/stop", self._stop)
        app.router.add_post("/control/start", self._start)
        return app

    def _add_page(self, app: web.Application) -> None:
        app.router.add_get("/", self._page)
        app.router.add_get("/control/state", self._state)

    @web.middleware
    async def _count(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.open[request.path] += 1
        self.most_open[request.path] = max(self.most_open[request.path], self.open[request.path])
        try:
            return await handler(request)
        finally:
            self.open[request.path] -= 1

    @web.middleware
    async def _spoil(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = None
        if request.path.startswith("/1/"):
            fault = next((fault for fault in self.faults if fault.strikes(request.path)), None)
        if fault is None:
            return await handler(request)
        if fault.kind not in BEFORE_THE_REQUEST:
            answer = await handler(request)
            assert isinstance(answer, web.Response)
            self.calls[-1] = replace(self.calls[-1], fault=fault.kind)
            return await fault.spoil(request, answer, self.world)
        parameters = {} if fault.kind is Kind.RESET_UNREAD else await read_parameters(request)
        call = Call(self.world.clock(), request.path, parameters, fault.recorded_status, fault.kind)
        self.calls.append(call)
        return await fault.spoil(request, None, self.world)

    async def _page(self, _request: web.Request) -> web.Response:
        text = await asyncio.to_thread(_PAGE.read_text, encoding="utf-8")
        return web.Response(text=text, content_type="text/html")

    async def _state(self, _request: web.Request) -> web.Response:
        return web.json_response({"listening": self._pushover is not None, **self.world.as_dict()})

    async def _add_fault(self, request: web.Request) -> web.Response:
        try:
            fault = Fault.from_dict(await request.json())
        except (TypeError, ValueError) as err:
            raise web.HTTPBadRequest(text=str(err)) from err
        self.faults.append(fault)
        return web.json_response({})

    async def _clear_faults(self, _request: web.Request) -> web.Response:
        self.faults.clear()
        return web.json_response({})

    async def _stop(self, _request: web.Request) -> web.Response:
        await self.stop()
        return web.json_response({})

    async def _start(self, _request: web.Request) -> web.Response:
        await self.start()
        return web.json_response({})


class _Runner(web.AppRunner):
    """A runner that cuts open connections at once when it stops, as an outage does."""

    @override
    async def shutdown(self) -> None:
        if self.server is not None:
            for connection in self.server.connections:
                connection.force_close()
                if connection.transport is not None:
                    connection.transport.abort()
        await super().shutdown()


@web.middleware
async def _close(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let the client know that the connection ends with the answer."""
    answer = await handler(request)
    answer.force_close()
    return answer


async def _listen(app: web.Application, port: int, tls: ssl.SSLContext | None = None) -> tuple[int, web.AppRunner]:
    # A client that hangs up must not leave its handler behind, asleep in a fault.
    runner = _Runner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, _LOOPBACK, port, reuse_address=True, ssl_context=tls).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner.addresses[0][1], runner
