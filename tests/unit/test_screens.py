"""Who owns which screen after the widgets of an account have changed."""

from custom_components.pushover_glances.delivery import Ledger, ManualValue, Memory, Owner, Rules, adopt
from custom_components.pushover_glances.pushover import Field

from .screen import HOUR, MINUTE, NOW, TEXT, Screen

COUNT = Field.COUNT
A, B = Owner("a", "1"), Owner("b", "1")
DEVICES = ("iphone", "ipad")


def memory(owner: str = "a", **shown: str | int) -> Memory:
    """Return what is known of a screen that shows something."""
    return Memory(
        owner,
        "1",
        Ledger([NOW]),
        {Field(name): value for name, value in shown.items()},
        manual={TEXT: ManualValue("m")},
    )


def test_unchanged() -> None:
    """A reload changes nothing, and asks for nothing."""
    known = memory(text="x")
    assert adopt({"iphone": known}, {"iphone": A}, DEVICES) == {"iphone": known}
    assert not known.asked
    assert known == memory(text="x")


def test_new_widget() -> None:
    """Whoever has just saved it waits to see it."""
    (new,) = adopt({}, {"iphone": A}, DEVICES).values()
    assert new == Memory("a", "1", asked=True)


def test_edited_widget() -> None:
    """It keeps what it shows and its manual values, and somebody waits for it."""
    (edited,) = adopt({"iphone": memory(text="x")}, {"iphone": Owner("a", "2")}, DEVICES).values()
    assert edited.asked
    assert edited.shown == {TEXT: "x"}
    assert edited.manual.keys() == {TEXT}


def test_moved_widget() -> None:
    """It takes its manual values along, and its old screen is to be emptied."""
    screens = adopt({"iphone": memory(text="x")}, {"ipad": Owner("a", "2")}, DEVICES)
    assert screens["ipad"].shown == {}
    assert screens["ipad"].manual.keys() == {TEXT}
    left = Screen(screens["iphone"])
    left.source.says = {}
    left.now = NOW + MINUTE
    left.step()
    assert left.sent == [(NOW + MINUTE, {TEXT: ""})]
    assert not adopt(screens, {"ipad": Owner("a", "2")}, DEVICES)["iphone"].leaves_something


def test_removed_widget() -> None:
    """What it showed is emptied as soon as an urgent update may go; its manual values are gone."""
    screens = adopt({"iphone": memory(text="x", count=1)}, {}, DEVICES)
    left = Screen(screens["iphone"], Rules())
    left.source.says = {}
    left.now = NOW + MINUTE
    left.step()
    assert left.sent == [(NOW + MINUTE, {TEXT: "", COUNT: ""})]
    left.now += 100 * HOUR
    assert left.step() is None


def test_later_owner_supersedes_the_clearing() -> None:
    """A new widget goes on with the budget, empties what it does not own, and takes no manual values over."""
    screens = adopt({"iphone": memory(text="x", count=1)}, {}, DEVICES)
    screens = adopt(screens, {"iphone": B}, DEVICES)
    assert screens.keys() == {"iphone"}
    new = Screen(screens["iphone"])
    new.source.says = {TEXT: "y"}
    new.now = NOW + MINUTE
    new.step()
    assert new.sent == [(NOW + MINUTE, {TEXT: "y", COUNT: ""})]


def test_device_that_is_gone() -> None:
    """Nothing is emptied on it: Pushover may take an unknown device for all of them."""
    assert adopt({"iphone": memory(text="x")}, {}, ("ipad",)) == {}
    assert adopt({"iphone": memory(text="x")}, {}, None).keys() == {"iphone"}


def test_from_all_devices_to_one() -> None:
    """Each device takes over what all of them showed, so that those without a widget are emptied."""
    screens = adopt({"": memory(text="x", count=1)}, {"iphone": Owner("a", "2")}, DEVICES)
    assert screens.keys() == {"iphone", "ipad"}
    assert screens["iphone"].manual.keys() == {TEXT}
    assert screens["iphone"].shown == screens["ipad"].shown == {TEXT: "x", COUNT: 1}
    assert screens["ipad"].ledger.last == NOW


def test_from_all_devices_to_one_while_the_devices_are_not_known() -> None:
    """The widget's device takes over at once, the others later, and nothing of it happens twice."""
    screens = adopt({"": memory(text="x")}, {"iphone": Owner("a", "2")}, None)
    assert screens.keys() == {"", "iphone"}
    assert screens["iphone"].shown == screens[""].shown == {TEXT: "x"}
    assert screens["iphone"].ledger.last == NOW
    screens["iphone"].shown = {TEXT: "y"}
    screens = adopt(screens, {"iphone": Owner("a", "2")}, DEVICES)
    assert {device: screen.shown for device, screen in screens.items()} == {"iphone": {TEXT: "y"}, "ipad": {TEXT: "x"}}


def test_from_all_devices_to_one_after_an_unanswered_update() -> None:
    """What may have arrived or not is sent in any case."""
    known = memory(text="x")
    known.attempt = {TEXT: "y"}
    screens = adopt({"": known}, {"iphone": Owner("a", "2")}, DEVICES)
    assert screens["iphone"].shown == {TEXT: None}


def test_from_one_device_to_all() -> None:
    """What one of several screens shows is not known of all of them, so it is sent or emptied in any case."""
    screens = adopt({"iphone": memory(text="x", count=1), "ipad": memory("b")}, {"": Owner("a", "2")}, DEVICES)
    assert screens.keys() == {""}
    assert screens[""].shown == {TEXT: None, COUNT: None}
    assert screens[""].manual.keys() == {TEXT}
    assert screens[""].ledger.last == NOW


def test_joined_budgets() -> None:
    """An update that two ledgers have counts once, and several of one moment each."""
    ledger = Ledger([NOW, NOW]).joined(Ledger([NOW - HOUR, NOW]))
    assert ledger.updates == [NOW - HOUR, NOW, NOW]


def test_lost_memory() -> None:
    """Every screen has been updated just now, and nothing is urgent."""
    lost = Ledger([NOW] * 25)
    for device in ("iphone", ""):
        (screen,) = adopt({}, {device: A}, DEVICES, lost).values()
        assert screen == Memory("a", "1", lost)
