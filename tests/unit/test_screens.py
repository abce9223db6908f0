"""Which widget owns which screen after the widgets of an account have changed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, time

from custom_components.pushover_glances.planner import (
    ALL,
    Action,
    ActionValue,
    Days,
    Ledger,
    Loss,
    Owner,
    QuietHours,
    Rules,
    WidgetState,
    assign,
)
from custom_components.pushover_glances.planner.layers import leaves_something
from custom_components.pushover_glances.pushover import Field

from .screen import HOUR, MINUTE, NOW, TEXT, Screen

COUNT = Field.COUNT
RULES = Rules()
A, EDITED, B = Owner("a", "1", RULES), Owner("a", "2", RULES), Owner("b", "1", RULES)
DEVICES = ("iphone", "ipad")


def shows(owner: str = "a", **shown: str | int) -> WidgetState:
    """Return the state of a screen that shows something."""
    return WidgetState(
        owner=owner,
        configuration="1",
        ledger=Ledger((NOW,)),
        shown={Field(name): value for name, value in shown.items()},
        actions={TEXT: ActionValue("m")},
    )


def emptied(screens: Mapping[str, WidgetState], device: str) -> Screen:
    """Return the screen of a device without a widget, after its first update."""
    left = Screen(screens[device])
    left.says.clear()
    left.now = NOW + MINUTE
    left.step()
    return left


def test_unchanged() -> None:
    """A reload changes nothing, and asks for nothing."""
    known = shows(text="x")
    assert assign({"iphone": known}, {"iphone": A}, DEVICES) == {"iphone": known}
    assert not known.asked


def test_new_widget() -> None:
    """A person who has just saved it waits to see it."""
    assert assign({}, {"iphone": A}, DEVICES) == {"iphone": WidgetState(owner="a", configuration="1", asked=True)}


def test_edited_widget() -> None:
    """It keeps what it shows and its values of actions, a person waits for it, and its short days are counted again."""
    known = replace(shows(text="x"), short_days=(NOW.date(),))
    (edited,) = assign({"iphone": known}, {"iphone": EDITED}, DEVICES).values()
    assert edited == replace(known, configuration="2", asked=True, short_days=())


def test_another_field_for_the_time() -> None:
    """The field that had the time of day is sent again."""
    known = replace(shows(text="x", count=1), stamped=TEXT)
    (same,) = assign({"iphone": known}, {"iphone": replace(A, rules=Rules(time_stamp=TEXT))}, DEVICES).values()
    assert same.shown == {TEXT: "x", COUNT: 1}
    (other,) = assign({"iphone": known}, {"iphone": A}, DEVICES).values()
    assert other.shown == {TEXT: None, COUNT: 1}


def test_other_urgent_sources() -> None:
    """The known state of a source stays while it is urgent, and a new urgent alert was not active before."""
    known = replace(shows(), states={"lock.a": "locked", "lock.b": "locked", "old": "on", "kept": "on"})
    owner = replace(A, urgent_entities=frozenset({"lock.a", "lock.c"}), urgent_alerts=frozenset({"kept", "new"}))
    (state,) = assign({"iphone": known}, {"iphone": owner}, DEVICES).values()
    assert state.states == {"lock.a": "locked", "kept": "on", "new": ""}


def test_moved_widget() -> None:
    """It takes its values of actions and of alerts along, and its old screen is emptied."""
    known = replace(shows(text="x"), alerts={"door": {TEXT: "open"}}, base={TEXT: "b"})
    screens = assign({"iphone": known}, {"ipad": EDITED}, DEVICES)
    moved = screens["ipad"]
    assert (moved.shown, moved.base, moved.ledger) == ({}, {}, Ledger())
    assert (moved.actions, moved.alerts) == (known.actions, known.alerts)
    left = emptied(screens, "iphone")
    assert left.sent == [(NOW + MINUTE, {TEXT: ""})]
    screens = assign({**screens, "iphone": left.state}, {"ipad": EDITED}, DEVICES)
    assert not leaves_something(screens["iphone"])
    assert not screens["iphone"].asked


def test_moved_widget_that_is_paused() -> None:
    """It stays paused, and keeps the last values of its base."""
    known = replace(shows(text="x"), paused=True, base={TEXT: "b"})
    screens = assign({"iphone": known}, {"ipad": EDITED}, DEVICES)
    assert (screens["ipad"].paused, screens["ipad"].base) == (True, {TEXT: "b"})
    assert (screens["iphone"].paused, screens["iphone"].base) == (False, {})


def test_widgets_that_change_places() -> None:
    """The budget and what is shown belong to the device, values of actions to the widget."""
    one = shows("a", text="x")
    two = replace(shows("b", count=1), ledger=Ledger((NOW - HOUR,)), actions={COUNT: ActionValue(5)})
    screens = assign({"iphone": one, "ipad": two}, {"iphone": B, "ipad": A}, DEVICES)
    assert screens["iphone"] == replace(one, owner="b", actions=two.actions)
    assert screens["ipad"] == replace(two, owner="a", actions=one.actions)


def test_removed_widget() -> None:
    """What it showed is emptied as soon as an urgent update may go; its values of actions are gone."""
    screens = assign({"iphone": shows(text="x", count=1)}, {}, DEVICES)
    assert screens["iphone"].actions == {}
    left = emptied(screens, "iphone")
    assert left.sent == [(NOW + MINUTE, {TEXT: "", COUNT: ""})]
    left.now += 100 * HOUR
    assert left.step() is None


def test_later_owner_supersedes_the_clearing() -> None:
    """A new widget goes on with the budget, empties what it does not own, and takes no values of actions over."""
    screens = assign({"iphone": shows(text="x", count=1)}, {}, DEVICES)
    screens = assign(screens, {"iphone": B}, DEVICES)
    assert screens.keys() == {"iphone"}
    new = Screen(screens["iphone"])
    new.says[TEXT] = "y"
    new.now = NOW + MINUTE
    new.step()
    assert new.sent == [(NOW + MINUTE, {TEXT: "y", COUNT: ""})]


def test_device_that_is_gone() -> None:
    """Nothing is emptied on it: Pushover may take an unknown device for all of them."""
    assert assign({"iphone": shows(text="x")}, {}, ("ipad",)) == {}
    assert assign({"iphone": shows(text="x")}, {}, None).keys() == {"iphone"}
    # A user who has no device at all may sign in again.
    assert assign({"iphone": shows(text="x")}, {}, ()).keys() == {"iphone"}
    assert assign({ALL: shows(text="x")}, {}, ()).keys() == {ALL}
    # A widget on it stays, and fails for people to see.
    assert assign({"iphone": shows(text="x")}, {"iphone": A}, ("ipad",)).keys() == {"iphone"}


def test_from_all_devices_to_one() -> None:
    """Each device takes over what all of them showed, so that those without a widget are emptied."""
    screens = assign({ALL: shows(text="x", count=1)}, {"iphone": EDITED}, DEVICES)
    assert screens.keys() == {"iphone", "ipad"}
    assert screens["iphone"].actions.keys() == {TEXT}
    assert screens["iphone"].shown == screens["ipad"].shown == {TEXT: "x", COUNT: 1}
    assert screens["ipad"].ledger.last(NOW) == NOW
    assert emptied(screens, "ipad").sent == [(NOW + MINUTE, {TEXT: "", COUNT: ""})]


def test_from_all_devices_to_one_while_the_devices_are_not_known() -> None:
    """The widget's device takes over at once, the others later, and nothing of it happens twice."""
    screens = assign({ALL: shows(text="x")}, {"iphone": EDITED}, None)
    assert screens.keys() == {ALL, "iphone"}
    assert screens["iphone"].shown == screens[ALL].shown == {TEXT: "x"}
    assert screens["iphone"].ledger.last(NOW) == NOW
    screens["iphone"] = replace(screens["iphone"], shown={TEXT: "y"})
    screens = assign(screens, {"iphone": EDITED}, DEVICES)
    assert {device: state.shown for device, state in screens.items()} == {"iphone": {TEXT: "y"}, "ipad": {TEXT: "x"}}


