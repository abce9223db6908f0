"""The data of actions as scripts write it: with templates that give nothing, and with Home Assistant's native types."""

from datetime import timedelta

from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.pushover_glances.const import DOMAIN
from custom_components.pushover_glances.pushover import Field

from .kit import DOOR, MINUTE, ROUNDING, SPACING, GlancesKit, widget
from .scripts import run, update

_EVERY_FIELD = dict.fromkeys(map(str, Field), "")


@pytest.mark.parametrize(
    "option",
    [
        "duration: null",
        "duration:",
        'duration: ""',
        'duration: " "',
        "duration: {}",
        'duration: "{{ none }}"',
        "duration: \"{{ state_attr('timer.gone', 'remaining') }}\"",
        'duration: "{{ 10 if false else none }}"',
        'duration: "{% if false %}00:10:00{% endif %}"',
        'duration: {minutes: "{{ none }}"}',
        'duration: {hours: "", minutes: null}',
        "urgent: null",
        'urgent: ""',
        'urgent: "{{ none }}"',
        "urgent: \"{{ state_attr('light.gone', 'urgent') }}\"",
    ],
)
async def test_option_that_is_not_given(kit: GlancesKit, option: str) -> None:
    """It is as if it was not there: the value is neither urgent nor does it end."""
    await kit.load(widget())
    await kit.update(title="before")
    kit.pushed()
    item = await update(kit, f"text: Open\n{option}")
    assert item["status"] == "queued"
    await kit.tick(2 * MINUTE)
    kit.assert_nothing_pushed()
    await kit.tick(SPACING)
    kit.assert_pushed({"title": "before", "text": "Open"})
    await kit.tick(2 * SPACING)
    kit.assert_nothing_pushed()


@pytest.mark.parametrize(
    ("duration", "lasts"),
    [
        ('"{{ timedelta(minutes=30) }}"', timedelta(minutes=30)),
        ('"{{ timedelta(days=1, hours=2) }}"', timedelta(days=1, hours=2)),
        ("\"{{ {'minutes': 30} }}\"", timedelta(minutes=30)),
        ('{hours: "{{ none }}", minutes: "{{ 30 }}"}', timedelta(minutes=30)),
        ('"PT30M"', timedelta(minutes=30)),
        ('"{{ 1800 }}"', timedelta(minutes=30)),
        ('"00:30"', timedelta(minutes=30)),
    ],
)
async def test_duration_as_templates_write_it(kit: GlancesKit, duration: str, lasts: timedelta) -> None:
    """The value stays so long, and then the field is emptied."""
    await kit.load(widget())
    await update(kit, f"text: Open\nduration: {duration}")
    kit.assert_pushed({"text": "Open"})
    await kit.tick(lasts.total_seconds() - MINUTE)
    assert {"text": ""} not in kit.pushed()
    # After hours, what is shown was just sent again.
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"text": ""})


@pytest.mark.parametrize(
    ("data", "key", "placeholders"),
    [
        pytest.param("duration: unavailable", "duration_out_of_range", {"limit": "366"}, id="duration-unavailable"),
        pytest.param(
            "duration: \"{{ states('sensor.gone') }}\"",
            "duration_out_of_range",
            {"limit": "366"},
            id="duration-unknown",
        ),
        pytest.param("duration: {weeks: 1}", "duration_out_of_range", {"limit": "366"}, id="duration-weeks"),
        pytest.param("duration: true", "duration_out_of_range", {"limit": "366"}, id="duration-true"),
        pytest.param("duration: [1, 2]", "duration_out_of_range", {"limit": "366"}, id="duration-list"),
        pytest.param('duration: "-00:10:00"', "duration_out_of_range", {"limit": "366"}, id="duration-negative"),
        pytest.param(
            "duration: 999999999999 days, 1:00:00", "duration_out_of_range", {"limit": "366"}, id="duration-of-days"
        ),
        pytest.param('duration: "{{ 1e300 }}"', "duration_out_of_range", {"limit": "366"}, id="duration-for-ever"),
        pytest.param(
            "urgent: \"{{ states('input_boolean.gone') }}\"", "not_a_boolean", {"field": "urgent"}, id="urgent-unknown"
        ),
        pytest.param("urgent: maybe", "not_a_boolean", {"field": "urgent"}, id="urgent-maybe"),
        pytest.param("urgent: [true]", "not_a_boolean", {"field": "urgent"}, id="urgent-list"),
        pytest.param("title: [a, b]", "not_text", {"field": "title"}, id="title-list"),
        pytest.param("title: {a: b}", "not_text", {"field": "title"}, id="title-mapping"),
        pytest.param('count: "{{ [1, 2] }}"', "not_a_number", {"field": "count"}, id="count-list"),
        pytest.param("count: \"{{ states('sensor.gone') }}\"", "not_a_number", {"field": "count"}, id="count-unknown"),
    ],
)
async def test_error_that_a_script_may_continue_after(
    kit: GlancesKit, data: str, key: str, placeholders: dict[str, str]
) -> None:
    """What a template may give names the field and its limit, sends nothing, and is no error of the schema."""
    await kit.load(widget())
    call = f"- action: pushover_glances.update\n  data:\n    text: x\n    {data}\n"
    with pytest.raises(ServiceValidationError) as raised:
        await run(kit, call)
    assert (raised.value.translation_domain, raised.value.translation_key) == (DOMAIN, key)
    assert raised.value.translation_placeholders == placeholders
    kit.assert_nothing_pushed()
    next_step = "- action: glances.update\n  data:\n    text: next\n"
    await run(kit, f"{call}  continue_on_error: true\n{next_step}")
    kit.assert_pushed({"text": "next"})


