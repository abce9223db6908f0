"""Sentences that the frontend cannot translate by itself, in the language of the server; and plain text as Markdown."""

import re

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN


async def async_text(hass: HomeAssistant, key: str, **placeholders: str) -> str:
    """Return one of the sentences, filled in."""
    texts = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    return texts[f"component.{DOMAIN}.common.{key}"].format(**placeholders)


def plain(text: str) -> str:
    """Return a text as Markdown that shows it as it is, on one line."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))
