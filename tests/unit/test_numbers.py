"""Numbers as people write them."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.pushover_glances.pushover.numbers import whole_number

from .documents import column, section


@pytest.mark.parametrize(
    ("written", "number"),
    [
        pytest.param("85 %", 85, id="percent"),
        pytest.param("85%", 85, id="percent-at-once"),
        pytest.param("21.5 °C", 22, id="unit"),
        pytest.param("12W", 12, id="unit-at-once"),
        pytest.param("100 W/m²", 100, id="unit-with-a-power"),
        pytest.param("21,6", 22, id="decimal-comma"),
        pytest.param("21,6 °C", 22, id="decimal-comma-and-unit"),
        pytest.param("0,234", 0, id="decimal-comma-after-nothing"),
        pytest.param("1234,567", 1235, id="decimal-comma-after-four"),
        pytest.param("1.234", 1, id="state-of-home-assistant"),
        pytest.param("1.234 kWh", 1, id="state-with-unit"),
        pytest.param("1,234", 1234, id="thousands"),
        pytest.param("1,234 W", 1234, id="thousands-and-unit"),
        pytest.param("12,345,678", 12345678, id="millions"),
        pytest.param("1.234.567", 1234567, id="millions-with-points"),
        pytest.param("1.234,5", 1234, id="thousands-and-decimal-comma"),
        pytest.param("1,234.5", 1234, id="thousands-and-decimal-point"),
        pytest.param("1.234,75 €", 1235, id="price"),
        pytest.param("€1,234.75", 1235, id="price-with-currency-first"),
        pytest.param("1 234", 1234, id="thousands-with-a-space"),
        pytest.param("1\u202f234,5 km", 1234, id="narrow-space-and-decimal-comma"),
        pytest.param("1\u00a0234\u00a0567", 1234567, id="no-break-spaces"),
        pytest.param("1'234.9", 1235, id="apostrophe"),
        pytest.param("1\u2019234", 1234, id="typographic-apostrophe"),
        pytest.param("\u22125", -5, id="minus-sign"),
        pytest.param("\u22121,234", -1234, id="minus-sign-and-thousands"),
        pytest.param("-5 °C", -5, id="hyphen"),
        pytest.param("+3", 3, id="plus"),
        pytest.param("-$5", -5, id="minus-before-a-currency"),
        pytest.param("\u2212€1.234,75", -1235, id="minus-sign-before-a-currency"),
        pytest.param("$-5", -5, id="minus-after-a-currency"),
        pytest.param("$5", 5, id="currency"),
        pytest.param("room_a: 5", 5, id="beside-an-underscore"),
        pytest.param("≈ 12", 12, id="about"),
        pytest.param("~12", 12, id="tilde"),
        pytest.param("< 5", 5, id="less-than"),
        pytest.param("3 open", 3, id="word-after"),
        pytest.param("Open: 3", 3, id="word-before"),
        pytest.param("(3)", 3, id="brackets"),
        pytest.param("Now 3.", 3, id="full-stop"),
        pytest.param("CO2: 842 ppm", 842, id="number-in-a-name"),
        pytest.param("7 at 12:30", 7, id="beside-a-time"),
        pytest.param("1.5e-05", 0, id="exponent"),
        pytest.param("2.5e3 W", 2500, id="exponent-and-unit"),
        pytest.param(" \n 4 \n", 4, id="white-space"),
        pytest.param("٨٥", 85, id="digits-of-another-script"),
        pytest.param(".6", 1, id="point-first"),
        pytest.param(2.6, 3, id="number"),
        pytest.param("9,007,199,254,740,991", 9007199254740991, id="largest-with-thousands"),
    ],
)
def test_number(written: object, number: int) -> None:
    """It is read as a person would."""
    assert whole_number(written) == number


@pytest.mark.parametrize(
    "written",
    [
        *("", "open", "None", "unavailable", "nan", "inf", "-", "\N{EN DASH}", "½", "two"),
        *("12:30", "2026-11-29", "29.11.2026", "29/11/26", "2026-11-29T12:30:00+00:00", "1.2.3", "192.168.1.20"),
        *("12_30", "2026_11", "1_000", "$1-$5", "10-$20"),
        *("3 of 5", "2 h 30 min", "2h30m", "21.5 / 19", "10-20", "10\N{EN DASH}20 km", "Gate-101", "CO2", "m3", "0x1F"),
        *("1,23,4", "1,234,5", "1.234.5,6", "1 2345", "5'10", "9" * 5000),
        *(True, False, None, [3], {"3": 3}),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_no_number(written: Any) -> None:
    """What is something else, or could be several numbers, is none."""
    assert whole_number(written) is None


@pytest.mark.parametrize("end", ["a1", ":1", ".1.1", " 1"])
def test_long_text_takes_no_time(end: str) -> None:
    """A text of any length is read once."""
    assert whole_number("1" * 200_000 + end) is None
    assert whole_number("1,234 " * 50_000 + end) is None
    assert whole_number("1" + "," * 200_000 + end) in (None, 1)


def test_examples_of_the_documentation() -> None:
    """What the page says of numbers is how they are read."""
    text = section("docs/setup.md", "Numbers")
    examples = dict(zip(column(text, "Written"), column(text, "Written", 1), strict=True))
    assert len(examples) == 13
    assert examples == {written: str(whole_number(written) or "none") for written in examples}


@given(st.integers(-(2**53) + 1, 2**53 - 1))
def test_written_with_thousands(number: int) -> None:
    """However the thousands are separated, the number is the same; three digits after one point are decimals."""
    written = f"{number:,}"
    assert whole_number(written) == number
    for separator in (" ", "\u00a0", "\u202f", "'", "\u2019"):
        assert whole_number(written.replace(",", separator) + " W") == number
    if written.count(",") > 1:
        assert whole_number(written.replace(",", ".")) == number


@given(st.decimals(-999_999, 999_999, places=2))
def test_written_with_a_decimal_comma(number: Any) -> None:
    """Two decimals are decimals with a comma, too, with thousands or without."""
    expected = round(float(number))
    assert whole_number(str(number).replace(".", ",")) == expected
    swapped = f"{number:,}".translate(str.maketrans(",.", ".,"))
    assert whole_number(swapped + " €") == expected


@given(st.text() | st.integers() | st.floats() | st.booleans())
def test_any_value(value: object) -> None:
    """Whatever is given, the result is a whole number or none."""
    assert whole_number(value) is None or isinstance(whole_number(value), int)