@pytest.mark.parametrize(
    ("template", "text"),
    [
        pytest.param("{{ '21.5' | replace('.', ',') }}", "21,5", id="comma"),
        pytest.param("{{ '-3.25' | replace('.', ',') }}", "-3,25", id="negative"),
        pytest.param("{{ '%.2f' | format(0.5) | replace('.', ',') }}", "0,50", id="zeros"),
        pytest.param("{{ '{:,.0f}'.format(12345) }}", "12,345", id="thousands"),
        pytest.param("{{ '1, 2, 3' }}", "1, 2, 3", id="several"),
        pytest.param("{{ ['Anna', 'Ben'] }}", "['Anna', 'Ben']", id="list"),
        pytest.param("[{{ 5 }}]", "[5]", id="brackets"),
        pytest.param("{{ '{}' }}", "{}", id="braces"),
        pytest.param("{{ '()' }}", "()", id="parentheses"),
    ],
)
async def test_text_is_what_the_template_writes(kit: GlancesKit, template: str, text: str) -> None:
    """Home Assistant makes a tuple, a list and the like of it; messages and the fields of a widget show the text."""
    await kit.state(DOOR, "open")
    await kit.load(widget(subtext=template))
    await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"subtext": text})
    for action, field in (("glances.update", "text"), ("notify.send_message", "message")):
        data = f'{{entity_id: notify.iphone_glance, {field}: "{template}"}}'
        await run(kit, f"- action: {action}\n  data: {data}\n")
        await kit.tick(SPACING + ROUNDING)
    kit.assert_pushed({"subtext": text, "text": text})


@pytest.mark.parametrize(
    ("template", "text"),
    [
        pytest.param("{{ '%.5f' | format(0.00005) }}", "0.00005", id="small"),
        pytest.param("{{ '%.7f' | format(-0.0000123) }}", "-0.0000123", id="negative"),
        pytest.param("{{ '%.1f' | format(10 ** 16) }}", "10000000000000000", id="large"),
        pytest.param("{{ '0.0001' }}", "0.0001", id="just-not"),
        pytest.param("{{ '5e-05' }}", "5e-05", id="as-the-template-writes-it"),
    ],
)
async def test_number_without_an_exponent(kit: GlancesKit, template: str, text: str) -> None:
    """Python writes small and large numbers with one, although the template did not."""
    await kit.load(widget())
    await update(kit, f'text: "{template}"')
    kit.assert_pushed({"text": text})


@pytest.mark.parametrize(
    ("written", "text"),
    [
        pytest.param("\"{{ '21.50' }}\"", "21.5", id="zeros"),
        pytest.param("\"{{ '21.50' }} €\"", "21.50 €", id="with-a-unit"),
        pytest.param('"{{ 29 }}."', "29.0", id="point"),
        pytest.param("\"{{ '+4930123456' }}\"", "4930123456", id="plus"),
        pytest.param("on", "True", id="yaml-on"),
        pytest.param('"on"', "on", id="quoted-on"),
        pytest.param("12:30", "750", id="yaml-time"),
        pytest.param('"12:30"', "12:30", id="quoted-time"),
        pytest.param("0421", "273", id="yaml-octal"),
        pytest.param('"0421"', "0421", id="quoted-zero"),
        pytest.param("\"{{ '0421' }}\"", "0421", id="zero-of-a-template"),
    ],
)
async def test_text_that_home_assistant_reads_as_a_number(kit: GlancesKit, written: str, text: str) -> None:
    """By the time of the call, nothing tells what was written; the documents name the cases."""
    await kit.load(widget())
    await update(kit, f"text: {written}")
    kit.assert_pushed({"text": text})


async def test_text_of_dots(kit: GlancesKit) -> None:
    """Home Assistant makes Python's ellipsis of it."""
    await kit.load(widget())
    await update(kit, "text: \"{{ '...' }}\"")
    kit.assert_pushed({"text": "..."})


