"""What can go wrong between here and Pushover, as one tree."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal


class PushoverError(Exception):
    """Base of every error of this package."""


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
        """Tell which field broke which limit; `limit` reads like "100" or "0..100"."""
        super().__init__(f"{field or 'glance'}: {problem}{f' (limit {limit})' if limit else ''}")
        self.problem = problem
        self.field = field
        self.limit = limit


class AuthenticationError(PushoverError):
    """Pushover does not know the application's token or the user key."""

    def __init__(self, parameter: Literal["token", "user"]) -> None:
        """Name the parameter that Pushover called invalid."""
        super().__init__(f"Pushover does not accept the {parameter}")
        self.parameter = parameter


class RejectedError(PushoverError):
    """Pushover refused the request for good: repeating it unchanged will not work."""

    def __init__(
        self,
        errors: tuple[str, ...],
        parameters: Mapping[str, str],
        request: str | None,
    ) -> None:
        """Keep Pushover's own words, the parameters it named, and the id of the request."""
        super().__init__("; ".join(errors) or "Pushover gave no reason")
        self.errors = errors
        self.parameters = dict(parameters)
        self.request = request


class RateLimitedError(PushoverError):
    """The account's monthly quota of API calls is used up (HTTP 429)."""

    def __init__(self, until: datetime | None) -> None:
        """Tell when the quota begins anew, where Pushover named a time that is to come."""
        when = ", and when it resets is not known"
        if until is not None and until > datetime.now(UTC):
            when = f" until {until.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        super().__init__(f"Pushover's quota is used up{when}")
        self.until = until


class ServerError(PushoverError):
    """Pushover failed to handle the request (HTTP 5xx)."""

    def __init__(self, status: int) -> None:
        """Keep the HTTP status."""
        super().__init__(f"Pushover answered with HTTP status {status}")
        self.status = status


class ConnectionProblem(StrEnum):
    """Why no connection came about, in words that go on from "Cannot connect to Pushover"."""

    DNS = "its host name cannot be resolved"
    CERTIFICATE = "its certificate is not valid"
    TLS = "no secure connection can be made"
    REFUSED = "the connection was refused"
    TIMEOUT = "the connection timed out"
    OTHER = "the connection failed"


class CannotConnectError(PushoverError):
    """No connection came about, so the request never left."""

    def __init__(self, reason: ConnectionProblem = ConnectionProblem.OTHER, detail: str = "") -> None:
        """Name the reason; `detail` is what the system or the TLS library says of it."""
        self.reason = reason
        self.cause = f"{reason} ({detail})" if detail else str(reason)
        super().__init__(f"Cannot connect to Pushover: {self.cause}")


class NoAnswerError(PushoverError):
    """The request left, and no complete answer came: Pushover may have taken it."""

    def __init__(self) -> None:
        """Say it in words; the cause is chained."""
        super().__init__("Pushover did not answer")


class BadAnswerError(PushoverError):
    """The answer is none that Pushover documents: an odd status, a redirect, or no JSON.

    `is_answer` tells whether Pushover may have taken the request all the same: the status is one of its own, or one of
    success.
    """

    def __init__(self, status: int, *, is_answer: bool) -> None:
        """Keep the HTTP status."""
        super().__init__(f"Pushover gave an answer that makes no sense (HTTP status {status})")
        self.status = status
        self.is_answer = is_answer
