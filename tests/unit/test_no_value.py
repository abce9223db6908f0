"""Results of templates that are no value, beyond what Home Assistant's own tests can bring about."""

from homeassistant.core import State
import pytest

from custom_components.pushover_glances.content.no_value import has_no_value

_STATES = (State("sensor.gone", "unavailable"), State("sensor.there", "on", {"mode": "none", "level": 3}))


@pytest.mark.parametrize(
    ("template", "result"),
    [
        pytest.param("{{ a }}", "", id="nothing"),
        pytest.param("{{ a }} °C", "°C", id="unit-alone"),
        pytest.param("{{ a }}{{ b }} °C", "None °C", id="two-without-a-text-between"),
        pytest.param("{{ a }} {{ b }}", "3 None", id="two-with-a-space-between"),
        pytest.param("[{{ a }}]", "[unknown]", id="in-brackets"),
        pytest.param("{{ a }},{{ b }}", "None,None", id="both"),
        pytest.param("A: {{ a }} A", "A: unavailable A", id="fixed-text-twice"),
        pytest.param("{{ '{} °C'.format(a) }}", "None °C", id="none-in-a-format"),
        pytest.param("{{ {'on': 'Open'}.get(a, a) }}", "unavailable", id="table-without-it"),
        pytest.param("{% trans %}{{ a }}{% endtrans %}", "None", id="unknown-tag"),
        pytest.param("{{ a }} unavailable", "unavailable unavailable", id="own-word-and-the-state"),
        pytest.param("{{ a | default('') }} °C", "°C", id="unit-alone-by-default"),
        pytest.param("{{ b if a != 'unknown' }}", "unknown", id="word-of-a-comparison"),
        pytest.param("{{ a }}{{ 'C' }}", "NoneC", id="text-of-an-expression-at-once"),
        pytest.param("{{ '%s_%s' % (a, b) }}", "19_unavailable", id="after-a-number-and-an-underscore"),
        pytest.param("{{ a.title() }}", "Unavailable", id="method"),
        pytest.param("{{ [a, b] | map('title') | join(', ') }}", "Unavailable, 3", id="filter-by-name"),
        pytest.param("{% from 'x.jinja' import m %}{{ m(a) }}", "Unavailable", id="macro-of-a-file"),
        pytest.param("{{ a[:10] }}", "unavailabl", id="first-letters"),
        pytest.param("{{ a[:-3] }}, {{ b }}", "unavaila, 3", id="first-letters-of-one-of-two"),
    ],
)
def test_no_value(template: str, result: str) -> None:
    """What stands where the value would stand is not one."""
    assert has_no_value(template, result, _STATES)


@pytest.mark.parametrize(
    ("template", "result"),
    [
        pytest.param("{{ a }} °C", "3 °C", id="number"),
        pytest.param("Hello", "Hello", id="fixed-text"),
        pytest.param("{{ a }} {{ b }}", "3 4", id="two-with-a-space-between"),
        pytest.param("{{ a }}{{ b }}", "3", id="two-without-a-text-between"),
        pytest.param("{{ a }} {{ b if c }}", "3", id="second-by-choice"),
        pytest.param("{{ a }} / {{ b or '' }}", "3 /", id="empty-on-purpose"),
        pytest.param("{{ a }} none", "3 none", id="own-word"),
        pytest.param("{% set b = 'Unknown' if a else 'x' %}{{ b }}", "Unknown", id="choice-in-a-variable"),
        pytest.param("{{ {'on': 'Open', 'unavailable': 'Unavailable'}[a] }}", "Unavailable", id="table"),
        pytest.param("{{ a | iif('on', 'Unknown') }}", "Unknown", id="iif"),
        pytest.param("{{ 'x ' ~ a ~ ' °C' }}", "x 3 °C", id="expression"),
        pytest.param("{{ 'Car ' ~ ('is unavailable' if a else 'ok') }}", "Car is unavailable", id="put-together"),
        pytest.param("{{ a }}", "none", id="attribute-of-another-entity"),
        pytest.param("{{ a }}", "nonesuch", id="part-of-a-word"),
        pytest.param("{{ a }}", "sensor.unknown_device", id="part-of-a-name"),
        pytest.param("{{ a }}", "sensor.the_unknown", id="end-of-a-name"),
        pytest.param("{{ a }}", "Unknown", id="other-letters"),
        pytest.param("{% if a %}{{ b or '' }} !{% endif %}", "!", id="block-with-a-value-that-is-empty-on-purpose"),
        pytest.param("{% if a %}Open{% if b %} !{% endif %}{% endif %}", "Open", id="block-in-a-block"),
        pytest.param("{{ a[:b] }}", "una", id="letters-that-are-not-known"),
        pytest.param("{{ (a | select('eq', 'on') | list)[:3] | join(' ') }}", "una luz", id="first-of-a-list"),
        pytest.param("{{ 'Power at 0 % unknown' if a }}", "Power at 0 % unknown", id="phrase-with-a-percent-sign"),
        pytest.param("{{ a | select('eq', 'on') | join }}", "", id="list-of-some"),
        pytest.param("{% if b %}{{ a | select('eq', 'on') | join }} on{% endif %}", "on", id="list-of-some-in-a-block"),
        pytest.param("{% macro m() %}{% endmacro %}{{ m() }}{{ a }}", "3", id="macro"),
        pytest.param("{{ 'Unknown caller' if a else b }} x", "Unknown caller x", id="phrase"),
    ],
)
def test_value(template: str, result: str) -> None:
    """A value may be anything else."""
    assert not has_no_value(template, result, _STATES)


def test_list_whose_entities_are_all_away() -> None:
    """Nothing is known of any of them then."""
    template = "{{ a | select('eq', 'on') | join }}"
    assert has_no_value(template, "", _STATES[:1])
    assert has_no_value(template, "", ())


def test_many_parts_take_no_time() -> None:
    """A result in which the fixed texts are found often, and do not fit in the end, is not searched again and again."""
    assert not has_no_value("a{{ a }}" * 60 + "b", "a" * 20_000 + "c", _STATES)
