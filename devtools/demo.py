"""The demo: a garage door opens in Home Assistant, and the glance arrives at Pushover."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
import os
from pathlib import Path
import signal
import sys
import tempfile
import time

from devtools.example_home import start_example_home
from devtools.hass import PASSWORD, SAVE, USERNAME, HomeAssistantError, HomeAssistantProcess
from emulator import Emulator
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

_RUN_FOLDER = Path(__file__).resolve().parent.parent / ".run"
_DEVICE = "iphone"
_DOOR = "cover.garage_door"
# Urgent changes go that many seconds after the last update, instead of the usual 20 minutes.
_URGENT = 60
_PATIENCE = 30
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# What a shell reports for a command that was ended by Ctrl-C.
_INTERRUPTED = 130


class DemoError(Exception):
    """What the demo promises did not happen."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--ha", metavar="VERSION", help="version of Home Assistant; must be the first argument")
    parser.add_argument("--once", action="store_true", help="end by itself: 0 when the glance arrived, else 1")
    parser.add_argument("--port", type=int, default=0, help="port of Home Assistant (default: a free one)")
    parser.add_argument("--pushover-port", type=int, default=0, help="port of the emulated Pushover")
    parser.add_argument("--faces-port", type=int, default=0, help="port of the page with the watch faces")
    arguments = parser.parse_args()
    if arguments.ha is not None:
        # The script has already chosen the version.
        parser.error("--ha must be the first argument")
    return arguments


async def _eventually(happened: Callable[[], Awaitable[bool]], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not await happened():
        if time.monotonic() > deadline:
            raise DemoError(f"{what} within {seconds:.0f} s")
        await asyncio.sleep(0.2)


async def _shown(emulator: Emulator, text: str, seconds: float) -> None:
    """Wait for a glance with this text, and print it."""

    async def arrived() -> bool:
        return any(glance.get("text") == text for glance in emulator.glances)

    await _eventually(arrived, seconds, f"No glance with the text {text!r} arrived")
    glance = next(item for item in emulator.glances if item.get("text") == text)
    fields = ", ".join(f'{name} "{value}"' for name, value in glance.items() if name != "device")
    print(f"The watch shows: {fields}", flush=True)


async def _count_down(seconds: int) -> None:
    """Show on a terminal how many seconds are left."""
    if sys.stdout.isatty():
        for left in range(seconds, 0, -1):
            print(f"\r  {left} s left ", end="", flush=True)
            await asyncio.sleep(1)
        print("\r\033[K", end="", flush=True)


async def _play(home: HomeAssistantProcess, emulator: Emulator) -> None:
    account = await home.flow("pushover_glances", {"token": EXAMPLE_TOKEN, "user_key": EXAMPLE_USER})
    if account["type"] != "create_entry":
        raise DemoError(f"The account could not be added: {account}")
    print(f"Added the account {account['title']}. Pushover is emulated, so nothing is sent to it.")
    content = {"device": _DEVICE, "entities": [_DOOR]}
    widget = await home.flow([account["result"]["entry_id"], "widget"], content, SAVE)
    if widget["type"] != "create_entry":
        raise DemoError(f"The widget could not be added: {widget}")
    print(f"Added a widget that shows the garage door on the watch of {_DEVICE}.", flush=True)
    await _shown(emulator, "Garage door: Closed", _PATIENCE)
    print(f"""
  Watch faces     {emulator.control_url}
  Home Assistant  {home.url}  (user name: {USERNAME}, password: {PASSWORD})

Open these addresses in a browser. To stop the demo, press Ctrl-C.
""")

    await home.call("cover", "open_cover", entity_id=_DOOR)

    async def opened() -> bool:
        return await home.state(_DOOR) == "open"

    await _eventually(opened, _PATIENCE, "The door did not open")
    print(
        "The garage door has opened. It is urgent, so the watch gets it one minute after the last update.", flush=True
    )
    await _count_down(_URGENT)
    await _shown(emulator, "Garage door: Open", _URGENT + _PATIENCE)


async def _run(arguments: argparse.Namespace) -> None:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"demo-{os.getpid()}-", dir=_RUN_FOLDER)))
        emulator = await stack.enter_async_context(
            Emulator(port=arguments.pushover_port, control_port=arguments.faces_port)
        )
        print("Starting Home Assistant in an example home. This takes a few seconds ...", flush=True)
        home = await stack.enter_async_context(start_example_home(folder / "config", emulator.url, port=arguments.port))
        await _play(home, emulator)
        if not arguments.once:
            print(
                """
Try it yourself:
- On the dashboard of Home Assistant, close the garage door.
- Go to Settings > Devices & services > Pushover Glances, and select Add widget. Select the device ipad, and an entity
  such as the car, the washing machine, the weather or a calendar.

To stop the demo, press Ctrl-C. Nothing of it is kept.""",
                flush=True,
            )
            await asyncio.Event().wait()


async def _main() -> int:
    arguments = _arguments()
    _RUN_FOLDER.mkdir(exist_ok=True)
    loop = asyncio.get_running_loop()
    running = loop.create_task(_run(arguments))

    def stop() -> None:
        # Once only: a second Ctrl-C must not interrupt the tidying up.
        for number in _STOP_SIGNALS:
            loop.add_signal_handler(number, lambda: None)
        running.cancel()

    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, stop)
    try:
        await running
    except asyncio.CancelledError:
        print("Stopped.")
        return _INTERRUPTED if arguments.once else 0
    except (DemoError, HomeAssistantError, OSError) as err:
        print(f"The demo failed: {err}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_main()))
