"""An async client of Pushover's Glances API, and the fields of a glance.

It does not depend on Home Assistant. The session and the base URL are passed in.
"""

from .client import API_URL, REQUEST_TIMEOUT, Accepted, Connections, PushoverClient, User
from .errors import (
    AuthenticationError,
    BadAnswerError,
    CannotConnectError,
    ConnectionProblem,
    InvalidFieldError,
    NoAnswerError,
    NoDevicesError,
    Problem,
    PushoverError,
    RateLimitedError,
    RejectedError,
    ServerError,
)
from .fields import (
    FIELDS,
    NUMBER_FIELDS,
    TEXT_FIELDS,
    TEXT_LIMIT,
    Field,
    NumberTraits,
    Place,
    TextTraits,
    Value,
    Values,
)
from .glance import Glance, accept, clean, encodable, fit, shorten
from .numbers import number, whole_number
from .words import redactor

__all__ = [
    "API_URL",
    "FIELDS",
    "NUMBER_FIELDS",
    "REQUEST_TIMEOUT",
    "TEXT_FIELDS",
    "TEXT_LIMIT",
    "Accepted",
    "AuthenticationError",
    "BadAnswerError",
    "CannotConnectError",
    "ConnectionProblem",
    "Connections",
    "Field",
    "Glance",
    "InvalidFieldError",
    "NoAnswerError",
    "NoDevicesError",
    "NumberTraits",
    "Place",
    "Problem",
    "PushoverClient",
    "PushoverError",
    "RateLimitedError",
    "RejectedError",
    "ServerError",
    "TextTraits",
    "User",
    "Value",
    "Values",
    "accept",
    "clean",
    "encodable",
    "fit",
    "number",
    "redactor",
    "shorten",
    "whole_number",
]
