"""A number that swings about the limit of an alert takes no more urgent updates than one that stays beyond it."""

from typing import Any

from homeassistant.config_entries import ConfigSubentryData
import pytest

from .kit import DOOR, MINUTE, ROUNDING, SETTLE, SPACING, GlancesKit, alert, widget
from .test_entities import state

LEVEL = "sensor.level"
OTHER = "sensor.other"
WIDGET = {"title": "Outside"}
WARM = {"title": "Warm"}
ACTIVE = "binary_sensor.warm"
STATUS = "sensor.iphone_glance_status"
QUIET = {"quiet_from": "11:00:00", "quiet_until": "23:00:00"}
_HOUR = 60 * MINUTE


def warm(*entities: str, **data: Any) -> ConfigSubentryData:
    """Describe an alert that begins above 20."""
    limits = {} if "below" in data else {"above": 20}
    return alert(*(entities or [LEVEL]), called="Warm", title="Warm", **(limits | data))


async def load(kit: GlancesKit, *alerts: ConfigSubentryData, **data: Any) -> Any:
    """Load a widget and alerts, and let the first update be an hour ago."""
    for entity in (LEVEL, OTHER):
        await kit.state(entity, "19.9")
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(title="Outside", daily_limit=0, **data), *(alerts or [warm()]))
    await kit.tick(_HOUR)
    kit.pushed()
    return entry


async def hold(kit: GlancesKit, entity: str, value: str, minutes: int) -> None:
    """Let an entity have a state for so many minutes, and let the time pass minute by minute."""
    await kit.state(entity, value)
    for _ in range(minutes):
        await kit.tick(MINUTE)


@pytest.mark.parametrize(
    ("limits", "inside", "outside"),
    [
        pytest.param({"above": 20}, "20.1", "19.9", id="above"),
        pytest.param({"below": 20}, "19.9", "20.1", id="below"),
        pytest.param({"above": 20, "below": 30}, "29.9", "30.1", id="between"),
        pytest.param({"above": 20}, "21", "-5", id="far"),
    ],
)
async def test_value_that_swings(kit: GlancesKit, limits: dict[str, Any], inside: str, outside: str) -> None:
    """Its first begin and its first end do not wait; after that, an update goes every 20 minutes at most."""
    await load(kit, warm(**limits))
    await hold(kit, LEVEL, outside, 25)
    await kit.tick(_HOUR)
    kit.pushed()
    await hold(kit, LEVEL, inside, 5)
    kit.assert_pushed(WARM)
    await hold(kit, LEVEL, outside, 5)
    kit.assert_pushed(WIDGET)
    for _ in range(11):
        await hold(kit, LEVEL, inside, 5)
        await hold(kit, LEVEL, outside, 5)
    assert len(kit.pushed()) <= 6


async def test_in_quiet_hours(kit: GlancesKit) -> None:
    """It takes nothing at night, until it stays beyond its limit for 20 minutes."""
    await load(kit, **QUIET)
    await hold(kit, LEVEL, "20.1", 5)
    kit.assert_pushed(WARM)
    await hold(kit, LEVEL, "19.9", 5)
    kit.assert_pushed(WIDGET)
    for _ in range(3):
        await hold(kit, LEVEL, "20.1", 5)
        await hold(kit, LEVEL, "19.9", 5)
    kit.assert_nothing_pushed()
    await hold(kit, LEVEL, "20.1", 19)
    assert (state(kit, ACTIVE), state(kit, STATUS)) == ("on", "quiet_hours")
    kit.assert_nothing_pushed()
    await hold(kit, LEVEL, "20.2", 2)
    kit.assert_pushed(WARM)
    await hold(kit, LEVEL, "19.9", 2)
    kit.assert_pushed(WIDGET)


@pytest.mark.parametrize(("pause", "is_urgent"), [(19, False), (20, True)])
async def test_pause(kit: GlancesKit, pause: int, *, is_urgent: bool) -> None:
    """One that begins 20 minutes after its end is as urgent as the first time."""
    await load(kit, **QUIET)
    await hold(kit, LEVEL, "21", 2)
    kit.assert_pushed(WARM)
    await hold(kit, LEVEL, "19", pause)
    kit.assert_pushed(WIDGET)
    await hold(kit, LEVEL, "21", 2)
    assert kit.pushed() == ([WARM] if is_urgent else [])


@pytest.mark.parametrize("pause", [1, 5, 19])
async def test_door_that_opens_again(kit: GlancesKit, pause: int) -> None:
    """A state is not a limit: it is urgent each time, in an alert with limits, too."""
    await load(kit, alert(DOOR, LEVEL, called="Door", states=["open"], above=20, title="Door"), **QUIET)
    for _ in range(2):
        await hold(kit, DOOR, "open", 2)
        kit.assert_pushed({"title": "Door"})
        await hold(kit, DOOR, "closed", 2)
        kit.assert_pushed(WIDGET)
        await kit.tick(pause * MINUTE)


