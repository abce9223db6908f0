"""Runs the emulator until it is interrupted: `python -m emulator`."""

import argparse
import asyncio
from contextlib import suppress
import signal

from .server import Emulator
from .world import Application, User, World, example_world


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="emulator", description="A Pushover on loopback.")
    parser.add_argument("--port", type=int, default=0, help="port of the API (default: a free one)")
    parser.add_argument(
        "--control-port",
        type=int,
        default=0,
        help="port of the page and the controls (default: a free one)",
    )
    parser.add_argument(
        "--application",
        action="append",
        default=[],
        metavar="TOKEN",
        help="an application, instead of the examples; may be repeated",
    )
    parser.add_argument(
        "--user",
        action="append",
        default=[],
        metavar="KEY:DEVICE,DEVICE",
        help="a user and the devices, instead of the examples; may be repeated",
    )
    return parser.parse_args()


def _world(arguments: argparse.Namespace) -> World:
    world = example_world()
    if arguments.application:
        world.applications.clear()
        world.add(*(Application(token) for token in arguments.application))
    if arguments.user:
        world.users.clear()
        for text in arguments.user:
            key, _, devices = text.partition(":")
            world.add(User.with_devices(key, *filter(None, devices.split(","))))
    return world


async def _serve(arguments: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with Emulator(_world(arguments), port=arguments.port, control_port=arguments.control_port) as emulator:
        print(f"Pushover's API  {emulator.url}", flush=True)
        print(f"Watch faces     {emulator.control_url}", flush=True)
        for token in emulator.world.applications:
            print(f"  application {token}")
        for user in emulator.world.users.values():
            kind = "group" if user.is_group else "user"
            print(f"  {kind} {user.key}: {', '.join(user.devices) or 'no device'}", flush=True)
        await stopped.wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(_arguments()))
