"""The table of what can go wrong with a request, and what is expected of each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
import json
from typing import Any

from homeassistant.config_entries import ConfigEntryState

from emulator import Fault, Kind
from emulator.world import EXAMPLE_USER

from .kit import MINUTE, SPACING

HOUR = 60 * MINUTE
DAY = 24 * HOUR
# A time-out counts in whole seconds of the loop's clock, so an attempt takes nine seconds to ten.
TIMED_OUT = 10
# The tests begin forty minutes after the kit's noon; this is two hours later.
BEGIN = 40 * MINUTE
QUOTA_ENDS = 1795444800

_UNREACHED_AT_SETUP = (ConfigEntryState.SETUP_RETRY, "cannot_connect")
_SENSELESS_AT_SETUP = (ConfigEntryState.SETUP_RETRY, "bad_answer")
# The account by its title, and why.
_WAIT = f"Updates of account Account {EXAMPLE_USER[-4:]} wait:"
_NO_SENSE = f"{_WAIT} Pushover gave an answer that makes no sense (HTTP status {{status}})"


@dataclass(frozen=True)
class Expected:
    """What people see of a fault, and how the update ends.

    `outcome` is what the action answers, or the key of what it raises; `counted` tells whether the update counts;
    `retry` is after how many seconds it, or what comes next, goes again, `None` for never; `log` is the only warning. `at_setup` is the
    state of an account that was never verified, when its check meets the fault.
    """

    outcome: str
    status: str
    counted: bool
    retry: int | None
    log: str = ""
    problem: bool = True
    issue: str = ""
    reauth: bool = False
    at_setup: tuple[ConfigEntryState, str | None] = (ConfigEntryState.LOADED, None)


TAKEN = Expected("sent", "up_to_date", counted=True, retry=SPACING, problem=False)
UNREACHED = Expected(
    "queued",
    "outage",
    counted=False,
    retry=5,
    log=f"{_WAIT} Cannot connect to Pushover: the connection was refused",
    at_setup=_UNREACHED_AT_SETUP,
)


def unreached(cause: str) -> Expected:
    """Return what is expected where no connection comes about, for this cause."""
    return replace(UNREACHED, log=f"{_WAIT} Cannot connect to Pushover: {cause}")


BROKEN = replace(UNREACHED, log=f"{_WAIT} Pushover answered with HTTP status {{status}}")
UNANSWERED = Expected(
    "queued",
    "outage",
    counted=True,
    retry=SPACING,
    log=f"{_WAIT} Pushover did not answer",
    at_setup=_UNREACHED_AT_SETUP,
)
SENSELESS = Expected("queued", "outage", counted=True, retry=SPACING, log=_NO_SENSE, at_setup=_SENSELESS_AT_SETUP)
ODD = Expected("queued", "outage", counted=False, retry=HOUR, log=_NO_SENSE, at_setup=_SENSELESS_AT_SETUP)
REFUSED = Expected(
    "rejected",
    "held",
    counted=False,
    retry=DAY,
    log="Pushover refused widget iphone: {error}",
    issue="refused",
    at_setup=(ConfigEntryState.SETUP_ERROR, "rejected"),
)
LOCKED_OUT = Expected(
    "invalid_token",
    "authentication",
    counted=False,
    retry=None,
    log=f"{_WAIT} Pushover does not accept the API token",
    reauth=True,
    at_setup=(ConfigEntryState.SETUP_ERROR, "invalid_token"),
)
NO_DEVICES = Expected(
    "no_devices",
    "no_devices",
    counted=False,
    retry=5 * MINUTE,
    log=f"{_WAIT} the user has no active device",
    issue="no_devices",
)
QUOTA = Expected(
    "queued",
    "rate_limit",
    counted=False,
    retry=HOUR,
    log=f"{_WAIT} Pushover's quota is used up, and when it resets is not known",
    at_setup=(ConfigEntryState.SETUP_RETRY, "rate_limited"),
)


@dataclass(frozen=True)
class Row:
    """A fault, and what is expected of it; without a fault, the server is stopped. `takes` is how many seconds it lasts."""

    name: str
    fault: Fault | None
    expected: Expected
    takes: int = 0

    @property
    def log(self) -> str:
        """The only warning, in full."""
        if self.fault is None or self.fault.kind is not Kind.STATUS:
            return self.expected.log.format(status=200, error="")
        errors = json.loads(self.fault.body).get("errors") if self.expected is REFUSED else None
        words = "; ".join(errors) if isinstance(errors, list) and all(errors) else "Pushover gave no reason"
        return self.expected.log.format(status=self.fault.status, error=words)


def _answer(status: int, body: Any, expected: Expected, name: str = "", **headers: str) -> Row:
    text = body if isinstance(body, str) else json.dumps(body)
    return Row(name or str(status), Fault(Kind.STATUS, status=status, body=text, headers=headers), expected)


def _statuses() -> Iterator[Row]:
    good = {"status": 1, "request": "r"}
    yield Row("103-before-the-answer", Fault(Kind.EARLY_HINTS), TAKEN)
    yield _answer(101, "", ODD)
    for status in (201, 202, 206):
        yield _answer(status, good, SENSELESS)
    yield _answer(204, "", SENSELESS)
    for status in (300, 301, 302, 303, 307, 308):
        # To where the same request would be taken.
        yield _answer(status, "", ODD, Location="/1/glances.json")
    for status in (402, 403, 404, 405, 408, 413, 418, 451):
        yield _answer(status, good, ODD)
    yield _answer(401, {"status": 0, "token": "invalid"}, ODD)
    for status in (500, 501, 502, 503, 504, 599):
        yield _answer(status, good, BROKEN)


def _refusals() -> Iterator[Row]:
    yield _answer(400, {"status": 0, "errors": ["no"], "request": "r"}, REFUSED, "400-refused")
    yield _answer(400, {"status": 1}, REFUSED, "400-status-1")
    yield _answer(200, {"status": 0, "errors": ["no"]}, REFUSED, "200-status-0")
    yield _answer(400, {"status": 0, "errors": "no"}, REFUSED, "errors-is-a-text")
    yield _answer(400, {"status": 0, "errors": [None, 1, {}]}, REFUSED, "errors-are-no-texts")
    yield _answer(400, {"status": 0, "request": 5}, REFUSED, "request-is-a-number")
    yield _answer(400, {"status": 0, "token": "invalid"}, LOCKED_OUT, "400-token")
    yield _answer(400, {"status": 0, "errors": ["user is valid but has no active devices"]}, NO_DEVICES, "no-devices")
    user = replace(
        LOCKED_OUT,
        outcome="invalid_user_key",
        log=f"{_WAIT} Pushover does not accept the user key",
        at_setup=(ConfigEntryState.SETUP_ERROR, "invalid_user_key"),
    )
    yield _answer(400, {"status": 0, "user": "invalid"}, user, "400-user")


def _quotas() -> Iterator[Row]:
    quota = f"{_WAIT} Pushover's quota is used up until"
    until = replace(QUOTA, retry=2 * HOUR, log=f"{quota} 2026-11-23 14:40:00 UTC")
    yield Row("429", Fault(Kind.RATE_LIMIT, reset=QUOTA_ENDS), until)
    for name, end in (("none", ""), ("a-word", "soon"), ("too-large", "9" * 30)):
        yield _answer(429, {"token": "invalid"}, QUOTA, f"429-end-{name}", **{"X-Limit-App-Reset": end})
    yield Row("429-end-past", Fault(Kind.RATE_LIMIT, reset=1_451_628_000), QUOTA)
    far = replace(QUOTA, log=f"{quota} 2096-10-02 07:06:40 UTC")
    yield Row("429-end-far-away", Fault(Kind.RATE_LIMIT, reset=4_000_000_000), far)


def _connections() -> Iterator[Row]:
    yield Row("refused", None, UNREACHED)
    for kind in (Kind.RESET_UNREAD, Kind.RESET_BEFORE, Kind.RESET_AFTER, Kind.CUT_BODY):
        yield Row(kind, Fault(kind), UNANSWERED)
    for kind in (Kind.HANG_BEFORE, Kind.HANG_AFTER):
        yield Row(kind, Fault(kind), UNANSWERED, TIMED_OUT)
    yield Row("headers-late", Fault(Kind.SLOW, seconds=4), TAKEN, 5)
    yield Row("headers-too-late", Fault(Kind.SLOW, seconds=60), UNANSWERED, TIMED_OUT)
    yield Row("body-slow", Fault(Kind.SLOW_BODY, seconds=4), TAKEN, 5)
    yield Row("body-too-slow", Fault(Kind.SLOW_BODY, seconds=60), UNANSWERED, TIMED_OUT)
    for name, text in (
        ("no-http", "garbage\r\n\r\n"),
        ("headers-cut", "HTTP/1.1 200 OK\r\nContent-"),
        ("header-without-end", f"HTTP/1.1 200 OK\r\nX: {'x' * 100_000}\r\n\r\n"),
        ("length-is-a-word", 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{"status":1}'),
        ("packed-badly", 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\n{"status":1}'),
    ):
        yield Row(name, Fault(Kind.NOT_HTTP, body=text), UNANSWERED)


def _bodies() -> Iterator[Row]:
    for kind in (Kind.LONG, Kind.ENDLESS, Kind.DEFLATED, Kind.GARBAGE, Kind.HTML):
        yield Row(kind, Fault(kind), SENSELESS)
    for name, body in (
        ("nothing", ""),
        ("null", "null"),
        ("a-number", "1"),
        ("a-text", '"ok"'),
        ("a-list", "[1]"),
        ("no-status", {}),
        ("status-null", {"status": None}),
        ("status-text", {"status": "1"}),
        ("status-list", {"status": [1]}),
        ("status-2", {"status": 2}),
        ("deep", "[" * 20_000),
        ("digits", "9" * 20_000),
        ("half-a-character", '{"status":1,"request":"\ud800'),
    ):
        yield _answer(200, body if isinstance(body, dict) else body.encode(errors="replace").decode(), SENSELESS, name)
    yield _answer(400, "<html>", SENSELESS, "400-html")
    taken = replace(TAKEN, at_setup=_SENSELESS_AT_SETUP)
    nobody = replace(taken, problem=True)
    yield _answer(200, {"status": 1, "info": "no active devices to send to"}, nobody, "no-receiver")
    odd: tuple[Any, ...] = (None, 5, [], {})
    for value in odd:
        yield _answer(200, {"status": 1, "request": value}, taken, f"request-{type(value).__name__}")


ROWS = [*_statuses(), *_refusals(), *_quotas(), *_connections(), *_bodies()]
# One row for each thing that may be expected. A check of the keys that finds no devices is no fault: test_no_devices.py.
CLASSES = [*{row.expected: row for row in reversed(ROWS) if row.expected is not NO_DEVICES}.values()]
