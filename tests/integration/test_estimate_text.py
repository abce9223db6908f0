"""The text of the estimate, and when there is none."""

import asyncio
from datetime import datetime, timedelta
import logging
from typing import Any
from unittest.mock import patch

from homeassistant.components.recorder.core import Recorder
from homeassistant.helpers.recorder import async_initialize_recorder
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import async_wait_recording_done
from pytest_homeassistant_custom_component.typing import RecorderInstanceContextManager
from sqlalchemy.exc import SQLAlchemyError

from custom_components.pushover_glances.content.alert_config import AlertConfig
from custom_components.pushover_glances.content.widget_config import WidgetConfig
from custom_components.pushover_glances.flows.estimate import async_estimate_text

from .kit import DOOR, GlancesKit, alert
from .test_entity_sources import entity
from .test_widget_preview import begin

_NOW = datetime.fromisoformat("2027-03-10 12:00:00+00:00")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_ROOM = "sensor.room"
_ESTIMATE = "custom_components.pushover_glances.flows.estimate"
_TEXT = "{{ states('sensor.room') }} °C"
_OTHERS = ("sensor.a", "sensor.b", "sensor.c", "sensor.d")


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: RecorderInstanceContextManager) -> None:
    """Prepare the database before Home Assistant."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture
def recorder_config() -> dict[str, Any]:
    """Leave out one entity."""
    return {"exclude": {"entities": ["sensor.excluded"]}}


def _config(*alerts: AlertConfig, **fields: Any) -> WidgetConfig:
    return WidgetConfig.from_data({"device": "iphone", **fields}, alerts)


async def _record(kit: GlancesKit, entity_id: str, begin: datetime, every: timedelta, *states: str) -> None:
    """Let an entity have one state after the other since then, until now."""
    number, attributes = 0, {"friendly_name": "Living room temperature", "unit_of_measurement": "°C"}
    while begin < _NOW:
        kit.freezer.move_to(begin)
        kit.hass.states.async_set(entity_id, states[number % len(states)], attributes)
        begin, number = begin + every, number + 1
    kit.freezer.move_to(_NOW)
    await async_wait_recording_done(kit.hass)


async def _text(kit: GlancesKit, *alerts: AlertConfig, **fields: Any) -> str:
    return await async_estimate_text(kit.hass, _config(*alerts, **fields))


async def test_text(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """Some of the updates, without a limit, and all of them."""
    await kit.prepare()
    await _record(kit, _ROOM, _NOW - 9 * _DAY, 2 * _HOUR, "20", "25")
    assert await _text(kit, text=_TEXT) == "Updates a day: about 12 of 50, most by Living room temperature."
    unlimited = await _text(kit, text=_TEXT, daily_limit=0)
    assert unlimited == "Updates a day: about 12, most by Living room temperature."
    limited = await _text(kit, text=_TEXT, daily_limit=5)
    assert limited == "Updates a day: the whole limit of 5, most by Living room temperature, so changes wait longer."


async def test_few_updates(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """The words fit one update as well as several."""
    await kit.prepare()
    await _record(kit, _ROOM, _NOW - 9 * _DAY, 7 * _HOUR, "20", "25")
    hour = {"quiet_from": "05:00:00", "quiet_until": "04:00:00"}
    assert await _text(kit, text=_TEXT, **hour) == "Updates a day: about 1 of 50, most by Living room temperature."
    single = await _text(kit, text=_TEXT, daily_limit=1)
    assert single == "Updates a day: the whole limit of 1, most by Living room temperature, so changes wait longer."


async def test_almost_no_update(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """No entity causes most of nothing."""
    await kit.prepare()
    await _record(kit, _ROOM, _NOW - 9 * _DAY, 4 * _DAY, "20", "25")
    await _record(kit, "input_boolean.bed", _NOW - 9 * _DAY, _DAY, "on")
    quiet = {"quiet_while": "input_boolean.bed", "urgent_entities": [_ROOM]}
    assert await _text(kit, text=_TEXT, **quiet) == "Updates a day: about 0 of 50."


async def test_repeats(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """A text that never changes is repeated, and nothing causes that."""
    await kit.prepare()
    kit.freezer.move_to(_NOW)
    assert await _text(kit, text="Hello") == "Updates a day: about 8 of 50."
    assert await _text(kit, text="{{ states('sensor.missing', 'Hello') }}") == "Updates a day: about 8 of 50."


async def test_few_days(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """The text says if fewer days are recorded; whole days alone count."""
    await kit.prepare()
    await _record(kit, _ROOM, _NOW - 3 * _DAY, 2 * _HOUR, "20", "25")
    expected = "Updates a day: about 12 of 50, most by Living room temperature. Days recorded: 2."
    assert await _text(kit, text=_TEXT) == expected


async def test_no_day(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """Less than a day is not enough."""
    await kit.prepare()
    await _record(kit, _ROOM, _NOW - _DAY, 2 * _HOUR, "20", "25")
    assert await _text(kit, text=_TEXT) == ""


async def test_no_recorder(kit: GlancesKit) -> None:
    """Without a recorder, there is no estimate."""
    await kit.prepare()
    assert await _text(kit, text=_TEXT) == ""


async def test_too_slow(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """What takes too long is given up, so that a form need not wait; the text says so."""
    await kit.prepare()

    async def never(*_arguments: object) -> None:
        await asyncio.Event().wait()

    with patch(f"{_ESTIMATE}._TIMEOUT", 0), patch(f"{_ESTIMATE}.async_recorded", never):
        text = await _text(kit, text=_TEXT)
    assert text == "There is no estimate of the updates a day, because Home Assistant needs more than 0 seconds for it."


async def test_failing_recorder(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """Without an answer of the database, there is no estimate."""
    await kit.prepare()
    with patch(f"{_ESTIMATE}.async_recorded", side_effect=SQLAlchemyError):
        assert await _text(kit, text=_TEXT) == ""


async def test_other_tasks(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """Other tasks run meanwhile."""
    await kit.prepare()
    await _record(kit, _ROOM, _NOW - 3 * _DAY, 2 * _HOUR, "20", "25")
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    with patch(f"{_ESTIMATE}._LONGEST_BLOCK", -1):
        assert await _text(kit, text=_TEXT) != ""
    counting.cancel()
    assert turns > 2 * 12


@pytest.mark.parametrize("since", [_NOW - 9 * _DAY, _NOW - 9 * _DAY - _HOUR])
async def test_read_in_pieces(recorder_mock: Recorder, kit: GlancesKit, since: datetime) -> None:
    """No state is lost, nor read twice, within a piece or where one ends."""
    await kit.prepare()
    await _record(kit, _ROOM, since, 2 * _HOUR, "20", "25")
    assert await _text(kit, text=_TEXT) == "Updates a day: about 12 of 50, most by Living room temperature."


async def test_too_many_states(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """Where too much is recorded to be read, there is no estimate."""
    await kit.prepare()
    await _record(kit, _ROOM, _NOW - 9 * _DAY, 2 * _HOUR, "20", "25")
    with patch("custom_components.pushover_glances.flows.recorded._MOST_STATES", 80):
        assert await _text(kit, text=_TEXT) == ""


async def test_recorder_that_could_not_start(kit: GlancesKit) -> None:
    """A widget can be added all the same."""
    await kit.state(DOOR, "closed")
    await kit.load()
    async_initialize_recorder(kit.hass)
    wrong = {"db_url": "sqlite:////no/such/folder/file.db", "db_max_retries": 1, "db_retry_wait": 0}
    assert not await async_setup_component(kit.hass, "recorder", {"recorder": wrong})
    menu = await begin(kit, DOOR)
    assert (menu["step_id"], menu["description_placeholders"]["estimate"]) == ("preview", "")


async def test_unexpected_error(recorder_mock: Recorder, kit: GlancesKit, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and there is no estimate."""
    await kit.prepare()
    with patch(f"{_ESTIMATE}.async_recorded", side_effect=ValueError):
        assert await _text(kit, text=_TEXT) == ""
    assert "Unexpected error while estimating" in caplog.text


