"""Home Assistant's conditions: stored as a person chose them, and evaluated as automations do."""

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
import json
from pathlib import Path
import re
from textwrap import dedent
from typing import Any, override
from unittest.mock import AsyncMock, Mock

from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from homeassistant.helpers import area_registry as ar, entity_registry as er, trace
from homeassistant.helpers.condition import Condition, async_validate_condition_config
from homeassistant.helpers.typing import ConfigType
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import MockModule, mock_integration, mock_platform

from custom_components.pushover_glances.content import conditions
from custom_components.pushover_glances.content.conditions import async_conditions_error, async_load_conditions
from custom_components.pushover_glances.flows.conditions_selector import ConditionsSelector

RAIN = "binary_sensor.rain"
RAINS: dict[str, Any] = {"condition": "state", "entity_id": RAIN, "state": "on"}
# One of each kind that the editor offers and that says something without other integrations.
KINDS: list[dict[str, Any]] = [
    RAINS,
    {**RAINS, "for": {"minutes": 5}, "alias": "It has rained for a while"},
    {"condition": "numeric_state", "entity_id": "sensor.temperature", "below": 5},
    {"condition": "template", "value_template": "{{ is_state('binary_sensor.rain', 'on') }}"},
    {"condition": "time", "after": "22:00:00", "weekday": ["mon"]},
    {"condition": "or", "conditions": [RAINS, {"not": [RAINS]}]},
    {"condition": "light.is_on", "target": {"area_id": "kitchen"}, "options": {"for": {"minutes": 1}}},
    {"condition": "sun", "after": "sunset"},
    {"condition": "sun.is_set"},
]


@pytest.mark.parametrize("condition", KINDS, ids=lambda item: str(item["condition"]))
async def test_stored_as_it_was_chosen(hass: HomeAssistant, condition: dict[str, Any]) -> None:
    """The form returns what the editor sent, and loading it leaves it as it is, so that it can be written to disk."""
    chosen = [deepcopy(condition)]
    stored = ConditionsSelector()(chosen)
    assert ConditionsSelector()(chosen[0]) == [condition]
    assert await async_conditions_error(hass, stored) is None
    (await async_load_conditions(hass, stored)).unload()
    assert json.loads(json.dumps(stored)) == [condition]


