"""What can be told from the text of a template."""

import pytest

from custom_components.pushover_glances.content.rendering import writes_numbers


@pytest.mark.parametrize(
    "text",
    [
        "Kitchen",
        "{{ states('sensor.a') }}",
        "{{ states('sensor.a', rounded=True, with_unit=True) }}",
        "{{- states('sensor.a') | float(0) | round(1) -}} °C {# outside #}",
        "{{ states('sensor.a') | float - states('sensor.b') | float }}",
        "{{ (states('sensor.a') | float / 1000) | round(1) }} kW",
        "{{ state_attr('light.a', 'brightness') ~ '' }}",
    ],
)
def test_number_that_is_written_down(text: str) -> None:
    """It looks about the same where it moves by little."""
    assert writes_numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'on' if states('sensor.a') | float > 1 else 'off' }}",
        "{{ states('sensor.a') == '1' }}",
        "{{ is_state('sensor.a', '1') }}",
        "{{ {'1': 'on'}[states('sensor.a')] }}",
        "{{ ['off', 'on'][states('sensor.a') | int] }}",
        "{{ states('sensor.a') | float * 1000 }}",
        "{{ 1 / (states('sensor.a') | float) }}",
        "{{ states('sensor.a') | float / 0.001 }}",
        "{{ states('sensor.a') | float ** 8 }}",
        "{{ states('sensor.a') | replace('1', 'one') }}",
        "{{ states('sensor.a') | int is odd }}",
        "{{ ['sensor.a', 'sensor.b'] | map('states') | map('float') | sum }}",
        "{{ states.sensor.a.state }}",
        "{{ states.sensor | count }}",
        "{% if states('sensor.a') | int %}on{% endif %}",
        "{% set a = states('sensor.a') %}{{ a }}",
        "{{ ~ '",
    ],
)
def test_number_that_something_else_may_be_made_of(text: str) -> None:
    """A word, or a number that moves by more."""
    assert not writes_numbers(text)
