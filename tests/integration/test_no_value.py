"""What counts as no value: the results of templates whose entities are away, and those that only look like it."""

import re
from typing import Any

from homeassistant.core import CoreState
from homeassistant.helpers.template import Template
import pytest

from tests.unit.documents import section

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, alert, widget
from .test_widget_preview import NO_VALUE, preview

WEATHER = "weather.home"
DASH = "\N{EN DASH}"
TITLE = "When a field has no value"
GOES = [
    pytest.param("unavailable", id="unavailable"),
    pytest.param("unknown", id="unknown"),
    pytest.param(None, id="removed"),
]

# Templates, and what they show while the weather is sunny at 21 °C.
ASKS = [
    pytest.param("{{ states('weather.home') }}", "sunny", id="states"),
    pytest.param("{{ states('weather.home') | title }}", "Sunny", id="states-in-capitals"),
    pytest.param("{{ state_attr('weather.home', 'temperature') }} °C", "21 °C", id="state-attr"),
    pytest.param("{{ state_attr('weather.home', 'temperature') | string | upper }} °C", "21 °C", id="none-in-capitals"),
    pytest.param("Outside {{ state_attr('weather.home', 'temperature') }}", "Outside 21", id="fixed-text-before"),
    pytest.param("{{ states.weather.home.attributes.temperature }} °C", "21 °C", id="attribute-path"),
    pytest.param("{{ states.weather.home.attributes['temperature'] }}\n °C", "21 °C", id="attribute-path-on-two-lines"),
    pytest.param("{{ states['weather.home'].attributes.temperature }} °C", "21 °C", id="attribute-path-by-item"),
    pytest.param(
        "{% set t = states.weather.home.attributes.temperature %}{{ t }} °C", "21 °C", id="attribute-path-in-a-variable"
    ),
    pytest.param("{{ states.weather.home.state }}", "sunny", id="states-path"),
    pytest.param("It is {{ states.weather.home.state }}.", "It is sunny.", id="states-path-in-a-sentence"),
    pytest.param("{{ states.weather | map(attribute='state') | first }}", "sunny", id="domain"),
    pytest.param("{{ (states.weather | first).attributes.temperature }} °C", "21 °C", id="attribute-by-domain"),
    pytest.param(
        "{% for w in states.weather %}{{ w.attributes.temperature }}{% endfor %}", "21", id="loop-over-a-domain"
    ),
    pytest.param("{{ expand('weather.home') | map(attribute='state') | first }}", "sunny", id="expand"),
    pytest.param(
        "{{ expand('weather.home') | map(attribute='attributes.temperature') | join(', ') }} °C", "21 °C", id="join"
    ),
    pytest.param("{{ state_translated('weather.home') }}", "sunny", id="state-translated"),
    pytest.param(
        "{% if is_state('sun.sun', 'up') %}{{ states('weather.home') }}{% else %}night{% endif %}", "sunny", id="if"
    ),
    pytest.param(
        "{{ states.weather.home.attributes.temperature if is_state('sun.sun', 'up') else 'night' }}", "21", id="choice"
    ),
    pytest.param(
        "{{ states('sensor.inside') }} / {{ state_attr('weather.home', 'temperature') }}", "19 / 21", id="one-of-two"
    ),
    pytest.param(
        "{{ states('sensor.inside') }} / {{ states.weather.home.attributes.temperature }} °C",
        "19 / 21 °C",
        id="one-of-two-paths",
    ),
    pytest.param("{{ states.weather.home.attributes.temperature ~ ' °C' }}", "21 °C", id="attribute-path-put-together"),
    pytest.param(
        "{{ '{} °C'.format(states.weather.home.attributes.temperature) }}", "21 °C", id="attribute-path-format"
    ),
    pytest.param("{{ '{} °C'.format(state_attr('weather.home', 'temperature')) }}", "21 °C", id="state-attr-format"),
    pytest.param("{{ 'Sun: ' ~ states('weather.home') }}", "Sun: sunny", id="put-together"),
    pytest.param("{{ state_attr('weather.home', 'temperature') | default('unknown', true) }}°", "21°", id="default"),
    pytest.param(
        "{{ '{}kWh'.format(state_attr('weather.home', 'temperature')) }}", "21kWh", id="unit-at-once-by-format"
    ),
    pytest.param("{{ '%sW' % states('weather.home') }}", "sunnyW", id="unit-at-once-by-percent"),
    pytest.param(
        "{% if is_state('sun.sun', 'up') %}{{ state_attr('weather.home', 'temperature') }}C{% endif %}",
        "21C",
        id="unit-at-once-in-a-block",
    ),
    pytest.param("{% set t = states('weather.home') ~ 'W' %}{{ t }}", "sunnyW", id="unit-at-once-in-a-variable"),
    pytest.param("{{ (states('weather.home') ~ 'W') | upper }}", "SUNNYW", id="unit-at-once-in-capitals"),
    pytest.param(
        "{% for e in ['sensor.inside', 'weather.home'] %}{{ states(e) }}C{% endfor %}", "19CsunnyC", id="values-at-once"
    ),
    pytest.param(
        "{% if is_state('sun.sun', 'up') %}{{ states.weather.home.attributes.temperature }} °C{% endif %}",
        "21 °C",
        id="attribute-path-in-a-block",
    ),
    pytest.param(
        "{% for w in states.weather %}Out: {{ w.attributes.temperature }} °C{% endfor %}",
        "Out: 21 °C",
        id="attribute-path-in-a-loop",
    ),
    pytest.param("{{ states('weather.home')[:5] }}", "sunny", id="first-letters"),
]


