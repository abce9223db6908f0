"""Numbers for number fields: what is read, and what people see where there is none."""

from typing import Any

from homeassistant.exceptions import ServiceValidationError
import pytest

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, alert, widget
from .test_alert_flow import choose
from .test_repairs import issues
from .test_widget_flow import enter
from .test_widget_preview import NO_VALUE, preview

LOOK = 5 * MINUTE
HALF_AN_HOUR = 30 * MINUTE
NONE = "{} takes one number, but this text has none, or more than one."

WRITTEN = [
    pytest.param("85 %", "85", id="percent"),
    pytest.param("21,6", "22", id="decimal-comma"),
    pytest.param("21,4 °C", "21", id="decimal-comma-and-unit"),
    pytest.param("1.234,5", "1234", id="thousands-and-decimal-comma"),
    pytest.param("1,234", "1234", id="thousands"),
    pytest.param("1.234", "1", id="state"),
    pytest.param("1 234", "1234", id="thousands-with-a-space"),
    pytest.param("\u22125", "-5", id="minus-sign"),
    pytest.param("≈ 12", "12", id="about"),
    pytest.param("3 open", "3", id="word"),
    pytest.param("3\n", "3", id="line-break"),
]


@pytest.mark.parametrize(("written", "number"), WRITTEN)
async def test_number_of_a_template(kit: GlancesKit, written: str, number: str) -> None:
    """A template may write a number as people do."""
    await kit.state("sensor.a", written)
    await kit.load(widget(count="{{ states('sensor.a') }}"))
    kit.assert_pushed({"count": number})


@pytest.mark.parametrize(("written", "number"), WRITTEN)
async def test_number_of_an_action(kit: GlancesKit, written: str, number: str) -> None:
    """So may an action."""
    await kit.load(widget())
    assert (await kit.update(count=written))["status"] == "sent"
    kit.assert_pushed({"count": number})


@pytest.mark.parametrize(("written", "number"), WRITTEN)
async def test_number_of_an_alert(kit: GlancesKit, written: str, number: str) -> None:
    """So may an alert."""
    await kit.state(DOOR, "open", left=written)
    await kit.load(widget(), alert(count="{{ state_attr(entity_id, 'left') }}"))
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed({"count": number})


@pytest.mark.parametrize("written", ["open", "3 of 5", "12:30", "2026-11-29", "None"])
async def test_no_number_of_an_action(kit: GlancesKit, written: str) -> None:
    """The error of an action names the field."""
    await kit.load(widget())
    with pytest.raises(ServiceValidationError) as raised:
        await kit.update(count=written)
    assert raised.value.translation_key == "not_a_number"
    assert raised.value.translation_placeholders == {"field": "count"}


@pytest.mark.parametrize("written", ["half full", "3 of 5"])
async def test_preview_tells_of_a_text_without_a_number(kit: GlancesKit, written: str) -> None:
    """The field is named, beside what its template gives it."""
    await kit.state("sensor.a", written)
    await kit.load()
    shown = await preview(kit, count="{{ states('sensor.a') }}", percent="{{ states('sensor.a') }}", text="x")
    assert shown["count"] == f"{NO_VALUE} {written} · **{NONE.format('Count')}**"
    assert shown["percent"] == f"{NO_VALUE} {written} · **{NONE.format('Percent')}**"


async def test_preview_tells_it_in_the_language_of_the_server(kit: GlancesKit) -> None:
    """The name of the field, too."""
    kit.hass.config.language = "de"
    await kit.state("sensor.a", "halb voll")
    await kit.load()
    shown = await preview(kit, count="{{ states('sensor.a') }}")
    assert "**Zahl erwartet eine einzige Zahl, aber dieser Text enthält keine" in shown["count"]


@pytest.mark.parametrize(
    ("template", "is_told"),
    [
        pytest.param("{{ 0.85 }}", True, id="fraction"),
        pytest.param("{{ states('sensor.level') }}", True, id="fraction-of-an-entity"),
        pytest.param("{{ 0.004 }}", True, id="small-fraction"),
        pytest.param("0,85", True, id="fraction-with-a-comma"),
        pytest.param("{{ 0.85 }} %", False, id="with-unit"),
        pytest.param("{{ 0 }}", False, id="nothing"),
        pytest.param("{{ 1.0 }}", False, id="one"),
        pytest.param("{{ 85 }}", False, id="percent"),
        pytest.param("{{ -0.5 }}", False, id="negative"),
    ],
)
async def test_preview_tells_of_a_fraction(kit: GlancesKit, template: str, is_told: bool) -> None:  # noqa: FBT001
    """A part of 1 is rounded to 0 or 1 percent, which is hardly what is meant."""
    await kit.state("sensor.level", "0.5")
    await kit.load()
    shown = await preview(kit, percent=template, count=template)
    assert ("Percent takes a number from 0 to 100" in shown["percent"]) is is_told
    assert "**" not in shown["count"]


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("{{ states('sensor.gone') }}", id="entity-that-is-away"),
        pytest.param("{{ states('sensor.a') }}", id="number"),
        pytest.param("{{ state_attr('sensor.a', 'level') }}", id="attribute-that-is-not-there"),
        pytest.param("{{ '' }}", id="nothing"),
    ],
)
async def test_preview_tells_of_nothing_else(kit: GlancesKit, template: str) -> None:
    """What may be right in a moment, or is meant, is not marked."""
    await kit.state("sensor.a", "5 km")
    await kit.load()
    assert "**" not in (await preview(kit, count=template, text="x"))["count"]


