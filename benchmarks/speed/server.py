"""The emulated Pushover in a process of its own, so that its work is not measured."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path
import ssl

from devtools.certificates import server_context
from emulator import Emulator
from emulator.world import Application, User, World

TOKEN = "a" * 30
DEVICES = 100
USERS = 8
# The number of one more user, who has one device, as most people do.
ONE_DEVICE = USERS


def user_key(number: int) -> str:
    """Return the key of a user."""
    return f"u{number:029}"


def device(number: int) -> str:
    """Return the name of a device, the same for every user."""
    return f"device{number}"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request for a glance: when it had been read, in seconds of the machine's clock, and its text."""

    at: float
    text: str


class Pushover:
    """Talks to the process."""

    def __init__(self, connection: Connection) -> None:
        """Wait until it listens."""
        self._connection = connection
        self.url: str = connection.recv()

    def arrivals(self) -> list[Arrival]:
        """Return what has arrived since the last look."""
        self._connection.send("arrivals")
        return [Arrival(at, text) for at, text in self._connection.recv()]

    def connections(self) -> int:
        """Return how many connections are open."""
        self._connection.send("connections")
        number: int = self._connection.recv()
        return number

    def number(self) -> int:
        """Return how many glances have arrived since `arrivals` was asked for."""
        self._connection.send("number")
        number: int = self._connection.recv()
        return number


@contextmanager
def pushover(secured: Path | None, *, keeps_alive: bool = True) -> Generator[Pushover]:
    """Run an emulated Pushover with some users who have many devices; `secured` is a folder for what TLS needs.

    `keeps_alive` tells whether a connection stays for the next request: between two updates of a widget, real time is
    too long for that.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_run, args=(there, secured, keeps_alive), daemon=True)
    process.start()
    there.close()
    try:
        yield Pushover(here)
    finally:
        here.close()
        process.join(timeout=5)
        process.kill()


def _run(connection: Connection, secured: Path | None, keeps_alive: bool) -> None:  # noqa: FBT001
    tls = None if secured is None else server_context(secured, "127.0.0.1", days=3650)
    asyncio.run(_serve(connection, tls, keeps_alive=keeps_alive))


async def _serve(connection: Connection, tls: ssl.SSLContext | None, *, keeps_alive: bool) -> None:
    world = World()
    devices = [device(number) for number in range(DEVICES)]
    world.add(Application(TOKEN), *(User.with_devices(user_key(number), *devices) for number in range(USERS)))
    world.add(User.with_devices(user_key(ONE_DEVICE), device(0)))
    async with Emulator(world, tls=tls, keeps_alive=keeps_alive) as emulator:
        connection.send(emulator.url)
        ended = asyncio.Event()

        def answer() -> None:
            try:
                question = connection.recv()
            except EOFError:
                asyncio.get_running_loop().remove_reader(connection.fileno())
                ended.set()
                return
            if question == "connections":
                connection.send(emulator.connections)
                return
            glances = [call for call in world.calls if call.path == "/1/glances.json"]
            if question == "number":
                connection.send(len(glances))
                return
            connection.send([(call.time.timestamp(), call.parameters.get("text", "")) for call in glances])
            world.calls.clear()
            for user in world.users.values():
                for item in user.devices.values():
                    item.updates.clear()

        asyncio.get_running_loop().add_reader(connection.fileno(), answer)
        await ended.wait()