def test_from_all_devices_to_one_after_an_unanswered_update() -> None:
    """A value that may have arrived or not is sent in any case."""
    known = replace(shows(text="x"), attempt={TEXT: "y"})
    screens = assign({ALL: known}, {"iphone": EDITED}, DEVICES)
    assert screens["iphone"].shown == {TEXT: None}


def test_from_one_device_to_all() -> None:
    """What one of several screens shows is not known of all of them, so it is sent or emptied in any case."""
    pending = (Action(1, emptied=frozenset({Field.TITLE})),)
    ipad = replace(shows("b", text=""), ledger=Ledger((NOW - HOUR,)), pending=pending)
    screens = assign({"iphone": shows(text="x", count=1), "ipad": ipad}, {ALL: EDITED}, DEVICES)
    assert screens.keys() == {ALL}
    assert screens[ALL].shown == {TEXT: None, COUNT: None, Field.TITLE: None}
    assert screens[ALL].actions.keys() == {TEXT}
    assert screens[ALL].ledger.updates == (NOW - HOUR, NOW)


def test_joined_budgets() -> None:
    """An update that two ledgers have counts once, and several of one moment each."""
    ledger = Ledger([NOW, NOW]).joined(Ledger([NOW - HOUR, NOW], [NOW]))
    assert (ledger.updates, ledger.urgent) == ((NOW - HOUR, NOW, NOW), (NOW,))


def test_joined_budgets_after_the_clock_was_set() -> None:
    """The spacing counts from the later of both, and from no update that another clock has recorded in the future."""
    one = Ledger([NOW - 2 * HOUR], since=NOW - MINUTE)
    ledger = one.joined(Ledger([NOW + HOUR], since=NOW - HOUR))
    assert (ledger.spaced_from(NOW), ledger.spaced_from(NOW + 2 * HOUR)) == (NOW - MINUTE, NOW - MINUTE)
    assert one.joined(Ledger([NOW])).spaced_from(NOW) == NOW


def test_lost_file() -> None:
    """Every screen is assumed to have been updated today and just now, and no person waits."""
    for device in ("iphone", ALL):
        (state,) = assign({}, {device: A}, DEVICES, Loss(NOW, UTC)).values()
        assert state == WidgetState(owner="a", configuration="1", ledger=Ledger.assumed(NOW, Days(UTC), 50))


def test_lost_file_by_the_rules_of_each_widget() -> None:
    """The limit and the quiet hours of a widget decide what is assumed, and a known ledger stays."""
    quiet = QuietHours(time(22), time(7))
    owners = {"iphone": replace(A, rules=Rules(daily_limit=30, quiet=quiet)), "ipad": B}
    screens = assign({"ipad": shows("b")}, owners, DEVICES, Loss(NOW, UTC))
    assert len(screens["iphone"].ledger.updates) == 9
    assert screens["ipad"].ledger == Ledger((NOW,))
    empty = assign({"iphone": WidgetState(owner="a", configuration="1")}, {"iphone": A}, DEVICES, Loss(NOW, UTC))
    assert len(empty["iphone"].ledger.updates) == 13
