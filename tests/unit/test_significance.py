"""What is worth an update."""

from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from custom_components.pushover_glances.planner.significance import NOTHING, Number, Origin, Snapshot, matters
from custom_components.pushover_glances.pushover import Field, Value

TEXT, COUNT, PERCENT = Field.TEXT, Field.COUNT, Field.PERCENT


def _of(value: float, unit: str | None = None, *words: str, step: float = 0.0) -> Origin:
    """Return the origin of a field that depends on a sensor, and on entities whose states are words."""
    return Origin(
        {"sensor.x": Number(value, unit, step)}, {f"sensor.{number}": word for number, word in enumerate(words)}
    )


@pytest.mark.parametrize(
    ("name", "before", "after", "expected"),
    [
        pytest.param(TEXT, "a", "a", False, id="same"),
        pytest.param(TEXT, "closed", "open", True, id="words"),
        pytest.param(TEXT, "", "a", True, id="from-empty"),
        pytest.param(TEXT, None, "", True, id="from-unknown"),
        pytest.param(TEXT, "a", None, False, id="to-unknown"),
        pytest.param(TEXT, "21.5 °C", "21.9 °C", False, id="less-than-half-a-degree"),
        pytest.param(TEXT, "21.0 °C", "22.0 °C", True, id="a-degree"),
        pytest.param(TEXT, "-3.5 °C", "-4.5 °C", True, id="below-zero"),
        pytest.param(TEXT, "\N{MINUS SIGN}3 °C", "3 °C", True, id="other-sign"),
        pytest.param(TEXT, "85 %", "86 %", False, id="a-percent"),
        pytest.param(TEXT, "85 %", "90 %", True, id="five-percent"),
        pytest.param(TEXT, "60 W", "160 W", False, id="hundred-watts"),
        pytest.param(TEXT, "60 W", "185 W", True, id="125-watts"),
        pytest.param(TEXT, "2400 W", "2600 W", False, id="less-than-an-eighth"),
        pytest.param(TEXT, "2.4 kW", "2.8 kW", True, id="kilowatts"),
        pytest.param(TEXT, "999 W", "1.0 kW", True, id="another-unit"),
        pytest.param(TEXT, "3 guests", "4 guests", True, id="a-guest"),
        pytest.param(TEXT, "Ben · 21.5 °C", "Ben · 21.6 °C", False, id="number-beside-words"),
        pytest.param(TEXT, "Ben · 21.5 °C", "Eva · 21.5 °C", True, id="words-beside-number"),
        pytest.param(TEXT, "14:05", "14:06", True, id="time"),
        pytest.param(TEXT, "2026-11-23", "2026-11-24", True, id="date"),
        pytest.param(TEXT, "2026.10.4", "2026.11.0", True, id="version"),
        pytest.param(TEXT, "Room #", "Room 5", True, id="what-looks-like-a-placeholder"),
        pytest.param(TEXT, "5", "5 6", True, id="another-number"),
        pytest.param(TEXT, "5 % 6", "5 6 %", True, id="units-change-places"),
        pytest.param(TEXT, "Room 2a", "Room 2b", True, id="number-within-a-word"),
        pytest.param(COUNT, 3, 4, True, id="count"),
        pytest.param(COUNT, 1000, 1001, True, id="large-count"),
        pytest.param(COUNT, 0, "", True, id="count-emptied"),
        pytest.param(PERCENT, 85, 86, False, id="percent"),
        pytest.param(PERCENT, 85, 90, True, id="percent-by-five"),
        pytest.param(PERCENT, "", 0, True, id="percent-from-empty"),
    ],
)
def test_matters(name: Field, before: Value | None, after: Value | None, expected: bool) -> None:  # noqa: FBT001
    """Words always, quantities from a threshold on."""
    assert matters(name, before, after, Origin({"sensor.other": Number(7.77, "°C")})) is expected
    if isinstance(before, str) and isinstance(after, str) and before != after:
        # Without a number of Home Assistant, all are words.
        assert matters(name, before, after)