async def _sunny(kit: GlancesKit) -> None:
    await kit.state("sun.sun", "up")
    await kit.state("sensor.inside", "19")
    await kit.state(WEATHER, "sunny", temperature=21)


async def _goes(kit: GlancesKit, state: str | None) -> None:
    if state is None:
        kit.hass.states.async_remove(WEATHER)
        await kit.settle()
    else:
        await kit.state(WEATHER, state)
    await kit.tick(5 + ROUNDING)


@pytest.mark.parametrize("gone", GOES)
@pytest.mark.parametrize(("template", "shown"), ASKS)
async def test_reload_costs_nothing(kit: GlancesKit, template: str, shown: str, gone: str | None) -> None:
    """An entity that is away for a minute costs no update; after half an hour its field shows a dash."""
    await _sunny(kit)
    await kit.load(widget(text=template))
    kit.assert_pushed({"text": shown})
    await kit.tick(SPACING + ROUNDING)
    await _goes(kit, gone)
    await kit.tick(MINUTE)
    await kit.change(WEATHER, "sunny", temperature=21)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()
    await _goes(kit, gone)
    await kit.tick(29 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.tick(MINUTE)
    kit.assert_pushed({"text": DASH})


@pytest.mark.parametrize("gone", GOES)
@pytest.mark.parametrize(
    "template",
    [
        pytest.param("{{ states('weather.home') }}", id="states"),
        pytest.param("{{ state_attr('weather.home', 'temperature') }}", id="state-attr"),
        pytest.param("{{ state_attr('weather.home', 'temperature') }} %", id="state-attr-with-unit"),
        pytest.param("{{ states.weather.home.attributes.temperature }}", id="attribute-path"),
        pytest.param("{{ states.weather.home.attributes.temperature }} °C", id="attribute-path-with-unit"),
        pytest.param("{{ (states.weather | first).attributes.temperature }}", id="domain"),
        pytest.param("{{ expand('weather.home') | map(attribute='attributes.temperature') | first }}", id="expand"),
    ],
)
async def test_number_is_kept(kit: GlancesKit, template: str, gone: str | None) -> None:
    """A number is kept as well, and emptied after half an hour."""
    await kit.state(WEATHER, "21", temperature=21)
    await kit.load(widget(count=template, title="Weather"))
    await kit.tick(SPACING + ROUNDING)
    await _goes(kit, gone)
    await kit.tick(29 * MINUTE)
    kit.assert_pushed({"title": "Weather", "count": "21"})
    await kit.tick(MINUTE)
    kit.assert_pushed({"title": "Weather", "count": ""})


async def test_kept_value_stays(kit: GlancesKit) -> None:
    """A widget that keeps its values keeps these, too."""
    await _sunny(kit)
    text, count = (
        "{{ state_attr('weather.home', 'temperature') }} °C",
        "{{ states.weather.home.attributes.temperature }}",
    )
    await kit.load(widget(text=text, count=count, unavailable="keep"))
    await _goes(kit, None)
    await kit.tick(120 * MINUTE)
    kit.assert_pushed({"text": "21 °C", "count": "21"})


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        pytest.param("{{ state_attr('weather.home', 'temperature') }} °C", "21 °C", id="state-attr"),
        pytest.param("{{ states.weather.home.attributes.temperature }} °C", "21 °C", id="attribute-path"),
        pytest.param("{{ states.weather | map(attribute='state') | first }}", "sunny", id="domain"),
        pytest.param("{{ states.weather.home.state }}", "sunny", id="states-path"),
    ],
)
async def test_entity_that_is_not_there_yet_at_the_start(kit: GlancesKit, template: str, shown: str) -> None:
    """Home Assistant starts, and the integration of the entity takes a minute longer."""
    kit.hass.set_state(CoreState.starting)
    await kit.load(widget(text=template, title="Weather"))
    kit.hass.set_state(CoreState.running)
    kit.hass.bus.async_fire("homeassistant_started")
    await kit.settle()
    await kit.tick(MINUTE)
    kit.assert_nothing_pushed()
    await _sunny(kit)
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed({"title": "Weather", "text": shown})


