"""Many calls of the action at once: each has its answer, the last value of each field stays, and they share the work."""

import asyncio
from random import Random
from typing import Any
from unittest.mock import patch

from homeassistant.helpers.template import Template

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.pushover import NUMBER_FIELDS, Field
from emulator import Fault, Kind
from emulator.world import EXAMPLE_TOKEN, busy_users

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, widget
from .test_entities import TEXT

_CALLS = 1000
_RENDER = Template.async_render_to_info


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


async def test_templates_are_rendered_once_for_all(kit: GlancesKit) -> None:
    """Calls of one moment on one widget share what its templates say then, whether they are sent or wait."""
    await kit.state(DOOR, "closed")
    await kit.load(widget(title=TEXT, text=TEXT))
    kit.pushed()

    async def call(number: int) -> str:
        data = {"text": f"call {number}"}
        answer: Any = await kit.hass.services.async_call(DOMAIN, "update", data, blocking=True, return_response=True)
        return str(answer["widgets"][0]["status"])

    for numbers, status in ((range(300), "queued"), (range(300, 600), "sent")):
        with patch.object(Template, "async_render_to_info", autospec=True, side_effect=_RENDER) as rendering:
            statuses = await asyncio.gather(*map(call, numbers))
        # Only the last of them is ever shown.
        assert statuses == ["unchanged"] * 299 + [status]
        # Each field once for the actions, and once for the update.
        assert 0 < rendering.call_count <= 4
        await kit.tick(SPACING + ROUNDING)
        kit.assert_pushed({"title": "closed", "text": f"call {numbers[-1]}"})
        await kit.tick(SPACING)


async def test_action_after_a_change_during_a_request(kit: GlancesKit) -> None:
    """It goes over what the entity says by then, and not over what an earlier action found."""
    await kit.state("sensor.a", "one")
    await kit.load(widget(text="{{ states('sensor.a') }}"))
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    kit.emulator.faults.append(Fault(Kind.SLOW, path="/1/glances.json", seconds=5))
    calls = [asyncio.ensure_future(kit.act("update", text="first"))]
    await kit.until(lambda: len(kit.emulator.glances) == kit.seen + 1)
    calls.append(asyncio.ensure_future(kit.act("update", text="second")))
    await kit.turns(5)
    kit.hass.states.async_set("sensor.a", "two")
    await kit.turns(5)
    calls.append(asyncio.ensure_future(kit.act("update", text="Painting")))
    await kit.turns(5)
    kit.freezer.tick(5 + ROUNDING)
    await asyncio.gather(*calls)
    await kit.tick(SPACING + ROUNDING)
    assert kit.pushed()[-1] == {"text": "Painting"}
