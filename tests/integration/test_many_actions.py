"""A thousand calls of the short action at once: each has its answer, and the last value of each field stays."""

import asyncio
from random import Random
from typing import Any

from custom_components.pushover_glances.pushover import NUMBER_FIELDS, Field
from emulator.world import EXAMPLE_TOKEN, busy_users

from .kit import MINUTE, ROUNDING, SPACING, GlancesKit, widget

_CALLS = 1000


async def test_a_thousand_calls_at_once(kit: GlancesKit) -> None:
    """Over ten widgets of two accounts, one or several of them a call."""
    random = Random(3)  # noqa: S311  # no secret
    users = busy_users(2, 5)
    kit.emulator.world.add(*users)
    entries = [kit.account(*map(widget, user.devices), token=EXAMPLE_TOKEN, user_key=user.key) for user in users]
    await kit.setup(entries[0])
    devices = {device.name: device for user in users for device in user.devices.values()}
    last: dict[str, dict[str, Any]] = {name: {} for name in devices}

    async def call(number: int) -> tuple[set[str], Any]:
        names = {*random.sample(sorted(devices), random.choice((1, 1, 1, 3)))}
        fields = random.sample(list(Field), random.randrange(1, 4))
        data: dict[str, Any] = {
            field: number % 101 if field in NUMBER_FIELDS else f"{field} {number}" for field in fields
        }
        for name in names:
            last[name] |= data
        target = {"entity_id": [f"notify.{name}_glance" for name in sorted(names)]}
        return names, await kit.hass.services.async_call(
            "glances", "update", {**data, **target}, blocking=True, return_response=True
        )

    answers = await asyncio.gather(*map(call, range(_CALLS)))
    assert len(answers) == _CALLS
    for names, answer in answers:
        assert sorted(item["device"] for item in answer["widgets"]) == sorted(names)
        assert {item["status"] for item in answer["widgets"]} <= {"sent", "queued", "unchanged"}
    # At noon, half of the day's updates are more than the spacing lets go: one for each widget, and one that is due.
    for _ in range(SPACING // MINUTE + 1):
        await kit.tick(MINUTE + ROUNDING)
    assert {name: dict(device.shown) for name, device in devices.items()} == last
    assert max(len(device.updates) for device in devices.values()) <= 2
    assert max(device.closer_than_spacing for device in devices.values()) == 0
