"""Sequences of the state machine in `test_rules.py` that have broken a rule before."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.pushover_glances.planner import Rules
from custom_components.pushover_glances.pushover import Field

from .rules_oracle import DAY, HOUR, MINUTE, SECOND
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
    """What was foreseen is sent before the account loads again, because its devices are known now."""
    delivery.kill(arrived=False, lost=True)
    delivery.move(widget=8, device="watch", known=False)
    delivery.hectic(widget=0, times=2, every=61 * SECOND, urgent=False)
    delivery.edit(widget=2, sources=frozenset(), known=True)


def test_order_of_alerts_after_the_clock_is_set_back(delivery: Delivery) -> None:
    """The newest alert stays the newest, although both have begun in the future then."""
    delivery.clock_jumps(change=3 * DAY, back=False)
    delivery.wait(time=20 * MINUTE, odd=0)
    delivery.door(home=1, alert="second", opened=True, kind="accepted", pause=25 * MINUTE)
    delivery.door(home=1, alert="first", opened=True, kind="accepted", pause=25 * MINUTE)
    delivery.door(home=1, alert="second", opened=None, kind="accepted", pause=6 * SECOND)
    delivery.clock_jumps(change=3 * DAY, back=True)
    delivery.refresh(widget=2, kind="accepted", pause=25 * MINUTE)


def test_source_loses_its_value_after_a_small_change(delivery: Delivery) -> None:
    """What was not worth an update is not worth one because the source has no value now."""
    delivery.a_moment(time=6 * SECOND)
    delivery.wait(time=20 * MINUTE, odd=20)
    delivery.source_says(widget=2, number=0, value=1, kind="accepted", pause=6 * SECOND)
    delivery.source_says(widget=2, number=0, value=4, kind="accepted", pause=6 * SECOND)


def test_repeat_after_the_clock_is_set_back_a_little_before_a_kill(delivery: Delivery) -> None:
    """An update that is recorded less than a minute from now counts, so its repeat is as much later."""
    delivery.answer(home=0, kind="accepted")
    delivery.clock_jumps(change=30 * SECOND, back=True)
    delivery.kill(arrived=True, lost=False)


def test_night_after_a_loss(delivery: Delivery) -> None:
    """The updates that are assumed to have gone before the loss are missing at night, too."""
    delivery.move(widget=2, device="phone", known=True)
    delivery.kill(arrived=False, lost=True)
    delivery.outcomes(kind="no JSON, but it arrived")
    delivery.wait(time=DAY, odd=0)


def test_base_is_paused_before_its_first_update(delivery: Delivery) -> None:
    """The screen goes on to show what it shows, whichever widget has sent it."""
    delivery.answer(home=0, kind="accepted")
    delivery.remove(widget=1, known=True)
    delivery.add(home=0, sources=frozenset(), rules=Rules())
    delivery.outcomes(kind="server error")
    # Another widget is updated first each time.
    delivery.door(home=0, alert="first", opened=True, kind="accepted", pause=25 * MINUTE)
    delivery.edit(widget=1, sources=frozenset({Field.TEXT, Field.COUNT}), known=False)
    delivery.switch(widget=1, kind="accepted", pause=_AT_ONCE, paused=True)