@pytest.mark.parametrize(
    ("before", "after", "origin", "expected"),
    [
        pytest.param("1,234 W", "9,876 W", _of(9876, "W"), True, id="comma"),
        pytest.param("1,234 W", "1,240 W", _of(1240, "W"), False, id="comma-by-little"),
        pytest.param("1,234 kWh", "1,240 kWh", _of(1.24, "kWh"), False, id="decimal-comma"),
        pytest.param("1,2 kWh", "1,9 kWh", _of(1.9, "kWh"), True, id="decimal-comma-short"),
        pytest.param("1,234.5 W", "1,240.5 W", _of(1240.5, "W"), False, id="comma-and-point"),
        pytest.param("1.234,5 W", "1.240,5 W", _of(1240.5, "W"), False, id="point-and-comma"),
        pytest.param("1.234.567 l", "1.834.567 l", _of(1834567, "l"), True, id="millions"),
        pytest.param("1 234 W", "1 240 W", _of(1240, "W"), False, id="space"),
        pytest.param("1 234 W", "1 834 W", _of(1834, "W"), True, id="space-by-much"),
        pytest.param("1\N{NO-BREAK SPACE}234 W", "1\N{NO-BREAK SPACE}240 W", _of(1240, "W"), False, id="no-break"),
        pytest.param("Gate 5 200 W", "Gate 6 200 W", _of(200, "W", "6"), True, id="two-numbers-beside-each-other"),
        pytest.param("998 W", "1,002 W", _of(1002, "W"), False, id="over-a-thousand"),
        pytest.param("1,002 W", "998 W", _of(998, "W"), False, id="below-a-thousand"),
        pytest.param("1.234 W", "9.834 W", _of(5, "lx"), True, id="nobody-knows"),
        pytest.param("0.250 €", "0.254 €", _of(0.254, "€"), False, id="no-thousands-after-zero"),
        pytest.param("1.234 kW", "1.240 kW", _of(1240, "W"), False, id="in-another-unit"),
        pytest.param("0.3 A", "0.4 A", _of(0.4, "A"), False, id="last-decimal"),
        pytest.param("0.3 A", "0.5 A", _of(0.5, "A"), True, id="two-of-the-last-decimal"),
        pytest.param("0.02 A", "0.03 A", _of(0.034, "A", step=0.1), False, id="not-displayed"),
        pytest.param("0.0 l", "2.8e-17 l", _of(2.8e-17, "l"), False, id="rounding-error"),
        pytest.param("0 l", "1 l", _of(1, "l"), True, id="first-litre"),
        pytest.param("-1 l", "1 l", _of(1, "l"), True, id="other-sign"),
        pytest.param("0 W", "49 W", _of(49, "W"), False, id="standby"),
        pytest.param("0 W", "50 W", _of(50, "W"), True, id="more-than-standby"),
        pytest.param("0.00 MW", "0.13 MW", _of(0.13, "MW"), True, id="megawatts"),
        pytest.param("1 %", "0 %", _of(0, "%"), True, id="empty"),
        pytest.param("99.9 %", "100.0 %", _of(100, "%"), False, id="noise-at-all"),
        pytest.param("100.0 %", "99.6 %", _of(99.6, "%"), False, id="full-battery"),
        pytest.param("99.4 %", "100 %", _of(100, "%"), True, id="battery-is-full"),
        pytest.param("50 parcels", "51 parcels", _of(51), True, id="whole-number-without-a-unit"),
        pytest.param("50 steps", "51 steps", _of(51, "steps"), False, id="whole-number-with-a-unit"),
        pytest.param("AQI 50.1", "AQI 51.0", _of(51.0), False, id="decimals-without-a-unit"),
        pytest.param("50.0 parcels", "51.0 parcels", _of(51.0), True, id="whole-number-with-a-decimal"),
        pytest.param("5 parcels", "5.0 parcels", _of(5.0), False, id="the-same-with-a-decimal"),
        pytest.param("40 online · 20 °C", "41 online · 20 °C", _of(20, "°C", "home"), True, id="count-beside"),
        pytest.param("1,002 kWh", "1,012 kWh", _of(500, "kWh", "home"), False, id="sum-in-the-unit-of-the-states"),
        pytest.param("Stage 2", "Stage 3", _of(1.2, "W"), True, id="stage"),
        pytest.param("Room 40", "Room 41", _of(61.2, "%"), True, id="number-that-nothing-confirms"),
        pytest.param("0 VA", "0.3 VA", _of(0.3, "VA"), False, id="apparent-power"),
        pytest.param("68 °F", "69 °F", _of(69, "°F"), True, id="fahrenheit"),
        pytest.param("21.4", "22.0", _of(22.0, "°C"), True, id="unit-of-the-state"),
        pytest.param("5 # 3", "# 5 3", _of(5, "°C"), True, id="what-looks-like-a-placeholder"),
        pytest.param("293.1 K", "293.5 K", _of(293.5, "K"), False, id="kelvin"),
        pytest.param("Code 0421", "Code 0424", _of(20, "°C"), True, id="leading-zero"),
        pytest.param("+493012345678", "+493012349999", _of(20, "°C"), True, id="telephone"),
        pytest.param(
            "Gate 100 · 20.1 °C", "Gate 101 · 20.1 °C", _of(20.1, "°C", "101"), True, id="state-that-is-a-word"
        ),
        pytest.param("Gate 100 · 20.1 °C", "Gate 100 · 20.4 °C", _of(20.4, "°C", "100"), False, id="beside-a-word"),
        pytest.param("PIN 4821 · 20 °C", "PIN 4862 · 20 °C", _of(20, "°C", "PIN 4862!"), True, id="part-of-a-word"),
        pytest.param("21-22 °C", "21-23 °C", _of(23, "°C"), True, id="range"),
        pytest.param("In:20.1 °C", "In:20.4 °C", _of(20.4, "°C"), False, id="after-a-colon"),
        pytest.param("21.3/8.1 °C", "21.3/8.4 °C", _of(8.4, "°C"), False, id="decimals-beside-a-slash"),
        pytest.param("21.3/8.1 °C", "21.3/9.1 °C", _of(9.1, "°C"), True, id="decimals-beside-a-slash-by-much"),
        pytest.param("54%/60%", "54%/61%", _of(61, "%"), False, id="percentages-beside-a-slash"),
        pytest.param("29/11 20 °C", "30/11 20 °C", _of(30, "°C"), True, id="date-with-a-slash"),
        pytest.param("29.11.2026", "30.11.2026", _of(30, "°C"), True, id="date-with-points"),
        pytest.param("at:19:18", "at:19:19", _of(19, "°C"), True, id="time-after-a-colon"),
        pytest.param("10.100.200.250", "10.100.200.251", _of(20, "°C", "10.100.200.251"), True, id="address"),
    ],
)
def test_texts(before: str, after: str, origin: Origin, expected: bool) -> None:  # noqa: FBT001
    """By the unit, by how many decimals are displayed, and by what the states confirm."""
    assert matters(TEXT, before, after, origin) is expected


