"""Which actions have nothing left to be shown, because later values replaced theirs."""

import pytest

from custom_components.pushover_glances.planner import Action, ActionValue, WidgetState, overtaken, refreshing
from custom_components.pushover_glances.pushover import Field, Value

TITLE, TEXT, COUNT = Field.TITLE, Field.TEXT, Field.COUNT


def put(key: int, values: dict[Field, Value | None], *emptied: Field) -> Action:
    """Return an action that gives fields these values, or back to the base, and empties others."""
    items = {name: None if value is None else ActionValue(value, base=str(key)) for name, value in values.items()}
    return Action(key, items, frozenset(emptied))


@pytest.mark.parametrize(
    ("actions", "keys"),
    [
        pytest.param([], set(), id="none"),
        pytest.param([put(1, {TEXT: "a"})], set(), id="one"),
        pytest.param([put(1, {TEXT: "a"}), put(2, {TEXT: "b"})], {1}, id="another-value"),
        pytest.param([put(1, {TEXT: "a"}), put(2, {TEXT: "a"})], set(), id="same-value"),
        pytest.param([put(1, {TEXT: "a"}), put(2, {TEXT: "b"}), put(3, {TEXT: "a"})], {2}, id="and-back"),
        pytest.param([put(1, {TEXT: "a"}), put(2, {TITLE: "b"})], set(), id="another-field"),
        pytest.param([put(1, {TEXT: "a", TITLE: "a"}), put(2, {TEXT: "b"})], set(), id="one-of-two"),
        pytest.param(
            [put(1, {TEXT: "a", TITLE: "a"}), put(2, {TEXT: "b"}), put(3, {TITLE: "b"})], {1}, id="both-of-two"
        ),
        pytest.param([put(1, {TEXT: "a"}), put(2, {TEXT: None})], {1}, id="cleared"),
        pytest.param([put(1, {TEXT: None}), put(2, {TEXT: "a"})], {1}, id="clearing-that-is-filled"),
        pytest.param([put(1, {}, COUNT), put(2, {COUNT: 1})], {1}, id="emptying-that-is-filled"),
        pytest.param([put(1, {}, COUNT), put(2, {COUNT: ""})], set(), id="emptied-twice"),
        pytest.param([put(1, {}, COUNT, TEXT), put(2, {COUNT: 1})], set(), id="one-of-two-emptied"),
        pytest.param([put(1, {COUNT: 0}), put(2, {COUNT: ""})], {1}, id="zero-is-a-value"),
        pytest.param([refreshing(1), put(2, {TEXT: "a"})], set(), id="refresh"),
    ],
)
def test_overtaken(actions: list[Action], keys: set[int]) -> None:
    """What keeps one of its fields is left, whichever action gives the value."""
    assert overtaken(WidgetState(pending=tuple(actions)), actions) == keys


def test_value_that_has_ended() -> None:
    """The planner takes a value back that the base has replaced: nothing is left of its action."""
    state = WidgetState(pending=(Action(1), put(2, {TITLE: "b"})), actions={TEXT: ActionValue("before")})
    assert overtaken(state, [put(1, {TEXT: "a"}), put(2, {TITLE: "b"})]) == {1}


@pytest.mark.parametrize(
    ("actions", "keys"),
    [
        pytest.param([put(1, {TEXT: "a"})], {1}, id="its-only-field"),
        pytest.param([put(1, {TEXT: "a", TITLE: "a"})], set(), id="one-of-two"),
        pytest.param([put(1, {TEXT: "a", TITLE: "a"}), put(2, {TITLE: "b"})], {1}, id="the-other-is-replaced"),
        pytest.param([put(1, {}, TEXT)], {1}, id="emptied"),
        pytest.param([put(1, {TITLE: "a"}, TEXT)], set(), id="one-is-emptied"),
        pytest.param([put(1, {TITLE: "a"}, TEXT), put(2, {TITLE: None})], {1}, id="the-other-is-cleared"),
        pytest.param([refreshing(1)], set(), id="refresh"),
    ],
)
def test_values_beneath_an_alert(actions: list[Action], keys: set[int]) -> None:
    """What an alert covers is not left."""
    state = WidgetState(pending=tuple(actions), actions={TITLE: ActionValue("before")})
    assert overtaken(state, actions, {TEXT}) == keys


def test_value_of_an_earlier_action() -> None:
    """What an action with a result has put there counts as what is left, too."""
    state = WidgetState(pending=(put(3, {TEXT: "b"}),), actions={TEXT: ActionValue("a"), TITLE: ActionValue("t")})
    assert overtaken(state, [put(3, {TEXT: "b"})]) == frozenset()