async def test_validated_once(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Home Assistant may have to set up integrations for it."""
    validate = AsyncMock(side_effect=async_validate_condition_config)
    monkeypatch.setattr(conditions, "async_validate_condition_config", validate)
    assert await async_conditions_error(hass, [RAINS, {"or": [RAINS]}]) is None
    assert validate.await_count == 1


@pytest.mark.parametrize(
    ("wrong", "key", "text"),
    [
        ([{"condition": "state"}], "conditions_invalid", "entity_id"),
        ([{"condition": "moon"}], "conditions_invalid", "moon"),
        ([{"condition": "sun"}], "conditions_invalid", "before"),
        ([{"condition": "template", "value_template": "{{ foo("}], "conditions_invalid", "template"),
        (["{{ foo("], "conditions_invalid", "[0]"),
        ([7], "conditions_invalid", "[0]"),
        ([{"condition": "device", "device_id": "x", "domain": "light", "type": "is_on"}], "conditions_invalid", "x"),
        ([{"or": [RAINS, {"condition": "trigger", "id": "a"}]}], "conditions_trigger", ""),
    ],
)
async def test_wrong_conditions(hass: HomeAssistant, wrong: list[Any], key: str, text: str) -> None:
    """The error says what is wrong; such conditions that are stored all the same load, and are never known to hold."""
    error = await async_conditions_error(hass, wrong)
    assert error is not None
    assert error[0] == key
    assert text in error[1]
    conditions = await async_load_conditions(hass, wrong)
    assert not conditions.hold()
    assert conditions.error is None or text in conditions.error


async def test_hold(hass: HomeAssistant) -> None:
    """All of them must hold; without any, they always do, and one that is turned off counts as nothing."""
    hass.states.async_set(RAIN, "on")
    hass.states.async_set("sensor.temperature", "3")
    both = await async_load_conditions(hass, [RAINS, KINDS[2]])
    assert both.hold() is True
    hass.states.async_set("sensor.temperature", "7")
    assert both.hold() is False
    assert (await async_load_conditions(hass, [])).hold() is True
    assert (await async_load_conditions(hass, [RAINS, {**KINDS[2], "enabled": False}])).hold() is True
    both.unload()
    assert both.hold() is None


@pytest.mark.parametrize("away", [None, "unavailable", "unknown"])
async def test_entity_without_a_state(hass: HomeAssistant, away: str | None) -> None:
    """Then it is not known whether they hold, which is no failure, unless they hold nevertheless."""
    if away is not None:
        hass.states.async_set(RAIN, away)
    rains = await async_load_conditions(hass, [RAINS])
    assert (rains.hold(), rains.error) == (None, None)
    hass.states.async_set("sensor.temperature", "3")
    assert (await async_load_conditions(hass, [{"or": [RAINS, KINDS[2]]}])).hold() is True
    hass.states.async_set(RAIN, "off")
    assert rains.hold() is False


async def test_one_that_does_not_hold_for_certain(hass: HomeAssistant) -> None:
    """Then it does not matter that another one names an entity without a state, or fails."""
    both = await async_load_conditions(hass, [RAINS, KINDS[2]])
    hass.states.async_set(RAIN, "off")
    assert (both.hold(), both.error) == (False, None)
    hass.states.async_set("sensor.temperature", "warm")
    assert (both.hold(), both.error) == (False, None)
    hass.states.async_set(RAIN, "on")
    assert both.hold() is None
    assert both.error is not None


async def test_failing_condition(hass: HomeAssistant) -> None:
    """It is not known whether it holds, and the error is Home Assistant's, until it works again."""
    hass.states.async_set("sensor.temperature", "warm")
    cold = await async_load_conditions(hass, [KINDS[2]])
    assert cold.hold() is None
    assert cold.error is not None
    assert "'warm'" in cold.error
    hass.states.async_set("sensor.temperature", "3")
    assert cold.hold() is True
    assert cold.error is None


class _Careless(Condition):
    """A condition of another integration, which changes what it is to validate, and then fails."""

    @classmethod
    @override
    async def async_validate_complete_config(cls, hass: HomeAssistant, complete_config: ConfigType) -> ConfigType:
        complete_config["options"]["for"] = timedelta(minutes=5)
        if "refuse" in complete_config["options"]:
            raise RuntimeError("Refused")
        return complete_config

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        return config

    @override
    async def _async_track_changes(self, action: Callable[[], None]) -> CALLBACK_TYPE:
        raise RuntimeError("Not tracked")

    @override
    def _async_check(self, **kwargs: Any) -> bool:
        raise RuntimeError


@pytest.mark.parametrize(("options", "error"), [({}, "RuntimeError"), ({"refuse": True}, "Refused")])
async def test_condition_with_a_flaw(hass: HomeAssistant, options: dict[str, Any], error: str) -> None:
    """What another integration does wrong neither gets out nor gets into what is stored."""
    mock_integration(hass, MockModule("careless"))
    platform = Mock(async_get_conditions=AsyncMock(return_value={"_": _Careless}))
    mock_platform(hass, "careless.condition", platform)
    stored = [{"condition": "careless", "options": options}]
    before = deepcopy(stored)
    conditions = await async_load_conditions(hass, stored)
    assert conditions.hold() is None
    assert conditions.error == error
    assert stored == before
    await conditions.async_track(lambda: None)
    assert conditions.hold() is None
    assert conditions.error == (error if options else "Not tracked")


@pytest.mark.parametrize(
    ("condition", "needs_polling"),
    [*zip(KINDS, [False, True, False, True, True, False, True, True, True], strict=True)],
    ids=lambda item: str(item["condition"]) if isinstance(item, dict) else str(item),
)
async def test_polling(hass: HomeAssistant, condition: dict[str, Any], *, needs_polling: bool) -> None:
    """What depends on the time, or is a template, may change without an event."""
    conditions = await async_load_conditions(hass, [condition])
    assert conditions.needs_polling is needs_polling
    conditions.unload()
    assert not conditions.needs_polling


async def test_changes(hass: HomeAssistant) -> None:
    """A change of an entity is reported, and so is one of an entity that an area has, until they are unloaded."""
    assert await async_setup_component(hass, "light", {})
    area = ar.async_get(hass).async_create("Kitchen")
    lamp = er.async_get(hass).async_get_or_create("light", "test", "lamp", suggested_object_id="lamp")
    er.async_get(hass).async_update_entity(lamp.entity_id, area_id=area.id)
    conditions = await async_load_conditions(
        hass, [{"or": [RAINS, {"condition": "light.is_on", "target": {"area_id": area.id}}]}]
    )
    seen: list[bool | None] = []
    await conditions.async_track(lambda: seen.append(conditions.hold()))
    hass.states.async_set(RAIN, "off")
    hass.states.async_set("light.lamp", "on")
    hass.states.async_set("light.lamp", "off")
    hass.states.async_set("sensor.temperature", "7")
    await hass.async_block_till_done()
    assert seen == [False, True, False]
    conditions.unload()
    hass.states.async_set("light.lamp", "on")
    await hass.async_block_till_done()
    assert len(seen) == 3


async def test_trace_of_an_automation(hass: HomeAssistant) -> None:
    """What an automation traces does not contain the conditions that its change of a state lets evaluate."""
    hass.states.async_set(RAIN, "on")
    conditions = await async_load_conditions(hass, [RAINS])
    trace.trace_clear()
    assert conditions.hold()
    assert trace.trace_get(clear=False) == {}


async def test_documented_conditions(hass: HomeAssistant) -> None:
    """Home Assistant accepts the examples of the documentation."""
    text = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")
    blocks = [dedent(block) for block in re.findall(r"```yaml\n( *- condition:.*?)```", text, re.DOTALL)]
    assert len(blocks) == 2
    for block in blocks:
        assert await async_conditions_error(hass, parse_yaml(block)) is None  # type: ignore[arg-type]
