"""What a widget should show."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.pushover_glances.delivery import ManualValue, Mirrored, compose, stamped, still_manual
from custom_components.pushover_glances.delivery.composition import Shown, differing
from custom_components.pushover_glances.pushover import Field, Value, Values

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TITLE, TEXT, COUNT = Field.TITLE, Field.TEXT, Field.COUNT


@pytest.mark.parametrize(
    ("mirror", "manual", "shown", "dashed", "composed"),
    [
        pytest.param({}, {}, {}, (), {}, id="nothing"),
        pytest.param({TEXT: "m"}, {}, {}, (), {TEXT: "m"}, id="mirror"),
        pytest.param({TEXT: "m"}, {TEXT: "a"}, {}, (), {TEXT: "a"}, id="manual-over-mirror"),
        pytest.param({TEXT: "m"}, {TITLE: "a"}, {}, (), {TITLE: "a", TEXT: "m"}, id="field-by-field"),
        pytest.param({COUNT: 0}, {TEXT: ""}, {TEXT: "x"}, (), {TEXT: "", COUNT: 0}, id="zero-and-empty-are-values"),
        pytest.param({TEXT: None}, {}, {TEXT: "old"}, (), {TEXT: "old"}, id="unavailable-keeps"),
        pytest.param({TEXT: None}, {}, {}, (), {}, id="unavailable-from-the-start"),
        pytest.param({}, {}, {TEXT: "old"}, (), {TEXT: ""}, id="left-over-is-emptied"),
        pytest.param({}, {}, {TEXT: None}, (), {TEXT: ""}, id="unknown-left-over-is-emptied"),
        pytest.param({}, {}, {TEXT: ""}, (), {}, id="emptied-once"),
        pytest.param({TEXT: None}, {}, {TEXT: None}, (), {TEXT: ""}, id="unavailable-over-the-unknown"),
        pytest.param(
            {TEXT: None, COUNT: None},
            {},
            {TEXT: "a", COUNT: 1},
            (TEXT, COUNT),
            {TEXT: "\N{EN DASH}", COUNT: ""},
            id="dash",
        ),
        pytest.param({TEXT: "m"}, {}, {TEXT: "a"}, (TEXT,), {TEXT: "m"}, id="back-from-the-dash"),
        pytest.param({TEXT: None}, {TEXT: "a"}, {}, (TEXT,), {TEXT: "a"}, id="manual-over-the-dash"),
    ],
)
def test_compose(
    mirror: dict[Field, Value | None], manual: Values, shown: Shown, dashed: tuple[Field, ...], composed: Values
) -> None:
    """The table in the module's docstring, row by row."""
    kept = {name: value for name, value in shown.items() if value is not None}
    manual_values = {name: ManualValue(value) for name, value in manual.items()}
    assert compose(Mirrored(mirror), manual_values, kept, shown, dashed) == composed


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


def test_differing() -> None:
    """Numbers of templates have a threshold, what an action says has none, and fields of others do not count."""
    shown: Shown = {TITLE: "21.5 °C", TEXT: "a", COUNT: 1}
    composed: Values = {TITLE: "21.6 °C", TEXT: "b"}
    assert differing(composed, shown) == {TEXT}
    assert differing(composed, shown, exact={TITLE}) == {TITLE, TEXT}
    assert differing(composed, {}) == {TITLE, TEXT}


@pytest.mark.parametrize(
    ("values", "stamped_values"),
    [
        pytest.param({TEXT: "Open"}, {TEXT: "Open · 14:05"}, id="at-the-end"),
        pytest.param({TEXT: "x" * 100}, {TEXT: "x" * 91 + "… · 14:05"}, id="cut-before"),
        pytest.param({TITLE: "a", TEXT: ""}, {TITLE: "a", TEXT: "14:05"}, id="alone"),
        pytest.param({TITLE: "a"}, {TITLE: "a", TEXT: "14:05"}, id="in-a-field-without-a-template"),
    ],
)
def test_stamped(values: Values, stamped_values: Values) -> None:
    """The time of day goes to the end of the chosen text, within its limit."""
    assert stamped(values, TEXT, "14:05") == stamped_values
    assert stamped(values, None, "14:05") == values
    assert len(str(stamped(values, TEXT, "14:05")[TEXT])) <= 100


def test_nothing_is_stamped_on_an_empty_glance() -> None:
    """A screen that is emptied is empty."""
    assert stamped({TITLE: "", TEXT: "", COUNT: ""}, TEXT, "14:05") == {TITLE: "", TEXT: "", COUNT: ""}
