"""A real Home Assistant in a process of its own, driven by REST and WebSocket only."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
import json
import os
from pathlib import Path
import shutil
import signal
import socket
import sys
import time
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout
from homeassistant.components.http.config import HTTP_STORAGE_SCHEMA

_ROOT = Path(__file__).resolve().parent.parent
# Selects the option of a widget's preview that ends its flow.
SAVE = {"next_step_id": "save"}
_LOOPBACK = "127.0.0.1"
# `hass` ends with this when it wants to be started again (homeassistant.const.RESTART_EXIT_CODE).
_RESTART = 100
_START_TIMEOUT = 180
_STOP_TIMEOUT = 60
_RECOVERY_MODE = "Activating recovery mode"
# The other steps would set up integrations that call the internet.
_ONBOARDED = ("core_config", "analytics", "integration")
_CLIENT_ID_PATH = "/"

USERNAME = "demo"
PASSWORD = "demo"


class HomeAssistantError(Exception):
    """Home Assistant did not start, or did not do what it was asked to."""


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def port_is_free(port: int) -> bool:
    """Tell whether nothing listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex((_LOOPBACK, port)) != 0


class HomeAssistantProcess:
    """Runs `hass` on a folder of its own, with this checkout's integration and an emulated Pushover."""

    def __init__(self, folder: Path, api_url: str, *, port: int = 0, package: Path | None = None) -> None:
        """Prepare the configuration in `folder`, which is kept as it is where it exists; with a package, if given."""
        self.folder = folder
        self.port = port or free_port()
        self.token = ""
        self.starts = 0
        self._api_url = api_url
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._session: ClientSession | None = None
        if not folder.exists():
            self._write_configuration(package)

    @property
    def url(self) -> str:
        """The address for a browser."""
        return f"http://{_LOOPBACK}:{self.port}"

    @property
    def log(self) -> str:
        """Everything that Home Assistant has printed, over all its starts."""
        return self._log_path.read_text(encoding="utf-8", errors="replace") if self._log_path.exists() else ""

    @property
    def _log_path(self) -> Path:
        return self.folder / "console.log"

    async def __aenter__(self) -> Self:
        """Start Home Assistant and wait until it runs."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop Home Assistant."""
        await self.stop()

    async def start(self) -> None:
        """Start, log in (creating the user at the first start), and wait until everything is set up."""
        if not port_is_free(self.port):
            raise HomeAssistantError(f"Port {self.port} is taken")
        await self._spawn()
        self._watch = asyncio.create_task(self._restart_on_demand())
        self._session = self._session or ClientSession(timeout=ClientTimeout(total=30))
        try:
            await self._until(self._answers, "answer")
            if not self.token:
                self.token = await self._onboard()
            await self.ready()
        except BaseException:
            await self.stop()
            raise

    async def ready(self) -> None:
        """Wait until everything is set up."""
        await self._until(self._runs, "finish starting")

    async def restart(self) -> None:
        """Let Home Assistant restart itself, and wait until everything is set up again."""
        starts = self.starts

        async def started_again() -> bool:
            return self.starts > starts

        # The answer rarely arrives: the connection is cut when Home Assistant stops.
        with suppress(ClientError):
            await self.call("homeassistant", "restart")
        await self._until(started_again, "restart")
        await self.ready()

    async def stop(self) -> None:
        """Let Home Assistant stop in order, and end it by force when it does not."""
        await self._end(signal.SIGTERM)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def kill(self) -> None:
        """End Home Assistant at once, as a power cut would."""
        await self._end(signal.SIGKILL)

    async def get(self, path: str) -> Any:
        """GET a path of the REST API."""
        return await self._rest("GET", path)

    async def post(self, path: str, data: dict[str, Any] | None = None) -> Any:
        """POST to a path of the REST API."""
        return await self._rest("POST", path, data or {})

    async def call(self, domain: str, action: str, *, respond: bool = False, **data: Any) -> Any:
        """Call an action; with `respond`, return its response."""
        answer = await self.post(f"/api/services/{domain}/{action}{'?return_response' if respond else ''}", data)
        return answer["service_response"] if respond else answer

    async def state(self, entity_id: str) -> str:
        """Return the state of an entity."""
        state: str = (await self.get(f"/api/states/{entity_id}"))["state"]
        return state

    async def flow(self, handler: str | list[str], *steps: dict[str, Any]) -> dict[str, Any]:
        """Go through a config flow (a subentry flow where the handler is a list) and return its last answer.

        Each step is the input of a form, or the option of a menu as `next_step_id`.
        """
        kind = "config_entries/subentries/flow" if isinstance(handler, list) else "config_entries/flow"
        answer: dict[str, Any] = await self.post(f"/api/config/{kind}", {"handler": handler})
        for step in steps:
            if answer["type"] not in ("form", "menu"):
                raise HomeAssistantError(f"The flow ended early: {answer}")
            answer = await self.post(f"/api/config/{kind}/{answer['flow_id']}", step)
        return answer

    @asynccontextmanager
    async def websocket(self) -> AsyncIterator[Callable[..., Any]]:
        """Open the WebSocket API; what is yielded sends one command and returns its result."""
        assert self._session is not None
        async with self._session.ws_connect(f"{self.url}/api/websocket", max_msg_size=0) as socket_:
            await socket_.receive_json()
            await socket_.send_json({"type": "auth", "access_token": self.token})
            if (answer := await socket_.receive_json())["type"] != "auth_ok":
                raise HomeAssistantError(f"WebSocket login failed: {answer}")
            number = 0

            async def command(kind: str, **data: Any) -> Any:
                nonlocal number
                number += 1
                await socket_.send_json({"id": number, "type": kind, **data})
                while (reply := await socket_.receive_json()).get("id") != number or reply["type"] != "result":
                    pass
                if not reply["success"]:
                    raise HomeAssistantError(f"{kind}: {reply['error']}")
                return reply["result"]

            yield command

    def _write_configuration(self, package: Path | None) -> None:
        (self.folder / ".storage").mkdir(parents=True)
        (self.folder / "custom_components").mkdir()
        (self.folder / "custom_components" / "pushover_glances").symlink_to(
            _ROOT / "custom_components" / "pushover_glances", target_is_directory=True
        )
        shutil.copy(_ROOT / "devtools" / "configuration.yaml", self.folder)
        (self.folder / "packages").mkdir()
        if package is not None:
            shutil.copy(package, self.folder / "packages")
        http = HTTP_STORAGE_SCHEMA({"server_host": [_LOOPBACK], "server_port": self.port})
        self._seed("http", 2, 2, {"stable": http, "pending": None, "yaml_migration_done": True})
        self._seed("onboarding", 4, 1, {"done": list(_ONBOARDED)})

    def _seed(self, key: str, version: int, minor_version: int, data: dict[str, Any]) -> None:
        text = json.dumps({"version": version, "minor_version": minor_version, "key": key, "data": data})
        (self.folder / ".storage" / key).write_text(text, encoding="utf-8")

    async def _spawn(self) -> None:
        self.starts += 1
        path = os.pathsep.join(str(folder) for folder in (_ROOT, _ROOT / "devtools" / "stubs"))
        with self._log_path.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "devtools.launch", str(self.folder), self._api_url, "--skip-pip"),
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": path},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def _restart_on_demand(self) -> None:
        """Start `hass` again when it ended to be restarted."""
        while self._process is not None and await self._process.wait() == _RESTART:
            await self._spawn()

    async def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if process is None:
            return
        for attempt in (number, signal.SIGKILL):
            if process.returncode is not None:
                return
            # The whole group, so that nothing that Home Assistant started outlives it.
            os.killpg(process.pid, attempt)
            try:
                async with asyncio.timeout(_STOP_TIMEOUT):
                    await process.wait()
            except TimeoutError:
                continue

    async def _until(self, ready: Callable[[], Any], what: str) -> None:
        deadline = time.monotonic() + _START_TIMEOUT
        while not await ready():
            if self._process is None or self._process.returncode not in (None, _RESTART):
                raise HomeAssistantError(f"Home Assistant ended before it would {what}:\n{self.log[-2000:]}")
            if _RECOVERY_MODE in self.log:
                raise HomeAssistantError(f"Home Assistant went into recovery mode:\n{self.log[-2000:]}")
            if time.monotonic() > deadline:
                raise HomeAssistantError(f"Home Assistant did not {what} in {_START_TIMEOUT} s")
            await asyncio.sleep(0.2)

    async def _answers(self) -> bool:
        assert self._session is not None
        try:
            async with self._session.get(f"{self.url}/manifest.json") as response:
                return response.status < HTTPStatus.INTERNAL_SERVER_ERROR
        except ClientError:
            return False

    async def _runs(self) -> bool:
        try:
            return bool((await self.get("/api/config"))["state"] == "RUNNING")
        except ClientError, HomeAssistantError:
            return False

    async def _onboard(self) -> str:
        """Create the user and return a token that outlives a restart."""
        user = {"name": "Demo", "username": USERNAME, "password": PASSWORD, "language": "en"}
        client_id = f"{self.url}{_CLIENT_ID_PATH}"
        code = (await self.post("/api/onboarding/users", {**user, "client_id": client_id}))["auth_code"]
        assert self._session is not None
        grant = {"grant_type": "authorization_code", "code": code, "client_id": client_id}
        async with self._session.post(f"{self.url}/auth/token", data=grant) as response:
            self.token = (await response.json())["access_token"]
        async with self.websocket() as command:
            token: str = await command("auth/long_lived_access_token", client_name="tests", lifespan=365)
            return token

    async def _rest(self, method: str, path: str, data: dict[str, Any] | None = None) -> Any:
        assert self._session is not None
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self._session.request(method, f"{self.url}{path}", json=data, headers=headers) as response:
            text = await response.text()
        if not response.ok:
            raise HomeAssistantError(f"{method} {path}: {response.status} {text[:500]}")
        return json.loads(text)