async def test_templates_with_errors(
    recorder_mock: Recorder, kit: GlancesKit, caplog: pytest.LogCaptureFixture
) -> None:
    """What is wrong with a template is logged for the present, and not again for every moment of the past."""
    await kit.prepare()
    await _record(kit, _ROOM, _NOW - 9 * _DAY, 2 * _HOUR, "20", "unavailable")
    caplog.clear()
    wrong = {"title": "{{ states.sensor.room.attributes.none }}", "subtext": "{{ states('sensor.room') | float }}"}
    assert await _text(kit, text=_TEXT, **wrong) != ""
    assert [record.levelname for record in caplog.records if record.levelno >= logging.WARNING] == ["WARNING"] * 2


async def test_group(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """The members of a group are not recorded, so those of now are counted."""
    await kit.prepare()
    kit.freezer.move_to(_NOW - 9 * _DAY)
    windows = ["binary_sensor.a", "binary_sensor.b"]
    for name in windows:
        kit.hass.states.async_set(name, "on", {"device_class": "window"})
    assert await async_setup_component(kit.hass, "group", {"group": {"windows": {"entities": windows}}})
    await kit.settle()
    await _record(kit, windows[0], _NOW - 8.5 * _DAY, 2 * _HOUR, "on", "off")
    text = await _text(kit, text=entity("group.windows", detail="how_many"))
    assert text == "Updates a day: about 12 of 50, most by Living room temperature."
    assert text == await _text(kit, text={"entity": {"entity_id": windows, "detail": "how_many"}})


async def test_excluded(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """An entity that is not recorded is one that never changed, or there is no estimate."""
    await kit.prepare()
    kit.freezer.move_to(_NOW - 9 * _DAY)
    kit.hass.states.async_set("sensor.excluded", "on")
    kit.freezer.move_to(_NOW)
    assert await _text(kit, text="{{ states('sensor.excluded') }}") == "Updates a day: about 8 of 50."
    kit.hass.states.async_set("sensor.excluded", "off")
    assert await _text(kit, text="{{ states('sensor.excluded') }}") == ""


async def test_alerts(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """An alert counts, or is left out where too little is recorded of its entity."""
    await kit.prepare()
    alarm = AlertConfig.from_data(alert(DOOR)["data"], "door", "Door")
    await _record(kit, DOOR, _NOW - 2 * _DAY, 6 * _HOUR, "open", "closed")
    await _record(kit, _ROOM, _NOW - 9 * _DAY, _DAY, "20")
    without = await _text(kit, alarm, text=_TEXT)
    assert without == "Updates a day: about 8 of 50. Alerts are not counted."


async def test_quiet_while(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """A widget is quiet as it was, or the estimate says that too little of the entity is recorded."""
    await kit.prepare()
    await _record(kit, "input_boolean.bed", _NOW - 9 * _DAY, 12 * _HOUR, "on", "off")
    await _record(kit, _ROOM, _NOW - 9 * _DAY, 2 * _HOUR, "20", "25")
    quiet = await _text(kit, text=_TEXT, quiet_while="input_boolean.bed")
    assert quiet == "Updates a day: about 6 of 50, most by Living room temperature."
    kit.hass.states.async_set("sensor.excluded", "on", {"friendly_name": "Bed"})
    text = await _text(kit, text=_TEXT, quiet_while="sensor.excluded")
    assert text == (
        "Updates a day: about 12 of 50, most by Living room temperature. The times when Bed is on are not considered,"
        " because too few of them are recorded."
    )


async def test_removed(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """An entity that was removed and came back, in a widget that says so."""
    await kit.prepare()
    await _record(kit, _ROOM, _NOW - 9 * _DAY, 12 * _HOUR, "20")
    for number in range(5, 0, -1):
        kit.freezer.move_to(_NOW - number * _DAY)
        kit.hass.states.async_remove(_ROOM)
        kit.freezer.move_to(_NOW - number * _DAY + 2 * _HOUR)
        kit.hass.states.async_set(_ROOM, "20")
    kit.freezer.move_to(_NOW)
    await async_wait_recording_done(kit.hass)
    text = await _text(kit, text="{% if states('sensor.room') == '20' %}There{% else %}Gone{% endif %}")
    assert text.startswith("Updates a day: about 9 of 50, most by")


async def test_attribute_that_is_not_recorded(recorder_mock: Recorder, kit: GlancesKit) -> None:
    """What never had a value on these days, and has one now, is not recorded."""
    await kit.prepare()
    await _record(kit, _ROOM, _NOW - 9 * _DAY, 12 * _HOUR, "unavailable")
    assert (await _text(kit, text=_TEXT)).startswith("Updates a day: about")
    kit.hass.states.async_set(_ROOM, "20")
    assert await _text(kit, text=_TEXT) == ""


@pytest.mark.parametrize(("depth", "is_known"), [(2, True), (3, False)])
async def test_other_entities(recorder_mock: Recorder, kit: GlancesKit, depth: int, *, is_known: bool) -> None:
    """A template that used other entities on these days is replayed again with those, a few times."""
    await kit.prepare()
    for entity_id in _OTHERS[: depth + 1]:
        await _record(kit, entity_id, _NOW - 9 * _DAY, 12 * _HOUR, "on", "off")
        kit.hass.states.async_set(entity_id, "off")
    text = "A"
    for entity_id in reversed(_OTHERS[: depth + 1]):
        text = f"{{% if is_state('{entity_id}', 'on') %}}{text}{{% else %}}B{{% endif %}}"
    assert (await _text(kit, text=text) != "") is is_known
