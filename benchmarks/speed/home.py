"""A real Home Assistant inside this process, with the integration and the components that it is compared with."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
import json
import logging
from pathlib import Path
import socket
import tempfile
import time
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from homeassistant import bootstrap, loader
from homeassistant.components.http import HTTP_SCHEMA
from homeassistant.config_entries import ConfigEntries, ConfigEntry, ConfigSubentryData
from homeassistant.const import CONF_DEVICE, CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.setup import async_setup_component
from homeassistant.util.logging import async_activate_log_queue_handler

from custom_components.pushover_glances.const import CONF_USER_KEY, DOMAIN, SUBENTRY_TYPE_ALERT, SUBENTRY_TYPE_WIDGET
from devtools.certificates import trusting, trusting_context

from .clock import Loop, this_loop
from .server import TOKEN, Pushover, device, pushover, user_key

# What settles together has done so by then.
SETTLED = 6.0
# The next slot is open by then, whatever is left of the day's updates.
SLOT = 45 * 60.0
# Whatever is under way when a state has changed is done after so many turns of the loop.
_TURNS = 4
_SLICE = 0.02
_PATIENCE = 60.0

type Widget = dict[str, Any]


@dataclass
class Home:
    """Home Assistant, Pushover, and the time."""

    hass: HomeAssistant
    pushover: Pushover
    loop: Loop

    def state(self, entity_id: str, value: float | str, **attributes: Any) -> None:
        """Set a state of Home Assistant."""
        text = f"{value:.1f}" if isinstance(value, float) else value
        self.hass.states.async_set(entity_id, text, attributes, timestamp=self.loop.utcnow().timestamp())

    async def turns(self, number: int = _TURNS) -> None:
        """Let the loop do what is to be done at once."""
        for _ in range(number):
            await asyncio.sleep(0)

    async def rest(self, seconds: float = SETTLED) -> None:
        """Let time pass, and wait until nothing is under way any more."""
        self.loop.move(seconds)
        before = -1
        while (number := self.pushover.number()) != before:
            before = number
            await self.turns()
            await asyncio.sleep(_SLICE)

    async def pause(self) -> None:
        """Let something else have its turn, as between any two changes in a home."""
        self.pushover.number()
        await asyncio.sleep(_SLICE / 4)

    async def disconnected(self) -> None:
        """Wait until no connection to Pushover is open, and the client knows it."""
        deadline = time.monotonic() + _PATIENCE
        while self.pushover.connections():
            if time.monotonic() > deadline:
                raise TimeoutError("A connection is still open")
            await asyncio.sleep(_SLICE)
        await self.turns()

    async def sent(self, number: int) -> float:
        """Wait until so many glances have arrived since `arrivals`, and return what that took of this thread, in s."""
        used, deadline = 0.0, time.monotonic() + _PATIENCE
        done = False
        while not done:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.pushover.number()} of {number} glances have arrived")
            # Once more after the last has arrived, for its answer to be booked.
            done = self.pushover.number() >= number
            begin = time.thread_time()
            await asyncio.sleep(_SLICE)
            used += time.thread_time() - begin
        return used

    async def account(self, user: int, widgets: Sequence[Widget], alerts: Sequence[Widget] = ()) -> ConfigEntry:
        """Add an account with its alerts, and wait until its widgets show what they should."""
        entry: ConfigEntry = ConfigEntry(
            created_at=self.loop.utcnow(),
            data={CONF_TOKEN: TOKEN, CONF_USER_KEY: user_key(user)},
            discovery_keys=MappingProxyType({}),
            domain=DOMAIN,
            minor_version=1,
            options={},
            source="user",
            subentries_data=[
                *(_widget(user, number, fields) for number, fields in enumerate(widgets)),
                *(_alert(number, data) for number, data in enumerate(alerts)),
            ],
            title=str(user),
            unique_id=str(user),
            version=1,
        )
        self.pushover.arrivals()
        await self.hass.config_entries.async_add(entry)
        await self.sent(len(widgets))
        return entry

    async def automations(self, entity_id: str, number: int, **settings: Any) -> None:
        """Add automations that send a state to one of Pushover's devices each, and then wait for twenty minutes."""
        kinds = self.hass.data.setdefault("benchmark_automations", [])
        kinds += [
            {
                "id": f"{entity_id} {item}",
                "alias": f"{entity_id} {item}",
                "mode": "single",
                **settings,
                "triggers": [{"trigger": "state", "entity_id": entity_id}],
                "actions": [
                    {
                        "action": "rest_command.glance",
                        "data": {"device": device(item), "text": f"{{{{ states('{entity_id}') }}}}"},
                    },
                    {"delay": {"minutes": 20}},
                ],
            }
            for item in range(number)
        ]

    async def load_automations(self) -> None:
        """Set up all automations that were added."""
        config = {"automation": self.hass.data["benchmark_automations"]}
        if not await async_setup_component(self.hass, "automation", config):
            raise RuntimeError("The automations could not be set up")
        await self.hass.async_block_till_done()

    def running(self, entity_id: str) -> bool:
        """Tell whether the automations of an entity are in their delay."""
        mine = [
            state
            for state in self.hass.states.async_all("automation")
            if state.attributes["friendly_name"].split()[0] == entity_id
        ]
        return bool(mine) and all(state.attributes["current"] == 1 for state in mine)