# What a template says while the weather is away, although it holds such a word, or nothing.
OWN_WORDS = [
    pytest.param("{{ 'ok' if has_value('weather.home') else 'Car unavailable' }}", "Car unavailable", id="choice"),
    pytest.param(
        "{% if not has_value('weather.home') %}Status unknown{% else %}ok{% endif %}", "Status unknown", id="if"
    ),
    pytest.param("{{ 'ok' if has_value('weather.home') else 'Unavailable' }}", "Unavailable", id="word-alone"),
    pytest.param("Unknown: {{ 'x' if is_state('weather.home', 'sunny') else 'y' }}", "Unknown: y", id="fixed-text"),
    pytest.param(
        "{{ state_attr('media_player.den', 'media_title') }} {{ has_value('weather.home') }}",
        "Unknown Pleasures False",
        id="track",
    ),
    pytest.param(
        "{{ states('sensor.note') }} {{ has_value('weather.home') }}", "Gate unavailable until 5 False", id="state"
    ),
    pytest.param(
        "{{ states('select.preset') }} {{ has_value('weather.home') }}", "none False", id="state-that-is-a-word"
    ),
    pytest.param(
        "{{ state_attr('climate.den', 'preset_mode') }} {{ has_value('weather.home') }}",
        "none False",
        id="attribute-that-is-a-word",
    ),
    pytest.param(
        "{{ state_attr('media_player.den', 'media_title') | upper }} {{ has_value('weather.home') }}",
        "UNKNOWN PLEASURES False",
        id="track-in-capitals",
    ),
    pytest.param("{{ states('weather.home') | int(0) }} unknowns", "0 unknowns", id="longer-word"),
    pytest.param("{{ 'Rain' if states('weather.home') == 'rainy' else 'Dry' }}", "Dry", id="other-words"),
    pytest.param(
        "{{ state_attr('media_player.den', 'friendly_name') ~ ' unavailable' if not has_value('weather.home') }}",
        "Den unavailable",
        id="put-together",
    ),
    pytest.param(
        "{{ '%s is unavailable' % 'Car' if not has_value('weather.home') }}", "Car is unavailable", id="percent-format"
    ),
    pytest.param(
        "{{ '{} unknown'.format('Car') if not has_value('weather.home') }}", "Car unknown", id="format-with-word"
    ),
    pytest.param(
        "{% if has_value('weather.home') %}{% set t = 'ok' %}{% else %}{% set t = 'Unavailable' %}{% endif %}{{ t }}",
        "Unavailable",
        id="variable",
    ),
    pytest.param("{{ ['Unavailable', 'ok'][has_value('weather.home') | int] }}", "Unavailable", id="list"),
    pytest.param(
        "{{ state_attr('media_player.den', 'media_title').split(' ') | first }} {{ has_value('weather.home') }}",
        "Unknown False",
        id="first-word-of-a-track",
    ),
    pytest.param(
        "{{ state_attr('climate.den', 'preset_modes') | join(', ') }} {{ has_value('weather.home') }}",
        "none, eco False",
        id="list-of-another-entity",
    ),
    pytest.param(
        "{{ states.light | selectattr('state', 'eq', 'on') | map(attribute='name') | join(', ') }}",
        "",
        id="no-light-of-those-there",
    ),
    pytest.param("{% for l in states.light if l.state == 'on' %}{{ l.name }}{% endfor %}", "", id="no-light-in-a-loop"),
    pytest.param(
        "{{ states('sensor.inside') }} °C{{ ' !' if is_state('weather.home', 'rainy') }}",
        "19 °C",
        id="nothing-by-choice",
    ),
]


