"""Run a script as a person writes it: YAML with templates, through Home Assistant's own checks and its own runner."""

from typing import Any

from homeassistant.core import Context
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.script import Script, async_validate_actions_config
from homeassistant.util.yaml import parse_yaml

from .kit import GlancesKit


async def run(kit: GlancesKit, steps: str, **variables: Any) -> dict[str, Any]:
    """Run these steps, and return the variables at the end, response variables among them."""
    sequence = await async_validate_actions_config(kit.hass, cv.SCRIPT_SCHEMA(parse_yaml(steps)))
    result = await Script(kit.hass, sequence, "Test", "test").async_run(variables, Context())
    await kit.settle()
    assert result is not None
    return dict(result.variables)


async def update(kit: GlancesKit, data: str, action: str = "pushover_glances.update") -> dict[str, Any]:
    """Run a script with one action, of which `data` is the YAML, for the only widget, and return its item of the response."""
    lines = "".join(f"    {line}\n" for line in data.splitlines())
    steps = f"- action: {action}\n  data:\n{lines}  response_variable: answer\n"
    (item,) = (await run(kit, steps))["answer"]["widgets"]
    return dict(item)
