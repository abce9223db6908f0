"""Sequences of the state machine in `test_rules.py` that have broken a rule before."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.pushover_glances.planner import ALL, Rules
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


def test_source_that_an_action_covers_has_no_value_when_the_base_is_paused(delivery: Delivery) -> None:
    """When the action ends, the field shows the last value of its source, and no longer what the action said."""
    delivery.wait(time=20 * MINUTE, odd=5)
    delivery.update(
        widget=0, what=(1, 6), duration=HOUR, kind="accepted", pause=6 * SECOND, urgent=False, cancelled=False
    )
    delivery.source_says(widget=0, number=1, value=6, kind="accepted", pause=6 * SECOND)
    # Another update shows that the source has no value.
    delivery.refresh(widget=0, kind="accepted", pause=25 * MINUTE)
    delivery.switch(widget=0, kind="accepted", pause=_AT_ONCE, paused=True)


def test_base_that_never_had_a_value_is_paused_below_an_alert(delivery: Delivery) -> None:
    """When the alert ends, nothing is known that the field could show, so it is emptied."""
    delivery.door(home=0, alert="second", opened=True, kind="accepted", pause=25 * MINUTE)
    delivery.page(home=0, page="evening", says=(0, 6), kind="accepted", pause=25 * MINUTE, applies=True)
    delivery.switch(widget=0, kind="accepted", pause=_AT_ONCE, paused=True)
    delivery.door(home=0, alert="second", opened=False, kind="accepted", pause=25 * MINUTE)


def test_widget_is_removed_from_all_devices_before_its_first_update(delivery: Delivery) -> None:
    """On each device, what any of them has shown is emptied, as by an update to all devices."""
    delivery.remove(widget=0, known=False)
    delivery.move(widget=0, device=ALL, known=False)
    delivery.remove(widget=0, known=False)


@pytest.mark.parametrize("cancelled", [True, False])
def test_kill_after_an_action_that_pushover_refuses(delivery: Delivery, *, cancelled: bool) -> None:
    """An action that failed does not come back, unless its caller was gone before the result."""
    delivery.wait(time=20 * MINUTE, odd=5)
    delivery.refresh(widget=0, kind="accepted", pause=_AT_ONCE)
    delivery.update(
        widget=0, what=(1, 6), duration=None, kind="accepted", pause=_AT_ONCE, urgent=True, cancelled=cancelled
    )
    delivery.answer(home=0, kind="rejected")
    delivery.kill(arrived=False, lost=False)


def test_refresh_while_no_source_has_a_value(delivery: Delivery) -> None:
    """There is nothing to send, so nothing is."""
    delivery.edit(widget=1, sources=frozenset({Field.PERCENT}), known=False)
    delivery.source_says(widget=1, number=0, value=4, kind="accepted", pause=_AT_ONCE)
    delivery.kill(arrived=True, lost=True)
    delivery.refresh(widget=1, kind="accepted", pause=3 * HOUR)


def test_page_that_is_shown_says_something_else_for_two_widgets(delivery: Delivery) -> None:
    """Both know it before one of them is looked at."""
    delivery.page(home=0, page="morning", says=(1, 1), kind="accepted", pause=25 * MINUTE, applies=True)
    # All widgets are due then.
    delivery.another_zone("Europe/Berlin")
    delivery.page(home=0, page="morning", says=(1, 5), kind="accepted", pause=_AT_ONCE, applies=True)


def test_four_urgent_changes_before_bedtime(delivery: Delivery) -> None:
    """A fifth waits until an hour has passed since the first, because no ordinary update may go."""
    delivery.hectic(widget=2, times=7, every=61 * SECOND, urgent=True)
    delivery.bedtime(widget=2, kind="accepted", pause=6 * SECOND, in_bed=True)
    delivery.refresh(widget=2, kind="accepted", pause=_AT_ONCE)


def test_new_widget_below_an_alert_that_began_without_one(delivery: Delivery) -> None:
    """The alert is noticed in time, so the first update goes at once, as the preview says."""
    delivery.remove(widget=2, known=False)
    delivery.wait(time=DAY, odd=0)
    delivery.door(home=1, alert="second", opened=True, kind="accepted", pause=25 * MINUTE)
    delivery.add(home=1, sources=frozenset({Field.COUNT}), rules=Rules())


def test_alert_is_dismissed_before_its_begin_is_noticed(delivery: Delivery) -> None:
    """There is nothing to dismiss yet, so it is shown."""
    delivery.door(home=1, alert="second", opened=True, kind="accepted", pause=6 * SECOND)
    delivery.clock_jumps(change=2 * HOUR, back=False)
    delivery.dismiss(home=1, alert=1, kind="accepted", pause=3 * HOUR)


def test_kill_after_the_clock_is_set_back_twice(delivery: Delivery) -> None:
    """An update goes when as much time has really passed as it has to, although the first clock was ahead."""
    delivery.outcomes(kind="server error")
    delivery.clock_jumps(change=30 * SECOND, back=True)
    delivery.kill(arrived=False, lost=False)
    delivery.clock_jumps(change=3 * DAY, back=True)
    delivery.wait(time=29 * MINUTE, odd=4)
    delivery.kill(arrived=False, lost=False)


def test_action_below_which_a_page_changes_before_it_was_ever_shown(delivery: Delivery) -> None:
    """The action ends: its base was that of the page already."""
    delivery.outcomes(kind="quota")
    delivery.page(home=1, page="evening", says=(1, 1), kind="quota", pause=25 * MINUTE, applies=True)
    delivery.update(
        widget=2, what=(1, 6), duration=30 * HOUR, kind="quota", pause=MINUTE, urgent=False, cancelled=False
    )
    delivery.page(home=1, page="evening", says=(1, 2), kind="quota", pause=_AT_ONCE, applies=True)


def test_small_change_while_the_value_of_another_page_is_sent(delivery: Delivery) -> None:
    """It waits like any small change: the value of the page before is gone already."""
    delivery.source_says(widget=2, number=0, value=1, kind="accepted", pause=25 * MINUTE)
    delivery.page(home=1, page="morning", says=(4, 11), kind="accepted", pause=6 * SECOND, applies=True)
    delivery.outcomes(kind="server error")
    delivery.page(home=1, page="morning", says=(4, 9), kind="server error", pause=25 * MINUTE, applies=False)
    delivery.edit(widget=5, sources=frozenset({Field.COUNT}), known=True)
    delivery.source_says(widget=2, number=5, value=5, kind="accepted", pause=6 * SECOND)
