"""Writes numbers with the decimal sign that Home Assistant's pages have in the language of the server."""

from homeassistant.core import HomeAssistant, callback

from .origin import finite

# The languages of Home Assistant with a decimal comma (https://cldr.unicode.org, version 48).
_COMMA = frozenset(
    {
        *("af", "bg", "bs", "ca", "cs", "da", "de", "el", "eo", "es", "et", "eu", "fi", "fr", "fy", "gl", "hr", "hu"),
        *("hy", "id", "is", "it", "ka", "lb", "lt", "lv", "mk", "nb", "nl", "nn", "pl", "pt", "pt-BR", "ro", "ru"),
        *("sk", "sl", "sq", "sr", "sr-Latn", "sv", "tr", "uk", "vi"),
    }
)


@callback
def has_decimal_comma(hass: HomeAssistant) -> bool:
    """Return whether numbers are written with a comma instead of a point."""
    return hass.config.language in _COMMA


@callback
def written_number(hass: HomeAssistant, text: str) -> str:
    """Return a number, which Python has written, as people write it; any other text stays as it is."""
    return text.replace(".", ",") if has_decimal_comma(hass) and finite(text) is not None else text


@callback
def plain_number(hass: HomeAssistant, text: str) -> str:
    """Return a number, which people read, as Python writes it; any other text stays as it is."""
    plain = text.replace(",", ".")
    return plain if has_decimal_comma(hass) and finite(plain) is not None else text
