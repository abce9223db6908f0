"""The form of a widget's fields: its schema, its errors and the data made of it."""

from collections.abc import Collection, Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import TemplateSelector
import voluptuous as vol

from ..content.rendering import async_template_error
from ..content.settings import settings_error
from ..pushover import Field
from .source_selector import sources_schema
from .widget_settings import SECTION_DELIVERY, settings_section


def templates_schema() -> dict[vol.Marker, Any]:
    """Return the template editors of all fields."""
    return {vol.Optional(field.value): TemplateSelector() for field in Field}


def fields_schema(filled: Mapping[str, Any], errors: Mapping[str, str]) -> dict[vol.Marker, Any]:
    """Return the form; a section with an error is open, because the frontend hides errors of closed sections."""
    delivery = settings_section(collapsed=SECTION_DELIVERY not in errors)
    return {**sources_schema(filled), vol.Required(SECTION_DELIVERY): delivery}


async def async_fields_errors(
    hass: HomeAssistant, user_input: Mapping[str, Any], placeholders: dict[str, str]
) -> dict[str, str]:
    """Return the errors of a filled-in form by field or section; add the text of a template error to `placeholders`."""
    templates = {name: source for name, source in user_input.items() if isinstance(source, str)}
    errors = await async_template_errors(hass, templates, placeholders)
    delivery = settings_error(hass, user_input[SECTION_DELIVERY])
    return errors if delivery is None else errors | {SECTION_DELIVERY: delivery}


async def async_template_errors(
    hass: HomeAssistant,
    user_input: Mapping[str, Any],
    placeholders: dict[str, str],
    variables: Mapping[str, Any] | None = None,
    also: Collection[str] = (),
) -> dict[str, str]:
    """Return the errors of the templates of a form by field; add the text of the first error to `placeholders`.

    `variables` are those of the templates, and `also` the entities that the variables are made of.
    """
    errors: dict[str, str] = {}
    for field in Field:
        if (text := user_input.get(field.value)) and (wrong := await async_template_error(hass, text, variables, also)):
            key, words = wrong
            # The form has one placeholder for the text of an error.
            errors[field.value] = "template_failed_too" if words and "error" in placeholders else key
            if words:
                placeholders.setdefault("error", words)
    return errors


def templates_data(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return the templates of a form without empty ones."""
    return {field.value: text for field in Field if (text := user_input.get(field.value, "").strip())}
