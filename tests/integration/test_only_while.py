"""An alert that is active only while its conditions hold: a window is open, and it rains."""

import asyncio
from collections.abc import Callable
from typing import Any, override
from unittest.mock import AsyncMock, Mock

from homeassistant.config_entries import ConfigEntries
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE, EVENT_STATE_CHANGED, STATE_OFF, STATE_ON
from homeassistant.core import CALLBACK_TYPE, CoreState, HomeAssistant
from homeassistant.helpers import area_registry as ar, entity_registry as er, issue_registry as ir
from homeassistant.helpers.condition import Condition
from homeassistant.helpers.typing import ConfigType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockModule, mock_integration, mock_platform
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pushover_glances.const import DOMAIN

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, alert, widget
from .test_alert_flow import alert_of, choose, filled
from .test_alerts import ACTIVE, ALERT, WIDGET, load
from .test_conditions import KINDS, RAIN, RAINS
from .test_dismissing import press
from .test_entities import state
from .test_widget_flow import enter, pick

WET = alert(conditions=[RAINS])
PROBLEM = "binary_sensor.iphone_glance_problem"
OUTSIDE = "sensor.outside"
COLD: dict[str, Any] = {"condition": "numeric_state", "entity_id": OUTSIDE, "below": 5}


async def rain(kit: GlancesKit, *, falls: bool) -> None:
    """Let it rain, or stop."""
    await kit.change(RAIN, STATE_ON if falls else STATE_OFF)


def problem(kit: GlancesKit) -> tuple[str, Any, Any]:
    """Return the state of the widget's problem, its reason, and the alerts concerned."""
    found = kit.hass.states.get(PROBLEM)
    assert found is not None
    return found.state, found.attributes.get("reason"), found.attributes.get("alerts")


def met(kit: GlancesKit) -> Any:
    """Return what the alert says about its conditions."""
    found = kit.hass.states.get(ACTIVE)
    assert found is not None
    return found.attributes.get("conditions_met")


async def test_alert_takes_over_while_it_rains(kit: GlancesKit) -> None:
    """An open door is shown when it begins to rain, urgently, and the screen is returned when the rain is over."""
    await rain(kit, falls=False)
    await load(kit, WET)
    assert met(kit) is None
    await kit.change(DOOR, "open")
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    assert (state(kit, ACTIVE), met(kit)) == (STATE_OFF, False)
    await rain(kit, falls=True)
    kit.assert_pushed(ALERT)
    assert (state(kit, ACTIVE), met(kit)) == (STATE_ON, True)
    await kit.tick(2 * MINUTE)
    await rain(kit, falls=False)
    kit.assert_pushed(WIDGET)
    assert (state(kit, ACTIVE), met(kit)) == (STATE_OFF, False)
    await kit.change(DOOR, "closed")
    await kit.tick(MINUTE)
    assert met(kit) is None


async def test_door_that_opens_in_the_rain(kit: GlancesKit) -> None:
    """What the conditions name makes nothing active, and is not among what the alert shows."""
    await rain(kit, falls=True)
    await load(kit, alert(title="Door", text="{{ count }} {{ entity_id }}", conditions=[RAINS]))
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "open")
    kit.assert_pushed({"title": "Door", "text": f"1 {DOOR}"})
    found = kit.hass.states.get(ACTIVE)
    assert found is not None
    assert found.attributes["entities"] == [DOOR]


async def test_duration_is_that_of_the_entity(kit: GlancesKit) -> None:
    """A door that has been open for long enough is shown as soon as it rains, and one that has not is shown then."""
    await rain(kit, falls=False)
    await load(kit, alert(lasts=600, conditions=[RAINS]))
    await kit.change(DOOR, "open")
    await kit.tick(4 * MINUTE)
    await rain(kit, falls=True)
    await rain(kit, falls=False)
    await kit.tick(6 * MINUTE)
    kit.assert_nothing_pushed()
    assert met(kit) is False
    await rain(kit, falls=True)
    kit.assert_pushed(ALERT)
    await kit.change(DOOR, "closed")
    await kit.change(DOOR, "open")
    await kit.tick(9 * MINUTE)
    kit.assert_pushed(WIDGET)
    await kit.tick(MINUTE)
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(ALERT)


async def test_dismissed_until_the_conditions_hold_again(kit: GlancesKit) -> None:
    """When the conditions cease to hold, the occurrence is over; the next one is shown."""
    await rain(kit, falls=True)
    await load(kit, WET)
    await kit.change(DOOR, "open")
    await kit.tick(2 * MINUTE)
    await press(kit)
    await kit.tick(2 * MINUTE)
    kit.assert_pushed(ALERT, WIDGET)
    await rain(kit, falls=False)
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    await rain(kit, falls=True)
    kit.assert_pushed(ALERT)


