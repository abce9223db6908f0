"""Turns the errors of the API client into translated errors of Home Assistant."""

from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .content.texts import plain
from .pushover import (
    AuthenticationError,
    BadAnswerError,
    CannotConnectError,
    NoDevicesError,
    PushoverError,
    RateLimitedError,
    RejectedError,
)


def error_key(error: PushoverError) -> str:
    """Return the translation key of an error, which forms and actions share."""
    match error:
        case AuthenticationError(parameter="token"):
            return "invalid_token"
        case AuthenticationError():
            return "invalid_user_key"
        case NoDevicesError():
            return "no_devices"
        case RejectedError():
            return "rejected"
        case RateLimitedError():
            return "rate_limited"
        case BadAnswerError():
            return "bad_answer"
        case _:
            return "cannot_connect"


def error_placeholders(error: PushoverError) -> dict[str, str]:
    """Return the placeholders of an error's translation, which never contain a secret."""
    request = error.request if isinstance(error, RejectedError) else None
    # The translation already begins with "Failed to connect to Pushover".
    words = error.cause if isinstance(error, CannotConnectError) else str(error)
    return {"error": words, "request": request or "-"}


def markdown_placeholders(error: PushoverError) -> dict[str, str]:
    """Return the placeholders for a translation in Markdown: the abort of a flow, or a repair."""
    return {key: plain(text) for key, text in error_placeholders(error).items()}


def translated[E: HomeAssistantError](kind: type[E], key: str, **placeholders: str) -> E:
    """Return an error of Home Assistant with a translation key."""
    return kind(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)


def explained[E: HomeAssistantError](kind: type[E], error: PushoverError) -> E:
    """Return an error of Home Assistant with the translation of an error of Pushover."""
    return translated(kind, error_key(error), **error_placeholders(error))
