"""The five fields and their limits."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.pushover_glances.pushover import Field, Glance, InvalidFieldError, Problem, Value, accept, fit


def test_values_keep_what_is_set() -> None:
    """Zero and the empty text are values; only None is absence."""
    glance = Glance.of({Field.TITLE: "", Field.TEXT: "x", Field.COUNT: 0, Field.PERCENT: 0})
    assert glance.values == {"title": "", "text": "x", "count": 0, "percent": 0}
    assert Glance.of(glance.values) == glance


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({Field.TITLE: "x" * 100}, id="longest-text"),
        pytest.param({Field.TEXT: "🚗" * 100}, id="characters-not-bytes"),
        pytest.param({Field.COUNT: -5}, id="negative-count"),
        pytest.param({Field.COUNT: ""}, id="empty-count"),
        pytest.param({Field.PERCENT: 0}, id="lowest-percent"),
        pytest.param({Field.PERCENT: 100}, id="highest-percent"),
        pytest.param({Field.PERCENT: ""}, id="empty-percent"),
    ],
)
def test_good(fields: dict[Field, Any]) -> None:
    """What Pushover takes is taken."""
    assert Glance.of(fields).values == fields


@pytest.mark.parametrize(
    ("fields", "problem", "field", "limit"),
    [
        pytest.param({}, Problem.NO_FIELD, "", "", id="no-field"),
        pytest.param({Field.TITLE: None}, Problem.NO_FIELD, "", "", id="only-none"),
        pytest.param({Field.TITLE: "x" * 101}, Problem.TOO_LONG, "title", "100", id="too-long"),
        pytest.param({Field.TEXT: 5}, Problem.NOT_TEXT, "text", "", id="not-text"),
        pytest.param({Field.COUNT: "5"}, Problem.NOT_A_NUMBER, "count", "", id="text-for-a-number"),
        pytest.param({Field.COUNT: 5.5}, Problem.NOT_A_NUMBER, "count", "", id="fraction"),
        pytest.param({Field.PERCENT: True}, Problem.NOT_A_NUMBER, "percent", "", id="true"),
        pytest.param(
            {Field.COUNT: 2**53},
            Problem.OUT_OF_RANGE,
            "count",
            "-9007199254740991..9007199254740991",
            id="count-too-large",
        ),
        pytest.param({Field.PERCENT: 101}, Problem.OUT_OF_RANGE, "percent", "0..100", id="above"),
        pytest.param({Field.PERCENT: -1}, Problem.OUT_OF_RANGE, "percent", "0..100", id="below"),
    ],
)
def test_bad(fields: dict[Field, Any], problem: Problem, field: str, limit: str) -> None:
    """What Pushover would refuse is refused, by field and limit."""
    with pytest.raises(InvalidFieldError) as raised:
        Glance.of(fields)
    assert (raised.value.problem, raised.value.field, raised.value.limit) == (problem, field, limit)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        pytest.param(Field.TEXT, " x ", "x", id="stripped"),
        pytest.param(Field.TEXT, "", "", id="empty-text"),
        pytest.param(Field.TEXT, "x" * 101, "x" * 99 + "…", id="cut"),
        pytest.param(Field.TEXT, "x" * 98 + " yz", "x" * 98 + "…", id="no-space-before-the-ellipsis"),
        pytest.param(Field.TEXT, "x" * 97 + "👨\u200d👩\u200d👧", "x" * 97 + "…", id="no-half-of-an-emoji"),
        pytest.param(Field.TEXT, "a\ud83d", "a?", id="half-of-a-surrogate-pair"),
        pytest.param(Field.COUNT, "", "", id="empty-count"),
        pytest.param(Field.COUNT, "-3.6", -4, id="rounded"),
        pytest.param(Field.COUNT, "21.5 °C", 22, id="number-with-a-unit"),
        pytest.param(Field.COUNT, "open", None, id="not-a-number"),
        pytest.param(Field.COUNT, "unavailable", None, id="unavailable"),
        pytest.param(Field.COUNT, "nan", None, id="nan"),
        pytest.param(Field.COUNT, "inf", None, id="infinite"),
        pytest.param(Field.COUNT, "9" * 5000, None, id="absurdly-long"),
        pytest.param(Field.COUNT, "9007199254740991", 9007199254740991, id="largest"),
        pytest.param(Field.COUNT, "-9007199254740992", None, id="too-large"),
        pytest.param(Field.PERCENT, "150", 100, id="clamped-above"),
        pytest.param(Field.PERCENT, "-1", 0, id="clamped-below"),
        pytest.param(Field.PERCENT, "84.5001", 85, id="percent-rounded"),
    ],
)
def test_fit(field: Field, text: str, value: Value | None) -> None:
    """A template's result is made to fit."""
    assert fit(field, text) == value


@given(st.sampled_from(Field), st.text())
def test_whatever_fits_is_good(field: Field, text: str) -> None:
    """Nothing that `fit` returns is refused."""
    if (value := fit(field, text)) is not None:
        assert Glance.of({field: value}).values == {field: value}


@given(st.sampled_from(Field), st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.text())))
def test_whatever_is_accepted_is_good(field: Field, given_value: object) -> None:
    """Either a value is refused with a reason, or Pushover takes it."""
    try:
        value = accept(field, given_value)
    except InvalidFieldError:
        return
    assert Glance.of({field: value}).values == {field: value}


def test_number_that_is_too_long_for_a_text() -> None:
    """It is refused like any text that is too long, however many digits Python can write."""
    for digits in (101, 100_000):
        with pytest.raises(InvalidFieldError) as raised:
            accept(Field.TEXT, 10**digits)
        assert raised.value.problem is Problem.TOO_LONG