@pytest.mark.parametrize(
    ("before", "after", "origin", "expected"),
    [
        pytest.param(99, 100, _of(100), True, id="without-a-unit"),
        pytest.param(2340, 2360, _of(2360.2, "W"), False, id="power"),
        pytest.param(2340, 2690, _of(2690.2, "W"), True, id="much-power"),
        pytest.param(842, 843, _of(0.843, "l"), True, id="of-another-number"),
        pytest.param(20, 21, _of(20.9, "°C"), True, id="temperature"),
        pytest.param(2, 3, _of(2940, "W"), True, id="kilowatts-from-watts"),
        pytest.param(2340, 2350, _of(2.35, "kW"), False, id="watts-from-kilowatts"),
        pytest.param(3, 4, Origin({f"sensor.{n}": Number(n, "%") for n in range(4, 9)}), True, id="of-entities"),
        pytest.param(3, 4, Origin({f"light.x {n}": Number(n, "W") for n in range(4, 9)}), False, id="of-attributes"),
    ],
)
def test_counts(before: int, after: int, origin: Origin, expected: bool) -> None:  # noqa: FBT001
    """A count is a quantity where it is a state with a unit."""
    assert matters(COUNT, before, after, origin) is expected


@pytest.mark.parametrize(
    ("since", "origin", "changed"),
    [
        pytest.param(None, _of(20, "°C"), False, id="nobody-knows"),
        pytest.param({"sensor.x": 20.0}, _of(20, "°C"), False, id="same"),
        pytest.param({"sensor.x": 20.0}, _of(20.4, "°C"), False, id="by-little"),
        pytest.param({"sensor.x": 20.0}, _of(20.6, "°C"), True, id="by-much"),
        pytest.param({"sensor.x": 20.0, "sensor.y": 3.0}, _of(20, "°C"), False, id="one-less"),
        pytest.param({}, _of(20, "°C"), True, id="one-more"),
        pytest.param({"sensor.x": 40.0}, _of(41), True, id="whole-number-without-a-unit"),
        pytest.param({"sensor.x": 40.5}, _of(41), False, id="decimals-without-a-unit"),
        pytest.param({"sensor.x": "open"}, _of(20, "°C"), True, id="was-a-word"),
        pytest.param({"sensor.x": 20.0, "sensor.0": "on"}, _of(20, "°C", "off"), True, id="another-word"),
    ],
)
def test_has_changed(since: Snapshot | None, origin: Origin, changed: bool) -> None:  # noqa: FBT001
    """A field that depends on the time has changed if what it is made of has."""
    assert origin.has_changed(since) is changed
    assert not origin.has_changed(origin.snapshot())


