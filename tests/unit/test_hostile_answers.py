"""Whatever Pushover answers, the client stays within its own errors, and no secret comes back by it."""

import json
from typing import Any

from hypothesis import example, given, strategies as st

from custom_components.pushover_glances.pushover import (
    Field,
    Glance,
    PushoverClient,
    PushoverError,
    RejectedError,
    User,
)
from emulator import Emulator, Fault, Kind
from tests.examples import searching
from tests.hostile import assert_no_secrets, json_values, texts

from .test_client import client, session

__all__ = ["client", "session"]

_STATUSES = st.sampled_from((200, 400))
_WORDS = texts | json_values
_ANSWERS = st.fixed_dictionaries(
    {"status": st.sampled_from((0, 1)) | json_values},
    optional={
        "errors": st.lists(_WORDS, max_size=4) | _WORDS,
        "devices": st.lists(_WORDS, max_size=4) | _WORDS,
        "request": _WORDS,
        "token": st.just("invalid") | _WORDS,
        "user": st.just("invalid") | _WORDS,
        "device": _WORDS,
        "group": st.sampled_from((0, 1)) | _WORDS,
    },
).flatmap(
    lambda answer: st.just(answer) | st.dictionaries(texts, _WORDS, max_size=2).map(lambda more: {**more, **answer})
)


async def ask(client: PushoverClient) -> tuple[User | None, list[str]]:
    """Return what both calls came to: the user, and every text of it."""
    user: User | None = None
    told: list[str] = []
    try:
        user = await client.validate_user()
        told += user.devices
    except PushoverError as err:
        told += _words(err)
    try:
        told.append((await client.update_glance(Glance.of({Field.TEXT: "x"}))).request)
    except PushoverError as err:
        told += _words(err)
    return user, told


def _words(error: PushoverError) -> list[str]:
    if not isinstance(error, RejectedError):
        return [str(error), repr(vars(error))]
    return [str(error), *error.errors, *error.parameters, *error.parameters.values(), error.request or ""]


@searching(200)
@given(status=_STATUSES, body=st.binary(max_size=200))
async def test_any_bytes(client: PushoverClient, emulator: Emulator, status: int, body: bytes) -> None:
    """Bytes that are no JSON, or another one than is documented, end as an error of the client's own."""
    emulator.faults[:] = [Fault(Kind.STATUS, None, status=status, body=body)]
    await ask(client)


@searching(400)
@given(status=_STATUSES, answer=_ANSWERS)
@example(status=400, answer={"status": 0, "errors": ["many"] * 6000})
@example(status=400, answer={"status": 0, "errors": ["long " * 6000], "request": "x" * 6000})
@example(status=200, answer={"status": 1, "devices": ["x" * 200, "iphone", "iphone"]})
async def test_any_answer(client: PushoverClient, emulator: Emulator, status: int, answer: dict[str, Any]) -> None:
    """No text of the answer has a secret, a line break, or what a file cannot hold, and none is long."""
    emulator.faults[:] = [Fault(Kind.STATUS, None, status=status, body=json.dumps(answer))]
    user, told = await ask(client)
    assert_no_secrets(enumerate(told))
    # So it goes into any file, and can neither forge a line of a log nor fill it.
    assert [text for text in told if not text.isprintable() or len(text) > 2600] == []
    names = user.devices if user is not None else ()
    assert all(name.isprintable() and name.strip("* ") and len(name) <= 100 for name in names)
    assert len(set(names)) == len(names)
