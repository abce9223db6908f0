"""What counts as a change: which differences are sent by themselves, and which wait for the next update."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from homeassistant.const import ATTR_DEVICE_CLASS, ATTR_UNIT_OF_MEASUREMENT
from homeassistant.helpers import entity_registry as er
import pytest

from tests.unit.documents import section

from .kit import DOOR, MINUTE, ROUNDING, SETTLE, SPACING, GlancesKit, alert, widget

ENTITY = "sensor.x"
STATUS = "sensor.iphone_glance_status"
SINCE = "small_change_since"
HOUR = 60 * MINUTE
_SHOWN = "{{ states('sensor.x', with_unit=True) }}"
_RAW = "{{ states('sensor.x') }}"


@dataclass(frozen=True)
class Row:
    """A change of `sensor.x`, and what the widget says before and after it."""

    before: str
    after: str
    unit: str | None = None
    template: str = _SHOWN
    attributes: dict[str, Any] = field(default_factory=dict)
    new_attributes: dict[str, Any] | None = None
    name: str = "text"
    says: str | None = None

    @property
    def old(self) -> dict[str, Any]:
        """Return the attributes before."""
        return self.attributes | ({} if self.unit is None else {ATTR_UNIT_OF_MEASUREMENT: self.unit})

    @property
    def new(self) -> dict[str, Any]:
        """Return the attributes after."""
        return self.old | (self.new_attributes or {})


def _thousands(unit: str, sign: str = ",") -> str:
    return f"{{{{ '{{:,.0f}}'.format(states('sensor.x') | float) | replace(',', '{sign}') }}}} {unit}"


MEASURED = {"state_class": "measurement"}
WORTH_IT = {
    "price": Row("0.05", "0.35", "€/kWh"),
    "price-preset": Row("0.25", "0.49", "EUR/kWh", attributes={ATTR_DEVICE_CLASS: "monetary"}),
    "price-per-litre": Row("1.689", "1.789", "€/L"),
    "price-below-zero": Row("0.03", "-0.02", "€/kWh"),
    "blood-sugar": Row("3.9", "3.4", "mmol/L"),
    "pressure": Row("1.5", "1.0", "bar"),
    "tyre": Row("2.4", "2.2", "bar"),
    "rain-begins": Row("0.0", "0.5", "mm"),
    "rain-ends": Row("0.4", "0", "mm"),
    "uv": Row("0.4", "0.9", "UV index"),
    "power-from-nothing": Row("0", "120", "W"),
    "power-to-nothing": Row("95", "0", "W"),
    "grid-turns": Row("-60", "70", "W"),
    "kilowatts-from-nothing": Row("0.0", "0.12", "kW"),
    "irradiance": Row("100", "200", "W/m²"),
    "wind": Row("8", "14", "km/h"),
    "volts": Row("12.6", "12.1", "V"),
    "amperes": Row("0.2", "0.6", "A"),
    "ph": Row("7.2", "7.7", attributes={ATTR_DEVICE_CLASS: "ph"}),
    "ph-by-state-class": Row("7.2", "7.7", attributes=MEASURED),
    "percent-to-nothing": Row("2", "0", "%"),
    "percent-to-all": Row("98", "100", "%"),
    "percent-from-nothing": Row("0", "1", "%"),
    "percent-field-to-all": Row("99", "100", "%", _RAW, name="percent"),
    "fahrenheit": Row("70", "71", "°F"),
    "carbon-dioxide": Row("842", "910", "ppm"),
    "count": Row("99", "100", template=_RAW, attributes=MEASURED, name="count"),
    "count-of-parcels": Row("40", "41", template=_RAW, name="count"),
    "count-of-many": Row("1500", "1501", template=_RAW, attributes=MEASURED, name="count"),
    "count-goes": Row("1", "0", template=_RAW, attributes=MEASURED, name="count"),
    "whole-number-in-a-text": Row("99", "100", template="{{ states('sensor.x') }} parcels", attributes=MEASURED),
    "thousands": Row("1234", "9876", "W", _thousands("W"), says="9,876 W"),
    "thousands-by-little": Row("1234", "1434", "W", _thousands("W"), says="1,434 W"),
    "thousands-with-points": Row("1234", "9834", "W", _thousands("W", "."), says="9.834 W"),
    "thousands-with-spaces": Row("1234", "9834", "W", _thousands("W", " "), says="9 834 W"),
    "thousands-with-apostrophes": Row("1234", "9834", "W", _thousands("W", "\N{RIGHT SINGLE QUOTATION MARK}")),
    "thousands-of-steps": Row("1234", "1734", "steps", _thousands("steps"), says="1,734 steps"),
    "thousands-to-hundreds": Row("1234", "734", "steps", _thousands("steps"), says="734 steps"),
    "thousands-in-a-text": Row("1.234", "9.834", template="{{ states('sensor.x') }} W"),
    "thousands-that-may-be-decimals": Row(
        "5", "6", "km", "{{ {'5': '1,234', '6': '9,834'}[states('sensor.x')] }} W", says="9,834 W"
    ),
    "code": Row("4821", "4862", template="Guest code {{ states('sensor.x') }}"),
    "code-with-zero": Row("0421", "0424", template="Code {{ states('sensor.x') }}"),
    "telephone": Row("+493012345678", "+493012399999", template="Last call {{ states('sensor.x') }}"),
    "gate": Row("100", "101", template="Gate {{ states('sensor.x') }}"),
    "error": Row("404", "403", template="Error {{ states('sensor.x') }}"),
    "train": Row("ICE 1044", "ICE 1045"),
    "version": Row("2026.10.4", "2026.10.5"),
    "house-number": Row("Elm Street 221", "Elm Street 223"),
    "gate-beside-a-temperature": Row(
        "100", "101", template="Gate {{ states('sensor.x') }} · {{ states('sensor.other', with_unit=True) }}"
    ),
    "code-in-an-attribute-beside-a-temperature": Row(
        "ready",
        "ready",
        template="{{ state_attr('sensor.x', 'code') }} · {{ states('sensor.other', with_unit=True) }}",
        attributes={"code": "4821"},
        new_attributes={"code": "4862"},
    ),
    "second-caller": Row(
        "ringing",
        "ringing",
        template="Call from unknown ({{ state_attr('sensor.x', 'number') }})",
        attributes={"number": "03012345678"},
        new_attributes={"number": "03012399999"},
        says="Call from unknown (03012399999)",
    ),
    "attribute": Row(
        "heat",
        "heat",
        template="{{ state_attr('sensor.x', 'current_temperature') }} °C",
        attributes={"current_temperature": 20.0},
        new_attributes={"current_temperature": 21.0},
    ),
    "clock-in-a-template": Row(
        "20", "30", "°C", "{{ states('sensor.x') ~ ' °C' if now().hour > 5 else 'night' }}", says="30 °C"
    ),
    "clock-in-another-unit": Row(
        "2000",
        "5000",
        "W",
        "{{ (states('sensor.x') | float / 1000) | round(1) }} kW {{ now().hour }}",
        says="5.0 kW 12",
    ),
    "clock-and-a-word": Row("Lisa", "Tom", template="{{ states('sensor.x') }} {{ now().minute }}", says="Tom 20"),
    "clock-and-a-code": Row("4821", "4862", template="{{ states('sensor.x') }} {{ now().hour }}", says="4862 12"),
    "clock-and-a-large-count": Row(
        "40",
        "41",
        template="{{ states('sensor.x') }} parcels {{ now().hour }}",
        attributes=MEASURED,
        says="41 parcels 12",
    ),
    "whole-number-with-a-decimal": Row("40.0", "41.0", template="{{ states('sensor.x') }}", attributes=MEASURED),
    "count-beside-a-temperature": Row(
        "40", "41", template="{{ states('sensor.x') | int + 2 }} online · {{ states('sensor.other', with_unit=True) }}"
    ),
    "clock-and-a-count": Row(
        "3",
        "4",
        template="{{ states('sensor.x') | int + 0 * now().hour }}",
        attributes=MEASURED,
        name="count",
        says="4",
    ),
}
NOT_WORTH_IT = {
    "temperature": Row("20.1", "20.4", "°C"),
    "temperature-about-zero": Row("0.2", "-0.2", "°C"),
    "power": Row("2340", "2360", "W"),
    "power-with-thousands": Row("2340", "2360", "W", _thousands("W")),
    "power-with-points": Row("2340", "2360", "W", _thousands("W", ".")),
    "percent": Row("55", "56", "%"),
    "percent-field": Row("55", "56", "%", _RAW, name="percent"),
    "carbon-dioxide": Row("842", "850", "ppm"),
    "carbon-dioxide-as-count": Row("842", "850", "ppm", _RAW, name="count"),
    "standby": Row("0", "0.3", "W"),
    "standby-ends": Row("0.3", "0", "W"),
    "standby-in-kilowatts": Row("0.0", "0.003", "kW"),
    "grid-turns-by-a-watt": Row("-1", "1", "W"),
    "grid-begins": Row("0", "-12", "W"),
    "last-decimal": Row("0.0", "0.1", "A"),
    "price": Row("0.253", "0.255", "€/kWh"),
    "volts": Row("230.1", "231.4", "V"),
    "steps": Row("8734", "8790", "steps", _thousands("steps")),
    "temperature-beside-a-word": Row("20.1", "20.4", "°C", "Ben · {{ states('sensor.x', with_unit=True) }}"),
    "attribute": Row(
        "heat",
        "heat",
        template="{{ state_attr('sensor.x', 'current_temperature') }} °C",
        attributes={"current_temperature": 20.0},
        new_attributes={"current_temperature": 20.4},
    ),
    "clock-in-a-template": Row("20.1", "20.4", "°C", "{{ states('sensor.x') ~ ' °C' if now().hour > 5 else 'night' }}"),
    "clock-beside": Row("20.1", "20.2", "°C", "{{ states('sensor.x') }} °C · {{ now().minute }} min"),
}


async def _begin(kit: GlancesKit, row: Row, **data: Any) -> None:
    """Show what the sensor says, and let the slot open."""
    await kit.state("sensor.other", "21.5", **{ATTR_UNIT_OF_MEASUREMENT: "°C"})
    await kit.state(ENTITY, row.before, **row.old)
    await kit.load(widget(**{row.name: row.template}, **data))
    assert len(kit.pushed()) == 1
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


def _small_since(kit: GlancesKit) -> Any:
    state = kit.hass.states.get(STATUS)
    assert state is not None
    return state.attributes.get(SINCE)


@pytest.mark.parametrize("urgent", [False, True], ids=["ordinary", "urgent"])
@pytest.mark.parametrize("key", WORTH_IT)
async def test_worth_an_update(kit: GlancesKit, key: str, urgent: bool) -> None:  # noqa: FBT001
    """It is sent as soon as the changes have settled, without another change."""
    row = WORTH_IT[key]
    await _begin(kit, row, **({"urgent_entities": [ENTITY]} if urgent else {}))
    await kit.change(ENTITY, row.after, **row.new)
    (glance,) = kit.pushed()
    if row.says is not None:
        assert glance[row.name] == row.says
    assert _small_since(kit) is None
    # Only once.
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


@pytest.mark.parametrize("key", NOT_WORTH_IT)
async def test_not_worth_an_update(kit: GlancesKit, key: str) -> None:
    """It waits for the repeat, and the status stays up to date."""
    row = NOT_WORTH_IT[key]
    await _begin(kit, row)
    await kit.change(ENTITY, row.after, **row.new)
    for _ in range(40):
        await kit.tick(MINUTE)
    kit.assert_nothing_pushed()
    status = kit.hass.states.get(STATUS)
    assert status is not None
    assert status.state == "up_to_date"
    await kit.tick(3 * HOUR)
    assert len(kit.pushed()) == 1


@pytest.mark.parametrize("key", [key for key, row in NOT_WORTH_IT.items() if row.before != row.after])
async def test_of_an_urgent_entity_any_difference_is(kit: GlancesKit, key: str) -> None:
    """Where the state of an urgent entity has changed, what is visible of it is sent."""
    row = NOT_WORTH_IT[key]
    await _begin(kit, row, urgent_entities=[ENTITY])
    await kit.change(ENTITY, row.after, **row.new)
    assert len(kit.pushed()) == 1
    # An attribute is not the state.
    await kit.tick(SPACING + ROUNDING)
    await kit.change(ENTITY, row.after, **row.new, other=1)
    kit.assert_nothing_pushed()


async def test_urgent_entity_beside_a_number(kit: GlancesKit) -> None:
    """What another entity changes by a little is not urgent, and not worth an update."""
    await kit.state(DOOR, "closed")
    await _begin(
        kit,
        Row("20.1", "20.4", "°C", "{{ states('cover.garage_door') }} {{ states('sensor.x') }} °C"),
        urgent_entities=[DOOR],
    )
    await kit.change(ENTITY, "20.4", **{ATTR_UNIT_OF_MEASUREMENT: "°C"})
    kit.assert_nothing_pushed()
    await kit.change(DOOR, "open")
    kit.assert_pushed({"text": "open 20.4 °C"})


@pytest.mark.parametrize(
    ("key", "ends"),
    [
        *[(WORTH_IT[key], True) for key in ("thousands", "thousands-of-steps", "code", "price", "clock-in-a-template")],
        *[(NOT_WORTH_IT[key], False) for key in ("power-with-thousands", "temperature", "standby", "clock-beside")],
    ],
    ids=str,
)
async def test_value_of_an_action(kit: GlancesKit, key: Row, ends: bool) -> None:  # noqa: FBT001
    """It ends when what is below it changes by as much as is worth an update."""
    await _begin(kit, key)
    await kit.update(text="Dinner")
    kit.assert_pushed({"text": "Dinner"})
    await kit.tick(SPACING + ROUNDING)
    await kit.change(ENTITY, key.after, **key.new)
    assert len(kit.pushed()) == ends


async def test_value_of_an_action_over_a_clock(kit: GlancesKit) -> None:
    """The minute alone does not end it."""
    await _begin(kit, Row("20", "20", "°C", "{{ states('sensor.x') }} °C {{ now().minute }}"))
    await kit.update(text="Dinner")
    kit.assert_pushed({"text": "Dinner"})
    for _ in range(40):
        await kit.tick(MINUTE)
    kit.assert_nothing_pushed()


@pytest.mark.parametrize(
    "template",
    [
        "{{ now() }}",
        "{{ utcnow().timestamp() | int }}",
        "{{ now().hour }}:{{ now().minute }}",
        "{{ states('sensor.x') }} °C · {{ now().minute }}",
        "{{ states('sensor.x') }} °C {{ relative_time(states.sensor.x.last_changed) }}",
        "{{ ((now() - states.sensor.x.last_changed).total_seconds() // 60) | int }} min",
        "{{ '{:,.0f}'.format(as_timestamp(now())) }} s",
    ],
)
async def test_what_the_clock_alone_changes(kit: GlancesKit, template: str) -> None:
    """It is never worth an update, over a restart either, and no small change waits."""
    await _begin(kit, Row("20", "20", "°C", template))
    for _ in range(75):
        await kit.tick(MINUTE)
    kit.assert_nothing_pushed()
    assert _small_since(kit) is None
    (entry,) = kit.hass.config_entries.async_entries("pushover_glances")
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.settle()
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


async def test_clock_beside_a_number_that_swings(kit: GlancesKit) -> None:
    """A source that changes by a little does not make the minutes count."""
    await _begin(kit, Row("20.1", "20.1", "°C", "{{ states('sensor.x') }} °C · {{ now().minute }}"))
    for number in range(40):
        await kit.change(ENTITY, f"20.{number % 3}", **{ATTR_UNIT_OF_MEASUREMENT: "°C"})
        await kit.tick(MINUTE)
    kit.assert_nothing_pushed()
    await kit.change(ENTITY, "20.9", **{ATTR_UNIT_OF_MEASUREMENT: "°C"})
    (glance,) = kit.pushed()
    assert glance["text"].startswith("20.9 °C")


async def test_clock_over_a_restart(kit: GlancesKit) -> None:
    """What a source has changed while nothing was loaded counts, because what was shown is remembered."""
    row = WORTH_IT["clock-in-a-template"]
    await _begin(kit, row)
    (entry,) = kit.hass.config_entries.async_entries("pushover_glances")
    await kit.hass.config_entries.async_unload(entry.entry_id)
    await kit.state(ENTITY, "30", **row.new)
    await kit.setup(entry)
    await kit.tick(SETTLE + ROUNDING)
    kit.assert_pushed({"text": "30 °C"})


async def test_clock_in_an_alert(kit: GlancesKit) -> None:
    """The same is true of what an alert says."""
    text = "{{ states('sensor.x') ~ ' °C' if now().hour > 5 else 'night' }} {{ now().minute }}"
    await kit.state(ENTITY, "20.0", **{ATTR_UNIT_OF_MEASUREMENT: "°C"})
    await kit.state(DOOR, "closed")
    await kit.load(widget(title="Home"), alert(text=text, urgent=False))
    await kit.tick(SPACING + ROUNDING)
    await kit.change(DOOR, "open")
    assert [glance.get("text") for glance in kit.pushed()] == [None, "20.0 °C 20"]
    for _ in range(40):
        await kit.tick(MINUTE)
    await kit.change(ENTITY, "20.3", **{ATTR_UNIT_OF_MEASUREMENT: "°C"})
    kit.assert_nothing_pushed()
    await kit.change(ENTITY, "23.0", **{ATTR_UNIT_OF_MEASUREMENT: "°C"})
    assert [glance["text"] for glance in kit.pushed()] == ["23.0 °C 0"]


async def test_display_precision_is_noise(kit: GlancesKit) -> None:
    """What Home Assistant does not display of a sensor is not worth an update."""
    entry = er.async_get(kit.hass).async_get_or_create("sensor", "demo", "x", suggested_object_id="x")
    assert entry.entity_id == ENTITY
    er.async_get(kit.hass).async_update_entity_options(ENTITY, "sensor", {"suggested_display_precision": 1})
    await _begin(kit, Row("0.0", "0.0", "A", _RAW))
    await kit.change(ENTITY, "0.0432", **{ATTR_UNIT_OF_MEASUREMENT: "A"})
    kit.assert_nothing_pushed()
    await kit.change(ENTITY, "0.3432", **{ATTR_UNIT_OF_MEASUREMENT: "A"})
    kit.assert_pushed({"text": "0.3432"})


@pytest.mark.parametrize(
    ("unit", "before", "after"), [("V", "12.6", "12.1"), ("mm", "0.0", "0.4"), ("V", "3.0", "2.7")]
)
async def test_decimals_that_are_not_displayed_by_default(kit: GlancesKit, unit: str, before: str, after: str) -> None:
    """Home Assistant displays volts and millimeters without decimals by itself; a template that writes them means them."""
    entry = er.async_get(kit.hass).async_get_or_create("sensor", "demo", "x", suggested_object_id="x")
    assert entry.entity_id == ENTITY
    er.async_get(kit.hass).async_update_entity_options(ENTITY, "sensor", {"suggested_display_precision": 0})
    await _begin(kit, Row(before, after, unit, _RAW))
    await kit.change(ENTITY, after, **{ATTR_UNIT_OF_MEASUREMENT: unit})
    kit.assert_pushed({"text": after})


async def test_clock_beside_attributes(kit: GlancesKit) -> None:
    """Minutes that happen to be the number of an attribute are still minutes."""
    weather = {"humidity": 55, "wind_speed": 18.4, "cloud_coverage": 31, "uv_index": 2}
    await kit.state("weather.home", "cloudy", **weather)
    text = "{{ states('weather.home') }} {{ now().strftime('%H:%M') }} {{ now().minute }}"
    await kit.load(widget(text=text))
    assert len(kit.pushed()) == 1
    for minute in range(70):
        await kit.tick(MINUTE)
        await kit.change("weather.home", "cloudy", **{**weather, "wind_speed": minute})
    kit.assert_nothing_pushed()


@pytest.mark.parametrize(
    "template",
    [
        "{{ (state_attr('light.hall', 'brightness') / 255 * 100) | round }} % {{ now().minute }}",
        "{{ (states.light.hall.attributes.brightness / 2.55) | round }} % {{ now().minute }}",
    ],
)
async def test_computed_attribute_beside_a_clock(kit: GlancesKit, template: str) -> None:
    """What is computed of an attribute counts although the text does not show the attribute itself."""
    await kit.state("light.hall", "on", brightness=51)
    await kit.load(widget(text=template))
    assert len(kit.pushed()) == 1
    await kit.tick(SPACING + ROUNDING)
    await kit.change("light.hall", "on", brightness=255)
    (glance,) = kit.pushed()
    assert glance["text"].startswith("100 %")


@pytest.mark.parametrize(
    ("key", "before", "after", "template"),
    [
        pytest.param(
            "start_time",
            "2026-11-29 18:00:00",
            "2026-11-29 20:30:00",
            "{{ state_attr('calendar.home', 'start_time')[11:16] }} ({{ now().minute }})",
            id="text",
        ),
        pytest.param(
            "next_setting",
            datetime(2026, 11, 29, 18, 0, tzinfo=UTC),
            datetime(2026, 11, 29, 20, 30, tzinfo=UTC),
            "{{ state_attr('calendar.home', 'next_setting').strftime('%H:%M') }} ({{ now().minute }})",
            id="time",
        ),
        pytest.param(
            "departures",
            [{"at": "18:00"}],
            [{"at": "20:30"}],
            "{{ state_attr('calendar.home', 'departures')[0].at }} ({{ now().minute }})",
            id="list",
        ),
    ],
)
async def test_time_of_an_attribute_beside_a_clock(
    kit: GlancesKit, key: str, before: Any, after: Any, template: str
) -> None:
    """Times of day that come from an attribute are not taken for the clock."""
    await kit.state("calendar.home", "off", **{key: before})
    await kit.load(widget(text=template))
    assert len(kit.pushed()) == 1
    await kit.tick(2 * SPACING + ROUNDING)
    kit.assert_nothing_pushed()
    await kit.change("calendar.home", "off", **{key: after})
    (glance,) = kit.pushed()
    assert glance["text"].startswith("20:30")


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{ L | select('lt', 20) | list | count }}", "2"),
        ("{{ L | select('lt', 20) | list | count }} weak", "2 weak"),
        ("{{ L | select('lt', 20) | list | count }} of {{ L | count }} weak", "2 of 3 weak"),
    ],
)
async def test_count_that_is_the_state_of_an_entity(kit: GlancesKit, template: str, says: str) -> None:
    """How many batteries are weak is no percentage, not even where one of them has that many percent."""
    unit = {ATTR_UNIT_OF_MEASUREMENT: "%"}
    await kit.state("sensor.a", "2", **unit)
    await kit.state("sensor.b", "90", **unit)
    await kit.state(ENTITY, "21", **unit)
    levels = "{% set L = ['sensor.a', 'sensor.b', 'sensor.x'] | map('states') | map('float') | list %}"
    await kit.load(widget(text=levels + template))
    assert len(kit.pushed()) == 1
    await kit.tick(SPACING + ROUNDING)
    await kit.change(ENTITY, "19", **unit)
    kit.assert_pushed({"text": says})


async def test_regulated_grid_among_others(kit: GlancesKit) -> None:
    """Of several powers without a unit in the text, one that swings about 0 by a watt is still a power."""
    unit = {ATTR_UNIT_OF_MEASUREMENT: "W"}
    await kit.state("sensor.house", "340.2", **unit)
    await kit.state("sensor.sun", "0.2", **unit)
    await kit.state(ENTITY, "-1.3", **unit)
    text = "{% for item in ['x', 'sun', 'house'] %}{{ states('sensor.' ~ item) | float | round | int }} {% endfor %}"
    await kit.load(widget(text=text))
    assert len(kit.pushed()) == 1
    for watts in ("1.2", "2.4", "0.1", "-2.4") * 10:
        await kit.tick(MINUTE)
        await kit.change(ENTITY, watts, **unit)
    kit.assert_nothing_pushed()


@pytest.mark.parametrize("name", ["count", "text"])
async def test_sum_of_powers(kit: GlancesKit, name: str) -> None:
    """A sum of powers is a quantity, although nothing says its unit."""
    unit = {ATTR_UNIT_OF_MEASUREMENT: "W"}
    await kit.state("sensor.other", "1300.2", **unit)
    await kit.state(ENTITY, "1040", **unit)
    await kit.load(widget(**{name: "{{ (states('sensor.x') | float + states('sensor.other') | float) | round }}"}))
    assert len(kit.pushed()) == 1
    await kit.tick(SPACING + ROUNDING)
    await kit.change(ENTITY, "1062", **unit)
    kit.assert_nothing_pushed()
    await kit.change(ENTITY, "1540", **unit)
    kit.assert_pushed({name: "2840"})


async def test_any_attribute(kit: GlancesKit) -> None:
    """Attributes may be anything, and change nothing about what the text says."""
    odd = {
        "a": 10**400,
        "b": float("inf"),
        "c": float("nan"),
        "d": True,
        "e": [20.4],
        "f": "20.4",
        "supported_features": 20,
    }
    row = Row("20.1", "20.4", "°C", "{{ states('sensor.x') }} °C", attributes=odd)
    await _begin(kit, row)
    await kit.change(ENTITY, row.after, **row.new)
    # The attribute that is the text "20.4" may be a code.
    kit.assert_pushed({"text": "20.4 °C"})
    await kit.tick(SPACING + ROUNDING)
    await kit.change(ENTITY, "20.3", **row.new)
    kit.assert_nothing_pushed()


async def test_numbers_of_a_domain(kit: GlancesKit) -> None:
    """A template over all sensors follows numbers, too."""
    least = "{{ states.sensor | selectattr('entity_id', 'in', ['sensor.x']) | map(attribute='state') | join }}"
    await _begin(kit, Row("20.1", "20.4", "°C", least))
    await kit.change(ENTITY, "20.4", **{ATTR_UNIT_OF_MEASUREMENT: "°C"})
    kit.assert_nothing_pushed()
    await kit.change(ENTITY, "20.9", **{ATTR_UNIT_OF_MEASUREMENT: "°C"})
    kit.assert_pushed({"text": "20.9"})


async def test_since_when_a_small_change_waits(kit: GlancesKit) -> None:
    """The status tells it until the difference is sent or gone, and a number that swings adds few states."""
    unit = {ATTR_UNIT_OF_MEASUREMENT: "°C"}
    await kit.state(DOOR, "closed")
    await _begin(kit, NOT_WORTH_IT["temperature"], title="{{ states('cover.garage_door') }}")
    assert _small_since(kit) is None
    await kit.change(ENTITY, "20.2", **unit)
    since = _small_since(kit)
    assert since is not None
    await kit.change(ENTITY, "20.3", **unit)
    assert _small_since(kit) == since
    await kit.change(ENTITY, "20.1", **unit)
    assert _small_since(kit) is None
    written: list[str] = []
    kit.hass.bus.async_listen("state_changed", lambda event: written.append(event.data["entity_id"]))
    for number in range(50):
        await kit.change(ENTITY, f"20.{number % 2 + 1}", **unit)
    # Home Assistant changes the token of an image by itself.
    assert [entity_id for entity_id in written if entity_id != ENTITY and not entity_id.startswith("image.")] == []
    await kit.change(ENTITY, "20.3", **unit)
    await kit.tick(HOUR)
    await kit.change(ENTITY, "20.2", **unit)
    assert _small_since(kit) is not None
    await kit.change(DOOR, "open")
    kit.assert_pushed({"title": "open", "text": "20.2 °C"})
    assert _small_since(kit) is None


_EXAMPLES = [
    line.strip("|").split("|") for line in section("docs/changes.md", "Examples").splitlines() if line[:1] == "|"
]


def test_there_are_twenty_examples() -> None:
    """The documents show them."""
    assert len(_EXAMPLES[2:]) == 20


@pytest.mark.parametrize(
    ("unit", "shown", "now", "sent"), [[cell.strip() for cell in row[:4]] for row in _EXAMPLES[2:]]
)
async def test_example(kit: GlancesKit, unit: str, shown: str, now: str, sent: str) -> None:
    """Each row of the table in the documents is what happens."""
    name = "count" if unit.endswith("as count") else "text"
    row = Row(shown, now, None if unit.startswith("none") else unit, _RAW, name=name)
    await _begin(kit, row)
    await kit.change(ENTITY, now, **row.new)
    assert len(kit.pushed()) == {"yes": 1, "no": 0}[sent]
    await kit.tick(40 * MINUTE)
    kit.assert_nothing_pushed()
