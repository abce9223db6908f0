"""What a widget should show."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.pushover_glances.delivery import ManualValue, Mirrored, compose, still_manual
from custom_components.pushover_glances.delivery.composition import differs
from custom_components.pushover_glances.pushover import Field, Values

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TITLE, TEXT, COUNT = Field.TITLE, Field.TEXT, Field.COUNT


@pytest.mark.parametrize(
    ("mirror", "manual", "shown", "composed"),
    [
        pytest.param({}, {}, {}, {}, id="nothing"),
        pytest.param({TEXT: "m"}, {}, {}, {TEXT: "m"}, id="mirror"),
        pytest.param({TEXT: "m"}, {TEXT: "a"}, {}, {TEXT: "a"}, id="manual-over-mirror"),
        pytest.param({TEXT: "m"}, {TITLE: "a"}, {}, {TITLE: "a", TEXT: "m"}, id="field-by-field"),
        pytest.param({COUNT: 0}, {TEXT: ""}, {TEXT: "x"}, {TEXT: "", COUNT: 0}, id="zero-and-empty-are-values"),
        pytest.param({TEXT: None}, {}, {TEXT: "old"}, {TEXT: "old"}, id="unavailable-keeps"),
        pytest.param({TEXT: None}, {}, {}, {}, id="unavailable-from-the-start"),
        pytest.param({}, {}, {TEXT: "old"}, {TEXT: ""}, id="left-over-is-emptied"),
    ],
)
def test_compose(mirror: dict[Field, str | None], manual: Values, shown: Values, composed: Values) -> None:
    """The table in the module's docstring, row by row."""
    manual_values = {name: ManualValue(value) for name, value in manual.items()}
    assert compose(Mirrored(mirror), manual_values, shown) == composed


@pytest.mark.parametrize(
    ("item", "says", "by_clock", "kept"),
    [
        pytest.param(ManualValue("a"), None, False, True, id="no-mirror"),
        pytest.param(ManualValue("a", mirror="m"), "m", False, True, id="mirror-as-before"),
        pytest.param(ManualValue("a", mirror="m"), "n", False, False, id="mirror-changed"),
        pytest.param(ManualValue("a", mirror="m"), None, False, True, id="mirror-unavailable"),
        pytest.param(ManualValue("a"), "m", False, False, id="mirror-came-back"),
        pytest.param(ManualValue("a", mirror="at 5"), "at 6", True, True, id="only-the-clock-moved"),
        pytest.param(ManualValue("a", until=NOW), None, False, False, id="over"),
        pytest.param(ManualValue("a", until=NOW + timedelta(seconds=1)), None, False, True, id="not-over"),
    ],
)
def test_still_manual(item: ManualValue, says: str | None, by_clock: bool, kept: bool) -> None:  # noqa: FBT001
    """A manual value ends in time, or when the mirror has something new."""
    mirrored = Mirrored({TEXT: says}, frozenset({TEXT} if by_clock else ()))
    assert still_manual({TEXT: item}, mirrored, NOW) == ({TEXT: item} if kept else {})


@pytest.mark.parametrize(
    ("shown", "composed", "by_clock", "expected"),
    [
        pytest.param({TEXT: "a"}, {TEXT: "a"}, set(), False, id="same"),
        pytest.param({TEXT: "a"}, {TEXT: "b"}, set(), True, id="words"),
        pytest.param({TEXT: "1"}, {TEXT: "2"}, set(), True, id="numbers"),
        pytest.param({}, {TEXT: ""}, set(), True, id="emptied-for-the-first-time"),
        pytest.param({TEXT: "a", COUNT: 1}, {TEXT: "a"}, set(), False, id="fields-of-others"),
        pytest.param({TEXT: "at 14:05"}, {TEXT: "at 14:06"}, {TEXT}, False, id="clock"),
        pytest.param({TEXT: "Morning 1"}, {TEXT: "Noon 2"}, {TEXT}, True, id="clock-with-words"),
        pytest.param({COUNT: 1}, {COUNT: 2}, {COUNT}, False, id="clock-count"),
        pytest.param({}, {COUNT: 2}, {COUNT}, True, id="clock-count-first"),
    ],
)
def test_differs(shown: Values, composed: Values, by_clock: set[Field], expected: bool) -> None:  # noqa: FBT001
    """Only what a person would call a change is one."""
    assert differs(composed, shown, {}, Mirrored(composed, frozenset(by_clock))) is expected
