"""The example home: what a family has, made of Home Assistant's own integrations that need no network.

Most of it is in `example_home.yaml`. What only forms and actions of Home Assistant can add is added here: calendars,
to-do lists, areas, and what begins at a moment.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from devtools.hass import HomeAssistantProcess

_PACKAGE = Path(__file__).with_suffix(".yaml")
# As in configuration.yaml.
_TIME_ZONE = ZoneInfo("Europe/Berlin")
_AREAS = {
    "Living Room": ("binary_sensor.living_room_window", "sensor.living_room", "climate.heating"),
    "Kitchen": ("binary_sensor.kitchen_window", "light.kitchen_light"),
    "Bedroom": ("binary_sensor.bedroom_window", "cover.bedroom_blinds"),
    "Bathroom": ("binary_sensor.bathroom_window", "sensor.bathroom", "sensor.washing_machine"),
    "Attic": ("binary_sensor.attic_window",),
    "Hallway": ("lock.front_door", "binary_sensor.hallway_motion", "alarm_control_panel.alarm"),
    "Garage": ("cover.garage_door", "sensor.car_battery", "sensor.car_range", "binary_sensor.charger"),
}
_LABELS = {
    "Ground floor": tuple(f"binary_sensor.{room}_window" for room in ("living_room", "kitchen", "bedroom")),
}
# Templates do not say how many decimals are displayed, as other integrations do.
_DECIMALS = {
    "sensor.washing_machine": 0,
    "sensor.wash_progress": 0,
    "sensor.car_battery": 0,
    "sensor.car_range": 0,
    "sensor.home_battery": 0,
    "sensor.print_progress": 0,
    "sensor.mailbox_battery_level": 0,
    "sensor.pv_power": 0,
    "sensor.way_to_work": 0,
    "sensor.pv_today": 1,
}
_SHOPPING = ("Milk", "Bread", "Apples")
_PLAYER = "media_player.kitchen_speaker"
# No integration that works without a network plays anything.
_PLAYS = {
    "friendly_name": "Kitchen speaker",
    "device_class": "speaker",
    "media_content_type": "music",
    "media_title": "Clair de lune",
    "media_artist": "Claude Debussy",
}


@asynccontextmanager
async def start_example_home(folder: Path, api_url: str, *, port: int = 0) -> AsyncIterator[HomeAssistantProcess]:
    """Start Home Assistant in the example home."""
    async with HomeAssistantProcess(folder, api_url, port=port, package=_PACKAGE) as home:
        await asyncio.gather(_plan(home), _write_lists(home), _move_in(home), _begin(home))
        yield home


async def _plan(home: HomeAssistantProcess) -> None:
    """Add the calendars, with what is ahead tomorrow: an appointment, and a bin for the whole day."""
    for name in ("Family", "Waste collection"):
        await home.flow("local_calendar", {"calendar_name": name})
    start = datetime.now(_TIME_ZONE).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=1)
    dentist: dict[str, Any] = {
        "entity_id": "calendar.family",
        "summary": "Dentist",
        "location": "Dr. Weber",
        "start_date_time": start.isoformat(),
        "end_date_time": (start + timedelta(hours=1)).isoformat(),
    }
    paper: dict[str, Any] = {"entity_id": "calendar.waste_collection", "summary": "Paper", "in": {"days": 1}}
    for event in dentist, paper:
        await home.call("calendar", "create_event", **event)


async def _write_lists(home: HomeAssistantProcess) -> None:
    """Add the to-do lists: what to buy, and what is to be done by a date."""
    await home.flow("shopping_list", {})
    for item in _SHOPPING:
        await home.call("todo", "add_item", entity_id="todo.shopping_list", item=item)
    await home.flow("local_todo", {"todo_list_name": "Chores"})
    tomorrow = datetime.now(_TIME_ZONE).date() + timedelta(days=1)
    await home.call("todo", "add_item", entity_id="todo.chores", item="Water the plants")
    await home.call("todo", "add_item", entity_id="todo.chores", item="Call the plumber", due_date=str(tomorrow))


async def _move_in(home: HomeAssistantProcess) -> None:
    """Put things into their areas, label them, and let numbers have as many decimals as they need."""
    async with home.websocket() as command:
        # Home Assistant begins with some areas.
        areas = {area["name"]: area for area in await command("config/area_registry/list")}
        for name, entities in _AREAS.items():
            area = areas.get(name) or await command("config/area_registry/create", name=name)
            for entity in entities:
                await command("config/entity_registry/update", entity_id=entity, area_id=area["area_id"])
        for name, entities in _LABELS.items():
            label = await command("config/label_registry/create", name=name)
            for entity in entities:
                await command("config/entity_registry/update", entity_id=entity, labels=[label["label_id"]])
        for entity, decimals in _DECIMALS.items():
            options = {"options_domain": "sensor", "options": {"display_precision": decimals}}
            await command("config/entity_registry/update", entity_id=entity, **options)


async def _begin(home: HomeAssistantProcess) -> None:
    """Begin what goes on at the moment."""
    await home.call("timer", "start", entity_id="timer.oven")
    await home.call("alarm_control_panel", "alarm_arm_night", entity_id="alarm_control_panel.alarm")
    await home.post(f"/api/states/{_PLAYER}", {"state": "playing", "attributes": _PLAYS})