async def test_begins_anew(kit: GlancesKit) -> None:
    """An alert whose conditions hold again is the newest, and on top of one that began meanwhile."""
    await rain(kit, falls=True)
    await kit.state("cover.gate", "closed")
    await load(kit, WET, alert("cover.gate", called="Gate", title="Gate", text="Open"))
    await kit.change(DOOR, "open")
    await kit.tick(2 * MINUTE)
    await rain(kit, falls=False)
    await kit.change("cover.gate", "open")
    for _ in range(2):
        await kit.tick(2 * MINUTE)
    kit.pushed()
    await rain(kit, falls=True)
    kit.assert_pushed(ALERT)


async def test_not_urgent(kit: GlancesKit) -> None:
    """Where the alert is not urgent, its conditions make no hurry either."""
    await rain(kit, falls=False)
    await load(kit, alert(urgent=False, conditions=[RAINS]))
    await kit.change(DOOR, "open")
    await kit.change("sensor.temperature", "30.0")
    kit.pushed()
    await rain(kit, falls=True)
    await kit.tick(2 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.tick(SPACING)
    kit.assert_pushed(ALERT)


@pytest.mark.parametrize("rains", [True, False], ids=["rain", "dry"])
async def test_restart(kit: GlancesKit, *, rains: bool) -> None:
    """A restart without a change causes no update, even if the sensor of the condition needs a while to appear."""
    await rain(kit, falls=rains)
    entry = await load(kit, WET)
    await kit.change(DOOR, "open")
    await kit.tick(2 * MINUTE)
    kit.assert_pushed(*[ALERT][: int(rains)])
    await kit.hass.config_entries.async_unload(entry.entry_id)
    kit.hass.states.async_remove(RAIN)
    await kit.setup(entry)
    assert state(kit, ACTIVE) == (STATE_ON if rains else STATE_OFF)
    await kit.tick(MINUTE)
    await rain(kit, falls=rains)
    await kit.tick(SPACING)
    kit.assert_nothing_pushed()
    await rain(kit, falls=not rains)
    kit.assert_pushed(WIDGET if rains else ALERT)


async def test_change_during_a_restart(kit: GlancesKit) -> None:
    """What has changed meanwhile is seen at the start."""
    await rain(kit, falls=True)
    entry = await load(kit, WET)
    await kit.change(DOOR, "open")
    await kit.tick(2 * MINUTE)
    kit.pushed()
    await kit.hass.config_entries.async_unload(entry.entry_id)
    await rain(kit, falls=False)
    await kit.setup(entry)
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(WIDGET)


async def test_conditions_that_are_taken_away(kit: GlancesKit) -> None:
    """An alert that is edited to have none depends on its entities alone, at once."""
    await rain(kit, falls=False)
    entry = await load(kit, WET)
    await kit.change(DOOR, "open")
    kit.assert_nothing_pushed()
    found = alert_of(entry)
    data = {key: value for key, value in found.data.items() if key != "conditions"}
    kit.hass.config_entries.async_update_subentry(entry, found, data=data)
    await kit.settle()
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(ALERT)
    assert met(kit) is None


async def test_sensor_that_is_away(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """The last result stays for half an hour; then the alert ends, and the problem says why, until it is back."""
    await rain(kit, falls=True)
    await load(kit, WET)
    await kit.change(DOOR, "open")
    kit.assert_pushed(ALERT)
    await kit.change(RAIN, "unavailable")
    await kit.tick(29 * MINUTE)
    kit.assert_nothing_pushed()
    assert (state(kit, ACTIVE), problem(kit)[0]) == (STATE_ON, STATE_OFF)
    await kit.tick(MINUTE)
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(WIDGET)
    assert problem(kit) == (STATE_ON, "alert_conditions_unknown", ["Garage door: Open"])
    await kit.tick(MINUTE)
    await rain(kit, falls=True)
    kit.assert_pushed(ALERT)
    assert problem(kit)[0] == STATE_OFF
    assert "failed" not in caplog.text


async def test_sensor_that_was_never_there(kit: GlancesKit) -> None:
    """A new alert does not begin before its conditions are known, and a repair names what does not exist."""
    entry = await load(kit, alert(conditions=[{**RAINS, "entity_id": "binary_sensor.drizzle"}]))
    await kit.change(DOOR, "open")
    await kit.tick(MINUTE)
    kit.assert_nothing_pushed()
    assert met(kit) is False
    assert problem(kit)[1] == "alert_conditions_unknown"
    for _ in range(2):
        await kit.tick(5 * MINUTE)
    repair = ir.async_get(kit.hass).async_get_issue(DOMAIN, f"alert_missing_entities_{alert_of(entry).subentry_id}")
    assert repair is not None
    assert repair.translation_placeholders is not None
    assert repair.translation_placeholders["entities"] == "`binary_sensor.drizzle`"


async def test_condition_that_fails(
    kit: GlancesKit, hass_client: ClientSessionGenerator, caplog: pytest.LogCaptureFixture
) -> None:
    """It keeps its last result for half an hour, is logged once, and the diagnostics have the error."""
    assert await async_setup_component(kit.hass, "diagnostics", {})
    await kit.state(OUTSIDE, "3")
    await kit.state(DOOR, "open")
    entry = await kit.load(widget(title="Outside", text="21.0 °C"), alert(conditions=[COLD]))
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(ALERT)
    for word in ("warm", "warmer"):
        await kit.change(OUTSIDE, word)
    assert caplog.text.count("The conditions of alert Garage door: Open failed: ") == 1
    said: Any = await get_diagnostics_for_config_entry(kit.hass, hass_client, entry)
    assert said["alerts"][0]["only_while"] == [COLD]
    assert said["alerts"][0]["conditions_hold"]
    assert "'warmer'" in said["alerts"][0]["conditions_error"]
    await kit.tick(29 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.tick(MINUTE)
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(WIDGET)
    assert problem(kit)[1] == "alert_conditions_unknown"
    await kit.tick(MINUTE)
    await kit.change(OUTSIDE, "4")
    kit.assert_pushed(ALERT)
    await kit.change(OUTSIDE, "hot")
    assert caplog.text.count("The conditions of alert Garage door: Open failed: ") == 2


async def test_conditions_that_can_no_longer_be_loaded(kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """The account goes on with its other alerts, and the log says what is wrong."""
    gone = {"condition": "device", "device_id": "gone", "domain": "light", "type": "is_on", "entity_id": "light.a"}
    await kit.state("cover.gate", "closed")
    await load(kit, alert(conditions=[gone]), alert("cover.gate", called="Gate", title="Gate", text="Open"))
    assert "The conditions of alert Garage door: Open failed: Unknown device 'gone'" in caplog.text
    await kit.change(DOOR, "open")
    await kit.change("cover.gate", "open")
    kit.assert_pushed({"title": "Gate", "text": "Open"})
    assert problem(kit)[1] == "alert_conditions_unknown"


def listeners(kit: GlancesKit) -> int:
    """Return how many listeners Home Assistant has for changes of states."""
    return kit.hass.bus.async_listeners().get(EVENT_STATE_CHANGED, 0)


async def test_unload(kit: GlancesKit) -> None:
    """Nothing of the conditions is left."""
    await rain(kit, falls=True)
    entry = kit.account(widget(title="Outside"), WET)
    before = listeners(kit)
    await kit.setup(entry)
    assert listeners(kit) > before
    await kit.hass.config_entries.async_unload(entry.entry_id)
    assert listeners(kit) == before


class _Slow(Condition):
    """A condition of another integration, which takes its time to load, and has a listener then."""

    loads = asyncio.Event()

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        await cls.loads.wait()
        return config

    @override
    async def _async_track_changes(self, action: Callable[[], None]) -> CALLBACK_TYPE:
        return self._hass.bus.async_listen(EVENT_STATE_CHANGED, lambda _event: action())

    @override
    def _async_check(self, **kwargs: Any) -> bool:
        return True


async def test_unload_while_conditions_are_loaded(kit: GlancesKit) -> None:
    """The account is not started any more then, and nothing is left behind."""
    mock_integration(kit.hass, MockModule("slow"))
    mock_platform(kit.hass, "slow.condition", Mock(async_get_conditions=AsyncMock(return_value={"_": _Slow})))
    await kit.state(DOOR, "open")
    entry = kit.account(widget(title="Outside"), alert(conditions=[{"condition": "slow"}]))
    before = listeners(kit)
    _Slow.loads.clear()
    await kit.hass.config_entries.async_setup(entry.entry_id)
    assert await kit.hass.config_entries.async_unload(entry.entry_id)
    _Slow.loads.set()
    await kit.settle()
    assert listeners(kit) == before
    kit.assert_nothing_pushed()
    await kit.setup(entry)
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(ALERT)


TEMPLATE = {"condition": "template", "value_template": "{{ is_state('binary_sensor.rain', 'on') }}"}
AFTERNOON = {"condition": "time", "after": "13:10:00"}


@pytest.mark.parametrize("condition", [TEMPLATE, AFTERNOON], ids=["template", "time"])
async def test_once_a_minute(kit: GlancesKit, condition: dict[str, Any]) -> None:
    """What changes without an event is checked each minute."""
    await rain(kit, falls=False)
    await load(kit, alert(conditions=[condition]))
    await kit.change(DOOR, "open")
    await kit.tick(8 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.state(RAIN, STATE_ON)
    kit.freezer.move_to("2026-11-23 13:10:00+00:00")
    await kit.tick(0)
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed(ALERT)


async def test_lamps_of_an_area(kit: GlancesKit) -> None:
    """A condition on an area follows its entities without waiting for the minute."""
    assert await async_setup_component(kit.hass, "light", {})
    area = ar.async_get(kit.hass).async_create("Kitchen")
    lamp = er.async_get(kit.hass).async_get_or_create("light", "test", "lamp", suggested_object_id="lamp")
    er.async_get(kit.hass).async_update_entity(lamp.entity_id, area_id=area.id)
    await kit.state(lamp.entity_id, STATE_OFF)
    await load(kit, alert(conditions=[{"condition": "light.is_on", "target": {"area_id": area.id}}]))
    await kit.change(DOOR, "open")
    kit.assert_nothing_pushed()
    await kit.change(lamp.entity_id, STATE_ON)
    kit.assert_pushed(ALERT)


NOT_MET = "The alert is not active now. The only reason is that the conditions under “Only while” are not met."
UNKNOWN = (
    "The alert is not active now. The only reason is that an entity of the conditions under “Only while” has no state."
)


@pytest.mark.parametrize(
    ("door", "rains", "says"),
    [
        ("open", "off", NOT_MET),
        ("open", "unavailable", UNKNOWN),
        ("open", "on", "The alert is active now. It will be sent after you save it, as soon as an update is allowed."),
        ("closed", "on", "The alert is not active now."),
    ],
)
async def test_preview(kit: GlancesKit, door: str, rains: str, says: str) -> None:
    """It says whether the conditions keep the alert from being active now."""
    assert await async_setup_component(kit.hass, "cover", {})
    entry = await kit.load(widget(title="Outside"))
    await kit.state(DOOR, door)
    await kit.state(RAIN, rains)
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form, conditions=[RAINS]))
    assert form["description_placeholders"]["active"] == says


async def test_preview_of_conditions_that_fail(kit: GlancesKit) -> None:
    """It says what is wrong, even while no entity is in a state that counts."""
    assert await async_setup_component(kit.hass, "cover", {})
    entry = await kit.load(widget(title="Outside"))
    await kit.state(DOOR, "closed")
    await kit.state(OUTSIDE, "warm")
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form, conditions=[COLD]))
    said = form["description_placeholders"]["active"]
    assert said.startswith("The alert is not active now, because its conditions fail: ")
    assert "warm" in said


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ([{"condition": "state", "entity_id": RAIN}], "conditions_invalid"),
        ([{"condition": "trigger", "id": "a"}], "conditions_trigger"),
    ],
)
async def test_wrong_conditions_in_the_form(kit: GlancesKit, wrong: list[Any], key: str) -> None:
    """The error is at the field, the input stays, and it can be corrected; without any, nothing is stored."""
    assert await async_setup_component(kit.hass, "cover", {})
    entry = await kit.load(widget(title="Outside"))
    await kit.state(DOOR, "closed")
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form, conditions=wrong, text="Mine"))
    assert form["errors"] == {"conditions": key}
    corrected = filled(form)
    assert (corrected["conditions"], corrected["text"]) == (wrong, "Mine")
    form = await enter(kit, form, **{**corrected, "conditions": []})
    await pick(kit, form, "save")
    assert "conditions" not in alert_of(entry).data