@pytest.mark.parametrize(
    ("name", "before", "after", "expected"),
    [
        pytest.param(TEXT, "at 14:05", "at 15:06", False, id="clock"),
        pytest.param(TEXT, "Morning 1", "Noon 2", True, id="clock-with-words"),
        pytest.param(TEXT, "5 minutes", "1 hour", False, id="relative-time"),
        pytest.param(TEXT, "1 hour 59 minutes", "2 hours", False, id="relative-time-in-two-units"),
        pytest.param(TEXT, "in 0 min", "in -1 min", False, id="past-its-time"),
        pytest.param(TEXT, "in 1 hour", "1 hour ago", True, id="other-words"),
        pytest.param(TEXT, "5 guests", "1 guest", True, id="no-unit-of-time"),
        pytest.param(COUNT, 1, 200, False, id="count"),
        pytest.param(COUNT, None, 2, True, id="count-first"),
        pytest.param(COUNT, "", 2, True, id="count-from-empty"),
        pytest.param(COUNT, 2, "", True, id="count-emptied"),
    ],
)
def test_clock(name: Field, before: Value | None, after: Value, expected: bool) -> None:  # noqa: FBT001
    """Numbers that follow the clock change by themselves."""
    assert matters(name, before, after, by_clock=True) is expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("Sun 07:30", "07:30", False, id="closer"),
        pytest.param("\N{EN DASH}", "07:30", True, id="back"),
        pytest.param("07:30", "\N{EN DASH}", True, id="gone"),
        pytest.param(None, "07:30", True, id="unknown"),
        pytest.param("", "07:30", True, id="from-empty"),
    ],
)
def test_time_stamp(before: Value | None, after: Value, expected: bool) -> None:  # noqa: FBT001
    """Nothing but the way in which a time stamp is written follows the clock, unlike the words of a template."""
    origin = Origin(words={"sensor.alarm": "2026-11-29T06:30:00+00:00"}, is_complete=True)
    assert matters(TEXT, before, after, origin, by_clock=True) is expected
    assert matters(TEXT, before, after, replace(origin, is_complete=False), by_clock=True)


@given(st.text(), st.text())
def test_any_text(before: str, after: str) -> None:
    """Whatever people write, the same does not matter, and other words do."""
    assert not matters(TEXT, before, before, _of(20, "°C"))
    assert matters(TEXT, before, after, NOTHING) is (before != after)
    if not any(character.isdigit() for character in before + after):
        assert matters(TEXT, before, after, _of(20, "°C")) is (before != after)
    assert matters(TEXT, before, after, _of(20, "°C", "100")) in {True, False}


@given(st.text("0123456789.,' -+e%W°C"), st.text("0123456789.,' -+e%W°C"))
def test_any_numbers(before: str, after: str) -> None:
    """Whatever numbers there are, it is decided, and a code with another digit is sent."""
    assert matters(TEXT, before, after, _of(20, "°C", "100")) in {True, False}
    assert not matters(TEXT, after, after, _of(1234, "W"))