@pytest.mark.parametrize("gone", GOES)
@pytest.mark.parametrize(("template", "shown"), OWN_WORDS)
async def test_own_words_are_shown(kit: GlancesKit, template: str, shown: str, gone: str | None) -> None:
    """What the template writes itself, or takes from another entity, is not taken for an entity that is away."""
    await kit.state("sensor.inside", "19")
    await kit.state("sensor.note", "Gate unavailable until 5")
    await kit.state("select.preset", "none")
    await kit.state("climate.den", "heat", preset_mode="none", preset_modes=["none", "eco"])
    await kit.state("media_player.den", "playing", media_title="Unknown Pleasures", friendly_name="Den")
    await kit.state("light.hall", "off")
    await kit.state("light.attic", "unavailable")
    await _goes(kit, gone)
    await kit.load(widget(text=template, title="Home"))
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"title": "Home", "text": shown})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Car unavailable", id="sentence"),
        pytest.param("unavailable", id="word"),
        pytest.param("None", id="none"),
        pytest.param("Unknown Pleasures", id="track"),
    ],
)
async def test_text_of_an_action_is_shown(kit: GlancesKit, text: str) -> None:
    """An action's words are its caller's, whatever the sources of the widget say."""
    await _sunny(kit)
    await kit.load(widget(text="{{ state_attr('weather.home', 'temperature') }} °C"))
    await _goes(kit, "unavailable")
    await kit.tick(SPACING)
    assert (await kit.update(text=text))["status"] == "sent"
    kit.assert_pushed({"text": "21 °C"}, {"text": text})


