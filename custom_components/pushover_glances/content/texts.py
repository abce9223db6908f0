"""Sentences that the frontend cannot translate by itself, in the language of the server; and plain text as Markdown."""

import re

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations, async_get_translations

from ..const import DOMAIN

# Line breaks aside, which become spaces, none of these shows anything, and half of a surrogate pair is no text at all.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


async def async_text(hass: HomeAssistant, key: str, **placeholders: str) -> str:
    """Return one of the sentences, filled in."""
    texts = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    return texts[f"component.{DOMAIN}.common.{key}"].format(**placeholders)


@callback
def cached_text(hass: HomeAssistant, key: str) -> str | None:
    """Return one of the sentences, unless Home Assistant is still loading those of its language."""
    texts = async_get_cached_translations(hass, hass.config.language, "common", DOMAIN)
    return texts.get(f"component.{DOMAIN}.common.{key}")


def plain(text: str) -> str:
    """Return a text as Markdown that shows it as it is, on one line."""
    line = _UNPRINTABLE.sub("", " ".join(text.split()))
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line)
