"""The actions that wait for a widget's update."""

import asyncio
from typing import Any

from homeassistant.exceptions import HomeAssistantError

from custom_components.pushover_glances.content.widget_config import WidgetConfig
from custom_components.pushover_glances.delivery import ManualValue, Memory, Nothing, Reason, Rules, Widget
from custom_components.pushover_glances.post import Post, Rider
from custom_components.pushover_glances.pushover import Field


async def test_refused_value_does_not_come_back_with_a_later_failure() -> None:
    """An action that waits when another is refused, and fails itself, leaves neither value behind."""
    no_mirror: Any = None
    config = WidgetConfig("id", "iphone", "iphone", {}, Rules())
    post = Post(config, Widget(Memory(), config.rules), no_mirror)

    def ride(text: str) -> Rider:
        values = {Field.TEXT: ManualValue(text)}
        rider = Rider(post.widget.put(values), asyncio.get_running_loop().create_future())
        post.waiting.append(rider)
        return rider

    first = ride("one")
    leaving = post.board()
    second = ride("two")
    post.fail(leaving, HomeAssistantError("refused"))
    assert first.outcome.result().status == "failed"
    assert post.widget.memory.manual == second.put.values
    post.settle(Nothing(Reason.HELD))
    assert second.outcome.result().status == "failed"
    assert post.widget.memory.manual == {}


async def test_action_that_was_told_queued_keeps_its_value() -> None:
    """Whatever is said about it later, when it has stopped waiting."""
    no_mirror: Any = None
    config = WidgetConfig("id", "iphone", "iphone", {}, Rules())
    post = Post(config, Widget(Memory(), config.rules), no_mirror)
    values = {Field.TEXT: ManualValue("one")}
    rider = Rider(post.widget.put(values), asyncio.get_running_loop().create_future())
    rider.outcome.cancel()
    post.fail([rider], HomeAssistantError("refused"))
    assert post.widget.memory.manual == values
