"""Sequences of the state machine in `test_rules.py` that have broken a rule before."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.pushover_glances.planner import Rules

from .rules_oracle import HOUR, SECOND
from .test_rules import Delivery

_NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
_AT_ONCE = timedelta(0)


@pytest.fixture
def delivery() -> Iterator[Delivery]:
    """Return two accounts with the default rules, and check them at the end."""
    machine = Delivery()
    machine.begin(beginning=_NOON, zone="UTC", rules=(Rules(), Rules(), Rules()))
    yield machine
    machine.teardown()


def test_action_ends_while_paused_after_a_loss(delivery: Delivery) -> None:
    """The field shows what its source says: its last value is not known."""
    delivery.answer(home=0, kind="accepted")
    delivery.kill(arrived=False, lost=True)
    delivery.switch(widget=0, kind="accepted", pause=_AT_ONCE, paused=True)
    delivery.update(
        widget=0, what=(0, 0), duration=HOUR, kind="accepted", pause=_AT_ONCE, urgent=False, cancelled=False
    )


def test_edit_that_teaches_the_devices(delivery: Delivery) -> None:
    """What was foreseen is sent before the account loads anew, because its devices are known now."""
    delivery.kill(arrived=False, lost=True)
    delivery.move(widget=8, device="watch", known=False)
    delivery.hectic(widget=0, times=2, every=61 * SECOND, urgent=False)
    delivery.edit(widget=2, sources=frozenset(), known=True)
