"""The one place where what Pushover says becomes what Home Assistant tells people."""

from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .content.texts import plain
from .pushover import (
    AuthenticationError,
    BadAnswerError,
    CannotConnectError,
    PushoverError,
    RateLimitedError,
    RejectedError,
)


def error_key(error: PushoverError) -> str:
    """Return the translation key for an error, the same in forms and in actions."""
    match error:
        case AuthenticationError(parameter="token"):
            return "invalid_token"
        case AuthenticationError():
            return "invalid_user_key"
        case RejectedError():
            return "rejected"
        case RateLimitedError():
            return "rate_limited"
        case BadAnswerError():
            return "bad_answer"
        case _:
            return "cannot_connect"


def error_placeholders(error: PushoverError) -> dict[str, str]:
    """Return what the translation of an error may show; never a secret."""
    request = error.request if isinstance(error, RejectedError) else None
    # The texts that show it begin with "Failed to connect to Pushover".
    words = error.cause if isinstance(error, CannotConnectError) else str(error)
    return {"error": words, "request": request or "-"}


def markdown_placeholders(error: PushoverError) -> dict[str, str]:
    """Return the same where the translation is Markdown: in the end of a flow, and in a repair."""
    return {key: plain(text) for key, text in error_placeholders(error).items()}


def translated[E: HomeAssistantError](kind: type[E], key: str, **placeholders: str) -> E:
    """Return an error of a kind that Home Assistant knows, by translation key."""
    return kind(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)


def explained[E: HomeAssistantError](kind: type[E], error: PushoverError) -> E:
    """Return an error that tells people what went wrong at Pushover."""
    return translated(kind, error_key(error), **error_placeholders(error))