def _widget(user: int, number: int, fields: Widget) -> ConfigSubentryData:
    return ConfigSubentryData(
        data={CONF_DEVICE: device(number), **fields},
        subentry_type=SUBENTRY_TYPE_WIDGET,
        title=f"{user} {number}",
        unique_id=device(number),
    )


def _alert(number: int, data: Widget) -> ConfigSubentryData:
    return ConfigSubentryData(data=data, subentry_type=SUBENTRY_TYPE_ALERT, title=f"Alert {number}", unique_id=None)


@asynccontextmanager
async def home(*, tls: bool = False, keeps_alive: bool = True) -> AsyncGenerator[Home]:
    """Run a Home Assistant with its own configuration, and an emulated Pushover for it, with `tls` over verified TLS.

    `keeps_alive` tells whether a connection stays for the next request.
    """
    loop = this_loop()
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as secured,
        pushover(Path(secured) if tls else None, keeps_alive=keeps_alive) as server,
        loop.of_home_assistant(),
        patch("custom_components.pushover_glances.api.API_URL", server.url),
        trusting(trusting_context(Path(secured))) if tls else nullcontext(),
    ):
        hass = await _start(Path(folder), server.url)
        try:
            yield Home(hass, server, loop)
        finally:
            await hass.async_stop(force=True)


async def _start(folder: Path, url: str) -> HomeAssistant:
    _write_http_settings(folder)
    hass = HomeAssistant(str(folder))
    hass.config.skip_pip = True
    loader.async_setup(hass)
    hass.config_entries = ConfigEntries(hass, {})
    # As `hass` does: what is logged goes to a file, by another thread.
    logging.basicConfig(filename=folder / "home-assistant.log", level=logging.WARNING, force=True)
    async_activate_log_queue_handler(hass)
    await bootstrap.async_load_base_functionality(hass)
    await async_process_ha_core_config(hass, {"time_zone": "UTC"})
    for component in ("network", "http", "homeassistant", "template"):
        if not await async_setup_component(hass, component, {}):
            raise RuntimeError(f"{component} could not be set up")
    if not await async_setup_component(hass, "rest_command", _rest_command(url)):
        raise RuntimeError("rest_command could not be set up")
    await hass.async_start()
    return hass


def _rest_command(url: str) -> dict[str, Any]:
    parameters = {"token": TOKEN, "user": user_key(0), "device": "{{ device }}", "text": "{{ text | urlencode }}"}
    command = {
        "url": f"{url}1/glances.json",
        "method": "post",
        "content_type": "application/x-www-form-urlencoded",
        "payload": "&".join(f"{key}={value}" for key, value in parameters.items()),
    }
    return {"rest_command": {"glance": command}}


def _write_http_settings(folder: Path) -> None:
    """Let Home Assistant's own pages be served at a port that is free."""
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        settings = HTTP_SCHEMA({"server_host": ["127.0.0.1"], "server_port": it.getsockname()[1]})
    storage = folder / ".storage"
    storage.mkdir()
    content = {"stable": settings, "pending": None, "yaml_migration_done": True}
    document = {"version": 2, "minor_version": 2, "key": "http", "data": content}
    (storage / "http").write_text(json.dumps(document), encoding="utf-8")