@pytest.mark.parametrize(("state", "is_told"), [("open", True), ("unavailable", False)])
async def test_preview_of_an_alert_tells_it(kit: GlancesKit, state: str, is_told: bool) -> None:  # noqa: FBT001
    """So does the form of an alert, unless its entity is away."""
    await kit.state(DOOR, state, friendly_name="Garage door")
    entry = await kit.load(widget(title="Home"))
    form = await choose(kit, entry, DOOR)
    form = await enter(kit, form, states=["open"], count="{{ state }}", urgent=True)
    assert ("**Count takes one number" in form["description_placeholders"]["count"]) is is_told


TEMPLATE = "{{ states('cover.garage_door') }}"
TOLD = {"without_number": {"widget": "iphone", "fields": "Count\\: open"}}


async def _pass(kit: GlancesKit, seconds: int) -> None:
    for _ in range(seconds // LOOK):
        await kit.tick(LOOK)


@pytest.mark.parametrize("config", [pytest.param({}, id="dash"), pytest.param({"unavailable": "keep"}, id="kept")])
async def test_repair(kit: GlancesKit, config: dict[str, Any]) -> None:
    """A field that has had no number for half an hour has a repair, which ends when it has one."""
    await kit.state(DOOR, "open")
    await kit.load(widget(count=TEMPLATE, title="Door", **config))
    await _pass(kit, HALF_AN_HOUR - LOOK)
    assert issues(kit) == {}
    await _pass(kit, 2 * LOOK)
    assert issues(kit) == TOLD
    await kit.change(DOOR, "3 open")
    await kit.tick(LOOK + ROUNDING)
    assert issues(kit) == {}


async def test_repair_of_several_fields(kit: GlancesKit) -> None:
    """Each is named."""
    await kit.state(DOOR, "half [full]")
    await kit.load(widget(count=TEMPLATE, percent=TEMPLATE))
    await _pass(kit, HALF_AN_HOUR + LOOK)
    (placeholders,) = issues(kit).values()
    assert placeholders["fields"] == r"Count\: half \[full\], Percent\: half \[full\]"


async def test_word_that_passes_is_no_repair(kit: GlancesKit) -> None:
    """A cover that opens has a position again soon."""
    await kit.state(DOOR, "0")
    await kit.load(widget(count=TEMPLATE, title="Door"))
    for _ in range(3):
        await kit.change(DOOR, "opening")
        await _pass(kit, HALF_AN_HOUR - LOOK)
        await kit.change(DOOR, "50")
        await _pass(kit, HALF_AN_HOUR - LOOK)
        await kit.change(DOOR, "0")
        await _pass(kit, LOOK)
    assert issues(kit) == {}


async def test_entity_that_is_away_is_no_repair(kit: GlancesKit) -> None:
    """It is reported elsewhere, and the repair stays while the number is not known."""
    await kit.state(DOOR, "unavailable")
    await kit.load(widget(count=TEMPLATE, title="Door"))
    await _pass(kit, 2 * HALF_AN_HOUR)
    assert issues(kit) == {}
    await kit.change(DOOR, "open")
    await _pass(kit, HALF_AN_HOUR + 4 * LOOK)
    assert issues(kit) == TOLD
    await kit.change(DOOR, "unavailable")
    await _pass(kit, HALF_AN_HOUR)
    assert issues(kit) == TOLD


async def test_number_that_waits_for_its_slot_is_no_repair(kit: GlancesKit) -> None:
    """What counts is what the template gives now, even while an update waits for hours."""
    await kit.state(DOOR, "open")
    await kit.load(widget(count=TEMPLATE, title="Door", min_interval=6 * 60 * MINUTE))
    await kit.change(DOOR, "5")
    await _pass(kit, 3 * HALF_AN_HOUR)
    assert issues(kit) == {}


async def test_repair_stays_through_a_reload(kit: GlancesKit) -> None:
    """It ends when the widget is edited, and not because the account was reloaded."""
    await kit.state(DOOR, "open")
    entry = await kit.load(widget(count=TEMPLATE, title="Door"))
    await _pass(kit, HALF_AN_HOUR + LOOK)
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await _pass(kit, 2 * LOOK)
    assert issues(kit) == TOLD
    (item,) = entry.subentries.values()
    kit.hass.config_entries.async_update_subentry(entry, item, data={"device": "iphone", "count": "5"})
    await kit.settle()
    assert issues(kit) == {}
    await kit.tick(SPACING)
    assert issues(kit) == {}
