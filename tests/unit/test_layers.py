"""What a widget should show."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.pushover_glances.planner import (
    Action,
    ActionValue,
    Number,
    Origin,
    Rendering,
    Shown,
    WidgetState,
    over_each_other,
    perhaps_shown,
    stamped,
)
from custom_components.pushover_glances.planner.layers import (
    compose,
    differing,
    leaves_something,
    still_valid,
    values_of_alerts,
)
from custom_components.pushover_glances.pushover import Field, Value, Values

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TITLE, TEXT, COUNT = Field.TITLE, Field.TEXT, Field.COUNT


@pytest.mark.parametrize(
    ("base", "actions", "left", "dashed", "composed"),
    [
        pytest.param({}, {}, {}, (), {}, id="nothing"),
        pytest.param({TEXT: "m"}, {}, {}, (), {TEXT: "m"}, id="source"),
        pytest.param({TEXT: "m"}, {TEXT: "a"}, {}, (), {TEXT: "a"}, id="action-over-source"),
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
        pytest.param({TEXT: None}, {TEXT: "a"}, {}, (TEXT,), {TEXT: "a"}, id="action-over-the-dash"),
    ],
)
def test_compose(base: Shown, actions: Values, left: Shown, dashed: tuple[Field, ...], composed: Values) -> None:
    """The table in the module's docstring, row by row."""
    kept = {name: value for name, value in left.items() if value is not None}
    values = {name: ActionValue(value) for name, value in actions.items()}
    assert compose(base, values, kept, left, dashed) == composed
    # An alert covers all of it in its fields, and nothing else.
    alerted = compose(base, values, kept, left, dashed, alerted={TEXT: "!"})
    assert alerted == {**composed, TEXT: "!"}


def test_alerts_over_each_other() -> None:
    """The newest alert wins, field by field."""
    assert over_each_other([]) == {}
    assert over_each_other([{TEXT: "new"}, {TEXT: "old", COUNT: 0}]) == {TEXT: "new", COUNT: 0}


def test_alert_that_replaces() -> None:
    """It empties what the base and actions fill, also where its own field has no value yet, and nothing else."""
    rendering = Rendering(
        {TITLE: "m", COUNT: None}, alerts={"upper": {TITLE: "a"}, "last": {TEXT: None}}, replaces=True
    )
    assert values_of_alerts(rendering, {}, [TEXT, Field.SUBTEXT]) == {
        "upper": {TITLE: "a"},
        "last": {TITLE: "", COUNT: "", TEXT: "", Field.SUBTEXT: ""},
    }
    assert values_of_alerts(rendering, {}, [])["last"] == {TITLE: "", COUNT: ""}
    assert values_of_alerts(rendering, {"last": {TEXT: "old"}}, [])["last"] == {TITLE: "", COUNT: "", TEXT: "old"}
    assert values_of_alerts(replace(rendering, replaces=False), {}, [TEXT])["last"] == {}


@pytest.mark.parametrize(
    ("item", "says", "by_clock", "kept"),
    [
        pytest.param(ActionValue("a"), None, False, True, id="no-source"),
        pytest.param(ActionValue("a", base="m"), "m", False, True, id="source-as-before"),
        pytest.param(ActionValue("a", base="m"), "n", False, False, id="source-changed"),
        pytest.param(ActionValue("a", base="m"), None, False, True, id="source-unavailable"),
        pytest.param(ActionValue("a"), "m", False, False, id="source-came-back"),
        pytest.param(ActionValue("a", base="at 5"), "at 6", True, True, id="only-the-time-changed"),
        pytest.param(ActionValue("a", until=NOW), None, False, False, id="over"),
        pytest.param(ActionValue("a", until=NOW + timedelta(seconds=1)), None, False, True, id="not-over"),
    ],
)
def test_still_valid(item: ActionValue, says: str | None, by_clock: bool, kept: bool) -> None:  # noqa: FBT001
    """A value of an action ends in time, or when the source has something new, but not while the base is paused."""
    rendering = Rendering({TEXT: says}, by_clock=frozenset({TEXT} if by_clock else ()))
    assert still_valid({TEXT: item}, rendering, NOW, paused=False) == ({TEXT: item} if kept else {})
    is_over = item.until == NOW
    assert still_valid({TEXT: item}, rendering, NOW, paused=True) == ({} if is_over else {TEXT: item})


def test_differing() -> None:
    """Quantities have a threshold but in exact fields; the time of day is no difference, and other fields do not count."""
    shown: Shown = {TITLE: "21.5 °C", TEXT: "a", COUNT: 1}
    composed: Values = {TITLE: "21.6 °C", TEXT: "b"}
    origins = {TITLE: Origin({"sensor.kitchen": Number(21.6, "°C")})}
    assert differing(composed, shown, origins=origins) == {TEXT}
    assert differing(composed, shown, exact={TITLE}, origins=origins) == {TITLE, TEXT}
    assert differing(composed, shown) == differing(composed, {}, origins=origins) == {TITLE, TEXT}
    assert differing({TEXT: "at 14:06"}, {TEXT: "at 14:05"}) == {TEXT}
    assert differing({TEXT: "at 14:06"}, {TEXT: "at 14:05"}, by_clock={TEXT}) == set()


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
    """The time of day is at the end of the chosen text, within its limit."""
    assert stamped(values, TEXT, "14:05") == stamped_values
    assert stamped(values, None, "14:05") == values
    assert len(str(stamped(values, TEXT, "14:05")[TEXT])) <= 100


def test_nothing_is_stamped_on_an_empty_glance() -> None:
    """A screen that is emptied is empty."""
    assert stamped({TITLE: "", TEXT: "", COUNT: ""}, TEXT, "14:05") == {TITLE: "", TEXT: "", COUNT: ""}


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        pytest.param(WidgetState(), {}, id="nothing"),
        pytest.param(WidgetState(shown={TEXT: "a", COUNT: 1}), {TEXT: "a", COUNT: 1}, id="accepted"),
        pytest.param(
            WidgetState(shown={TEXT: "a"}, attempt={TEXT: "b", COUNT: 1}), {TEXT: "a", COUNT: 1}, id="without-an-answer"
        ),
        pytest.param(WidgetState(shown={TEXT: "a"}, attempt={TEXT: ""}), {TEXT: "a"}, id="perhaps-emptied"),
        pytest.param(WidgetState(shown={TEXT: ""}, attempt={TEXT: "b"}), {TEXT: "b"}, id="perhaps-filled"),
        pytest.param(WidgetState(shown={TEXT: ""}, stamped=TEXT), {TEXT: None}, id="the-time-alone"),
        pytest.param(WidgetState(shown={TEXT: "a"}, stamped=TEXT), {TEXT: "a"}, id="a-text-with-the-time"),
        pytest.param(
            WidgetState(shown={TEXT: "a"}, pending=(Action(1, emptied=frozenset({COUNT})),)),
            {TEXT: "a", COUNT: None},
            id="to-be-emptied-by-an-action",
        ),
    ],
)
def test_perhaps_shown(state: WidgetState, shown: dict[Field, Value | None]) -> None:
    """A field counts as filled unless it is certainly empty."""
    assert perhaps_shown(state) == shown
    assert leaves_something(state) is bool(shown)


def test_empty_fields_leave_nothing() -> None:
    """A screen is empty if all its fields are, and nothing was sent that would fill it."""
    assert not leaves_something(WidgetState(shown={TEXT: "", COUNT: ""}, attempt={TEXT: ""}))