@pytest.mark.parametrize("text", ["21,5", "1,234", "1,2,3", "[85]"])
@pytest.mark.parametrize("field", ["count", "percent"])
async def test_number_is_read_from_what_the_template_writes(kit: GlancesKit, field: str, text: str) -> None:
    """A template gives the number, or the error, that the same text gives."""
    await kit.load(widget())
    results: list[tuple[list[dict[str, str]], str | None]] = []
    for written in (f"'{text}'", f"\"{{{{ '{text}' }}}}\""):
        error = None
        try:
            await run(kit, f"- action: glances.update\n  data:\n    {field}: {written}\n    title: {len(results)}\n")
        except ServiceValidationError as err:
            error = str(err)
        await kit.tick(SPACING + ROUNDING)
        results.append(([{field: item[field]} for item in kit.pushed()], error))
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("2026-11-24", "2026-11-24", id="date"),
        pytest.param("2026-11-24 07:30:00", "2026-11-24 07:30:00", id="time"),
    ],
)
async def test_date_without_quotes(kit: GlancesKit, text: str, shown: str) -> None:
    """YAML makes a date of it."""
    await kit.load(widget())
    assert (await update(kit, f"text: {text}"))["status"] == "sent"
    kit.assert_pushed({"text": shown})


async def test_fields_that_are_not_given(kit: GlancesKit) -> None:
    """They stay as they are, and an empty text empties a field."""
    await kit.load(widget())
    await update(kit, "title: a\ncount: 3")
    await kit.tick(SPACING + ROUNDING)
    item = await update(kit, 'title: null\ntext: "{{ none }}"\nsubtext: "b"\ncount: ""\npercent: "{{ none }}"')
    assert item["status"] == "sent"
    kit.assert_pushed({"title": "a", "count": "3"}, {"title": "a", "subtext": "b", "count": ""})


@pytest.mark.parametrize(
    "fields",
    ["[]", '"{{ [] }}"', '""', "\"{{ ['text'] | select('eq', 'title') | list }}\"", '["{{ none }}"]', "['', null]"],
)
async def test_clear_of_no_field(kit: GlancesKit, fields: str) -> None:
    """It clears nothing, says so, and leaves nothing that goes later."""
    await kit.load(widget())
    await kit.update(text="Painting", count=3)
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    item = await update(kit, f"fields: {fields}", "pushover_glances.clear")
    assert item == {"widget": "iphone", "device": "iphone", "status": "unchanged"}
    await kit.tick(SPACING + ROUNDING)
    kit.assert_nothing_pushed()


@pytest.mark.parametrize("fields", ["null", '"{{ none }}"', "\"{{ state_attr('sensor.gone', 'fields') }}\""])
async def test_clear_without_fields(kit: GlancesKit, fields: str) -> None:
    """One that is null is not given, which means all of them."""
    await kit.load(widget())
    await kit.update(text="Painting", count=3)
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    assert (await update(kit, f"fields: {fields}", "pushover_glances.clear"))["status"] == "sent"
    kit.assert_pushed(_EVERY_FIELD)


@pytest.mark.parametrize(
    "fields",
    [
        "\"{{ ['text', 'count'] }}\"",
        "\"{{ ('text', 'count') }}\"",
        '"text, count"',
        "\"{{ ['text', 'count'] | join(',') }}\"",
        "[text, \"{{ 'count' if true else none }}\", \"{{ 'title' if false else none }}\"]",
    ],
)
async def test_clear_of_fields_from_templates(kit: GlancesKit, fields: str) -> None:
    """A list, a tuple and a text with commas name the same fields."""
    await kit.load(widget())
    await kit.update(title="a", text="Painting", count=3)
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    assert (await update(kit, f"fields: {fields}", "pushover_glances.clear"))["status"] == "sent"
    kit.assert_pushed({"title": "a", "text": "", "count": ""})


@pytest.mark.parametrize("fields", ["body", "[text, body]", '"{{ 5 }}"', "[[text]]", "{text: true}"])
async def test_clear_of_what_is_no_field(kit: GlancesKit, fields: str) -> None:
    """It names the fields that there are, clears none, and a script may continue after it."""
    await kit.load(widget())
    await kit.update(text="Painting")
    await kit.tick(SPACING + ROUNDING)
    kit.pushed()
    call = f"- action: pushover_glances.clear\n  data:\n    fields: {fields}\n"
    with pytest.raises(ServiceValidationError, match="title, text, subtext, count, percent") as raised:
        await run(kit, call)
    assert raised.value.translation_key == "not_fields"
    await run(kit, f"{call}  continue_on_error: true\n- action: glances.update\n  data:\n    title: next\n")
    kit.assert_pushed({"title": "next", "text": "Painting"})


@pytest.mark.parametrize(
    "entity", ["null", '""', '"{{ none }}"', "[]", "\"{{ state_attr('group.gone', 'entity_id') }}\""]
)
@pytest.mark.parametrize("action", ["update", "clear", "refresh"])
async def test_entity_that_a_template_does_not_find(kit: GlancesKit, action: str, entity: str) -> None:
    """It is no widget, and not all of them, and a script may continue after it."""
    await kit.load(widget(text="x"))
    kit.pushed()
    data = "\n    text: y" if action == "update" else ""
    call = f"- action: pushover_glances.{action}\n  data:\n    entity_id: {entity}{data}\n"
    with pytest.raises(ServiceValidationError, match="no Pushover Glances widget"):
        await run(kit, call)
    await run(kit, f"{call}  continue_on_error: true\n")
    kit.assert_nothing_pushed()
