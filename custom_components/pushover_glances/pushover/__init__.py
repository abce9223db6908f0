"""Pushover's Glances API: an async client and the glance it carries.

Knows nothing of Home Assistant. The session and the base URL are injected.
"""

from .client import API_URL, Accepted, Limits, PushoverClient, User
from .errors import (
    AuthenticationError,
    BadAnswerError,
    CannotConnectError,
    ConnectionProblem,
    InvalidFieldError,
    NoAnswerError,
    Problem,
    PushoverError,
    RateLimitedError,
    RejectedError,
    ServerError,
)
from .glance import (
    NUMBER_FIELDS,
    TEXT_FIELDS,
    TEXT_LIMIT,
    Field,
    Glance,
    Value,
    Values,
    accept,
    encodable,
    fit,
    shorten,
)
from .words import redactor

__all__ = [
    "API_URL",
    "NUMBER_FIELDS",
    "TEXT_FIELDS",
    "TEXT_LIMIT",
    "Accepted",
    "AuthenticationError",
    "BadAnswerError",
    "CannotConnectError",
    "ConnectionProblem",
    "Field",
    "Glance",
    "InvalidFieldError",
    "Limits",
    "NoAnswerError",
    "Problem",
    "PushoverClient",
    "PushoverError",
    "RateLimitedError",
    "RejectedError",
    "ServerError",
    "User",
    "Value",
    "Values",
    "accept",
    "encodable",
    "fit",
    "redactor",
    "shorten",
]