@pytest.mark.parametrize("condition", KINDS, ids=lambda item: str(item["condition"]))
async def test_written_and_read_back(kit: GlancesKit, hass_storage: dict[str, Any], condition: dict[str, Any]) -> None:
    """Home Assistant can write its configuration with such an alert, and read it again."""
    assert await async_setup_component(kit.hass, "cover", {})
    entry = await kit.load(widget(title="Outside"))
    await kit.state(DOOR, "closed")
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, **filled(form, conditions=[condition]))
    await pick(kit, form, "save")
    await kit.settle()
    kit.hass.set_state(CoreState.final_write)
    kit.hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await kit.settle()
    stored = hass_storage["core.config_entries"]["data"]["entries"]
    assert [condition] in [item["data"].get("conditions") for known in stored for item in known["subentries"]]
    again = ConfigEntries(kit.hass, {})
    await again.async_initialize()
    read = again.async_get_entry(entry.entry_id)
    assert read is not None
    assert dict(alert_of(read).data) == dict(alert_of(entry).data)
    kit.hass.set_state(CoreState.running)


async def test_changed_in_the_form(kit: GlancesKit) -> None:
    """The form of an alert shows its conditions as they were chosen."""
    assert await async_setup_component(kit.hass, "cover", {})
    entry = await load(kit, alert(conditions=[TEMPLATE, RAINS]))
    form: Any = await kit.hass.config_entries.subentries.async_init(
        (entry.entry_id, "alert"),
        context={"source": "reconfigure", "subentry_id": alert_of(entry).subentry_id},
    )
    form = await enter(kit, form, entities=[DOOR])
    assert filled(form)["conditions"] == [TEMPLATE, RAINS]
