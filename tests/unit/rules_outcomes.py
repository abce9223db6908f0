"""How an update may end: what Pushover says, and whether the update reaches the screen."""

from collections.abc import Callable
from datetime import datetime, timedelta

from custom_components.pushover_glances.pushover import (
    Accepted,
    AuthenticationError,
    BadAnswerError,
    CannotConnectError,
    NoAnswerError,
    PushoverError,
    RateLimitedError,
    RejectedError,
    ServerError,
)

from .rules_oracle import HOUR

# As the coordinator and the client have it: how long an action waits for its answer, and a request for its own.
PATIENCE = timedelta(seconds=9.5)
REQUEST_TIMEOUT = timedelta(seconds=9)

OUTCOMES: dict[str, tuple[Callable[[datetime], Accepted | PushoverError], bool]] = {
    "accepted": (lambda _: Accepted("r"), True),
    "no answer": (lambda _: NoAnswerError(), False),
    "no answer, but it arrived": (lambda _: NoAnswerError(), True),
    "no JSON": (lambda _: BadAnswerError(200, is_answer=True), False),
    "no JSON, but it arrived": (lambda _: BadAnswerError(200, is_answer=True), True),
    "redirect": (lambda _: BadAnswerError(302, is_answer=False), False),
    "server error": (lambda _: ServerError(500), False),
    "no connection": (lambda _: CannotConnectError(), False),
    "quota": (lambda now: RateLimitedError(now + 5 * HOUR), False),
    "quota without end": (lambda _: RateLimitedError(None), False),
    "token": (lambda _: AuthenticationError("token"), False),
    "rejected": (lambda _: RejectedError(("no",), {}, None), False),
}
# The updates that count, because they may have arrived.
COUNTED = ("accepted", "no answer", "no answer, but it arrived", "no JSON", "no JSON, but it arrived")
