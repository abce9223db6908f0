"""Texts that the frontend cannot translate itself, in the language of the server, and the escaping of Markdown."""

import re

from homeassistant.const import CONF_CONDITIONS
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations, async_get_translations

from ..const import DOMAIN

# Control characters, and halves of surrogate pairs, which cannot be encoded. Line breaks become spaces before.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


async def async_text(hass: HomeAssistant, key: str, **placeholders: str) -> str:
    """Return a text with its placeholders filled in."""
    texts = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    return texts[f"component.{DOMAIN}.common.{key}"].format(**placeholders)


@callback
def cached_text(hass: HomeAssistant, key: str) -> str | None:
    """Return a text, or `None` while Home Assistant still loads the texts of its language."""
    texts = async_get_cached_translations(hass, hass.config.language, "common", DOMAIN)
    return texts.get(f"component.{DOMAIN}.common.{key}")


@callback
def filled_text(hass: HomeAssistant, key: str, **placeholders: str) -> str:
    """Return a text with its placeholders filled in, or what is filled in while Home Assistant still loads the texts."""
    text = cached_text(hass, key)
    return " ".join(placeholders.values()) if text is None else text.format(**placeholders)


@callback
def field_name(hass: HomeAssistant, name: str) -> str:
    """Return the name of a field, or of conditions, as the forms show it, or its key while Home Assistant loads the texts."""
    texts = async_get_cached_translations(hass, hass.config.language, "config_subentries", DOMAIN)
    step = "page.step.when" if name == CONF_CONDITIONS else "widget.step.fields"
    return texts.get(f"component.{DOMAIN}.config_subentries.{step}.data.{name}", str(name))


def plain(text: str) -> str:
    """Return a text escaped for Markdown, on one line."""
    line = _UNPRINTABLE.sub("", " ".join(text.split()))
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line)
