"""The example of a dashboard: what its automation does with a line."""

from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml

from tests.unit.documents import blocks

from .kit import SPACING, GlancesKit, widget

_LINE = "input_text.watch_line"


async def test_line(kit: GlancesKit) -> None:
    """What is written on the dashboard is on the watch, over what the widget follows."""
    automation = next(text for doc, text in blocks("yaml") if doc == "docs/entities.md" and _LINE in text)
    assert await async_setup_component(kit.hass, "input_text", {"input_text": {"watch_line": {}}})
    assert await async_setup_component(kit.hass, "automation", {"automation": [parse_yaml(automation)]})
    await kit.load(widget(text="Home"))
    kit.assert_pushed({"text": "Home"})
    await kit.tick(SPACING)
    data = {"entity_id": _LINE, "value": "Dinner is ready"}
    await kit.hass.services.async_call("input_text", "set_value", data, blocking=True)
    await kit.settle()
    kit.assert_pushed({"text": "Dinner is ready"})
