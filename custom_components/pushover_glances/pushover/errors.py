"""The errors of this package."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal


class PushoverError(Exception):
    """The base of every error of this package."""


class Problem(StrEnum):
    """Why a value does not fit its field."""

    NO_FIELD = "no_field"
    NOT_TEXT = "not_text"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    TOO_LONG = "too_long"


class InvalidFieldError(PushoverError):
    """A value that Pushover would refuse, found before it is sent."""

    def __init__(self, problem: Problem, field: str = "", limit: str = "") -> None:
        """Name the field, the problem and the limit, such as "100" or "0..100"."""
        super().__init__(f"{field or 'glance'}: {problem}{f' (limit {limit})' if limit else ''}")
        self.problem = problem
        self.field = field
        self.limit = limit


class AuthenticationError(PushoverError):
    """Pushover does not know the application's token or the user key."""

    def __init__(self, parameter: Literal["token", "user"]) -> None:
        """Name the parameter that Pushover called invalid."""
        super().__init__(f"Pushover does not accept the {'API token' if parameter == 'token' else 'user key'}")
        self.parameter = parameter


class RejectedError(PushoverError):
    """Pushover refused the request, and would refuse it again unchanged."""

    def __init__(
        self,
        errors: tuple[str, ...],
        parameters: Mapping[str, str],
        request: str | None,
    ) -> None:
        """Store Pushover's own words, the parameters it named, and the id of the request."""
        super().__init__("; ".join(errors) or "Pushover gave no reason")
        self.errors = errors
        self.parameters = dict(parameters)
        self.request = request


class NoDevicesError(RejectedError):
    """The user has no active device, so Pushover refuses everything until the user signs in on one."""


class RateLimitedError(PushoverError):
    """The account's monthly quota of API calls is used up (HTTP 429)."""

    def __init__(self, until: datetime | None) -> None:
        """Name the time at which the quota is reset, if Pushover named one in the future."""
        when = ", and when it resets is not known"
        if until is not None and until > datetime.now(UTC):
            when = f" until {until.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        super().__init__(f"Pushover's quota is used up{when}")
        self.until = until


class ServerError(PushoverError):
    """Pushover failed to handle the request (HTTP 5xx)."""

    def __init__(self, status: int) -> None:
        """Store the HTTP status."""
        super().__init__(f"Pushover answered with HTTP status {status}")
        self.status = status


class ConnectionProblem(StrEnum):
    """Why there is no connection, in words that follow "Cannot connect to Pushover"."""

    DNS = "its host name cannot be resolved"
    CERTIFICATE = "its certificate is not valid"
    TLS = "no secure connection can be made"
    REFUSED = "the connection was refused"
    TIMEOUT = "the connection timed out"
    OTHER = "the connection failed"


class CannotConnectError(PushoverError):
    """There was no connection, so the request was not sent."""

    def __init__(self, reason: ConnectionProblem = ConnectionProblem.OTHER, detail: str = "") -> None:
        """Name the reason; `detail` is the text of the system or the TLS library."""
        self.reason = reason
        self.cause = f"{reason} ({detail})" if detail else str(reason)
        super().__init__(f"Cannot connect to Pushover: {self.cause}")


class NoAnswerError(PushoverError):
    """The request was sent without a complete answer, so Pushover may have accepted it."""

    def __init__(self) -> None:
        """Set the text; the cause is chained."""
        super().__init__("Pushover did not answer")


class BadAnswerError(PushoverError):
    """The answer is one that Pushover does not document: an unknown status, a redirect, or not JSON.

    `is_answer` is set if Pushover may have accepted the request, because the status is documented or a success.
    """

    def __init__(self, status: int, *, is_answer: bool) -> None:
        """Store the HTTP status."""
        super().__init__(f"Pushover gave an answer that makes no sense (HTTP status {status})")
        self.status = status
        self.is_answer = is_answer
