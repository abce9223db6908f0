"""Texts are the same on every path: templates, alerts, actions and messages clean and cut them alike."""

from collections.abc import Awaitable, Callable

from homeassistant.exceptions import ServiceValidationError
import pytest

from .kit import DOOR, ROUNDING, SPACING, GlancesKit, alert, widget
from .test_notify import send

type Path = Callable[[GlancesKit, str], Awaitable[str]]

FLAG = "🇩🇪"
FAMILY = "👨\u200d👩\u200d👧"


async def _by_state(kit: GlancesKit, text: str) -> str:
    """Show a text as the attribute of an entity."""
    await kit.state("sensor.a", "on", text=text)
    await kit.load(widget(text="{{ state_attr('sensor.a', 'text') }}"))
    return kit.pushed()[0]["text"]


async def _by_fixed_text(kit: GlancesKit, text: str) -> str:
    """Show a text that is the template itself."""
    await kit.load(widget(text=text))
    return kit.pushed()[0]["text"]


async def _by_alert(kit: GlancesKit, text: str) -> str:
    """Show a text of an alert."""
    await kit.state(DOOR, "open", text=text)
    await kit.load(widget(), alert(text="{{ state_attr(entity_id, 'text') }}"))
    await kit.tick(5 + ROUNDING)
    return kit.pushed()[0]["text"]


async def _by_action(kit: GlancesKit, text: str) -> str:
    """Show a text of an action."""
    await kit.load(widget())
    await kit.update(text=text)
    return kit.pushed()[0]["text"]


async def _by_message(kit: GlancesKit, text: str) -> str:
    """Show a message."""
    await kit.load(widget())
    await send(kit, message=text)
    return kit.pushed()[0]["text"]


async def _by_title(kit: GlancesKit, text: str) -> str:
    """Show the title of a message."""
    await kit.load(widget())
    await send(kit, message="x", title=text)
    return kit.pushed()[0]["title"]


CUTTING = [
    pytest.param(_by_state, id="state"),
    pytest.param(_by_fixed_text, id="fixed-text"),
    pytest.param(_by_alert, id="alert"),
    pytest.param(_by_message, id="message"),
    pytest.param(_by_title, id="title"),
]
PATHS = [*CUTTING, pytest.param(_by_action, id="action")]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param("Hello\n", "Hello", id="line-break-at-the-end"),
        pytest.param("  hello  ", "hello", id="spaces"),
        pytest.param("Door\n  open", "Door open", id="line-break-within"),
        pytest.param("x" * 100 + "\n", "x" * 100, id="full-and-a-line-break"),
        pytest.param("x" * 60 + " " * 40 + "y" * 39, "x" * 60 + " " + "y" * 39, id="too-long-for-its-spaces-alone"),
        pytest.param("a\t\tb", "a b", id="tabs"),
        pytest.param("a\r\n\r\nb\r\n", "a b", id="line-breaks-of-windows"),
        pytest.param("21\u00a0°C", "21 °C", id="no-break-space"),
        pytest.param("a\u2028b\u3000c", "a b c", id="other-white-space"),
        pytest.param("a\x00\x07 \x1b b\x7f\x00\x00", "a b", id="control-characters"),
    ],
)
async def test_white_space_is_folded(kit: GlancesKit, path: Path, given: str, shown: str) -> None:
    """What is on the watch has single spaces, and none at its ends."""
    assert await path(kit, given) == shown


@pytest.mark.parametrize("path", CUTTING)
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param("x" * 98 + FLAG + "y" * 20, "x" * 98 + "…", id="flag"),
        pytest.param("x" * 97 + FLAG + "y" * 20, "x" * 97 + FLAG + "…", id="flag-that-fits"),
        pytest.param("x" * 95 + FAMILY + "y" * 20, "x" * 95 + "…", id="family"),
        pytest.param("x" * 98 + "👍🏽" + "y", "x" * 98 + "…", id="skin-tone"),
        pytest.param("x" * 98 + "❤\ufe0f" + "y", "x" * 98 + "…", id="variation-selector"),
        pytest.param("x" * 98 + "e\u0301" + "y", "x" * 98 + "…", id="accent"),
        pytest.param("x" * 97 + "1\ufe0f\u20e3" + "y", "x" * 97 + "…", id="keycap"),
        pytest.param("x" * 98 + "\u1112\u1161\u11ab", "x" * 98 + "…", id="syllable"),
        pytest.param("x" * 97 + " \n" + FLAG + "y", "x" * 97 + "…", id="flag-after-a-space"),
        pytest.param("\n" * 50 + "x" * 101, "x" * 99 + "…", id="folded-before-it-is-cut"),
    ],
)
async def test_nothing_is_cut_in_half(kit: GlancesKit, path: Path, given: str, shown: str) -> None:
    """What people see as one character is there as a whole or not at all."""
    assert await path(kit, given) == shown


async def test_time_beside_a_long_text(kit: GlancesKit) -> None:
    """The room for the time of the update is made in the same way."""
    kit.hass.config.language = "de"
    await kit.load(widget(text="x" * 90 + FLAG + "y" * 8, time_stamp="text"))
    kit.assert_pushed({"text": "x" * 90 + "… · 12:00"})


async def test_action_that_is_too_long_is_refused(kit: GlancesKit) -> None:
    """What counts is the length without the white space that is folded."""
    await kit.load(widget())
    with pytest.raises(ServiceValidationError) as raised:
        await kit.update(text="x" * 101 + "\n")
    assert raised.value.translation_placeholders == {"field": "text", "limit": "100"}


@pytest.mark.parametrize("given", ["Hello\n", "  Hello", "\tHello \n\n"])
async def test_the_same_text_costs_nothing(kit: GlancesKit, given: str) -> None:
    """White space that is not shown makes no difference to what is."""
    await kit.state("sensor.a", "on", text="Hello")
    await kit.load(widget(text="{{ state_attr('sensor.a', 'text') }}"))
    await kit.tick(SPACING + ROUNDING)
    assert (await kit.update(text=given))["status"] == "unchanged"
    await send(kit, message=given)
    await kit.change("sensor.a", "on", text=given)
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": "Hello"})


@pytest.mark.parametrize("given", ["", " ", "\n", "\u00a0\t"])
async def test_white_space_alone_empties_a_field(kit: GlancesKit, given: str) -> None:
    """Nothing is left of it, which empties the field, as an empty text does."""
    await kit.load(widget())
    await kit.update(text="x")
    await kit.tick(SPACING + ROUNDING)
    await kit.update(text=given)
    kit.assert_pushed({"text": "x"}, {"text": ""})