async def test_value_of_an_action_outlives_a_reload(kit: GlancesKit) -> None:
    """What an action showed does not end because the source was away, and ends when it says something else."""
    await _sunny(kit)
    await kit.load(widget(text="{{ states.weather.home.attributes.temperature }} °C"))
    await kit.tick(SPACING + ROUNDING)
    await _goes(kit, None)
    await kit.update(text="Painting")
    await kit.tick(SPACING + ROUNDING)
    await kit.change(WEATHER, "sunny", temperature=21)
    kit.assert_pushed({"text": "21 °C"}, {"text": "Painting"})
    await kit.change(WEATHER, "sunny", temperature=30)
    kit.assert_pushed({"text": "30 °C"})


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("{{ state_attr(entity_id, 'battery') }} %", id="state-attr"),
        pytest.param("{{ states[entity_id].attributes.battery }} %", id="attribute-path"),
        pytest.param("{{ name }}: {{ state_attr(entity_id, 'battery') }} %", id="name-and-state-attr"),
        pytest.param("{{ state }}, {{ state_attr(entity_id, 'battery') }} %", id="state-and-state-attr"),
        pytest.param("{{ expand(entity_id) | map(attribute='attributes.battery') | first }} %", id="expand"),
    ],
)
async def test_alert_keeps_its_value(kit: GlancesKit, template: str) -> None:
    """An alert whose entity is away for a moment says what it said."""
    await kit.state(DOOR, "open", battery=80)
    await kit.load(widget(title="Home"), alert(title="Door", text=template))
    await kit.tick(5 + ROUNDING)
    (first,) = kit.pushed()
    assert first["text"].endswith("80 %")
    await kit.tick(SPACING + ROUNDING)
    await kit.change(DOOR, "unavailable")
    await kit.tick(SPACING + ROUNDING)
    await kit.change(DOOR, "open", battery=80)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


async def test_alert_says_its_own_words(kit: GlancesKit) -> None:
    """A name that holds such a word is a name."""
    named: dict[str, Any] = {"friendly_name": "Unknown visitor"}
    await kit.state(DOOR, "open", **named)
    await kit.load(widget(title="Home"), alert(title="{{ name }}", text="Status unknown"))
    await kit.tick(5 + ROUNDING)
    kit.assert_pushed({"title": "Unknown visitor", "text": "Status unknown"})
    await kit.state("cover.side_door", "open", **named)
    await kit.change(DOOR, "unavailable", **named)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        pytest.param("{{ state_attr('weather.home', 'temperature') }} °C", f"{NO_VALUE} None °C", id="state-attr"),
        pytest.param("{{ states.weather | map(attribute='state') | first }}", f"{NO_VALUE} unavailable", id="domain"),
        pytest.param("{{ states.weather.home.attributes.temperature }} °C", f"{NO_VALUE} °C", id="attribute-path"),
        pytest.param(
            "{{ 'ok' if has_value('weather.home') else 'Car unavailable' }}", "Car unavailable", id="own-words"
        ),
    ],
)
async def test_preview_has_no_value(kit: GlancesKit, template: str, shown: str) -> None:
    """The form says beforehand what will be no value."""
    await kit.state(WEATHER, "unavailable")
    await kit.load()
    assert (await preview(kit, text=template, title="Weather"))["text"] == shown


_ROW = re.compile(r"^\| `(?P<template>.+)` \| (?P<says>[^|]+) \| (?P<judged>yes|no)\b", re.MULTILINE)


@pytest.mark.parametrize("row", [match.groupdict() for match in _ROW.finditer(section("docs/setup.md", TITLE))])
async def test_examples_of_the_documentation(kit: GlancesKit, row: dict[str, str]) -> None:
    """Each template says what the page says, and what is no value is not sent."""
    for entity_id in (WEATHER, "sensor.outside", "sensor.car", "sensor.power", "light.attic"):
        await kit.state(entity_id, "unavailable")
    await kit.state("sensor.inside", "21.5")
    await kit.state("light.hall", "off")
    template = row["template"].replace("\\|", "|")
    says = "" if row["says"] == "nothing" else row["says"]
    assert Template(template, kit.hass).async_render(parse_result=False) == says
    await kit.load(widget(text=template, title="Home"))
    kit.assert_pushed({"title": "Home", "text": says} if row["judged"] == "yes" else {"title": "Home"})


def test_examples_are_found() -> None:
    """The table is where the test looks for it."""
    assert len(_ROW.findall(section("docs/setup.md", TITLE))) == 8
