"""What is worth an update."""

from hypothesis import given, strategies as st
import pytest

from custom_components.pushover_glances.planner.significance import matters
from custom_components.pushover_glances.pushover import Field, Value

TEXT, COUNT, PERCENT = Field.TEXT, Field.COUNT, Field.PERCENT


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
        pytest.param(TEXT, "21.4", "22.0", True, id="decimals"),
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
        pytest.param(COUNT, 1000, 1001, False, id="large-count"),
        pytest.param(COUNT, 0, "", True, id="count-emptied"),
        pytest.param(PERCENT, 85, 86, False, id="percent"),
        pytest.param(PERCENT, 85, 90, True, id="percent-by-five"),
        pytest.param(PERCENT, "", 0, True, id="percent-from-empty"),
    ],
)
def test_matters(name: Field, before: Value | None, after: Value | None, expected: bool) -> None:  # noqa: FBT001
    """Words always, numbers from a threshold on."""
    assert matters(name, before, after) is expected


@pytest.mark.parametrize(
    ("name", "before", "after", "expected"),
    [
        pytest.param(TEXT, "at 14:05", "at 15:06", False, id="clock"),
        pytest.param(TEXT, "Morning 1", "Noon 2", True, id="clock-with-words"),
        pytest.param(COUNT, 1, 200, False, id="count"),
        pytest.param(COUNT, None, 2, True, id="count-first"),
        pytest.param(COUNT, "", 2, True, id="count-from-empty"),
        pytest.param(COUNT, 2, "", True, id="count-emptied"),
    ],
)
def test_clock(name: Field, before: Value | None, after: Value, expected: bool) -> None:  # noqa: FBT001
    """Numbers that follow the clock change by themselves."""
    assert matters(name, before, after, by_clock=True) is expected


@given(st.text(), st.text())
def test_any_text(before: str, after: str) -> None:
    """Whatever people write, the same does not matter, and other words do."""
    assert not matters(TEXT, before, before)
    if not any(character.isdigit() for character in before + after):
        assert matters(TEXT, before, after) is (before != after)
    assert matters(TEXT, before, after) in {True, False}