async def test_another_entity_of_the_alert(kit: GlancesKit) -> None:
    """What swings holds back neither the begin nor the end of another one."""
    await load(kit, warm(LEVEL, OTHER, text="{{ entity_id }}"), **QUIET)
    for _ in range(2):
        await hold(kit, LEVEL, "20.1", 5)
        await hold(kit, LEVEL, "19.9", 5)
    assert len(kit.pushed()) == 2
    await kit.tick(_HOUR)
    await hold(kit, LEVEL, "20.1", 2)
    await hold(kit, LEVEL, "19.9", 2)
    kit.pushed()
    await hold(kit, LEVEL, "20.1", 2)
    kit.assert_nothing_pushed()
    await hold(kit, OTHER, "25", 2)
    kit.assert_pushed(WARM | {"text": LEVEL})
    await hold(kit, LEVEL, "19.9", 2)
    kit.assert_nothing_pushed()
    await hold(kit, OTHER, "19", 2)
    kit.assert_pushed(WIDGET | {"text": ""})


@pytest.mark.parametrize("swings", [False, True])
async def test_another_entity_while_updates_run_short(kit: GlancesKit, *, swings: bool) -> None:
    """An urgent state has to last three minutes then, however often another entity of the alert swings meanwhile."""
    for entity in (LEVEL, OTHER):
        await kit.state(entity, "19.9")
    await kit.load(widget(title="Outside", **QUIET, daily_limit=10), warm(LEVEL, OTHER, text="{{ entity_id }}"))
    for number in range(6):
        await kit.tick(SPACING)
        await kit.update(subtext=str(number), urgent=True)
    await kit.tick(_HOUR)
    await hold(kit, OTHER, "21", 2)
    await hold(kit, OTHER, "19", 2)
    # One of them is kept for the hours after midnight.
    assert state(kit, "sensor.iphone_glance_updates_left_today") == "2"
    kit.pushed()
    await kit.state(LEVEL, "25")
    for minute in range(4):
        if swings:
            await kit.state(OTHER, "19" if minute % 2 else "21")
        await kit.tick(MINUTE)
    kit.assert_pushed(WARM | {"text": LEVEL, "subtext": "5"})


async def test_two_alerts(kit: GlancesKit) -> None:
    """The end of one says nothing of another one with the same entity."""
    await load(kit, warm(), alert(LEVEL, called="Hot", title="Hot", above=30), **QUIET)
    await hold(kit, LEVEL, "21", 5)
    await hold(kit, LEVEL, "19", 5)
    kit.assert_pushed(WARM, WIDGET)
    await hold(kit, LEVEL, "21", 2)
    kit.assert_nothing_pushed()
    await hold(kit, LEVEL, "35", 5)
    kit.assert_pushed({"title": "Hot"})


async def test_limit_that_lasts(kit: GlancesKit) -> None:
    """It is the begin of the alert that counts, not when its limit was crossed."""
    await load(kit, warm(lasts=300), **QUIET)
    await hold(kit, LEVEL, "21", 7)
    await hold(kit, LEVEL, "19", 16)
    kit.assert_pushed(WARM, WIDGET)
    await hold(kit, LEVEL, "21", 7)
    kit.assert_pushed(WARM)


@pytest.mark.parametrize("how", ["reload", "restart"])
async def test_restart(kit: GlancesKit, how: str) -> None:
    """What is known of the last end outlives both, and so does what has begun again."""
    entry = await load(kit, **QUIET)
    await hold(kit, LEVEL, "21", 2)
    await hold(kit, LEVEL, "19", 2)
    kit.assert_pushed(WARM, WIDGET)

    async def again() -> None:
        if how == "restart":
            await kit.hass.config_entries.async_unload(entry.entry_id)
            value = kit.hass.states.get(LEVEL)
            assert value is not None
            await kit.state(LEVEL, "unavailable")
            await kit.setup(entry)
            await kit.tick(MINUTE)
            await kit.state(LEVEL, value.state)
        else:
            await kit.hass.config_entries.async_reload(entry.entry_id)
            await kit.settle()

    await again()
    await hold(kit, LEVEL, "21", 2)
    await again()
    await hold(kit, LEVEL, "21", 2)
    await hold(kit, LEVEL, "19", 2)
    await hold(kit, LEVEL, "21", 2)
    kit.assert_nothing_pushed()
    assert state(kit, ACTIVE) == "on"


async def test_alert_that_is_shown_when_it_has_lasted(kit: GlancesKit) -> None:
    """Nothing is sent again when it counts as urgent again."""
    await load(kit)
    await hold(kit, LEVEL, "21", 2)
    await hold(kit, LEVEL, "19", 2)
    kit.assert_pushed(WARM, WIDGET)
    await hold(kit, LEVEL, "21", 19)
    kit.assert_pushed(WARM)
    await hold(kit, LEVEL, "22", 60)
    kit.assert_nothing_pushed()
    await kit.state(LEVEL, "19")
    await kit.tick(SETTLE + ROUNDING)
    kit.assert_pushed(WIDGET)


async def test_clock_that_is_set_back(kit: GlancesKit) -> None:
    """An end in the future is none: what begins then is urgent."""
    await load(kit, **QUIET)
    await hold(kit, LEVEL, "21", 2)
    await hold(kit, LEVEL, "19", 2)
    kit.pushed()
    kit.freezer.tick(-2 * _HOUR)
    await kit.tick(_HOUR)
    await hold(kit, LEVEL, "21", 2)
    kit.assert_pushed(WARM)
